"""Closing a day of the books, as plain rules."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.money.books.days import AccountSum, closed, days_to_close, fits, may_close
from chalicelib.money.books.rules import BookAccount, BookAct, BookEntry, NotBalanced, Posting, moved

IBAN = "BE71096123456769"
RECEIVABLE, INCOME, BANK = (
    (BookAccount.RECEIVABLE, "Hoogveld"),
    (BookAccount.INCOME, "Hoogveld"),
    (BookAccount.BANK, IBAN),
)
DAY = date(2026, 11, 28)
AT = datetime(2026, 11, 28, 10, tzinfo=UTC)
CLOSED_AT = datetime(2026, 11, 29, 8, tzinfo=UTC)


def entry(number, act, to, source, cents):
    return BookEntry(f"{number:04}", AT, act, moved(to, source, cents), {"order_id": "abc"})


CHARGED = entry(1, BookAct.CHARGED, RECEIVABLE, INCOME, 4550)
RECEIVED = entry(2, BookAct.RECEIVED, BANK, RECEIVABLE, 5000)
PAID_BACK = entry(3, BookAct.PAID_BACK, RECEIVABLE, BANK, 450)


def test_a_day_has_its_count_and_the_sums_of_each_account():
    day = closed(DAY, DAY, [CHARGED, RECEIVED, PAID_BACK], None, CLOSED_AT)

    assert day.count == 3
    assert day.sums == (
        AccountSum(BookAccount.BANK, IBAN, 5000, 450, 4550),
        AccountSum(BookAccount.INCOME, "Hoogveld", 0, 4550, -4550),
        AccountSum(BookAccount.RECEIVABLE, "Hoogveld", 5000, 5000, 0),
    )
    assert day.hash == day.computed


def test_the_next_day_goes_on_with_the_balances_and_the_hash():
    first = closed(DAY, DAY, [CHARGED, RECEIVED], None, CLOSED_AT)
    second = closed(DAY + timedelta(3), DAY + timedelta(1), [PAID_BACK], first, CLOSED_AT)

    assert second.previous == first.hash
    assert second.balances == {BANK: 4550, INCOME: -4550, RECEIVABLE: 0}
    assert [one for one in second.sums if one.account is BookAccount.INCOME] == [
        AccountSum(BookAccount.INCOME, "Hoogveld", 0, 0, -4550)
    ]


@pytest.mark.parametrize(
    "there_now",
    [
        [CHARGED],
        [CHARGED, RECEIVED, PAID_BACK],
        [CHARGED, replace(RECEIVED, postings=moved(BANK, RECEIVABLE, 5001))],
        [CHARGED, replace(RECEIVED, about={"order_id": "other"})],
        [CHARGED, replace(RECEIVED, at=AT + timedelta(seconds=1))],
    ],
)
def test_an_entry_that_is_gone_added_or_changed_no_longer_fits(there_now):
    day = closed(DAY, DAY, [CHARGED, RECEIVED], None, CLOSED_AT)

    assert fits(day, [CHARGED, RECEIVED], None)
    assert not fits(day, there_now, None)


def test_a_day_does_not_fit_behind_another_one():
    first = closed(DAY, DAY, [CHARGED], None, CLOSED_AT)
    other = closed(DAY, DAY, [replace(CHARGED, about={})], None, CLOSED_AT)
    second = closed(DAY + timedelta(1), DAY + timedelta(1), [RECEIVED], first, CLOSED_AT)

    assert fits(second, [RECEIVED], first)
    assert not fits(second, [RECEIVED], other)


@pytest.mark.parametrize(
    ("now", "may"),
    [
        (datetime(2026, 11, 28, 23, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 29, 0, 59, 59, tzinfo=UTC), False),  # 01:59:59 in Brussels
        (datetime(2026, 11, 29, 1, 0, tzinfo=UTC), True),
    ],
)
def test_a_day_closes_at_two_of_the_next_one_in_brussels(now, may):
    assert may_close(DAY, now) is may


def test_days_are_closed_in_order_from_the_one_behind_the_last():
    before = closed(DAY, DAY, [], None, CLOSED_AT)

    now = datetime(2026, 12, 2, 8, tzinfo=UTC)

    assert list(days_to_close(before, now)) == [date(2026, 11, 29), date(2026, 11, 30), date(2026, 12, 1)]
    assert next(days_to_close(None, now)) == date(2026, 11, 1)


def test_an_entry_that_does_not_sum_to_nothing_is_none():
    with pytest.raises(NotBalanced):
        BookEntry("1", AT, BookAct.CHARGED, (Posting(BookAccount.BANK, 1), Posting(BookAccount.INCOME, -2)))


ACCOUNTS = st.sampled_from([RECEIVABLE, INCOME, BANK, (BookAccount.UNSETTLED, IBAN)])
MOVES = st.lists(st.tuples(ACCOUNTS, ACCOUNTS, st.integers(-1_000_000, 1_000_000)), max_size=12)


@settings(max_examples=60)
@given(days=st.lists(MOVES, max_size=5))
def test_whatever_is_booked_the_accounts_sum_to_nothing_and_each_to_its_postings(days):
    before, every = None, []
    for place, moves in enumerate(days):
        day = DAY + timedelta(place)
        entries = [
            entry(number, BookAct.RECEIVED, to, source, cents) for number, (to, source, cents) in enumerate(moves)
        ]
        every += [posting for one in entries for posting in one.postings]
        before = closed(day, day, entries, before, CLOSED_AT)
        assert sum(one.balance_cents for one in before.sums) == 0
        assert sum(one.debit_cents for one in before.sums) == sum(one.credit_cents for one in before.sums)
        for one in before.sums:
            its = [posting.cents for posting in every if (posting.account, posting.of) == (one.account, one.of)]
            assert one.balance_cents == sum(its)
