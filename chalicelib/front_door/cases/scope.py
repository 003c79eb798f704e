"""Access to a case: for the people of its unit, whom a mail address names, and nobody else, whatever their role.
While a unit has nobody, its work is that of the unit above it.

Asked before a use case is loaded (people/callers.py). What is not theirs is `not-found`, as if it did not exist.
"""

from datetime import datetime

from chalicelib.core.http.problems import NOT_FOUND, Problem
from chalicelib.front_door.cases import table
from chalicelib.front_door.cases.rules import Case, is_case_id
from chalicelib.front_door.units import table as units
from chalicelib.front_door.units.rules import Unit, in_charge
from chalicelib.people import access
from chalicelib.people.staff.rules import Staff


def of_case(by: Staff, now: datetime, case_id: str, **more: str) -> None:
    """Raises Problem `not-found`."""
    case = table.get(case_id) if is_case_id(case_id) else None
    if case is None or not is_theirs(by, case.unit_id):
        raise Problem(NOT_FOUND)


def seen(case: Case) -> None:
    """That somebody of the city reads it: of a confidential one each time leaves a line in the log of access."""
    if case.is_confidential:
        access.sent(case.case_id, case.contact.email)


def is_theirs(by: Staff, unit_id: str) -> bool:
    """Whether what this unit has in hand is theirs to handle."""
    unit = in_charge(unit_id, units.remembered())
    return unit is not None and unit.has(by.email)


def units_of(by: Staff) -> list[Unit]:
    """The units whose cases are theirs to handle."""
    every = units.remembered()
    return [unit for unit in every.values() if (acting := in_charge(unit.unit_id, every)) and acting.has(by.email)]
