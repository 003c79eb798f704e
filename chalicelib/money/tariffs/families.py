"""A family and its bookings, as far as a price depends on them. Days and hours are those of the place."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from functools import cached_property

from chalicelib.core.moments import today

NOON = 12 * 60 + 30
MIDNIGHT = 24 * 60


@dataclass(frozen=True)
class Entitlement:
    """Something that a condition asks for by name (conditions.py: `Has`), from `since` to `until`, both included. It is
    proven once a person of the city has seen the proof."""

    name: str
    is_proven: bool = True
    since: date | None = None
    until: date | None = None

    def counts(self, day: date, unproven: tuple[str, ...]) -> bool:
        """Whether it does on that day, where these names count while they are only declared."""
        is_valid = (self.since is None or day >= self.since) and (self.until is None or day <= self.until)
        return is_valid and (self.is_proven or self.name in unproven)


@dataclass(frozen=True)
class FamilyChild:
    child_id: str
    born: date
    level: str = ""
    entitlements: tuple[Entitlement, ...] = ()


@dataclass(frozen=True)
class Family:
    """`entitlements`: of any parent, or of the household. `income_cents`: a year; None: not said."""

    children: tuple[FamilyChild, ...]
    entitlements: tuple[Entitlement, ...] = ()
    income_cents: int | None = None


class DayPart(StrEnum):
    """How much of the day the child comes for."""

    DAY = "day"
    MORNING = "morning"
    AFTERNOON = "afternoon"


@dataclass(frozen=True)
class ItemDay:
    """One day of one child: with hours where a tariff asks for them, and the extras that it takes on it."""

    day: date
    part: DayPart = DayPart.DAY
    begins: time | None = None
    ends: time | None = None
    extras: tuple[str, ...] = ()

    @property
    def has_hours(self) -> bool:
        return self.begins is not None and self.ends is not None

    @property
    def interval(self) -> tuple[int, int]:
        """Minutes of the day from its beginning to its end; those of its part where no hours are known."""
        if self.begins is not None and self.ends is not None:
            return minutes(self.begins), minutes(self.ends)
        return {DayPart.DAY: (0, MIDNIGHT), DayPart.MORNING: (0, NOON), DayPart.AFTERNOON: (NOON, MIDNIGHT)}[self.part]


@dataclass(frozen=True)
class FineEvent:
    """The event that a fine is for: its name, its day, and the minutes too late where they count."""

    name: str
    day: date
    minutes: int = 0


@dataclass(frozen=True)
class QuoteItem:
    """One child in one session. `session_days`: all that the session has; `days`: those that the child comes.

    `extras`: once for the whole registration. `by_card`: its days are turns of a card. `registered_at`: when this was
    registered, if it was; the family then pays it by the version that held at that moment. `level`, `income_cents`: of
    the child and of the family on its days, where they are others than the family says.
    """

    session_id: str
    child_id: str
    kind: str
    session_days: tuple[date, ...]
    days: tuple[ItemDay, ...]
    season: str = ""
    extras: tuple[str, ...] = ()
    events: tuple[FineEvent, ...] = ()
    by_card: bool = False
    registered_at: datetime | None = None
    level: str = ""
    income_cents: int | None = None

    @cached_property
    def key(self) -> tuple[str, str]:
        return self.session_id, self.child_id

    @property
    def is_whole(self) -> bool:
        return {each.day for each in self.days} == set(self.session_days)


def minutes(clock: time) -> int:
    """Since midnight."""
    return 60 * clock.hour + clock.minute


def week_of(day: date) -> int:
    """The number of its week since the year 1, from Monday to Sunday."""
    return (day.toordinal() - 1) // 7


def age(born: date, on: date) -> int:
    """In whole years; somebody who was born on 29 February has a birthday on 1 March."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def days_ahead(registered_at: datetime, day: date) -> int:
    """Calendar days of Brussels from the moment to the day; below 0 afterwards."""
    return (day - today(registered_at)).days
