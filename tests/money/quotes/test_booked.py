"""From what a family has to what it pays: declarations, school years, hours, holidays."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

from chalicelib.city.work.rules import Worker
from chalicelib.money.entitlements import table as entitlements
from chalicelib.money.entitlements.rules import Decision, Declaration, Declared, ProofStatus
from chalicelib.money.payees.rules import Payees
from chalicelib.money.quotes import booked
from chalicelib.money.quotes.booked import Household, WantedItem, camp_days, priced, quote_item
from chalicelib.money.tariffs.conditions import Has, Level
from chalicelib.money.tariffs.families import DayPart
from tests.camps import BOUWKAMP, JEF, LOU, family, published
from tests.money.payees.given import KAPRIJKE
from tests.money.tariffs.council import discount, line, tariff

NOW = datetime(2027, 3, 6, 18, tzinfo=UTC)
PAYEES = Payees({"Kaprijke": replace(KAPRIJKE, postcodes=("9970",))})
DAILY = tariff(
    line("day", 1000),
    line("nursery", 800, when=Level(("nursery",))),
    discounts=(discount("social", 50, when=Has(("social",))), discount("resident", 10, when=Has(("resident-child",)))),
    unproven=("resident-child",),
)
SOCIAL = Declaration(
    "d1",
    "f" * 11,
    Declared("social", "Kaprijke", None, date(2027, 1, 1), date(2027, 12, 31)),
    NOW,
    status=ProofStatus.PROVEN,
    decision=Decision(Worker("roos", "Roos"), NOW),
)
CHILDREN = {LOU.child_id: LOU.birth_date, JEF.child_id: JEF.birth_date}


def cents(household: Household, session=BOUWKAMP, child=LOU) -> int:
    items = [WantedItem(session, child.child_id)]
    return priced(household, items, {session.municipality: DAILY}, PAYEES, NOW).total_cents


def test_what_is_proven_counts_and_what_waits_does_not():
    waits = replace(SOCIAL, status=ProofStatus.WAITING, decision=None)

    assert cents(Household(CHILDREN)) == 3 * 800
    assert cents(Household(CHILDREN, declarations=[waits])) == 3 * 800
    assert cents(Household(CHILDREN, declarations=[SOCIAL])) == 3 * 400


def test_a_postcode_of_the_payee_counts_where_the_council_says_so():
    assert cents(Household(CHILDREN, "9970")) == 3 * 720
    assert cents(Household(CHILDREN, "9000")) == 3 * 800


def test_a_child_is_in_the_school_year_of_the_days_of_the_camp():
    next_year = replace(BOUWKAMP, starts_on=date(2028, 10, 30), ends_on=date(2028, 10, 30))

    assert cents(Household(CHILDREN)) == 3 * 800  # LOU is five, in the last year of nursery school
    assert cents(Household(CHILDREN), next_year) == 1000


def test_a_payee_believes_what_was_proven_with_it_alone():
    elsewhere = replace(SOCIAL, declared=replace(SOCIAL.declared, municipality="Eeklo"))

    assert cents(Household(CHILDREN, declarations=[elsewhere])) == 3 * 800


def test_days_have_the_hours_of_the_session_and_a_morning_is_half_a_day():
    morning = replace(BOUWKAMP, daily_from=time(9), daily_until=time(12))
    item = quote_item(WantedItem(morning, LOU.child_id), KAPRIJKE, Household(CHILDREN))

    assert {(day.part, day.begins, day.ends) for day in item.days} == {(DayPart.MORNING, time(9), time(12))}


def test_a_camp_has_no_day_on_a_holiday_or_in_a_weekend():
    session = replace(BOUWKAMP, starts_on=date(2027, 7, 19), ends_on=date(2027, 7, 26))

    assert [day.day for day in camp_days(session, "BE")] == [19, 20, 22, 23, 26]  # the 21st is the national holiday


def test_one_query_brings_declarations_passes_and_registrations(table):
    an = family(LOU, JEF)
    published()
    an.register(BOUWKAMP, LOU)
    entitlements.put(replace(SOCIAL, family_id=an.pass_.family_id))

    found = booked.of_family(an.pass_.family_id, NOW)

    assert found.household == Household(CHILDREN, "9970", [replace(SOCIAL, family_id=an.pass_.family_id)])
    assert [child_id for _, child_id in found.confirmed()] == [LOU.child_id]
