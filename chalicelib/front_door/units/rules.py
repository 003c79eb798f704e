"""A unit of the city: its people, who answer what is sent to it. Plain rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

# The people of a unit stand in one item; a city's largest have some dozens.
MOST_PEOPLE = 100
# Of a unit, the last ones; the ledger has all of them.
MOST_WIDENINGS = 5


@dataclass(frozen=True)
class Widening:
    """That more people read a confidential unit's cases since the unit's `edition`, or that it is confidential no more
    (`is_lifted`). `people`: who they are, by mail address. `by`: the name of who did it. `told`: the addresses of those
    whose unit it was before, and of their head."""

    edition: int
    at: datetime
    by: str
    people: tuple[str, ...]
    is_lifted: bool
    told: tuple[str, ...]


@dataclass(frozen=True)
class Unit:
    """`name`: language to text. `people`: mail addresses of staff, in small letters, at most MOST_PEOPLE. `head`: the
    address of who hears what waits too long; "": nobody. `above`: the unit_id of the unit that looks after it; "":
    none. `is_confidential`: of its cases nobody else reads a word (social care, youth). `edition` counts its
    changes, and the forms that were published to lead to it. `widenings`: the last one last."""

    unit_id: str
    name: Mapping[str, str]
    people: tuple[str, ...]
    head: str
    above: str
    is_confidential: bool
    edition: int
    widenings: tuple[Widening, ...] = ()

    def has(self, email: str) -> bool:
        """Whether somebody with this address is one of its people."""
        return bool(email) and email.lower() in self.people


def in_charge(unit_id: str, units: Mapping[str, Unit]) -> Unit | None:
    """The unit whose people handle what is this unit's: itself, or, while it has nobody, the first above it that has
    somebody. None: nobody has, or the units above lead in a circle."""
    passed: set[str] = set()
    while unit_id in units and unit_id not in passed:
        unit = units[unit_id]
        if unit.people:
            return unit
        passed.add(unit_id)
        unit_id = unit.above
    return None


def chain(unit_id: str, units: Mapping[str, Unit]) -> list[str]:
    """The unit, the one above it, and so on."""
    found: list[str] = []
    while unit_id in units and unit_id not in found:
        found.append(unit_id)
        unit_id = units[unit_id].above
    return found


def widened(before: Mapping[str, Unit], after: Mapping[str, Unit]) -> dict[str, tuple[str, ...]]:
    """The confidential units whose cases more people read after a change, and who these are: who joined it or, while it
    has nobody, the unit above it; all of them once it is confidential. Of one that is confidential no more: who joined
    it by the same change, or nobody."""
    found: dict[str, tuple[str, ...]] = {}
    for unit_id, unit in after.items():
        was = unit_id in before and before[unit_id].is_confidential
        knew = _readers(unit_id, before) if was else ()
        people = tuple(one for one in _readers(unit_id, after) if one not in knew)
        if (unit.is_confidential and people) or (was and not unit.is_confidential):
            found[unit_id] = people
    return found


def _readers(unit_id: str, units: Mapping[str, Unit]) -> tuple[str, ...]:
    unit = in_charge(unit_id, units)
    return unit.people if unit else ()
