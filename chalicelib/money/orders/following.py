"""Orders follow registrations: never on a registration's path, but from the stream, behind it.

Guarantee: whenever it is called, and however often, every order of the family ends as its registrations stand, worked
out together, because a discount of one child may depend on the others. One transaction writes what differs, on the
condition that nobody worked the family's orders out since they were read; whoever comes second reads again. The books
have an entry for each cent by which an order changed, in the same transaction.

What was agreed holds: each registration is priced by the tariff that held when it was made, also after a move. Sixty
days after its last camp an order's prices stand as they are, because registrations are deleted some day.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.booking.registrations.rules import Registration
from chalicelib.core.moments import today
from chalicelib.core.observability import log
from chalicelib.core.refusals import Busy, Refused
from chalicelib.core.table import transact_write
from chalicelib.money.books import table as books
from chalicelib.money.books.rules import BookAccount, BookAct, BookEntry, moved
from chalicelib.money.orders import references, table
from chalicelib.money.orders.keeping import kept_lines
from chalicelib.money.orders.rules import (
    OF_THE_PLACE,
    Adjustment,
    Gone,
    Order,
    OrderLine,
    OrderPart,
    holding,
    total,
)
from chalicelib.money.payees import table as payees_table
from chalicelib.money.payees.rules import Payee, Payees, ReferenceScheme
from chalicelib.money.quotes import booked as bookings
from chalicelib.money.quotes.booked import Booked, FamilyQuote, WantedItem
from chalicelib.money.statements import tasks
from chalicelib.money.statements.movements import MoneyTask, MoneyTaskKind
from chalicelib.money.tariffs import table as tariffs_table
from chalicelib.money.tariffs.quoting import QuoteLine
from chalicelib.money.tariffs.rules import Labels, PriceRole, Tariff
from chalicelib.programme.sessions.rules import Session

TRIES = 5
# Of one transaction, which takes 100 writes: an order is at most five of them.
MOST_AT_ONCE = 15
STANDS_AFTER = timedelta(days=60)
ADJUSTED = Labels("Aanpassing", "Adaptation", "Adjustment")
PARTS = {PriceRole.STAY: OrderPart.PRICE, PriceRole.EXTRA: OrderPart.EXTRA, PriceRole.FINE: OrderPart.FINE}


@dataclass(frozen=True)
class OrderGroup:
    """The registrations of one order: the first, and those that continue it in other sessions of the same payee."""

    order_id: str
    municipality: str
    records: tuple[Registration, ...]


@dataclass(frozen=True)
class Measured:
    """An order to write: as it was (None: there was none), and as it is to be."""

    before: Order | None
    after: Order


@dataclass(frozen=True)
class Measure:
    """`unpriced`: the ids of sessions that say no price for a child that has its seat there."""

    orders: Sequence[Measured]
    unpriced: frozenset[str]


def follow(family_id: str, now: datetime) -> None:
    """Brings the family's orders to where its registrations are. Raises Busy; nothing is half-written then."""
    payees = payees_table.remembered()
    if not payees:
        return
    for _ in range(TRIES):
        try:
            _follow(family_id, payees, now)
        except Refused:
            continue  # somebody else worked them out, or money came in: what they are now is read again
        return
    raise Busy(is_conflict=True)


def _follow(family_id: str, payees: Payees, now: datetime) -> None:
    # The orders first: whoever works them out by registrations read later than ours makes our write refused.
    account = table.account(family_id)
    booked = bookings.of_family(family_id, now)
    tariffs = {one: tariffs_table.in_force(one) for one in {each.municipality for each in booked.sessions.values()}}
    found = measure(booked, account.orders, tariffs, payees, now)
    changed = [one for one in found.orders if one.before != one.after]
    for number, start in enumerate(range(0, len(changed), MOST_AT_ONCE)):
        writes = [table.moving_head(family_id, account.edition + number)]
        for one in changed[start : start + MOST_AT_ONCE]:
            writes += _writes(one, payees, now)
        transact_write(writes)
    for session_id in sorted(found.unpriced):
        _hand_in(booked.sessions[session_id], now)


def _hand_in(session: Session, now: datetime) -> None:
    """Somebody of finance is to say what it costs: once for a session, whoever comes there."""
    log.warning("no_price", session_id=session.session_id)
    about = {"session_id": session.session_id}
    since = session.starts_on or today(now)
    task = MoneyTask(MoneyTaskKind.NO_PRICE, since, session.session_id, 0, session.municipality, about)
    if tasks.get(task.task_id) is None:
        transact_write(tasks.hand_in(task))


def _writes(one: Measured, payees: Payees, now: datetime) -> list[table.Write]:
    after = one.after
    if one.before is None:
        payee = payees.of(after.municipality)
        assert payee
        after = replace(after, reference=_new_reference(payee.scheme))
    cents = after.amount_cents - (one.before.amount_cents if one.before else 0)
    writes = table.putting(one.before, after)
    if cents:
        of = after.municipality
        entry = BookEntry(
            f"charged#{after.order_id}#{(one.before.edition if one.before else 0) + 1}",
            now,
            BookAct.CHARGED,
            moved((BookAccount.RECEIVABLE, of), (BookAccount.INCOME, of), cents),
            {"order_id": after.order_id},
        )
        writes.append(books.putting(entry))
    return writes


