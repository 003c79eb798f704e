"""A family pays on line, and what it pays is booked once, however the news of it come."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from chalicelib.core import table as core_table
from chalicelib.money.books.rules import BookAccount
from chalicelib.money.online import looking, refunding, table, watching
from chalicelib.money.online.provider import ProviderRefuses, of_city
from chalicelib.money.online.rules import PaymentStatus
from chalicelib.money.orders import table as orders
from chalicelib.money.orders.rules import OrderStatus
from chalicelib.money.statements import tasks
from chalicelib.money.statements.movements import MoneyTaskKind
from tests.booking.registrations.callers import Crash
from tests.camps import JEF, family
from tests.interrupting import before_write, crash
from tests.money.online.given import Paying, called

OWED = {BookAccount.RECEIVABLE: 4500, BookAccount.INCOME: -4500}
PAID = {BookAccount.PROVIDER: 4500, BookAccount.INCOME: -4500}


def now() -> datetime:
    return datetime.now(UTC)


def test_what_is_paid_is_the_orders_and_booked(paying: Paying) -> None:
    payment = paying.begun()
    assert paying.booked() == OWED
    assert paying.standin.payments[payment].description == "+++000/0000/00101+++"
    assert paying.standin.payments[payment].metadata == {"order_id": paying.order_id}

    paying.standin.becomes(payment, "paid")

    assert (paying.order.status, paying.order.received_cents) == (OrderStatus.PAID, 4500)
    assert paying.booked() == PAID


@pytest.mark.parametrize("times", [2, 3])
def test_a_call_that_comes_again_books_nothing(paying: Paying, times: int) -> None:
    payment = paying.begun()
    paying.standin.becomes(payment, "paid", "never")
    for _ in range(times):
        assert called(payment).status_code == 200

    assert paying.booked() == PAID
    assert paying.order.edition == 2


def test_nothing_in_a_call_is_believed(paying: Paying) -> None:
    payment = paying.begun()

    answer = called(payment, status="paid", amount="45.00")

    assert (answer.status_code, answer.body) == (200, b"{}")
    assert paying.booked() == OWED


@pytest.mark.parametrize("body", [b"", b"id=", b"id=tr_1&id=tr_2", b"\xff\xfe", b"id=tr_1%0a", b"x" * 100_000, b"{}"])
def test_any_call_is_answered_alike(paying: Paying, body: bytes) -> None:
    from tests.camps import request

    answer = request("POST", "/api/payments/provider", body, {"Content-Type": "application/x-www-form-urlencoded"})

    assert (answer.status_code, answer.body) == (200, b"{}")
    assert paying.standin.asked == []


def test_a_storm_of_invented_ids_asks_the_provider_nothing_and_writes_nothing(paying: Paying) -> None:
    paying.begun()
    paying.standin.asked.clear()

    with before_write(99, crash) as written:
        for number in range(100):
            assert called(f"tr_{number}").status_code == 200

    assert (paying.standin.asked, written) == ([], [])


def test_a_storm_about_a_payment_that_there_is_asks_for_it_so_often_in_an_hour_and_then_within_the_hour(
    paying: Paying, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "MOST_CALLS_AN_HOUR", 3)
    payment = paying.begun()
    paying.standin.asked.clear()
    for _ in range(10):
        called(payment)
    assert len(paying.standin.asked) == 3

    paying.standin.becomes(payment, "paid")
    assert paying.booked() == OWED

    watching.look_at_all(now())
    assert paying.booked() == PAID


def test_failed_may_still_become_paid(paying: Paying) -> None:
    payment = paying.begun()
    paying.standin.becomes(payment, "failed")
    assert paying.order.status is OrderStatus.OPEN

    paying.standin.becomes(payment, "paid")

    assert paying.order.status is OrderStatus.PAID
    assert paying.booked() == PAID


def test_a_second_tab_gets_the_first_ones_payment(paying: Paying) -> None:
    assert paying.begin().json_body == paying.begin().json_body
    assert len(paying.standin.payments) == 1


@pytest.mark.parametrize("place", range(2))
def test_two_tabs_at_the_same_moment_pay_once(paying: Paying, place: int) -> None:
    """Whatever the second one does between two writes of the first."""
    other: list[str] = []
    with before_write(place, lambda: other.append(paying.begun())):
        mine = paying.begun()

    assert [mine] == other == list(paying.standin.payments)


def test_who_paid_a_moment_ago_pays_no_second_time(paying: Paying) -> None:
    """Also where the provider's call is late: it is asked first."""
    payment = paying.begun()
    paying.standin.becomes(payment, "paid", "never")

    answer = paying.begin()

    assert (answer.status_code, answer.json_body["type"].rpartition("/")[2]) == (409, "not-now")
    assert paying.booked() == PAID


