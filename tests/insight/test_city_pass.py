"""Figures of the city pass: none of them says who."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.insight.answered import FEWEST
from chalicelib.insight.city_pass import NAMES, OF_NOBODY, SUMS, hide, of_year, told
from chalicelib.money.citypass import applying, redeeming
from chalicelib.money.citypass.applications import ProofKind, Proven
from tests.money.citypass.examples import ELS, LOU, NOW, accepted, applied
from tests.money.citypass.test_vouchers import club, taken

NUMBERS = st.integers(0, 12)


def test_few_are_not_shown_and_visits_are_nobodys():
    found = told(
        {"refused": 4, "granted_by_person": 9, "granted_by_machine": 7, "decided": 20, "days": 200, "visits": 1}
    )

    assert (found["refused"], found["visits"], found["days_on_average"]) == (None, 1, 10)
    # 20 applications were decided: the refusals must not follow from the others.
    assert found["granted_by_machine"] is None
    assert found["granted_by_person"] == 9


def test_none_and_many_are_shown():
    assert told({"refused": 5})["refused"] == 5
    assert told({})["refused"] == 0


@given(st.fixed_dictionaries({name: NUMBERS for parts, _ in SUMS for name in parts}))
def test_a_hidden_number_never_follows_from_its_sum(numbers):
    sums = {**numbers, **{total: sum(numbers[name] for name in parts) for parts, total in SUMS}}
    found = told(sums)
    for parts, total in SUMS:
        hidden = [name for name in parts if found[name] is None]
        others = [name for name in parts if found[name]]
        if len(hidden) == 1 and sums[total] >= FEWEST:
            assert not others
    for name in NAMES.keys() - OF_NOBODY:
        assert found[name] is None or found[name] == 0 or found[name] >= FEWEST or name == "days_on_average"


@given(st.dictionaries(st.text("ab", min_size=1, max_size=3), st.integers(0, 9), max_size=5))
def test_of_vouchers_one_hidden_number_is_never_alone_beside_others(numbers):
    found = hide(numbers)
    assert all(one is None or one == 0 or one >= FEWEST for one in found.values())
    if [one is None for one in found.values()].count(True) == 1:
        assert not any(found.values())


@pytest.mark.usefixtures("table")
def test_a_year_has_its_decisions_and_its_vouchers_by_provider():
    accepted()
    of = applying.see(ELS, applied(), [ProofKind.HOUSEHOLD, ProofKind.INCOME], Proven({}, 12 * 100_000), NOW)
    mine = club("sport")
    for number in range(6):
        (one,) = taken(of, amount=1_000, key=str(number), people=(LOU,))
        redeeming.redeem(mine, one.code, NOW)
    redeeming.undo(mine, one.code, NOW)

    found = of_year(2027)

    assert [(one.budget, one.number) for one in found.issued] == [("sport", 6)]
    assert [(one.budget, one.provider, one.number, one.cents) for one in found.redeemed] == [
        ("sport", "Zwemclub", 5, 5_000)
    ]
