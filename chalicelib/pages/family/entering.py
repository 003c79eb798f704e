"""Coming in by the link in a mail, and leaving: from then on a cookie says which family it is, and no address does."""

from chalicelib.core.http.answering import Answer
from chalicelib.pages.frame.cookies import LANGUAGE, PASS
from chalicelib.pages.frame.forms import read_form
from chalicelib.pages.frame.pages import page, redirect
from chalicelib.pages.frame.visit import Visit, own_path
from chalicelib.people.families import tokens
from chalicelib.people.families.handlers import known_bearer, own_pass

START = "/family"


def enter(visit: Visit) -> Answer:
    """`?token=` of the mail, and `to`: which page of ours it is about. Whoever follows the link goes on at an address
    without the token; a browser that another family uses is asked first, so that nobody's link makes a family act for
    another one unawares. Raises Problem `unauthorized`."""
    token, to = visit.query.get("token", ""), own_path(visit.query.get("to"), START)
    coming, present = tokens.read(token), known_bearer(visit)
    if present and present.family_id != coming.family_id:
        asked = own_pass(coming)
        return page(visit, "pages/family/enter.html", token=token, to=to, asked=asked)
    return _enter(visit, token, to)


def replace_family(visit: Visit) -> Answer:
    """The answer to that question. Raises Problem `unauthorized`."""
    form = read_form(visit)
    return _enter(visit, form["token"], own_path(form["to"], START))


def _enter(visit: Visit, token: str, to: str) -> Answer:
    bearer = tokens.read(token)
    visit.set_cookie(PASS, token)
    if LANGUAGE not in visit.cookies:
        visit.set_cookie(LANGUAGE, bearer.language)
    return redirect(visit, to)


def ask_to_leave(visit: Visit) -> Answer:
    return page(visit, "pages/family/leave.html")


def leave(visit: Visit) -> Answer:
    """On a computer that others use too."""
    read_form(visit)
    visit.forget_cookie(PASS)
    return redirect(visit, "/programme")