def test_who_paid_by_transfer_meanwhile_is_not_led_to_pay_again_by_the_same_key(paying: Paying) -> None:
    paying.begun("key-1")
    core_table.transact_write(orders.moving_money(paying.order, received=4500))

    assert paying.begin("key-1").json_body["type"].endswith("/not-now")


def test_while_the_bank_takes_its_time_no_other_payment_begins(paying: Paying) -> None:
    paying.standin.becomes(paying.begun(), "pending")
    assert paying.begin().json_body["type"].endswith("/not-now")


def test_after_a_payment_that_failed_another_begins_and_the_same_key_stays_with_the_first(paying: Paying) -> None:
    first = paying.begun("key-1")
    paying.standin.becomes(first, "failed")
    assert paying.begun("key-1") == first

    second = paying.begun("key-2")

    assert second != first
    assert [one.payment_id for one in table.of_order(paying.order_id)] == [first, second]


def test_both_of_two_payments_are_paid_and_a_person_sees_it(paying: Paying) -> None:
    first = paying.begun()
    paying.standin.becomes(first, "canceled")
    second = paying.begun()
    paying.standin.becomes(second, "paid")
    paying.standin.becomes(first, "paid")

    assert (paying.order.status, paying.order.balance_cents) == (OrderStatus.OVERPAID, -4500)
    assert paying.booked() == {**PAID, BookAccount.PROVIDER: 9000, BookAccount.RECEIVABLE: -4500}
    (task,) = tasks.every()
    assert (task.kind, task.cents, task.about["payment_id"]) == (MoneyTaskKind.TWICE, 4500, first)


@pytest.mark.parametrize("place", range(4))
def test_whatever_breaks_off_the_next_try_has_one_payment(paying: Paying, place: int) -> None:
    """The attempt, then the payment and what is looked at each hour: two calls that write, and the end."""
    with before_write(place, crash), suppress(Crash):
        paying.begun()

    payment = paying.begun()

    assert list(paying.standin.payments) == [payment]
    assert [one.payment_id for one in table.all_watched()] == [payment]


def test_an_attempt_of_long_ago_is_not_gone_on_with(paying: Paying) -> None:
    """The provider has forgotten its key; nobody was given its address."""
    with before_write(1, crash), suppress(Crash):
        paying.begun()
    with time_machine.travel(now() + timedelta(hours=2)):
        payment = paying.begun()

    assert len(paying.standin.payments) == 2
    assert table.attempt(paying.order_id).payments == (payment,)


@pytest.mark.parametrize("place", range(3))
def test_a_look_that_breaks_off_is_made_up_for(paying: Paying, place: int) -> None:
    payment = paying.begun()
    paying.standin.becomes(payment, "paid", "never")
    with before_write(place, crash), suppress(Crash):
        looking.on_call(of_city(), payment, now())

    watching.look_at_all(now())

    assert paying.booked() == PAID
    assert paying.order.status is OrderStatus.PAID


def test_the_page_and_the_call_race_and_what_is_paid_is_booked_once(paying: Paying) -> None:
    payment = paying.begun()
    paying.standin.becomes(payment, "paid", "never")
    read = table.get(payment)

    with before_write(0, lambda: called(payment)):
        looking.look(of_city(), read, now())

    assert paying.booked() == PAID
    assert paying.order.received_cents == 4500


def test_what_nobody_tells_is_seen_within_the_hour(paying: Paying) -> None:
    payment = paying.begun()
    paying.standin.becomes(payment, "paid", "never")

    first = watching.look_at_all(now())

    assert first.after is None
    assert paying.booked() == PAID
    assert list(table.all_watched()) == []
    assert not first.is_any_left


def test_what_is_open_is_looked_at_again_and_what_ended_for_a_day_more(paying: Paying) -> None:
    payment = paying.begun()
    assert watching.look_at_all(now()).is_any_left
    paying.standin.becomes(payment, "expired")
    assert watching.look_at_all(now()).is_any_left

    with time_machine.travel(now() + timedelta(days=1, hours=1)):
        assert not watching.look_at_all(now()).is_any_left
    assert list(table.all_watched()) == []


