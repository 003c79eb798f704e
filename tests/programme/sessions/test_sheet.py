import string
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.languages import translate
from chalicelib.programme.sessions.changes import Broken
from chalicelib.programme.sessions.sheet import MOST_BYTES, Sheet, read
from tests.programme.sessions.examples import BEESTENBOEL, BOUWKAMP, HEADER, OMNISPORT, PROGRAMME, bouwkamp, sheet


def errors_of(data: bytes) -> list[tuple[int, str]]:
    with pytest.raises(Broken) as raised:
        read(data)
    return [(error.line, translate(error.text, "en", **error.values)) for error in raised.value.errors]


def cells(**changes: str) -> str:
    """The row of the Bouwkamp with other cells."""
    row = dict(zip(HEADER.split(","), BOUWKAMP.split(","), strict=True)) | changes
    return ",".join(row.values())


def test_the_programme_of_six_municipalities_is_all_drafts_each_with_what_it_lacks() -> None:
    # Given the lists as they were published: none says how many children can come
    # When the sheet is read
    found = read(PROGRAMME.read_bytes())
    # Then every row is there, with its line and what it lacks
    assert len(found.sessions) == 17
    assert found.drafts[0] == (2, "Kaprijke, Kleutersportkamp (krokus)", ["capacity"])
    assert found.drafts[9] == (11, "Buggenhout, Omnisportkamp (per week)", ["starts_on", "ends_on", "capacity"])
    assert found.drafts[12] == (14, "Zoersel, Kleuterkamp dino's en holbewoners", ["capacity", "price_eur"])
    assert found.drafts[16] == (18, "Schepdaal, Zomerkamp week 2", ["age_min", "age_max", "capacity", "price_eur"])
    assert len(found.drafts) == 17


def test_a_complete_row_is_a_session_that_can_be_booked() -> None:
    found = read(sheet(BOUWKAMP))

    assert found.sessions == [bouwkamp()]
    assert found.drafts == []


def test_the_columns_may_come_in_any_order_and_with_place_and_hours() -> None:
    header = (
        "daily_until,place,price_eur,source,note,capacity,age_max,age_min,ends_on,starts_on,title,Municipality,"
        "daily_from"
    )
    row = "16:30,Sporthal Lembeke,45,,,20,6,3,2019-08-21,2019-08-19,Bouwkamp (Lembeke),Kaprijke,09:00"

    (session,) = read(sheet(row, header=header)).sessions

    assert session == bouwkamp(place="Sporthal Lembeke", daily_from=time(9), daily_until=time(16, 30), source="")


def test_a_kind_is_what_the_city_calls_it_in_at_most_40_characters() -> None:
    header = f"{HEADER},kind"

    (session,) = read(sheet(f"{BOUWKAMP},kleuters", header=header)).sessions

    assert session == bouwkamp(kind="kleuters")
    assert errors_of(sheet(f"{BOUWKAMP},{'k' * 41}", header=header)) == [
        (2, "kind has 41 characters; at most 40 are possible.")
    ]


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"starts_on": ""}, ["starts_on"]),
        ({"ends_on": ""}, ["ends_on"]),
        ({"age_min": ""}, ["age_min"]),
        ({"age_max": " "}, ["age_max"]),
        ({"capacity": ""}, ["capacity"]),
        ({"price_eur": "", "capacity": ""}, ["capacity", "price_eur"]),
    ],
)
def test_a_row_that_lacks_something_is_a_draft(changes: dict[str, str], missing: list[str]) -> None:
    assert read(sheet(cells(**changes))).drafts == [(2, "Kaprijke, Bouwkamp (Lembeke)", missing)]


