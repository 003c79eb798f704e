"""The office's first page, signing in and signing out."""

from chalicelib.api.answering import Answer
from chalicelib.office.waiting import decides, waiting_for
from chalicelib.staff.rules import Staff
from chalicelib.web import signing_in
from chalicelib.web.forms import read_form
from chalicelib.web.pages import page, redirect
from chalicelib.web.visit import Visit, own_path

START = "/office"


def show(visit: Visit, who: Staff) -> Answer:
    """What waits for this person, and where their work is."""
    return page(visit, "office/home.html", who=who, decides=decides(visit), waiting=waiting_for(who, visit))


def sign_in(visit: Visit) -> Answer:
    """To the city's sign-in, and from there to `?next=`."""
    return signing_in.begin(visit, own_path(visit.query.get("next"), START))


def signed_in(visit: Visit) -> Answer:
    return redirect(visit, signing_in.finish(visit))


def sign_out(visit: Visit) -> Answer:
    read_form(visit)
    signing_in.sign_out(visit)
    return redirect(visit, "/programme")
