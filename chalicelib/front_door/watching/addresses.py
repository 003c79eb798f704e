"""Whether an address leads to the page that it must lead to, asked as anybody outside asks.

Staff write down the city's own links, so nothing of a page is shown to them, and what is not a public host is not
asked: the host's number is looked up once, looked at, and then called by that number.
"""

import socket
from dataclasses import dataclass
from enum import StrEnum
from threading import Thread
from urllib.parse import SplitResult, urljoin, urlsplit

import urllib3
from urllib3.util import Timeout

from chalicelib.core.public_numbers import is_public as is_public_number

# Seconds. An address that answers later leads nowhere for most people.
CONNECTS, ANSWERS = 3.0, 7.0
# All of it together, redirects too: a site that sends a byte now and then must not keep the look from the other ones.
LONGEST = CONNECTS + ANSWERS
MOST_BYTES = 1_000_000
MOST_REDIRECTS = 5
AGENT = "stormloop-watch"


class Trouble(StrEnum):
    """What was wrong with an address."""

    NO_ANSWER = "no-answer"
    STATUS = "status"
    TEXT = "text"
    NOT_PUBLIC = "not-public"


@dataclass(frozen=True)
class Asked:
    """`trouble`: None if all is well. `status`: of HTTP; 0: there was no answer."""

    trouble: Trouble | None
    status: int = 0

    @property
    def why(self) -> str:
        """For the table: `status 404`."""
        if self.trouble is None:
            return ""
        return f"{self.trouble} {self.status}" if self.trouble is Trouble.STATUS else self.trouble.value


class _NotPublic(Exception):
    """The host is no public one, or the address is none of the web."""


def ask(url: str, must: str = "", language: str = "nl", *, is_ours: bool = False) -> Asked:
    """Follows up to five redirects. `must`: what the page must say; "": anything. `is_ours`: the address is our own,
    wherever that is. Over after LONGEST: what is not done by then is left behind."""
    found = [Asked(Trouble.NO_ANSWER)]

    def make() -> None:
        found[0] = _asked(url, must, language, is_ours=is_ours)

    thread = Thread(target=make, daemon=True)
    thread.start()
    thread.join(LONGEST)
    return found[0]


def _asked(url: str, must: str, language: str, *, is_ours: bool) -> Asked:
    try:
        for _ in range(MOST_REDIRECTS + 1):
            status, text, onward = _get(urlsplit(url), language, is_ours=is_ours)
            if not onward:
                break
            url = urljoin(url, onward)
        else:
            return Asked(Trouble.STATUS, status)
    except _NotPublic:
        return Asked(Trouble.NOT_PUBLIC)
    except (urllib3.exceptions.HTTPError, OSError, ValueError):
        return Asked(Trouble.NO_ANSWER)
    if status != 200:
        return Asked(Trouble.STATUS, status)
    return Asked(None if must in text else Trouble.TEXT, status)


def is_public(url: str) -> bool:
    """Whether it is an address of the web, as far as its text says: a host, and nobody's name and password."""
    try:
        parts = urlsplit(url)
        return (
            parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc and _port(parts) > 0
        )
    except ValueError:
        return False


def _get(parts: SplitResult, language: str, *, is_ours: bool) -> tuple[int, str, str]:
    """Status, text, and where it leads on ("": nowhere)."""
    if not is_public(parts.geturl()):
        raise _NotPublic
    host, port = parts.hostname or "", _port(parts)
    number = host if is_ours else _public_number(host, port)
    timeout = Timeout(connect=CONNECTS, read=ANSWERS)
    headers = {"Host": parts.netloc, "User-Agent": AGENT, "Accept-Language": language, "Accept": "text/html, */*"}
    pool: urllib3.HTTPConnectionPool
    if parts.scheme == "https":
        pool = urllib3.HTTPSConnectionPool(number, port, timeout=timeout, server_hostname=host, assert_hostname=host)
    else:
        pool = urllib3.HTTPConnectionPool(number, port, timeout=timeout)
    with pool:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        answer = pool.urlopen("GET", path, headers=headers, retries=False, redirect=False, preload_content=False)
        try:
            text = answer.read(MOST_BYTES, decode_content=True).decode("utf-8", "replace")
        finally:
            answer.close()
    onward = answer.headers.get("Location", "") if 300 <= answer.status < 400 else ""
    return answer.status, text, onward


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _public_number(host: str, port: int) -> str:
    """The number of a host, all of whose numbers are public."""
    found = [str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not found or not all(map(is_public_number, found)):
        raise _NotPublic
    return found[0]
