"""Forms: what was typed, what of it is wrong, and that it was typed on a page of ours.

A field is called what the JSON API calls it, `children[0].first_name`, so that an error of the API finds its field.
"""

import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from markupsafe import Markup

from chalicelib.core import keys, settings
from chalicelib.core.http.fields import MAX_BODY_BYTES, Model
from chalicelib.core.http.problems import INVALID, Problem, ProblemKind
from chalicelib.core.languages import N_, translate
from chalicelib.pages.frame.cookies import STAFF, VISIT
from chalicelib.pages.frame.visit import OFFICE, Visit
from chalicelib.people.families import tokens

CSRF = "csrf"
MOST_FIELDS = 1000  # an opening of 500 sessions, each a checkbox, and what else is in its plan
STALE = ProblemKind(
    "stale-form",
    403,
    N_("This page was no longer valid"),
    N_(
        "Go back, load the page again and send it once more. Nothing was stored. Cookies must be allowed for this site."
    ),
)


@dataclass(frozen=True)
class Form:
    """`values`: field to what was typed; of checkboxes with one name, `several` has them all. `errors`: field to what
    is wrong, in the visitor's language."""

    values: Mapping[str, str] = field(default_factory=dict)
    several: Mapping[str, list[str]] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    def all(self, name: str) -> list[str]:
        return self.several.get(name, [])

    def has(self, name: str) -> bool:
        return name in self.values

    def document(self, model: Model | None = None) -> Any:
        """The nested document that the names of the fields describe; with `model`, as this model checks it: numbers as
        numbers, boxes as true or false."""
        found = unflatten({name: value for name, value in self.values.items() if name != CSRF})
        return model.typed(found) if model else found

    def wrong(self, problem: Problem, language: str) -> "Form":
        """The same with what the problem says of its fields; raises the problem if it is about none."""
        if not problem.errors:
            raise problem
        errors = {one.field: translate(one.message, language, **one.values) for one in problem.errors}
        return Form(self.values, self.several, {**self.errors, **errors})


def csrf(visit: Visit) -> Markup:
    """The hidden field that says which browser was shown this form, and as whom: another site cannot know it."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(CSRF, _marks(visit, visit.secret())[0])


def read_form(visit: Visit) -> Form:
    """The form that a browser sent; raises Problem `stale-form` if it was not shown the form by us, `invalid` for
    content that no browser sends."""
    return of_ours(visit, parse(visit.body))


def of_ours(visit: Visit, form: Form) -> Form:
    """`form`, if this browser was shown it by us, as who it still is, and sent it from there; raises Problem
    `stale-form`."""
    known = visit.cookies.get(VISIT)
    if visit.is_from_elsewhere or not known:
        raise Problem(STALE)
    if not any(hmac.compare_digest(form[CSRF].encode(), mark.encode()) for mark in _marks(visit, known)):
        raise Problem(STALE)
    return form


def parse(body: bytes, most_bytes: int = MAX_BODY_BYTES) -> Form:
    if len(body) > most_bytes:
        raise Problem(INVALID)
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=bool(body), max_num_fields=MOST_FIELDS)
    except ValueError:
        raise Problem(INVALID) from None
    several: dict[str, list[str]] = {}
    for name, value in pairs:
        several.setdefault(name, []).append(value.replace("\r\n", "\n"))
    return Form({name: values[-1] for name, values in several.items()}, several)


def whole(text: str) -> int | None:
    """A number as our own pages write it into a field or an address; None for all else. Python's int() fails at "²",
    which it calls a digit, and at 5,000 digits; a moment in epoch seconds has ten."""
    return int(text) if re.fullmatch("[0-9]{1,15}", text) else None


def unflatten(fields: Mapping[str, str]) -> Any:
    """`{"children[0].first_name": "Lou"}` as `{"children": [{"first_name": "Lou"}]}`. Places that are left out close
    up; what is no such name is passed over."""
    root: dict[str | int, Any] = {}
    for name, value in fields.items():
        if not re.fullmatch(r"[a-z_]+(\[\d{1,3}\]|\.[a-z_]+)*", name):
            continue
        steps: list[str | int] = [int(one) if one.isdigit() else one for one in re.findall(r"[a-z_]+|\d+", name)]
        place = root
        for step in steps[:-1]:
            inner = place.setdefault(step, {})
            if not isinstance(inner, dict):
                break
            place = inner
        else:
            place[steps[-1]] = value
    return _lists(root)


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(isinstance(name, int) for name in value):
        return [_lists(value[place]) for place in sorted(value)]
    return {name: _lists(inner) for name, inner in value.items()}


def sealed(content: str) -> str:
    """The field beside `content` that says that a page of ours made it."""
    return _seals(content)[0]


def must_be_sealed(content: str, seal: str) -> None:
    """Raises Problem `invalid` for what none of our pages made."""
    if not any(hmac.compare_digest(one.encode(), seal.encode()) for one in _seals(content)):
        raise Problem(INVALID)


def _seals(content: str) -> list[str]:
    """The seal by each key; the first is the one that is given out."""
    return [hmac.digest(key, content.encode(), "sha256").hex() for key in keys.derived(settings.form_keys(), "content")]


def _marks(visit: Visit, secret: str) -> list[str]:
    """The mark by each key; the first is the one that is given out. `secret`: this browser's own."""
    text = json.dumps([secret, *_session(visit)]).encode()
    return [hmac.digest(key, text, "sha256").hex()[:32] for key in keys.derived(settings.form_keys(), "form")]


def _session(visit: Visit) -> tuple[str, str]:
    """As whom this browser was shown the page: what one family or colleague left open, the next cannot send. That the
    token or session is still worth something is for the use case to say; here nothing is read."""
    if visit.help:  # on pages that know the family and on those that do not
        return "help", visit.help.help_id
    if visit.address.startswith(OFFICE):
        return STAFF, visit.cookies.get(STAFF, "")
    try:
        return "family", tokens.read(visit.token or "").family_id
    except Problem:
        return "family", ""
