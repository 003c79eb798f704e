"""The amount that a family would keep paying if it cancelled, moved or chose other extras, worked out before it
decides. Nothing is stored.

By the rules of the orders that follow from it (following.py): its registrations are taken as they would stand then, and
all of its orders are measured.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from chalicelib.booking.registrations.rules import Registration, RegistrationStatus, Standing
from chalicelib.core.moments import brussels, today
from chalicelib.money.extras.rules import Beside
from chalicelib.money.orders import table
from chalicelib.money.orders.following import groups_of, measure
from chalicelib.money.orders.keeping import kept_line
from chalicelib.money.orders.rules import Gone, Order, OrderLine, OrderPart
from chalicelib.money.payees import table as payees_table
from chalicelib.money.payees.rules import Payees
from chalicelib.money.quotes import booked as bookings
from chalicelib.money.quotes.booked import Booked
from chalicelib.money.tariffs import table as tariffs_table
from chalicelib.money.tariffs.quoting import Change
from chalicelib.money.tariffs.rules import Tariff
from chalicelib.programme.cancellation import table as cancellation
from chalicelib.programme.cancellation.rules import charges, in_force, still_to_come
from chalicelib.programme.sessions.rules import Session

# Days ahead for which the costs are told; what changes later than that is told then.
MOST_DAYS = 400
NOON = time(12)
# The id of the registration that a move would make.
MOVED = "moved"

Key = tuple[str, str]  # session_id, child_id


@dataclass(frozen=True)
class CancellingCost:
    """The cost of cancelling until and including `last_day`; None: from then on for good."""

    cents: int
    last_day: date | None


@dataclass(frozen=True)
class LeavingOutlook:
    """`kept`: what the city keeps of those who go, line by line. `others`: what stays and costs otherwise then.
    `difference_cents`: what the family pays more in all, or less if below 0. `back_cents`: what goes back to it of what
    it has paid."""

    kept: tuple[OrderLine, ...]
    others: tuple[Change, ...]
    sessions: Mapping[str, Session]
    difference_cents: int
    back_cents: int

    @property
    def kept_cents(self) -> int:
        return sum(line.amount_cents for line in self.kept)

    @property
    def mark(self) -> str:
        """By which a form says what it was shown with."""
        return f"{self.kept_cents}/{self.difference_cents}"


def of_cancelling(
    family_id: str, registration_id: str, child_ids: Collection[str], now: datetime
) -> LeavingOutlook | None:
    """If these children of the registration cancelled now. None: nobody takes money for it."""
    stands = _Stands.read(family_id, now)
    return stands.outlook(stands.without(registration_id, child_ids)) if stands.is_paid(registration_id) else None


def of_moving(
    family_id: str, registration_id: str, child_ids: Collection[str], to: Session, now: datetime
) -> LeavingOutlook | None:
    """If these children moved to the session `to` now. None: nobody takes money for it, or one of them is there
    already."""
    stands = _Stands.read(family_id, now, [to.municipality])
    there = {child for record, child in stands.booked.confirmed() if record.session_id == to.session_id}
    if not stands.is_paid(registration_id) or there.intersection(child_ids):
        return None
    before = next(each for each in stands.booked.records if each.registration_id == registration_id)
    moved = replace(
        before,
        registration_id=MOVED,
        session_id=to.session_id,
        child_ids=tuple(child for child in before.child_ids if child in child_ids),
        created_at=now,
        moved_from=registration_id,
        left={},
    )
    here = stands.without(registration_id, child_ids, MOVED)
    then = replace(
        here,
        records=[*here.records, moved],
        standings={**here.standings, MOVED: Standing(RegistrationStatus.CONFIRMED)},
        sessions={**here.sessions, to.session_id: to},
    )
    return stands.outlook(then)


def of_choosing(family_id: str, after: Beside, now: datetime) -> LeavingOutlook:
    """If these were the extras of the registration from now on."""
    stands = _Stands.read(family_id, now)
    booked = stands.booked
    return stands.outlook(replace(booked, beside={**booked.beside, after.registration_id: after}))


def costs(
    record: Registration, session: Session, children: Iterable[str], price_cents: int, now: datetime
) -> list[CancellingCost]:
    """The cost of cancelling for these children from now on, in stretches of days: by the tariff by which they pay,
    else by the city's rule. `price_cents`: of one child, where no order says what it costs."""
    going = list(children)
    payee = payees_table.of(session.municipality)
    if payee is None or session.starts_on is None:
        return _by_rule(record.created_at, session, [price_cents] * len(going), now)
    has = bookings.at_a_glance(bookings.read(record.family_id), record.family_id, now)
    groups = groups_of(has, payees_table.remembered())
    own = record.registration_id  # not the record itself: a mail may have been marked since it was read
    group = next((each for each in groups if own in {one.registration_id for one in each.records}), None)
    began = group.records[0].created_at if group else record.created_at
    tariff = tariffs_table.in_force(session.municipality)
    version = tariff.version(today(began)) if tariff else None
    order = table.get(group.order_id) if group else None
    paid = {child: _price(order, session.session_id, child, price_cents) for child in going}
    if version is None or not version.cancelling:
        return _by_rule(began, session, list(paid.values()), now)

    def kept(moment: datetime) -> int:
        gone = (Gone(session.session_id, child, cents, began, moment) for child, cents in paid.items())
        proofs = order.proofs if order else {}
        return sum(kept_line(one, session, tariff, payee, proofs).amount_cents for one in gone)

    return list(_stretches(kept, session, now))


