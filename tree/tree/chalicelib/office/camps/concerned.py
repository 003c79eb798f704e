"""Whom something about a camp concerns: what its families have in it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import family_of
from chalicelib.people.families import table as families
from chalicelib.seats.rules import Seats
from chalicelib.seats.waiting_list import table as waiting_list


@dataclass(frozen=True)
class Concerned:
    """Registration to its children, in each: seats for good, seats that are held for an answer, waiting places."""

    confirmed: Mapping[str, Sequence[str]]
    offered: Mapping[str, Sequence[str]]
    waiting: Mapping[str, Sequence[str]]

    @property
    def registrations(self) -> dict[str, Sequence[str]]:
        return {**self.waiting, **self.offered, **self.confirmed}

    @property
    def families(self) -> int:
        return len({family_of(one) for one in self.registrations})


@dataclass(frozen=True)
class ConcernedChild:
    child_id: str
    registration_id: str
    first_name: str
    last_name: str
    birth_date: date

    @property
    def family_id(self) -> str:
        return family_of(self.registration_id)


def of(seats: Seats, now: datetime) -> Concerned:
    """Reads the waiting list, half a read unit for 50 children. `seats`: as they were read."""
    current = seats.at(int(now.timestamp()))
    held: dict[bool, dict[str, list[str]]] = {True: {}, False: {}}
    for child, one in current.children.items():
        held[one in current.until].setdefault(one, []).append(child)
    waiting: dict[str, list[str]] = {}
    for place in waiting_list.places(seats.session_id):
        waiting.setdefault(place.registration_id, []).append(place.child_id)
    return Concerned(confirmed=held[False], offered=held[True], waiting=waiting)


def children_of(there: Mapping[str, Iterable[str]]) -> list[ConcernedChild]:
    """Who the children of these registrations are, by their families' passes: a read unit each, a hundred in a call. A
    child whose pass is gone is left out: nobody knows how old it is."""
    records = registrations.several(there)
    passes = families.several((one.family_id, one.pass_id) for one in records)
    return [
        ConcernedChild(child.child_id, one.registration_id, child.first_name, child.last_name, child.birth_date)
        for one in records
        if (its_pass := passes.get((one.family_id, one.pass_id)))
        for child in its_pass.children
        if child.child_id in set(there[one.registration_id])
    ]
