"""The rules by which the system acts by itself: when, if, then, whose rule it is, and when it last acted; and what a
rule about unpaid orders would have done in the last year.

The rules are data here and act elsewhere: `acts` names the messages by which each does. That one acted is counted
behind it, in the tally (core/counters): at least so often, and the day is the last on which that was counted.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from chalicelib.core.counters import table as tally
from chalicelib.core.counters.rules import DID, Sums
from chalicelib.core.languages import N_
from chalicelib.core.moments import today
from chalicelib.insight.by_itself_days import money_days
from chalicelib.money.orders import table as orders
from chalicelib.money.payees import table as payees
from chalicelib.programme.sessions import whose

MANAGER, FINANCE, NOBODY = N_("Programme manager"), N_("Finance"), N_("The law, and the city’s own terms")
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class ActingRule:
    """In English, to be translated. `acts`: the kinds of message by which it acts; none: nothing records it. `set_at`:
    the page on which the owner sets it; empty: it is not the city's to set."""

    name: str
    when: str
    if_: str
    then: str
    owner: str
    acts: tuple[str, ...] = ()
    set_at: str = ""


RULES = (
    ActingRule(
        N_("Offers move on"),
        N_("A seat becomes free"),
        N_("Somebody waits for it"),
        N_("It is offered to who is next in line, and a mail says until when"),
        MANAGER,
        ("offered",),
        "/office/openings",
    ),
    ActingRule(
        N_("Offers end"),
        N_("The time of an offer is over"),
        N_("The family did not accept it"),
        N_("The seat goes to the next family, and a mail says so"),
        MANAGER,
        ("lapsed",),
        "/office/openings",
    ),
    ActingRule(
        N_("Reminders"),
        N_("Each morning"),
        N_("A camp, a family’s own moment or the end of an offer is near"),
        N_("A mail says it"),
        MANAGER,
        ("moment", "moment-soon", "camp-soon", "offer-ends"),
    ),
    ActingRule(
        N_("Results of a draw"),
        N_("A draw is held"),
        N_("A family took part"),
        N_("Seats are given in the order of the draw, and a mail says the result"),
        MANAGER,
        ("result",),
        "/office/openings",
    ),
    ActingRule(
        N_("Reminders of unpaid orders"),
        N_("So many days after an order was due"),
        N_("Something is owed, by the bank’s statements"),
        N_("A mail reminds the family"),
        FINANCE,
        ("unpaid",),
        "/office/payees",
    ),
    ActingRule(
        N_("Unpaid orders end"),
        N_("So many days after an order was due"),
        N_("Nothing was paid, by statements without a gap, and the camp is not near"),
        N_("The registration ends, its seat goes to the next family, and a mail says why"),
        FINANCE,
        ("overdue",),
        "/office/payees",
    ),
    ActingRule(
        N_("Tax certificates"),
        N_("Finance set the year’s maximum, and a second person accepted it"),
        N_("Days were attended and paid"),
        N_("Certificates are made, made anew where something changes, and a mail says so"),
        FINANCE,
        ("certificates",),
        "/office/certificates",
    ),
    ActingRule(
        N_("Certificates of the home counter"),
        N_("Somebody proved who they are"),
        N_("They ask for themself, and the population register knows them and says all that the certificate states"),
        N_("It is issued, signed, and a mail says so; else a clerk decides, and reads why"),
        MANAGER,
        ("counter",),
        "/office/certificate-rules",
    ),
    ActingRule(
        N_("Payments on line are looked at"),
        N_("Each hour while one is open"),
        N_("The provider may know more than it told"),
        N_("The provider is asked, and what it says is booked"),
        FINANCE,
    ),
    ActingRule(
        N_("Books are closed"),
        N_("Each morning"),
        N_("A day is over"),
        N_("Its sums are added up and chained to the day before"),
        FINANCE,
    ),
    ActingRule(
        N_("What was kept for long enough ends"),
        N_("Each week"),
        N_("Its time is over"),
        N_("It is erased"),
        NOBODY,
    ),
)


@dataclass(frozen=True)
class Acted:
    """`times`: at least so often in the last 365 days; None: nothing records it. `last`: the last day; None: there is
    none, or nothing records it."""

    rule: ActingRule
    times: int | None
    last: date | None


@dataclass(frozen=True)
class DryRun:
    """The effect that a rule "unpaid orders end after so many days" would have had in the last 365 days. `late`:
    payments that came later than that: their families would have lost the seat before. `owed`: orders that are owed
    now, and were due that long ago. `behind`: the latest day that is not summed yet."""

    days: int
    late: int
    owed: int
    since: date
    behind: date | None


def acted(now: datetime) -> list[Acted]:
    """By the days that the daily run added up (by_itself_days.py), some 60 read units, and the last two; writes
    nothing."""
    today_ = now.astimezone(UTC).date()
    first = today_ - YEAR
    days: dict[date, Sums] = {one.day: one.sums for year in (first.year, today_.year) for one in tally.days(year)}
    for recent in (today_ - timedelta(days=1), today_):
        if recent not in days:
            days[recent] = sum(tally.day(recent).values(), Counter[str]())
    return [_acted(rule, {day: sums for day, sums in days.items() if first <= day <= today_}) for rule in RULES]


def _acted(rule: ActingRule, days: Mapping[date, Sums]) -> Acted:
    if not rule.acts:
        return Acted(rule, None, None)
    by_day = {day: sum(sums.get(DID + act, 0) for act in rule.acts) for day, sums in days.items()}
    return Acted(rule, sum(by_day.values()), max((day for day, number in by_day.items() if number), default=None))


def dry_run(days: int, now: datetime) -> DryRun:
    first = today(now) - YEAR
    counted = money_days(first, today(now), now)
    late = sum(number for one in counted.days for after, number in one.late.items() if after > days)
    before = today(now) - timedelta(days=days)
    owed = sum(
        one.due_on is not None and first <= one.due_on < before for place in _places() for one in orders.owing(place)
    )
    return DryRun(days, late, owed, first, counted.behind)


def _places() -> Sequence[str]:
    if not payees.remembered():
        return ()
    return sorted({one.municipality for one in whose.every()} | set(payees.remembered().by_municipality))
