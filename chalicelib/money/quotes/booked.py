"""The registrations of a family, as the items of a quote; and the price of all of them.

One home for the way from a registration to a price: orders (money/orders/following.py), the API and pages ask here.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache

from chalicelib.booking.registrations import register
from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import Registration, RegistrationStatus, Standing
from chalicelib.core import table
from chalicelib.core.moments import today
from chalicelib.money.citypass import table as city_passes
from chalicelib.money.citypass.applications import Application
from chalicelib.money.citypass.entitled import ByPass, by_pass, with_passes
from chalicelib.money.entitlements import rules as entitled
from chalicelib.money.entitlements import table as entitlements
from chalicelib.money.entitlements.rules import Declaration
from chalicelib.money.extras import table as extras_table
from chalicelib.money.extras.rules import Beside, ChildExtras
from chalicelib.money.payees.rules import Payee, Payees
from chalicelib.money.tariffs.families import DayPart, Family, FineEvent, ItemDay, QuoteItem, minutes
from chalicelib.money.tariffs.pieces import NoPrice
from chalicelib.money.tariffs.quoting import Quote, QuoteLine, as_proven, quote
from chalicelib.money.tariffs.rules import Labels, Line, PriceRole, Tariff, Unit
from chalicelib.people.families import table as families
from chalicelib.people.families.rules import Pass
from chalicelib.programme.sessions import handlers as shown
from chalicelib.programme.sessions import table as programme
from chalicelib.programme.sessions.rules import Session

SATURDAY = 6
# A session that ends by one o'clock, or begins from noon on, is half a day.
ONE, TWELVE = 13 * 60, 12 * 60
# The rule of a line whose session no tariff covers.
OWN_PRICE = "price"
PRICE_OF_CAMP = Labels("Prijs van het kamp", "Prix du stage", "Price of the camp")


@dataclass(frozen=True)
class Household:
    """Facts about a family that its prices depend on, with whichever municipality. `children`: when each was born.
    `postcode`: of its pass. `passes`: what children have by a city pass. `is_all_proven`: as if it had shown a proof of
    all that it declares, and of where it lives."""

    children: Mapping[str, date]
    postcode: str = ""
    declarations: Sequence[Declaration] = ()
    passes: ByPass = field(default_factory=dict)
    is_all_proven: bool = False

    def towards(self, payee: Payee | None) -> Family:
        """As whoever it pays sees it."""
        municipality, postcodes = (payee.municipality, payee.postcodes) if payee else ("", ())
        family = entitled.family_of(self.declarations, self.children, municipality, self.postcode, postcodes)
        return with_passes(as_proven(family) if self.is_all_proven else family, self.passes)


@dataclass(frozen=True)
class Booked:
    """A family's registrations with their sessions and how they stand; `standings` None: it never came to be.
    `beside`: extras and fines, by registration_id, of those that have any."""

    family_id: str
    household: Household
    records: Sequence[Registration]
    standings: Mapping[str, Standing]
    sessions: Mapping[str, Session]
    beside: Mapping[str, Beside] = field(default_factory=dict)

    @property
    def children(self) -> Mapping[str, date]:
        return self.household.children

    def confirmed(self) -> Iterator[tuple[Registration, str]]:
        """Each child of each registration that has its seat for good."""
        for record in self.records:
            stands = self.standings.get(record.registration_id)
            if stands and stands.status is RegistrationStatus.CONFIRMED:
                for child_id in record.child_ids:
                    yield record, child_id

    def taken(self, registration_id: str, child_id: str) -> ChildExtras:
        """The extras that the family took for a child."""
        known = self.beside.get(registration_id)
        return known.extras(child_id) if known else {}


@dataclass(frozen=True)
class WantedItem:
    """A child in a session. `registered_at`: since when it is registered; None: it is only asked what it would cost.
    `days`: those on which it comes; None: all. `extras`: names that the tariff has, for each of its days or once.
    `taken`: extras of what is registered; one for which the tariff has no price costs nothing."""

    session: Session
    child_id: str
    registered_at: datetime | None = None
    days: tuple[date, ...] | None = None
    extras: tuple[str, ...] = ()
    taken: ChildExtras = field(default_factory=dict, hash=False)

    @property
    def key(self) -> tuple[str, str]:
        return self.session.session_id, self.child_id


@dataclass(frozen=True)
class FamilyQuote:
    """Lines for all items. `unpriced`: items for which no tariff and no price of the session says anything."""

    lines: tuple[QuoteLine, ...]
    unpriced: tuple[tuple[str, str], ...] = ()
    is_best: bool = True

    @property
    def total_cents(self) -> int:
        return sum(line.amount_cents for line in self.lines)

    @property
    def as_one(self) -> Quote:
        return Quote(self.total_cents, self.lines, self.is_best)

    def of(self, session_id: str, child_id: str) -> tuple[QuoteLine, ...]:
        return tuple(line for line in self.lines if (line.session_id, line.child_id) == (session_id, child_id))


@dataclass(frozen=True)
class Partition:
    """Items of a family's own partition that its prices depend on."""

    passes: Sequence[Pass]
    records: Sequence[Registration]
    declarations: Sequence[Declaration]
    city_passes: Sequence[Application]
    beside: Mapping[str, Beside] = field(default_factory=dict)

    @property
    def household(self) -> Household:
        own = [each for each in self.passes if not each.invited_by] or self.passes
        newest = next((each for each in reversed(own) if each.is_proven), own[-1] if own else None)
        children = {child.child_id: child.birth_date for each in self.passes for child in each.children}
        postcode = newest.postcode if newest else ""
        return Household(children, postcode, self.declarations, by_pass(self.city_passes))


