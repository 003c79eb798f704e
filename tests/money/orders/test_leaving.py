"""What a family would keep paying: told before it decides, and what then happens."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from chalicelib.booking.registrations import table as registrations
from chalicelib.core import table as core_table
from chalicelib.money.orders import leaving, table
from chalicelib.money.orders.following import follow
from chalicelib.money.orders.leaving import CancellingCost
from chalicelib.money.tariffs.conditions import Among, Order
from chalicelib.money.tariffs.rules import Kept, Labels
from chalicelib.programme.sessions import table as programme
from tests.booking.registrations.test_moving import move
from tests.camps import BOUWKAMP, JEF, LOU, Family, family, published
from tests.money.payees.given import pays_to
from tests.money.tariffs.council import discount, line, tariff
from tests.money.tariffs.stored import accepted

NOW = datetime.now(UTC)
WORDS = Labels("kosten", "frais", "costs")
CITY = tariff(
    line("day", 1000),
    discounts=(discount("second", 20, when=Order(2, within=Among.SEASON)),),
    cancelling=(
        Kept("early", WORDS, "art. 9", days_before=30),
        Kept("late", WORDS, "art. 9", percent=Decimal(50), days_before=7),
    ),
)


@pytest.fixture
def an(table) -> Family:
    pays_to()
    accepted(CITY)
    published()
    return family(LOU, JEF)


def registered(an: Family, *children, session=BOUWKAMP) -> str:
    answer = an.register(session, *children)
    assert answer.status_code == 201, answer.json_body
    return answer.json_body["registration_id"]


def totals(an: Family) -> tuple[int, int]:
    follow(an.pass_.family_id, datetime.now(UTC))
    orders = table.of_family(an.pass_.family_id)
    return sum(order.amount_cents for order in orders), sum(max(0, -order.balance_cents) for order in orders)


def test_what_the_others_cost_from_then_on_is_worked_out_by_the_rules_that_follow(an):
    first, second = registered(an, LOU), registered(an, JEF)
    before, _ = totals(an)

    told = leaving.of_cancelling(an.pass_.family_id, first, [LOU.child_id], NOW)
    assert told
    assert an.cancel(first).status_code == 204
    after, _ = totals(an)

    assert (before, after) == (5400, 3000)
    assert told.difference_cents == after - before
    assert told.kept_cents == 0
    assert [(one.child_id, one.before_cents, one.after_cents) for one in told.others] == [(JEF.child_id, 2400, 3000)]
    assert registrations.get(second)


def test_of_what_was_paid_what_goes_back_is_told(an):
    registration_id = registered(an, LOU, JEF)
    totals(an)
    [order] = table.of_family(an.pass_.family_id)
    core_table.transact_write(table.moving_money(order, received=order.amount_cents))

    told = leaving.of_cancelling(an.pass_.family_id, registration_id, [JEF.child_id], NOW)

    assert told
    assert (told.difference_cents, told.back_cents) == (-2400, 2400)


def test_late_the_city_keeps_its_part_and_the_order_says_the_same(an):
    soon = published(title="Straks", starts_on=date(2027, 3, 22), ends_on=date(2027, 3, 24))  # 16 days from now
    registration_id = registered(an, LOU, session=soon)
    totals(an)

    told = leaving.of_cancelling(an.pass_.family_id, registration_id, [LOU.child_id], datetime.now(UTC))
    assert told
    an.cancel(registration_id)

    assert (told.kept_cents, told.difference_cents) == (1500, -1500)
    assert totals(an)[0] == 1500


def test_a_city_that_takes_no_money_is_asked_nothing(table):
    published()
    an = family(LOU)

    assert leaving.of_cancelling(an.pass_.family_id, registered(an, LOU), [LOU.child_id], NOW) is None


def test_the_costs_of_cancelling_are_those_of_the_tariff_day_by_day(an):
    soon = published(title="Straks", starts_on=date(2027, 4, 20), ends_on=date(2027, 4, 22))
    registration_id = registered(an, LOU, session=soon)
    totals(an)
    record = registrations.get(registration_id)
    assert record

    told = leaving.costs(record, soon, [LOU.child_id], 4500, datetime.now(UTC))

    assert told == [
        CancellingCost(0, date(2027, 3, 21)),
        CancellingCost(1500, date(2027, 4, 13)),
        CancellingCost(3000, None),
    ]


def test_after_a_move_they_are_those_of_the_order_that_goes_on(an):
    soon = published(title="Straks", starts_on=date(2027, 4, 20), ends_on=date(2027, 4, 22))
    first = registered(an, LOU)
    totals(an)
    second = move(an, first, soon).json_body["registration_id"]
    totals(an)
    [order] = table.of_family(an.pass_.family_id)
    assert order.order_id == first
    registrations.mark_mailed(second, "confirmed")
    record = registrations.get(second)
    assert record

    read_before_its_mail = replace(record, mailed=frozenset())
    told = leaving.costs(read_before_its_mail, soon, [LOU.child_id], 4500, datetime.now(UTC))

    assert told[-1] == CancellingCost(order.amount_cents, None)


def test_without_a_tariff_they_are_those_of_the_city_for_what_the_order_costs(table):
    pays_to()
    published()
    an = family(LOU, JEF)
    record = registrations.get(registered(an, LOU, JEF))
    assert record

    told = leaving.costs(record, BOUWKAMP, [LOU.child_id, JEF.child_id], 4500, NOW)

    assert [one.cents for one in told] == [0, 4500, 9000]
    assert told[0].last_day == BOUWKAMP.starts_on - timedelta(days=14)  # type: ignore[operator]


def test_a_move_costs_the_difference_and_what_stays_is_told(an):
    longer = published(title="Lang", starts_on=date(2027, 7, 5), ends_on=date(2027, 7, 9))
    registration_id = registered(an, LOU)
    registered(an, JEF)
    before, _ = totals(an)
    session = programme.get(longer.session_id)
    assert session

    told = leaving.of_moving(an.pass_.family_id, registration_id, [LOU.child_id], session, NOW)
    assert told
    assert move(an, registration_id, longer).status_code == 200
    after, _ = totals(an)

    assert told.difference_cents == after - before
    assert told.kept_cents == 0
