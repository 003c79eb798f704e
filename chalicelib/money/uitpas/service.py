"""The port to UiTPAS, and the client with which the city has a contract there."""

from functools import lru_cache
from typing import Protocol

from chalicelib.core import settings
from chalicelib.money.uitpas.rules import UitpasAnswer, UitpasTariff


class UitpasAway(Exception):
    """It does not answer now, or asks for patience; nothing was done."""


class UitpasUnclear(Exception):
    """It was asked to sell, and nobody knows whether it did. `sale_id`: if it said one."""

    def __init__(self, sale_id: str = "") -> None:
        super().__init__()
        self.sale_id = sale_id


class UitpasRefuses(Exception):
    """It does not do that. `message`: its words for who has the pass, in Dutch; may be empty."""

    def __init__(self, status: int, message: str = "") -> None:
        super().__init__(str(status))
        self.status = status
        self.message = message


class Uitpas(Protocol):
    def tariffs(self, event_id: str, number: str, regular_cents: int) -> UitpasAnswer:
        """The prices of a ticket with this pass. Raises UitpasAway and UitpasRefuses (without words of its own)."""
        ...

    def sell(self, event_id: str, number: str, regular_cents: int, tariff_id: str) -> tuple[str, UitpasTariff]:
        """Registers a ticket sale: its id, and what it costs. Asked twice, it may be sold twice: UiTPAS takes no key.
        Raises UitpasAway, UitpasRefuses, UitpasUnclear."""
        ...

    def cancel(self, sale_id: str) -> None:
        """Again is the same. Raises UitpasAway and UitpasRefuses."""
        ...


def of_city() -> Uitpas | None:
    """None: the city has no contract with UiTPAS, and nothing of it is asked or shown."""
    client_id, secret = settings.uitpas_client()
    if not client_id or not secret:
        return None
    return _made(client_id, secret, settings.uitpas_address(), settings.uitpas_accounts())


@lru_cache(maxsize=1)
def _made(client_id: str, secret: str, address: str, accounts: str) -> Uitpas:
    from chalicelib.money.uitpas.client import UitpasClient  # noqa: PLC0415 for cities with a contract alone

    return UitpasClient(client_id, secret, address, accounts)
