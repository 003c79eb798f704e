"""The cases that somebody's units have in hand, the first one due in front."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice

from chalicelib.front_door.cases import scope, table
from chalicelib.front_door.cases.rules import InboxEntry
from chalicelib.front_door.units.rules import Unit
from chalicelib.people.staff.rules import Staff

# On a page, and in one request to the table: some of them are canaries, or are not wanted.
ON_A_PAGE, AT_ONCE = 50, 75
# As `InboxEntry.place` says it; anything else that is typed into an address begins at the beginning.
PLACE = r"\d{4}-\d{2}-\d{2}#[A-Z0-9]{13}"
# Whose cases: of anybody, nobody's yet, or who looks.
EVERYBODYS, NOBODYS, MINE = "", "nobody", "mine"


@dataclass(frozen=True)
class Wanted:
    """`unit_id`, `form_id`: "": any. `whose`: one of the three above. `after`: as the part before said; "" or no place:
    from the beginning."""

    unit_id: str = ""
    form_id: str = ""
    whose: str = EVERYBODYS
    after: str = ""


@dataclass(frozen=True)
class InboxPart:
    """`next`: where the following part begins; None: there is none. `units`: those whose cases are theirs."""

    entries: Sequence[InboxEntry]
    next: str | None
    units: Sequence[Unit]


def part(by: Staff, wanted: Wanted) -> InboxPart:
    theirs = scope.units_of(by)
    shown = [unit for unit in theirs if wanted.unit_id in ("", unit.unit_id)]
    after = wanted.after if re.fullmatch(PLACE, wanted.after) else ""
    inboxes = [table.inbox(unit.unit_id, after, AT_ONCE) for unit in shown]
    every = merge(*inboxes, key=lambda entry: entry.place)
    entries = list(islice((entry for entry in every if _fits(entry, wanted, by)), ON_A_PAGE + 1))
    is_more = len(entries) > ON_A_PAGE
    return InboxPart(entries[:ON_A_PAGE], entries[ON_A_PAGE - 1].place if is_more else None, theirs)


def _fits(entry: InboxEntry, wanted: Wanted, by: Staff) -> bool:
    if wanted.form_id not in ("", entry.form_id):
        return False
    return wanted.whose not in (NOBODYS, MINE) or entry.assignee == (by.email if wanted.whose == MINE else "")
