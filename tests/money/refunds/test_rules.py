"""How much goes back, and to which account."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.money.orders.rules import Adjustment, Order
from chalicelib.money.refunds.rules import (
    Destination,
    Refund,
    RefundState,
    is_stale,
    may_release,
    of_reference,
    over,
    proposed,
)
from tests.money.refunds.given import AN, JEF, NOW, amounts, order_id, paid


def order(amount=0, received=0, returned=0, **more):
    some = Order(order_id(), "Kaprijke", "", amount, received, returned, date(2027, 7, 19), date(2027, 8, 18), (), NOW)
    return replace(some, **more)


def refund(cents, iban=AN, state=RefundState.OUT, number=1, **more):
    return Refund(order_id(), number, "Kaprijke", cents, Destination(iban, "An Claeys"), state, **more)


def test_what_is_over_goes_back_to_the_account_that_paid_last_first():
    payments = [paid(3000, AN, days_ago=9), paid(2000, JEF, days_ago=1)]

    assert amounts(proposed(order(1000, 5000), payments, [])) == [(2000, JEF), (2000, AN)]


def test_never_more_to_an_account_than_came_from_it():
    payments = [paid(3000, AN, days_ago=9), paid(500, JEF, days_ago=1)]

    assert amounts(proposed(order(0, 9000), payments, [])) == [(500, JEF), (3000, AN), (5500, "")]


def test_what_went_back_already_counts():
    some = order(0, 5000, 2000)

    assert amounts(proposed(some, [paid(3000), paid(2000, JEF, days_ago=1)], [refund(2000, JEF)])) == [(3000, AN)]


def test_what_the_bank_gave_back_may_go_out_again():
    some = order(0, 5000, 0)

    [again] = proposed(some, [paid(5000)], [refund(5000, state=RefundState.RETURNED)])

    assert (again.cents, again.to.iban, again.number) == (5000, AN, 2)


def test_what_waits_is_not_proposed_again():
    assert not list(proposed(order(0, 5000), [paid(5000)], [refund(5000, state=RefundState.WAITING)]))


def test_a_payment_on_line_goes_back_through_its_provider():
    payments = [paid(3000), paid(2000, "", "", 1, "tr_7")]

    found = list(proposed(order(1000, 5000), payments, []))

    assert [(one.cents, one.to.payment_id) for one in found] == [(2000, "tr_7"), (2000, "")]


def test_an_order_that_is_owed_something_gives_nothing_back():
    assert over(order(5000, 4000)) == 0
    assert not list(proposed(order(5000, 4000), [paid(4000)], []))
    assert is_stale(order(5000, 4000), [refund(1, state=RefundState.WAITING)])
    assert not is_stale(order(5000, 4000), [refund(1, state=RefundState.RELEASED)])


@pytest.mark.parametrize(
    ("staff_id", "may"), [("third", True), ("first", False), ("typed", False), ("adjusted", False)]
)
def test_who_has_a_hand_in_it_releases_nothing(staff_id, may):
    some = order(adjustments=(Adjustment("a1", -500, "Ziek op 3 juli", "adjusted", NOW),))

    assert may_release(refund(500, first_by="first", given_by=("typed",)), some, staff_id) is may


def test_the_reference_on_the_statement_leads_back():
    some = refund(500, number=12)

    assert some.reference == f"R-{order_id()}-12"
    assert of_reference(f" {some.reference} ") == (order_id(), 12)
    assert len(refund(500, number=9999).reference) <= 35
    for other in ("", "NOTPROVIDED", "R-abc-1", f"R-{order_id()}", f"X{some.reference}"):
        assert of_reference(other) is None


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("pay"), st.sampled_from([AN, JEF, ""]), st.integers(1, 9000)),
        st.tuples(st.just("cost"), st.just(""), st.integers(0, 9000)),
        st.tuples(st.sampled_from(["release", "out", "returned", "taken-back"]), st.just(""), st.integers(0, 3)),
    ),
    max_size=25,
)


@given(steps=STEPS)
def test_whatever_happens_no_more_goes_back_than_came_in_nor_to_an_account_than_came_from_it(steps):
    some, payments, refunds = order(), [], []
    for day, (step, iban, number) in enumerate(steps):
        if step == "pay":
            payments.append(replace(paid(number, iban), at=NOW.replace(day=1 + day)))
            some = replace(some, received_cents=some.received_cents + number)
        elif step == "cost":
            some = replace(some, amount_cents=number)
        elif step == "release":
            known = [one for one in proposed(some, payments, refunds) if one.to.is_known]
            for one in known[: number + 1]:
                refunds.append(replace(one, state=RefundState.RELEASED))
                some = replace(some, returned_cents=some.returned_cents + one.cents)
        else:
            at = next((place for place, one in enumerate(refunds) if one.state in STEPS_FROM[step]), None)
            if at is not None:
                refunds[at] = replace(refunds[at], state=RefundState(step))
                if step != "out":
                    some = replace(some, returned_cents=some.returned_cents - refunds[at].cents)
        assert 0 <= some.returned_cents <= some.received_cents
        assert some.returned_cents == sum(one.cents for one in refunds if one.uses_up)
        for account in (AN, JEF):
            came = sum(one.cents for one in payments if one.iban == account)
            assert sum(one.cents for one in refunds if one.uses_up and one.to.iban == account) <= came
        assert len({one.number for one in refunds}) == len(refunds)


STEPS_FROM = {
    "out": {RefundState.RELEASED},
    "returned": {RefundState.OUT},
    "taken-back": {RefundState.RELEASED},
}
