"""A family prepares its wishes for an opening, changes them, looks at them: as often as it likes."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.booking.registrations import register
from chalicelib.booking.registrations.rules import Registration, RegistrationStatus, Standing, registration_id
from chalicelib.booking.wishes import table
from chalicelib.booking.wishes.rules import MOST_WISHES, Prepared, WantedSession, renewed, saved
from chalicelib.core.http.problems import CHANGED, INVALID, FieldError, Problem, existing, invalid, not_now
from chalicelib.core.languages import N_
from chalicelib.core.refusals import Interfered
from chalicelib.people.families.rules import Bearer
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import Opening

AS_OWN_CHILD = N_("Choose a child of your pass.")
AS_SESSION = N_("Choose a session of this opening.")
TOO_MANY = N_("Prepare twenty wishes at most.")
IS_DRAWN = N_("The seats of this opening are drawn by lot: what you enter there is your list of wishes.")
# Tabs and phones of one family, all saving in the same tenth of a second.
MOST_TRIES = 5

Registered = tuple[Registration, Standing]


def look_up(
    who: Bearer,
    opening_id: str,
    now: datetime,
    registered: Sequence[Registered] | None = None,
    seen: Prepared | None = None,
) -> tuple[Prepared, Sequence[Registered]]:
    """The family's prepared wishes, and all its registrations; either may have been read before, also as it was a
    moment ago. A wish whose registration an incident took back is a new registration by now: its edition is a
    condition of that.

    Raises Problem `not-found`, or `not-now` for a draw. Writes only where something was taken back.
    """
    opening_of(opening_id, now)
    if registered is None:
        registered = register.all_of(who, now)
    for again in range(MOST_TRIES):
        found = seen if seen and not again else table.get(who.family_id, opening_id)
        taken_back = _keys(found, (one for one, _ in registered if one.taken_back))
        if not taken_back:
            return found, registered
        try:
            return table.put(renewed(found, taken_back, _new_key), now), registered
        except Interfered:
            continue
    raise Problem(CHANGED)


def save(
    who: Bearer,
    opening_id: str,
    wanted: Sequence[WantedSession],
    by_itself: bool,
    now: datetime,
    registered: Sequence[Registered] | None = None,
    seen: Prepared | None = None,
) -> Prepared:
    """Takes the place of what was prepared before; what is wished for again stays the same registration, unless that
    was cancelled. `registered`, `seen`: as of `look_up`, in this same request. Raises Problem `not-found`, `not-now`,
    `invalid`; nothing is stored then."""
    opening = opening_of(opening_id, now)
    if registered is None:
        registered = register.all_of(who, now)
    cancelled = [one for one, stands in registered if stands.status is RegistrationStatus.CANCELLED]
    for again in range(MOST_TRIES):
        before = seen if seen and not again else table.get(who.family_id, opening_id)
        _check(who, opening, before, wanted)
        wishes = saved(before.wishes, wanted, _keys(before, cancelled), _new_key)
        try:
            return table.put(replace(before, wishes=wishes, by_itself=by_itself), now)
        except Interfered:
            continue
    raise Problem(CHANGED)


def opening_of(opening_id: str, now: datetime) -> Opening:
    """A published opening whose seats go to whoever comes first, also what is left after a draw. Raises Problem."""
    opening = existing(openings.one_remembered(opening_id, now))
    if opening.is_to_be_drawn:
        raise not_now(IS_DRAWN)
    return opening


def _check(who: Bearer, opening: Opening, before: Prepared, wanted: Sequence[WantedSession]) -> None:
    """Wishes saved before are not looked at: a session may have left the opening since, and then the family must be
    able to change the others all the same. What stands in the way of it is told beside it (obstacles.py)."""
    if len(wanted) > MOST_WISHES:
        raise invalid("wishes", TOO_MANY)
    errors = []
    for number, one in enumerate(wanted):
        if any(one.is_same(wish.wanted) for wish in before.wishes):
            continue
        if one.session_id not in opening.plan.session_ids:
            errors.append(FieldError(f"wishes[{number}].session_id", AS_SESSION))
        if not one.child_ids or any(child not in who.children for child in one.child_ids):
            errors.append(FieldError(f"wishes[{number}].child_ids", AS_OWN_CHILD))
    if errors:
        raise Problem(INVALID, errors=errors)


def _keys(of: Prepared, registered: Iterable[Registration]) -> frozenset[str]:
    """The keys of the wishes that became these registrations."""
    ids = {one.registration_id for one in registered}
    return frozenset(one.key for one in of.wishes if registration_id(of.family_id, one.key) in ids)


def _new_key() -> str:
    return secrets.token_urlsafe(12)
