"""The reference that a person reads out on the phone."""

import itertools
import random

from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_37_36

from chalicelib.booking.registrations.rules import REFERENCE_ALPHABET, reference

LOOK_ALIKE = ("0ODQ", "1IL", "2Z", "5S", "8B", "UV")
SAMPLE = [reference(f"k7mxfar3ct9{number:08d}") for number in range(300)]


def is_reference(text: str) -> bool:
    """What whoever is told a reference can check, as it was read out."""
    characters = "".join(c for c in text.upper() if c not in " -")
    return len(characters) == 10 and mod_37_36.is_valid(characters, REFERENCE_ALPHABET)


def test_a_reference_is_three_groups_that_can_be_said():
    assert reference("k7mxfar3ct94ghx7r2p") == reference("k7mxfar3ct94ghx7r2p")
    assert [len(group) for group in reference("k7mxfar3ct94ghx7r2p").split("-")] == [3, 3, 4]


def test_no_two_characters_look_alike():
    for family in LOOK_ALIKE:
        assert len(set(family) & set(REFERENCE_ALPHABET)) <= 1


@given(st.sampled_from(SAMPLE))
def test_capitals_spaces_and_hyphens_do_not_matter(written):
    assert is_reference(written)
    assert is_reference(written.lower().replace("-", " "))


def test_every_single_slip_is_found():
    for written in SAMPLE[:50]:
        plain = written.replace("-", "")
        for place, other in itertools.product(range(len(plain)), REFERENCE_ALPHABET):
            if other != plain[place]:
                assert not is_reference(plain[:place] + other + plain[place + 1 :])


def test_swapped_neighbours_are_found_in_at_least_19_of_20():
    swaps = missed = 0
    for written in SAMPLE:
        plain = written.replace("-", "")
        for place in range(len(plain) - 1):
            if plain[place] != plain[place + 1]:
                swaps += 1
                missed += is_reference(plain[:place] + plain[place + 1] + plain[place] + plain[place + 2 :])
    assert missed <= swaps / 20


def test_what_was_made_up_is_refused():
    dice = random.Random(2027)
    guesses = ["".join(dice.choices(REFERENCE_ALPHABET, k=10)) for _ in range(2200)]
    assert sum(map(is_reference, guesses)) < 2200 / 22 * 1.5
    assert not any(map(is_reference, ["", "K", "KAMP", "OOO-OOO-OOOO"]))
