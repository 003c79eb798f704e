"""A place's number, without reading all who wait each time."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import metering
from chalicelib.seats.waiting_list import table as waiting_list
from chalicelib.seats.waiting_list.rules import WaitingPlace, number_of, position
from tests.containers import forget

SESSION = "k7mxfar3ct"


def put(tickets: Iterable[int]) -> None:
    waiting_list.put_drawn(SESSION, waiting(list(tickets)))


@pytest.fixture
def table_of_three(table: None) -> None:
    """Given three families, each seen by this container."""
    put([1, 2, 3])
    assert waiting_list.position(SESSION, ["child3"], "family3") == 3


def waiting(tickets: list[int]) -> list[WaitingPlace]:
    return [WaitingPlace(f"child{one}", f"family{one}", one) for one in tickets]


@given(seen=st.sets(st.integers(1, 40), min_size=1), joined=st.integers(0, 10))
def test_the_number_of_whoever_joined_since_is_the_number_in_the_whole_list(seen, joined):
    """Tickets are given one after the other; before that, some had left."""
    known = sorted(seen)
    later = [known[-1] + one + 1 for one in range(joined)]
    every = waiting(known + later)

    assert [number_of(one.ticket, known) for one in every] == [position(every, one.registration_id) for one in every]


def test_who_left_at_this_container_is_counted_no_more(table_of_three):
    waiting_list.leave(SESSION, ["child1"], "family1")

    assert waiting_list.position(SESSION, ["child3"], "family3") == 2
    assert waiting_list.position(SESSION, ["child1"], "family1") is None


def test_a_look_reads_ones_own_place_alone_once_the_list_was_seen(real_table):
    """A read unit for a child, whether 20 wait or 500."""
    used = []
    for number in (20, 500):
        put(range(1, number + 1))
        forget()
        waiting_list.position(SESSION, ["child1"], "family1")
        metering.take()

        assert waiting_list.position(SESSION, [f"child{number}"], f"family{number}") == number

        used.append(metering.take()["used"])
    assert used == [{"read": 1.0}, {"read": 1.0}]
