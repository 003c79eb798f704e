"""The price before the choice, and before something is given up."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from chalicelib.core import table as core_table
from chalicelib.money.entitlements import table as entitlements
from chalicelib.money.entitlements.rules import ProofStatus
from chalicelib.money.orders import table as orders
from chalicelib.money.orders.following import follow
from chalicelib.money.tariffs.conditions import Has
from chalicelib.money.tariffs.rules import Discount, Labels
from tests.camps import BOUWKAMP, JEF, LOU, Family, family, published
from tests.money.payees.given import pays_to
from tests.money.quotes.test_booked import SOCIAL
from tests.money.quotes.test_handlers import CITY
from tests.money.tariffs.stored import accepted
from tests.pages.frame.browsing import Browser, family_browser

LABEL = Labels("Inwoner", "Habitant", "Resident")
SESSION = f"/sessions/{BOUWKAMP.session_id}"


@pytest.fixture
def an(table: None) -> Family:
    pays_to()
    accepted(CITY)
    published()
    return family(LOU, JEF)


def test_who_has_no_link_sees_the_most_that_it_costs(an):
    assert "at most €30.00 per child" in Browser("en").get(SESSION).text


def test_a_family_sees_what_each_child_costs_line_by_line_with_why(an):
    text = family_browser(an.token, "en").get(SESSION).text

    assert "What it costs you" in text
    assert "3 days, each €10.00" in text
    assert "Taken off the price." in text
    assert "All together: €54.00" in text


def test_it_is_worked_out_for_who_is_chosen_and_nothing_is_stored(an):
    browser = family_browser(an.token, "en")
    browser.get(SESSION)

    shown = browser.submit({"child_ids": [JEF.child_id]}, button="Work out the price for who is chosen")

    assert "Together €30.00" in shown.text
    assert an.get("/api/registrations").json_body == {"registrations": []}


def test_what_it_will_cost_once_something_is_proven_is_said(an):
    entitlements.put(replace(SOCIAL, family_id=an.pass_.family_id, status=ProofStatus.WAITING, decision=None))

    assert "Once what you declared is proven: €30.00." in family_browser(an.token, "en").get(SESSION).text


def test_what_it_will_cost_once_it_shows_that_it_lives_there_is_said(table):
    pays_to(postcodes=("9970",))
    (version,) = CITY.versions
    resident = Discount("resident", LABEL, "art. 3", percent=Decimal(50), when=Has(("resident-parent",)))
    accepted(replace(CITY, versions=(replace(version, discounts=(resident,)),)))
    published()

    text = family_browser(family(LOU).token, "en").get(SESSION).text

    assert "3 days, each €10.00" in text
    assert "Once what you declared is proven: €15.00." in text


def test_a_city_that_takes_no_money_tells_the_price_of_the_session(table):
    published()

    assert "€45.00 per child" in family_browser(family().token, "en").get(SESSION).text


def registered(an: Family, *children, session=BOUWKAMP) -> str:
    answer = an.register(session, *children)
    assert answer.status_code == 201, answer.json_body
    registration_id: str = answer.json_body["registration_id"]
    follow(an.pass_.family_id, datetime.now(UTC))
    return registration_id


def test_the_receipt_says_what_it_costs_and_why(an):
    registration_id = registered(an, LOU, JEF)

    text = family_browser(an.token, "en").get(f"/registrations/{registration_id}").text

    assert "Price €54.00" in text
    assert "Taken off the price." in text


def test_what_the_others_will_cost_is_shown_before_one_child_goes(an):
    registration_id = registered(an, LOU, JEF)
    browser = family_browser(an.token, "en")

    text = browser.get(f"/registrations/{registration_id}/children/{LOU.child_id}/cancel").text

    assert "Cancelling now costs nothing" in text
    assert "You pay €24.00 less in all." in text
    assert "Bouwkamp (Lembeke), Jef: €24.00 becomes €30.00" in text
    browser.submit(button="Yes, cancel for Lou")
    assert an.get(f"/api/registrations/{registration_id}").json_body["child_ids"] == [JEF.child_id]


def test_what_changed_since_it_was_shown_is_shown_again_before_anything_goes(an):
    registration_id = registered(an, LOU, JEF)
    browser = family_browser(an.token, "en")
    browser.get(f"/registrations/{registration_id}/children/{LOU.child_id}/cancel")
    other = published(title="Circus", starts_on=date(2027, 8, 2), ends_on=date(2027, 8, 4))
    entitlements.put(replace(SOCIAL, family_id=an.pass_.family_id))
    registered(an, LOU, session=other)

    shown = browser.submit(button="Yes, cancel for Lou")

    assert shown.status == 409
    assert LOU.child_id in an.get(f"/api/registrations/{registration_id}").json_body["child_ids"]


def test_what_was_paid_and_goes_back_is_said(an):
    registration_id = registered(an, LOU)
    [order] = orders.of_family(an.pass_.family_id)
    core_table.transact_write(orders.moving_money(order, received=3000))

    text = family_browser(an.token, "en").get(f"/registrations/{registration_id}/cancel").text

    assert "Of what you have paid, €30.00 goes back to you." in text


def test_a_move_says_what_it_changes_before_it_happens(an):
    longer = published(title="Lang", starts_on=date(2027, 7, 5), ends_on=date(2027, 7, 9))
    registration_id = registered(an, LOU)
    browser = family_browser(an.token, "en")
    browser.get(f"/registrations/{registration_id}/move")

    shown = browser.submit({"session_id": longer.session_id}, button="See what it changes")

    assert "You pay €20.00 more in all." in shown.text
    assert an.get(f"/api/registrations/{registration_id}").json_body["status"] == "confirmed"
    browser.submit(button="Yes, move")
    assert an.get(f"/api/registrations/{registration_id}").json_body["status"] == "cancelled"
