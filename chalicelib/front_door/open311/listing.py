"""The cases that everybody may see, by the days on which they came.

The daybook says which they are, so that whoever asks for everything costs a query for each day and a read for each
request that is on the page; never one for a case that nobody may see.
"""

from datetime import date

from chalicelib.core.memory import Memory
from chalicelib.front_door.cases import table as cases
from chalicelib.front_door.cases.rules import Case
from chalicelib.front_door.daybook import table as daybook
from chalicelib.front_door.daybook.rules import DaybookLine, DaybookState
from chalicelib.front_door.open311.requests import CLOSED, NO_ID, OPEN, Wanted, is_known_by_id, is_shown, newest_first

STATUSES = {DaybookState.RECEIVED: OPEN, DaybookState.ANSWERED: CLOSED}
_shown: Memory[date, tuple[DaybookLine, ...]] = Memory(60.0)


def found(asked: Wanted) -> list[Case]:
    """The newest first. What staff take off the public map is gone at once: each case is read as it is now."""
    if asked.case_ids:
        known = cases.several(case_id for case_id in asked.case_ids if case_id != NO_ID)
        return newest_first(case for case in known.values() if is_known_by_id(case))
    lines = [line for day in asked.days for line in _of_day(day) if _fits(asked, line)]
    first = (asked.page - 1) * asked.page_size
    page = cases.several(line.case_id for line in lines[first : first + asked.page_size])
    return newest_first(case for case in page.values() if is_shown(case) and asked.has(case))


def _fits(asked: Wanted, line: DaybookLine) -> bool:
    has_code = not asked.codes or line.form_id in asked.codes
    return has_code and (not asked.statuses or STATUSES[line.state] in asked.statuses)


def _of_day(day: date) -> tuple[DaybookLine, ...]:
    return _shown.get(day, lambda: tuple(line for line in daybook.of_day(day) if line.is_public))


def forget() -> None:
    """This container reads the days anew."""
    _shown.forget()
