"""A population register of example persons, on this machine: answers as chalicelib/front_door/counter/register.py asks.
Nobody in it lives anywhere."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any

from infra.local.loopback import listening

KEY = "of-this-machine"
AN = {
    "name": "An Claeys",
    "born": "1985-04-12",
    "address": "Veld 1, 9970 Kaprijke",
    "fields": {
        "members": ["An Claeys (1985)", "Bo Peeters (1984)", "Noor Peeters (2016)"],
        "since": "2014-09-01",
        "earlier": ["Molenstraat 12, 9900 Eeklo (2009-2014)"],
        "nationality": "Belgische",
        "partner": "Bo Peeters",
        "cohabiting_since": "2015-05-20",
    },
}
# Of this one the register does not say since when they live where.
BEN = {"name": "Ben Peeters", "born": "1990-01-02", "address": "Dorp 4, 9970 Kaprijke", "fields": {}}
PERSONS: Mapping[tuple[str, str], Any] = {
    ("An Claeys", "1985-04-12"): {"answer": "facts", **AN},
    ("Ben Peeters", "1990-01-02"): {"answer": "facts", **BEN},
    ("Jan Janssens", "1970-01-01"): {"answer": "uncertain"},  # there are two
}


@contextmanager
def serving(port: int = 0) -> Iterator[str]:
    """Its address, until the end of the `with`. `port`: if that is free."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
            is_known = self.path == "/facts" and self.headers.get("Authorization") == f"Bearer {KEY}"
            said = PERSONS.get((asked["name"], asked["born"]), {"answer": "none"}) if is_known else {}
            content = json.dumps(said).encode()
            self.send_response(200 if is_known else 401)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    with listening(Handler, port) as address:
        yield address
