"""Who of a waiting list gets an offer now, until when it lasts, and when to look again.

Offers are made in the order of the list. A registration gets seats for all of its children or none; if the first one
needs more than are free, these are kept for it, but for no longer than the opening's patience: then they go to those
behind it whom they suffice.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from chalicelib.core.moments import brussels
from chalicelib.programme.openings.rules import Opening, Plan
from chalicelib.seats.waiting_list.rules import WaitingPlace


@dataclass(frozen=True)
class OfferTerms:
    """An offer lasts until `hour` in Brussels, `days` later; free seats are kept for `patience`."""

    days: int
    hour: int
    patience: timedelta


@dataclass(frozen=True)
class Turn:
    """`offers`: whose turn it is, in order, as registration_id. `blocked`: since when free seats are kept for somebody
    who needs more of them; None: none are. `again`: when that ends, if somebody is blocked. Epoch seconds."""

    offers: tuple[str, ...]
    blocked: int | None = None
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


def turn(free: int, places: Iterable[WaitingPlace], blocked: int | None, patience: timedelta, now: int) -> Turn:
    """`places` in order, `blocked` as the turn before left it.

    The clock runs on while some seats are kept, whoever is first by then: no seat is kept for longer than `patience`
    from somebody whom it suffices.
    """
    needs: dict[str, int] = {}
    for place in places:
        needs[place.registration_id] = needs.get(place.registration_id, 0) + 1
    offers = []
    for registration_id, seats in needs.items():
        if seats > free:
            break
        offers.append(registration_id)
        free -= seats
    behind = [one for one in needs if one not in offers]
    if not behind or not free:
        return Turn(tuple(offers))
    since = now if blocked is None else blocked
    deadline = since + int(patience.total_seconds())
    passed = []
    for registration_id in behind:
        if needs[registration_id] <= free:
            passed.append(registration_id)
            free -= needs[registration_id]
    if now < deadline:
        return Turn(tuple(offers), since, deadline if passed else None)
    return Turn((*offers, *passed), since if free else None)