def _new_reference(scheme: ReferenceScheme) -> str:
    number = table.next_number(scheme)
    return references.dutch(number) if scheme is ReferenceScheme.NL else references.belgian(number)


def measure(
    booked: Booked, orders: Iterable[Order], tariffs: Mapping[str, Tariff | None], payees: Payees, now: datetime
) -> Measure:
    """How each order stands and how it is to be, by the registrations as they are; unchanged ones too."""
    groups = list(groups_of(booked, payees))
    found = price_of(booked, groups, tariffs, payees, now)
    measured = list(_measured(booked, groups, found, orders, tariffs, payees, now))
    return Measure(measured, frozenset(session_id for session_id, _ in found.unpriced))


def _measured(
    booked: Booked,
    groups: Iterable[OrderGroup],
    found: FamilyQuote,
    orders: Iterable[Order],
    tariffs: Mapping[str, Tariff | None],
    payees: Payees,
    now: datetime,
) -> Iterator[Measured]:
    by_id = {order.order_id: order for order in orders}
    for group in groups:
        before = by_id.pop(group.order_id, None)
        payee = payees.of(group.municipality)
        assert payee
        after = _order(before, group, booked, found, tariffs.get(group.municipality), payee, now)
        if after:
            yield Measured(before, after)
    # Of registrations that are deleted the prices stand as they are; what people decide about them still counts.
    for before in by_id.values():
        yield Measured(before, _stands(before))


def groups_of(booked: Booked, payees: Payees) -> Iterator[OrderGroup]:
    """By the registration that each began with, as far as it was in the same municipality."""
    by_id = {record.registration_id: record for record in booked.records}
    groups: dict[str, list[Registration]] = {}
    for record in booked.records:
        root, session = record, booked.sessions.get(record.session_id)
        if session is None or payees.of(session.municipality) is None:
            continue
        while root.moved_from in by_id:
            before = by_id[root.moved_from]
            place = booked.sessions.get(before.session_id)
            if place is None or place.municipality != session.municipality:
                break
            root = before
        groups.setdefault(root.registration_id, []).append(record)
    for order_id, records in groups.items():
        yield OrderGroup(order_id, booked.sessions[records[0].session_id].municipality, tuple(records))


def price_of(
    booked: Booked, groups: Sequence[OrderGroup], tariffs: Mapping[str, Tariff | None], payees: Payees, now: datetime
) -> FamilyQuote:
    """Of all that the family has for good, each by the tariff that held when its order began."""
    began = {record.registration_id: group.records[0].created_at for group in groups for record in group.records}
    items = [
        WantedItem(
            booked.sessions[record.session_id],
            child_id,
            began[record.registration_id],
            taken=booked.taken(record.registration_id, child_id),
        )
        for record, child_id in booked.confirmed()
        if record.registration_id in began and child_id in booked.children
    ]
    return bookings.priced(bookings.family_of(booked), items, tariffs, payees, now)


def _order(
    before: Order | None,
    group: OrderGroup,
    booked: Booked,
    found: FamilyQuote,
    tariff: Tariff | None,
    payee: Payee,
    now: datetime,
) -> Order | None:
    """None: nothing was ever to be paid for it."""
    days = [
        (session.starts_on, session.ends_on)
        for record in group.records
        if (session := booked.sessions[record.session_id]).starts_on and session.ends_on
    ]
    if not days:  # then nobody can say when it is due, nor what is kept: both follow once the camp has its days again
        return _stands(before) if before else None
    if before and before.last_day + STANDS_AFTER < today(now):
        return _stands(before, group, booked, tariff, payee)
    records = {record.registration_id for record in group.records}
    here = [(one.session_id, child) for one, child in booked.confirmed() if one.registration_id in records]
    lines = [line for key in here for line in _price_lines(before, key, booked, found)]
    lines += _fines(before, group, booked, tariff, payee, now)
    adjustments = holding(before.adjustments, lines) if before else ()
    gone = tuple(_gone(before, group, booked, set(here), now)) if before else ()
    lines += kept_lines(gone, booked.sessions, tariff, payee, before.proofs if before else {})
    lines += _adjusted(adjustments, lines)
    if before is None and not lines:
        return None
    first, last = min(day for day, _ in days if day), max(day for _, day in days if day)
    due = payee.due.due_on(today(now), first, last)
    if before is None:
        return Order(
            group.order_id,
            group.municipality,
            "",
            total(lines),
            0,
            0,
            due,
            last,
            tuple(lines),
            now.replace(microsecond=0),
        )
    return replace(
        before,
        amount_cents=total(lines),
        due_on=max(due, before.due_on) if total(lines) > before.amount_cents else before.due_on,
        last_day=max(last, before.last_day),
        lines=tuple(lines),
        gone=gone,
        adjustments=adjustments,
        ended_on=None if here else before.ended_on or today(now),
    )


