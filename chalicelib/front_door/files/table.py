"""Files of cases in the table.

| pk           | sk                 | what                                                                    |
| ------------ | ------------------ | ----------------------------------------------------------------------- |
| CASE#case_id | FILES#000002#batch | files that came with that entry of its history: names, what is not kept |

An item is written in the transaction of the case, or of the entry of its history with which the files came: so no file
is forgotten whose words are there.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from pynamodb.attributes import BooleanAttribute, JSONAttribute, UnicodeAttribute

from chalicelib.core import table
from chalicelib.core.refusals import went_through
from chalicelib.front_door.cases.keys import PREFIX
from chalicelib.front_door.files.rules import FileBatch, ReceivedFile, Unkept

FILES = "FILES#"


class FilesItem(table.Item):
    """`files`: [name, bytes, why it is not kept or ""] of each. `source`: what the mail is kept as."""

    at = UnicodeAttribute()
    files = JSONAttribute()
    source = UnicodeAttribute(null=True)
    is_stored = BooleanAttribute(null=True)


def putting(case_id: str, batch: FileBatch) -> dict[str, Any]:
    """One write of a transaction."""
    item = FilesItem(
        PREFIX + case_id,
        _sk(batch),
        at=batch.at.astimezone(UTC).isoformat(),
        files=[[one.name, one.size, one.unkept or ""] for one in batch.files],
        source=batch.source or None,
        is_stored=batch.is_stored or None,
    )
    return {"Put": {"Item": dict(item.serialize())}}


def of_case(case_id: str) -> list[FileBatch]:
    """All of a case, as they came. One query."""
    items = FilesItem.query(PREFIX + case_id, FilesItem.sk.startswith(FILES), consistent_read=True)
    return list(map(_read, items))


def note_stored(case_id: str, batch: FileBatch) -> bool:
    """False: the case is there no more."""
    item = FilesItem(PREFIX + case_id, _sk(batch))
    return went_through(lambda: item.update([FilesItem.is_stored.set(True)], condition=FilesItem.files.exists()))


def forget(case_id: str, batches: Sequence[FileBatch]) -> None:
    for batch in batches:
        FilesItem(PREFIX + case_id, _sk(batch)).delete()


def _sk(batch: FileBatch) -> str:
    return f"{FILES}{batch.entry:06}#{batch.batch_id}"


def _read(item: FilesItem) -> FileBatch:
    _, entry, batch_id = item.sk.split("#", 2)
    files: list[list[Any]] = item.files
    return FileBatch(
        batch_id=batch_id,
        at=datetime.fromisoformat(item.at),
        files=tuple(ReceivedFile(name, int(size), Unkept(why) if why else None) for name, size, why in files),
        source=item.source or "",
        is_stored=bool(item.is_stored),
        entry=int(entry),
    )
