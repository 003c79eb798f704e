"""Obstacles to a later registration, told while there is time to do something about it. Plain rules.

They look at what is true now and is not likely to change before the opening; the claim of a seat decides.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from chalicelib.core.languages import N_
from chalicelib.people.families.rules import Bearer
from chalicelib.programme.openings.admission import is_late
from chalicelib.programme.openings.rules import Opening, OpeningKind, State
from chalicelib.programme.sessions.rules import Session, share_a_day
from chalicelib.seats.rules import Seats

# Of a child and a session, as in a draw: a wish is some of them, granted as a whole or not at all.
Pair = tuple[str, str]


class ObstacleKind(StrEnum):
    """In the order in which a claim looks at them: what no waiting can mend first."""

    NOT_FROM_THERE = "not-from-there"
    GONE = "gone"
    NOT_IN_LIST = "not-in-list"
    CLOSED = "closed"
    AGE = "age"
    REGISTERED = "registered"
    TOO_MANY = "too-many"
    FULL = "full"
    OVERLAPS = "overlaps"
    LATE = "late"
    HELD = "held"


# Each of these stops a registration; the others only make it wait, or are good to know.
STOPS = frozenset(
    {
        ObstacleKind.NOT_FROM_THERE,
        ObstacleKind.GONE,
        ObstacleKind.NOT_IN_LIST,
        ObstacleKind.CLOSED,
        ObstacleKind.AGE,
        ObstacleKind.REGISTERED,
        ObstacleKind.TOO_MANY,
    }
)
# What is so, and what to do about it.
WORDS: Mapping[ObstacleKind, tuple[str, str]] = {
    ObstacleKind.NOT_FROM_THERE: (
        N_("This opening is for families of these postcodes only: {postcodes}. Yours is {postcode}."),
        N_("Is your postcode wrong? Then change it. Otherwise choose sessions of another opening."),
    ),
    ObstacleKind.GONE: (
        N_("This session is not part of the opening any more."),
        N_("Remove this wish and choose another session."),
    ),
    ObstacleKind.NOT_IN_LIST: (
        N_("A child of this wish is not in the list of your children any more."),
        N_("Add the child to your children, or remove this wish."),
    ),
    ObstacleKind.CLOSED: (
        N_("{session} does not take registrations any more when the opening begins."),
        N_("Choose another session."),
    ),
    ObstacleKind.AGE: (
        N_(
            "{session} is for children who are {age_min} to {age_max} years old on its first day. That does not "
            "fit: {children}."
        ),
        N_("Choose a session for the right age, or correct the birth date."),
    ),
    ObstacleKind.REGISTERED: (
        N_("{children}: already registered for {session}, or on its waiting list."),
        N_("There is nothing left to do: remove this wish."),
    ),
    ObstacleKind.TOO_MANY: (
        N_("{session} has {capacity} seats in all, fewer than the children of this wish."),
        N_("Make a wish for each child instead."),
    ),
    ObstacleKind.FULL: (
        N_("{session} has too few seats left at the moment: {seats_left}."),
        N_("Keep the wish and you are put on the waiting list; choose a second session as well."),
    ),
    ObstacleKind.OVERLAPS: (
        N_("{children}: {session} is on the same days as {other}, which you want more."),
        N_("If you get the first one, this one is skipped."),
    ),
    ObstacleKind.LATE: (
        N_("{children}: named after {passes_until}, too late for a turn of their own in the order."),
        N_("You can register as soon as all others have been admitted."),
    ),
    ObstacleKind.HELD: (
        N_("In this opening a seat is held for you for {minutes} minutes first."),
        N_(
            "Accept it by then, with the link in your mail or at your registrations; otherwise it goes to somebody "
            "else."
        ),
    ),
}


@dataclass(frozen=True)
class Obstacle:
    """`wish`: its number from 0; None: it is about all of them. `values`: numbers for the words."""

    what: ObstacleKind
    wish: int | None = None
    child_ids: tuple[str, ...] = ()
    session_id: str | None = None
    other_id: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def stops(self) -> bool:
        return self.what in STOPS


@dataclass(frozen=True)
class WishFacts:
    """Sessions, seats and registrations as known by now. `taken`: a child and a session to whether it has a seat or a
    place there that none of these wishes brought."""

    sessions: Mapping[str, Session]
    seats: Mapping[str, Seats]
    taken: frozenset[Pair] = frozenset()


def obstacles(
    who: Bearer,
    opening: Opening,
    wishes: Sequence[Sequence[Pair]],
    known: WishFacts,
    now: datetime,
) -> list[Obstacle]:
    """Of the opening first, then of each wish in order; a wish that several things would stop names the first."""
    found = list(_of_opening(who, opening, wishes))
    for number, wish in enumerate(wishes):
        stopping = next(_stopping(who, opening, number, wish, known, now), None)
        if stopping:
            found.append(stopping)
            continue
        found += _full(number, wish, known, now)
        found += _overlapping(number, wishes, known)
    return found


def _of_opening(who: Bearer, opening: Opening, wishes: Sequence[Sequence[Pair]]) -> Iterator[Obstacle]:
    if not opening.plan.is_for(who.postcode):
        codes = ", ".join(opening.plan.postcodes)
        yield Obstacle(ObstacleKind.NOT_FROM_THERE, values={"postcodes": codes, "postcode": who.postcode})
        return
    if opening.kind is OpeningKind.DRAW or opening.state is State.DRAWN:
        return
    wished = {child for wish in wishes for child, _ in wish} or set(who.children)
    late = tuple(child for child in who.children if child in wished and is_late(opening, who.namings[child]))
    if late:
        yield Obstacle(ObstacleKind.LATE, child_ids=late)
    if opening.plan.hold:
        yield Obstacle(ObstacleKind.HELD, values={"minutes": int(opening.plan.hold.total_seconds()) // 60})


def _stopping(
    who: Bearer, opening: Opening, number: int, wish: Sequence[Pair], known: WishFacts, now: datetime
) -> Iterator[Obstacle]:
    if any(child not in who.children for child, _ in wish):
        yield Obstacle(ObstacleKind.NOT_IN_LIST, number)
        return
    for session_id, children in _by_session(wish).items():
        seats = known.seats.get(session_id)
        session = known.sessions.get(session_id)
        is_in_it = session_id in opening.plan.session_ids
        if seats is None or session is None or session.cancelled_at or not is_in_it:
            yield Obstacle(ObstacleKind.GONE, number, session_id=session_id)
            continue
        if max(now, opening.opens_at).timestamp() >= seats.closes:
            yield Obstacle(ObstacleKind.CLOSED, number, session_id=session_id)
        misfits = tuple(one for one in children if not seats.born_from <= who.children[one] <= seats.born_until)
        if misfits:
            ages = {"age_min": session.age_min, "age_max": session.age_max}
            yield Obstacle(ObstacleKind.AGE, number, misfits, session_id, values=ages)
        taken = tuple(child for child in children if (child, session_id) in known.taken)
        if taken:
            yield Obstacle(ObstacleKind.REGISTERED, number, taken, session_id)
        if len(children) > seats.capacity:
            yield Obstacle(ObstacleKind.TOO_MANY, number, session_id=session_id, values={"capacity": seats.capacity})


def _full(number: int, wish: Sequence[Pair], known: WishFacts, now: datetime) -> Iterator[Obstacle]:
    for session_id, children in _by_session(wish).items():
        left = known.seats[session_id].for_anyone(int(now.timestamp()))
        if left < len(children):
            yield Obstacle(ObstacleKind.FULL, number, session_id=session_id, values={"seats_left": left})


def _overlapping(number: int, wishes: Sequence[Sequence[Pair]], known: WishFacts) -> Iterator[Obstacle]:
    """The first wish before it that has the same child on the same day."""
    for before in wishes[:number]:
        for child, session_id in wishes[number]:
            for other_child, other_id in before:
                one, other = known.sessions.get(session_id), known.sessions.get(other_id)
                if child == other_child and share_a_day(one, other):
                    yield Obstacle(ObstacleKind.OVERLAPS, number, (child,), session_id, other_id)
                    return


def _by_session(wish: Sequence[Pair]) -> dict[str, list[str]]:
    sessions: dict[str, list[str]] = {}
    for child, session_id in wish:
        sessions.setdefault(session_id, []).append(child)
    return sessions
