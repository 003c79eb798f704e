"""Two records of one child become one child with all that it has, and two children of one name two: never two seats of
one child, nor a chance more than there are children."""

from datetime import date
from typing import Any

import pytest
from chalice.test import HTTPResponse

from chalicelib.booking.presence import table as presence
from chalicelib.booking.presence.rules import Groups, Mark, Marker, Tap
from chalicelib.booking.registrations import days, register
from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.wishes import table as wishes
from chalicelib.booking.wishes.rules import Prepared, WantedSession, Wish
from chalicelib.city.ledger.rules import LedgerAct
from chalicelib.office.attendance import reading
from chalicelib.people.child_info import table as cares
from chalicelib.people.families import namings, proving, sharing, tokens
from chalicelib.people.families import table as families
from chalicelib.people.families.identity import family_id
from chalicelib.people.families.rules import Naming, Pass, child, kept_until
from chalicelib.seats import table as seats_table
from chalicelib.seats.waiting_list import table as waiting_list
from tests.camps import JEF, LOU, Family, post, published
from tests.containers import forget
from tests.office.attendance.camp import MONDAY
from tests.office.attendance.camp import NOW as THAT_DAY
from tests.office.attendance.test_reading import EVERYBODY
from tests.office.desk.counter import DESK, REASON, entries, slug
from tests.people.families.test_proving import AN, NOW, PIET, asked, used
from tests.rights.test_correcting import ALLERGY

MISTYPED = child("Luo", "Claeys", LOU.birth_date)

pytestmark = pytest.mark.usefixtures("table")


def of(*children: Any, email: str = AN) -> Family:
    """Given a family that used its link."""
    proven = used(asked(*children, email=email))
    return Family(proven, tokens.sign(proven))


def join(kept: str, other: str) -> HTTPResponse:
    return post(f"/api/staff/namings/{kept}/joining", {"other_child_id": other, "reason": REASON}, DESK)


def tell_apart(family: str) -> HTTPResponse:
    return post(f"/api/staff/namings/{LOU.child_id}/parting", {"family_id": family, "reason": REASON}, DESK)


def held(camp: Any) -> dict[str, str]:
    return dict(seats_table.get([camp.session_id])[camp.session_id].holders)


def newest(family: str) -> Pass:
    return families.of_family(family)[-1]


def test_a_mended_name_that_made_another_child_is_one_child_again_with_its_seat_its_days_and_its_notes() -> None:
    camp, claeys = published(), of(MISTYPED)
    registered = claeys.register(camp, MISTYPED).json_body["registration_id"]
    of(LOU, JEF)  # by another pass: the mended name, as another child
    cares.replace(family_id(AN), LOU.child_id, None, ALLERGY, kept_until(NOW))

    answer = join(MISTYPED.child_id, LOU.child_id)

    assert (answer.status_code, answer.json_body) == (200, {"child_id": MISTYPED.child_id})
    assert held(camp) == {MISTYPED.child_id: registered}
    known = cares.get(family_id(AN), MISTYPED.child_id)
    assert known
    assert known.medical == ALLERGY.medical
    assert cares.get(family_id(AN), LOU.child_id) is None
    assert [one.child_id for one in newest(family_id(AN)).children] == [MISTYPED.child_id, JEF.child_id]
    assert namings.namers(LOU.child_id) == []
    assert entries()[-1].what is LedgerAct.CHILDREN_JOINED
    assert used(asked(LOU)).children[0].child_id == MISTYPED.child_id


def test_the_seat_the_place_the_days_and_the_wishes_of_the_other_record_come_along() -> None:
    camp = published()
    full = published(title="Kookkamp", capacity=1, starts_on=date(2027, 7, 5), ends_on=date(2027, 7, 9))
    of(JEF, email="fatima@example.be").register(full, JEF)
    of(LOU)
    claeys = of(MISTYPED)
    registered = claeys.register(camp, MISTYPED).json_body["registration_id"]
    waits = claeys.register(full, MISTYPED, waitlist=True).json_body["registration_id"]
    days.take(MISTYPED.child_id, [date(2027, 8, 16)], registered)
    wishes.put(Prepared("o1", family_id(AN), (Wish("key", WantedSession(camp.session_id, (MISTYPED.child_id,))),)), NOW)

    assert join(LOU.child_id, MISTYPED.child_id).status_code == 200

    assert held(camp) == {LOU.child_id: registered}
    assert [(one.child_id, one.registration_id) for one in waiting_list.places(full.session_id)] == [
        (LOU.child_id, waits)
    ]
    assert days.has(LOU.child_id, [date(2027, 8, 16)]) == {registered}
    assert days.has(MISTYPED.child_id, [date(2027, 8, 16)]) == set()
    assert wishes.get(family_id(AN), "o1").wishes[0].wanted.child_ids == (LOU.child_id,)
    assert claeys.get(f"/api/registrations/{registered}").json_body["child_ids"] == [LOU.child_id]


def test_that_it_was_there_and_in_which_group_comes_along() -> None:
    camp, claeys = published(), of(LOU, MISTYPED)
    registered = claeys.register(camp, MISTYPED).json_body["registration_id"]
    tap = Tap(MISTYPED.child_id, registered, Mark.PRESENT, 0, THAT_DAY, Marker("7d0c-44", "Sofie Maes"))
    presence.mark(camp.session_id, MONDAY, tap)
    groups = Groups(0, {"g1": "Zeehonden"}, {MISTYPED.child_id: ("g1", registered)})
    presence.change_groups(camp.session_id, Groups(), groups, 1_900_000_000)

    assert join(LOU.child_id, MISTYPED.child_id).status_code == 200

    assert [(one, its.mark) for one, its in presence.of_day(camp.session_id, MONDAY).items()] == [
        (LOU.child_id, Mark.PRESENT)
    ]
    assert presence.groups_of(camp.session_id).members == {LOU.child_id: ("g1", registered)}


