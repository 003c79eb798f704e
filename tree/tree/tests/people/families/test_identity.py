"""The same child is one child, whoever types its name and however."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.people.families.addresses import EMAIL
from chalicelib.people.families.identity import child_id, family_id, mailbox
from chalicelib.people.families.rules import child, twice_named


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("Zoë", "Van den Broeck"),
        ("zoe", "van den broeck"),
        ("ZOË", "VAN DEN BROECK"),
        ("Zoe\u0308", "Van Den-Broeck"),
    ],
)
def test_capitals_accents_hyphens_and_spaces_make_no_other_child(first, last):
    assert child_id(first, last, "2020-05-01") == child_id("Zoë", "Van den Broeck", "2020-05-01")


@pytest.mark.parametrize(
    ("one", "other"),
    [("Łukasz", "Lukasz"), ("Søren", "Soren"), ("Zoë", "ZOE"), ("O’Brien", "OBrien"), ("Œdipe", "Oedipe")],
)
def test_letters_that_a_keyboard_lacks_make_no_other_child(one, other):
    assert child_id(one, "Claeys", "2020-05-01") == child_id(other, "Claeys", "2020-05-01")


def test_a_letter_that_is_really_another_is_another_child():
    assert child_id("Noor", "Jansen", "2020-05-01") != child_id("Noor", "Janssen", "2020-05-01")


def test_another_birth_date_or_name_is_another_child():
    ids = {
        child_id("Lou", "Claeys", "2020-05-01"),
        child_id("Lou", "Claeys", "2020-05-02"),
        child_id("Lou", "Claes", "2020-05-01"),
        child_id("Louc", "laeys", "2020-05-01"),
    }
    assert len(ids) == 4


@pytest.mark.parametrize(
    ("written", "reaches"),
    [
        (" An.Claeys@Example.be ", "an.claeys@example.be"),
        ("an.claeys+kamp@example.be", "an.claeys@example.be"),
        ("an.claeys+1+2@example.be", "an.claeys@example.be"),
        ("A.n.Claeys@gmail.com", "anclaeys@gmail.com"),
        ("an.claeys+kamp@googlemail.com", "anclaeys@gmail.com"),
        ("An_Claeys-1@protonmail.com", "anclaeys1@proton.me"),
        ("an@pm.me", "an@proton.me"),
        ("an@mac.com", "an@icloud.com"),
        ("kamp@an.fastmail.com", "an@fastmail.com"),
    ],
)
def test_one_mailbox_is_one_family_however_its_address_is_written(written, reaches):
    assert mailbox(written) == reaches
    assert family_id(written) == family_id(reaches)


@pytest.mark.parametrize("other", ["anclaeys@example.be", "an.claeys@example.com", "an-claeys@example.be"])
def test_another_mailbox_is_another_family(other):
    """A dot and a hyphen make one almost everywhere."""
    assert family_id(other) != family_id("an.claeys@example.be")


@pytest.mark.parametrize("odd", ["+kamp@example.be", "..@gmail.com", "+@example.be"])
def test_an_address_without_anything_else_is_its_own_mailbox(odd):
    assert mailbox(odd) == odd


@given(st.from_regex(f"(?:{EMAIL})", fullmatch=True))
def test_a_mailbox_is_an_address_of_itself(email):
    assert mailbox(mailbox(email)) == mailbox(email)


def test_an_id_cannot_be_recomputed_without_the_secret(monkeypatch):
    from chalicelib.people.families.identity import derived_key

    before = child_id("Lou", "Claeys", "2020-05-01")
    monkeypatch.setenv("IDS_KEY", "another:secret")
    derived_key.cache_clear()
    after = child_id("Lou", "Claeys", "2020-05-01")
    monkeypatch.undo()
    derived_key.cache_clear()
    assert before != after


@given(st.lists(st.sampled_from(["Lou", "Jef", "Noor", "lou"]), max_size=5))
def test_a_child_that_stands_twice_in_a_list_is_found(names):
    children = tuple(child(name, "Claeys", date(2020, 5, 1)) for name in names)
    plain = [name.lower() for name in names]
    expected = next((place for place, name in enumerate(plain) if name in plain[:place]), None)
    assert twice_named(children) == expected
