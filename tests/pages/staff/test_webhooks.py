"""Webhooks, as two programme managers see them."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.links import deliveries, table
from chalicelib.links.rules import EventType, WebhookState, event
from chalicelib.people.staff.rules import Role
from tests.pages.frame.browsing import Browser

pytestmark = pytest.mark.usefixtures("table")

ADDRESS = "/office/webhooks"
ASK, CONFIRM, END, AGAIN = "Vraag hem aan", "Bevestig deze webhook", "Beëindig deze webhook", "Verstuur nu opnieuw"
REASON = "De boekhouding van de stad wil weten wat betaald is."
ERP = {
    "name": "Boekhouding",
    "address": "https://erp.example.be/stormloop",
    "events": ["order.paid", "refund.paid"],
    "reason": REASON,
}


@pytest.fixture
def wim() -> Browser:
    return Browser("nl").sign_in(Role.MANAGER, name="Wim Willems")


@pytest.fixture
def ine() -> Browser:
    return Browser("nl").sign_in(Role.MANAGER, name="Ine Janssens")


def test_who_asks_sees_the_secret_once_and_a_second_person_confirms(wim: Browser, ine: Browser):
    wim.get(ADDRESS)
    shown = wim.submit(ERP, button=ASK)
    (secret,) = re.findall(r"whsec_[A-Za-z0-9+/=]{44}", shown.text)
    (webhook,) = table.every()

    assert webhook.secret == secret
    assert "whsec_" not in wim.get(ADDRESS).text
    assert CONFIRM not in wim.shown.html
    assert "whsec_" not in ine.get(ADDRESS).text
    ine.submit({f"why-{webhook.webhook_id}": REASON}, button=CONFIRM)

    (webhook,) = table.every()
    assert (webhook.state, webhook.confirmed_by_name) == (WebhookState.ON, "Ine Janssens")


def test_what_is_wrong_stands_beside_its_field(wim: Browser):
    wim.get(ADDRESS)

    shown = wim.submit({**ERP, "address": "http://10.0.0.8/", "events": []}, button=ASK)

    assert "Een adres begint met https://" in shown.text
    assert "Kies minstens één gebeurtenis" in shown.text
    assert table.every() == ()


def test_a_reason_is_asked_for_beside_the_webhook_that_it_is_about(wim: Browser):
    wim.get(ADDRESS)
    wim.submit(ERP, button=ASK)
    wim.get(ADDRESS)

    shown = wim.submit({f"why-{table.every()[0].webhook_id}": "weg"}, button=END)

    assert "Schrijf waarom" in shown.text
    assert len(table.every()) == 1


def test_what_was_given_up_is_listed_with_why_and_sent_again_by_a_button(wim: Browser, ine: Browser):
    wim.get(ADDRESS)
    wim.submit(ERP, button=ASK)
    (webhook,) = table.every()
    ine.get(ADDRESS)
    ine.submit({f"why-{webhook.webhook_id}": REASON}, button=CONFIRM)
    now = datetime.now(UTC)
    paid = event("1", now, EventType.PAID, {"order_id": "o1", "amount_cents": 4500})
    deliveries.add(webhook.webhook_id, paid, now)
    for day in range(9):
        at = now + timedelta(days=day)
        deliveries.failed(deliveries.due(webhook.webhook_id, at, 1)[0], 422, at)

    shown = wim.get(ADDRESS)
    assert paid.event_id in shown.text
    assert "het antwoordde 422" in shown.text
    shown = wim.submit({}, button=AGAIN)

    assert paid.event_id not in shown.text
    assert table.every()[0].state is WebhookState.AGAIN
    assert deliveries.due(webhook.webhook_id, datetime.now(UTC), 1)[0].event.event_id == paid.event_id


def test_the_address_is_an_answer_of_no_other_role():
    assert Browser("nl").sign_in(Role.FINANCE).get(ADDRESS).status == 403
