"""Who looks at a page: what a request's cookies and address say, and the cookies that its answer sets.

A page's use case gets a `Visit`, which is a `Call` with the family's pass from its cookie.
"""

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
from chalicelib.pages.frame.cookies import COOKIES, LANGUAGE, LINK, MINUTE, PASS, PUBLIC, VISIT, line, name_of, read
from chalicelib.people.assistance.rules import Help
from chalicelib.people.staff.rules import Staff

# Where a page of a public computer leads when nobody did anything.
IDLE = "/idle"
# Where the pages of staff begin.
OFFICE = "/office"
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
# Minutes after which a public computer forgets who left it alone; the longer one for whoever asks for it.
IDLE_MINUTES = {"10": 10, "30": 30}
SHORTEST = "10"


@dataclass(frozen=True)
class Visit(Call):
    """`address`: of the page in the table of routes. `root`: what leads from this page's address to the first one's, so
    that links work below any prefix. `base`: the address of the first page, whole, without a slash at the end.
    `to_set`: the lines `Set-Cookie` of the answer. `help`: that who looks helps a family now; then `token` is that
    family's, on the pages that a helper sees as it, and none on all others. `act_id`: under which this request of a
    helper is written down."""

    method: str = "GET"
    path: str = "/"
    address: str = "/"
    root: str = "./"
    base: str = ""
    cookies: Mapping[str, str] = field(default_factory=dict)
    to_set: list[str] = field(default_factory=list)
    help: Help | None = None
    act_id: str = ""

    @property
    def is_local(self) -> bool:
        """Whether the browser is on the machine that serves: only there a page comes without TLS."""
        return _is_local(self)

    @property
    def is_from_elsewhere(self) -> bool:
        """Whether the browser says that another site's page sent this. An old browser says nothing of it."""
        origin = self.headers.get("origin")
        own = {urlsplit(self.base).netloc, self.headers.get("host")}
        is_foreign = origin is not None and origin.partition("://")[2] not in own
        return is_foreign or self.headers.get("sec-fetch-site") == "cross-site"

    @property
    def is_from_here(self) -> bool:
        """Whether the browser says that a page of ours leads here: no other site's page or picture, no link in a mail,
        nobody who typed the address. An old browser says it by the page that it comes from (our `Referrer-Policy`)."""
        site = self.headers.get("sec-fetch-site")
        if site is not None:
            return site == "same-origin"
        came_from = urlsplit(self.headers.get("referer", "")).netloc
        return bool(came_from) and came_from in {urlsplit(self.base).netloc, self.headers.get("host")}

    @property
    def idle_minutes(self) -> int | None:
        """On a public computer, after how long it forgets who left it alone; None: it is somebody's own."""
        return IDLE_MINUTES.get(self.cookies.get(PUBLIC, ""))

    @property
    def leaving(self) -> tuple[int, str] | None:
        """After how many seconds this page must be gone from the screen, and to which page of ours. On a public
        computer each page: a case is shown to whoever has its link, and is nobody else's business either."""
        if self.help:
            return max(1, int((self.help.ends_at - self.now).total_seconds()) + 1), "/helping"
        if self.idle_minutes and self.address != IDLE and not self.address.startswith(OFFICE):
            return self.idle_minutes * MINUTE, IDLE
        return None

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

    def set_cookie(self, cookie: str, value: str) -> None:
        """`cookie`: one of COOKIES. Raises ValueError for a value that is none of ours (pages/frame/cookies.py)."""
        seconds = COOKIES[cookie].seconds
        if cookie in (PASS, LINK) and self.idle_minutes:
            seconds = self.idle_minutes * MINUTE
        self.to_set.append(line(cookie, value, seconds, self.is_local))

    def forget_cookie(self, cookie: str) -> None:
        self.to_set.append(line(cookie, "", 0, self.is_local))

    def secret(self) -> str:
        """This browser's own, by which its forms are known; made when the first form is shown."""
        known = self.cookies.get(VISIT)
        if known:
            return known
        name = name_of(VISIT, self.is_local)
        for one in self.to_set:
            if one.startswith(f"{name}="):
                return one.split(";")[0].removeprefix(f"{name}=")
        new = secrets.token_urlsafe(16)
        self.set_cookie(VISIT, new)
        return new


def visit(call: Call, request: Request) -> Visit:
    cookies = read(call.headers.get("cookie", ""), _is_local(call))
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
        source=call.source,
        method=request.method,
        path=resource.format(**(request.uri_params or {})),
        address=resource,
        root="../" * (resource.count("/") - 1) or "./",
        base=settings.public_url() or _own_address(request, resource),
        cookies=cookies,
    )
    if asked == language != remembered:
        found.set_cookie(LANGUAGE, language)
    return found


def _is_local(call: Call) -> bool:
    return call.headers.get("host", "").rpartition(":")[0] in LOOPBACK


def own_path(asked: str | None, otherwise: str) -> str:
    """`asked` if it is a path of ours and nothing else: no link of ours leads to somebody else's page."""
    is_ours = asked is not None and asked.startswith("/") and not asked.startswith("//") and "\\" not in asked
    return asked if asked is not None and is_ours and asked.isprintable() else otherwise


def _own_address(request: Request, resource: str) -> str:
    """As API Gateway was asked: its own domain and stage, or a domain of the city's."""
    filled = resource.format(**(request.uri_params or {})).rstrip("/")
    path = str(request.context.get("path", "")).rstrip("/").removesuffix(filled)
    return f"https://{request.context.get('domainName', request.headers.get('host', ''))}{path}"
