"""Mollie's API through our client: answers as its documentation has them, and as they should not be."""

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.money.online import mollie
from chalicelib.money.online.mollie import Mollie
from chalicelib.money.online.provider import Charge, NoSuchPayment, ProviderAway, ProviderRefuses
from chalicelib.money.online.rules import PaymentStatus, RefundStatus
from infra.local.payments import KEY, Standin, serving

CHARGE = Charge(
    4500,
    "+++123/4567/89012+++",
    "family1registration1",
    "https://kamp.kaprijke.example/account/orders/x/pay",
    "https://kamp.kaprijke.example/api/payments/provider",
    "nl",
    "family1registration1-1",
)
# As https://docs.mollie.com/reference/get-payment shows one, with what `embed` adds.
DOCUMENTED: dict[str, Any] = {
    "resource": "payment",
    "id": "tr_5B8cwPMGnU6qLbRvo7qEZo",
    "mode": "live",
    "amount": {"value": "10.00", "currency": "EUR"},
    "description": "Order #12345",
    "sequenceType": "oneoff",
    "redirectUrl": "https://webshop.example.org/order/12345/",
    "webhookUrl": "https://webshop.example.org/payments/webhook/",
    "metadata": {"order_id": "12345"},
    "profileId": "pfl_QkEhN94Ba",
    "status": "open",
    "isCancelable": False,
    "createdAt": "2024-03-20T09:13:37+00:00",
    "expiresAt": "2024-03-20T09:28:37+00:00",
    "_links": {
        "self": {"href": "...", "type": "application/hal+json"},
        "checkout": {"href": "https://www.mollie.com/checkout/select-method/7UhSN1zuXS", "type": "text/html"},
        "dashboard": {"href": "...", "type": "text/html"},
    },
}
REFUND = {"resource": "refund", "id": "re_4qqhO89gsT", "amount": {"value": "5.95", "currency": "EUR"}, "metadata": None}
CHARGEBACK = {"resource": "chargeback", "id": "chb_n9z0tp", "amount": {"value": "10.00", "currency": "EUR"}}


@pytest.fixture
def standin() -> Iterator[Standin]:
    with serving(Standin(deliver=lambda *_: None)) as one:
        yield one


@pytest.fixture
def client(standin: Standin) -> Mollie:
    return Mollie(KEY, standin.address)


def test_a_payment_is_made_and_asked_for(client: Mollie, standin: Standin) -> None:
    made = client.create(CHARGE)

    assert (made.status, made.cents, made.order_id) == (PaymentStatus.OPEN, 4500, "family1registration1")
    assert made.checkout_url == f"{standin.address}/checkout/{made.payment_id}"
    kept = standin.payments[made.payment_id]
    assert (kept.redirect_url, kept.webhook_url) == (CHARGE.return_url, CHARGE.webhook_url)

    standin.becomes(made.payment_id, "paid")
    assert client.ask(made.payment_id).status is PaymentStatus.PAID
    assert client.ask(made.payment_id).checkout_url == ""


def test_the_same_key_makes_the_same_payment(client: Mollie) -> None:
    assert client.create(CHARGE) == client.create(CHARGE)


def test_a_refund_is_asked_for_once_by_its_own_id(client: Mollie, standin: Standin) -> None:
    paid = client.create(CHARGE).payment_id
    standin.becomes(paid, "paid")

    made = [client.refund(paid, 2000, "refund1", "+++123/4567/89012+++") for _ in range(2)]

    assert made[0] == made[1]
    assert client.ask(paid).refunds == (made[0],)
    assert (made[0].cents, made[0].ours, made[0].status) == (2000, "refund1", RefundStatus.PENDING)


def test_more_than_was_paid_is_not_refunded(client: Mollie, standin: Standin) -> None:
    paid = client.create(CHARGE).payment_id
    standin.becomes(paid, "paid")

    with pytest.raises(ProviderRefuses, match="422 amount"):
        client.refund(paid, 4501, "refund1", "")


def test_methods_are_texts(client: Mollie) -> None:
    assert client.methods(4500, "fr")[0] == "Bancontact"


def test_what_does_not_answer_is_away(client: Mollie, standin: Standin) -> None:
    standin.is_away = True
    with pytest.raises(ProviderAway):
        client.ask("tr_1")
    with pytest.raises(ProviderAway):
        Mollie(KEY, "http://127.0.0.1:9").create(CHARGE)  # nobody listens there


def test_an_unknown_id_and_a_wrong_key_are_refusals(client: Mollie, standin: Standin) -> None:
    with pytest.raises(NoSuchPayment):
        client.ask("tr_1/../../methods")  # no way out of the address
    with pytest.raises(ProviderRefuses, match="401"):
        Mollie("test_other", standin.address).ask("tr_1")


def test_a_documented_answer_is_read() -> None:
    told = mollie._payment(DOCUMENTED)

    assert (told.payment_id, told.cents, told.order_id) == ("tr_5B8cwPMGnU6qLbRvo7qEZo", 1000, "12345")
    assert told.checkout_url == "https://www.mollie.com/checkout/select-method/7UhSN1zuXS"


def test_refunds_and_chargebacks_stand_beside_it() -> None:
    embedded = {
        "refunds": [{**REFUND, "status": "queued"}, {**REFUND, "status": "failed"}],
        "chargebacks": [CHARGEBACK, {**CHARGEBACK, "reversedAt": "2024-04-01T10:00:00+00:00"}],
    }
    told = mollie._payment({**DOCUMENTED, "status": "paid", "_embedded": embedded})

    assert [(one.cents, one.status) for one in told.refunds] == [(595, RefundStatus.QUEUED), (595, RefundStatus.FAILED)]
    assert told.charged_back_cents == 1000


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": {"value": "10.00", "currency": "USD"}},
        {"amount": {"value": "10.005", "currency": "EUR"}},
        {"amount": {"value": "10", "currency": "EUR"}},
        {"amount": {"value": "-10.00", "currency": "EUR"}},
        {"amount": None},
        {"status": "shipped"},
        {"_links": {"checkout": {"href": "javascript:alert(1)"}}},
        {"_embedded": {"refunds": [{**REFUND, "status": "lost"}]}},
        {"_embedded": {"chargebacks": [{"id": "chb_n9z0tp"}]}},
    ],
)
def test_what_nobody_understands_is_refused_and_not_guessed(wrong: dict[str, Any]) -> None:
    with pytest.raises(ProviderRefuses, match="200"):
        mollie._payment({**DOCUMENTED, **wrong})