def _price_lines(before: Order | None, key: tuple[str, str], booked: Booked, found: FamilyQuote) -> list[OrderLine]:
    """Of a child in a session. What has no price any more, because the session or the family is known otherwise since,
    keeps the one that it had; and so does what the session's own price, which has no versions, would make dearer."""
    had = [
        line
        for line in (before.lines if before else ())
        if (line.session_id, line.child_id) == key and line.part in OF_THE_PLACE
    ]
    if key in found.unpriced or key[1] not in booked.children:
        return had
    now = [order_line(line) for line in found.of(*key)]
    is_own = had and all(line.rule == bookings.OWN_PRICE for line in (*had, *now))
    return had if is_own and total(now) > total(had) else now


def _stands(
    before: Order,
    group: OrderGroup | None = None,
    booked: Booked | None = None,
    tariff: Tariff | None = None,
    payee: Payee | None = None,
) -> Order:
    """Its prices as they are, with what people decided about it since."""
    lines = [line for line in before.lines if line.part in (*OF_THE_PLACE, OrderPart.FINE)]
    if group and booked and payee:
        lines += kept_lines(before.gone, booked.sessions, tariff, payee, before.proofs)
    else:
        lines += [line for line in before.lines if line.part is OrderPart.KEPT]
    lines += _adjusted(before.adjustments, lines)
    return replace(before, lines=tuple(lines), amount_cents=total(lines))


def _fines(
    before: Order | None, group: OrderGroup, booked: Booked, tariff: Tariff | None, payee: Payee, now: datetime
) -> Iterator[OrderLine]:
    """Of all that were in it: a fine stays owed when the registration is cancelled or moves. What cannot be priced any
    more stands as it stood."""
    for record in group.records:
        known = booked.beside.get(record.registration_id)
        for child_id, events in known.events() if known else ():
            lines = None
            if child_id in booked.children:
                item = WantedItem(booked.sessions[record.session_id], child_id, group.records[0].created_at)
                lines = bookings.fine_lines(booked.household, item, events, tariff, payee, now)
            if lines is not None:
                yield from map(order_line, lines)
                continue
            log.warning("no_price", session_id=record.session_id)
            key = record.session_id, child_id, OrderPart.FINE
            yield from (
                one for one in (before.lines if before else ()) if (one.session_id, one.child_id, one.part) == key
            )


def _gone(
    before: Order, group: OrderGroup, booked: Booked, here: set[tuple[str, str]], now: datetime
) -> Iterator[Gone]:
    """Children that were paid for and lost their place otherwise than by moving on within the order."""
    known = {(one.session_id, one.child_id) for one in before.gone}
    yield from (one for one in before.gone if (one.session_id, one.child_id) not in here)
    costs: dict[tuple[str, str], int] = {}
    for line in before.lines:
        if line.is_of_the_place:
            key = line.session_id, line.child_id
            costs[key] = costs.get(key, 0) + line.amount_cents
    for (session_id, child_id), cents in costs.items():
        if (session_id, child_id) in here or (session_id, child_id) in known:
            continue
        # The last one: who moved away and back has two of that session.
        several = [one for one in group.records if one.session_id == session_id and child_id in one.every_child]
        record = several[-1] if several else None
        if record is None or _moved_on(record, child_id, group):
            continue
        session = booked.sessions[session_id]
        is_free = record.called_off or record.taken_back or record.gave_way_to or session.cancelled_at
        moment = record.cancelled_at or now
        yield Gone(
            session_id,
            child_id,
            cents,
            group.records[0].created_at,
            moment.replace(microsecond=0),
            free=bool(is_free or record.moved_to or record.left.get(child_id)),
        )


def _moved_on(record: Registration, child_id: str, group: OrderGroup) -> bool:
    to = record.moved_to or record.left.get(child_id)
    return any(one.registration_id == to for one in group.records)


def _adjusted(adjustments: Iterable[Adjustment], lines: Iterable[OrderLine]) -> list[OrderLine]:
    """With `lines` it is never less than nothing: what somebody gave back, for days of absence perhaps, does not go
    back once more because the place costs nothing any more."""
    adjustments = list(adjustments)
    short = max(0, -total(lines) - sum(one.cents for one in adjustments))
    found = []
    for one in adjustments:
        back = min(short, max(0, -one.cents))
        cents, short = one.cents + back, short - back
        if cents:
            said = (one.adjustment_id, one.why, "camp", 1, OrderPart.ADJUSTED)
            found.append(OrderLine(one.session_id, one.child_id, ADJUSTED, 1, cents, cents, *said))
    return found


def order_line(line: QuoteLine) -> OrderLine:
    return OrderLine(
        line.session_id,
        line.child_id,
        line.label,
        line.quantity,
        line.unit_cents,
        line.amount_cents,
        line.rule,
        line.article,
        line.unit,
        line.size,
        PARTS[line.role],
    )
