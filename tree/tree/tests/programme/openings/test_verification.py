"""A published list verifies as our code makes it, and with anything in it changed it does not."""

import copy
import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.city.ledger.rules import NO_HASH, LedgerAct, LedgerEntry
from chalicelib.core.http.fields import check
from chalicelib.people.families.rules import Naming
from chalicelib.programme.openings.admission import admission
from chalicelib.programme.openings.plans import PLAN, plan_of
from chalicelib.programme.openings.published import COLUMNS, PublishedRow, document, list_hash
from chalicelib.programme.openings.rules import Opening, Shift, State
from chalicelib.programme.openings.verification import verify
from tests.city.ledger.published import as_public
from tests.programme.openings import plans

ROOT = Path(__file__).parents[3]
WINDOWS = [
    {"opens_at": "2027-05-07T19:00", "spread_minutes": 30, "postcodes": ["9970"]},
    {"opens_at": "2027-05-07T20:00", "spread_minutes": 60},
]
OPENING = Opening(
    "2027-k7m2xq",
    3,
    plan_of(check(PLAN, plans.PLAN | {"windows": WINDOWS})),
    State.PUBLISHED,
    bytes(range(32)),
    shifts=(Shift(datetime.fromisoformat("2027-05-07T19:10+02:00"), timedelta(minutes=90)),),
)
PUBLISHED = LedgerEntry(
    number=1,
    previous=NO_HASH,
    at=datetime.fromisoformat("2027-03-06T18:00+00:00"),
    what=LedgerAct.PUBLISHED,
    opening_id=OPENING.opening_id,
    session_id=None,
    details={"version": OPENING.version, "commitment": OPENING.commitment},
    staff_id="sub-els",
    staff_name="Els Maes",
    reason="Version 3 was approved by 2 different people and published.",
    registration_id=None,
    salt="00" * 16,
).sealed()
LEDGER = {"entries": [as_public(PUBLISHED)], "head": {"number": 1, "hash": PUBLISHED.hash}}
AS_OF = datetime.fromisoformat("2027-05-09T12:00+00:00")
BEFORE, AFTER = (int(OPENING.plan.passes_until.timestamp()) + seconds for seconds in (-60, 60))


def row_of(number, window, is_late, delay, channel="opening"):
    """A family that registered `delay` milliseconds after its moment."""
    namings = [Naming(f"family{number:05d}", AFTER if is_late else BEFORE)]
    admitted = admission(OPENING, namings, ("9970", "1000")[window])
    return PublishedRow(
        keys=admitted.keys,
        window=admitted.window,
        is_late=admitted.is_late,
        admitted_at=admitted.at,
        registered_at=admitted.at + timedelta(milliseconds=delay),
        session_id="k7mxfar3ct",
        channel=channel,
        children=1 + number % 3,
        status="confirmed",
    )


ROWS = st.lists(
    st.builds(
        row_of,
        st.integers(0, 99_999),
        st.integers(0, 1),
        st.booleans(),
        st.integers(0, 10_000_000),
        st.sampled_from(["opening", "waiting-list", "desk"]),
    ),
    min_size=1,
    max_size=8,
)


def again_hashed(changed):
    """By somebody who knows how the hash is made."""
    return {**changed, "hash": list_hash(changed)}


@given(ROWS)
def test_a_list_that_our_code_made_verifies(rows):
    verified = verify(json.loads(json.dumps(document(OPENING, rows, AS_OF))))

    assert verified.problems == []
    assert (verified.rows, verified.admissions) == (len(rows), len(rows))


@given(ROWS, st.data())
def test_anything_that_was_changed_in_it_is_found(rows, data):
    listed = document(OPENING, rows, AS_OF)
    changed = copy.deepcopy(listed)
    place = data.draw(st.integers(0, len(rows) - 1))
    match data.draw(st.sampled_from(["cell", "drop", "twice", "terms", "hash", "window"])):
        case "cell":
            column = data.draw(st.integers(0, len(COLUMNS) - 1))
            changed["rows"][place][column] = data.draw(
                st.none() | st.integers(0, 2**41) | st.text(max_size=12) | st.lists(st.text(min_size=1, max_size=12))
            )
        case "drop":
            del changed["rows"][place]
        case "twice":
            changed["rows"].insert(place, changed["rows"][place])
        case "terms":
            name = data.draw(st.sampled_from(sorted(set(changed["opening"]) - {"windows", "shifts"})))
            changed["opening"][name] = data.draw(st.text() | st.integers())
        case "hash":
            changed["hash"] = data.draw(st.text("0123456789abcdef", min_size=64, max_size=64))
        case "window":
            changed["opening"]["windows"][0]["spread_minutes"] += data.draw(st.integers(1, 99))

    # Python takes 0 for False and 1 for True; JSON does not.
    if json.dumps(changed) != json.dumps(listed):
        assert verify(changed).problems != []