def read(family_id: str) -> Partition:
    """One query: its city passes, declarations, extras, passes and registrations lie beside each other."""
    values = {
        ":family": {"S": families.PARTITION + family_id},
        ":first": {"S": city_passes.PREFIX},
        ":last": {"S": registrations.PREFIX + "\uffff"},
    }
    condition = "pk = :family AND sk BETWEEN :first AND :last"
    items = list(table.query(condition, values, ConsistentRead=True))
    passes = [families.read(item) for item in items if item["sk"]["S"].startswith(families.PREFIX)]
    records = [registrations.read(item) for item in items if item["sk"]["S"].startswith(registrations.PREFIX)]
    declared = [entitlements.read(item) for item in items if item["sk"]["S"].startswith(entitlements.PREFIX)]
    applied = [city_passes.read(item) for item in items if item["sk"]["S"].startswith(city_passes.PREFIX)]
    beside = [extras_table.read(item) for item in items if item["sk"]["S"].startswith(extras_table.PREFIX)]
    return Partition(
        sorted((each for each in passes if not each.moves), key=lambda each: each.created_at),
        sorted(records, key=lambda each: each.created_at),
        declared,
        applied,
        {each.registration_id: each for each in beside},
    )


def of_family(family_id: str, now: datetime) -> Booked:
    """As it is now: one query, one read of the seats of its registrations, one of their sessions."""
    found = read(family_id)
    stands = register.standings(found.records, now)
    sessions = programme.several({record.session_id for record in found.records}) if found.records else {}
    standings = {record.registration_id: one for record, one in zip(found.records, stands, strict=True) if one}
    return Booked(family_id, found.household, found.records, standings, sessions, found.beside)


