"""A public computer: it forgets whom it knows when nobody does anything for a while, and its back button shows
nothing."""

from chalicelib.core.http.answering import Answer
from chalicelib.pages.frame.cookies import HELPER, PASS, PUBLIC
from chalicelib.pages.frame.forms import read_form
from chalicelib.pages.frame.helped import FORGET_PAGES, OF_FAMILIES, forget_families
from chalicelib.pages.frame.pages import page, redirect
from chalicelib.pages.frame.visit import IDLE_MINUTES, SHORTEST, Visit


def show(visit: Visit) -> Answer:
    """What it means, and the button. (A page's script asks for this too, so that who types is not signed out.)"""
    return page(visit, "pages/family/public_computer.html", minutes=IDLE_MINUTES[SHORTEST])


def change(visit: Visit) -> Answer:
    """`minutes`: 10, or 30 for who needs more time; `own`: it is nobody's but mine after all."""
    form = read_form(visit)
    if form["minutes"] in IDLE_MINUTES:
        visit.set_cookie(PUBLIC, form["minutes"])
    else:
        visit.forget_cookie(PUBLIC)
    answer = redirect(visit, "/family" if PASS in visit.cookies else "/programme")
    # A form that was opened before would come back by the back button as one that keeps what is typed.
    return Answer(answer.status, answer.body, {**answer.headers, **FORGET_PAGES})


def idle(visit: Visit) -> Answer:
    """Where a page leads when nobody did anything. It stays a public computer: whoever comes next is safe too. Only a
    page of ours on a public computer leads here: for anybody else's link or picture nothing is forgotten."""
    if visit.idle_minutes and visit.is_from_here:
        forget_families(visit)
        visit.forget_cookie(HELPER)
        shown = page(visit, "pages/family/idle.html")
        return Answer(shown.status, shown.body, {**shown.headers, **FORGET_PAGES})
    if visit.cookies.keys() & {*OF_FAMILIES, HELPER}:
        return redirect(visit, "/leave")
    return page(visit, "pages/family/idle.html")
