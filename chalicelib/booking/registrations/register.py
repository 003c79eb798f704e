"""The use cases: a family registers children for a session, looks up what it has, cancels.

Registering is two writes in a row and no read: the record, then the claim. Everything else here is for when something
is in the way: the session is full, the same key comes again, a try broke off. What is answered as confirmed has its
seats; what is refused leaves nothing.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

from chalicelib.booking.registrations import table
from chalicelib.booking.registrations.admitting import admit, paused
from chalicelib.booking.registrations.rules import (
    Ended,
    EndedBy,
    Registration,
    RegistrationStatus,
    Standing,
    belongs_to,
    family_of,
    reference_of,
    registration_id,
    standing,
)
from chalicelib.core import metering
from chalicelib.core.http.problems import (
    ALREADY_REGISTERED,
    BUSY,
    CLOSED,
    NOT_ELIGIBLE,
    NOT_FOUND,
    OVERLAPS,
    SOLD_OUT,
    TOO_EARLY,
    Problem,
    invalid,
)
from chalicelib.core.languages import N_
from chalicelib.core.memory import Memory
from chalicelib.core.refusals import Busy, Refused
from chalicelib.core.table import transact_write
from chalicelib.people.families.handlers import AS_CHILD, NAMED_TWICE
from chalicelib.people.families.rules import VALID_DAYS, Bearer
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import Opening
from chalicelib.programme.sessions import table as programme
from chalicelib.seats import table as seats_table
from chalicelib.seats.rules import Channel, Claim, Reason, Seats, holds, misfits
from chalicelib.seats.table import ClaimRefusal
from chalicelib.seats.waiting_list import table as waiting_list

# How often what others change at the same moment is looked at anew.
PARTINGS = 5
KEY_USED = N_("This key was used for another registration. Take a new one for each registration.")
# An attempt that failed through us lives as long as the pass it was made with.
KEPT_FOR = timedelta(days=VALID_DAYS)
# How long seats are held for a family that is to answer the city's questions first, where its opening holds none.
HELD_TO_ANSWER = timedelta(minutes=60)
# For a session whose opening is not set: nobody gains by asking more often.
ASK_AGAIN_SECONDS = 3600


# Which keys this container heard lately, as registration ids: long enough for whoever tries again.
_heard: Memory[str, bool] = Memory(60)
# Which children this container gave a seat lately: for these it looks whether the next session is on the same days.
_seated: Memory[str, bool] = Memory(60)


@dataclass(frozen=True)
class RegistrationRequest:
    session_id: str
    child_ids: tuple[str, ...]
    waitlist: bool
    key: str


@dataclass(frozen=True)
class RegistrationOutcome:
    registration: Registration
    standing: Standing
    is_new: bool


@dataclass(frozen=True)
class Way:
    """How a registration comes in. `take` and `join` write the seats, or the places on the waiting list: by themselves,
    or together with what must be written down about it. `holds`: seats are held for a time first, as the opening says,
    or because the session asks what the family is to answer.
    `continues`: the registration of another session that it continues (moving.py)."""

    channel: Channel | None = None
    take: Callable[[Mapping[str, Any]], None] = seats_table.alone
    join: Callable[[Sequence[Mapping[str, Any]]], None] = waiting_list.alone
    holds: bool = True
    continues: Registration | None = None


BY_ITSELF = Way()
BY_FAMILY = Ended(EndedBy.FAMILY)


@dataclass(frozen=True)
class Leaving:
    """How a child leaves a registration. `free`, `leave`: as of `cancel`; `part` writes that one of several goes. `by`:
    who says so, which is kept."""

    free: Callable[[Mapping[str, Any]], None] = seats_table.alone
    leave: Callable[[Sequence[Mapping[str, Any]]], None] = waiting_list.alone
    part: Callable[[Sequence[Mapping[str, Any]]], None] = transact_write
    by: Ended = BY_FAMILY


AS_FAMILY = Leaving()


def register(who: Bearer, wish: RegistrationRequest, now: datetime, way: Way = BY_ITSELF) -> RegistrationOutcome:
    """Seats for all of the children, or else a place on the waiting list if that is wanted; raises Problem if neither.

    The same key gives the same registration, however often and however broken off: at most once.
    """
    _check_children(who, wish.child_ids)
    opening = openings.of_session(wish.session_id, now)
    try:
        outcome = _register(opening, who, wish, now, way)
    except Problem as problem:
        problem.opening_id = opening.opening_id if opening else None
        if problem.kind is not NOT_FOUND:
            metering.about(wish.session_id)
        raise
    if outcome.is_new and outcome.standing.status is RegistrationStatus.CONFIRMED:
        for child in wish.child_ids:
            _seated.put(child, True)
        metering.registered(wish.session_id)
    else:
        metering.about(wish.session_id)
    return outcome


def _check_children(who: Bearer, child_ids: Sequence[str]) -> None:
    for place, child in enumerate(child_ids):
        if child not in who.children:
            raise invalid(f"child_ids[{place}]", AS_CHILD)
        if child in child_ids[:place]:
            raise invalid(f"child_ids[{place}]", NAMED_TWICE)


def _register(
    opening: Opening | None, who: Bearer, wish: RegistrationRequest, now: datetime, way: Way
) -> RegistrationOutcome:
    admitted = admit(opening, who, wish.child_ids, now) if opening else None
    new = Registration(
        registration_id=registration_id(who.family_id, wish.key),
        session_id=wish.session_id,
        child_ids=wish.child_ids,
        pass_id=who.pass_id,
        created_at=now,
        admission=admitted,
        continues=reference_of(way.continues) if way.continues else None,
        moved_from=way.continues.registration_id if way.continues else None,
    )
    attempt = secrets.token_urlsafe(6)
    claim = Claim(
        wish.session_id,
        new.registration_id,
        {child: who.children[child] for child in wish.child_ids},
        int(now.timestamp()),
        until=int((now + opening.plan.hold).timestamp()) if opening and opening.plan.hold and way.holds else None,
        channel=way.channel,
        asked_later=not way.holds,
    )
    closes = seats_table.asking(wish.session_id)
    if closes is not None and way.holds and claim.until is None:
        claim = _held_to_answer(claim, closes)
    if opening and opening.is_paused(now):
        # The record without a seat is what is left of the attempt: it counts in the new moment. What the same key got
        # before the pause is told all the same.
        # (A family that wants to move has a seat: that is no attempt to get one.)
        earlier = None if way.continues else table.begin(new, attempt, KEPT_FOR)
        outcome = as_it_stands(earlier, wish, now, way.continues) if earlier else None
        if outcome:
            return outcome
        raise paused(opening)
    if way.channel is Channel.DESK or way.continues or any(_seated.fresh(child) for child in wish.child_ids):
        refuse_overlap(wish.session_id, wish.child_ids, now, new.registration_id, new.moved_from)
    foreseen = seats_table.foresee(claim)
    is_repeated = _heard.fresh(new.registration_id)
    _heard.put(new.registration_id, True)
    if foreseen and not _may_wait(foreseen, wish):
        # Another container may have given a repeated key its seat since. A new key costs nothing: so a key that only
        # another container heard, and that got a seat which became free within this half second, is told once more that
        # there is none. To know better, each key that is refused from memory would cost a read, in every rush.
        earlier = table.get(new.registration_id) if is_repeated else None
        outcome = as_it_stands(earlier, wish, now, way.continues) if earlier else None
        if outcome:
            return outcome
        refuse(foreseen, claim)

    earlier = table.begin(new, attempt)
    if earlier:
        outcome = as_it_stands(earlier, wish, now, way.continues)
        if outcome:
            return outcome
        if not table.join_in(new, attempt):
            raise Problem(BUSY, retry_after=1)

    try:
        status = _seat_or_place(claim, wish, way, foreseen)
    except Problem:
        table.withdraw(new.registration_id, attempt)
        raise
    return RegistrationOutcome(new, status, is_new=earlier is None)


def _seat_or_place(claim: Claim, wish: RegistrationRequest, way: Way, foreseen: ClaimRefusal | None) -> Standing:
    """`foreseen`: a refusal that is remembered, after which it may wait. While others wait, what becomes free is
    theirs, so no seat is claimed in vain; should the last of them have left since, the look after joining finds it."""
    others_wait = foreseen and foreseen.seats and foreseen.seats.queued
    refused = foreseen if others_wait else seats_table.claim(claim, way.take)
    if refused and refused.reason is Reason.ASKS and refused.seats:
        claim = _held_to_answer(claim, refused.seats.closes)
        refused = seats_table.claim(claim, way.take)
    if not refused:
        return _granted(claim.until)
    if refused.seats and holds(refused.seats.at(claim.now), claim):  # by another try, or by an offer
        return _granted(refused.seats.until.get(claim.registration_id))
    if not _may_wait(refused, wish):
        refuse(refused, claim)
    if refused.seats and not refused.seats.queued:
        seats_table.queue(wish.session_id)  # before the place, so that nobody who comes later is served first
    other = waiting_list.join(wish.session_id, wish.child_ids, claim.registration_id, way.join)
    if other:
        raise _already_registered(other, claim)
    seats = seats_table.get([wish.session_id]).get(wish.session_id)
    if seats and holds(seats.at(claim.now), claim):  # by another try with this key, or it was offered already
        waiting_list.leave(wish.session_id, wish.child_ids, claim.registration_id)
        return _granted(seats.until.get(claim.registration_id))
    if seats and not seats.queued:  # the last who waited left meanwhile
        seats_table.queue(wish.session_id)
    table.keep(claim.registration_id)  # a place has no time to live: whether its mail goes or not, its record stays
    place = waiting_list.position(wish.session_id, wish.child_ids, claim.registration_id)
    return Standing(RegistrationStatus.WAITLISTED, place)


def refuse_overlap(
    session_id: str, child_ids: Sequence[str], now: datetime, registration_id: str, instead_of: str | None = None
) -> None:
    """Raises the Problem of a child that has another camp on the same days by another registration than this one, or
    than the one that ends with it, `instead_of`. Told where looking costs no family its turn; the queue decides
    (`overlaps.py`)."""
    from chalicelib.booking.registrations import overlaps  # noqa: PLC0415 most requests need it not

    session = programme.get(session_id)
    found = session and overlaps.find(child_ids, session, now, registration_id, instead_of)
    if not found:
        return
    told: dict[str, Any] = {"rule": "overlap", "child_ids": [found.child_id]}
    if belongs_to(found.other.registration_id, family_of(registration_id)):
        told["registration_id"] = found.other.registration_id
    raise Problem(OVERLAPS, told)


def hold_of(opening: Opening | None) -> timedelta:
    """For how long seats are held for a family that has something to do first: as its opening says, or to answer."""
    return (opening.plan.hold if opening else None) or HELD_TO_ANSWER


def _held_to_answer(claim: Claim, closes: int) -> Claim:
    """The same in a session that asks: the family has an hour to answer, but not beyond the moment at which the session
    closes (epoch seconds). Where its opening holds seats anyway, they are held for as long as it says."""
    return replace(claim, until=min(claim.now + int(HELD_TO_ANSWER.total_seconds()), max(closes, claim.now + 1)))


def _granted(until: int | None) -> Standing:
    if until is None:
        return Standing(RegistrationStatus.CONFIRMED)
    return Standing(RegistrationStatus.OFFERED, held_until=datetime.fromtimestamp(until, UTC), can_extend=True)


def _may_wait(refused: ClaimRefusal, wish: RegistrationRequest) -> bool:
    """More children than the session has seats would wait for ever."""
    seats = refused.seats
    return (
        refused.reason is Reason.TOO_FEW
        and wish.waitlist
        and seats is not None
        and len(wish.child_ids) <= seats.capacity
    )


def refuse(refused: ClaimRefusal, claim: Claim) -> NoReturn:
    """Raises the Problem that says why."""
    seats = refused.seats
    if seats is None:
        raise Problem(NOT_FOUND)
    match refused.reason:
        case Reason.CLOSED:
            raise Problem(CLOSED)
        case Reason.TOO_EARLY:
            raise _too_early(seats.opens, claim.now)
        case Reason.NOT_ELIGIBLE:
            raise _not_eligible(seats, claim)
        case Reason.ALREADY_HELD:
            raise _already_registered(next(filter(None, map(seats.holders.get, claim.children))), claim)
        case _:
            raise Problem(SOLD_OUT, {"seats_left": seats.for_anyone(claim.now)})


def _too_early(opens: int | None, now: int) -> Problem:
    if opens is None:
        return Problem(TOO_EARLY, {"opens_at": None}, retry_after=ASK_AGAIN_SECONDS)
    opens_at = datetime.fromtimestamp(opens, UTC).isoformat()
    return Problem(TOO_EARLY, {"opens_at": opens_at}, retry_after=max(1, opens - now))


def _not_eligible(seats: Seats, claim: Claim) -> Problem:
    """Which children, which rule. Reads the session, for the ages in words."""
    session = programme.get(claim.session_id)
    return Problem(
        NOT_ELIGIBLE,
        {
            "rule": "age",
            "child_ids": misfits(seats, claim),
            "age_min": session and session.age_min,
            "age_max": session and session.age_max,
        },
    )


def _already_registered(other: str, claim: Claim) -> Problem:
    """Names the other registration only to its own family."""
    own_family = belongs_to(other, family_of(claim.registration_id))
    return Problem(ALREADY_REGISTERED, {"registration_id": other} if own_family else {})


def as_it_stands(
    earlier: Registration, wish: RegistrationRequest, now: datetime, continues: Registration | None = None
) -> RegistrationOutcome | None:
    """A repeated key's registration; None if the earlier try broke off before it got anywhere."""
    moved_from = continues.registration_id if continues else None
    made = (earlier.session_id, earlier.every_child, earlier.moved_from)
    if made != (wish.session_id, frozenset(wish.child_ids), moved_from):
        raise invalid("Idempotency-Key", KEY_USED)
    standing = standings([earlier], now)[0]
    return RegistrationOutcome(earlier, standing, is_new=False) if standing else None


