"""The fields of forms about city passes, checked."""

import re
from collections.abc import Mapping
from typing import Any

from stdnum import iban

from chalicelib.core.http.fields import (
    LINE,
    LINES,
    Choice,
    Day,
    Field,
    JsonSchema,
    Model,
    OrNull,
    Several,
    Text,
    Unexpected,
    Whole,
)
from chalicelib.core.http.fields import check as checked
from chalicelib.core.http.problems import INVALID, FieldError, Problem, invalid
from chalicelib.core.languages import N_
from chalicelib.money.citypass.rules import (
    Benefit,
    BudgetOwner,
    BudgetRule,
    BudgetUnit,
    IncomeRule,
    PassRule,
    RuleVersion,
    Situation,
    faults,
)
from chalicelib.money.tariffs.document import cents_of
from chalicelib.money.tariffs.rules import Labels
from chalicelib.people.families.handlers import CHILD, Postcode

AS_AMOUNT = N_("Give an amount in euros, with two decimals at most, for example 1450 or 12,50.")
AS_NAME = N_("Give a short name of small letters, digits and hyphens, for example sport.")
AS_WORDS = N_("Write it in this language, in at most 80 characters.")
AS_ARTICLE = N_("Say where the decision says it, for example “regulation of 12 January 2027, article 4”.")
AS_POSTCODES = N_("Give postcodes with spaces between them, or leave it empty.")
AS_NUMBER = N_("Give a whole number from {least} to {most}.")
AS_MUNICIPALITY = N_("Choose a municipality.")
AS_UNIT = N_("Choose euros or pieces.")
AS_OWNER = N_("Choose for whom it is.")
AS_PERIOD = N_("Choose a month or a year.")
AS_BENEFIT = N_("Choose one of these.")
AS_REASON = N_("Say why, in 10 to 1,000 characters: the family reads it.")
AS_OBJECTION = N_("Say what is not right, in 10 to 2,000 characters.")
AS_MEMBERS = N_("Name one to ten people, at least one of them 18 or older.")
AS_IBAN = N_("Give an IBAN, for example BE68 5390 0754 7034.")
AS_PROVIDER = N_("Give the name of the shop or club, at most 70 characters.")
AS_PURPOSES = N_("Choose at least one.")
NONE_AT_ALL = N_("Enter at least one budget.")

SLUG = "[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?"
MOST_BUDGETS, MOST_BENEFITS, MOST_MEMBERS = 10, 8, 10


class Amount(Field):
    """An amount in euros as people write it; inside, whole cents."""

    def __init__(self, *, is_required: bool = True) -> None:
        super().__init__(AS_AMOUNT, is_required=is_required)

    def parse(self, value: Any) -> int:
        if not isinstance(value, str):
            raise ValueError
        return cents_of(value.replace(" ", "").replace("\u202f", "").removeprefix("€"))

    def json_schema(self) -> JsonSchema:
        return {"type": "string", "description": self.expects}


class Postcodes(Field):
    """Those that a text has, with spaces or commas between them; none of an empty one."""

    def __init__(self) -> None:
        super().__init__(AS_POSTCODES)

    def parse(self, value: Any) -> tuple[str, ...]:
        if not isinstance(value, str) or len(value) > 2_000:
            raise ValueError
        each = Postcode()
        return tuple(dict.fromkeys(each.parse(one) for one in re.split(r"[\s,;]+", value.strip()) if one))

    def json_schema(self) -> JsonSchema:
        return {"type": "string", "description": self.expects}


class Iban(Field):
    """Without spaces, in capitals; its check digits are right."""

    def __init__(self) -> None:
        super().__init__(AS_IBAN)

    def parse(self, value: Any) -> str:
        if not isinstance(value, str) or len(value) > 60 or not iban.is_valid(value, check_country=False):
            raise ValueError
        return str(iban.compact(value))

    def json_schema(self) -> JsonSchema:
        return {"type": "string", "description": self.expects}


class Number(Whole):
    """A whole number, whose message says from where to where."""

    def __init__(self, least: int, most: int) -> None:
        super().__init__(AS_NUMBER, least, most)

    def parse(self, value: Any) -> int:
        try:
            return super().parse(value)
        except ValueError:
            if value is None:
                raise
            raise Unexpected(AS_NUMBER, least=self.least, most=self.most) from None


