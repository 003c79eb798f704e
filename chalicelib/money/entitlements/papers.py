"""Proofs that families uploaded, until somebody of the city decided.

It is stored and given out as bytes to be saved: no browser
shows it from our address.
"""

from chalicelib.core import settings
from chalicelib.money.entitlements.bucket import client, key, unless_away

CONTENT_TYPES = {"pdf": "application/pdf", "jpeg": "image/jpeg", "png": "image/png"}
_BYTES = "application/octet-stream"


def put(family_id: str, declaration_id: str, content: bytes) -> None:
    """In the place of the one before. Raises Busy."""
    with unless_away():
        client().put_object(
            Bucket=settings.papers(), Key=key(family_id, declaration_id), Body=content, ContentType=_BYTES
        )


def get(family_id: str, declaration_id: str) -> bytes | None:
    """None: it is deleted. Raises Busy."""
    s3 = client()
    with unless_away():
        try:
            answer = s3.get_object(Bucket=settings.papers(), Key=key(family_id, declaration_id))
            content: bytes = answer["Body"].read()
        except s3.exceptions.NoSuchKey:
            return None
    return content
