"""What is kept for a time ends by itself: not a day before its reason does, and to the last copy."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from chalicelib.booking.registrations.rules import Registration
from chalicelib.mail import undelivered
from chalicelib.mail.rules import MailKind, Message
from chalicelib.people.child_info import table as cares
from chalicelib.people.child_info.rules import NOTES_KEPT
from chalicelib.people.families.rules import kept_until
from chalicelib.programme.sessions.rules import Session
from chalicelib.rights.sweeping import Swept, is_due, notes_end, sweep
from chalicelib.seats import table as seats_table
from tests.camps import BOUWKAMP, JEF, LOU, Family, family, published
from tests.containers import forget
from tests.core.http.conftest import stored
from tests.rights.test_erasing import CARE

LAST_DAY = date(2027, 8, 18)
ENTERED = datetime(2027, 3, 1, tzinfo=UTC)
ENDS = {"bouwkamp": LAST_DAY, "circus": date(2027, 8, 27), "undated": None}


def registered(session_id: str, *children: str, **more: Any) -> Registration:
    return Registration("family23456reg23456", session_id, children, "pass", ENTERED, **more)


@pytest.mark.parametrize(
    ("records", "end"),
    [
        ([registered("bouwkamp", "lou")], date(2027, 9, 15)),
        ([registered("bouwkamp", "lou"), registered("circus", "lou", "jef")], date(2027, 9, 24)),
        ([registered("bouwkamp", "lou"), registered("circus", "jef")], date(2027, 9, 15)),  # another child's
        ([registered("circus", "lou", cancelled_at=ENTERED)], date(2028, 2, 29)),  # none that counts: a year
        ([], date(2028, 2, 29)),
        ([registered("undated", "lou"), registered("gone", "lou")], date(2027, 3, 29)),
    ],
)
def test_notes_are_kept_for_four_weeks_after_the_childs_last_session(records: list[Registration], end: date) -> None:
    assert notes_end(records, "lou", ENTERED, ENDS) == end


def test_notes_that_are_said_again_are_kept_again() -> None:
    again = datetime(2027, 10, 1, tzinfo=UTC)

    assert notes_end([registered("bouwkamp", "lou")], "lou", again, ENDS) == date(2027, 10, 29)


@pytest.fixture
def claeys(table: None) -> Family:
    """Given a family with a seat, a place on a waiting list, a cancelled seat and a note."""
    claeys = family(LOU, JEF)
    published()
    full = published(title="Danskamp", capacity=1)
    family(email="fatima@example.be").register(full, LOU)
    claeys.register(BOUWKAMP, LOU)
    claeys.register(full, JEF)
    gone = claeys.register(published(title="Kookkamp"), JEF)
    claeys.cancel(gone.json_body["registration_id"])
    cares.replace(claeys.pass_.family_id, LOU.child_id, None, CARE, kept_until(datetime.now(UTC)))
    return claeys


def swept_on(day: date, months: int = 24) -> Swept:
    now = datetime(day.year, day.month, day.day, 3, 20, tzinfo=UTC)
    with time_machine.travel(now, tick=False):
        forget()
        return sweep(now, months)


def test_nothing_goes_before_its_time(claeys: Family) -> None:
    before = stored()

    assert swept_on(LAST_DAY + NOTES_KEPT) == Swept()

    assert stored() == before


def test_notes_go_the_day_after(claeys: Family) -> None:
    assert swept_on(LAST_DAY + NOTES_KEPT + timedelta(days=1)) == Swept(notes=1)

    assert cares.get(claeys.pass_.family_id, LOU.child_id) is None
    assert len(claeys.get("/api/registrations").json_body["registrations"]) == 3


def test_registrations_go_when_the_city_says_so_and_only_counts_stay(claeys: Family) -> None:
    message = Message(MailKind.CONFIRMED, f"{claeys.pass_.family_id}aaaaaaaa", BOUWKAMP.session_id)
    undelivered.keep(message, "MessageRejected", datetime(2027, 3, 6, tzinfo=UTC))

    swept = swept_on(LAST_DAY + timedelta(days=370), months=12)

    assert swept == Swept(notes=1, registrations=4)
    assert all("/ P#" in key or key.startswith("C#") for key in left_of_claeys(claeys))  # which have a time to live
    assert len(seats_of(BOUWKAMP).holders) == 1
    assert seats_of(BOUWKAMP).registrations == []


@pytest.mark.parametrize(
    ("day", "is_looked_through"),
    [
        (date(2027, 8, 20), False),  # the camp was over two days ago
        (LAST_DAY + NOTES_KEPT, False),
        (LAST_DAY + NOTES_KEPT + timedelta(days=1), True),
        (LAST_DAY + NOTES_KEPT + timedelta(days=14), True),  # the run of the week before was missed
        (date(2027, 11, 20), False),
        (date(2028, 1, 5), True),  # a quarter begins
    ],
)
def test_the_table_is_looked_through_only_when_something_may_end(day: date, is_looked_through: bool) -> None:
    assert is_due({"bouwkamp": LAST_DAY, "undated": None}, day, timedelta(days=730)) is is_looked_through


def test_a_second_time_finds_nothing(claeys: Family) -> None:
    swept_on(LAST_DAY + timedelta(days=370), months=12)

    assert swept_on(LAST_DAY + timedelta(days=371), months=12) == Swept()


def left_of_claeys(claeys: Family) -> list[str]:
    ids = [claeys.pass_.family_id, LOU.child_id, JEF.child_id]
    return [f"{one['pk']['S']} / {one['sk']['S']}" for one in stored() if any(id_ in str(one) for id_ in ids)]


def seats_of(session: Session) -> seats_table.Seats:
    return seats_table.get([session.session_id])[session.session_id]
