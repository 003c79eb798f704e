"""Refunds and the bank's statements: from an account, and back to it."""

from datetime import timedelta

import pytest

from chalicelib.money.books.rules import BookAccount
from chalicelib.money.orders import table as orders
from chalicelib.money.refunds import filing, releasing, table
from chalicelib.money.refunds.rules import RefundState
from chalicelib.money.statements import tasks
from chalicelib.money.statements.movements import MoneyTaskKind
from infra.local.banks import DAY, Entry
from tests.money.refunds.given import AN, ELS, JAN, amounts
from tests.money.statements.given import NOW, city, ledger, order, paying, taken

pytestmark = pytest.mark.usefixtures("_city")

OTHER = "BE43068999999501"


@pytest.fixture
def _city(table):
    city()


def released(order_id: str):
    [refund] = releasing.of_order(order_id).refunds
    for who in (ELS, JAN):
        releasing.release(releasing.Seen(order_id, 1, refund.cents, refund.to.source), who, NOW)
    filing.make(NOW)
    return table.get(order_id, 1)


def test_what_two_accounts_paid_goes_back_to_each():
    made = order(1, 1000)
    taken(paying(1, 3000, bank="A", day=DAY - timedelta(1)), opened_on=DAY - timedelta(1), closed_on=DAY - timedelta(1))
    taken(paying(1, 2500, iban=OTHER, name="JEF CLAEYS", bank="B"))

    assert amounts(releasing.of_order(made.order_id).refunds) == [(2500, OTHER), (2000, AN)]


@pytest.mark.parametrize("banks", [("A", "B"), ("B", "A"), ("C", "D"), ("D", "C")])
def test_of_one_day_goes_back_what_came_in_when_the_order_was_paid_already(banks):
    """Another family with this one's number: it gets its own money, and this one does not get its camp for nothing."""
    made = order(1, 3000)
    taken(paying(1, 3000, bank=banks[0]), paying(1, 3000, iban=OTHER, name="JEF CLAEYS", bank=banks[1]))

    assert amounts(releasing.of_order(made.order_id).refunds) == [(3000, OTHER)]


def test_what_the_bank_took_back_does_not_go_out_once_more():
    made = order(1, 0)
    taken(paying(1, 3000, bank="A"), paying(1, 1000, iban=OTHER, bank="B"))
    taken(paying(1, -1000, iban=OTHER, r="1", bank="C"))

    assert amounts(releasing.of_order(made.order_id).refunds) == [(3000, AN)]


@pytest.mark.parametrize("how", ["coda", "08"])
def test_the_statement_that_shows_a_refund_books_it_once(how):
    made = order(1, 1000)
    taken(paying(1, 4500, bank="A"))
    refund = released(made.order_id)
    assert ledger()[BookAccount.TRANSIT] == -3500
    out = Entry(-3500, end_to_end=refund.reference, bank="OUT1", text="Terugbetaling")

    taken(out, how=how)
    taken(out, how=how)

    assert table.get(made.order_id, 1).state is RefundState.OUT
    sums = ledger()
    assert (sums[BookAccount.TRANSIT], sums[BookAccount.BANK], sums[BookAccount.RECEIVABLE]) == (0, 1000, -1000)
    assert [one.kind for one in tasks.every()] == [MoneyTaskKind.TOO_MUCH]


def test_a_refund_that_comes_back_waits_again():
    made = order(1, 1000)
    taken(paying(1, 4500, bank="A"))
    refund = released(made.order_id)
    taken(Entry(-3500, end_to_end=refund.reference, bank="OUT1"))

    taken(Entry(3500, end_to_end=refund.reference, bank="BACK1", r="1"))

    assert table.get(made.order_id, 1).state is RefundState.RETURNED
    assert orders.get(made.order_id).balance_cents == -3500
    assert [(one.cents, one.state) for one in releasing.of_order(made.order_id).waiting] == [
        (3500, RefundState.WAITING)
    ]
    assert ledger()[BookAccount.BANK] == 4500


def test_a_refund_of_another_amount_is_for_a_person():
    made = order(1, 1000)
    taken(paying(1, 4500, bank="A"))
    refund = released(made.order_id)

    answer = taken(Entry(-3501, end_to_end=refund.reference, bank="OUT1"))

    assert answer.tasks == 1
    assert table.get(made.order_id, 1).state is RefundState.SENT
    assert ledger()[BookAccount.UNSETTLED] == 3501
