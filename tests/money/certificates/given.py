"""Given: a camp that is over, an order for it, money that moved, marks at the gate, and what a family gave."""

from dataclasses import replace
from datetime import UTC, date, datetime

from chalicelib.booking.presence import table as presence
from chalicelib.booking.presence.rules import Mark, Marker, Tap
from chalicelib.core.table import transact_write
from chalicelib.money.books import table as books
from chalicelib.money.books.rules import BookAccount, BookAct, BookEntry, moved
from chalicelib.money.certificates import national
from chalicelib.money.certificates import table as certificates
from chalicelib.money.certificates.numbers import proof
from chalicelib.money.certificates.papers import CertifiedChild
from chalicelib.money.certificates.payers import FamilyNumbers, NumberedPayer
from chalicelib.money.certificates.years import Maximum, Said, accepted_by
from chalicelib.money.orders import table as orders
from chalicelib.money.orders.rules import Order, OrderLine
from chalicelib.money.tariffs.rules import Labels
from chalicelib.programme.sessions.rules import identify
from tests.camps import BOUWKAMP, LOU, family, published
from tests.money.certificates.samples import CITY, MOTHER, PAYER_NUMBER, certificate

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
DAYS = [date(2026, 8, 17), date(2026, 8, 18), date(2026, 8, 19)]
ELS, JAN = Said("sub-els", "Els Maes", NOW), Said("sub-jan", "Jan Maes", NOW)
# Of somebody who was born as LOU was.
LOU_NUMBER = "22050199781"
LOU_CERTIFIED = CertifiedChild(LOU.child_id, LOU.last_name, LOU.first_name, LOU.birth_date)
A_LABEL = Labels("a", "a", "a")


def pays(family_id, cents=4500, on=date(2026, 5, 3), number=1, order_cents=4500, at=NOW):
    """Given an order for LOU's camp, and money that moved on that day."""
    line = OrderLine(CAMP.session_id, LOU.child_id, A_LABEL, 1, order_cents, order_cents, "price", "", "camp")
    order_id = f"{family_id}REGISTR1"
    order = orders.get(order_id)
    if order is None:
        order = Order(order_id, "Kaprijke", "1" * 12, order_cents, 0, 0, on, DAYS[2], (line,), NOW)
        transact_write(orders.putting(None, order))
        order = orders.get(order_id)
    entry = BookEntry(
        f"received#{number}",
        at,
        BookAct.RECEIVED,
        moved((BookAccount.BANK, "BE68539007547034"), (BookAccount.RECEIVABLE, "Kaprijke"), cents),
        {"order_id": order_id, "on": on.isoformat()},
    )
    transact_write([*orders.moving_money(order, received=cents), books.putting(entry)])


def marks(*days, mark=Mark.PRESENT):
    for day in days:
        tap = Tap(LOU.child_id, "registration", mark, 0, NOW, Marker("sub-els", "Els Maes"))
        presence.mark(CAMP.session_id, day, tap)


def gives(family_id, payers=((MOTHER, PAYER_NUMBER),), shares=(), edition=0):
    numbered = tuple(NumberedPayer(payer, number) for payer, number in payers)
    given = FamilyNumbers(numbered, {LOU.child_id: LOU_NUMBER}, {LOU.child_id: shares} if shares else {}, edition)
    national.put(family_id, given, date(2099, 12, 31), NOW)


CAMP = replace(
    BOUWKAMP,
    session_id=identify(BOUWKAMP.municipality, BOUWKAMP.title, DAYS[0]),
    starts_on=DAYS[0],
    ends_on=DAYS[2],
)


def quick_books(monkeypatch):
    """Given that of a year's days the books are asked for the one alone on which these tests book."""
    of_day = books.of_day
    monkeypatch.setattr(books, "of_day", lambda day: of_day(day) if day == NOW.date() else iter(()))


def a_year(year=2026):
    """Given its maximum, which one of finance entered and another one accepted."""
    entered = Maximum(year, 18_00, "Staatsblad 30.12.2025", ELS, edition=1)
    certificates.put_maximum(entered)
    certificates.put_maximum(accepted_by(entered, JAN))


def a_family():
    """Given a family whose child was there on two of three days, all of which are paid."""
    published(CAMP)
    certificates.put_organizer(replace(CITY, edition=1))
    found = family(LOU)
    family_id = found.pass_.family_id
    pays(family_id)
    marks(DAYS[0], DAYS[2])
    marks(DAYS[1], mark=Mark.ABSENT)
    return found


def certified(family_id, serial=1):
    """Given a certificate of 2024, whose maximum is known, with the numbers that are still there."""
    if certificates.of_family(family_id, 2024):
        return
    if not certificates.organizers():
        certificates.put_organizer(replace(CITY, edition=1))
    gives(family_id)
    made = certificate(serial, family_id=family_id, child=LOU_CERTIFIED, proof=proof(PAYER_NUMBER, LOU_NUMBER))
    certificates.give(family_id, 2024, 0, [made], [])