def look_up(who: Bearer, registration_id: str, now: datetime) -> tuple[Registration, Standing]:
    """Raises Problem `not-found` for an unknown registration and for another family's alike."""
    found = table.get(registration_id) if belongs_to(registration_id, who.family_id) else None
    standing = found and standings([found], now)[0]
    if not found or not standing:
        raise Problem(NOT_FOUND)
    return found, standing


def all_of(who: Bearer, now: datetime, *, consistent: bool = True) -> list[tuple[Registration, Standing]]:
    """The family's registrations, the newest last; not `consistent`, those that there were a moment ago, as they stand
    now."""
    registrations = table.of_family(who.family_id, consistent=consistent)
    return [(one, stands) for one, stands in zip(registrations, standings(registrations, now), strict=True) if stands]


def cancel(
    who: Bearer,
    registration_id: str,
    now: datetime,
    free: Callable[[Mapping[str, Any]], None] = seats_table.alone,
    leave: Callable[[Sequence[Mapping[str, Any]]], None] = waiting_list.alone,
    by: Ended = BY_FAMILY,
) -> None:
    """The seats are free again, or the place on the waiting list is given up; again and again is the same. A try that
    broke off before it had either is ended too: its key brings nothing any more. `free` and `leave` write that, by
    itself or together with what must be written down about it. `by`: who cancels.

    The seat goes first: should we break off, the stream has seen it and the outbox writes the rest.
    """
    found = table.get(registration_id) if belongs_to(registration_id, who.family_id) else None
    if not found:
        raise Problem(NOT_FOUND)
    released = seats_table.release(found.session_id, found.child_ids, registration_id, free)
    waiting_list.leave(found.session_id, found.child_ids, registration_id, leave)
    if not found.cancelled_at:
        table.mark_cancelled(registration_id, now, by)
    if not released:  # a try that was still under way may have claimed in between, or a child have left
        latest = table.get(registration_id) or found
        seats_table.release(found.session_id, latest.child_ids, registration_id, free)


