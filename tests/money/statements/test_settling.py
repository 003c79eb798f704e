"""People of finance say whose an entry is; whatever they do, every cent keeps one owner."""

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.core.http.problems import Problem
from chalicelib.money.orders import table as orders_table
from chalicelib.money.orders.rules import OrderStatus
from chalicelib.money.statements import settling, table, tasks
from chalicelib.money.statements.movements import MoneyTaskKind, MovementState
from chalicelib.money.statements.settling import Deed
from chalicelib.people.staff.rules import Role, Staff
from infra.local.banks import Entry
from tests.booking.registrations.callers import Crash
from tests.interrupting import as_it_is, before_write, crash
from tests.money.statements.given import NOW, city, every_cent_has_an_owner, order, paying, stored, taken

JAMILA = Staff("s-1", "Jamila Aerts", frozenset({Role.FINANCE}))
TOM = Staff("s-2", "Tom Maes", frozenset({Role.FINANCE}))
UNKNOWN = Entry(4500, text="kamp Lou Claeys", bank="U1")
BACK = Entry(-4500, text="terug", bank="U2")

pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture(autouse=True)
def _city(table):
    city()


def deed(edition: int, by: Staff = JAMILA, why: str = "") -> Deed:
    return Deed(by, NOW, edition, why)


def the(cents: int):
    (found,) = (one for one in stored() if one.cents == cents)
    return found


def kinds() -> list[MoneyTaskKind]:
    return [one.kind for one in tasks.every()]


def test_somebody_finds_the_order_of_an_entry():
    made = order(1, 4500)
    taken(UNKNOWN)

    settling.match(the(4500).movement_id, made.order_id, deed(1, why="heard it on the phone"))

    assert orders_table.get(made.order_id).status is OrderStatus.PAID
    assert kinds() == []
    assert [(one.act, one.by, one.why) for one in the(4500).traces] == [
        ("matched", "Jamila Aerts", "heard it on the phone")
    ]
    assert table.of_order(made.order_id) == [the(4500)]
    every_cent_has_an_owner([made.order_id], 4500)


def test_a_wrong_order_is_booked_back():
    made, other = order(1, 4500), order(2, 4500)
    taken(UNKNOWN)
    settling.match(the(4500).movement_id, made.order_id, deed(1))

    settling.unmatch(the(4500).movement_id, deed(2))
    assert (table.of_order(made.order_id), kinds()) == ([], [MoneyTaskKind.UNKNOWN])
    settling.match(the(4500).movement_id, other.order_id, deed(3))

    assert orders_table.get(made.order_id).received_cents == 0
    assert orders_table.get(other.order_id).status is OrderStatus.PAID
    every_cent_has_an_owner([made.order_id, other.order_id], 4500)


def test_two_who_settle_the_same_entry_settle_it_once():
    made, other = order(1, 4500), order(2, 4500)
    taken(UNKNOWN)
    movement_id = the(4500).movement_id

    with (
        before_write(0, lambda: settling.match(movement_id, other.order_id, deed(1, TOM))),
        pytest.raises(Problem, match="changed"),
    ):
        settling.match(movement_id, made.order_id, deed(1))

    assert orders_table.get(other.order_id).received_cents == 4500
    every_cent_has_an_owner([made.order_id, other.order_id], 4500)


def test_what_is_no_familys_is_set_aside_and_taken_up_again():
    taken(Entry(-1200, text="kosten", bank="C"), UNKNOWN)
    settling.set_aside(the(-1200).movement_id, MovementState.COSTS, deed(1))
    settling.set_aside(the(4500).movement_id, MovementState.ELSEWHERE, deed(1, why="a grant"))
    assert kinds() == []
    every_cent_has_an_owner([], 3300)

    settling.take_up(the(4500).movement_id, deed(2))

    assert kinds() == [MoneyTaskKind.UNKNOWN]
    every_cent_has_an_owner([], 3300)


def test_what_came_in_and_went_out_again_is_set_against_each_other():
    taken(UNKNOWN, BACK)

    settling.set_against(the(4500).movement_id, the(-4500).movement_id, deed(1))
    assert kinds() == []
    every_cent_has_an_owner([], 0)

    settling.take_up(the(-4500).movement_id, deed(2))
    assert kinds() == [MoneyTaskKind.UNKNOWN] * 2
    every_cent_has_an_owner([], 0)


def test_what_the_city_paid_back_by_itself_is_the_orders():
    made = order(1, 4500)
    taken(paying(1, 6000), replace(BACK, cents=-1500))
    assert orders_table.get(made.order_id).balance_cents == -1500

    settling.match(the(-1500).movement_id, made.order_id, deed(1))

    paid = orders_table.get(made.order_id)
    assert (paid.received_cents, paid.returned_cents, paid.status) == (6000, 1500, OrderStatus.PAID)
    every_cent_has_an_owner([made.order_id], 4500)


