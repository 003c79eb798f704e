"""The link in a mail about a registration: who has it reads the family's mail, and may look at this registration,
answer for it and cancel it, and nothing else.

Not the pass: a confirmation is forwarded to a grandmother, or shown at the camp, and its reader should not be able to
register the children elsewhere. It is short, too: 120 characters, where the token of a pass grows with each child.
"""

from dataclasses import dataclass

from itsdangerous import BadData

from chalicelib.booking.registrations.rules import family_of
from chalicelib.core import settings
from chalicelib.core.http.problems import UNAUTHORIZED, Problem
from chalicelib.people.families.signing import signer
from chalicelib.people.families.tokens import SECONDS_VALID, check_not_revoked


@dataclass(frozen=True)
class Link:
    registration_id: str
    pass_id: str


def sign(registration_id: str, pass_id: str) -> str:
    return str(signer("offer").dumps([registration_id, pass_id]))


def to_offer(registration_id: str, pass_id: str) -> str:
    """Where a mail asks for an answer."""
    return f"{settings.public_url()}/offer?token={sign(registration_id, pass_id)}"


def to_registration(registration_id: str, pass_id: str) -> str:
    """The receipt. Its parameter has another name than the token of a pass, which is something else."""
    return f"{settings.public_url()}/registrations/{registration_id}?link={sign(registration_id, pass_id)}"


def read(token: str) -> Link:
    """Raises Problem `unauthorized` for what we did not sign for this purpose, or long ago, or what its family
    revoked."""
    try:
        content, signed = signer("offer").loads(token, max_age=SECONDS_VALID, return_timestamp=True)
        registration_id, pass_id = content
    except (BadData, ValueError, TypeError):
        raise Problem(UNAUTHORIZED) from None
    check_not_revoked(family_of(registration_id), int(signed.timestamp()))
    return Link(registration_id, pass_id)
