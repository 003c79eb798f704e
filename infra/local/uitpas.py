"""UiTPAS on this machine: the parts of its API that we use, with the answers that its documentation has.

Passes, as the documentation's test data: one with a social rate, one whose rate ended, one with two coupons, one that
is blocked; any other number is unknown. Nothing is sold. `/` says which numbers there are, and how it behaves.
"""

import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import ROUND_HALF_UP, Decimal
from html import escape
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from infra.local.loopback import listening

CLIENT_ID, SECRET = "this-machine", "of-this-machine"
EVENT = "5a0967f9-cc06-4c3c-9206-30481a767434"
SOCIAL, EXPIRED, COUPONS, BLOCKED, NONE = (
    "0900000067513",
    "0900000031618",
    "0900000093204",
    "0900000002312",
    "0900000095902",
)
SAID = {
    SOCIAL: "a social rate",
    EXPIRED: "it ended",
    COUPONS: "two coupons",
    BLOCKED: "blocked",
    NONE: "no social rate",
}
EXPIRED_WORDS = "Je kansenstatuut is vervallen, daarom kan je je UiTPAS momenteel niet gebruiken."
NO_RATE_WORDS = "Je kan dit ticket niet aankopen aan kansentarief."
BLOCKED_WORDS = "Deze UiTPAS is geblokkeerd."
PROBLEM = "https://api.publiq.be/probs/uitpas/"
# How it behaves: as it should, away, asking for patience, or selling without an answer.
WAYS = ("well", "away", "limited", "lost", "keeps")

Document = Any


class Uitpas:
    """`way`: one of WAYS. `sales`: id to what was sold. `asked`: what was asked, without the numbers of passes."""

    def __init__(self) -> None:
        self.way = "well"
        self.sales: dict[str, dict[str, Any]] = {}
        self.asked: list[str] = []
        self.tokens: set[str] = set()
        self.address = ""
        self._lock = threading.Lock()

    def answer(self, method: str, url: str, content: Document, bearer: str) -> tuple[int, Document]:
        parts = urlsplit(url)
        with self._lock:
            self.asked.append(f"{method} {parts.path}")
            if (method, parts.path) == ("POST", "/oauth/token"):
                return self._token(content)
            if bearer not in self.tokens:
                return 401, _problem(401, "https://api.publiq.be/probs/auth/unauthorized", "Unauthorized")
            if self.way == "away":
                return 503, None
            if self.way == "limited":
                return 429, _problem(429, PROBLEM + "rate-limited", "Rate limited")
            match method, parts.path.strip("/").split("/"):
                case "GET", ["tariffs"]:
                    return self._tariffs(dict(parse_qsl(parts.query)))
                case "POST", ["ticket-sales"]:
                    return self._sell(content)
                case "DELETE", ["ticket-sales", sale_id]:
                    return self._cancel(unquote(sale_id))
            return 404, _problem(404, "https://api.publiq.be/probs/url/not-found", "Not found")

    def _token(self, content: Document) -> tuple[int, Document]:
        if (content.get("client_id"), content.get("client_secret")) != (CLIENT_ID, SECRET):
            return 401, {"error": "access_denied"}
        token = secrets.token_urlsafe(12)
        self.tokens.add(token)
        return 200, {"access_token": token, "expires_in": 86400, "token_type": "Bearer"}

    def _tariffs(self, asked: dict[str, str]) -> tuple[int, Document]:
        number, regular = asked.get("uitpasNumber", ""), Decimal(asked.get("regularPrice", "0"))
        if asked.get("eventId") != EVENT:
            return 404, _problem(404, PROBLEM + "event-not-found", "Event not found")
        refusal = _refusal(number)
        if refusal:
            return refusal
        available = [one for one in _prices(number, regular) if self._left(number, one["id"]) > 0]
        said = {} if available else {"endUserMessage": {"nl": NO_RATE_WORDS}}
        return 200, {"available": available, **said}

    def _left(self, number: str, tariff_id: str) -> int:
        return 1 - sum((one["uitpasNumber"], one["tariff"]["id"]) == (number, tariff_id) for one in self.sales.values())

    def _sell(self, content: Document) -> tuple[int, Document]:
        made = []
        for one in content:
            number, wanted = one["uitpasNumber"], one["tariff"]["id"]
            if refusal := _refusal(number):
                return refusal
            found = [each for each in _prices(number, Decimal(str(one["regularPrice"]))) if each["id"] == wanted]
            if one["eventId"] != EVENT or not found or self._left(number, wanted) < 1:
                problem = _problem(400, PROBLEM + "maximum-reached", "Maximum reached")
                return 400, {**problem, "endUserMessage": {"nl": "Je hebt dit voordeel al gebruikt."}}
            made.append(
                {"id": str(secrets.randbelow(10**6)), "tariff": found[0], "eventId": EVENT, "uitpasNumber": number}
            )
        self.sales |= {one["id"]: one for one in made}
        return (504, None) if self.way == "lost" else (200, made)

    def _cancel(self, sale_id: str) -> tuple[int, Document]:
        if self.way == "keeps":
            return 403, _problem(403, "https://api.publiq.be/probs/auth/forbidden", "Forbidden")
        if self.sales.pop(sale_id, None) is None:
            return 404, _problem(404, PROBLEM + "ticket-sale-not-found", "Ticket sale not found")
        return 204, None


