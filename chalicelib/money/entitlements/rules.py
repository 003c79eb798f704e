"""A family's declarations on which a price depends, and what of them is proven.

A declaration has the name by which a condition of the tariff asks for it (`social`, `staff` …), or is one of two more
things: the kind of school (`level:primary`) and the family's income. It counts where it was declared: with the
municipality to which the family pays, or, with the whole city, everywhere.

Only a person decides. What nobody decided yet counts as declared: the version of the tariff says what that is worth
(`unproven`). What was refused counts as nothing, and the family hears why and how to object.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import chain

from chalicelib.city.work.rules import Worker
from chalicelib.money.tariffs.conditions import Between, Condition, Has, Level, Measure, leaves
from chalicelib.money.tariffs.families import Entitlement, Family, FamilyChild
from chalicelib.money.tariffs.rules import Discount, Line, Surcharge, Tariff, Version

# Names that the postcode of the family's pass declares by itself, where the city says which postcodes are its own.
RESIDENT_PARENT, RESIDENT_CHILD = "resident-parent", "resident-child"
BY_POSTCODE = (RESIDENT_PARENT, RESIDENT_CHILD)

NURSERY, PRIMARY, SECONDARY = "nursery", "primary", "secondary"
LEVELS = (NURSERY, PRIMARY, SECONDARY)
# In Belgium and the Netherlands: in the calendar year in which a child becomes so old, it begins there in September.
BEGINS_PRIMARY, BEGINS_SECONDARY = 6, 12
SEPTEMBER = 9

LEVEL = "level:"
INCOME = "income"

MOST_NAME = 60
MOST_TEXT = 500
# Of one family, decided or not: ten children with three each, and some for the household.
MOST_OF_FAMILY = 60
# An order may be worked out anew as long as its registration is kept, and then asks what the family had.
KEPT = timedelta(days=730)
REFUSED_KEPT = timedelta(days=365)
# Days before its end from which a family is asked to show it again.
ASKED_AGAIN = 30


class ProofStatus(StrEnum):
    """WAITING: nobody of the city looked at it yet."""

    WAITING = "waiting"
    PROVEN = "proven"
    REFUSED = "refused"


@dataclass(frozen=True)
class Paper:
    """A proof that the family uploaded. `kind`: `pdf`, `jpeg` or `png`; `size`: bytes."""

    kind: str
    size: int
    at: datetime


@dataclass(frozen=True)
class Declared:
    """The content of a declaration. `municipality`: of whoever the family pays; "": the whole city. `child_id`: None:
    of the household, or of a parent. `since`, `until`: both included. `income_cents`: a year, of `income` alone."""

    name: str
    municipality: str
    child_id: str | None
    since: date
    until: date
    income_cents: int | None = None

    @property
    def level(self) -> str:
        """The kind of school that it declares; "": it declares something else."""
        return self.name.removeprefix(LEVEL) if self.name.startswith(LEVEL) else ""

    @property
    def subject(self) -> str:
        """Its name; of a kind of school, whichever it is, the same."""
        return LEVEL if self.level else self.name

    def says_the_same(self, other: "Declared") -> bool:
        """Of the same thing, whichever its days."""
        mine, theirs = ((one.municipality, one.child_id, one.subject) for one in (self, other))
        return mine == theirs

    def reaches(self, other: "Declared") -> bool:
        """Whether one of the two is of the same thing for a part of the other: for a child of the household, for a
        municipality of the city."""
        same_child = self.child_id == other.child_id or None in (self.child_id, other.child_id)
        same_place = self.municipality == other.municipality or "" in (self.municipality, other.municipality)
        return same_child and same_place and self.subject == other.subject

    def is_valid(self, day: date) -> bool:
        return self.since <= day <= self.until


@dataclass(frozen=True)
class Decision:
    """The decision of somebody of the city. `seen`: what was shown; `reason`: why it was refused, for the family."""

    by: Worker
    at: datetime
    seen: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Declaration:
    """`declared_by`: who at the desk; None: the family itself. `paper`: what it uploaded, until somebody decided.
    `edition`: counts its changes; who changes it says which one they saw."""

    declaration_id: str
    family_id: str
    declared: Declared
    declared_at: datetime
    declared_by: Worker | None = None
    status: ProofStatus = ProofStatus.WAITING
    paper: Paper | None = None
    decision: Decision | None = None
    edition: int = 1

    @property
    def waits(self) -> bool:
        return self.status is ProofStatus.WAITING

    def as_proven(self) -> "Declaration":
        """The declaration that waits, as if somebody had seen it: for what a family would pay then. Never stored."""
        if not self.waits:
            return self
        return replace(self, status=ProofStatus.PROVEN, decision=Decision(Worker("", ""), self.declared_at))

    def ends_soon(self, day: date) -> bool:
        """Whether the family is to show it again: it was proven, and ends within a month or has ended."""
        return self.status is ProofStatus.PROVEN and self.declared.until < day + timedelta(days=ASKED_AGAIN)

    @property
    def expires(self) -> datetime:
        if self.status is ProofStatus.REFUSED and self.decision:
            return self.decision.at + REFUSED_KEPT
        return datetime.combine(self.declared.until, time(), UTC) + KEPT


def last_day(checked_on: date) -> date:
    """The last day for which a check on that day can be good: a year, less a day."""
    try:
        anniversary = checked_on.replace(year=checked_on.year + 1)
    except ValueError:  # 29 February
        anniversary = date(checked_on.year + 1, 3, 1)
    return anniversary - timedelta(days=1)


def level_of(born: date, day: date) -> str:
    """The kind of school of a child of that age on that day. In July and August it is the school year that ended."""
    began = day.year if day.month >= SEPTEMBER else day.year - 1
    years = began - born.year
    return NURSERY if years < BEGINS_PRIMARY else PRIMARY if years < BEGINS_SECONDARY else SECONDARY


@dataclass(frozen=True)
class Declarable:
    """The things that a family may declare with a municipality: names, kinds of school, its income."""

    names: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    asks_income: bool = False

    def __contains__(self, name: str) -> bool:
        return name in self.every

    @property
    def every(self) -> tuple[str, ...]:
        """As a declaration names them."""
        return (*self.names, *(LEVEL + level for level in self.levels), *((INCOME,) if self.asks_income else ()))


def declarable(tariff: Tariff, day: date) -> Declarable:
    """The things that conditions of the tariff ask for, in the versions that hold on that day or later."""
    versions = [each for each in tariff.versions if each.last_day is None or each.last_day >= day]
    asked = [leaf for version in versions for leaf in _leaves(version)]
    names = {name for leaf in asked if isinstance(leaf, Has) for name in leaf.any_of}
    levels = {level for leaf in asked if isinstance(leaf, Level) for level in leaf.any_of}
    asks_income = any(isinstance(leaf, Between) and leaf.measure is Measure.INCOME for leaf in asked)
    return Declarable(tuple(sorted(names)), tuple(sorted(levels)), asks_income)


def _leaves(version: Version) -> Iterator[Condition]:
    steps: tuple[Line | Surcharge | Discount, ...] = (*version.lines, *version.surcharges, *version.discounts)
    return chain.from_iterable(leaves(each.when) for each in steps)


def family_of(
    declarations: Sequence[Declaration],
    born: Mapping[str, date],
    municipality: str,
    postcode: str = "",
    own_postcodes: Collection[str] = (),
) -> Family:
    """The family as prices of `municipality` see it; the kind of school and the income are of a day (`level_on`,
    `income_on`). `born`: its children, by their ids. `postcode`: of its pass; `own_postcodes`: the municipality's."""
    here = _with(declarations, municipality)
    by_child: dict[str | None, tuple[Entitlement, ...]] = {}
    for each in here:
        declared = each.declared
        if not _is_refused(each, here) and not declared.level and declared.name != INCOME:
            is_proven = each.status is ProofStatus.PROVEN
            entitlement = Entitlement(declared.name, is_proven, declared.since, declared.until)
            by_child[declared.child_id] = (*by_child.get(declared.child_id, ()), entitlement)
    by_postcode = _by_postcode(here) if postcode and postcode in own_postcodes else ()
    children = (FamilyChild(child_id, birth, "", by_child.get(child_id, ())) for child_id, birth in born.items())
    return Family(tuple(children), (*by_child.get(None, ()), *by_postcode))


