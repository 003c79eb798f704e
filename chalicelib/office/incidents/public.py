"""The public view of an incident, in the log of its opening."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from chalicelib.core.http.answers import ABSENT, Absent, Count, FromOne, InLanguages, Schema
from chalicelib.office.incidents.rules import Action
from chalicelib.programme.openings.log import LogEntry

_MOVED = Schema(format="date-time")


@dataclass(frozen=True)
class MeasuredOutage:
    """By our own metrics. `start` and `end`: None where there was none."""

    measured: bool
    start: datetime | Absent | None = ABSENT
    end: datetime | Absent | None = ABSENT
    failed: Count | Absent = ABSENT
    requests: Count | Absent = ABSENT
    reason: Annotated[str | Absent, "The reason why it could not be measured."] = ABSENT


@dataclass(frozen=True, kw_only=True)
class PublicIncident:
    number: FromOne
    action: Action
    at: Annotated[datetime | None, "The moment of the decision; null while it needs a second person."]
    start: Annotated[datetime | None, "The moment from which something was wrong."]
    end: Annotated[datetime | None, "The moment until which something was wrong; null if it still is."]
    cause: InLanguages
    why: Annotated[InLanguages, "The message to families."]
    done: Annotated[InLanguages, "The action of the system."]
    opens_at: Annotated[str | Absent, _MOVED, "Where it changed."] = ABSENT
    wishes_until: Annotated[str | Absent, _MOVED, "Where it changed."] = ABSENT
    outage: Annotated[MeasuredOutage | None, "Figures of our own metrics; the moments are null if nothing failed."]


def public_incident(entry: LogEntry) -> PublicIncident:
    return PublicIncident(
        number=entry.number,
        action=Action(entry.action),
        at=_whole(entry.at),
        start=_whole(entry.start),
        end=_whole(entry.end),
        cause=entry.cause,
        why=entry.why,
        done=entry.done,
        outage=None if entry.outage is None else _measured(entry.outage),
        **entry.moments,
    )


def _measured(stored: Mapping[str, Any]) -> MeasuredOutage:
    moments = {name: datetime.fromisoformat(stored[name]) for name in ("start", "end") if stored.get(name)}
    return MeasuredOutage(**{**stored, **moments})


def _whole(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC).replace(microsecond=0) if moment else None
