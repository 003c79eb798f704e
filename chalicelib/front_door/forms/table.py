"""Forms in the table: how each stands, all under one key, and each version.

| pk           | sk      | what                                                            |
| ------------ | ------- | --------------------------------------------------------------- |
| FORMS        | form_id | which version is published, and whether the form is dark        |
| FORM#form_id | 000001  | a version; one that was published never changes                 |
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.core import table
from chalicelib.core.memory import Memory
from chalicelib.core.moments import kept
from chalicelib.front_door.forms.rules import Form, FormHead, document, form_of

PK, PREFIX = "FORMS", "FORM#"
# A form that goes dark takes nothing any more after this.
SECONDS_REMEMBERED = 5.0
_heads: Memory[str, dict[str, FormHead]] = Memory(SECONDS_REMEMBERED)
# Of those that were published.
_versions: Memory[tuple[str, int], Form] = Memory(3600)


class HeadItem(table.Item):
    published = NumberAttribute()
    since = UnicodeAttribute(null=True)
    before = NumberAttribute()
    newest = NumberAttribute()
    dark_since = UnicodeAttribute(null=True)
    dark_why = UnicodeAttribute(null=True)
    is_withdrawn = BooleanAttribute(null=True)
    edition = NumberAttribute()


class VersionItem(table.Item):
    """`said`: the form as `rules.document` writes it. `edition` counts the changes of a draft. `passed`: the edition
    by which a canary went to its end. `by`: the name of whoever changed it last."""

    said = JSONAttribute()
    edition = NumberAttribute()
    was_published = BooleanAttribute()
    passed = NumberAttribute(null=True)
    by = UnicodeAttribute(null=True)
    published_at = UnicodeAttribute(null=True)


@dataclass(frozen=True)
class StoredVersion:
    """A version as it is now, a draft or published. `by`: the name of whoever changed it last. `published_at`: None: it
    is a draft."""

    form: Form
    edition: int
    by: str
    published_at: datetime | None


def head(form_id: str) -> FormHead | None:
    """The state of a form now. One consistent read."""
    item = HeadItem.find(PK, form_id)
    return _head(item) if item else None


def heads() -> dict[str, FormHead]:
    """All of them, as they are now, by form_id."""
    return {one.form_id: one for one in map(_head, HeadItem.query(PK, consistent_read=True))}


def remembered_heads() -> dict[str, FormHead]:
    """The same, as they were at most SECONDS_REMEMBERED ago."""
    return _heads.get(PK, heads)


def published() -> dict[str, Form]:
    """The published version of each form that is not dark, as it was at most SECONDS_REMEMBERED ago."""
    wanted = [
        (one.form_id, one.published) for one in remembered_heads().values() if one.published and not one.dark_since
    ]
    return {form_id: form for (form_id, _), form in _versions.several(wanted, _load).items()}


def version(form_id: str, number: int) -> Form | None:
    """A version that was published, remembered; None: there is none. A draft: `draft`."""
    return _versions.several([(form_id, number)], _load).get((form_id, number))


def draft(form_id: str, number: int) -> tuple[Form, int] | None:
    """Any version as it is now, and its edition. One consistent read."""
    item = VersionItem.find(PREFIX + form_id, _sk(number))
    return (form_of(item.said), int(item.edition)) if item else None


def stored(form_id: str) -> dict[int, StoredVersion]:
    """All versions of a form as they are now, by number. One query."""
    items = VersionItem.query(PREFIX + form_id, consistent_read=True)
    return {
        int(item.sk): StoredVersion(form_of(item.said), int(item.edition), item.by or "", kept(item.published_at))
        for item in items
    }


def mark_passed(form: Form, edition: int) -> None:
    """That a canary went through this edition of a draft to its end. Raises Refused if it is not as it was read."""
    VersionItem(PREFIX + form.form_id, _sk(form.version)).update(
        [VersionItem.passed.set(edition)],
        (VersionItem.edition == edition) & (VersionItem.was_published == False),  # noqa: E712 an expression
    )


def publishing(form: Form, edition: int, at: datetime) -> dict[str, Any]:
    """One write of a transaction: the draft is published as it is stored. Refused if it is another edition than this
    one, or no canary went through this one."""
    return {
        "Update": {
            "Key": table.key(PREFIX + form.form_id, _sk(form.version)),
            "UpdateExpression": "SET was_published = :yes, published_at = :at",
            "ConditionExpression": "edition = :edition AND passed = :edition AND was_published = :no",
            "ExpressionAttributeValues": {
                ":yes": {"BOOL": True},
                ":no": {"BOOL": False},
                ":edition": {"N": str(edition)},
                ":at": {"S": at.isoformat()},
            },
        }
    }


def putting_head(one: FormHead) -> dict[str, Any]:
    """One write of a transaction: how the form stands, in the place of the edition before. Refused if that is not as it
    was read. Whoever writes it calls `forget` afterwards."""
    item = HeadItem(
        PK,
        one.form_id,
        published=one.published,
        since=one.since.isoformat() if one.since else None,
        before=one.before,
        newest=one.newest,
        dark_since=one.dark_since.isoformat() if one.dark_since else None,
        dark_why=one.dark_why or None,
        is_withdrawn=one.is_withdrawn or None,
        edition=one.edition,
    )
    return {"Put": {"Item": item.serialize(), **table.as_read("edition", one.edition - 1)}}


def putting(form: Form, edition: int, by: str = "", *, is_published: bool = False) -> dict[str, Any]:
    """One write of a transaction: a draft in the place of the edition before, or published. Refused if that is not as
    it was read, and for one that was published already."""
    item = VersionItem(
        PREFIX + form.form_id,
        _sk(form.version),
        said=document(form),
        edition=edition,
        was_published=is_published,
        by=by or None,
    )
    condition = table.as_read("edition", edition - 1)
    if edition > 1:
        condition["ConditionExpression"] += " AND was_published = :no"
        condition["ExpressionAttributeValues"] |= {":no": {"BOOL": False}}
    return {"Put": {"Item": item.serialize(), **condition}}


def forget() -> None:
    """This container reads how forms stand anew."""
    _heads.forget()


def _load(wanted: Any) -> Mapping[tuple[str, int], Form]:
    keys = [table.key(PREFIX + form_id, _sk(number)) for form_id, number in wanted]
    items = [VersionItem.from_raw_data(dict(one)) for one in table.batch_get(keys)]
    forms = [form_of(item.said) for item in items if item.was_published]
    return {(form.form_id, form.version): form for form in forms}


def _sk(number: int) -> str:
    return f"{number:06}"


def _head(item: HeadItem) -> FormHead:
    since: datetime | None = kept(item.since)
    return FormHead(
        form_id=item.sk,
        published=int(item.published),
        since=since,
        before=int(item.before),
        newest=int(item.newest),
        dark_since=kept(item.dark_since),
        dark_why=item.dark_why or "",
        edition=int(item.edition),
        is_withdrawn=bool(item.is_withdrawn),
    )
