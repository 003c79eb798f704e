"""Lists as files: what Excel opens, and that no cell of a family's becomes a formula."""

import csv
from io import BytesIO, StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from chalicelib.core.printing.sheets import harmless
from chalicelib.office.attendance import reading, sheets
from chalicelib.office.attendance.columns import file_name
from tests.camps import published
from tests.office.attendance.camp import DESK, LEADER, MANAGER, MONDAY, NOW, ZOE, a_camp, registered

pytestmark = pytest.mark.usefixtures("table")


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_a_csv_opens_in_excel_by_a_double_click():
    content = sheets.as_csv(reading.of_session(LEADER, a_camp().session_id, MONDAY, NOW), "en")

    assert content.startswith(b"\xef\xbb\xbfLast name;First name;Age;")
    assert [row[:3] for row in rows(content)[1:]] == [
        ["De Wilde", "Łukasz", "5"],
        ["Simsek", "Elif", "5"],
        ["Şimşek", "Zoë", "4"],
    ]
    assert rows(content)[1][5:8] == ["Ewa De Wilde +32 470 11 22 33", "Oma Krystyna", ""]
    assert rows(content)[3][7] == "Astma: puffer in de rugzak."


def test_without_the_role_there_is_no_column_of_medical_notes():
    found = reading.of_session(MANAGER, a_camp().session_id, MONDAY, NOW)

    for content in (sheets.as_csv(found, "en"), sheets.as_xlsx(found, "en")):
        assert b"Medical" not in content
    assert "Astma" not in sheets.as_csv(found, "en").decode()
    assert [row[-2] for row in rows(sheets.as_csv(found, "en"))] == ["May pick up", "Oma Krystyna", "", ""]


@pytest.mark.parametrize("begins", ["=", "+", "-", "@"])
def test_what_begins_like_a_formula_is_a_text(begins):
    session = published()
    formula = f'{begins}HYPERLINK("http://example.org";"Klik")'
    registered(session, ZOE, email="simsek@example.be", medical=f"Astma\n{formula}", pick_up=[formula])
    found = reading.of_session(DESK, session.session_id, MONDAY, NOW)

    assert rows(sheets.as_csv(found, "en"))[1][6:8] == [f"'{formula}", f"Astma\n'{formula}"]
    sheet = load_workbook(BytesIO(sheets.as_xlsx(found, "en"))).active
    assert [(cell.value, cell.data_type) for cell in sheet[4][6:8]] == [(formula, "s"), (f"Astma\n{formula}", "s")]


@given(st.text(st.characters(blacklist_categories=("Cs", "Cc")) | st.sampled_from("=+-@\n")))
def test_no_line_of_a_cell_begins_like_a_formula(typed):
    assert not any(line.startswith(("=", "+", "-", "@")) for line in harmless(typed).split("\n"))


def test_an_xlsx_has_heading_columns_and_rows():
    found = reading.of_session(LEADER, a_camp().session_id, MONDAY, NOW)

    sheet = load_workbook(BytesIO(sheets.as_xlsx(found, "nl"))).active

    assert sheet["A1"].value == "Bouwkamp (Lembeke), maandag 16 augustus 2027"
    assert [cell.value for cell in sheet[6]][:2] == ["Şimşek", "Zoë"]
    assert (sheet.page_setup.orientation, sheet.print_title_rows, sheet.freeze_panes) == ("landscape", "$3:$3", "A4")


def test_a_file_is_called_by_day_and_title():
    found = reading.of_session(DESK, published(title="Été à l’École №1").session_id, MONDAY, NOW)

    assert file_name(found, "csv") == "2027-08-16-ete-a-lecole-no1.csv"
