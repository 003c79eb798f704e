"""The items of photos: how each stands, and which case took it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.update import Action

from chalicelib.core import table
from chalicelib.core.refusals import Item, went_through
from chalicelib.front_door.photos.rules import SK, Photo, PhotoState, Unfit, pk, position_of

Write = Mapping[str, Any]

# A photo of a case goes when its case goes (keeping.forget). Until then nothing may delete the item that says whose it
# is, so it has a date that no case reaches.
OF_A_CASE = timedelta(days=3660)


class PhotoItem(table.Item):
    """The function that develops photos writes all of it but whose it is (infra/photos/handler.py). `source`: the first
    upload's content, by its name; `tries`: how often it was begun."""

    state = UnicodeAttribute(null=True)
    unfit = UnicodeAttribute(null=True)
    position = UnicodeAttribute(null=True)
    case_id = UnicodeAttribute(null=True)
    is_kept = BooleanAttribute(null=True)
    source = UnicodeAttribute(null=True)
    tries = NumberAttribute(null=True)
    expires = NumberAttribute(null=True)


class UploadsItem(table.Item):
    """A count of the uploads that an internet connection asked for in one hour by the clock."""

    asked = NumberAttribute()
    expires = NumberAttribute()


def get(key: str) -> Photo:
    """One that nobody knows waits."""
    return _read(key, PhotoItem.find(pk(key), SK))


def several(keys: Sequence[str]) -> list[Photo]:
    """The same of several, in their order. One consistent read of each, in a batch."""
    items = (PhotoItem.from_raw_data(dict(item)) for item in table.batch_get([table.key(pk(key), SK) for key in keys]))
    found = {item.pk: item for item in items}
    return [_read(key, found.get(pk(key))) for key in keys]


def _read(key: str, item: PhotoItem | None) -> Photo:
    if item is None:
        return Photo(key, PhotoState.WAITING)
    return Photo(
        key,
        PhotoState(item.state or PhotoState.WAITING),
        position_of(item.position or ""),
        item.case_id or "",
        Unfit(item.unfit) if item.unfit else None,
        bool(item.is_kept),
    )


def note_kept(key: str) -> None:
    """If it is a case's still."""
    went_through(lambda: PhotoItem(pk(key), SK).update([PhotoItem.is_kept.set(True)], PhotoItem.case_id.exists()))


def taking(key: str, case_id: str, now: datetime) -> Write:
    """One write of the transaction that makes a case: the photo is this case's from then on, developed or on its way.
    Refused if it is another case's, or no photo. Its position was offered to the form, and is forgotten."""
    return {
        "Update": {
            "Key": table.key(pk(key), SK),
            "UpdateExpression": "SET case_id = :case, expires = :expires REMOVE #position",
            "ConditionExpression": "(attribute_not_exists(case_id) OR case_id = :case) "
            "AND (attribute_not_exists(#state) OR #state = :ready)",
            "ExpressionAttributeNames": {"#state": "state", "#position": "position"},
            "ExpressionAttributeValues": {
                ":case": {"S": case_id},
                ":ready": {"S": PhotoState.READY},
                ":expires": {"N": str(int((now + OF_A_CASE).timestamp()))},
            },
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
    }


def seen(key: str, case_id: str) -> Write:
    """A condition of a transaction: this case's photo is developed, so that whoever chose it saw it. No second upload
    replaces it from then on (infra/photos)."""
    return {
        "ConditionCheck": {
            "Key": table.key(pk(key), SK),
            "ConditionExpression": "case_id = :case AND #state = :ready",
            "ExpressionAttributeNames": {"#state": "state"},
            "ExpressionAttributeValues": {":case": {"S": case_id}, ":ready": {"S": PhotoState.READY}},
        }
    }


def unfit_of(item: Item) -> Unfit | None:
    """Why it was refused, of an item as DynamoDB writes it; None: it is another case's."""
    return Unfit(item["unfit"]["S"]) if "unfit" in item else None


def forget(keys: Sequence[str]) -> None:
    for key in keys:
        PhotoItem(pk(key), SK).delete()


def count_upload(counter: str, now: datetime, most: int) -> bool:
    """Counts an upload that is asked for; False, and not counted, if there were `most`."""
    counted: list[Action] = [
        UploadsItem.asked.add(1),
        UploadsItem.expires.set(int((now + timedelta(hours=2)).timestamp())),
    ]
    may_ask = UploadsItem.asked.does_not_exist() | (UploadsItem.asked < most)
    item = UploadsItem(f"UPLOADS#{counter}", "ASKED-FOR")
    return went_through(lambda: item.update(counted, may_ask))
