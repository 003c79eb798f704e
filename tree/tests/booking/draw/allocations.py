"""Small towns with every kind of trouble in them, for property tests."""

import hashlib
from dataclasses import replace

from hypothesis import strategies as st

from chalicelib.booking.draw.rules import (
    KEYS_OF_LATER,
    DrawEntry,
    DrawVerdict,
    Room,
    Start,
    allocate,
    final_seed,
    in_order,
    later,
    list_hash,
    listed,
)
from chalicelib.programme.openings.rules import Bundles
from chalicelib.programme.sessions.rules import share_a_day

SEED = bytes(range(32))
SESSIONS = ("bouw", "kook", "sport", "zee")
CHILDREN = tuple("abcdefgh")
DAYS = tuple(f"2027-07-{day:02d}" for day in range(5, 12))


def with_keys(entries, named_by):
    """As the draw knows them: a child has one name in all entries, and `named_by` says who named it first."""
    behind = later(entries, named_by)

    def keys(name):
        return (name, *(f"{name}|{number}" for number in range(1, KEYS_OF_LATER))) if name in behind else (name,)

    return [replace(one, keys=keys(one.entry)) for one in entries]


def as_published(entry):
    """A child has another name in each entry."""
    return replace(
        entry,
        wishes=tuple(tuple((f"{entry.entry}'s {child}", session) for child, session in wish) for wish in entry.wishes),
    )


@st.composite
def rooms(draw):
    first = draw(st.integers(0, len(DAYS) - 1))
    last = draw(st.integers(first, len(DAYS) - 1))
    free = draw(st.integers(0, 3))
    return Room(free, draw(st.integers(max(1, free), 4)), draw(st.integers(0, 2)), DAYS[first], DAYS[last])


WISHES = st.lists(st.tuples(st.sampled_from(CHILDREN), st.sampled_from(SESSIONS)), min_size=1, max_size=4, unique=True)
# Several entries may hold a child; who named it first may have none.
NAMED_BY = st.dictionaries(st.sampled_from(CHILDREN), st.sampled_from([f"entry{number}" for number in range(9)]))
ENTRIES = st.builds(
    with_keys,
    st.lists(st.lists(WISHES, min_size=1, max_size=4), min_size=1, max_size=8).map(
        lambda found: [
            DrawEntry(f"entry{number}", (f"entry{number}",), tuple(tuple(sorted(wish)) for wish in wishes))
            for number, wishes in enumerate(found)
        ]
    ),
    NAMED_BY,
)
PAIRS = st.sets(st.tuples(st.sampled_from(CHILDREN), st.sampled_from(SESSIONS)), max_size=3).map(frozenset)


@st.composite
def starts(draw):
    there = {session: draw(rooms()) for session in SESSIONS}
    seated = {}
    for child, session in sorted(draw(PAIRS)):  # nobody was seated twice at a time before the draw
        mine = seated.setdefault(child, [])
        if not any(share_a_day(there[session], there[other]) for other in mine):
            mine.append(session)
    return Start(there, frozenset((child, session) for child, mine in seated.items() for session in mine), draw(PAIRS))


STARTS = starts()
BUNDLES = st.sampled_from(Bundles)


def drawn(entries, start, bundles, seed=SEED, beacon=None):
    """The order is that of the published list; the draw knows which children are the same."""
    known = {one.entry: one for one in entries}
    public = [as_published(one) for one in entries]
    order = in_order(public, final_seed(seed, list_hash(public), beacon))
    return allocate([known[one.entry] for one in order], start, bundles)


def granted(allocation):
    """Of each entry in the order, the wishes that it got."""
    return [
        [wish for wish, outcome in zip(entry.wishes, outcomes, strict=True) if outcome.reached is DrawVerdict.GRANTED]
        for entry, outcomes in zip(allocation.order, allocation.outcomes, strict=True)
    ]


def document(entries, start, bundles, seed=SEED, beacon=None):
    """As the API publishes it."""
    results = drawn(entries, start, bundles, seed, beacon).results(start)
    public = listed(as_published(one) for one in entries)
    return {
        "opening_id": "2027-k7m2xq",
        "bundles": bundles.value,
        "commitment": hashlib.sha256(seed).hexdigest(),
        "seed": seed.hex(),
        "list_hash": list_hash(public),
        "beacon_named": beacon and "Lotto",
        "beacon": beacon,
        "sessions": start.to_document()["sessions"],
        "entries": [one.to_document() for one in public],
        "results": [results[one.entry] for one in public],
        "next": None,
    }
