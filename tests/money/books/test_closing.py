"""The books in the table: closed by the day, and exported."""

import csv
from datetime import UTC, date, datetime, timedelta
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from chalicelib.core import table as stormloop
from chalicelib.core.http.problems import Problem
from chalicelib.core.refusals import Refused
from chalicelib.money.books import closing, export, table
from chalicelib.money.books.days import fits
from chalicelib.money.books.export import Period
from chalicelib.money.books.numbers import AccountNumbers
from chalicelib.money.books.rules import BookAccount, BookAct, BookEntry, moved
from chalicelib.money.payees import table as payees
from chalicelib.money.payees.rules import Payee

pytestmark = pytest.mark.usefixtures("table")

IBAN = "BE71096123456769"
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))


def at(day: int, hour: int = 10, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


@pytest.fixture
def city(table):
    stormloop.transact_write([payees.putting(Payee("", "Gemeente Hoogveld", IBAN, edition=1))])
    payees.forget()


def book(entry_id: str, when: datetime, cents: int) -> BookEntry:
    to, source = (BookAccount.BANK, IBAN), (BookAccount.RECEIVABLE, "Hoogveld")
    about = {"order_id": "f23456789abr2345678", "reference": "123456789012"}
    entry = BookEntry(entry_id, when, BookAct.RECEIVED, moved(to, source, cents), about)
    stormloop.transact_write([table.putting(entry)])
    return entry


def test_the_days_that_are_over_are_closed_once_and_in_order(city):
    for day, cents in ((26, 1000), (28, 250)):
        book(f"r{day}", at(day), cents)
    book("today", at(29, 7), 99)

    closed = list(closing.close(at(29, 8)))

    assert [(one.day, one.count) for one in closed] == [(date(2026, 11, 26), 1), (date(2026, 11, 28), 1)]
    assert closed[1].since == date(2026, 11, 27)
    assert closed[1].previous == closed[0].hash
    assert closed[1].balances[BookAccount.BANK, IBAN] == 1250
    assert table.last_closed() == closed[1]
    assert table.closed_before(date(2026, 11, 28)) == closed[0]
    assert list(closing.close(at(29, 9))) == []
    assert [one.day for one in closing.close(at(30, 8))] == [date(2026, 11, 29)]


def test_a_month_without_entries_is_closed_in_one_write(city):
    [first] = closing.close(at(28))

    assert first.day == date(2026, 11, 27)
    assert first.count == 0
    assert list(closing.close(at(27, month=12))) == []
    [second] = closing.close(at(29, month=12))
    assert (second.since, second.day) == (date(2026, 11, 28), date(2026, 12, 28))


def test_a_city_that_takes_no_money_closes_nothing(table):
    assert list(closing.close(at(29))) == []


def test_a_day_is_closed_once(city):
    book("r1", at(28), 1)
    [closed] = closing.close(at(29))

    with pytest.raises(Refused):
        table.put_closed(closed)


def test_an_entry_that_is_put_into_a_closed_day_is_seen(city):
    book("r1", at(28), 1)
    [closed] = closing.close(at(29))
    assert fits(closed, table.of_day(closed.day), None)

    book("r2", at(28), 1)

    assert not fits(closed, table.of_day(closed.day), None)


@pytest.fixture
def exported(city):
    table.put_numbers(AccountNumbers(1, {"bank": "550000", "receivable#Hoogveld": "400100"}, "Els Maes", at(1)))
    book("r1", at(26), 1005)
    book("r2", at(28), -5)
    book("open", at(29), 77)
    list(closing.close(at(29, 12)))


def test_a_period_is_exported_with_the_citys_own_numbers(exported):
    file = export.export(NOVEMBER, "csv")

    rows = list(csv.DictReader(StringIO(file.content.decode("utf-8-sig")), delimiter=";"))
    assert [(row["day"], row["entry"], row["number"], row["debit"], row["credit"]) for row in rows] == [
        ("2026-11-26", "r1", "550000", "10,05", ""),
        ("2026-11-26", "r1", "400100", "", "10,05"),
        ("2026-11-28", "r2", "550000", "", "0,05"),
        ("2026-11-28", "r2", "400100", "0,05", ""),
    ]
    assert rows[0]["order_id"] == "f23456789abr2345678"
    assert rows[0]["reference"] == "123456789012"


def test_the_workbook_has_the_same_lines_with_amounts_as_numbers(exported):
    file = export.export(NOVEMBER, "xlsx")

    sheet = load_workbook(BytesIO(file.content)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == export.COLUMNS
    assert [row[7] for row in rows[1:]] == [10.05, None, None, 0.05]
    assert sum(row[7] or 0 for row in rows[1:]) == sum(row[8] or 0 for row in rows[1:])
    assert rows[1][4] == "550000"


def test_a_period_that_is_too_long_is_refused(exported, monkeypatch):
    with pytest.raises(Problem):
        export.export(Period(date(2026, 1, 1), date(2027, 1, 2)), "csv")
    monkeypatch.setattr(export, "MOST_LINES", 3)
    with pytest.raises(Problem):
        export.export(NOVEMBER, "csv")


def test_the_numbers_have_versions_and_nobody_overwrites_another(exported):
    assert table.numbers().version == 1
    assert table.numbers().of(BookAccount.BANK, IBAN) == "550000"
    assert table.numbers().of(BookAccount.RECEIVABLE, "Veldhoven") == ""
    with pytest.raises(Refused):
        table.put_numbers(AccountNumbers(1, {}, "Jan Peeters", at(2) + timedelta(hours=1)))
