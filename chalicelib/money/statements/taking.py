"""A bank's file is taken in: each entry that was not counted yet is, once, and what it pays is paid.

Guarantee: an entry, its order, its line in the books and the task that follows from it are one transaction, whose
condition is that the entry is not there yet and that the order is as it was read. Many entries share a transaction, so
that ten thousand lines fit into a minute. Whatever breaks off is gone on with when the file is handed in again; two who
hand in the same at once count it once: who is refused reads again what is there.

Nothing is counted of a file that is not whole (files.py).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from time import sleep
from typing import Any

from chalicelib.core.moments import today
from chalicelib.core.refusals import Busy, Refused
from chalicelib.core.table import transact_write
from chalicelib.money.books import table as books
from chalicelib.money.orders import table as orders_table
from chalicelib.money.orders.rules import Order
from chalicelib.money.payees import table as payees
from chalicelib.money.statements import files, refunded, table, tasks
from chalicelib.money.statements.movements import (
    MoneyTask,
    MoneyTaskKind,
    MovementAct,
    MovementState,
    StoredMovement,
    Trace,
    booked_at_once,
    consequence,
    received_and_returned,
    task_of,
)
from chalicelib.money.statements.rules import Statement, Told, told_apart

# The most writes that one transaction takes; and those of one entry: itself, its owner, the books, a task, and its
# order in three.
MOST_WRITES = 100
MOST_OF_AN_ENTRY = 7
# Entries whose orders are read together.
AT_ONCE = 500
# Transactions that are under way at once.
AT_THE_SAME_TIME = 4
# Somebody else may be at the same orders; each time what is there now is read again.
TRIES = 8
PAUSE = 0.05

Write = dict[str, Any]


@dataclass(frozen=True)
class TakenIn:
    """`matched`: entries that their reference gave to an order. `tasks`: entries that somebody has to look at; one may
    be matched as well. `already_known`: entries that were counted before. `statements`: their ids."""

    matched: int
    tasks: int
    already_known: int
    statements: Sequence[str]


@dataclass
class _Count:
    """`tasks`: the ids of those that came up and are still there."""

    matched: int = 0
    already_known: int = 0
    tasks: set[str] = field(default_factory=set)


@dataclass
class _Known:
    """The items that were read, kept as they are after each transaction. `open_tasks`: of orders, by their ids."""

    owners: Mapping[str, str]
    orders: dict[str, Order]
    open_tasks: dict[str, dict[str, MoneyTask]]

    def owner_of(self, stored: StoredMovement) -> str:
        """The order that its reference names, "" if there is none."""
        order_id = self.owners.get(stored.movement.reference or "", "")
        return order_id if order_id in self.orders else ""


@dataclass
class _Batch:
    """One transaction as it grows: entries with what they write by themselves, the orders as they are to be, and the
    tasks that there are then, or no more."""

    known: _Known
    now: datetime
    entries: list[StoredMovement] = field(default_factory=list)
    writes: list[Write] = field(default_factory=list)
    orders: dict[str, Order] = field(default_factory=dict)
    tasks: dict[str, MoneyTask] = field(default_factory=dict)
    closed: dict[str, MoneyTask] = field(default_factory=dict)
    is_alone: bool = False

    def has_room(self, order_id: str) -> bool:
        """For one entry more, whatever it writes."""
        closes = 2 * len(self._open_tasks(order_id)) if order_id else 0
        return not self.is_alone and self._most() + MOST_OF_AN_ENTRY + closes <= MOST_WRITES

    def add(self, stored: StoredMovement) -> None:
        order_id = self.known.owner_of(stored)
        if not self.entries and (refund := refunded.refund_of(stored, self.now)):
            self.is_alone = True  # its writes may be about the same order as others'
            self._keep(_found(stored, MovementState.REFUND, refund.order_id, self.now), list(refund.writes))
        elif not order_id:
            self._keep(stored, [books.putting(booked_at_once(stored, "", self.now))])
            self._task(task_of(stored, MoneyTaskKind.UNKNOWN))
        else:
            self._pay(_found(stored, MovementState.MATCHED, order_id, self.now), order_id)

    def _pay(self, stored: StoredMovement, order_id: str) -> None:
        before = self.orders.get(order_id) or self.known.orders[order_id]
        received, returned = received_and_returned(stored)
        after = replace(
            before,
            received_cents=before.received_cents + received,
            returned_cents=before.returned_cents + returned,
        )
        self.orders[order_id] = after
        self._keep(stored, [books.putting(booked_at_once(stored, after.municipality, self.now))])
        for task in self._open_tasks(order_id).values():
            if after.balance_cents == 0 or task.kind is MoneyTaskKind.TOO_LITTLE:
                self._close(task)
        if kind := consequence(before, stored):
            self._task(task_of(stored, kind, after))

    def _keep(self, stored: StoredMovement, more: list[Write]) -> None:
        self.entries.append(stored)
        self.writes += [*table.putting(None, stored), *more]

    def _task(self, task: MoneyTask) -> None:
        """One that is there already, because somebody hands in the same file, does not end: one write for each item."""
        self.closed.pop(task.task_id, None)
        self.tasks[task.task_id] = task

    def _close(self, task: MoneyTask) -> None:
        """One that this transaction would make is not made."""
        if self.tasks.pop(task.task_id, None) is None:
            self.closed[task.task_id] = task

    def _open_tasks(self, order_id: str) -> dict[str, MoneyTask]:
        open_tasks = {**self.known.open_tasks.get(order_id, {})}
        open_tasks |= {task_id: task for task_id, task in self.tasks.items() if task.order_id == order_id}
        return {task_id: task for task_id, task in open_tasks.items() if task_id not in self.closed}

    def _most(self) -> int:
        return len(self.writes) + 3 * len(self.orders) + len(self.tasks) + 2 * len(self.closed)

    def all_writes(self) -> list[Write]:
        writes = list(self.writes)
        for order_id, order in self.orders.items():
            before = self.known.orders[order_id]
            writes += orders_table.moving_money(
                before,
                received=order.received_cents - before.received_cents,
                returned=order.returned_cents - before.returned_cents,
            )
        for task in self.tasks.values():
            writes += tasks.hand_in(task)
        for task in self.closed.values():
            writes += tasks.closing(task, None, self.now)
        return writes

    def is_under_way(self) -> None:
        """The known items are from now on as they are once this is written. Should it be refused, the condition of
        whatever was built on it does not hold either, and all is read again."""
        for order_id, order in self.orders.items():
            self.known.orders[order_id] = replace(order, edition=order.edition + 1)
        for task in self.closed.values():
            self.known.open_tasks[task.order_id].pop(task.task_id, None)
        for task in self.tasks.values():
            self.known.open_tasks.setdefault(task.order_id, {})[task.task_id] = task

    def is_written(self, count: _Count) -> None:
        count.matched += sum(stored.state is not MovementState.OPEN for stored in self.entries)
        count.tasks = (count.tasks - self.closed.keys()) | self.tasks.keys()


def take_in(data: bytes, by: str, now: datetime) -> TakenIn:
    """Counts a file of the bank's. `by`: the name of who handed it in. Raises Unreadable, and Busy: nothing is
    half-counted then, and handing it in again goes on."""
    statements = files.read(data, payees.every().accounts, today(now))
    count = _Count()
    for statement in sorted(statements, key=lambda one: (one.opened_on, one.closed_on)):
        _take(statement, by, now, count)
    ids = [table.statement_id(statement) for statement in statements]
    return TakenIn(count.matched, len(count.tasks), count.already_known, ids)


def _take(statement: Statement, by: str, now: datetime, count: _Count) -> None:
    begun = table.begin(statement, by, now)
    if begun.is_whole:
        count.already_known += len(statement.movements)
        return
    counted_before: int | None = None
    for tries in range(TRIES):
        stored = _stored(statement)
        told = told_apart(statement, [one.known for one in stored.values()])
        known = [one for one in told if one.is_known]
        if counted_before is None:
            counted_before = len(known)
            count.already_known += counted_before
        try:
            _name(known, stored)
            fresh = [table.new(one, statement.account, begun.statement_id) for one in told if not one.is_known]
            _write(_batches(fresh, now), count)
        except Refused:
            sleep(PAUSE * tries)  # the order was worked out anew, or somebody hands in the same: read again
        except Busy as busy:
            if not busy.is_conflict:
                raise
            sleep(PAUSE * (tries + 1))
        else:
            ids = [table.new(one, statement.account, begun.statement_id).movement_id for one in told]
            table.finish(begun, ids)
            return
    raise Busy(is_conflict=True)


def _write(batches: Iterator[_Batch], count: _Count) -> None:
    """Several transactions are under way at once, because each is mostly waited for; two that are about the same order
    never are. Raises the first Refused or Busy, once none is under way any more."""
    under_way: dict[Future[None], _Batch] = {}

    def wait_for(some: Iterable[Future[None]]) -> None:
        for one in list(some):
            batch = under_way.pop(one)
            one.result()
            batch.is_written(count)

    with ThreadPoolExecutor(AT_THE_SAME_TIME) as pool:
        try:
            for batch in batches:
                wait_for(one for one, other in under_way.items() if not batch.orders.keys().isdisjoint(other.orders))
                if len(under_way) >= AT_THE_SAME_TIME:
                    wait_for([next(iter(under_way))])
                under_way[pool.submit(transact_write, batch.all_writes())] = batch
                batch.is_under_way()
                if AT_THE_SAME_TIME == 1:
                    wait_for(under_way)
            wait_for(under_way)
        finally:
            for one, batch in under_way.items():
                if one.exception() is None:
                    batch.is_written(count)


def _stored(statement: Statement) -> dict[tuple[str, int], StoredMovement]:
    """The stored entries of the statement's account and days."""
    days = [movement.booked_on for movement in statement.movements]
    if not days:
        return {}
    found = table.of_days(statement.account, min(days), max(days))
    return {(one.alike, one.number): one for one in found}


