"""Who may register now in a session that an opening gives: decided from the token alone, before anything is written."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.booking.registrations import table
from chalicelib.booking.registrations.rules import Admitted
from chalicelib.core.http.problems import (
    BEING_DRAWN,
    BY_DRAW,
    NOT_FROM_THERE,
    PAUSED,
    TOO_EARLY,
    InEachLanguage,
    Problem,
)
from chalicelib.core.moments import brussels, local
from chalicelib.people.families.proving import resolved
from chalicelib.people.families.rules import Bearer
from chalicelib.programme.openings.admission import admission, failed_through_us
from chalicelib.programme.openings.rules import Opening, State

# While an opening is paused nobody gains by asking more often: its mail says when it goes on.
PAUSE_SECONDS = 60
# Nor while it is drawn: its mail says what is left.
DRAW_SECONDS = 3600


def admit(opening: Opening, who: Bearer, child_ids: Sequence[str], now: datetime) -> Admitted:
    """Raises Problem `too-early` or `not-eligible`. Costs no unit: the opening is remembered, the rest is in the token;
    but for a child whom another family named first, one read of which one, and for a family that is late for the draw,
    after an incident, one of its own records.

    While the opening is paused everybody passes whose moment it would have been, so that their attempt is kept.
    """
    if opening.is_to_be_drawn:
        raise paused(opening) if opening.is_paused(now) else _by_draw(opening, now)
    namings = resolved(who, child_ids)
    found = admission(opening, namings, who.postcode)
    if found is None:
        raise not_from_there(opening)
    if found.is_late and now < found.at and opening.shifts and _has_tried(opening, who, child_ids):
        found = admission(opening, namings, who.postcode, has_tried=True) or found
    if now < found.at and opening.state is not State.DRAWN:
        if opening.is_paused(now):
            raise paused(opening)
        # Until no pass can draw any more, the family's own moment stays unknown: nobody can ask for another one that is
        # better. It is at least the window's.
        window = opening.shifted(opening.plan.windows[found.window].opens_at)
        known = found.at if now >= opening.plan.passes_until else window
        raise too_early(opening, known, now)
    return Admitted(opening.opening_id, found.window, found.keys, found.is_late)


def too_early(opening: Opening, opens_at: datetime, now: datetime) -> Problem:
    seconds = -((now - opens_at).total_seconds() // 1)
    about = {"opens_at": local(opens_at).isoformat(), "opening_id": opening.opening_id}
    return Problem(TOO_EARLY, about, retry_after=max(1, int(seconds)))


def not_from_there(opening: Opening) -> Problem:
    return Problem(NOT_FROM_THERE, {"rule": "residence", "postcodes": ", ".join(opening.plan.postcodes)})


def paused(opening: Opening) -> Problem:
    return Problem(
        PAUSED,
        {"opens_at": None, "opening_id": opening.opening_id, "why": InEachLanguage(opening.why)},
        retry_after=PAUSE_SECONDS,
    )


def _has_tried(opening: Opening, who: Bearer, child_ids: Sequence[str]) -> bool:
    """Whether the family tried for these children while it failed through us. What it gave up itself does not count."""
    known_since = max(who.namings[child].since for child in child_ids)
    tried = {
        child
        for record in table.of_family(who.family_id)
        if record.session_id in opening.plan.session_ids
        and (record.cancelled_at is None or record.taken_back)
        and failed_through_us(opening, record.tried_at or record.created_at, known_since)
        for child in record.child_ids
    }
    return tried.issuperset(child_ids)


def _by_draw(opening: Opening, now: datetime) -> Problem:
    until = opening.wishes_until
    assert until is not None, "a draw says until when it takes wishes"
    seconds = int((until - now).total_seconds())
    told = {"opens_at": None, "opening_id": opening.opening_id}
    if now >= until:
        return Problem(BEING_DRAWN, told, retry_after=DRAW_SECONDS)
    words = until.astimezone(brussels()).isoformat(timespec="minutes")
    return Problem(BY_DRAW, {**told, "wishes_until": words}, retry_after=max(DRAW_SECONDS, seconds))
