"""Files as people make them: what is taken, what is said of how it was read, and what is refused."""

from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.programme.files import in_file
from chalicelib.programme.files.headers import LEFT_OUT
from chalicelib.programme.files.reading import MOST_BYTES, Reading, open_file, read
from chalicelib.programme.files.textfile import NOT_TEXT
from chalicelib.programme.sessions.changes import Broken
from tests.programme.sessions.examples import BEESTENBOEL, BOUWKAMP, HEADER, OMNISPORT, PROGRAMME, bouwkamp, sheet

FILES = Path(__file__).parent / "excel"


def reading(data: bytes, municipality: str = "Kaprijke", name: str = "kampen.csv") -> Reading:
    return read(open_file(data, name), municipality)


def errors_of(data: bytes, municipality: str = "Kaprijke", language: str = "en") -> list[tuple[str, str]]:
    """Row and sentence, as a person reads them."""
    try:
        found = reading(data, municipality)
    except Broken as broken:
        return [(f"row {one.line}", in_file.sentence(one, None, language)) for one in broken.errors]
    sheets = {one.sheet: one for one in found.sheets}
    return [
        (in_file.row((one.sheet, one.line), found, language), in_file.sentence(one, sheets.get(one.sheet), language))
        for one in found.errors
    ]


def said(found: Reading, language: str = "en") -> list[str]:
    return [in_file.remark(one, language) for one in found.remarks]


def turned(found: Reading, line: int, language: str = "en") -> list[str]:
    sheet = found.sheets[0]
    return [in_file.turned(one, sheet, language) for one in found.turned.get((sheet.sheet, line), ())]


def asked(found: Reading, language: str = "en") -> list[tuple[int, str]]:
    return [
        (line, in_file.sentence(one, found.sheets[0], language))
        for (_, line), several in found.questions.items()
        for one in several
    ]


def rows(*lines: str) -> bytes:
    return "\r\n".join((*lines, "")).encode()