WORDS = Model({language: Text(AS_WORDS, LINE, 80) for language in ("nl", "fr", "en")})
BENEFIT = Model({"name": Text(AS_NAME, SLUG, 32), "label": WORDS})
BUDGET = Model(
    {
        "name": Text(AS_NAME, SLUG, 32),
        "label": WORDS,
        "unit": Choice(AS_UNIT, list(BudgetUnit)),
        "amount": Amount(),
        "piece_cents": OrNull(Amount()),
        "years": Number(1, 20),
        "owner": Choice(AS_OWNER, list(BudgetOwner)),
        "age_from": Number(0, 150),
        "age_until": Number(0, 150),
    }
)
RULE = Model(
    {
        "first_day": Day(),
        "article": Text(AS_ARTICLE, LINE, 200),
        "municipality": Text(AS_MUNICIPALITY, LINE, 100),
        "entitlement": Text(AS_NAME, SLUG, 32),
        "postcodes": Postcodes(),
        "one_adult": Amount(),
        "more_adult": Amount(),
        "child": Amount(),
        "margin_percent": Number(0, 100),
        "benefits": Several(AS_BENEFIT, BENEFIT, MOST_BENEFITS, 0),
        "budgets": Several(NONE_AT_ALL, BUDGET, MOST_BUDGETS),
        "decide_days": Number(1, 120),
        "object_days": Number(1, 120),
        "months": Number(1, 60),
    }
)
PERIODS = {"month": 12, "year": 1}
SITUATION = Model(
    {
        "postcode": Postcode(),
        "adults": Number(1, 10),
        "children": Number(0, 15),
        "income": OrNull(Amount()),
        "period": Choice(AS_PERIOD, list(PERIODS)),
    }
)
APPLICATION = Model(
    {
        "postcode": Postcode(),
        "members": Several(AS_MEMBERS, CHILD, MOST_MEMBERS),
        "income": OrNull(Amount()),
        "period": Choice(AS_PERIOD, list(PERIODS)),
    }
)
PROVEN = Model({"income": OrNull(Amount()), "period": Choice(AS_PERIOD, list(PERIODS))})
REASON = Model({"reason": Text(AS_REASON, LINES[:-1] + "{10,}", 1_000)})
OBJECTION = Model({"text": Text(AS_OBJECTION, LINES[:-1] + "{10,}", 2_000)})
PROVIDER = Model({"name": Text(AS_PROVIDER, LINE, 70), "iban": Iban()})


def rule_of(content: Mapping[str, Any], versions: list[RuleVersion]) -> PassRule:
    """The version that was typed. Raises Problem `invalid`, which names each wrong field."""
    given = checked(RULE, content)
    errors: list[FieldError] = []
    budgets = tuple(_budget(one, f"budgets[{at}]", errors) for at, one in enumerate(given["budgets"]))
    rule = PassRule(
        first_day=given["first_day"],
        article=given["article"],
        municipality=given["municipality"],
        entitlement=given["entitlement"],
        postcodes=given["postcodes"],
        income=IncomeRule(given["one_adult"], given["more_adult"], given["child"], given["margin_percent"]),
        benefits=tuple(Benefit(one["name"], Labels(**one["label"])) for one in given["benefits"]),
        budgets=budgets,
        decide_days=given["decide_days"],
        object_days=given["object_days"],
        months=given["months"],
    )
    errors += [FieldError(place, text) for place, text in faults(rule, versions).items()]
    if errors:
        raise Problem(INVALID, errors=errors)
    return rule


def _budget(given: Mapping[str, Any], place: str, errors: list[FieldError]) -> BudgetRule:
    """Of pieces, the amount is a number of them."""
    unit, amount = BudgetUnit(given["unit"]), given["amount"]
    if unit is BudgetUnit.PIECES:
        if amount % 100:
            errors.append(FieldError(f"{place}.amount", AS_NUMBER, {"least": 1, "most": 1_000}))
        amount //= 100
    if amount < 1:
        errors.append(FieldError(f"{place}.amount", AS_AMOUNT))
    return BudgetRule(
        name=given["name"],
        label=Labels(**given["label"]),
        unit=unit,
        amount=amount,
        piece_cents=(given["piece_cents"] or 0) if unit is BudgetUnit.PIECES else 0,
        years=given["years"],
        owner=BudgetOwner(given["owner"]),
        age_from=given["age_from"],
        age_until=given["age_until"],
    )


def situation_of(content: Mapping[str, Any], benefits: list[str], rule: PassRule) -> Situation:
    """The situation typed by somebody who asks whether the pass is for them. Raises Problem `invalid`."""
    given = checked(SITUATION, content)
    return Situation(
        given["postcode"],
        given["adults"],
        given["children"],
        yearly(given["income"], given["period"]),
        known_benefits(benefits, rule),
    )


def income_missing() -> Problem:
    return invalid("income", AS_AMOUNT)


def yearly(income: int | None, period: str) -> int | None:
    return None if income is None else income * PERIODS[period]


def known_benefits(typed: list[str], rule: PassRule) -> frozenset[str]:
    return frozenset(typed) & {one.name for one in rule.benefits}
