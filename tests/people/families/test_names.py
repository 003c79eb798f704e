"""One folding of names: what finds a child at the desk is what makes it the same child."""

import re
import sys
import unicodedata
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.people.families.handlers import NAME
from chalicelib.people.families.names import by_last_name, full_name, is_called, listed_name, plain, same, tails
from chalicelib.people.families.rules import child


@cache
def letters() -> list[str]:
    """Of all that Unicode has, those that a name may have."""
    return [letter for letter in map(chr, range(sys.maxunicode)) if re.fullmatch(NAME, letter)]


def test_a_name_as_people_look_for_it_and_as_its_id_is_made_of_it():
    assert plain("Łukasz D’Hooghe-Şimşek") == "lukasz dhooghe simsek"
    assert same("Łukasz D’Hooghe-Şimşek") == "lukaszdhooghesimsek"


@pytest.mark.parametrize(
    ("written", "looked_for"),
    [
        ("Søren Þórsson", "soren thorsson"),
        ("İpek Işık", "ipek isik"),
        ("Đặng Ngọc Ánh", "dang ngoc anh"),
        ("Zoe\N{COMBINING DIAERESIS}", "zoe"),
        ("Œdipe Æneas Straße", "oedipe aeneas strasse"),
        ("O´Brien", "obrien"),
        ("d`Arc", "darc"),
        ("Seán 'ac Dhonncha", "sean ac dhonncha"),
        ("Georg J:son Karlin", "georg j son karlin"),
        ("Jan\N{NO-BREAK SPACE}Jr., Peeters\N{EN DASH}Maes", "jan jr peeters maes"),
        ("Олена Шевченко", "olena shevchenko"),
    ],
)
def test_it_is_found_however_a_keyboard_writes_it(written, looked_for):
    assert plain(written) == looked_for


def test_a_page_that_looks_by_itself_compares_beginnings_of_words_in_a_row():
    assert tails("Bo D'Hondt") == ["bodhondt", "dhondt", "hondt"]
    assert [one for one in tails("Bo van den Berg") if one.startswith("vandenb")] == ["vandenberg"]


def test_every_letter_that_a_name_may_have_is_one_of_a_keyboard():
    """So there is nothing beside them by which a child could get a second id."""
    assert len(letters()) == 681
    assert [letter for letter in letters() if not re.fullmatch("[a-z]+", same(letter))] == []


def test_neither_capitals_nor_how_a_letter_is_put_together_make_another():
    for letter in letters():
        variants = {letter, letter.lower(), letter.upper(), *(unicodedata.normalize(form, letter) for form in FORMS)}
        assert {same(one) for one in variants} == {same(letter)}


FORMS = ("NFC", "NFD")


@pytest.mark.parametrize("letter", "ǀǁǂǃƄƨƽƻƾƿɁƹ")
def test_what_looks_like_a_letter_of_a_name_and_is_none_is_not_taken(letter):
    assert not re.fullmatch(NAME, f"Lou{letter}")


@given(st.text())
def test_an_id_is_made_of_letters_and_digits_alone_and_of_what_the_desk_looks_for(name):
    assert re.fullmatch("[a-z0-9]*", same(name))
    assert same(name) == plain(name).replace(" ", "")


@pytest.mark.parametrize(
    ("heard", "name"),
    [
        ("hondt", "Jan D'Hondt"),
        ("dhondt", "Jan D’Hondt"),
        ("d hondt", "Jan D´Hondt"),
        ("d'hondt", "Jan de Hondt"),
        ("vandenberg", "Lou van den Berg"),
        ("vandenb lou", "Lou van den Berg"),
        ("van den berg lou", "Lou Vandenberg"),
        ("berg", "Lou van den Berg"),
        ("simsek luk", "Łukasz De Şimşek"),
        ("j:son", "Georg J:son Karlin"),
    ],
)
def test_somebody_is_called_as_it_is_heard(heard, name):
    assert is_called(heard, name)


@pytest.mark.parametrize(
    ("heard", "name"), [("jan jan", "Jan Peeters"), ("", "Jan"), ("-", "Jan"), ("ondt", "D'Hondt")]
)
def test_somebody_else_is_not(heard, name):
    assert not is_called(heard, name)


@given(st.lists(st.text("abcdéèïö'’-", min_size=1, max_size=8), min_size=1, max_size=4))
def test_a_name_finds_itself_in_whatever_order_its_words_are_said(words):
    name = " ".join(words)

    assert not plain(name) or (is_called(name, name) and is_called(" ".join(reversed(words)), name))


def test_who_has_one_name_is_shown_by_it_without_a_dash():
    suharto, lou = child("Suharto", "-", date(2020, 5, 1)), child("Lou", "Claeys", date(2022, 5, 1))

    assert (full_name(suharto), listed_name(suharto)) == ("Suharto", "Suharto")
    assert (full_name(lou), listed_name(lou)) == ("Lou Claeys", "Claeys Lou")
    assert by_last_name(lou) < by_last_name(suharto) < by_last_name(child("Ada", "Thienpont", date(2021, 3, 3)))


def test_no_template_puts_a_name_together_itself():
    chalicelib = Path(__file__).parents[3] / "chalicelib"
    templates = [one for ending in ("html", "txt", "j2") for one in chalicelib.rglob(f"*.{ending}")]

    assert [one.name for one in templates if re.search(r"\w\.last_name", one.read_text("utf-8"))] == []
