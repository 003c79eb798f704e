"""The published programme, for anyone: the list and one session."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from typing import Annotated

from chalicelib.core.http.answering import Answer, Call, Json, written
from chalicelib.core.http.answers import Count, Schema
from chalicelib.core.http.fields import LINE, Day, Model, Text, WholeInQuery, queried
from chalicelib.core.http.problems import NOT_FOUND, Problem, existing, invalid
from chalicelib.core.languages import N_
from chalicelib.core.memory import Memory
from chalicelib.core.moments import local
from chalicelib.programme.sessions import table
from chalicelib.programme.sessions.rules import Session, SessionStatus, normalise, status
from chalicelib.seats import table as seats_table
from chalicelib.seats.rules import Seats

AS_MUNICIPALITY = N_("Give the name of a municipality, at most 100 characters.")
AS_AGE = N_("Give an age in whole years from 0 to 120.")
MUNICIPALITY = Text(AS_MUNICIPALITY, LINE, 100, is_required=False)
FROM_AFTER_TO = N_("Give a first day that is not after the last one.")

# A browser or a cache may show what is this old; whoever registers learns the truth at the claim.
CACHED = {"Cache-Control": "public, max-age=5"}

# In a rush thousands ask for the list in the same second, and each read costs. What was read is remembered this long in
# a container, whatever the query: the sessions, and the free seats of those that somebody asked for.
SECONDS_REMEMBERED = 1.0
_programme: Memory[str, Sequence[Session]] = Memory(SECONDS_REMEMBERED)
_seats_left: Memory[str, int] = Memory(SECONDS_REMEMBERED)
# What everybody is shown of it is made once in so many seconds: that takes a hundred times as long as to look at it.
SECONDS_SHOWN = 5.0
_listings: Memory[str, "Listing"] = Memory(SECONDS_SHOWN)
# And what a family is shown of single sessions, where it wishes for them.
_seen: Memory[str, Session] = Memory(SECONDS_SHOWN)
_seen_seats: Memory[str, Seats] = Memory(SECONDS_SHOWN)


# All are optional, and what is empty is not asked for, as a form sends it. Other names are none of our business: people
# share links with trackers on them.
SESSION_QUERY = Model(
    {
        "municipality": MUNICIPALITY,
        "from": Day(is_required=False),
        "to": Day(is_required=False),
        "age": WholeInQuery(AS_AGE, 0, 120, is_required=False),
    }
)


@dataclass(frozen=True)
class PublicSession:
    """A session as anyone may see it at a moment."""

    session_id: str
    municipality: str
    title: str
    starts_on: Annotated[date, "The first day."]
    ends_on: Annotated[date, "The last day."]
    age_min: Annotated[Count, "In whole years, on the first day."]
    age_max: Count
    price_cents: Count
    currency: Annotated[str, Schema(const="EUR")]
    capacity: Count
    seats_left: Annotated[Count, "Seats for families that register now; 0 if somebody waits."]
    opens_at: Annotated[
        datetime | None,
        "The moment at which registration opens; null as long as unknown. In an opening each family has its own moment "
        "from then on (GET /api/pass).",
    ]
    status: Annotated[SessionStatus, Schema(enum=[one for one in SessionStatus if one is not SessionStatus.DRAFT])]
    place: str | None
    daily_from: time | None
    daily_until: time | None
    note: Annotated[str | None, "The city's note on the price."]
    opening_id: Annotated[str | None, "The opening that decides when it opens, and for whom."]
    kind: Annotated[str | None, "One word of the city, which families can search for."]
    contact: Annotated[str | None, "Whom families call or write to about this session."]
    cancelled_at: Annotated[datetime | None, "Since when it does not take place; lists leave it out then."]


@dataclass(frozen=True)
class Listing:
    """The published programme as anyone may see it from one moment to another one, None: for ever, at which a session
    opens or closes. `municipalities`: of each session, as they are compared."""

    since: datetime | None
    until: datetime | None
    sessions: Sequence[PublicSession]
    municipalities: Sequence[str]

    @cached_property
    def as_json(self) -> Sequence[str]:
        """Each session."""
        return [written(session) for session in self.sessions]

    def is_as_at(self, now: datetime) -> bool:
        return (self.since is None or self.since <= now) and (self.until is None or now < self.until)

    def fitting(
        self, municipality: str | None, earliest: date | None, latest: date | None, age: int | None
    ) -> list[int]:
        """Where the sessions stand in the list that are in this municipality, begin between these days, these included,
        and are for children of this age, each where it is given."""
        where = normalise(municipality) if municipality is not None else None
        return [
            place
            for place, session in enumerate(self.sessions)
            if (where is None or self.municipalities[place] == where)
            and (earliest is None or earliest <= session.starts_on)
            and (latest is None or session.starts_on <= latest)
            and (age is None or session.age_min <= age <= session.age_max)
        ]


def list_sessions(call: Call) -> Answer:
    """The published sessions in `municipality`, for children of `age`, that begin between `from` and `to`, these days
    included."""
    wish = queried(SESSION_QUERY, call.query)
    if wish["from"] and wish["to"] and wish["from"] > wish["to"]:
        raise invalid("from", FROM_AFTER_TO)
    shown = listing(call.now)
    places = shown.fitting(wish["municipality"], wish["from"], wish["to"], wish["age"])
    listed = ", ".join(shown.as_json[place] for place in places)
    return Answer(200, Json(f'{{"sessions": [{listed}]}}'), CACHED)


def get_session(call: Call, session_id: str) -> Answer:
    return Answer(200, public_session(session_id, call.now), CACHED)


def listing(now: datetime) -> Listing:
    """The published programme, in the order of the list; its seats as they were within the last seconds."""
    known = _listings.fresh(table.PK)
    if known is None or not known.is_as_at(now):
        _listings.put(table.PK, known := _listed(now))
    return known


def _listed(now: datetime) -> Listing:
    sessions = published()
    left = left_of(sessions, int(now.timestamp()))
    shown = [_public(session, left[session.session_id], now) for session in sessions if session.session_id in left]
    moments = sorted({at for one in sessions for at in (one.opens_at, one.closes) if at})
    place = bisect_right(moments, now)
    since, until = moments[place - 1] if place else None, moments[place] if place < len(moments) else None
    return Listing(since, until, shown, [normalise(session.municipality) for session in shown])


def public_sessions(now: datetime) -> Sequence[PublicSession]:
    """All that are published, in the order of the list."""
    return listing(now).sessions


def public_session(session_id: str, now: datetime) -> PublicSession:
    """One published session as it is now: nothing of it is remembered here. Raises Problem `not-found`."""
    session = table.get(session_id)
    if session is None or session.missing:
        raise Problem(NOT_FOUND)
    seats = existing(seats_table.get([session_id]).get(session_id))
    return _public(session, seats.for_anyone(int(now.timestamp())), now)


def forget() -> None:
    """For whoever changes the programme in this process."""
    _programme.forget()
    _seats_left.forget()
    _listings.forget()
    _seen.forget()
    _seen_seats.forget()


def published() -> Sequence[Session]:
    """All sessions that take place and are no drafts, in the order of the list."""
    return _programme.get(table.PK, _read)


def seen(session_ids: Iterable[str]) -> dict[str, Session]:
    """Those of these sessions that there are, cancelled ones too, as they were within the last seconds: for pages that
    show them."""
    return _seen.several(session_ids, lambda unknown: table.several(unknown, consistent=False))


def seen_seats(session_ids: Iterable[str]) -> dict[str, Seats]:
    """Their seats, likewise: a list of hundreds of sessions would cost a read unit for two of them at each look."""
    return _seen_seats.several(session_ids, lambda unknown: seats_table.get(unknown, consistent=False))


def _read() -> Sequence[Session]:
    published = [one for one in table.all_sessions() if not one.missing and not one.cancelled_at]
    return sorted(published, key=lambda session: (session.starts_on or date.max, session.municipality, session.title))


def left_of(sessions: Sequence[Session], at: int) -> dict[str, int]:
    """session_id to the number of its seats that anyone could get at that moment, in epoch seconds."""

    def read(ids: Sequence[str]) -> dict[str, int]:
        return {one: seats.for_anyone(at) for one, seats in seats_table.get(ids, consistent=False).items()}

    return _seats_left.several([session.session_id for session in sessions], read)


def _public(session: Session, seats_left: int, now: datetime) -> PublicSession:
    """Raises ValueError for a draft, which lacks something."""
    if (
        session.starts_on is None
        or session.ends_on is None
        or session.age_min is None
        or session.age_max is None
        or session.price_cents is None
        or session.capacity is None
    ):
        raise ValueError(f"a draft is not public: {session.session_id}")
    return PublicSession(
        session_id=session.session_id,
        municipality=session.municipality,
        title=session.title,
        starts_on=session.starts_on,
        ends_on=session.ends_on,
        age_min=session.age_min,
        age_max=session.age_max,
        price_cents=session.price_cents,
        currency="EUR",
        capacity=session.capacity,
        seats_left=seats_left,
        opens_at=local(session.opens_at) if session.opens_at else None,
        status=status(session, seats_left, now),
        place=session.place,
        daily_from=session.daily_from,
        daily_until=session.daily_until,
        note=session.note or None,
        opening_id=session.opening_id,
        kind=session.kind,
        contact=session.contact,
        cancelled_at=session.cancelled_at and local(session.cancelled_at),
    )
