"""The port to a provider of payments on line, and the provider with which the city has a contract.

A provider moves money at a family's own bank, card company or app; it alone says what became of it. What a family can
pay with is a list of texts: no brand is a type of ours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from chalicelib.core import settings
from chalicelib.money.online.rules import ProviderPayment, ProviderRefund


class ProviderAway(Exception):
    """It does not answer, or not now. What was asked for may have been done: ask again with the same key."""


class ProviderRefuses(Exception):
    """It does not do that, or answers what nobody understands. `status`: of HTTP, 200 for what was not understood;
    `field`: the field of the request that it does not take."""

    def __init__(self, status: int, field: str = "") -> None:
        super().__init__(f"{status} {field}".strip())
        self.status = status
        self.field = field


class NoSuchPayment(ProviderRefuses):
    """It knows no payment of that id."""


@dataclass(frozen=True)
class Charge:
    """A sum that a family is to pay. `description`: what its bank shows. `order_id` comes back with the payment. `key`:
    the same for each try, so that one payment comes of it."""

    cents: int
    description: str
    order_id: str
    return_url: str
    webhook_url: str
    language: str
    key: str


class Provider(Protocol):
    """Each call raises ProviderAway and ProviderRefuses."""

    @property
    def name(self) -> str:
        """As the books call it."""
        ...

    def create(self, charge: Charge) -> ProviderPayment: ...

    def ask(self, payment_id: str) -> ProviderPayment:
        """Raises NoSuchPayment too."""
        ...

    def refund(self, payment_id: str, cents: int, refund_id: str, description: str) -> ProviderRefund:
        """`refund_id`: ours, the same for each try; it comes back with the refund (`ours`)."""
        ...

    def methods(self, cents: int, language: str) -> Sequence[str]:
        """The methods by which a family can pay so much, as its own language calls them."""
        ...


def of_city() -> Provider | None:
    """None: the city takes no payments on line."""
    key = settings.payments_key()
    return _made(key, settings.payments_address()) if key else None


@lru_cache(maxsize=1)
def _made(key: str, address: str) -> Provider:
    from chalicelib.money.online.mollie import Mollie  # noqa: PLC0415 for cities with a contract alone

    return Mollie(key, address)
