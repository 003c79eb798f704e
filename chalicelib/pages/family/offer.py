"""The page behind the link in the mail of an offer or a hold: accept, or ask for more time, without a login.

Looking at it changes nothing, because programs that check mails follow every link in them.
"""

from chalicelib.booking.offers.links import Link
from chalicelib.booking.registrations.rules import RegistrationStatus
from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import OFFER_OVER, Problem
from chalicelib.pages.family.entering import START
from chalicelib.pages.family.registration import (
    Receipt,
    about,
    give_answer,
    kept_of,
    questions_of,
    receipt,
    with_what_is_missing,
)
from chalicelib.pages.family.visitors import keep_or_know, link_of
from chalicelib.pages.frame.forms import STALE, Form, read_form
from chalicelib.pages.frame.pages import page, redirect
from chalicelib.pages.frame.visit import Visit

ADDRESS = "/offer"


def show(visit: Visit) -> Answer:
    """`?token=` of the mail, which leaves the address at once; then by that link's cookie. `?done=`: what was answered
    just now. Who has a pass and a link that is none goes on at the family's page, which shows its offers first."""
    if "token" in visit.query:
        led = keep_or_know(visit, visit.query["token"])
        return redirect(visit, ADDRESS if isinstance(led, Link) else START)
    found = receipt(visit, link_of(visit).registration_id)
    if found.standing.status is RegistrationStatus.CANCELLED:
        raise Problem(OFFER_OVER)
    return _page(visit, found)


def _page(visit: Visit, found: Receipt, form: Form | None = None, status: int = 200) -> Answer:
    """`form`: what was typed, and what of it is wrong."""
    questioned = questions_of(visit, found)
    return page(
        visit,
        "pages/family/offer.html",
        status,
        answer=visit.query.get("done"),
        kept=kept_of(visit, found),
        **about(visit, with_what_is_missing(found, questioned)),
        **questioned.on_page(visit, form),
    )


def take_answer(visit: Visit) -> Answer:
    """The form's `answer`: accept or extend. Again and again is the same. Raises Problem `stale-form` if this
    browser followed the link to another registration since it was shown this one."""
    form, link = read_form(visit), link_of(visit)
    if form["registration_id"] != link.registration_id:
        raise Problem(STALE)
    found = receipt(visit, link.registration_id)
    if wrong := give_answer(visit, found, form):
        return _page(visit, found, wrong, 422)
    return redirect(visit, f"{ADDRESS}?done={form['answer']}")
