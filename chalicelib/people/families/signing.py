"""Signing of the links in mails: by itsdangerous with HMAC-SHA256 and the keys of links, derived for each purpose, and
read again only as we wrote it. Nothing that staff carry is signed: no key makes anybody staff."""

import hashlib
import re
from datetime import datetime
from functools import lru_cache
from typing import Any

from itsdangerous import BadSignature, TimestampSigner, URLSafeTimedSerializer

from chalicelib.core import keys, settings

ALPHABET = re.compile("[A-Za-z0-9_.-]+")


class Signer(URLSafeTimedSerializer):
    """Python's base64 passes over what is not in its alphabet, and over anything behind the padding: `;x` behind a
    valid signature would stand in a cookie or a header."""

    def dumps_at(self, content: Any, at: datetime | None) -> str:
        """The text that `dumps` writes, as if it had been written at that moment; None: now. What is written anew for
        whoever showed an older token is no newer than that one: it ends with it, and is revoked with it."""
        if at is None:
            return str(self.dumps(content))
        signer = self.make_signer(self.salt)
        assert isinstance(signer, TimestampSigner)
        signer.get_timestamp = lambda: int(at.timestamp())  # type: ignore[method-assign]
        return signer.sign(self.dump_payload(content)).decode()

    def loads(  # type: ignore[override]  # as itsdangerous says of its own
        self,
        s: str | bytes,
        max_age: int | None = None,
        return_timestamp: bool = False,
        salt: str | bytes | None = None,
    ) -> Any:
        """Raises BadData for anything that `dumps` did not write for this purpose in the last `max_age` seconds."""
        text = s if isinstance(s, str) else s.decode("latin-1")
        if not ALPHABET.fullmatch(text):
            raise BadSignature("not of our alphabet")
        return super().loads(s, max_age, return_timestamp, salt)


@lru_cache
def signer(purpose: str) -> Signer:
    """Signs with the first key, and reads what any of them signed."""
    known = keys.derived(settings.link_keys(), purpose)
    return Signer(
        known[::-1],  # itsdangerous signs with the last
        salt=purpose,
        signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
    )


def keys_of(purpose: str) -> list[bytes]:
    """The keys of a purpose whose mark must be short, as in a mail's address; the first one signs, all are taken."""
    return keys.derived(settings.link_keys(), purpose)
