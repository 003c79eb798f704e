"""The draw as arithmetic: what holds whatever families wish for."""

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.booking.draw.rules import (
    DrawEntry,
    DrawOutcome,
    DrawVerdict,
    Room,
    Start,
    allocate,
    final_seed,
    in_order,
    list_hash,
)
from chalicelib.programme.openings.rules import Bundles
from chalicelib.programme.sessions.rules import share_a_day
from tests.booking.draw.allocations import BUNDLES, ENTRIES, SEED, STARTS, drawn, granted

JULY = ("2027-07-05", "2027-07-09")
AUGUST = ("2027-08-02", "2027-08-06")


def room(free: int, days: tuple[str, str] = JULY, capacity: int = 20, ahead: int = 0) -> Room:
    return Room(free, capacity, ahead, *days)


def one(name: str, *wishes: tuple[tuple[str, str], ...], key: str | None = None) -> DrawEntry:
    return DrawEntry(name, (key or name,), wishes)


@given(ENTRIES, STARTS, BUNDLES)
def test_no_seat_is_given_twice(entries, start, bundles):
    allocation = drawn(entries, start, bundles)

    given_away = Counter(session for wishes in granted(allocation) for wish in wishes for _, session in wish)

    for session, there in start.rooms.items():
        assert given_away[session] <= there.free
        assert allocation.left[session] == there.free - given_away[session]


@given(ENTRIES, STARTS, BUNDLES)
def test_no_child_has_two_seats_at_the_same_time(entries, start, bundles):
    seats = [pair for wishes in granted(drawn(entries, start, bundles)) for wish in wishes for pair in wish]
    seats += start.seated

    assert len(set(seats)) == len(seats)
    for child, session in seats:
        for other_child, other in seats:
            if child == other_child and session != other:
                assert not share_a_day(start.rooms[session], start.rooms[other])


@given(ENTRIES, STARTS)
def test_where_one_wish_is_granted_nobody_gets_two_by_any_key(entries, start):
    allocation = drawn(entries, start, Bundles.ONE)

    served = Counter(
        key
        for entry, wishes in zip(allocation.order, granted(allocation), strict=True)
        for _ in wishes
        for key in entry.keys
    )

    assert all(number == 1 for number in served.values())


@given(ENTRIES, STARTS, BUNDLES)
def test_nobody_envies_those_behind(entries, start, bundles):
    """Whatever an entry failed to get would not fit either beside all that those before it got: none of those behind
    took it away. So an earlier place is never worse."""
    allocation = drawn(entries, start, bundles)
    for place, (entry, outcomes) in enumerate(zip(allocation.order, allocation.outcomes, strict=True)):
        alone = allocate(allocation.order[: place + 1], start, bundles)
        assert alone.outcomes[place] == outcomes
        for wish, outcome in zip(entry.wishes, outcomes, strict=True):
            if outcome.reached is DrawVerdict.FULL:
                wanted = Counter(session for _, session in wish)
                assert outcome.sessions
                assert all(allocation.left[session] < wanted[session] for session in outcome.sessions)


@given(ENTRIES, STARTS)
def test_of_one_wish_the_best_that_is_possible_is_granted(entries, start):
    for outcomes in drawn(entries, start, Bundles.ONE).outcomes:
        reached = [outcome.reached for outcome in outcomes]
        if DrawVerdict.GRANTED in reached:
            place = reached.index(DrawVerdict.GRANTED)
            assert all(one in (DrawVerdict.FULL, DrawVerdict.OVERLAPS) for one in reached[:place])
            assert all(one is DrawVerdict.NOT_NEEDED for one in reached[place + 1 :])


@given(ENTRIES, STARTS, BUNDLES, st.randoms())
def test_how_the_list_is_stored_changes_nothing(entries, start, bundles, shuffle: random.Random):
    before = drawn(entries, start, bundles).results(start)
    shuffled = list(entries)
    shuffle.shuffle(shuffled)

    assert drawn(shuffled, start, bundles).results(start) == before