def at_a_glance(found: Partition, family_id: str, now: datetime) -> Booked:
    """The places that the family has, for a price that is only shown. Whether a seat is for good, the mail about it
    says, which is marked in the record; the seats are read of those alone whose mail is not out yet or is about an
    offer. Sessions are as they were within the last seconds; those too from which a registration moved on, because its
    order began there."""
    sessions = shown.seen({record.session_id for record in found.records if not record.cancelled_at or record.moved_to})
    standings = {}
    unknown = []
    for record in found.records:
        if record.cancelled_at:
            continue
        if RegistrationStatus.CONFIRMED.value in record.mailed:
            standings[record.registration_id] = Standing(RegistrationStatus.CONFIRMED)
        elif record.mailed != {RegistrationStatus.WAITLISTED.value}:
            unknown.append(record)
    if unknown:
        stands = zip(unknown, register.standings(unknown, now), strict=True)
        standings |= {record.registration_id: one for record, one in stands if one}
    return Booked(family_id, found.household, found.records, standings, sessions, found.beside)


def priced(
    household: Household,
    items: Iterable[WantedItem],
    tariffs: Mapping[str, Tariff | None],
    payees: Payees,
    now: datetime,
) -> FamilyQuote:
    """`tariffs`: by municipality. A session that none covers costs its own price for each child. Items that share a
    tariff and are paid to the same are priced together."""
    lines: list[QuoteLine] = []
    unpriced: list[tuple[str, str]] = []
    together: dict[tuple[int, str], tuple[Tariff, Payee | None, list[WantedItem]]] = {}
    for item in items:
        tariff, payee = tariffs.get(item.session.municipality), payees.of(item.session.municipality)
        if tariff is None:
            lines += _own_price(item)
            unpriced += [] if item.session.price_cents is not None else [(item.session.session_id, item.child_id)]
        else:
            key = id(tariff), payee.municipality if payee else ""
            together.setdefault(key, (tariff, payee, []))[2].append(item)
    is_best = True
    for tariff, payee, several in together.values():
        found = _by_tariff(household, several, tariff, payee, now)
        lines += found.lines
        unpriced += found.unpriced
        is_best = is_best and found.is_best
    return FamilyQuote(tuple(lines), tuple(unpriced), is_best)


def _by_tariff(
    household: Household, items: Sequence[WantedItem], tariff: Tariff, payee: Payee | None, now: datetime
) -> FamilyQuote:
    """Items for which the tariff has no price are left out, one by one, and named; of an extra that was taken and has
    none, that extra alone is left out."""
    family = household.towards(payee)
    covered = [
        item
        for item in items
        if item.session.starts_on and item.session.ends_on and tariff.version(today(item.registered_at or now))
    ]
    own = [line for item in items if item not in covered for line in _own_price(item)]
    taken = {item.key: set(item.taken) for item in covered}
    left = [quote_item(item, payee, household, extras_by_day(tariff, item, now)) for item in covered]
    without: list[tuple[str, str]] = []
    while left:
        try:
            found = quote(family, left, tariff, now)
        except NoPrice as none:
            key = none.session_id, none.child_id
            if none.what in taken[key]:
                taken[key].remove(none.what)
                left = [_without_extra(each, none.what) if each.key == key else each for each in left]
                continue
            without.append(key)
            left = [each for each in left if each.key != key]
        else:
            return FamilyQuote((*own, *found.lines), tuple(without), found.is_best)
    return FamilyQuote(tuple(own), tuple(without))


def _without_extra(item: QuoteItem, name: str) -> QuoteItem:
    days = tuple(replace(day, extras=tuple(one for one in day.extras if one != name)) for day in item.days)
    return replace(item, days=days, extras=tuple(one for one in item.extras if one != name))


def fine_lines(
    household: Household,
    item: WantedItem,
    events: tuple[FineEvent, ...],
    tariff: Tariff | None,
    payee: Payee | None,
    now: datetime,
) -> list[QuoteLine] | None:
    """The lines of a child's fines: by themselves, because they depend on no other child, and stay when its place is
    given up. None: the tariff has no price for them."""
    is_covered = tariff is not None and tariff.version(today(item.registered_at or now)) is not None
    if tariff is None or not is_covered or item.session.starts_on is None or item.session.ends_on is None:
        return None
    alone = replace(quote_item(replace(item, days=(), taken={}), payee, household), events=events)
    try:
        return list(quote(household.towards(payee), [alone], tariff, now).lines)
    except NoPrice:
        return None


