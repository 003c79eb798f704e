"""What the units of somebody have in hand, whatever is due first in front."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import dropwhile, islice

from chalicelib.front_door.cases import scope, table
from chalicelib.front_door.cases.rules import InboxEntry
from chalicelib.front_door.units.rules import Unit
from chalicelib.people.staff.rules import Staff

ON_A_PAGE = 50
# Whose cases: of anybody, nobody's yet, or who looks.
EVERYBODYS, NOBODYS, MINE = "", "nobody", "mine"


@dataclass(frozen=True)
class Wanted:
    """`unit_id`, `form_id`: "": any. `whose`: one of the three above. `after`: as the part before said; "": from the
    beginning."""

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
    every = merge(*(table.inbox(unit.unit_id) for unit in shown), key=_place)
    fitting = (entry for entry in every if _fits(entry, wanted, by))
    behind: Iterator[InboxEntry] = dropwhile(lambda entry: _name(entry) <= wanted.after, fitting)
    entries = list(islice(behind, ON_A_PAGE + 1))
    is_more = len(entries) > ON_A_PAGE
    return InboxPart(entries[:ON_A_PAGE], _name(entries[ON_A_PAGE - 1]) if is_more else None, theirs)


def _fits(entry: InboxEntry, wanted: Wanted, by: Staff) -> bool:
    if wanted.form_id not in ("", entry.form_id):
        return False
    return wanted.whose not in (NOBODYS, MINE) or entry.assignee == (by.email if wanted.whose == MINE else "")


def _place(entry: InboxEntry) -> tuple[str, str]:
    return entry.answer_by.isoformat(), entry.case_id


def _name(entry: InboxEntry) -> str:
    return "#".join(_place(entry))
