"""What a text may say, and in what form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.city.texts.rules import KEYS, NEEDED, TextForm, checked, default, defaults
from chalicelib.core.http.problems import Problem
from chalicelib.core.languages import LANGUAGES

BRING, CITY, PHONE = KEYS["bring"], KEYS["city_name"], KEYS["city_phone"]
SHOES = {"nl": "Schoenen", "fr": "Des chaussures", "en": "Shoes"}


def wrong(key, texts) -> dict[str, str]:
    with pytest.raises(Problem, match="invalid") as problem:
        checked(key, texts)
    return {error.field: error.message for error in problem.value.errors}


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_what_ships_with_the_code_is_there_in_each_language_and_would_be_taken_from_staff(key):
    shipped = default(key.name)

    assert checked(key, shipped.texts) == shipped.texts
    assert set(shipped.texts) == set(LANGUAGES)
    assert all(shipped.texts.values()) or not key.is_needed
    assert (shipped.number, shipped.by) == (0, None)


def test_every_text_has_a_default():
    assert list(defaults()) == list(KEYS)


def test_a_text_is_trimmed_and_its_lines_end_alike():
    found = checked(BRING, {**SHOES, "nl": "  - schoenen\r\n- een jas \n"})

    assert found["nl"] == "- schoenen\n- een jas"


def test_a_text_is_written_in_all_languages_or_in_none():
    assert wrong(BRING, {**SHOES, "fr": " "}) == {"texts.fr": NEEDED}
    assert checked(BRING, {}) == dict.fromkeys(LANGUAGES, "")


def test_what_a_page_cannot_do_without_is_not_emptied():
    assert wrong(CITY, {}) == {f"texts.{language}": NEEDED for language in LANGUAGES}


def test_what_is_too_long_is_named_in_its_language():
    assert list(wrong(BRING, {**SHOES, "en": "x" * (BRING.most + 1)})) == ["texts.en"]
    assert checked(BRING, {**SHOES, "en": "x" * BRING.most})


@pytest.mark.parametrize("bad", ["a\x00b", "a\u202eb", "a\u200bb", "a\x1b[1mb", "a\tb", "a\ud800b", "a\u2028b"])
def test_control_characters_are_refused(bad):
    assert list(wrong(BRING, {**SHOES, "nl": bad})) == ["texts.nl"]


def test_a_line_is_one_line():
    assert list(wrong(CITY, {"nl": "Kaprijke\nLembeke", "fr": "Kaprijke", "en": "Kaprijke"})) == ["texts.nl"]


def test_french_may_have_its_spaces():
    assert checked(BRING, {**SHOES, "fr": "Quoi\u00a0?"})["fr"] == "Quoi\u00a0?"


@pytest.mark.parametrize("good", ["+32 9 373 68 00", "09/373.68.00", "(09) 373 68 00", ""])
def test_a_phone_number_is_the_same_in_each_language(good):
    if good.startswith("("):
        assert wrong(PHONE, {"nl": good})
    else:
        assert checked(PHONE, {"nl": good}) == dict.fromkeys(LANGUAGES, good)


@pytest.mark.parametrize("bad", ["call me", "1", "javascript:alert(1)", "+32 9 373 68 00 ext. 4"])
def test_what_nobody_can_dial_is_refused(bad):
    assert list(wrong(PHONE, {"nl": bad})) == ["texts.nl"]


@pytest.mark.parametrize("bad", ["sport@kaprijke", "sport kaprijke.be", "a@b.be, c@d.be", 'x"@kaprijke.be'])
def test_what_is_no_mail_address_is_refused(bad):
    assert list(wrong(KEYS["city_mail"], {"nl": bad})) == ["texts.nl"]


@pytest.mark.parametrize("bad", ["2026-02-30", "20260201", "yesterday", "1999-01-01"])
def test_what_is_no_day_is_refused(bad):
    assert list(wrong(KEYS["accessibility_day"], {"nl": bad})) == ["texts.nl"]


@pytest.mark.parametrize("link", ["http://kaprijke.be", "javascript:alert(1)", "//kaprijke.be", "data:text/html,x"])
def test_a_link_that_would_be_none_is_named(link):
    assert list(wrong(BRING, {**SHOES, "nl": f"Kijk [hier]({link})."})) == ["texts.nl"]


@given(st.dictionaries(st.sampled_from([*LANGUAGES, "de"]), st.text(max_size=80)), st.sampled_from(sorted(KEYS)))
def test_whatever_is_typed_is_refused_or_taken_once_and_for_all(typed, name):
    key = KEYS[name]
    found, errors = None, ()
    try:
        found = checked(key, typed)
    except Problem as problem:
        errors = problem.errors

    assert found is not None or errors
    if found is not None:
        assert checked(key, found) == found
        assert all(len(text) <= key.most or key.form in (TextForm.PHONE, TextForm.MAIL) for text in found.values())
