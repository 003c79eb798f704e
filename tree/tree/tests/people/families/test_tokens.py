"""A token is believed only as we signed it, and only for half a year."""

import os
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.http.problems import Problem
from chalicelib.people.families import tokens
from chalicelib.people.families.identity import family_id
from chalicelib.people.families.rules import Pass, child
from chalicelib.people.families.signing import signer
from tests.camps import named_by

LOU = child("Lou", "Claeys", date(2022, 5, 1))
PASS = Pass(
    "pass23456789",
    family_id("an@example.be"),
    "an@example.be",
    "nl",
    "9970",
    (LOU,),
    datetime(2027, 3, 1, tzinfo=UTC),
    named_by(family_id("an@example.be"), LOU.child_id),
)


def test_a_token_says_who_and_which_children():
    who = tokens.read(tokens.sign(PASS))

    assert (who.pass_id, who.family_id, who.postcode) == (PASS.pass_id, PASS.family_id, "9970")
    assert who.children == {LOU.child_id: date(2022, 5, 1)}


def test_a_token_holds_no_names_and_no_address():
    import base64
    import zlib

    payload = tokens.sign(PASS).split(".")
    packed = payload[1] if payload[0] == "" else payload[0]
    raw = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
    text = (zlib.decompress(raw) if payload[0] == "" else raw).decode()

    assert LOU.child_id in text
    assert not any(word in text for word in ("Lou", "Claeys", "an@example.be"))


@given(place=st.integers(0, len(tokens.sign(PASS)) - 1), character=st.characters())
def test_a_token_that_was_touched_never_says_anything_else(place, character):
    token = tokens.sign(PASS)
    touched = token[:place] + character + token[place + 1 :]
    # The last character of the signature carries two bits that base64 does not use.
    if touched == token or place == len(token) - 1:
        with suppress(Problem):
            assert tokens.read(touched) == tokens.read(token)
    else:
        with pytest.raises(Problem, match="unauthorized"):
            tokens.read(touched)


@given(st.text())
def test_no_text_breaks_the_reader(text):
    with pytest.raises(Problem, match="unauthorized"):
        tokens.read(text)


def test_a_token_of_another_deployment_is_refused(monkeypatch):
    token = tokens.sign(PASS)
    with link_keys(monkeypatch, "another-city:s"), pytest.raises(Problem, match="unauthorized"):
        tokens.read(token)


def test_a_key_that_is_changed_in_season_ends_nobodys_pass(monkeypatch):
    """As docs/deploy.md says it: the new key goes behind, then to the front; the old one goes when it is of no use."""
    old, new = "2026:an old secret", "2027:a new secret"
    with link_keys(monkeypatch, old):
        before = tokens.sign(PASS)
    with link_keys(monkeypatch, f"{old},{new}"):
        meanwhile = tokens.sign(PASS)
        assert tokens.read(before) == tokens.read(meanwhile)
    with link_keys(monkeypatch, f"{new},{old}"):
        after = tokens.sign(PASS)
        assert tokens.read(before) == tokens.read(meanwhile) == tokens.read(after)
    with link_keys(monkeypatch, old), pytest.raises(Problem, match="unauthorized"):
        tokens.read(after)
    with link_keys(monkeypatch, new):
        tokens.read(after)
        for ended in (before, meanwhile):
            with pytest.raises(Problem, match="unauthorized"):
                tokens.read(ended)


def test_the_keys_of_ids_and_of_forms_sign_no_pass(monkeypatch):
    token = tokens.sign(PASS)
    for setting in ("IDS_KEY", "FORM_KEYS"):
        with link_keys(monkeypatch, os.environ[setting]), pytest.raises(Problem, match="unauthorized"):
            tokens.read(token)


@pytest.mark.parametrize(("days", "is_read"), [(179, True), (181, False)])
def test_a_token_ends_after_half_a_year(monkeypatch, days, is_read):
    import itsdangerous.timed

    token = tokens.sign(PASS)
    now = datetime.now(UTC).timestamp() + days * 24 * 3600
    monkeypatch.setattr(itsdangerous.timed.time, "time", lambda: now)
    if is_read:
        tokens.read(token)
    else:
        with pytest.raises(Problem, match="unauthorized"):
            tokens.read(token)


@contextmanager
def link_keys(monkeypatch, setting):
    with monkeypatch.context() as other:
        other.setenv("LINK_KEYS", setting)
        signer.cache_clear()
        yield
    signer.cache_clear()
