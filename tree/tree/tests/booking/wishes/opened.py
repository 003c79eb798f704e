"""Given: first-come openings that have begun, and wishes that a family prepares for them."""

from datetime import UTC, datetime
from typing import Any

from chalicelib.booking.wishes import preparing
from chalicelib.booking.wishes.rules import Prepared, WantedSession
from chalicelib.people.families.rules import Child
from chalicelib.programme.openings.rules import Opening, OpeningKind
from chalicelib.programme.sessions.rules import Session
from tests.booking.draw.lots import drawn_opening
from tests.camps import Family


def opened(*sessions: Session, **plan: Any) -> Opening:
    """Given an opening whose spread is over: everybody is admitted."""
    plan = {"kind": OpeningKind.FIRST_COME, "wishes_until": None, **plan}
    return drawn_opening(*sessions, **plan)


def wanted(session: Session, *children: Child) -> WantedSession:
    return WantedSession(session.session_id, tuple(child.child_id for child in children))


def save(by: Family, opening: Opening, *wishes: WantedSession, by_itself: bool = False) -> Prepared:
    return preparing.save(by.pass_.bearer, opening.opening_id, wishes, by_itself, datetime.now(UTC))


def look_up(by: Family, opening: Opening) -> Prepared:
    return preparing.look_up(by.pass_.bearer, opening.opening_id, datetime.now(UTC))[0]
