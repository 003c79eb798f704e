"""What it cost: rows that add up, what AWS takes off, and what is not known."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.activities import Activity
from chalicelib.insight.cost import usage
from chalicelib.insight.cost.figures import exact_sum, how
from chalicelib.insight.cost.idle import RUNS, Idle
from chalicelib.insight.cost.prices import Meter, PriceMissing
from chalicelib.insight.cost.spent import NothingKnown, Spent, month, spent
from chalicelib.insight.cost.usage import UsageKey
from tests.insight.cost.lists import prices

FRIDAY, SATURDAY = date(2027, 5, 7), date(2027, 5, 8)
AFTER = datetime(2027, 6, 1, 3, tzinfo=UTC)
MAY = month(2027, 5)
LIST = prices(
    "ses,mail,1000 mails,0.16,0,0,2026-07-22,,",
    "dynamodb,write-request-unit,1M units,0.705,0,0,2026-09-11,AmazonDynamoDB EU-WriteRequestUnits,",
    "sqs,standard-request,1M requests,0.40,1000000,0,2026-09-11,AWSQueueService EU-Requests-Tier1,",
)
KAPRIJKE = UsageKey(FRIDAY, Activity.REGISTERING, "2027-k7m2xq", "Kaprijke")
EEKLO = UsageKey(SATURDAY, Activity.MAILS, None, "Eeklo")
USED = {
    KAPRIJKE: {usage.WRITE_UNIT: Decimal(20_000), usage.REGISTRATION: Decimal(3)},
    EEKLO: {usage.MAIL: Decimal(100), usage.REGISTRATION: Decimal(1)},
}
ASKED = Idle(("MailsSqsEventSource",), "asks the queue", usage.QUEUE_REQUEST, Decimal(620_000), how("by the clock"))


def of(
    used: dict[UsageKey, dict[Meter, Decimal]], *standing: Idle, days: tuple[date, ...] = (FRIDAY, SATURDAY)
) -> Spent:
    return spent(MAY, used, dict.fromkeys(days, AFTER), standing, LIST, date(2027, 6, 2))


def test_each_figure_has_its_quantity_its_price_with_a_date_and_its_query():
    mails = next(figure for figure in of(USED).figures if figure.meter == usage.MAIL)

    assert (mails.quantity, mails.usd) == (Decimal(100), Decimal("0.016"))
    assert mails.price.published == date(2026, 7, 22)
    assert "SendEmail" in mails.query.said("en")


def test_by_activity_opening_or_municipality_the_rows_add_up():
    found = of(USED)

    assert found.usd == Decimal("0.0141") + Decimal("0.016")
    for rows in (
        found.by(lambda key: key.activity),
        found.by(lambda key: key.opening_id),
        found.by(lambda key: key.municipality),
        found.by(lambda key: key.day),
        found.by_service(),
    ):
        assert exact_sum(row.usd for row in rows) == found.usd
        assert sum(row.cents for row in rows) == found.cents == Decimal("0.03")


def test_a_registration_is_the_whole_divided_by_all_of_them():
    assert of(USED).per_registration == Decimal("0.0301") / 4


def test_where_nobody_registered_there_is_nothing_to_divide_by():
    assert of({EEKLO: {usage.MAIL: Decimal(1)}}).per_registration is None


def test_one_opening_alone():
    assert of(USED).only(lambda key: key.opening_id == "2027-k7m2xq").usd == Decimal("0.0141")


def test_what_has_no_line_in_a_log_is_the_systems_day_by_day():
    found = of({}, ASKED)

    (row,) = found.by(lambda key: key.activity)
    assert row.key is Activity.SYSTEM
    assert row.figures[0].query == how("by the clock")
    assert row.figures[0].quantity == 40_000  # two days of thirty-one


def test_a_day_that_was_counted_at_six_in_the_morning_has_a_quarter_of_it():
    at_six = datetime(2027, 5, 7, 6, tzinfo=UTC)

    found = spent(MAY, {}, {FRIDAY: at_six}, [ASKED], LIST, FRIDAY)

    assert found.figures[0].quantity == 5_000
    assert found.until == at_six


def test_scheduled_runs_are_in_the_log_and_not_counted_twice():
    assert of({}, Idle(("Nightly",), RUNS, usage.QUEUE_REQUEST, Decimal(30), how(""))).figures == ()


def test_what_aws_takes_off_is_a_line_of_its_own():
    found = of({EEKLO: {usage.QUEUE_REQUEST: Decimal(1_500_000)}})

    assert found.usd == Decimal("0.6")
    assert [(one.meter, one.usd) for one in found.taken_off] == [(usage.QUEUE_REQUEST, Decimal("-0.4"))]
    assert found.billed == Decimal("0.2")


def test_days_that_nobody_counted_are_named():
    found = of(USED)

    assert found.missing[0] == date(2027, 5, 1)
    assert len(found.missing) == 29


def test_days_that_are_to_come_are_not_missing():
    found = spent(MAY, USED, {FRIDAY: AFTER}, (), LIST, SATURDAY)

    assert max(found.missing) == SATURDAY


def test_a_month_without_data_is_no_figure_of_zero():
    with pytest.raises(NothingKnown, match="Nothing is known from 2027-05-01 until 2027-05-31"):
        of({}, days=())


def test_what_has_no_price_is_named():
    with pytest.raises(PriceMissing, match="scheduler, invocation"):
        _ = of({EEKLO: {usage.TIMER: Decimal(1)}}).figures


@given(
    st.dictionaries(
        st.builds(
            UsageKey,
            st.sampled_from([FRIDAY, SATURDAY]),
            st.sampled_from(Activity),
            st.sampled_from([None, "a", "b"]),
            st.sampled_from([None, "Eeklo", "Kaprijke", "Asse"]),
        ),
        st.dictionaries(
            st.sampled_from([usage.MAIL, usage.WRITE_UNIT, usage.QUEUE_REQUEST]),
            st.decimals(min_value=0, max_value=10_000_000, places=6),
            min_size=1,
        ),
        min_size=1,
    )
)
def test_the_sum_over_activities_is_the_total_to_the_cent(used: dict[UsageKey, dict[Meter, Decimal]]):
    found = of(used, ASKED)

    rows = found.by(lambda key: key.activity)

    assert sum(row.cents for row in rows) == found.cents
    assert exact_sum(row.usd for row in rows) == found.usd
