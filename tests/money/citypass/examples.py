"""Given: a city with a rule for its city pass, people who work for it, and a household."""

from dataclasses import replace
from datetime import UTC, date, datetime

from chalicelib.core import table as core_table
from chalicelib.money.citypass import applying, versions
from chalicelib.money.citypass.applications import Application, Member, ProofKind, Proven
from chalicelib.money.citypass.applying import Wanted
from chalicelib.money.citypass.rules import (
    Benefit,
    BudgetOwner,
    BudgetRule,
    BudgetUnit,
    IncomeRule,
    PassRule,
    RuleVersion,
)
from chalicelib.money.tariffs.rules import Labels
from chalicelib.people.staff.rules import EVERYWHERE, Role, Staff

NOW = datetime(2027, 3, 10, 9, 0, tzinfo=UTC)
TODAY = date(2027, 3, 10)


def staff(name: str, *roles: Role) -> Staff:
    return Staff(f"sub-{name}", name, frozenset(roles), "", frozenset({EVERYWHERE}))


ELS, JAN, MIA = (
    staff("Els Maes", Role.FINANCE, Role.DESK),
    staff("Jan Claes", Role.FINANCE),
    staff("Mia Vos", Role.DESK),
)

SPORT = BudgetRule("sport", Labels("Sport", "Sport", "Sport"), BudgetUnit.CENTS, 12_000, age_until=17)
SWIMMING = BudgetRule("swimming", Labels("Zwemmen", "Natation", "Swimming"), BudgetUnit.PIECES, 10, piece_cents=250)
BIKE = BudgetRule("bike", Labels("Fiets", "Vélo", "Bike"), BudgetUnit.CENTS, 15_000, years=3)
CULTURE = BudgetRule(
    "culture", Labels("Cultuur", "Culture", "Culture"), BudgetUnit.CENTS, 10_000, owner=BudgetOwner.HOUSEHOLD
)
RULE = PassRule(
    first_day=date(2027, 1, 1),
    article="Reglement van 12 december 2026, artikel 4",
    municipality="Kaprijke",
    entitlement="kansenpas",
    postcodes=("9970", "9971"),
    income=IncomeRule(150_000, 75_000, 45_000, 10),
    benefits=(Benefit("leefloon", Labels("Leefloon", "Revenu d’intégration", "Living wage")),),
    budgets=(SPORT, SWIMMING, BIKE, CULTURE),
    decide_days=30,
    object_days=30,
    months=12,
)


def accepted(rule: PassRule = RULE) -> RuleVersion:
    """Given that Els entered a version and Jan accepted it."""
    entered = versions.enter(rule, len(versions.every()), ELS)
    versions.accept(entered, JAN)
    return replace(versions.every()[-1])


FAMILY, OTHER_FAMILY = "g2bxdsa4e9v", "h3cyets5f9w"
ANN = Member("annclaeys2", "Ann", "Claeys", date(1990, 5, 1))
LOU = Member("louclaeys2", "Lou", "Claeys", date(2019, 6, 2))


def applied(income_cents: int | None = None, benefits: frozenset[str] = frozenset()) -> Application:
    """Given a family of a parent and a child that applied; 1950 euros a month is its limit."""
    return applying.apply(FAMILY, Wanted("9970", (ANN, LOU), income_cents, benefits), NOW)


def granted() -> Application:
    """Given that it got its pass because of its income."""
    proven = Proven({}, 12 * 100_000)
    return applying.see(ELS, applied(), [ProofKind.HOUSEHOLD, ProofKind.INCOME], proven, NOW)


def fresh() -> None:
    """Given an empty table at moto, for each example of a property."""
    from tests.containers import forget
    from tests.dynamodb_local import create_tables

    create_tables(core_table.Item._get_connection().connection.client)
    forget()
