"""The Belgian tax certificate for child care, 281.86: which days count, in which year, at which price, for whom.

A day counts when the child was there and its stay is paid whole; in the year in which it became so. A mark says that it
was there: present, late or fetched. A day without a mark does not count: nobody said that the child came, and the city
signs that it did. (A list that was not marked is mended at the gate's page first; then the certificate is made.)

Days are paid in their order, the oldest first, those too on which the child was absent: what was paid for an absence is
in no certificate. Extras and fines are paid last. Money that goes back takes from the newest days.

The price of a day is the stay's alone, in whole cents: a price for several days is divided by them and cut off to the
cent, so a certificate is never for more than was paid. At most the year's maximum a day and child; then each payer's
part.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby

from chalicelib.money.tariffs.families import age

MOST_PERIODS = 4
YOUNGER_THAN = 14
YOUNGER_THAN_WITH_DISABILITY = 21
WHOLE = 100
# Cents for a day and child, by the year of payment: the indexed amounts of article 145/35 of the income tax code, as
# the city's documents give them. Finance enters later years itself, with where it read them (table.py).
KNOWN_MAXIMA = {2021: 13_70, 2022: 14_40, 2023: 15_70, 2024: 16_40}


@dataclass(frozen=True)
class StayPrice:
    """The price that an order asks for the stay of a child in a session: all lines together, discounts taken off, no
    extras, no fines. `days`: those that it is for, whether or not the child came."""

    session_id: str
    child_id: str
    cents: int
    days: tuple[date, ...]


@dataclass(frozen=True)
class Movement:
    """Money of an order on a day: more than 0 came from the family, less went back to it."""

    on: date
    cents: int


@dataclass(frozen=True)
class PaidOrder:
    """An order, as it stands now: what it asks for stays, and all money of it."""

    stays: tuple[StayPrice, ...]
    movements: tuple[Movement, ...]


@dataclass(frozen=True)
class CareDay:
    """A day of a child that counts. `cents`: what was paid for it; `paid_on`: when the last of it was."""

    child_id: str
    day: date
    session_id: str
    cents: int
    paid_on: date


@dataclass(frozen=True)
class Period:
    """Days of one session at one price; between the first and the last may lie days that do not count."""

    first: date
    last: date
    days: int
    day_cents: int

    @property
    def cents(self) -> int:
        return self.days * self.day_cents


@dataclass(frozen=True)
class Draft:
    """The content of a certificate, without names. `payer`: its place among the family's; `part`: 0 for the first of a
    child and payer, 1 for a second one, where there are more periods than a certificate has room for."""

    child_id: str
    payer: int
    part: int
    periods: tuple[Period, ...]

    @property
    def cents(self) -> int:
        return sum(period.cents for period in self.periods)

    @property
    def key(self) -> tuple[str, int, int]:
        return self.child_id, self.payer, self.part


class Change(StrEnum):
    """How the certificates that a family has differ from those that it should have."""

    NEW = "new"
    CORRECTED = "corrected"
    CANCELLED = "cancelled"


def paid_days(order: PaidOrder, attended: Iterable[tuple[str, str, date]]) -> list[CareDay]:
    """The days of an order that count, in their order. `attended`: session_id, child_id and day."""
    was_there = frozenset(attended)
    charges = sorted((day, stay.child_id, stay.session_id, cents) for stay in order.stays for day, cents in _each(stay))
    price = {(stay.session_id, stay.child_id): stay.cents // len(stay.days) for stay in order.stays if stay.days}
    balances = _balances(order.movements)
    days, due = [], 0
    for day, child_id, session_id, cents in charges:
        due += cents
        paid_on = _covered_since(balances, due)
        counts = (session_id, child_id, day) in was_there and price[session_id, child_id] > 0
        if paid_on is not None and counts:
            days.append(CareDay(child_id, day, session_id, price[session_id, child_id], paid_on))
    return days


def _each(stay: StayPrice) -> list[tuple[date, int]]:
    """The cents that each day costs, so that all days together cost what the stay costs: the first days a cent more."""
    if not stay.days:
        return []
    cents, rest = divmod(max(stay.cents, 0), len(stay.days))
    return [(day, cents + (place < rest)) for place, day in enumerate(sorted(stay.days))]


def _balances(movements: Iterable[Movement]) -> list[tuple[date, int]]:
    """The cents that the family had paid at the end of each day on which money moved."""
    balances, balance = [], 0
    for day, moved in groupby(sorted(movements, key=lambda one: one.on), key=lambda one: one.on):
        balance += sum(one.cents for one in moved)
        balances.append((day, balance))
    return balances


def _covered_since(balances: Sequence[tuple[date, int]], due: int) -> date | None:
    """Since when so much has been paid without a break; None: it is not paid."""
    since = None
    for day, balance in balances:
        if balance < due:
            since = None
        elif since is None:
            since = day
    return since


def nobody(child_id: str, day: date) -> bool:
    """No child has a severe disability."""
    return False


def of_year(
    days: Iterable[CareDay],
    year: int,
    born: Mapping[str, date],
    is_severe: Callable[[str, date], bool] = nobody,
) -> list[CareDay]:
    """The days that belong to the certificates of a year: paid in it, of children who were young enough on the day.
    `is_severe`: whether a child has a severe disability on a day, by a proof that a person of the city has checked. A
    day that several orders pay for (a morning and an afternoon) is one day: that of the year in which the last of them
    was paid."""
    together: dict[tuple[str, date], CareDay] = {}
    for one in sorted(days, key=lambda one: (one.day, one.session_id)):
        before = together.get((one.child_id, one.day))
        together[one.child_id, one.day] = one if before is None else _joined(before, one)
    return [
        one
        for one in together.values()
        if one.paid_on.year == year
        and one.child_id in born
        and age(born[one.child_id], one.day)
        < (YOUNGER_THAN_WITH_DISABILITY if is_severe(one.child_id, one.day) else YOUNGER_THAN)
    ]


def _joined(one: CareDay, other: CareDay) -> CareDay:
    cents, paid_on = one.cents + other.cents, max(one.paid_on, other.paid_on)
    return CareDay(one.child_id, one.day, one.session_id, cents, paid_on)


def drafts(days: Iterable[CareDay], most_cents: int, shares: Mapping[str, Sequence[int]]) -> list[Draft]:
    """The certificates of a year. `days`: as `of_year` gives them. `shares`: of each child, percentages by payer, 100
    in all; a child that is not in it is paid by the first payer alone. A payer's part of a day is cut off to the cent;
    a day of which nothing is left is in none."""
    made = []
    ordered = sorted(days, key=lambda one: (one.child_id, one.day))
    for child_id, of_child in groupby(ordered, key=lambda one: one.child_id):
        own = list(of_child)
        for payer, share in enumerate(shares.get(child_id, (WHOLE,))):
            periods = _periods([(one.day, one.session_id, min(one.cents, most_cents) * share // WHOLE) for one in own])
            made += [
                Draft(child_id, payer, part, tuple(periods[start : start + MOST_PERIODS]))
                for part, start in enumerate(range(0, len(periods), MOST_PERIODS))
            ]
    return made


def _periods(days: Iterable[tuple[date, str, int]]) -> list[Period]:
    """`days`: in their order, each with its session and its price."""
    periods = []
    for (_, cents), together in groupby(days, key=lambda one: one[1:]):
        run = [day for day, *_ in together]
        if cents > 0:
            periods.append(Period(run[0], run[-1], len(run), cents))
    return periods


def are_shares(shares: Sequence[int]) -> bool:
    """Whether these percentages are all of it."""
    return bool(shares) and all(0 <= one <= WHOLE for one in shares) and sum(shares) == WHOLE
