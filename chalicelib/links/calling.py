"""One call of a webhook's address: a POST of which the status alone is read, over in SECONDS whatever happens there.

The address was entered by people of the city, and its name is in the hands of somebody else. So its name is resolved
here, each time, once; every address that it leads to must be public (core.public_numbers); and it is that address that is
connected to, while the certificate is held against the name. No answer of a name server can come between the look and
the call. No redirect is followed, no proxy asked, and nothing behind the first line of the answer is read.
"""

import socket
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Thread
from time import monotonic
from urllib.parse import urlsplit

from chalicelib.core.public_numbers import is_public
from chalicelib.links.rules import Failure, Outcome

# For name, connection, handshake, sending and the first line together.
SECONDS = 4.0
MOST_OF_A_LINE = 1024


@dataclass(frozen=True)
class Post:
    address: str
    headers: Mapping[str, str]
    content: bytes


def several(posts: Sequence[Post]) -> list[Outcome]:
    """Makes the calls at the same time; answers in their order, after SECONDS at the latest. A name server that does
    not answer holds nobody up: whatever is not done by then is left behind."""
    found: list[Outcome] = [Failure.TOO_SLOW] * len(posts)
    until = monotonic() + SECONDS

    def make(place: int) -> None:
        outcome = _call(posts[place], until)
        if monotonic() < until:  # the list is another's by then
            found[place] = outcome

    threads = [Thread(target=make, args=(place,), daemon=True) for place in range(len(posts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, until - monotonic()))
    return list(found)


def _call(post: Post, until: float) -> Outcome:
    parts = urlsplit(post.address)
    host, port = parts.hostname or "", parts.port or 443
    try:
        addresses = resolve(host, port)
        if not addresses or not all(map(is_public, addresses)):
            return Failure.PRIVATE
        with socket.create_connection((addresses[0], port), _left(until)) as plain:
            plain.settimeout(_left(until))
            with trust().wrap_socket(plain, server_hostname=host) as secured:
                secured.settimeout(_left(until))
                secured.sendall(_request(post, host, parts.path or "/", parts.query))
                return _status(secured, until)
    except socket.gaierror:
        return Failure.UNKNOWN_HOST
    except TimeoutError:
        return Failure.TOO_SLOW
    except ssl.SSLError:
        return Failure.NOT_TRUSTED
    except OSError:
        return Failure.NO_CONNECTION


def resolve(host: str, port: int) -> list[str]:
    """Each address that the name leads to. Raises socket.gaierror."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


@lru_cache
def trust() -> ssl.SSLContext:
    """The authorities that this machine trusts; certificates must be of the host's name."""
    return ssl.create_default_context()


def _request(post: Post, host: str, path: str, query: str) -> bytes:
    """Nothing of the address can end a line: it is printable (rules.is_address)."""
    target = f"{path}?{query}" if query else path
    headers = {**post.headers, "Host": host, "Content-Length": str(len(post.content)), "Connection": "close"}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST {target} HTTP/1.1\r\n{head}\r\n".encode("ascii") + post.content


def _status(secured: ssl.SSLSocket, until: float) -> Outcome:
    line = b""
    while b"\n" not in line and len(line) < MOST_OF_A_LINE:
        secured.settimeout(_left(until))
        received = secured.recv(MOST_OF_A_LINE)
        if not received:
            break
        line += received
    match line.split(b" ", 2):
        case [version, code, *_] if version.startswith(b"HTTP/1.") and code[:3].isdigit():
            return int(code[:3])
    return Failure.NOT_HTTP


def _left(until: float) -> float:
    left = until - monotonic()
    if left <= 0:
        raise TimeoutError
    return left
