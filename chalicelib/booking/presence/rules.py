"""Who was there: a child's mark of a day in a session, and the named groups of a session's children. Plain rules."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from enum import StrEnum

# Days attended are a bookkeeping record: tax certificates and invoices rest on them. The law on bookkeeping (WER
# III.88) keeps those for seven years after the year.
KEPT_YEARS = 7
MOST_OF_A_NOTE = 120
MOST_GROUPS = 20
MOST_OF_A_NAME = 40


class Mark(StrEnum):
    """`unmarked`: nobody said anything, or it was taken back."""

    UNMARKED = "unmarked"
    PRESENT = "present"
    LATE = "late"
    ABSENT = "absent"
    FETCHED = "fetched"


ATTENDED = (Mark.PRESENT, Mark.LATE, Mark.FETCHED)


@dataclass(frozen=True)
class Marker:
    """The member of staff who marked."""

    staff_id: str
    name: str


@dataclass(frozen=True)
class Presence:
    """A child's day. `edition`: how often it was marked; 0: never. `before`: the mark that this one took the place of.
    `at`: when it was so, by the clock of whoever marked, in UTC. `note`: who fetched the child if nobody of those who
    may, for example. `by`, `at` and `registration_id` are None once only the day is kept."""

    child_id: str
    mark: Mark = Mark.UNMARKED
    edition: int = 0
    before: Mark = Mark.UNMARKED
    at: datetime | None = None
    by: Marker | None = None
    note: str = ""
    registration_id: str | None = None

    @property
    def back(self) -> Mark:
        """The mark after a second tap on this one: the child is still there, or it was no mark at all."""
        return self.before if self.mark is Mark.FETCHED and self.before in ATTENDED else Mark.UNMARKED


@dataclass(frozen=True)
class Tap:
    """A tap: somebody's mark for a child. `seen`: the edition that they saw; 0: no mark. `at`: when it was so. `note`:
    None: as it is, or none with another mark; empty: none."""

    child_id: str
    registration_id: str
    mark: Mark
    seen: int
    at: datetime
    by: Marker
    note: str | None = None


class Outcome(StrEnum):
    """`same`: it stood so already, whoever marked it. `conflict`: somebody else marked something else meanwhile.
    `no-seat`: the child has no seat in the session (any more)."""

    STORED = "stored"
    SAME = "same"
    CONFLICT = "conflict"
    NO_SEAT = "no-seat"


@dataclass(frozen=True)
class Marked:
    """The outcome of a tap, and how the child's day stands now."""

    outcome: Outcome
    presence: Presence


def kept_until(day: date) -> int:
    """Epoch seconds: the end of the seventh year after that of the day."""
    return int(datetime(day.year + KEPT_YEARS + 1, 1, 1, tzinfo=UTC).timestamp())


@dataclass(frozen=True)
class Groups:
    """The groups of a session. `names`: group_id to name, in their order. `members`: child_id to its group and to the
    registration by which it had a seat when it came into it. `edition`: 0: there were never any."""

    edition: int = 0
    names: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def of(self, child_id: str, registration_id: str) -> str | None:
        """The group of a child that has its seat by this registration; None: it is not yet in one. Who gave up a seat
        is in no group, also not after registering again."""
        group_id, by = self.members.get(child_id, ("", ""))
        return group_id if by == registration_id and group_id in self.names else None

    def name_of(self, child_id: str, registration_id: str) -> str | None:
        group_id = self.of(child_id, registration_id)
        return self.names[group_id] if group_id else None


def named(groups: Groups, names: Sequence[tuple[str, str]]) -> Groups:
    """With these names, as pairs of group_id and name; an empty group_id: a new group. A group that is not among them,
    or whose name is empty, is no more, and its children are not yet in a group."""
    kept = {group_id: name for group_id, name in names if group_id in groups.names and name}
    for group_id, name in names:
        if name and not group_id:
            kept[_free(groups.names.keys() | kept.keys())] = name
    members = {child: one for child, one in groups.members.items() if one[0] in kept}
    return replace(groups, names=kept, members=members)


def divided(groups: Groups, children: Iterable[tuple[date, str, str]]) -> Groups:
    """All children over the groups by age, the youngest into the first, as many in each as can be. `children`: birth
    date, child_id, registration_id."""
    ordered, names = sorted(children, reverse=True), list(groups.names)
    members = {
        child_id: (names[place * len(names) // len(ordered)], registration_id)
        for place, (_, child_id, registration_id) in enumerate(ordered if names else ())
    }
    return replace(groups, members=members)


def moved(groups: Groups, wanted: Mapping[str, str], holders: Mapping[str, str]) -> Groups:
    """`wanted`: child_id to group_id, empty: none; who is not in it stays. `holders`: the children that have seats, by
    their registrations; nobody else is in a group any more."""
    chosen = {child: groups.of(child, registration) or "" for child, registration in holders.items()}
    chosen |= {child: group_id for child, group_id in wanted.items() if child in holders}
    members = {
        child: (group_id, holders[child]) for child, group_id in sorted(chosen.items()) if group_id in groups.names
    }
    return replace(groups, members=members)


def _free(taken: Iterable[str]) -> str:
    """A group_id that no group has or had since it was read: `g1`, `g2` …"""
    numbers = [int(one[1:]) for one in taken]
    return f"g{max(numbers, default=0) + 1}"
