"""The files of certificates: kept for ninety days in the bucket of papers, which forgets them by itself. The
certificate can be verified by its number for as long as there is one, without its file.

Of two clerks who issue at once each makes a file for the same number; each stands by its own content, so that whoever
came second takes away no file but theirs.
"""

from chalicelib.core import settings
from chalicelib.core.bucket import client, unless_away
from chalicelib.front_door.counter.rules import Certificate


def put(of: Certificate, content: bytes) -> None:
    """Raises Busy."""
    with unless_away():
        client().put_object(
            Bucket=settings.papers(), Key=_key(of), Body=content, ContentType="application/octet-stream"
        )


def get(of: Certificate) -> bytes | None:
    """None: it is kept no more. Raises Busy."""
    s3 = client()
    with unless_away():
        try:
            content: bytes = s3.get_object(Bucket=settings.papers(), Key=_key(of))["Body"].read()
        except s3.exceptions.NoSuchKey:
            return None
    return content


def forget(of: Certificate) -> None:
    """Raises Busy."""
    with unless_away():
        client().delete_object(Bucket=settings.papers(), Key=_key(of))


def _key(of: Certificate) -> str:
    return f"certificates/{of.number}-{of.digest}"
