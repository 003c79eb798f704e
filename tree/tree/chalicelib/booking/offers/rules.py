"""Who of a waiting list gets an offer now, until when it lasts, and when to look again.

Offers are made in the order of the list. A registration gets seats for all of its children or none. If the first one
needs more than are free, these are kept for it, once, and for no longer than the opening's patience divided by the
number of seats that it lacks: a whole day for one, two hours and a half for ten. Then they go to those behind it whom
they suffice. Later it has its place still, and gets seats when enough are free at once, but none are kept for it again;
and none ever are for a registration with more children than the session could seat if everybody left.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from chalicelib.core.moments import brussels
from chalicelib.programme.openings.rules import Opening, Plan
from chalicelib.seats.rules import Seats
from chalicelib.seats.waiting_list.rules import WaitingPlace

# An offer that lasts half a day at least is recalled so long before it lapses.
REMINDED_BEFORE, LEAST_TO_REMIND = timedelta(hours=4), timedelta(hours=12)


@dataclass(frozen=True)
class OfferTerms:
    """An offer lasts until `hour` in Brussels, `days` later; free seats are kept for `patience`."""

    days: int
    hour: int
    patience: timedelta


@dataclass(frozen=True)
class Turn:
    """`offers`: whose turn it is, in order, as registration_id. `blocked`: since when free seats are kept for somebody
    who needs more of them; None: none are. `kept_for`: the ticket of the last one for whom that began. `again`: when it
    ends, if somebody is blocked. Epoch seconds."""

    offers: tuple[str, ...]
    blocked: int | None = None
    kept_for: int = 0
    again: int | None = None


def terms(opening: Opening | None) -> OfferTerms:
    """The terms of a session's opening; for a session without one, the defaults of an opening."""
    plan = opening.plan if opening else Plan
    return OfferTerms(plan.offer_days, plan.offer_hour, plan.patience)


def until_of(now: datetime, days: int, hour: int) -> datetime:
    """When an offer that is made now ends, in UTC: `hour` by the clocks of Brussels, `days` later, in any case after
    `now`. An hour that comes twice is meant the second time; one that is skipped is the one after it."""
    zone = brussels()
    day = now.astimezone(zone).date() + timedelta(days=days)
    while True:
        wanted = datetime.combine(day, time(hour), zone)
        end = max(wanted.astimezone(UTC), wanted.replace(fold=1).astimezone(UTC))
        if end > now:
            return end
        day += timedelta(days=1)


def reminded_at(made: datetime, until: datetime) -> datetime | None:
    """When a family that has not answered is reminded; None: the offer is over too soon for that."""
    return until - REMINDED_BEFORE if until - made >= LEAST_TO_REMIND else None


def turn(seats: Seats, places: Iterable[WaitingPlace], patience: timedelta, now: int) -> Turn:
    """`places` in order; `seats.blocked` and `seats.kept_for` as the turn before left them.

    The clock runs on while some seats are kept, whoever is first by then: no seat is kept for longer than `patience`
    from somebody whom it suffices.
    """
    needs: dict[str, int] = {}
    tickets: dict[str, int] = {}
    for place in places:
        needs[place.registration_id] = needs.get(place.registration_id, 0) + 1
        tickets[place.registration_id] = place.ticket
    free = seats.free
    offers: list[str] = []
    passed: list[str] = []  # those behind the one that seats are kept for
    first: str | None = None
    for registration_id, wanted in needs.items():
        if wanted <= free:
            (passed if first else offers).append(registration_id)
            free -= wanted
        elif free and first is None and wanted <= seats.most and _has_a_chance(tickets[registration_id], seats):
            first, lacking = registration_id, wanted - free
    if first is None:
        return Turn(tuple(offers), None, seats.kept_for)
    since = now if seats.blocked is None else seats.blocked
    kept_for = tickets[first] if seats.blocked is None else seats.kept_for
    deadline = since + int(patience.total_seconds()) // lacking
    if now < deadline:
        return Turn(tuple(offers), since, kept_for, deadline if passed else None)
    return Turn((*offers, *passed), since if free else None, kept_for)


def _has_a_chance(ticket: int, seats: Seats) -> bool:
    """Whether seats are kept for this one: none were before, or they are now."""
    return ticket > seats.kept_for or (ticket == seats.kept_for and seats.blocked is not None)
