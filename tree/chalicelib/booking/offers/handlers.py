"""Accepting what is held, and asking for more time, as requests."""

from chalicelib.booking.offers import accept
from chalicelib.booking.registrations.handlers import shown
from chalicelib.core.http.answering import Answer, Call
from chalicelib.people.families.rules import Bearer


def accept_registration(call: Call, who: Bearer, registration_id: str) -> Answer:
    return Answer(200, shown(*accept.accept(who, registration_id, call.now)))


def extend_registration(call: Call, who: Bearer, registration_id: str) -> Answer:
    return Answer(200, shown(*accept.extend(who, registration_id, call.now)))
