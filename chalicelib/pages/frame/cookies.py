"""Every cookie that we set: its name, why there is one, and how long a browser keeps it. The page about privacy lists
them from here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.core.languages import N_

# Without quotes, commas, semicolons and backslashes (RFC 6265, 4.1.1).
OCTETS = re.compile(r"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*")
# A browser takes a cookie of this name only over TLS, from this very host and for all of it: no page of a neighbouring
# domain can plant one.
HOST_ONLY = "__Host-"

PASS, LINK, LANGUAGE, VISIT = "pass", "link", "language", "visit"
STAFF, ATTEMPT, ASKED = "staff", "sign-in", "asked"
PROVIDER = "provider"
IDENTITY = "identity"
HELPER, HELP, PUBLIC = "helper", "help", "public"
MINUTE, HOUR, DAY = 60, 3600, 24 * 3600


@dataclass(frozen=True)
class Cookie:
    """`seconds`: how long it is kept; None: until the browser is closed. `purpose`: in English, marked with N_."""

    seconds: int | None
    purpose: str


# The pass ends before its token does; the language is a matter of taste. A link's is long enough to read it all and to
# talk it over; then the mail brings it back. Staff sign in for as long as their session lasts
# (people/staff/sessions.py).
COOKIES: Mapping[str, Cookie] = {
    PASS: Cookie(90 * DAY, N_("So that you need not open the link in your mail each time")),
    LINK: Cookie(HOUR, N_("So that the link in a mail about one registration opens that registration")),
    LANGUAGE: Cookie(365 * DAY, N_("The language that you chose")),
    VISIT: Cookie(None, N_("So that nobody else can send a form in your name")),
    ASKED: Cookie(10 * MINUTE, N_("So that you can correct what you typed when you asked for a link")),
    PROVIDER: Cookie(90 * DAY, N_("Only for shops and clubs that take vouchers of the city pass: which one you are")),
    IDENTITY: Cookie(10 * MINUTE, N_("So that a sign-in by which you show who you are counts for your own request")),
    PUBLIC: Cookie(None, N_("So that a public computer forgets you when you leave it alone")),
    HELPER: Cookie(8 * HOUR, N_("Only for helpers: who helps")),
    HELP: Cookie(HOUR, N_("Only for helpers: which family they help now, until they or the family end it")),
    STAFF: Cookie(12 * HOUR, N_("Only for staff: who is signed in")),
    ATTEMPT: Cookie(10 * MINUTE, N_("Only for staff: so that nobody else can end a sign-in that you began")),
}


def name_of(cookie: str, is_local: bool) -> str:
    """The cookie's name in the browser. On the machine that serves there is no TLS, and no `Secure` without it."""
    return cookie if is_local else HOST_ONLY + cookie


def read(header: str, is_local: bool) -> dict[str, str]:
    """Ours, as we call them; the first of several (RFC 6265, 5.4: the one for the longest path). One that is broken,
    perhaps somebody else's below our domain, hides no other."""
    names = {name_of(cookie, is_local): cookie for cookie in COOKIES}
    found: dict[str, str] = {}
    for part in header.split(";"):
        name, _, value = part.strip(" \t").partition("=")
        if name in names and OCTETS.fullmatch(value):
            found.setdefault(names[name], value)
    return found


def line(cookie: str, value: str, seconds: int | None, is_local: bool) -> str:
    """The line `Set-Cookie`: no script can read it and no other site's form sends it. Raises ValueError for what is no
    cookie's value: it must be ours."""
    if not OCTETS.fullmatch(value):
        raise ValueError(cookie)
    age = "" if seconds is None else f"; Max-Age={seconds}"
    secure = "" if is_local else "; Secure"
    return f"{name_of(cookie, is_local)}={value}; Path=/{age}; HttpOnly; SameSite=Lax{secure}"
