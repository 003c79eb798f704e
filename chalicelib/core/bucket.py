"""The bucket of papers (infra/template.yaml): what families upload as proof, and certificates until they are fetched.
Whatever is in it is gone after 90 days."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.core.observability import log
from chalicelib.core.refusals import Busy


@contextmanager
def unless_away() -> Iterator[None]:
    """Raises Busy in the place of what boto3 raises: the same call may be repeated."""
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        code = error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
        log.error("papers_unreachable", error=code)
        raise Busy from error


@lru_cache
def client() -> Any:
    import boto3  # noqa: PLC0415 for who uploads, fetches, decides or leaves only
    from botocore.config import Config  # noqa: PLC0415

    # Somebody waits: two tries.
    config = Config(connect_timeout=2, read_timeout=10, retries={"total_max_attempts": 2})
    return boto3.client("s3", config=config)
