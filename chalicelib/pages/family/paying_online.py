"""Paying an order on line: one page before it and after it, and one on the way to the provider."""

import secrets
from dataclasses import replace
from enum import StrEnum

from chalicelib.booking.registrations.handlers import checked_key
from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import Problem
from chalicelib.money.online import paying
from chalicelib.money.online.paying import PayingNow
from chalicelib.money.online.provider import Provider
from chalicelib.money.online.rules import PaymentStatus
from chalicelib.money.orders import references
from chalicelib.money.payees import table as payees
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, refused
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.families.rules import Bearer


class PayingStep(StrEnum):
    """How it stands for the family. ENDED: its last payment did not come through. UNKNOWN: the provider does not say
    now."""

    PAID = "paid"
    READY = "ready"
    BEGUN = "begun"
    ON_ITS_WAY = "on-its-way"
    ENDED = "ended"
    UNKNOWN = "unknown"


def show(visit: Visit, who: Bearer, order_id: str) -> Answer:
    """Also where the family comes back to: whether the provider's call was here already makes no difference."""
    provider, order = paying.of_family(order_id, who.family_id)
    return _page(visit, provider, paying.as_it_is(provider, order, visit.now), Form({"key": secrets.token_urlsafe(12)}))


def pay(visit: Visit, who: Bearer, order_id: str) -> Answer:
    """The form's `key` was made with the form: sent twice, it is one payment."""
    form = read_form(visit)
    provider, order = paying.of_family(order_id, who.family_id)
    back = f"{visit.base}/account/orders/{order_id}/pay"
    try:
        with visit.attempting():
            begun = paying.begin(provider, order_id, checked_key(form["key"]), back, visit.language, visit.now)
    except Problem as problem:
        if problem.errors:
            raise
        now = replace(paying.as_it_is(provider, order, visit.now), is_seen=problem.retry_after is None)
        return _page(visit, provider, now, form, problem)
    # Not a redirect: a browser holds a form to all of its way, and this one's is ours alone (Content-Security-Policy).
    return page(visit, "pages/family/paying_on.html", payment_url=begun.payment_url, order=order)


def step_of(now: PayingNow) -> PayingStep:
    if now.order.balance_cents <= 0:
        return PayingStep.PAID
    if not now.is_seen:
        return PayingStep.UNKNOWN
    match now.payment.status if now.payment else None:
        case PaymentStatus.OPEN:
            return PayingStep.BEGUN
        case PaymentStatus.PENDING | PaymentStatus.AUTHORIZED:
            return PayingStep.ON_ITS_WAY
        case PaymentStatus.FAILED | PaymentStatus.CANCELED | PaymentStatus.EXPIRED:
            return PayingStep.ENDED
    return PayingStep.READY


def _page(visit: Visit, provider: Provider, now: PayingNow, form: Form, problem: Problem | None = None) -> Answer:
    step = step_of(now)
    payee = payees.of(now.order.municipality)
    return page(
        visit,
        "pages/family/paying_online.html",
        problem.kind.status if problem else 200,
        face_of=now.order.municipality,
        form=form,
        problem=refused(visit, problem),
        step=step.value,
        order=now.order,
        payee=payee.name if payee else now.order.municipality,
        reference=references.spoken(now.order.reference),
        cents=now.order.balance_cents,
        methods=() if step is PayingStep.PAID else paying.methods(provider, now.order.balance_cents, visit.language),
    )
