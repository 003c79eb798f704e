"""A family enters its wishes, looks at them, takes them back: until the list is closed, as often as it likes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from chalicelib.booking.draw import table
from chalicelib.booking.draw.table import MOST_WISHES, Entered, Wish
from chalicelib.booking.registrations.admitting import not_from_there, paused, too_early
from chalicelib.core.http.fields import MOST_ERRORS, Model, Several, check
from chalicelib.core.http.problems import (
    INVALID,
    NOT_ELIGIBLE,
    WISHES_OVER,
    FieldError,
    Problem,
    existing,
    invalid,
    not_now,
)
from chalicelib.core.languages import N_
from chalicelib.people.families.handlers import AS_CHILD, CHILD_ID
from chalicelib.people.families.rules import Bearer
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import Opening, OpeningKind, State
from chalicelib.programme.sessions import table as programme
from chalicelib.programme.sessions.rules import SESSION_ID, Session, share_a_day
from chalicelib.seats.rules import birth_dates

MOST_PAIRS = 10

AS_PAIR = N_("Name a child and a session.")
AS_PAIRS = N_("Name one to ten children with the session for each: all of them together are one wish.")
AS_WISHES = N_("Name one to ten wishes, the one that you like best first.")
AS_DRAWN_SESSION = N_("Give the id of a session of this opening.")
SESSION_CANCELLED = N_("This session is cancelled. Take it out of this wish, or choose another one.")
PAIR_TWICE = N_("This child and this session are already in this wish.")
WISH_TWICE = N_("This wish is already in the list.")
AT_THE_SAME_TIME = N_("This session is at the same time as another one that this wish asks for the same child.")
NO_DRAW = N_("The seats of this opening are not drawn by lot. Register when it opens.")

PAIR = Model({"child_id": CHILD_ID, "session_id": SESSION_ID}, expects=AS_PAIR)
WISH = Model({"children_sessions": Several(AS_PAIRS, PAIR, MOST_PAIRS)}, expects=AS_PAIRS)
WISHES = Model({"wishes": Several(AS_WISHES, WISH, MOST_WISHES)})


def wanted(content: Any) -> list[Wish]:
    """The wishes that were sent; raises Problem `invalid` that names what is wrong."""
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
    if not opening.plan.is_for(who.postcode):
        raise not_from_there(opening)
    _check(who, opening, wishes)
    children = sorted({child for wish in wishes for child, _ in wish})
    entered = Entered(
        opening_id=opening_id,
        family_id=who.family_id,
        pass_id=who.pass_id,
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
    return opening, existing(table.entry_of(opening_id, who.family_id))


def _draw(opening_id: str, now: datetime) -> Opening:
    opening = existing(openings.one_remembered(opening_id, now))
    if opening.kind is not OpeningKind.DRAW:
        raise not_now(NO_DRAW)
    return opening


def _open_draw(opening_id: str, now: datetime) -> Opening:
    opening = _draw(opening_id, now)
    if opening.is_paused(now):
        raise paused(opening)
    until = opening.wishes_until
    if opening.state is State.DRAWN or until is None or now >= until:
        raise Problem(WISHES_OVER)
    if now < opening.opens_at:
        raise too_early(opening, opening.opens_at, now)
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
                errors.append(FieldError(f"{path}.child_id", AS_CHILD))
            elif session is None:
                errors.append(FieldError(f"{path}.session_id", AS_DRAWN_SESSION))
            elif session.cancelled_at:
                errors.append(FieldError(f"{path}.session_id", SESSION_CANCELLED))
            elif (child, session_id) in wish[:place]:
                errors.append(FieldError(path, PAIR_TWICE))
            else:
                errors += _misfit(who, child, session, path)
                mine = [sessions[other] for one, other in wish[:place] if one == child and other in sessions]
                if any(share_a_day(session, other) for other in mine):
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
