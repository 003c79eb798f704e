"""Seats and places that nobody answers for, left by a race or a crash, go back when a message about them comes. Each
function looks before it writes, because as a rule there is nothing."""

from datetime import UTC, datetime

from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import Registration
from chalicelib.core.observability import log
from chalicelib.mail.rules import Message
from chalicelib.seats import table as seats
from chalicelib.seats.waiting_list import table as waiting_list


def stop_waiting(record: Registration) -> None:
    """A child with a seat waits no more, by whichever registration. Its siblings in that one neither: they would get
    seats together or not at all. A place that is taken in this very second has a message of its own, which finds the
    seat."""
    for other in waiting_list.waiting_by(record.session_id, record.child_ids, consistent=False):
        waiting = registrations.get(other)
        waiting_list.leave(record.session_id, waiting.child_ids if waiting else record.child_ids, other)


def held_until(record: Registration) -> int | None:
    """Until when its seats are held, if they are held for a time, and are still."""
    now = int(datetime.now(UTC).timestamp())
    for session in seats.get([record.session_id]).values():
        current = session.at(now)
        if record.registration_id in current.holders.values():
            return current.until.get(record.registration_id)
    return None


def seated(record: Registration) -> list[str]:
    """The registrations by which its children have seats, one for each child that has one."""
    now = int(datetime.now(UTC).timestamp())
    return [
        session.holders[child]
        for session in (one.at(now) for one in seats.get([record.session_id]).values())
        for child in record.child_ids
        if child in session.holders
    ]


def give_back_of_who_left(record: Registration) -> None:
    """A child may leave while an offer for all of them is made: then it holds a seat by a registration that is not for
    it."""
    if not record.left:
        return
    for session_id, now in seats.get([record.session_id]).items():
        held = [child for child in record.left if now.holders.get(child) == record.registration_id]
        if held and seats.give_up(session_id, held, record.registration_id, record.child_ids[0]):
            log.warning("seats_given_back", seats=len(held))


def give_back(message: Message) -> None:
    """Releases what the registration still holds. Looks before it writes: as a rule it holds nothing."""
    assert message.session_id is not None
    for session_id, now in seats.get([message.session_id]).items():
        held = [child for child, holder in now.holders.items() if holder == message.id]
        if held and seats.release(session_id, held, message.id):
            log.warning("seats_given_back", seats=len(held))


def take_off(message: Message, record: Registration | None) -> None:
    """By its record's children; without a record the whole list is read for them."""
    if record:
        waiting_list.leave(record.session_id, record.child_ids, message.id)
    else:
        assert message.session_id is not None
        waiting_list.take_off(message.session_id, message.id)
