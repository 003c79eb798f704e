"""A family lets a helper in, and either ends it: codes, consent that is written down, and who is the family meanwhile.

Nothing here makes a registration, a wish or a place in a queue: a helper's browser asks the family's own pages, which
are told that it is the family (`acting`). The token by which they are told is made for one request and never leaves us.
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from chalicelib.core.http.problems import Problem, ProblemKind, not_now
from chalicelib.core.ids import SPOKEN, by_chance
from chalicelib.core.languages import N_
from chalicelib.core.moments import brussels, today
from chalicelib.core.observability import log
from chalicelib.people import access
from chalicelib.people.assistance import table
from chalicelib.people.assistance.rules import (
    CODE_LENGTH,
    CODE_LIVES,
    MINUTES_BY_WORD,
    MOST_BY_WORD_A_DAY,
    MOST_CODES_AN_HOUR,
    MOST_MADE_AN_HOUR,
    PAPER_LENGTH,
    PAPER_LIVES,
    SCOPES,
    Act,
    Code,
    Consent,
    Help,
    HelpEndedBy,
    Helper,
    LetIn,
    Scope,
    is_code,
    plain,
)
from chalicelib.people.families import desk_numbers, mailboxes, namings, sharing, tokens
from chalicelib.people.families import table as families
from chalicelib.people.families.rules import VALID_DAYS, Pass

HELP_LENGTH = 10
OVER = ProblemKind(
    "help-over",
    403,
    N_("The help has ended"),
    N_("Nothing of the family is left in this browser. To help again, ask the family for a new code."),
)
OUTSIDE = ProblemKind(
    "outside-help",
    403,
    N_("This is not part of the help"),
    N_(
        "A helper sees what the family let them in to, and never money, links or the other parent. The family does "
        "this itself, or at the desk."
    ),
)
WRONG_CODE = N_("This code does not work. A code works once and for a short time: ask for a new one.")
TOO_MANY_CODES = N_("Too many codes were tried. Try again in an hour, or send the family to the desk.")
TOO_MANY_MADE = N_("You made many codes already. Try again in an hour.")
TOO_MANY_WORDS = N_("Five consents were written down or tried today. Help the next family with a code, or at the desk.")
NOT_KNOWN = N_("We know no family by this. Look at both again, or help with a code.")
NOT_BY_WORD = N_("Without an organisation you help with a code only.")
OWN_CHILD = N_("You name a child of this family yourself, so you cannot be its helper.")
NOT_NOW = N_("It did not begin. End the help that you give now first; if there is none, ask for a new code.")


@dataclass(frozen=True)
class Begun:
    """`cookie`: for the helper's browser alone."""

    help: Help
    cookie: str


def make_code(family_id: str, pass_id: str, scope: frozenset[Scope], minutes: int, let_in: LetIn, now: datetime) -> str:
    """A code that lets one helper in once. Raises Problem `not-now` after many of an hour."""
    if not table.count(f"made {family_id}", f"{now:%Y-%m-%dT%H}", MOST_MADE_AN_HOUR, now + timedelta(hours=2)):
        raise not_now(TOO_MANY_MADE)
    is_paper = let_in is LetIn.LETTER
    code = "".join(secrets.choice(SPOKEN) for _ in range(PAPER_LENGTH if is_paper else CODE_LENGTH))
    ends_at = now + (PAPER_LIVES if is_paper else CODE_LIVES)
    table.put_code(code, Code(family_id, pass_id, let_in, scope, minutes, now, ends_at))
    return code


def begin_by_code(helper: Helper, typed: str, now: datetime) -> Begun:
    """Each try is counted before anything is looked up, right or wrong. Raises Problem `not-now`."""
    if not table.count(f"code {helper.helper_id}", f"{now:%Y-%m-%dT%H}", MOST_CODES_AN_HOUR, now + timedelta(hours=2)):
        raise not_now(TOO_MANY_CODES)
    code = table.code(typed, now) if is_code(typed) else None
    if code is None or not _is_the_familys(code):
        raise not_now(WRONG_CODE)
    family = families.get(code.family_id, code.pass_id)
    if family is None:
        raise not_now(WRONG_CODE)
    return _begin(helper, family, code, now, typed=plain(typed))


def _is_the_familys(code: Code) -> bool:
    """Not of a family that let its links stop working since: a letter that was lost does too."""
    try:
        tokens.check_not_revoked(code.family_id, int(code.made_at.timestamp()))
    except Problem:
        return False
    return True


def begin_by_word(helper: Helper, typed: str, birth_date: date, consent: Consent, now: datetime) -> Begun:
    """By what the family said. `typed`: its mail address or its number at the desk; with the birth date of one of its
    children. The family hears of it at once (mail/of_help.py). Nobody takes anything away by word alone. What is wrong
    is told in the same words, whatever it is. Raises Problem `not-now`."""
    if not helper.may_write_down:
        raise not_now(NOT_BY_WORD)
    day = today(now)
    if not table.count(f"word {helper.helper_id}", day.isoformat(), MOST_BY_WORD_A_DAY, now + timedelta(days=2)):
        raise not_now(TOO_MANY_WORDS)
    family_id = mailboxes.family_of(typed) if "@" in typed else desk_numbers.family_of(typed)
    family = newest(family_id, now) if family_id else None
    if (
        family is None
        or all(one.birth_date != birth_date for one in family.children)
        or sharing.is_confidential(family.family_id)
    ):
        raise not_now(NOT_KNOWN)
    scope = frozenset({Scope.REGISTRATIONS})
    said = Code(family.family_id, family.pass_id, LetIn.WORD, scope, MINUTES_BY_WORD, now, now)
    return _begin(helper, family, said, now, consent=consent)


