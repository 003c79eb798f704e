"""An empty bucket of photos beside an empty table, and the function that develops them."""

from collections.abc import Callable, Iterator

import boto3
import pytest

from chalicelib.core import settings
from chalicelib.front_door.photos import bucket
from infra.photos import handler


@pytest.fixture
def photos(table: None) -> Iterator[None]:
    for client in (bucket.client, handler._s3, handler._dynamodb):
        client.cache_clear()
    location = {"LocationConstraint": "eu-west-1"}
    boto3.client("s3").create_bucket(Bucket=settings.photos(), CreateBucketConfiguration=location)
    yield
    for client in (bucket.client, handler._s3, handler._dynamodb):
        client.cache_clear()


@pytest.fixture
def arrives(photos: None) -> Callable[[str, bytes], None]:
    """A file comes into the bucket, and the function hears of it."""

    def arrive(key: str, content: bytes) -> None:
        put(key, content)
        handler.handle(event(key), None)

    return arrive


def put(key: str, content: bytes) -> None:
    boto3.client("s3").put_object(Bucket=settings.photos(), Key=f"arriving/{key}", Body=content)


def event(key: str) -> dict[str, object]:
    return {"detail": {"bucket": {"name": settings.photos()}, "object": {"key": f"arriving/{key}"}}}


def stored() -> set[str]:
    found = boto3.client("s3").list_objects_v2(Bucket=settings.photos()).get("Contents", [])
    return {one["Key"] for one in found}
