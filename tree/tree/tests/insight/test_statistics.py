"""Figures of an opening and a year: exact ones add up, the others say at least."""

from datetime import UTC, date, timedelta

import pytest

from chalicelib.core.http.problems import Problem
from chalicelib.core.languages import LANGUAGES, translate
from chalicelib.insight.statistics import StatisticsGroup, StatisticSource, label, of_opening, of_year, years
from tests.camps import BOUWKAMP, LOU, NOOR, family, published, request
from tests.insight.conftest import at
from tests.programme.openings.plans import OPENS_AT, SPREAD, drafted, published_opening

pytestmark = pytest.mark.usefixtures("counting_clock")

OVER = (OPENS_AT + SPREAD).astimezone(UTC)


@pytest.fixture
def opening():
    """Given an opening with one seat, which one family got, and for which two others came too early and too late."""
    published(opens_at=None, capacity=1)
    found = published_opening()
    with at(OPENS_AT - timedelta(hours=1)):
        request("GET", f"/api/openings/{found.opening_id}")
        request("GET", "/api/sessions")
        assert family(LOU).register(BOUWKAMP, LOU).status_code == 425
    with at(OVER):
        assert family(LOU).register(BOUWKAMP, LOU).status_code == 201
        samira = family(NOOR, email="samira@example.be")
        assert samira.register(BOUWKAMP, NOOR, waitlist=False).status_code == 409
        request("GET", "/api/openings")  # what waited in memory is written
        request("GET", "/api/openings")
    return found


def numbers(statistics, group):
    return {one.name: one.number for one in statistics.of(group)}


def test_an_opening_has_its_own_figures(opening):
    with at(OVER + timedelta(days=3)):
        found = of_opening(opening.opening_id, OVER + timedelta(days=3))

    assert numbers(found, StatisticsGroup.SEATS) == {
        **dict.fromkeys(("waiting-list", "desk", "exception", "held-back", "free"), 0),
        "opening": 1,
    }
    assert numbers(found, StatisticsGroup.REGISTRATIONS) == {"registrations": 1, "waiting": 0}
    assert numbers(found, StatisticsGroup.REFUSALS) == {"too-early": 1, "sold-out": 1}
    assert numbers(found, StatisticsGroup.VISITS) == {"pages": 0, "reads": 1}
    assert numbers(found, StatisticsGroup.EXCEPTIONS) == {"published": 1}
    assert numbers(found, StatisticsGroup.FAILURES) == {"incidents": 0}
    assert found.since == date(2027, 3, 6)


def test_next_years_camps_can_be_chosen_before_they_have_an_opening(opening):
    published(title="Zomerkamp", starts_on=date(2028, 7, 3), ends_on=date(2028, 7, 7))

    with at(OVER):
        assert years(OVER) == [2028, 2027]
        assert numbers(of_year(2028, OVER), StatisticsGroup.SEATS)["free"] == 20


def test_a_year_adds_all_of_it_up(opening):
    now = OVER + timedelta(days=3)
    with at(now):
        for _ in range(4):
            found = of_year(2027, now)

    assert numbers(found, StatisticsGroup.SEATS)["opening"] == 1
    assert numbers(found, StatisticsGroup.REFUSALS) == {"sold-out": 1, "too-early": 1}
    assert numbers(found, StatisticsGroup.VISITS)["reads"] >= 3
    assert numbers(found, StatisticsGroup.FAILURES) == {"failed": 0, "outages": 0, "incidents": 0}
    assert found.behind is None
    with at(now):
        assert years(now) == [2027]
        assert of_year(2026, now).since is None


def test_a_year_without_camps_or_counts_has_no_zeros_for_them(opening):
    with at(OVER):
        found = of_year(2026, OVER)

    assert numbers(found, StatisticsGroup.SEATS) == numbers(found, StatisticsGroup.REGISTRATIONS) == {}
    assert set(numbers(found, StatisticsGroup.VISITS).values()) == {None}
    assert numbers(found, StatisticsGroup.FAILURES) == {"failed": None, "outages": None, "incidents": 0}


def test_what_was_counted_on_the_way_is_at_least_and_what_stands_in_the_table_is_not(opening):
    with at(OVER):
        found = of_opening(opening.opening_id, OVER)

    assert {one.source for one in found.figures if one.is_at_least} == {StatisticSource.TALLY}
    assert not [one for one in found.of(StatisticsGroup.SEATS) if one.is_at_least]
    assert all(one.is_at_least for one in found.of(StatisticsGroup.VISITS))


def test_every_figure_has_its_words(opening):
    with at(OVER):
        for language in LANGUAGES:
            for one in of_opening(opening.opening_id, OVER).figures:
                assert translate(label(one), language)


def test_drafts_and_unknown_openings_have_none(opening):
    for opening_id in (drafted(), "2027-bbbbbb"):
        with pytest.raises(Problem, match="not-found"):
            of_opening(opening_id, OVER)
