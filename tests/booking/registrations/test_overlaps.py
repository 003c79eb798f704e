"""A child is in one camp at a time, by whichever pass, unless the opening allows more."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.booking.registrations import days, overlaps, register
from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import Registration
from chalicelib.core import memory
from chalicelib.people.families import namings
from chalicelib.programme.sessions import table as programme
from chalicelib.programme.sessions.rules import Session
from tests import camps
from tests.booking.answers.asking import asks
from tests.camps import JEF, LOU, Family

NUMBERS = count()
BOUWKAMP_DAYS = [date(2027, 8, 16), date(2027, 8, 17), date(2027, 8, 18)]


@pytest.fixture
def sessions(table: None) -> tuple[Session, Session, Session]:
    """Given Bouwkamp, another one on its last day, and one in another week."""
    return (
        camps.published(),
        camps.published(title="Kookkamp", starts_on=date(2027, 8, 18), ends_on=date(2027, 8, 20)),
        camps.published(title="Dierenkamp", starts_on=date(2027, 8, 23), ends_on=date(2027, 8, 25)),
    )


def registered(family: Family, session: Session, *children: Any) -> str:
    answer = family.register(session, *(children or (LOU,)))
    assert answer.status_code == 201, answer.json_body
    return str(answer.json_body["registration_id"])


def settled(registration_id: str) -> str | None:
    """The registration that stands in the way, as the queue finds it."""
    record = registrations.get(registration_id)
    assert record
    session = programme.get(record.session_id)
    assert session
    found = overlaps.settle(record, session, datetime.now(UTC), end=lambda _: pytest.fail("it ends another one"))
    return found.other.registration_id if found else None


def in_another_container() -> None:
    memory.forget_all()


def test_who_has_a_seat_is_refused_one_on_the_same_days_and_hears_by_which(sessions):
    bouwkamp, kook, _ = sessions
    claeys = camps.family(LOU)
    first = registered(claeys, bouwkamp)
    assert settled(first) is None

    answer = claeys.register(kook, LOU)

    assert answer.status_code == 403
    assert answer.json_body["type"].endswith("/not-eligible")
    told = {name: answer.json_body[name] for name in ("rule", "child_ids", "registration_id")}
    assert told == {"rule": "overlap", "child_ids": [LOU.child_id], "registration_id": first}
    assert claeys.get("/api/registrations").json_body["registrations"][-1]["registration_id"] == first


def test_another_week_and_a_sibling_are_free(sessions):
    bouwkamp, kook, dieren = sessions
    claeys = camps.family(LOU, JEF)
    assert settled(registered(claeys, bouwkamp, LOU)) is None

    assert settled(registered(claeys, dieren, LOU)) is None
    assert settled(registered(claeys, kook, JEF)) is None


def test_of_two_that_different_containers_confirmed_the_queue_keeps_one(sessions):
    bouwkamp, kook, _ = sessions
    claeys = camps.family(LOU)
    first = registered(claeys, bouwkamp)
    in_another_container()
    second = registered(claeys, kook)

    assert settled(first) is None
    assert settled(second) == first
    assert settled(first) is None  # again and again is the same


def test_the_other_parents_pass_is_no_way_round(sessions):
    """And names no registration of another family."""
    bouwkamp, kook, _ = sessions
    assert settled(registered(camps.family(LOU), bouwkamp)) is None
    other = camps.family(LOU, email="jan@example.be")

    answer = other.register(kook, LOU)

    assert (answer.status_code, answer.json_body["rule"]) == (403, "overlap")
    assert "registration_id" not in answer.json_body


def test_the_family_that_named_the_child_first_keeps_its_seat(sessions):
    """A stranger who knows the name and the birth date registered the child elsewhere before."""
    bouwkamp, kook, _ = sessions
    claeys, stranger = camps.family(LOU), camps.family(LOU, email="stranger@example.be")
    soon = datetime.now(UTC) + timedelta(days=90)
    namings.name([LOU.child_id], claeys.pass_.family_id, datetime.now(UTC), int(soon.timestamp()))
    theirs = registered(stranger, bouwkamp)
    assert settled(theirs) is None
    in_another_container()

    own = registrations.get(registered(claeys, kook))
    ended: list[str] = []

    def end(other: Registration) -> None:
        ended.append(other.registration_id)
        assert days.has(LOU.child_id, [kook.ends_on]) == set()  # a crash here is made up for: the days are not ours yet

    assert overlaps.settle(own, programme.get(kook.session_id), datetime.now(UTC), end) is None
    assert ended == [theirs]
    assert days.has(LOU.child_id, [kook.ends_on]) == {own.registration_id}


def test_two_registrations_of_two_siblings_do_not_both_give_way(sessions):
    bouwkamp, kook, _ = sessions
    claeys = camps.family(LOU, JEF)
    first = registered(claeys, bouwkamp, LOU, JEF)
    in_another_container()
    second = registered(claeys, kook, JEF, LOU)

    assert {settled(first), settled(second)} == {None, first}


def test_what_gave_way_itself_stands_in_nobodys_way(sessions):
    """Its seats are not given back yet."""
    bouwkamp, kook, _ = sessions
    claeys = camps.family(LOU)
    first = registered(claeys, bouwkamp)
    settled(first)
    registrations.give_way(first, "another", datetime.now(UTC))
    in_another_container()

    assert settled(registered(claeys, kook)) is None


def test_a_draw_knows_who_has_a_camp_on_those_days(sessions):
    bouwkamp, kook, dieren = sessions
    claeys = camps.family(LOU, JEF)
    settled(registered(claeys, bouwkamp, LOU))
    wished = {LOU.child_id: [kook, dieren], JEF.child_id: [kook]}

    assert overlaps.elsewhere(wished, datetime.now(UTC)) == {(LOU.child_id, kook.session_id)}


def test_whoever_cancels_may_have_the_other_one(sessions):
    bouwkamp, kook, _ = sessions
    claeys = camps.family(LOU)
    first = registered(claeys, bouwkamp)
    settled(first)
    assert claeys.cancel(first).status_code == 204

    assert settled(registered(claeys, kook)) is None


def test_the_same_key_again_is_the_same_registration(sessions):
    claeys = camps.family(LOU)
    first = claeys.register(sessions[0], LOU, key="once")
    settled(first.json_body["registration_id"])

    again = claeys.register(sessions[0], LOU, key="once")

    assert (again.status_code, again.json_body) == (200, first.json_body)


def test_a_first_registration_reads_nothing_for_it(sessions, monkeypatch):
    monkeypatch.setattr(register, "refuse_overlap", lambda *_: pytest.fail("it looked"))

    registered(camps.family(LOU), sessions[0])


def test_a_day_has_one_registration(table):
    assert days.take("lou", BOUWKAMP_DAYS, "one") == set()

    assert days.take("lou", BOUWKAMP_DAYS[2:], "two") == {"one"}
    assert days.take("lou", [BOUWKAMP_DAYS[0] - timedelta(1)], "two") == set()
    assert days.has("lou", [BOUWKAMP_DAYS[0] - timedelta(1), *BOUWKAMP_DAYS]) == {"one", "two"}
    assert days.take("lou", BOUWKAMP_DAYS, "three", over={"one"}) == set()


def test_a_camp_over_new_year_has_its_days_in_both_years(table):
    winter = days.days(date(2027, 12, 30), date(2028, 1, 2))

    assert days.take("lou", winter, "one") == set()

    assert days.take("lou", [date(2028, 1, 2)], "two") == {"one"}
    assert days.take("lou", [date(2027, 12, 31)], "two") == {"one"}


@given(wishes=st.lists(st.tuples(st.integers(0, 6), st.integers(0, 3)), max_size=6))
def test_whoever_takes_days_gets_all_of_them_or_none(table, wishes):
    """Against the rule in plain Python: the first who comes has them."""
    child, owner = f"child-{next(NUMBERS)}", {}
    for number, (first, longer) in enumerate(wishes):
        wanted = days.days(date(2027, 7, 1 + first), date(2027, 7, 1 + first + longer))
        others = {owner[day] for day in wanted if day in owner}
        assert days.take(child, wanted, f"r{number}") == others
        if not others:
            owner.update(dict.fromkeys(wanted, f"r{number}"))


def held(registration_id: str) -> str | None:
    """The registration to which a hold gives way, as the queue finds it."""
    record = registrations.get(registration_id)
    assert record
    session = programme.get(record.session_id)
    assert session
    found = overlaps.hold(record, session, datetime.now(UTC))
    return found.other.registration_id if found else None


def test_a_hold_gives_way_to_a_seat_and_to_another_hold_until_that_has_gone(sessions):
    bouwkamp, kook, _ = sessions
    asks(bouwkamp)
    asks(kook)
    claeys = camps.family(LOU)
    first, second = registered(claeys, bouwkamp), registered(claeys, kook)

    assert held(first) is None
    assert held(second) == first
    claeys.cancel(first)
    assert held(second) is None


def test_a_hold_ends_no_seat_even_of_a_family_that_named_the_child_later(sessions):
    bouwkamp, kook, _ = sessions
    asks(kook)
    mother, father = camps.family(LOU), camps.family(LOU, email="bart@example.be")
    soon = datetime.now(UTC) + timedelta(days=90)
    namings.name([LOU.child_id], mother.pass_.family_id, datetime.now(UTC), int(soon.timestamp()))
    seat = registered(father, bouwkamp)
    assert settled(seat) is None
    in_another_container()

    hold = registered(mother, kook)

    assert held(hold) is None
    assert days.has(LOU.child_id, [BOUWKAMP_DAYS[-1]]) == {seat}
    record = registrations.get(seat)
    assert record
    assert record.cancelled_at is None
