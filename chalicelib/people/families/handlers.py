"""Asking for a pass, and looking at it."""

import re
import unicodedata
from datetime import date, datetime
from typing import Any, NamedTuple

from chalicelib.core.http.answering import Answer, Call
from chalicelib.core.http.fields import ID, Choice, Day, Model, Several, Text, Unexpected, check, document
from chalicelib.core.http.problems import INVALID, UNAUTHORIZED, FieldError, Problem
from chalicelib.core.ids import by_chance
from chalicelib.core.languages import LANGUAGES, N_
from chalicelib.people.families import table
from chalicelib.people.families.addresses import Address
from chalicelib.people.families.identity import PASS_LENGTH
from chalicelib.people.families.names import NO_LAST_NAME
from chalicelib.people.families.proving import pass_of, worth
from chalicelib.people.families.rules import Bearer, Child, Pass, child, twice_named

MOST_CHILDREN = 10
# So that nobody's mailbox can be flooded by us. A family needs one, or a few while it mends a slip.
MOST_PASSES_AN_HOUR = 5
EARLIEST_BIRTH = date(1900, 1, 1)

AS_NAME = N_("Write the name in Latin letters, as on the identity card, at most 80 characters.")
AS_LAST_NAME = N_(
    "Write the last name in Latin letters, as on the identity card, at most 80 characters; - if the child has none."
)
NOT_IN_A_NAME = N_(
    "This cannot stand in a name: “{character}”. Write the name in Latin letters, as on the identity card."
)
AS_POSTCODE = N_("Give a postcode, for example 9970, 1234 AB, 59000 or L-1234.")
AS_LANGUAGE = N_("Choose nl, fr or en.")
AS_CHILDREN = N_("Name one to ten children.")
NOT_BORN = N_("The birth date lies in the future.")
TOO_OLD = N_("The birth date lies before 1900.")
NAMED_TWICE = N_("This child is already in the list.")
AS_CHILD = N_("Give the id of a child of your pass.")

# Those of Latin alphabets; not what Unicode has beside them and no name has: tones, clicks, glottal stops and what only
# phonetics or manuscripts write. They look like other letters, and a child would have two ids.
_LETTER = "A-Za-zÀ-ÖØ-öø-ƃƆ-ƌƎ-ƦƩƫ-ƷǄ-ǶǸ-ȷȺ-ɀɃ-ɏḀ-ẛẞ-ỿ"
NAME = f"['’(]?[{_LETTER}][{_LETTER}'’´`.,:() -]*"
# Of Belgium, the Netherlands and Luxembourg; of Germany and France; with the country before it, or not.
_OF_BELGIUM_OR_THE_NETHERLANDS = "(?:[Bb]-|[Nn][Ll]-)?[1-9][0-9]{3}(?: ?[A-Za-z]{2})?"
_OF_LUXEMBOURG = "[Ll][Uu]?-[1-9][0-9]{3}"
_OF_GERMANY_OR_FRANCE = "(?:[Dd][Ee]?-|[Ff][Rr]?-)?[0-9]{5}"
POSTCODE = f"{_OF_BELGIUM_OR_THE_NETHERLANDS}|{_OF_LUXEMBOURG}|{_OF_GERMANY_OR_FRANCE}"


class Name(Text):
    """A name, unchanged; what cannot stand in one is named."""

    def parse(self, value: Any) -> str:
        try:
            return super().parse(value)
        except ValueError:
            if isinstance(value, str) and len(value) <= self.max_length:
                _name_the_character(value)
            raise


class Postcode(Text):
    """In capitals; of Belgium and the Netherlands without the country."""

    def __init__(self) -> None:
        super().__init__(AS_POSTCODE, POSTCODE, 10)

    def parse(self, value: Any) -> str:
        return super().parse(value).upper().removeprefix("B-").removeprefix("NL-")


def _name_the_character(text: str) -> None:
    """Raises Unexpected for the first one that no name has."""
    for one in unicodedata.normalize("NFC", text.strip()):
        if not re.fullmatch(f"[{_LETTER}'’´`.,:() -]", one):
            raise Unexpected(NOT_IN_A_NAME, character=one if one.isprintable() else f"U+{ord(one):04X}")


