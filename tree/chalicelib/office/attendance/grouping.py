"""The groups of a session's children: named, split by age or by hand, each change on the condition that nobody else
changed them since they were looked at."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

from chalicelib.booking.presence import table as presences
from chalicelib.booking.presence.rules import MOST_GROUPS, MOST_OF_A_NAME, Groups, divided, moved, named
from chalicelib.booking.registrations.rules import family_of
from chalicelib.core.http.problems import CHANGED, Problem, invalid
from chalicelib.core.languages import N_
from chalicelib.core.refusals import Interfered
from chalicelib.office.attendance.rules import AttendanceList
from chalicelib.people import access
from chalicelib.people.families.names import plain

# After the last day: as long as what the camp must know, and a little more.
KEPT_DAYS = 90
# How often a move is tried that another one came before.
TRIES = 3

AS_GROUP = N_("Choose a group of this session.")
AS_NAMES = N_("Give at most {most} groups, each with a name of its own of at most {characters} characters.")


def rename(of: AttendanceList, edition: int, names: Sequence[tuple[str, str]]) -> None:
    """`names`: pairs of group_id and name, an empty group_id for a new group. Raises Problem `invalid`, `changed`."""
    cleaned = [(group_id, " ".join(name.split())) for group_id, name in names]
    given = [name for _, name in cleaned if name]
    is_wrong = len({plain(name) for name in given}) < len(given) or not all(name.isprintable() for name in given)
    if is_wrong or len(given) > MOST_GROUPS or any(len(name) > MOST_OF_A_NAME for name in given):
        raise invalid("names", AS_NAMES, most=MOST_GROUPS, characters=MOST_OF_A_NAME)
    before = _as_seen(of, edition)
    _on_top(of, before, named(before, cleaned))


def split(of: AttendanceList, edition: int) -> None:
    """All children over the groups by age. Who is not known by name has no birth date, and is not yet in a group."""
    before = _as_seen(of, edition)
    children = [(row.child.birth_date, row.child_id, row.registration_id) for row in of.rows if row.child]
    _on_top(of, before, divided(before, children))


def move(of: AttendanceList, shown: Mapping[str, str], wanted: Mapping[str, str]) -> None:
    """Of children, by their ids, the group that whoever moves them saw, and the one that they want; empty: none. Who is
    not in `wanted`, or stays where it was shown, stays wherever it is now. Raises Problem `changed` if somebody else
    moved one of them elsewhere meanwhile, or a group is no more."""
    changed = {child: group_id for child, group_id in wanted.items() if group_id != shown.get(child, "")}
    holders = {row.child_id: row.registration_id for row in of.rows}
    for _ in range(TRIES):
        before = presences.groups_of(of.session.session_id)
        for child, group_id in changed.items():
            now = before.of(child, holders.get(child, "")) or ""
            if now not in (shown.get(child, ""), group_id) or (group_id and group_id not in before.names):
                raise Problem(CHANGED)
        with suppress(Interfered):
            _store(of, before, moved(before, changed, holders))
            return
    raise Problem(CHANGED)


def edition_of(session_id: str) -> int:
    return presences.groups_of(session_id).edition


def _as_seen(of: AttendanceList, edition: int) -> Groups:
    before = presences.groups_of(of.session.session_id)
    if before.edition != edition:
        raise Problem(CHANGED)
    return before


def _on_top(of: AttendanceList, before: Groups, now: Groups) -> None:
    """Raises Problem `changed`."""
    try:
        _store(of, before, now)
    except Interfered:
        raise Problem(CHANGED) from None


def _store(of: AttendanceList, before: Groups, now: Groups) -> None:
    """Raises Interfered."""
    session = of.session
    assert session.ends_on is not None, "a draft has no list"
    for child_id, (_, registration_id) in now.members.items():
        access.about(family_of(registration_id), [child_id], session.session_id)
    presences.change_groups(session.session_id, before, now, _expiry(session.ends_on))


def _expiry(last_day: date) -> int:
    return int((datetime(last_day.year, last_day.month, last_day.day, tzinfo=UTC) + timedelta(KEPT_DAYS)).timestamp())
