"""Given: a city with a contract for payments on line, its provider on this machine, and a family that owes 45 euros."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from chalice.test import HTTPResponse

from chalicelib.core.moments import today
from chalicelib.money.books import table as books
from chalicelib.money.books.rules import BookAccount
from chalicelib.money.online.mollie import Document, Mollie
from chalicelib.money.online.provider import NoSuchPayment, ProviderRefuses
from chalicelib.money.orders import table as orders
from chalicelib.money.orders.following import follow
from chalicelib.money.orders.rules import Order
from infra.local.payments import KEY, Standin, serving
from tests.camps import BOUWKAMP, LOU, Family, family, post, published, request
from tests.money.payees.given import pays_to

BACK = "https://kamp.kaprijke.example/account/orders/{}/pay"
_keys = itertools.count(1)


def called(payment_id: str, **more: str) -> HTTPResponse:
    """The provider calls, or somebody who says so."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return request("POST", "/api/payments/provider", urlencode({"id": payment_id, **more}).encode(), headers)


class InProcess(Mollie):
    """The same client, without HTTP between."""

    def __init__(self, standin: Standin) -> None:
        super().__init__(KEY, "https://provider.example")
        self._standin = standin
        standin.address = "https://provider.example"

    def _call(self, method: str, path: str, content: Document | None = None, key: str = "") -> Document:
        status, answer = self._standin.answer(method, f"/v2{path}".partition("?")[0], dict(content or {}), key)
        if status >= 300:
            raise NoSuchPayment(status) if status == 404 else ProviderRefuses(status)
        return answer


@dataclass
class Paying:
    """`told`: which payments the provider called about; it reaches us while `is_heard`."""

    standin: Standin
    an: Family
    order_id: str
    is_heard: bool = True
    told: list[str] = field(default_factory=list)

    def deliver(self, url: str, payment_id: str) -> None:
        assert url == "https://kamp.kaprijke.example/api/payments/provider"
        self.told.append(payment_id)
        if self.is_heard:
            assert called(payment_id).status_code == 200

    def begin(self, key: str | None = None, who: Family | None = None, **content: str) -> HTTPResponse:
        headers = {**(who or self.an).authorization, "Idempotency-Key": key or f"pay-{next(_keys)}"}
        wanted = {"return_url": BACK.format(self.order_id), **content}
        return post(f"/api/orders/{self.order_id}/payments", wanted, headers)

    def begun(self, key: str | None = None) -> str:
        """The id of a payment that the family begins with."""
        answer = self.begin(key)
        assert answer.status_code == 201, answer.json_body
        return str(answer.json_body["payment_url"]).rpartition("/")[2]

    @property
    def order(self) -> Order:
        found = orders.get(self.order_id)
        assert found
        return found

    def booked(self) -> dict[BookAccount, int]:
        """What each account has, of all entries."""
        sums: dict[BookAccount, int] = {}
        for entry in books.of_day(today(datetime.now(UTC))):
            for posting in entry.postings:
                sums[posting.account] = sums.get(posting.account, 0) + posting.cents
        return {account: cents for account, cents in sums.items() if cents}


@pytest.fixture
def paying(table: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Paying]:
    pays_to()
    published()
    an = family(LOU)
    order_id = an.register(BOUWKAMP, LOU).json_body["registration_id"]
    follow(an.pass_.family_id, datetime.now(UTC))
    with serving(Standin()) as standin:
        monkeypatch.setenv("PAYMENTS_KEY", KEY)
        monkeypatch.setenv("PAYMENTS_ADDRESS", standin.address)
        one = Paying(standin, an, order_id)
        standin.deliver = one.deliver
        yield one
