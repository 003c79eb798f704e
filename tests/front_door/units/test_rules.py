from dataclasses import replace

import pytest

from chalicelib.front_door.units.rules import Unit, in_charge, widened
from tests.front_door.city import KOEN, NADIA, OFFICE, RIA, STREETS, UNITS, YOUTH


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


CITY = {unit.unit_id: unit for unit in UNITS}
PLAIN = replace(YOUTH, is_confidential=False)
EMPTY = replace(YOUTH, people=())


@pytest.mark.parametrize(
    ("before", "after", "who"),
    [
        (YOUTH, replace(YOUTH, head=NADIA.email, above="streets"), {}),
        (YOUTH, replace(YOUTH, people=(RIA.email, NADIA.email)), {"youth": (NADIA.email,)}),
        (YOUTH, EMPTY, {"youth": (KOEN.email,)}),  # the office reads them from now on
        (EMPTY, replace(EMPTY, above="streets"), {"youth": (NADIA.email,)}),
        (EMPTY, replace(EMPTY, people=(KOEN.email,)), {}),
        (YOUTH, PLAIN, {"youth": ()}),
        (PLAIN, replace(PLAIN, people=(RIA.email, NADIA.email)), {}),
        (replace(PLAIN, people=(RIA.email, NADIA.email)), YOUTH, {"youth": (RIA.email,)}),
        (STREETS, replace(STREETS, people=(NADIA.email, KOEN.email)), {}),
    ],
)
def test_more_people_read_a_confidential_units_cases(
    before: Unit, after: Unit, who: dict[str, tuple[str, ...]]
) -> None:
    assert widened({**CITY, before.unit_id: before}, {**CITY, after.unit_id: after}) == who


def test_who_joins_a_unit_reads_the_cases_of_an_empty_one_below_it() -> None:
    office = replace(OFFICE, people=(KOEN.email, NADIA.email))

    assert widened({**CITY, "youth": EMPTY}, {**CITY, "youth": EMPTY, "office": office}) == {"youth": (NADIA.email,)}


def test_a_new_unit_says_who_reads_its_cases_if_it_is_confidential() -> None:
    assert widened({}, {"youth": YOUTH}) == {"youth": (RIA.email,)}
    assert widened({}, {"streets": STREETS}) == {}
