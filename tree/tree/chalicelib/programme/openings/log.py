"""The public log of an opening: what went wrong, and what was done about it.

| pk           | sk       | what                                                                      |
| ------------ | -------- | ------------------------------------------------------------------------- |
| O#opening_id | LOG#0001 | an incident: what staff did, what families were told, what was measured   |

An entry is never deleted, and what it says does not change; what is measured, and how far families have been told, is
added to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.core import table
from chalicelib.core.moments import kept
from chalicelib.core.refusals import Refused


@dataclass(frozen=True)
class LogEntry:
    """`action`: one of office/incidents/rules.py. `at`: when it was decided; None: it still needs a second person.

    start, end      from when until when things were out of order, as far as it is known; `end` None: they still are.
    cause, why, done    language to text: what it came from, what families are told, what the system did.
    moments         what holds since: `opens_at`, `wishes_until` (ISO 8601), where it changed.
    outage          what our own metrics say (office/incidents/measuring.py).
    asked           what a second person has to agree to, and who asked for it; not public.
    progress        how far the work on it has come (office/incidents/announcing.py); not public.
    """

    opening_id: str
    number: int
    action: str
    cause: Mapping[str, str]
    why: Mapping[str, str]
    asked: Mapping[str, Any]
    at: datetime | None = None
    start: datetime | None = None
    end: datetime | None = None
    done: Mapping[str, str] = field(default_factory=dict)
    moments: Mapping[str, str] = field(default_factory=dict)
    outage: Mapping[str, Any] | None = None
    progress: Mapping[str, Any] = field(default_factory=dict)


class LogItem(table.Item):
    action = UnicodeAttribute()
    at = NumberAttribute(null=True)
    content = JSONAttribute()
    outage = JSONAttribute(null=True)
    progress = JSONAttribute(null=True)

    @classmethod
    def of(cls, entry: LogEntry) -> Self:
        return cls(
            _pk(entry.opening_id),
            _sk(entry.number),
            action=entry.action,
            at=int(entry.at.timestamp()) if entry.at else None,
            content={
                "start": _text(entry.start),
                "end": _text(entry.end),
                "cause": dict(entry.cause),
                "why": dict(entry.why),
                "done": dict(entry.done),
                "moments": dict(entry.moments),
                "asked": dict(entry.asked),
            },
        )

    def entry(self) -> LogEntry:
        content = self.content
        return LogEntry(
            opening_id=self.pk.removeprefix("O#"),
            number=int(self.sk.removeprefix("LOG#")),
            action=self.action,
            cause=content["cause"],
            why=content["why"],
            asked=content["asked"],
            at=datetime.fromtimestamp(int(self.at), UTC) if self.at is not None else None,
            start=kept(content["start"]),
            end=kept(content["end"]),
            done=content["done"],
            moments=content["moments"],
            outage=self.outage,
            progress=self.progress or {},
        )


def log_of(opening_id: str) -> list[LogEntry]:
    """Every incident that took effect, the oldest first. One eventually consistent read."""
    return [entry for entry in every(opening_id, consistent=False) if entry.at]


def every(opening_id: str, *, consistent: bool = True) -> list[LogEntry]:
    """The oldest first, with those that wait for a second person."""
    items = LogItem.query(_pk(opening_id), LogItem.sk.startswith("LOG#"), consistent_read=consistent)
    return [item.entry() for item in items]


def get(opening_id: str, number: int) -> LogEntry | None:
    item = LogItem.find(_pk(opening_id), _sk(number))
    return item.entry() if item else None


def propose(entry: LogEntry) -> bool:
    """Puts an entry that waits for a second person. False: its number was taken meanwhile."""
    item = LogItem.of(entry)
    try:
        item.save(condition=LogItem.pk.does_not_exist())
    except Refused:
        # botocore repeats a put whose answer was lost: what stands is ours then.
        return get(entry.opening_id, entry.number) == item.entry()
    return True


def put_of(entry: LogEntry, *, is_new: bool) -> dict[str, Any]:
    """One write of a transaction: a new entry, or one that waited for a second person and now takes effect. Its
    condition fails if somebody else was first."""
    waits = "attribute_exists(pk) AND attribute_not_exists(#at)"
    names = {} if is_new else {"ExpressionAttributeNames": {"#at": "at"}}
    condition = "attribute_not_exists(pk)" if is_new else waits
    return {"Put": {"Item": LogItem.of(entry).serialize(), "ConditionExpression": condition, **names}}


def note_outage(entry: LogEntry, outage: Mapping[str, Any]) -> None:
    LogItem(_pk(entry.opening_id), _sk(entry.number)).update([LogItem.outage.set(dict(outage))])


def note_progress(entry: LogEntry, progress: Mapping[str, Any]) -> None:
    LogItem(_pk(entry.opening_id), _sk(entry.number)).update([LogItem.progress.set(dict(progress))])


def _pk(opening_id: str) -> str:
    return f"O#{opening_id}"


def _sk(number: int) -> str:
    return f"LOG#{number:04d}"


def _text(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat(timespec="seconds") if moment else None
