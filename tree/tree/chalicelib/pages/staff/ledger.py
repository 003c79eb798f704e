"""The ledger of exceptions with who and why: for auditors, programme managers and approvers. A page and a CSV file."""

from collections.abc import Sequence

from chalicelib.city.ledger import table
from chalicelib.city.ledger.rules import LedgerEntry
from chalicelib.core.http.answering import Answer, File
from chalicelib.core.printing import sheets
from chalicelib.insight import entries
from chalicelib.office import ledger
from chalicelib.pages.frame.forms import Form
from chalicelib.pages.frame.pages import page
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.staff.rules import Staff

COLUMNS = (
    *("number", "at", "what", "opening_id", "session_id", "details", "by", "reason", "registration_id"),
    *("private_details", "hash"),
)


def show(visit: Visit, by: Staff) -> Answer:
    """`?opening=`, `?what=` and `?page=`."""
    listed = entries.listed(_chain(by), visit.query, visit.language, visit.now, is_private=True)
    ledger.seen(listed["shown"].entries)
    return page(visit, "pages/staff/ledger.html", form=Form(visit.query), **listed)


def download(visit: Visit, by: Staff) -> Answer:
    """All entries that were chosen, the latest first, with the API's names."""
    form = Form(visit.query)
    found = entries.chosen(_chain(by), form["opening"], form["what"])
    ledger.seen(found)
    rows = [
        (
            one.number,
            one.at.isoformat(),
            one.what.value,
            one.opening_id or "",
            one.session_id or "",
            entries.as_text(one.details),
            one.staff_name,
            one.reason,
            one.registration_id or "",
            entries.as_text(one.private),
            one.hash,
        )
        for one in found
    ]
    return Answer(200, File(sheets.as_csv(COLUMNS, rows), sheets.CSV, "ledger.csv"))


def _chain(by: Staff) -> Sequence[LedgerEntry]:
    return ledger.entries_of(by, table.remembered())
