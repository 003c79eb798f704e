"""Two people put a version into force, and it never changes."""

from dataclasses import replace
from datetime import date

import pytest

from chalicelib.core.refusals import Interfered
from chalicelib.money.citypass import versions
from tests.money.citypass.examples import ELS, JAN, RULE, TODAY, accepted

pytestmark = pytest.mark.usefixtures("table")


def test_it_counts_for_nothing_until_somebody_else_accepts_it():
    entered = versions.enter(RULE, 0, ELS)
    assert versions.of_today(TODAY) is None

    with pytest.raises(Interfered):
        versions.accept(entered, ELS)
    versions.accept(entered, JAN)

    found = versions.of_today(TODAY)
    assert found is not None
    assert (found.rule, found.entered_by.name, found.accepted_by and found.accepted_by.name) == (
        RULE,
        "Els Maes",
        "Jan Claes",
    )


def test_of_two_that_are_entered_at_once_one_is():
    versions.enter(RULE, 0, ELS)
    with pytest.raises(Interfered):
        versions.enter(RULE, 0, JAN)


def test_none_is_accepted_that_begins_before_one_that_counts():
    versions.enter(replace(RULE, first_day=date(2027, 2, 1)), 0, ELS)
    later, earlier = versions.every()[0], versions.enter(RULE, 1, ELS)
    versions.accept(later, JAN)

    with pytest.raises(Interfered):
        versions.accept(earlier, JAN)


def test_it_is_accepted_once():
    version = accepted()
    with pytest.raises(Interfered):
        versions.accept(version, JAN)
