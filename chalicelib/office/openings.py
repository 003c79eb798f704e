"""All openings, the newest first, each with how far it is on its way."""

from chalicelib.api.answering import Answer
from chalicelib.office import words
from chalicelib.openings.rules import title
from chalicelib.publication import drafts
from chalicelib.staff.rules import Staff
from chalicelib.web.pages import page
from chalicelib.web.visit import Visit


def show(visit: Visit, by: Staff) -> Answer:
    found = drafts.every_checked(visit.now, visit.language)
    return page(
        visit,
        "office/openings.html",
        openings=[(title(one.opening.plan, visit.language), one.opening, len(one.wrong)) for one in found],
        states=words.in_language(words.OPENING_STATE, visit.language),
        kinds=words.in_language(words.OPENING_KIND, visit.language),
        badges=words.BADGES,
        may_make=visit.may("GET", "/office/openings/new"),
    )
