"""Statements of the bank: handing one in, those that are there, and what became of each entry of one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import NOT_FOUND, Problem, existing
from chalicelib.core.languages import N_, translate
from chalicelib.core.moments import today
from chalicelib.money.orders import table as orders_table
from chalicelib.money.orders.references import spoken
from chalicelib.money.statements import sums, table, tasks, uploading
from chalicelib.money.statements.movements import (
    MoneyTaskKind,
    MovementAct,
    MovementState,
    StoredMovement,
    task_id_of,
)
from chalicelib.money.statements.rules import MovementKind, spaced
from chalicelib.money.statements.table import StoredStatement
from chalicelib.money.statements.uploading import FILE
from chalicelib.pages.frame.forms import Form
from chalicelib.pages.frame.pages import page, redirect
from chalicelib.pages.frame.uploads import TOO_LARGE, read_upload
from chalicelib.pages.frame.visit import Visit
from chalicelib.people import access
from chalicelib.people.families.identity import FAMILY_LENGTH
from chalicelib.people.staff.rules import Staff

STATEMENT_ID = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9a-f]{16}")
AT_ONCE = 25
ENTRIES_AT_ONCE = 100
# Lambda takes 6 MB, and API Gateway writes the body in Base64.
MOST_SENT = 4_300_000
# Of a month's statements of one account, so many are compared at most.
MOST_COMPARED = 100

ON_LINE = N_("Line {line}: {what}")
STATES = {
    MovementState.OPEN: N_("Nobody knows yet whose it is"),
    MovementState.MATCHED: N_("Of an order"),
    MovementState.REFUND: N_("A refund that the city sent"),
    MovementState.COSTS: N_("Costs of the bank"),
    MovementState.ELSEWHERE: N_("No family’s money"),
    MovementState.AGAINST: N_("Came in and went out again"),
}
KINDS = {
    MovementKind.TRANSFER: N_("Transfer"),
    MovementKind.RETURN: N_("Returned by the bank"),
    MovementKind.COSTS: N_("Costs of the bank"),
    MovementKind.OTHER: N_("Another entry"),
}
TASKS = {
    MoneyTaskKind.UNKNOWN: N_("Unknown payment"),
    MoneyTaskKind.TOO_LITTLE: N_("Too little"),
    MoneyTaskKind.TOO_MUCH: N_("Too much"),
    MoneyTaskKind.TWICE: N_("Paid twice"),
    MoneyTaskKind.AFTER_CANCELLING: N_("Paid after cancelling"),
    MoneyTaskKind.RETURNED: N_("Returned by the bank"),
    MoneyTaskKind.NO_PRICE: N_("No price"),
    MoneyTaskKind.UITPAS: N_("Ticket sale at UiTPAS"),
}
ACTS = {
    MovementAct.FOUND: N_("Its reference said whose it is"),
    MovementAct.MATCHED: N_("Given to an order"),
    MovementAct.UNMATCHED: N_("Taken from its order"),
    MovementAct.SET_ASIDE: N_("Set aside"),
    MovementAct.SET_AGAINST: N_("Set against another entry"),
    MovementAct.TAKEN_UP: N_("Taken up again"),
}
SUMS = (
    ("paid", N_("Paid by families")),
    ("returned", N_("Taken back by the bank")),
    ("refunded", N_("Paid back to families")),
    ("aside", N_("Costs, and no family’s money")),
    ("against", N_("Came in and went out again")),
    ("open", N_("Nobody knows yet whose it is")),
)


@dataclass(frozen=True)
class ShownEntry:
    """`reference`: of its order. `needs_somebody`: there is a task about it."""

    stored: StoredMovement
    reference: str
    needs_somebody: bool

    @property
    def task_id(self) -> str:
        return task_id_of(self.stored)


def show(visit: Visit, by: Staff) -> Answer:
    """`?before=`: behind which statement the list goes on. `?taken=…`: what became of a file."""
    return _list(visit, Form())


def hand_in(visit: Visit, by: Staff) -> Answer:
    try:
        _, files = read_upload(visit, MOST_SENT)
        upload = files.get(FILE)
        answer = uploading.hand_in(upload.content if upload else b"", by)
    except Problem as problem:
        if problem.kind is TOO_LARGE:
            return _list(visit, Form(errors={FILE: str(problem.document(visit.language)["detail"])}), 413)
        if not problem.errors:
            raise
        return _list(visit, Form(errors={FILE: _sentence(problem, visit.language)}), problem.kind.status)
    if answer is None:
        return redirect(visit, "/office/statements?taken=later")
    said = f"matched={answer.matched}&tasks={answer.tasks}&known={answer.already_known}"
    return redirect(visit, f"/office/statements?taken=now&{said}")


def show_statement(visit: Visit, by: Staff, statement_id: str) -> Answer:
    """`?page=`: from 1."""
    statement = existing(table.find(statement_id) if STATEMENT_ID.fullmatch(statement_id) else None)
    found = sums.entries([statement])
    number = _page(visit.query.get("page"), len(found))
    some = list(found.values())[(number - 1) * ENTRIES_AT_ONCE : number * ENTRIES_AT_ONCE]
    return page(
        visit,
        "pages/staff/statement.html",
        statement=statement,
        account=spaced(statement.account),
        compared=sums.of_statement(statement, found),
        entries=shown_entries(some),
        number=number,
        pages=max(1, -(-len(found) // ENTRIES_AT_ONCE)),
        STATES=STATES,
        SUMS=SUMS,
    )


def shown_entries(some: Sequence[StoredMovement]) -> list[ShownEntry]:
    orders = orders_table.several(one.order_id for one in some if one.order_id)
    for order_id in orders:
        access.about(order_id[:FAMILY_LENGTH])
    open_ids = {task.movement_id for task in tasks.several(map(task_id_of, some))}
    return [
        ShownEntry(
            one,
            spoken(orders[one.order_id].reference) if one.order_id in orders else "",
            one.movement_id in open_ids,
        )
        for one in some
    ]


def _list(visit: Visit, form: Form, status: int = 200) -> Answer:
    before = visit.query.get("before", "")
    before = before if STATEMENT_ID.fullmatch(before) else "~"
    found = list(islice(table.statements(before), AT_ONCE + 1))
    shown = found[:AT_ONCE]
    month = _month(visit, shown)
    return page(
        visit,
        "pages/staff/statements.html",
        status,
        form=form,
        statements=shown,
        following=shown[-1].statement_id if len(found) > AT_ONCE else None,
        begins="before" not in visit.query,
        month=f"{month:%Y-%m}",
        compared=[(spaced(account), sums.of_several(some)) for account, some in _of_month(month).items()],
        most=MOST_SENT // 1_000_000,
        spaced=spaced,
        SUMS=SUMS,
    )


def _month(visit: Visit, shown: Sequence[StoredStatement]) -> date:
    """The one that is asked for, else that of the latest statement."""
    try:
        return date.fromisoformat(f"{visit.query.get('month', '')}-01")
    except ValueError:
        return (shown[0].closed_on if shown else today(visit.now)).replace(day=1)


def _of_month(month: date) -> dict[str, list[StoredStatement]]:
    """The statements that end in this month, by account."""
    found: dict[str, list[StoredStatement]] = {}
    for one in islice(table.statements(f"{month:%Y-%m}~"), MOST_COMPARED):
        if one.closed_on < month:
            break
        found.setdefault(one.account, []).append(one)
    return found


def _page(asked: str | None, entries: int) -> int:
    number = int(asked) if asked and asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    if number < 1 or (number > 1 and (number - 1) * ENTRIES_AT_ONCE >= entries):
        raise Problem(NOT_FOUND)
    return number


def _sentence(problem: Problem, language: str) -> str:
    """The fault of the file, with its line."""
    (error,) = problem.errors
    what = translate(error.message, language, **error.values)
    line = error.field.removeprefix("line ")
    return translate(ON_LINE, language, line=line, what=what) if line.isdigit() else what
