"""A programme manager's exceptions: grant a seat, hold seats back or give them back, change how many there are, move a
deadline. Each is written into the ledger in the same transaction; nothing happens without its entry.

What was read may have changed when it is written. Then it is looked at again, and refused if it can no longer be done.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chalicelib.booking.registrations import register
from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.register import KEY_USED, RegistrationOutcome
from chalicelib.booking.registrations.rules import Registration, RegistrationStatus, Standing, registration_id
from chalicelib.city.ledger import table as ledger
from chalicelib.city.ledger.rules import LedgerAct, checked_reason
from chalicelib.core.http.problems import BUSY, NOT_FOUND, Problem, invalid, not_now
from chalicelib.core.languages import N_
from chalicelib.core.refusals import Refused
from chalicelib.office.desk.families import Visitor, keep_addressee, pass_of
from chalicelib.people.families import table as families
from chalicelib.people.families.proving import naming
from chalicelib.people.families.rules import Pass
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import Opening
from chalicelib.programme.sessions import table as programme
from chalicelib.programme.sessions.rules import closes_at, is_session_id
from chalicelib.seats import table as seats_table
from chalicelib.seats.changing import Grant, closing, granting, holding_back, opening, resizing
from chalicelib.seats.rules import MOST_SEATS, Claim, HeldFor, Reason, Seats, is_held_back, outgrows, refusal
from chalicelib.seats.table import ClaimRefusal

# How often something is tried that somebody else came in between.
TRIES = 5
# How many seats one write holds back or gives back: DynamoDB takes expressions of 4 KB.
MOST_AT_ONCE = 100

# In the ledger, of a session that opens at no moment yet.
NOT_SET = "not-set"

BEING_DRAWN = N_(
    "The draw of this session's opening is going on: between the last wish and the result its seats do not change. "
    "Wait for the result."
)
NOT_SO_MANY_HELD = N_("Seats of this session that are held back for them: {seats}. That is too few.")
NOT_SO_MANY_FREE = N_("Free seats of this session: {seats}. That is too few.")
SO_MANY_AT_ONCE = N_("At most {most} seats are held back or given back at once. Do it in steps.")
TAKEN = N_("Seats of this session that are taken or held back: {seats}. It cannot have fewer.")
TOO_LARGE = N_(
    "This session can have at most {most} seats. For more children, make another session beside it, for a second group."
)
TOO_LATE = N_("Give a moment that is not later than the end of the session's first day, {latest}.")
OPENS_TOO_LATE = N_("Give a moment before the registration closes, {closes}.")
ITS_OPENING_DECIDES = N_(
    "This session is in a published opening, which alone decides when families can register. Change it there."
)
SOMEBODY_REGISTERED = N_(
    "Families have seats here already, or wait for one, so it stays open. To let nobody in any more, move its deadline."
)
PAST = N_("Give a moment that is still to come.")
IS_CANCELLED = N_("This camp is cancelled. Its seats do not change any more.")


@dataclass(frozen=True)
class Deed:
    """Who does it, when, and why."""

    by: Staff
    reason: str
    now: datetime


@dataclass(frozen=True)
class GrantRequest:
    """A grant that is asked for. `key`: the same again gives nothing more."""

    session_id: str
    visitor: Visitor
    held_for: HeldFor | None
    despite_age: bool
    key: str


@dataclass(frozen=True)
class ExceptionalChange:
    """The writes, and the public part of their entry in the ledger."""

    what: LedgerAct
    details: Mapping[str, Any]
    writes: Sequence[Mapping[str, Any]]


def grant(deed: Deed, wanted: GrantRequest) -> tuple[RegistrationOutcome, Pass]:
    """Seats for all of the children, whoever waits and whether or not it is open; never more than there are.

    The pass, the registration, its seats and the ledger's entry are written together.
    """
    checked_reason(deed.reason)
    found = pass_of(wanted.visitor, wanted.key, deed.now)
    births = {one.child_id: one.birth_date for one in found.children}
    granted = Registration(
        registration_id=registration_id(found.family.family_id, wanted.key),
        session_id=wanted.session_id,
        child_ids=tuple(births),
        pass_id=found.family.pass_id,
        created_at=deed.now,
    )
    earlier = _again(granted, deed.now)
    if earlier:
        return earlier, found.family
    claim = Claim(wanted.session_id, granted.registration_id, births, int(deed.now.timestamp()), asked_later=True)
    what = Grant(claim, wanted.held_for, wanted.despite_age)
    details = {
        "seats": len(births),
        "from": wanted.held_for.value if wanted.held_for else "free",
        "despite_age": wanted.despite_age,
    }

    def plan(seats: Seats) -> ExceptionalChange:
        _must_fit(seats, what)
        its_pass = [families.put_of(naming(found.family, deed.now))] if found.is_new else []
        return ExceptionalChange(
            LedgerAct.SEAT_GRANTED, details, [granting(seats, what), registrations.putting(granted), *its_pass]
        )

    try:
        _do(deed, wanted.session_id, plan, granted.registration_id)
    except Problem:
        meanwhile = _again(granted, deed.now)  # by another try with the same key
        if meanwhile:
            return meanwhile, found.family
        raise
    keep_addressee(wanted.visitor, found.family, deed.now)
    return RegistrationOutcome(granted, Standing(RegistrationStatus.CONFIRMED), is_new=True), found.family


def hold_back(deed: Deed, session_id: str, held_for: HeldFor, number: int) -> Seats:
    """From now on so many seats are held back for them; what is no longer held back is free for whoever is next."""

    def plan(seats: Seats) -> ExceptionalChange | None:
        held = len(held_for.of(seats))
        if number == held:
            return None
        if abs(number - held) > MOST_AT_ONCE:
            raise invalid("seats", SO_MANY_AT_ONCE, most=MOST_AT_ONCE)
        if number - held > seats.free:
            raise not_now(NOT_SO_MANY_FREE, seats=seats.free)
        what = LedgerAct.SEATS_RESERVED if number > held else LedgerAct.SEATS_FREED
        details = {"for": held_for.value, "from": held, "to": number}
        return ExceptionalChange(what, details, [holding_back(seats, held_for, number)])

    return _do(deed, session_id, plan)


def set_capacity(deed: Deed, session_id: str, capacity: int) -> Seats:
    """More seats are free at once; fewer only if they are still free."""

    def plan(seats: Seats) -> ExceptionalChange | None:
        if capacity == seats.capacity:
            return None
        taken = seats.capacity - seats.free
        if capacity < taken:
            raise not_now(TAKEN, seats=taken)
        if outgrows(capacity, seats.capacity):
            raise invalid("capacity", TOO_LARGE, most=max(MOST_SEATS, seats.capacity))
        details = {"from": seats.capacity, "to": capacity}
        writes = [resizing(seats, capacity), programme.resizing(session_id, seats.capacity, capacity)]
        return ExceptionalChange(LedgerAct.CAPACITY_CHANGED, details, writes)

    return _do(deed, session_id, plan)


def set_closing(deed: Deed, session_id: str, at: datetime) -> Seats:
    """The session takes registrations until then; also again, if it was closed already."""
    session = programme.get(session_id)
    if session is None or session.starts_on is None:
        raise Problem(NOT_FOUND)
    latest = closes_at(session.starts_on + timedelta(days=1))
    if at > latest:
        raise invalid("closes_at", TOO_LATE, latest=latest)
    if at <= deed.now:
        raise invalid("closes_at", PAST)

    def plan(seats: Seats) -> ExceptionalChange | None:
        if seats.closes == int(at.timestamp()):
            return None
        before = datetime.fromtimestamp(seats.closes, UTC)
        details = {"from": before.isoformat(), "to": at.isoformat()}
        return ExceptionalChange(
            LedgerAct.DEADLINE_MOVED, details, [closing(seats, at), programme.closing(session_id, at)]
        )

    return _do(deed, session_id, plan)


def set_opening(deed: Deed, session_id: str, at: datetime | None) -> Seats:
    """A session without an opening takes registrations from then on; None: not until staff say so. What is open closes
    again only as long as nobody has a seat there or waits for one."""
    session = programme.get(session_id)
    if session is None or session.missing:
        raise Problem(NOT_FOUND)
    if session.opening_id or opening_of(session_id, deed.now):
        raise not_now(ITS_OPENING_DECIDES)
    opens = int(at.timestamp()) if at else None

    def plan(seats: Seats) -> ExceptionalChange | None:
        now = int(deed.now.timestamp())
        is_open = seats.opens is not None and seats.opens <= now
        stays_open = is_open and opens is not None and opens <= now
        if seats.opens == opens or stays_open:
            return None
        if opens is not None and opens >= seats.closes:
            raise invalid("opens_at", OPENS_TOO_LATE, closes=datetime.fromtimestamp(seats.closes, UTC))
        if is_open and (seats.queued or not all(map(is_held_back, seats.holders.values()))):
            raise not_now(SOMEBODY_REGISTERED)
        of_none = openings.left_alone(session_id)
        if of_none is None:  # published since we looked
            raise not_now(ITS_OPENING_DECIDES)
        before = datetime.fromtimestamp(seats.opens, UTC).isoformat() if seats.opens is not None else NOT_SET
        details = {"from": before, "to": at.isoformat() if at else NOT_SET}
        writes = [opening(seats, at), programme.opening(session_id, at), *of_none]
        return ExceptionalChange(LedgerAct.REGISTRATION_OPENED, details, writes)

    return _do(deed, session_id, plan)


def opening_of(session_id: str, now: datetime) -> Opening | None:
    """The session's opening as it is now, not as it was remembered."""
    openings.forget()
    return openings.of_session(session_id, now)


