"""Passes in the family's own partition."""

from datetime import datetime, timedelta
from typing import Any

from pynamodb.attributes import (
    ListAttribute,
    MapAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
)
from pynamodb.exceptions import UpdateError

from chalicelib import table
from chalicelib.families.rules import Child, Pass


class ChildAttribute(MapAttribute[str, Any]):
    child_id = UnicodeAttribute()
    first_name = UnicodeAttribute()
    last_name = UnicodeAttribute()
    birth_date = UnicodeAttribute()


class PassItem(table.Item):
    email = UnicodeAttribute()
    language = UnicodeAttribute()
    postcode = UnicodeAttribute()
    children: ListAttribute[ChildAttribute] = ListAttribute(of=ChildAttribute)
    created_at = UnicodeAttribute()
    expires = NumberAttribute()
    mailed = UnicodeSetAttribute(null=True)


class AskedItem(table.Item):
    """How many passes a family asked for in one hour by the clock."""

    asked = NumberAttribute()
    expires = NumberAttribute()


def count_asked(family_id: str, now: datetime, most: int) -> bool:
    """Counts a pass that is asked for; False, and not counted, if there were `most` in this hour. One write unit either
    way, and the same call for a family that nobody knows."""
    try:
        AskedItem(f"F#{family_id}", f"ASKED#{now:%Y-%m-%dT%H}").update(
            [AskedItem.asked.add(1), AskedItem.expires.set(int((now + timedelta(hours=2)).timestamp()))],
            condition=AskedItem.asked.does_not_exist() | (AskedItem.asked < most),
        )
    except UpdateError as error:
        if table.is_refusal(error):
            return False
        raise
    return True


def put(new: Pass) -> None:
    """Stores a pass; the stream sees it and its mail follows."""
    PassItem(
        f"F#{new.family_id}",
        f"P#{new.pass_id}",
        email=new.email,
        language=new.language,
        postcode=new.postcode,
        children=[
            ChildAttribute(  # type: ignore[no-untyped-call]  # PynamoDB left this constructor without types
                child_id=child.child_id,
                first_name=child.first_name,
                last_name=child.last_name,
                birth_date=child.birth_date.isoformat(),
            )
            for child in new.children
        ],
        created_at=new.created_at.isoformat(),
        expires=new.kept_until,
    ).save()


def get(family_id: str, pass_id: str) -> Pass | None:
    item = _item(family_id, pass_id)
    if item is None:
        return None
    return Pass(
        pass_id=pass_id,
        family_id=family_id,
        email=item.email,
        language=item.language,
        postcode=item.postcode,
        children=tuple(
            Child(child.child_id, child.first_name, child.last_name, _date(child.birth_date)) for child in item.children
        ),
        created_at=datetime.fromisoformat(item.created_at),
    )


def is_mailed(family_id: str, pass_id: str) -> bool:
    item = _item(family_id, pass_id)
    return item is not None and bool(item.mailed)


def mark_mailed(family_id: str, pass_id: str) -> None:
    PassItem(f"F#{family_id}", f"P#{pass_id}").update([PassItem.mailed.add({"pass"})], condition=PassItem.pk.exists())


def _item(family_id: str, pass_id: str) -> PassItem | None:
    try:
        return PassItem.get(f"F#{family_id}", f"P#{pass_id}", consistent_read=True)
    except PassItem.DoesNotExist:
        return None


def _date(text: str) -> Any:
    return datetime.fromisoformat(text).date()
