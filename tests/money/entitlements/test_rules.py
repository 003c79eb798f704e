"""What a family declared, as prices go by it."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from chalicelib.city.work.rules import Worker
from chalicelib.money.entitlements.rules import (
    Decision,
    Declaration,
    Declared,
    ProofStatus,
    declarable,
    family_of,
    income_on,
    last_day,
    level_of,
    level_on,
)
from chalicelib.money.tariffs.conditions import Between, Either, Has, Level, Measure
from chalicelib.money.tariffs.families import Entitlement
from chalicelib.money.tariffs.rules import Discount, Labels, Line, Tariff, Version

SUMMER = date(2027, 7, 5)
YEAR = (date(2027, 1, 10), date(2028, 1, 9))
MARCH = datetime(2027, 3, 1, 9, tzinfo=UTC)
ROOS = Worker("roos", "Roos")
AAP = Labels("dag", "jour", "day")
BORN = {"lou": date(2019, 5, 2), "ada": date(2022, 11, 30)}


def declaration(
    name: str = "social",
    status: ProofStatus = ProofStatus.WAITING,
    child_id: str | None = None,
    municipality: str = "Deurne",
    days: tuple[date, date] = YEAR,
    declaration_id: str = "d1",
    income_cents: int | None = None,
) -> Declaration:
    declared = Declared(name, municipality, child_id, *days, income_cents)
    decision = None if status is ProofStatus.WAITING else Decision(ROOS, MARCH)
    return Declaration(declaration_id, "f" * 11, declared, MARCH, status=status, decision=decision)


def household(*declarations: Declaration, municipality: str = "Deurne") -> tuple[Entitlement, ...]:
    return family_of(declarations, BORN, municipality).entitlements


def test_what_waits_is_declared_and_what_somebody_saw_is_proven():
    waits, seen = declaration("social"), declaration("pass", ProofStatus.PROVEN, child_id="lou")

    family = family_of([waits, seen], BORN, "Deurne")

    assert family.entitlements == (Entitlement("social", False, *YEAR),)
    assert {child.child_id: child.entitlements for child in family.children} == {
        "lou": (Entitlement("pass", True, *YEAR),),
        "ada": (),
    }


def test_what_was_refused_counts_as_nothing_and_declaring_it_again_wins_nothing():
    refused = declaration(status=ProofStatus.REFUSED)
    again = declaration(declaration_id="d2")

    assert household(refused, again) == ()
    assert household(refused, replace(again, status=ProofStatus.PROVEN)) != ()


@pytest.mark.parametrize(
    ("refused", "again"),
    [
        ({"child_id": "lou"}, {}),
        ({}, {"child_id": "lou"}),
        ({"municipality": ""}, {"municipality": "Deurne"}),
        ({"municipality": "Deurne"}, {"municipality": ""}),
    ],
)
def test_what_was_refused_is_not_won_by_declaring_it_of_more_or_of_less(refused, again):
    declarations = [declaration(status=ProofStatus.REFUSED, **refused), declaration(declaration_id="d2", **again)]

    family = family_of(declarations, BORN, "Deurne")

    assert family.entitlements == ()
    assert [child.entitlements for child in family.children] == [(), ()]


def test_a_refusal_says_nothing_of_other_years_of_another_child_or_of_something_else():
    refused = declaration(status=ProofStatus.REFUSED, child_id="ada")
    next_year = declaration(days=(date(2028, 2, 1), date(2029, 1, 31)))
    others = [declaration(child_id="lou"), declaration("staff")]

    assert len(household(refused, next_year)) == 1
    family = family_of([refused, *others], BORN, "Deurne")
    assert [each.name for each in family.entitlements] == ["staff"]
    assert [child.child_id for child in family.children if child.entitlements] == ["lou"]


def test_one_municipality_does_not_believe_what_another_one_saw_and_all_believe_the_city():
    deurne, city = (declaration(municipality=each) for each in ("Deurne", ""))

    assert household(deurne, municipality="Merksem") == ()
    assert household(city, municipality="Merksem") != ()


def test_an_income_counts_once_somebody_saw_it_and_the_latest_decision_counts():
    first = declaration("income", ProofStatus.PROVEN, income_cents=24_000_00)
    second = replace(
        first,
        declaration_id="d0",
        declared=replace(first.declared, income_cents=31_000_00),
        decision=Decision(ROOS, datetime(2027, 5, 1, tzinfo=UTC)),
    )

    assert income_on([declaration("income", income_cents=1)], "Deurne", SUMMER) is None
    assert income_on([second, first], "Deurne", SUMMER) == 31_000_00
    assert income_on([first], "Deurne", date(2028, 7, 3)) is None


@pytest.mark.parametrize(
    ("born", "day", "level"),
    [
        (date(2021, 12, 31), date(2027, 7, 5), "nursery"),  # begins primary school in September
        (date(2021, 12, 31), date(2027, 9, 1), "primary"),
        (date(2022, 1, 1), date(2027, 9, 1), "nursery"),
        (date(2015, 6, 1), date(2027, 8, 31), "primary"),
        (date(2015, 6, 1), date(2027, 9, 1), "secondary"),
    ],
)
def test_the_kind_of_school_follows_from_the_birth_date(born, day, level):
    assert level_of(born, day) == level


def test_the_kind_of_school_that_somebody_saw_stands_above_the_birth_date():
    seen = declaration("level:nursery", ProofStatus.PROVEN, child_id="lou")
    only_said = declaration("level:primary", child_id="ada")

    levels = {child: level_on([seen, only_said], child, born, "Deurne", SUMMER) for child, born in BORN.items()}

    assert levels == {"lou": "nursery", "ada": "nursery"}
    assert level_on([seen], "lou", BORN["lou"], "Deurne", date(2028, 7, 3)) == "primary"


def test_a_postcode_of_the_city_declares_residence_and_proves_nothing():
    family = family_of([], BORN, "Deurne", postcode="2100", own_postcodes=("2100",))

    assert {(each.name, each.is_proven) for each in family.entitlements} == {
        ("resident-parent", False),
        ("resident-child", False),
    }
    assert family_of([], BORN, "Deurne", postcode="2170", own_postcodes=("2100",)).entitlements == ()


def test_who_was_told_that_they_do_not_live_there_does_not_live_there_by_their_postcode():
    refused = declaration("resident-parent", ProofStatus.REFUSED)
    years_later = declaration("resident-parent", ProofStatus.REFUSED, days=(date(2030, 1, 1), date(2030, 12, 31)))

    family = family_of([years_later, refused], BORN, "Deurne", postcode="2100", own_postcodes=("2100",))

    counts = {
        day: {each.name for each in family.entitlements if each.counts(day, ("resident-parent", "resident-child"))}
        for day in (date(2027, 1, 9), SUMMER, date(2028, 1, 10), date(2030, 6, 1), date(2031, 1, 1))
    }
    assert [sorted(names) == ["resident-child"] for names in counts.values()] == [False, True, False, True, False]


def test_a_check_is_good_for_a_year():
    assert last_day(date(2027, 1, 10)) == date(2028, 1, 9)
    assert last_day(date(2028, 2, 29)) == date(2029, 2, 28)


def test_a_family_is_asked_again_a_month_before():
    proven = declaration(status=ProofStatus.PROVEN)

    assert not proven.ends_soon(date(2027, 12, 1))
    assert proven.ends_soon(date(2027, 12, 15))


def test_what_can_be_declared_is_what_a_version_from_now_on_asks_for():
    line = Line("day", AAP, "art. 2", cents=1000, when=Either((Has(("staff",)), Level(("nursery",)))))
    poor = Discount("poor", AAP, "art. 3", percent=50, when=Between(Measure.INCOME, most=20_000_00))
    past = Version(date(2025, 1, 1), "2025", (Line("old", AAP, "1", cents=1, when=Has(("gone",))),), date(2025, 12, 31))
    tariff = Tariff(AAP, (past, Version(date(2026, 1, 1), "2026", (line,), discounts=(poor,))))

    assert declarable(tariff, date(2027, 1, 1)).every == ("staff", "level:nursery", "income")
