"""All openings, the newest first, each with how far it is on its way."""

from datetime import datetime
from typing import Any

from chalicelib.api.answering import Answer
from chalicelib.office import words
from chalicelib.publication import handlers
from chalicelib.staff.rules import Staff
from chalicelib.web.pages import ask, page
from chalicelib.web.visit import Visit


def show(visit: Visit, by: Staff) -> Answer:
    found = ask(visit, handlers.list_openings)["openings"]
    return page(
        visit,
        "office/openings.html",
        openings=[_shown(one, visit.language) for one in found],
        states=words.in_language(words.OPENING_STATE, visit.language),
        kinds=words.in_language(words.OPENING_KIND, visit.language),
        badges=words.BADGES,
        may_make=visit.may("GET", "/office/openings/new"),
    )


def _shown(opening: Any, language: str) -> dict[str, Any]:
    titles = opening["plan"]["titles"]
    return {
        **opening,
        "title": titles.get(language) or titles["nl"],
        "opens_at": datetime.fromisoformat(opening["plan"]["windows"][0]["opens_at"]),
        "approved": sum(1 for one in opening["approvals"] if one["counts"]),
        "wrong": sum(1 for one in opening["findings"] if not one["is_notice"]),
    }
