"""Proofs that a person accepts: of who cancelled, and for days on which a child was ill."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from unittest.mock import patch

import pytest

from chalicelib.core import table as core_table
from chalicelib.core.http.problems import CHANGED, Problem
from chalicelib.core.moments import today
from chalicelib.money.orders import following
from chalicelib.money.orders import table as orders
from chalicelib.money.orders.following import follow
from chalicelib.money.orders.rules import Order, OrderLine, OrderPart
from chalicelib.money.refunds import absences, proving, releasing
from chalicelib.money.refunds.absences import Absence
from chalicelib.money.tariffs.rules import Kept, Labels, Line, PriceRole, Tariff, Unit, Version
from chalicelib.people.staff.rules import Role
from tests.camps import BOUWKAMP, LOU, Family, family, published
from tests.money.payees.given import pays_to
from tests.money.refunds.given import ELS, JAN, MIA, NOW, order_id, paid, paid_from
from tests.pages.frame.browsing import Browser

WORDS = Labels("Ziek", "Malade", "Ill")
ILL = Kept("ill", WORDS, "art. 8", cents=200, proofs=("sick-note",), proof_days=5)
LATE = Kept("late", WORDS, "art. 7", cents=2000)
DAY_PRICE = Line("day", WORDS, "art. 1", Unit.DAY, 1500)
TARIFF = Tariff(WORDS, (Version(date(2020, 1, 1), "1 december", (DAY_PRICE,), cancelling=(LATE, ILL)),))


# Harelbeke: five euros a day; with a sick note within five days of the end the money is back, minus two euros.
FIVE_A_DAY = Version(
    date(2020, 1, 1),
    "1 december",
    (replace(DAY_PRICE, cents=500), Line("late", WORDS, "art. 4", Unit.CAMP, 1000, role=PriceRole.FINE, name="late")),
    cancelling=(ILL,),
)
LAST = date(2027, 7, 9)


def line(cents: int, rule: str = "day", part: OrderPart = OrderPart.PRICE) -> OrderLine:
    return OrderLine("s1", "lou", WORDS, 1, cents, cents, rule, "art. 1", "day", 1, part)


@pytest.mark.parametrize(
    ("days", "handed_in", "back"),
    [
        (5, LAST, 2300),
        (2, LAST + timedelta(5), 800),
        (2, LAST + timedelta(6), 0),
    ],
)
def test_days_that_a_child_was_ill_are_settled_by_the_councils_rule(days, handed_in, back):
    order = Order(
        order_id(), "Harelbeke", "", 3500, 0, 0, LAST, LAST, (line(2500), line(1000, "late", OrderPart.FINE)), NOW
    )
    absence = Absence("s1", "lou", days, 5, LAST - timedelta(4), LAST, "sick-note", handed_in)

    assert absences.goes_back(order, FIVE_A_DAY, absence, date(2027, 6, 1)) == back


@pytest.fixture
def an(table) -> Family:
    pays_to()
    published()
    with patch.object(following.tariffs_table, "in_force", return_value=TARIFF), paid_from(paid(4500)):
        yield family(LOU)


def worked_out(an: Family) -> Order:
    follow(an.pass_.family_id, datetime.now(UTC))
    [order] = orders.of_family(an.pass_.family_id)
    return order


def paid_order(an: Family) -> Order:
    an.register(BOUWKAMP, LOU)
    order = worked_out(an)
    assert order.amount_cents == 4500
    core_table.transact_write(orders.moving_money(order, received=4500))
    return worked_out(an)


def test_a_proof_of_who_cancelled_gives_more_back_and_two_others_release_it(an):
    order = paid_order(an)
    an.cancel(order.order_id)
    assert worked_out(an).balance_cents == -2500

    proving.accept(order.order_id, "sick-note", today(datetime.now(UTC)), ELS, datetime.now(UTC))

    assert worked_out(an).balance_cents == -4300
    [refund] = releasing.of_order(order.order_id).waiting
    seen = releasing.Seen(order.order_id, 1, refund.cents, refund.to.source)
    with pytest.raises(Problem):
        releasing.release(seen, ELS, datetime.now(UTC))
    releasing.release(seen, JAN, datetime.now(UTC))
    releasing.release(seen, MIA, datetime.now(UTC))
    assert orders.get(order.order_id).returned_cents == 4300


def test_days_absent_become_an_adjustment_once(an):
    order = paid_order(an)
    place = f"{BOUWKAMP.session_id}/{order.lines[0].child_id}"
    now = datetime.now(UTC)

    proving.absent(order.order_id, place, 1, "sick-note", today(now), ELS, now)

    assert worked_out(an).balance_cents == -1300  # 15 euros for the day, minus 2
    with pytest.raises(Problem) as again:
        proving.absent(order.order_id, place, 1, "sick-note", today(now), ELS, now)
    assert again.value.kind.slug == "not-now"
    assert worked_out(an).balance_cents == -1300


@pytest.mark.parametrize(
    ("place", "days", "proof", "handed_in", "field"),
    [
        ("", 1, "letter", 0, "proof"),
        ("", 1, "sick-note", 1, "handed_in"),
        ("s1/lou", 1, "sick-note", 0, "place"),
        ("", 4, "sick-note", 0, "days"),
        ("", 0, "sick-note", 0, "days"),
    ],
)
def test_what_is_not_right_is_said_beside_its_field(an, place, days, proof, handed_in, field):
    order = paid_order(an)
    now = datetime.now(UTC)
    place = place or f"{BOUWKAMP.session_id}/{order.lines[0].child_id}"

    with pytest.raises(Problem) as raised:
        proving.absent(order.order_id, place, days, proof, today(now) + timedelta(handed_in), ELS, now)

    assert [one.field for one in raised.value.errors] == [field]


def test_an_order_that_changed_meanwhile_is_not_overwritten(an, monkeypatch):
    order = paid_order(an)
    an.cancel(order.order_id)
    worked_out(an)
    stale = replace(orders.get(order.order_id), edition=1)
    monkeypatch.setattr(orders, "get", lambda _: stale)

    with pytest.raises(Problem) as raised:
        proving.accept(order.order_id, "sick-note", today(datetime.now(UTC)), ELS, datetime.now(UTC))

    assert raised.value.kind is CHANGED


def test_finance_accepts_it_on_the_orders_page(an):
    order = paid_order(an)
    browser = Browser("nl").sign_in(Role.FINANCE, name="Els Maes")
    browser.get(f"/office/refunds/{order.order_id}")

    wrong = browser.submit({"days": "9", "handed_in": "2026-11-01"}, button="Het bewijs voor deze dagen aanvaarden")
    assert wrong.status == 422
    assert 'id="f-days-error"' in wrong.html
    done = browser.submit({"days": "2"}, button="Het bewijs voor deze dagen aanvaarden")

    assert "Het bewijs is aanvaard" in done.text
    assert worked_out(an).balance_cents == -2800
