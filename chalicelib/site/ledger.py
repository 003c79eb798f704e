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
    chain, form = table.remembered(), Form(visit.query)
    found = entries.chosen(chain, form["opening"], form["what"])
    shown = entries.paged(chain, found, form["page"])
    return page(
        visit,
        "site/ledger.html",
        cache_seconds=CACHE_SECONDS,
        shown=shown,
        rows=entries.in_words(shown.entries, visit.language, visit.now),
        form=form,
        kinds=entries.kinds(chain, visit.language),
        opening_ids=entries.opening_ids(chain),
    )
