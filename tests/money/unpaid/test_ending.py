"""What is not paid in time: reminded, and where the city decided so the registration ends by itself; or it does not."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage

import pytest

from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import EndedBy
from chalicelib.core import table as core_table
from chalicelib.mail import handlers, undelivered
from chalicelib.mail.rules import MailKind, Message
from chalicelib.money.entitlements import table as declarations
from chalicelib.money.entitlements.rules import Declaration, Declared
from chalicelib.money.online import table as online
from chalicelib.money.online.table import PaymentAttempt
from chalicelib.money.orders import table
from chalicelib.money.orders.rules import OrderStatus
from chalicelib.money.payees.rules import UnpaidRule
from chalicelib.money.statements.taking import take_in
from chalicelib.money.unpaid import ending, looking
from infra.local.banks import Book, Entry
from tests.booking.offers.conftest import EVENING, Town
from tests.camps import BOUWKAMP, LOU, NOOR, Family, family, published
from tests.interrupting import before_write
from tests.mail.conftest import part
from tests.money.payees.given import pays_to
from tests.pages.frame.browsing import family_browser

MADE_ON = date(2027, 5, 7)
DUE = MADE_ON + timedelta(14)
RULE = UnpaidRule((3, 10), 21)


def morning(after: int) -> datetime:
    """So many days after the due day."""
    return datetime(DUE.year, DUE.month, DUE.day, 8, tzinfo=UTC) + timedelta(after)


def run(town: Town, after: int) -> list[EmailMessage]:
    """What that morning's run brings into the mailboxes."""
    town.go_to(morning(after))
    handlers.remind({})
    return town.run()


def uploaded(until: date, *entries: Entry, first: date = MADE_ON, opening: int = 100_000) -> None:
    """Finance uploads one statement of all days since the registration."""
    booked = [replace(entry, day=until) for entry in entries]
    book = Book(booked, opening=opening, opened_on=first, closed_on=until)
    take_in(book.coda(), "Jamila Aerts", datetime.combine(until, datetime.min.time(), UTC) + timedelta(days=1))


@pytest.fixture
def an(town: Town) -> Family:
    pays_to(unpaid=RULE)
    published(capacity=1)
    return family(LOU)


@pytest.fixture
def order_id(town: Town, an: Family) -> str:
    answer = an.register(BOUWKAMP, LOU)
    assert answer.status_code == 201
    town.run()
    return answer.json_body["registration_id"]


def status(of: Family, registration_id: str) -> str:
    return of.get(f"/api/registrations/{registration_id}").json_body["status"]


def reminded(town: Town) -> None:
    """Both reminders are out."""
    assert run(town, 2) == []
    assert len(run(town, 3)) == 1
    assert len(run(town, 10)) == 1


def test_it_is_reminded_once_for_each_day_that_the_city_says(town: Town, an: Family, order_id: str):
    assert run(town, 0) == []
    (first,) = run(town, 3)
    assert run(town, 3) == []
    assert run(town, 4) == []
    (last,) = run(town, 10)

    assert first["Subject"] == "Nog niet betaald: Bouwkamp (Lembeke), 16 augustus 2027"
    assert "€\xa045,00" in part(first, "plain")
    assert "BE68 5390 0754 7034" in part(first, "plain")
    assert "geannuleerd" not in part(first, "plain")
    assert "ten laatste op vrijdag 21 mei" not in part(first, "plain")  # that day is over
    assert "Betaal uiterlijk op: vrijdag 11 juni 2027" in part(last, "plain")


def test_who_paid_or_whose_order_is_put_off_is_reminded_of_nothing(town: Town, an: Family, order_id: str):
    town.go_to(morning(3))
    handlers.remind({})  # queued, and then the money comes
    uploaded(DUE, Entry(4500, table.get(order_id).reference))

    assert town.run() == []


def test_what_is_never_paid_ends_by_itself_with_a_mail_and_its_seat_goes_on(town: Town, an: Family, order_id: str):
    fatima = family(NOOR, email="fatima@example.be", language="fr")
    waits = fatima.register(BOUWKAMP, NOOR).json_body["registration_id"]
    town.run()
    reminded(town)
    uploaded(DUE + timedelta(25))

    mails = run(town, 26)

    ended = next(mail for mail in mails if mail["To"] == "an.claeys@example.be")
    assert ended["Subject"].startswith("Geannuleerd")
    assert "omdat ze niet op tijd betaald is" in part(ended, "plain")
    assert "Je hoeft er niets meer voor te betalen." in part(ended, "plain")
    assert status(an, order_id) == "cancelled"
    assert status(fatima, waits) in ("offered", "confirmed")
    assert registrations.get(order_id).ended.by is EndedBy.UNPAID
    assert (table.get(order_id).amount_cents, table.get(order_id).status) == (0, OrderStatus.CANCELLED)
    assert "Ze is niet op tijd betaald" in family_browser(an.token).get(f"/registrations/{order_id}").text
    assert run(town, 27) == []


def test_where_the_city_decided_that_nothing_ends_nothing_does(town: Town):
    pays_to(unpaid=replace(RULE, cancels_after=None))
    published()
    an = family(LOU)
    order_id = an.register(BOUWKAMP, LOU).json_body["registration_id"]
    town.run()
    run(town, 3)
    (last,) = run(town, 10)
    uploaded(DUE + timedelta(40))

    assert run(town, 41) == []
    assert "geannuleerd" not in part(last, "plain")
    assert status(an, order_id) == "confirmed"


