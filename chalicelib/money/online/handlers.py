"""Paying on line, as requests: a family's, and the provider's calls."""

import re
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import parse_qsl, urlsplit

from chalicelib.booking.registrations.handlers import idempotency_key
from chalicelib.core import settings
from chalicelib.core.http.answering import Answer, Call
from chalicelib.core.http.answers import Schema
from chalicelib.core.http.fields import LINE, MAX_BODY_BYTES, Model, Text, check, document
from chalicelib.core.http.problems import invalid
from chalicelib.core.languages import N_
from chalicelib.core.observability import log, where
from chalicelib.money.online import looking, paying
from chalicelib.money.online.provider import of_city
from chalicelib.people.families.rules import Bearer

AS_RETURN_URL = N_("Give an address of this site, to which the family comes back.")
PAYMENT = Model({"return_url": Text(AS_RETURN_URL, LINE, 500)})
# Of any provider: what it calls a payment is a word of letters and digits.
PAYMENT_ID = "[A-Za-z0-9_-]{3,64}"


@dataclass(frozen=True)
class ShownPayment:
    payment_url: Annotated[str, Schema(format="uri"), "The provider's page, where the family pays."]


def begin_payment(call: Call, who: Bearer, order_id: str) -> Answer:
    """201 with the page where the family pays; the same page for a repeated key, and while a payment is open."""
    key = idempotency_key(call)
    provider, order = paying.of_family(order_id, who.family_id)
    return_url = our_own(check(PAYMENT, document(call.body))["return_url"])
    begun = paying.begin(provider, order.order_id, key, return_url, call.language, call.now)
    return Answer(201, ShownPayment(begun.payment_url))


def our_own(address: str) -> str:
    """Raises Problem `invalid` for an address of any other site: no link of ours leads there."""
    ours, given = urlsplit(settings.public_url()), urlsplit(address)
    is_ours = (given.scheme, given.netloc) == (ours.scheme, ours.netloc) and given.path.startswith(ours.path + "/")
    if not is_ours or "\\" in address or not address.isprintable() or ".." in given.path.split("/"):
        raise invalid("return_url", AS_RETURN_URL)
    return address


def provider_calls(call: Call) -> Answer:
    """There may be news of a payment. Anybody can send this: nothing in it is believed, and the answer says nothing,
    not even whether the payment is known."""
    try:
        provider, payment_id = of_city(), _payment_id(call.body)
        if provider and payment_id:
            looking.on_call(provider, payment_id, call.now)
    except Exception as error:  # noqa: BLE001 whatever it is, the hourly look goes on; the caller learns nothing
        log.error("provider_call_failed", error=type(error).__name__, frames=where(error))
    return Answer(200, {})


def _payment_id(body: bytes) -> str | None:
    if len(body) > MAX_BODY_BYTES:
        return None
    try:
        values = [value for name, value in parse_qsl(body.decode("ascii"), max_num_fields=10) if name == "id"]
    except ValueError:
        return None
    return values[0] if len(values) == 1 and re.fullmatch(PAYMENT_ID, values[0]) else None
