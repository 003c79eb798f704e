"""A family is told which money went back to it, and to which account."""

import pytest

from chalicelib.money.orders import table as orders
from chalicelib.money.refunds import releasing
from chalicelib.money.refunds.rules import RefundState
from chalicelib.rights import telling
from tests.money.payees.given import pays_to
from tests.money.refunds.given import AN, ELS, JAN, NOW, given_order, paid, paid_from


@pytest.mark.usefixtures("table")
def test_a_refund_is_in_the_familys_file():
    pays_to()
    with paid_from(paid(9000)):
        order = given_order(4500, 9000)
        [refund] = releasing.of_order(order.order_id).waiting
        for who in (ELS, JAN):
            releasing.release(releasing.Seen(order.order_id, 1, 4500, refund.to.source), who, NOW)

    [told] = telling.everything(orders.get(order.order_id).family_id, NOW).refunds

    assert (told.cents, told.account, told.name, told.state) == (4500, AN, "An Claeys", RefundState.RELEASED)