@pytest.mark.parametrize(
    "does",
    [
        lambda one: settling.unmatch(one.movement_id, deed(1)),
        lambda one: settling.take_up(one.movement_id, deed(1)),
        lambda one: settling.set_against(one.movement_id, one.movement_id, deed(1)),
        lambda one: settling.finish(settling.task_id_of(one), deed(0)),
        lambda one: settling.match(one.movement_id, "f0000000009abcdefgh", deed(1)),
        lambda _: settling.match("20270305-nobody-1", "f0000000009abcdefgh", deed(1)),
        lambda _: settling.match("x", "f0000000009abcdefgh", deed(1)),
        lambda one: settling.set_aside(one.movement_id, MovementState.COSTS, deed(7)),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(does):
    taken(UNKNOWN)
    before = stored()

    with pytest.raises(Problem):
        does(the(4500))

    assert (stored(), kinds()) == (before, [MoneyTaskKind.UNKNOWN])


def test_colleagues_see_who_has_a_task_and_what_was_noted():
    taken(UNKNOWN)
    (task,) = tasks.every()
    settling.note(task.task_id, deed(0, why="called, no answer"))
    settling.hand_over(task.task_id, "Tom Maes", deed(1))
    with pytest.raises(Problem, match="changed"):
        settling.take(task.task_id, deed(1))
    settling.want_back(task.task_id, deed(2, TOM))

    (task,) = tasks.every()
    assert (task.note, task.taken_by, task.wants_back) == ("called, no answer", "Tom Maes", True)
    taken(UNKNOWN, number=42)
    assert list(tasks.every()) == [task]


def test_a_task_of_an_order_that_is_not_even_is_done_with_a_reason():
    order(1, 4500)
    taken(paying(1, 4400))
    (task,) = tasks.every()
    with pytest.raises(Problem, match="not-now"):
        settling.finish(task.task_id, deed(0))

    settling.finish(task.task_id, deed(0, why="one euro, let it be"))

    assert kinds() == []


@pytest.mark.parametrize("place", range(2))
def test_a_crash_while_somebody_settles_leaves_all_or_nothing(place):
    made = order(1, 4500)
    taken(UNKNOWN)
    with before_write(place, crash), suppress(Crash):
        settling.match(the(4500).movement_id, made.order_id, deed(1))

    every_cent_has_an_owner([made.order_id], 4500)


# What the bank may say, and what two clerks may do, in any order.
ENTRIES = st.builds(
    lambda number, cents, has_reference, bank, r: (
        paying(number, cents, bank=bank, r=r if cents < 0 else "")
        if has_reference
        else Entry(cents, text="?", bank=bank)
    ),
    st.integers(1, 3),
    st.sampled_from([4500, 4500, 1000, 500, -1000, -4500]),
    st.booleans(),
    st.sampled_from(["A", "B"]),
    st.sampled_from(["", "2"]),
)
ACTS = st.tuples(st.sampled_from(["match", "unmatch", "aside", "against", "up", "again"]), st.integers(0, 9))


@given(
    st.lists(st.lists(ENTRIES, max_size=4), min_size=1, max_size=3),
    st.lists(ACTS, max_size=8),
    st.sampled_from(["coda", "02", "08"]),
)
@settings(max_examples=5, suppress_health_check=list(HealthCheck))
def test_every_cent_has_an_owner_whatever_the_bank_sends_and_the_clerks_do(empty, books, acts, how):
    empty()
    ids = [order(number, 4500).order_id for number in (1, 2, 3)]
    for number, entries in enumerate(books, 1):
        taken(*entries, number=number)
    moved = sum(one.cents for one in stored())
    every_cent_has_an_owner(ids, moved)

    for act, choice in acts:
        with suppress(Problem):
            does(act, choice, ids, books, how)
        every_cent_has_an_owner(ids, moved)
    open_ids = {one.movement_id for one in stored() if one.state is MovementState.OPEN}
    assert open_ids <= {one.movement_id for one in tasks.every()}


@pytest.fixture
def empty(table):
    return as_it_is()


def does(act: str, choice: int, ids: list[str], books: list[list[Entry]], how: str) -> None:
    if act == "again":
        place = choice % len(books)
        taken(*books[place], number=place + 1, how=how)
        return
    entries = stored()
    if not entries:
        return
    one = entries[choice % len(entries)]
    seen = deed(one.edition, TOM if choice % 2 else JAMILA)
    match act:
        case "match":
            settling.match(one.movement_id, ids[choice % 3], seen)
        case "unmatch":
            settling.unmatch(one.movement_id, seen)
        case "aside":
            settling.set_aside(one.movement_id, settling.ASIDE[choice % 2], seen)
        case "against":
            other = next((each for each in entries if each.cents == -one.cents), one)
            settling.set_against(one.movement_id, other.movement_id, seen)
        case "up":
            settling.take_up(one.movement_id, seen)
