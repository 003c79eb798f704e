"""Who is who, without storing who: keyed digests of what a family typed.

The same child has the same id in every pass of every family, so that a second pass gives no second seat; the key keeps
anybody who sees ids from finding the child by trying names. The key must stay the same for a season: with another one
all ids are new. It signs nothing: the keys of links (signing.py) are others, and may change at any time.
"""

import hashlib
import hmac
from functools import lru_cache

from chalicelib.core import keys, settings
from chalicelib.core.ids import ALPHABET, spelled
from chalicelib.people.families.names import same

CHILD_LENGTH = 10
FAMILY_LENGTH = 11
FAMILY_ID = f"[{ALPHABET}]{{{FAMILY_LENGTH}}}"
PASS_LENGTH = 12


@lru_cache
def derived_key(purpose: str) -> bytes:
    """The key of ids of one kind. Raises ValueError if the setting has several keys: an id follows from one."""
    (key,) = keys.derived(settings.ids_key(), purpose)
    return key


def keyed_id(purpose: str, text: str, length: int) -> str:
    """`length` characters from HMAC-SHA256."""
    return spelled(hmac.digest(derived_key(purpose), text.encode(), hashlib.sha256), length)


def family_id(email: str) -> str:
    """One family is one mail address, however its capitals are written."""
    return keyed_id("family", email.strip().lower(), FAMILY_LENGTH)


def child_id(first_name: str, last_name: str, birth_date: str) -> str:
    """`birth_date` as YYYY-MM-DD. Capitals, accents, hyphens and spaces make no other child."""
    return keyed_id("child", "|".join((same(first_name), same(last_name), birth_date)), CHILD_LENGTH)
