"""One order of which something goes back: its refunds, the account they go to, and what was not sent after all."""

import re
from dataclasses import dataclass

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.fields import Day, Model, check
from chalicelib.core.http.problems import CHANGED, INVALID, NOT_FOUND, NOT_NOW, Problem, invalid
from chalicelib.core.languages import N_, translate
from chalicelib.money.orders import references
from chalicelib.money.refunds import proving, releasing, rules, sepa, settling, through_provider
from chalicelib.money.refunds.proving import Provable
from chalicelib.money.refunds.rules import Refund, RefundState
from chalicelib.money.tariffs.document import cents_of
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect, refused
from chalicelib.pages.frame.visit import Visit
from chalicelib.pages.staff import refund_words
from chalicelib.people.families import table as families
from chalicelib.people.staff.rules import Staff

GIVE, UNDO, ASK, PROVE, ABSENT = "give", "undo", "ask", "prove", "absent"
SHOWN_AGAIN = (INVALID, NOT_NOW, CHANGED)
PROOF = Model({"handed_in": Day(proving.AS_HANDED_IN)})
AS_EUROS = N_("Give an amount in euros, for example 45.50.")


@dataclass(frozen=True)
class RefundRow:
    """`may_undo`: whether this person may say that it was not sent. `may_ask`: its provider has not answered."""

    refund: Refund
    to: str
    state: str
    badge: str
    may_undo: bool
    may_ask: bool


def show(visit: Visit, by: Staff, order_id: str) -> Answer:
    return _page(visit, by, order_id, Form())


def change(visit: Visit, by: Staff, order_id: str) -> Answer:
    """Gives an account, says that a refund was not sent, asks its provider, or accepts a proof, whichever button was
    pressed."""
    form = read_form(visit)
    what, _, number = form["do"].partition("/")
    try:
        with visit.attempting():
            if what in (PROVE, ABSENT):
                _accept(form, what, order_id, by, visit)
            elif not re.fullmatch("[0-9]{1,4}", number, re.ASCII):
                raise Problem(NOT_FOUND)
            elif what == GIVE:
                releasing.give_account(
                    order_id, int(number), form["iban"], form["name"], _cents(form["amount"]), by, visit.now
                )
            elif what == UNDO:
                settling.undo(order_id, int(number), by, visit.now)
            elif what == ASK:
                through_provider.ask_again(order_id, int(number), visit.now)
            else:
                raise Problem(NOT_FOUND)
    except Problem as problem:
        if problem.kind not in SHOWN_AGAIN:
            raise
        again = form.wrong(problem, visit.language) if problem.errors else form
        return _page(visit, by, order_id, again, problem)
    return redirect(visit, f"/office/refunds/{order_id}?done={what}")


def _accept(form: Form, what: str, order_id: str, by: Staff, visit: Visit) -> None:
    wanted = check(PROOF, {"handed_in": form["handed_in"]})
    if what == PROVE:
        proving.accept(order_id, form["proof"], wanted["handed_in"], by, visit.now)
        return
    days = int(form["days"]) if re.fullmatch("[0-9]{1,3}", form["days"].strip(), re.ASCII) else 0
    proving.absent(order_id, form["place"], days, form["proof"], wanted["handed_in"], by, visit.now)


def _cents(text: str) -> int:
    try:
        return cents_of(text)
    except ValueError:
        raise invalid("amount", AS_EUROS) from None


def _page(visit: Visit, by: Staff, order_id: str, form: Form, problem: Problem | None = None) -> Answer:
    found = releasing.of_order(order_id)
    order = found.order
    waiting = found.waiting
    known = proving.provable(order)
    chosen = next((one for one in waiting if form["do"] == f"{GIVE}/{one.number}"), None)
    if waiting and chosen is None:
        first = next((one for one in waiting if not one.to.is_known), waiting[0])
        form = Form({**_typed(first), **form.values}, errors=form.errors)
        chosen = first
    return page(
        visit,
        "pages/staff/refund.html",
        problem.kind.status if problem else 200,
        form=form,
        problem=refused(visit, problem),
        order=order,
        reference=references.spoken(order.reference),
        why=translate(refund_words.why(order), visit.language),
        over=rules.over(order),
        rows=[_row(one, by, visit.language) for one in found.refunds],
        chosen=chosen,
        known=known,
        child_camps=_in_words(known, order.family_id),
        done=visit.query.get("done") if problem is None else None,
    )


def _in_words(known: Provable, family_id: str) -> list[tuple[str, str]]:
    """Each child in its camp, as a choice."""
    if not known.places:
        return []
    children = {child.child_id: child.first_name for one in families.of_family(family_id) for child in one.children}
    return [(one.key, f"{children.get(one.child_id, one.child_id)}, {one.session.title}") for one in known.places]


def _typed(refund: Refund) -> dict[str, str]:
    amount = f"{refund.cents // 100}.{refund.cents % 100:02}"
    return {"iban": sepa.spaced(refund.to.iban), "name": refund.to.name, "amount": amount}


def _row(refund: Refund, by: Staff, language: str) -> RefundRow:
    is_on_its_way = refund.state in (RefundState.RELEASED, RefundState.SENT) and not refund.to.payment_id
    return RefundRow(
        refund,
        sepa.spaced(refund.to.iban) or refund.to.payment_id,
        translate(refund_words.STATES[refund.state], language),
        refund_words.BADGES[refund.state],
        is_on_its_way and refund.undoing_by != by.staff_id,
        refund.state is RefundState.RELEASED and bool(refund.to.payment_id),
    )
