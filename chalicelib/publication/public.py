"""What everybody may see of an opening: its page, and once its seed is public the list that proves how it went."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from chalicelib.api.answering import Answer, Call
from chalicelib.api.problems import NOT_FOUND, Problem, not_now
from chalicelib.languages import N_
from chalicelib.ledger import table as ledger
from chalicelib.ledger.rules import BEFORE_ALL
from chalicelib.memory import Memory
from chalicelib.moments import brussels, local
from chalicelib.openings import log, table
from chalicelib.openings.admission import planned
from chalicelib.openings.published import BY_LIST, BY_OPENING, Row, document, shifts
from chalicelib.openings.rules import Kind, Opening, State, title
from chalicelib.registrations import table as registrations
from chalicelib.registrations.rules import Registration, Status, standing
from chalicelib.seats import table as seats_table
from chalicelib.seats.rules import Channel, Seats, is_held_back
from chalicelib.waiting_list import table as waiting_list
from chalicelib.waiting_list.rules import Place

# A browser or a cache may show what is this old, in seconds; a container asks the table as often. The list does not
# change much any more, and is long.
PAGE_CACHED, LIST_CACHED = 5, 60
SECONDS_REMEMBERED, LIST_REMEMBERED = 1.0, 60.0
_counts: Memory[str, Mapping[str, Any]] = Memory(SECONDS_REMEMBERED)
_lists: Memory[str, Mapping[str, Any]] = Memory(LIST_REMEMBERED)

ID = "[0-9]{4}-[2-9a-z]{6}"
CHANNELS = {Channel.WAITING_LIST: BY_LIST, Channel.DESK: "desk", Channel.EXCEPTION: "exception"}
LIST_LATER = N_("The list is published together with the seed, when the last family has been admitted: {at}.")
LIST_AFTER = N_("The list is published together with the seed, when the opening goes on and is over, or is drawn.")


def list_openings(call: Call) -> Answer:
    """The published openings of this year and the last, the next one first."""
    openings = sorted(table.remembered(call.now), key=lambda opening: (opening.opens_at, opening.opening_id))
    return Answer(200, {"openings": [_shown(one, call) for one in openings]}, _cached(PAGE_CACHED))


def get_opening(call: Call, opening_id: str) -> Answer:
    opening = _published(opening_id, call.now)
    kinds = ledger.counts(opening_id)
    page = {
        **_shown(opening, call),
        "counts": _counts.get(opening_id, lambda: _counted(opening, call.now)),
        "ledger": {kind.value: kinds[kind] for kind in sorted(kinds)},
        "log": log.log_of(opening_id),
    }
    return Answer(200, page, _cached(PAGE_CACHED))


def get_list(call: Call, opening_id: str) -> Answer:
    """What `python -m chalicelib verify-opening` recomputes; raises Problem `not-now` as long as the seed is secret."""
    opening = _published(opening_id, call.now)
    if not opening.reveals_seed(call.now):
        if opening.state is State.PUBLISHED and opening.kind is Kind.FIRST_COME:
            at = opening.spread_ends_at.astimezone(brussels())
            raise not_now(LIST_LATER, at=f"{at:%Y-%m-%d %H:%M:%S}")
        raise not_now(LIST_AFTER)
    return Answer(200, _lists.get(opening_id, lambda: _listed(opening, call.now)), _cached(LIST_CACHED))


def _listed(opening: Opening, now: datetime) -> Mapping[str, Any]:
    chain = ledger.remembered()
    head = chain[-1].head if chain else BEFORE_ALL
    return {
        **document(opening, _rows(opening, now), now),
        "ledger": {
            "entries": [entry.to_public() for entry in chain],
            "head": {"number": head.number, "hash": head.hash},
        },
    }


def _published(opening_id: str, now: datetime) -> Opening:
    """Also one of years ago. Drafts are nobody's business: NOT_FOUND."""
    if opening := table.one_remembered(opening_id, now):
        return opening
    found = table.get(opening_id) if re.fullmatch(ID, opening_id) else None
    if found is None or not found[0].is_live:
        raise Problem(NOT_FOUND)
    return found[0]


