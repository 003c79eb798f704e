"""A family enters its wishes, looks at them, takes them back: until the list is closed, as often as it likes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from chalicelib.api.fields import MOST_ERRORS, Model, Several, Text, check
from chalicelib.api.problems import (
    INVALID,
    NOT_ELIGIBLE,
    NOT_FOUND,
    TOO_EARLY,
    WISHES_OVER,
    FieldError,
    Problem,
    invalid,
    not_now,
)
from chalicelib.draw import table
from chalicelib.draw.table import MOST_WISHES, Entered, Wish
from chalicelib.families.rules import Bearer
from chalicelib.languages import N_
from chalicelib.moments import brussels
from chalicelib.openings import table as openings
from chalicelib.openings.admission import draw_key
from chalicelib.openings.rules import Kind, Opening, State
from chalicelib.programme import table as programme
from chalicelib.programme.rules import Session
from chalicelib.registrations.admitting import not_from_there, paused
from chalicelib.seats.rules import birth_dates

MOST_PAIRS = 10

AS_SESSION = N_("Give the id of a session.")
AS_PAIR = N_("Name a child and a session.")
AS_PAIRS = N_("Name one to ten children with the session for each: all of them together are one wish.")
AS_WISHES = N_("Name one to ten wishes, the one that you like best first.")
AS_OWN_CHILD = N_("Give the id of a child of your pass.")
AS_DRAWN_SESSION = N_("Give the id of a session of this opening.")
PAIR_TWICE = N_("This child and this session are already in this wish.")
WISH_TWICE = N_("This wish is already in the list.")
AT_THE_SAME_TIME = N_("This session is at the same time as another one that this wish asks for the same child.")
NO_DRAW = N_("The seats of this opening are not drawn by lot. Register when it opens.")

_ID = "[0-9A-Za-z_-]+"
PAIR = Model({"child_id": Text(AS_OWN_CHILD, _ID, 64), "session_id": Text(AS_SESSION, _ID, 64)}, expects=AS_PAIR)
WISH = Model({"children_sessions": Several(AS_PAIRS, PAIR, MOST_PAIRS)}, expects=AS_PAIRS)
WISHES = Model({"wishes": Several(AS_WISHES, WISH, MOST_WISHES)})


def wanted(content: Any) -> list[Wish]:
    """What was sent; raises Problem `invalid` that names what is wrong."""
    return [
        tuple((pair["child_id"], pair["session_id"]) for pair in wish["children_sessions"])
        for wish in check(WISHES, content)["wishes"]
    ]


def enter(who: Bearer, opening_id: str, wishes: Sequence[Wish], now: datetime) -> Entered:
    """Raises Problem `too-early`, `closed`, `not-eligible` (the postcode), `invalid`; nothing is stored then. What the
    family entered before is replaced as a whole."""
    if not 0 < len(wishes) <= MOST_WISHES:
        raise invalid("wishes", AS_WISHES)
    opening = _open_draw(opening_id, now)
    if not any(window.is_for(who.postcode) for window in opening.plan.windows):
        raise not_from_there(opening)
    _check(who, opening, wishes)
    children = sorted({child for wish in wishes for child, _ in wish})
    entered = Entered(
        opening_id=opening_id,
        family_id=who.family_id,
        pass_id=who.pass_id,
        keys=tuple(sorted({draw_key(opening_id, who.namings[child].family_id) for child in children})),
        children={child: who.children[child] for child in children},
        wishes=tuple(wishes),
        updated_at=now,
    )
    if not table.put_entry(entered):
        raise Problem(WISHES_OVER)
    return entered


def withdraw(who: Bearer, opening_id: str, now: datetime) -> None:
    """Again and again is the same. Raises Problem `too-early` or `closed`."""
    _open_draw(opening_id, now)
    if not table.withdraw(opening_id, who.family_id):
        raise Problem(WISHES_OVER)


def look_up(who: Bearer, opening_id: str, now: datetime) -> tuple[Opening, Entered]:
    """Raises Problem `not-found` where the family entered nothing."""
    opening = _draw(opening_id, now)
    found = table.entry_of(opening_id, who.family_id)
    if found is None:
        raise Problem(NOT_FOUND)
    return opening, found


def _draw(opening_id: str, now: datetime) -> Opening:
    for opening in openings.remembered(now):
        if opening.opening_id == opening_id:
            if opening.kind is not Kind.DRAW:
                raise not_now(NO_DRAW)
            return opening
    raise Problem(NOT_FOUND)


def _open_draw(opening_id: str, now: datetime) -> Opening:
    opening = _draw(opening_id, now)
    if opening.is_paused(now):
        raise paused(opening)
    until = opening.wishes_until
    if opening.state is State.DRAWN or until is None or now >= until:
        raise Problem(WISHES_OVER)
    if now < opening.opens_at:
        seconds = -((now - opening.opens_at).total_seconds() // 1)
        opens_at = opening.opens_at.astimezone(brussels()).isoformat()
        raise Problem(TOO_EARLY, {"opens_at": opens_at, "opening_id": opening_id}, retry_after=max(1, int(seconds)))
    return opening


def _check(who: Bearer, opening: Opening, wishes: Sequence[Wish]) -> None:
    """Raises Problem `invalid` that names every pair that cannot be."""
    sessions = programme.several({session for wish in wishes for _, session in wish} & set(opening.plan.session_ids))
    errors: list[FieldError] = []
    for number, wish in enumerate(wishes):
        if set(wish) in [set(before) for before in wishes[:number]]:
            errors.append(FieldError(f"wishes[{number}]", WISH_TWICE))
        for place, (child, session_id) in enumerate(wish):
            path = f"wishes[{number}].children_sessions[{place}]"
            session = sessions.get(session_id)
            if child not in who.children:
                errors.append(FieldError(f"{path}.child_id", AS_OWN_CHILD))
            elif session is None:
                errors.append(FieldError(f"{path}.session_id", AS_DRAWN_SESSION))
            elif (child, session_id) in wish[:place]:
                errors.append(FieldError(path, PAIR_TWICE))
            else:
                errors += _misfit(who, child, session, path)
                mine = [sessions[other] for one, other in wish[:place] if one == child and other in sessions]
                if any(_overlap(session, other) for other in mine):
                    errors.append(FieldError(path, AT_THE_SAME_TIME))
    if errors:
        raise Problem(INVALID, errors=errors[:MOST_ERRORS])


def _misfit(who: Bearer, child: str, session: Session, path: str) -> list[FieldError]:
    first, least, most = session.starts_on, session.age_min, session.age_max
    if first is None or least is None or most is None:
        return [FieldError(f"{path}.session_id", AS_DRAWN_SESSION)]
    born_from, born_until = birth_dates(first, least, most)
    if born_from <= who.children[child] <= born_until:
        return []
    return [FieldError(f"{path}.child_id", NOT_ELIGIBLE.detail, {"age_min": least, "age_max": most})]


def _overlap(one: Session, other: Session) -> bool:
    if not (one.starts_on and one.ends_on and other.starts_on and other.ends_on):
        return False
    return one.starts_on <= other.ends_on and other.starts_on <= one.ends_on