@pytest.mark.parametrize(
    ("price", "cents"),
    [
        ("60.00", 6000),
        ("60", 6000),
        ("60.5", 6050),
        ("0", 0),
        ("0.00", 0),
        ("22.50", 2250),
        ("10000", 1_000_000),
        ("007.00", 700),
    ],
)
def test_prices_become_cents(price: str, cents: int) -> None:
    assert read(sheet(cells(price_eur=price))).sessions[0].price_cents == cents


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"age_min": "12", "age_max": "7"}, "age_min is 12 and age_max is 7. The lowest age must come first."),
        ({"age_max": "121"}, 'age_max is "121". Write a whole number from 0 to 120.'),
        ({"age_min": "-3"}, 'age_min is "-3". Write a whole number from 0 to 120.'),
        ({"age_min": "2,5"}, None),
        ({"age_min": "2.5"}, 'age_min is "2.5". Write a whole number from 0 to 120.'),
        ({"age_min": "drie"}, 'age_min is "drie". Write a whole number from 0 to 120.'),
        ({"age_min": "\u0663"}, 'age_min is "\u0663". Write a whole number from 0 to 120.'),
        ({"ends_on": "2019-08-18"}, "ends_on is 2019-08-18, before starts_on, 2019-08-19."),
        ({"ends_on": "2019-10-18"}, "From 2019-08-19 to 2019-10-18 are 61 days; a session lasts at most 60."),
        ({"starts_on": "2019-02-29"}, 'starts_on is "2019-02-29". This date does not exist.'),
        ({"starts_on": "2019-13-01"}, 'starts_on is "2019-13-01". This date does not exist.'),
        (
            {"starts_on": "19/08/2019"},
            'starts_on is "19/08/2019". Write the date as year-month-day, for example 2019-07-08.',
        ),
        (
            {"starts_on": "20190819"},
            'starts_on is "20190819". Write the date as year-month-day, for example 2019-07-08.',
        ),
        (
            {"starts_on": "2019-8-19"},
            'starts_on is "2019-8-19". Write the date as year-month-day, for example 2019-07-08.',
        ),
        ({"starts_on": "0001-01-01"}, 'starts_on is "0001-01-01". The year must lie between 2000 and 2100.'),
        ({"ends_on": "9999-12-31"}, 'ends_on is "9999-12-31". The year must lie between 2000 and 2100.'),
        ({"capacity": "-1"}, 'capacity is "-1". Write a whole number from 1 to 300.'),
        ({"capacity": "0"}, 'capacity is "0". Write a whole number from 1 to 300.'),
        ({"capacity": "20.5"}, 'capacity is "20.5". Write a whole number from 1 to 300.'),
        ({"capacity": "9" * 5000}, f'capacity is "{"9" * 39}…". Write a whole number from 1 to 300.'),
        ({"capacity": "NaN"}, 'capacity is "NaN". Write a whole number from 1 to 300.'),
        ({"capacity": "twintig"}, 'capacity is "twintig". Write a whole number from 1 to 300.'),
        ({"price_eur": '"60,00"'}, 'price_eur is "60,00". Write the price with a point, for example 60.00.'),
        ({"price_eur": "-60.00"}, 'price_eur is "-60.00". Write a price in euros from 0 to 10000, for example 60.00.'),
        ({"price_eur": "NaN"}, 'price_eur is "NaN". Write a price in euros from 0 to 10000, for example 60.00.'),
        (
            {"price_eur": "Infinity"},
            'price_eur is "Infinity". Write a price in euros from 0 to 10000, for example 60.00.',
        ),
        ({"price_eur": "6e1"}, 'price_eur is "6e1". Write a price in euros from 0 to 10000, for example 60.00.'),
        ({"price_eur": "60.005"}, 'price_eur is "60.005". Write a price in euros from 0 to 10000, for example 60.00.'),
        ({"price_eur": "€ 60"}, 'price_eur is "€ 60". Write a price in euros from 0 to 10000, for example 60.00.'),
        (
            {"price_eur": "10000.01"},
            'price_eur is "10000.01". Write a price in euros from 0 to 10000, for example 60.00.',
        ),
        ({"municipality": ""}, "municipality is missing."),
        ({"title": "  "}, "title is missing."),
        ({"title": "K" * 201}, "title has 201 characters; at most 200 are possible."),
        ({"source": "h" * 501}, "source has 501 characters; at most 500 are possible."),
        ({"note": "n" * 2001}, "note has 2001 characters; at most 2000 are possible."),
        ({"title": "Bouw\u0007kamp"}, "title has a character that cannot be seen, U+0007. Remove it."),
        ({"title": "Bouw\u202ekamp"}, "title has a character that cannot be seen, U+202E. Remove it."),
        ({"municipality": "Kaprijke\ufeff"}, "municipality has a character that cannot be seen, U+FEFF. Remove it."),
        ({"title": '"Bouwkamp\nLembeke"'}, "title has a line break in it. Write it on one line."),
        (
            {"title": "Zomerkamp Li\ufffdge"},
            'title is "Zomerkamp Li\ufffdge": a letter was lost in a conversion. Write it again.',
        ),
        ({"title": "\u200d"}, "title has no readable characters."),
    ],
)
def test_what_is_impossible_is_an_error_with_its_line(changes: dict[str, str], sentence: str | None) -> None:
    # Given a good row, and on line 3 one that says something impossible
    # When the sheet is read, then nothing of it is, and the error says what is expected
    found = errors_of(sheet(BEESTENBOEL, cells(**changes)))
    assert [line for line, _ in found] == [3]
    if sentence:
        assert found == [(3, sentence)]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"daily_from": "9:00"}, 'daily_from is "9:00". Write the time as hours:minutes, for example 09:00.'),
        ({"daily_from": "24:00"}, 'daily_from is "24:00". Write the time as hours:minutes, for example 09:00.'),
        ({"daily_until": "16h"}, 'daily_until is "16h". Write the time as hours:minutes, for example 09:00.'),
        ({"daily_until": "09:00"}, "daily_until is 09:00; it must be later than daily_from, 09:00."),
        ({"place": "p" * 201}, "place has 201 characters; at most 200 are possible."),
    ],
)
def test_an_impossible_place_or_hour_is_an_error(changes: dict[str, str], sentence: str) -> None:
    row = {"place": "Sporthal", "daily_from": "09:00", "daily_until": "16:00"} | changes

    found = errors_of(sheet(f"{BOUWKAMP},{','.join(row.values())}", header=f"{HEADER},{','.join(row)}"))

    assert found == [(2, sentence)]


