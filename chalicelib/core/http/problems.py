"""The errors of the API, as RFC 9457 problem documents in the reader's language. docs/api.md lists them.

A rule or a handler raises a Problem; only `answering.py` turns it into an answer. Nothing is stored when one is raised.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as member
from typing import Any, TypeVar

from chalicelib.core.languages import LANGUAGES, N_, translate

T = TypeVar("T")
TYPE = "https://stormloop.example/problems/"


@dataclass(frozen=True)
class ProblemKind:
    slug: str
    status: int
    title: str
    detail: str


INVALID = ProblemKind(
    "invalid",
    422,
    N_("Something is missing or not right"),
    N_("Correct what is named below and send it again. Nothing was stored."),
)
UNAUTHORIZED = ProblemKind(
    "unauthorized",
    401,
    N_("No valid pass"),
    N_("Use the link in your mail, or ask for a new one with your mail address."),
)
NOT_SIGNED_IN = ProblemKind("unauthorized", 401, N_("Not signed in"), N_("Sign in, or sign in again."))
NOT_ALLOWED = ProblemKind(
    "not-allowed",
    403,
    N_("Not for your role"),
    N_(
        "Ask somebody who has one of these roles: {roles}. Or ask the person who manages the accounts to change "
        "your role."
    ),
)
NOT_YOURS = ProblemKind(
    "not-allowed",
    403,
    N_("Not for your municipality"),
    N_(
        "This also concerns municipalities that you do not work for: {municipalities}. Ask somebody who works for all "
        "of them, or ask the person who manages the accounts to change your groups."
    ),
)
CHANGED = ProblemKind(
    "changed",
    409,
    N_("Somebody else changed this meanwhile"),
    N_("See how it is now, and do it again if you still want to. Nothing was stored."),
)
NOT_NOW = ProblemKind("not-now", 409, N_("This cannot be done now"), "{why}")
NOT_FOUND = ProblemKind(
    "not-found", 404, N_("Not found"), N_("There is nothing here, or it is not yours. Check the link or the reference.")
)
TOO_EARLY = ProblemKind(
    "too-early",
    425,
    N_("Registration is not open yet"),
    N_("Come back at the moment of the opening. Trying earlier gives no better chance."),
)
PAUSED = ProblemKind("too-early", 425, N_("Registration is paused"), "{why}")
BY_DRAW = ProblemKind(
    "too-early",
    425,
    N_("These seats are drawn by lot"),
    N_(
        "Enter your wishes until {wishes_until}: it makes no difference when. Seats that are left after the draw are "
        "first come, first served."
    ),
)
BEING_DRAWN = ProblemKind(
    "too-early",
    425,
    BY_DRAW.title,
    N_("No more wishes are taken. Seats that are left after the draw are first come, first served."),
)
CLOSED = ProblemKind(
    "closed", 409, N_("Registration is closed"), N_("This session no longer takes registrations. Choose another one.")
)
WISHES_OVER = ProblemKind("closed", 409, N_("Wishes are closed"), BEING_DRAWN.detail)
OFFER_OVER = ProblemKind(
    "closed",
    409,
    N_("This seat is no longer held for you"),
    N_("The time was over, or it was given up. The seat is for the next family now. You may register again."),
)
ANSWERS_MISSING = ProblemKind(
    "answers-missing",
    409,
    N_("Questions are still open"),
    N_("Answer what is named below first. Then you can accept the seat, which is held for you until then."),
)
NOT_ELIGIBLE = ProblemKind(
    "not-eligible",
    403,
    N_("This session is not for this child"),
    N_("On the first day a child must be between {age_min} and {age_max} years old."),
)
NOT_FROM_THERE = ProblemKind(
    "not-eligible",
    403,
    N_("These sessions are not for your postcode"),
    N_("The opening takes families of these postcodes only: {postcodes}."),
)
OVERLAPS = ProblemKind(
    "not-eligible",
    403,
    N_("This child is in another camp on these days"),
    N_(
        "A child can be in one camp at a time. Cancel the other registration first, or choose a session on other days. "
        "If you did not make it, call your municipality."
    ),
)
TOO_MANY_CHILDREN = ProblemKind(
    "not-eligible",
    403,
    N_("Too many children for one mail address"),
    N_(
        "From September to August one mail address can name {most_children} children at most, in all its passes "
        "together. Are there more in your family? Call your municipality: it can allow them."
    ),
)
ALREADY_REGISTERED = ProblemKind(
    "already-registered",
    409,
    N_("Already registered"),
    N_("A child already has a seat or a place on the waiting list in this session."),
)
SOLD_OUT = ProblemKind(
    "sold-out",
    409,
    N_("Not enough seats left"),
    N_("Seats left: {seats_left}. Choose another session, or ask for the waiting list."),
)
BUSY = ProblemKind(
    "busy",
    503,
    N_("Very busy at the moment"),
    N_("Nothing is lost. Try again in a moment with the same key: you will not be registered twice."),
)
LINKS_BUSY = ProblemKind(
    "busy",
    503,
    BUSY.title,
    N_("Many families ask for a link now. Nothing was stored. Try again in a minute."),
)
PROVIDER_AWAY = ProblemKind(
    "busy",
    503,
    N_("The payment service does not answer"),
    N_("Try again in a few minutes. If you have just paid, do not pay again before you see here whether it came."),
)
TOO_MANY_LINKS = ProblemKind(
    "too-many",
    429,
    N_("Too many links were asked for"),
    N_(
        "Too many links were asked for on this internet connection within an hour. Nothing was stored. Try again in "
        "the next hour, use another connection, or call your municipality."
    ),
)
UNEXPECTED = ProblemKind(
    "unexpected",
    500,
    N_("Something went wrong on our side"),
    N_("Try again with the same key. If it stays so, call your municipality and name this number: {request_id}"),
)

# In the order in which they stand here.
KINDS = tuple(one for one in vars().values() if isinstance(one, ProblemKind))


class InEachLanguage(dict[str, str]):
    """A text that staff wrote, by language: an answer has it in the reader's."""


