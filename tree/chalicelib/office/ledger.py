"""The ledger with names and reasons, for staff: of what is theirs. Anybody can verify the whole chain by its public
part."""

from collections.abc import Sequence

from chalicelib.booking.registrations.rules import family_of
from chalicelib.city.ledger import handlers, table
from chalicelib.city.ledger.handlers import WholeLedger, after_wanted, next_part, whole_entry
from chalicelib.city.ledger.rules import LedgerEntry
from chalicelib.core.http.answering import Answer, Call
from chalicelib.office import scope
from chalicelib.people import access
from chalicelib.people.staff.rules import EVERYWHERE, Staff
from chalicelib.programme.openings import table as openings


def staff_ledger(call: Call, by: Staff) -> Answer:
    """Whole entries, `?after=` a number, as they are now."""
    head = table.head()
    page = table.entries(after_wanted(call), handlers.PAGE)
    own = entries_of(by, page)
    seen(own)
    return Answer(200, WholeLedger([whole_entry(one) for one in own], head, next_part(page, head)))


def seen(entries: Sequence[LedgerEntry]) -> None:
    """That somebody reads these with their reasons, some of which are about a family."""
    for one in entries:
        if one.registration_id:
            access.about(family_of(one.registration_id), session_id=one.session_id)


def entries_of(by: Staff, entries: Sequence[LedgerEntry]) -> Sequence[LedgerEntry]:
    """Those about a session or an opening of theirs, or about the whole city."""
    if EVERYWHERE in by.municipalities:
        return entries
    own = scope.session_ids_of(by)
    readable = {one.opening_id for one in scope.readable(by, openings.every())}
    return [
        one
        for one in entries
        if (one.session_id in own if one.session_id else one.opening_id is None or one.opening_id in readable)
    ]
