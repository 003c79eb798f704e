"""A unit of the city: its people, who answer what is sent to it. Plain rules."""

from collections.abc import Mapping
from dataclasses import dataclass

# The people of a unit stand in one item; a city's largest have some dozens.
MOST_PEOPLE = 100


@dataclass(frozen=True)
class Unit:
    """`name`: language to text. `people`: mail addresses of staff, in small letters, at most MOST_PEOPLE. `head`: the
    address of who hears what waits too long; "": nobody. `above`: the unit_id of the unit that looks after it; "":
    none. `is_confidential`: of its cases nobody else reads a word (social care, youth). `edition` counts its
    changes, and the forms that were published to lead to it."""

    unit_id: str
    name: Mapping[str, str]
    people: tuple[str, ...]
    head: str
    above: str
    is_confidential: bool
    edition: int

    def has(self, email: str) -> bool:
        """Whether somebody with this address is one of its people."""
        return bool(email) and email.lower() in self.people