@dataclass(frozen=True)
class FieldError:
    """`field` as the sender would find it, `children[1].birth_date`; `message` in English, `values` for its {names}."""

    field: str
    message: str
    values: Mapping[str, Any] = member(default_factory=dict)


class Problem(Exception):
    """`extra`: further members of the document, and the values that `detail` names. `retry_after`: seconds.
    `opening_id`: which opening it is about, for the tally; nobody is told."""

    def __init__(
        self,
        kind: ProblemKind,
        extra: Mapping[str, Any] | None = None,
        errors: Sequence[FieldError] = (),
        retry_after: int | None = None,
    ) -> None:
        super().__init__(kind.slug)
        self.kind = kind
        self.extra = extra or {}
        self.errors = errors
        self.retry_after = retry_after
        self.opening_id: str | None = self.extra.get("opening_id")

    def document(self, language: str) -> dict[str, Any]:
        extra = {
            name: value[language] if isinstance(value, InEachLanguage) else value for name, value in self.extra.items()
        }
        document: dict[str, Any] = {
            "type": TYPE + self.kind.slug,
            "title": translate(self.kind.title, language),
            "status": self.kind.status,
            "detail": translate(self.kind.detail, language, **extra),
            **extra,
        }
        if self.errors:
            document["errors"] = [
                {"field": error.field, "message": translate(error.message, language, **error.values)}
                for error in self.errors
            ]
        return document


def existing(found: T | None) -> T:
    """The thing that was looked up; raises Problem `not-found` if there is none."""
    if found is None:
        raise Problem(NOT_FOUND)
    return found


def invalid(field_name: str, message: str, **values: object) -> Problem:
    """The problem of one wrong field."""
    return Problem(INVALID, errors=[FieldError(field_name, message, values)])


def not_now(why: str, errors: Sequence[FieldError] = (), **values: object) -> Problem:
    """A request that the current state does not allow. `why`: our own text, marked with N_; `values` for its
    {names}."""
    in_each = InEachLanguage({language: translate(why, language, **values) for language in LANGUAGES})
    return Problem(NOT_NOW, {"why": in_each}, errors)
