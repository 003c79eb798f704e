"""Coming in by the link in a mail, and leaving: from then on a cookie says which family it is, and no address does."""

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import UNAUTHORIZED, Problem
from chalicelib.pages.frame.cookies import LANGUAGE, LINK, PASS, PUBLIC
from chalicelib.pages.frame.forms import read_form
from chalicelib.pages.frame.helped import FORGET_PAGES
from chalicelib.pages.frame.pages import page, redirect
from chalicelib.pages.frame.visit import SHORTEST, Visit, own_path
from chalicelib.people.families import table, tokens
from chalicelib.people.families.handlers import known_bearer
from chalicelib.people.families.proving import pass_of, prove, seen_pass
from chalicelib.people.families.rules import VALID_DAYS, Bearer, Pass

START = "/family"


def enter(visit: Visit) -> Answer:
    """`?token=` of the mail, and `to`: which page of ours it is about. Whoever follows the link goes on at an address
    without the token.

    Two are asked first: the first who uses the link, because a mail's scanner follows links too but presses no button,
    and following proves nothing; and a browser that another family uses, so that nobody's link makes a family act for
    another one unawares. A link that was cut off, or is old, shuts nobody out whose browser has a pass: it goes on as
    the family that it is. Raises Problem `unauthorized` for everybody else.
    """
    token, to = visit.query.get("token", ""), own_path(visit.query.get("to"), START)
    present = known_bearer(visit)
    try:
        return _come(visit, token, to, present)
    except Problem as problem:
        if problem.kind is not UNAUTHORIZED or present is None:
            raise
        return redirect(visit, to)


def _come(visit: Visit, token: str, to: str, present: Bearer | None) -> Answer:
    coming = tokens.read(token)
    is_other = present is not None and present.family_id != coming.family_id
    if is_other or not coming.is_proven:
        asked = seen_pass(coming)  # to be shown; what its button does reads it as it is
        if is_other or not asked.is_proven:
            return page(
                visit,
                "pages/family/enter.html",
                token=token,
                to=to,
                asked=asked,
                proves=not asked.is_proven,
                is_other=is_other,
            )
    return _enter(visit, token, coming, to)


def confirm(visit: Visit) -> Answer:
    """The button of that page. Raises Problem `unauthorized`, and `not-eligible` (rule `children`)."""
    form = read_form(visit)
    if form.has(PUBLIC):
        visit.set_cookie(PUBLIC, SHORTEST)
        visit = replace(visit, cookies={**visit.cookies, PUBLIC: SHORTEST})
    return _enter(visit, form["token"], tokens.read(form["token"]), own_path(form["to"], START))


def _enter(visit: Visit, token: str, coming: Bearer, to: str) -> Answer:
    """The cookie's token is from after the proof: with it nothing is read at the opening."""
    if not coming.is_proven:
        proven = prove(pass_of(coming), visit.now)
        token = tokens.renewed(token, _own(proven, visit.now) if proven.invited_by else proven)
    visit.set_cookie(PASS, token)
    if LANGUAGE not in visit.cookies:
        visit.set_cookie(LANGUAGE, coming.language)
    return redirect(visit, to)


def _own(invited: Pass, now: datetime) -> Pass:
    """The family's own pass, which has all of its children, for who accepts an invitation and has one already."""
    for one in reversed(table.of_family(invited.family_id)):
        if one.is_proven and one.children and not one.invited_by and one.created_at > now - timedelta(days=VALID_DAYS):
            return one
    return invited


def ask_to_leave(visit: Visit) -> Answer:
    return page(visit, "pages/family/leave.html")


def leave(visit: Visit) -> Answer:
    """On a computer that others use too. Whoever came by the link of one registration's mail leaves it too."""
    read_form(visit)
    for cookie in (PASS, LINK):
        visit.forget_cookie(cookie)
    answer = redirect(visit, "/programme")
    return replace(answer, headers={**answer.headers, **FORGET_PAGES})
