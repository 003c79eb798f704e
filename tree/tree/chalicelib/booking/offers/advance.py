"""Moving a session's waiting list on: what lapsed becomes free, what is free is offered to whoever is next.

Every change after which something may be due calls it (mail/rules.py), and a timer where time itself is the
change. It looks before each thing that it does, so it may run twice, at once, and break off anywhere: seats are claimed
on the condition that they are free, and a message whose work broke off comes again.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from chalicelib.booking.offers.rules import Turn, terms, turn, until_of
from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import Registration
from chalicelib.people.families import table as families
from chalicelib.programme.openings import table as openings
from chalicelib.programme.sessions import news
from chalicelib.seats import table as seats_table
from chalicelib.seats.rules import Channel, Claim, Reason, Seats
from chalicelib.seats.waiting_list import table as waiting_list
from chalicelib.seats.waiting_list.rules import WaitingOffer

# By how much a container's clock may be ahead: what others hold is taken from them only when it is over by any clock.
# (Requests go by API Gateway's clock; to them a seat is free at the very second.)
MARGIN = timedelta(seconds=5)
# Until it is looked at again whether a pause is over.
PAUSE = timedelta(minutes=5)
# Seconds for which it is kept who was offered a seat: staff are asked about it until the next summer.
OFFERS_KEPT = 2 * 365 * 86_400
# Others may change the same seats meanwhile, again and again; then the message comes again.
MOST_LOOKS = 50


class StillMoving(Exception):
    """The seats changed each time that they were looked at."""


def advance(session_id: str, now: datetime) -> datetime | None:
    """Answers when to look again: when the next seat is held no longer, or was kept for long enough; None: never, if
    nothing else happens. During a pause nothing moves on. Raises StillMoving."""
    opening = openings.of_session(session_id, now)
    if opening and opening.is_paused(now):
        return now + PAUSE
    now -= MARGIN
    seconds = int(now.timestamp())
    patience = terms(opening).patience
    for _ in range(MOST_LOOKS):
        seats = seats_table.get([session_id]).get(session_id)
        if seats is None or seats.called_off is not None:
            return None
        if opening and seats.stopped in opening.lengths:
            seats_table.move_on(session_id, opening.lengths)
            continue
        if seats.stopped is not None and seats.stopped <= seconds:
            return now + PAUSE
        if seats.lapsed(seconds):
            seats_table.sweep(seats, seconds)
            continue
        found = _turn(seats, patience, seconds)
        if found is None:
            continue
        if not found.offers:
            moments = [moment for moment in (seats.next_end(seconds), found.again) if moment is not None]
            return datetime.fromtimestamp(min(moments), UTC) + MARGIN if moments else None
        until = until_of(now, terms(opening).days, terms(opening).hour)
        for registration_id in found.offers:
            if not _offer(seats, registration_id, min(int(until.timestamp()), seats.closes), seconds):
                break
    raise StillMoving


def _turn(seats: Seats, patience: timedelta, now: int) -> Turn | None:
    """None: something about the queue was changed, so look again."""
    if seats.opens is None or now >= seats.closes:
        return Turn(())
    if now < seats.opens:  # it begins anew, and somebody waits already
        return Turn((), again=seats.opens if seats.queued else None)
    if not seats.queued:
        if waiting_list.is_empty(seats.session_id):
            return Turn(())
        seats_table.queue(seats.session_id)  # somebody came when it was just ended
        return None
    if waiting_list.is_empty(seats.session_id):
        seats_table.end_queue(seats.session_id)
        return None  # whoever came meanwhile is found then
    places = waiting_list.places(seats.session_id) if seats.free else []
    found = turn(seats, places, patience, now)
    if found.blocked != seats.blocked and not found.offers:
        seats_table.block(seats, found.blocked, found.kept_for)
    return found


def _is_kept(record: Registration) -> bool:
    """Whether its children stay although the camp's ages changed since. The news says so until the record does."""
    if news.keeps(record.session_id, record.registration_id):
        return True
    now = registrations.get(record.registration_id)
    return now is not None and now.despite_age


def _offer(seats: Seats, registration_id: str, until: int, now: int) -> bool:
    """Whether those behind it may have theirs: it got its offer, or cannot have one and waits no more."""
    record = registrations.get(registration_id)
    family = families.get(record.family_id, record.pass_id) if record else None
    had_theirs = registration_id in seats.until  # an advance that broke off left the place, and perhaps it lapsed
    if record and family and not record.cancelled_at and not had_theirs:
        births = {one.child_id: one.birth_date for one in family.children if one.child_id in record.child_ids}
        claim = Claim(seats.session_id, registration_id, births, now, until, Channel.WAITING_LIST, from_list=True)
        refused = seats_table.claim(claim)
        if refused and refused.reason is Reason.NOT_ELIGIBLE and refused.seats and _is_kept(record):
            refused = seats_table.claim(replace(claim, children=dict.fromkeys(births, refused.seats.born_from)))
        if refused and refused.reason not in (Reason.ALREADY_HELD, Reason.NOT_ELIGIBLE):
            return False
        had_theirs = refused is None
    if record and had_theirs:
        offer = WaitingOffer(registration_id, now, seats.until.get(registration_id, until))
        waiting_list.note_offer(seats.session_id, offer, now + OFFERS_KEPT)
    if record:
        waiting_list.leave(seats.session_id, record.child_ids, registration_id)
    else:
        waiting_list.take_off(seats.session_id, registration_id)
    return True