def test_nothing_ends_while_the_statements_do_not_say_what_came_in(town: Town, an: Family, order_id: str):
    reminded(town)

    assert run(town, 60) == []  # nobody uploaded anything
    uploaded(DUE + timedelta(21))  # not two bank working days later
    assert run(town, 61) == []
    uploaded(DUE + timedelta(60), first=DUE + timedelta(40), opening=120_000)  # and what came in between?
    assert run(town, 62) == []
    assert status(an, order_id) == "confirmed"
    assert looking.last_statement("BE68539007547034") == DUE + timedelta(60)


def test_a_long_pause_of_ours_takes_nobodys_seat(town: Town, an: Family, order_id: str):
    """No run for two months: the family is reminded first, and has a week from then on."""
    uploaded(DUE + timedelta(50))

    (told,) = run(town, 51)
    assert run(town, 57) == []
    uploaded(DUE + timedelta(59), first=DUE + timedelta(50))
    assert run(town, 59) == []
    uploaded(DUE + timedelta(60), first=DUE + timedelta(59))

    assert "Betaal uiterlijk op: zondag 18 juli 2027" in part(told, "plain")
    assert [mail["Subject"][:11] for mail in run(town, 62)] == ["Geannuleerd"]


@pytest.mark.parametrize("entry", [Entry(1000, ""), Entry(4500, "", text="kamp Lou")], ids=["partly", "unknown"])
def test_where_money_came_in_people_decide(town: Town, an: Family, order_id: str, entry: Entry):
    reminded(town)
    reference = table.get(order_id).reference if entry.cents == 1000 else ""
    uploaded(DUE + timedelta(25), replace(entry, reference=reference))

    assert run(town, 26) == []
    assert status(an, order_id) == "confirmed"


def test_money_that_comes_in_at_the_very_moment_keeps_the_seat(town: Town, an: Family, order_id: str):
    reminded(town)
    uploaded(DUE + timedelta(25))
    town.go_to(morning(26))
    order = table.get(order_id)

    def pay() -> None:
        core_table.transact_write(table.moving_money(order, received=4500))

    with before_write(0, pay):
        ended = ending.end(order_id, order.due_on.isoformat(), (DUE + timedelta(25)).isoformat(), morning(26))

    assert ended == 0
    assert status(an, order_id) == "confirmed"
    assert registrations.get(order_id).ended is None


def test_what_may_still_be_paid_on_line_or_cost_less_is_for_people(town: Town, an: Family, order_id: str):
    reminded(town)
    uploaded(DUE + timedelta(25))
    town.go_to(morning(26))
    begun = PaymentAttempt(1, "key", 4500, "", morning(26) - timedelta(hours=3), "")
    online.begin(order_id, begun, None)
    assert run(town, 26) == []

    declared = Declared("social", "Kaprijke", None, MADE_ON, MADE_ON + timedelta(365))
    declarations.put(Declaration("abcdefgh", an.pass_.family_id, declared, morning(26)))
    assert run(town, 28) == []
    assert status(an, order_id) == "confirmed"


def test_a_message_that_comes_late_or_twice_ends_nothing_more(town: Town, an: Family, order_id: str):
    reminded(town)
    uploaded(DUE + timedelta(25))
    message = Message(MailKind.OVERDUE, order_id, f"{DUE}#{DUE + timedelta(25)}").to_json()
    town.go_to(morning(26))

    assert town.city.deliver([message, message]) == []
    assert len(town.run()) == 1
    assert town.city.deliver([message]) == []
    assert town.run() == []


def test_a_camp_that_is_about_to_begin_is_for_people(town: Town):
    pays_to(unpaid=RULE)
    session = published(starts_on=DUE + timedelta(28), ends_on=DUE + timedelta(30))
    an = family(LOU)
    order_id = an.register(session, LOU).json_body["registration_id"]
    town.run()
    run(town, 3)
    run(town, 10)
    uploaded(DUE + timedelta(25))

    run(town, 26)

    assert status(an, order_id) == "confirmed"


def test_a_family_without_mail_is_work_for_the_desk_once_and_loses_nothing_by_itself(town: Town):
    pays_to(unpaid=RULE)
    published()
    an = family(LOU, email="")
    order_id = an.register(BOUWKAMP, LOU).json_body["registration_id"]
    town.run()
    undelivered.forget(MailKind.CONFIRMED, order_id)

    run(town, 3)

    assert [(one.kind, one.id) for one in undelivered.every()] == [(MailKind.UNPAID, order_id)]
    undelivered.forget(MailKind.UNPAID, order_id)
    run(town, 4)
    assert undelivered.every() == []
    run(town, 10)
    uploaded(DUE + timedelta(40))
    run(town, 41)
    assert status(an, order_id) == "confirmed"


def test_what_the_city_keeps_is_still_to_pay_and_the_mail_says_how(town: Town):
    pays_to(unpaid=RULE)
    session = published(starts_on=DUE + timedelta(32), ends_on=DUE + timedelta(34))
    an = family(LOU)
    order_id = an.register(session, LOU).json_body["registration_id"]
    town.run()
    run(town, 3)
    run(town, 10)
    uploaded(DUE + timedelta(25))

    (ended,) = run(town, 26)

    order = table.get(order_id)
    assert (order.amount_cents, order.status) == (2250, OrderStatus.OPEN)
    assert "Wat de stad aanrekent: €\xa022,50" in part(ended, "plain")
    assert "BE68 5390 0754 7034" in part(ended, "plain")


def test_a_city_that_takes_no_money_asks_nothing(town: Town):
    published()
    family(LOU).register(BOUWKAMP, LOU)
    town.run()

    assert list(looking.due(EVENING + timedelta(60))) == []