@given(ENTRIES, STARTS, BUNDLES)
def test_whoever_waits_failed_for_want_of_seats_and_waits_once(entries, start, bundles):
    allocation = drawn(entries, start, bundles)
    has = {pair for wishes in granted(allocation) for wish in wishes for pair in wish} | start.seated | start.waiting
    for session, waits in allocation.waiting.items():
        children = [child for one in waits for child in one.children]
        assert len(set(children)) == len(children)
        assert not {(child, session) for child in children} & has
        assert [one.place for one in waits] == sorted(one.place for one in waits)
        for one_ in waits:
            outcome = allocation.outcomes[one_.place][one_.wish]
            assert outcome.reached is DrawVerdict.FULL
            assert session in outcome.sessions
            assert len(one_.children) <= start.rooms[session].capacity


def test_siblings_get_their_seats_together_or_not_at_all():
    both, alone = one("both", (("lou", "bouw"), ("jef", "bouw"))), one("alone", (("noor", "bouw"),))

    allocation = allocate([both, alone], Start({"bouw": room(1)}), Bundles.ONE)

    assert allocation.outcomes == [(DrawOutcome(DrawVerdict.FULL, ("bouw",)),), (DrawOutcome(DrawVerdict.GRANTED),)]


def test_a_bundle_over_two_sessions_is_granted_as_a_whole_or_not_at_all():
    bundle = one("claeys", (("lou", "bouw"), ("jef", "kook")), (("lou", "bouw"),))

    allocation = allocate([bundle], Start({"bouw": room(5), "kook": room(0, AUGUST)}), Bundles.ONE)

    assert allocation.outcomes == [(DrawOutcome(DrawVerdict.FULL, ("kook",)), DrawOutcome(DrawVerdict.GRANTED))]
    assert allocation.left == {"bouw": 4, "kook": 0}
    assert list(allocation.waiting) == ["kook"]


def test_where_several_wishes_are_granted_those_that_overlap_are_not():
    entry = one("claeys", (("lou", "bouw"),), (("lou", "kook"),), (("lou", "zee"),), (("jef", "kook"),))
    start = Start({"bouw": room(1), "kook": room(5), "zee": room(5, AUGUST)})

    outcomes = allocate([entry], start, Bundles.SEVERAL).outcomes[0]

    assert outcomes == (
        DrawOutcome(DrawVerdict.GRANTED),
        DrawOutcome(DrawVerdict.OVERLAPS, ("kook", "bouw")),
        DrawOutcome(DrawVerdict.GRANTED),
        DrawOutcome(DrawVerdict.GRANTED),
    )


def test_the_other_parent_with_the_same_key_gets_no_second_wish():
    mother, father = one("mother", (("lou", "bouw"),), key="k"), one("father", (("jef", "zee"),), key="k")

    outcomes = allocate([mother, father], Start({"bouw": room(5), "zee": room(5, AUGUST)}), Bundles.ONE).outcomes

    assert outcomes == [(DrawOutcome(DrawVerdict.GRANTED),), (DrawOutcome(DrawVerdict.HAD_ONE),)]


def test_whoever_waited_before_the_draw_is_ahead():
    entries = [one("first", (("lou", "bouw"),)), one("second", (("noor", "bouw"),))]
    start = Start({"bouw": room(0, ahead=3)})

    results = allocate(entries, start, Bundles.ONE).results(start)

    assert results["first"]["waiting"] == [["bouw", 4]]
    assert results["second"]["waiting"] == [["bouw", 5]]


def test_more_children_than_a_session_has_seats_do_not_wait_for_ever():
    both = one("both", (("lou", "bouw"), ("jef", "bouw")))

    assert allocate([both], Start({"bouw": room(0, capacity=1)}), Bundles.ONE).waiting == {}


def test_an_entry_draws_as_late_as_the_last_of_its_keys():
    entries = [one(f"entry{number}", (("lou", "bouw"),), key=f"k{number}") for number in range(5)]
    final = final_seed(SEED, list_hash(entries), None)
    names = [entry.keys[0] for entry in in_order(entries, final)]
    both = DrawEntry("both", (names[0], names[3]), ((("noor", "bouw"),),))

    order = in_order([*entries, both], final)

    assert order.index(both) in (3, 4)  # beside the fourth, with which it shares its number


def test_another_list_or_another_beacon_is_another_order():
    entries = [one(f"entry{number}", (("lou", "bouw"),)) for number in range(30)]
    orders = {
        tuple(entry.entry for entry in in_order(entries, final_seed(SEED, hash_of_list, beacon)))
        for hash_of_list in (list_hash(entries), list_hash(entries[1:]))
        for beacon in (None, "3 11 22 31 40 44", "3 11 22 31 40 45")
    }

    assert len(orders) == 6
