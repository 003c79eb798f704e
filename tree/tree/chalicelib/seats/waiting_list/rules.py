"""The order of a waiting list: by ticket, a family's children together."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class WaitingPlace:
    """One child's place; the children of one registration share a ticket."""

    child_id: str
    registration_id: str
    ticket: int


@dataclass(frozen=True)
class WaitingOffer:
    """That seats were offered to who waited, and until when that was at first. Epoch seconds."""

    registration_id: str
    at: int
    until: int


def position(places: Iterable[WaitingPlace], registration_id: str) -> int | None:
    """1 for whoever is next; registrations are counted, not children. None: not on the list."""
    tickets = {place.registration_id: place.ticket for place in places}
    own = tickets.get(registration_id)
    return None if own is None else sum(ticket <= own for ticket in tickets.values())


def number_of(ticket: int, seen: Sequence[int]) -> int:
    """The same by the tickets of a list that was seen a while ago, the lowest first, one for each registration. Tickets
    are given one after the other, so every later one is taken for somebody who waits."""
    if seen and ticket > seen[-1]:
        return len(seen) + ticket - seen[-1]
    return bisect_left(seen, ticket) + 1