def _name(known: Iterable[Told], stored: Mapping[tuple[str, int], StoredMovement]) -> None:
    """Keeps how the bank calls an entry in this format, where it was seen in the other one."""
    pairs = ((told, stored[told.alike, told.number]) for told in known)
    writes = [table.naming(before, told) for told, before in pairs if dict(before.names) != dict(told.names)]
    for start in range(0, len(writes), MOST_WRITES):
        transact_write(writes[start : start + MOST_WRITES])


def _batches(fresh: Sequence[StoredMovement], now: datetime) -> Iterator[_Batch]:
    """The entries in few transactions; each is to be written before the next one is asked for."""
    open_tasks: dict[str, dict[str, MoneyTask]] = {}
    for task in tasks.every() if fresh else ():
        open_tasks.setdefault(task.order_id, {})[task.task_id] = task
    open_tasks.pop("", None)  # entries of no order
    for start in range(0, len(fresh), AT_ONCE):
        some = fresh[start : start + AT_ONCE]
        owners = orders_table.by_references(one.movement.reference for one in some if one.movement.reference)
        known = _Known(owners, orders_table.several(owners.values()), open_tasks)
        batch = _Batch(known, now)
        for stored in some:
            is_alone = refunded.is_ours(stored)
            if batch.entries and (is_alone or not batch.has_room(known.owner_of(stored))):
                yield batch
                batch = _Batch(known, now)
            batch.add(stored)
        yield batch


def _found(stored: StoredMovement, state: MovementState, order_id: str, now: datetime) -> StoredMovement:
    trace = Trace(now.replace(microsecond=0), MovementAct.FOUND)
    return replace(stored, state=state, order_id=order_id, traces=(*stored.traces, trace))
