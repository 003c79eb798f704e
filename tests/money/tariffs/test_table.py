"""Tariffs in the table: what is accepted holds, versions follow on each other, a municipality's own goes first."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier

import pytest

from chalicelib.core import memory
from chalicelib.core.refusals import Interfered
from chalicelib.money.tariffs import table as tariffs
from chalicelib.money.tariffs.document import NotATariff
from chalicelib.money.tariffs.versions import combined
from tests.money.tariffs.council import line, tariff
from tests.money.tariffs.stored import ELS, LONG_AGO, accepted

JANUARY, JULY = date(2027, 1, 1), date(2027, 7, 1)


def day_price(cents, first_day=JANUARY, **more):
    return tariff(line("day", cents), first_day=first_day, **more)


def draft(of, municipality=""):
    return tariffs.create(municipality, of.name, of.versions[0], (ELS,), LONG_AGO)


def price_on(municipality, day):
    """Cents of a day there; None: no tariff."""
    memory.forget_all()
    found = tariffs.in_force(municipality)
    version = found.version(day) if found else None
    return version.lines[0].cents if version else None


def test_a_draft_is_what_was_entered_and_nobody_pays_by_it(table):
    new = draft(day_price(1650), "De Haan")

    assert tariffs.get("De Haan", 1) == tariffs.get("de haan", 1) == new
    assert tariffs.every("De Haan") == [new]
    assert tariffs.in_force("De Haan") is None
    assert [head.municipality for head in tariffs.heads()] == ["De Haan"]


def test_a_draft_is_changed_by_whoever_read_it_last(table):
    mine = theirs = draft(day_price(1650))
    changed = tariffs.write(replace(theirs, version=day_price(1700).versions[0]))

    with pytest.raises(Interfered):
        tariffs.write(mine)
    with pytest.raises(Interfered):
        tariffs.accept(mine)
    with pytest.raises(Interfered):
        tariffs.delete(mine)
    assert tariffs.every("") == [changed]


def test_what_is_accepted_is_never_changed_accepted_twice_or_deleted(table):
    once = draft(day_price(1650))
    agreed = tariffs.accept(once)

    for attempt in (
        lambda: tariffs.write(replace(agreed, is_accepted=False)),
        lambda: tariffs.delete(agreed),
        lambda: tariffs.accept(replace(agreed, is_accepted=False)),
        lambda: tariffs.accept(once),
    ):
        with pytest.raises((Interfered, NotATariff)):
            attempt()
    assert tariffs.every("") == tariffs.accepted("") == [agreed]


@pytest.mark.parametrize(
    ("first_day", "fault"),
    [
        (date(2027, 6, 30), "versions[1].first_day"),  # they overlap
        (date(2027, 7, 2), "versions[1].first_day"),  # a gap of one day
        (JULY, None),
    ],
)
def test_the_next_version_begins_when_the_last_one_ends(table, first_day, fault):
    accepted(day_price(1650, last_day=date(2027, 6, 30)))
    following = draft(day_price(1700, first_day))

    if fault:
        with pytest.raises(NotATariff) as refused:
            tariffs.accept(following)
        assert [each.place for each in refused.value.faults] == [fault]
    else:
        tariffs.accept(following)
    assert price_on("", date(2027, 6, 30)) == 1650
    assert price_on("", JULY) == (None if fault else 1700)


def test_a_deleted_drafts_number_is_never_used_again(table):
    tariffs.delete(draft(day_price(1650)))

    assert draft(day_price(1700)).number == 2


def test_a_municipality_has_the_whole_citys_until_its_own_begins_and_when_it_has_ended(table):
    accepted(day_price(1650))
    accepted(day_price(1800, date(2028, 1, 1)))
    accepted(day_price(1000, JULY, last_day=date(2028, 6, 30)), "De Haan")

    days = [JANUARY, date(2027, 6, 30), JULY, date(2028, 6, 30), date(2028, 7, 1)]
    assert [price_on("De Haan", day) for day in days] == [1650, 1650, 1000, 1000, 1800]
    assert [price_on("Lint", day) for day in days] == [1650, 1650, 1650, 1800, 1800]
    assert price_on("De Haan", date(2026, 12, 31)) is None


def test_a_container_goes_by_what_it_read_for_five_seconds(table):
    accepted(day_price(1650))
    assert tariffs.in_force("Lint").versions == day_price(1650).versions
    # Another container accepts.
    other = draft(day_price(1700, JULY))
    known = tariffs.in_force("Lint")
    tariffs.accept(other)

    assert len(known.versions) == 1
    assert len(tariffs.in_force("Lint").versions) == 2


def test_no_municipality_has_a_day_with_two_versions_or_none_between_two(table):
    """Whatever lengths the whole city's versions and its own have."""
    starts = [JANUARY + timedelta(days=days) for days in (0, 3, 4, 9)]
    whole = [day_price(number, first).versions[0] for number, first in enumerate(starts)]
    for begins in range(-2, 12):
        for length in (1, 4, None):
            first = JANUARY + timedelta(days=begins)
            last = first + timedelta(days=length - 1) if length else None
            own = day_price(99, first, last_day=last).versions[0]

            both = replace(day_price(0), versions=combined([own], whole))

            for number in range(-3, 20):
                day = JANUARY + timedelta(days=number)
                alone = replace(day_price(0), versions=(own,)).version(day)
                expected = alone or replace(day_price(0), versions=tuple(whole)).version(day)
                found = both.version(day)
                assert (found and found.lines) == (expected and expected.lines)


@pytest.mark.usefixtures("real_table")
def test_of_two_versions_that_are_accepted_at_once_one_follows_on_the_other():
    """Each alone follows on what there is; together they would hold on the same day."""
    drafts = [draft(day_price(cents, JULY)) for cents in (1650, 1700)]
    accepted(day_price(1600))
    together = Barrier(2)

    def accept(one):
        together.wait()
        try:
            return tariffs.accept(one)
        except NotATariff:
            return None

    with ThreadPoolExecutor(2) as threads:
        done = list(threads.map(accept, drafts))

    assert done.count(None) == 1
    assert len(tariffs.accepted("")) == 2


def test_a_container_that_knows_the_versions_reads_two_small_items_in_one_call(table, monkeypatch):
    accepted(day_price(1650))
    accepted(day_price(1000, JULY), "De Haan")
    memory.forget_all()
    tariffs.in_force("De Haan")
    tariffs.forget()  # five seconds later
    calls = []
    batch_get = tariffs.table.batch_get
    monkeypatch.setattr(
        tariffs.table, "batch_get", lambda keys, **how: calls.append(len(keys)) or batch_get(keys, **how)
    )

    assert tariffs.in_force("De Haan").version(JULY).lines[0].cents == 1000
    assert tariffs.in_force("de haan") is tariffs.in_force("De Haan")

    assert calls == [2]
