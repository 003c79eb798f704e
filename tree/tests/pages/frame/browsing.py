"""Given: somebody with a browser that runs no script: cookies, links, forms. It sees what a person would."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from chalice.test import Client

import app
from chalicelib.pages.frame.cookies import HOST_ONLY
from chalicelib.people.staff import sessions
from chalicelib.people.staff.rules import EVERYWHERE, Role
from chalicelib.people.staff.signed_in import OF_ALL, OF_ONE

HOST = "https://kamp.kaprijke.example"
MOST_REDIRECTS = 5


@dataclass
class FormOnPage:
    """`fields`: what the browser would send as the page stands; `choices`: a field to the values that it offers;
    `buttons`: label to the name and value that it adds."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)
    buttons: dict[str, tuple[str, str] | None] = field(default_factory=dict)

    def filled(self, changed: Mapping[str, Any], button: str | None) -> str:
        """A value that is a list stands for checkboxes of one name; None: the field is left out."""
        kept = [(name, value) for name, value in self.fields if name not in changed]
        for name, value in changed.items():
            values = value if isinstance(value, list) else [value]
            kept += [(name, str(one)) for one in values if one is not None]
        pressed = self.buttons[button] if button else None
        return urlencode([*kept, *([pressed] if pressed else [])])


class Parsed(HTMLParser):
    """The text, links, forms and headings of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: dict[str, str] = {}
        self.forms: list[FormOnPage] = []
        self.texts: list[str] = []
        self.headings: list[str] = []
        self._within: list[tuple[str, dict[str, str]]] = []
        self._text: list[str] = []
        self._select: tuple[str, list[tuple[str, bool]]] | None = None
        self.feed(html)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        form = self.forms[-1] if self.forms else None
        match tag:
            case "form":
                self.forms.append(FormOnPage(has.get("action", ""), has.get("method", "get").upper()))
            case "input" if form and has.get("name") and "disabled" not in has:
                if has.get("type") in ("checkbox", "radio"):
                    form.choices.setdefault(has["name"], []).append(has.get("value", "on"))
                    if "checked" not in has:
                        return
                form.fields.append((has["name"], has.get("value", "")))
            case "select":
                self._select = has.get("name", ""), []
            case "option" if self._select:
                self._select[1].append((has.get("value", ""), "selected" in has))
            case "a" | "button" | "h1" | "h2" | "textarea":
                self._within.append((tag, has))
                self._text = []

    def handle_endtag(self, tag: str) -> None:
        form = self.forms[-1] if self.forms else None
        if tag == "select" and self._select and form:
            name, options = self._select
            form.choices[name] = [value for value, _ in options]
            chosen = [value for value, selected in options if selected] or [value for value, _ in options[:1]]
            form.fields += [(name, value) for value in chosen[:1]]
            self._select = None
        if not self._within or self._within[-1][0] != tag:
            return
        _, has = self._within.pop()
        said = " ".join("".join(self._text).split())
        match tag:
            case "a":
                self.links.setdefault(said, has.get("href", ""))
            case "button" if form and "disabled" not in has:
                form.buttons[said] = (has["name"], has.get("value", "")) if has.get("name") else None
            case "textarea" if form:
                form.fields.append((has["name"], "".join(self._text).removeprefix("\n")))
            case "h1" | "h2":
                self.headings.append(said)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        self._text.append(data)


@dataclass
class Shown:
    """A page as it was answered. `path`: where the browser is now."""

    path: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def html(self) -> str:
        return self.body.decode()

    @property
    def page(self) -> Parsed:
        return Parsed(self.html)

    @property
    def text(self) -> str:
        return self.page.text

    @property
    def heading(self) -> str:
        return self.page.headings[0]


class Browser:
    """`language`: what it asks for. Cookies are kept as a browser keeps them, deleted ones too, by our
    names for them."""

    def __init__(self, language: str = "nl") -> None:
        self.language = language
        self.cookies: dict[str, str] = {}
        self.shown: Shown | None = None

    def get(self, path: str, **headers: str) -> Shown:
        return self._request("GET", path, b"", headers)

    def follow(self, link: str) -> Shown:
        """The first link that says this."""
        assert self.shown
        return self.get(self._absolute(self.shown.page.links[link]))

    def submit(self, changed: Mapping[str, Any] | None = None, button: str | None = None, form: int | None = None,
               **headers: str) -> Shown:  # fmt: skip
        """Fills in and sends the form that has `button`, or the one with that number, or the last one on the page."""
        assert self.shown
        forms = self.shown.page.forms
        chosen = forms[form] if form is not None else next((f for f in forms if button in f.buttons), forms[-1])
        sent = chosen.filled(changed or {}, button)
        path = self._absolute(chosen.action)
        if chosen.method == "GET":
            return self.get(f"{path.partition('?')[0]}?{sent}")
        kind = {"Content-Type": "application/x-www-form-urlencoded", **headers}
        return self._request("POST", path, sent.encode(), kind)

    def sign_in(
        self, *roles: Role, name: str = "Els Maes", email: str = "", municipalities: Sequence[str] = (EVERYWHERE,)
    ) -> "Browser":
        """As somebody who came back from the city's sign-in just now."""
        groups = [*roles, *(OF_ALL if one == EVERYWHERE else OF_ONE + one for one in municipalities)]
        claims = {"sub": f"sub-{name}", "name": name, "email": email, "cognito:groups": groups}
        self.cookies["staff"] = sessions.begin(claims, "", datetime.now(UTC))
        return self

    def _request(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Shown:
        for _ in range(MOST_REDIRECTS):
            asked = {"Accept-Language": self.language, "Host": urlsplit(HOST).netloc, **headers}
            if self.cookies:
                asked["Cookie"] = "; ".join(f"{HOST_ONLY}{name}={value}" for name, value in self.cookies.items())
            with Client(app.app) as client:
                answer = client.http.request(method, path, asked, body)
            self._keep(answer.headers)
            self.shown = Shown(path, answer.status_code, answer.headers, answer.body)
            if answer.status_code != 303:
                return self.shown
            target = answer.headers["Location"]
            path, method, body, headers = self._absolute(target), "GET", b"", {}
            if urlsplit(target).netloc not in ("", urlsplit(HOST).netloc):
                return self.shown
        raise AssertionError("too many redirects")

    def _absolute(self, target: str) -> str:
        here = self.shown.path if self.shown else "/"
        found = urlsplit(urljoin(HOST + here, target))
        return found.path + (f"?{found.query}" if found.query else "")

    def _keep(self, headers: Mapping[str, Any]) -> None:
        lines = next((value for name, value in headers.items() if name.lower() == "set-cookie"), [])
        for line in lines if isinstance(lines, list) else [lines]:
            name, _, value = line.split(";")[0].removeprefix(HOST_ONLY).partition("=")
            if "Max-Age=0" in line:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value


def family_browser(token: str, language: str = "nl") -> Browser:
    """Given a family that followed the link in its mail some time ago."""
    browser = Browser(language)
    browser.cookies["pass"] = token
    return browser
