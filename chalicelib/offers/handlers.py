"""Accepting what is held, and asking for more time, as requests."""

from chalicelib.api.answering import Answer, Call
from chalicelib.families.rules import Bearer
from chalicelib.offers import accept
from chalicelib.registrations.handlers import shown


def accept_registration(call: Call, who: Bearer, registration_id: str) -> Answer:
    return Answer(200, shown(*accept.accept(who, registration_id, call.now)))


def extend_registration(call: Call, who: Bearer, registration_id: str) -> Answer:
    return Answer(200, shown(*accept.extend(who, registration_id, call.now)))
