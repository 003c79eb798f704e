"""Figures for the council and for everybody: by month, and what could name somebody by year alone."""

from datetime import date

from chalicelib.front_door.watching import table
from chalicelib.front_door.watching.rules import MonthSum
from chalicelib.insight.front_door import CaseFigures, figures
from tests.front_door import city
from tests.pages.frame.browsing import Browser

JANUARY, MARCH = date(2027, 1, 1), date(2027, 3, 1)
STREET = MonthSum(MARCH, "street", "streets", received=12, in_time=8, late=2, overdue=1, reopened=1, silent=3)


def asked(month: date, received: int) -> MonthSum:
    return MonthSum(month, "youth-care", "youth", received, in_time=received, is_confidential=True)


def numbers(one: CaseFigures) -> list[int]:
    return [one.received, one.in_time, one.late, one.in_hand, one.overdue, one.reopened, one.silent]


def test_a_month_of_a_form_says_what_became_of_its_cases() -> None:
    (row,) = figures([STREET], {}, {}, 2027)

    assert (row.month, row.unit_id) == (3, "streets")
    assert numbers(row) == [12, 8, 2, 2, 1, 1, 3]


def test_confidential_cases_are_told_by_year() -> None:
    (row,) = figures([asked(JANUARY, 4), asked(MARCH, 2)], {}, {}, 2027)

    assert (row.month, row.unit_id, row.received, row.is_hidden) == (None, "", 6, False)


def test_few_confidential_cases_are_not_told() -> None:
    """Not one of their numbers, nor a zero beside them: that all of three were answered late says it of each."""
    (row,) = figures([asked(MARCH, 3)], {}, {}, 2027)

    assert row.is_hidden
    assert numbers(row) == [0] * 7


def test_the_page_and_its_spreadsheet(table: None) -> None:
    city.a_city()
    put(MARCH, STREET)
    put(MARCH, asked(MARCH, 2))

    page = Browser("nl").get("/figures/cases?year=2027")
    assert ("Iets op straat" in page.text, "minder dan 5" in page.text) == (True, True)

    lines = Browser("nl").get("/figures/cases.csv?year=2027").body.decode("utf-8-sig").splitlines()
    assert [line.replace(";", ",") for line in lines[1:]] == [
        "2027,3,street,Iets op straat,streets,Straten en groen,12,8,2,2,1,1,3",
        "2027,,youth-care,Een vraag over jeugdhulp,,,,,,,,,0",
    ]


def put(month: date, row: MonthSum) -> None:
    table.put_month(month, row.form_id, [row])
