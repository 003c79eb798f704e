"""Money that goes back to families: what waits, what two people released, and the bank's files."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import INVALID, NOT_FOUND, Problem, invalid
from chalicelib.core.languages import N_, translate
from chalicelib.money.orders import references
from chalicelib.money.orders import table as orders
from chalicelib.money.refunds import filing, listing, releasing, rules, sepa, table
from chalicelib.money.refunds.releasing import OrderRefunds, Seen
from chalicelib.money.refunds.rules import Refund, RefundState
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect
from chalicelib.pages.frame.visit import Visit
from chalicelib.pages.staff import refund_words
from chalicelib.people.staff.rules import Staff

ADDRESS = "/office/refunds"
FILES_SHOWN = 12
ALL = "all"
NONE_TICKED = N_("Tick at least one refund.")
NOT_A_REFERENCE = N_(
    "No order has this reference. It stands on the receipt and in the mail, for example +++000/0000/00101+++."
)
# A refund as its checkbox says it: order, number, cents, source.
TICKED = re.compile(r"([0-9a-z]{1,40})/([0-9]{1,4})/([0-9]{1,11})/([0-9A-Za-z_-]{1,60})", re.ASCII)


@dataclass(frozen=True)
class WaitingRow:
    """`value`: of its checkbox; empty: this person cannot release it. `released`: by whom, in words."""

    order_id: str
    reference: str
    municipality: str
    why: str
    cents: int
    to: str
    name: str
    is_typed: bool
    released: str
    value: str


def show(visit: Visit, by: Staff) -> Answer:
    """`?after=`: behind what this part begins; `?done=`: what was just done, `?left=`: how many were not released;
    `?reference=`: leads to the order that has it."""
    asked = visit.query.get("reference", "")
    if not asked:
        return _page(visit, by, Form())
    digits = re.sub("[^0-9]", "", asked)[:20]
    found = orders.by_references([digits]).get(digits) if digits else None
    if found is None:
        wrong = invalid("reference", NOT_A_REFERENCE)
        return _page(visit, by, Form({"reference": asked}).wrong(wrong, visit.language), NOT_FOUND.status)
    return redirect(visit, f"{ADDRESS}/{found}")


def release(visit: Visit, by: Staff) -> Answer:
    """Each that was ticked, or all that this person could tick there, each by itself: what changed meanwhile, or is for
    somebody else, stays."""
    form = read_form(visit)
    wanted = form.all("every" if form["do"] == ALL else "refund")
    ticked = [found.groups() for one in wanted if (found := TICKED.fullmatch(one))]
    if not ticked:
        return _page(visit, by, form.wrong(invalid("refund", NONE_TICKED), visit.language), INVALID.status)
    done = 0
    for order_id, number, cents, source in ticked[: listing.AT_ONCE * 2]:
        try:
            with visit.attempting():
                releasing.release(Seen(order_id, int(number), int(cents), source), by, visit.now)
        except Problem:
            continue
        done += 1
    return redirect(visit, f"{ADDRESS}?done={done}&left={len(ticked) - done}")


def make_file(visit: Visit, by: Staff) -> Answer:
    read_form(visit)
    made = filing.make(visit.now)
    return redirect(visit, f"{ADDRESS}?file={made.number if made else 0}")


def get_file(visit: Visit, by: Staff, number: str) -> Answer:
    if not re.fullmatch("[0-9]{1,5}", number, re.ASCII):
        raise Problem(NOT_FOUND)
    return Answer(200, filing.fetched(int(number)))


def _page(visit: Visit, by: Staff, form: Form, status: int = 200) -> Answer:
    found = listing.waiting(visit.query.get("after", ""))
    rows = [row for one in found.orders for row in _rows(one, by, visit.language)]
    released = table.several(table.released())
    return page(
        visit,
        "pages/staff/refunds.html",
        status,
        form=form,
        rows=rows,
        may_release=sum(1 for row in rows if row.value),
        next=found.next,
        released=len(released),
        released_cents=sum(one.cents for one in released),
        files=table.files(FILES_SHOWN),
        done=_count(visit, "done"),
        left=_count(visit, "left"),
        made=_count(visit, "file"),
    )


def _count(visit: Visit, name: str) -> int | None:
    said = visit.query.get(name, "")
    return int(said) if said.isdecimal() and len(said) < 6 else None


def _rows(one: OrderRefunds, by: Staff, language: str) -> Iterator[WaitingRow]:
    for refund in one.refunds:
        if refund.state is RefundState.WAITING or refund.is_pending:
            yield _row(refund, one, by, language)


def _row(refund: Refund, one: OrderRefunds, by: Staff, language: str) -> WaitingRow:
    may = refund.state is RefundState.WAITING and refund.to.is_known
    may = may and rules.may_release(refund, one.order, by.staff_id)
    return WaitingRow(
        order_id=refund.order_id,
        reference=references.spoken(one.order.reference),
        municipality=refund.municipality,
        why=translate(refund_words.why(one.order), language),
        cents=refund.cents,
        to=sepa.spaced(refund.to.iban) if refund.to.iban else refund.to.payment_id,
        name=refund.to.name,
        is_typed=bool(refund.given_by),
        released=translate(refund_words.released_by(refund, by.staff_id), language),
        value=f"{refund.order_id}/{refund.number}/{refund.cents}/{refund.to.source}" if may else "",
    )
