"""Who is who, without storing who: keyed digests of what a family typed.

The same child has the same id in every pass of every family, so that a second pass gives no second seat; the key keeps
anybody who sees ids from finding the child by trying names. The key must stay the same for a season: with another one
all ids are new. It signs nothing: the keys of links (signing.py) are others, and may change at any time.
"""

import hashlib
import hmac
import re
from functools import lru_cache

from chalicelib.core import keys, settings
from chalicelib.core.ids import ALPHABET, spelled
from chalicelib.people.families.names import same

CHILD_LENGTH = 10
FAMILY_LENGTH = 11
FAMILY_ID = f"[{ALPHABET}]{{{FAMILY_LENGTH}}}"
PASS_LENGTH = 12

# Providers who say that several addresses reach one mailbox: which domains are one (Google, Proton, Apple), which
# characters before the @ are passed over (Google, Proton), where `anything@an.fastmail.com` is `an@fastmail.com`
# (Fastmail). Elsewhere a dot makes another person.
_ONE_DOMAIN = {
    "googlemail.com": "gmail.com",
    "protonmail.com": "proton.me",
    "protonmail.ch": "proton.me",
    "pm.me": "proton.me",
    "me.com": "icloud.com",
    "mac.com": "icloud.com",
}
_PASSED_OVER = {"gmail.com": ".", "proton.me": ".-_"}
_BY_SUBDOMAIN = ("fastmail.com", "fastmail.fm")


def is_family_id(text: str) -> bool:
    """Whether it can be one; what can be none is not looked up."""
    return bool(re.fullmatch(FAMILY_ID, text))


@lru_cache
def derived_key(purpose: str) -> bytes:
    """The key of ids of one kind. Raises ValueError if the setting has several keys: an id follows from one."""
    (key,) = keys.derived(settings.ids_key(), purpose)
    return key


def keyed_id(purpose: str, text: str, length: int) -> str:
    """`length` characters from HMAC-SHA256."""
    return spelled(hmac.digest(derived_key(purpose), text.encode(), hashlib.sha256), length)


def mailbox(email: str) -> str:
    """The mailbox that an address reaches: for who is the same, and for limits; never to send to.

    `An.Claeys+kamp@googlemail.com` is `anclaeys@gmail.com`. What stands behind a `+` makes no other mailbox, whoever
    provides it: where it did, a family would have one chance too few, not one too many.
    """
    local, _, domain = email.strip().lower().rpartition("@")
    if not domain.isascii():
        domain = _in_punycode(domain)
    domain = _ONE_DOMAIN.get(domain, domain)
    user, _, rest = domain.partition(".")
    if rest in _BY_SUBDOMAIN:
        local, domain = user, rest
    untagged = local.partition("+")[0] or local
    bare = untagged.translate(str.maketrans("", "", _PASSED_OVER.get(domain, "")))
    return f"{bare or untagged}@{domain}"


def _in_punycode(domain: str) -> str:
    """As the address is stored; what punycode cannot say reaches no mailbox, and is as it was typed."""
    try:
        return domain.encode("idna").decode()
    except UnicodeError:
        return domain


def family_id(email: str) -> str:
    """One family is one mailbox, however its address is written."""
    return keyed_id("family", mailbox(email), FAMILY_LENGTH)


def child_id(first_name: str, last_name: str, birth_date: str) -> str:
    """`birth_date` as YYYY-MM-DD. Capitals, accents, hyphens and spaces make no other child."""
    return keyed_id("child", "|".join((same(first_name), same(last_name), birth_date)), CHILD_LENGTH)