class TestFilesOfCities:
    def test_the_clean_programme_of_six_municipalities_is_all_drafts(self) -> None:
        found = reading(PROGRAMME.read_bytes(), "")

        assert len(found.rows) == 17
        assert not found.errors
        assert not found.turned
        assert all(row.session.missing for row in found.rows)
        assert said(found) == ["Letters: UTF-8.", "Columns are separated by commas.", "Row 1 names the columns."]

    @pytest.mark.parametrize(
        ("name", "first", "letters", "separator"),
        [
            ("semicolon-utf8-bom.csv", 2, "Letters: UTF-8.", "semicolons"),
            (
                "semicolon-windows-1252.csv",
                4,
                "Letters: Windows-1252, because it is not UTF-8. Do these words look right: Zoë's · «Boerderij» · €?",
                "semicolons",
            ),
            ("tabs-utf16.txt", 2, "Letters: UTF-16.", "tabs"),
        ],
    )
    def test_a_text_file_of_excel_in_belgium(self, name: str, first: int, letters: str, separator: str) -> None:
        # Given the same list as Excel writes it in three ways, one of them with a title above it
        found = reading((FILES / name).read_bytes())
        # Then four camps are read
        assert [(row.line, row.session.title) for row in found.rows] == [
            (first, "Ponykamp Zoë's hoeve; beginners"),
            (first + 1, "Kleuterkamp «Boerderij»"),
            (first + 2, "Omnisport 7-12 jaar"),
            (first + 3, "Zwemweek"),
        ]
        ponies, toddlers, omnisport, swimming = (row.session for row in found.rows)
        assert (ponies.starts_on, ponies.ends_on) == (date(2027, 7, 5), date(2027, 7, 9))
        assert (ponies.age_min, ponies.age_max, ponies.capacity, ponies.price_cents) == (6, 9, 12, 8250)
        assert (ponies.daily_from, ponies.daily_until, ponies.place) == (time(9), time(16), "Manege d'Oude Hoeve")
        assert (toddlers.price_cents, toddlers.daily_from, toddlers.daily_until) == (6000, time(8, 30), time(16, 30))
        assert (omnisport.capacity, omnisport.price_cents) == (24, 125_000)
        assert swimming.missing == ("capacity",)
        # And it is said how they were read
        assert said(found) == [
            letters,
            f"Columns are separated by {separator}.",
            f"Row {first - 1} names the columns.",
            "In days, the day comes first: 01/07 is 1 July.",
        ]
        assert turned(found, first + 1) == [
            "Column B (Van): “12/07/2027” read as 12 July 2027",
            "Column C (Tot en met): “16/07/2027” read as 16 July 2027",
            "Column G (Prijs): “€ 60” read as €60.00",
            "Column H (Begin): “8u30” read as 8:30",
            "Column I (Einde): “16u30” read as 16:30",
        ]
        assert "Column A (Titel): “Omnisport ⏎ 7-12 jaar” read as Omnisport 7-12 jaar" in turned(found, first + 2)
        # And 1,250 euros is asked, and the thirty-first of April refused
        assert asked(found) == [(first + 2, "Column G (Prijs) is “1.250,00”. Is that €1,250.00?")]
        assert errors_of((FILES / name).read_bytes()) == [
            (f"row {first + 4}", "Column B (Van) is “31/04/2027”. This day does not exist.")
        ]

    def test_the_workbook(self) -> None:
        found = reading((FILES / "as-cities-make-them.xlsx").read_bytes(), name="as-cities-make-them.xlsx")

        assert [(row.line, row.session.title, row.session.missing) for row in found.rows] == [
            (4, "Ponykamp (beginners)", ()),
            (5, "Ponykamp (gevorderden)", ()),
            (6, "Kleuterkamp", ()),
            (8, "Zwemweek", ("capacity",)),
        ]
        assert not found.errors
        assert not found.questions
        toddlers, swimming = found.rows[2].session, found.rows[3].session
        assert (toddlers.starts_on, toddlers.ends_on) == (date(2027, 7, 12), date(2027, 7, 16))
        assert (toddlers.age_min, toddlers.age_max, toddlers.capacity) == (3, 5, 20)
        assert (swimming.daily_from, swimming.daily_until) == (time(9), time(12))
        assert said(found) == [
            "The worksheet “Notities” is not read: no row in it names columns that are known.",
            "Worksheet “Zomer 2027”: row 3 names the columns.",
            "In days, the day comes first: 01/07 is 1 July.",
            "Row 9 is left out, because it has totals.",
        ]
        assert turned(found, 6) == [
            "Column B (Startdatum): “46580” read as 12 July 2027",
            "Column C (Einddatum): “46584” read as 16 July 2027",
            "Column G (Prijs (€)): “€ 60,00” read as €60.00",
            "Column H (Uren): “8:30 tot 16:30” read as 8:30 – 16:30",
        ]

    def test_a_remark_of_staff_does_not_become_what_everybody_reads_beside_the_price(self) -> None:
        found = reading((FILES / "as-cities-make-them.xlsx").read_bytes())

        assert [one.header for one in found.sheets[0].header.columns if not one.column] == ["Opmerking"]
        assert {row.session.note for row in found.rows} == {""}


