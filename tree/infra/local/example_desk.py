"""What staff do over the API before anybody looks: the draw is held, and at the desk a seat is freed, which is offered
to the next family of a waiting list."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from infra.local.api import ask, must
from infra.local.example import SMALL, SMALL_TITLE
from infra.local.sign_in import token

CALLED = "The family has no internet and called."
FAMILIES = (("Lies", "Dewit"), ("Karim", "Bensaïd"), ("Ann", "Vermeulen"))


def hold_the_draw(base: str, home: Path) -> None:
    """The manager asks for it; the function for draws holds it, and nobody waits for that."""
    manager = token("programme-manager", home)
    for one in must(ask(base, "GET", "/api/openings"))["openings"]:
        if one["kind"] == "draw":
            must(ask(base, "POST", f"/api/staff/openings/{one['opening_id']}/draw", manager))


def fill_a_waiting_list(base: str, home: Path) -> str:
    """One family has the only seat and two wait; then it cancels, and the seat is offered to the next. The session."""
    sessions = must(ask(base, "GET", "/api/sessions"))["sessions"]
    session = next(one for one in sessions if (one["municipality"], one["title"]) == (SMALL, SMALL_TITLE))
    desk = token("desk", home)
    registered = list(_registered(base, desk, session))
    path = f"/api/staff/registrations/{registered[0]['registration_id']}/cancellation"
    must(ask(base, "POST", path, desk, {"reason": "The child is ill; the parents called."}))
    return str(session["session_id"])


def _registered(base: str, desk: str, session: Any) -> Iterator[Any]:
    born = f"{int(session['starts_on'][:4]) - session['age_min'] - 1}-03-02"
    for first_name, last_name in FAMILIES:
        wanted = {
            "email": f"{first_name.lower()}@example.org",
            "language": "nl",
            "postcode": "9970",
            "children": [{"first_name": "Bo", "last_name": last_name, "birth_date": born}],
            "session_id": session["session_id"],
            "waitlist": True,
            "reason": CALLED,
        }
        yield must(ask(base, "POST", "/api/staff/registrations", desk, wanted, key=f"example {first_name}"))
