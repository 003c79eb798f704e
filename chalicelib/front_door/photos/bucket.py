"""The private bucket of photos (infra/template.yaml): who may put one there, and what is there.

An upload goes from the browser straight to it: a request of ours takes 6 MB at most, and photos have more. Leave for it
is worked out here, without a call; the bucket itself sees to its size.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.core import settings
from chalicelib.core.bucket import unless_away
from chalicelib.core.observability import log
from chalicelib.core.refusals import Busy
from chalicelib.front_door.photos.rules import MOST_BYTES, UPLOAD_SECONDS, Size, arriving, kept, loose

# Whoever may not list a bucket is told that they may not read what is not there. To list it would be to know all keys.
_GONE = ("403", "404", "AccessDenied", "NoSuchKey")
# Of every upload, whatever it is: no browser shows it as a page, wherever it lies.
_BYTES = "application/octet-stream"


@dataclass(frozen=True)
class Leave:
    """Leave to upload one file: `fields` that a form sends to `url`, before its last field `file`; until
    `expires_at`."""

    url: str
    fields: Mapping[str, str]
    expires_at: datetime


def leave(key: str, now: datetime, back_to: str | None = None) -> Leave:
    """`back_to`: the whole address of the page to which the bucket sends a browser afterwards."""
    fields: dict[str, str] = {"Content-Type": _BYTES}
    if back_to:
        fields["success_action_redirect"] = back_to
    else:
        fields["success_action_status"] = "201"
    asked = client().generate_presigned_post(
        Bucket=settings.photos(),
        Key=arriving(key),
        Fields=fields,
        Conditions=[*({name: value} for name, value in fields.items()), ["content-length-range", 1, MOST_BYTES]],
        ExpiresIn=UPLOAD_SECONDS,
    )
    return Leave(asked["url"], asked["fields"], now + timedelta(seconds=UPLOAD_SECONDS))


def origin() -> str:
    """The origin to which the browser sends photos, for the policy of a page with such a form; "": the city takes
    none."""
    if not settings.takes_photos():
        return ""
    parts = urlsplit(client().generate_presigned_post(Bucket=settings.photos(), Key="-")["url"])
    return f"{parts.scheme}://{parts.netloc}"


def content(key: str, size: Size) -> bytes | None:
    """The JPEG; None: there is none, or not yet. Raises Busy."""
    for place in (kept(key, size), loose(key, size)):
        with _unless_gone():
            found: bytes = client().get_object(Bucket=settings.photos(), Key=place)["Body"].read()
            return found
    return None


def keep(key: str) -> bool:
    """Copies a photo that lies there for two days to where it is kept; False: it is not there, or may not be copied,
    and was not kept before. Again is the same. Raises Busy."""
    return _is_kept(key, Size.LARGE) and _is_kept(key, Size.SMALL)


def _is_kept(key: str, size: Size) -> bool:
    source = {"Bucket": settings.photos(), "Key": loose(key, size)}
    with _unless_gone():
        client().copy_object(Bucket=settings.photos(), Key=kept(key, size), CopySource=source)
        return True
    with _unless_gone():
        client().head_object(Bucket=settings.photos(), Key=kept(key, size))
        return True
    return False


def forget(key: str) -> None:
    """Raises Busy."""
    places = [arriving(key), *(place(key, size) for place in (loose, kept) for size in Size)]
    for each in places:
        with unless_away():
            client().delete_object(Bucket=settings.photos(), Key=each)


@contextmanager
def _unless_gone() -> Iterator[None]:
    """Nothing happens where there is no such object; Busy in the place of all else that boto3 raises."""
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        code = error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
        if code in _GONE:
            return
        log.error("photos_unreachable", error=code)
        raise Busy from error


@lru_cache
def client() -> Any:
    import boto3  # noqa: PLC0415 for who sends or sees a photo only
    from botocore.config import Config  # noqa: PLC0415

    # Addresses of the bucket's own region: at the one of the whole world a form would be sent on elsewhere.
    return boto3.client(
        "s3",
        config=Config(
            connect_timeout=2,
            read_timeout=10,
            retries={"total_max_attempts": 2},
            signature_version="s3v4",
            s3={"addressing_style": "virtual"},
        ),
    )
