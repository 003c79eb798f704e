"""Programs that others wrote for Open311, against ours through a socket: georeport reads both formats, civicbot checks
what it posts against the definition that we give."""

import threading
from collections.abc import Iterator
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
import time_machine
from civicbot.http import HttpError, HttpTransport, RateLimiter
from civicbot.open311 import CONFIRM_TOKEN, Open311Client, ValidationError
from civicbot.registry import Endpoint
from georeport import GeoReport

from chalicelib.front_door.cases import table
from chalicelib.front_door.cases.rules import case_id_of
from chalicelib.front_door.reports import showing
from tests.core.http.wsgi import StartResponse, application
from tests.front_door import city
from tests.front_door.city import NADIA, NOW

WORDS = "Een losse stoeptegel."


class Quiet(WSGIRequestHandler):
    def get_environ(self) -> dict[str, Any]:
        length = int(self.headers.get("Content-Length") or 0)
        return {**super().get_environ(), "REQUEST_URI": self.path, "length": length}

    def log_message(self, format: str, *args: Any) -> None:
        pass


def serve(environ: dict[str, Any], start_response: StartResponse) -> Any:
    """A socket does not end where a body does."""
    body = environ["wsgi.input"].read(environ["length"])
    return application({**environ, "wsgi.input": _Body(body)}, start_response)


class _Body:
    def __init__(self, content: bytes) -> None:
        self._content = content

    def read(self) -> bytes:
        return self._content


@pytest.fixture
def endpoint(table: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    city.a_city()
    with time_machine.travel(NOW), make_server("127.0.0.1", 0, serve, handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/open311"
        server.shutdown()
        thread.join()


def poster(endpoint: str) -> Open311Client:
    at = Endpoint("kaprijke", "Kaprijke", endpoint, write=True, api_key_required_for_write=False)
    return Open311Client(at, HttpTransport(rate_limiter=RateLimiter(0)), "kaprijke.example")


def test_a_request_is_posted_shown_and_read_in_both_formats(endpoint: str) -> None:
    client = poster(endpoint)
    sent = client.create_request(
        "street",
        dry_run=False,
        confirm=CONFIRM_TOKEN,
        validate_remote=True,
        lat=51.2205,
        lng=3.6117,
        description=WORDS,
        attributes={"sort": "lamp"},
    )
    receipt = sent.response[0]["service_request_id"]
    case = table.get(case_id_of(receipt) or "")
    assert case is not None
    assert case.answers == {"sort": "lamp", "what": WORDS}
    showing.show(case, NADIA, case.edition, "", [], NOW)

    for form in ("json", "xml"):
        reader = GeoReport(endpoint, jurisdiction="kaprijke.example", output_format=form)
        assert {one["service_code"] for one in reader.get_service_list()} == {"street", "complaint"}
        assert reader.get_service_definition("street")["service_code"] == "street"
        assert reader.get_service_request(receipt)["status"] == "open"
        listed = reader.get_service_requests(status="open", start_date="2027-03-01T00:00:00Z")
        assert (listed if form == "json" else [listed])[0]["service_request_id"] == receipt
    assert client.get_request(receipt) == client.list_requests(service_request_ids=[receipt])[0]


def test_what_is_wrong_a_program_sees_before_it_posts_or_is_told(endpoint: str) -> None:
    client = poster(endpoint)

    with pytest.raises(ValidationError, match="not in"):
        client.create_request("street", validate_remote=True, lat=51.2, lng=3.6, attributes={"sort": "gold"})
    with pytest.raises(HttpError, match="HTTP 400"):
        client.create_request("street", dry_run=False, confirm=CONFIRM_TOKEN, address_string="Veld 1")  # no words
    with pytest.raises(HttpError, match="HTTP 404"):
        client.get_request("ACDE-FGHJ-KMNPR")
