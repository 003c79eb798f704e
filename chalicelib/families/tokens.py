"""The signed token of a pass: who a request is from, without a session store and without a read.

Signed with HMAC-SHA256 by itsdangerous; whoever has it has proved to read the family's mail. It holds ids, birth dates
and the postcode, no names and no address, because it stands in a link.
"""

import hashlib
from datetime import date
from functools import lru_cache

from itsdangerous import BadData, URLSafeTimedSerializer

from chalicelib.api.problems import UNAUTHORIZED, Problem
from chalicelib.families.identity import derived_key
from chalicelib.families.rules import VALID_DAYS, Bearer, Pass

SECONDS_VALID = VALID_DAYS * 24 * 3600


def sign(pass_: Pass) -> str:
    children = [[child.child_id, child.birth_date.isoformat()] for child in pass_.children]
    return str(_serializer().dumps([pass_.pass_id, pass_.family_id, pass_.language, pass_.postcode, children]))


def read(token: str) -> Bearer:
    """Raises Problem `unauthorized` for a forged, broken or expired token."""
    try:
        pass_id, family_id, language, postcode, children = _serializer().loads(token, max_age=SECONDS_VALID)
        return Bearer(
            pass_id, family_id, language, postcode, {child_id: date.fromisoformat(born) for child_id, born in children}
        )
    except (BadData, ValueError, TypeError):
        raise Problem(UNAUTHORIZED) from None


@lru_cache
def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(
        derived_key("pass"), salt="pass", signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256}
    )
