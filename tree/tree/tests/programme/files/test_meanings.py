"""What a cell means: one meaning is taken, two are refused or asked, none is refused."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.languages import in_words
from chalicelib.programme.files import meanings
from chalicelib.programme.files.grid import Cell, CellKind
from chalicelib.programme.files.meanings import (
    AGE_DAY,
    AGES_FORM,
    DAY_FORM,
    DAY_MIXED,
    DAY_UNREAL,
    DAY_YEAR,
    HOUR_DAY,
    HOUR_FORM,
    PRICE_FORM,
    PRICE_TWO,
    WHOLE_FORM,
    DayStyle,
    Unclear,
)

BELGIAN = DayStyle(day_first=True, year=2027)


def number(text: str) -> Cell:
    return Cell(text, CellKind.NUMBER)


def refused(read: Callable[[Cell], object], cell: Cell) -> str:
    with pytest.raises(Unclear) as raised:
        read(cell)
    return raised.value.text


@pytest.mark.parametrize(
    "text",
    [
        "05/07/2027",
        "5/7/2027",
        "05-07-2027",
        "5.7.2027",
        "05/07/27",
        "2027-07-05",
        "2027-07-05 00:00:00",
        "5/7",
        "5 juli 2027",
        "5 juli",
        "ma 5 juli 2027",
        "maandag 5 juli",
        "Ma. 05/07/2027",
        "5 juillet 2027",
        "lundi 5 juil. 2027",
        "July 5, 2027",
        "5th of July 2027",
        "46573",
    ],
)
def test_a_day(text: str) -> None:
    assert meanings.day(Cell(text), BELGIAN) == ("2027-07-05", ())


def test_the_first_of_a_month_in_french() -> None:
    assert meanings.day(Cell("1er août 2027"), BELGIAN)[0] == "2027-08-01"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("31/04/2027", DAY_UNREAL),
        ("29/02/2027", DAY_UNREAL),
        ("2027-13-01", DAY_UNREAL),
        ("07/25/2027", DAY_UNREAL),
        ("05/07/1999", DAY_FORM),
        ("begin juli", DAY_FORM),
        ("week 27", DAY_FORM),
        ("20270705", DAY_FORM),
        ("٠٥/٠٧/٢٠٢٧", DAY_FORM),
    ],
)
def test_what_is_no_day(text: str, why: str) -> None:
    assert refused(lambda cell: meanings.day(cell, BELGIAN), Cell(text)) == why


def test_a_day_without_a_year_needs_one_in_the_file() -> None:
    assert refused(lambda cell: meanings.day(cell, DayStyle()), Cell("5/7")) == DAY_YEAR


def style(*texts: str, titles: tuple[str, ...] = (), ends: tuple[str, ...] = ()) -> DayStyle:
    cells = [Cell(text) for text in texts]
    lasts = [Cell(text) for text in ends]
    return meanings.style_of([*cells, *lasts], titles, list(zip(cells, lasts, strict=False)), since_1904=False)


def test_the_rest_of_the_column_says_whether_the_day_comes_first() -> None:
    assert style("05/07/2027", "19/07/2027").day_first is True
    assert style("07/05/2027", "07/19/2027").day_first is False


def test_so_does_the_length_of_the_camps() -> None:
    """From 7 May to 7 September no camp lasts."""
    assert style("05/07/2027", ends=("09/07/2027",)).day_first is True
    assert style("07/05/2027", ends=("07/09/2027",)).day_first is False


def test_where_nothing_says_it_it_is_asked() -> None:
    undecided = style("05/07/2027")

    text, questions = meanings.day(Cell("05/07/2027"), undecided)

    assert undecided.day_first is None
    assert text == "2027-07-05"
    assert [one.text for one in questions] == [meanings.DAY_ORDER]
    assert meanings.day(Cell("07/07/2027"), undecided)[1] == ()


def test_a_column_that_writes_both_ways_is_refused_where_both_are_possible() -> None:
    mixed = style("19/07/2027", "07/26/2027")

    assert meanings.day(Cell("19/07/2027"), mixed)[0] == "2027-07-19"
    assert meanings.day(Cell("07/26/2027"), mixed)[0] == "2027-07-26"
    assert refused(lambda cell: meanings.day(cell, mixed), Cell("05/07/2027")) == DAY_MIXED


def test_the_year_is_that_of_the_other_days_or_of_the_title_above() -> None:
    assert style("5/7", "12/7/2027").year == 2027
    assert style("5/7", titles=("Zomerkampen 2027",)).year == 2027
    assert style("5/7", titles=("Zomer 2027", "nieuw sinds 2025")).year is None
    assert style("5/7").year is None


@pytest.mark.parametrize(
    "text",
    [
        "05/07/2027 - 09/07/2027",
        "5/7 - 9/7/2027",
        "5/7-9/7",
        "5-9 juli 2027",
        "5 - 9 juli",
        "5 tot 9 juli 2027",
        "van 5 juli tot en met 9 juli 2027",
        "ma 5 juli t/m vr 9 juli 2027",
        "du 5 au 9 juillet 2027",
        "from 5 July 2027 to 9 July 2027",
        "2027-07-05 - 2027-07-09",
        "05/07/2027 – 09/07/2027",
    ],
)
def test_both_days_in_one_cell(text: str) -> None:
    assert meanings.days(Cell(text), BELGIAN)[:2] == ("2027-07-05", "2027-07-09")


def test_one_day_is_a_camp_of_one_day() -> None:
    assert meanings.days(Cell("21/07/2027"), BELGIAN)[:2] == ("2027-07-21", "2027-07-21")


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from(["nl", "fr", "en"]), st.booleans())
def test_a_day_as_each_language_writes_it(day: date, language: str, weekday: bool) -> None:
    assert meanings.day(Cell(in_words.day(day, language, weekday)), DayStyle())[0] == day.isoformat()


@pytest.mark.parametrize(
    ("text", "euros"),
    [
        ("82,50", "82.50"),
        ("82.50", "82.50"),
        ("82,5", "82.50"),
        ("75", "75.00"),
        ("€ 60", "60.00"),
        ("60 €", "60.00"),
        ("€60,00", "60.00"),
        ("60 euro", "60.00"),
        ("EUR 60,00", "60.00"),
        ("60,-", "60.00"),
        ("€ 60,--", "60.00"),
        ("1250", "1250.00"),
        ("gratis", "0.00"),
        ("Gratuit", "0.00"),
        ("0", "0.00"),
    ],
)
def test_a_price(text: str, euros: str) -> None:
    assert meanings.price(Cell(text)) == (euros, ())


@pytest.mark.parametrize(
    ("text", "euros"), [("82.5", "82.50"), ("75", "75.00"), ("45.1", "45.10"), ("1000", "1000.00")]
)
def test_a_price_that_is_a_number_in_excel_has_one_meaning(text: str, euros: str) -> None:
    assert meanings.price(number(text)) == (euros, ())


@pytest.mark.parametrize("text", ["1.000", "1,000", "1.250", "€ 12,500"])
def test_a_price_that_may_be_a_thousand_times_another_is_refused(text: str) -> None:
    assert refused(meanings.price, Cell(text)) == PRICE_TWO


@pytest.mark.parametrize(
    ("text", "euros"),
    [
        ("1.250,00", "1250.00"),
        ("1 250,00", "1250.00"),
        ("1\u202f250,50 €", "1250.50"),
        ("1'250,00", "1250.00"),
        ("1,250.00", "1250.00"),
        ("1 250", "1250.00"),
    ],
)
def test_a_price_in_thousands_is_asked(text: str, euros: str) -> None:
    meant, questions = meanings.price(Cell(text))

    assert meant == euros
    assert [one.text for one in questions] == [meanings.PRICE_LARGE]


@pytest.mark.parametrize(
    "text", ["-60", "60 of 70", "60/70", "n.v.t.", "6e1", "NaN", "Infinity", "60,005", "20.000,00"]
)
def test_what_is_no_price(text: str) -> None:
    assert refused(meanings.price, Cell(text)) in (PRICE_FORM, PRICE_TWO)


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("9:00", "09:00"),
        ("09:00", "09:00"),
        ("09:00:00", "09:00"),
        ("16.00", "16:00"),
        ("8u30", "08:30"),
        ("16u", "16:00"),
        ("16 uur", "16:00"),
        ("9.30u", "09:30"),
        ("9h", "09:00"),
        ("9 h 30", "09:30"),
        ("9", "09:00"),
        ("9:00 AM", "09:00"),
        ("4 pm", "16:00"),
    ],
)
def test_an_hour(text: str, hour: str) -> None:
    assert meanings.hour(Cell(text)) == hour


def test_an_hour_that_is_a_part_of_a_day_in_excel() -> None:
    assert [meanings.hour(number(one)) for one in ("0.375", "0.6875", "16")] == ["09:00", "16:30", "16:00"]


@pytest.mark.parametrize("text", ["24:00", "9:60", "8.3", "morgens", "25u", "9:0", "13 pm"])
def test_what_is_no_hour(text: str) -> None:
    assert refused(meanings.hour, Cell(text)) == HOUR_FORM


@pytest.mark.parametrize(
    "text",
    [
        "9u00 - 16u00",
        "9.00-16.00",
        "9:00 tot 16:00",
        "9-16u",
        "9u-16u",
        "van 9 tot 16 uur",
        "de 9h à 16h",
        "9h00–16h00",
    ],
)
def test_both_hours_in_one_cell(text: str) -> None:
    assert meanings.hours(Cell(text)) == ("09:00", "16:00")


@pytest.mark.parametrize("cell", [Cell("2027-12-09", CellKind.DAY), Cell("9/dec")])
def test_hours_of_which_excel_made_a_day(cell: Cell) -> None:
    assert refused(meanings.hours, cell) == HOUR_DAY


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("6-12 jaar", ("6", "12")),
        ("6 - 12", ("6", "12")),
        ("van 6 tot 12 jaar", ("6", "12")),
        ("6 t/m 12 j.", ("6", "12")),
        ("6 à 12 ans", ("6", "12")),
        ("de 6 à 12 ans", ("6", "12")),
        ("6–12", ("6", "12")),
        ("vanaf 6 jaar", ("6", "")),
        ("6+", ("6", "")),
        ("dès 6 ans", ("6", "")),
    ],
)
def test_both_ages_in_one_cell(text: str, ages: tuple[str, str]) -> None:
    assert meanings.ages(Cell(text)) == ages


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        (Cell("6 jaar"), AGES_FORM),
        (Cell("3de kleuter"), AGES_FORM),
        (number("6"), AGES_FORM),
        (Cell("2027-12-06", CellKind.DAY), AGE_DAY),
        (Cell("6/dec"), AGE_DAY),
        (Cell("06-dec"), AGE_DAY),
    ],
)
def test_ages_that_are_unclear_or_of_which_excel_made_a_day(cell: Cell, why: str) -> None:
    assert refused(meanings.ages, cell) == why


@pytest.mark.parametrize(
    ("text", "count"), [("20", "20"), ("20 ", "20"), ("24,0", "24"), ("max. 20", "20"), ("20 plaatsen", "20")]
)
def test_a_number_of_places(text: str, count: str) -> None:
    assert meanings.count(Cell(text)) == count


@pytest.mark.parametrize("text", ["2,5", "1.000", "12-15", "twintig", "-3", "٣"])
def test_what_is_no_whole_number(text: str) -> None:
    assert refused(meanings.count, Cell(text)) == WHOLE_FORM
    assert refused(meanings.age, Cell(text)) == WHOLE_FORM


@given(st.sampled_from(list(CellKind)), st.text(max_size=12))
def test_whatever_stands_in_a_cell_is_read_or_unclear(kind: CellKind, text: str) -> None:
    if kind in (CellKind.DAY, CellKind.HOUR, CellKind.NUMBER):
        text = {CellKind.DAY: "2027-07-05", CellKind.HOUR: "09:00", CellKind.NUMBER: "45.5"}[kind]
    reads: list[Callable[[Cell], object]] = [
        *(meanings.price, meanings.count, meanings.age, meanings.ages, meanings.hour, meanings.hours),
        lambda cell: meanings.day(cell, BELGIAN),
        lambda cell: meanings.days(cell, BELGIAN),
    ]
    for read in reads:
        try:
            read(Cell(text, kind))
        except Unclear:
            continue
