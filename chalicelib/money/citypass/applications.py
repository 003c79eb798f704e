"""An application for a city pass, from the day on which a family makes it: plain rules.

It stands until somebody decides it; nothing ends it by itself. A machine may grant it, where the rule follows from what
people of the city have seen proven (`follows`). Only a person refuses it, with a reason. Who objects gets another
person to look at it: never the one who refused.

A pass is an application that was granted: it has a number, its members, and an end.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from chalicelib.core.moments import today
from chalicelib.money.citypass.rules import OF_AGE, Likely, PassRule, Situation, judge
from chalicelib.money.tariffs.families import age

# As people read a number: in groups.
GROUP = 4


class PassStatus(StrEnum):
    """OPEN: nobody has decided. GRANTED: it is a pass. REFUSED: a person refused it, or ended the pass; the family may
    object. OBJECTED: another person looks at it. UPHELD: that person agreed with the first."""

    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"
    OBJECTED = "objected"
    UPHELD = "upheld"


# Somebody of the city has to decide.
UNDECIDED = frozenset({PassStatus.OPEN, PassStatus.OBJECTED})


class ProofKind(StrEnum):
    """HOUSEHOLD: who lives there, and where. INCOME: of all adults, in a year. BENEFIT: that the household has it."""

    HOUSEHOLD = "household"
    INCOME = "income"
    BENEFIT = "benefit"


@dataclass(frozen=True)
class Member:
    """Of the household. `person_id`: follows from name and birth date, so it is the same in every application; of a
    child it is its child_id."""

    person_id: str
    first_name: str
    last_name: str
    born: date


@dataclass(frozen=True)
class Decider:
    """Who decided something, when and why. `staff_id`: empty: the machine, by the rule."""

    staff_id: str
    name: str
    at: datetime
    why: str = ""


@dataclass(frozen=True)
class Proven:
    """Facts of which people of the city have seen proof. `seen`: by whom and when, of each kind. `income_cents`: in a
    year, net, as the proof says. `benefits`: names."""

    seen: Mapping[ProofKind, Decider] = field(default_factory=dict)
    income_cents: int | None = None
    benefits: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Application:
    """`application_id`: its number among the family's, from 1. `rule`: the number of the version that held when it was
    made, by which it is decided. `declared_cents`, `declared`: income of a year and benefits as the family says.
    `due_on`: by then somebody decides. `against`: who decided against the family, of what is refused, objected or
    upheld. `object_until`: the last day to object. `number`: of the pass. `ended_on`: the first
    day on which a pass counts no more that a person ended; it counted until then. `edition`: counts changes."""

    family_id: str
    application_id: str
    rule: int
    status: PassStatus
    made_at: datetime
    postcode: str
    members: tuple[Member, ...]
    declared_cents: int | None
    declared: frozenset[str]
    due_on: date
    proven: Proven = field(default_factory=Proven)
    granted: Decider | None = None
    against: Decider | None = None
    object_until: date | None = None
    objection: str = ""
    number: str = ""
    since: date | None = None
    until: date | None = None
    ended_on: date | None = None
    edition: int = 0

    @property
    def is_undecided(self) -> bool:
        return self.status in UNDECIDED

    def is_late(self, day: date) -> bool:
        """Whether it waits for longer than the city promises."""
        return self.is_undecided and day > self.due_on

    def is_valid(self, day: date) -> bool:
        """Whether it is a pass that counts on that day."""
        if self.since is None or self.until is None:
            return False
        return self.status is PassStatus.GRANTED and self.since <= day <= self.until

    @property
    def last_day(self) -> date | None:
        """The last day on which it counted or will count as a pass; None: it never was one."""
        if self.until is None or self.ended_on is None:
            return self.until
        return min(self.until, self.ended_on - timedelta(days=1))

    def may_object(self, day: date) -> bool:
        is_in_time = self.object_until is not None and day <= self.object_until
        return self.status is PassStatus.REFUSED and is_in_time

    def member(self, person_id: str) -> Member | None:
        return next((one for one in self.members if one.person_id == person_id), None)

    @property
    def spoken(self) -> str:
        """The pass's number in groups of four."""
        return spoken(self.number)


def spoken(code: str) -> str:
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def plain(typed: str) -> str:
    """A number or code as it was typed, or as a camera read it: without what people put between, in small letters."""
    return "".join(one for one in typed.lower() if one.isalnum())[:64]


def counts_of(members: tuple[Member, ...], day: date) -> tuple[int, int]:
    """How many adults and children they are on that day."""
    adults = sum(age(one.born, day) >= OF_AGE for one in members)
    return adults, len(members) - adults


def follows(rule: PassRule, of: Application) -> bool:
    """Whether the rule says yes by what was proven alone: the only case that a machine decides."""
    if ProofKind.HOUSEHOLD not in of.proven.seen:
        return False
    adults, children = counts_of(of.members, today(of.made_at))
    proven = Situation(of.postcode, adults, children, of.proven.income_cents, of.proven.benefits)
    return judge(rule, proven).likely is Likely.YES
