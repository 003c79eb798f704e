"""The link in the mail of an offer or a hold: who has it reads the family's mail, and may answer for this registration,
and for nothing else."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache

from itsdangerous import BadData, URLSafeTimedSerializer

from chalicelib.api.problems import UNAUTHORIZED, Problem
from chalicelib.families.identity import derived_key
from chalicelib.families.tokens import SECONDS_VALID


@dataclass(frozen=True)
class Link:
    registration_id: str
    pass_id: str


def sign(registration_id: str, pass_id: str) -> str:
    return str(_serializer().dumps([registration_id, pass_id]))


def read(token: str) -> Link:
    """Raises Problem `unauthorized` for what we did not sign for this purpose, or long ago."""
    try:
        registration_id, pass_id = _serializer().loads(token, max_age=SECONDS_VALID)
    except (BadData, ValueError, TypeError):
        raise Problem(UNAUTHORIZED) from None
    return Link(registration_id, pass_id)


@lru_cache
def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(
        derived_key("offer"), salt="offer", signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256}
    )