def level_on(declarations: Iterable[Declaration], child_id: str, born: date, municipality: str, day: date) -> str:
    """The kind of school that somebody saw to be so on that day, by the latest decision; else by the birth date."""
    seen = [each.level for each in _proven_on(declarations, municipality, day) if each.child_id == child_id]
    return next(filter(None, reversed(seen)), "") or level_of(born, day)


def income_on(declarations: Iterable[Declaration], municipality: str, day: date) -> int | None:
    """Cents a year: what somebody saw that counts on that day, by the latest decision; None: nobody saw any."""
    seen = [each.income_cents for each in _proven_on(declarations, municipality, day) if each.name == INCOME]
    return seen[-1] if seen else None


def _with(declarations: Iterable[Declaration], municipality: str) -> list[Declaration]:
    return [each for each in declarations if each.declared.municipality in ("", municipality)]


def _proven_on(declarations: Iterable[Declaration], municipality: str, day: date) -> list[Declared]:
    """The latest decision last."""
    proven = [
        (each.decision.at, each.declaration_id, each.declared)
        for each in _with(declarations, municipality)
        if each.status is ProofStatus.PROVEN and each.decision and each.declared.is_valid(day)
    ]
    return [declared for _, _, declared in sorted(proven, key=lambda each: each[:2])]


def _is_refused(declaration: Declaration, among: Iterable[Declaration]) -> bool:
    """Also one that waits, if the same was refused for some of its days: declaring it again wins nothing, nor does
    declaring it of the household in the place of a child, or of the city in that of a municipality."""
    if not declaration.waits:
        return declaration.status is ProofStatus.REFUSED
    mine = declaration.declared
    return any(
        each.status is ProofStatus.REFUSED
        and mine.reaches(each.declared)
        and each.declared.since <= mine.until
        and mine.since <= each.declared.until
        for each in among
    )


def _by_postcode(here: Iterable[Declaration]) -> tuple[Entitlement, ...]:
    """Residence counts as declared, but for the days for which somebody refused just that."""
    refused: dict[str, list[Declared]] = {name: [] for name in BY_POSTCODE}
    for each in here:
        if each.status is ProofStatus.REFUSED and each.declared.name in refused:
            refused[each.declared.name].append(each.declared)
    return tuple(chain.from_iterable(_but_for(name, several) for name, several in refused.items()))


def _but_for(name: str, refused: Iterable[Declared]) -> Iterator[Entitlement]:
    since: date | None = None
    for each in sorted(refused, key=lambda declared: declared.since):
        until = each.since - timedelta(days=1)
        if since is None or since <= until:
            yield Entitlement(name, is_proven=False, since=since, until=until)
        since = max(since or date.min, each.until + timedelta(days=1))
    yield Entitlement(name, is_proven=False, since=since)
