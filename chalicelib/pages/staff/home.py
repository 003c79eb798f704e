"""The office's first page, signing in and signing out."""

from chalicelib.core.http.answering import Answer
from chalicelib.office import scope
from chalicelib.pages.frame import signing_in
from chalicelib.pages.frame.forms import read_form
from chalicelib.pages.frame.pages import page, redirect
from chalicelib.pages.frame.visit import Visit, own_path
from chalicelib.pages.staff.waiting import decides, waiting_for
from chalicelib.people.staff.rules import Role, Staff

START = "/office"


def show(visit: Visit, who: Staff) -> Answer:
    """What waits for this person, and where their work is."""
    return page(
        visit,
        "pages/staff/home.html",
        who=who,
        decides=decides(visit),
        waiting=waiting_for(who, visit),
        is_lost=_is_lost(who),
    )


def _is_lost(who: Staff) -> bool:
    """A leader needs no municipality: sessions name them."""
    return who.roles != {Role.LEADER} and scope.is_lost(who)


def sign_in(visit: Visit) -> Answer:
    """To the city's sign-in, and from there to `?next=`."""
    return signing_in.begin(visit, own_path(visit.query.get("next"), START))


def signed_in(visit: Visit) -> Answer:
    return redirect(visit, signing_in.finish(visit))


def sign_out(visit: Visit) -> Answer:
    read_form(visit)
    signing_in.sign_out(visit)
    return redirect(visit, "/programme")
