"""UiTPAS's API, version 4.0, as far as the port needs it (https://docs.publiq.be, "Registering ticket sales").

What we rely on, as its documentation has it:

- A token by OAuth 2 client credentials at publiq's own server, to be used until it ends; 401 means that it did.
- `GET /tariffs`: prices in euros as JSON numbers; `endUserMessage.nl` may stand in a 200 and in a problem document, and
  is always to be shown.
- `POST /ticket-sales`: a list, all or none; the answer has an id for each. No `Idempotency-Key`.
- `DELETE /ticket-sales/{id}`; `ticket-sale-not-found` (404) means that there is none.
- 429 (`rate-limited`): too often, and nothing was done.
"""

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from time import monotonic
from typing import Any
from urllib.parse import quote, urlencode

import urllib3

from chalicelib.money.uitpas.rules import UitpasAnswer, UitpasTariff
from chalicelib.money.uitpas.service import UitpasAway, UitpasRefuses, UitpasUnclear

AUDIENCE = "https://api.publiq.be"
# A family waits for it, for several children one after another.
TIMEOUT = urllib3.Timeout(connect=2, read=5)
# A token that ends within so many seconds is not used any more.
TOKEN_SPARE = 300
MOST_BYTES, MOST_WORDS, MOST_NAME = 500_000, 2_000, 120
UNSENT = (
    urllib3.exceptions.NewConnectionError,
    urllib3.exceptions.ConnectTimeoutError,
    urllib3.exceptions.SSLError,
)

Document = Mapping[str, Any]


class _Lost(Exception):
    """It was asked, and no answer came."""


class UitpasClient:
    def __init__(self, client_id: str, secret: str, address: str, accounts: str) -> None:
        """`address`: of the API; `accounts`: of the server that gives tokens."""
        self._client_id, self._secret = client_id, secret
        self._address, self._accounts = address, accounts
        self._http = urllib3.PoolManager(timeout=TIMEOUT, retries=False)
        self._token, self._token_until = "", 0.0

    def tariffs(self, event_id: str, number: str, regular_cents: int) -> UitpasAnswer:
        asked = urlencode({"eventId": event_id, "uitpasNumber": number, "regularPrice": _written(regular_cents)})
        try:
            status, found = self._call("GET", f"/tariffs?{asked}")
        except _Lost:
            raise UitpasAway from None
        _must_be_there(status)
        document = found if isinstance(found, dict) else {}
        message = _message(document)
        if status >= 300:
            if message:
                return UitpasAnswer((), message)
            raise UitpasRefuses(status)
        available = document.get("available")
        several = available if isinstance(available, list) else ()
        read = (_tariff(one, regular_cents) for one in several if not _is_used_up(one))
        return UitpasAnswer(tuple(one for one in read if one), message)

    def sell(self, event_id: str, number: str, regular_cents: int, tariff_id: str) -> tuple[str, UitpasTariff]:
        sale = {
            "regularPrice": float(_written(regular_cents)),  # JSON's only number; two decimals stay two decimals
            "tariff": {"id": tariff_id},
            "eventId": event_id,
            "uitpasNumber": number,
        }
        try:
            status, found = self._call("POST", "/ticket-sales", [sale])
        except _Lost:
            raise UitpasUnclear from None
        if status in (408, 409, 425) or status >= 500:
            raise UitpasUnclear
        _must_be_there(status)
        if status >= 300:
            raise UitpasRefuses(status, _message(found if isinstance(found, dict) else {}))
        sold = found[0] if isinstance(found, list) and len(found) == 1 and isinstance(found[0], dict) else {}
        sale_id = str(sold.get("id") or "")
        tariff = _tariff(sold.get("tariff"), regular_cents)
        if not sale_id or tariff is None:
            raise UitpasUnclear(sale_id)
        return sale_id, tariff

    def cancel(self, sale_id: str) -> None:
        try:
            status, found = self._call("DELETE", f"/ticket-sales/{quote(sale_id, safe='')}")
        except _Lost:
            raise UitpasAway from None
        _must_be_there(status)
        if status >= 300 and status not in (404, 410):
            raise UitpasRefuses(status, _message(found if isinstance(found, dict) else {}))

    def _call(self, method: str, path: str, content: object = None) -> tuple[int, object]:
        """Raises UitpasAway where it was not asked, _Lost where no answer came. A token that ended is asked for anew,
        once."""
        status, found = self._asked(method, self._address + path, content, self._bearer())
        if status == 401:
            self._token = ""
            status, found = self._asked(method, self._address + path, content, self._bearer())
        return status, found

    def _bearer(self) -> Mapping[str, str]:
        if not self._token or monotonic() >= self._token_until:
            content = {
                "client_id": self._client_id,
                "client_secret": self._secret,
                "audience": AUDIENCE,
                "grant_type": "client_credentials",
            }
            try:
                status, found = self._asked("POST", f"{self._accounts}/oauth/token", content, {})
            except _Lost:
                raise UitpasAway from None
            token = found.get("access_token") if isinstance(found, dict) else None
            seconds = found.get("expires_in") if isinstance(found, dict) else None
            if status != 200 or not isinstance(token, str) or not token:
                raise UitpasAway
            self._token = token
            good_for = seconds - TOKEN_SPARE if isinstance(seconds, int) else 0
            self._token_until = monotonic() + max(good_for, 0)
        return {"Authorization": f"Bearer {self._token}"}

    def _asked(self, method: str, url: str, content: object, headers: Mapping[str, str]) -> tuple[int, object]:
        """No error says the address that was asked: the number of a pass stands in it."""
        body = None
        more = {"Accept": "application/json"}
        if content is not None:
            more["Content-Type"] = "application/json"
            body = json.dumps(content).encode()
        try:
            answer = self._http.request(method, url, body=body, headers={**more, **headers}, redirect=False)
        except UNSENT:
            raise UitpasAway from None
        except urllib3.exceptions.HTTPError:
            raise _Lost from None
        try:
            return answer.status, json.loads(answer.data[:MOST_BYTES] or b"null", parse_float=Decimal)
        except ValueError:
            return answer.status, None


def _must_be_there(status: int) -> None:
    """Raises UitpasAway for what will be otherwise in a while, and for a contract that does not hold (401, 403 have no
    words for a family)."""
    if status in (401, 408, 409, 425, 429) or status >= 500:
        raise UitpasAway


def _message(document: Document) -> str:
    said = document.get("endUserMessage")
    text = said.get("nl") if isinstance(said, dict) else None
    return text.strip()[:MOST_WORDS] if isinstance(text, str) else ""


def _is_used_up(found: object) -> bool:
    remaining = found.get("remaining") if isinstance(found, dict) else None
    return isinstance(remaining, int) and remaining <= 0


def _tariff(found: object, regular_cents: int) -> UitpasTariff | None:
    """None for what is not understood: a price that is no whole number of cents, or is above the regular one."""
    if not isinstance(found, dict) or not found.get("id"):
        return None
    price = found.get("price")
    if isinstance(price, bool) or not isinstance(price, int | Decimal):
        return None
    try:
        cents = Decimal(price) * 100
        if cents != int(cents) or not 0 <= cents <= regular_cents:
            return None
    except (InvalidOperation, OverflowError, ValueError):
        return None
    return UitpasTariff(str(found["id"])[:MOST_NAME], str(found.get("name") or "UiTPAS")[:MOST_NAME], int(cents))


def _written(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"
