"""The office's first page, signing in and signing out."""

from chalicelib.core.http.answering import Answer
from chalicelib.office import scope
from chalicelib.pages.frame import signing_in
from chalicelib.pages.frame.cookies import STAFF
from chalicelib.pages.frame.forms import read_form
from chalicelib.pages.frame.pages import page, redirect
from chalicelib.pages.frame.visit import Visit, own_path
from chalicelib.pages.staff.waiting import decides, waiting_for
from chalicelib.people.staff.rules import Role, Staff

START = "/office"


def show(visit: Visit, who: Staff) -> Answer:
    """The matters that wait for this person, and where their work is."""
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


def sign_in_page(visit: Visit) -> Answer:
    return signing_in.ask(visit)


def signed_in(visit: Visit) -> Answer:
    """Back from there. Where to go stood in a cookie, so it is the browser's word: a path of ours, or the start."""
    where = own_path(signing_in.finish(visit), START)
    return redirect(visit, START if where.startswith(signing_in.CALLBACK) else where)


def sign_out(visit: Visit) -> Answer:
    if STAFF in visit.cookies:  # else another page of this browser signed out already, and there is nothing to protect
        read_form(visit)
    return signing_in.sign_out(visit)
