"""News of a camp for its families: that it is cancelled, or what of it changed. One item each, put once.

| pk           | sk          | what                                                                             |
| ------------ | ----------- | -------------------------------------------------------------------------------- |
| S#session_id | NEWS#number | at; content (JSON: the city's message by language, or what changed and who stays) |

The number stands in the seats' item too, by which the outbox learns that there is news (seats/stream.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute

from chalicelib.core import table

PREFIX = "NEWS#"


@dataclass(frozen=True)
class CampNews:
    """`number`: 1 for the first of a camp. `message`: of a camp that is cancelled, what the city says, by language.
    `columns`: of one that changed, the sheet's columns to what was and what is, as the sheet writes it. `is_told`:
    families get a mail; otherwise only `kept` is of use: the children whom the camp keeps although they do not fit its
    ages any more, to their registrations."""

    session_id: str
    number: int
    at: datetime
    message: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    kept: Mapping[str, str] = field(default_factory=dict)
    is_told: bool = True


class NewsItem(table.Item):
    at = NumberAttribute()
    content = JSONAttribute()


def putting(news: CampNews) -> dict[str, Any]:
    """One write of a transaction; refused if there is one of that number."""
    item = NewsItem(_pk(news.session_id), _sk(news.number), at=int(news.at.timestamp()), content=_content(news))
    return {"Put": {"Item": item.serialize(), "ConditionExpression": "attribute_not_exists(pk)"}}


def get(session_id: str, number: int) -> CampNews | None:
    item = NewsItem.find(_pk(session_id), _sk(number))
    return _read(item) if item else None


def every(session_id: str) -> Sequence[CampNews]:
    """The oldest first."""
    found = NewsItem.query(_pk(session_id), NewsItem.sk.startswith(PREFIX), consistent_read=True)
    return [_read(item) for item in found]


def keeps(session_id: str, registration_id: str) -> bool:
    """Whether it is not handed in yet that children of this registration stay."""
    return any(registration_id in one.kept.values() for one in every(session_id))


def forget_kept(news: CampNews) -> None:
    """Who stays is handed in by now."""
    item = NewsItem(_pk(news.session_id), _sk(news.number), at=int(news.at.timestamp()))
    item.update([NewsItem.content.set(_content(replace(news, kept={})))])


def why_off(session_id: str, language: str) -> str:
    """The city's words about a cancelled camp; empty where it says nothing."""
    return next((one.message[language] for one in reversed(every(session_id)) if language in one.message), "")


def _content(news: CampNews) -> dict[str, Any]:
    return {
        "message": dict(news.message),
        "columns": {column: list(values) for column, values in news.columns.items()},
        "kept": dict(news.kept),
        "is_told": news.is_told,
    }


def _read(item: NewsItem) -> CampNews:
    content = item.content
    return CampNews(
        session_id=item.pk.removeprefix("S#"),
        number=int(item.sk.removeprefix(PREFIX)),
        at=datetime.fromtimestamp(int(item.at), UTC),
        message=content["message"],
        columns={column: (was, now) for column, (was, now) in content["columns"].items()},
        kept=content["kept"],
        is_told=content["is_told"],
    )


def _pk(session_id: str) -> str:
    return f"S#{session_id}"


def _sk(number: int) -> str:
    return f"{PREFIX}{number:05d}"
