"""The state of each entry of the bank's: its owner, and its next step. Plain rules.

Every cent has an owner: an entry is of an order, of a refund, set aside as nothing of a family's, set against another
one, or open; then somebody has a task.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from chalicelib.money.books.rules import BookAccount, BookAct, BookEntry, moved
from chalicelib.money.orders.rules import Order
from chalicelib.money.statements.rules import KnownMovement, Movement, MovementKind, StatementFormat


class MovementState(StrEnum):
    """OPEN: nobody knows whose it is. MATCHED: of an order. REFUND: of a refund that the city sent. COSTS: of the bank.
    ELSEWHERE: of the city, and of no family that pays here. AGAINST: it came in and went out again."""

    OPEN = "open"
    MATCHED = "matched"
    REFUND = "refund"
    COSTS = "costs"
    ELSEWHERE = "elsewhere"
    AGAINST = "against"


class MoneyTaskKind(StrEnum):
    """UNKNOWN: an entry without an order. TOO_LITTLE, TOO_MUCH, TWICE, AFTER_CANCELLING: an order is not as the payment
    was meant to leave it. RETURNED: the bank took a payment back. NO_PRICE: no tariff covers a session.
    UITPAS: a ticket sale there of which nobody knows the end."""

    UNKNOWN = "unknown"
    TOO_LITTLE = "too-little"
    TOO_MUCH = "too-much"
    TWICE = "twice"
    AFTER_CANCELLING = "after-cancelling"
    RETURNED = "returned"
    NO_PRICE = "no-price"
    UITPAS = "uitpas"


class MovementAct(StrEnum):
    """The acts on an entry. FOUND: the file's reference named its owner."""

    FOUND = "found"
    MATCHED = "matched"
    UNMATCHED = "unmatched"
    SET_ASIDE = "set-aside"
    SET_AGAINST = "set-against"
    TAKEN_UP = "taken-up"  # again, after it was set aside


@dataclass(frozen=True)
class Trace:
    """One line of what happened to an entry. `by`: a name, "" the system. `why`: in their own words."""

    at: datetime
    act: MovementAct
    by: str = ""
    why: str = ""


@dataclass(frozen=True)
class StoredMovement:
    """An entry as it is kept. `account`: the city's. `alike`, `number`: which entry it is (rules.py). `order_id`: of a
    matched one, and of a refund. `against`: the id of the entry that it is set against. `edition` counts its changes;
    0: it is new."""

    account: str
    movement: Movement
    alike: str
    number: int
    names: Mapping[StatementFormat, str]
    statement_id: str
    state: MovementState = MovementState.OPEN
    order_id: str = ""
    against: str = ""
    traces: tuple[Trace, ...] = ()
    edition: int = 0

    @property
    def movement_id(self) -> str:
        return f"{self.movement.booked_on:%Y%m%d}-{self.alike}-{self.number}"

    @property
    def cents(self) -> int:
        return self.movement.cents

    @property
    def known(self) -> KnownMovement:
        return KnownMovement(self.alike, self.number, self.names)

    @property
    def is_payment(self) -> bool:
        """Whether it moves what came in for an order; else what went back to the family."""
        return self.cents > 0 or self.movement.kind is MovementKind.RETURN


@dataclass(frozen=True)
class MoneyTask:
    """`since`: the day on which it came up. `subject`: what it is about, so that it is there once: the id of an entry,
    or what another room chose. `cents`: of the entry. `about`: ids by their names (`movement_id`, `order_id`,
    `session_id`). `note`, `taken_by` (a name): of the people who work on it. `wants_back`: somebody decided that the
    money goes back. `edition` counts what people did with it."""

    kind: MoneyTaskKind
    since: date
    subject: str
    cents: int
    municipality: str = ""
    about: Mapping[str, str] = field(default_factory=dict, hash=False)
    note: str = ""
    taken_by: str = ""
    wants_back: bool = False
    edition: int = 0

    @property
    def task_id(self) -> str:
        return f"{self.since.isoformat()}~{self.subject}"

    @property
    def order_id(self) -> str:
        return self.about.get("order_id", "")

    @property
    def movement_id(self) -> str:
        return self.about.get("movement_id", "")


def task_of(stored: StoredMovement, kind: MoneyTaskKind, order: Order | None = None) -> MoneyTask:
    """The one task that an entry can have: another kind takes its place."""
    about = {"movement_id": stored.movement_id, **({"order_id": order.order_id} if order else {})}
    return MoneyTask(
        kind,
        stored.movement.booked_on,
        stored.movement_id,
        stored.cents,
        order.municipality if order else "",
        about,
    )


