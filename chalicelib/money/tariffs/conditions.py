"""Conditions under which a price, a surcharge or a discount counts: data that a council's text can be entered as.

A condition is asked with `Facts` about one child in one session on one day (or on several, for a week or a whole camp).
It may not be known yet, while nobody has decided which child is the first: then `holds` answers None.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple


class Among(StrEnum):
    """Among which children of a family one is the second: of those who come on the same day, in the same week, to the
    same camp, in the same season, or while this child is there."""

    DAY = "day"
    WEEK = "week"
    CAMP = "camp"
    SEASON = "season"
    AT_ONCE = "at-once"


class By(StrEnum):
    """Who is the first child: whoever makes the family pay least, or the oldest, or the youngest."""

    BEST = "best"
    OLDEST = "oldest"
    YOUNGEST = "youngest"


class Measure(StrEnum):
    """A whole number about a child and what it comes to."""

    AGE = "age"  # in years, on the first day of the session
    BIRTH_YEAR = "birth-year"
    INCOME = "income"  # of the family, in cents a year
    MINUTES = "minutes"  # that the child is there on the day
    DAYS_TAKEN = "days-taken"  # of the session, by this child
    CAMP_DAYS = "camp-days"  # that the session has
    DAYS_AHEAD = "days-ahead"  # calendar days from registering to the day, or to the first of several
    WEEKDAY = "weekday"  # of the day, or of the first of several: 1 is Monday
    SESSIONS = "sessions"  # of the same kind that this child has in the season
    NTH_SESSION = "nth-session"  # which of those this one is, by their first days


class Space(NamedTuple):
    """The scope within which children are put in an order. `kinds`: of sessions that count; none means all."""

    within: Among
    by: By
    kinds: tuple[str, ...]


class Company(NamedTuple):
    """The scope within which a family's children are counted. `kinds` as in Space."""

    within: Among
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Has:
    """The child or its family has one of these: `resident-parent`, `resident-child`, `school`, `staff`, `social` ..."""

    any_of: tuple[str, ...]


@dataclass(frozen=True)
class Kind:
    """The session is of one of these kinds, as the city names them: `camp`, `playground`, `care` ..."""

    any_of: tuple[str, ...]


@dataclass(frozen=True)
class Level:
    """The child goes to one of these kinds of school: `nursery`, `primary`, `secondary` ..."""

    any_of: tuple[str, ...]


@dataclass(frozen=True)
class Between:
    """The measure is known, at least `least` and at most `most`; None: no limit on that side."""

    measure: Measure
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True)
class Order:
    """The child is the `least`th to the `most`th of its family, counted from 1."""

    least: int
    most: int | None = None
    within: Among = Among.DAY
    by: By = By.BEST
    kinds: tuple[str, ...] = ()

    @property
    def space(self) -> Space:
        return Space(self.within, self.by, self.kinds)


@dataclass(frozen=True)
class Together:
    """At least `least` children of the family come, this one included."""

    least: int = 2
    within: Among = Among.AT_ONCE
    kinds: tuple[str, ...] = ()

    @property
    def company(self) -> Company:
        return Company(self.within, self.kinds)


@dataclass(frozen=True)
class Registered:
    """Registered from `since` on and before `before`; both aware."""

    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True)
class Starts:
    """The session's first day lies from `since` to `until`, both included."""

    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class HalfDay:
    """The child comes for half a day."""


@dataclass(frozen=True)
class WholeSession:
    """The child comes on every day of the session."""


@dataclass(frozen=True)
class All:
    """Each of them holds; of none at all, that is always so."""

    of: tuple["Condition", ...] = ()


@dataclass(frozen=True)
class Either:
    """One of them holds."""

    of: tuple["Condition", ...]


@dataclass(frozen=True)
class Not:
    of: "Condition"


Condition = (
    Has | Kind | Level | Between | Order | Together | Registered | Starts | HalfDay | WholeSession | All | Either | Not
)
ALWAYS = All()


@dataclass(frozen=True)
class Facts:
    """Facts that conditions ask about. `ranks`: the child's place in each order that it is part of; None: not decided
    yet."""

    kind: str
    starts_on: date
    registered_at: datetime
    level: str = ""
    entitlements: frozenset[str] = frozenset()
    measures: Mapping[Measure, int] = field(default_factory=dict)
    together: Mapping[Company, int] = field(default_factory=dict)
    ranks: Mapping[Space, int] | None = None
    is_half: bool = False
    is_whole: bool = True


def holds(condition: Condition, facts: Facts) -> bool | None:  # noqa: PLR0912 - a line for each kind of condition
    """Whether it does; None: that depends on the order of the children, which `facts` does not know."""
    match condition:
        case Has(any_of):
            return not facts.entitlements.isdisjoint(any_of)
        case Kind(any_of):
            return facts.kind in any_of
        case Level(any_of):
            return facts.level in any_of
        case Between(measure, least, most):
            value = facts.measures.get(measure)
            return value is not None and (least is None or value >= least) and (most is None or value <= most)
        case Order(least, most):
            if facts.ranks is None:
                return None
            rank = facts.ranks.get(condition.space)
            return rank is not None and rank >= least and (most is None or rank <= most)
        case Together(least):
            return facts.together.get(condition.company, 0) >= least
        case Registered(since, before):
            moment = facts.registered_at
            return (since is None or moment >= since) and (before is None or moment < before)
        case Starts(first, last):
            return (first is None or facts.starts_on >= first) and (last is None or facts.starts_on <= last)
        case HalfDay():
            return facts.is_half
        case WholeSession():
            return facts.is_whole
        case All(of):
            answers = [holds(each, facts) for each in of]
            return False if False in answers else None if None in answers else True
        case Either(of):
            answers = [holds(each, facts) for each in of]
            return True if True in answers else None if None in answers else False
        case Not(negated):
            answer = holds(negated, facts)
            return None if answer is None else not answer


def leaves(condition: Condition) -> Iterator[Condition]:
    """The conditions that a condition is made of, without `All`, `Either` and `Not`."""
    match condition:
        case All(of) | Either(of):
            for each in of:
                yield from leaves(each)
        case Not(negated):
            yield from leaves(negated)
        case _:
            yield condition
