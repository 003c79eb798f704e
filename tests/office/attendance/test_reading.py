"""Who is on the list of a session and a day, in which order, what is shown to whom, and what reading it costs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from unittest.mock import patch

import pytest

from chalicelib.booking.offers.advance import advance
from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import reference
from chalicelib.core import table as stormloop_table
from chalicelib.core.http.problems import Problem
from chalicelib.office.attendance import reading
from chalicelib.people.families.rules import child
from chalicelib.people.staff.rules import EVERYWHERE, Role
from chalicelib.seats import table as seats_table
from tests.camps import LOU, NOOR, family, published, without_openings
from tests.office.attendance.camp import DESK, ELIF, LEADER, LUKASZ, MANAGER, MONDAY, NOW, ZOE, a_camp, registered
from tests.office.desk.counter import reserve

# Of the desk, for every municipality.
EVERYBODY = replace(DESK, municipalities=frozenset({EVERYWHERE}))

pytestmark = pytest.mark.usefixtures("table")


def test_a_list_is_by_last_name_and_first_name_whatever_their_accents():
    session = a_camp()

    found = reading.of_session(LEADER, session.session_id, MONDAY, NOW)

    assert [one.child for one in found.rows] == [LUKASZ, ELIF, ZOE]


def test_ages_are_those_of_the_day():
    session = a_camp()

    ages = [
        [one.age for one in reading.of_session(LEADER, session.session_id, day, NOW).rows]
        for day in (MONDAY, MONDAY + timedelta(days=1))
    ]

    assert ages == [[5, 5, 4], [5, 5, 5]]


def test_who_looks_after_the_children_reads_medical_notes_and_so_does_the_desk():
    session = a_camp()

    for who in (LEADER, DESK):
        rows = reading.of_session(who, session.session_id, MONDAY, NOW).rows
        assert [one.medical for one in rows] == ["", "", "Astma: puffer in de rugzak."]


def test_the_programme_manager_sees_who_comes_and_whom_to_call_but_no_medical_notes():
    session = a_camp()

    found = reading.of_session(MANAGER, session.session_id, MONDAY, NOW)

    assert not found.with_medical
    assert [one.medical for one in found.rows] == [None, None, None]
    assert found.rows[0].contacts[0].phone == "+32 470 11 22 33"
    assert found.rows[0].pick_up == ("Oma Krystyna",)


def test_whose_family_said_nothing_is_told_from_whose_family_said_that_there_is_nothing():
    session = a_camp()

    rows = reading.of_session(LEADER, session.session_id, MONDAY, NOW).rows

    assert [one.care_entered for one in rows] == [True, False, True]


def test_a_seat_that_is_only_offered_is_on_the_list_until_the_offer_ends():
    session = published(capacity=1)
    claeys, fatima = family(LOU), family(NOOR, email="fatima@example.be")
    held = claeys.register(session, LOU).json_body["registration_id"]
    fatima.register(session, NOOR)
    claeys.cancel(held)
    advance(session.session_id, datetime.now(UTC))
    until = next(iter(seats_table.get([session.session_id])[session.session_id].until.values()))

    before, after = (
        reading.of_session(DESK, session.session_id, MONDAY, datetime.fromtimestamp(at, UTC)).rows
        for at in (until - 1, until)
    )

    assert [(one.child, one.is_final) for one in before] == [(NOOR, False)]
    assert after == ()


def test_seats_that_are_held_back_are_no_children():
    session = a_camp()
    reserve(session, 3)

    assert len(reading.of_session(LEADER, session.session_id, MONDAY, NOW).rows) == 3


def test_a_child_whose_record_is_missing_is_not_left_out():
    session = a_camp()
    seats = seats_table.get([session.session_id])[session.session_id]
    lost = seats.holders[ZOE.child_id]
    registrations._key(lost).delete()

    last = reading.of_session(LEADER, session.session_id, MONDAY, NOW).rows[-1]

    assert (last.child, last.reference) == (None, reference(lost))


def test_a_child_in_two_groups_of_a_day_is_on_both_lists():
    morning, afternoon = published(title="Kleuterzwemmen"), published(title="Kleuterturnen")
    claeys = family(LOU)
    for session in (morning, afternoon):
        claeys.register(session, LOU)

    lists = reading.of_day(DESK, MONDAY, None, NOW)

    assert [(one.session.title, [row.child for row in one.rows]) for one in lists] == [
        ("Kleuterturnen", [LOU]),
        ("Kleuterzwemmen", [LOU]),
    ]


def test_a_day_has_what_takes_place_then_and_there():
    a_camp()
    published(title="Danskamp", starts_on=date(2027, 8, 18), ends_on=date(2027, 8, 19))
    published(title="Bouwkamp", municipality="Zelzate")

    def titles(day: date, municipality: str | None = None) -> list[str]:
        return [one.session.title for one in reading.groups(EVERYBODY, day, municipality, NOW)]

    assert titles(MONDAY) == ["Bouwkamp (Lembeke)", "Bouwkamp"]
    assert titles(MONDAY, "kaprijke") == ["Bouwkamp (Lembeke)"]
    assert titles(date(2027, 8, 18), "Kaprijke") == ["Bouwkamp (Lembeke)", "Danskamp"]
    assert titles(date(2027, 8, 20)) == []
    assert [one.children for one in reading.groups(EVERYBODY, MONDAY, None, NOW)] == [3, 0]


@pytest.mark.parametrize("day", [MONDAY - timedelta(days=1), date(2027, 8, 19)])
def test_a_session_has_no_list_on_another_day(day):
    session = a_camp()

    with pytest.raises(Problem) as refused:
        reading.of_session(LEADER, session.session_id, day, NOW)
    assert refused.value.kind.slug == "not-found"


def test_a_leader_reads_the_lists_of_sessions_that_name_them_around_their_days():
    session = a_camp()
    unnamed = published(title="Danskamp")
    around = {session.starts_on - timedelta(days=14): 3, session.ends_on + timedelta(days=7): 3}
    beyond = (session.starts_on - timedelta(days=15), session.ends_on + timedelta(days=8))

    for today, children in around.items():
        assert len(reading.of_session(LEADER, session.session_id, MONDAY, noon(today)).rows) == children
    for today in beyond:
        with pytest.raises(Problem, match="not-found"):
            reading.of_session(LEADER, session.session_id, MONDAY, noon(today))
        assert reading.of_day(LEADER, MONDAY, None, noon(today)) == []
    with pytest.raises(Problem, match="not-found"):
        reading.of_session(LEADER, unnamed.session_id, MONDAY, NOW)
    assert [one.session.session_id for one in reading.groups(LEADER, MONDAY, None, NOW)] == [session.session_id]


def test_a_manager_who_leads_reads_medical_notes_only_where_they_lead():
    both = replace(MANAGER, roles=frozenset({Role.MANAGER, Role.LEADER}), email=LEADER.email)
    led, other = a_camp(), published(title="Danskamp")
    registered(other, NOOR, email="noor@example.be", medical="Astma")

    assert [one.with_medical for one in reading.of_day(both, MONDAY, None, NOW)] == [True, False]
    assert not reading.of_session(both, led.session_id, MONDAY, noon(date(2027, 7, 1))).with_medical


def test_nobody_reads_a_list_of_a_municipality_that_they_do_not_work_for():
    session = a_camp()

    for who in (DESK, MANAGER):
        foreign = replace(who, municipalities=frozenset({"zelzate"}))
        with pytest.raises(Problem, match="not-found"):
            reading.of_session(foreign, session.session_id, MONDAY, NOW)
        assert reading.of_day(foreign, MONDAY, None, NOW) == []


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def test_what_a_list_costs_does_not_grow_with_the_programme():
    """One session: the session itself, its seats, its registrations, then passes and what is to be known at once."""
    session = a_camp()
    for number in range(5):
        registered(
            published(title=f"Kamp {number}"), child("Lou", f"Nr {number}", LOU.birth_date), email=f"{number}@x.be"
        )

    without_openings()
    with counted() as calls:
        reading.of_session(LEADER, session.session_id, MONDAY, NOW)

    # The second: who leads which.
    assert calls == ["GetItem", "Query", *["BatchGetItem"] * 4]


def test_a_whole_day_takes_a_call_for_each_hundred_items():
    """6 sessions of 18 children, each with a family of its own: 108 registrations, 108 passes and 108 children."""
    for group in range(6):
        session = published(title=f"Kamp {group}")
        for number in range(18):
            one = child("Lou", f"Nr {group} {number}", LOU.birth_date)
            registered(session, one, email=f"{group}.{number}@example.be", medical="Astma")

    without_openings()
    with counted() as calls:
        lists = reading.of_day(DESK, MONDAY, None, NOW)

    assert sum(len(one.rows) for one in lists) == 108
    assert all(row.medical == "Astma" and row.child for one in lists for row in one.rows)
    # The programme, the seats, the city's questions, two for registrations, three for passes and what is to be known.
    assert calls == ["Query", *["BatchGetItem"] * 7]


@contextmanager
def counted() -> Iterator[list[str]]:
    client = stormloop_table.Item._get_connection().connection.client
    calls: list[str] = []
    original = client._make_api_call

    def call(operation, arguments):
        calls.append(operation)
        return original(operation, arguments)

    with patch.object(client, "_make_api_call", call):
        yield calls
