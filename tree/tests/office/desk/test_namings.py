"""The desk sees children whom several families name, moves the first naming while no moment is known, leaves the others
as they are, and lets a family name more children."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from chalice.test import HTTPResponse

from chalicelib.city.ledger.rules import LedgerAct
from chalicelib.core.http.problems import Problem
from chalicelib.office.desk import namings as desk
from chalicelib.office.desk.exceptions import Deed
from chalicelib.people.families import namings, proving, tokens
from chalicelib.people.families.identity import family_id
from chalicelib.people.families.namings import SharedChild
from chalicelib.people.families.rules import Pass, child
from chalicelib.people.staff.rules import Role, Staff
from chalicelib.programme.openings.admission import admission, draw_key, drawn
from chalicelib.programme.openings.rules import Opening, State
from tests.camps import JEF, LOU, post, published, request, signed_in
from tests.containers import forget
from tests.office.desk.counter import DESK, REASON, entries, errors, slug
from tests.people.families.test_proving import AN, NOW, PIET, asked, used
from tests.programme.openings.plans import OPENS_AT, PASSES_UNTIL, published_opening

pytestmark = pytest.mark.usefixtures("table")

STRANGER, FAMILY = family_id(PIET), family_id(AN)
SINCE = NOW - timedelta(days=2)
JAMILA = Staff("7d1f", "Jamila Aerts", frozenset({Role.DESK}))


def two_families() -> tuple[Pass, Pass]:
    """Given a stranger who named Lou first, and the family, who did a day later."""
    return used(asked(LOU, email=PIET), SINCE), used(asked(LOU), SINCE + timedelta(days=1))


def move(to: str = FAMILY, reason: str = REASON) -> HTTPResponse:
    return post(f"/api/staff/namings/{LOU.child_id}", {"family_id": to, "reason": reason}, DESK)


def listed() -> list[Any]:
    found: list[Any] = request("GET", "/api/staff/namings", headers=DESK).json_body["children"]
    return found


def keys_of(opening: Opening, pass_: Pass) -> tuple[str, ...]:
    """Under which keys a family draws for Lou, by a token that was signed before."""
    known = proving.resolved(tokens.read(tokens.sign(pass_)), [LOU.child_id])
    found = admission(opening, known, pass_.postcode)
    assert found
    return found.keys


def test_the_desk_sees_who_names_a_child_since_when_and_who_was_first():
    two_families()
    used(asked(JEF))

    (one,) = listed()

    assert one["child"] == {
        "child_id": LOU.child_id,
        "first_name": "Lou",
        "last_name": "Claeys",
        "birth_date": "2022-05-01",
    }
    assert [(each["email"], each["is_first"]) for each in one["families"]] == [(PIET, True), (AN, False)]
    assert datetime.fromisoformat(one["families"][0]["since"]) == SINCE


def test_the_oldest_come_first_in_parts():
    every = [SharedChild(f"child{number:05}", 1_000 - number, is_seen=number % 2 == 0) for number in range(60)]

    first, following = desk.part(every, "", with_seen=False)
    second, end = desk.part(every, following or "", with_seen=False)

    assert [one.since for one in [*first, *second]] == sorted(1_000 - number for number in range(1, 60, 2))
    assert (len(first), end) == (desk.AT_ONCE, None)


def test_a_moved_naming_holds_for_old_tokens_of_both_families():
    published(opens_at=None)
    opening = published_opening()
    stranger, family = two_families()
    of_stranger, of_family = (draw_key(opening.opening_id, one.family_id) for one in (stranger, family))
    assert keys_of(opening, stranger) == (of_stranger,)
    assert keys_of(opening, family) != (of_family,)

    assert move().status_code == 200

    forget()
    assert keys_of(opening, family) == (of_family,)
    (behind,) = keys_of(opening, stranger)
    assert behind not in (of_stranger, of_family)
    assert drawn(opening.seed, behind) >= drawn(opening.seed, of_family)
    last = entries()[-1]
    assert (last.what, last.reason, last.details) == (LedgerAct.NAMING_MOVED, REASON, {})
    assert last.private == {"child_id": LOU.child_id, "from": STRANGER, "to": FAMILY}


def test_nobody_is_moved_without_a_reason_or_to_a_family_that_does_not_name_the_child():
    two_families()

    assert errors(move(reason="")) == ["reason"]
    assert errors(move(to=family_id("nobody@example.be"))) == ["family_id"]
    assert (
        slug(post(f"/api/staff/namings/{JEF.child_id}", {"family_id": FAMILY, "reason": REASON}, DESK)) == "not-found"
    )
    assert entries() == []


def test_moving_again_changes_nothing():
    two_families()

    assert [move().status_code, move().status_code] == [200, 200]

    assert len(entries()) == 1


def test_nobody_is_moved_while_moments_are_known():
    published(opens_at=None)
    published_opening()
    two_families()

    with time_machine.travel(PASSES_UNTIL, tick=False):
        answer = move()

    assert (slug(answer), "Kampen zomer 2027" in answer.json_body["detail"]) == ("not-now", True)
    assert [one.family_id for one in namings.namers(LOU.child_id)] == [STRANGER, FAMILY]
    assert [one.what for one in entries()] == [LedgerAct.PUBLISHED]


def test_what_stands_in_the_way_and_from_when_until_when():
    published(opens_at=None)
    opening = published_opening()
    drawn = replace(opening, drawn_instead=OPENS_AT + timedelta(days=7))

    def is_settled(one: Opening, at: datetime) -> bool:
        return desk.in_the_way([one], at) is not None

    second = timedelta(seconds=1)
    over = opening.spread_ends_at
    assert [is_settled(opening, at) for at in (PASSES_UNTIL - second, PASSES_UNTIL, over - second, over)] == [
        *(False, True),
        *(True, False),
    ]
    assert is_settled(replace(opening, state=State.PAUSED), over)
    assert [is_settled(drawn, OPENS_AT + timedelta(days=days)) for days in (0, 6, 7, 8)] == [False, False, True, True]
    assert not is_settled(replace(drawn, state=State.DRAWN), OPENS_AT + timedelta(days=8))
    assert not is_settled(replace(opening, state=State.DRAFT), PASSES_UNTIL)


def test_of_two_clerks_the_second_is_told(monkeypatch):
    two_families()
    third = used(asked(LOU, email="oma@example.be"), SINCE + timedelta(days=1, hours=1))
    deed = Deed(JAMILA, REASON, NOW)
    read = namings.namers(LOU.child_id)
    desk.move(deed, LOU.child_id, FAMILY, STRANGER)

    with pytest.raises(Problem, match="changed"):  # by what was on the page
        desk.move(deed, LOU.child_id, third.family_id, STRANGER)
    monkeypatch.setattr(namings, "namers", lambda _: read)
    with pytest.raises(Problem, match="changed"):  # and by the condition of the write
        desk.move(deed, LOU.child_id, third.family_id)

    assert len(entries()) == 1


def test_what_the_desk_has_seen_comes_back_with_a_further_family_and_with_no_other():
    two_families()
    desk.settle(LOU.child_id, desk.of_child(LOU.child_id).newest)
    used(asked(LOU), NOW)  # a later pass of a family that was seen

    assert (listed(), len(desk.listed(with_seen=True).children)) == ([], 1)
    used(asked(LOU, email="oma@example.be"), NOW)

    assert len(listed()) == 1


def test_a_family_that_came_since_the_page_was_shown_is_not_passed_over(monkeypatch):
    two_families()
    shown = desk.of_child(LOU.child_id).newest
    read = namings.namers

    def meanwhile(child_id: str) -> list[namings.Namer]:
        found = read(child_id)
        monkeypatch.setattr(namings, "namers", read)
        used(asked(LOU, email="oma@example.be"), NOW)
        return found

    monkeypatch.setattr(namings, "namers", meanwhile)
    assert not namings.settle(LOU.child_id, shown)  # by the condition of the write

    with pytest.raises(Problem, match="changed"):
        desk.settle(LOU.child_id, shown)
    assert len(listed()) == 1


def test_a_family_whose_limit_was_lifted_names_its_eleventh_child():
    eleven = [child(f"Kind {chr(65 + number)}", "Claeys", date(2022, 5, 1)) for number in range(11)]
    used(asked(*eleven[:10]))
    token = tokens.sign(asked(*eleven))
    by_token = {"Authorization": f"Bearer {token}"}
    assert slug(request("GET", "/api/pass", headers=by_token)) == "not-eligible"
    wanted = {"email": "An.Claeys+kamp@example.be", "children": 11, "reason": REASON}

    assert post("/api/staff/families/limits", wanted, DESK).json_body["children"] == 11

    assert request("GET", "/api/pass", headers=by_token).status_code == 200
    last = entries()[-1]
    assert (last.what, last.details, last.private) == (
        LedgerAct.CHILDREN_ALLOWED,
        {"children": 11},
        {"family_id": FAMILY},
    )


def test_a_limit_is_lifted_for_a_family_that_asked_for_a_pass_with_a_number_and_a_reason():
    used(asked(LOU))
    good = {"email": AN, "children": 20, "reason": REASON}

    for wrong in ({"email": "typo@example.be"}, {"children": 51}, {"children": 0}, {"reason": ""}):
        assert errors(post("/api/staff/families/limits", good | wrong, DESK)) == list(wrong)
    assert entries() == []


def test_who_works_for_one_town_of_two_moves_nobody():
    published(municipality="Kaprijke", title="Eén")
    published(municipality="Zelzate", title="Twee")
    two_families()
    of_one = signed_in(Role.DESK, groups=["municipality:kaprijke"])

    wanted = {"family_id": FAMILY, "reason": REASON}

    assert post(f"/api/staff/namings/{LOU.child_id}", wanted, of_one).status_code == 403
    assert request("GET", "/api/staff/namings", headers=of_one).status_code == 403
