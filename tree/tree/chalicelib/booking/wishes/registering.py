"""A prepared wish is registered by the same use case as every registration, but for one look before."""

from datetime import datetime

from chalicelib.booking.registrations import register
from chalicelib.booking.registrations.rules import registration_id
from chalicelib.booking.wishes.rules import REACHED, Prepared, Wish, WishOutcome, WishProgress, in_the_way
from chalicelib.people.families.rules import Bearer
from chalicelib.programme.sessions import table as programme
from chalicelib.seats import table as seats_table
from chalicelib.seats.rules import Seats


def register_wish(who: Bearer, prepared: Prepared, wish: Wish, now: datetime) -> WishOutcome:
    """Raises the Problem of the registration. Again and again is the same: a wish has its key from the day on which it
    was prepared."""
    other = granted_instead(prepared, wish, int(now.timestamp()))
    if other:
        return WishOutcome(wish, WishProgress.SKIPPED, other=other)
    asked = register.RegistrationRequest(wish.session_id, wish.child_ids, waitlist=True, key=wish.key)
    standing = register.register(who, asked, now).standing
    return WishOutcome(wish, REACHED[standing.status], standing)


def granted_instead(prepared: Prepared, wish: Wish, now: int) -> Wish | None:
    """The wish of the same list that was granted and has one of these children on the same days: then this one is
    skipped, and its seat is for somebody else. `now`: epoch seconds.

    No read unless two wishes share a child; then one batch for their sessions, and one for the seats.
    """
    others = [one for one in prepared.wishes if one.key != wish.key and set(one.child_ids).intersection(wish.child_ids)]
    if not others:
        return None
    seats = seats_table.get({one.session_id for one in others})
    granted = [one for one in others if _has_seats(prepared, one, seats.get(one.session_id), now)]
    if not granted:
        return None
    return in_the_way(wish, granted, programme.several({one.session_id for one in (wish, *granted)}))


def _has_seats(prepared: Prepared, wish: Wish, seats: Seats | None, now: int) -> bool:
    holder = registration_id(prepared.family_id, wish.key)
    return seats is not None and holder in seats.at(now).holders.values()