class TestHeaders:
    @pytest.mark.parametrize(
        ("header", "cells"),
        [
            ("Naam kamp;Periode;Leeftijd;Max. deelnemers;Prijs (€);Uren;Waar",
             "Bouw;5-9 juli 2027;6-12 jaar;20;45,00;9-16u;Zaal"),
            ("Stage;Dates;Âge;Nombre de places;Prix;Horaire;Lieu",
             "Bouw;du 5 au 9 juillet 2027;6 à 12 ans;20;45 €;9h-16h;Zaal"),
            ("Name;Dates;Ages;Capacity;Price;Hours;Venue",
             "Bouw;2027-07-05 - 2027-07-09;6-12;20;45.00;9:00-16:00;Zaal"),
            ("KAMP;Van;Tot;Leeftijd vanaf;Leeftijd t/m;Aantal plaatsen;Kostprijs;Van;Tot;Locatie",
             "Bouw;05/07/2027;09/07/2027;6;12;20;45;9u;16u;Zaal"),
            ("Intitulé;Début;Fin;Âge min.;Âge max.;Places;Prix (€);Heure de début;Heure de fin;Où",
             "Bouw;05/07/2027;09/07/2027;6;12;20;45;9h;16h;Zaal"),
            ("Titel;Datum;Einddatum;Leeftijd;Leeftijd tot;Plaatsen;Prijs;Uur;Uur tot;Plaats",
             "Bouw;05/07/2027;09/07/2027;6;12;20;45;9:00;16:00;Zaal"),
        ],
    )  # fmt: skip
    def test_names_of_columns_in_three_languages(self, header: str, cells: str) -> None:
        (row,) = reading(rows(header, cells)).rows

        assert row.session == bouwkamp(
            title="Bouw", starts_on=date(2027, 7, 5), ends_on=date(2027, 7, 9), age_min=6, age_max=12, capacity=20,
            price_cents=4500, daily_from=time(9), daily_until=time(16), place="Zaal", source="",
        )  # fmt: skip

    def test_two_columns_that_may_be_the_price_are_refused_until_somebody_says_which(self) -> None:
        data = rows("Titel;Van;Prijs;Tarief", "Bouwkamp;05/07/2027;45;15")

        assert errors_of(data) == [
            ("row 1", "Two columns may be “Price in euros”: C (Prijs) and D (Tarief). Say below which one it is.")
        ]
        found = read(open_file(data, ""), "Kaprijke", lambda *_: {2: "price_eur", 3: LEFT_OUT})
        assert [row.session.price_cents for row in found.rows] == [4500]

    def test_names_that_nobody_knows_are_matched_by_a_person(self) -> None:
        data = rows("Wat;Wanneer?;Hoeveel", "Bouwkamp;5-9 juli 2027;20")

        assert errors_of(data) == [
            ("row 1", "No column is known to be the title of the camps. Say below which one it is.")
        ]
        (row,) = read(open_file(data, ""), "Kaprijke", lambda *_: {0: "title", 1: "days", 2: "capacity"}).rows
        assert (row.session.title, row.session.capacity) == ("Bouwkamp", 20)

    def test_a_list_without_names_of_columns_says_so(self) -> None:
        assert errors_of(b"\n\nBouwkamp\n") == [
            (
                "row 1",
                "There is no list with a row that names the columns. Begin with the template, or write such a row "
                "above it.",
            )
        ]

    def test_a_column_that_is_not_there_leaves_what_is_known(self) -> None:
        (row,) = reading(rows("Titel;Van;Prijs", "Bouwkamp;05/07/2027;45")).rows

        assert row.unsaid >= {"capacity", "place", "ends_on", "note"}
        assert not row.unsaid & {"title", "municipality", "starts_on", "price_cents"}


