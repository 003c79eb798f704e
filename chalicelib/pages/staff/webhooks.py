"""Webhooks: a programme manager asks for one, another one confirms it; how it answers, and what was given up."""

from dataclasses import dataclass

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import INVALID, Problem
from chalicelib.core.languages import N_, translate
from chalicelib.links import changing, deliveries, table
from chalicelib.links.rules import Delivery, EventType, Failure, Webhook, WebhookState
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect, refused
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.staff.rules import Staff

ADDRESS = "/office/webhooks"
EVENTS = {
    EventType.CONFIRMED: N_("A registration has its seat"),
    EventType.OFFERED: N_("A seat is offered, or kept until something is answered"),
    EventType.WAITLISTED: N_("A registration waits on the list"),
    EventType.WAITING_ENDED: N_("A registration waits no longer: it has a seat or an offer, or it left"),
    EventType.CANCELLED: N_("A registration has no seat any more"),
    EventType.CHILD_LEFT: N_("A child left a registration, and others stay"),
    EventType.PAID: N_("An order is paid"),
    EventType.REFUND_PAID: N_("A refund went out"),
    EventType.CERTIFICATE: N_("A family’s tax certificates are there"),
    EventType.CASE_RECEIVED: N_("A case came in"),
    EventType.CASE_ANSWERED: N_("A case is answered"),
    EventType.CASE_REOPENED: N_("A case is open again"),
    EventType.CASE_CLOSED: N_("A case is closed"),
}
STATES = {
    WebhookState.PROPOSED: (N_("waits for a second person"), "warning"),
    WebhookState.ON: (N_("is told"), "safe"),
    WebhookState.AGAIN: (N_("is tried now"), "neutral"),
    WebhookState.HALTED: (N_("is stopped"), "danger"),
}
FAILURES = {
    Failure.UNKNOWN_HOST.value: N_("there is no such name"),
    Failure.PRIVATE.value: N_("the name leads to an address that is not public"),
    Failure.NO_CONNECTION.value: N_("it takes no connection"),
    Failure.NOT_TRUSTED.value: N_("its certificate is not trusted, or of another name"),
    Failure.TOO_SLOW.value: N_("it did not answer in four seconds"),
    Failure.NOT_HTTP.value: N_("it answers something that is not HTTP"),
}
ANSWERED = N_("it answered {status}")
# Deliveries of each webhook that the page shows; of more it says that there are more.
SHOWN = 20
COUNTED = 1000


@dataclass(frozen=True)
class ShownWebhook:
    """`waiting`: deliveries that are due, now or later; `has_more`: there are more than were counted. `dead`: those
    that were given up, the latest first, SHOWN and one more at most."""

    webhook: Webhook
    events: list[str]
    state: str
    badge: str
    last: str
    waiting: int
    dead: list[Delivery]
    is_own: bool

    @property
    def has_more(self) -> bool:
        return self.waiting >= COUNTED


def show(visit: Visit, by: Staff) -> Answer:
    return _page(visit, by, Form({}))


def propose(visit: Visit, by: Staff) -> Answer:
    form = read_form(visit)
    sent = {name: form[name].strip() for name in ("name", "address", "reason")}
    try:
        with visit.attempting():
            made = changing.propose({**sent, "events": form.all("events")}, by, visit.now)
    except Problem as problem:
        again = form.wrong(problem, visit.language) if problem.errors else form
        return _page(visit, by, again, problem)
    return _page(visit, by, Form({}), made=made)  # no redirect: the secret is in no address, and is shown this once


def settle(visit: Visit, by: Staff, webhook_id: str) -> Answer:
    """`do`: confirm, end or again."""
    form, why = read_form(visit), f"why-{webhook_id}"
    try:
        with visit.attempting():
            match form["do"]:
                case "confirm":
                    changing.confirm(webhook_id, form[why], by, visit.now)
                case "end":
                    changing.end(webhook_id, form[why], by, visit.now)
                case "again":
                    changing.send_again(webhook_id, visit.now)
                case _:
                    raise Problem(INVALID)
    except Problem as problem:
        wrong = list(form.wrong(problem, visit.language).errors.values()) if problem.errors else []
        return _page(visit, by, Form({why: form[why]}, errors={why: wrong[0]} if wrong else {}), problem)
    return redirect(visit, f"{ADDRESS}?done={form['do']}")


def in_words(outcome: str, language: str) -> str:
    """`outcome`: as a delivery keeps it. A status of HTTP, and nothing that the other side wrote."""
    if outcome in FAILURES:
        return translate(FAILURES[outcome], language)
    return translate(ANSWERED, language, status=outcome) if outcome else "–"


def _page(visit: Visit, by: Staff, form: Form, problem: Problem | None = None, made: Webhook | None = None) -> Answer:
    return page(
        visit,
        "pages/staff/webhooks.html",
        problem.kind.status if problem else 200,
        webhooks=[_shown(one, by, visit.language) for one in table.every()],
        events=[(one.value, words) for one, words in EVENTS.items()],
        in_words=in_words,
        shown=SHOWN,
        form=form,
        problem=refused(visit, problem),
        made=made,
        done=visit.query.get("done") if problem is None and made is None else None,
    )


def _shown(webhook: Webhook, by: Staff, language: str) -> ShownWebhook:
    state, badge = STATES[webhook.state]
    return ShownWebhook(
        webhook,
        [translate(words, language) for one, words in EVENTS.items() if one in webhook.events],
        translate(state, language),
        badge,
        in_words(webhook.health.last, language),
        deliveries.waiting(webhook.webhook_id, COUNTED),
        deliveries.dead(webhook.webhook_id, SHOWN + 1),
        webhook.by == by.staff_id,
    )