def newest(family_id: str, now: datetime) -> Pass | None:
    """The family's own pass whose links would still work."""
    known = [
        one
        for one in reversed(families.of_family(family_id))
        if one.is_proven and one.children and one.created_at > now - timedelta(days=VALID_DAYS)
    ]
    return next((one for one in known if not one.invited_by), known[0] if known else None)


def _begin(
    helper: Helper, family: Pass, by: Code, now: datetime, *, typed: str | None = None, consent: Consent | None = None
) -> Begun:
    _must_be_nobodys_parent(helper, family)
    last = datetime.combine(helper.until + timedelta(days=1), time.min, brussels()).astimezone(UTC)
    new = Help(
        family.family_id,
        by_chance(HELP_LENGTH),
        family.pass_id,
        *(helper.helper_id, helper.name, helper.organisation, by.let_in, by.scope),
        begun_at=now.replace(microsecond=0),
        ends_at=min(now.replace(microsecond=0) + timedelta(minutes=by.minutes), last),
        consent=consent,
    )
    secret = secrets.token_urlsafe(24)
    if not table.begin(new, secret, today(now), now, typed):
        raise not_now(NOT_NOW)
    return Begun(new, f"{new.family_id}.{new.help_id}.{secret}")


def _must_be_nobodys_parent(helper: Helper, family: Pass) -> None:
    """A former partner, named as a neighbour, does not see the other's registrations by helping. Raises Problem
    `not-now`."""
    own = mailboxes.family_of(helper.email)
    name_them = {namer.family_id for one in family.children for namer in namings.namers(one.child_id)}
    if own == family.family_id or own in name_them:
        raise not_now(OWN_CHILD)


@dataclass(frozen=True)
class Acting:
    """Whom a browser helps. `token`: of the family, for this one request; None where the page knows no family.
    `act_id`: of what was written down; empty for a page that anybody sees."""

    help: Help
    token: str | None
    act_id: str


def acting(
    cookie: str, method: str, address: str, about: Mapping[str, str], now: datetime, *, is_for_families: bool
) -> Acting | None:
    """Whom the helper's browser is for this request, written down before it is answered. None: the help is over, and
    the page is one that anybody sees. `is_for_families`: whether the page asks for a family. Raises Problem `help-over`
    where only a family comes, or something is sent, and `outside-help` for what is none of the helper's."""
    is_noted = is_for_families or method != "GET" or (method, address) in SCOPES
    act = Act(f"{now:%Y%m%dT%H%M%S%f}-{by_chance(4)}", now, method, address, about) if is_noted else None
    found = _present(cookie, act, now)
    if found is None:
        if is_noted:
            raise Problem(OVER)
        return None
    if act is None:
        return Acting(found, None, "")
    access.helped(found.helper_id, found.family_id, f"{method} {address}")
    if found.may(method, address):
        return Acting(found, _token(found), act.act_id)
    if is_for_families or (method, address) in SCOPES:
        note(found, act.act_id, OUTSIDE.status)
        raise Problem(OUTSIDE)
    return Acting(found, None, act.act_id)


def present(cookie: str, now: datetime) -> Help | None:
    """Whom the browser helps now, for the helper's own pages."""
    return _present(cookie, None, now)


def note(of: Help, act_id: str, status: int) -> None:
    table.note_status(of.family_id, of.help_id, act_id, status)


def note_receipt(of: Help, act_id: str, receipt: str) -> None:
    """The number of a case that was sent for the family, for what the family gets about the help. Never raises: the
    case is stored, and whoever sent it sees its number."""
    try:
        table.note_receipt(of.family_id, of.help_id, act_id, receipt)
    except Exception as error:  # noqa: BLE001 whatever it was, the case is stored
        log.error("receipt_not_noted", error=type(error).__name__)


def _present(cookie: str, act: Act | None, now: datetime) -> Help | None:
    try:
        family_id, help_id, secret = cookie.split(".")
    except ValueError:
        return None
    if act is None:
        found = table.present(family_id, help_id, secret, now)
    else:
        found = table.write_down(family_id, help_id, secret, act, now)
    try:
        if found:
            tokens.check_not_revoked(family_id, int(found.begun_at.timestamp()))
    except Problem:
        return None
    return found


def _token(of: Help) -> str:
    """As old as the help: what the family revokes or corrects later counts for it too."""
    family = families.get(of.family_id, of.pass_id)
    if family is None:
        raise Problem(OVER)
    return tokens.sign(family, of.begun_at)


def end(of: Help, by: HelpEndedBy, now: datetime) -> None:
    """At once: the next request of the helper is refused. Again is the same."""
    table.end(of.family_id, of.help_id, by, now)
    table.let_go(of.helper_id, of.help_id)


def end_by_cookie(cookie: str, now: datetime) -> None:
    """The helper's button."""
    if found := present(cookie, now):
        end(found, HelpEndedBy.HELPER, now)


def elsewhere(helper: Helper, now: datetime) -> Help | None:
    """Whom this helper helps now, in whatever browser: one that forgot it ends it so, and can help the next family."""
    found = table.find(*helper.helps) if helper.helps else None
    return found if found and not found.is_over(now) else None


def going_on(helps: Iterable[Help], now: datetime) -> list[Help]:
    return [one for one in helps if not one.is_over(now)]


def erase(family_id: str) -> None:
    """What stands elsewhere of who helped the family; the rest is in its own partition, and goes with it."""
    helps = table.of_family(family_id)
    for one in helps:
        table.let_go(one.helper_id, one.help_id)
    table.erase_lines((today(one.begun_at), one.help_id) for one in helps)
