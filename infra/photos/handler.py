"""The function that Lambda calls when something was uploaded to the bucket of photos (infra/template.yaml, `Photos`).

At least once, in any order, and perhaps twice at a time. The photo's item says whose turn it is: the first upload of a
key is developed, a second one is deleted unread, and one that ended the function twice is refused. What is stored
first is the pictures, then that they are there, so that nobody is told of what is not.
"""

import logging
import os
import time
from functools import lru_cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from chalicelib.front_door.photos.rules import (
    LOOSE_DAYS,
    MOST_BYTES,
    MOST_TRIES,
    SK,
    PhotoState,
    Size,
    Unfit,
    kept,
    key_in,
    loose,
    pk,
)
from infra.photos.developing import Developed, NotTaken, develop

log = logging.getLogger(__name__)
log.setLevel(logging.INFO)

_CONFIG = Config(connect_timeout=2, read_timeout=20, retries={"total_max_attempts": 3})
_JPEG = {"ContentType": "image/jpeg", "CacheControl": "private, max-age=3600"}


def handle(event: dict[str, Any], context: object) -> None:
    """Of S3's event as EventBridge hands it on."""
    stored = event["detail"]
    take(stored["bucket"]["name"], stored["object"]["key"])


def take(bucket: str, place: str) -> None:
    """Develops what was uploaded there. Again is the same. Raises ClientError, and then Lambda comes again."""
    key = key_in(place)
    if key is None:
        return
    original = _get(bucket, place)
    if original is None:  # another run took it
        return
    source, content = original
    item = _begin(key, source)
    if item["source"]["S"] == source:
        if "state" not in item:
            item = _finish(key, *_taken(bucket, key, content, int(item["tries"]["N"])))
        if "case_id" in item:
            _belongs(bucket, key, item)
    _s3().delete_object(Bucket=bucket, Key=place)
    log.info("photo state=%s", item.get("state", {}).get("S"))


def _taken(bucket: str, key: str, content: bytes | None, tries: int) -> tuple[Developed | None, Unfit | None]:
    if content is None:
        return None, Unfit.TOO_LARGE
    if tries > MOST_TRIES:
        return None, Unfit.TOO_HARD
    try:
        developed = develop(content)
    except NotTaken as refused:
        return None, refused.unfit
    for size, picture in ((Size.LARGE, developed.large), (Size.SMALL, developed.small)):
        _s3().put_object(Bucket=bucket, Key=loose(key, size), Body=picture, **_JPEG)
    return developed, None


def _get(bucket: str, place: str) -> tuple[str, bytes | None] | None:
    """The object there: the name of its content, and its bytes, unread if they are too many; None: there is none."""
    try:
        found = _s3().get_object(Bucket=bucket, Key=place)
    except ClientError as error:
        # Whoever may not list the bucket is told that they may not read what is not there.
        if error.response["Error"]["Code"] in ("NoSuchKey", "AccessDenied"):
            log.warning("photo not_there")
            return None
        raise
    too_many = found["ContentLength"] > MOST_BYTES
    return found["ETag"], None if too_many else found["Body"].read()


def _begin(key: str, source: str) -> dict[str, Any]:
    """Counts the try; the item as it is now. `source`: of the first upload, whatever comes later."""
    return _update(
        key,
        "SET #source = if_not_exists(#source, :source), expires = if_not_exists(expires, :expires) ADD tries :one",
        {
            ":source": {"S": source},
            ":expires": {"N": str(int(time.time()) + LOOSE_DAYS * 86400)},
            ":one": {"N": "1"},
        },
        {"#source": "source"},
    )


def _finish(key: str, developed: Developed | None, unfit: Unfit | None) -> dict[str, Any]:
    values: dict[str, Any] = {":state": {"S": PhotoState.REFUSED if unfit else PhotoState.READY}}
    says = "SET #state = :state"
    if unfit:
        values[":unfit"] = {"S": unfit}
        says += ", unfit = :unfit"
    if developed and developed.position:
        values[":position"] = {"S": str(developed.position)}
        says += ", #position = :position"
    return _update(
        key, says, values, {"#state": "state", **({"#position": "position"} if ":position" in values else {})}
    )


def _update(key: str, says: str, values: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    answer = _dynamodb().update_item(
        TableName=os.environ["TABLE"],
        Key={"pk": {"S": pk(key)}, "sk": {"S": SK}},
        UpdateExpression=says,
        ExpressionAttributeNames=names,
        ExpressionAttributeValues=values,
        ReturnValues="ALL_NEW",
    )
    attributes: dict[str, Any] = answer["Attributes"]
    return attributes


def _belongs(bucket: str, key: str, item: dict[str, Any]) -> None:
    """A case took the photo before it was developed: it is kept, as front_door/photos/keeping.py keeps others, and
    nobody is offered its position any more."""
    if item["state"]["S"] != PhotoState.READY:
        return
    for size in Size:
        source = {"Bucket": bucket, "Key": loose(key, size)}
        _s3().copy_object(Bucket=bucket, Key=kept(key, size), CopySource=source)
    _update(key, "SET is_kept = :yes REMOVE #position", {":yes": {"BOOL": True}}, {"#position": "position"})


@lru_cache
def _s3() -> Any:
    return boto3.client("s3", config=_CONFIG)


@lru_cache
def _dynamodb() -> Any:
    return boto3.client("dynamodb", config=_CONFIG)
