"""Mollie's API, version 2, as far as the port needs it (https://docs.mollie.com/reference/payments-api).

What we rely on, as its documentation has it:

- An amount is a text with as many decimals as its currency has, beside the currency.
- `Idempotency-Key`: within one hour the same key gets the first answer again.
- `redirectUrl`, `webhookUrl`, `metadata` are the payment's own; `metadata` comes back as it was given.
- A payment is `open`, `pending`, `authorized`, `paid`, `failed`, `canceled` or `expired`; `_links.checkout` is there as
  long as it can be paid. Refunds and chargebacks stand beside it (`embed`); they change nothing of its status.
- Its webhook is a POST with the payment's id alone, also for a refund or a chargeback. An answer that is not 200 is
  tried again, for some hours.
- A refund is `queued`, `pending`, `processing`, `refunded`, `failed` or `canceled`. A chargeback that is undone has
  `reversedAt`.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, urlencode

import urllib3

from chalicelib.money.online.provider import Charge, NoSuchPayment, ProviderAway, ProviderRefuses
from chalicelib.money.online.rules import PaymentStatus, ProviderPayment, ProviderRefund, RefundStatus

CURRENCY = "EUR"
LOCALES = {"nl": "nl_BE", "fr": "fr_BE", "en": "en_GB"}
# A family waits: what does not answer in this time is asked again later.
TIMEOUT = urllib3.Timeout(connect=2, read=6)
NOT_NOW = (408, 409, 425, 429)
MOST_BYTES = 1_000_000

Document = Mapping[str, Any]


class Mollie:
    name = "mollie"

    def __init__(self, key: str, address: str) -> None:
        """`address`: https://api.mollie.com, or that of a stand-in."""
        self._address = f"{address}/v2"
        self._headers = {"Authorization": f"Bearer {key}", "Accept": "application/hal+json"}
        self._http = urllib3.PoolManager(timeout=TIMEOUT, retries=False)

    def create(self, charge: Charge) -> ProviderPayment:
        content = {
            "amount": _written(charge.cents),
            "description": charge.description,
            "redirectUrl": charge.return_url,
            "webhookUrl": charge.webhook_url,
            "locale": LOCALES[charge.language],
            "metadata": {"order_id": charge.order_id},
        }
        return _payment(self._call("POST", "/payments", content, charge.key))

    def ask(self, payment_id: str) -> ProviderPayment:
        return _payment(self._call("GET", f"/payments/{_part(payment_id)}?embed=refunds,chargebacks"))

    def refund(self, payment_id: str, cents: int, refund_id: str, description: str) -> ProviderRefund:
        content = {"amount": _written(cents), "description": description, "metadata": {"refund_id": refund_id}}
        return _refund(self._call("POST", f"/payments/{_part(payment_id)}/refunds", content, refund_id))

    def methods(self, cents: int, language: str) -> Sequence[str]:
        amount = {f"amount[{name}]": value for name, value in _written(cents).items()}
        found = self._call("GET", f"/methods?{urlencode({**amount, 'locale': LOCALES[language]})}")
        with _understood():
            return tuple(str(one["description"]) for one in found["_embedded"]["methods"])

    def _call(self, method: str, path: str, content: Document | None = None, key: str = "") -> Document:
        headers = {**self._headers, **({"Idempotency-Key": key} if key else {})}
        body = None
        if content is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(content).encode()
        try:
            answer = self._http.request(method, self._address + path, body=body, headers=headers, redirect=False)
        except urllib3.exceptions.HTTPError as error:
            raise ProviderAway(type(error).__name__) from error
        if answer.status in NOT_NOW or answer.status >= 500:
            raise ProviderAway(str(answer.status))
        if answer.status in (404, 410):
            raise NoSuchPayment(answer.status)
        document = _read(answer.data)
        if answer.status >= 300:
            raise ProviderRefuses(answer.status, str(document.get("field", "")))
        return document


@contextmanager
def _understood() -> Iterator[None]:
    """An answer that lacks something, or has it otherwise than we know it, is refused: nothing is booked by a guess."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ProviderRefuses(200, type(error).__name__) from error


def _payment(found: Document) -> ProviderPayment:
    with _understood():
        embedded = found.get("_embedded") or {}
        # Those of a chargeback that was undone are the city's again.
        charged_back = [one for one in embedded.get("chargebacks") or () if not one.get("reversedAt")]
        metadata = found.get("metadata")
        return ProviderPayment(
            payment_id=str(found["id"]),
            status=PaymentStatus(found["status"]),
            cents=_cents(found["amount"]),
            order_id=str(metadata.get("order_id", "")) if isinstance(metadata, Mapping) else "",
            checkout_url=_address(((found.get("_links") or {}).get("checkout") or {}).get("href") or ""),
            refunds=tuple(map(_refund, embedded.get("refunds") or ())),
            charged_back_cents=sum(_cents(one["amount"]) for one in charged_back),
        )


def _refund(found: Document) -> ProviderRefund:
    with _understood():
        metadata = found.get("metadata")
        ours = metadata.get("refund_id", "") if isinstance(metadata, Mapping) else ""
        return ProviderRefund(str(found["id"]), _cents(found["amount"]), RefundStatus(found["status"]), str(ours))


def _address(text: str) -> str:
    """Raises ValueError for what a browser would do anything else with than open it."""
    if text and not text.startswith(("https://", "http://127.0.0.1:")):
        raise ValueError
    return text


def _written(cents: int) -> dict[str, str]:
    return {"currency": CURRENCY, "value": f"{cents // 100}.{cents % 100:02d}"}


def _cents(amount: Document) -> int:
    """Raises ValueError for another currency, and for what is no whole number of cents."""
    if amount["currency"] != CURRENCY or not re.fullmatch("[0-9]{1,9}[.][0-9]{2}", amount["value"]):
        raise ValueError
    return int(amount["value"].replace(".", ""))


def _read(data: bytes) -> Document:
    with _understood():
        document = json.loads(data[:MOST_BYTES] or b"{}")
        if not isinstance(document, dict):
            raise ValueError
        return document


def _part(payment_id: str) -> str:
    """As a part of an address, whatever is in it."""
    return quote(payment_id, safe="")
