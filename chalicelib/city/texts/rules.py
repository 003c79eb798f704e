"""Texts that staff may change, without a release: a closed list of texts, each in three languages.

Each has a default, which ships with the code (`defaults/KEY.LANGUAGE.md`), so that every page and mail has all of its
words also where nobody ever changed one.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from chalicelib.city.texts.markdown import refused_links
from chalicelib.core.http.fields import AS_DATE
from chalicelib.core.http.problems import INVALID, FieldError, Problem
from chalicelib.core.languages import LANGUAGES, N_
from chalicelib.people.staff.rules import Staff

# A text by language: `{"nl": …, "fr": …, "en": …}`.
InLanguages = Mapping[str, str]


class TextForm(StrEnum):
    """`MARKDOWN`: paragraphs, lists, headings, bold, links. `LINE`: as it is. The others are one for all languages."""

    MARKDOWN = "markdown"
    LINE = "line"
    PHONE = "phone"
    MAIL = "mail"
    DAY = "day"


# Forms without a language: a number, an address, a date.
SAME = frozenset({TextForm.PHONE, TextForm.MAIL, TextForm.DAY})

AS_TEXT = N_("Write a text of at most {most} characters, without control characters.")
AS_LINE = N_("Write one line of at most {most} characters, without control characters.")
AS_PHONE = N_("Give a phone number as families dial it, for example +32 9 373 68 00.")
AS_MAIL = N_("Give a mail address, for example sport@kaprijke.be.")
NEEDED = N_("Write this text in this language too: families read it.")
NOT_A_LINK = N_("A link may begin with https://, mailto: or tel: only. This one does not: {link}")

_PATTERNS = {
    TextForm.PHONE: re.compile(r"\+?[0-9][0-9 ()./-]{5,28}[0-9]"),
    TextForm.MAIL: re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}"),
}


@dataclass(frozen=True)
class TextKey:
    """A text that staff may change. `where`: what it is for and where it is read, for staff. `most`: characters in each
    language. `is_needed`: a page would lack something without it."""

    name: str
    title: str
    where: str
    form: TextForm
    most: int
    is_needed: bool = False

    @property
    def languages(self) -> tuple[str, ...]:
        """Those in which it is asked for: one stands for all where it is the same in each."""
        return LANGUAGES[:1] if self.form in SAME else LANGUAGES


KEYS = {
    key.name: key
    for key in (
        TextKey(
            "announcement",
            N_("Announcement"),
            N_("At the top of all pages for families, as long as it is not empty."),
            TextForm.MARKDOWN,
            500,
        ),
        TextKey("city_name", N_("Name of the municipality"), N_("On all pages."), TextForm.LINE, 60, is_needed=True),
        TextKey("city_phone", N_("Phone number"), N_("On the help page and in mails."), TextForm.PHONE, 30),
        TextKey("city_mail", N_("Mail address"), N_("On the help page and in mails."), TextForm.MAIL, 120),
        TextKey("city_address", N_("Address of the desk"), N_("On the help page."), TextForm.LINE, 200),
        TextKey("contact", N_("When and how to reach you"), N_("On the help page."), TextForm.MARKDOWN, 2000),
        TextKey(
            "bring",
            N_("What to bring"),
            N_("In the mail that confirms a registration, and on its page."),
            TextForm.MARKDOWN,
            2000,
        ),
        TextKey(
            "incident_rule",
            N_("What the city promises if something goes wrong"),
            N_("A new opening begins with this text; each opening then has its own."),
            TextForm.LINE,
            2000,
            is_needed=True,
        ),
        TextKey("mail_footer", N_("Last lines of mails"), N_("At the end of every mail."), TextForm.MARKDOWN, 1000),
        TextKey(
            "how_it_works",
            N_("How it works"),
            N_("On the help page: preparing, the opening, why it is fair."),
            TextForm.MARKDOWN,
            6000,
            is_needed=True,
        ),
        TextKey("faq", N_("Questions and answers"), N_("On the help page."), TextForm.MARKDOWN, 12000, is_needed=True),
        TextKey(
            "city_pass_objection",
            N_("City pass: how to object"),
            N_("In the mail that refuses or ends a city pass, and on its page: to whom, how, and what follows."),
            TextForm.MARKDOWN,
            2000,
            is_needed=True,
        ),
        TextKey(
            "accessibility_day",
            N_("Accessibility: day of the last review"),
            N_("On the page about accessibility. Review it once a year at least."),
            TextForm.DAY,
            10,
            is_needed=True,
        ),
        TextKey(
            "accessibility_known",
            N_("Accessibility: what does not work yet"),
            N_("On the page about accessibility: each shortcoming, why, and what people can do instead."),
            TextForm.MARKDOWN,
            6000,
            is_needed=True,
        ),
        TextKey(
            "accessibility_complaint",
            N_("Accessibility: complaints"),
            N_("On the page about accessibility: which ombudsman, by the law of your country."),
            TextForm.MARKDOWN,
            3000,
            is_needed=True,
        ),
        TextKey(
            "privacy_contact",
            N_("Privacy: questions and complaints"),
            N_("On the page about privacy: your data protection officer, and the supervisory authority."),
            TextForm.MARKDOWN,
            3000,
            is_needed=True,
        ),
    )
}


@dataclass(frozen=True)
class TextVersion:
    """A text as it was from a moment on. `number`: 0 is the default, which nobody wrote: no `by`, no `at`."""

    key: TextKey
    number: int
    texts: InLanguages
    by: Staff | None = None
    at: datetime | None = None


# All of them, each by its key's name.
Texts = Mapping[str, TextVersion]


@lru_cache
def default(name: str) -> TextVersion:
    """The version that ships with the code."""
    key = KEYS[name]
    folder = Path(__file__).parent / "defaults"
    texts = {
        language: (folder / f"{name}.{key.languages[0] if key.form in SAME else language}.md")
        .read_text("utf-8")
        .strip()
        for language in LANGUAGES
    }
    return TextVersion(key, 0, texts)


def defaults() -> Texts:
    return {name: default(name) for name in KEYS}


def checked(key: TextKey, given: Mapping[str, str]) -> dict[str, str]:
    """The texts as they are stored, by language; `given` has one for each of `key.languages`.

    Raises Problem `invalid` that names each that is not as it should be: `texts.nl` …
    """
    errors: list[FieldError] = []
    found: dict[str, str] = {}
    for language in key.languages:
        try:
            found[language] = _read(key, given.get(language, ""))
        except _WrongText as wrong:
            errors.append(FieldError(f"texts.{language}", wrong.message, wrong.values))
    if any(found.values()):
        errors += [FieldError(f"texts.{language}", NEEDED) for language, text in found.items() if not text]
    if errors:
        raise Problem(INVALID, errors=errors)
    return {language: found.get(language, found[key.languages[0]]) for language in LANGUAGES}


class _WrongText(ValueError):
    """`message` in English, `values` for its {names}."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message)
        self.message, self.values = message, values


