"""Who is there on a day of a session, as requests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from chalicelib.booking.presence.rules import Mark, Outcome, Presence
from chalicelib.core.http.answering import Answer, Call
from chalicelib.core.http.answers import Count
from chalicelib.core.http.fields import document
from chalicelib.office.attendance import marking, requests
from chalicelib.people.staff.rules import Staff

# A field is called as its type.
_Date = date


@dataclass(frozen=True)
class ShownMark:
    mark: Mark
    edition: Annotated[Count, "How often the child was marked that day; send it with the next mark."]
    at: Annotated[datetime | None, "When it was so; null where nothing was marked, or only the day is kept."]
    by: Annotated[str | None, "The name of the member of staff who marked it."]
    note: str | None


@dataclass(frozen=True)
class ExpectedChild(ShownMark):
    child_id: str
    first_name: Annotated[str | None, "Null where no pass names the child any more."]
    last_name: str | None
    reference: Annotated[str | None, "Of the registration by which it has its seat."]
    group: Annotated[str | None, "The name of its group; null: not yet in one."]
    pick_up: Annotated[Sequence[str], "Who may fetch the child, as its family said."]
    has_seat: Annotated[bool, "False for a child that was marked that day and has no seat any more."]


@dataclass(frozen=True)
class AttendanceOfDay:
    session_id: str
    date: _Date
    children: Sequence[ExpectedChild]


@dataclass(frozen=True)
class MarkedChild(ShownMark):
    """As it stands now."""

    outcome: Outcome


@dataclass(frozen=True)
class MarkedChildren:
    session_id: str
    date: _Date
    children: Annotated[Mapping[str, MarkedChild], "By child_id."]


def get_day(call: Call, by: Staff, session_id: str, date: str) -> Answer:
    day = requests.day_of(date)
    found = marking.of_day(by, session_id, day, call.now)
    children = [_expected(one, found.list.groups) for one in found.expected]
    children += [_expected(marking.Expected(None, one), {}) for one in found.gone]
    return Answer(200, AttendanceOfDay(session_id, day, children))


def mark_day(call: Call, by: Staff, session_id: str, date: str) -> Answer:
    """200 if something of what was sent stands now; each child says what became of it."""
    day = requests.day_of(date)
    wanted = requests.to_mark(document(call.body), day, call.now)
    outcomes = marking.mark(by, session_id, day, wanted, call.now)
    marking.must_be_of_use(outcomes)
    children = {child: MarkedChild(**vars(_mark(one.presence)), outcome=one.outcome) for child, one in outcomes.items()}
    return Answer(200, MarkedChildren(session_id, day, children))


def _expected(one: marking.Expected, groups: Mapping[str, str]) -> ExpectedChild:
    row, child = one.row, one.child
    return ExpectedChild(
        **vars(_mark(one.presence)),
        child_id=one.presence.child_id,
        first_name=child.first_name if child else None,
        last_name=child.last_name if child else None,
        reference=row.reference if row else None,
        group=groups.get(row.group_id) if row and row.group_id else None,
        pick_up=row.pick_up if row else (),
        has_seat=row is not None,
    )


def _mark(one: Presence) -> ShownMark:
    return ShownMark(one.mark, one.edition, one.at, one.by.name if one.by else None, one.note or None)
