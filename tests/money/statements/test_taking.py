"""A file of the bank's is counted once, whatever happens in between."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import date

import pytest

from chalicelib.core import table as core_table
from chalicelib.core.refusals import Busy
from chalicelib.money.orders import table as orders_table
from chalicelib.money.orders.rules import OrderStatus
from chalicelib.money.statements import table, taking, tasks
from chalicelib.money.statements.movements import MoneyTaskKind, MovementState
from chalicelib.money.statements.rules import Unreadable
from chalicelib.money.statements.taking import TakenIn
from infra.local.banks import ACCOUNT, DAY, Book, Entry
from tests.booking.registrations.callers import Crash
from tests.interrupting import before_write, crash
from tests.money.payees.given import KAPRIJKE, pays_to
from tests.money.statements.given import NOW, city, every_cent_has_an_owner, order, paying, stored, taken

pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture(autouse=True)
def _city(table):
    city()


def kinds() -> list[MoneyTaskKind]:
    return [one.kind for one in tasks.every()]


def test_a_payment_with_its_reference_pays_its_order():
    made = order(1, 4500)

    answer = taken(paying(1, 4500))

    assert (answer.matched, answer.tasks, answer.already_known) == (1, 0, 0)
    paid = orders_table.get(made.order_id)
    assert (paid.received_cents, paid.status) == (4500, OrderStatus.PAID)
    assert list(orders_table.owing("Kaprijke")) == []
    (entry,) = table.of_order(made.order_id)
    assert (entry.movement.name, entry.movement.iban, entry.cents) == ("AN CLAEYS", "BE71096123456769", 4500)
    every_cent_has_an_owner([made.order_id], 4500)


def test_a_payment_into_an_account_that_the_city_had_before_pays_its_order():
    order(1, 4500)
    pays_to(KAPRIJKE, iban="BE72000000001616", formerly=(ACCOUNT,), edition=2)  # its edition 1 is there

    assert taken(paying(1, 4500)).matched == 1


@pytest.mark.parametrize("again", ["coda", "02", "08"])
def test_the_same_file_and_the_same_entries_in_another_count_once(again):
    made = order(1, 4500)
    entries = [paying(1, 4500), Entry(1000, text="hallo", bank="X9")]
    taken(*entries)

    answer = taken(*entries, how=again)
    longer = taken(*entries, Entry(-200, text="kosten", bank="C7"), how=again)

    assert (answer.matched, answer.tasks, answer.already_known) == (0, 0, 2)
    assert (longer.matched, longer.tasks, longer.already_known) == (0, 1, 2)
    every_cent_has_an_owner([made.order_id], 5300)


def test_a_bank_that_calls_an_entry_otherwise_in_its_other_format_is_understood_once():
    """Third, a real second payment of that day: in the file of a format that has seen the first one."""
    made = order(1, 4500)
    taken(paying(1, 4500))

    assert taken(paying(1, 4500, bank="NTRF-998"), how="08").already_known == 1
    assert taken(paying(1, 4500, bank="NTRF-999"), how="08", number=42).matched == 1

    assert orders_table.get(made.order_id).received_cents == 9000


def test_two_payments_that_are_alike_stay_two():
    made = order(1, 4500)
    entries = (paying(1, 4500), paying(1, 4500))

    answer = taken(*entries)

    assert (answer.matched, answer.tasks) == (2, 1)
    assert orders_table.get(made.order_id).received_cents == 9000
    assert kinds() == [MoneyTaskKind.TWICE]
    assert taken(*entries, number=42).already_known == 2
    every_cent_has_an_owner([made.order_id], 9000)


@pytest.mark.parametrize(
    ("cents", "ended", "kind"),
    [
        (4000, None, MoneyTaskKind.TOO_LITTLE),
        (5000, None, MoneyTaskKind.TOO_MUCH),
        (5000, date(2027, 3, 1), MoneyTaskKind.AFTER_CANCELLING),
    ],
)
def test_what_does_not_fit_is_a_task(cents, ended, kind):
    made = order(1, 4500, ended_on=ended)

    taken(paying(1, cents))

    (task,) = tasks.every()
    assert (task.kind, task.order_id, task.cents) == (kind, made.order_id, cents)
    every_cent_has_an_owner([made.order_id], cents)


def test_the_rest_of_what_was_too_little_ends_its_task():
    made = order(1, 4500)
    taken(paying(1, 4000))
    assert kinds() == [MoneyTaskKind.TOO_LITTLE]

    taken(paying(1, 500), number=42)

    assert kinds() == []
    assert orders_table.get(made.order_id).status is OrderStatus.PAID


def test_two_halves_in_one_file_are_no_task():
    order(1, 4500)

    assert taken(paying(1, 4000), paying(1, 500)).tasks == 0
    assert kinds() == []


def test_what_the_bank_takes_back_is_owed_again():
    made = order(1, 4500)
    taken(paying(1, 4500))

    taken(paying(1, -4500, r="2"), number=42)

    owed = orders_table.get(made.order_id)
    assert (owed.received_cents, owed.returned_cents, owed.status) == (0, 0, OrderStatus.OPEN)
    assert kinds() == [MoneyTaskKind.RETURNED]
    every_cent_has_an_owner([made.order_id], 0)


def test_what_nobody_knows_is_a_task_and_never_matched_by_itself():
    made = order(1, 4500)

    answer = taken(Entry(4500, text="kamp Lou Claeys"))

    assert (answer.matched, answer.tasks) == (0, 1)
    assert kinds() == [MoneyTaskKind.UNKNOWN]
    assert orders_table.get(made.order_id).received_cents == 0
    every_cent_has_an_owner([made.order_id], 4500)


def test_a_reference_of_nobody_is_unknown():
    taken(paying(77, 4500))

    assert kinds() == [MoneyTaskKind.UNKNOWN]


def test_nothing_is_counted_of_a_file_with_one_statement_that_is_wrong():
    order(1, 4500)
    good, bad = Book((paying(1, 4500),)), Book((Entry(100),), number=42, closing=1)

    from chalicelib.money.statements.taking import take_in

    with pytest.raises(Unreadable):
        take_in(good.coda(last=False) + bad.coda(), "x", NOW)

    assert stored() == []
    assert list(table.statements()) == []


def many() -> list[Entry]:
    """More than one transaction takes: some fit, one is too little, one unknown, two of one order."""
    return [
        *(paying(number, 4500) for number in (1, 2, 3)),
        paying(4, 4000),
        paying(1, 100),
        Entry(150, text="?", bank="U1"),
    ]


@pytest.fixture
def four_orders(monkeypatch) -> list[str]:
    """And a transaction that takes two entries or three."""
    monkeypatch.setattr(taking, "MOST_WRITES", 18)
    monkeypatch.setattr(taking, "AT_THE_SAME_TIME", 1)  # so that the writes have an order
    return [order(number, 4500).order_id for number in (1, 2, 3, 4)]


def all_of_many(order_ids: list[str]) -> None:
    every_cent_has_an_owner(order_ids, sum(entry.cents for entry in many()))
    assert sorted(kinds()) == ["too-little", "twice", "unknown"]
    (statement,) = table.statements()
    assert statement.is_whole
    assert len(set(table.entries_of(statement.statement_id))) == len(many())


@pytest.mark.parametrize("place", range(6))
def test_whatever_breaks_off_is_gone_on_with(four_orders, place):
    with before_write(place, crash) as written, suppress(Crash):
        taken(*many())
    assert len(written) == place + 1

    taken(*many())

    all_of_many(four_orders)


@pytest.mark.parametrize("place", range(5))
def test_two_uploads_at_the_same_moment_count_once(four_orders, place):
    with before_write(place, lambda: taken(*many())):
        taken(*many())

    all_of_many(four_orders)


def test_an_order_that_changes_meanwhile_is_read_again():
    made = order(1, 4500)

    def changes() -> None:
        core_table.transact_write(orders_table.putting(made, replace(made, amount_cents=4000)))

    with before_write(1, changes):
        taken(paying(1, 4500))

    paid = orders_table.get(made.order_id)
    assert (paid.amount_cents, paid.received_cents) == (4000, 4500)
    assert kinds() == [MoneyTaskKind.TOO_MUCH]


def test_an_entry_of_a_day_at_the_edge_of_a_month_is_found_again():
    entries = (
        paying(1, 100, day=date(2027, 2, 28)),
        paying(1, 100, day=date(2027, 3, 1), bank="B"),
        paying(1, 100, day=date(2027, 3, 31), bank="C"),
    )
    dates = {"opened_on": date(2027, 2, 28), "closed_on": DAY}
    taken(*entries, **dates)

    assert taken(*entries, number=42, **dates).already_known == 3
    assert [one.state for one in stored()] == [MovementState.OPEN] * 3


@pytest.mark.usefixtures("real_table")
def test_many_uploads_at_the_same_moment_count_once(monkeypatch):
    """Each with several transactions under way, two of which may be about the same order."""
    monkeypatch.setattr(taking, "MOST_WRITES", 20)
    city()
    ids = [order(number, 4500).order_id for number in range(1, 13)]
    entries = [paying(number, cents) for number in range(1, 13) for cents in (4000, 500)]

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda how: until_it_is_taken(*entries, how=how), ("coda", "02", "08")))

    every_cent_has_an_owner(ids, 12 * 4500)
    assert kinds() == []


def until_it_is_taken(*entries: Entry, how: str) -> TakenIn:
    while True:
        with suppress(Busy):  # the others were at it: whoever hands it in does so again
            return taken(*entries, how=how)
