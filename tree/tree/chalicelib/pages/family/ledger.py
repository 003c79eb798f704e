"""The ledger of exceptions for anyone: what was out of the ordinary, without who and why, and how to verify it."""

from chalicelib.city.ledger import table
from chalicelib.core.http.answering import Answer
from chalicelib.insight import entries
from chalicelib.pages.frame.forms import Form
from chalicelib.pages.frame.pages import page
from chalicelib.pages.frame.visit import Visit

CACHE_SECONDS = 5


def show(visit: Visit) -> Answer:
    """`?opening=`, `?what=` and `?page=`, so that a choice can be shared."""
    listed = entries.listed(table.remembered(), visit.query, visit.language, visit.now)
    return page(visit, "pages/family/ledger.html", cache_seconds=CACHE_SECONDS, form=Form(visit.query), **listed)
