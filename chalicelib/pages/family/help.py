"""How it works, questions and answers, and how to reach the city: all of it texts that staff may change."""

from chalicelib.core.http.answering import Answer
from chalicelib.pages.frame.pages import page
from chalicelib.pages.frame.visit import Visit

CACHE_SECONDS = 5


def show(visit: Visit) -> Answer:
    return page(visit, "pages/family/help.html", cache_seconds=CACHE_SECONDS)