COLUMNS = (
    "municipality, title, starts_on, ends_on, age_min, age_max, capacity, price_eur, note, source, place, "
    "daily_from, daily_until, kind"
)


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        (HEADER.replace("note", "remark"), f'The column "remark" is unknown. Possible are: {COLUMNS}.'),
        (HEADER.replace("note", "remark"), "The column note is missing."),
        (HEADER.replace("note", "title"), "The column title is there twice."),
        (HEADER.replace("note", ""), "Column number 9 has no name. Remove it if it is empty."),
        (f"{HEADER},place,place", "The column place is there twice."),
        (BEESTENBOEL, "The column municipality is missing."),
    ],
)
def test_a_wrong_column_is_an_error_on_line_1(header: str, sentence: str) -> None:
    assert (1, sentence) in errors_of(sheet(BOUWKAMP, header=header))


def test_each_missing_column_is_named_and_the_rows_are_checked_nevertheless() -> None:
    header = HEADER.removeprefix("municipality,").removesuffix(",source")
    row = "Bouwkamp,2019-08-19,2019-08-21,3,6,-1,45.00,"

    assert errors_of(sheet(row, header=header)) == [
        (1, "The column municipality is missing."),
        (1, "The column source is missing."),
        (2, 'capacity is "-1". Write a whole number from 1 to 300.'),
    ]


