"""Who gets a city pass and what it is worth, as the city decided it: a rule in versions, each from its first day on.

A machine may say yes where the rule follows from what a person has seen proven. Nothing here says no to anybody: what
`judge` calls NO is told to who only asks, and of an application a person decides it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chalicelib.core.languages import N_
from chalicelib.money.tariffs.rules import Labels

OF_AGE = 18
MONTHS = 12


class BudgetUnit(StrEnum):
    """The unit in which a budget is counted: cents, or pieces (turns, tickets)."""

    CENTS = "cents"
    PIECES = "pieces"


class BudgetOwner(StrEnum):
    """Whose it is: each holder's own, or all holders' together."""

    PERSON = "person"
    HOUSEHOLD = "household"


@dataclass(frozen=True)
class Benefit:
    """A benefit, or a status, by which a household gets the pass whatever its income. `name`: a slug."""

    name: str
    label: Labels


@dataclass(frozen=True)
class BudgetRule:
    """The worth of a pass for one purpose. `name`: a slug, by which versions and providers know it. `amount`: cents or
    pieces, once in `years`: of one year it ends with the calendar year; of several, so many years after it was first
    used. `piece_cents`: what a provider is paid for a piece; of cents, 0. `age_from`, `age_until`: of the holder, both
    included."""

    name: str
    label: Labels
    unit: BudgetUnit
    amount: int
    piece_cents: int = 0
    years: int = 1
    owner: BudgetOwner = BudgetOwner.PERSON
    age_from: int = 0
    age_until: int = 150

    def is_for(self, age: int) -> bool:
        return self.age_from <= age <= self.age_until

    def worth(self, amount: int) -> int:
        """The cents that a provider is paid for so much of it."""
        return amount if self.unit is BudgetUnit.CENTS else amount * self.piece_cents


@dataclass(frozen=True)
class IncomeRule:
    """The highest net income a month, in cents: of one adult, and more for each further adult and each child.
    `margin_percent`: so far above it, who only asks still hears "probably"."""

    one_adult_cents: int
    more_adult_cents: int
    child_cents: int
    margin_percent: int = 0

    def limit_cents(self, adults: int, children: int) -> int:
        return self.one_adult_cents + max(adults - 1, 0) * self.more_adult_cents + children * self.child_cents


@dataclass(frozen=True)
class PassRule:
    """One version. `article`: where the council's decision says it. `municipality`: whose desk the applications are
    for. `entitlement`: what tariffs call who has a pass. `postcodes`: of who may apply; none: of all. `decide_days`:
    within so many an application is decided, and an objection; `object_days`: so many a family has to object.
    `months`: a pass is valid for."""

    first_day: date
    article: str
    municipality: str
    entitlement: str
    postcodes: tuple[str, ...]
    income: IncomeRule
    benefits: tuple[Benefit, ...]
    budgets: tuple[BudgetRule, ...]
    decide_days: int
    object_days: int
    months: int

    def budget(self, name: str) -> BudgetRule | None:
        return next((one for one in self.budgets if one.name == name), None)


@dataclass(frozen=True)
class Signatory:
    """Who of the city entered or accepted a version; `name`: for colleagues."""

    staff_id: str
    name: str


@dataclass(frozen=True)
class RuleVersion:
    """`number`: from 1. It counts from `rule.first_day` on once somebody else than who entered it has accepted it, and
    until the first day of the next one that is accepted."""

    number: int
    rule: PassRule
    entered_by: Signatory
    accepted_by: Signatory | None = None

    @property
    def is_accepted(self) -> bool:
        return self.accepted_by is not None


def in_force(versions: Iterable[RuleVersion], day: date) -> RuleVersion | None:
    """The one that counts on that day. Accepted ones have their own first days each (versions.py: `accept`)."""
    begun = [one for one in versions if one.is_accepted and one.rule.first_day <= day]
    return max(begun, key=lambda one: one.rule.first_day, default=None)


class Likely(StrEnum):
    YES = "yes"
    PROBABLY = "probably"
    NO = "no"


class Why(StrEnum):
    ELSEWHERE = "elsewhere"
    BENEFIT = "benefit"
    INCOME = "income"
    UNKNOWN = "unknown"
    NEAR = "near"
    ABOVE = "above"


WHY = {
    Why.ELSEWHERE: N_("The pass is for who lives in one of these postcodes: {postcodes}."),
    Why.BENEFIT: N_("Who has this benefit gets the pass: {benefits}."),
    Why.INCOME: N_("The net income of your household is at most {limit} a month."),
    Why.UNKNOWN: N_("It depends on your income: a household like yours may have at most {limit} net a month."),
    Why.NEAR: N_(
        "Your income is a little above {limit} net a month. Not all income counts, so apply: a person looks at it."
    ),
    Why.ABOVE: N_("The net income of a household like yours may be at most {limit} a month."),
}


@dataclass(frozen=True)
class Situation:
    """A household as it says it is, or as somebody has seen it proven. `income_cents`: net, in a year; None: not said.
    `benefits`: names."""

    postcode: str
    adults: int
    children: int
    income_cents: int | None
    benefits: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Judgement:
    """`limit_cents`: a month, of a household like this one."""

    likely: Likely
    why: Why
    limit_cents: int
    benefits: tuple[Benefit, ...] = ()


def judge(rule: PassRule, of: Situation) -> Judgement:
    """Whether the pass is for them, by the rule alone. A year's income is compared with twelve months' limits, so that
    nothing is rounded."""
    limit = rule.income.limit_cents(of.adults, of.children)
    if rule.postcodes and of.postcode not in rule.postcodes:
        return Judgement(Likely.NO, Why.ELSEWHERE, limit)
    if having := tuple(one for one in rule.benefits if one.name in of.benefits):
        return Judgement(Likely.YES, Why.BENEFIT, limit, having)
    if of.income_cents is None:
        return Judgement(Likely.PROBABLY, Why.UNKNOWN, limit)
    if of.income_cents <= MONTHS * limit:
        return Judgement(Likely.YES, Why.INCOME, limit)
    if 100 * of.income_cents <= MONTHS * limit * (100 + rule.income.margin_percent):
        return Judgement(Likely.PROBABLY, Why.NEAR, limit)
    return Judgement(Likely.NO, Why.ABOVE, limit)


DATE_TAKEN = N_("A version that is accepted begins on that day or later. Choose a later first day.")
SAME_NAME = N_("Each of them needs a name of its own.")
PIECE_WORTH = N_("Say what a provider is paid for one piece.")
AGES = N_("The first age comes before the last.")


def faults(rule: PassRule, versions: Sequence[RuleVersion]) -> dict[str, str]:
    """The faults of a version that its fields alone do not show: the field, and a text marked with N_."""
    found: dict[str, str] = {}
    if any(one.is_accepted and one.rule.first_day >= rule.first_day for one in versions):
        found["first_day"] = DATE_TAKEN
    for kind, names in (("benefits", [b.name for b in rule.benefits]), ("budgets", [b.name for b in rule.budgets])):
        found |= {f"{kind}[{at}].name": SAME_NAME for at, name in enumerate(names) if name in names[:at]}
    for at, budget in enumerate(rule.budgets):
        if budget.unit is BudgetUnit.PIECES and not budget.piece_cents:
            found[f"budgets[{at}].piece_cents"] = PIECE_WORTH
        if budget.age_from > budget.age_until:
            found[f"budgets[{at}].age_until"] = AGES
    return found


def month_later(day: date, months: int) -> date:
    """The same day so many months later, or the last one of that month."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
