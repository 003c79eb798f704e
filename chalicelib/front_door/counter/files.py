"""The files of certificates: kept for ninety days in the bucket of papers, which forgets them by itself. The
certificate can be verified by its number for as long as there is one, without its file."""

from chalicelib.core import settings
from chalicelib.core.bucket import client, unless_away


def put(number: str, content: bytes) -> None:
    """Raises Busy."""
    with unless_away():
        client().put_object(
            Bucket=settings.papers(), Key=_key(number), Body=content, ContentType="application/octet-stream"
        )


def get(number: str) -> bytes | None:
    """None: it is kept no more. Raises Busy."""
    s3 = client()
    with unless_away():
        try:
            content: bytes = s3.get_object(Bucket=settings.papers(), Key=_key(number))["Body"].read()
        except s3.exceptions.NoSuchKey:
            return None
    return content


def forget(number: str) -> None:
    """Raises Busy."""
    with unless_away():
        client().delete_object(Bucket=settings.papers(), Key=_key(number))


def _key(number: str) -> str:
    return f"certificates/{number}"