@pytest.mark.parametrize(
    ("data", "line", "sentence"),
    [
        (b"", 1, f"The file is empty. Its first line must name the columns: {HEADER}."),
        (b" \r\n\n", 1, f"The file is empty. Its first line must name the columns: {HEADER}."),
        (b"\xef\xbb\xbf", 1, f"The file is empty. Its first line must name the columns: {HEADER}."),
        (HEADER.encode(), 1, "There is no session below the line with the column names."),
        (sheet(",,,,,,,,,", ""), 1, "There is no session below the line with the column names."),
        (
            sheet(BOUWKAMP).replace(b",", b";"),
            1,
            'The columns are separated by semicolons. Save the file with commas, as "CSV UTF-8 (comma delimited)".',
        ),
        (
            sheet(BOUWKAMP).replace(b",", b"\t"),
            1,
            'The columns are separated by tabs. Save the file with commas, as "CSV UTF-8 (comma delimited)".',
        ),
        (
            sheet(BOUWKAMP).decode().encode("utf-16"),
            1,
            'This is no text file in UTF-8, but perhaps a workbook. Save it as "CSV UTF-8 (comma delimited)".',
        ),
        (
            sheet(BOUWKAMP, cells(title="Bouw\0kamp")),
            3,
            'This is no text file in UTF-8, but perhaps a workbook. Save it as "CSV UTF-8 (comma delimited)".',
        ),
        (
            b"PK\x03\x04\x14\x00\x06\x00",
            1,
            'This is no text file in UTF-8, but perhaps a workbook. Save it as "CSV UTF-8 (comma delimited)".',
        ),
        (
            sheet(cells(title="Caf\u00e9kamp")).decode().encode("cp1252"),
            2,
            'title is "Caf\\xe9kamp": this is not UTF-8. Save the file as "CSV UTF-8 (comma delimited)".',
        ),
        (
            sheet(cells(price_eur="60 €")).decode().encode("cp1252"),
            2,
            'price_eur is "60 \\x80": this is not UTF-8. Save the file as "CSV UTF-8 (comma delimited)".',
        ),
        (
            sheet(BOUWKAMP) + b"x" * MOST_BYTES,
            1,
            f"The file is larger than {MOST_BYTES} bytes. Divide it into several files.",
        ),
        (sheet(BOUWKAMP.rpartition(",")[0]), 2, "This row has 9 cells, and the first line names 10 columns."),
        (
            sheet(cells(price_eur="45,00")),
            2,
            "This row has 11 cells, and the first line names 10 columns. Put a text with a comma between quotation "
            "marks, and write a price as 60.00.",
        ),
        (sheet(BEESTENBOEL, cells(title='"Bouwkamp')), 3, "A quotation mark opens a cell here, but none closes it."),
        (
            sheet(BEESTENBOEL, cells(title='"Bouw"kamp')),
            3,
            "A cell goes on after its closing quotation mark. Write a quotation mark that is part of a text twice.",
        ),
        (
            sheet(cells(note=f'"{"n" * 200_000}"')),
            2,
            "This row cannot be read: field larger than field limit (131072).",
        ),
        (sheet(BOUWKAMP, header='"municipality'), 1, "A quotation mark opens a cell here, but none closes it."),
        (
            sheet(BOUWKAMP, OMNISPORT, cells(capacity="30", title="BOUWKAMP  (lembeke)")),
            4,
            "The same session is on line 2: the same municipality, title and starts_on.",
        ),
        (
            sheet(OMNISPORT, OMNISPORT),
            3,
            "The same session is on line 2: the same municipality, title and starts_on.",
        ),
    ],
)
def test_a_file_that_is_no_such_sheet_is_an_error_with_its_line(data: bytes, line: int, sentence: str) -> None:
    assert errors_of(data) == [(line, sentence)]


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + sheet(BOUWKAMP),  # as Excel writes UTF-8
        sheet(BOUWKAMP).replace(b"\n", b"\r\n"),
        sheet(BOUWKAMP).replace(b"\n", b"\r"),
        sheet(BOUWKAMP).rstrip(),
        sheet("", BOUWKAMP, ",,,,,,,,,", "", ""),
        sheet(*(f'"{cell}"' for cell in [BOUWKAMP.replace(",", '","')])),
        sheet(BOUWKAMP.replace(",20,", " , 20 ,")),
    ],
)
def test_ways_of_writing_the_same_sheet(data: bytes) -> None:
    assert read(data).sessions == [bouwkamp()]


def test_a_note_over_several_lines_moves_the_lines_below_it() -> None:
    # Given a note on lines 2 to 4 and a broken row after it
    note = '"kansentarief 15.00\r\n2de kind 13.20\nniet op 21/7"'
    # When the sheet is read, then the error has the line that an editor shows
    assert errors_of(sheet(cells(note=note), BEESTENBOEL.replace(",20,", ",-1,"))) == [
        (5, 'capacity is "-1". Write a whole number from 1 to 300.')
    ]
    assert read(sheet(cells(note=note))).sessions[0].note == "kansentarief 15.00\n2de kind 13.20\nniet op 21/7"