def _do(
    deed: Deed, session_id: str, plan: Callable[[Seats], ExceptionalChange | None], registration: str | None = None
) -> Seats:
    """The seats after it. `plan`: what is to be changed of the seats as they are; None if it is so already."""
    checked_reason(deed.reason)
    opening = opening_of(session_id, deed.now)
    for _ in range(TRIES):
        seats = _seats(session_id, deed.now)
        must_not_be_drawn(opening, deed.now)
        change = plan(seats)
        if change is None:
            return seats
        try:
            ledger.record(
                change.what,
                deed.by,
                deed.reason,
                deed.now,
                opening_id=opening.opening_id if opening else None,
                session_id=session_id,
                registration_id=registration,
                details=change.details,
                together_with=change.writes,
            )
        except Refused:
            continue
        seats_table.forget()
        return _seats(session_id, deed.now)
    raise Problem(BUSY, retry_after=1)


def _seats(session_id: str, now: datetime) -> Seats:
    """As they are; what was only held until now is freed first, or until a pause began that is not over."""
    opening = openings.of_session(session_id, now)
    if opening and opening.paused_at and opening.is_paused(now):
        now = opening.paused_at
    for _ in range(TRIES):
        seats = seats_table.get([session_id]).get(session_id) if is_session_id(session_id) else None
        if seats is None:
            raise Problem(NOT_FOUND)
        if seats.called_off is not None:
            raise not_now(IS_CANCELLED)
        if not seats.lapsed(int(now.timestamp())):
            return seats
        seats_table.sweep(seats, int(now.timestamp()))
    raise Problem(BUSY, retry_after=1)


