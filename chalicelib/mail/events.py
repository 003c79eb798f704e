"""The events for the city's other systems that a record of the table's stream calls for (links/rules.py).

They follow from the change alone, and not from how things stand when they are told: whoever gets one asks the API for
that. What becomes a mail too is an event by the same message. Plain rules.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from chalicelib.front_door import stream as front_door
from chalicelib.links.rules import Event, EventType, event
from chalicelib.mail.rules import MailKind, Message, messages
from chalicelib.money import stream as money

Image = Mapping[str, Any]

OF_REGISTRATIONS = {
    MailKind.CONFIRMED: EventType.CONFIRMED,
    MailKind.OFFERED: EventType.OFFERED,
    MailKind.HELD: EventType.OFFERED,
    MailKind.WAITLISTED: EventType.WAITLISTED,
    MailKind.LEFT: EventType.WAITING_ENDED,
    MailKind.CANCELLED: EventType.CANCELLED,
    MailKind.LAPSED: EventType.CANCELLED,
    MailKind.DECLINED: EventType.CANCELLED,
    MailKind.CHILD_LEFT: EventType.CHILD_LEFT,
}


def events(record: Mapping[str, Any], keys: Mapping[str, str], old: Image, new: Image) -> Iterator[Event]:
    """`record`: of the stream, as Lambda hands it over; the rest is of it, in plain Python."""
    change = record["dynamodb"]
    sequence, at = str(change["SequenceNumber"]), _moment(change)
    for type_, data in _told(record["eventName"], keys, old, new):
        yield event(sequence, at, type_, data)


def _told(
    change: str, keys: Mapping[str, str], old: Image, new: Image
) -> Iterator[tuple[EventType, Mapping[str, str | int]]]:
    # A draw tells families itself that they wait because of it; other systems hear it here.
    seen = {name: value for name, value in new.items() if name != "drawn"}
    for message in messages(change, keys, old, seen):
        if message.kind in OF_REGISTRATIONS and message.session_id:
            about = {"registration_id": message.id, "session_id": message.session_id}
            yield OF_REGISTRATIONS[message.kind], about
        elif message.kind is MailKind.CERTIFICATES:
            family_id, _, year = message.id.partition("/")
            yield EventType.CERTIFICATE, {"family_id": family_id, "year": year}
    if paid := money.paid_order(change, keys, old, new):
        yield EventType.PAID, paid
    if refund := money.refund_paid(change, keys, old, new):
        yield EventType.REFUND_PAID, refund
    if case := front_door.moved_case(change, keys, old, new):
        yield EventType(f"case.{case['status']}"), case


def _moment(change: Mapping[str, Any]) -> datetime:
    """By DynamoDB's clock, in whole seconds."""
    return datetime.fromtimestamp(int(change["ApproximateCreationDateTime"]), UTC)


def grouped(found: Sequence[tuple[str, Event]], most: int) -> Iterator[Message]:
    """Messages with at most so many events, each called by the number of the record of its first."""
    for start in range(0, len(found), most):
        part = found[start : start + most]
        yield Message(MailKind.EVENTS, part[0][0], events=tuple(one for _, one in part))