def _by_rule(registered_at: datetime, session: Session, prices: Sequence[int], now: datetime) -> list[CancellingCost]:
    """`prices`: of each child, because each is charged by itself."""
    if session.starts_on is None:
        return []
    rule, first_day = in_force(cancellation.remembered(), registered_at), session.starts_on
    each = [still_to_come(charges(rule, cents, first_day), now) for cents in prices or [0]]
    return [
        CancellingCost(sum(one.cents for one in at_once), at_once[0].last_day) for at_once in zip(*each, strict=True)
    ]


def _price(order: Order | None, session_id: str, child_id: str, otherwise: int) -> int:
    if order is None:
        return otherwise
    return _prices(order).get((session_id, child_id), otherwise)


def _prices(order: Order) -> dict[Key, int]:
    found: dict[Key, int] = {}
    for line in order.lines:
        if line.is_of_the_place:
            key = line.session_id, line.child_id
            found[key] = found.get(key, 0) + line.amount_cents
    return found


def _stretches(kept: Callable[[datetime], int], session: Session, now: datetime) -> Iterator[CancellingCost]:
    """Day by day until the last one of the session; days that cost the same are one stretch."""
    last = session.ends_on or session.starts_on
    assert last
    day, cents = today(now), kept(now)
    for _ in range(min(MOST_DAYS, max(0, (last - day).days))):
        following = day + timedelta(days=1)
        then = kept(datetime.combine(following, NOON, brussels()))
        if then != cents:
            yield CancellingCost(cents, day)
        day, cents = following, then
    yield CancellingCost(cents, None)


@dataclass(frozen=True)
class _Stands:
    """All that a family has, and its orders as they are to be by that."""

    booked: Booked
    orders: Sequence[Order]
    tariffs: Mapping[str, Tariff | None]
    payees: Payees
    now: datetime

    @classmethod
    def read(cls, family_id: str, now: datetime, more: Iterable[str] = ()) -> "_Stands":
        """`more`: municipalities in which it has nothing yet. Where nobody takes money nothing is read."""
        payees = payees_table.remembered()
        if not payees:
            return cls(Booked(family_id, bookings.Household({}), [], {}, {}), [], {}, payees, now)
        booked = bookings.of_family(family_id, now)
        places = {session.municipality for session in booked.sessions.values()}
        tariffs = {each: tariffs_table.in_force(each) for each in {*places, *more}}
        # First as they are: an order may be a moment behind its registration.
        as_it_is = measure(booked, table.of_family(family_id), tariffs, payees, now)
        return cls(booked, [each.after for each in as_it_is.orders], tariffs, payees, now)

    def is_paid(self, registration_id: str) -> bool:
        record = next((each for each in self.booked.records if each.registration_id == registration_id), None)
        session = self.booked.sessions.get(record.session_id) if record else None
        return session is not None and self.payees.of(session.municipality) is not None

    def without(self, registration_id: str, child_ids: Collection[str], moved_to: str = "") -> Booked:
        """If these children were in that registration no more."""
        booked = self.booked
        records, standings = [], dict(booked.standings)
        for record in booked.records:
            stay = tuple(child for child in record.child_ids if child not in child_ids)
            if record.registration_id != registration_id:
                records.append(record)
            elif stay:
                left = {**record.left, **{child: moved_to for child in record.child_ids if child in child_ids}}
                records.append(replace(record, child_ids=stay, left=left))
            else:
                records.append(replace(record, cancelled_at=self.now, moved_to=moved_to or None))
                standings[registration_id] = Standing(RegistrationStatus.CANCELLED)
        return replace(booked, records=records, standings=standings)

    def outlook(self, then: Booked) -> LeavingOutlook:
        after = [each.after for each in measure(then, self.orders, self.tariffs, self.payees, self.now).orders]
        before = {line for order in self.orders for line in order.lines if line.part is OrderPart.KEPT}
        kept = [line for order in after for line in order.lines if line.part is OrderPart.KEPT and line not in before]
        costs = [
            {key: cents for order in orders for key, cents in _prices(order).items()} for orders in (self.orders, after)
        ]
        stay = costs[0].keys() & costs[1].keys()
        changes = [Change(*key, costs[0][key], costs[1][key]) for key in sorted(stay) if costs[0][key] != costs[1][key]]
        return LeavingOutlook(
            tuple(kept),
            tuple(changes),
            then.sessions,
            sum(order.amount_cents for order in after) - sum(order.amount_cents for order in self.orders),
            _back(after) - _back(self.orders),
        )


def _back(orders: Iterable[Order]) -> int:
    """Cents that are to go back to the family."""
    return sum(max(0, -order.balance_cents) for order in orders)