CHILD_ID = Text(AS_CHILD, ID, 64)

CHILD = Model(
    {
        "first_name": Name(AS_NAME, NAME, 80),
        "last_name": Name(AS_LAST_NAME, f"{NAME}|{NO_LAST_NAME}", 80),
        "birth_date": Day(),
    },
    expects=AS_CHILDREN,
)
PASS = Model(
    {
        "email": Address(),
        "language": Choice(AS_LANGUAGE, LANGUAGES),
        "postcode": Postcode(),
        "children": Several(AS_CHILDREN, CHILD, MOST_CHILDREN),
    }
)


class WantedPass(NamedTuple):
    """`postcode` and `children` may be empty: to swim with, a mail address is enough."""

    email: str
    language: str
    postcode: str = ""
    children: tuple[Child, ...] = ()


def create_pass(call: Call) -> Answer:
    return Answer(202, {"pass_id": ask_for(wanted(document(call.body), call.now.date()), call.now, call.source)})


def wanted(content: Any, today: date) -> WantedPass:
    """The request that was sent or typed; raises Problem `invalid` that names what is wrong."""
    given = check(PASS, content)
    children = children_of(given["children"], today)
    return WantedPass(given["email"], given["language"], given["postcode"], children)


def ask_for(asked: WantedPass, now: datetime, source: str, invited_by: str | None = None) -> str:
    """The id of a pass that its mail proves: whoever uses the link in it is the family (proving.py); until then the
    pass is nothing but stored. The id tells nothing about whether the address is known, nor whether it has had its
    passes of this hour: then nothing is stored or sent. Raises Problem `too-many` or `busy` for who asks (`source`, an
    IP address), whatever the mail address. `invited_by`: the family that asks for it in the place of this one."""
    from chalicelib.people.families import mailboxes  # noqa: PLC0415 not for a registration
    from chalicelib.people.families.limits import admit  # noqa: PLC0415 reads IP addresses: not for a registration

    admit(source, now)
    # An address that is corrected in this very second might as well have been typed a second ago.
    pass_id, family = by_chance(PASS_LENGTH), mailboxes.family_of(asked.email, a_moment_ago=True)
    if table.count_asked(family, now, MOST_PASSES_AN_HOUR):
        table.put(
            Pass(
                pass_id=pass_id,
                family_id=family,
                email=asked.email,
                language=asked.language,
                postcode=asked.postcode,
                children=asked.children,
                created_at=now,
                namings={},
                invited_by=invited_by,
            )
        )
    return pass_id


def bearer(call: Call, token: str | None = None) -> Bearer:
    """Which family a request is from; `token`: where it stood if it was not sent as it should be. Raises Problem
    `unauthorized`."""
    given = token if call.token is None else call.token
    if not given:
        raise Problem(UNAUTHORIZED)
    return worth(given, call.now)


def known_pass(call: Call) -> Pass | None:
    """The pass of whoever asks, where anybody may. None: there is none, or it is over."""
    try:
        return pass_of(bearer(call))
    except Problem:
        return None


def known_bearer(call: Call) -> Bearer | None:
    """The same where anybody may ask. None: there is no pass, or one that is over."""
    try:
        return bearer(call)
    except Problem:
        return None


def children_of(given: list[dict[str, Any]], today: date) -> tuple[Child, ...]:
    """The children of a request that CHILD has checked; raises Problem `invalid` for what cannot be."""
    _check_births(given, today)
    children = tuple(child(**one) for one in given)
    twice = twice_named(children)
    if twice is not None:
        raise Problem(INVALID, errors=[FieldError(f"children[{twice}]", NAMED_TWICE)])
    return children


def _check_births(children: list[dict[str, Any]], today: date) -> None:
    errors = []
    for place, one in enumerate(children):
        if one["birth_date"] > today:
            errors.append(FieldError(f"children[{place}].birth_date", NOT_BORN))
        elif one["birth_date"] < EARLIEST_BIRTH:
            errors.append(FieldError(f"children[{place}].birth_date", TOO_OLD))
    if errors:
        raise Problem(INVALID, errors=errors)
