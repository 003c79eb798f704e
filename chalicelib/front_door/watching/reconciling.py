"""The daybook against the inboxes: two records of what was received, of which each is written on its own.

The inbox entry of a case is written with it; the line of the daybook behind the stream, by a message that may come
twice, late, or never. Where they differ, the case itself says how it stands, and what a record lacks is put back on the
condition that the case is still so. A case that is itself gone cannot be put back: it rings.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from chalicelib.core import table as items
from chalicelib.core.moments import today
from chalicelib.core.refusals import Refused
from chalicelib.front_door.cases import table as cases
from chalicelib.front_door.cases.rules import Case, InboxEntry, Way
from chalicelib.front_door.daybook import table as daybook
from chalicelib.front_door.daybook.rules import DaybookLine
from chalicelib.front_door.watching.rules import Sum, apart, days_of, sums

# Of one case that changes while it is looked at.
TRIES = 3


@dataclass(frozen=True)
class Reconciled:
    """As the records are after mending. `noted`: cases whose line was written; `put_back`: whose place in an inbox was;
    `taken_away`: that stood in an inbox in which they no more are; `gone`: that are in a record and are no more."""

    lines: Sequence[DaybookLine]
    entries: Sequence[InboxEntry]
    sums: dict[tuple[str, Way], Sum]
    noted: frozenset[str]
    put_back: frozenset[str]
    taken_away: frozenset[str]
    gone: frozenset[str]


def in_hand(unit_ids: Iterable[str]) -> list[InboxEntry]:
    """What units have in hand; without canaries. Pages."""
    return [entry for unit_id in sorted(unit_ids) for entry in cases.inbox(unit_id)]


def reconcile(unit_ids: Iterable[str], months: Iterable[date], until: date) -> Reconciled:
    """Of the cases that came in these months (`months`: their first days) up to a day, and of those of other months
    that are in hand. The inboxes are read first: what comes meanwhile has a line that nobody misses."""
    entries = in_hand(unit_ids)
    wanted = sorted({*months, *(month_of(entry) for entry in entries if today(entry.since) <= until)})
    lines = [line for month in wanted for day in days_of(month, until) for line in daybook.of_day(day)]
    return _mended(lines, [entry for entry in entries if today(entry.since) <= until])


def month_of(entry: InboxEntry) -> date:
    return today(entry.since).replace(day=1)


def _mended(lines: Sequence[DaybookLine], entries: Sequence[InboxEntry]) -> Reconciled:
    by_case: dict[str, list[InboxEntry]] = {}
    for entry in entries:
        by_case.setdefault(entry.case_id, []).append(entry)
    wrong = apart(lines, entries).any | {case_id for case_id, places in by_case.items() if len(places) > 1}
    line_by_case = {line.case_id: line for line in lines}
    noted, put_back, taken_away, gone = set[str](), set[str](), set[str](), set[str]()
    for case_id in sorted(wrong):
        case, has_put, has_taken = _settle(case_id, by_case.get(case_id, []))
        if case is None:
            gone.add(case_id)
            continue
        if daybook.note(case):
            noted.add(case_id)
        line_by_case[case_id] = daybook.line_for(case)
        by_case[case_id] = [cases.entry_of(case)] if case.is_in_hand else []
        put_back |= {case_id} if has_put else set()
        taken_away |= {case_id} if has_taken else set()
    found = [entry for places in by_case.values() for entry in places]
    every = list(line_by_case.values())
    return Reconciled(
        *(every, found, sums(every, found)),
        *(frozenset(noted), frozenset(put_back), frozenset(taken_away), frozenset(gone)),
    )


def _settle(case_id: str, places: Sequence[InboxEntry]) -> tuple[Case | None, bool, bool]:
    """The case as it is, with its place in an inbox and no other; whether it was put back, and one taken away. Raises
    Refused for a case that changes each time."""
    has_put = has_taken = False
    for last in range(TRIES):
        case = cases.get(case_id)
        if case is None or case.is_canary:
            return None, False, False
        try:
            if case.is_in_hand and not cases.in_inbox(case):
                items.transact_write([cases.as_read(case), cases.putting_back(case)])
                has_put = True
            for place in places:
                if not case.is_in_hand or (place.unit_id, place.answer_by) != (case.unit_id, case.answer_by):
                    items.transact_write([cases.as_read(case), cases.taking_away(place)])
                    has_taken = True
        except Refused:
            if last == TRIES - 1:
                raise
        else:
            return case, has_put, has_taken
    raise AssertionError("the last try returns or raises")
