"""Acts of people of finance on an entry of the bank's: they name its owner, and take that back.

Each is one transaction, on the condition that the entry is as they saw it (`edition`): two who settle the same entry
settle it once, and the second one is told. Nothing in the books is changed; what was said is booked back.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib.core.http.problems import CHANGED, Problem, existing, not_now
from chalicelib.core.languages import N_
from chalicelib.core.refusals import Interfered, Refused
from chalicelib.core.table import transact_write_patiently
from chalicelib.money.books import table as books
from chalicelib.money.orders import table as orders_table
from chalicelib.money.orders.rules import Order
from chalicelib.money.statements import table, tasks
from chalicelib.money.statements.movements import (
    MoneyTask,
    MoneyTaskKind,
    MovementAct,
    MovementState,
    StoredMovement,
    Trace,
    consequence,
    received_and_returned,
    settled,
    task_id_of,
    task_of,
)
from chalicelib.people.staff.rules import Staff

IS_SETTLED = N_("Somebody has said already whose this money is. Take that back first.")
IS_OPEN = N_("Nobody has said yet whose this money is.")
IS_A_REFUND = N_("This is a refund that the city sent. It stands with its order.")
NOT_OPPOSITE = N_("These two do not add up to nothing. Choose an entry of the same amount that went the other way.")
WHOSE_FIRST = N_("Say first whose this money is. Every cent has an owner.")
STILL_UNEVEN = N_("This order is not even yet. Write a note, or hand it to a colleague, until it is.")
OTHER_ACCOUNTS = N_("These two are of different accounts.")

ASIDE = (MovementState.COSTS, MovementState.ELSEWHERE)
Write = dict[str, Any]


@dataclass(frozen=True)
class Deed:
    """Who does it, when, and the edition of the entry or the task that they saw. `why`: in their own words."""

    by: Staff
    now: datetime
    edition: int
    why: str = ""

    def trace(self, act: MovementAct) -> Trace:
        return Trace(self.now.replace(microsecond=0), act, self.by.name, self.why)


def match(movement_id: str, order_id: str, deed: Deed) -> StoredMovement:
    """The entry is the order's. Raises Problem `not-found`, `not-now` and `changed`."""
    before, order = _open(movement_id, deed), existing(orders_table.get(order_id))
    after = _after(before, deed, MovementAct.MATCHED, state=MovementState.MATCHED, order_id=order.order_id)
    received, returned = received_and_returned(before)
    writes = orders_table.moving_money(order, received=received, returned=returned)
    kind = consequence(order, before)
    _write(before, after, order, [*writes, *_task(before, task_of(before, kind, order) if kind else None, deed)], deed)
    return after


def unmatch(movement_id: str, deed: Deed) -> StoredMovement:
    """The entry is not the order's after all; somebody has to find whose it is. Raises Problem `not-found`, `not-now`
    and `changed`."""
    before = _as_seen(movement_id, deed)
    if before.state is not MovementState.MATCHED:
        raise not_now(IS_A_REFUND if before.state is MovementState.REFUND else IS_OPEN)
    order = existing(orders_table.get(before.order_id))
    after = _after(before, deed, MovementAct.UNMATCHED, state=MovementState.OPEN, order_id="")
    received, returned = received_and_returned(before)
    writes = orders_table.moving_money(order, received=-received, returned=-returned)
    _write(before, after, order, [*writes, *_task(before, task_of(after, MoneyTaskKind.UNKNOWN), deed)], deed)
    return after


def set_aside(movement_id: str, state: MovementState, deed: Deed) -> StoredMovement:
    """The entry is no family's. `state`: COSTS or ELSEWHERE. Raises Problem `not-found`, `not-now` and `changed`."""
    assert state in ASIDE
    before = _open(movement_id, deed)
    after = _after(before, deed, MovementAct.SET_ASIDE, state=state)
    _write(before, after, None, _task(before, None, deed), deed)
    return after


def set_against(movement_id: str, other_id: str, deed: Deed) -> StoredMovement:
    """Money that came in by one entry went out again by the other: both are settled. Raises Problem `not-found`,
    `not-now` and `changed`."""
    before, other = _open(movement_id, deed), existing(table.get(other_id))
    if other.state is not MovementState.OPEN:
        raise not_now(IS_SETTLED)
    if before.cents + other.cents != 0 or before.movement_id == other.movement_id:
        raise not_now(NOT_OPPOSITE)
    if before.account != other.account:
        raise not_now(OTHER_ACCOUNTS)
    act, state = MovementAct.SET_AGAINST, MovementState.AGAINST
    after = _after(before, deed, act, state=state, against=other.movement_id)
    its_after = _after(other, deed, act, state=state, against=before.movement_id)
    more = [*table.putting(other, its_after), *_task(before, None, deed), *_task(other, None, deed)]
    _write(before, after, None, more, deed)
    return after


