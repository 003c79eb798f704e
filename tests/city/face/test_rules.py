"""A colour that is stored can be read by everybody: WCAG's contrast, measured when it is saved."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.city.face.rules import (
    ALL,
    GROUNDS,
    INK,
    LEAST_CONTRAST,
    WHITE,
    Face,
    Faces,
    checked_colour,
    contrast,
    darker,
    in_tenths,
    of_links,
    of_text_on,
    readable,
    text_on,
    whose,
    writable,
)
from chalicelib.city.texts.rules import defaults
from chalicelib.core.http.problems import FieldError

STYLE = Path("chalicelib/pages/frame/assets/tokens.css").read_text()
colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def errors_of(name: str, given: str) -> list[FieldError]:
    errors: list[FieldError] = []
    checked_colour(name, given, errors)
    return errors


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#777777", "#ffffff", 4.48),  # as WebAIM's checker and every other one says
        ("#767676", "#ffffff", 4.54),
        ("#0000ff", "#ffffff", 8.59),
        ("#123456", "#123456", 1.0),
    ],
)
def test_contrast_is_wcags(one, other, ratio):
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert contrast(other, one) == contrast(one, other)


@given(colours)
def test_a_colour_that_is_stored_can_be_read_and_one_that_is_refused_cannot(colour):
    links, bar = errors_of("action", colour), errors_of("bar", colour)

    assert bool(links) == any(contrast(colour, ground) < LEAST_CONTRAST for ground in GROUNDS)
    assert bool(bar) == (max(contrast(colour, WHITE), contrast(colour, INK)) < LEAST_CONTRAST)


@given(colours)
def test_the_colour_that_is_proposed_is_taken_and_is_the_first_that_would_be(colour):
    for name, nearest, measure in (("action", readable, of_links), ("bar", writable, of_text_on)):
        proposed = nearest(colour)

        assert not errors_of(name, proposed)
        assert nearest(proposed) == proposed
        assert (proposed == colour) == (measure(colour) >= LEAST_CONTRAST)


@given(colours)
def test_a_link_that_is_pointed_at_and_the_text_of_a_button_are_read_at_least_as_well(colour):
    action = readable(colour)

    assert of_links(darker(action)) >= of_links(action)
    assert contrast(WHITE, action) >= LEAST_CONTRAST


@given(colours)
def test_the_ratio_that_is_said_is_never_more_than_there_is(colour):
    whole, tenths = in_tenths(of_links(colour))

    assert 0 <= of_links(colour) - whole - tenths / 10 < 0.1 + 1e-9


def test_a_pale_yellow_is_refused_with_its_ratio_and_the_nearest_that_passes():
    (wrong,) = errors_of("action", "#FFDD00")

    assert wrong.values == {"whole": 1, "tenths": 1, "nearest": "#7e6d00"}
    assert checked_colour("action", "#7e6d00", []) == "#7e6d00"


def test_a_colour_is_taken_as_people_write_it():
    assert checked_colour("bar", " 1B5E20 ", []) == "#1b5e20"
    assert checked_colour("bar", "#036", []) == "#003366"
    assert checked_colour("bar", "", []) is None


NO_COLOURS = ["red", "#12345", "#1234567", "#12345g", "rgb(0,0,0)", "#000;}body{display:none", "#١٢٣٤٥٦"]


@pytest.mark.parametrize("typed", NO_COLOURS)
def test_what_is_no_colour_is_refused_and_stored_nowhere(typed):
    errors: list[FieldError] = []

    assert checked_colour("bar", typed, errors) is None
    assert [one.field for one in errors] == ["bar"]


def test_the_grounds_are_all_that_the_style_sheet_has_behind_links():
    named = re.findall(r"--city-(?:paper|shade|ok-shade|warn-shade|error-shade): (#[0-9a-f]{6})", STYLE)
    alerts = re.findall(r"--utrecht-alert-\w+-background-color: (#[0-9a-f]{6})", STYLE)

    assert {*named, *alerts} == set(GROUNDS)
    assert f"--city-ink: {INK}" in STYLE


def test_a_municipality_is_seen_as_its_face_says_and_else_as_the_whole_city():
    faces = Faces(
        {
            ALL: Face(ALL, action="#0b4f8a", bar="#ffffff", number=1),
            "de-panne": Face("de-panne", {"fr": "La Panne"}, phone="058 42 97 97", bar="#003366", number=3),
        }
    )
    texts = faces.texts_of("De Panne", defaults())

    assert (faces.of("De Panne").action, faces.of("De Panne").bar) == ("#0b4f8a", "#003366")
    assert texts["city_name"].texts == {"nl": "De Panne", "fr": "La Panne", "en": "De Panne"}
    assert texts["city_phone"].texts["en"] == "058 42 97 97"
    assert texts["city_mail"] == defaults()["city_mail"]
    assert faces.texts_of("Kaprijke", defaults()) == defaults()
    assert faces.name_of("Kaprijke", defaults(), "nl") == "Kaprijke"


def test_a_page_about_several_municipalities_has_the_whole_citys():
    assert whose(["Kaprijke", "Kaprijke"]) == "Kaprijke"
    assert whose(["Kaprijke", "Assenede"]) == whose([]) == ALL


def test_text_on_a_dark_bar_is_white_and_on_a_pale_one_almost_black():
    assert (text_on("#003366"), text_on("#ffdd00")) == (WHITE, INK)
