"""What an opening will cost: measured steps, times how often they are taken."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.insight.cost import idle
from chalicelib.insight.cost.estimate import (
    Case,
    PlanImpossible,
    PlannedLoad,
    StepName,
    StepsWrong,
    counts,
    estimate,
    idle_month,
    measured,
    read,
    within_free_tier,
)
from chalicelib.insight.cost.figures import rounded, total
from chalicelib.insight.cost.prices import NEEDED, PriceMissing, shipped
from tests.insight.cost.lists import MAILS, prices

HEADER = "step,service,item,low,expected,high,command"
REST = [f"{name},ses,mail,0,0,0,none" for name in StepName if name != "mail"]
SMALL = "\n".join([HEADER, *REST, "mail,ses,mail,1,1,2,make bill"])
PLAN = PlannedLoad(
    families=Decimal(100), pages=Decimal(10), registrations=Decimal(2), refusals=Decimal(3), mails=Decimal(1)
)


def test_each_step_is_taken_as_often_as_families_take_it() -> None:
    assert counts(PLAN, Case.EXPECTED) == {
        StepName.PAGE: 1000,
        StepName.PASS: 100,
        StepName.REGISTRATION: 200,
        StepName.REFUSAL: 300,
        StepName.MAIL: 300,  # a pass's, and one for each registration
    }


def test_only_reloading_is_uncertain() -> None:
    low, high = counts(PLAN, Case.LOW), counts(PLAN, Case.HIGH)
    assert (low[StepName.PAGE], high[StepName.PAGE], high[StepName.REFUSAL]) == (500, 2000, 600)
    assert low[StepName.REGISTRATION] == high[StepName.REGISTRATION] == 200


def test_a_figure_says_how_often_how_much_and_by_which_command() -> None:
    found = estimate(PLAN, read(SMALL), prices(MAILS))
    mail = found[Case.EXPECTED][-1]
    assert (mail.quantity, mail.usd, mail.query.said("en")) == (300, Decimal("0.03"), "300 x 1: make bill")
    assert found[Case.HIGH][-1].usd == Decimal("0.06")


def test_what_is_free_in_a_month_is_free_once() -> None:
    listed = prices("ses,mail,1000 mails,0.10,250,0,2026-10-01,,")
    found = estimate(PLAN, read(SMALL), listed)[Case.EXPECTED]
    together = within_free_tier((*found, *found), listed)
    assert [(one.quantity, one.usd) for one in together] == [(600, Decimal("0.035"))]


def test_a_meter_without_a_price_is_no_zero() -> None:
    with pytest.raises(PriceMissing, match="apigateway, http-request"):
        estimate(PLAN, measured(), prices(MAILS))


@given(st.builds(PlannedLoad, *[st.decimals(0, 1000, places=2)] * 5))
def test_low_is_never_more_than_expected_nor_that_more_than_high(plan: PlannedLoad) -> None:
    low, expected, high = (total(figures) for figures in estimate(plan, measured(), shipped()).values())
    assert low <= expected <= high


def test_the_measured_steps_ask_for_no_other_prices_than_those_that_every_list_has() -> None:
    assert {step.meter for step in measured()} <= NEEDED
    assert all(step.command for step in measured())


def test_a_registration_with_its_mails_is_within_what_was_promised() -> None:
    """At full price, besides what is idle: one page, one pass, one registration, two mails."""
    one = PlannedLoad(
        families=Decimal(1), pages=Decimal(1), registrations=Decimal(1), refusals=Decimal(0), mails=Decimal(1)
    )
    figures = estimate(one, measured(), shipped())[Case.EXPECTED]
    sent = total(figure for figure in figures if figure.meter == ("ses", "mail"))
    assert total(figures) <= Decimal("0.00037")
    assert total(figures) - sent <= Decimal("0.00005")


@pytest.mark.parametrize("value", ["-1", "NaN", "10000001", "Infinity", "0.0001"])
def test_a_plan_has_numbers_that_there_can_be(value: str) -> None:
    with pytest.raises(PlanImpossible, match="families"):
        PlannedLoad(families=Decimal(value))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("mail,ses,mail,1,a few,2,make bill", "line 6"),
        ("mail,ses,mail,2,1,2,make bill", "line 6: low, expected and high"),
        ("mail,ses,mail,-1,1,2,make bill", "line 6: low, expected and high"),
        ("mail,ses,mail,1,1,Infinity,make bill", "line 6"),
        ("mail,ses,mail,NaN,1,2,make bill", "line 6"),
        ("dance,ses,mail,1,1,1,make bill", "line 6"),
        ("mail,ses", "line 6"),
        ("page,ses,mail,1,1,1,make bill", "nothing is said of: mail"),
    ],
)
def test_steps_that_are_wrong_are_no_estimate(line: str, said: str) -> None:
    with pytest.raises(StepsWrong, match=said):
        read("\n".join([HEADER, *REST, line]))


def test_an_idle_month_grows_with_the_seasons_that_are_kept() -> None:
    billed = idle.packaged().billed
    found = idle_month(billed, shipped(), free=False)
    stored = [one.quantity for case in Case for one in found[case] if one.meter == ("dynamodb", "pitr")]
    assert stored == [0, idle.STORED, 3 * idle.STORED]
    assert total(found[Case.EXPECTED]) == total(idle.figures(billed, shipped(), free=False))
    alarms = [one.quantity for case in Case for one in found[case] if one.meter == ("cloudwatch", "alarm")]
    assert len(set(alarms)) == 1


def test_an_idle_month_fits_beside_an_opening_in_the_free_tier() -> None:
    quiet = idle.figures(idle.packaged().billed, shipped(), free=False)
    found = within_free_tier((*estimate(PlannedLoad(), measured(), shipped())[Case.EXPECTED], *quiet), shipped())
    queue = next(one for one in found if one.meter == ("sqs", "standard-request"))
    assert rounded(queue.usd) == 0
    assert queue.quantity > 657_000
