"""Entering wishes, through the API."""

import json
from datetime import date, datetime, timedelta

import pytest
import time_machine

from chalicelib.booking.draw import table
from chalicelib.programme.openings.rules import OpeningKind, State, Window
from tests import camps
from tests.booking.draw.lots import OPENS, UNTIL, changed, drawn_opening, enter, hold, wishes
from tests.camps import JEF, LOU, NOOR, TOO_OLD, family, request

pytestmark = pytest.mark.usefixtures("table")


def camp(title: str = "Bouwkamp", **more):
    return camps.published(title=title, opens_at=None, **more)


def problem(answer) -> str:
    assert answer.headers["Content-Type"] == "application/problem+json"
    return answer.json_body["type"].rpartition("/")[2]


def fields(answer) -> list[str]:
    assert problem(answer) == "invalid", answer.body
    return [error["field"] for error in answer.json_body["errors"]]


def test_a_family_sees_what_it_entered_in_its_order():
    bouwkamp, kook = camp(), camp("Kookkamp", starts_on=date(2027, 7, 5), ends_on=date(2027, 7, 9))
    opening, claeys = drawn_opening(bouwkamp, kook), family(LOU, JEF)

    answer = enter(claeys, opening, [(LOU, kook), (JEF, bouwkamp)], [(LOU, bouwkamp)])

    assert answer.status_code == 200
    assert answer.json_body == claeys.get(f"/api/openings/{opening.opening_id}/wishes").json_body
    assert answer.json_body["wishes"] == wishes([(LOU, kook), (JEF, bouwkamp)], [(LOU, bouwkamp)])["wishes"]
    assert answer.json_body["result"] is None


def test_what_is_entered_later_takes_the_place_of_all_that_was_before():
    bouwkamp = camp()
    opening, claeys = drawn_opening(bouwkamp), family(LOU, JEF)
    enter(claeys, opening, [(LOU, bouwkamp)], [(JEF, bouwkamp)])

    enter(claeys, opening, [(JEF, bouwkamp)])

    assert (
        claeys.get(f"/api/openings/{opening.opening_id}/wishes").json_body["wishes"]
        == wishes([(JEF, bouwkamp)])["wishes"]
    )


def test_a_family_withdraws_as_often_as_it_likes():
    bouwkamp = camp()
    opening, claeys = drawn_opening(bouwkamp), family(LOU)
    enter(claeys, opening, [(LOU, bouwkamp)])
    path = f"/api/openings/{opening.opening_id}/wishes"

    assert request("DELETE", path, headers=claeys.authorization).status_code == 204
    assert request("DELETE", path, headers=claeys.authorization).status_code == 204

    assert problem(claeys.get(path)) == "not-found"


def test_nobody_sees_the_wishes_of_others():
    bouwkamp = camp()
    opening = drawn_opening(bouwkamp)
    enter(family(LOU), opening, [(LOU, bouwkamp)])
    path = f"/api/openings/{opening.opening_id}/wishes"

    assert problem(family(NOOR, email="fatima@example.be").get(path)) == "not-found"
    assert problem(request("GET", path)) == "unauthorized"


@pytest.mark.parametrize("moment", [OPENS - timedelta(seconds=1), UNTIL])
def test_wishes_are_taken_between_the_opening_and_the_end(moment):
    bouwkamp = camp()
    opening = drawn_opening(bouwkamp)
    with time_machine.travel(moment - timedelta(days=1)):
        claeys = family(LOU)
    with time_machine.travel(moment):
        camps.openings.forget()
        answer = enter(claeys, opening, [(LOU, bouwkamp)])
        withdrawal = request("DELETE", f"/api/openings/{opening.opening_id}/wishes", headers=claeys.authorization)

    assert problem(answer) == problem(withdrawal) == ("too-early" if moment < OPENS else "closed")
    assert ("wensen" in answer.json_body["detail"]) is (moment >= UNTIL)
    if moment < OPENS:
        assert datetime.fromisoformat(answer.json_body["opens_at"]) == OPENS
        assert int(answer.headers["Retry-After"]) >= 1


def test_a_paused_opening_says_why():
    bouwkamp = camp()
    opening = drawn_opening(bouwkamp)
    changed(opening, state=State.PAUSED, why={"nl": "Storing.", "fr": "Panne.", "en": "A fault."})

    answer = enter(family(LOU), opening, [(LOU, bouwkamp)])

    assert problem(answer) == "too-early"
    assert "Storing." in answer.json_body["detail"]


def test_a_family_of_another_postcode_is_told_which_ones():
    bouwkamp = camp()
    opening = drawn_opening(bouwkamp, windows=(Window(OPENS, timedelta(0), ("9000", "9050")),))

    answer = enter(family(LOU), opening, [(LOU, bouwkamp)])

    assert (problem(answer), answer.json_body["postcodes"]) == ("not-eligible", "9000, 9050")


def test_a_first_come_opening_takes_no_wishes():
    bouwkamp = camp()
    opening = drawn_opening(bouwkamp, kind=OpeningKind.FIRST_COME, wishes_until=None)

    assert problem(enter(family(LOU), opening, [(LOU, bouwkamp)])) == "not-now"


