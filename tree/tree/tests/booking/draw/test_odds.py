"""Nobody has better odds for having more children, more passes or two parents: seen over many draws."""

import hashlib
from math import sqrt

import pytest

from chalicelib.booking.draw.rules import DrawEntry, final_seed, in_order, list_hash
from tests.booking.draw import mailboxes
from tests.booking.draw.allocations import with_keys

DRAWS = 600
FAMILIES = 40
BINS = 10
# Chi-square with 9 degrees of freedom is above this once in 10,000 times. The seeds below are always the same.
UNLIKELY = 33.7


def entries() -> list[DrawEntry]:
    """Half of the families have one child, half have three; all named them in one pass."""
    found = []
    for number in range(FAMILIES):
        children = [f"child{number}{letter}" for letter in ("abc" if number % 2 else "a")]
        found.append(DrawEntry(f"entry{number}", (f"entry{number}",), (tuple((child, "bouw") for child in children),)))
    return found


def places() -> dict[int, list[int]]:
    """1 and 3 (children) to how often a family with so many had a place in each tenth of the order."""
    town = entries()
    counted = {1: [0] * BINS, 3: [0] * BINS}
    for number in range(DRAWS):
        seed = hashlib.sha256(f"draw {number}".encode()).digest()
        for place, entry in enumerate(in_order(town, final_seed(seed, list_hash(town), None))):
            counted[len(entry.wishes[0])][place * BINS // FAMILIES] += 1
    return counted


def chi_square(observed: list[int], expected: list[float]) -> float:
    return sum((seen - meant) ** 2 / meant for seen, meant in zip(observed, expected, strict=True))


def test_families_with_one_and_with_three_children_come_equally_early():
    counted = places()

    even = DRAWS * FAMILIES / 2 / BINS
    for children in (1, 3):
        assert chi_square(counted[children], [even] * BINS) < UNLIKELY, counted


def test_a_second_pass_for_one_child_is_no_second_chance():
    """A family whose child stands in two entries, its own and the other parent's, is as often first as anybody else."""
    town = entries()
    twice = DrawEntry("other parent", ("other parent",), ((("child0a", "kook"),),))
    both = with_keys([*town, twice], {"child0a": town[0].entry})
    firsts = 0
    for number in range(DRAWS):
        seed = hashlib.sha256(f"draw {number}".encode()).digest()
        order = in_order(both, final_seed(seed, list_hash(both), None))
        firsts += order[0].entry in (town[0].entry, twice.entry)

    mean = DRAWS / FAMILIES
    assert abs(firsts - mean) < 4 * sqrt(mean)


@pytest.mark.parametrize("words", ["one child, entered from 20 mailboxes", "named from one mailbox, entered from 19"])
def test_a_family_with_twenty_mailboxes_has_the_chance_of_one(words):
    chance = mailboxes.chance(tried(words), 0.6, 150)

    assert abs(chance - 0.6) < 4 * sqrt(0.6 * 0.4 / 150)


def test_a_stranger_with_twenty_mailboxes_takes_nothing_from_the_family_that_named_its_child_first():
    chance = mailboxes.chance(tried("a stranger's 20 mailboxes"), 0.6, 150)

    assert abs(chance - 0.6) < 4 * sqrt(0.6 * 0.4 / 150)


def tried(words: str) -> mailboxes.Try:
    return next(one for one in mailboxes.TRIES if one.words.startswith(words))
