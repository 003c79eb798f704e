"""Somebody who says who people are, on this machine: OpenID Connect as chalicelib/front_door/counter/identity.py asks
it. Whoever comes types a name and a birth date, and is believed: nobody's identity is proven by it."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from infra.local.loopback import listening

CLIENT_ID, SECRET = "this-machine", "of-this-machine"
ASSURANCE = "urn:stand-in:believed"
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Who are you?</title>
<h1>Who are you?</h1><p>A stand-in for eID, itsme or DigiD: it believes what you type.</p>
<form method="post">{hidden}<p><label>Name <input name="name" required></label></p>
<p><label>Birth date <input name="birthdate" type="date" required></label></p><button>Sign in</button></form></html>"""


class Provider:
    """`address`: where it listens. `given`: code to what it was given for."""

    def __init__(self) -> None:
        self.address = ""
        self.given: dict[str, dict[str, str]] = {}
        self._lock = threading.Lock()

    def published(self) -> dict[str, str]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
        }

    def sign_in(self, asked: dict[str, str]) -> str:
        """Where the browser goes back to. `asked`: of the request, with `name` and `birthdate`."""
        code = secrets.token_urlsafe(16)
        with self._lock:
            self.given[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, asked: dict[str, str], basic: str) -> tuple[int, dict[str, Any]]:
        known = base64.b64encode(f"{CLIENT_ID}:{SECRET}".encode()).decode()
        with self._lock:
            given = self.given.pop(asked.get("code", ""), None)
        proof = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(proof).decode().rstrip("=")
        if basic != f"Basic {known}" or given is None or given["code_challenge"] != challenge:
            return 400, {"error": "invalid_grant"}
        parts = ({"alg": "none"}, self.claims(given))
        token = ".".join(base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in parts)
        return 200, {"id_token": f"{token}.", "token_type": "Bearer", "access_token": "none"}

    def claims(self, given: dict[str, str]) -> dict[str, Any]:
        """What its token says of who signed in."""
        return {
            "iss": self.address,
            "aud": CLIENT_ID,
            "exp": int(time.time()) + 300,
            "nonce": given["nonce"],
            "name": given["name"],
            "birthdate": given["birthdate"],
            "acr": ASSURANCE,
        }


@contextmanager
def serving(provider: Provider, port: int = 0) -> Iterator[str]:
    """Its address, until the end of the `with`. `port`: if that is free."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/.well-known/openid-configuration":
                self._answer(200, json.dumps(provider.published()), "application/json")
            elif parts.path == "/authorize":
                asked = dict(parse_qsl(parts.query))
                hidden = "".join(
                    f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
                    for name, value in asked.items()
                )
                self._answer(200, PAGE.format(hidden=hidden), "text/html; charset=utf-8")
            else:
                self._answer(404, "", "text/plain")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            asked = dict(parse_qsl(body))
            if urlsplit(self.path).path == "/token":
                status, said = provider.token(asked, self.headers.get("Authorization", ""))
                self._answer(status, json.dumps(said), "application/json")
                return
            self.send_response(303)
            self.send_header("Location", provider.sign_in(asked))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _answer(self, status: int, text: str, kind: str) -> None:
            content = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    with listening(Handler, port) as address:
        provider.address = address
        yield address