@given(ROWS, st.data())
def test_a_moment_a_key_or_a_seed_cannot_be_changed_even_with_a_new_hash(rows, data):
    changed = document(OPENING, rows, AS_OF)
    row = changed["rows"][data.draw(st.integers(0, len(rows) - 1))]
    columns = {name: place for place, name in enumerate(COLUMNS)}
    match data.draw(st.sampled_from(["admitted_at", "keys", "registered_at", "seed", "commitment", "none"])):
        case "admitted_at":
            row[columns["admitted_at"]] += data.draw(st.integers(-(10**9), 10**9).filter(bool))
        case "keys" if not row[columns["is_late"]]:
            row[columns["keys"]] = ["another key"]
        case "registered_at" if row[columns["channel"]] != "desk":
            row[columns["registered_at"]] = row[columns["admitted_at"]] - 1
        case "seed":
            changed["opening"]["seed"] = "00" * 32
        case "commitment":
            changed["opening"]["commitment"] = "00" * 32
        case "none" if row[columns["channel"]] != "desk":
            row[columns["keys"]] = []
        case _:
            return
    changed["rows"].sort(key=lambda one: (one[columns["registered_at"]], json.dumps(one)))

    assert verify(again_hashed(changed)).problems != []


def test_who_comes_late_comes_after_the_spread():
    late = row_of(1, window=1, is_late=True, delay=0)
    assert late.admitted_at == OPENING.spread_ends_at

    early = replace(late, admitted_at=late.admitted_at - timedelta(minutes=1))

    (problem,) = verify(document(OPENING, [early], AS_OF)).problems
    assert problem.startswith("Row 1: this family comes after the spread, at ")


def test_what_was_registered_before_its_moment_is_named():
    early = row_of(1, window=0, is_late=False, delay=-1)

    assert verify(document(OPENING, [early], AS_OF)).problems == ["Row 1: it was registered 1 ms before its moment."]


def test_the_desk_is_told_apart_from_the_opening():
    """Staff may register out of order, with a reason in the ledger; it stands in the list as such."""
    by_desk = replace(row_of(1, window=0, is_late=False, delay=-(10**6)), channel="desk")

    assert verify(document(OPENING, [by_desk], AS_OF)).problems == []


@settings(max_examples=300)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner) | st.dictionaries(st.sampled_from([*document(OPENING, [], AS_OF), "seed"]), inner)
        ),
    )
)
def test_what_is_no_list_is_a_problem_and_no_crash(content):
    assert verify(content).problems != []


def test_a_list_of_6000_registrations_is_a_tenth_of_what_an_answer_may_be():
    rows = [row_of(number, number % 2, number % 7 == 0, number) for number in range(6000)]
    listed = document(OPENING, rows, AS_OF)

    size = len(json.dumps(listed, ensure_ascii=False).encode())

    assert verify(listed).problems == []
    assert size < 6_000_000 / 8
    assert size / len(rows) < 110


@pytest.mark.parametrize("is_honest", [True, False])
def test_the_verifier_needs_no_table_no_account_and_no_secret(tmp_path, is_honest):
    listed = document(OPENING, [row_of(1, 0, is_late=False, delay=0 if is_honest else -1)], AS_OF)

    ended = verify_opening(tmp_path, {**listed, "ledger": LEDGER})

    if is_honest:
        assert (ended.returncode, ended.stderr) == (0, "")
        assert ended.stdout.startswith("Everything fits. Checked: ")
    else:
        assert (ended.returncode, ended.stderr) == (1, "Row 1: it was registered 1 ms before its moment.\n")


def test_a_list_without_the_ledger_shows_nothing_of_its_publication(tmp_path):
    ended = verify_opening(tmp_path, document(OPENING, [row_of(1, 0, is_late=False, delay=0)], AS_OF))

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("The ledger's entries are missing")


def verify_opening(folder, listed):
    """The command, with nothing in its environment."""
    (folder / "list.json").write_text(json.dumps(listed))
    bare = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "chalicelib", "verify-opening", "list.json"]
    return subprocess.run(command, cwd=folder, env=bare, capture_output=True, text=True, check=False)
