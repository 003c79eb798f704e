"""The price of a family's wishes, together with all that it has. Nothing is stored.

Reads: one query of the family's own partition, and the sessions, payees and tariffs that the container remembers for
seconds (`programme/sessions/handlers.py`, `payees/table.py`, `tariffs/table.py`). One more read where the mail about a
registration is not out yet.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from chalicelib.core.http.fields import MOST_ERRORS
from chalicelib.core.http.problems import INVALID, FieldError, Problem
from chalicelib.core.languages import N_
from chalicelib.core.memory import Memory
from chalicelib.core.moments import today
from chalicelib.money.orders.following import groups_of
from chalicelib.money.payees import table as payees_table
from chalicelib.money.payees.rules import Payees
from chalicelib.money.quotes import booked as bookings
from chalicelib.money.quotes.booked import Booked, FamilyQuote, WantedItem
from chalicelib.money.tariffs import table as tariffs_table
from chalicelib.money.tariffs.quoting import Change, QuoteDifference, QuoteLine, difference
from chalicelib.money.tariffs.rules import Tariff
from chalicelib.people.families.rules import Bearer
from chalicelib.programme.sessions import handlers as shown
from chalicelib.programme.sessions.rules import Session

# Children in sessions, those that the family has already too: ten children in ten camps.
MOST_PAIRS = 100
MIDSUMMER = 6
_most: Memory[str, int | None] = Memory(shown.SECONDS_SHOWN)

NO_SESSION = N_("There is no such session.")
NOT_YOURS = N_("This child is not in your pass.")
NOT_A_DAY = N_("The session does not take place on this day.")
NOT_AN_EXTRA = N_("This session has no such extra.")
TWICE = N_("This stands here twice.")
NO_PRICE = N_("The tariff has no price for this. Ask the municipality what it costs.")
TOO_MANY = N_("That is too much at once: ask for fewer children or sessions.")


@dataclass(frozen=True)
class Wish:
    """Children in a session. `days`: on which they come; None: all. `extras` None: those that are taken already."""

    session_id: str
    child_ids: tuple[str, ...]
    days: tuple[date, ...] | None = None
    extras: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Outlook:
    """`quote`: of all that the family has and wants. `wanted`: by session and child, in no order that changes anything.
    `difference`: to what it pays without them, for what it has too."""

    quote: FamilyQuote
    wanted: tuple[tuple[str, str], ...]
    difference: QuoteDifference

    @property
    def lines(self) -> tuple[QuoteLine, ...]:
        """Of what is wanted."""
        return tuple(line for line in self.quote.lines if (line.session_id, line.child_id) in self.wanted)

    @property
    def total_cents(self) -> int:
        return sum(line.amount_cents for line in self.lines)

    @property
    def others(self) -> tuple[Change, ...]:
        """Changes of price for places that the family has already."""
        changes = self.difference.changes
        return tuple(change for change in changes if (change.session_id, change.child_id) not in self.wanted)


def quote_for(who: Bearer, wishes: Sequence[Wish], now: datetime) -> Outlook:
    """Raises Problem `invalid`, which names the fields as the API has them."""
    found = bookings.read(who.family_id)
    has = bookings.at_a_glance(found, who.family_id, now)
    return outlook(who, has, wishes, now)


def outlook(who: Bearer, has: Booked, wishes: Sequence[Wish], now: datetime) -> Outlook:
    """`has`: all that the family has. Raises Problem `invalid`."""
    payees = payees_table.remembered()
    sessions = shown.seen({wish.session_id for wish in wishes})
    tariffs = {
        each: tariffs_table.in_force(each)
        for each in {session.municipality for session in (*sessions.values(), *has.sessions.values())}
    }
    faults = list(_faults(who, wishes, sessions, tariffs, payees, now))
    if faults:
        raise Problem(INVALID, errors=faults[:MOST_ERRORS])
    household = replace(has.household, children={**has.children, **who.children})
    own = {item.key: item for item in items_of(has, payees)}
    asked = {item.key: item for item in sorted(_items(wishes, sessions, own), key=lambda item: item.key)}
    if len(own.keys() | asked.keys()) > MOST_PAIRS:
        raise Problem(INVALID, errors=[FieldError("items", TOO_MANY)])
    before = bookings.priced(household, own.values(), tariffs, payees, now)
    after = bookings.priced(household, {**own, **asked}.values(), tariffs, payees, now)
    if missing := [key for key in after.unpriced if key in asked]:
        raise Problem(INVALID, errors=list(_unpriced(wishes, missing))[:MOST_ERRORS])
    return Outlook(after, tuple(sorted(asked)), difference(before.as_one, after.as_one))


def most_of(session: Session, now: datetime) -> int | None:
    """The session's highest price in cents, for a child of any of its ages of whom nothing is known: no other child,
    and nothing that lowers a price. None: no tariff has a price for it, or not for each age. As it was at most
    SECONDS_SHOWN ago."""
    return _most.get(session.session_id, lambda: _most_of(session, now))


def _most_of(session: Session, now: datetime) -> int | None:
    payees = payees_table.remembered()
    tariff = tariffs_table.in_force(session.municipality) if payees.of(session.municipality) else None
    if tariff is None or session.starts_on is None or session.age_min is None or session.age_max is None:
        return None
    ages = range(session.age_min, session.age_max + 1)
    quotes = [
        bookings.priced(
            bookings.Household({"child": _born(session.starts_on, age)}),
            [WantedItem(session, "child")],
            {session.municipality: tariff},
            payees,
            now,
        )
        for age in ages
    ]
    return None if any(quote.unpriced for quote in quotes) else max(quote.total_cents for quote in quotes)


def _born(day: date, years: int) -> date:
    """Of a child that is so old on that day, and had its birthday half a year before."""
    return date(day.year - years, 1, 1) if day.month > MIDSUMMER else date(day.year - years - 1, MIDSUMMER, 1)


def once_proven(has: Booked) -> Booked | None:
    """The same, as if all that it declared were proven, and that it lives where its postcode says; None: nothing is
    left to prove."""
    household = has.household
    if not household.postcode and not any(each.waits for each in household.declarations):
        return None
    declarations = [each.as_proven() for each in household.declarations]
    return replace(has, household=replace(household, declarations=declarations, is_all_proven=True))


def items_of(has: Booked, payees: Payees) -> Iterator[WantedItem]:
    """Places that the family has for good, each since its order began: it pays the price that held then, also after a
    move."""
    began = {
        record.registration_id: group.records[0].created_at
        for group in groups_of(has, payees)
        for record in group.records
    }
    for record, child_id in has.confirmed():
        session = has.sessions.get(record.session_id)
        if session and child_id in has.children:
            since = began.get(record.registration_id, record.created_at)
            taken = has.taken(record.registration_id, child_id)
            yield WantedItem(session, child_id, since, taken=taken)


def _items(
    wishes: Iterable[Wish], sessions: Mapping[str, Session], own: Mapping[tuple[str, str], WantedItem]
) -> Iterator[WantedItem]:
    """A place that the family has already keeps the price that held when it was registered."""
    for wish in wishes:
        for child_id in wish.child_ids:
            has = own.get((wish.session_id, child_id))
            yield WantedItem(
                sessions[wish.session_id],
                child_id,
                has.registered_at if has else None,
                wish.days,
                wish.extras or (),
                has.taken if has and wish.extras is None else {},
            )


def _faults(
    who: Bearer,
    wishes: Sequence[Wish],
    sessions: Mapping[str, Session],
    tariffs: Mapping[str, Tariff | None],
    payees: Payees,
    now: datetime,
) -> Iterator[FieldError]:
    pairs = set()
    for number, wish in enumerate(wishes):
        at = f"items[{number}]"
        session = sessions.get(wish.session_id)
        for place, child_id in enumerate(wish.child_ids):
            if child_id not in who.children:
                yield FieldError(f"{at}.child_ids[{place}]", NOT_YOURS)
            elif (wish.session_id, child_id) in pairs:
                yield FieldError(f"{at}.child_ids[{place}]", TWICE)
            pairs.add((wish.session_id, child_id))
        if session is None or session.missing or session.cancelled_at:
            yield FieldError(f"{at}.session_id", NO_SESSION)
            continue
        payee, tariff = payees.of(session.municipality), tariffs.get(session.municipality)
        days = bookings.camp_days(session, payee.country if payee else "BE")
        extras = bookings.extras_of(tariff, today(now)) if tariff else {}
        yield from _not_among(wish.days or (), days, f"{at}.days", NOT_A_DAY)
        yield from _not_among(wish.extras or (), extras, f"{at}.extras", NOT_AN_EXTRA)


def _not_among(
    values: Sequence[date | str], known: Iterable[date | str], field: str, message: str
) -> Iterator[FieldError]:
    among = set(known)
    for place, value in enumerate(values):
        if value not in among:
            yield FieldError(f"{field}[{place}]", message)
        elif value in values[:place]:
            yield FieldError(f"{field}[{place}]", TWICE)


def _unpriced(wishes: Iterable[Wish], missing: Iterable[tuple[str, str]]) -> Iterator[FieldError]:
    for number, wish in enumerate(wishes):
        for place, child_id in enumerate(wish.child_ids):
            if (wish.session_id, child_id) in missing:
                yield FieldError(f"items[{number}].child_ids[{place}]", NO_PRICE)
