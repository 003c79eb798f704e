"""Which language a request is answered in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.languages import DEFAULT, LANGUAGES, choose


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        (None, "nl"),
        ("", "nl"),
        ("*", "nl"),
        ("de", "nl"),
        ("fr", "fr"),
        ("FR-be", "fr"),
        ("nl-BE,nl;q=0.9,en;q=0.8", "nl"),
        ("de-DE,de;q=0.9,en;q=0.8,fr;q=0.7", "en"),
        ("en;q=0.2,fr;q=0.9", "fr"),
        ("fr;q=0,en;q=0.1", "en"),
        ("fr;q=0", "nl"),
        ("fr;q=2", "nl"),
        ("en-Latn-BE", "en"),
        ("fry", "nl"),
    ],
)
def test_the_best_of_ours(accepted, chosen):
    assert choose(accepted) == chosen


@given(st.text(max_size=200))
def test_whatever_is_asked_for_it_is_one_of_ours(accepted):
    assert choose(accepted) in LANGUAGES


@given(st.text("abcdefghijklm;=.,*", max_size=40).filter(lambda text: "fr" not in text and "en" not in text))
def test_dutch_for_everything_else(accepted):
    assert choose(accepted) == DEFAULT
