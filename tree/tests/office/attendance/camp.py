"""Given: a camp of a few days with children in it, and who looks at its lists."""

from datetime import UTC, date, datetime
from typing import Any

from chalicelib.booking.registrations.register import RegistrationRequest, register
from chalicelib.people.child_info import entering
from chalicelib.people.families.rules import Child, child
from chalicelib.people.staff.rules import Role, Staff
from chalicelib.programme.sessions import leaders
from chalicelib.programme.sessions.rules import Session
from tests.camps import Family, family, published

# Of the camps that name him; the others, of the municipality.
LEADER = Staff("7d0c-41", "Yusuf Demir", frozenset({Role.LEADER}), "yusuf.demir@kaprijke.example")
DESK = Staff("7d0c-42", "Jamila Aerts", frozenset({Role.DESK}), municipalities=frozenset({"kaprijke"}))
MANAGER = Staff("7d0c-43", "Piet de Boer", frozenset({Role.MANAGER}), municipalities=frozenset({"kaprijke"}))
NOW = datetime(2027, 8, 15, 15, tzinfo=UTC)
MONDAY = date(2027, 8, 16)
# Turns five on the second day of the camp.
ZOE = child("Zoë", "Şimşek", date(2022, 8, 17))
LUKASZ = child("Łukasz", "De Wilde", date(2021, 12, 1))
ELIF = child("Elif", "Simsek", date(2022, 3, 3))


def registered(session: Session, *children: Child, email: str, **care: Any) -> Family:
    """Given a family with seats that said what is to be known of each of its children, if anything."""
    found = family(*children, email=email)
    wish = RegistrationRequest(
        session.session_id, tuple(one.child_id for one in children), waitlist=False, key=session.session_id
    )
    register(found.pass_.bearer, wish, datetime.now(UTC))
    for one in children if care else ():
        content = {"contacts": [], "medical": None, "pick_up": [], **care}
        entering.enter(found.pass_.family_id, one.child_id, content, NOW)
    return found


def a_camp(**changed: Any) -> Session:
    """Given a camp with three children, whose names sort in their own way, and with its leader."""
    session = published(**changed)
    leaders.name(session, [LEADER.email])
    registered(session, ZOE, email="simsek@example.be", medical="Astma: puffer in de rugzak.")
    registered(
        session,
        LUKASZ,
        email="dewilde@example.be",
        contacts=[{"name": "Ewa De Wilde", "phone": "+32 470 11 22 33"}],
        pick_up=["Oma Krystyna"],
    )
    registered(session, ELIF, email="e.simsek@example.be")
    return session
