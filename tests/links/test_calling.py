"""A call of a webhook's address, against a receiver on this machine that speaks TLS: one that behaves, and others."""

import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from chalicelib.links import calling
from chalicelib.links.calling import Post
from chalicelib.links.rules import Failure

HOST = "erp.example.be"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2099, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


Answering = Callable[[ssl.SSLSocket], None]


class Receiver:
    """Answers each connection by `answering`, after it read what was sent. `received`: all of that."""

    def __init__(self, certificate: Path) -> None:
        self.received: list[bytes] = []
        self.answering: Answering = lambda it: it.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                plain, _ = self._listening.accept()
                with self._context.wrap_socket(plain, server_side=True) as it:
                    self.received.append(it.recv(65_536))
                    self.answering(it)
            except OSError:
                if self._listening.fileno() < 0:
                    return

    def close(self) -> None:
        self._listening.close()


@pytest.fixture
def receiver(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """At the name HOST, which leads here; this machine counts as the internet."""
    made = Receiver(certificate)
    monkeypatch.setattr(calling, "resolve", lambda *_: ["127.0.0.1"])
    monkeypatch.setattr(calling, "is_public", lambda address: address == "127.0.0.1")
    trusting = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(calling, "trust", lambda: trusting)
    yield made
    made.close()


def post(receiver: Receiver, host: str = HOST, path: str = "/stormloop?key=1") -> Post:
    return Post(f"https://{host}:{receiver.port}{path}", {"webhook-id": "evt_1"}, b'{"type":"order.paid"}')


def test_the_content_arrives_once_with_its_headers(receiver):
    assert calling.several([post(receiver)]) == [204]

    head, _, content = receiver.received[0].partition(b"\r\n\r\n")
    assert content == b'{"type":"order.paid"}'
    assert head.decode().split("\r\n") == [
        "POST /stormloop?key=1 HTTP/1.1",
        "webhook-id: evt_1",
        f"Host: {HOST}",
        "Content-Length: 21",
        "Connection: close",
    ]


def test_a_redirect_is_an_answer_and_is_not_followed(receiver):
    to_metadata = b"HTTP/1.1 307 Temporary Redirect\r\nLocation: http://169.254.169.254/latest/meta-data/\r\n\r\n"
    receiver.answering = lambda it: it.sendall(to_metadata)

    assert calling.several([post(receiver)]) == [307]
    assert len(receiver.received) == 1


def test_ten_megabytes_behind_the_status_are_not_read(receiver):
    receiver.answering = lambda it: it.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 10_000_000)

    assert calling.several([post(receiver)]) == [200]


def test_a_line_without_an_end_is_no_answer(receiver):
    receiver.answering = lambda it: it.sendall(b"x" * 10_000_000)

    assert calling.several([post(receiver)]) == [Failure.NOT_HTTP]


def test_whoever_answers_letter_by_letter_is_too_slow(receiver, monkeypatch):
    """Each letter comes in time; all of them together do not."""
    monkeypatch.setattr(calling, "SECONDS", 0.3)
    over = Event()

    def drop_by_drop(it: ssl.SSLSocket) -> None:
        while not over.wait(0.05):
            it.sendall(b"H")

    receiver.answering = drop_by_drop

    assert calling.several([post(receiver)]) == [Failure.TOO_SLOW]
    over.set()


def test_a_name_server_that_does_not_answer_holds_nobody_up(receiver, monkeypatch):
    monkeypatch.setattr(calling, "SECONDS", 0.1)
    over = Event()
    monkeypatch.setattr(calling, "resolve", lambda *_: over.wait() and [])

    assert calling.several([post(receiver)]) == [Failure.TOO_SLOW]
    over.set()


def test_a_certificate_of_another_name_is_not_trusted(receiver):
    assert calling.several([post(receiver, host="other.example.be")]) == [Failure.NOT_TRUSTED]
    assert receiver.received == []


@pytest.mark.parametrize("found", [["127.0.0.1"], ["93.184.216.34", "10.0.0.8"], ["::ffff:10.0.0.8"], []])
def test_a_name_that_leads_to_a_private_address_is_not_called(monkeypatch, found):
    """Also where only one of its addresses does, and whatever the name led to when it was entered."""
    monkeypatch.setattr(calling, "resolve", lambda *_: found)
    monkeypatch.setattr(socket, "create_connection", lambda *_: pytest.fail("it was called"))

    assert calling.several([Post(f"https://{HOST}/", {}, b"{}")]) == [Failure.PRIVATE]


def test_what_was_looked_at_is_what_is_called(receiver, monkeypatch):
    """A name that leads elsewhere when it is asked a second time: it is asked once."""
    answers = iter([["127.0.0.1"]])
    monkeypatch.setattr(calling, "resolve", lambda *_: next(answers))

    assert calling.several([post(receiver)]) == [204]


def test_nobody_there_and_no_such_name(receiver, monkeypatch):
    assert calling.several([Post(f"https://{HOST}:1/", {}, b"{}")]) == [Failure.NO_CONNECTION]

    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror

    monkeypatch.setattr(calling, "resolve", unknown)
    assert calling.several([post(receiver)]) == [Failure.UNKNOWN_HOST]


def test_several_are_called_at_the_same_time_and_answered_in_order(receiver):
    """The second one's answer is there although the first one's never comes."""
    posts = [Post("https://other.example.be:1/", {}, b"{}"), post(receiver)]

    assert calling.several(posts) == [Failure.NO_CONNECTION, 204]
