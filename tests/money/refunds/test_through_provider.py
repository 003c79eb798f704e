"""What was paid on line goes back through its provider, once, whatever happens on the way."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chalicelib.core import table as core_table
from chalicelib.core.http.problems import Problem
from chalicelib.money.books.rules import BookAccount
from chalicelib.money.online import refunding
from chalicelib.money.online.mollie import Mollie
from chalicelib.money.online.provider import ProviderAway, ProviderRefuses
from chalicelib.money.orders import table as orders
from chalicelib.money.refunds import releasing, table, through_provider
from chalicelib.money.refunds.rules import RefundState
from tests.money.online.given import Paying
from tests.money.refunds.given import ELS, JAN


def now() -> datetime:
    return datetime.now(UTC)


def overpaid(paying: Paying) -> str:
    """45 euros were paid, and it costs 25 by now. The id of the payment."""
    payment = paying.begun()
    paying.standin.becomes(payment, "paid")
    core_table.transact_write(orders.putting(paying.order, replace(paying.order, amount_cents=2500)))
    return payment


def release(paying: Paying, number: int = 1):
    refund = releasing.of_order(paying.order_id).refunds[number - 1]
    seen = releasing.Seen(paying.order_id, refund.number, refund.cents, refund.to.source)
    releasing.release(seen, ELS, now())
    return releasing.release(seen, JAN, now())


def test_the_second_release_asks_the_provider_and_it_is_booked(paying: Paying) -> None:
    payment = overpaid(paying)

    done = release(paying)

    assert (done.state, done.to.payment_id, done.cents) == (RefundState.OUT, payment, 2000)
    assert (paying.order.returned_cents, paying.order.balance_cents) == (2000, 0)
    assert paying.booked()[BookAccount.PROVIDER] == 2500
    assert list(table.released()) == []  # no file for the bank has it
    assert releasing.of_order(paying.order_id).waiting == []


def test_a_provider_that_is_away_is_asked_again_and_pays_back_once(paying: Paying, monkeypatch) -> None:
    overpaid(paying)
    with monkeypatch.context() as away:
        away.setattr(refunding, "refund", lambda *_: (_ for _ in ()).throw(ProviderAway))
        assert release(paying).state is RefundState.RELEASED
    assert paying.order.returned_cents == 0
    assert releasing.of_order(paying.order_id).waiting == []  # it is on its way already

    for _ in range(2):
        try:
            through_provider.ask_again(paying.order_id, 1, now())
        except Problem:
            continue

    assert table.get(paying.order_id, 1).state is RefundState.OUT
    assert paying.order.returned_cents == 2000


def test_what_the_provider_refuses_waits_again_and_may_go_to_an_account(paying: Paying, monkeypatch) -> None:
    overpaid(paying)
    monkeypatch.setattr(refunding, "refund", lambda *_: (_ for _ in ()).throw(ProviderRefuses(422)))

    assert release(paying).state is RefundState.TAKEN_BACK

    again = releasing.of_order(paying.order_id).waiting
    assert [(one.number, one.cents) for one in again] == [(2, 2000)]
    given = releasing.give_account(paying.order_id, 2, "BE71096123456769", "An Claeys", 2000, ELS, now())
    assert given.to.payment_id == ""


@pytest.mark.parametrize("refusal", [200, 401])
def test_an_answer_that_nobody_understands_pays_back_once(paying: Paying, monkeypatch, refusal) -> None:
    overpaid(paying)
    makes = Mollie.refund

    def made_and_not_understood(*about):
        makes(*about)
        raise ProviderRefuses(200, "KeyError")

    with monkeypatch.context() as strange:
        strange.setattr(Mollie, "refund", made_and_not_understood)
        assert release(paying).state is RefundState.RELEASED
        strange.setattr(Mollie, "ask", lambda *_: (_ for _ in ()).throw(ProviderRefuses(refusal)))
        assert through_provider.ask_again(paying.order_id, 1, now()).state is RefundState.RELEASED

    through_provider.ask_again(paying.order_id, 1, now())

    assert (paying.order.returned_cents, paying.order.balance_cents) == (2000, 0)
    assert [one.number for one in table.of_order(paying.order_id)] == [1]


def test_a_refund_that_fails_days_later_waits_again(paying: Paying) -> None:
    payment = overpaid(paying)
    release(paying)

    paying.standin.refund_becomes(payment, "failed")

    assert paying.order.balance_cents == -2000
    assert [(one.number, one.cents) for one in releasing.of_order(paying.order_id).waiting] == [(2, 2000)]


@pytest.mark.parametrize("amount", [4500, 5000])
def test_an_order_that_is_owed_something_again_asks_no_provider(paying: Paying, amount: int) -> None:
    overpaid(paying)
    refund = releasing.of_order(paying.order_id).refunds[0]
    seen = releasing.Seen(paying.order_id, 1, refund.cents, refund.to.source)
    releasing.release(seen, ELS, now())
    core_table.transact_write(orders.putting(paying.order, replace(paying.order, amount_cents=amount)))

    with pytest.raises(Problem):
        releasing.release(seen, JAN, now())

    assert paying.order.returned_cents == 0
