"""The ledger as it is read: by staff with names and reasons, by everybody without."""

from collections.abc import Sequence
from typing import Any

from chalicelib.api.answering import Answer, Call
from chalicelib.api.fields import Model, WholeInQuery, queried
from chalicelib.languages import N_
from chalicelib.ledger import table
from chalicelib.ledger.rules import BEFORE_ALL, Entry, Head
from chalicelib.staff.rules import Staff

# Entries in one answer: about half a megabyte for the public, one for staff.
PAGE = 1000
CACHED = {"Cache-Control": "public, max-age=5"}

AS_AFTER = N_("Give the number of an entry.")
LEDGER_QUERY = Model({"after": WholeInQuery(AS_AFTER, 0, 99_999_999, is_required=False)})


def public_ledger(call: Call) -> Answer:
    """The public parts, `?after=` a number, and the head of the chain: enough to verify that nothing was changed."""
    after = _after(call)
    chain = table.remembered()
    page = [entry for entry in chain if entry.number > after][:PAGE]
    head = chain[-1].head if chain else BEFORE_ALL
    return Answer(200, _page([entry.to_public() for entry in page], page, head), CACHED)


def staff_ledger(call: Call, by: Staff) -> Answer:
    """Whole entries, `?after=` a number, as they are now."""
    head = table.head()
    page = table.entries(_after(call), PAGE)
    return Answer(200, _page([entry.to_whole() for entry in page], page, head))


def _page(shown: Sequence[dict[str, Any]], page: Sequence[Entry], head: Head) -> dict[str, Any]:
    """`next`: what to ask for with `?after=` to read on; None: this was the last."""
    reads_on = bool(page) and page[-1].number < head.number
    return {
        "entries": list(shown),
        "head": {"number": head.number, "hash": head.hash},
        "next": page[-1].number if reads_on else None,
    }


def _after(call: Call) -> int:
    return int(queried(LEDGER_QUERY, call.query)["after"] or 0)
