"""Whether we are there, and which version."""

from chalicelib import VERSION
from chalicelib.api.answering import Answer, Call


def health(call: Call) -> Answer:
    """Says that requests arrive and code runs. It asks nothing of the table: a health check must cost nothing."""
    return Answer(200, {"status": "ok", "version": VERSION})
