"""Who of the city saw or changed what about a family: a line for each such request, in a log group of its own, which is
kept for a year and which no function can change (infra/template.yaml).

A line has the member of staff, the route, when, and keyed digests of the families and children: no name, no note, and
no id that stands in the table. Use cases say whom they show or change (`about`), whoever asks; a line is written for
staff alone, when the use case has ended and before its answer leaves, also if it was refused after it had read. A
helper has one for each page that they ask for as a family, before it is answered (`helped`).

If CloudWatch does not take the line, the answer goes out all the same, because a leader who cannot read an allergy is
the worse accident: the line is in the function's own log then, `access_not_kept`, for 30 days (docs/desk.md).
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import uuid4

from chalicelib.core import settings
from chalicelib.core.observability import log
from chalicelib.people.families.identity import FAMILY_LENGTH, family_id, keyed_id
from chalicelib.people.staff.rules import Staff

# Digests in a line; a day's lists of a large city are several.
MOST_IN_A_LINE = 2_000


@dataclass
class Seen:
    """The people whose data a request showed or changed. `notes`: of how many children there was something medical in
    it. `cases`: what somebody sent the city, whoever that was: cases, and mails that became none."""

    families: set[str] = field(default_factory=set)
    children: set[str] = field(default_factory=set)
    sessions: set[str] = field(default_factory=set)
    notes: int = 0
    cases: set[str] = field(default_factory=set)


_seen: ContextVar[Seen | None] = ContextVar("seen", default=None)


def about(family_id: str, child_ids: Iterable[str] = (), session_id: str | None = None) -> None:
    """That something about them is shown or changed; a family's own request leaves no line."""
    if seen := _seen.get():
        seen.families.add(family_id)
        seen.children.update(child_ids)
        seen.sessions.update([session_id] if session_id else [])


def medical(children: int) -> None:
    """That medical notes of so many children are shown or changed."""
    if seen := _seen.get():
        seen.notes += children


def sent(id_: str, email: str) -> None:
    """That what somebody sent the city is shown: a case, or a mail that became none, by its id. `email`: from where it
    says that it came, which makes it one of that family's lines; "": nobody says."""
    if seen := _seen.get():
        seen.cases.add(id_)
        seen.families.update([family_id(email)] if email else [])


@contextmanager
def watched(by: Staff, route: str) -> Iterator[None]:
    """Writes down what `by` is shown or changes meanwhile, by this route: "GET /office/desk"."""
    seen = Seen()
    before = _seen.set(seen)
    try:
        yield
    finally:
        _seen.reset(before)
        if seen.families or seen.cases:
            _keep(list(_lines(seen, by, route)))


def helped(helper_id: str, family_id: str, route: str) -> None:
    """A helper, who is nobody of the city, asks a page as this family (people/assistance)."""
    _keep([_line(f"helper {helper_id}", route, families=[family_digest(family_id)])])


def family_digest(family_id: str) -> str:
    """By which the log knows a family."""
    return keyed_id("family in the log of access", family_id, FAMILY_LENGTH)


def child_digest(child_id: str) -> str:
    return keyed_id("child in the log of access", child_id, FAMILY_LENGTH)


def _lines(seen: Seen, by: Staff, route: str) -> Iterator[dict[str, Any]]:
    families, children = sorted(map(family_digest, seen.families)), sorted(map(child_digest, seen.children))
    cases = sorted(keyed_id("case in the log of access", one, FAMILY_LENGTH) for one in seen.cases)
    for start in range(0, max(len(families), len(children), len(cases)), MOST_IN_A_LINE):
        yield _line(
            by.staff_id,
            route,
            families[start : start + MOST_IN_A_LINE],
            children[start : start + MOST_IN_A_LINE],
            sorted(seen.sessions),
            seen.notes,
            cases[start : start + MOST_IN_A_LINE],
        )


def _line(
    who: str,
    route: str,
    families: Sequence[str],
    children: Sequence[str] = (),
    sessions: Sequence[str] = (),
    notes: int = 0,
    cases: Sequence[str] = (),
) -> dict[str, Any]:
    return {
        "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "who": who,
        "route": route,
        "sessions": list(sessions),
        "notes": notes,
        "families": list(families),
        "children": list(children),
        **({"cases": list(cases)} if cases else {}),
    }


def _keep(lines: list[dict[str, Any]]) -> None:
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 of staff's requests only

    events = [{"timestamp": int(datetime.now(UTC).timestamp() * 1000), "message": json.dumps(line)} for line in lines]
    try:
        answer = _logs().put_log_events(logGroupName=settings.access_log(), logStreamName=_stream(), logEvents=events)
        failed = answer.get("rejectedLogEventsInfo")
    except (BotoCoreError, ClientError) as error:
        failed = type(error).__name__
    if failed:
        _stream.cache_clear()  # should it be gone: the next line makes another one
        for line in lines:
            log.error("access_not_kept", error=str(failed), access=line)


@lru_cache
def _stream() -> str:
    """This container's own, in the group."""
    name = f"{datetime.now(UTC):%Y-%m-%d}/{uuid4().hex}"
    _logs().create_log_stream(logGroupName=settings.access_log(), logStreamName=name)
    return name


@lru_cache
def _logs() -> Any:
    import boto3  # noqa: PLC0415 loaded long since
    from botocore.config import Config  # noqa: PLC0415

    # Somebody waits: two quick tries.
    config = Config(connect_timeout=2, read_timeout=3, retries={"total_max_attempts": 2})
    client: Any = boto3.client("logs", config=config)
    return client