def _own_price(item: WantedItem) -> list[QuoteLine]:
    cents = item.session.price_cents
    if not cents:
        return []
    key = item.session.session_id, item.child_id
    return [QuoteLine(*key, OWN_PRICE, "", PRICE_OF_CAMP, Unit.CAMP, 1, 1, cents, cents)]


def extras_of(tariff: Tariff, registered_on: date) -> dict[str, bool]:
    """The extras that a family may take by then, by their names: whether for each day, or once a registration."""
    version = tariff.version(registered_on)
    lines = [line for line in version.lines if line.role is PriceRole.EXTRA] if version else []
    return {name: any(line.name == name and line.unit is not Unit.CAMP for line in lines) for name in _names(lines)}


def _names(lines: Iterable[Line]) -> list[str]:
    return sorted({line.name for line in lines})


def extras_by_day(tariff: Tariff, item: WantedItem, now: datetime) -> frozenset[str]:
    """Those of the item's extras that are for each of its days."""
    if not item.extras and not item.taken:
        return frozenset()
    known = extras_of(tariff, today(item.registered_at or now))
    return frozenset(name for name in (*item.extras, *item.taken) if known.get(name))


def quote_item(item: WantedItem, payee: Payee | None, household: Household, by_day: Collection[str] = ()) -> QuoteItem:
    """Of a session that has its days. `by_day`: those of its extras that are for each of them."""
    session = item.session
    days = camp_days(session, payee.country if payee else "BE")
    come = days if item.days is None else item.days
    every = dict.fromkeys((*item.extras, *item.taken))
    daily = {name: item.taken.get(name) for name in every if name in by_day}
    municipality = payee.municipality if payee else ""
    declarations, first = household.declarations, days[0]
    return QuoteItem(
        session.session_id,
        item.child_id,
        session.kind or "",
        days,
        tuple(_day(session, day, tuple(name for name, on in daily.items() if on is None or day in on)) for day in come),
        season=str(session.starts_on.year) if session.starts_on else "",
        extras=tuple(name for name in every if name not in by_day),
        registered_at=item.registered_at,
        level=entitled.level_on(declarations, item.child_id, household.children[item.child_id], municipality, first),
        income_cents=entitled.income_on(declarations, municipality, first),
    )


def _day(session: Session, day: date, extras: tuple[str, ...] = ()) -> ItemDay:
    """With the session's hours, if it has some."""
    begins, ends = session.daily_from, session.daily_until
    if begins is None or ends is None or begins >= ends:
        return ItemDay(day, extras=extras)
    is_morning, is_afternoon = minutes(ends) <= ONE, minutes(begins) >= TWELVE
    part = DayPart.MORNING if is_morning else DayPart.AFTERNOON if is_afternoon else DayPart.DAY
    return ItemDay(day, part, begins, ends, extras)


def camp_days(session: Session, country: str) -> tuple[date, ...]:
    """The days on which it takes place: its weekdays that are no public holiday, or all where it has none of these."""
    if session.starts_on is None or session.ends_on is None:
        return ()
    return _days_of(session.starts_on, session.ends_on, country)


@lru_cache(maxsize=2_000)
def _days_of(first: date, last: date, country: str) -> tuple[date, ...]:
    every = [first + timedelta(number) for number in range((last - first).days + 1)]
    free = frozenset().union(*(holidays_of(country, year) for year in range(first.year, last.year + 1)))
    return tuple(day for day in every if day.isoweekday() < SATURDAY and day not in free) or tuple(every)


@lru_cache
def holidays_of(country: str, year: int) -> frozenset[date]:
    from holidays import country_holidays  # noqa: PLC0415 heavy, and for who pays only

    return frozenset(country_holidays(country, years=year))


def family_of(booked: Booked) -> Household:
    """The family as far as a price depends on it."""
    return booked.household
