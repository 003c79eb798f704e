"""What we sign, by itsdangerous with HMAC-SHA256 and a key for each purpose, and read again only as we wrote it."""

import hashlib
import re
from functools import lru_cache
from typing import Any

from itsdangerous import BadSignature, URLSafeTimedSerializer
from itsdangerous.encoding import base64_encode, int_to_bytes, want_bytes

from chalicelib.people.families.identity import derived_key

ALPHABET = re.compile("[A-Za-z0-9_.-]+")


class Signer(URLSafeTimedSerializer):
    """Python's base64 passes over what is not in its alphabet, and over anything behind the padding: `;x` behind a
    valid signature would stand in a cookie or a header."""

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

    def dumps_as_of(self, content: Any, signed_at: int) -> str:
        """As `dumps`, but as if it had been signed at this epoch second. What is written anew for whoever showed an
        older token is no newer than that one: it ends with it, and is revoked with it."""
        packed = want_bytes(self.dump_payload(content))
        signer = self.make_signer(self.salt)
        stamped = packed + signer.sep + base64_encode(int_to_bytes(signed_at))
        return (stamped + signer.sep + signer.get_signature(stamped)).decode()


@lru_cache
def signer(purpose: str) -> Signer:
    return Signer(
        derived_key(purpose), salt=purpose, signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256}
    )
