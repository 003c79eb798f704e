"""Coming in by the link in a mail, and leaving: from then on a cookie says which family it is, and no address does."""

from chalicelib.core.http.answering import Answer
from chalicelib.pages.frame.forms import read_form
from chalicelib.pages.frame.pages import page, redirect
from chalicelib.pages.frame.visit import LANGUAGE, PASS, PASS_DAYS, Visit, own_path
from chalicelib.people.families import tokens

START = "/family"


def enter(visit: Visit) -> Answer:
    """`?token=` of the mail, and `to`: which page of ours it is about. Whoever follows the link goes on at an address
    without the token. Raises Problem `unauthorized`."""
    token = visit.query.get("token", "")
    bearer = tokens.read(token)
    visit.set_cookie(PASS, token, PASS_DAYS * 24 * 3600)
    if LANGUAGE not in visit.cookies:
        visit.set_cookie(LANGUAGE, bearer.language)
    return redirect(visit, own_path(visit.query.get("to"), START))


def ask_to_leave(visit: Visit) -> Answer:
    return page(visit, "pages/family/leave.html")


def leave(visit: Visit) -> Answer:
    """On a computer that others use too."""
    read_form(visit)
    visit.forget_cookie(PASS)
    return redirect(visit, "/programme")
