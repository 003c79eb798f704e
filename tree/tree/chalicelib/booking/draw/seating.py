"""Writing out one session of a draw: who has seats there, and who waits.

Its seats are one conditional write for every MOST_AT_ONCE children, in one transaction with the note of how far this
session is: a seat is given once, also when a family gives it back before the draw was written to its end. No seat is
given that is not free, no child gets a second one: conditions of DynamoDB, as with every claim (seats/table.py).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import uniform
from time import sleep
from typing import Any

from chalicelib.booking.draw import table
from chalicelib.booking.draw.table import Entered
from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import Registration
from chalicelib.core import metering
from chalicelib.core import table as stormloop
from chalicelib.core.refusals import Busy, Interfered, Refused
from chalicelib.seats import item as seats_item
from chalicelib.seats import table as seats_table
from chalicelib.seats.opening import giving
from chalicelib.seats.waiting_list import table as waiting_list
from chalicelib.seats.waiting_list.rules import WaitingPlace

# DynamoDB takes expressions of 4 KB.
MOST_AT_ONCE = 80
TRIES = 12
PAUSE = 0.2


@dataclass(frozen=True)
class ChildrenTogether:
    """Children of one family who have seats together, or wait together, in one session."""

    entered: Entered
    session_id: str
    registration_id: str
    pass_id: str
    children: tuple[str, ...]


def write(
    opening_id: str,
    session_id: str,
    granted: Sequence[ChildrenTogether],
    waiting: Sequence[ChildrenTogether],
    record: Callable[[ChildrenTogether], Registration],
    provided: Mapping[str, Any],
) -> bool:
    """Records, then seats, then places on the waiting list, as far as they are not there; both in their order.

    False: fewer seats are free than were granted, because somebody else gave them meanwhile. Nothing of the session is
    written then but its records, which mean nothing without seats and places; it may be tried again. `provided`: a
    check that each transaction of seats carries; raises Interfered where it fails.
    """
    chunks = list(_chunks(granted)) or [()]
    gone: set[str] = set()
    progress = _state(opening_id, session_id).progress
    if progress is None:
        registrations.put_drawn(record(group) for group in (*granted, *waiting))
    elif progress.is_done:
        return True
    else:
        # It broke off after its records: families may have left since, and are not brought back.
        gone = registrations.cancelled(group.registration_id for group in waiting)
    for number in range(progress.seated if progress else 0, len(chunks)):
        if not _seat(opening_id, session_id, number, chunks[number], len(waiting), provided):
            return False
    if waiting:
        progress = _state(opening_id, session_id).progress
        assert progress is not None, "it was written with the first seats"
        waiting_list.put_drawn(
            session_id,
            [
                WaitingPlace(child, group.registration_id, ticket)
                for ticket, group in enumerate(waiting, progress.first)
                if group.registration_id not in gone
                for child in group.children
            ],
        )
        # After the places: whoever looks meanwhile and finds nobody waiting would end it again.
        seats_table.queue(session_id)
    table.mark_done(opening_id, session_id)
    metering.registered(session_id, len(granted))
    return True


def _chunks(granted: Sequence[ChildrenTogether]) -> Iterator[Sequence[ChildrenTogether]]:
    """The children of a group stay together."""
    chunk: list[ChildrenTogether] = []
    for group in granted:
        if sum(len(one.children) for one in chunk) + len(group.children) > MOST_AT_ONCE:
            yield chunk
            chunk = []
        chunk.append(group)
    if chunk:
        yield chunk


@dataclass(frozen=True)
class _State:
    """`last_ticket`: the last one that was given on the waiting list; 0: none was."""

    seats: Mapping[str, Any]
    last_ticket: int
    progress: table.Progress | None


def _state(opening_id: str, session_id: str) -> _State:
    keys = seats_item.key(session_id), waiting_list.counter_key(session_id), table.progress_key(opening_id, session_id)
    found = {(item["pk"]["S"], item["sk"]["S"]): item for item in stormloop.batch_get(keys)}
    seats, counter, progress = (found.get((key["pk"]["S"], key["sk"]["S"])) for key in keys)
    assert seats is not None, "a session of an opening has seats"
    return _State(seats, waiting_list.last_ticket(counter), table.progress(progress) if progress else None)


def _seat(
    opening_id: str,
    session_id: str,
    number: int,
    chunk: Sequence[ChildrenTogether],
    waiting: int,
    provided: Mapping[str, Any],
) -> bool:
    """The seats of one chunk; with the first one also the tickets for those who wait. False: too few are free."""
    has_failed = False
    for tries_left in reversed(range(TRIES)):
        state = _state(opening_id, session_id)
        if state.progress and state.progress.seated > number:
            return True  # another call was quicker
        if has_failed:
            raise Interfered
        seats = seats_item.read(state.seats)
        holders = {
            child: group.registration_id
            for group in chunk
            for child in group.children
            if child not in seats.holders  # by another registration, since the draw began: it has its seat
        }
        if seats.free < len(holders):
            return False
        writes = [provided, _note(opening_id, session_id, number, state.last_ticket)]
        if holders:
            writes.append(giving(session_id, holders))
        if number == 0 and waiting:
            writes.append(waiting_list.tickets(session_id, state.last_ticket, waiting))
        try:
            stormloop.transact_write(writes)
        except (Refused, Busy) as error:
            has_failed = isinstance(error, Refused) and 0 in error.items
            if not tries_left or not _may_go_well_now(error):
                raise
            sleep(uniform(0, PAUSE))  # noqa: S311 so that those who collided do not collide again
        else:
            return True
    raise AssertionError("the last try returns or raises")


def _note(opening_id: str, session_id: str, number: int, last_ticket: int) -> dict[str, Any]:
    values = {":seated": {"N": str(number + 1)}}
    if number == 0:
        return {
            "Update": {
                "Key": table.progress_key(opening_id, session_id),
                "UpdateExpression": "SET seated = :seated, #first = :first",
                "ConditionExpression": "attribute_not_exists(pk)",
                "ExpressionAttributeNames": {"#first": "first"},
                "ExpressionAttributeValues": {**values, ":first": {"N": str(last_ticket + 1)}},
            }
        }
    return {
        "Update": {
            "Key": table.progress_key(opening_id, session_id),
            "UpdateExpression": "SET seated = :seated",
            "ConditionExpression": "seated = :before",
            "ExpressionAttributeValues": {**values, ":before": {"N": str(number)}},
        }
    }


def _may_go_well_now(error: Refused | Busy) -> bool:
    """Whether somebody else was at the same items for a moment, or changed them since they were read."""
    busy = error.busy if isinstance(error, Refused) else error
    return busy is None or (busy.is_conflict and not busy.is_throttled)
