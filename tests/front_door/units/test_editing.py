"""Units and their people, as a manager types them."""

from typing import Any

import pytest

from chalicelib.core import table as items
from chalicelib.core.http.problems import CHANGED, INVALID, Problem
from chalicelib.front_door.units import table as units
from chalicelib.front_door.units.editing import IN_A_CIRCLE, Darkness, as_seen, save
from tests.front_door.city import NOW, OFFICE, STREETS, said

SENT: dict[str, Any] = {
    "name": said("Burgerzaken", "Population", "Civil affairs"),
    "people": ["Nadia.Baert@kaprijke.example", "nadia.baert@kaprijke.example", "koen.desmet@kaprijke.example"],
    "head": None,
    "above": "office",
    "is_confidential": False,
}


@pytest.fixture(autouse=True)
def _units(table: None) -> None:
    items.transact_write([units.putting(STREETS), units.putting(OFFICE)])


def test_a_unit_has_each_person_once_in_small_letters() -> None:
    unit = save(None, SENT, Darkness(), NOW)

    assert unit.unit_id == "burgerzaken"
    assert unit.people == ("nadia.baert@kaprijke.example", "koen.desmet@kaprijke.example")
    assert units.get("burgerzaken") == unit
    assert save(None, SENT, Darkness(), NOW).unit_id == "burgerzaken-2"


@pytest.mark.parametrize(
    "changed",
    [
        {"name": said("") | {"fr": "Population"}},
        {"people": ["nadia"]},
        {"people": [f"p{number}@kaprijke.example" for number in range(101)]},
        {"head": "Nadia"},
        {"above": "nowhere"},
        {"name": {"nl": "<b>\n</b>", "fr": "x", "en": "x"}},
    ],
)
def test_what_is_no_unit_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(Problem) as refused:
        save(None, SENT | changed, Darkness(), NOW)

    assert refused.value.kind is INVALID


def test_no_unit_stands_above_itself() -> None:
    circle = SENT | {"above": "streets"}  # which the office stands above
    with pytest.raises(Problem) as refused:
        save(OFFICE, circle, Darkness(), NOW)

    assert [one.message for one in refused.value.errors] == [IN_A_CIRCLE]


def test_of_two_who_change_a_unit_the_second_one_is_told() -> None:
    save(as_seen("streets", 1), SENT, Darkness(), NOW)

    with pytest.raises(Problem) as refused:
        as_seen("streets", 1)
    assert refused.value.kind is CHANGED
    with pytest.raises(Problem) as refused:
        save(STREETS, SENT, Darkness(), NOW)
    assert refused.value.kind is CHANGED
