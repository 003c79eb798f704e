"""A ticket sale is registered once, right before the family pays, and cancelled when its place goes."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.core.http.problems import Problem
from chalicelib.core.refusals import Busy
from chalicelib.mail import delivery
from chalicelib.mail.rules import MailKind, Message, messages
from chalicelib.money.orders import table as orders
from chalicelib.money.orders.following import follow
from chalicelib.money.orders.rules import OrderPart
from chalicelib.money.statements import settling, tasks
from chalicelib.money.statements.movements import MoneyTaskKind
from chalicelib.money.statements.settling import Deed
from chalicelib.money.uitpas import asking, ending, selling, table
from chalicelib.money.uitpas.rules import SaleStatus, UitpasTariff
from chalicelib.money.uitpas.service import UitpasAway, UitpasRefuses
from infra.local.uitpas import COUPONS, EXPIRED, EXPIRED_WORDS, NONE, SOCIAL
from tests.booking.registrations.callers import Crash
from tests.camps import BOUWKAMP, LOU
from tests.interrupting import before_write, crash
from tests.money.uitpas.given import FINANCE, WithUitpas

KANSENTARIEF = UitpasTariff("SOCIALTARIFF", "Kansentarief", 900)


def sell(one: WithUitpas, tariff: UitpasTariff = KANSENTARIEF) -> None:
    selling.sell(one.client, one.order_id, BOUWKAMP.session_id, LOU.child_id, tariff, datetime.now(UTC))


def settled(one: WithUitpas, seconds: int = 0) -> None:
    ending.settle(one.family_id, datetime.now(UTC) + timedelta(seconds=seconds))


def leaves(one: WithUitpas) -> None:
    assert one.an.cancel(one.order_id).status_code in (200, 204)
    follow(one.family_id, datetime.now(UTC))


def open_tasks() -> list[MoneyTaskKind]:
    return [task.kind for task in tasks.every()]


def test_what_uitpas_says_is_shown_and_nothing_is_computed(uitpas: WithUitpas) -> None:
    uitpas.has()
    (place,) = asking.places(uitpas.client, uitpas.order)
    assert (place.cents, place.tariffs) == (4500, (KANSENTARIEF,))


@pytest.mark.parametrize(("number", "words"), [(EXPIRED, EXPIRED_WORDS), (NONE, "Je kan dit ticket niet")])
def test_its_words_come_with_an_error_or_without(uitpas: WithUitpas, number: str, words: str) -> None:
    uitpas.has(number)
    (place,) = asking.places(uitpas.client, uitpas.order)
    assert place.answer
    assert (place.tariffs, place.answer.message[: len(words)]) == ((), words)


def test_a_sale_takes_off_the_order_what_uitpas_said(uitpas: WithUitpas) -> None:
    uitpas.has()
    sell(uitpas)
    sell(uitpas)  # the button, pressed twice

    (sold,) = uitpas.standin.sales
    assert uitpas.sale
    assert (uitpas.sale.status, uitpas.sale.sale_id) == (SaleStatus.SOLD, sold)
    assert (uitpas.order.amount_cents, uitpas.order.balance_cents) == (900, 900)
    (line,) = [each for each in uitpas.order.lines if each.part is OrderPart.ADJUSTED]
    assert (line.amount_cents, line.article, line.child_id) == (-3600, "UiTPAS: Kansentarief", LOU.child_id)


def test_while_uitpas_is_away_the_price_without_it_stands(uitpas: WithUitpas) -> None:
    uitpas.has()
    uitpas.standin.way = "away"
    (place,) = asking.places(uitpas.client, uitpas.order)
    assert (place.is_away, place.cents, place.tariffs) == (True, 4500, ())


def test_while_uitpas_asks_for_patience_nothing_is_sold_and_it_can_be_asked_again(uitpas: WithUitpas) -> None:
    uitpas.has()
    uitpas.standin.way = "limited"

    (place,) = asking.places(uitpas.client, uitpas.order)
    with pytest.raises(UitpasAway):
        sell(uitpas)

    assert (place.is_away, place.cents, uitpas.sale, uitpas.order.balance_cents) == (True, 4500, None, 4500)
    uitpas.standin.way = "well"
    sell(uitpas)
    assert uitpas.order.balance_cents == 900


def test_what_uitpas_refuses_is_not_sold(uitpas: WithUitpas) -> None:
    uitpas.has(COUPONS)
    with pytest.raises(UitpasRefuses, match="400") as refused:
        sell(uitpas)
    assert (refused.value.message, uitpas.sale) == ("Je hebt dit voordeel al gebruikt.", None)


def test_a_sale_without_an_answer_is_asked_for_once_and_is_finances(uitpas: WithUitpas) -> None:
    uitpas.has()
    uitpas.standin.way = "lost"
    for _ in range(2):
        with pytest.raises(Problem) as refused:
            sell(uitpas)
        assert "did not say" in str(refused.value.document("en"))

    assert (len(uitpas.standin.sales), uitpas.order.balance_cents, open_tasks()) == (1, 4500, [MoneyTaskKind.UITPAS])

    uitpas.standin.way, uitpas.standin.sales = "well", {}  # finance cancels it at UiTPAS, and says so
    (task,) = tasks.every()
    settling.finish(task.task_id, Deed(FINANCE, datetime.now(UTC), 0, "Cancelled in UiTPAS"))
    sell(uitpas)
    assert uitpas.order.balance_cents == 900


@pytest.mark.parametrize("number", range(4))
def test_a_crash_between_two_writes_sells_nothing_twice(uitpas: WithUitpas, number: int) -> None:
    uitpas.has()
    with before_write(number, crash), suppress(Crash):
        sell(uitpas)
    before = len(uitpas.standin.sales)

    settled(uitpas, 60)  # what the stream sees to, a minute later

    assert before <= 1
    if uitpas.sale is None:
        assert before == 0
    elif uitpas.sale.status is SaleStatus.STUCK:
        assert (open_tasks(), uitpas.order.adjustments) == ([MoneyTaskKind.UITPAS], ())
    else:
        assert uitpas.sale.stands(uitpas.order)
    assert len(uitpas.standin.sales) == before


def test_who_leaves_pays_by_what_it_paid_and_the_ticket_is_cancelled(uitpas: WithUitpas) -> None:
    uitpas.has()
    sell(uitpas)

    leaves(uitpas)
    settled(uitpas)

    assert (uitpas.standin.sales, uitpas.sale, uitpas.order.adjustments) == ({}, None, ())
    assert [gone.price_cents for gone in uitpas.order.gone] == [900]


def test_a_place_that_costs_otherwise_loses_what_uitpas_took_off(uitpas: WithUitpas) -> None:
    uitpas.has()
    sell(uitpas)
    (adjustment,) = uitpas.order.adjustments
    other = replace(adjustment, of_cents=4000)
    from chalicelib.core.table import transact_write

    transact_write(orders.putting(uitpas.order, replace(uitpas.order, adjustments=(other,))))

    follow(uitpas.family_id, datetime.now(UTC))
    settled(uitpas)

    assert (uitpas.order.amount_cents, uitpas.standin.sales, uitpas.sale) == (4500, {}, None)


def test_a_ticket_is_cancelled_when_uitpas_is_there_again(uitpas: WithUitpas) -> None:
    uitpas.has()
    sell(uitpas)
    leaves(uitpas)
    uitpas.standin.way = "away"
    with pytest.raises(Busy):  # and the queue tries again
        delivery.DO[MailKind.UITPAS](Message(MailKind.UITPAS, uitpas.family_id))
    uitpas.standin.way = "well"
    settled(uitpas)
    assert (uitpas.standin.sales, uitpas.sale) == ({}, None)


@pytest.mark.parametrize(("way", "times"), [("keeps", 1), ("away", ending.MOST_TRIES)])
def test_a_ticket_that_uitpas_does_not_cancel_is_finances(uitpas: WithUitpas, way: str, times: int) -> None:
    uitpas.has()
    sell(uitpas)
    leaves(uitpas)
    uitpas.standin.way = way
    for number in range(times):
        if number + 1 < times:
            with pytest.raises(Busy):
                settled(uitpas)
        else:
            settled(uitpas)
    (task,) = tasks.every()
    assert (task.kind, task.about["sale_id"]) == (MoneyTaskKind.UITPAS, next(iter(uitpas.standin.sales)))


def test_the_stream_asks_for_a_look_at_each_sale_and_each_order_that_drops_one() -> None:
    look = Message(MailKind.UITPAS, "f4m")
    ticket = {"pk": "ACCOUNT#f4m", "sk": "TICKET#a#s#c"}
    order = {"pk": "ACCOUNT#f4m", "sk": "ORDER#a"}
    had, dropped = {"inputs": '[{"adjustment_id":"uitpas#s#c"}]'}, {"inputs": "[]"}

    assert messages("INSERT", ticket, {}, {"status": "asked"}) == [look]
    assert messages("MODIFY", order, had, dropped) == [Message(MailKind.ACCOUNT, "f4m"), look]
    assert messages("MODIFY", order, dropped, {"inputs": "[1]"}) == [Message(MailKind.ACCOUNT, "f4m")]
    assert messages("INSERT", {"pk": "F#f4m", "sk": "UITPAS#c"}, {}, {"number": "1"}) == []
    assert Message.from_json(look.to_json()) == look


def test_a_family_tries_few_numbers(uitpas: WithUitpas) -> None:
    for number in range(table.MOST_CHANGES):
        uitpas.has(f"{number:013}")
    assert not table.put_number(uitpas.family_id, LOU.child_id, SOCIAL, datetime.now(UTC))
    table.forget_number(uitpas.family_id, LOU.child_id)
    assert table.numbers_of(uitpas.family_id) == {}
    assert not table.put_number(uitpas.family_id, LOU.child_id, SOCIAL, datetime.now(UTC))


def test_no_number_of_a_pass_stands_with_the_money(uitpas: WithUitpas) -> None:
    from tests.core.http.summer import stored

    uitpas.has()
    sell(uitpas)
    assert [item["pk"]["S"][:2] for item in stored() if SOCIAL in str(item)] == ["F#"]