def test_the_hourly_look_goes_on_where_its_time_was_over(paying: Paying, monkeypatch: pytest.MonkeyPatch) -> None:
    payment = paying.begun()
    paying.standin.becomes(payment, "paid", "never")
    monkeypatch.setattr(watching, "MOST_SECONDS", 0.0)
    assert watching.look_at_all(now()).after == payment
    assert paying.booked() == PAID
    assert watching.look_at_all(now(), payment).after is None  # nothing is behind it


def test_a_provider_that_is_away_loses_nothing(paying: Paying) -> None:
    payment = paying.begun()
    paying.standin.is_away = True
    paying.standin.becomes(payment, "paid")
    assert paying.booked() == OWED
    refused = paying.begin()
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "60")
    assert watching.look_at_all(now()).is_any_left

    paying.standin.is_away = False
    watching.look_at_all(now())
    assert paying.booked() == PAID


def test_news_of_a_payment_that_ended_are_kept_while_the_provider_is_away(paying: Paying) -> None:
    payment = paying.begun()
    paying.standin.becomes(payment, "paid")
    watching.look_at_all(now())
    assert list(table.all_watched()) == []

    paying.standin.is_away = True
    paying.standin.charge_back(payment, 4500)
    paying.standin.is_away = False
    watching.look_at_all(now())

    assert paying.booked() == OWED


def test_what_a_bank_takes_back_is_owed_again_until_it_gives_it_back(paying: Paying) -> None:
    payment = paying.begun()
    paying.standin.becomes(payment, "paid")
    paying.standin.charge_back(payment, 4500)
    assert (paying.order.status, paying.booked()) == (OrderStatus.OPEN, OWED)
    assert [task.kind for task in tasks.every()] == [MoneyTaskKind.RETURNED]

    paying.standin.undo_chargeback(payment)
    assert (paying.order.status, paying.booked()) == (OrderStatus.PAID, PAID)
    assert list(tasks.every()) == []


def test_a_refund_at_the_providers_own_site_comes_in_too_and_one_that_fails_goes_out_again(paying: Paying) -> None:
    payment = paying.begun()
    paying.standin.becomes(payment, "paid")
    paying.standin.refund(payment, 2000)
    assert (paying.order.returned_cents, paying.order.balance_cents) == (2000, 2000)
    assert paying.booked()[BookAccount.PROVIDER] == 2500

    paying.standin.refund_becomes(payment, "failed")
    assert (paying.order.returned_cents, paying.booked()) == (0, PAID)


def test_money_for_what_was_cancelled_meanwhile_is_somebodys_matter_and_no_second_sale(paying: Paying) -> None:
    from chalicelib.money.orders.following import follow

    payment = paying.begun()
    assert paying.an.cancel(paying.order_id).status_code == 204
    follow(paying.an.pass_.family_id, now())
    kept = paying.order.amount_cents

    paying.standin.becomes(payment, "paid")

    assert paying.order.balance_cents == kept - 4500
    assert [task.kind for task in tasks.every()] == [MoneyTaskKind.AFTER_CANCELLING]
    shown = paying.an.get(f"/api/registrations/{paying.order_id}").json_body
    assert shown["status"] == "cancelled"


def test_a_refund_is_made_once_and_booked_once(paying: Paying) -> None:
    payment = paying.begun()
    paying.standin.becomes(payment, "paid")

    made = [refunding.refund(payment, 1500, "refund1", now()) for _ in range(2)]

    assert made[0] == made[1]
    assert len(paying.standin.payments[payment].refunds) == 1
    assert paying.order.returned_cents == 1500
    assert paying.booked()[BookAccount.PROVIDER] == 3000


def test_a_refund_that_is_tried_again_days_later_is_still_the_same(paying: Paying) -> None:
    """The provider forgot the key; the refund itself says whose it is."""
    payment = paying.begun()
    paying.standin.becomes(payment, "paid")
    refunding.refund(payment, 1500, "refund1", now())
    paying.standin._answered.clear()

    refunding.refund(payment, 1500, "refund1", now())

    assert paying.order.returned_cents == 1500


