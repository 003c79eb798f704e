"""Whose work a case is: of the people of its unit, whom a mail address names; of nobody else, whatever their role.

Asked before a use case is loaded (people/callers.py). What is not theirs is `not-found`, as if it did not exist.
"""

from datetime import datetime

from chalicelib.core.http.problems import NOT_FOUND, Problem
from chalicelib.front_door.cases import table
from chalicelib.front_door.cases.rules import ID_LENGTH
from chalicelib.front_door.units import table as units
from chalicelib.front_door.units.rules import Unit
from chalicelib.people.staff.rules import Staff


def of_case(by: Staff, now: datetime, case_id: str, **more: str) -> None:
    """Raises Problem `not-found`."""
    case = table.get(case_id) if len(case_id) == ID_LENGTH + 1 else None
    unit = units.remembered().get(case.unit_id) if case else None
    if unit is None or not unit.has(by.email):
        raise Problem(NOT_FOUND)


def units_of(by: Staff) -> list[Unit]:
    """The units that they are one of the people of."""
    return [unit for unit in units.remembered().values() if unit.has(by.email)]
