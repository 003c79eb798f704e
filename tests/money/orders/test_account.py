"""What a family is told to pay, by the API, on its pages, by mail and by letter; and who else is told nothing of it."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.booking.offers import links
from chalicelib.core import table as core_table
from chalicelib.core.moments import today
from chalicelib.money.orders import table
from chalicelib.money.orders.following import follow
from chalicelib.money.statements.taking import take_in
from chalicelib.people.staff.rules import Role
from infra.local.banks import Book, Entry
from tests.booking.offers.conftest import Town
from tests.camps import BOUWKAMP, JEF, LOU, NOOR, Family, family, published, request
from tests.core.printing.printed import pages
from tests.mail.conftest import part
from tests.mail.test_other_parent import FATHER, accepted
from tests.money.orders.test_epc import read
from tests.money.payees.given import KAPRIJKE, pays_to
from tests.pages.frame.browsing import Browser, family_browser

IBAN = "BE68 5390 0754 7034"


@pytest.fixture
def an(town: Town) -> Family:
    pays_to()
    published()
    return family(LOU, JEF)


def registered(an: Family, *children) -> str:
    answer = an.register(BOUWKAMP, *children)
    assert answer.status_code == 201, answer.json_body
    return answer.json_body["registration_id"]


def came_in(order_id: str, cents: int) -> None:
    order = table.get(order_id)
    assert order
    core_table.transact_write(table.moving_money(order, received=cents))


def test_the_account_says_what_is_owed_line_by_line_with_the_text_of_a_banks_qr_code(town: Town, an: Family):
    registration_id = registered(an, LOU, JEF)
    town.run()

    account = an.get("/api/account", **{"Accept-Language": "fr"}).json_body

    (order,) = account["orders"]
    assert (account["balance_cents"], account["currency"]) == (9000, "EUR")
    transfer = read(order.pop("epc"))
    assert (transfer.name, transfer.iban, transfer.cents) == ("Gemeente Kaprijke", KAPRIJKE.iban, 9000)
    assert f"+++{transfer.reference[:3]}/{transfer.reference[3:7]}/{transfer.reference[7:]}+++" == order["reference"]
    line = {
        "session_id": BOUWKAMP.session_id,
        "label": "Price of the camp",
        "quantity": 1,
        "unit_cents": 4500,
        "amount_cents": 4500,
        "rule": "price",
        "article": "",
    }
    labels = {one.pop("label") for one in order["lines"]}
    assert len(labels) == 1
    del line["label"]
    assert order == {
        "order_id": registration_id,
        "reference": order["reference"],
        "amount_cents": 9000,
        "paid_cents": 0,
        "due_on": (today(datetime.now(UTC)) + timedelta(14)).isoformat(),
        "status": "open",
        "lines": [{**line, "child_id": child.child_id} for child in (LOU, JEF)],
    }


def test_what_came_in_is_taken_off_and_nothing_is_asked_for_what_is_paid(town: Town, an: Family):
    order_id = registered(an, LOU)
    town.run()
    came_in(order_id, 1500)
    (partly,) = an.get("/api/account").json_body["orders"]
    came_in(order_id, 3000)
    paid = an.get("/api/account").json_body

    assert (partly["paid_cents"], partly["status"], read(partly["epc"]).cents) == (1500, "partly-paid", 3000)
    assert (paid["balance_cents"], paid["orders"][0]["status"], paid["orders"][0]["epc"]) == (0, "paid", None)


def test_an_account_is_its_familys_alone(town: Town, an: Family):
    order_id = registered(an, LOU)
    town.run()
    stranger = family(NOOR, email="fatima@example.be")

    assert stranger.get("/api/account").json_body == {"balance_cents": 0, "currency": "EUR", "orders": []}
    assert request("GET", "/api/account").status_code == 401
    browser = family_browser(stranger.token)
    assert browser.get(f"/account/orders/{order_id}/slip.pdf").status == 404
    assert browser.get("/account/orders/zzzzzzzzzzzzzzzzzzz/slip.pdf").status == 404
    assert browser.get(f"/registrations/{order_id}/slip.pdf").status == 404
    assert Browser().get(f"/account/orders/{order_id}/slip.pdf").status == 401
    assert IBAN not in browser.get("/account").html


def test_the_page_says_it_all_and_the_slip_too(town: Town, an: Family):
    order_id = registered(an, LOU, JEF)
    town.run()
    browser = family_browser(an.token)

    shown = browser.get("/family") and browser.follow("Wat ik betaal")

    assert (shown.path, shown.heading) == ("/account", "Wat ik betaal")
    reference = an.get("/api/account").json_body["orders"][0]["reference"]
    for words in (IBAN, "Gemeente Kaprijke", "€ 90,00", "Gestructureerde mededeling", reference, "2027 (Lou)"):
        assert words in shown.text
    slip = browser.follow("Betaalblad om af te drukken (pdf)")
    assert slip.path == f"/account/orders/{order_id}/slip.pdf"
    assert {reference, IBAN, "Bouwkamp (Lembeke), 16 augustus 2027 (Jef)"} <= set(pages(slip.body)[0])


def test_the_mail_and_the_receipt_say_how_to_pay_also_to_who_has_its_link_alone(town: Town, an: Family):
    registered(an, LOU, JEF)
    (mail,) = town.run()
    reference = an.get("/api/account").json_body["orders"][0]["reference"]

    for words in ("Hoe je betaalt", IBAN, "Gestructureerde mededeling", reference, "Prijs: €\xa090,00"):
        assert words in part(mail, "plain")
    assert IBAN in part(mail, "html")
    # No link but to our own pages.
    assert {url.split("/")[2] for url in re.findall(r"https?://[^\s\"<]+", part(mail, "plain"))} == {
        "kamp.kaprijke.example"
    }
    browser = Browser()
    shown = browser.get("/" + re.search(r"https?://[^/]+/(\S+)", part(mail, "plain"))[1])
    assert (shown.status, shown.heading) == (200, "De inschrijving is bevestigd")
    assert IBAN in shown.text
    assert reference in shown.text
    assert "/account" not in shown.html.replace("/account/orders", "")
    assert pages(browser.follow("Betaalblad om af te drukken (pdf)").body)[0][1] == "Betalen met een overschrijving"


def test_a_receipt_that_is_paid_says_so_and_asks_for_nothing(town: Town, an: Family):
    order_id = registered(an, LOU)
    town.run()
    came_in(order_id, 4500)

    shown = family_browser(an.token).get(f"/registrations/{order_id}")

    assert "Betaald: hiervoor is niets meer te betalen." in shown.text
    assert IBAN not in shown.text


def test_the_history_says_what_came_in_by_the_bank(town: Town, an: Family):
    order_id = registered(an, LOU)
    town.run()
    entry = Entry(4500, table.get(order_id).reference, day=date(2027, 5, 10))
    town.go_to(datetime(2027, 5, 11, 8, tzinfo=UTC))
    take_in(Book([entry], opened_on=entry.day, closed_on=entry.day).coda(), "Jamila Aerts", datetime.now(UTC))

    shown = family_browser(an.token).get("/account")

    assert "maandag 10 mei 2027: betaald € 45,00" in shown.text
    assert "Er is niets meer te betalen." in shown.text
    assert IBAN not in shown.text


def test_the_familys_file_has_its_orders(town: Town, an: Family):
    order_id = registered(an, LOU)
    town.run()
    came_in(order_id, 1500)

    (kept,) = an.get("/api/family").json_body["orders"]

    assert (kept["order_id"], kept["amount_cents"], kept["received_cents"]) == (order_id, 4500, 1500)
    assert kept["lines"] == ["Prijs van het kamp: 4500"]


def test_the_other_parent_of_a_shared_child_is_asked_for_nothing(town: Town, an: Family):
    """Who registered pays. The other parent sees the camp, and neither what it costs the first nor where to pay it."""
    browser = accepted(town.city, an)
    order_id = registered(an, LOU)
    mails = town.run()

    assert "Bouwkamp (Lembeke)" in browser.get("/family").text
    for path in ("/family", "/account"):
        assert IBAN not in browser.get(path).html
    assert browser.get(f"/registrations/{order_id}/slip.pdf").status == 404
    (told,) = (mail for mail in mails if mail["To"] == FATHER)
    assert IBAN not in part(told, "plain")
    assert "45,00" not in part(told, "plain")


def test_where_nobody_takes_money_nothing_is_said_of_it(town: Town):
    published()
    an = family(LOU)
    registration_id = registered(an, LOU)
    (mail,) = town.run()
    browser = family_browser(an.token)

    assert "Hoe je betaalt" not in part(mail, "plain")
    assert "Prijs: €\xa045,00 per kind" in part(mail, "plain")
    assert "Hoe je betaalt" not in browser.get(f"/registrations/{registration_id}").text
    assert "Wat ik betaal" not in browser.get("/family").page.links
    assert browser.get(f"/registrations/{registration_id}/slip.pdf").status == 404


def test_after_a_move_the_receipt_there_has_the_same_order(town: Town, an: Family):
    order_id = registered(an, LOU)
    town.run()
    other = published(title="Zwemkamp", price_cents=6000)
    moved = an.get("/api/account").json_body["orders"][0]["reference"]
    answer = request(
        "POST",
        f"/api/registrations/{order_id}/transfer",
        f'{{"session_id": "{other.session_id}"}}'.encode(),
        {**an.authorization, "Idempotency-Key": "move", "Content-Type": "application/json"},
    )
    assert answer.status_code == 200, answer.json_body
    town.run()

    shown = family_browser(an.token).get(f"/registrations/{answer.json_body['registration_id']}")

    assert moved in shown.text
    assert "€ 60,00" in shown.text


def test_a_letter_has_a_payment_slip_behind_it(town: Town):
    pays_to()
    published()
    desk = Browser("nl").sign_in(Role.DESK)
    an = family(LOU, email="")
    registration_id = registered(an, LOU)
    follow(an.pass_.family_id, datetime.now(UTC))

    letter = desk.get(f"/office/desk/registrations/{registration_id}/letter.pdf")

    assert letter.status == 200
    found = pages(letter.body)
    assert any(IBAN in line for line in found[0])
    assert "Betalen met een overschrijving" in found[-1]


def test_the_link_of_a_mail_opens_its_own_registration_alone(town: Town, an: Family):
    mine = registered(an, LOU)
    other = an.register(published(title="Zwemkamp"), JEF).json_body["registration_id"]
    town.run()
    browser = Browser()
    browser.get(f"/registrations/{mine}?link=" + links.to_registration(mine, an.pass_.pass_id).rpartition("link=")[2])

    assert browser.get(f"/registrations/{mine}/slip.pdf").status == 200
    assert browser.get(f"/registrations/{other}/slip.pdf").status in (401, 404)
    assert browser.get("/account").status == 401