def must_not_be_drawn(opening: Opening | None, now: datetime) -> None:
    """Raises Problem `not-now` between the last wish and the result. The draw begins a minute after the last wish at
    the earliest (booking/draw/drawing.py): whoever asked before it is long done by then."""
    if opening is None or not opening.is_to_be_drawn:
        return
    if opening.wishes_until and now >= opening.wishes_until:
        raise not_now(BEING_DRAWN)


def _must_fit(seats: Seats, what: Grant) -> None:
    """Raises the Problem that a family would get, but for what an exception is made from."""
    free = len(what.held_for.of(seats)) if what.held_for else seats.free
    excepted = replace(seats, opens=what.claim.now, queued=False, free=free)
    if what.despite_age:
        excepted = replace(excepted, born_from=date.min, born_until=date.max)
    reason = refusal(excepted, what.claim)
    if reason is Reason.TOO_FEW and what.held_for:
        raise not_now(NOT_SO_MANY_HELD, seats=free)
    if reason:
        register.refuse(ClaimRefusal(reason, excepted), what.claim)


def _again(granted: Registration, now: datetime) -> RegistrationOutcome | None:
    """The registration that the same key made before; None if it is new."""
    earlier = registrations.get(granted.registration_id)
    if earlier is None:
        return None
    if (earlier.session_id, earlier.every_child) != (granted.session_id, frozenset(granted.child_ids)):
        raise invalid("Idempotency-Key", KEY_USED)
    standing = register.standings([earlier], now)[0]
    if standing is None:
        raise invalid("Idempotency-Key", KEY_USED)
    return RegistrationOutcome(earlier, standing, is_new=False)
