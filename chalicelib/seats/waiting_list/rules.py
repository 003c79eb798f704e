"""The order of a waiting list: by ticket, a family's children together."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class WaitingPlace:
    """One child's place; the children of one registration share a ticket."""

    child_id: str
    registration_id: str
    ticket: int


def position(places: Iterable[WaitingPlace], registration_id: str) -> int | None:
    """1 for whoever is next; registrations are counted, not children. None: not on the list."""
    tickets = {place.registration_id: place.ticket for place in places}
    own = tickets.get(registration_id)
    return None if own is None else sum(ticket <= own for ticket in tickets.values())
