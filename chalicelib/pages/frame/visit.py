"""Who looks at a page: what a request's cookies and address say, and the cookies that its answer sets.

A page's use case gets a `Visit`, which is a `Call` with the family's pass from its cookie.
"""

import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from chalice.app import Request

from chalicelib import routes
from chalicelib.core import settings
from chalicelib.core.http.answering import Call
from chalicelib.core.http.problems import Problem
from chalicelib.core.languages import LANGUAGES
from chalicelib.people.staff.rules import Staff

PASS, STAFF, VISIT, LANGUAGE = "pass", "staff", "visit", "language"
# How long a browser remembers them, in days. The pass ends before its token does; the language is a matter of taste.
PASS_DAYS, LANGUAGE_DAYS = 90, 365
# Without quotes, commas, semicolons and backslashes (RFC 6265, 4.1.1).
COOKIE_OCTETS = re.compile(r"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*")
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True)
class Visit(Call):
    """`address`: of the page in the table of routes. `root`: what leads from this page's address to the first one's, so
    that links work below any prefix. `base`: the address of the first page, whole, without a slash at the end.
    `to_set`: the lines `Set-Cookie` of the answer."""

    method: str = "GET"
    path: str = "/"
    address: str = "/"
    root: str = "./"
    base: str = ""
    cookies: Mapping[str, str] = field(default_factory=dict)
    to_set: list[str] = field(default_factory=list)

    @property
    def is_local(self) -> bool:
        """Whether the browser is on the machine that serves: only there a page comes without TLS."""
        return self.headers.get("host", "").rpartition(":")[0] in LOOPBACK

    @property
    def is_from_elsewhere(self) -> bool:
        """Whether the browser says that another site's page sent this. An old browser says nothing of it."""
        origin = self.headers.get("origin")
        own = {urlsplit(self.base).netloc, self.headers.get("host")}
        is_foreign = origin is not None and origin.partition("://")[2] not in own
        return is_foreign or self.headers.get("sec-fetch-site") == "cross-site"

    @property
    def staff(self) -> Staff | None:
        """Who is signed in, for what a menu shows; who may do what, the table of routes says."""
        return self.sender if isinstance(self.sender, Staff) else None

    def may(self, method: str, address: str) -> bool:
        """Whether who is signed in may ask that route, by its name in the table."""
        return routes.may(self.staff, method, address)

    @contextmanager
    def attempting(self) -> Iterator[None]:
        """A refusal that the page shows in its own way is counted like one that it does not."""
        try:
            yield
        except Problem as problem:
            self.refused.append(problem)
            raise

    def set_cookie(self, name: str, value: str, seconds: int | None = None) -> None:
        """No script can read it and no other site's form sends it. `seconds`: how long it is kept; None: until the
        browser is closed; 0: it is forgotten now. Raises ValueError for what is no cookie's value: it must be ours."""
        if not COOKIE_OCTETS.fullmatch(value):
            raise ValueError(name)
        age = "" if seconds is None else f"; Max-Age={seconds}"
        secure = "" if self.is_local else "; Secure"
        self.to_set.append(f"{name}={value}; Path=/{age}; HttpOnly; SameSite=Lax{secure}")

    def forget_cookie(self, name: str) -> None:
        self.set_cookie(name, "", 0)

    def secret(self) -> str:
        """This browser's own, by which its forms are known; made when the first form is shown."""
        known = self.cookies.get(VISIT)
        if known:
            return known
        for line in self.to_set:
            if line.startswith(f"{VISIT}="):
                return line.split(";")[0].removeprefix(f"{VISIT}=")
        new = secrets.token_urlsafe(16)
        self.set_cookie(VISIT, new)
        return new


def visit(call: Call, request: Request) -> Visit:
    cookies = cookies_of(call.headers.get("cookie", ""))
    asked, remembered = call.query.get(LANGUAGE), cookies.get(LANGUAGE)
    language = asked if asked in LANGUAGES else remembered if remembered in LANGUAGES else call.language
    resource = request.path
    found = Visit(
        headers=call.headers,
        query=call.query,
        body=call.body,
        language=language,
        now=call.now,
        token=cookies.get(PASS) or call.token,
        method=request.method,
        path=resource.format(**(request.uri_params or {})),
        address=resource,
        root="../" * (resource.count("/") - 1) or "./",
        base=settings.public_url() or _own_address(request, resource),
        cookies=cookies,
    )
    if asked == language != remembered:
        found.set_cookie(LANGUAGE, language, LANGUAGE_DAYS * 24 * 3600)
    return found


def cookies_of(header: str) -> dict[str, str]:
    """Each by its name, the first of several (RFC 6265, 5.4: the one for the longest path). One that is broken, perhaps
    somebody else's below our domain, hides no other."""
    found: dict[str, str] = {}
    for part in header.split(";"):
        name, is_pair, value = part.strip(" \t").partition("=")
        if is_pair and COOKIE_OCTETS.fullmatch(value):
            found.setdefault(name, value)
    return found


def own_path(asked: str | None, otherwise: str) -> str:
    """`asked` if it is a path of ours and nothing else: no link of ours leads to somebody else's page."""
    is_ours = asked is not None and asked.startswith("/") and not asked.startswith("//") and "\\" not in asked
    return asked if asked is not None and is_ours and asked.isprintable() else otherwise


def _own_address(request: Request, resource: str) -> str:
    """As API Gateway was asked: its own domain and stage, or a domain of the city's."""
    filled = resource.format(**(request.uri_params or {})).rstrip("/")
    path = str(request.context.get("path", "")).rstrip("/").removesuffix(filled)
    return f"https://{request.context.get('domainName', request.headers.get('host', ''))}{path}"
