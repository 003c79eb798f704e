"""The same child is one child, whoever types its name and however."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.people.families.identity import child_id, family_id
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


def test_another_birth_date_or_name_is_another_child():
    ids = {
        child_id("Lou", "Claeys", "2020-05-01"),
        child_id("Lou", "Claeys", "2020-05-02"),
        child_id("Lou", "Claes", "2020-05-01"),
        child_id("Louc", "laeys", "2020-05-01"),
    }
    assert len(ids) == 4


def test_one_mail_address_is_one_family_however_it_is_written():
    assert family_id(" An.Claeys@Example.be ") == family_id("an.claeys@example.be")


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