def test_a_first_come_opening_that_became_a_draw_takes_them():
    bouwkamp = camp()
    opening = drawn_opening(bouwkamp, kind=OpeningKind.FIRST_COME, wishes_until=None)
    changed(opening, drawn_instead=UNTIL)

    assert enter(family(LOU), opening, [(LOU, bouwkamp)]).status_code == 200


def test_an_unknown_opening_and_a_draft_are_not_found():
    bouwkamp = camp()
    opening = drawn_opening(bouwkamp, state=State.DRAFT)

    assert problem(enter(family(LOU), opening, [(LOU, bouwkamp)])) == "not-found"
    assert problem(family(LOU).get("/api/openings/2027-zzzzzz/wishes")) == "not-found"


def test_every_pair_that_cannot_be_is_named():
    bouwkamp = camp()
    elsewhere = camp("Kookkamp", starts_on=date(2027, 7, 5), ends_on=date(2027, 7, 9))
    opening, claeys = drawn_opening(bouwkamp), family(LOU, TOO_OLD)

    answer = enter(
        claeys,
        opening,
        [(NOOR, bouwkamp)],
        [(LOU, bouwkamp), (LOU, elsewhere)],
        [(TOO_OLD, bouwkamp)],
        [(LOU, bouwkamp), (LOU, bouwkamp)],
    )

    assert fields(answer) == [
        "wishes[0].children_sessions[0].child_id",
        "wishes[1].children_sessions[1].session_id",
        "wishes[2].children_sessions[0].child_id",
        "wishes[3].children_sessions[1]",
    ]
    assert "3 tot en met 6" in answer.json_body["errors"][2]["message"]
    assert problem(claeys.get(f"/api/openings/{opening.opening_id}/wishes")) == "not-found"


def test_a_child_cannot_be_in_two_places_on_one_day_in_one_wish_but_in_two_wishes():
    bouwkamp, kook = camp(), camp("Kookkamp", starts_on=date(2027, 8, 18), ends_on=date(2027, 8, 20))
    opening, claeys = drawn_opening(bouwkamp, kook), family(LOU, JEF)

    assert fields(enter(claeys, opening, [(LOU, bouwkamp), (JEF, kook), (LOU, kook)])) == [
        "wishes[0].children_sessions[2]"
    ]
    assert enter(claeys, opening, [(LOU, bouwkamp), (JEF, kook)], [(LOU, kook)]).status_code == 200


def test_the_same_wish_twice_is_a_slip():
    bouwkamp = camp()
    opening, claeys = drawn_opening(bouwkamp), family(LOU, JEF)

    answer = enter(claeys, opening, [(LOU, bouwkamp), (JEF, bouwkamp)], [(JEF, bouwkamp), (LOU, bouwkamp)])

    assert fields(answer) == ["wishes[1]"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"wishes": []}, "wishes"),
        ({}, "wishes"),
        ({"wishes": [{"children_sessions": []}]}, "wishes[0].children_sessions"),
        ({"wishes": [{"children_sessions": ["lou"]}]}, "wishes[0].children_sessions[0]"),
        ({"wishes": [{"children_sessions": [{"child_id": 1, "session_id": "x"}]}]}, None),
        ({"wishes": [{"children_sessions": [{"child_id": "x", "session_id": "x"}]}] * 11}, "wishes"),
        ({"wishes": [{"children_sessions": [{"child_id": "x", "session_id": "x"}] * 11}]}, None),
        ({"wishes": "all"}, "wishes"),
    ],
)
def test_a_body_that_is_no_wishes_is_refused(body, field):
    bouwkamp = camp()
    opening, claeys = drawn_opening(bouwkamp), family(LOU)

    answer = request(
        "PUT", f"/api/openings/{opening.opening_id}/wishes", json.dumps(body).encode(), claeys.authorization
    )

    assert field in (fields(answer)[0], None)


def test_after_the_draw_nothing_is_entered_any_more():
    bouwkamp = camp()
    opening, claeys = drawn_opening(bouwkamp), family(LOU)
    enter(claeys, opening, [(LOU, bouwkamp)])
    hold(opening)
    camps.openings.forget()

    assert problem(enter(claeys, opening, [(LOU, bouwkamp)])) == "closed"


def test_two_parents_may_enter_the_same_child():
    bouwkamp = camp()
    opening = drawn_opening(bouwkamp)
    for parent in (family(LOU), family(LOU, email="papa@example.be")):
        assert enter(parent, opening, [(LOU, bouwkamp)]).status_code == 200

    entries = table.with_keys(opening.opening_id, list(table.entries(opening.opening_id)))

    assert len({one.entry for one in entries}) == 2
    assert len({one.wishes for one in entries}) == 2  # the child has another name in each
    assert sorted(len(one.keys) for one in entries) == [1, 8]


def test_a_family_is_asked_for_wishes_only_as_long_as_they_are_taken():
    bouwkamp = camp()
    drawn_opening(bouwkamp)
    claeys = family(LOU)
    with time_machine.travel(UNTIL - timedelta(seconds=1)):
        before = claeys.register(bouwkamp, LOU)
    with time_machine.travel(UNTIL):
        after = claeys.register(bouwkamp, LOU)

    assert problem(before) == problem(after) == "too-early"
    assert before.json_body["detail"].startswith("Geef je wensen door tot ")
    assert after.json_body["title"] == "Deze plaatsen worden verloot"
    assert after.json_body["detail"].startswith("Je kan geen wensen meer doorgeven.")
