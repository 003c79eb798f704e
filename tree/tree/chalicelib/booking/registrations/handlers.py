"""Registering, looking up, cancelling, as requests."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from chalicelib.booking.registrations import register
from chalicelib.booking.registrations.register import RegistrationRequest
from chalicelib.booking.registrations.rules import (
    REFERENCE_ALPHABET,
    Registration,
    RegistrationStatus,
    Standing,
    reference_of,
)
from chalicelib.core.http.answering import Answer, Call
from chalicelib.core.http.answers import FromOne, Schema
from chalicelib.core.http.fields import Model, OrNull, Several, TrueOrFalse, check, document
from chalicelib.core.http.problems import invalid
from chalicelib.core.languages import N_
from chalicelib.people.families.handlers import CHILD_ID, MOST_CHILDREN
from chalicelib.people.families.rules import Bearer
from chalicelib.programme.sessions.rules import SESSION_ID

if TYPE_CHECKING:
    from chalicelib.booking.registrations.moving import Transfer

KEY_HEADER = "Idempotency-Key"
# Visible ASCII, and spaces within: what HTTP carries unchanged.
KEY = "[!-~](?:[ -~]{0,126}[!-~])?"

AS_CHILDREN = N_("Name one to ten children of your pass.")
AS_KEY = N_(
    "Send a header Idempotency-Key: a new one for each registration, the same one when you try again, at most "
    "128 characters."
)

TRANSFER = Model(
    {
        "session_id": SESSION_ID,
        "child_ids": OrNull(Several(AS_CHILDREN, CHILD_ID, MOST_CHILDREN)),
        "waitlist": TrueOrFalse(default=False),
    }
)
REGISTRATION = Model(
    {
        "session_id": SESSION_ID,
        "child_ids": Several(AS_CHILDREN, CHILD_ID, MOST_CHILDREN),
        "waitlist": TrueOrFalse(default=True),
    }
)


@dataclass(frozen=True)
class ShownRegistration:
    registration_id: str
    reference: Annotated[
        str,
        Schema(pattern="^" + "-".join(f"[{REFERENCE_ALPHABET}]{{{length}}}" for length in (3, 3, 4)) + "$"),
        "The number to read out on the phone: no letter looks like another, and the last one is a check.",
    ]
    session_id: str
    child_ids: Annotated[Sequence[str], Schema(minItems=1)]
    status: Annotated[
        RegistrationStatus, "`offered`: the seats are held for you until `held_until`; accept them before then."
    ]
    waitlist_position: Annotated[FromOne | None, "The number on the waiting list; 1 is next."]
    held_until: Annotated[
        datetime | None, "The moment until which offered seats can be accepted; at that moment they are free again."
    ]
    created_at: datetime


def create_registration(call: Call, who: Bearer) -> Answer:
    """201 with a new registration, 200 with the one that the same key made before."""
    key = idempotency_key(call)
    outcome = register.register(who, wanted(document(call.body), key), call.now)
    return Answer(201 if outcome.is_new else 200, shown(outcome.registration, outcome.standing))


def wanted(content: Any, key: str) -> RegistrationRequest:
    """The wish, sent or chosen; raises Problem `invalid` that names its faults. `key`: as `checked_key` gives it."""
    given = check(REGISTRATION, content)
    return RegistrationRequest(given["session_id"], tuple(given["child_ids"]), given["waitlist"], key)


def list_registrations(call: Call, who: Bearer) -> Answer:
    return Answer(200, {"registrations": [shown(*one) for one in register.all_of(who, call.now)]})


def get_registration(call: Call, who: Bearer, registration_id: str) -> Answer:
    return Answer(200, shown(*register.look_up(who, registration_id, call.now)))


def cancel_registration(call: Call, who: Bearer, registration_id: str) -> Answer:
    register.cancel(who, registration_id, call.now)
    return Answer(204)


def cancel_child(call: Call, who: Bearer, registration_id: str, child_id: str) -> Answer:
    register.cancel_child(who, registration_id, child_id, call.now)
    return Answer(204)


def transfer_registration(call: Call, who: Bearer, registration_id: str) -> Answer:
    """200 with the registration in the other session, also for a repeated key."""
    from chalicelib.booking.registrations import moving  # noqa: PLC0415 most requests need it not

    key = idempotency_key(call)
    outcome = moving.transfer(who, registration_id, wanted_transfer(document(call.body), key), call.now)
    return Answer(200, shown(outcome.registration, outcome.standing))


def wanted_transfer(content: Any, key: str) -> "Transfer":
    """As `wanted`, of a move to another session."""
    from chalicelib.booking.registrations.moving import Transfer  # noqa: PLC0415 most requests need it not

    given = check(TRANSFER, content)
    return Transfer(given["session_id"], tuple(given["child_ids"] or ()), given["waitlist"], key)


def shown(registration: Registration, standing: Standing) -> ShownRegistration:
    return ShownRegistration(
        registration_id=registration.registration_id,
        reference=reference_of(registration),
        session_id=registration.session_id,
        child_ids=registration.child_ids,
        status=standing.status,
        waitlist_position=standing.waitlist_position,
        held_until=standing.held_until,
        created_at=registration.created_at.replace(microsecond=0),
    )


def idempotency_key(call: Call) -> str:
    """Raises Problem `invalid`."""
    return checked_key(call.headers.get(KEY_HEADER, ""))


def checked_key(key: str) -> str:
    """Raises Problem `invalid` for what no header could carry."""
    if not re.fullmatch(KEY, key):
        raise invalid(KEY_HEADER, AS_KEY)
    return key