def test_a_token_from_before_registers_the_child_by_its_id_of_today() -> None:
    camp = published()
    of(LOU)
    claeys = of(MISTYPED)
    join(LOU.child_id, MISTYPED.child_id)
    forget()

    who = proving.worth(claeys.token, NOW)

    assert who.children == {LOU.child_id: LOU.birth_date}
    assert who.is_proven
    assert claeys.register(camp, LOU).status_code == 201


def test_a_child_of_two_parents_comes_behind_the_one_who_named_it_first() -> None:
    of(LOU, email=PIET)
    claeys = of(MISTYPED)

    join(LOU.child_id, MISTYPED.child_id)
    forget()

    who = proving.worth(claeys.token, NOW)
    assert proving.resolved(who, [LOU.child_id]) == [Naming(family_id(AN), int(NOW.timestamp()), family_id(PIET))]
    assert [one.family_id for one in namings.namers(LOU.child_id)] == [family_id(PIET), family_id(AN)]
    assert [one.child_id for one in namings.named_by_several()] == [LOU.child_id]


def test_two_seats_of_one_session_do_not_become_one_childs() -> None:
    camp = published()
    of(LOU, email=PIET).register(camp, LOU)
    of(MISTYPED).register(camp, MISTYPED)

    assert slug(join(LOU.child_id, MISTYPED.child_id)) == "not-now"
    assert set(held(camp)) == {LOU.child_id, MISTYPED.child_id}
    assert entries() == []


def test_two_camps_on_the_same_days_do_not_become_one_childs() -> None:
    camp, other = published(), published(title="Kookkamp")
    of(LOU, email=PIET).register(camp, LOU)
    of(MISTYPED).register(other, MISTYPED)

    assert slug(join(LOU.child_id, MISTYPED.child_id)) == "not-now"


def test_two_children_of_one_name_have_a_seat_each() -> None:
    camp = published()
    piet, an = of(LOU, email=PIET), of(LOU)
    assert piet.register(camp, LOU).status_code == 201
    assert slug(an.register(camp, LOU)) == "already-registered"

    answer = tell_apart(family_id(AN))

    new = answer.json_body["child_id"]
    assert new != LOU.child_id
    forget()
    assert proving.worth(an.token, NOW).namings == {new: Naming(family_id(AN), int(NOW.timestamp()))}
    wish = {"session_id": camp.session_id, "child_ids": [new]}
    assert post("/api/registrations", wish, {**an.authorization, "Idempotency-Key": "again"}).status_code == 201
    assert set(held(camp)) == {LOU.child_id, new}
    assert [one.family_id for one in namings.namers(LOU.child_id)] == [family_id(PIET)]
    assert list(namings.named_by_several()) == []
    assert entries()[-1].what is LedgerAct.CHILDREN_TOLD_APART
    for email, id_ in ((AN, new), (PIET, LOU.child_id)):
        assert used(asked(LOU, email=email)).children[0].child_id == id_


def test_what_the_other_child_has_already_comes_along() -> None:
    camp = published()
    of(LOU, email=PIET)
    an = of(LOU)
    registered = an.register(camp, LOU).json_body["registration_id"]
    cares.replace(family_id(AN), LOU.child_id, None, ALLERGY, kept_until(NOW))

    new = tell_apart(family_id(AN)).json_body["child_id"]

    assert held(camp) == {new: registered}
    [row] = reading.of_session(EVERYBODY, camp.session_id, MONDAY, THAT_DAY).rows
    assert (row.child and row.child.child_id, row.medical) == (new, ALLERGY.medical)


def test_who_named_it_first_keeps_the_id_and_the_desk_may_join_them_again() -> None:
    of(LOU, email=PIET)
    of(LOU)

    assert slug(tell_apart(family_id(PIET))) == "invalid"
    new = tell_apart(family_id(AN)).json_body["child_id"]
    assert join(LOU.child_id, new).status_code == 200
    forget()

    assert used(asked(LOU)).children[0].child_id == LOU.child_id
    assert [one.family_id for one in namings.namers(LOU.child_id)] == [family_id(PIET), family_id(AN)]


def test_what_two_parents_share_is_ended_before_its_child_becomes_another_one() -> None:
    of(MISTYPED)
    of(LOU, email=PIET)
    item = sharing.SharedItem(f"F#{family_id(PIET)}", f"SHARED#{LOU.child_id}", family_id=family_id(AN), since=1)
    item.save()

    answer = join(MISTYPED.child_id, LOU.child_id)

    assert slug(answer) == "not-now"
    assert "Beëindig dat eerst" in answer.json_body["detail"]
    assert "Deel het daarna opnieuw" in answer.json_body["detail"]
    item.delete()
    assert join(MISTYPED.child_id, LOU.child_id).status_code == 200


def test_a_child_that_left_a_registration_is_there_under_its_new_id_too() -> None:
    camp, claeys = published(), of(MISTYPED, JEF)
    registered = claeys.register(camp, MISTYPED, JEF).json_body["registration_id"]
    register.cancel_child(claeys.pass_.bearer, registered, MISTYPED.child_id, NOW)
    of(LOU)

    assert join(LOU.child_id, MISTYPED.child_id).status_code == 200

    record = registrations.get(registered)
    assert record
    assert (record.child_ids, record.left) == ((JEF.child_id,), {LOU.child_id: ""})
    assert held(camp) == {JEF.child_id: registered}