def test_every_error_is_listed_not_only_the_first() -> None:
    data = sheet(
        cells(age_min="7", capacity="-1"), BEESTENBOEL, cells(title='"open'), cells(price_eur="NaN", starts_on="morgen")
    )

    assert [line for line, _ in errors_of(data)] == [2, 2, 4, 5, 5]


def test_emoji_and_writing_from_right_to_left_are_text() -> None:
    title = "Zwemkamp 🏊\u200d♀️ مخيم"

    assert read(sheet(cells(title=title))).sessions[0].title == title


def test_a_title_with_markup_stays_what_it_is() -> None:
    assert read(sheet(cells(title="<b>Kamp</b> {line} %s"))).sessions[0].title == "<b>Kamp</b> {line} %s"


def test_a_value_with_braces_does_not_disturb_the_message() -> None:
    assert errors_of(sheet(cells(capacity="{title}"))) == [
        (2, 'capacity is "{title}". Write a whole number from 1 to 300.')
    ]


def test_the_days_of_a_session_may_be_60() -> None:
    assert read(sheet(cells(ends_on="2019-10-17"))).sessions[0].ends_on == date(2019, 10, 17)


CELLS = {
    "municipality": st.sampled_from(["Kaprijke", "Asse", "", "Asse\u0007"]),
    "title": st.text(string.ascii_letters + ' ,"\néü', max_size=8),
    "starts_on": st.sampled_from(["2019-07-08", "2019-07-15", "", "2019-02-29", "8/7"]),
    "ends_on": st.sampled_from(["2019-07-19", "", "2019-07-01", "2020-07-01"]),
    "age_min": st.sampled_from(["3", "6", "", "x"]),
    "age_max": st.sampled_from(["6", "12", "", "121"]),
    "capacity": st.sampled_from(["20", "", "-1"]),
    "price_eur": st.sampled_from(["60.00", "", "60,00"]),
    "note": st.text(max_size=8),
    "source": st.sampled_from(["", "https://www.asse.be"]),
}


def quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def outcome(data: bytes) -> Sheet | list[tuple[int, str]]:
    """What came of reading `data`: one of the two, and errors that can be shown, within the file."""
    try:
        return read(data)
    except Broken as broken:
        errors = broken.errors
    shown = [(error.line, translate(error.text, "en", **error.values)) for error in errors]
    assert shown
    lines = 1 + data.count(b"\n") + data.count(b"\r")
    assert all(1 <= line <= lines for line, _ in shown)
    assert all(text.isprintable() for _, text in shown)
    return shown


@given(st.lists(st.fixed_dictionaries(CELLS), min_size=1, max_size=5))
def test_a_sheet_gives_all_its_rows_or_only_errors(rows: list[dict[str, str]]) -> None:
    data = sheet(*(",".join(quoted(row[column]) for column in HEADER.split(",")) for row in rows))

    found = outcome(data)

    if isinstance(found, Sheet):
        filled = [row for row in rows if any(cell.strip() for cell in row.values())]
        assert len(found.rows) == len(filled)
        assert len({session.session_id for session in found.sessions}) == len(filled)
        for row, session in zip(filled, found.sessions, strict=True):
            assert bool(row["capacity"]) == (session.capacity is not None)
            assert row["starts_on"] == (session.starts_on.isoformat() if session.starts_on else "")


@given(st.binary(max_size=300))
def test_any_bytes_are_a_sheet_or_errors(data: bytes) -> None:
    outcome(data)


@given(st.binary(max_size=100))
def test_any_bytes_below_a_header_are_a_sheet_or_errors(data: bytes) -> None:
    outcome(HEADER.encode() + b"\n" + data)


@given(st.data())
def test_the_real_sheet_damaged_anywhere_is_a_sheet_or_errors(data: st.DataObject) -> None:
    whole = PROGRAMME.read_bytes()
    at = data.draw(st.integers(0, len(whole)))
    until = data.draw(st.integers(at, min(at + 20, len(whole))))
    put = data.draw(st.binary(max_size=6) | st.sampled_from([b'"', b"\n", b",", b"\r\n", b"\xff", b'""', b";"]))

    outcome(whole[:at] + put + whole[until:])
