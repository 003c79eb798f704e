import csv
from io import BytesIO, StringIO

from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from chalicelib.core.printing.sheets import FORMULAS, as_csv, as_xlsx


def read(content):
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_a_file_opens_with_a_double_click_and_keeps_its_letters():
    content = as_csv(("opening", "number"), [("Zomer 2027; reünie", 12)])

    assert content.startswith(b"\xef\xbb\xbf")
    assert read(content) == [["opening", "number"], ["Zomer 2027; reünie", "12"]]


def test_what_looks_like_a_formula_is_text_and_a_number_stays_one():
    rows = read(as_csv(("reason",), [("=HYPERLINK(1)",), ("+32 9",), ("-1",), ("@SUM",), (-1,)]))

    assert [row[0] for row in rows[1:]] == ["'=HYPERLINK(1)", "'+32 9", "'-1", "'@SUM", "-1"]


@given(st.lists(st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0")), min_size=1, max_size=5))
def test_no_cell_and_no_line_in_it_begins_like_a_formula(row):
    for cell in read(as_csv(["head"] * len(row), [row]))[1]:
        assert not any(line.startswith(FORMULAS) for line in cell.split("\n"))


def test_a_workbook_opens_whatever_one_family_wrote_in_it():
    answers = ["Via oma \ufffe", "\uffff", "\x0b", "geen noten \U0001f95c"]

    content = as_xlsx(["Remark"], [[one] for one in answers], [20])

    rows = load_workbook(BytesIO(content)).active.iter_rows(min_row=2, values_only=True)
    assert [one for (one,) in rows] == ["Via oma \ufffd", "\ufffd", "\ufffd", "geen noten \U0001f95c"]
