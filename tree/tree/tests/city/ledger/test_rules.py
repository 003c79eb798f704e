"""No entry can be changed, dropped, put in or moved without the verifier saying so."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.city.ledger.rules import (
    BEFORE_ALL,
    FEWEST_LETTERS,
    Head,
    NotALedger,
    checked_reason,
    read_export,
    verify,
)
from chalicelib.core.http.problems import Problem
from tests.city.ledger.chains import REASON, chain
from tests.city.ledger.published import as_public, as_whole

LENGTH = 6
WHOLE = [as_whole(entry) for entry in chain(LENGTH)]
PUBLIC = [as_public(entry) for entry in chain(LENGTH)]
HEAD = chain(LENGTH)[-1].head
exported = st.sampled_from([WHOLE, PUBLIC]).map(copy.deepcopy)
places = st.integers(0, LENGTH - 1)
scalars = st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False)


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every single value of an entry."""
    if isinstance(value, dict) and value:
        return [leaf for name, one in value.items() for leaf in leaves(one, (*path, name))]
    return [path]


def containers(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if not isinstance(value, dict):
        return []
    return [path, *(one for name, inner in value.items() for one in containers(inner, (*path, name)))]


def at(entry: Any, path: tuple[Any, ...]) -> Any:
    for name in path:
        entry = entry[name]
    return entry


def test_a_chain_as_it_was_written_is_unbroken():
    assert verify(WHOLE, HEAD) == []
    assert verify(PUBLIC, HEAD) == []
    assert verify([], BEFORE_ALL) == []


def test_a_chain_that_has_grown_since_its_head_was_noted_is_unbroken():
    assert verify(PUBLIC, chain(2)[-1].head) == []


def test_a_chain_whose_private_parts_were_erased_is_unbroken():
    assert verify([*PUBLIC[:3], *WHOLE[3:]], HEAD) == []


@given(exported, places, st.data(), scalars)
def test_any_value_that_was_changed_is_found(entries, place, data, other):
    path = data.draw(st.sampled_from(leaves(entries[place])))
    before = at(entries[place], path)
    if (type(other), other) == (type(before), before):
        return
    at(entries[place], path[:-1])[path[-1]] = other

    assert verify(entries, HEAD)


@given(exported, places, st.data())
def test_any_value_that_was_taken_away_is_found(entries, place, data):
    path = data.draw(st.sampled_from(leaves(entries[place])))
    del at(entries[place], path[:-1])[path[-1]]

    assert verify(entries, HEAD)


@given(exported, places, st.data(), st.text().map("new ".__add__), scalars)
def test_any_value_that_was_added_is_found(entries, place, data, name, value):
    at(entries[place], data.draw(st.sampled_from(containers(entries[place]))))[name] = value

    assert verify(entries, HEAD)


@given(exported, places)
def test_an_entry_that_was_dropped_is_found(entries, place):
    del entries[place]

    assert verify(entries, HEAD)


@given(exported, places)
def test_a_dropped_entry_is_found_without_a_head_too_unless_it_was_the_last(entries, place):
    del entries[place]

    assert bool(verify(entries)) is (place < LENGTH - 1)


@given(exported, places, places)
def test_an_entry_that_was_put_in_is_found(entries, place, other):
    entries.insert(place, entries[other])

    assert verify(entries, HEAD)


@given(exported, places, places)
def test_entries_that_changed_places_are_found(entries, one, other):
    entries[one], entries[other] = entries[other], entries[one]

    assert bool(verify(entries, HEAD)) is (one != other)


@given(st.integers(1, LENGTH))
def test_an_end_that_was_cut_off_is_found_against_a_published_head(cut):
    assert verify(PUBLIC[: LENGTH - cut], HEAD) == [
        f"The chain ends at entry {LENGTH - cut}, but entry {LENGTH} was published as its head."
    ]


def test_a_chain_that_was_written_anew_from_some_entry_on_is_found_against_a_published_head():
    anew = [as_public(entry) for entry in chain(LENGTH - 1)]
    anew.append({**WHOLE[-1], "public": {**WHOLE[-1]["public"], "details": {}}})

    assert verify(anew, HEAD)


@given(st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_whatever_stands_in_the_place_of_an_entry_is_found(other):
    assert verify([*PUBLIC[:2], other, *PUBLIC[2:]], HEAD)


def test_a_fault_names_its_entry():
    entries = copy.deepcopy(WHOLE)
    entries[2]["private"]["reason"] = "Omdat de burgemeester het vroeg"

    assert verify(entries, HEAD) == [
        "Entry 3: who did it, or why, was changed; the seal is that of something else.",
    ]


def test_nothing_of_a_private_part_stands_in_the_public_one():
    for entry in chain(LENGTH):
        written = json.dumps(as_public(entry))
        for secret in (entry.staff_id, entry.staff_name, entry.reason, entry.registration_id, entry.salt):
            assert secret
            assert secret not in written


def test_equal_private_parts_have_different_seals():
    one, other = chain(2)

    assert one.seal != other.seal


def test_an_export_is_read_back():
    content = json.dumps({"entries": PUBLIC, "head": {"number": HEAD.number, "hash": HEAD.hash}, "next": None})

    assert read_export(content.encode()) == (PUBLIC, HEAD)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b'{"entries": []}',
        b'{"entries": {}, "head": {"number": 0, "hash": ""}}',
        b'{"entries": [], "entries": [], "head": {"number": 0, "hash": ""}}',
        b'{"entries": [NaN], "head": {"number": 0, "hash": ""}}',
        b'{"entries": ["\\ud800"], "head": {"number": 0, "hash": ""}}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_export_is_said_to_be_none(content):
    with pytest.raises(NotALedger):
        read_export(content)


@pytest.mark.parametrize(
    "reason",
    [
        "",
        "   \n\t ",
        "\u00a0" * 40,
        "\u200b" * 40,
        "...............",
        "1234567890 1234",
        "dringend",
        "a" * 5000,
        "a\x00" * 20,
        "geen internet \ud800",
    ],
)
def test_a_reason_that_says_nothing_or_too_much_is_refused(reason):
    with pytest.raises(Problem) as refused:
        checked_reason(reason)

    assert [error.field for error in refused.value.errors] == ["reason"]


@given(st.text())
def test_a_reason_is_kept_as_it_was_written_but_for_the_spaces_around_it(text):
    try:
        reason = checked_reason(f" {text}\n")
    except Problem:
        return
    assert sum(character.isalpha() for character in reason) >= FEWEST_LETTERS
    assert reason.encode()
    assert checked_reason(reason) == reason


def test_a_sentence_is_a_reason():
    assert checked_reason(f"  {REASON} ") == REASON


def test_a_head_is_a_number_and_a_hash():
    assert chain(3)[-1].head == Head(3, chain(3)[-1].hash)