def take_up(movement_id: str, deed: Deed) -> StoredMovement:
    """An entry that was set aside, or against another one, is open again; the other one too. Raises Problem
    `not-found`, `not-now` and `changed`."""
    before = _as_seen(movement_id, deed)
    if before.state not in (*ASIDE, MovementState.AGAINST):
        raise not_now(IS_OPEN if before.state is MovementState.OPEN else IS_SETTLED)
    act, state = MovementAct.TAKEN_UP, MovementState.OPEN
    after = _after(before, deed, act, state=state, against="")
    more = _task(before, task_of(after, MoneyTaskKind.UNKNOWN), deed)
    if before.against:
        other = existing(table.get(before.against))
        its_after = _after(other, deed, act, state=state, against="")
        more += [*table.putting(other, its_after), *_task(other, task_of(its_after, MoneyTaskKind.UNKNOWN), deed)]
    _write(before, after, None, more, deed)
    return after


# Tasks: what people write on them, and that one is done.


def take(task_id: str, deed: Deed) -> MoneyTask:
    """From now on colleagues see that `by` does it. Raises Problem `not-found` and `changed`."""
    return _change(task_id, deed, taken_by=deed.by.name)


def leave(task_id: str, deed: Deed) -> MoneyTask:
    return _change(task_id, deed, taken_by="")


def hand_over(task_id: str, colleague: str, deed: Deed) -> MoneyTask:
    """To a colleague, by the name that colleagues know."""
    return _change(task_id, deed, taken_by=colleague)


def note(task_id: str, deed: Deed) -> MoneyTask:
    """`deed.why` is the note; empty takes it away."""
    return _change(task_id, deed, note=deed.why)


def want_back(task_id: str, deed: Deed) -> MoneyTask:
    """The money is to go back to who paid it. It is open until the bank's statement shows that it went."""
    return _change(task_id, deed, wants_back=True, taken_by=deed.by.name)


def finish(task_id: str, deed: Deed) -> None:
    """There is nothing left to do. Raises Problem `not-found`, `changed`, and `not-now` while the money is nobody's, or
    while the order is not even, unless they say why that is right."""
    task = _seen_task(task_id, deed)
    if task.movement_id and (entry := table.get(task.movement_id)) and entry.state is MovementState.OPEN:
        raise not_now(WHOSE_FIRST)
    order = orders_table.get(task.order_id) if task.order_id else None
    if order and order.balance_cents and not deed.why:
        raise not_now(STILL_UNEVEN)
    try:
        said = replace(task, note=deed.why or task.note)
        transact_write_patiently(tasks.finishing(said, deed.by, deed.now))
    except Refused:
        raise Problem(CHANGED) from None


def _change(task_id: str, deed: Deed, **changed: Any) -> MoneyTask:
    task = replace(_seen_task(task_id, deed), **changed)
    try:
        tasks.change(task)
    except Interfered:
        raise Problem(CHANGED) from None
    return replace(task, edition=task.edition + 1)


def _seen_task(task_id: str, deed: Deed) -> MoneyTask:
    task = existing(tasks.get(task_id))
    if task.edition != deed.edition:
        raise Problem(CHANGED)
    return task


def _as_seen(movement_id: str, deed: Deed) -> StoredMovement:
    before = existing(table.get(movement_id))
    if before.edition != deed.edition:
        raise Problem(CHANGED)
    return before


def _open(movement_id: str, deed: Deed) -> StoredMovement:
    before = _as_seen(movement_id, deed)
    if before.state is not MovementState.OPEN:
        raise not_now(IS_SETTLED)
    return before


def _after(before: StoredMovement, deed: Deed, act: MovementAct, **changed: Any) -> StoredMovement:
    return replace(before, traces=(*before.traces, deed.trace(act)), **changed)


def _task(entry: StoredMovement, task: MoneyTask | None, deed: Deed) -> list[Write]:
    """The entry's task is this one from now on; None: it has none, and the one that it had is done."""
    if task:
        return tasks.hand_in(task)
    before = tasks.get(task_id_of(entry))
    return tasks.closing(before, deed.by, deed.now) if before else []


def _write(before: StoredMovement, after: StoredMovement, order: Order | None, more: list[Write], deed: Deed) -> None:
    entry = settled(before, after, order.municipality if order else "", deed.now)
    writes = [*table.putting(before, after), *([books.putting(entry)] if entry else []), *more]
    try:
        transact_write_patiently(writes)
    except Refused:
        raise Problem(CHANGED) from None
