"""Paper mode: what is on the pages, that every letter comes out, and that nothing runs over an edge."""

import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.languages import LANGUAGES
from chalicelib.core.printing import pdf
from chalicelib.office.attendance import paper
from chalicelib.office.attendance.columns import titles
from chalicelib.office.attendance.rules import AttendanceList, in_order, row
from chalicelib.people.child_info.rules import Care, Contact
from chalicelib.people.families.rules import child
from infra.local.font import FONT, METRICS, metrics
from tests.camps import BOUWKAMP
from tests.core.printing.printed import pages
from tests.office.attendance.camp import MONDAY, NOW
from tests.programme.questions.examples import LUNCH

NAMES = [
    "Şimşek",
    "Çelik",
    "Ağaoğlu",
    "Łukasiewicz",
    "Đokić",
    "Kővári",
    "Žižek",
    "Nguyễn",
    "Ångström",
    "D’Hondt",
    "Ĳsbrandt",
]


def a_list(number: int = 1, *, title: str = "Bouwkamp", with_medical: bool = True, care: Care | None = None):
    rows = [
        row(
            "4W3-KPA-9RTX",
            child(f"Nr {one}", NAMES[one % len(NAMES)], date(2022, 5, 1)),
            MONDAY,
            is_final=True,
            care=care,
            with_medical=with_medical,
        )
        for one in range(number)
    ]
    return AttendanceList(replace(BOUWKAMP, title=title), MONDAY, in_order(rows), with_medical)


def printed(*lists: AttendanceList, language: str = "en") -> list[list[str]]:
    return pages(paper.lists_of_day(lists, MONDAY, language, NOW))


def test_each_session_begins_on_a_page_of_its_own():
    found = printed(a_list(title="Bouwkamp"), a_list(title="Danskamp"), a_list(0, title="Leeg kamp"))

    assert [page[0] for page in found] == [
        f"{title}, Monday 16 August 2027" for title in ("Bouwkamp", "Danskamp", "Leeg kamp")
    ]
    assert "Nobody is registered." in found[2]


def test_a_long_list_goes_on_with_its_heading_and_its_columns():
    found = printed(a_list(45))

    assert len(found) == 3
    assert all(page[0] == "Bouwkamp, Monday 16 August 2027" and "May pick up" in page for page in found)
    assert sorted(text for page in found for text in page if text.startswith("Nr ")) == sorted(
        f"Nr {number}" for number in range(45)
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_column_has_its_whole_name(language):
    found = a_list()

    assert [name for name in titles(found, language) if name not in printed(found, language=language)[0]] == []


def test_every_page_says_when_it_was_printed_and_which_of_how_many_it_is():
    found = printed(a_list(45), a_list(title="Danskamp"))

    assert [page[-1] for page in found] == [f"Page {number} of 4" for number in (1, 2, 3, 4)]
    assert all(page[-2].startswith("As of 17:00 on Sunday 15 August 2027. Confidential") for page in found)


def test_every_name_comes_out_letter_by_letter():
    texts = printed(a_list(len(NAMES)))[0]

    assert [name for name in NAMES if name not in texts] == []


def test_a_letter_that_the_font_does_not_have_is_an_empty_box_and_no_other():
    texts = printed(a_list(care=Care((), "🥜 noten", (), NOW)))[0]

    assert "□ noten" in texts


@pytest.mark.parametrize("medical", ["Алергія на арахіс, EpiPen", "Αλλεργία στα φιστίκια"])
def test_an_allergy_in_cyrillic_or_greek_is_on_paper_as_it_was_written(medical):
    assert medical in " ".join(printed(a_list(care=Care((), medical, (), NOW)))[0])


def test_a_note_that_cannot_be_printed_sends_to_the_screen():
    texts = printed(a_list(care=Care((), "حساسية من الفول السوداني", (), NOW)))[0]

    assert "Not everything here can be printed. See the screen!" in " ".join(texts)


def test_without_the_role_there_is_no_column_of_medical_notes():
    texts = printed(a_list(with_medical=False, care=Care((), "Astma", (), NOW)))[0]

    assert [text for text in texts if "Astma" in text or "Medical" in text] == []


def test_a_day_on_which_nothing_takes_place_is_a_page_that_says_so():
    assert [page[:2] for page in printed()] == [
        ["Attendance lists of Monday 16 August 2027", "There are no sessions on that day."]
    ]


@pytest.mark.parametrize("medical", ["W" * 1000, "a\n" * 499 + "Wa"])
def test_the_longest_that_a_family_may_write_is_on_paper_to_its_last_letter(medical):
    wide = "W" * 80
    care = Care((Contact(wide, "0" * 25),) * 4, medical, (wide,) * 6, NOW)
    named = child(wide, wide, date(2022, 5, 1))
    long = row("4W3-KPA-9RTX", named, MONDAY, is_final=False, care=care, with_medical=True)

    found = printed(AttendanceList(BOUWKAMP, MONDAY, (long,), True))

    assert sum(text.count("W") for page in found for text in page) == 80 * (2 + 4 + 6) + medical.count("W")
    assert all(page[-1] == f"Page {number} of {len(found)}" for number, page in enumerate(found, 1))


@given(st.text(max_size=200), st.floats(20, 300))
def test_no_line_is_wider_than_its_column_and_none_of_a_text_is_lost(text, width):
    found = pdf.lines(text, width, 8)

    assert all(pdf.face().width(line, 8) <= width for line in found)
    assert "".join("".join(found).split()) == "".join(text.split())


def test_a_double_name_is_broken_after_its_hyphen():
    assert pdf.lines("Vandenbroucke-Peeters", 80, 8) == ["Vandenbroucke-", "Peeters"]


def test_the_same_lists_make_the_same_file():
    assert paper.lists_of_day([a_list()], MONDAY, "nl", NOW) == paper.lists_of_day([a_list()], MONDAY, "nl", NOW)


def test_what_is_known_of_the_font_is_what_is_in_it():
    import json

    assert json.loads(METRICS.read_text()) == json.loads(json.dumps(metrics(TTFont(FONT))))


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler is not here to judge")
def test_another_program_reads_the_same_names(tmp_path: Path):
    file = tmp_path / "lists.pdf"
    file.write_bytes(paper.lists_of_day([a_list(len(NAMES))], MONDAY, "nl", NOW))

    read = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True)

    assert read.stderr == ""
    assert [name for name in NAMES if name not in read.stdout] == []


def test_what_the_kitchen_counts_may_begin_a_page_of_its_own_which_says_nothing_else():
    every = (printed(replace(a_list(children), questions=(LUNCH,))) for children in range(5, 60))

    second = " ".join(next(pages_ for pages_ in every if len(pages_) == 2)[1])

    assert "Own sandwiches" in second
    assert "Nobody is registered." not in second
