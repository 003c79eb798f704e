"""The same year on servers, and provisioned for the peak."""

from decimal import Decimal

import pytest

from chalicelib.insight.cost import idle
from chalicelib.insight.cost.alternatives import OURS, PROVISIONED_PEAK, SERVERS, SetUp, Year, alternatives
from chalicelib.insight.cost.estimate import PlannedLoad, measured
from chalicelib.insight.cost.figures import total
from chalicelib.insight.cost.prices import Meter, PriceList, PriceMissing, shipped
from tests.insight.cost.lists import prices

BILLED = idle.packaged().billed
MAIL = ("ses", "mail")


def compared(year: Year | None = None, listed: PriceList | None = None) -> dict[str, SetUp]:
    return {one.name: one for one in alternatives(year or Year(), measured(), BILLED, listed or shipped())}


def of(one: SetUp, *meter: str) -> Decimal:
    return sum((figure.quantity for figure in one.figures if figure.meter == meter), Decimal(0))


def test_ours_is_what_openings_use_and_twelve_months_of_what_turns_by_itself() -> None:
    ours = compared(Year(PlannedLoad(families=Decimal(1000)), openings=Decimal(2)))[OURS]
    assert of(ours, "cloudwatch", "alarm") == 60
    assert of(ours, "ses", "mail") == 2 * (1000 + 1500)


def test_servers_run_all_year_however_few_come() -> None:
    nobody = compared(Year(PlannedLoad(families=Decimal(0))))[SERVERS]
    assert of(nobody, "ec2", "t4g-micro") == 2 * 8760
    assert of(nobody, "rds", "t4g-micro-multi-az") == 8760
    assert nobody.usd > 900


def test_what_is_provisioned_grows_with_the_peak_and_not_with_the_openings() -> None:
    once, often = (compared(Year(openings=Decimal(number)))[PROVISIONED_PEAK] for number in (1, 10))
    more = compared(Year(PlannedLoad(families=Decimal(50_000))))[PROVISIONED_PEAK]
    capacity = ("dynamodb", "write-capacity-hour")
    assert of(once, *capacity) == of(often, *capacity)
    assert 9 * of(once, *capacity) < of(more, *capacity) < 11 * of(once, *capacity)
    assert not of(once, "dynamodb", "write-request-unit")
    duration = ("lambda", "duration-arm64")
    assert of(once, *duration) == of(often, *duration)  # of what runs by the clock


def test_mails_cost_the_same_everywhere() -> None:
    assert len({of(one, *MAIL) for one in compared().values()}) == 1


def test_a_year_is_the_sum_of_its_lines_and_each_can_be_followed() -> None:
    for one in compared().values():
        assert one.usd == total(one.figures)
        for figure in one.figures:
            assert figure.query.said("en")
            assert figure.price.source or figure.price.note


def test_a_reader_changes_a_price() -> None:
    cheaper = shipped().changed_by(prices("rds,t4g-micro-multi-az,hour,0.01,0,0,2026-10-01,our contract,"))
    saved = compared()[SERVERS].usd - compared(listed=cheaper)[SERVERS].usd
    assert saved == 8760 * Decimal("0.024")
    assert compared(listed=cheaper)[OURS] == compared()[OURS]


@pytest.mark.parametrize("meter", [("elb", "application-hour"), ("lambda", "provisioned-duration-arm64"), MAIL])
def test_a_line_without_a_price_is_no_free_alternative(meter: Meter) -> None:
    without = PriceList("eu-west-1", tuple(price for price in shipped().prices if price.meter != meter))
    with pytest.raises(PriceMissing, match=", ".join(meter)):
        compared(listed=without)
