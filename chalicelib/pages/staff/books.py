"""The books: what is in each account, days that are closed, a day's entries, files for the city's bookkeeping."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, time, timedelta

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.fields import Day
from chalicelib.core.http.problems import INVALID, NOT_FOUND, FieldError, Problem
from chalicelib.core.languages import N_, translate
from chalicelib.core.moments import local, today
from chalicelib.money.books import balances, export, table
from chalicelib.money.books.days import AccountSum
from chalicelib.money.books.export import Period
from chalicelib.money.books.rules import BookAccount, BookEntry
from chalicelib.money.refunds.sepa import spaced
from chalicelib.pages.frame.forms import Form
from chalicelib.pages.frame.pages import page
from chalicelib.pages.frame.visit import Visit
from chalicelib.pages.staff import money, refund_words
from chalicelib.people.staff.rules import Staff

MONTH = re.compile("([0-9]{4})-(0[1-9]|1[0-2])", re.ASCII)
IBAN_LIKE = re.compile("[A-Z]{2}[0-9]{2}[0-9A-Z]{10,30}", re.ASCII)
DAY = Day()
BACKWARDS = N_("The last day lies before the first one.")


def show(visit: Visit, by: Staff) -> Answer:
    """`?month=2026-11`: whose closed days are listed."""
    first, last = _month(visit)
    now = balances.now(visit.now)
    numbers = table.numbers()
    lacking = [one for one in now.sums if not numbers.of(one.account, one.of)]
    return page(
        visit,
        "pages/staff/books.html",
        closed=now.closed,
        sums=[(account_name(one, visit.language), numbers.of(one.account, one.of), one) for one in now.sums],
        is_even=sum(one.balance_cents for one in now.sums) == 0,
        open_count=now.count,
        today=today(visit.now),
        days=table.closed_days(first, last)[::-1],
        month=f"{first:%Y-%m}",
        earlier=f"{first - timedelta(1):%Y-%m}",
        later=f"{last + timedelta(1):%Y-%m}" if last < today(visit.now) else None,
        lacking=[account_name(one, visit.language) for one in lacking],
        form=Form({"first": first.isoformat(), "last": last.isoformat()}),
    )


def show_day(visit: Visit, by: Staff, day: str) -> Answer:
    """`?after=`: behind which entry this part begins."""
    found = balances.of_day(_day(day), visit.query.get("after", ""))
    if not found.entries and found.closed is None and found.day > today(visit.now):
        raise Problem(NOT_FOUND)
    return page(
        visit,
        "pages/staff/book_day.html",
        day_shown=found.day,
        entries=[_entry(entry, visit.language) for entry in found.entries],
        closed=found.closed,
        sums=[
            (account_name(one, visit.language), one)
            for one in (found.closed.sums if found.closed else ())
            if one.debit_cents or one.credit_cents
        ],
        fits=found.fits,
        next=found.next,
    )


def _download(visit: Visit, by: Staff, ending: str) -> Answer:
    """`?first=&last=`: days. What is wrong with them is said as a page of its own."""
    errors: list[FieldError] = []
    first, last = (DAY.read(visit.query.get(name), name, errors) for name in ("first", "last"))
    if not errors and last < first:
        errors.append(FieldError("last", BACKWARDS))
    if errors:
        raise Problem(INVALID, errors=errors)
    return Answer(200, export.export(Period(first, last), ending))


as_csv, as_xlsx = money.downloads(_download)


def account_name(one: AccountSum, language: str) -> str:
    return named(one.account, one.of, language)


def named(account: BookAccount, of: str, language: str) -> str:
    name = translate(refund_words.ACCOUNTS[account], language)
    return f"{name}, {spaced(of) if IBAN_LIKE.fullmatch(of) else of}" if of else name


@dataclass(frozen=True)
class EntryShown:
    """`at`: by the clocks of Brussels. `postings`: account in words, debit and credit in cents (0: not there)."""

    at: time
    act: str
    entry_id: str
    order_id: str
    postings: tuple[tuple[str, int, int], ...]


def _entry(entry: BookEntry, language: str) -> EntryShown:
    postings = ((named(one.account, one.of, language), max(one.cents, 0), max(-one.cents, 0)) for one in entry.postings)
    act = translate(refund_words.ACTS[entry.act], language)
    return EntryShown(local(entry.at).time(), act, entry.entry_id, entry.about.get("order_id", ""), tuple(postings))


def _month(visit: Visit) -> tuple[date, date]:
    """Its first and its last day; this month where none is named, or no month of a calendar."""
    found = MONTH.fullmatch(visit.query.get("month", ""))
    day = today(visit.now)
    year, month = (int(found[1]), int(found[2])) if found and found[1] > "2000" else (day.year, day.month)
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _day(text: str) -> date:
    try:
        return DAY.parse(text)
    except ValueError:
        raise Problem(NOT_FOUND) from None
