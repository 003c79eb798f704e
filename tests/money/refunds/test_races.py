"""Several people of finance at once, on a DynamoDB that works as Amazon's does."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.core.http.problems import Problem
from chalicelib.core.refusals import Busy
from chalicelib.money.books.rules import BookAccount
from chalicelib.money.orders import table as orders
from chalicelib.money.refunds import filing, releasing, table
from tests.money.payees.given import pays_to
from tests.money.refunds.given import ELS, JAN, MIA, NOW, balances, given_order, paid, paid_from

pytestmark = pytest.mark.usefixtures("real_table")


@pytest.fixture(autouse=True)
def _city(real_table):
    pays_to()
    with paid_from(paid(9000)):
        yield


def seen(order):
    [refund] = releasing.of_order(order.order_id).waiting
    return releasing.Seen(order.order_id, refund.number, refund.cents, refund.to.source)


def tried(work):
    try:
        return work()
    except (Problem, Busy):
        return None


def test_two_who_release_at_once_pay_it_back_once():
    order = given_order(4500, 9000)
    wanted = seen(order)
    releasing.release(wanted, ELS, NOW)

    with ThreadPoolExecutor(4) as pool:
        people = [JAN, MIA, JAN, MIA]
        done = list(pool.map(lambda who: tried(lambda: releasing.release(wanted, who, NOW)), people))

    assert len([one for one in done if one]) == 1
    assert orders.get(order.order_id).returned_cents == 4500
    assert balances()[BookAccount.TRANSIT] == -4500


def test_two_who_make_the_file_at_once_put_each_refund_in_one_file():
    for number in range(5):
        wanted = seen(given_order(0, 9000, number))
        releasing.release(wanted, ELS, NOW)
        releasing.release(wanted, JAN, NOW)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: tried(lambda: filing.make(NOW)), range(3)))
    filing.make(NOW)

    files = table.files(10)
    assert all(one.made_at for one in files)
    assert sum(one.transfers for one in files) == 5
    assert sum(filing.fetched(one.number).content.count(b"<CdtTrfTxInf>") for one in files) == 5
    assert list(table.released()) == []
