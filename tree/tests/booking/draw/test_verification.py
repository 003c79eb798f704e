"""Whoever has what is published can recompute it, and finds what was changed."""

import copy
import json

import pytest
from click.testing import CliRunner
from hypothesis import assume, given
from hypothesis import strategies as st

from chalicelib.booking.draw.rules import DrawEntry, Room, Start
from chalicelib.booking.draw.verification import problems
from chalicelib.office.publication.commands import verify_opening
from chalicelib.programme.openings.rules import Bundles
from tests.booking.draw.allocations import BUNDLES, ENTRIES, STARTS, document

TOWN = document(
    [DrawEntry(name, (name,), (((f"lou{name[5:]}", "bouw"),),)) for name in (f"entry{n:02d}" for n in range(12))],
    Start({"bouw": Room(5, 20, 0, "2027-08-16", "2027-08-18")}),
    Bundles.ONE,
    beacon="3 11 22 31 40 44",
)


@given(ENTRIES, STARTS, BUNDLES, st.none() | st.text("0123456789 ", min_size=1))
def test_what_the_rules_drew_is_found_to_be_right(entries, start, bundles, beacon):
    assert problems([document(entries, start, bundles, beacon=beacon)]) == []


def changed(path, value):
    document_ = copy.deepcopy(TOWN)
    inner = document_
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return document_


@pytest.mark.parametrize(
    ("what", "value"),
    [
        (("seed",), "00" * 32),
        (("commitment",), "00" * 32),
        (("list_hash",), "00" * 32),
        (("beacon",), "3 11 22 31 40 45"),
        (("beacon",), None),
        (("bundles",), "none"),
        (("entries", 0, "keys"), ["another"]),
        (("entries", 1, "keys"), ["entry00", "entry01"]),
        (("entries", 1, "wishes"), TOWN["entries"][0]["wishes"]),
        (("results", 0, "barred"), [1]),
        (("results", 0, "barred"), [9]),
        (("results", 0, "not_waiting"), [["bouw", 9]]),
        (("entries", 0, "keys"), []),
        (("entries", 0, "keys"), ["entry00", "another"]),
        (("entries", 0, "wishes"), [[["lou01", "bouw"]]]),
        (("entries", 0, "entry"), "another"),
        (("entries", 0, "wishes"), []),
        (("entries", 0, "wishes"), [[["lou", "nowhere"]]]),
        (("sessions", "bouw", "free"), 6),
        (("sessions", "bouw", "ahead"), 1),
        (("sessions",), {}),
        (("results", 0, "place"), 13),
        (("results", 0), TOWN["results"][1]),
        (("results",), TOWN["results"][1:]),
        (("results",), []),
        (("next",), 1),
        (("entries",), None),
        (("seed",), 7),
    ],
)
def test_what_was_changed_is_found(what, value):
    assert problems([changed(what, value)]) != []


def test_a_family_that_was_let_in_before_its_turn_is_found():
    last, first = (next(one for one in TOWN["results"] if one["place"] == place) for place in (12, 1))
    favoured = copy.deepcopy(TOWN)
    for result in favoured["results"]:
        if result["entry"] == last["entry"]:
            result |= {"place": 1, "granted": [1], "waiting": []}
        if result["entry"] == first["entry"]:
            result |= {"place": 12, "granted": [], "waiting": last["waiting"]}

    found = problems([favoured])

    assert len(found) == 2
    assert any(last["entry"] in problem for problem in found)


@given(ENTRIES, STARTS, BUNDLES, st.data())
def test_a_wish_that_was_slipped_in_is_found(entries, start, bundles, data):
    published = document(entries, start, bundles)
    place = data.draw(st.integers(0, len(entries) - 1))
    wishes = published["entries"][place]["wishes"]
    wish = [["newcomer", data.draw(st.sampled_from(sorted(start.rooms)))]]
    assume(wish not in wishes)
    wishes.insert(0, wish)

    assert problems([published]) != []


def test_parts_of_two_draws_are_no_draw():
    assert len(problems([{**TOWN, "next": 1}, {**TOWN, "seed": "00" * 32}])) == 1


def test_the_parts_of_a_long_list_are_verified_together():
    parts = [{**TOWN, "entries": TOWN["entries"][:5], "results": TOWN["results"][:5], "next": 1}]
    parts.append({**TOWN, "entries": TOWN["entries"][5:], "results": TOWN["results"][5:]})

    assert problems(parts[:1]) != []
    assert problems(parts) == []


@pytest.mark.parametrize("nonsense", [[{}], [], None, "draw", {}, [None], [{"seed": "", "next": None}]])
def test_a_file_that_is_no_draw_is_said_to_be_none(nonsense):
    assert len(problems(nonsense)) == 1


def test_before_the_draw_there_is_nothing_to_verify():
    assert "not been held" in problems([{**TOWN, "seed": None, "beacon": None}])[0]


@pytest.mark.parametrize(
    ("content", "code", "says"),
    [
        (TOWN, 0, "12 results of the draw recomputed"),
        ([TOWN], 0, "12 results of the draw recomputed"),
        (changed(("results", 0, "place"), 13), 1, "published is place 13"),
        (changed(("next",), 1), 1, "a part of the draw only"),
        ([TOWN, {}], 1, "no list"),
    ],
)
def test_the_command_line_says_it(tmp_path, content, code, says):
    file = tmp_path / "draw.json"
    file.write_text(json.dumps(content))

    answer = CliRunner().invoke(verify_opening, [str(file)])

    assert (answer.exit_code, says in answer.output) == (code, True), answer.output
