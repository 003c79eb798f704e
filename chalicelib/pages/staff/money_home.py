"""Finance's first page of money: where each part of it is, and how much waits there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice

from chalicelib import routes
from chalicelib.core.http.answering import Answer
from chalicelib.core.languages import N_, in_words, translate
from chalicelib.money.books import table as books
from chalicelib.money.payees import table as payees
from chalicelib.money.refunds import listing
from chalicelib.money.statements import tasks
from chalicelib.pages.frame.pages import page
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.staff.rules import Staff

# Address, name, and what is done there; in the order in which a city begins with them, then in that of the day's work.
PARTS = (
    (
        "/office/payees",
        N_("Accounts of the city"),
        N_("To whom families pay, by when, and what happens if they do not."),
    ),
    ("/office/tariffs", N_("Tariffs"), N_("The council's prices: enter, check, accept, and try families on them.")),
    ("/office/entitlements", N_("Proofs"), N_("What families declared for a lower price, and who checked it.")),
    ("/office/statements", N_("Bank statements"), N_("Upload the bank's file: payments find their orders.")),
    ("/office/money/tasks", N_("Payments to look at"), N_("Too much, too little, unknown, returned.")),
    ("/office/receivables", N_("What families owe"), N_("Orders that are not paid yet, and since when.")),
    (
        "/office/refunds",
        N_("Money back to families"),
        N_("Release refunds with a colleague, and make the bank's file."),
    ),
    ("/office/books", N_("Books"), N_("Each cent, by day and account, and files for your bookkeeping.")),
    (
        "/office/certificates",
        N_("Tax certificates"),
        N_("The certificates 281.86 of a year, and the file for Belcotax."),
    ),
    ("/office/citypass", N_("City pass"), N_("Passes, their budgets and vouchers, and what providers are paid.")),
)
REFUNDS = N_("{number} orders wait: {amount}")
NOTHING_WAITS = N_("Nothing waits.")
CLOSED = N_("Closed until {day}")
NOTHING_CLOSED = N_("No day is closed yet.")
TASKS, MANY_TASKS = N_("{number} wait."), N_("More than {number} wait.")
MOST_COUNTED = 100
PAYEES = N_("{number} set")
NO_PAYEES = N_("None is set: families pay nothing here yet.")


@dataclass(frozen=True)
class MoneyPart:
    """`count`: how much waits there, in words; empty: not counted here."""

    address: str
    name: str
    about: str
    count: str


def show(visit: Visit, by: Staff) -> Answer:
    """Only what there is, and what this person may open."""
    parts = [
        MoneyPart(
            address,
            translate(name, visit.language),
            translate(about, visit.language),
            COUNTS[address](visit.language) if address in COUNTS else "",
        )
        for address, name, about in PARTS
        if routes.find("GET", address) and visit.may("GET", address)
    ]
    return page(visit, "pages/staff/money_home.html", parts_of_money=parts)


def _refunds(language: str) -> str:
    found = listing.overpaid()
    if not found.orders:
        return translate(NOTHING_WAITS, language)
    return translate(REFUNDS, language, number=found.orders, amount=in_words.money(found.cents, language))


def _books(language: str) -> str:
    closed = books.last_closed()
    if closed is None:
        return translate(NOTHING_CLOSED, language)
    return translate(CLOSED, language, day=in_words.day(closed.day, language))


def _payees(language: str) -> str:
    number = len(payees.remembered().by_municipality)
    return translate(PAYEES, language, number=number) if number else translate(NO_PAYEES, language)


def _tasks(language: str) -> str:
    """No more are counted than cost some eight read units."""
    number = len(list(islice(tasks.every(), MOST_COUNTED + 1)))
    if not number:
        return translate(NOTHING_WAITS, language)
    return translate(TASKS if number <= MOST_COUNTED else MANY_TASKS, language, number=min(number, MOST_COUNTED))


# Each takes a few reads at most.
COUNTS: Mapping[str, Callable[[str], str]] = {
    "/office/payees": _payees,
    "/office/money/tasks": _tasks,
    "/office/refunds": _refunds,
    "/office/books": _books,
}
