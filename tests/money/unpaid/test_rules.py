"""When a family is reminded, and when its registration may end because nobody paid."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from chalicelib.money.orders.references import belgian
from chalicelib.money.orders.rules import Order
from chalicelib.money.payees.rules import UnpaidRule
from chalicelib.money.unpaid.rules import (
    Reminded,
    bank_days_after,
    end_named_by,
    known_until,
    may_end,
    reminder_due,
)
from tests.money.payees.given import KAPRIJKE

MADE = datetime(2027, 5, 7, 17, tzinfo=UTC)
DUE = date(2027, 5, 21)
ORDER = Order("f0000000001abcdefgh", "Kaprijke", belgian(1), 4500, 0, 0, DUE, date(2027, 8, 18), (), MADE)
RULE = UnpaidRule((3, 10), 21)


def days(number: int) -> date:
    return DUE + timedelta(number)


@pytest.mark.parametrize(
    ("day", "asked", "due"),
    [
        (days(2), (), None),
        (days(3), (), 3),
        (days(9), (), 3),
        (days(9), (3,), None),
        (days(10), (3,), 10),
        (days(40), (), 10),  # of two that were missed the last one
        (days(40), (10,), None),
    ],
)
def test_each_reminder_is_due_once_from_its_day_on(day, asked, due):
    assert reminder_due(ORDER, RULE, Reminded(frozenset(asked)), day) == due


def test_the_last_reminder_alone_names_the_day_a_week_off_at_least():
    assert end_named_by(3, ORDER, RULE, days(3)) is None
    assert end_named_by(10, ORDER, RULE, days(10)) == days(21)
    assert end_named_by(10, ORDER, RULE, days(40)) == days(47)
    assert end_named_by(10, ORDER, replace(RULE, cancels_after=None), days(10)) is None


TOLD = Reminded(frozenset((3, 10)), days(21))
ENOUGH = bank_days_after(days(21), 2)


@pytest.mark.parametrize(
    ("changed", "may"),
    [
        ({}, True),
        ({"until": ENOUGH - timedelta(1)}, False),  # a statement is missing
        ({"until": None}, False),  # there is none
        ({"reminded": Reminded(frozenset((3, 10)))}, False),  # nobody told it
        ({"reminded": replace(TOLD, until=days(60))}, False),  # it was told a later day
        ({"rule": replace(RULE, cancels_after=None)}, False),  # the city decided otherwise since
        ({"rule": replace(RULE, cancels_after=60)}, False),
        ({"order": replace(ORDER, received_cents=100)}, False),  # something came in
        ({"order": replace(ORDER, received_cents=4500)}, False),
        ({"order": replace(ORDER, received_cents=4500, returned_cents=4500)}, False),
        ({"order": replace(ORDER, amount_cents=0)}, False),
        ({"unknown": (4500,)}, False),  # that may be it
        ({"unknown": (4400,)}, True),
    ],
)
def test_nobody_loses_a_seat_over_what_we_do_not_know(changed, may):
    given = {"order": ORDER, "rule": RULE, "reminded": TOLD, "until": ENOUGH, "unknown": (), **changed}

    assert may_end(*given.values()) is may


@dataclass(frozen=True)
class Days:
    opened_on: date
    closed_on: date
    opening_cents: int
    closing_cents: int


def statements(*balances: int, first: date = date(2027, 5, 7), skip: int = 1) -> list[Days]:
    """One for each day, which goes on where the one before ended."""
    return [
        Days(first + timedelta(skip * place), first + timedelta(skip * place), before, after)
        for place, (before, after) in enumerate(pairwise(balances))
    ]


def test_statements_that_follow_on_each_other_are_known_until_the_last():
    several = statements(10, 20, 20, 35, 5)

    assert known_until(several, ORDER, KAPRIJKE) == date(2027, 5, 10)
    assert known_until(several[::-1], ORDER, KAPRIJKE) == date(2027, 5, 10)
    assert known_until([*several, several[1]], ORDER, KAPRIJKE) == date(2027, 5, 10)  # in two formats


def test_a_family_that_was_told_another_account_before_may_have_paid_there():
    several = statements(10, 20, 20, 35, 5)

    assert known_until(several, ORDER, replace(KAPRIJKE, since=date(2027, 5, 9))) is None
    assert known_until(several, ORDER, replace(KAPRIJKE, since=date(2027, 5, 1))) == date(2027, 5, 10)


def test_a_gap_makes_them_unknown_whatever_comes_behind():
    first, _, *others = statements(10, 20, 30, 35, 5)

    assert known_until([first, *others], ORDER, KAPRIJKE) is None


def test_an_account_that_is_swept_every_night_has_its_gaps_seen_by_its_days():
    """Each begins and ends with nothing, so the balances say nothing."""
    several = statements(0, 0, 0, 0, 0, first=date(2027, 5, 7))  # a Friday

    assert known_until(several, ORDER, KAPRIJKE) == date(2027, 5, 10)
    assert known_until([several[0], *statements(0, 0, first=date(2027, 5, 10))], ORDER, KAPRIJKE) == date(2027, 5, 10)
    assert known_until([several[0], *statements(0, 0, first=date(2027, 5, 12))], ORDER, KAPRIJKE) is None


def test_statements_that_begin_behind_the_order_say_nothing_of_the_days_before():
    assert known_until(statements(10, 20, first=date(2027, 5, 8)), ORDER, KAPRIJKE) is None
    assert known_until([], ORDER, KAPRIJKE) is None


@pytest.mark.parametrize(
    ("day", "number", "then"),
    [
        (date(2027, 6, 11), 2, date(2027, 6, 15)),  # a Friday
        (date(2027, 3, 25), 1, date(2027, 3, 30)),  # before Good Friday and Easter Monday
        (date(2026, 12, 24), 2, date(2026, 12, 29)),
        (date(2027, 7, 20), 2, date(2027, 7, 22)),  # the 21st is a holiday, and the banks' system works
        (date(2027, 6, 12), 0, date(2027, 6, 12)),
    ],
)
def test_bank_days(day, number, then):
    assert bank_days_after(day, number) == then
