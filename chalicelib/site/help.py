"""How it works, questions and answers, and how to reach the city: all of it texts that staff may change."""

from chalicelib.api.answering import Answer
from chalicelib.web.pages import page
from chalicelib.web.visit import Visit

CACHE_SECONDS = 60


def show(visit: Visit) -> Answer:
    return page(visit, "site/help.html", cache_seconds=CACHE_SECONDS)
