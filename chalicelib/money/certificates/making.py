"""From orders, money and marks to the certificates of a year: what each family should have, and what it is given.

Guarantee: a family's certificates of a year follow from what is true when they are made, in one transaction; made again
with nothing changed, nothing is written. Made when something changed, what was given is replaced by new ones.

A movement of money bears the day on which it moved: `on` in the entry of the books (the day of the bank's line), else
the day of booking. What moved before the year began counts as paid before it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from chalicelib.booking.presence import table as presence
from chalicelib.booking.registrations.rules import family_of
from chalicelib.core.moments import today
from chalicelib.core.refusals import Refused
from chalicelib.money.books import table as books
from chalicelib.money.books.rules import BookAccount, BookEntry
from chalicelib.money.certificates import national, numbers, table
from chalicelib.money.certificates.papers import (
    Certificate,
    CertificateChange,
    CertifiedChild,
    Organizer,
    carried_out,
    plan,
)
from chalicelib.money.certificates.payers import FamilyNumbers
from chalicelib.money.certificates.rules import (
    YOUNGER_THAN,
    CareDay,
    Movement,
    PaidOrder,
    StayPrice,
    drafts,
    nobody,
    of_year,
    paid_days,
)
from chalicelib.money.entitlements import table as entitlements
from chalicelib.money.entitlements.rules import ProofStatus
from chalicelib.money.orders import table as orders
from chalicelib.money.orders.rules import Order, OrderLine
from chalicelib.money.payees import table as payees
from chalicelib.money.quotes.booked import camp_days
from chalicelib.money.statements import table as statements
from chalicelib.money.tariffs.families import age
from chalicelib.people.families import table as families
from chalicelib.people.families.rules import Child
from chalicelib.programme.sessions import table as programme
from chalicelib.programme.sessions.rules import Session

# The name under which a family declares it (money/entitlements).
SEVERE_DISABILITY = "severe-disability"


class Lacking(StrEnum):
    """The reason why a family's certificates cannot be made. PAYER: it has not said who pays. CHILD: the national
    number of a child that the certificate is for. NAMES: its pass has ended, so nobody knows the child's name.
    ORGANIZER: the city has not said who organises the care there."""

    PAYER = "payer"
    CHILD = "child"
    NAMES = "names"
    ORGANIZER = "organizer"


@dataclass
class YearMoney:
    """Money that moved in a year, by order; `elsewhere`: the part of it that is no entry of the bank. `marks`: who was
    where, by session, read once for all families."""

    year: int
    by_order: dict[str, list[Movement]] = field(default_factory=dict)
    elsewhere: dict[str, list[Movement]] = field(default_factory=dict)
    marks: dict[str, set[tuple[str, date]]] = field(default_factory=dict)

    @property
    def families(self) -> list[str]:
        """Those that paid something in the year, in a stable order."""
        paid = {order for order, moved in self.by_order.items() if any(one.on.year == self.year for one in moved)}
        return sorted({family_of(order) for order in paid})

    def attended(self, session_ids: Iterable[str]) -> list[tuple[str, str, date]]:
        for session_id in set(session_ids) - self.marks.keys():
            self.marks[session_id] = presence.attended(session_id)
        return [(one, child_id, day) for one in set(session_ids) for child_id, day in self.marks[one]]


@dataclass(frozen=True)
class FamilyState:
    """A family's certificates of a year: those it has, what would change, and what is missing for that. `cents`: of all
    that it should have. `children`: child_id to first name, of those that it should have some for."""

    family_id: str
    given: Sequence[Certificate]
    changes: Sequence[CertificateChange]
    lacking: tuple[Lacking, ...]
    cents: int
    children: Mapping[str, str]
    edition: int


def money_of(year: int, now: datetime) -> YearMoney:
    """Reads the books from the first day of the year until today: one query a day."""
    found = YearMoney(year)
    day, last = date(year, 1, 1), today(now)
    while day <= last:
        for entry in books.of_day(day):
            moved = _moved(entry)
            order_id = entry.about.get("order_id")
            if order_id and moved:
                movement = Movement(_on(entry), moved)
                found.by_order.setdefault(order_id, []).append(movement)
                if "movement_id" not in entry.about:
                    found.elsewhere.setdefault(order_id, []).append(movement)
        day += timedelta(1)
    return found


def _moved(entry: BookEntry) -> int:
    """The cents that an entry brought in, below 0 took out: all its postings on neither side of a charge."""
    own = (BookAccount.RECEIVABLE, BookAccount.INCOME)
    return sum(posting.cents for posting in entry.postings if posting.account not in own)


def _on(entry: BookEntry) -> date:
    said = entry.about.get("on")
    return date.fromisoformat(said) if said else today(entry.at)


def of_family(family_id: str, money: YearMoney, now: datetime) -> FamilyState:
    """How it stands: some five reads, and one for each session that no family before it was in. Raises Busy."""
    year = money.year
    most = table.maximum(year)
    edition = table.edition(family_id, year)  # before what follows from it
    given = table.of_family(family_id, year) if edition else []
    children = {one.child_id: one for found in families.of_family(family_id) for one in found.children}
    found_orders = orders.of_family(family_id)
    is_severe = _severe(family_id, children, now)
    days = list(_days(found_orders, children, is_severe, money, now))
    numbers_ = national.of_family(family_id)
    if most is None or not most.counts:
        return FamilyState(family_id, given, (), (), 0, {}, edition)
    organizers = table.organizers()
    wanted, lacking, cents = _wanted(family_id, year, days, children, numbers_, organizers, most.cents)
    changes = () if lacking else plan(given, wanted)
    names = {one.child_id: children[one.child_id].first_name for _, one in days if one.child_id in children}
    return FamilyState(family_id, given, changes, lacking, cents, names, edition)


def _wanted(
    family_id: str,
    year: int,
    days: Sequence[tuple[str, CareDay]],
    children: Mapping[str, Child],
    given: FamilyNumbers,
    organizers: Mapping[str, Organizer],
    most_cents: int,
) -> tuple[list[Certificate], tuple[Lacking, ...], int]:
    wanted: list[Certificate] = []
    lacking: set[Lacking] = set()
    cents = 0
    by_organizer: dict[str, list[CareDay]] = {}
    for municipality, day in days:
        by_organizer.setdefault(municipality if municipality in organizers else "", []).append(day)
    for organizer, own in sorted(by_organizer.items()):
        shares = {one.child_id: given.share(one.child_id) for one in own}
        for draft in drafts(own, most_cents, shares):
            cents += draft.cents
            child = children.get(draft.child_id)
            payer = given.payers[draft.payer] if draft.payer < len(given.payers) else None
            number = given.children.get(draft.child_id)
            lacking |= set() if organizer in organizers else {Lacking.ORGANIZER}
            lacking |= set() if child else {Lacking.NAMES}
            lacking |= set() if payer else {Lacking.PAYER}
            lacking |= set() if number else {Lacking.CHILD}
            if not (child and payer and number):
                continue
            wanted.append(
                Certificate(
                    year,
                    family_id,
                    organizer,
                    CertifiedChild(child.child_id, child.last_name, child.first_name, child.birth_date),
                    payer.payer,
                    draft.payer,
                    draft.part,
                    draft.periods,
                    numbers.proof(payer.number, number),
                )
            )
    return wanted, tuple(sorted(lacking)), cents


def _severe(family_id: str, children: Mapping[str, Child], now: datetime) -> Callable[[str, date], bool]:
    """Whether a child has a severe disability on a day: as a person of the city decided on its proof. Asked only of a
    family with a child who needs it."""
    if all(age(one.birth_date, today(now)) < YOUNGER_THAN for one in children.values()):
        return nobody
    proven = [
        one.declared
        for one in entitlements.of_family(family_id)
        if one.status is ProofStatus.PROVEN and one.declared.name == SEVERE_DISABILITY
    ]
    return lambda child_id, day: any(one.child_id == child_id and one.is_valid(day) for one in proven)


def _days(
    found: Sequence[Order],
    children: Mapping[str, Child],
    is_severe: Callable[[str, date], bool],
    money: YearMoney,
    now: datetime,
) -> Iterator[tuple[str, CareDay]]:
    """The days of the year that count, each with its municipality. A day is looked at over all orders of the family: a
    morning and an afternoon are one."""
    lines = {order.order_id: [one for one in order.lines if one.is_of_the_place] for order in found}
    sessions = programme.several({one.session_id for of_order in lines.values() for one in of_order}) if found else {}
    attended = money.attended(sessions)
    days = []
    for order in found:
        stays = tuple(_stays(order, lines[order.order_id], sessions))
        days += paid_days(PaidOrder(stays, _movements(order, money)), attended)
    born = {one.child_id: one.birth_date for one in children.values()}
    # Of a child whose name is gone nothing is known but that it was there; it is named as missing.
    born |= {one.child_id: one.day for one in days if one.child_id not in born}
    for one in of_year(days, money.year, born, is_severe):
        if one.day < today(now):
            yield sessions[one.session_id].municipality, one


def _stays(order: Order, lines: Sequence[OrderLine], sessions: Mapping[str, Session]) -> Iterator[StayPrice]:
    payee = payees.of(order.municipality)
    sums: dict[tuple[str, str], int] = {}
    for line in lines:
        key = line.session_id, line.child_id
        sums[key] = sums.get(key, 0) + line.amount_cents
    for (session_id, child_id), cents in sums.items():
        if session_id in sessions:
            days = camp_days(sessions[session_id], payee.country if payee else "BE")
            yield StayPrice(session_id, child_id, max(cents, 0), days)


def _movements(order: Order, money: YearMoney) -> tuple[Movement, ...]:
    """All money of the order. Where the year's books do not say all of it (money of a year before, or which a clerk
    moved here from another order), the bank's own entries say the day; the rest moved before the year."""
    known: Sequence[Movement] = money.by_order.get(order.order_id, [])
    owned = order.received_cents - order.returned_cents
    if owned != sum(one.cents for one in known):
        by_bank = [Movement(one.movement.booked_on, one.cents) for one in statements.of_order(order.order_id)]
        known = [*by_bank, *money.elsewhere.get(order.order_id, [])]
    before = owned - sum(one.cents for one in known)
    earlier = min([date(money.year, 1, 1), *(one.on for one in known)]) - timedelta(1)
    return (*([Movement(earlier, before)] if before else []), *known)


def make(state: FamilyState, year: int, now: datetime) -> int:
    """Gives a family what is missing and replaces what is not right; answers how many were written. Raises Refused if
    somebody made them since `state` was read, and Busy."""
    edition, written = state.edition, 0
    for number, start in enumerate(range(0, len(state.changes), table.MOST_AT_ONCE)):
        some = state.changes[start : start + table.MOST_AT_ONCE]
        fresh = sum(one.after is not None for one in some)
        first = table.next_serials(year, fresh) if fresh else 0
        new, old = carried_out(some, first, today(now))
        table.give(state.family_id, year, edition + number, new, old)
        written += len(some)
    return written


def make_all(family_ids: Iterable[str], money: YearMoney, now: datetime) -> tuple[int, int]:
    """Of several families: how many certificates were written, and of how many families something is missing. One that
    somebody else made at the same moment is left to them."""
    written = lacking = 0
    for family_id in family_ids:
        state = of_family(family_id, money, now)
        lacking += bool(state.lacking)
        try:
            written += make(state, money.year, now)
        except Refused:
            continue
    return written, lacking
