"""One folding of names: what finds a child at the desk is what makes it the same child."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.people.families.names import plain, same


def test_a_name_as_people_look_for_it_and_as_its_id_is_made_of_it():
    assert plain("Łukasz D’Hooghe-Şimşek") == "lukasz dhooghe simsek"
    assert same("Łukasz D’Hooghe-Şimşek") == "łukaszdhooghesimsek"


@given(st.text())
def test_an_id_is_made_of_the_letters_and_digits_alone(name):
    assert same(name) == "".join(c for c in unicodedata.normalize("NFKD", name).casefold() if c.isalnum())


@given(st.text(), st.text())
def test_who_is_the_same_child_has_the_same_letters_at_the_desk(one, other):
    letters = plain(one).replace(" ", ""), plain(other).replace(" ", "")

    assert same(one) != same(other) or letters[0] == letters[1]
