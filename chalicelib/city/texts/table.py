"""Texts in the table: what each is now, all under one key, and each version that it ever had.

| pk        | sk     | what                                                       |
| --------- | ------ | ---------------------------------------------------------- |
| TEXTS     | key    | a text as it is now; absent: it is the code's own          |
| TEXTS#key | 000001 | a version of it: who wrote it, when, what                  |

Both are written in one transaction. The first is what every page reads: one query for all of them, at most once in
SECONDS_REMEMBERED for a container, half a read unit for each 4 KB of what staff wrote.
"""

from datetime import UTC, datetime
from typing import Any, Self

from botocore.exceptions import BotoCoreError
from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PynamoDBException

from chalicelib.city.texts.rules import KEYS, TextKey, Texts, TextVersion, default, defaults
from chalicelib.core import table
from chalicelib.core.memory import Memory
from chalicelib.core.observability import log
from chalicelib.core.refusals import unless_interfered
from chalicelib.people.staff.rules import Staff

PK = "TEXTS"
# With the seconds that browsers keep a page, a correction is on all pages within ten.
SECONDS_REMEMBERED = 4.0
# How many of the last versions staff are shown.
MOST_VERSIONS = 50
_remembered: Memory[str, Texts] = Memory(SECONDS_REMEMBERED)


class TextItem(table.Item):
    """`texts` by language, `by`: staff_id and name. `at`: ISO 8601, UTC."""

    version = NumberAttribute()
    texts = JSONAttribute()
    by = JSONAttribute()
    at = UnicodeAttribute()

    @classmethod
    def of(cls, pk: str, sk: str, version: TextVersion) -> Self:
        assert version.by is not None, "the default is in the code, not in the table"
        assert version.at is not None
        return cls(
            pk,
            sk,
            version=version.number,
            texts=dict(version.texts),
            by={"staff_id": version.by.staff_id, "name": version.by.name},
            at=version.at.astimezone(UTC).isoformat(),
        )

    def of_key(self, key: TextKey) -> TextVersion:
        by = Staff(self.by["staff_id"], self.by["name"], frozenset())
        return TextVersion(key, int(self.version), self.texts, by, datetime.fromisoformat(self.at))


def remembered() -> Texts:
    """Every text by its key's name, as it was at most SECONDS_REMEMBERED ago; no read meanwhile.

    No page fails for want of its texts: while DynamoDB does not answer they stay what they were, or the code's own.
    """
    return _remembered.get(PK, _read)


def _read() -> Texts:
    try:
        written = {item.sk: item.of_key(KEYS[item.sk]) for item in TextItem.query(PK) if item.sk in KEYS}
    except (PynamoDBException, BotoCoreError) as error:
        log.warning("texts_not_read", error=type(error).__name__)
        return _remembered.last(PK) or defaults()
    return {**defaults(), **written}


def get(key: TextKey) -> TextVersion:
    """The text as it is now."""
    item = TextItem.find(PK, key.name)
    return item.of_key(key) if item else default(key.name)


def history(key: TextKey) -> list[TextVersion]:
    """Its versions, the newest first, at most MOST_VERSIONS; last the code's own, if it is among them."""
    items = TextItem.query(_history(key), scan_index_forward=False, limit=MOST_VERSIONS, consistent_read=True)
    versions = [item.of_key(key) for item in items]
    return versions if len(versions) == MOST_VERSIONS else [*versions, default(key.name)]


def version(key: TextKey, number: int) -> TextVersion | None:
    """One of its versions; 0 is the code's own."""
    if number == 0:
        return default(key.name)
    item = TextItem.find(_history(key), _sk(number))
    return item.of_key(key) if item else None


def write(new: TextVersion) -> None:
    """Writes it as the text and into its history. Raises Interfered unless it is the next after what is there."""
    with unless_interfered():
        table.transact_write(writes_of(new))
    forget()


def writes_of(new: TextVersion) -> list[dict[str, Any]]:
    """The writes of `write`, for a transaction."""
    current = {"Item": TextItem.of(PK, new.key.name, new).serialize(), **table.as_read("version", new.number - 1)}
    kept = {"Item": TextItem.of(_history(new.key), _sk(new.number), new).serialize(), **table.as_read("version", 0)}
    return [{"Put": current}, {"Put": kept}]


def forget() -> None:
    """For whoever wants them as they are now."""
    _remembered.forget()


def _history(key: TextKey) -> str:
    return f"{PK}#{key.name}"


def _sk(number: int) -> str:
    return f"{number:06d}"
