"""What was used, kept by day."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from chalicelib.core.activities import Activity
from chalicelib.insight.cost import table
from chalicelib.insight.cost.usage import LAMBDA_DURATION, MAIL, READ_UNIT, UsageKey

FRIDAY, SATURDAY = date(2027, 5, 7), date(2027, 5, 8)
UNTIL = datetime(2027, 5, 8, 3, tzinfo=UTC)
REGISTERING = UsageKey(FRIDAY, Activity.REGISTERING, "2027-k7m2xq", "Kaprijke")
MAILS = UsageKey(FRIDAY, Activity.MAILS)

pytestmark = pytest.mark.usefixtures("table")


def test_a_day_comes_back_to_the_last_digit():
    used = {
        REGISTERING: {LAMBDA_DURATION: Decimal("0.062500000001"), READ_UNIT: Decimal("0.5")},
        MAILS: {MAIL: Decimal(2)},
    }

    table.keep(FRIDAY, used, UNTIL)

    assert table.used(FRIDAY, FRIDAY) == used
    assert table.counted(FRIDAY, SATURDAY) == {FRIDAY: UNTIL}
    assert table.gathered_until() == UNTIL


def test_counting_a_day_anew_replaces_it():
    table.keep(FRIDAY, {MAILS: {MAIL: Decimal(2)}, REGISTERING: {MAIL: Decimal(1)}}, UNTIL)
    table.keep(FRIDAY, {MAILS: {MAIL: Decimal(2)}}, UNTIL)

    assert table.used(FRIDAY, FRIDAY) == {MAILS: {MAIL: Decimal(2)}}


def test_only_the_days_that_were_asked_for():
    table.keep(FRIDAY, {MAILS: {MAIL: Decimal(2)}}, UNTIL)
    table.keep(SATURDAY, {UsageKey(SATURDAY, Activity.MAILS): {MAIL: Decimal(1)}}, UNTIL)

    assert list(table.used(SATURDAY, SATURDAY)) == [UsageKey(SATURDAY, Activity.MAILS)]


def test_of_a_day_that_nobody_counted_nothing_is_known():
    assert table.counted(FRIDAY, SATURDAY) == {}
    assert table.gathered_until() is None
