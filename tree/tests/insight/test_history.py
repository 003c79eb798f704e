"""Days that are over are added up once; an outage is what the tally saw."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.counters import table
from chalicelib.insight.history import minutes, of_slots, outage_of, stretch
from chalicelib.office.incidents.outages import Outage
from tests.bench.registration import spending

NOW = datetime(2027, 5, 10, 12, tzinfo=UTC)
EVENING = datetime(2027, 5, 7, 17, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def an_outage():
    """Given three minutes in which half of all requests failed."""
    for number in range(18):
        table.add(EVENING + timedelta(seconds=10 * number), {"answers": 20, "failed": 10})


@pytest.mark.usefixtures("table")
def test_a_stretch_adds_up_days_that_are_over_and_those_that_are_not():
    an_outage()
    table.add(NOW, {"answers": 5, "pages": 5})

    found = stretch(date(2027, 5, 1), NOW)

    assert found.sums == {"answers": 365, "failed": 180, "pages": 5}
    assert found.outages == (Outage(EVENING, EVENING + 3 * MINUTE, 180, 360),)
    assert (found.since, found.behind) == (date(2027, 5, 7), None)


@pytest.mark.usefixtures("table")
def test_what_was_added_up_is_not_read_again():
    an_outage()
    first = stretch(date(2027, 5, 1), NOW)
    with spending() as spent:
        second = stretch(date(2027, 5, 1), NOW)

    assert second == first
    assert len(spent.calls) == 1 + 2  # the year, and the two days that may still change


@pytest.mark.usefixtures("table")
def test_whoever_looks_first_adds_up_some_days_and_says_which_it_has_not():
    an_outage()
    assert stretch(date(2027, 5, 1), NOW, most=1).behind == date(2027, 5, 7)
    assert stretch(date(2027, 5, 1), NOW, most=1).since == date(2027, 5, 7)
    assert stretch(date(2027, 5, 1), NOW, most=6).behind is None


@pytest.mark.usefixtures("table")
def test_a_year_that_is_over_or_has_not_begun_ends_where_it_ends():
    an_outage()
    assert stretch(date(2026, 12, 30), NOW, last=date(2026, 12, 31)).sums == {}
    assert stretch(date(2026, 12, 30), NOW, last=date(2026, 12, 31)).since is None
    assert stretch(date(2028, 1, 1), NOW, last=date(2028, 12, 31)).behind is None


@given(st.dictionaries(st.integers(0, 8639), st.tuples(st.integers(1, 500), st.integers(0, 50)), max_size=40))
def test_no_request_is_lost_between_slots_and_minutes_and_a_day_keeps_its_outages(counted):
    midnight = datetime(2027, 5, 7, tzinfo=UTC)
    slots = {
        midnight + timedelta(seconds=10 * number): {"answers": answers, "failed": min(failed, answers)}
        for number, (answers, failed) in counted.items()
    }

    day = of_slots(midnight.date(), slots)

    assert sum(one.requests for one in minutes(slots)) == day.sums.get("answers", 0)
    assert sum(one.failed for one in minutes(slots)) == day.sums.get("failed", 0)
    for outage in map(outage_of, day.outages):
        assert outage.start < outage.end <= midnight + timedelta(days=1)
        assert 0 < outage.failed <= outage.requests
