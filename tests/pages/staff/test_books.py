"""The books, as finance sees them."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.core import table as core_table
from chalicelib.core.moments import today
from chalicelib.money.books import closing
from chalicelib.money.books import table as books
from chalicelib.money.books.rules import BookAccount, BookAct, BookEntry, moved
from chalicelib.pages.staff import refund_words
from chalicelib.people.staff.rules import Role
from tests.money.payees.given import KAPRIJKE, pays_to
from tests.pages.frame.browsing import Browser

pytestmark = pytest.mark.usefixtures("city")

NOW = datetime.now(UTC)
# At noon, so that a day of it is a day in Brussels too.
BEFORE = NOW.replace(hour=12) - timedelta(days=2)
DAY = today(BEFORE)


def book(number: int, at: datetime = BEFORE, cents: int = 4500) -> None:
    postings = moved((BookAccount.BANK, KAPRIJKE.iban), (BookAccount.RECEIVABLE, "Kaprijke"), cents)
    entry = BookEntry(f"bank#{number:03}", at, BookAct.RECEIVED, postings, {"order_id": "f2345678901abcdefgh"})
    core_table.transact_write([books.putting(entry)])


@pytest.fixture
def city(table):
    pays_to()
    book(1)
    list(closing.close(NOW))


@pytest.fixture
def browser() -> Browser:
    return Browser("nl").sign_in(Role.FINANCE)


def test_balances_closed_days_and_the_way_to_each(browser):
    shown = browser.get(f"/office/books?month={DAY:%Y-%m}")

    assert "Bank, BE68 5390 0754 7034" in shown.text
    assert "€ 45,00" in shown.text
    assert "Gezinnen, Kaprijke" in shown.text
    assert "nog geen nummer van jullie boekhouding" in shown.text
    day = browser.get(f"/office/books/{DAY}")
    assert "Afgesloten op" in day.text
    assert "bank#001" in day.text


def test_an_entry_that_came_after_closing_is_an_alarm(browser):
    book(2)

    assert "Deze dag is niet meer wat werd afgesloten" in browser.get(f"/office/books/{DAY}").text


def test_a_day_with_many_entries_is_read_in_parts(browser):
    for number in range(2, 103):
        book(number, NOW)

    first = browser.get(f"/office/books/{today(NOW)}")
    assert "bank#101" in first.text
    assert "bank#102" not in first.text
    assert "bank#102" in browser.follow("Volgende").text


def test_a_file_for_the_bookkeeping_has_the_numbers_that_were_given(browser):
    browser.get("/office/books/numbers")
    wrong = browser.submit({"number.bank": "55 00 00 & meer"}, button="Bewaren")
    assert wrong.status == 422
    saved = browser.submit({"number.bank": "550000", f"number.receivable#{'Kaprijke'}": "400100"}, button="Bewaren")
    assert "Deze nummers staan vanaf nu in de bestanden" in saved.text

    file = browser.get(f"/office/books.csv?first={DAY}&last={DAY}")

    assert file.headers["Content-Type"].startswith("text/csv")
    assert "550000" in file.body.decode()
    assert "400100" in file.body.decode()
    assert books.numbers().version == 1


@pytest.mark.parametrize(
    "query", ["", "?first=2026-11-30&last=2026-11-01", "?first=x&last=y", "?first=2020-01-01&last=2026-01-01"]
)
def test_a_period_that_is_none_is_refused(browser, query):
    assert browser.get(f"/office/books.xlsx{query}").status == 422


@pytest.mark.parametrize("day", ["2999-01-01", "x", "2026-13-01"])
def test_a_day_that_is_none_is_not_found(browser, day):
    assert browser.get(f"/office/books/{day}").status == 404


def test_two_who_change_the_numbers_at_once_do_not_overwrite_each_other(browser):
    browser.get("/office/books/numbers")
    other = Browser("nl").sign_in(Role.FINANCE, name="Jan Claes")
    other.get("/office/books/numbers")
    other.submit({"number.bank": "1"}, button="Bewaren")

    shown = browser.submit({"number.bank": "2"}, button="Bewaren")

    assert shown.status == 409
    assert books.numbers().numbers == {"bank": "1"}


def test_each_account_and_act_has_a_name():
    assert refund_words.ACCOUNTS.keys() == set(BookAccount)
    assert refund_words.ACTS.keys() == set(BookAct)
