"""An address is asked as anybody outside asks, and never one that only we could reach."""

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from chalicelib.front_door.watching import addresses
from chalicelib.front_door.watching.addresses import Asked, Trouble, ask, is_public


class Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, more = {"/old": (301, "/new"), "/gone": (404, ""), "/loop": (302, "/loop")}.get(self.path, (200, ""))
        if self.path == "/inside":
            status, more = 302, "http://169.254.169.254/latest/meta-data"
        self.send_response(status)
        if more:
            self.send_header("Location", more)
        self.end_headers()
        if self.path == "/drips":
            with suppress(OSError):
                for _ in range(20):
                    self.wfile.write(b".")
                    time.sleep(0.1)
        self.wfile.write("Dien hier je klacht in, gezién.".encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("path", "must", "found"),
    [
        ("/new", "gezién", Asked(None, 200)),
        ("/old", "je klacht", Asked(None, 200)),
        ("/new", "een suggestie", Asked(Trouble.TEXT, 200)),
        ("/gone", "", Asked(Trouble.STATUS, 404)),
        ("/loop", "", Asked(Trouble.STATUS, 302)),
    ],
)
def test_what_an_address_does(site: str, path: str, must: str, found: Asked) -> None:
    assert ask(site + path, must, is_ours=True) == found


@pytest.mark.parametrize("number", ["64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1", "::ffff:10.0.0.1", "224.0.0.1"])
def test_a_number_in_disguise_is_not_asked(number: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses.socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", (number, 80))])

    assert ask("http://kaprijke.example/") == Asked(Trouble.NOT_PUBLIC)


def test_what_is_within_is_not_asked(site: str) -> None:
    for url in (
        site,
        "http://127.0.0.1:9001/",
        "http://[::1]/",
        "http://169.254.169.254/",
        "http://10.0.0.1/",
        "http://[64:ff9b::7f00:1]/",
        "http://224.0.0.1/",
        "file:///etc",
    ):
        assert ask(url) == Asked(Trouble.NOT_PUBLIC)


def test_a_site_that_leads_within_is_not_followed(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = addresses._public_number
    monkeypatch.setattr(
        addresses, "_public_number", lambda host, port: host if host == "localhost" else real(host, port)
    )

    assert ask(site + "/inside") == Asked(Trouble.NOT_PUBLIC)


def test_a_host_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ask("http://localhost:9/", is_ours=True) == Asked(Trouble.NO_ANSWER)


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("https://kaprijke.example/klachten?a=1", True),
        ("http://kaprijke.example:8080", True),
        ("https://wim:geheim@kaprijke.example", False),
        ("https://", False),
        ("javascript:alert(1)", False),
        ("https://kaprijke.example:99999", False),
    ],
)
def test_what_reads_like_an_address_of_the_web(url: str, is_one: bool) -> None:
    assert is_public(url) is is_one
