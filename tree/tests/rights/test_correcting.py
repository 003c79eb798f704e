"""A family corrects itself: everything follows the child, nothing that identity decides is won by it, and nothing that
no longer fits is silent."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from chalice.test import HTTPResponse

from chalicelib.city.work import table as works
from chalicelib.city.work.rules import WorkKind
from chalicelib.office.attendance import reading
from chalicelib.people.child_info import table as cares
from chalicelib.people.child_info.rules import Care
from chalicelib.people.families import changes, leaving, namings, proving, tokens
from chalicelib.people.families import table as families
from chalicelib.people.families.rules import Child, Pass, child, kept_until
from chalicelib.people.families.slips import MOST_A_SEASON
from chalicelib.programme.sessions import leaders
from chalicelib.rights.erasing import erase
from tests.camps import JEF, LOU, NOOR, Family, family, post, published
from tests.containers import forget
from tests.core.http.conftest import stored
from tests.office.attendance.camp import LEADER, MONDAY
from tests.people.families.test_proving import asked, used

NOW = datetime.now(UTC)
MISTYPED = child("Luo", "Claeys", LOU.birth_date)
ALLERGY = Care((), "Peanut allergy, EpiPen", (), NOW)

pytestmark = pytest.mark.usefixtures("table")


def correct(who: Family, *children: Child, ids: list[str] | None = None, **more: Any) -> HTTPResponse:
    """`children`: as they are to be, in the order of the pass; `ids`: whose they are."""
    known = ids or [one.child_id for one in who.pass_.children]
    sent = [
        {
            "child_id": child_id,
            "first_name": one.first_name,
            "last_name": one.last_name,
            "birth_date": one.birth_date.isoformat(),
        }
        for child_id, one in zip(known, children, strict=False)
    ]
    return post("/api/pass/corrections", {**({"children": sent} if sent else {}), **more}, who.authorization)


def slug(answer: HTTPResponse) -> str:
    return str(answer.json_body["type"]).rpartition("/")[2]


def named(child_id: str, who: Family) -> Child:
    newest = families.of_family(who.pass_.family_id)[-1]
    return next(one for one in newest.children if one.child_id == child_id)


def test_the_leaders_list_has_the_medical_notes_under_the_corrected_name() -> None:
    camp, claeys = published(), family(MISTYPED)
    registered = claeys.register(camp, MISTYPED).json_body
    cares.replace(claeys.pass_.family_id, MISTYPED.child_id, None, ALLERGY, kept_until(NOW))

    answer = correct(claeys, LOU)

    assert answer.status_code == 200
    assert answer.json_body["children"][0]["first_name"] == "Lou"
    assert answer.json_body["children"][0]["child_id"] == MISTYPED.child_id
    leaders.name(camp, [LEADER.email])
    [row] = reading.of_session(LEADER, camp.session_id, MONDAY, datetime(2027, 8, 16, tzinfo=UTC)).rows
    assert (row.child and row.child.first_name, row.medical) == ("Lou", "Peanut allergy, EpiPen")
    assert claeys.get(f"/api/registrations/{registered['registration_id']}").json_body["child_ids"] == [
        MISTYPED.child_id
    ]


def test_every_pass_of_the_family_says_it_so_that_an_older_registration_does_too() -> None:
    first = family(MISTYPED)
    second = family(MISTYPED, JEF)

    correct(second, LOU, JEF)

    for one in (first, second):
        found = families.get(one.pass_.family_id, one.pass_.pass_id)
        assert found
        assert found.children[0].first_name == "Lou"


def test_the_same_child_has_one_id_by_whichever_of_its_names_a_link_is_asked_for_and_in_whichever_family() -> None:
    claeys = family(MISTYPED)
    namings.name([MISTYPED.child_id], claeys.pass_.family_id, NOW, kept_until(NOW))
    correct(claeys, LOU)

    again = used(asked(LOU))
    by_its_old_name = used(asked(MISTYPED))
    of_the_other_parent = used(asked(LOU, email="piet.claeys@example.be"))

    for one in (again, by_its_old_name, of_the_other_parent):
        assert [one.child_id for one in one.children] == [MISTYPED.child_id]
    assert by_its_old_name.children[0].first_name == "Lou"  # what was corrected stays corrected
    assert of_the_other_parent.namings[MISTYPED.child_id].first is not None  # no second draw
    assert namings.namers(LOU.child_id) == []


def test_a_child_under_both_names_in_one_pass_is_one_child() -> None:
    claeys = family(MISTYPED)
    correct(claeys, LOU)

    both = used(asked(MISTYPED, LOU))

    assert [one.child_id for one in both.children] == [MISTYPED.child_id]
    assert both.is_proven


@pytest.mark.parametrize(
    "wanted",
    [
        child("Noor", "Claeys", LOU.birth_date),  # another name
        child("Lou", "Peeters", LOU.birth_date),
        child("Lou", "Claeys", date(2019, 2, 1)),  # another date
        child("Luo", "Claeys", LOU.birth_date + timedelta(days=1)),  # a little of both
    ],
)
def test_more_than_a_slip_is_for_the_desk_and_nothing_is_stored(wanted: Child) -> None:
    claeys = family(LOU)
    before = stored()

    answer = correct(claeys, wanted)

    assert (answer.status_code, slug(answer)) == (422, "invalid")
    assert answer.json_body["errors"][0]["field"] == "children[0]"
    assert stored() == before


def test_many_small_steps_do_not_lead_to_another_child() -> None:
    claeys = family(child("Mila", "Claeys", LOU.birth_date))

    assert correct(claeys, child("Mina", "Claeys", LOU.birth_date)).status_code == 200
    assert slug(correct(claeys, child("Mona", "Claeys", LOU.birth_date))) == "invalid"


def test_a_family_corrects_itself_a_few_times_a_season() -> None:
    claeys = family(LOU)
    days = [LOU.birth_date + timedelta(days=number) for number in range(1, MOST_A_SEASON + 2)]

    answers = [correct(claeys, child("Lou", "Claeys", born)).status_code for born in days]

    assert answers == [200] * MOST_A_SEASON + [409]


def test_nobody_takes_over_a_child_that_is_known_and_who_tries_birth_dates_is_counted() -> None:
    other = used(asked(LOU, email="fatima@example.be"))
    thief = family(child("Lou", "Claeys", LOU.birth_date + timedelta(days=1)), email="thief@example.be")

    answers = [correct(thief, LOU) for _ in range(MOST_A_SEASON + 1)]

    assert [slug(one) for one in answers] == ["invalid"] * MOST_A_SEASON + ["not-now"]
    assert [one.family_id for one in namings.namers(LOU.child_id)] == [other.family_id]


def test_one_correction_does_not_make_one_child_of_two() -> None:
    claeys = family(child("Lou", "Claeys", date(2022, 5, 2)), child("Lou", "Claeys", date(2022, 5, 3)))

    assert slug(correct(claeys, LOU, LOU)) == "invalid"


def test_accents_and_capitals_are_no_other_name_and_are_not_counted() -> None:
    claeys = family(child("Zoe", "Claeys", LOU.birth_date))

    for first_name in ["Zoë", "ZOË", "Zoé", "Zoe", "Zoè", "Zoë", "zoe"]:
        assert correct(claeys, child(first_name, "Claeys", LOU.birth_date)).status_code == 200


def test_a_child_of_another_family_is_none_of_this_one() -> None:
    assert correct(family(LOU), NOOR, ids=[NOOR.child_id]).json_body["errors"][0]["field"] == "children[0].child_id"


def test_a_token_from_before_goes_by_the_corrected_date_and_postcode() -> None:
    claeys = family(LOU)
    born = LOU.birth_date.replace(year=2020)

    correct(claeys, child("Lou", "Claeys", born), postcode="1234 ab")
    forget()  # another container
    who = proving.worth(claeys.token, NOW)

    assert (who.children, who.postcode) == ({LOU.child_id: born}, "1234 AB")


def test_a_token_that_was_signed_since_says_what_its_own_pass_says() -> None:
    claeys = family(LOU)
    correct(claeys, postcode="9000")
    moved = replace(claeys.pass_, postcode="1000")
    forget()

    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=2), tick=False):
        assert proving.worth(tokens.sign(moved), NOW).postcode == "1000"


def test_mails_follow_the_language_at_once() -> None:
    claeys = family(LOU)

    correct(claeys, language="fr")

    found = families.get(claeys.pass_.family_id, claeys.pass_.pass_id)
    assert found
    assert found.language == "fr"


def test_a_seat_that_no_longer_fits_stays_is_shown_and_is_work_for_the_desk() -> None:
    camp, claeys = published(), family(LOU)
    registered = claeys.register(camp, LOU).json_body["registration_id"]

    answer = correct(claeys, child("Lou", "Claeys", LOU.birth_date.replace(year=2012)))

    assert answer.json_body["no_longer_fits"] == [{"registration_id": registered, "child_id": LOU.child_id}]
    assert claeys.get(f"/api/registrations/{registered}").json_body["status"] == "confirmed"
    [work] = works.of_family(claeys.pass_.family_id)
    assert work.work.kind is WorkKind.AGE_NO_LONGER_FITS
    assert work.work.municipality == camp.municipality
    assert work.work.about["registration_id"] == registered


def test_the_age_rule_holds_for_what_is_booked_after_a_correction() -> None:
    camp, claeys = published(), family(LOU)
    correct(claeys, child("Lou", "Claeys", LOU.birth_date.replace(year=2012)))
    forget()

    assert slug(claeys.register(camp, LOU)) == "not-eligible"


def test_of_two_corrections_at_once_one_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    claeys = family(LOU)
    ask = changes.correcting

    def late(*given: Any) -> Any:
        monkeypatch.setattr(changes, "correcting", ask)
        correct(claeys, child("Lou", "Claeys", date(2022, 5, 2)))
        return ask(*given)

    monkeypatch.setattr(changes, "correcting", late)

    assert slug(correct(claeys, child("Lou", "Claeys", date(2022, 5, 3)))) == "changed"
    assert named(LOU.child_id, claeys).birth_date == date(2022, 5, 2)


def test_nothing_of_a_correction_is_left_of_a_family_that_is_erased() -> None:
    claeys = family(MISTYPED)
    namings.name([MISTYPED.child_id], claeys.pass_.family_id, NOW, kept_until(NOW))
    correct(claeys, LOU, postcode="9000")
    leaving.ask(claeys.pass_.family_id, NOW)

    assert erase(claeys.pass_.family_id, NOW) is None

    kinds = {item["pk"]["S"].partition("#")[0] for item in stored()}
    assert kinds == {"CHANGES"}
    assert not any("births" in item for item in stored())


def test_a_new_mail_address_counts_once_its_link_was_used_and_another_child_is_not_made_by_it() -> None:
    claeys = family(LOU)

    assert correct(claeys, email="an.claeys@example.org").status_code == 200
    assert [one.email for one in families.of_family(claeys.pass_.family_id)] == ["an.claeys@example.be"]
    [link] = [
        one
        for one in map(families.read, (item for item in stored() if item["sk"]["S"].startswith("P#")))
        if one.email == "an.claeys@example.org"
    ]
    used(link)

    assert {one.email for one in families.of_family(claeys.pass_.family_id)} == {"an.claeys@example.org"}
    by_the_new_one = asked_at_the_door("an.claeys@example.org")
    assert by_the_new_one.family_id == claeys.pass_.family_id


def asked_at_the_door(email: str) -> Pass:
    """A pass that is asked for as anybody does."""
    lou = {"first_name": "Lou", "last_name": "Claeys", "birth_date": LOU.birth_date.isoformat()}
    content = {"email": email, "language": "nl", "postcode": "9970", "children": [lou]}
    pass_id = post("/api/passes", content).json_body["pass_id"]
    return next(families.read(item) for item in stored() if item["sk"]["S"] == f"P#{pass_id}")
