"""A case ends: it and its history are deleted when its form's `kept_months` after its last answer or closing are over.

Which ones, the daybook says, day by day, in the first week of each month: nothing is scanned, and a city without forms
pays for no look. The line of the daybook stays, without a word about a person, so that the public list and the counts
stay whole.

Guarantee: what is in hand, or opened again at the last moment, is not deleted: the first write, on the condition that
the case is as it was read, marks it as ending, and from then on nobody finds it, opens it again or changes it, however
many parts its history has. The case itself goes last, so that what breaks off is found again.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from chalicelib.core import table as items
from chalicelib.core.moments import today
from chalicelib.core.refusals import went_through
from chalicelib.front_door.cases import table
from chalicelib.front_door.cases.rules import Case
from chalicelib.front_door.counter import files as certificates
from chalicelib.front_door.counter import table as counter
from chalicelib.front_door.daybook import table as daybook
from chalicelib.front_door.daybook.rules import DaybookLine
from chalicelib.front_door.files import keeping as files
from chalicelib.front_door.forms import table as forms
from chalicelib.front_door.forms.rules import FormKind
from chalicelib.front_door.photos import keeping
from chalicelib.front_door.reports import table as reports

# No case came before: there was no front door.
FIRST_DAY = date(2026, 11, 1)
DAYS_OF_THE_MONTH = 7
# DynamoDB takes 100 writes in a transaction; one is the condition.
AT_ONCE = 90
# Cases that are read at once.
CASES_AT_ONCE = 100


def end(now: datetime) -> int:
    """Deletes the cases whose time is over; the number of them, 0 on a day on which nobody looks. Raises Busy; what was
    done stays."""
    day = today(now)
    if day.day > DAYS_OF_THE_MONTH or not forms.remembered_heads():
        return 0
    return sum(_end_of(lines) for each in _days(day) for lines in _parts(each, day))


def _days(until: date) -> Iterator[date]:
    return (FIRST_DAY + timedelta(days=number) for number in range((until - FIRST_DAY).days))


def _parts(came_on: date, day: date) -> Iterator[Sequence[DaybookLine]]:
    over = [one for one in daybook.of_day(came_on) if one.ends_on and one.ends_on <= day and not one.is_gone]
    return (over[place : place + CASES_AT_ONCE] for place in range(0, len(over), CASES_AT_ONCE))


def _end_of(lines: Sequence[DaybookLine]) -> int:
    cases, ended = table.also_ending(line.case_id for line in lines), 0
    for line in lines:
        case = cases.get(line.case_id)
        # The line is written behind the case: one of an earlier edition says nothing of how it is now.
        is_as_noted = case is not None and (case.is_ending or case.edition == line.edition)
        if case is not None and not (is_as_noted and _is_deleted(case)):
            continue
        daybook.mark_gone(line)
        ended += case is not None
    return ended


def _is_deleted(case: Case) -> bool:
    """Deletes it with its photos and files, who asked for a certificate and that one's file; False if it changed
    meanwhile."""
    if not case.is_ending:
        case, marking = table.beginning_to_end(case)
        if not _went_through([marking]):
            return False
    as_read = table.as_read(case)
    _, *rest = table.removing(case, table.history(case))
    parts = [rest[place : place + AT_ONCE] for place in range(0, len(rest), AT_ONCE)]
    writes: list[list[dict[str, Any]]] = [[as_read, *part] for part in parts]
    if not all(map(_went_through, writes)):
        return False
    keeping.forget(case.photos)
    files.forget(case)
    asked = _forget_certificate(case) if case.kind is FormKind.CERTIFICATE else []
    return _went_through([reports.removing(case), *asked, {"Delete": as_read["ConditionCheck"]}])


def _forget_certificate(case: Case) -> list[dict[str, Any]]:
    """Its file is gone; the writes by which who asked goes too. What can be verified by its number stays."""
    if one := counter.of_case(case.case_id):
        certificates.forget(one)
    return counter.removing(case.case_id)


def _went_through(writes: Sequence[dict[str, Any]]) -> bool:
    return went_through(lambda: items.transact_write(list(writes)))
