"""All openings, the newest first, each with how far it is on its way."""

from chalicelib.core.http.answering import Answer
from chalicelib.office.publication import drafts
from chalicelib.pages.frame.pages import page
from chalicelib.pages.frame.visit import Visit
from chalicelib.pages.staff import words
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.openings.rules import title


def show(visit: Visit, by: Staff) -> Answer:
    found = drafts.every_checked(by, visit.now, visit.language)
    return page(
        visit,
        "pages/staff/openings.html",
        openings=[(title(one.opening.plan, visit.language), one.opening, len(one.wrong)) for one in found],
        states=words.in_language(words.OPENING_STATE, visit.language),
        kinds=words.in_language(words.OPENING_KIND, visit.language),
        badges=words.BADGES,
        may_make=visit.may("GET", "/office/openings/new"),
    )
