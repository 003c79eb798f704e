"""The sums at Amazon's own engine: what a write costs, and that nothing is lost between those who add."""

from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.core.counters import table
from chalicelib.core.counters.rules import added
from chalicelib.core.counters.table import CountedDay
from tests.bench.registration import spending

SEVEN = datetime(2027, 5, 7, 17, tzinfo=UTC)
LATE = datetime(2027, 5, 7, 23, 59, 50, tzinfo=UTC)
SLUGS = ["too-early", "sold-out", "closed", "already-registered", "not-eligible", "invalid", "unauthorized", "busy"]


@pytest.mark.usefixtures("table")
def test_what_several_containers_count_adds_up(monkeypatch):
    for container in "abca":
        monkeypatch.setattr(table, "ITEM", container)
        table.add(SEVEN, {"answers": 10, "refused#too-early@2027-k7m2xq": 3})

    assert table.between(SEVEN, SEVEN + timedelta(minutes=1)) == {
        SEVEN: {"answers": 40, "refused#too-early@2027-k7m2xq": 12}
    }


@pytest.mark.usefixtures("table")
def test_a_stretch_begins_with_its_slot_ends_before_its_end_and_may_pass_midnight():
    moments = [LATE - timedelta(seconds=10), LATE, LATE + timedelta(seconds=10), LATE + timedelta(seconds=20)]
    for moment in moments:
        table.add(moment, {"answers": 1})

    assert list(table.between(LATE + timedelta(seconds=3), LATE + timedelta(seconds=20))) == moments[1:3]
    assert list(table.day(date(2027, 5, 7))) == moments[:2]


@pytest.mark.usefixtures("table")
def test_a_day_is_kept_with_its_outages_and_read_with_its_year():
    day = CountedDay(date(2027, 5, 7), {"answers": 7, "failed": 6}, ({"failed": 6},))
    table.keep(day)
    table.keep(CountedDay(date(2027, 1, 2), {}))

    assert table.days(2027) == [CountedDay(date(2027, 1, 2), {}), day]
    assert table.days(2026) == []


@pytest.mark.usefixtures("real_table")
def test_a_write_with_all_the_reasons_there_are_costs_one_unit():
    openings = ["2027-k7m2xq", "2027-aaaaaa"]
    sums = {f"refused#{slug}@{opening}": 1000 for slug in SLUGS for opening in openings} | {"answers": 1, "reads": 1}
    with spending() as spent:
        table.add(SEVEN, sums)
        table.add(SEVEN, sums)

    assert (spent.calls, spent.write_units) == (["UpdateItem"] * 2, 2)
    assert added(table.between(SEVEN, SEVEN + timedelta(seconds=10)).values()) == {n: 2 * v for n, v in sums.items()}
