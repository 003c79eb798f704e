"""The draw breaks off before each of its writes in turn, and comes to the same end; at DynamoDB Local."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.booking.draw import drawing
from chalicelib.booking.draw.verification import problems
from chalicelib.booking.registrations import register
from chalicelib.booking.registrations import table as registrations
from chalicelib.core import table as stormloop
from chalicelib.core.http.problems import CHANGED, NOT_NOW, Problem
from chalicelib.office.incidents import reporting
from chalicelib.office.incidents.reporting import IncidentReport
from chalicelib.office.incidents.rules import Action, ProposedIncident
from chalicelib.people.staff.rules import Role, Staff
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import Bundles, State
from chalicelib.programme.sessions.rules import Session
from chalicelib.seats import table as seats
from tests import camps, dynamodb_local
from tests.booking.draw.lots import AFTER, drawn_opening, enter, hold, published
from tests.booking.registrations.callers import Crash
from tests.camps import JEF, LOU, NOOR, Family, family
from tests.interrupting import before_write, crash

Item = dict[str, Any]
TEXTS = {"nl": "Wat er is.", "fr": "Ce qui se passe.", "en": "What happens."}
JAN, ANNA = (Staff(name.lower(), name, frozenset(Role)) for name in ("Jan", "Anna"))


@pytest.fixture
def town(real_table) -> tuple[Session, list[Family], dict[tuple[str, str], Item]]:
    """Given a draw that grants, refuses, seats siblings in two sessions, and has a waiting list for each."""
    bouwkamp = camps.published(title="Bouwkamp", opens_at=None, capacity=2)
    kook = camps.published(
        title="Kookkamp", opens_at=None, capacity=1, starts_on=date(2027, 7, 5), ends_on=date(2027, 7, 9)
    )
    opening = drawn_opening(bouwkamp, kook, bundles=Bundles.SEVERAL)
    claeys, diallo = family(LOU, JEF), family(NOOR, email="fatima@example.be")
    maes = family(camps.child("Ana", "Maes", date(2022, 4, 4)), email="els@example.be")
    enter(claeys, opening, [(LOU, bouwkamp), (JEF, bouwkamp)], [(LOU, kook)])
    enter(diallo, opening, [(NOOR, bouwkamp)], [(NOOR, kook)])
    enter(maes, opening, [(maes.pass_.children[0], kook)], [(maes.pass_.children[0], bouwkamp)])
    return opening, [claeys, diallo, maes], everything()


def everything() -> dict[tuple[str, str], Item]:
    items = dynamodb_local.client().scan(TableName="stormloop", ConsistentRead=True)["Items"]
    return {(item["pk"]["S"], item["sk"]["S"]): item for item in items}


def as_it_was(items: dict[tuple[str, str], Item]) -> None:
    dynamodb_local.empty()
    stormloop.batch_put(list(items.values()))


def test_wherever_it_breaks_off_it_comes_to_the_same_end(town):
    opening, _, before = town
    with before_write(10_000, lambda: None) as writes:
        assert hold(opening)
    expected = everything()
    assert problems([published(opening)]) == []

    for number in range(len(writes)):
        as_it_was(before)
        with before_write(number, crash), pytest.raises(Crash):
            hold(opening)

        assert hold(opening)

        assert everything() == expected, f"before {writes[number]}, write {number}"


def test_two_at_once_come_to_the_same_end_as_one(town):
    opening, _, before = town
    assert hold(opening)
    expected = everything()

    for _ in range(5):
        as_it_was(before)
        with ThreadPoolExecutor(3) as calls:
            outcomes = list(calls.map(lambda _: hold(opening), range(3)))

        assert all(outcomes)
        assert everything() == expected


def test_a_seat_that_its_family_gave_back_meanwhile_is_not_given_to_it_again(town):
    """It breaks off before each write; whoever has a seat by then cancels it; the draw goes on."""
    opening, families, before = town
    with before_write(10_000, lambda: None) as writes:
        hold(opening)
    cancelled = 0

    for number in range(len(writes)):
        as_it_was(before)
        with before_write(number, crash), pytest.raises(Crash):
            hold(opening)
        given_back = [
            (one, registration["registration_id"])
            for one in families
            for registration in one.get("/api/registrations").json_body["registrations"]
        ]
        for one, registration_id in given_back:
            assert one.cancel(registration_id).status_code == 204
        cancelled += len(given_back)

        assert hold(opening)

        for one, registration_id in given_back:
            assert one.get(f"/api/registrations/{registration_id}").json_body["status"] == "cancelled", number
        for session_id in opening.plan.session_ids:
            now = seats.get([session_id])[session_id]
            assert now.free + len(now.holders) == now.capacity
    assert cancelled > 10


def restarted(opening_id: str) -> bool:
    """Whether two people can have the opening begin anew, right now."""
    asked = ProposedIncident(Action.RESTART, dict(TEXTS), moment=AFTER + timedelta(days=7))
    try:
        made = reporting.report(opening_id, IncidentReport(asked, TEXTS, "Wrong ages."), JAN, AFTER)
        reporting.approve(opening_id, str(made.number), ANNA, AFTER)
    except Problem as problem:
        if problem.kind not in (NOT_NOW, CHANGED):
            raise
        return False
    return True


def test_a_restart_between_any_two_writes_of_a_draw_is_refused_or_the_draw_is(town, monkeypatch):
    """Never both: a restart takes back what was given, and leaves an opening that takes wishes again."""
    opening, _, before = town
    monkeypatch.setattr(reporting, "_start_telling", lambda _: None)
    monkeypatch.setattr(reporting.measuring, "measured", lambda *_: {"measured": False, "reason": "a test"})
    with before_write(10_000, lambda: None) as writes:
        assert hold(opening)
    drawn = [seats.get([one])[one] for one in opening.plan.session_ids]
    outcomes = []

    for number in range(len(writes)):
        as_it_was(before)
        there: list[bool] = []
        with before_write(number, lambda there=there: there.append(restarted(opening.opening_id))):
            outcome = hold(opening)

        now = openings.get(opening.opening_id)[0]
        found = [seats.get([one])[one] for one in opening.plan.session_ids]
        assert there == [not outcome], writes[number]
        if outcome:
            assert (now.state, found) == (State.DRAWN, drawn)
        else:
            assert (now.state, now.opens_at) == (State.PUBLISHED, AFTER + timedelta(days=7))
            assert all(one.holders == {} for one in found)
        outcomes.append(outcome)

    assert outcomes == sorted(outcomes)
    assert len(set(outcomes)) == 2


def test_an_opening_that_was_changed_by_hand_under_its_draw_gives_no_more_seats(town):
    opening, _, before = town
    with before_write(10_000, lambda: None) as writes:
        assert hold(opening)
    number = writes.index("TransactWriteItems", writes.index("TransactWriteItems") + 1)  # the first seats
    as_it_was(before)

    def by_hand() -> None:
        found, edition = openings.get(opening.opening_id)
        openings.write(replace(found, why={"nl": "…", "fr": "…", "en": "…"}), edition)

    with before_write(number, by_hand), pytest.raises(drawing.OpeningChanged):
        hold(opening)

    assert all(seats.get([one])[one].holders == {} for one in opening.plan.session_ids)
    assert openings.get(opening.opening_id)[0].state is State.PUBLISHED


def test_the_record_of_every_seat_is_there(town):
    opening, families, _ = town
    hold(opening)

    for session_id in opening.plan.session_ids:
        for registration_id in seats.get([session_id])[session_id].holders.values():
            assert registrations.get(registration_id).created_at == AFTER
    assert register.family_of(registration_id) in {one.pass_.family_id for one in families}
