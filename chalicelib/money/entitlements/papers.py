"""Proofs that families uploaded, until somebody of the city decided.

What a file is, its first bytes say, whatever it is called. It is stored and given out as bytes to be saved: no browser
shows it from our address.
"""

from chalicelib.core import settings
from chalicelib.money.entitlements.bucket import client, key, unless_away

# API Gateway hands a request on in Base64, and Lambda takes 6 MB; so does an answer.
MOST_BYTES = 4_000_000
_BEGINNINGS = {"pdf": b"%PDF-", "jpeg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n"}
CONTENT_TYPES = {"pdf": "application/pdf", "jpeg": "image/jpeg", "png": "image/png"}
_BYTES = "application/octet-stream"


def kind_of(content: bytes) -> str | None:
    """`pdf`, `jpeg` or `png`; None for everything else."""
    return next((kind for kind, beginning in _BEGINNINGS.items() if content.startswith(beginning)), None)


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
