"""Vouchers: taken from budgets, redeemed once, undone, paid; never below nought and never twice."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.core.http.problems import Problem
from chalicelib.core.refusals import Busy, Interfered, Refused
from chalicelib.money.books import table as books
from chalicelib.money.books.rules import BookAccount
from chalicelib.money.citypass import applying, figures, issuing, payouts, providers, redeeming, voucher_table
from chalicelib.money.citypass import table as applications
from chalicelib.money.citypass.applications import Application
from chalicelib.money.citypass.budgets import BudgetState, ends_of, left
from chalicelib.money.citypass.vouchers import NOT_FOR_YOU, OVER, PASS_OVER, USED, Provider, VoucherStatus
from tests.dynamodb_local import empty
from tests.money.citypass.examples import (
    ANN,
    BIKE,
    CULTURE,
    ELS,
    FAMILY,
    JAN,
    LOU,
    MIA,
    NOW,
    RULE,
    SPORT,
    TODAY,
    accepted,
    granted,
)

IBAN = "BE68539007547034"


def club(*budgets: str) -> Provider:
    """Given a club that Els entered and Jan accepted."""
    entered, _ = providers.enter("Zwemclub", IBAN, frozenset(budgets), ELS)
    return providers.accept(entered, JAN)


def taken(of: Application, budget: str = "sport", amount: int = 5_000, key: str = "k", people=(LOU,), now=NOW):
    return issuing.issue(of, budget, [one.person_id for one in people], amount, key, now)


def test_what_is_left_counts_by_calendar_year_or_from_the_first_time():
    assert ends_of(SPORT, date(2027, 12, 31)) == date(2028, 1, 1)
    assert ends_of(BIKE, date(2027, 3, 10)) == date(2030, 3, 10)
    spent = BudgetState(15_000, date(2030, 3, 10))
    assert [left(BIKE, spent, day) for day in (TODAY, date(2030, 3, 9), date(2030, 3, 10))] == [0, 0, 15_000]
    assert left(replace(SPORT, amount=4_000), BudgetState(9_000, date(2028, 1, 1)), TODAY) == 0


@pytest.mark.usefixtures("table")
def test_a_voucher_says_under_which_rule_it_was_issued():
    version = accepted()
    (one,) = taken(granted())

    assert (one.rule, one.cents, one.initial, one.valid_until) == (version.number, 5_000, "L", date(2028, 3, 9))
    assert [(line.code, line.rule) for line in voucher_table.issued_in("2027-03")] == [(one.code, 1)]
    assert voucher_table.of_family(FAMILY) == [one]


@pytest.mark.usefixtures("table")
def test_a_request_that_is_repeated_gives_the_same_voucher():
    accepted()
    of = granted()
    assert taken(of) == taken(of)
    assert _left(of, "sport", LOU.person_id) == 7_000


def _left(of: Application, budget: str, person: str | None) -> int:
    found = [one for one in issuing.lefts(of, NOW) if one.budget.name == budget]
    return next(one.left for one in found if (one.member.person_id if one.member else None) == person)


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize(
    ("budget", "amount", "people", "wrong"),
    [
        ("sport", 12_001, (LOU,), "amount"),
        ("sport", 99, (LOU,), "amount"),
        ("sport", 5_000, (ANN,), "people"),  # not for adults
        ("culture", 5_001, (ANN, LOU), "amount"),  # the household's, together
        ("sport", 5_000, (replace(LOU, person_id="stranger22"),), "people"),
    ],
)
def test_what_the_rule_does_not_allow_is_said_and_takes_nothing(budget, amount, people, wrong):
    accepted()
    of = granted()
    with pytest.raises(Problem) as refused:
        taken(of, budget, amount, people=people)
    assert refused.value.errors[0].field == wrong
    assert voucher_table.of_family(FAMILY) == []


@pytest.mark.usefixtures("table")
def test_a_households_budget_is_spent_for_all_of_its_members():
    accepted()
    of = granted()
    taken(of, "culture", 4_000, people=(ANN, LOU))

    assert _left(of, "culture", None) == 2_000
    states = voucher_table.states([ANN.person_id, LOU.person_id], ["culture"])
    assert {one.spent for one in states.values()} == {8_000}


@pytest.mark.usefixtures("table")
def test_what_is_given_back_is_there_again_and_the_voucher_is_worth_nothing():
    accepted()
    of = granted()
    (one,) = taken(of, "culture", 4_000)
    issuing.give_back(FAMILY, one.code, NOW)

    assert _left(of, "culture", None) == CULTURE.amount
    with pytest.raises(Problem, match="not-now"):
        issuing.give_back(FAMILY, one.code, NOW)
    with pytest.raises(Problem, match="not-now"):
        redeeming.redeem(club("culture"), one.code, NOW)


@pytest.mark.usefixtures("table")
def test_what_is_given_back_after_its_year_brings_nothing_more():
    accepted()
    of = granted()
    later = datetime(2028, 1, 5, 9, 0, tzinfo=UTC)
    (one,) = taken(of)
    taken(of, amount=3_000, key="new year", now=later)
    issuing.give_back(FAMILY, one.code, later)

    assert voucher_table.states([LOU.person_id], ["sport"])[LOU.person_id, "sport"].spent == 3_000


@pytest.mark.usefixtures("table")
def test_a_strangers_voucher_is_not_found():
    accepted()
    (one,) = taken(granted())
    with pytest.raises(Problem, match="not-found"):
        issuing.give_back("h3cyets5f9w", one.code, NOW)


@pytest.mark.usefixtures("table")
def test_it_is_redeemed_once_and_paid_in_its_month():
    accepted()
    (one,) = taken(granted())
    mine = club("sport")
    redeeming.redeem(mine, f"https://city.example/citypass/redeem?code={one.code}", NOW)

    with pytest.raises(Problem) as refused:
        redeeming.redeem(mine, one.code, NOW)
    assert refused.value.extra["why"]["en"] == USED
    with pytest.raises(Problem, match="not-now"):
        payouts.payouts("2027-03", NOW)
    april = datetime(2027, 4, 2, 9, 0, tzinfo=UTC)
    (entry,) = books.of_day(TODAY)
    assert {(one.account, one.cents) for one in entry.postings} == {
        (BookAccount.VOUCHERS, 5_000),
        (BookAccount.PAYABLE_PROVIDERS, -5_000),
    }
    (paid,) = payouts.payouts("2027-03", april)
    assert (paid.name, paid.iban, paid.cents) == ("Zwemclub", IBAN, 5_000)


@pytest.mark.usefixtures("table")
def test_it_is_checked_anew_when_it_is_used():
    accepted()
    of = granted()
    sport, (one,) = club("sport"), taken(of)

    other = club("culture")
    assert redeeming.look(other, one.code, NOW).why_not == NOT_FOR_YOU
    assert redeeming.look(sport, one.code, datetime(2028, 3, 10, 9, tzinfo=UTC)).why_not == OVER
    applying.end(JAN, of, "Verhuisd naar een andere gemeente.", NOW)
    assert redeeming.look(sport, one.code, NOW).why_not == PASS_OVER
    with pytest.raises(Problem, match="not-now"):
        redeeming.redeem(sport, one.code, NOW)
    with pytest.raises(Problem, match="not-now"):
        taken(applications.get(FAMILY, "1") or of, key="more")


@pytest.mark.usefixtures("table")
def test_that_the_pass_and_the_provider_still_count_is_a_condition_of_the_write():
    """Past every check: what was read a moment ago is no longer so."""
    accepted()
    of = granted()
    sport, (one,) = club("sport"), taken(of)
    ended = providers.end(sport, NOW)
    with pytest.raises(Refused):
        voucher_table.redeem(one, sport.provider_id, "id", of, NOW)

    assert not ended.takes
    again = club("sport")
    applying.end(JAN, of, "Verhuisd naar een andere gemeente.", NOW)
    with pytest.raises(Refused):
        voucher_table.redeem(one, again.provider_id, "id", of, NOW)
    known = voucher_table.get(one.code)
    assert known is not None
    assert known.status is VoucherStatus.ISSUED


@pytest.mark.usefixtures("table")
def test_the_provider_undoes_within_an_hour_and_finance_afterwards_with_a_reason():
    accepted()
    (one,) = taken(granted())
    mine = club("sport")
    redeeming.redeem(mine, one.code, NOW)
    redeeming.undo(mine, one.code, NOW + timedelta(minutes=59))
    redeeming.redeem(mine, one.code, NOW + timedelta(minutes=59))
    with pytest.raises(Problem, match="not-now"):
        redeeming.undo(mine, one.code, NOW + timedelta(minutes=120))
    with pytest.raises(Problem, match="not-now"):
        redeeming.undo(club("sport"), one.code, NOW + timedelta(minutes=60))

    april = datetime(2027, 4, 2, 9, 0, tzinfo=UTC)
    redeeming.undo_for_city(JAN, one.code, "De les ging niet door.", april)

    assert [sum(line.cents for line in voucher_table.payouts_of(month)) for month in ("2027-03", "2027-04")] == [
        5_000,
        -5_000,
    ]
    assert sum(p.cents for e in books.of_day(date(2027, 4, 2)) for p in e.postings if p.account == "vouchers") == -5_000
    (line,) = voucher_table.payouts_of("2027-04")
    assert (line.why, line.by) == ("De les ging niet door.", JAN.staff_id)
    assert payouts.payouts("2027-04", datetime(2027, 5, 3, tzinfo=UTC)) == []


@pytest.mark.usefixtures("table")
def test_guessing_is_limited_and_counted():
    mine = club("sport")
    for _ in range(providers.MOST_WRONG_AN_HOUR):
        with pytest.raises(Problem, match="not-found"):
            redeeming.look(mine, "2345-6789-abcd", NOW)
    with pytest.raises(Problem, match="too-many"):
        redeeming.look(mine, "2345-6789-abcd", NOW)

    assert figures.of_year(2027)["wrong_codes"] == providers.MOST_WRONG_AN_HOUR


@pytest.mark.usefixtures("table")
def test_a_provider_counts_when_another_person_accepted_it_and_again_after_a_change():
    entered, key = providers.enter("Zwemclub", IBAN, frozenset({"sport"}), ELS)
    with pytest.raises(Interfered):
        providers.accept(entered, ELS)
    mine = providers.accept(entered, JAN)
    changed = providers.change(mine, replace(mine, iban="BE71096123456769"), JAN)

    assert (mine.takes, changed.takes) == (True, False)
    with pytest.raises(Interfered):
        providers.accept(changed, JAN)
    assert providers.by_key(key) == changed
    assert providers.by_key(key[:-1] + ("a" if key[-1] != "a" else "b")) is None
    new = providers.renew_key(changed)
    assert (providers.by_key(key), providers.by_key(new)) == (None, changed)


@pytest.mark.usefixtures("table")
def test_who_changed_an_account_does_not_accept_it_after_somebody_elses_comma():
    mine = club("sport")
    changed = providers.change(mine, replace(mine, iban="BE71096123456769"), JAN)
    mended = providers.change(changed, replace(changed, name="Zwemclub Kaprijke"), ELS)

    for one in (JAN, ELS):
        with pytest.raises(Interfered):
            providers.accept(mended, one)
    assert providers.accept(mended, MIA).takes


@pytest.mark.usefixtures("table")
def test_nobody_is_paid_to_an_account_that_one_person_changed():
    accepted()
    (one,), mine, may = taken(granted()), club("sport"), datetime(2027, 5, 3, tzinfo=UTC)
    redeeming.redeem(mine, one.code, NOW)
    changed = providers.change(mine, replace(mine, iban="BE71096123456769"), JAN)

    assert payouts.payouts("2027-03", may) == []
    assert [(one.iban, one.cents) for one in payouts.of_month("2027-03")] == [("", 5_000)]

    providers.accept(changed, ELS)
    assert [one.iban for one in payouts.payouts("2027-03", may)] == ["BE71096123456769"]


@pytest.mark.usefixtures("table")
def test_of_a_family_that_is_erased_what_was_paid_stays_without_whom_it_was_for():
    accepted()
    of = granted()
    (used,), (unused,) = taken(of), taken(of, key="2", amount=1_000)
    redeeming.redeem(club("sport"), used.code, NOW)
    voucher_table.erase(FAMILY)
    kept = voucher_table.get(used.code)

    assert kept is not None
    assert (kept.family_id, kept.person_id, kept.initial, dict(kept.drawn)) == ("", "", "", {})
    assert voucher_table.get(unused.code) is None


@pytest.mark.usefixtures("table")
def test_a_voucher_that_is_redeemed_while_its_family_is_erased_is_paid_and_can_be_undone():
    accepted()
    (one,) = taken(granted())
    mine = club("sport")
    read_before = [one]
    redeeming.redeem(mine, one.code, NOW)
    with patch.object(voucher_table, "of_family", return_value=read_before):
        voucher_table.erase(FAMILY)

    kept = voucher_table.get(one.code)
    assert kept is not None
    assert (kept.status, kept.family_id) == (VoucherStatus.REDEEMED, "")


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["take", "take both", "back", "later"]),
        st.sampled_from(["sport", "culture", "bike"]),
        st.sampled_from([100, 4_000, 7_000, 12_000]),
    ),
    max_size=12,
)


@settings(max_examples=8)
@given(ACTS)
def test_whatever_happens_no_budget_is_spent_twice_nor_below_nought(acts):
    """Of each budget, what vouchers of one period took is at most what it has, and is what its state says."""
    from moto import mock_aws

    from tests.money.citypass.examples import fresh

    with mock_aws():
        fresh()
        accepted()
        of, now = granted(), NOW
        for number, (act, budget, amount) in enumerate(acts):
            if act == "later":
                now += timedelta(days=100)
                continue
            try:
                if act == "back":
                    mine = [one for one in voucher_table.of_family(FAMILY) if one.status is VoucherStatus.ISSUED]
                    if mine:
                        issuing.give_back(FAMILY, mine[0].code, now)
                else:
                    people = [LOU.person_id, *([ANN.person_id] if act == "take both" else [])]
                    issuing.issue(of, budget, people, amount, str(number), now)
            except Problem:
                pass
        kept = [one for one in voucher_table.of_family(FAMILY) if one.status is not VoucherStatus.GIVEN_BACK]
        for (person, name), state in voucher_table.states(
            [ANN.person_id, LOU.person_id], ["sport", "culture", "bike"]
        ).items():
            took = sum(one.amount for one in kept if one.budget == name and one.drawn.get(person) == state.ends)
            rule = RULE.budget(name)
            assert rule is not None
            assert 0 <= state.spent == took <= rule.amount


def test_of_many_at_once_as_much_is_given_as_there_is_and_each_is_redeemed_once(real_table):
    """Races, on DynamoDB Local: eight tabs take 4,000 of 12,000; then eight phones redeem one voucher."""
    empty()
    accepted()
    of = granted()
    mine = club("sport")

    def take(number: int) -> int:
        try:
            return len(taken(of, amount=4_000, key=str(number)))
        except Problem:
            return 0

    with ThreadPoolExecutor(8) as pool:
        given_out = sum(pool.map(take, range(8)))
    assert voucher_table.states([LOU.person_id], ["sport"])[LOU.person_id, "sport"].spent == 4_000 * given_out
    assert 1 <= given_out <= 3

    code = voucher_table.of_family(FAMILY)[0].code

    def redeem(_: int) -> bool:
        try:
            redeeming.redeem(mine, code, NOW)
        except (Problem, Busy):
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        times = sum(pool.map(redeem, range(8)))
    if not times:  # each was in the way of another
        times = redeem(0)
    assert times == 1
    assert len(list(voucher_table.payouts_of("2027-03"))) == 1
