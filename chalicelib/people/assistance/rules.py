"""Helpers: who of a library, a welfare centre or the street may do a family's forms with it, what of it, and for how
long. Plain rules.

A helper acts as the family and by its own pages: the same queue, the same moments, the same writes. What a helper is
not let in to is everything that is not in SCOPES: money, the family's data and links, the other parent.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from chalicelib.core.ids import SPOKEN
from chalicelib.core.languages import N_

# A code as people say it: on a screen for ten minutes, on paper for as long as a letter and a visit take.
CODE_LENGTH, PAPER_LENGTH = 8, 12
CODE_LIVES, PAPER_LIVES = timedelta(minutes=10), timedelta(days=14)
# For how long a family may let somebody in.
MINUTES = (15, 30, 60)
MINUTES_BY_WORD = 30
# Of one helper, right or wrong, in an hour: a busy afternoon in a library has fewer. A code has 22**8 forms.
MOST_CODES_AN_HOUR = 10
# Of one helper in a day: who has no phone and no letter is the exception.
MOST_BY_WORD_A_DAY = 5
# Of one family in an hour.
MOST_MADE_AN_HOUR = 20
# Nobody is a helper for longer without being named again.
LONGEST = timedelta(days=366)
LINK_LIVES, SIGNED_IN = timedelta(minutes=30), timedelta(hours=8)
# What a helper did, and who looked at it, is kept for as long as the log of who saw what.
KEPT = timedelta(days=365)
# Pages that a helper may ask for in one help: an hour of somebody's clicking, and no script's.
MOST_ACTS = 500
# Of the helps that began on a day, so many are looked at.
LOOKED_AT = 3


class Scope(StrEnum):
    """What a helper is let in to. REGISTRATIONS: look, prepare, register, answer what is asked. GIVING_UP: cancel too,
    which says what that costs. CARE: what the camp must know of a child, medical notes too."""

    REGISTRATIONS = "registrations"
    GIVING_UP = "giving-up"
    CARE = "care"


class LetIn(StrEnum):
    """How: by a code on the family's screen, by one in a letter of the desk, or by what the family said, which the
    helper wrote down."""

    CODE = "code"
    LETTER = "letter"
    WORD = "word"


class HelpEndedBy(StrEnum):
    HELPER = "helper"
    FAMILY = "family"
    CITY = "city"


SCOPE_NAMES: Mapping[Scope, str] = {
    Scope.REGISTRATIONS: N_("look at the registrations, register, and answer questions"),
    Scope.GIVING_UP: N_("cancel registrations, and see what that costs"),
    Scope.CARE: N_("see and fill in what the camp must know of the children, also medical"),
}
LET_IN_NAMES: Mapping[LetIn, str] = {
    LetIn.CODE: N_("with a code from the family’s screen"),
    LetIn.LETTER: N_("with the code in a letter of the desk"),
    LetIn.WORD: N_("because the family said so, as the helper wrote down"),
}

ENDED_BY_NAMES: Mapping[HelpEndedBy, str] = {
    HelpEndedBy.HELPER: N_("the helper"),
    HelpEndedBy.FAMILY: N_("the family"),
    HelpEndedBy.CITY: N_("the city"),
}

_LOOK, _GIVE_UP, _CARE = Scope.REGISTRATIONS, Scope.GIVING_UP, Scope.CARE
_REGISTRATION, _CHILD = "/registrations/{registration_id}", "/registrations/{registration_id}/children/{child_id}"
# Each page on which a helper is the family, and what of the scope it asks for. A page that is not here knows no family
# while somebody helps.
SCOPES: Mapping[tuple[str, str], Scope] = {
    ("GET", "/family"): _LOOK,
    ("GET", "/openings/{opening_id}/moment.ics"): _LOOK,
    ("GET", "/wishes/{opening_id}"): _LOOK,
    ("POST", "/wishes/{opening_id}"): _LOOK,
    ("GET", "/opening/{opening_id}"): _LOOK,
    ("POST", "/opening/{opening_id}"): _LOOK,
    ("GET", "/sessions/{session_id}"): _LOOK,
    ("POST", "/sessions/{session_id}"): _LOOK,
    ("GET", _REGISTRATION): _LOOK,
    ("POST", _REGISTRATION): _LOOK,
    ("GET", f"{_REGISTRATION}/calendar.ics"): _LOOK,
    ("GET", f"{_REGISTRATION}/answers"): _LOOK,
    ("POST", f"{_REGISTRATION}/answers"): _LOOK,
    ("GET", f"{_REGISTRATION}/cancel"): _GIVE_UP,
    ("POST", f"{_REGISTRATION}/cancel"): _GIVE_UP,
    ("GET", f"{_CHILD}/cancel"): _GIVE_UP,
    ("POST", f"{_CHILD}/cancel"): _GIVE_UP,
    ("GET", "/children/{child_id}"): _CARE,
    ("POST", "/children/{child_id}"): _CARE,
}
# What each did, for the receipt.
LOOKED = N_("Looked at a page")
SENT = N_("Sent a form")
DID: Mapping[tuple[str, str], str] = {
    ("GET", "/family"): N_("Looked at the registrations"),
    ("GET", "/wishes/{opening_id}"): N_("Looked at the wishes"),
    ("POST", "/wishes/{opening_id}"): N_("Changed the wishes"),
    ("GET", "/opening/{opening_id}"): N_("Looked at an opening"),
    ("POST", "/opening/{opening_id}"): N_("Registered what was wished for"),
    ("GET", "/sessions/{session_id}"): N_("Looked at a camp"),
    ("POST", "/sessions/{session_id}"): N_("Registered for a camp"),
    ("GET", _REGISTRATION): N_("Looked at a registration"),
    ("POST", _REGISTRATION): N_("Answered an offer of a seat"),
    ("GET", f"{_REGISTRATION}/answers"): N_("Looked at the questions of a camp"),
    ("POST", f"{_REGISTRATION}/answers"): N_("Answered the questions of a camp"),
    ("POST", f"{_REGISTRATION}/cancel"): N_("Cancelled a registration"),
    ("POST", f"{_CHILD}/cancel"): N_("Cancelled for one child"),
    ("GET", "/children/{child_id}"): N_("Looked at what the camp must know of a child"),
    ("POST", "/children/{child_id}"): N_("Filled in what the camp must know of a child"),
    ("POST", "/forms/{form_id}"): N_("Sent the city a form"),
}


@dataclass(frozen=True)
class Helper:
    """Somebody whom the city named. `organisation`: empty for a neighbour, who helps without one. `until`: the last
    day. `entered_name`: of the colleague who named them. `helps`: family_id and help_id of whom they help, or helped
    last. `unreached`: why the last mail to them did not arrive (a mail.rules.MailReturn, or SES's code); "": as far as
    anybody knows it did."""

    helper_id: str
    name: str
    organisation: str
    email: str
    language: str
    until: date
    entered_by: str
    entered_name: str
    entered_at: datetime
    helps: tuple[str, str] | None = None
    unreached: str = ""

    def works_on(self, day: date) -> bool:
        return day <= self.until

    @property
    def may_write_down(self) -> bool:
        """Whether what a family said is enough, if this helper writes it down: an organisation answers for it."""
        return bool(self.organisation)


@dataclass(frozen=True)
class Consent:
    """What a family said, as the helper wrote it down. `who`: who said it. `number`: the phone on which, or where.
    When: as the help began."""

    who: str
    number: str
    why: str


@dataclass(frozen=True)
class Help:
    """That somebody helps a family. `pass_id`: by which the helper is the family. `ends_at`: when it ends by itself.
    `unreached`: why a mail to the family about it did not arrive; "": as far as anybody knows they did."""

    family_id: str
    help_id: str
    pass_id: str
    helper_id: str
    helper_name: str
    organisation: str
    let_in: LetIn
    scope: frozenset[Scope]
    begun_at: datetime
    ends_at: datetime
    consent: Consent | None = None
    ended_at: datetime | None = None
    ended_by: HelpEndedBy | None = None
    unreached: str = ""

    def is_over(self, now: datetime) -> bool:
        return self.ended_at is not None or now >= self.ends_at

    def over_at(self, now: datetime) -> datetime | None:
        return self.ended_at or (self.ends_at if now >= self.ends_at else None)

    def minutes_left(self, now: datetime) -> int:
        """Begun ones count."""
        return max(0, -int(-(self.ends_at - now).total_seconds() // 60))

    def may(self, method: str, address: str) -> bool:
        """Whether the helper is the family there."""
        return SCOPES.get((method, address)) in self.scope

    @property
    def scope_names(self) -> list[str]:
        """In English, marked with N_."""
        return [SCOPE_NAMES[one] for one in Scope if one in self.scope]

    @property
    def who(self) -> str:
        return f"{self.helper_name} ({self.organisation})" if self.organisation else self.helper_name


@dataclass(frozen=True)
class Act:
    """What a helper asked for. `address`: in the table of routes; `about`: what stands in it, and the `receipt` of
    a case that was sent. `status`: how it was
    answered; None: nobody wrote that down, so it may have been done."""

    act_id: str
    at: datetime
    method: str
    address: str
    about: Mapping[str, str]
    status: int | None = None

    @property
    def is_change(self) -> bool:
        return self.method != "GET"

    @property
    def was_refused(self) -> bool:
        return self.status is not None and self.status >= 400

    @property
    def did(self) -> str:
        """In English, marked with N_."""
        return DID.get((self.method, self.address), SENT if self.is_change else LOOKED)


@dataclass(frozen=True)
class Code:
    """A code that a family gave out, or the desk printed for it. `pass_id`: by which the helper is the family."""

    family_id: str
    pass_id: str
    let_in: LetIn
    scope: frozenset[Scope]
    minutes: int
    made_at: datetime
    ends_at: datetime


def plain(typed: str) -> str:
    """A code as it was said, without what people put between."""
    return "".join(typed.split()).replace("-", "").upper()


def is_code(typed: str) -> bool:
    return len(plain(typed)) in (CODE_LENGTH, PAPER_LENGTH) and set(plain(typed)) <= set(SPOKEN)


def spoken(code: str) -> str:
    """In groups of four."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def chosen(scopes: Iterable[str]) -> frozenset[Scope]:
    """What a family ticked; REGISTRATIONS always."""
    return frozenset({Scope.REGISTRATIONS, *(Scope(one) for one in scopes if one in set(Scope))})
