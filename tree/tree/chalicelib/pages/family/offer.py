"""The page behind the link in the mail of an offer or a hold: accept, or ask for more time, without a login.

Looking at it changes nothing, because programs that check mails follow every link in them.
"""

from chalicelib.booking.registrations.rules import RegistrationStatus
from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import OFFER_OVER, Problem
from chalicelib.pages.family.registration import about, give_answer, kept_of, receipt
from chalicelib.pages.family.visitors import keep, link_of
from chalicelib.pages.frame.forms import STALE, read_form
from chalicelib.pages.frame.pages import page, redirect
from chalicelib.pages.frame.visit import Visit

ADDRESS = "/offer"


def show(visit: Visit) -> Answer:
    """`?token=` of the mail, which leaves the address at once; then by that link's cookie. `?done=`: what was answered
    just now."""
    if "token" in visit.query:
        keep(visit, visit.query["token"])
        return redirect(visit, ADDRESS)
    found = receipt(visit, link_of(visit).registration_id)
    if found.standing.status is RegistrationStatus.CANCELLED:
        raise Problem(OFFER_OVER)
    kept = kept_of(visit, found)
    return page(visit, "pages/family/offer.html", answer=visit.query.get("done"), kept=kept, **about(visit, found))


def take_answer(visit: Visit) -> Answer:
    """The form's `answer`: accept or extend. Again and again is the same. Raises Problem `stale-form` if this
    browser followed the link to another registration since it was shown this one."""
    form, link = read_form(visit), link_of(visit)
    if form["registration_id"] != link.registration_id:
        raise Problem(STALE)
    found = receipt(visit, link.registration_id)
    give_answer(visit, found, form["answer"])
    return redirect(visit, f"{ADDRESS}?done={form['answer']}")
