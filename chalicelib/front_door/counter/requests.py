"""What a clerk of the home counter types, and how it is read."""

from datetime import date
from typing import Any

from chalicelib.core.http.fields import LINE, LINES, Choice, Day, Model, OrNull, Text, check
from chalicelib.core.http.problems import invalid
from chalicelib.core.languages import LANGUAGES, N_
from chalicelib.core.printing.pdf import is_printable
from chalicelib.front_door.counter.rules import Content

# Characters, and rows: ten pages.
MOST_LINES, MOST_ROWS = 6_000, 300

AS_NAME = N_("Give the full name, at most 200 characters.")
AS_ADDRESS = N_("Give an address of at most 300 characters.")
AS_LINES = N_("Write what the register says, at most 6,000 characters on 300 lines.")
AS_LANGUAGE = N_("Choose nl, fr or en.")
AS_REASON = N_("Give the reason, in 5 to 1,000 characters.")
AS_DOCUMENT = N_("Choose the document that you saw.")
NOT_PRINTABLE = N_("Letters that are not Latin, Greek or Cyrillic cannot be printed: write them over.")
ENDS_BEFORE = N_("Its last day lies behind us.")

# What a clerk looks at. Its number is never written down.
DOCUMENTS = {
    "identity-card": N_("identity card"),
    "residence-card": N_("residence card"),
    "passport": N_("passport"),
    "kids-id": N_("Kids-ID, and the parent’s identity card"),
    "mandate": N_("written mandate, and the identity card of who has it"),
}

PROOF = Model(
    {"document": Choice(AS_DOCUMENT, tuple(DOCUMENTS)), "name": Text(AS_NAME, LINE, 200), "born": OrNull(Day())}
)
PAPER = Model(
    {
        "about": Text(AS_NAME, LINE, 200),
        "about_born": OrNull(Day()),
        "address": OrNull(Text(AS_ADDRESS, LINE, 300)),
        "lines": Text(AS_LINES, LINES, MOST_LINES),
        "language": Choice(AS_LANGUAGE, LANGUAGES),
        "valid_until": OrNull(Day()),
    }
)
REASON = Model({"reason": Text(AS_REASON, rf"(?=(?:\s*\S){{5}}){LINES}", 1_000)})


def content(document: Any, today: date) -> tuple[Content, date | None]:
    """What the certificate says, and its last day. Raises Problem `invalid`."""
    given = check(PAPER, document)
    if given["lines"].count("\n") > MOST_ROWS:
        raise invalid("lines", AS_LINES)
    for name in ("about", "address", "lines"):
        if given[name] and not is_printable(given[name]):
            raise invalid(name, NOT_PRINTABLE)
    if given["valid_until"] and given["valid_until"] < today:
        raise invalid("valid_until", ENDS_BEFORE)
    said = Content(given["about"], given["about_born"], given["address"] or "", given["lines"], given["language"])
    return said, given["valid_until"]


def reason(document: Any) -> str:
    """Raises Problem `invalid`."""
    return str(check(REASON, document)["reason"]).strip()