def task_id_of(stored: StoredMovement) -> str:
    return f"{stored.movement.booked_on.isoformat()}~{stored.movement_id}"


def consequence(before: Order, stored: StoredMovement) -> MoneyTaskKind | None:
    """The task that follows once this entry is the order's; None: the order is as it should be."""
    owed = before.balance_cents - stored.cents
    if stored.cents < 0:
        return MoneyTaskKind.RETURNED if stored.is_payment else None if owed <= 0 else MoneyTaskKind.TOO_LITTLE
    if owed == 0:
        return None
    if owed > 0:
        return MoneyTaskKind.TOO_LITTLE
    if before.ended_on is not None:
        return MoneyTaskKind.AFTER_CANCELLING
    if before.balance_cents <= 0 and before.received_cents > 0:
        return MoneyTaskKind.TWICE
    return MoneyTaskKind.TOO_MUCH


def received_and_returned(stored: StoredMovement) -> tuple[int, int]:
    """By how much an order's two sums change by this entry."""
    return (stored.cents, 0) if stored.is_payment else (0, -stored.cents)


_ASIDE = {MovementState.COSTS: BookAccount.COSTS, MovementState.ELSEWHERE: BookAccount.ELSEWHERE}


def booked_at_once(stored: StoredMovement, municipality: str, at: datetime) -> BookEntry:
    """Of a new entry: to its order, of this municipality, or to what is unsettled."""
    bank = (BookAccount.BANK, stored.account)
    if stored.state is MovementState.MATCHED:
        act = BookAct.RECEIVED if stored.cents > 0 else BookAct.RETURNED if stored.is_payment else BookAct.PAID_BACK
        postings = moved(bank, (BookAccount.RECEIVABLE, municipality), stored.cents)
    else:
        act, postings = BookAct.RECEIVED, moved(bank, (BookAccount.UNSETTLED, stored.account), stored.cents)
    return BookEntry(f"bank#{stored.movement_id}", at, act, postings, _about(stored))


def settled(before: StoredMovement, after: StoredMovement, municipality: str, at: datetime) -> BookEntry | None:
    """Of a known entry that gets another owner, or none any more: from what it was to what it is. `municipality`: of
    the order, before or after. None where both are the same account."""
    source, to = _owner(before, municipality), _owner(after, municipality)
    if source == to:
        return None
    act = BookAct.REVERSED if after.state is MovementState.OPEN else BookAct.SETTLED
    entry_id = f"settled#{after.movement_id}#{before.edition + 1}"
    return BookEntry(entry_id, at, act, moved(source, to, after.cents), _about(before) | _about(after))


def _owner(stored: StoredMovement, municipality: str) -> tuple[BookAccount, str]:
    if stored.state is MovementState.MATCHED:
        return BookAccount.RECEIVABLE, municipality
    return _ASIDE.get(stored.state, BookAccount.UNSETTLED), stored.account


def _about(stored: StoredMovement) -> dict[str, str]:
    """`on`: the bank's day, which may lie in the year before that of the books."""
    said = {"movement_id": stored.movement_id, "on": stored.movement.booked_on.isoformat()}
    return said | ({"order_id": stored.order_id} if stored.order_id else {})


@dataclass(frozen=True)
class Sums:
    """Cents of entries, by what became of them; `open`: those that somebody has a task for. They add up to what the
    bank says that moved, or something is wrong."""

    paid: int = 0
    returned: int = 0
    refunded: int = 0
    aside: int = 0
    against: int = 0
    open: int = 0

    @property
    def all(self) -> int:
        return self.paid + self.returned + self.refunded + self.aside + self.against + self.open


def sums_of(entries: Mapping[str, StoredMovement]) -> Sums:
    """Of each entry once, by its id."""
    by_name = dict.fromkeys(vars(Sums()), 0)
    for stored in entries.values():
        by_name[_sum_of(stored)] += stored.cents
    return Sums(**by_name)


def _sum_of(stored: StoredMovement) -> str:
    match stored.state:
        case MovementState.MATCHED:
            return "paid" if stored.cents > 0 else "returned" if stored.is_payment else "refunded"
        case MovementState.REFUND:
            return "refunded"
        case MovementState.COSTS | MovementState.ELSEWHERE:
            return "aside"
        case MovementState.AGAINST:
            return "against"
    return "open"
