"""What a family has registered, as the items of a quote; and what it pays for all of them.

One home for the way from a registration to a price: orders (money/orders/following.py), the API and pages ask here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chalicelib.booking.registrations import register
from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import Registration, RegistrationStatus, Standing
from chalicelib.core.moments import today
from chalicelib.money.payees.rules import Payee, Payees
from chalicelib.money.tariffs.families import Family, FamilyChild, ItemDay, QuoteItem
from chalicelib.money.tariffs.pieces import NoPrice
from chalicelib.money.tariffs.quoting import QuoteLine, quote
from chalicelib.money.tariffs.rules import Labels, Tariff, Unit
from chalicelib.people.families import table as families
from chalicelib.programme.sessions import table as programme
from chalicelib.programme.sessions.rules import Session

SATURDAY = 6
# The rule of a line whose session no tariff covers.
OWN_PRICE = "price"
PRICE_OF_CAMP = Labels("Prijs van het kamp", "Prix du stage", "Price of the camp")


@dataclass(frozen=True)
class Booked:
    """A family's registrations with their sessions and how they stand; `standings` None: it never came to be."""

    family_id: str
    children: Mapping[str, date]
    records: Sequence[Registration]
    standings: Mapping[str, Standing]
    sessions: Mapping[str, Session]

    def confirmed(self) -> Iterator[tuple[Registration, str]]:
        """Each child of each registration that has its seat for good."""
        for record in self.records:
            stands = self.standings.get(record.registration_id)
            if stands and stands.status is RegistrationStatus.CONFIRMED:
                for child_id in record.child_ids:
                    yield record, child_id


@dataclass(frozen=True)
class WantedItem:
    """A child in a session. `registered_at`: since when it is registered; None: it is only asked what it would cost."""

    session: Session
    child_id: str
    registered_at: datetime | None = None


@dataclass(frozen=True)
class FamilyQuote:
    """Lines for all items. `unpriced`: items for which no tariff and no price of the session says anything."""

    lines: tuple[QuoteLine, ...]
    unpriced: tuple[tuple[str, str], ...] = ()
    is_best: bool = True

    @property
    def total_cents(self) -> int:
        return sum(line.amount_cents for line in self.lines)

    def of(self, session_id: str, child_id: str) -> tuple[QuoteLine, ...]:
        return tuple(line for line in self.lines if (line.session_id, line.child_id) == (session_id, child_id))


def of_family(family_id: str, now: datetime) -> Booked:
    """As it is now: one query of the registrations, one read of their seats, one of their sessions, one of the
    passes."""
    records = registrations.of_family(family_id)
    stands = register.standings(records, now)
    sessions = programme.several({record.session_id for record in records}) if records else {}
    return Booked(
        family_id,
        births_of(family_id) if records else {},
        records,
        {record.registration_id: one for record, one in zip(records, stands, strict=True) if one},
        sessions,
    )


def births_of(family_id: str) -> dict[str, date]:
    """When each child was born that a pass of the family names."""
    return {child.child_id: child.birth_date for one in families.of_family(family_id) for child in one.children}


def priced(
    family: Family, items: Iterable[WantedItem], tariffs: Mapping[str, Tariff | None], payees: Payees, now: datetime
) -> FamilyQuote:
    """`tariffs`: by municipality. A session that none covers costs its own price for each child. Items of several
    municipalities that share a tariff are priced together."""
    lines: list[QuoteLine] = []
    unpriced: list[tuple[str, str]] = []
    by_tariff: dict[int, tuple[Tariff, list[WantedItem]]] = {}
    for item in items:
        tariff = tariffs.get(item.session.municipality)
        if tariff is None:
            lines += _own_price(item)
            unpriced += [] if item.session.price_cents is not None else [(item.session.session_id, item.child_id)]
        else:
            by_tariff.setdefault(id(tariff), (tariff, []))[1].append(item)
    is_best = True
    for tariff, several in by_tariff.values():
        found = _by_tariff(family, several, tariff, payees, now)
        lines += found.lines
        unpriced += found.unpriced
        is_best = is_best and found.is_best
    return FamilyQuote(tuple(lines), tuple(unpriced), is_best)


def _by_tariff(
    family: Family, items: Sequence[WantedItem], tariff: Tariff, payees: Payees, now: datetime
) -> FamilyQuote:
    """Items for which the tariff has no price are left out, one by one, and named."""
    left = [(item, quote_item(item, payees.of(item.session.municipality))) for item in items]
    without: list[tuple[str, str]] = []
    own: list[QuoteLine] = []
    for item, _ in list(left):
        if tariff.version(today(item.registered_at or now)) is None:
            left = [pair for pair in left if pair[0] is not item]
            own += _own_price(item)
    while left:
        try:
            found = quote(family, [one for _, one in left], tariff, now)
        except NoPrice as none:
            key = none.session_id, none.child_id
            without.append(key)
            left = [pair for pair in left if pair[1].key != key]
        else:
            return FamilyQuote((*own, *found.lines), tuple(without), found.is_best)
    return FamilyQuote(tuple(own), tuple(without))


def _own_price(item: WantedItem) -> list[QuoteLine]:
    cents = item.session.price_cents
    if not cents:
        return []
    key = item.session.session_id, item.child_id
    return [QuoteLine(*key, OWN_PRICE, "", PRICE_OF_CAMP, Unit.CAMP, 1, 1, cents, cents)]


def quote_item(item: WantedItem, payee: Payee | None) -> QuoteItem:
    session = item.session
    days = camp_days(session, payee.country if payee else "BE")
    return QuoteItem(
        session.session_id,
        item.child_id,
        session.kind or "",
        days,
        tuple(map(ItemDay, days)),
        season=str(session.starts_on.year) if session.starts_on else "",
        registered_at=item.registered_at,
    )


def camp_days(session: Session, country: str) -> tuple[date, ...]:
    """The days on which it takes place: its weekdays that are no public holiday, or all where it has none of these."""
    from holidays import country_holidays  # noqa: PLC0415 heavy, and for who pays only

    if session.starts_on is None or session.ends_on is None:
        return ()
    length = (session.ends_on - session.starts_on).days + 1
    every = [session.starts_on + timedelta(number) for number in range(length)]
    free = country_holidays(country, years=range(session.starts_on.year, session.ends_on.year + 1))
    return tuple(day for day in every if day.isoweekday() < SATURDAY and day not in free) or tuple(every)


def family_of(booked: Booked) -> Family:
    """The family as far as a price depends on it."""
    return Family(tuple(FamilyChild(child, born) for child, born in sorted(booked.children.items())))
