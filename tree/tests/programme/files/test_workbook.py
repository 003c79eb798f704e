import zipfile
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from chalicelib.programme.files import in_file, workbook
from chalicelib.programme.files.grid import HandedIn, packed, unpacked
from chalicelib.programme.files.reading import Reading, read
from chalicelib.programme.sessions.changes import Broken
from tests.programme.sessions.examples import HEADER, bouwkamp

COLUMNS = [*HEADER.split(","), "daily_from", "kind"]
CAMP: dict[str, Any] = {
    "municipality": "Kaprijke",
    "title": "Bouwkamp (Lembeke)",
    "starts_on": date(2019, 8, 19),
    "ends_on": datetime(2019, 8, 21),  # noqa: DTZ001 as Excel has days
    "age_min": 3,
    "age_max": 6.0,
    "capacity": 20,
    "price_eur": 45.0,
    "note": None,
    "source": "https://www.kaprijke.be/kleutersportkamp",
    "daily_from": time(9),
    "kind": "kleuters",
}


def book(*rows: list[Any], header: list[Any] = COLUMNS) -> bytes:
    made = Workbook()
    for row in (header, *rows):
        made.active.append(row)
    written = BytesIO()
    made.save(written)
    return written.getvalue()


def camp(**changes: Any) -> list[Any]:
    return list((CAMP | changes).values())


def opened(data: bytes) -> HandedIn:
    return workbook.read_workbook(data, "kampen.xlsx")


def examined(data: bytes) -> Reading:
    return read(opened(data))


def errors_of(data: bytes) -> list[tuple[int, str]]:
    try:
        found = examined(data)
    except Broken as broken:
        return [(error.line, in_file.sentence(error, None, "en")) for error in broken.errors]
    return [(error.line, in_file.sentence(error, found.sheets[0], "en")) for error in found.errors]


def test_days_hours_and_prices_are_read_as_excel_has_them() -> None:
    found = examined(book(camp()))

    assert not found.errors
    assert [row.session for row in found.rows] == [bouwkamp(daily_from=time(9), kind="kleuters")]


@pytest.mark.parametrize(("price", "cents"), [(45.5, 4550), (45.1, 4510), (0, 0), ("45.25", 4525)])
def test_a_price_is_what_people_see(price: Any, cents: int) -> None:
    (row,) = examined(book(camp(price_eur=price))).rows

    assert row.session.price_cents == cents


def test_a_row_keeps_the_number_that_excel_shows() -> None:
    data = book(camp(), [None] * 12, camp(title="Danskamp", capacity=-1))

    assert errors_of(data) == [
        (4, "Column G (capacity) is “-1”. Write a whole number, without anything else, for example 12.")
    ]


def test_columns_without_a_name_or_content_are_left_alone() -> None:
    found = examined(book([*camp(), None, ""], header=[*COLUMNS, None, " "]))

    assert len(found.rows) == 1


def test_what_stands_beside_the_named_columns_is_not_taken() -> None:
    found = examined(book([*camp(), "ask An"]))

    assert [row.session.title for row in found.rows] == ["Bouwkamp (Lembeke)"]


def test_a_formula_is_not_worked_out() -> None:
    data = book(camp(capacity="=10+10"))

    assert errors_of(data) == [
        (2, "Column G (capacity) is a formula. Replace it by what it shows: copy the cell and paste its value.")
    ]
    assert not examined(data).rows


def test_an_error_in_a_cell_is_no_text() -> None:
    assert errors_of(book(camp(capacity="#DIV/0!"))) == [
        (2, "Column G (capacity) shows the error “#DIV/0!”. Write what it should say.")
    ]


def test_a_workbook_without_rows_says_so() -> None:
    assert errors_of(book()) == [(1, "There is no session below the row with the column names.")]


def test_an_empty_workbook_says_so() -> None:
    assert errors_of(book(header=[])) == [(1, "The file is empty. Its first row must name the columns.")]


def test_more_rows_than_a_programme_has_are_refused() -> None:
    data = book(*[camp(title=f"Kamp {number}") for number in range(workbook.MOST_ROWS + 1)])

    assert errors_of(data) == [(1, "There are more than 2000 rows. Divide the file into several ones.")]


def archive(**parts: bytes) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return written.getvalue()


def test_a_zip_bomb_is_not_unpacked() -> None:
    data = archive(sheet=b"0" * (workbook.MOST_UNPACKED + 1))

    assert len(data) < 20_000
    assert errors_of(data) == [
        (1, "This workbook has more in it than a programme needs. Copy the sessions into a new one.")
    ]


def replaced(data: bytes, name: str, content: bytes) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
    return written.getvalue()


def test_entities_that_grow_are_refused() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY l0 "ha">{laughs}]><worksheet>&l9;</worksheet>'

    data = replaced(book(camp()), "xl/worksheets/sheet1.xml", bomb.encode())

    assert errors_of(data)[0][0] == 1


@pytest.mark.parametrize("data", [b"PK\x03\x04", archive(a=b"b"), b"PK\x03\x04" + b"\0" * 100, b"\xd0\xcf\x11\xe0" * 9])
def test_what_is_no_workbook_is_refused_in_words(data: bytes) -> None:
    """The last one is what Excel wrote before 2007, or writes with a password."""
    assert errors_of(data) == [
        (
            1,
            "This workbook cannot be read. Open it in Excel, choose Save as, and take “Excel workbook (.xlsx)”, "
            "without a password.",
        )
    ]


def test_a_hidden_worksheet_is_not_read() -> None:
    made = Workbook()
    for row in (COLUMNS, camp()):
        made.active.append(row)
    hidden = made.create_sheet("Oud")
    for row in (COLUMNS, camp(title="Van vorig jaar")):
        hidden.append(row)
    hidden.sheet_state = "hidden"
    written = BytesIO()
    made.save(written)

    found = examined(written.getvalue())

    assert [row.session.title for row in found.rows] == ["Bouwkamp (Lembeke)"]
    assert "The hidden worksheet “Oud” is not read." in [in_file.remark(one, "en") for one in found.remarks]


def test_days_of_excel_for_the_mac_count_from_1904() -> None:
    made = Workbook()
    made.epoch = datetime(1904, 1, 1)  # noqa: DTZ001 as openpyxl says it
    for row in (COLUMNS, camp(starts_on=46580 - 1462, ends_on=46584 - 1462)):
        made.active.append(row)
    written = BytesIO()
    made.save(written)

    (row,) = examined(written.getvalue()).rows

    assert (row.session.starts_on, row.session.ends_on) == (date(2027, 7, 12), date(2027, 7, 16))


WHOLE = book(camp())


def test_what_was_read_goes_with_the_page_and_comes_back() -> None:
    handed = opened(WHOLE)

    assert unpacked(packed(handed)).grids == handed.grids
    assert len(packed(handed)) < len(WHOLE) / 4


@given(st.integers(4, len(WHOLE) - 1), st.integers(0, 255), st.integers(0, 50))
def test_a_damaged_workbook_is_read_or_refused_but_never_breaks_anything(place: int, byte: int, lost: int) -> None:
    damaged = WHOLE[:place] + bytes([byte]) + WHOLE[place + 1 + lost :]

    assert isinstance(errors_of(damaged), list)  # and nothing else was raised
