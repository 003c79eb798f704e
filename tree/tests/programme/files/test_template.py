"""What the template writes is read back as what was meant."""

import unicodedata
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from chalicelib.core.languages import LANGUAGES
from chalicelib.programme.files import in_file, template
from chalicelib.programme.files.reading import Reading, open_file, read
from chalicelib.programme.sessions.rules import Session
from tests.programme.sessions.examples import bouwkamp, sessions


def reading(data: bytes) -> Reading:
    return read(open_file(data, "kampen.xlsx"), "Kaprijke")


def is_readable(session: Session) -> bool:
    """A camp that can be: its last day after its first, and its hours in order; a file says nothing of an opening."""
    days_are_right = not (session.starts_on and session.ends_on) or session.starts_on <= session.ends_on
    hours = session.daily_from, session.daily_until
    return days_are_right and not (hours[0] and hours[1] and hours[0] >= hours[1])


def as_written(session: Session) -> Session:
    """With its texts as every file of ours has them: composed, and a dash is no text."""
    texts = {name: text_of(getattr(session, name)) for name in ("municipality", "place", "kind", "source")}
    title = text_of(session.title)
    return replace(session, opens_at=None, title=f"Kamp {title}", note="=1+1", **texts)


def text_of(text: str | None) -> Any:
    return text and unicodedata.normalize("NFC", text).replace("-", "x").replace("–", "x").replace("—", "x")


@settings(max_examples=20, phases=(Phase.explicit, Phase.generate))
@given(
    st.lists(sessions().filter(is_readable), min_size=1, max_size=3, unique_by=lambda one: one.session_id),
    st.sampled_from(LANGUAGES),
)
def test_what_it_writes_is_read_back(some: list[Session], language: str) -> None:
    meant = [as_written(one) for one in some]

    found = reading(template.written(language, meant))

    assert not found.errors
    assert not found.turned
    assert [replace(row.session, session_id="") for row in found.rows] == [replace(one, session_id="") for one in meant]


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_examples_are_left_out_and_all_its_columns_are_known(language: str) -> None:
    found = reading(template.written(language))

    assert not found.rows
    assert [in_file.remark(one, "en") for one in found.remarks][-2:] == [
        "Row 2 is left out, because it is an example.",
        "Row 3 is left out, because it is an example.",
    ]
    assert {one.column for one in found.sheets[0].header.columns} == {column for column, *_ in template.COLUMNS}


def test_what_is_filled_in_below_the_examples_is_read() -> None:
    book = load_workbook(BytesIO(template.written("nl")))
    filled: list[Any] = ["Danskamp", "05/07/2027", "09/07/2027", 6, "12", 20, "45,00", "9u", "16u"]
    for place, value in enumerate(filled, 1):
        book.active.cell(4, place, value)
    written = BytesIO()
    book.save(written)

    (row,) = reading(written.getvalue()).rows

    assert (row.line, row.session.title, row.session.missing) == (4, "Danskamp", ())
    assert row.session.municipality == bouwkamp().municipality


@pytest.mark.parametrize("language", LANGUAGES)
def test_excel_offers_choices_refuses_what_cannot_be_and_explains(language: str) -> None:
    book = load_workbook(BytesIO(template.written(language)))

    rules = book.worksheets[0].data_validations.dataValidation

    assert {rule.type for rule in rules} == {"date", "whole", "decimal", "time", "list"}
    assert all(len(rule.prompt) <= 255 for rule in rules)
    explained = [row[0] for row in book.worksheets[1].iter_rows(min_row=4, values_only=True)]
    assert explained == [cell.value for cell in book.worksheets[0][1]]