class TestRows:
    def test_the_municipality_is_asked_where_nothing_says_it(self) -> None:
        data = rows("Titel;Van", "Bouwkamp;05/07/2027")

        assert errors_of(data, "") == [
            ("row 1", "The file does not say of which municipality the sessions are. Choose it below.")
        ]
        assert reading(data, "").needs_municipality
        assert [row.session.municipality for row in reading(data, "Asse").rows] == ["Asse"]

    def test_a_cell_that_names_none_takes_that_of_the_others(self) -> None:
        found = reading(rows("Gemeente;Titel;Van", "Eeklo;Bouwkamp;05/07/2027", ";Beestenboel;05/07/2027"))

        assert [row.session.municipality for row in found.rows] == ["Eeklo", "Kaprijke"]

    @pytest.mark.parametrize("row", ["Totaal;;;32", "TOTAL;;;32", ";;Som;32", "Subtotaal:;;;32"])
    def test_totals_are_left_out(self, row: str) -> None:
        found = reading(
            rows("Titel;Van;Tot;Plaatsen", "Bouwkamp;05/07/2027;09/07/2027;12", "Zeekamp;12/07/2027;;20", row)
        )

        assert len(found.rows) == 2
        assert said(found)[-1] == "Row 4 is left out, because it has totals."

    def test_a_camp_that_is_called_total_is_a_camp(self) -> None:
        assert len(reading(rows("Titel;Van;Tot", "Total;05/07/2027;09/07/2027")).rows) == 1

    def test_names_of_columns_that_come_again_are_left_out(self) -> None:
        found = reading(rows("Titel;Van;Tot", "Bouwkamp;05/07/2027;09/07/2027", "Titel;Van;Tot", "Zeekamp;12/07/2027;"))

        assert [row.session.title for row in found.rows] == ["Bouwkamp", "Zeekamp"]

    def test_a_row_with_nothing_but_a_title_is_asked(self) -> None:
        found = reading(rows("Titel;Van;Tot", "Kleuters;;", "Bouwkamp;05/07/2027;09/07/2027"))

        assert asked(found) == [(2, "There is nothing but a title in this row. Is it a camp?")]

    def test_a_dash_says_that_there_is_nothing(self) -> None:
        (row,) = reading(rows("Titel;Van;Plaatsen", "Bouwkamp;05/07/2027;-")).rows

        assert row.session.capacity is None

    def test_one_title_and_day_with_other_ages_are_two_sessions(self) -> None:
        header = "Titel;Van;Leeftijd;Plaats"
        found = reading(
            rows(header, "Pony;05/07/2027;6-9;Hoeve", "Pony;05/07/2027;9-12;Hoeve", "Pony;05/07/2027;6-9;Zaal")
        )

        assert len({row.session.session_id for row in found.rows}) == 3
        assert found.rows[0].session.session_id == bouwkamp(title="Pony", starts_on=date(2027, 7, 5)).session_id

    def test_the_same_session_twice_is_refused(self) -> None:
        twice = BOUWKAMP.replace("Bouwkamp", "BOUWKAMP ").replace(",20,", ",30,")

        assert errors_of(sheet(BOUWKAMP, OMNISPORT, twice)) == [
            ("row 4", "The same session is in row 2: the same municipality, title, first day, ages, place and hours.")
        ]

    def test_rows_are_numbered_as_excel_does_below_a_cell_of_several_lines(self) -> None:
        assert (
            errors_of(rows("Titel;Van;Plaatsen", '"Bouw\nkamp";05/07/2027;12', "Zeekamp;05/07/2027;veel"))[0][0]
            == "row 3"
        )

    @pytest.mark.parametrize(
        ("cells", "sentence"),
        [
            ("Bouw;05/07/2027;04/07/2027;6;12;20;45", "The last day must not be before the first one."),
            ("Bouw;05/07/2027;;12;6;20;45", "The highest age must not be below the lowest one."),
            ("Bouw;05/07/2027;;6;12;0;45", 'Column F (Plaatsen) is "0". Write a whole number from 1 to 300.'),
            ("Bouw;05/07/2027;;6;121;20;45", 'Column E (Max) is "121". Write a whole number from 0 to 120.'),
            (
                "Bouw;05/07/2027;;6;12;20;1.000",
                "Column G (Prijs) is “1.000”: that may be 1 euros or 1000 euros. Write 1,00 or 1000,00.",
            ),
            (
                "Bouw\u0007;05/07/2027;;6;12;20;45",
                "Column A (Titel) has a character that cannot be seen, U+0007. Remove it.",
            ),
            (f"{'B' * 201};05/07/2027;;6;12;20;45", "Column A (Titel) has 201 characters; at most 200 are possible."),
            (
                f"Bouw;05/07/2027;;6;12;{'9' * 101};45",
                "Column F (Plaatsen) has 101 characters; at most 100 are possible.",
            ),
            (";05/07/2027;;6;12;20;45", "Column A (Titel) is missing."),
            (
                "Bouw;05/07/2027;;6;12;20;45;extra",
                "This row has 8 cells, and the row with the names has 7. Put what has a comma or a semicolon in it "
                "between quotation marks.",
            ),
            ("Bouw;05/07/2027", "This row has 2 cells, and the row with the names has 7."),
        ],
    )
    def test_what_is_wrong_is_named_with_its_row_and_column(self, cells: str, sentence: str) -> None:
        data = rows("Titel;Van;Tot;Leeftijd min;Max;Plaatsen;Prijs".replace(";Max;", ";Leeftijd max;"), cells)

        assert errors_of(data) == [("row 2", sentence.replace("(Max)", "(Leeftijd max)"))]

    def test_every_error_is_listed_not_only_the_first(self) -> None:
        found = errors_of(rows("Titel;Van;Plaatsen", "Bouw;31/04/2027;veel", "Zee;05/07/2027;9", ";40/13/2027;9"))

        assert [row for row, _ in found] == ["row 2", "row 2", "row 4", "row 4"]


