"""From what is over to what is on its way: two people, one file, the bank's statement."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from unittest.mock import Mock
from xml.etree import ElementTree

import pytest

from chalicelib.core import table as core_table
from chalicelib.core.http.problems import CHANGED, NOT_NOW, Problem
from chalicelib.core.refusals import Refused
from chalicelib.money.books.rules import BookAccount
from chalicelib.money.orders import table as orders
from chalicelib.money.orders.rules import Adjustment, OrderStatus
from chalicelib.money.refunds import filing, releasing, settling, table
from chalicelib.money.refunds.rules import RefundState
from tests.money.payees.given import KAPRIJKE, pays_to
from tests.money.refunds.given import (
    AN,
    ELS,
    JAN,
    JEF,
    MIA,
    NOW,
    amounts,
    balances,
    costs_now,
    given_order,
    paid,
    paid_from,
)

pytestmark = pytest.mark.usefixtures("city")
OPEN_DAYS = (NOW.date(), (NOW + timedelta(days=1)).date(), (NOW + timedelta(days=2)).date())


@pytest.fixture
def city(table):
    pays_to()
    with paid_from(paid(9000)):
        yield


def seen(refund, **more):
    return releasing.Seen(
        *(refund.order_id, refund.number, more.get("cents", refund.cents), more.get("source", refund.to.source))
    )


def the_refund(order, number=1):
    return releasing.of_order(order.order_id).refunds[number - 1]


def released(order, number=1, at=NOW):
    refund = the_refund(order, number)
    releasing.release(seen(refund), ELS, at)
    return releasing.release(seen(refund), JAN, at)


def why(raised):
    return str(raised.value.values["why"])


def test_two_people_release_what_is_over():
    order = given_order(4500, 9000)

    first = releasing.release(seen(the_refund(order)), ELS, NOW)
    assert (first.state, orders.get(order.order_id).returned_cents) == (RefundState.WAITING, 0)
    second = releasing.release(seen(the_refund(order)), JAN, NOW)

    assert second.state is RefundState.RELEASED
    now = orders.get(order.order_id)
    assert (now.returned_cents, now.balance_cents, now.status) == (4500, 0, OrderStatus.PAID)
    assert list(orders.overpaid("Kaprijke")) == []
    assert balances() == {BookAccount.INCOME: -4500, BookAccount.BANK: 9000, BookAccount.TRANSIT: -4500}


@pytest.mark.parametrize("again", [ELS])
def test_nobody_releases_twice(again):
    order = given_order(0, 9000)
    releasing.release(seen(the_refund(order)), ELS, NOW)

    with pytest.raises(Problem) as raised:
        releasing.release(seen(the_refund(order)), again, NOW)

    assert raised.value.kind is NOT_NOW
    assert orders.get(order.order_id).returned_cents == 0


def test_the_write_itself_refuses_who_released_it_already():
    order = given_order(0, 9000)
    releasing.release(seen(the_refund(order)), ELS, NOW)

    with pytest.raises(Refused):
        core_table.transact_write(
            [table.putting(replace(the_refund(order), second_by=ELS.staff_id), NOW, by=ELS.staff_id)]
        )


def test_who_typed_the_account_does_not_release_it():
    order = given_order(0, 9000)
    releasing.give_account(order.order_id, 1, "NL91 ABNA 0417 1643 00", "Jef Claeys", 9000, ELS, NOW)
    refund = the_refund(order)

    for who in (ELS,):
        with pytest.raises(Problem):
            releasing.release(seen(refund), who, NOW)
    releasing.release(seen(refund), JAN, NOW)
    done = releasing.release(seen(refund), MIA, NOW)

    assert (done.to.iban, done.state) == (JEF, RefundState.RELEASED)


def test_who_typed_the_account_does_not_release_it_when_a_colleague_types_the_amount_anew():
    order = given_order(0, 9000)
    releasing.give_account(order.order_id, 1, JEF, "Jef Claeys", 9000, ELS, NOW)
    releasing.give_account(order.order_id, 1, JEF, "Jef Claeys", 4000, MIA, NOW)
    refund = the_refund(order)

    for who in (ELS, MIA):
        with pytest.raises(Problem):
            releasing.release(seen(refund), who, NOW)
        with pytest.raises(Refused):
            core_table.transact_write([table.putting(refund, NOW, by=who.staff_id)])
    releasing.release(seen(refund), JAN, NOW)
    assert the_refund(order).state is RefundState.WAITING


def test_an_account_that_is_typed_makes_an_earlier_release_void():
    order = given_order(0, 9000)
    releasing.release(seen(the_refund(order)), ELS, NOW)

    releasing.give_account(order.order_id, 1, JEF, "Jef Claeys", 4000, JAN, NOW)

    assert amounts(releasing.of_order(order.order_id).refunds) == [(4000, JEF), (5000, AN)]
    assert the_refund(order).first_by == ""


@pytest.mark.parametrize(
    ("iban", "name", "cents", "field"),
    [
        ("BE00", "An", 100, "iban"),
        ("TR330006100519786457841326", "An", 100, "iban"),
        (AN, " ", 100, "name"),
        (AN, "An", 0, "amount"),
        (AN, "An", 9001, "amount"),
    ],
)
def test_what_is_typed_wrong_is_refused_by_its_field(iban, name, cents, field):
    order = given_order(0, 9000)

    with pytest.raises(Problem) as raised:
        releasing.give_account(order.order_id, 1, iban, name, cents, ELS, NOW)

    assert [one.field for one in raised.value.errors] == [field]


def test_who_changed_what_the_order_costs_does_not_release_it():
    order = given_order(0, 9000)
    changed = replace(order, adjustments=(Adjustment("a1", -100, "Ziek", ELS.staff_id, NOW),))
    core_table.transact_write(orders.putting(order, changed))

    with pytest.raises(Problem):
        releasing.release(seen(the_refund(order)), ELS, NOW)


def test_an_order_that_is_owed_something_again_takes_its_refund_away():
    order = given_order(4500, 9000)
    refund = the_refund(order)
    releasing.release(seen(refund), ELS, NOW)
    costs_now(order, 9500)

    with pytest.raises(Problem) as raised:
        releasing.release(seen(refund), JAN, NOW)

    assert raised.value.kind is CHANGED
    assert releasing.of_order(order.order_id).refunds == ()
    assert table.of_order(order.order_id) == []


def test_an_amount_that_changed_since_it_was_seen_is_not_released():
    order = given_order(4500, 9000)
    refund = the_refund(order)

    for changed in ({"cents": 4501}, {"source": JEF}):
        with pytest.raises(Problem) as raised:
            releasing.release(seen(refund, **changed), ELS, NOW)
        assert raised.value.kind is CHANGED


def test_a_refund_without_an_account_is_not_released():
    with paid_from():
        order = given_order(0, 9000)
        with pytest.raises(Problem) as raised:
            releasing.release(seen(the_refund(order)), ELS, NOW)
    assert raised.value.kind is NOT_NOW


def test_an_order_that_changes_between_the_read_and_the_write_keeps_its_money(monkeypatch):
    order = given_order(4500, 9000)
    refund = the_refund(order)
    releasing.release(seen(refund), ELS, NOW)
    write = core_table.transact_write_patiently

    def after_another(writes):
        costs_now(order, 9000)
        write(writes)

    monkeypatch.setattr(core_table, "transact_write_patiently", after_another)
    with pytest.raises(Problem) as raised:
        releasing.release(seen(refund), JAN, NOW)

    assert raised.value.kind is CHANGED
    assert orders.get(order.order_id).returned_cents == 0


def test_a_file_has_what_was_released_and_is_made_once():
    one, two = given_order(4500, 9000), given_order(0, 9000, 1)
    released(one), released(two)

    made = filing.make(NOW)

    content = filing.fetched(made.number).content
    assert (made.transfers, made.cents) == (2, 13500)
    assert hashlib.sha256(content).hexdigest() == made.sha256
    assert filing.make(NOW + timedelta(days=1)) is None
    assert filing.latest_or_new(NOW + timedelta(days=1)).number == made.number
    assert filing.fetched(made.number).content == content
    root = ElementTree.fromstring(content)
    said = {element.tag.partition("}")[2]: element.text for element in root.iter()}
    assert said["Nm"] == "An Claeys"
    assert said["Ustrd"] == "Terugbetaling / Remboursement +++000/0000/00101+++"
    assert said["Dt"] == "2027-07-06"
    assert root.findall(".//{*}DbtrAcct//{*}IBAN")[0].text == KAPRIJKE.iban
    assert {refund.state for refund in table.of_order(one.order_id)} == {RefundState.SENT}


def test_a_file_that_broke_off_is_gone_on_with(monkeypatch):
    order = given_order(0, 9000)
    released(order)
    with monkeypatch.context() as broken:
        broken.setattr(filing, "_of_claimed", Mock(side_effect=KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            filing.make(NOW)
    other = given_order(0, 9000, 1)
    released(other)

    made = filing.make(NOW)

    assert (made.number, made.transfers) == (1, 2)


def test_who_asks_while_a_colleague_makes_the_file_gets_it_too(monkeypatch):
    released(given_order(0, 9000))
    make = filing.make

    def claimed_by_a_colleague(now):
        monkeypatch.setattr(filing, "make", make)
        table.claim(table.several(table.released()), 1, now)

    monkeypatch.setattr(filing, "make", claimed_by_a_colleague)

    file = filing.latest_or_new(NOW)

    assert (file.number, file.transfers) == (1, 1)
    assert filing.fetched(1).content


def test_the_next_refunds_are_in_the_next_file():
    released(given_order(0, 9000))
    filing.make(NOW)
    released(given_order(0, 9000, 1))

    assert [(one.number, one.transfers) for one in (filing.make(NOW),)] == [(2, 1)]
    assert [one.number for one in table.files(10)] == [2, 1]


def test_more_than_a_transaction_takes_are_in_one_file(monkeypatch):
    monkeypatch.setattr(table, "CLAIMED_AT_ONCE", 2)
    monkeypatch.setattr(filing, "MOST_TRANSFERS", 3)
    for number in range(4):
        released(given_order(0, 9000, number))

    assert [filing.make(NOW).transfers, filing.make(NOW).transfers] == [3, 1]


def sent(order):
    released(order)
    filing.make(NOW)
    return the_refund(order)


def test_the_statement_shows_it_going_out():
    refund = sent(given_order(4500, 9000))
    [found] = settling.found([refund.reference, "NOTPROVIDED", "R-zzzzzzzzzzzzzzzzzzz-1"]).values()

    core_table.transact_write(settling.went_out(found, 4500, KAPRIJKE.iban, NOW))

    assert table.get(refund.order_id, 1).state is RefundState.OUT
    assert balances() == {BookAccount.INCOME: -4500, BookAccount.BANK: 4500}
    assert settling.went_out(table.get(refund.order_id, 1), 4500, KAPRIJKE.iban, NOW) is None


@pytest.mark.parametrize(("cents", "iban"), [(4499, KAPRIJKE.iban), (4500, AN)])
def test_what_was_not_released_so_is_for_a_person(cents, iban):
    assert settling.went_out(sent(given_order(4500, 9000)), cents, iban, NOW) is None


def test_what_the_bank_gives_back_waits_again():
    refund = sent(given_order(4500, 9000))
    core_table.transact_write(settling.went_out(refund, 4500, KAPRIJKE.iban, NOW))

    core_table.transact_write(settling.came_back(table.get(refund.order_id, 1), 4500, KAPRIJKE.iban, NOW))

    again = the_refund(orders.get(refund.order_id), 2)
    assert (again.state, again.cents, again.number) == (RefundState.WAITING, 4500, 2)
    assert balances() == {BookAccount.RECEIVABLE: -4500, BookAccount.INCOME: -4500, BookAccount.BANK: 9000}


def test_what_is_in_no_file_yet_is_taken_back_by_one_person():
    order = given_order(4500, 9000)
    released(order)

    settling.undo(order.order_id, 1, MIA, NOW)

    assert orders.get(order.order_id).balance_cents == -4500
    assert filing.make(NOW) is None
    assert balances() == {BookAccount.RECEIVABLE: -4500, BookAccount.INCOME: -4500, BookAccount.BANK: 9000}


def test_what_is_in_a_file_is_taken_back_by_two():
    refund = sent(given_order(4500, 9000))

    settling.undo(refund.order_id, 1, ELS, NOW)
    assert table.get(refund.order_id, 1).state is RefundState.SENT
    with pytest.raises(Problem):
        settling.undo(refund.order_id, 1, ELS, NOW)
    settling.undo(refund.order_id, 1, JAN, NOW)

    assert table.get(refund.order_id, 1).state is RefundState.TAKEN_BACK
    assert orders.get(refund.order_id).returned_cents == 0
    assert settling.went_out(table.get(refund.order_id, 1), 4500, KAPRIJKE.iban, NOW) is None