def _read(key: TextKey, given: str) -> str:
    """NFC, line ends as one character (browsers send two), nothing around it; raises _Wrong."""
    too_much = _WrongText(AS_TEXT if key.form is TextForm.MARKDOWN else AS_LINE, most=key.most)
    if len(given) > 4 * key.most + 100:
        raise too_much  # NFC takes seconds for 64 KB of accents
    text = unicodedata.normalize("NFC", given.replace("\r\n", "\n")).strip()
    if not text:
        if key.is_needed:
            raise _WrongText(NEEDED)
        return text
    if key.form in _PATTERNS:
        if not _PATTERNS[key.form].fullmatch(text):
            raise _WrongText(AS_PHONE if key.form is TextForm.PHONE else AS_MAIL)
    elif key.form is TextForm.DAY:
        if not _is_day(text):
            raise _WrongText(AS_DATE)
    elif len(text) > key.most or any(not _is_printed(c, key.form) for c in text):
        raise too_much
    elif key.form is TextForm.MARKDOWN and (refused := refused_links(text)):
        raise _WrongText(NOT_A_LINK, link=refused[0][:60])
    return text


def _is_printed(character: str, form: TextForm) -> bool:
    """Not a control character, nor one that turns the order of others around, nor half of a surrogate pair. Fixed and
    narrow spaces are: French asks for them."""
    if character == "\n":
        return form is TextForm.MARKDOWN
    return unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def _is_day(text: str) -> bool:
    try:
        return bool(re.fullmatch("20[0-9]{2}-[0-9]{2}-[0-9]{2}", text)) and bool(date.fromisoformat(text))
    except ValueError:
        return False
