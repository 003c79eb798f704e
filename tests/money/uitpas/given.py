"""Given: a city with a contract with UiTPAS, which is on this machine, and a family that owes 45 euros for a camp that
UiTPAS knows."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from unittest.mock import patch

import pytest

from chalicelib.money.orders import table as orders
from chalicelib.money.orders.following import follow
from chalicelib.money.orders.rules import Order
from chalicelib.money.uitpas import service
from chalicelib.money.uitpas import table as uitpas_table
from chalicelib.money.uitpas.asking import _answers
from chalicelib.money.uitpas.client import UitpasClient
from chalicelib.money.uitpas.rules import TicketSale
from chalicelib.people.staff.rules import Role, Staff
from infra.local.uitpas import CLIENT_ID, EVENT, SECRET, SOCIAL, Uitpas
from tests.camps import BOUWKAMP, LOU, Family, family, published
from tests.money.payees.given import pays_to

FINANCE = Staff("f1n4nce", "Fatima", frozenset({Role.FINANCE}))
ADDRESS = "https://uitpas.example"


class InProcess(UitpasClient):
    """The same client, without HTTP between."""

    def __init__(self, standin: Uitpas) -> None:
        super().__init__(CLIENT_ID, SECRET, ADDRESS, ADDRESS)
        self._standin = standin

    def _asked(self, method: str, url: str, content: object, headers: Mapping[str, str]) -> tuple[int, object]:
        bearer = headers.get("Authorization", "").removeprefix("Bearer ")
        status, found = self._standin.answer(method, url, content, bearer)
        return status, json.loads(json.dumps(found), parse_float=Decimal)


@dataclass
class WithUitpas:
    standin: Uitpas
    client: InProcess
    an: Family
    order_id: str

    @property
    def family_id(self) -> str:
        return self.an.pass_.family_id

    @property
    def order(self) -> Order:
        found = orders.get(self.order_id)
        assert found
        return found

    @property
    def sale(self) -> TicketSale | None:
        return uitpas_table.sale(self.order_id, BOUWKAMP.session_id, LOU.child_id)

    def has(self, number: str = SOCIAL) -> None:
        assert uitpas_table.put_number(self.family_id, LOU.child_id, number, datetime.now(UTC))


@pytest.fixture
def uitpas(table: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[WithUitpas]:
    pays_to()
    published()
    an = family(LOU)
    order_id = an.register(BOUWKAMP, LOU).json_body["registration_id"]
    follow(an.pass_.family_id, datetime.now(UTC))
    monkeypatch.setenv("UITPAS_CLIENT_ID", CLIENT_ID)
    monkeypatch.setenv("UITPAS_CLIENT_SECRET", SECRET)
    standin = Uitpas()
    client = InProcess(standin)
    with patch.object(service, "_made", return_value=client):
        _answers.forget()
        uitpas_table.put_event(BOUWKAMP.session_id, EVENT)
        yield WithUitpas(standin, client, an, order_id)
