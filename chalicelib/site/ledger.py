"""The ledger of exceptions for anyone: what was out of the ordinary, without who and why, and how to verify it."""

from chalicelib.api.answering import Answer
from chalicelib.figures import entries
from chalicelib.ledger import table
from chalicelib.web.forms import Form
from chalicelib.web.pages import page
from chalicelib.web.visit import Visit

CACHE_SECONDS = 5


def show(visit: Visit) -> Answer:
    """`?opening=`, `?what=` and `?page=`, so that a choice can be shared."""
    listed = entries.listed(table.remembered(), visit.query, visit.language, visit.now)
    return page(visit, "site/ledger.html", cache_seconds=CACHE_SECONDS, form=Form(visit.query), **listed)
