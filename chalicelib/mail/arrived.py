"""The bucket of mails as they came (infra/template.yaml): SES puts them there, and they end by themselves."""

from functools import lru_cache
from typing import Any

from chalicelib.core import settings
from chalicelib.front_door.arriving.reading import MOST_BYTES


@lru_cache
def client() -> Any:
    import boto3  # noqa: PLC0415 for mails that come only
    from botocore.config import Config  # noqa: PLC0415

    return boto3.client("s3", config=Config(connect_timeout=2, read_timeout=20, retries={"total_max_attempts": 2}))


def get(name: str) -> bytes | None:
    """`name`: its key. The mail, or the beginning of one that is too long to be read; None: it is there no more."""
    if not settings.arrived() or not name.startswith("mails/"):  # of no other may anybody read
        return None
    s3 = client()
    try:
        answer = s3.get_object(Bucket=settings.arrived(), Key=name, Range=f"bytes=0-{MOST_BYTES}")
    except s3.exceptions.NoSuchKey:
        return None
    content: bytes = answer["Body"].read()
    return content
