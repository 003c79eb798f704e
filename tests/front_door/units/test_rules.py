from dataclasses import replace

from chalicelib.front_door.units.rules import in_charge
from tests.front_door.city import OFFICE, STREETS


def test_while_a_unit_has_nobody_the_first_above_it_that_has_is_in_charge() -> None:
    nobody = replace(STREETS, people=())
    board = replace(OFFICE, unit_id="board", above="")
    units = {"streets": nobody, "office": replace(OFFICE, people=(), above="board"), "board": board}

    assert in_charge("streets", units) == board
    assert in_charge("streets", {"streets": STREETS}) == STREETS


def test_where_nobody_is_there_or_units_lead_in_a_circle_nobody_is_in_charge() -> None:
    nobody = replace(STREETS, people=())

    assert in_charge("streets", {"streets": nobody, "office": replace(OFFICE, people=(), above="streets")}) is None
    assert in_charge("streets", {"streets": nobody}) is None
    assert in_charge("gone", {}) is None