class TestText:
    @pytest.mark.parametrize(
        "data",
        [
            b"\xef\xbb\xbf" + sheet(BOUWKAMP),
            sheet(BOUWKAMP).replace(b"\n", b"\r\n"),
            sheet(BOUWKAMP).replace(b"\n", b"\r"),
            sheet(BOUWKAMP).rstrip(),
            sheet("", BOUWKAMP, ",,,,,,,,,", "", ""),
            sheet(BOUWKAMP.replace(",20,", " , 20 ,")),
            sheet(BOUWKAMP).replace(b",", b";"),
            sheet(BOUWKAMP).replace(b",", b"\t"),
            sheet(BOUWKAMP).decode().encode("utf-16"),
            b"sep=;\r\n" + sheet(BOUWKAMP).replace(b",", b";"),
        ],
    )
    def test_ways_of_writing_the_same_list(self, data: bytes) -> None:
        assert [row.session for row in reading(data).rows] == [bouwkamp()]

    @pytest.mark.parametrize("data", [b"Titel;Van\0", b"\xff\xfeK", b"\xef\xbb\xbfTitel\xe9", b"Titel;\x81Van"])
    def test_what_is_no_text_is_refused_with_a_way_out(self, data: bytes) -> None:
        assert errors_of(data) == [("row 1", NOT_TEXT)]

    @pytest.mark.parametrize("data", [b"", b" \r\n\n", b"\xef\xbb\xbf", b";;;\n;;;\n"])
    def test_an_empty_file_says_so(self, data: bytes) -> None:
        assert errors_of(data) == [("row 1", "The file is empty. Its first row must name the columns.")]

    def test_quotation_marks_that_do_not_close_are_named(self) -> None:
        assert errors_of(rows("Titel;Van", "Bouw;05/07/2027", '"Zee;05/07/2027'))[0] == (
            "row 3",
            "A quotation mark opens a cell here, but none closes it.",
        )

    def test_a_file_that_is_too_large_says_how_large_it_may_be(self) -> None:
        assert errors_of(b"a" * (MOST_BYTES + 600_000)) == [
            (
                "row 1",
                "The file has 3.6 MB, and at most 3 MB are possible. Take the pictures out of it, or copy the rows "
                "into a new workbook.",
            )
        ]


def outcome(data: bytes) -> None:
    """It is read, or refused in words."""
    for row, sentence in errors_of(data, language="nl"):
        assert row
        assert sentence


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    outcome(data)


@given(st.data())
def test_a_real_list_damaged_anywhere_is_read_or_refused(data: st.DataObject) -> None:
    whole = (FILES / "semicolon-windows-1252.csv").read_bytes()
    at = data.draw(st.integers(0, len(whole)))
    until = data.draw(st.integers(at, min(at + 20, len(whole))))
    put = data.draw(st.binary(max_size=6) | st.sampled_from([b'"', b"\n", b",", b"\r\n", b"\xff", b'""', b";"]))

    outcome(whole[:at] + put + whole[until:])


def test_the_header_of_the_contract_is_read_in_any_order() -> None:
    names = HEADER.split(",")[::-1]
    cells = BEESTENBOEL.split(",")[::-1]

    (row,) = reading(rows(",".join(names), ",".join(cells))).rows

    assert row.session.title == "Beestenboel (Lembeke)"