@pytest.mark.parametrize("place", range(3))
def test_a_refund_that_breaks_off_is_booked_within_the_hour(paying: Paying, place: int) -> None:
    payment = paying.begun()
    paying.standin.becomes(payment, "paid")
    watching.look_at_all(now())
    with before_write(place, crash), suppress(Crash):
        refunding.refund(payment, 1500, "refund1", now())

    watching.look_at_all(now())

    went_back = sum(1500 for _ in paying.standin.payments[payment].refunds)
    assert paying.order.returned_cents == went_back


def test_more_than_came_is_not_refunded(paying: Paying) -> None:
    payment = paying.begun()
    paying.standin.becomes(payment, "paid")
    with pytest.raises(ProviderRefuses):
        refunding.refund(payment, 4501, "refund1", now())
    assert paying.booked() == PAID


def test_a_payment_of_which_the_order_is_gone_is_nobodys_yet(paying: Paying) -> None:
    payment = paying.begun()
    core_table.call("DeleteItem", Key=core_table.key(*_order_key(paying)))

    paying.standin.becomes(payment, "paid")

    assert paying.booked() == {**OWED, BookAccount.PROVIDER: 4500, BookAccount.UNSETTLED: -4500}


def _order_key(paying: Paying) -> tuple[str, str]:
    from chalicelib.money.orders.table import _key

    return _key(paying.order_id)


def test_an_answer_about_another_order_books_nothing(paying: Paying) -> None:
    payment = paying.begun()
    paying.standin.payments[payment].metadata = {"order_id": "somebody-elses"}

    paying.standin.becomes(payment, "paid")

    assert paying.booked() == OWED


def test_another_familys_order_is_not_there(paying: Paying) -> None:
    stranger = family(JEF, email="ex@example.be")
    assert paying.begin(who=stranger).status_code == 404
    paying.order_id = "a" * 2200  # longer than any key of the table
    assert paying.begin(who=stranger).status_code == 404
    assert paying.standin.payments == {}


def test_a_city_without_a_contract_takes_no_payment(paying: Paying, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAYMENTS_KEY", "")
    assert paying.begin().status_code == 404
    assert called("tr_1").status_code == 200


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/account",
        "https://kamp.kaprijke.example.evil.example/",
        "https://kamp.kaprijke.example@evil.example/",
        "https://kamp.kaprijke.example:444/",
        "http://kamp.kaprijke.example/",
        "//kamp.kaprijke.example/x",
        "https://kamp.kaprijke.example\\@evil.example/",
        "https://kamp.kaprijke.example",
        "javascript:alert(1)",
        "/account",
        "",
    ],
)
def test_a_family_comes_back_to_us_alone(paying: Paying, elsewhere: str) -> None:
    answer = paying.begin(return_url=elsewhere)
    assert (answer.status_code, answer.json_body["errors"][0]["field"]) == (422, "return_url")
    assert paying.standin.payments == {}


def test_a_payment_is_made_with_a_key_of_its_own(paying: Paying) -> None:
    assert paying.begin(" ").status_code == 422


def test_a_family_that_tries_for_ever_is_told_to_pay_otherwise(paying: Paying, monkeypatch: pytest.MonkeyPatch) -> None:
    from chalicelib.money.online import paying as module

    monkeypatch.setattr(module, "MOST_ATTEMPTS", 2)
    for _ in range(2):
        paying.standin.becomes(paying.begun(), "canceled", "never")
    assert paying.begin().json_body["type"].endswith("/not-now")
    assert len(paying.standin.payments) == 2


def test_a_payment_that_the_provider_has_forgotten_keeps_nobody_from_paying(paying: Paying) -> None:
    forgotten = paying.begun()
    del paying.standin.payments[forgotten]
    paying.standin._answered.clear()

    assert paying.begun() != forgotten


def test_an_order_that_costs_otherwise_by_now_has_a_payment_of_its_own(paying: Paying) -> None:
    first = paying.begun()
    core_table.call(
        "UpdateItem",
        Key=core_table.key(*_order_key(paying)),
        UpdateExpression="SET amount = :less",
        ExpressionAttributeValues={":less": {"N": "4000"}},
    )
    second = paying.begun()

    assert (paying.standin.payments[first].cents, paying.standin.payments[second].cents) == (4500, 4000)
    assert table.get(second).status is PaymentStatus.OPEN