def cancel_child(who: Bearer, registration_id: str, child_id: str, now: datetime, how: Leaving = AS_FAMILY) -> None:
    """Only this child's seat, its offered seat or its place on the waiting list is free again; its siblings stay as
    they are. The last child's is the whole registration's cancellation. Again and again is the same.

    The seat and the record change in one transaction, so that no crash leaves a seat for whom the record does not name.
    Raises Problem `not-found`, also for a child that it never was for.
    """
    for _ in range(PARTINGS):
        found = table.get(registration_id) if belongs_to(registration_id, who.family_id) else None
        if not found or child_id not in found.every_child:
            raise Problem(NOT_FOUND)
        if child_id in found.left:
            return
        stay = [one for one in found.child_ids if one != child_id]
        if not stay:
            cancel(who, registration_id, now, how.free, how.leave, how.by)
            return
        stands = standings([found], now)[0]
        if stands is None:
            raise Problem(NOT_FOUND)
        if stands.status is RegistrationStatus.CANCELLED:
            return
        gives_up = (
            waiting_list.giving_up(found.session_id, child_id, registration_id)
            if stands.status is RegistrationStatus.WAITLISTED
            else seats_table.giving_up(found.session_id, [child_id], registration_id, stay[0])
        )
        try:
            how.part([gives_up, table.parting(found, [child_id], by=how.by.by)])
        except Refused as refused:  # it got its offer, lost it, or another child left at the same moment
            if refused.busy and not refused.busy.is_conflict:
                raise refused.busy from refused
        except Busy as busy:
            if not busy.is_conflict:
                raise
        else:
            seats_table.forget()
            waiting_list.forget(found.session_id)
            return
    raise Problem(BUSY, retry_after=1)


def standings(registrations: Sequence[Registration], now: datetime) -> list[Standing | None]:
    """One read for all seats; the places on waiting lists only of those that have none."""
    seats = seats_table.get(one.session_id for one in registrations)
    found = []
    for one in registrations:
        stands = standing(one, seats.get(one.session_id), (), now)
        if stands is None:
            place = waiting_list.position(one.session_id, one.child_ids, one.registration_id)
            stands = Standing(RegistrationStatus.WAITLISTED, place) if place else None
        found.append(stands)
    return found
