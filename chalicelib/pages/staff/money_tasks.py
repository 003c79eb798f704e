"""The tasks of finance about money: a list, and a page for each with its next step."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import INVALID, NOT_FOUND, FieldError, Problem
from chalicelib.core.languages import N_
from chalicelib.money.orders import table as orders_table
from chalicelib.money.orders.references import is_reference, spoken
from chalicelib.money.orders.rules import Order
from chalicelib.money.statements import receivables, settling, suggesting, table, tasks
from chalicelib.money.statements.movements import MoneyTask, MovementState, StoredMovement, task_id_of
from chalicelib.money.statements.rules import spaced
from chalicelib.money.statements.settling import Deed
from chalicelib.money.statements.suggesting import Suggestion
from chalicelib.office.desk import search
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect, refused
from chalicelib.pages.frame.visit import Visit
from chalicelib.pages.staff.statements import ACTS, KINDS, STATES, TASKS
from chalicelib.people import access
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.sessions import table as programme
from chalicelib.programme.sessions.rules import Session

AT_ONCE = 50
MOST_FOUND = 20
MOST_WORDS = 500
MOST_LONG = 200  # of an id
HOME = "/office/money/tasks"
# Of what a task is about, by its name.
SESSION = "session_id"

NOTHING_FOUND = N_("No order was found. Try the number on the transfer, the mail address or a child’s name.")
TOO_LONG = N_("Write at most 500 characters.")
SAY_WHO = N_("Write the name of the colleague.")
NEXT_STEP = {
    "unknown": N_("Find whose it is, or say that it is no family’s."),
    "too-little": N_("The family still owes the rest, and is reminded of it. Leave it, or call."),
    "too-much": N_("What was paid too much goes back: release the refund."),
    "twice": N_("The second payment goes back: release the refund. Or it was meant for another order."),
    "after-cancelling": N_("The order was cancelled before. What the city does not keep goes back."),
    "returned": N_("The bank took the payment back, so it is owed again. Call the family."),
    "no-price": N_("No tariff has a price for this session. Enter one."),
    "uitpas": N_(
        "Look in UiTPAS whether a ticket is sold for this child and this camp, and cancel it there. Then the family "
        "can use its pass again."
    ),
}


@dataclass(frozen=True)
class ShownTask:
    """`what`: who paid; of a task that no payment has, the camp. `reference`, `owed_cents`: of its order, as it is now
    (below 0: to go back); None: it has none."""

    task: MoneyTask
    what: str
    reference: str = ""
    owed_cents: int | None = None


def show(visit: Visit, by: Staff) -> Answer:
    """`?after=`: behind which task the list goes on."""
    found = list(islice(tasks.every(visit.query.get("after", "")[:MOST_LONG]), AT_ONCE + 1))
    shown = found[:AT_ONCE]
    orders = orders_table.several(one.order_id for one in shown if one.order_id)
    entries = table.several(one.movement_id for one in shown if one.movement_id)
    ids = {one.about[SESSION] for one in shown if SESSION in one.about}
    sessions = programme.several(ids) if ids else {}
    for order in orders.values():
        access.about(order.family_id)
    return page(
        visit,
        "pages/staff/money_tasks.html",
        tasks=[
            _shown(
                one,
                orders.get(one.order_id),
                entries.get(one.movement_id),
                sessions.get(one.about.get(SESSION, "")),
            )
            for one in shown
        ],
        following=shown[-1].task_id if len(found) > AT_ONCE else None,
        begins="after" not in visit.query,
        TASKS=TASKS,
        NEXT_STEP=NEXT_STEP,
    )


def show_task(visit: Visit, by: Staff, task_id: str) -> Answer:
    """Also of an entry that needs nobody any more. `?find=`: what is looked for an order by."""
    return _task(visit, by, task_id, Form({"find": visit.query.get("find", "")}))


def act(visit: Visit, by: Staff, task_id: str) -> Answer:
    form = read_form(visit)
    try:
        _do(visit, by, task_id, form)
    except Problem as problem:
        if problem.kind is NOT_FOUND or (problem.kind is INVALID and not problem.errors):
            raise
        wrong = form.wrong(problem, visit.language) if problem.errors else form
        return _task(visit, by, task_id, wrong, problem)
    return redirect(visit, f"{HOME}/{task_id}" if tasks.get(task_id) else HOME)


def _do(visit: Visit, by: Staff, task_id: str, form: Form) -> None:
    why = " ".join(form["why"].split())
    if len(why) > MOST_WORDS:
        raise Problem(INVALID, errors=[FieldError("why", TOO_LONG)])
    edition = form["edition"]
    if not (edition.isascii() and edition.isdigit() and len(edition) < 10):
        raise Problem(INVALID)
    if max(len(task_id), len(form["do"])) > MOST_LONG:
        raise Problem(NOT_FOUND)
    deed = Deed(by, visit.now, int(edition), why)
    subject = task_id.partition("~")[2]
    what, _, which = form["do"].partition(":")
    of_entry: dict[str, Callable[[], object]] = {
        "match": lambda: settling.match(subject, which, deed),
        "unmatch": lambda: settling.unmatch(subject, deed),
        "costs": lambda: settling.set_aside(subject, MovementState.COSTS, deed),
        "elsewhere": lambda: settling.set_aside(subject, MovementState.ELSEWHERE, deed),
        "against": lambda: settling.set_against(subject, which, deed),
        "up": lambda: settling.take_up(subject, deed),
    }
    of_task: dict[str, Callable[[], object]] = {
        "take": lambda: settling.take(task_id, deed),
        "leave": lambda: settling.leave(task_id, deed),
        "note": lambda: settling.note(task_id, deed),
        "back": lambda: settling.want_back(task_id, deed),
        "hand": lambda: settling.hand_over(task_id, _colleague(form), deed),
        "done": lambda: settling.finish(task_id, deed),
    }
    (of_entry | of_task).get(what, _unknown)()


def _unknown() -> None:
    raise Problem(INVALID)


def _colleague(form: Form) -> str:
    name = " ".join(form["colleague"].split())
    if not 0 < len(name) <= 100:
        raise Problem(INVALID, errors=[FieldError("colleague", SAY_WHO)])
    return name


def _task(visit: Visit, by: Staff, task_id: str, form: Form, problem: Problem | None = None) -> Answer:
    if len(task_id) > MOST_LONG:
        raise Problem(NOT_FOUND)
    task, entry = tasks.get(task_id), _entry(task_id)
    if task is None and entry is None:
        raise Problem(NOT_FOUND)
    order_id = entry.order_id if entry and entry.order_id else task.order_id if task else ""
    order = orders_table.get(order_id) if order_id else None
    if order:
        access.about(order.family_id)
    is_open = entry is not None and entry.state is MovementState.OPEN
    suggested = suggesting.suggestions(entry) if entry else suggesting.Suggestions((), ())
    found = _found(visit, by, form["find"]) if is_open and form["find"] else None
    return page(
        visit,
        "pages/staff/money_task.html",
        problem.kind.status if problem else 200,
        task_id=task_id,
        task=task,
        entry=entry,
        order=order,
        session=programme.get(task.about[SESSION], consistent=False) if task and SESSION in task.about else None,
        children=receivables.names([order_id]).get(order_id, "") if order else "",
        is_open=is_open,
        suggested=suggested,
        found=found,
        other_id=task_id_of(other) if entry and entry.against and (other := table.get(entry.against)) else None,
        form=form,
        problem=refused(visit, problem),
        spoken=spoken,
        spaced=spaced,
        task_id_of=task_id_of,
        NOTHING_FOUND=NOTHING_FOUND,
        NEXT_STEP=NEXT_STEP,
        STATES=STATES,
        TASKS=TASKS,
        KINDS=KINDS,
        ACTS=ACTS,
    )


def _entry(task_id: str) -> StoredMovement | None:
    """The entry that a task of this id is about, whether or not there still is one."""
    since, _, subject = task_id.partition("~")
    try:
        date.fromisoformat(since)
    except ValueError:
        return None
    found = table.get(subject)
    return found if found and task_id_of(found) == task_id else None


def _found(visit: Visit, by: Staff, typed: str) -> Sequence[Suggestion]:
    """Orders by what somebody typed: the number of a transfer, or whatever finds a family at the desk."""
    digits = re.sub(r"[^0-9]", "", typed)
    if is_reference(digits):
        ids = list(orders_table.by_references([digits]).values())
        orders = list(orders_table.several(ids).values())
    else:
        results = search.find(by, typed, None, visit.now)
        families = dict.fromkeys(one.registration.family_id for one in results.found)
        if results.family:
            families[results.family.family_id] = None
        orders = [order for family_id in families for order in orders_table.of_family(family_id)]
    some: list[Order] = orders[:MOST_FOUND]
    names = receivables.names([one.order_id for one in some])
    return [Suggestion(one, names.get(one.order_id, ""), False) for one in some]


def _shown(task: MoneyTask, order: Order | None, entry: StoredMovement | None, session: Session | None) -> ShownTask:
    what = entry.movement.name if entry else session.title if session else ""
    return ShownTask(task, what, spoken(order.reference), order.balance_cents) if order else ShownTask(task, what)
