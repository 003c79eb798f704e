"""Every text that people read is there in Dutch and in French, whole."""

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from chalicelib.core import languages

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "chalicelib" / "core" / "languages"
TRANSLATED = ("nl", "fr")
PLACEHOLDER = re.compile(r"\{\w*\}|%\(\w+\)\w|%\w")


@cache
def texts_in_source() -> dict[str, str]:
    """Each English text and the first file that has it."""
    with (FOLDER / "babel.cfg").open() as configuration:
        methods, options = parse_mapping_cfg(configuration)
    keywords = {**DEFAULT_KEYWORDS, "translate": (1,)}
    found: dict[str, str] = {}
    for file, _line, text, _comments, _context in extract_from_dir(ROOT, methods, options, keywords):
        for one in [text] if isinstance(text, str) else filter(None, text):
            found.setdefault(one, file)
    return found


@cache
def read(language: str) -> Catalog:
    with (FOLDER / language / "LC_MESSAGES" / "stormloop.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def entries(language: str) -> list[Message]:
    """All but the header; of one and of several, each by itself."""
    found = []
    for entry in read(language):
        if isinstance(entry.id, str):
            found += [entry] if entry.id else []
        else:
            found += [Message(*pair, flags=entry.flags) for pair in zip(entry.id, entry.string, strict=True)]
    return found


def test_the_extraction_finds_python_and_templates():
    assert {Path(file).suffix for file in texts_in_source().values()} == {".py", ".j2", ".html", ".txt"}
    assert len(texts_in_source()) > 100


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_text_is_missing_and_none_is_left_over(language):
    there = {entry.id for entry in entries(language) if entry.string}
    assert {text: file for text, file in texts_in_source().items() if text not in there} == {}
    assert there - set(texts_in_source()) == set()
    assert not read(language).obsolete


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_is_a_guess(language):
    assert [entry.id for entry in entries(language) if entry.fuzzy] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_placeholders_are_the_same(language):
    differ = [
        entry.id
        for entry in entries(language)
        if sorted(PLACEHOLDER.findall(entry.id)) != sorted(PLACEHOLDER.findall(entry.string))
    ]
    assert differ == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_is_a_sentence_stays_one(language):
    ends = (".", ":", "?", "!")
    assert [one.id for one in entries(language) if one.id.endswith(ends) != one.string.endswith(ends)] == []
    assert [one.id for one in entries(language) if one.string != one.string.strip()] == []


def test_dutch_says_je_and_french_says_vous():
    formal, familiar = re.compile(r"\b(u|uw)\b", re.IGNORECASE), re.compile(r"\b(tu|tes|toi)\b", re.IGNORECASE)
    assert [entry.string for entry in entries("nl") if formal.search(entry.string)] == []
    assert [entry.string for entry in entries("fr") if familiar.search(entry.string)] == []


def test_french_has_its_spaces():
    assert [entry.string for entry in entries("fr") if re.search(r"[^\s\u00a0][;?!»]| [:;?!»]|« ", entry.string)] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_is_compiled_is_what_is_written(language):
    compiled = languages.catalogue(language)
    differ = [
        entry.id
        for entry in read(language)
        if isinstance(entry.id, str) and entry.id and compiled.gettext(entry.id) != entry.string
    ]
    differ += [
        entry.id
        for entry in read(language)
        if not isinstance(entry.id, str) and entry.string != tuple(compiled.ngettext(*entry.id, n) for n in (1, 2))
    ]
    assert differ == [], "run `make languages`"


def test_english_is_what_the_source_says():
    assert (
        languages.translate("The column {column} is missing.", "en", column="title") == "The column title is missing."
    )
    assert languages.translate("The column {column} is missing.", "nl", column="title") == "De kolom title ontbreekt."


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("date", ["POT-Creation-Date", "PO-Revision-Date"])
def test_a_catalogue_says_when_it_was_made(language, date):
    """Else Babel compiles the minute of the day into it, and every `make run` packages and deploys anew."""
    assert date in (FOLDER / language / "LC_MESSAGES" / "stormloop.po").read_text()


def test_no_template_joins_two_texts_by_a_colon() -> None:
    """French wants a space before it that breaks no line: the catalogue has it, `%(label)s: %(value)s` at least."""
    joined = re.compile(r"\}\}: \{\{")
    of_trans = re.compile(r"\{% trans.*?endtrans %\}", re.DOTALL)
    found = {
        str(file.relative_to(ROOT)): joined.findall(of_trans.sub("", file.read_text(encoding="utf-8")))
        for ending in ("*.html", "*.j2", "*.txt")
        for file in (ROOT / "chalicelib").rglob(ending)
    }
    assert {name: places for name, places in found.items() if places} == {}