def _refusal(number: str) -> tuple[int, Document] | None:
    match number:
        case _ if number not in SAID:
            problem = _problem(400, PROBLEM + "invalid-uitpas-number", "Invalid uitpas number")
            return 400, {**problem, "endUserMessage": {"nl": "Dit UiTPAS-nummer bestaat niet."}}
        case _ if number == EXPIRED:
            problem = _problem(400, PROBLEM + "social-tariff-expired", "Social tariff expired")
            return 400, {**problem, "endUserMessage": {"nl": EXPIRED_WORDS}}
        case _ if number == BLOCKED:
            problem = _problem(400, PROBLEM + "card-blocked", "Card blocked")
            return 400, {**problem, "endUserMessage": {"nl": BLOCKED_WORDS}}
    return None


def _prices(number: str, regular: Decimal) -> list[dict[str, Any]]:
    def one(tariff_id: str, name: str, price: Decimal, kind: str) -> dict[str, Any]:
        rounded = price.quantize(Decimal("0.01"), ROUND_HALF_UP)
        return {"id": tariff_id, "name": name, "price": float(rounded), "type": kind, "remaining": 1}

    match number:
        case _ if number == SOCIAL:
            return [one("SOCIALTARIFF", "Kansentarief", regular / 5, "SOCIALTARIFF")]
        case _ if number == COUPONS:
            return [
                one("COUPON_1079", "Cultuurbon 6 euro", max(regular - 6, Decimal(0)), "COUPON"),
                one("COUPON_1080", "2 euro korting", max(regular - 2, Decimal(0)), "COUPON"),
            ]
    return []


def _problem(status: int, kind: str, title: str) -> dict[str, Any]:
    return {"type": kind, "title": title, "status": status, "detail": ""}


@contextmanager
def serving(uitpas: Uitpas, port: int = 0) -> Iterator[Uitpas]:
    """Until the end of the `with`, on loopback; at `port` if that is free, else at any."""
    with listening(type("Handler", (_Handler,), {"uitpas": uitpas}), port) as address:
        uitpas.address = address
        yield uitpas


class _Handler(BaseHTTPRequestHandler):
    uitpas: Uitpas

    def do_GET(self) -> None:
        if urlsplit(self.path).path == "/":
            self._send(200, _page(self.uitpas).encode(), "text/html; charset=utf-8")
            return
        self._api("GET")

    def do_POST(self) -> None:
        path = urlsplit(self.path).path
        if path.startswith("/way/"):
            way = path.removeprefix("/way/")
            self.uitpas.way = way if way in WAYS else "well"
            self.send_response(303)
            self.send_header("Location", "/")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self._api("POST")

    def do_DELETE(self) -> None:
        self._api("DELETE")

    def _api(self, method: str) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        bearer = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        status, document = self.uitpas.answer(method, self.path, json.loads(body or b"null"), bearer)
        self._send(status, b"" if document is None else json.dumps(document).encode(), "application/json")

    def _send(self, status: int, content: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if status != 204:
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: what is asked for here is of no use to whoever reads `make run`."""


def _page(uitpas: Uitpas) -> str:
    passes = "".join(f"<li><code>{number}</code>: {escape(said)}</li>" for number, said in SAID.items())
    sold = "".join(f"<li>{escape(key)}: {escape(one['tariff']['name'])}</li>" for key, one in uitpas.sales.items())
    ways = "".join(f'<form method="post" action="/way/{one}"><button>{one}</button></form>' for one in WAYS)
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>UiTPAS</title><h1>UiTPAS</h1>'
        f"<p>This page stands for UiTPAS. Event: <code>{EVENT}</code></p><ul>{passes}</ul>"
        f"<p>It behaves: {uitpas.way}</p>{ways}<h2>Sold</h2><ul>{sold}</ul></html>"
    )
