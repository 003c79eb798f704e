"""A provider of payments on line, on this machine: Mollie's API as far as we use it, and a page where a parent pays.

No money moves. It behaves as a provider may at its worst: its calls come twice, late or never, a payment that failed is
paid after all, a bank takes money back, somebody refunds at the provider's own site. Whoever pays chooses which.

What it knows is kept in a file, so that payments are still there the next time.
"""

import json
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import parse_qs, quote, urlencode, urlsplit
from urllib.request import ProxyHandler, Request, build_opener

from infra.local.loopback import listening

KEY = "test_thismachine"
METHODS = ("Bancontact", "Overschrijving met QR (proef)", "Kredietkaart (proef)")
LATE_SECONDS = 30
# How the city hears of what became of a payment.
TOLD = {"once": "at once", "twice": "twice", "late": f"after {LATE_SECONDS} seconds", "never": "never"}
STATUS = {
    "pay": "paid",
    "pending": "pending",
    "fail": "failed",
    "cancel": "canceled",
    "expire": "expired",
    "reopen": "open",
}
STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 44rem; padding: 1rem; color: #1b1b1b; }
h1 { font-size: 1.4rem; }
a { color: #0b4f8a; }
button { font: inherit; padding: .4rem .8rem; margin: .2rem .4rem .2rem 0; }
fieldset { border: 1px solid #c4c4c4; margin: 1rem 0; }
li { padding: .4rem 0; overflow-wrap: anywhere; }
"""

Document = dict[str, Any]


@dataclass
class Kept:
    """A payment. `cents`: of euros. `refunds`, `chargebacks`: as the API shows them."""

    payment_id: str
    cents: int
    description: str
    redirect_url: str
    webhook_url: str
    metadata: Any
    status: str = "open"
    refunds: list[Document] = field(default_factory=list)
    chargebacks: list[Document] = field(default_factory=list)


def tell(webhook_url: str, payment_id: str) -> None:
    """As the provider does: the id, and nothing else."""
    body = urlencode({"id": payment_id}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    with suppress(URLError, OSError):
        build_opener(ProxyHandler({})).open(Request(webhook_url, body, headers, method="POST"), timeout=15).close()


class Standin:
    """`deliver`: calls the city; `is_away`: it answers nobody."""

    def __init__(self, file: Path | None = None, deliver: Callable[[str, str], None] = tell, key: str = KEY) -> None:
        self.file, self.deliver, self.key = file, deliver, key
        self.address = ""
        self.is_away = False
        self.asked: list[str] = []
        self._lock = threading.RLock()
        self._answered: dict[str, tuple[int, Document]] = {}
        kept = json.loads(file.read_text()) if file and file.exists() else []
        self.payments = {one["payment_id"]: Kept(**one) for one in kept}

    # The course of a payment.

    def becomes(self, payment_id: str, status: str, told: str = "once") -> None:
        with self._lock:
            self.payments[payment_id].status = status
        self._tell(payment_id, told)

    def refund(self, payment_id: str, cents: int, metadata: Any = None, told: str = "once") -> Document:
        """At the provider's own site, or, with `metadata`, as we asked for it."""
        made = {
            "resource": "refund",
            "id": f"re_{_chance()}",
            "paymentId": payment_id,
            "amount": _amount(cents),
            "status": "pending",
            "metadata": metadata,
        }
        with self._lock:
            self.payments[payment_id].refunds.append(made)
        self._tell(payment_id, told)
        return made

    def refund_becomes(self, payment_id: str, status: str, told: str = "once") -> None:
        """The last refund of the payment."""
        with self._lock:
            self.payments[payment_id].refunds[-1]["status"] = status
        self._tell(payment_id, told)

    def charge_back(self, payment_id: str, cents: int, told: str = "once") -> None:
        with self._lock:
            back = {"resource": "chargeback", "id": f"chb_{_chance()}", "amount": _amount(cents), "reversedAt": None}
            self.payments[payment_id].chargebacks.append(back)
        self._tell(payment_id, told)

    def undo_chargeback(self, payment_id: str, told: str = "once") -> None:
        with self._lock:
            self.payments[payment_id].chargebacks[-1]["reversedAt"] = "2027-08-01T10:00:00+00:00"
        self._tell(payment_id, told)

    def _tell(self, payment_id: str, told: str) -> None:
        self._save()
        url = self.payments[payment_id].webhook_url
        if told == "late":
            timer = threading.Timer(LATE_SECONDS, self.deliver, (url, payment_id))
            timer.daemon = True
            timer.start()
            return
        for _ in range({"once": 1, "twice": 2, "never": 0}[told]):
            self.deliver(url, payment_id)

    def _save(self) -> None:
        if self.file:
            with self._lock:
                self.file.write_text(json.dumps([asdict(one) for one in self.payments.values()]))

    # The API.

    def answer(self, method: str, path: str, content: Document, key: str) -> tuple[int, Document]:
        """Status and document. The same `key` again gets the same answer."""
        if self.is_away:
            return 503, _error(503, "Service Unavailable")
        with self._lock:
            if key in self._answered:
                return self._answered[key]
            made = self._answer(method, path, content)
            if key and made[0] < 300:
                self._answered[key] = made
        return made

    def _answer(self, method: str, path: str, content: Document) -> tuple[int, Document]:
        parts = path.strip("/").split("/")[1:]
        match method, parts:
            case "GET", ["methods"]:
                methods = [{"resource": "method", "id": f"m{n}", "description": one} for n, one in enumerate(METHODS)]
                return 200, {"count": len(methods), "_embedded": {"methods": methods}}
            case "POST", ["payments"]:
                return self._create(content)
            case "GET", ["payments", payment_id] if payment_id in self.payments:
                return 200, self._shown(self.payments[payment_id])
            case "POST", ["payments", payment_id, "refunds"] if payment_id in self.payments:
                return self._refund(self.payments[payment_id], content)
        return 404, _error(404, "Not Found")

    def _create(self, content: Document) -> tuple[int, Document]:
        cents = _cents(content.get("amount"))
        for name, is_there in (
            ("amount", cents and cents > 0),
            ("description", content.get("description")),
            ("redirectUrl", content.get("redirectUrl")),
        ):
            if not is_there:
                return 422, _error(422, "Unprocessable Entity", name)
        made = Kept(
            f"tr_{_chance()}",
            cents or 0,
            str(content["description"]),
            str(content["redirectUrl"]),
            str(content.get("webhookUrl", "")),
            content.get("metadata"),
        )
        self.payments[made.payment_id] = made
        self._save()
        return 201, self._shown(made)

    def _refund(self, payment: Kept, content: Document) -> tuple[int, Document]:
        cents = _cents(content.get("amount"))
        back = sum(_cents(one["amount"]) or 0 for one in payment.refunds if one["status"] not in ("failed", "canceled"))
        if payment.status != "paid" or not cents or back + cents > payment.cents:
            return 422, _error(422, "Unprocessable Entity", "amount")
        return 201, self.refund(payment.payment_id, cents, content.get("metadata"), "never")

    def _shown(self, payment: Kept) -> Document:
        links = {"self": {"href": f"{self.address}/v2/payments/{payment.payment_id}"}}
        if payment.status == "open":
            links["checkout"] = {"href": f"{self.address}/checkout/{payment.payment_id}"}
        return {
            "resource": "payment",
            "id": payment.payment_id,
            "mode": "test",
            "status": payment.status,
            "amount": _amount(payment.cents),
            "description": payment.description,
            "metadata": payment.metadata,
            "redirectUrl": payment.redirect_url,
            "webhookUrl": payment.webhook_url,
            "_embedded": {"refunds": list(payment.refunds), "chargebacks": list(payment.chargebacks)},
            "_links": links,
        }


@contextmanager
def serving(standin: Standin, port: int = 0) -> Iterator[Standin]:
    """Until the end of the `with`, on loopback; at `port` if that is free, else at any."""
    with listening(type("Handler", (_Handler,), {"standin": standin}), port) as address:
        standin.address = address
        yield standin


class _Handler(BaseHTTPRequestHandler):
    """`/v2/…`: the API. `/`: all payments. `/checkout/ID`: the parent pays."""

    standin: Standin

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path.startswith("/v2/"):
            self._api("GET")
            return
        payment = self.standin.payments.get(path.removeprefix("/checkout/"))
        if path == "/":
            self._html(_list(self.standin))
        elif path.startswith("/checkout/") and payment:
            self._html(_checkout(payment))
        else:
            self.send_error(HTTPStatus.NOT_FOUND, "There is no such payment")

    def do_POST(self) -> None:
        path = urlsplit(self.path).path
        if path.startswith("/v2/"):
            self._api("POST")
            return
        payment = self.standin.payments.get(path.removeprefix("/checkout/"))
        if not payment:
            self.send_error(HTTPStatus.NOT_FOUND, "There is no such payment")
            return
        asked = {name: values[-1] for name, values in parse_qs(self._body().decode()).items()}
        told = asked.get("told", "once")
        self._happens(payment, asked.get("what", ""), told if told in TOLD else "once")
        back = payment.redirect_url if asked.get("then") == "return" else "/"
        self.send_response(HTTPStatus.SEE_OTHER)
        self.send_header("Location", back)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _happens(self, payment: Kept, what: str, told: str) -> None:
        one = payment.payment_id
        if what in STATUS:
            self.standin.becomes(one, STATUS[what], told)
        elif what == "fail-then-pay":
            self.standin.becomes(one, "failed", told)
            time.sleep(1)
            self.standin.becomes(one, "paid", told)
        elif what == "refund":
            self.standin.refund(one, payment.cents, told=told)
        elif what in ("refunded", "refund-failed") and payment.refunds:
            self.standin.refund_becomes(one, {"refunded": "refunded", "refund-failed": "failed"}[what], told)
        elif what == "charge-back":
            self.standin.charge_back(one, payment.cents, told)
        elif what == "undo" and payment.chargebacks:
            self.standin.undo_chargeback(one, told)

    def _api(self, method: str) -> None:
        if self.headers.get("Authorization") != f"Bearer {self.standin.key}":
            self._json(401, _error(401, "Unauthorized Request"))
            return
        body = self._body()
        path = urlsplit(self.path).path
        self.standin.asked.append(f"{method} {path}")
        self._json(
            *self.standin.answer(method, path, json.loads(body or b"{}"), self.headers.get("Idempotency-Key", ""))
        )

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _json(self, status: int, document: Document) -> None:
        self._send(status, json.dumps(document).encode(), "application/hal+json")

    def _html(self, text: str) -> None:
        self._send(200, text.encode(), "text/html; charset=utf-8")

    def _send(self, status: int, content: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: what is asked for here is of no use to whoever reads `make run`."""


def _checkout(payment: Kept) -> str:
    ways = (("pay", "Pay"), ("pending", "Pay, and the bank takes its time"), ("fail", "It fails"))
    more = (("fail-then-pay", "It fails, and is paid after all"), ("cancel", "Cancel"), ("expire", "Do nothing"))
    return _page(
        f"{payment.cents // 100}.{payment.cents % 100:02d} euros",
        f"<p>{escape(payment.description)} · {escape(payment.status)}</p>"
        "<p>This page stands for a payment provider. No money moves.</p>"
        f"{_form(payment, (*ways, *more), 'return')}"
        f'<p><a href="{escape(payment.redirect_url)}">Go back to the city</a> · <a href="/">All payments</a></p>',
    )


def _list(standin: Standin) -> str:
    after = (("refund", "Refund all"), ("refunded", "The refund is there"), ("refund-failed", "The refund fails"))
    more = (("charge-back", "The bank takes it back"), ("undo", "… and gives it to the city again"), ("pay", "Paid"))
    rows = "".join(
        f'<li><a href="/checkout/{quote(one.payment_id)}">{escape(one.payment_id)}</a> {_said(one)}'
        f"{_form(one, (*after, *more), 'here')}</li>"
        for one in reversed(standin.payments.values())
    )
    return _page("Payments", f"<p>What the city’s people can do at the provider’s own site.</p><ol>{rows}</ol>")


def _said(payment: Kept) -> str:
    back = [f"refund {one['amount']['value']} {one['status']}" for one in payment.refunds]
    taken = [f"taken back {one['amount']['value']}" for one in payment.chargebacks if not one["reversedAt"]]
    said = [f"{payment.cents / 100:.2f}", payment.description, payment.status, *back, *taken]
    return escape(" · ".join(said))


def _form(payment: Kept, buttons: tuple[tuple[str, str], ...], then: str) -> str:
    told = "".join(
        f'<label><input type="radio" name="told" value="{name}"{" checked" if name == "once" else ""}> {said}</label> '
        for name, said in TOLD.items()
    )
    ways = "".join(f'<button name="what" value="{name}">{said}</button>' for name, said in buttons)
    return (
        f'<form method="post" action="/checkout/{quote(payment.payment_id)}">'
        f'<input type="hidden" name="then" value="{then}">'
        f"<fieldset><legend>The city hears of it</legend>{told}</fieldset>{ways}</form>"
    )


def _page(title: str, content: str) -> str:
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style><main><h1>{escape(title)}</h1>{content}</main></html>"
    )


def _chance() -> str:
    return secrets.token_hex(5)


def _amount(cents: int) -> Document:
    return {"currency": "EUR", "value": f"{cents // 100}.{cents % 100:02d}"}


def _cents(amount: Any) -> int | None:
    """None for what Mollie does not take."""
    value = amount.get("value") if isinstance(amount, dict) and amount.get("currency") == "EUR" else None
    return int(value.replace(".", "")) if isinstance(value, str) and re.fullmatch(r"\d+\.\d\d", value) else None


def _error(status: int, title: str, name: str = "") -> Document:
    return {"status": status, "title": title, "detail": title, **({"field": name} if name else {}), "_links": {}}
