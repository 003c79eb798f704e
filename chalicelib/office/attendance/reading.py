"""Attendance lists from the table: the seats say who has one, the registrations by which pass, the passes who that is,
and the families what is to be known.

Batches of 100, no scan and no index: for a session with n children, its seats (1 read unit), n registrations (half a
unit each), n passes and what is known of n children (a unit each), or fewer where siblings share a registration; and n
sets of answers (a unit each) where the city asks something. The lists of a day with 6 sessions of 18 children take 8
calls and 280 units, $0.00004 (tests/office/attendance counts the calls).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from chalicelib.booking.answers import table as answers
from chalicelib.booking.answers.answering import suffices
from chalicelib.booking.answers.as_asked import as_asked
from chalicelib.booking.answers.rules import Answers, missing, readable
from chalicelib.booking.presence import table as presence
from chalicelib.booking.presence.rules import Groups
from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import family_of, reference, reference_of
from chalicelib.core import table
from chalicelib.core.http.problems import NOT_FOUND, Problem, existing
from chalicelib.core.moments import today
from chalicelib.office import scope
from chalicelib.office.attendance.rules import (
    BY_MUNICIPALITY,
    AttendanceList,
    AttendanceRow,
    ReadAnswer,
    counting,
    in_order,
    row,
    takes_place,
    that_day,
)
from chalicelib.people import access
from chalicelib.people.child_info import table as cares
from chalicelib.people.child_info.rules import Care, reads_medical
from chalicelib.people.families import table as families
from chalicelib.people.families.rules import Child, Pass
from chalicelib.people.staff.rules import Role, Staff
from chalicelib.programme.questions import table as questions
from chalicelib.programme.questions.rules import Asked, Question
from chalicelib.programme.sessions import leaders
from chalicelib.programme.sessions import table as programme
from chalicelib.programme.sessions.rules import Session
from chalicelib.seats import table as seats_table
from chalicelib.seats.rules import Seats


@dataclass(frozen=True)
class DayGroup:
    """A session of a day, and how many children have a seat in it."""

    session: Session
    children: int


@dataclass(frozen=True)
class _Day:
    """Everything read for the lists of a day. `passes`, `references`: by registration; `cares`: by family and child;
    `groups`: by session; `answers`: by registration."""

    passes: Mapping[str, Pass]
    references: Mapping[str, str]
    cares: Mapping[tuple[str, str], Care]
    groups: Mapping[str, Groups]
    answers: Mapping[str, Answers]


def must_be_theirs(by: Staff, now: datetime, session_id: str, date: str = "") -> None:
    """Raises Problem `not-found` for a list that they may not read today. Of which `date` is for the use case."""
    session = programme.get(session_id)
    if session is None or not _counting(by, [session], now):
        raise Problem(NOT_FOUND)


def groups(by: Staff, day: date, municipality: str | None, now: datetime) -> list[DayGroup]:
    """The sessions of that day whose list they may read: reads no child."""
    sessions = that_day(theirs(by, now), day, municipality)
    holders = _holders(sessions, now)
    return [DayGroup(one, len(holders[one.session_id][0])) for one in sessions]


def of_day(by: Staff, day: date, municipality: str | None, now: datetime) -> list[AttendanceList]:
    """The lists of everything of theirs that takes place that day, also of what nobody has a seat in."""
    return _lists(by, that_day(theirs(by, now), day, municipality), day, now)


def theirs(by: Staff, now: datetime) -> list[Session]:
    """The sessions and drafts whose lists they may read today."""
    sessions = [one for one in programme.all_sessions() if not one.cancelled_at]
    counts = _counting(by, sessions, now)
    return [one for one in sessions if one.session_id in counts]


def of_session(by: Staff, session_id: str, day: date, now: datetime) -> AttendanceList:
    """Raises Problem `not-found` for a session that there is not, not on that day, or whose list is not for them."""
    session = programme.get(session_id)
    if session is None or session.missing or not takes_place(session, day):
        raise Problem(NOT_FOUND)
    return existing(next(iter(_lists(by, [session], day, now)), None))


def _counting(by: Staff, sessions: Sequence[Session], now: datetime) -> dict[str, frozenset[Role]]:
    """session_id to the roles by which they read its list today; a session that is not in it is not for them."""
    is_theirs = scope.theirs(by) if by.roles.intersection(BY_MUNICIPALITY) else scope.nobodys
    led = leaders.sessions_of(by.email) if Role.LEADER in by.roles else set()
    counts = {
        one.session_id: counting(
            by.roles, one, today(now), is_theirs=is_theirs(one.municipality), leads=one.session_id in led
        )
        for one in sessions
    }
    return {session_id: roles for session_id, roles in counts.items() if roles}


def _lists(by: Staff, sessions: Sequence[Session], day: date, now: datetime) -> list[AttendanceList]:
    """Of those sessions whose lists `by` may read, with medical notes where they may read these too."""
    counts = _counting(by, sessions, now)
    sessions = [one for one in sessions if one.session_id in counts]
    holders = _holders(sessions, now)
    asked = questions.several(holders, now) if holders else {}
    asking = [held for session_id, (held, _) in holders.items() if asked[session_id].questions]
    read = _read(
        [seat for held, _ in holders.values() for seat in held.items()],
        list(holders),
        {registration_id for held in asking for registration_id in held.values()},
    )
    found = []
    for session in sessions:
        held, offered = holders[session.session_id]
        with_medical = reads_medical(counts[session.session_id])
        given = {one: read.answers[one] for one in held.values() if one in read.answers}
        answered = _Answered(asked[session.session_id], given, counts[session.session_id])
        groups = read.groups.get(session.session_id, Groups())
        rows = in_order(
            answered.beside(
                _row(read, seat, day, groups.of(*seat), is_final=seat[1] not in offered, with_medical=with_medical)
            )
            for seat in held.items()
        )
        columns = answered.columns(rows)
        found.append(AttendanceList(session, day, rows, with_medical, groups.names, questions=columns))
        for child_id, registration_id in held.items():
            access.about(family_of(registration_id), [child_id], session.session_id)
        access.medical(sum(bool(one.medical) for one in rows))
    return found


class _Answered:
    """What was answered about the children of a session, as far as it is for these roles."""

    def __init__(self, asked: Asked, answers: Mapping[str, Answers], roles: frozenset[Role]) -> None:
        self.asked, self.answers = asked, answers
        self.readable = readable((*asked.questions, *asked.retired), roles)
        self.as_asked = as_asked(asked, answers.values()) if asked.questions else {}

    def beside(self, row: AttendanceRow) -> AttendanceRow:
        own = self.answers.get(row.registration_id) or Answers(row.registration_id)
        given = own.given(row.child_id)
        found = {
            one.key: ReadAnswer(self.as_asked[one.key, given[one.key].version], given[one.key].value)
            for one in self.readable
            if one.key in given and (one.key, given[one.key].version) in self.as_asked
        }
        is_open = bool(missing(self.asked.required, own, [row.child_id], suffices))
        return replace(row, answers=found, unanswered=is_open)

    def columns(self, rows: Sequence[AttendanceRow]) -> tuple[Question, ...]:
        """What is asked now, and what was once if somebody answered it then."""
        answered = {key for row in rows for key in row.answers}
        return tuple(one for one in self.readable if one in self.asked.questions or one.key in answered)


def _row(
    read: _Day, seat: tuple[str, str], day: date, group_id: str | None, *, is_final: bool, with_medical: bool
) -> AttendanceRow:
    child_id, registration_id = seat
    care = read.cares.get((family_of(registration_id), child_id))
    child = _named(read.passes.get(registration_id), child_id)
    known = read.references.get(registration_id) or reference(registration_id)
    found = row(known, child, day, is_final=is_final, care=care, with_medical=with_medical)
    return replace(found, child_id=child_id, registration_id=registration_id, group_id=group_id)


def _named(family: Pass | None, child_id: str) -> Child | None:
    return next((one for one in family.children if one.child_id == child_id), None) if family else None


def _holders(sessions: Sequence[Session], now: datetime) -> dict[str, tuple[dict[str, str], set[str]]]:
    """session_id to the children that have a seat, by which registration; and which of these are only offered yet."""
    seats = seats_table.get(one.session_id for one in sessions) if sessions else {}
    return {one.session_id: _children(seats.get(one.session_id), now) for one in sessions}


def _children(seats: Seats | None, now: datetime) -> tuple[dict[str, str], set[str]]:
    if seats is None:
        return {}, set()
    held = seats.at(int(now.timestamp()))
    return held.children, set(held.until).intersection(held.registrations)


def _read(seats: Sequence[tuple[str, str]], session_ids: Sequence[str], asking: Collection[str]) -> _Day:
    """Of these children and registrations; one who has seats in two sessions is read once. And the groups. `asking`:
    the registrations of sessions that ask something."""
    records = registrations.several(dict.fromkeys(registration_id for _, registration_id in seats))
    keys = [families.key(one.family_id, one.pass_id) for one in records]
    keys += [cares.key(family_of(registration_id), child_id) for child_id, registration_id in seats]
    keys += [presence.groups_key(session_id) for session_id in session_ids] if seats else []
    keys += [answers.key(registration_id) for registration_id in asking]
    # As they are now, not a second ago: a family may have called about an allergy.
    items = table.batch_get(list({_as_text(one): one for one in keys}.values())) if keys else []
    passes = {(one.family_id, one.pass_id): one for one in map(families.read, filter(_is_pass, items))}
    known = {(family, child): care for family, child, care in map(cares.read, filter(cares.is_care, items))}
    return _Day(
        {
            one.registration_id: passes[one.family_id, one.pass_id]
            for one in records
            if (one.family_id, one.pass_id) in passes
        },
        {one.registration_id: reference_of(one) for one in records},
        known,
        {presence.session_of(one): presence.read_groups(one) for one in items if presence.is_groups(one)},
        {one.registration_id: one for one in map(answers.read, filter(answers.is_answers, items))},
    )


def _is_pass(item: Mapping[str, Mapping[str, str]]) -> bool:
    return not (cares.is_care(item) or presence.is_groups(item) or answers.is_answers(item))


def _as_text(key: Mapping[str, Mapping[str, str]]) -> tuple[str, str]:
    return key["pk"]["S"], key["sk"]["S"]
