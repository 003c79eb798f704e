"""What is booked of a payment, and whose matter the rest is."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.money.online.rules import (
    WATCHED_AFTER_END,
    WATCHED_AT_MOST,
    Moves,
    OrderBefore,
    Payment,
    PaymentStatus,
    ProviderPayment,
    ProviderRefund,
    RefundStatus,
    is_watched,
    moves,
    next_hour,
    seen,
    task_kind,
)
from chalicelib.money.statements.movements import MoneyTaskKind

NOW = datetime(2027, 3, 6, 18, 0, tzinfo=UTC)
OPEN = Payment("tr_1", "order1", "Kaprijke", 4500, "https://pay.example/1", NOW, NOW)
REFUNDS = st.builds(ProviderRefund, st.just("re_1"), st.integers(1, 4500), st.sampled_from(RefundStatus))
TOLD = st.builds(
    ProviderPayment,
    payment_id=st.just("tr_1"),
    status=st.sampled_from(PaymentStatus),
    cents=st.just(4500),
    order_id=st.just("order1"),
    refunds=st.lists(REFUNDS, max_size=3),
    charged_back_cents=st.sampled_from((0, 1000, 4500)),
)


@given(st.lists(TOLD, min_size=1, max_size=8))
def test_whatever_was_told_in_between_what_is_booked_is_what_was_told_last(told: list[ProviderPayment]) -> None:
    payment, booked = OPEN, []
    for one in told:
        after = seen(payment, one, NOW)
        booked.append(moves(payment, after))
        payment = after
        assert seen(payment, one, NOW) is payment  # again is nothing new

    last = told[-1]
    paid = 4500 if last.status is PaymentStatus.PAID else 0
    back = sum(one.cents for one in last.refunds if one.status not in (RefundStatus.FAILED, RefundStatus.CANCELED))
    assert sum(one.received for one in booked) == paid - last.charged_back_cents
    assert sum(one.returned for one in booked) == back


@pytest.mark.parametrize(
    ("order", "moved", "whose"),
    [
        (OrderBefore(4500, False), Moves(4500, 0, 0), None),
        (OrderBefore(9000, False), Moves(4500, 0, 0), None),  # the order costs more by now: the family owes the rest
        (OrderBefore(4000, False), Moves(4500, 0, 0), MoneyTaskKind.TOO_MUCH),
        (OrderBefore(0, False), Moves(4500, 0, 0), MoneyTaskKind.TWICE),
        (OrderBefore(-500, False), Moves(4500, 0, 0), MoneyTaskKind.TWICE),
        (OrderBefore(0, True), Moves(4500, 0, 0), MoneyTaskKind.AFTER_CANCELLING),
        (OrderBefore(500, True), Moves(4500, 0, 0), MoneyTaskKind.AFTER_CANCELLING),
        (OrderBefore(4500, True), Moves(4500, 0, 0), None),  # what the city keeps
        (OrderBefore(0, False), Moves(0, 4500, 0), MoneyTaskKind.RETURNED),
        (OrderBefore(0, False), Moves(-4500, 0, 0), MoneyTaskKind.RETURNED),
        (OrderBefore(4500, False), Moves(0, -4500, 0), None),
        (OrderBefore(-4500, True), Moves(0, 0, 4500), None),  # what was too much
        (OrderBefore(0, False), Moves(0, 0, 4500), MoneyTaskKind.RETURNED),  # at the provider's own site
        (OrderBefore(0, True), Moves(0, 0, -4500), MoneyTaskKind.AFTER_CANCELLING),  # a refund that failed
        (OrderBefore(0, False), Moves(0, 0, -4500), MoneyTaskKind.TOO_MUCH),
        (None, Moves(4500, 0, 0), MoneyTaskKind.UNKNOWN),
        (None, Moves(0, 0, 0), None),
        (OrderBefore(-500, False), Moves(0, 0, 0), None),
    ],
)
def test_a_person_sees_what_is_not_as_it_was_meant(
    order: OrderBefore | None, moved: Moves, whose: MoneyTaskKind | None
) -> None:
    assert task_kind(order, moved) is whose


@pytest.mark.parametrize(
    ("status", "is_returning", "after", "watched"),
    [
        (PaymentStatus.OPEN, False, timedelta(days=12), True),
        (PaymentStatus.PENDING, False, timedelta(0), True),
        (PaymentStatus.OPEN, False, WATCHED_AT_MOST, False),
        (PaymentStatus.PAID, False, timedelta(0), False),
        (PaymentStatus.PAID, True, timedelta(days=2), True),
        (PaymentStatus.FAILED, False, WATCHED_AFTER_END - timedelta(seconds=1), True),
        (PaymentStatus.FAILED, False, WATCHED_AFTER_END, False),
    ],
)
def test_what_may_still_change_is_looked_at_each_hour(
    status: PaymentStatus, is_returning: bool, after: timedelta, watched: bool
) -> None:
    told = ProviderPayment("tr_1", status, 4500, "order1")
    payment = seen(OPEN, told, NOW)
    if is_returning:
        payment = seen(payment, ProviderPayment("tr_1", status, 4500, "order1", "", [REFUND]), NOW)
    assert is_watched(payment, NOW + after) is watched


REFUND = ProviderRefund("re_1", 500, RefundStatus.PENDING)


@pytest.mark.parametrize(("minute", "hour"), [(0, 19), (44, 19), (45, 20), (59, 20)])
def test_the_next_look_is_at_a_full_hour_a_quarter_away(minute: int, hour: int) -> None:
    assert next_hour(NOW.replace(minute=minute, second=7)) == NOW.replace(hour=hour)
