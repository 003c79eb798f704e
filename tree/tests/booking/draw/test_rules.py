"""The draw as arithmetic: what holds whatever families wish for."""

import random
from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.booking.draw.rules import (
    KEYS_OF_LATER,
    Bars,
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
from tests.booking.draw.allocations import (
    BUNDLES,
    CHILDREN,
    ENTRIES,
    SEED,
    STARTS,
    as_published,
    document,
    drawn,
    granted,
    with_keys,
)

JULY = ("2027-07-05", "2027-07-09")
AUGUST = ("2027-08-02", "2027-08-06")


def room(free: int, days: tuple[str, str] = JULY, capacity: int = 20, ahead: int = 0) -> Room:
    return Room(free, capacity, ahead, *days)


def one(name: str, *wishes: tuple[tuple[str, str], ...]) -> DrawEntry:
    return DrawEntry(name, (name,), wishes)


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
def test_where_one_wish_is_granted_no_entry_and_no_child_gets_two(entries, start):
    wishes = granted(drawn(entries, start, Bundles.ONE))

    served = Counter(child for mine in wishes for wish in mine for child in {child for child, _ in wish})

    assert all(len(mine) <= 1 for mine in wishes)
    assert all(number == 1 for number in served.values())


@given(ENTRIES, STARTS, BUNDLES)
def test_nobody_envies_those_behind(entries, start, bundles):
    """Whatever an entry failed to get would not fit either beside all that those before it got: none of those behind
    took it away. So an earlier place is never worse."""
    allocation = drawn(entries, start, bundles)
    told = {entry.entry: bars for entry, bars in zip(allocation.order, allocation.bars, strict=True)}
    for place, (entry, outcomes) in enumerate(zip(allocation.order, allocation.outcomes, strict=True)):
        alone = allocate(allocation.order[: place + 1], start, bundles, told)
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
            impossible = (DrawVerdict.FULL, DrawVerdict.OVERLAPS, DrawVerdict.HAD_ONE)
            assert all(one in impossible for one in reached[:place])
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


def test_the_other_parent_gets_no_second_wish_for_a_child_but_one_for_another_child():
    mother = one("mother", (("lou", "bouw"),))
    father = DrawEntry("father", ("father", "more"), ((("lou", "zee"),), (("mia", "zee"),)))

    outcomes = allocate([mother, father], Start({"bouw": room(5), "zee": room(5, AUGUST)}), Bundles.ONE).outcomes

    assert outcomes == [
        (DrawOutcome(DrawVerdict.GRANTED),),
        (DrawOutcome(DrawVerdict.HAD_ONE), DrawOutcome(DrawVerdict.GRANTED)),
    ]


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
    entries = [one(f"entry{number}", (("lou", "bouw"),)) for number in range(5)]
    final = final_seed(SEED, list_hash(entries), None)
    names = [entry.keys[0] for entry in in_order(entries, final)]
    both = DrawEntry("both", (names[0], names[3]), ((("noor", "bouw"),),))

    order = in_order([*entries, both], final)

    assert order.index(both) == 4  # right behind the fourth, with which it shares its number


def test_another_list_or_another_beacon_is_another_order():
    entries = [one(f"entry{number}", (("lou", "bouw"),)) for number in range(30)]
    orders = {
        tuple(entry.entry for entry in in_order(entries, final_seed(SEED, hash_of_list, beacon)))
        for hash_of_list in (list_hash(entries), list_hash(entries[1:]))
        for beacon in (None, "3 11 22 31 40 44", "3 11 22 31 40 45")
    }

    assert len(orders) == 6


# Several entries hold a child: two parents', or a stranger's who knows its name and birth date.


def keys(entries: list[DrawEntry], named_by: dict[str, str]) -> dict[str, tuple[str, ...]]:
    return {entry.entry: entry.keys for entry in with_keys(entries, named_by)}


def test_an_entry_of_children_that_nobody_else_enters_draws_under_its_own_name_whoever_named_them():
    claeys, diallo = one("claeys", (("lou", "bouw"), ("jef", "bouw"))), one("diallo", (("noor", "bouw"),))

    found = keys([claeys, diallo], {"lou": "stranger", "jef": "another", "noor": "claeys"})

    assert found == {"claeys": ("claeys",), "diallo": ("diallo",)}


def test_the_entry_of_the_family_that_named_a_child_first_draws_alone_and_the_others_under_eight_keys_of_their_own():
    entries = [one(name, (("lou", "bouw"),)) for name in ("claeys", "rival1", "rival2")]

    found = keys(entries, {"lou": "rival1"})

    assert found["rival1"] == ("rival1",)
    assert {name: len(found[name]) for name in ("claeys", "rival2")} == {"claeys": 8, "rival2": 8}
    assert all(key.startswith(name) for name, its in found.items() for key in its)


def test_where_that_family_entered_nothing_the_lowest_name_comes_first_so_that_mailboxes_are_no_chances():
    entries = [one(name, (("lou", "bouw"),)) for name in ("b", "a", "c")]

    assert {name: len(its) for name, its in keys(entries, {"lou": "it entered nothing"}).items()} == {
        "a": 1,
        "b": KEYS_OF_LATER,
        "c": KEYS_OF_LATER,
    }


@given(ENTRIES, STARTS, BUNDLES)
def test_who_holds_only_children_that_it_comes_first_for_gets_what_it_would_get_if_nobody_else_held_them(
    entries, start, bundles
):
    """As long as there are seats for all."""
    order = [one for one in drawn(entries, start, bundles).order if len(one.wishes) == 1]
    start = replace(start, rooms={name: replace(there, free=99) for name, there in start.rooms.items()})
    together = allocate(order, start, bundles).results(start)

    for entry in order:
        if len(entry.keys) == 1:
            alone = allocate([entry], start, bundles).results(start)[entry.entry]
            assert together[entry.entry] == alone | {"place": together[entry.entry]["place"]}


def test_an_entry_that_draws_a_place_before_the_one_that_comes_first_for_its_child_gets_nothing_for_it():
    second, first = DrawEntry("second", ("second", "more"), ((("lou", "dull"),),)), one("first", (("lou", "bouw"),))
    start = Start({"bouw": room(1), "dull": room(5)})

    allocation = allocate([second, first], start, Bundles.ONE)

    assert [[outcome.reached for outcome in outcomes] for outcomes in allocation.outcomes] == [
        ["overlaps"],
        ["granted"],
    ]
    assert allocation.bars == [Bars(frozenset({1})), Bars()]


# What the published list says of a child in several entries.


@given(ENTRIES, STARTS, BUNDLES)
def test_from_the_published_rows_follows_exactly_what_was_drawn_with_the_children_known(entries, start, bundles):
    drawn_ = drawn(entries, start, bundles)
    right = drawn_.results(start)
    public = Start(start.rooms)
    told = {name: Bars.from_document(result) for name, result in right.items()}

    assert allocate([as_published(one) for one in drawn_.order], public, bundles, told).results(public) == right


@given(ENTRIES, STARTS, BUNDLES)
def test_no_name_or_key_of_one_published_row_stands_in_another(entries, start, bundles):
    published = document(entries, start, bundles)
    named = [
        {row["entry"], *row["keys"], *(child for wish in row["wishes"] for child, _ in wish)}
        for row in published["entries"]
    ]

    assert sum(map(len, named)) == len(set.union(*named))


def test_a_bar_says_neither_which_child_nor_where_it_has_a_seat():
    """The other parent's entry: its own wish was not possible, and that is all."""
    mother, father = one("mother", (("lou", "zee"),)), one("father", (("lou", "bouw"),))
    start = Start({"bouw": room(5), "zee": room(5)})

    result = allocate([mother, replace(father, keys=("father", "more"))], start, Bundles.SEVERAL).results(start)[
        "father"
    ]

    assert result == {
        "entry": "father",
        "place": 2,
        "granted": [],
        "waiting": [],
        "barred": [1],
        "not_waiting": [],
    }


TEN_CHILDREN = tuple(f"child{number}" for number in range(10))


@given(
    st.integers(0, 2**64),
    BUNDLES,
    st.lists(st.lists(st.sampled_from(TEN_CHILDREN), min_size=1, unique=True), min_size=1, max_size=4),
)
def test_a_stranger_who_enters_ten_children_of_ten_families_costs_nobody_its_seat(seed, bundles, strange_wishes):
    """While there are seats for all. Each child was named first by its own family."""
    families = [one(f"family{number}", ((child, "bouw"),)) for number, child in enumerate(TEN_CHILDREN)]
    stranger = one("a stranger", *(tuple((child, "dull") for child in wish) for wish in strange_wishes))
    own = {child: f"family{number}" for number, child in enumerate(TEN_CHILDREN)}
    start = Start({"bouw": room(10), "dull": room(10)})

    order = in_order(with_keys([*families, stranger], own), seed.to_bytes(32, "big"))
    results = allocate(order, start, bundles).results(start)

    assert all(results[family.entry]["granted"] == [1] for family in families)
    assert results["a stranger"]["granted"] == []


@given(ENTRIES, STARTS, BUNDLES, st.dictionaries(st.sampled_from(CHILDREN), st.just("a stranger")))
def test_a_child_is_left_without_by_no_stranger_who_names_it_and_enters_nothing(entries, start, bundles, named):
    """The outcome is that of a draw in which nobody is known to have named it."""
    alone = [replace(entry, keys=(entry.entry,)) for entry in entries]

    there, without = (drawn(with_keys(alone, who), start, bundles).results(start) for who in (named, {}))

    assert there == without


def test_a_child_whom_a_stranger_named_first_and_entered_has_a_seat_all_the_same():
    """Not the one that its family wished for: that is why a family is told, and the desk can move a naming."""
    families = [one(f"family{number}", ((child, "bouw"),)) for number, child in enumerate(TEN_CHILDREN)]
    stranger = one("a stranger", tuple((child, "dull") for child in TEN_CHILDREN))
    start = Start({"bouw": room(10), "dull": room(10)})

    order = in_order(with_keys([*families, stranger], dict.fromkeys(TEN_CHILDREN, "a stranger")), SEED)

    assert all(allocate(order, start, Bundles.ONE).seated[child] for child in TEN_CHILDREN)
