"""The city names helpers and ends them; a helper comes in by a link in a mail of their own, which works once."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from itsdangerous import BadData

from chalicelib.core.http.problems import Problem, ProblemKind, invalid, not_now
from chalicelib.core.languages import N_
from chalicelib.core.moments import today
from chalicelib.people.assistance import table
from chalicelib.people.assistance.rules import LINK_LIVES, LONGEST, HelpEndedBy, Helper
from chalicelib.people.families.addresses import AS_EMAIL, Address
from chalicelib.people.families.identity import keyed_id, mailbox
from chalicelib.people.families.limits import admit
from chalicelib.people.families.signing import signer
from chalicelib.people.staff.rules import Staff

HELPER_LENGTH = 11
PURPOSE = "helper"
MOST_PEOPLE = 30
_LINE = re.compile(r"\s*(?P<name>[^<>@,;]{2,80}?)[\s,;<]+(?P<email>[^\s<>,;]+@[^\s<>,;]+)>?\s*")

AS_PEOPLE = N_(
    "Write a name and a mail address on each line, for example: Jan Maes, jan@bib.example. At most 30 people."
)
AS_UNTIL = N_("Give the last day: today or later, and at most a year from now.")
AS_LANGUAGE = N_("Choose nl, fr or en.")
AS_ORGANISATION = N_("Write the name of the organisation, at most 80 characters; leave it out for a neighbour.")
YOURSELF = N_("This is your own address. Nobody names themself: ask a colleague.")
ALREADY = N_("Somebody with this address is a helper already: {email}. End that first.")
LINK_OVER = ProblemKind(
    "link-over",
    403,
    N_("This link does not work any more"),
    N_("A link works once, for half an hour, and while you are a helper. Ask for a new one with your mail address."),
)


@dataclass(frozen=True)
class Person:
    name: str
    email: str


def helper_id(email: str) -> str:
    """One mailbox is one helper, so that nobody guesses twice as often under two names."""
    return keyed_id("helper", mailbox(email), HELPER_LENGTH)


def people_of(typed: str) -> list[Person]:
    """Raises Problem `invalid`."""
    lines = [one for one in typed.splitlines() if one.strip()]
    if not 1 <= len(lines) <= MOST_PEOPLE:
        raise invalid("people", AS_PEOPLE)
    return [_person(one) for one in lines]


def _person(line: str) -> Person:
    found = _LINE.fullmatch(line)
    if found is None or not found["name"].isprintable():
        raise invalid("people", AS_PEOPLE)
    try:
        return Person(found["name"].strip(), Address().parse(found["email"]))
    except ValueError:
        raise invalid("people", AS_EMAIL) from None


def name(by: Staff, organisation: str, people: Sequence[Person], until: date, language: str, now: datetime) -> None:
    """Each of them is a helper until the end of that day, and gets the first link. Those that could be named are, also
    if somebody behind them could not. Raises Problem `invalid`."""
    day = today(now)
    if not day <= until <= day + LONGEST:
        raise invalid("until", AS_UNTIL)
    if len(organisation) > 80 or not organisation.isprintable():
        raise invalid("organisation", AS_ORGANISATION)
    if any(mailbox(one.email) == mailbox(by.email) for one in people if by.email):
        raise invalid("people", YOURSELF)
    for one in people:
        new = Helper(
            helper_id(one.email),
            *(one.name, organisation, one.email, language, until),
            *(by.staff_id, by.name, now),
        )
        if not table.name(new, day):
            raise invalid("people", ALREADY, email=one.email)
        table.ask_link(new.helper_id, day, now, now + timedelta(days=3))


def end(helper: str, now: datetime) -> None:
    """The helper is none any more, and whom they help now is helped no more. Again is the same."""
    helps = table.end_helper(helper, today(now) - timedelta(days=1))
    if helps:
        table.end(*helps, HelpEndedBy.CITY, now)
        table.let_go(helper, helps[1])


def ask_for_link(email: str, source: str, now: datetime) -> None:
    """A mail with a new link, if this is a helper. Tells nothing about whether it is. Raises Problem `too-many` or
    `busy` for who asks."""
    admit(source, now)
    table.ask_link(helper_id(email), today(now), now, now + LINK_LIVES)


def link_token(of: table.SignIn) -> str:
    return str(signer(PURPOSE).dumps([of.helper.helper_id, of.nonce]))


def come(token: str, now: datetime) -> str:
    """Signs a helper's browser in, by the link of a mail: the value of its cookie. The link is used by that, and any
    other browser of this helper is signed out. Raises Problem `link-over`."""
    try:
        helper, nonce = signer(PURPOSE).loads(token)
    except (BadData, ValueError, TypeError):
        raise Problem(LINK_OVER) from None
    secret = secrets.token_urlsafe(24)
    if not table.use_link(str(helper), str(nonce), secret, today(now), now):
        raise Problem(LINK_OVER)
    return f"{helper}.{secret}"


def known(cookie: str, now: datetime) -> Helper | None:
    """The helper whose browser this is; None: nobody, or not any more."""
    helper, _, secret = cookie.partition(".")
    return table.signed_in(helper, secret, today(now), now) if helper and secret else None


def leave(cookie: str) -> None:
    helper, _, secret = cookie.partition(".")
    if helper and secret:
        table.sign_out(helper, secret)


def must_be(helper: Helper | None) -> Helper:
    """Raises Problem `not-now`."""
    if helper is None:
        raise not_now(N_("You are not signed in as a helper. Ask for a link with your mail address."))
    return helper
