"""Accepting what is held, and asking for more time, as requests."""

from chalicelib.api.answering import Answer, Call
from chalicelib.families.handlers import bearer
from chalicelib.offers import accept
from chalicelib.registrations.handlers import shown


def accept_registration(call: Call, registration_id: str) -> Answer:
    return Answer(200, shown(*accept.accept(bearer(call), registration_id, call.now)))


def extend_registration(call: Call, registration_id: str) -> Answer:
    return Answer(200, shown(*accept.extend(bearer(call), registration_id, call.now)))