def _shown(opening: Opening, call: Call) -> dict[str, Any]:
    """Moments are as they are by now; `windows` and `shifts` in what the list publishes say how they came to be."""
    plan = opening.plan
    approvals = [one for one in opening.approvals if one.version == opening.version]
    return {
        "opening_id": opening.opening_id,
        "kind": opening.kind.value,
        "title": title(plan, call.language),
        "titles": dict(plan.titles),
        "state": opening.state.value,
        "why": dict(opening.why) or None,
        "opens_at": local(opening.opens_at),
        "spread_ends_at": local(opening.spread_ends_at),
        "windows": [
            {
                "opens_at": local(opening.shifted(window.opens_at)),
                "ends_at": local(opening.shifted(window.ends_at)),
                "planned_for": local(window.opens_at),
                "spread_minutes": int(window.spread.total_seconds()) // 60,
                "postcodes": list(window.postcodes),
            }
            for window in plan.windows
        ],
        "passes_until": local(plan.passes_until),
        "wishes_until": local(opening.wishes_until) if opening.wishes_until else None,
        "bundles": plan.bundles.value if opening.kind is Kind.DRAW else None,
        "beacon": plan.beacon,
        "shifts": shifts(opening),
        "hold_minutes": plan.to_document()["hold_minutes"],
        "offer_days": plan.offer_days,
        "offer_hour": plan.offer_hour,
        "version": opening.version,
        "approvals": {"number": len(approvals), "at": [local(one.at) for one in approvals]},
        "published_at": local(opening.published_at) if opening.published_at else None,
        "commitment": opening.commitment,
        "seed": opening.seed.hex() if opening.reveals_seed(call.now) else None,
        "session_ids": list(plan.session_ids),
        "incident_rule": dict(plan.incident_rule),
    }


def _counted(opening: Opening, now: datetime) -> Mapping[str, Any]:
    seats = seats_table.get(opening.plan.session_ids, consistent=False)
    return counted(seats.values(), int(now.timestamp()))


def counted(sessions: Iterable[Seats], now: int) -> dict[str, Any]:
    """How many seats of these sessions were given which way; together with those held back and those that are free they
    are all seats. `with_waiting_list`: how many of the sessions have one."""
    seats = Counter(dict.fromkeys((BY_OPENING, *CHANNELS.values(), "held-back", "free"), 0))
    holders, queued = set[str](), 0
    for one in (session.at(now) for session in sessions):
        for holder in one.holders.values():
            seats["held-back" if is_held_back(holder) else _channel(one, holder)] += 1
        holders.update(one.registrations)
        seats["free"] += one.free
        queued += one.queued
    return {
        "seats": dict(seats),
        "capacity": sum(seats.values()),
        "registrations": len(holders),
        "with_waiting_list": queued,
    }


def _rows(opening: Opening, now: datetime) -> list[Row]:
    """Who has a seat and who waits, in all of its sessions."""
    sessions = seats_table.get(opening.plan.session_ids, consistent=False)
    places = {one: waiting_list.places(one) for one, seats in sessions.items() if seats.queued}
    ids = {one for seats in sessions.values() for one in seats.registrations}
    ids |= {place.registration_id for waiting in places.values() for place in waiting}
    records = registrations.several(sorted(ids))
    rows = (
        _row(opening, one, sessions[one.session_id], places.get(one.session_id, ()), now)
        for one in records
        if one.session_id in sessions
    )
    return [row for row in rows if row]


def _row(opening: Opening, one: Registration, seats: Seats, places: Iterable[Place], now: datetime) -> Row | None:
    stands = standing(one, seats, places, now)
    if stands is None or stands.status is Status.CANCELLED:
        return None
    admitted = one.admission if one.admission and one.admission.opening_id == opening.opening_id else None
    at = None
    if admitted and admitted.keys and opening.kind is Kind.FIRST_COME:
        window = opening.plan.windows[admitted.window]
        at = opening.shifted(planned(window, admitted.keys, opening.seed, is_late=admitted.is_late))
    return Row(
        keys=admitted.keys if admitted else (),
        window=admitted.window if admitted else None,
        is_late=bool(admitted and admitted.is_late),
        admitted_at=at,
        registered_at=one.created_at,
        session_id=one.session_id,
        channel=BY_LIST if stands.status is Status.WAITLISTED else _channel(seats, one.registration_id),
        children=len(one.child_ids),
        status=stands.status.value,
    )


def _channel(seats: Seats, registration_id: str) -> str:
    channel = seats.channels.get(registration_id)
    return CHANNELS[channel] if channel else BY_OPENING


def _cached(seconds: int) -> dict[str, str]:
    return {"Cache-Control": f"public, max-age={seconds}"}
