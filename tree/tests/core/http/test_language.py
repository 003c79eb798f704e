"""Which language an answer is in: the header, through the API. tests/core/languages/test_choose.py has the choice
itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.http.problems import INVALID
from chalicelib.core.languages import DEFAULT, LANGUAGES, choose, translate
from tests.camps import request
from tests.core.http.problems import is_problem

TITLE = {language: translate(INVALID.title, language) for language in LANGUAGES}
ASKED = [
    # what browsers send
    ("nl-BE,nl;q=0.9,fr;q=0.8,en;q=0.7", "nl"),
    ("fr-BE,fr;q=0.9,nl;q=0.8", "fr"),
    ("en-GB,en;q=0.5", "en"),
    ("de-DE,de;q=0.9,fr;q=0.4,en;q=0.3", "fr"),
    ("tr-TR,tr;q=0.9,en-US;q=0.8,en;q=0.7", "en"),
    # weights (RFC 9110, 12.4.2)
    ("nl;q=0.5,fr;q=0.501", "fr"),
    ("nl;q=0.001,fr;q=0", "nl"),
    ("fr;q=0,en;q=0.000,nl;q=0.0", "nl"),
    ("fr;q=1,en;q=1.000", "fr"),
    ("fr; q=0.2 , en ;q=0.3", "en"),
    ("FR;Q=0.9,nl;q=0.1", "fr"),
    # what is no weight is passed over
    ("fr;q=-1", "nl"),
    ("fr;q=", "nl"),
    ("fr;q=0.1234", "nl"),
    ("fr;q=NaN,en;q=0.1", "en"),
    ("fr;q=1e0", "nl"),
    ("fr;level=1", "nl"),
    # nothing of ours
    ("", "nl"),
    ("*", "nl"),
    ("*;q=0.5", "nl"),
    ("de", "nl"),
    ("zh-Hant-TW", "nl"),
    ("fry,frr,nld,eng", "nl"),
    # broken
    (",,,", "nl"),
    (";q=1", "nl"),
    ("fr fr", "nl"),
    ("fr_BE", "nl"),
    ("fr-", "nl"),
    ("🇫🇷", "nl"),
    ("frañçais", "nl"),
    ("fr\x00", "nl"),
    ("fr,broken;;;,en;q=", "fr"),
    ("<script>,en", "en"),
    ("fr," * 5000, "fr"),
    ("x" * 60_000, "nl"),
    ("fr-" + "a-" * 30_000 + "a", "fr"),
]


@pytest.mark.parametrize(("accepted", "language"), ASKED, ids=lambda value: repr(value)[:40])
def test_an_answer_is_in_the_language_asked_for(accepted, language):
    answer = request("POST", "/api/passes", b"{}", {"Accept-Language": accepted})
    is_problem(answer, INVALID, language)


def test_without_the_header_it_is_dutch():
    is_problem(request("POST", "/api/passes", b"{}"), INVALID, "nl")


def test_the_three_are_three():
    assert len(set(TITLE.values())) == 3


# RFC 9110: language-range [ weight ], joined by commas
SUBTAG = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGH", min_size=1, max_size=8)
RANGE = st.sampled_from(["nl", "fr", "en", "de", "*", "nl-BE", "EN-us"]) | st.lists(SUBTAG, min_size=1).map("-".join)
WEIGHT = st.integers(0, 1000).map(lambda thousandths: f";q={thousandths / 1000:.3f}") | st.just("")
SPACE = st.sampled_from(["", " ", "\t"])
PART = st.tuples(SPACE, RANGE, WEIGHT, SPACE).map("".join)


@given(st.lists(PART, max_size=6))
def test_it_is_the_heaviest_of_ours_and_the_first_of_equals(ranges):
    """Against the same said in other words."""
    ours = []
    for place, part in enumerate(ranges):
        tag, _, weight = part.strip().partition(";q=")
        if tag[:2].lower() in LANGUAGES and (len(tag) == 2 or tag[2] == "-"):
            ours.append((-float(weight or 1), place, tag[:2].lower()))
    wanted = min((one for one in ours if one[0] < 0), default=(0, 0, DEFAULT))[2]

    assert choose(",".join(ranges)) == wanted


@given(st.text() | st.text("nlfrenq=;,.-0123456789* ", max_size=60))
def test_no_header_breaks_it(accepted):
    assert choose(accepted) in LANGUAGES
