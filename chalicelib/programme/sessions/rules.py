"""A session: its fields, those that it lacks, and its status at a moment. Plain rules.

Days and hours are those of Brussels; moments are aware and in UTC; money is in cents of a euro.
"""

import unicodedata
from collections.abc import Container
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Protocol, TypeVar

from chalicelib.core.http.fields import ID, Text
from chalicelib.core.ids import ALPHABET, named
from chalicelib.core.languages import N_
from chalicelib.core.moments import brussels
from chalicelib.seats.rules import Seats, birth_dates

Day = TypeVar("Day", date, str)
Day_co = TypeVar("Day_co", date, str, covariant=True)

# Fields that registration needs; the order is that of the sheet's columns.
NEEDED = ("starts_on", "ends_on", "age_min", "age_max", "capacity", "price_cents")

ID_LENGTH = 10
AS_SESSION = N_("Give the id of a session.")
SESSION_ID = Text(AS_SESSION, ID, 64)


class SessionStatus(StrEnum):
    DRAFT = "draft"
    ANNOUNCED = "announced"
    OPEN = "open"
    FULL = "full"
    CLOSED = "closed"


@dataclass(frozen=True)
class Session:
    """A session as a municipality published it; None is what its list did not say.

    `ends_on` is its last day. `kind`: in the city's own words, such as "sport" or "kleuters"; families look for it.
    `opens_at`: aware, UTC, whole seconds; None as long as no opening is set.
    `opening_id`: the published opening that decides when it opens, and for whom. `deadline`: what staff moved its
    closing to. `contact`: whom families call or write to about this camp. `cancelled_at`: since when it does not take
    place. `sequence`: how often families were told that it changed, or is cancelled (SEQUENCE of their calendars).
    `names`: the ids that its other names would have made, sorted; `session_id` stays what its first name made.
    """

    session_id: str
    municipality: str
    title: str
    starts_on: date | None
    ends_on: date | None
    age_min: int | None
    age_max: int | None
    price_cents: int | None
    capacity: int | None
    place: str | None
    daily_from: time | None
    daily_until: time | None
    opens_at: datetime | None
    note: str
    source: str
    opening_id: str | None = None
    deadline: datetime | None = None
    kind: str | None = None
    contact: str | None = None
    cancelled_at: datetime | None = None
    sequence: int = 0
    names: tuple[str, ...] = ()

    @property
    def closes(self) -> datetime | None:
        """From when on nobody can register; None: not known yet."""
        return self.deadline or (closes_at(self.starts_on) if self.starts_on else None)

    @property
    def missing(self) -> tuple[str, ...]:
        """The fields that a bookable session needs and this one lacks. It is a draft until this is empty."""
        return tuple(name for name in NEEDED if getattr(self, name) is None)


def identify(municipality: str, title: str, starts_on: date | None, *apart: str) -> str:
    """The session's id: the same in every import, however capitals and spaces are written. `apart`: what keeps it from
    another session of the same name and first day, if there is one."""
    parts = (normalise(municipality), normalise(title), starts_on.isoformat() if starts_on else "", *apart)
    return named("|".join(parts), ID_LENGTH)


def free_id(session: Session, taken: Container[str]) -> str:
    """An id for a new session: of its name and first day; where another one has that, also of what keeps them apart."""
    found, number = identify(session.municipality, session.title, session.starts_on), 1
    while found in taken:
        apart = [str(one or "") for one in kept_apart(session)] + ([str(number)] if number > 1 else [])
        found = identify(session.municipality, session.title, session.starts_on, *apart)
        number += 1
    return found


def kept_apart(session: Session) -> tuple[object, ...]:
    """The values that tell it from other sessions of its name and first day: whom it is for, where, and when."""
    place = normalise(session.place or "")
    return session.age_min, session.age_max, place, session.daily_from, session.daily_until


def has_name(session: Session) -> tuple[str, str, date | None]:
    """Its municipality, title and first day, as they are compared."""
    return normalise(session.municipality), normalise(session.title), session.starts_on


def is_session_id(text: str) -> bool:
    """Whether `text` could be one at all: what cannot be is not looked up."""
    return len(text) == ID_LENGTH and all(character in ALPHABET for character in text)


def normalise(text: str) -> str:
    """`text` as it is compared: capitals, spaces and ways of writing the same letter make no difference."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


class HasDays(Protocol[Day_co]):
    """A session, or what of it decides. Days are dates, or these as ISO 8601 writes them; None: not known yet."""

    @property
    def starts_on(self) -> Day_co | None: ...

    @property
    def ends_on(self) -> Day_co | None: ...


def share_a_day(one: HasDays[Day] | None, other: HasDays[Day] | None) -> bool:
    """Whether a child of both would be in two places, the last days included. Drafts, and None, are on no day."""
    if not (one and other and one.starts_on and one.ends_on and other.starts_on and other.ends_on):
        return False
    return one.starts_on <= other.ends_on and other.starts_on <= one.ends_on


def closes_at(starts_on: date) -> datetime:
    """No registration from the first day on: midnight at its start, in UTC."""
    return datetime.combine(starts_on, time.min, brussels()).astimezone(UTC)


def is_over(session: Session, now: datetime) -> bool:
    """Whether its last day has passed, by the calendar in Brussels."""
    return session.ends_on is not None and session.ends_on < now.astimezone(brussels()).date()


def status(session: Session, seats_left: int, now: datetime) -> SessionStatus:
    """Its status at `now` (aware). The reason that no waiting can mend comes first, as in seats/rules.py."""
    if session.missing or session.closes is None:
        return SessionStatus.DRAFT
    if now >= session.closes or session.cancelled_at:
        return SessionStatus.CLOSED
    if session.opens_at is None or now < session.opens_at:
        return SessionStatus.ANNOUNCED
    return SessionStatus.OPEN if seats_left > 0 else SessionStatus.FULL


def all_free(session: Session) -> Seats:
    """The seats of a session that is published now. Raises ValueError for a draft, which has none."""
    if (
        session.starts_on is None
        or session.age_min is None
        or session.age_max is None
        or session.capacity is None
        or session.missing
    ):
        raise ValueError(f"a draft has no seats: {session.session_id} lacks {', '.join(session.missing)}")
    born_from, born_until = birth_dates(session.starts_on, session.age_min, session.age_max)
    return Seats(
        session_id=session.session_id,
        capacity=session.capacity,
        free=session.capacity,
        holders={},
        opens=int(session.opens_at.timestamp()) if session.opens_at else None,
        closes=int((session.deadline or closes_at(session.starts_on)).timestamp()),
        born_from=born_from,
        born_until=born_until,
    )
