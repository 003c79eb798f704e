"""An order follows its registration, whatever happened in between."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from unittest.mock import patch

import pytest

from chalicelib.booking.registrations import table as registrations
from chalicelib.core import table as core_table
from chalicelib.core.moments import today
from chalicelib.money.books import table as books
from chalicelib.money.books.rules import BookAccount
from chalicelib.money.orders import following, references, table
from chalicelib.money.orders.following import follow
from chalicelib.money.orders.rules import Adjustment, OrderStatus
from chalicelib.money.payees.rules import ReferenceScheme
from chalicelib.money.statements import tasks
from chalicelib.money.statements.movements import MoneyTaskKind
from chalicelib.money.tariffs.conditions import Kind
from chalicelib.money.tariffs.rules import Kept, Labels, Line, Tariff, Unit, Version
from chalicelib.programme.sessions import table as programme
from tests.booking.registrations.callers import Crash
from tests.booking.registrations.test_moving import move
from tests.camps import BOUWKAMP, JEF, LOU, Family, family, published
from tests.containers import forget
from tests.interrupting import before_write, crash
from tests.money.payees.given import KAPRIJKE, pays_to

NOW = datetime.now(UTC)


@pytest.fixture
def an(table) -> Family:
    pays_to()
    published()
    return family(LOU, JEF)


def registered(an: Family, *children) -> str:
    answer = an.register(BOUWKAMP, *children)
    assert answer.status_code == 201, answer.json_body
    return answer.json_body["registration_id"]


def the_order(an: Family):
    follow(an.pass_.family_id, datetime.now(UTC))
    (order,) = table.of_family(an.pass_.family_id)
    return order


def booked() -> dict[BookAccount, int]:
    sums: dict[BookAccount, int] = {}
    for entry in books.of_day(today(datetime.now(UTC))):
        for posting in entry.postings:
            sums[posting.account] = sums.get(posting.account, 0) + posting.cents
    return sums


def test_a_registration_has_an_order_with_a_number_of_its_own(an):
    registration_id = registered(an, LOU, JEF)

    order = the_order(an)

    assert order.order_id == registration_id
    assert order.amount_cents == order.balance_cents == 9000
    assert order.status is OrderStatus.OPEN
    assert order.reference == references.belgian(1)
    assert order.due_on == today(datetime.now(UTC)) + timedelta(14)
    assert table.by_references([order.reference, references.belgian(2)]) == {order.reference: registration_id}
    assert [(one.order_id, one.due_on, one.cents) for one in table.owing("Kaprijke")] == [
        (registration_id, order.due_on, 9000)
    ]
    assert booked() == {BookAccount.RECEIVABLE: 9000, BookAccount.INCOME: -9000}


def test_following_again_writes_nothing(an):
    registered(an, LOU)
    the_order(an)

    with before_write(99, crash) as written:
        follow(an.pass_.family_id, datetime.now(UTC))

    assert written == []


def test_a_city_without_a_payee_has_no_orders(table):
    published()
    an = family(LOU)
    registered(an, LOU)

    follow(an.pass_.family_id, datetime.now(UTC))

    assert following.table.of_family(an.pass_.family_id) == []


def test_a_free_camp_has_no_order(an):
    session = published(title="Gratis", price_cents=0)
    assert an.register(session, LOU).status_code == 201

    follow(an.pass_.family_id, datetime.now(UTC))

    assert table.of_family(an.pass_.family_id) == []


@pytest.mark.parametrize("place", range(3))
def test_whatever_breaks_off_is_there_once(an, place):
    registered(an, LOU)
    with before_write(place, crash), suppress(Crash):
        follow(an.pass_.family_id, datetime.now(UTC))

    order = the_order(an)

    assert order.amount_cents == 4500
    assert booked() == {BookAccount.RECEIVABLE: 4500, BookAccount.INCOME: -4500}


def test_who_comes_second_reads_what_the_first_wrote(an):
    registered(an, LOU)
    with before_write(1, lambda: follow(an.pass_.family_id, datetime.now(UTC))):
        order = the_order(an)

    assert order.edition == 1
    assert booked()[BookAccount.RECEIVABLE] == 4500


def test_who_read_registrations_before_somebody_else_changed_them_reads_again(an):
    registration_id = registered(an, LOU)
    the_order(an)
    another = registered(an, JEF)
    read, did = following.bookings.of_family, []

    def then_it_is_cancelled(family_id, now):
        found = read(family_id, now)
        if not did:
            did.append(an.cancel(registration_id))
            follow(family_id, now)
        return found

    with patch.object(following.bookings, "of_family", then_it_is_cancelled):
        follow(an.pass_.family_id, datetime.now(UTC))

    amounts = {order.order_id: order.amount_cents for order in table.of_family(an.pass_.family_id)}
    assert amounts == {registration_id: 0, another: 4500}


def test_a_camp_that_lost_its_days_keeps_its_order_as_it_is(an):
    registered(an, LOU)
    before = the_order(an)
    session = programme.get(BOUWKAMP.session_id)
    read = following.bookings.of_family

    def without_days(family_id, now):
        undated = {session.session_id: replace(session, starts_on=None, ends_on=None)}
        return replace(read(family_id, now), sessions=undated)

    with patch.object(following.bookings, "of_family", without_days):
        assert the_order(an) == before
        registered(an, JEF)
        assert the_order(an) == before


def test_who_moved_away_and_back_pays_like_everybody_who_cancels(an):
    soon = published(title="Straks", starts_on=today(NOW) + timedelta(5), ends_on=today(NOW) + timedelta(7))
    other = published(title="Elders", starts_on=today(NOW) + timedelta(9), ends_on=today(NOW) + timedelta(11))
    first = an.register(soon, LOU).json_body["registration_id"]
    the_order(an)
    second = move(an, first, other).json_body["registration_id"]
    the_order(an)
    third = move(an, second, soon, "back").json_body["registration_id"]
    assert the_order(an).amount_cents == 4500
    assert an.cancel(third).status_code == 204

    order = the_order(an)

    assert [(one.session_id, one.price_cents) for one in order.gone] == [(soon.session_id, 4500)]
    assert order.amount_cents > 0


def test_what_the_city_keeps_of_a_cancelled_one_is_its_rule(an):
    registration_id = registered(an, LOU, JEF)
    the_order(an)
    assert an.cancel(registration_id).status_code == 204

    order = the_order(an)  # 16 August 2027 is more than 14 days away: free

    assert (order.amount_cents, order.status) == (0, OrderStatus.CANCELLED)
    assert list(table.owing("Kaprijke")) == []
    assert booked() == {BookAccount.RECEIVABLE: 0, BookAccount.INCOME: 0}


def test_what_was_paid_for_a_cancelled_one_is_to_go_back(an):
    registration_id = registered(an, LOU)
    paid = the_order(an)
    core_table.transact_write(table.moving_money(paid, received=4500))
    assert the_order(an).status is OrderStatus.PAID
    an.cancel(registration_id)

    order = the_order(an)

    assert (order.balance_cents, order.status) == (-4500, OrderStatus.OVERPAID)
    assert [(one.order_id, one.cents) for one in table.overpaid("Kaprijke")] == [(registration_id, 4500)]
    core_table.transact_write(table.moving_money(order, returned=4500))
    assert the_order(an).status is OrderStatus.REFUNDED
    assert list(table.overpaid("Kaprijke")) == []


def test_money_that_comes_while_an_order_is_worked_out_is_not_lost(an):
    registered(an, LOU)
    order = the_order(an)
    registered_id = an.register(
        published(title="Tweede kamp", starts_on=date(2027, 7, 5), ends_on=date(2027, 7, 9)), LOU
    )
    assert registered_id.status_code == 201

    def pay() -> None:
        core_table.transact_write(table.moving_money(order, received=4500))

    with (
        patch.object(following.tariffs_table, "in_force", return_value=with_second_camp_cheaper()),
        before_write(0, pay),
    ):
        follow(an.pass_.family_id, datetime.now(UTC))

    orders = {one.order_id: one for one in table.of_family(an.pass_.family_id)}  # both are of this second
    assert orders.pop(order.order_id).received_cents == 4500
    assert [one.amount_cents > 0 for one in orders.values()] == [True]


def with_second_camp_cheaper() -> Tariff:
    line = Line("stay", Labels("Dag", "Jour", "Day"), "art. 1", Unit.CAMP, 4000)
    return Tariff(Labels("T", "T", "T"), (Version(date(2020, 1, 1), "raad", (line,)),))


def test_what_has_no_price_any_more_keeps_the_one_that_it_had(an):
    registered(an, LOU)
    fits = with_second_camp_cheaper()
    playgrounds = replace(fits.versions[0].lines[0], when=Kind(("playground",)))
    with patch.object(following.tariffs_table, "in_force", return_value=fits):
        before = the_order(an)
    no_more = replace(fits, versions=(replace(fits.versions[0], lines=(playgrounds,)),))

    with patch.object(following.tariffs_table, "in_force", return_value=no_more):
        assert the_order(an) == before
        assert the_order(an) == before

    [task] = tasks.every()  # somebody of finance is to say what it costs
    assert (task.kind, task.about) == (MoneyTaskKind.NO_PRICE, {"session_id": BOUWKAMP.session_id})


@pytest.mark.parametrize(("corrected", "costs"), [(6000, 4500), (4000, 4000)])
def test_a_price_that_is_corrected_later_makes_nothing_dearer_that_was_agreed(an, corrected, costs):
    registered(an, LOU)
    the_order(an)
    read = following.bookings.of_family

    def with_another_price(family_id, now):
        found = read(family_id, now)
        sessions = {one: replace(session, price_cents=corrected) for one, session in found.sessions.items()}
        return replace(found, sessions=sessions)

    with patch.object(following.bookings, "of_family", with_another_price):
        assert the_order(an).amount_cents == costs


def test_each_child_that_leaves_is_worked_out_alone(an):
    registration_id = registered(an, LOU, JEF)
    the_order(an)
    answer = an.get(f"/api/registrations/{registration_id}")
    assert answer.status_code == 200
    from tests.camps import request

    gone = request("DELETE", f"/api/registrations/{registration_id}/children/{JEF.child_id}", headers=an.authorization)
    assert gone.status_code == 204, gone.json_body

    order = the_order(an)

    assert order.amount_cents == 4500
    assert [one.child_id for one in order.gone] == [JEF.child_id]
    assert order.ended_on is None


def test_a_tariff_says_what_is_kept_and_a_proof_takes_it_away(an):
    kept = (
        Kept("kept", Labels("Annulering", "Annulation", "Cancelling"), "art. 7", cents=2000),
        Kept("ill", Labels("Ziek", "Malade", "Ill"), "art. 8", proofs=("sick-note",), proof_days=5),
    )
    tariff = with_second_camp_cheaper()
    tariff = replace(tariff, versions=(replace(tariff.versions[0], cancelling=kept),))
    with patch.object(following.tariffs_table, "in_force", return_value=tariff):
        registration_id = registered(an, LOU)
        the_order(an)
        an.cancel(registration_id)
        order = the_order(an)
        assert (order.amount_cents, order.lines[-1].article) == (2000, "art. 7")

        proven = replace(order, proofs={"sick-note": BOUWKAMP.ends_on})
        core_table.transact_write(table.putting(order, proven))

        assert the_order(an).amount_cents == 0


def test_a_camp_that_does_not_take_place_costs_nothing(an):
    registration_id = registered(an, LOU)
    the_order(an)
    registrations.call_off(registration_id, datetime.now(UTC))
    from chalicelib.seats import table as seats

    seats.release(BOUWKAMP.session_id, [LOU.child_id], registration_id)

    assert the_order(an).amount_cents == 0


def test_a_person_changes_what_it_costs_with_a_reason(an):
    registered(an, LOU)
    order = the_order(an)
    less = Adjustment("a1", -1000, "two days ill", "s-1", NOW.replace(microsecond=0))
    core_table.transact_write(table.putting(order, replace(order, adjustments=(less,))))

    assert the_order(an).amount_cents == 3500
    assert the_order(an).adjustments == (less,)


def test_what_was_given_back_for_absence_does_not_go_back_again_with_the_place(an):
    registration_id = registered(an, LOU)
    order = the_order(an)
    ill = Adjustment("absent#s1#lou", -2000, "sick-note: 2/5", "s-1", NOW.replace(microsecond=0))
    core_table.transact_write(table.putting(order, replace(order, adjustments=(ill,))))
    paid = the_order(an)
    core_table.transact_write(table.moving_money(paid, received=4500, returned=2000))
    assert the_order(an).balance_cents == 0
    an.cancel(registration_id)

    assert (the_order(an).amount_cents, the_order(an).balance_cents) == (0, -2500)


def test_what_is_deleted_leaves_its_order_as_it_is(an):
    registration_id = registered(an, LOU)
    before = the_order(an)
    registrations.erase(registration_id)

    assert the_order(an) == before


def test_a_dutch_city_has_dutch_numbers(table):
    pays_to(KAPRIJKE, scheme=ReferenceScheme.NL)
    published()
    an = family(LOU)
    registered(an, LOU)

    assert the_order(an).reference == references.dutch(1)


def test_the_price_is_that_of_the_day_of_registering_after_a_move_too(an):
    registered(an, LOU)
    assert programme.get(BOUWKAMP.session_id)
    tariff = with_second_camp_cheaper()
    later = replace(
        tariff.versions[0],
        first_day=today(NOW) + timedelta(1),
        lines=(replace(tariff.versions[0].lines[0], cents=9900),),
    )
    tariff = replace(tariff, versions=(tariff.versions[0], later))
    with patch.object(following.tariffs_table, "in_force", return_value=tariff):
        follow(an.pass_.family_id, NOW + timedelta(3))

    (order,) = table.of_family(an.pass_.family_id)
    assert order.amount_cents == 4000


@pytest.mark.usefixtures("table")
def test_numbers_are_taken_ten_at_once_and_no_two_containers_have_the_same():
    with before_write(99, crash) as written:
        mine = [table.next_number(ReferenceScheme.BE) for _ in range(11)]
    forget()  # another container
    others = table.next_number(ReferenceScheme.BE)

    assert mine == list(range(1, 12))
    assert written == ["UpdateItem", "UpdateItem"]
    assert others == 21
