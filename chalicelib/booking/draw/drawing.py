"""Holding the draw: the list is frozen, drawn from, and written out, in steps each of which may be repeated.

Whatever breaks off, and wherever, the next call goes on from there with the same list and the same start, and comes to
the same end: what decides the result (the list, what there was at the start, the beacon) is put once and never changed,
and the rest follows from it. `seating.py` says how one session is written.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from chalicelib.booking.draw import seating, table
from chalicelib.booking.draw.rules import (
    Allocation,
    DrawEntry,
    DrawVerdict,
    Pair,
    Room,
    Start,
    allocate,
    final_seed,
    in_order,
    list_hash,
)
from chalicelib.booking.draw.seating import ChildrenTogether
from chalicelib.booking.draw.table import Begun, Entered, Frozen, pseudonym
from chalicelib.booking.registrations import overlaps
from chalicelib.booking.registrations.rules import Admitted, Registration, registration_id
from chalicelib.core.observability import log
from chalicelib.core.refusals import Interfered
from chalicelib.programme.openings import log as incidents
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import TURN_INTO_DRAW, Opening, OpeningKind, State
from chalicelib.programme.sessions import table as programme
from chalicelib.programme.sessions.nearest import Camp, by_distance, camp_of, nearest
from chalicelib.programme.sessions.rules import Session
from chalicelib.seats import table as seats_table
from chalicelib.seats.rules import Seats
from chalicelib.seats.waiting_list import table as waiting_list

# By then a family that sent wishes at the last moment has had an answer: API Gateway waits for 29 seconds at most.
GRACE = timedelta(minutes=1)


class ShortOfSeats(Exception):
    """Somebody gave seats away between the start of the draw and its writing. The result stands; staff make the seats
    again (capacity, or what was given), and the draw is asked for once more."""


class OpeningChanged(Exception):
    """The opening is not the one that the draw began with: somebody changed it by hand, and nothing more is given."""


class ListChanged(Exception):
    """The entries of families differ from the frozen list: somebody changed it by hand, and nothing is drawn."""


@dataclass(frozen=True)
class Drawn:
    """A draw of which it is known who is who. `by_entry`: an entry's name to what its family entered."""

    opening: Opening
    frozen: Frozen
    begun: Begun
    start: Start
    allocation: Allocation
    by_entry: Mapping[str, Entered]


def hold(opening_id: str, now: datetime) -> bool:
    """Freezes the list, and draws, as far as that is possible now. True: the result stands, is written out and known to
    all. False: it is too early, or the beacon is awaited.

    Raises ShortOfSeats, OpeningChanged, ListChanged, Busy and botocore's errors. Called again, it goes on.
    """
    while True:
        found = openings.get(opening_id)
        if found is None or found[0].kind is not OpeningKind.DRAW:
            return False
        opening, edition = found
        if opening.state is State.DRAWN:
            return True
        if not may_freeze(opening, now):
            return False
        frozen = table.valid_list(opening)
        if frozen is None and not attempts_are_in(opening):
            return False
        entered = list(table.entries(opening_id))
        frozen = frozen or _freeze(opening, entered, now)
        beacon = table.confirmed_beacon(opening_id, frozen.frozen_at) if opening.plan.beacon is not None else None
        if opening.plan.beacon is not None and beacon is None:
            return False
        listed = list(table.whole_list(opening_id, frozen))
        if frozen.begun:
            _write_out(_drawn(opening, frozen, frozen.begun, listed, entered, beacon))
            return True
        # It began now, or by another call; or an incident was quicker, and it is too early again.
        table.begin(opening, edition, frozen, _start(opening, entered, now), now)


def may_freeze(opening: Opening, now: datetime) -> bool:
    """Whether nobody can change wishes any more, also not by a request that is under way."""
    until = opening.wishes_until
    return opening.state is State.PUBLISHED and until is not None and now >= until + GRACE


def attempts_are_in(opening: Opening) -> bool:
    """Whether the function that an incident calls has entered every attempt that counts as a wish. It may be late, or
    have given up; an attempt that came after the list is frozen would be lost, and not fit the list."""
    if not opening.drawn_instead:
        return True
    turned = [one for one in incidents.every(opening.opening_id) if one.at and one.action == TURN_INTO_DRAW]
    return all(one.progress.get("is_over") for one in turned)


def _freeze(opening: Opening, entered: Iterable[Entered], now: datetime) -> Frozen:
    entries = table.with_keys(opening.opening_id, [one for one in entered if one.all_wishes])
    old = table.frozen(opening.opening_id)
    return table.freeze(opening.opening_id, list_hash(entries), entries, now, instead_of=old)


def _start(opening: Opening, entered: Iterable[Entered], now: datetime) -> Start:
    """The rooms to draw from: a session where somebody waits already has nothing for families that come now. A child
    that is in another camp on the days of a session counts as one that has its seat there."""
    at = int(now.timestamp())
    children = {pseudonym(opening.opening_id, child) for one in entered for wish in one.all_wishes for child, _ in wish}
    seats = _without_lapsed(opening.plan.session_ids, at)
    rooms: dict[str, Room] = {}
    seated: list[Pair] = []
    waits: list[Pair] = []
    sessions = _sessions(opening)
    wished: dict[str, list[Session]] = {}
    for child, session_id in {pair for one in entered for wish in one.all_wishes for pair in wish}:
        wished.setdefault(child, []).append(sessions[session_id])
    seated += [(pseudonym(opening.opening_id, child), there) for child, there in overlaps.elsewhere(wished, now)]
    for session_id, session in sessions.items():
        then = seats[session_id]
        places = waiting_list.places(session_id) if then.queued else []
        rooms[session_id] = Room(
            free=then.for_anyone(at),
            capacity=0 if then.called_off is not None else then.capacity,  # nobody waits for a camp that is cancelled
            ahead=len({place.registration_id for place in places}),
            starts_on=str(session.starts_on),
            ends_on=str(session.ends_on),
        )
        seated += [(pseudonym(opening.opening_id, child), session_id) for child in then.holders]
        waits += [(pseudonym(opening.opening_id, place.child_id), session_id) for place in places]
    return Start(
        rooms,
        frozenset(pair for pair in seated if pair[0] in children),
        frozenset(pair for pair in waits if pair[0] in children),
    )


def _without_lapsed(session_ids: Iterable[str], now: int) -> dict[str, Seats]:
    """The seats, from which everything is taken that was held and is held no longer: it is the draw's."""
    seats = seats_table.get(session_ids)
    while lapsed := [one for one in seats.values() if one.lapsed(now)]:
        for one in lapsed:
            seats_table.sweep(one, now)
        seats |= seats_table.get(one.session_id for one in lapsed)
    return seats


def _sessions(opening: Opening) -> dict[str, Session]:
    wanted = set(opening.plan.session_ids)
    return {one.session_id: one for one in programme.all_sessions(consistent_read=True) if one.session_id in wanted}


def _drawn(
    opening: Opening,
    frozen: Frozen,
    begun: Begun,
    listed: list[DrawEntry],
    entered: Iterable[Entered],
    beacon: str | None,
) -> Drawn:
    by_entry = {one.entry_name: one for one in entered if one.all_wishes}
    # Who named a child first counted when the list was frozen, and may be another by now.
    is_as_entered = {replace(entry, keys=(entry.entry,)) for entry in listed} == {
        one.as_published() for one in by_entry.values()
    }
    if not is_as_entered or list_hash(listed) != frozen.list_hash:
        log.error("draw_list_changed", opening_id=opening.opening_id, entries=len(listed), known=len(by_entry))
        raise ListChanged
    final = final_seed(opening.seed, frozen.list_hash, beacon)
    start = table.start_of(opening.opening_id, begun)
    order = [by_entry[one.entry].as_drawn(one.keys) for one in in_order(listed, final)]
    allocation = allocate(order, start, opening.plan.bundles)
    return Drawn(opening, frozen, begun, start, allocation, by_entry)


def _write_out(drawn: Drawn) -> None:
    opening_id = drawn.opening.opening_id
    granted, waiting = _granted(drawn), _waiting(drawn)
    provided = openings.unchanged(opening_id, drawn.begun.edition)

    def record(group: ChildrenTogether) -> Registration:
        return _record(drawn, group)

    short = []
    for session_id in sorted(granted.keys() | waiting.keys()):
        in_it, for_it = granted.get(session_id, []), waiting.get(session_id, [])
        try:
            if not seating.write(opening_id, session_id, in_it, for_it, record, provided):
                short.append(session_id)
        except Interfered:
            raise OpeningChanged from None
    if short != list(drawn.frozen.short):
        table.say_short(opening_id, short)
    if short:
        log.error("draw_short_of_seats", opening_id=opening_id, sessions=short)
        raise ShortOfSeats
    published = drawn.allocation.results(drawn.start)
    table.put_published(opening_id, drawn.frozen, published)
    table.put_results(_results(drawn, published))
    _end(drawn, provided)
    log.info(
        "drawn",
        opening_id=opening_id,
        entries=drawn.frozen.entries,
        granted=sum(map(len, granted.values())),
        waiting=sum(map(len, waiting.values())),
    )


def _granted(drawn: Drawn) -> dict[str, list[ChildrenTogether]]:
    """Session to who has seats there, in the order of the draw."""
    groups: dict[str, list[ChildrenTogether]] = {}
    for entry, outcomes in zip(drawn.allocation.order, drawn.allocation.outcomes, strict=True):
        entered = drawn.by_entry[entry.entry]
        for number, outcome in enumerate(outcomes):
            if outcome.reached is DrawVerdict.GRANTED:
                for session_id in dict.fromkeys(session for _, session in entered.all_wishes[number]):
                    groups.setdefault(session_id, []).append(_group(entered, number, session_id))
    return groups


def _waiting(drawn: Drawn) -> dict[str, list[ChildrenTogether]]:
    """Session to who waits there, in the order of the draw."""
    order = drawn.allocation.order
    return {
        session_id: [_group(drawn.by_entry[order[one.place].entry], one.wish, session_id) for one in waits]
        for session_id, waits in drawn.allocation.waiting.items()
    }


def _group(entered: Entered, number: int, session_id: str) -> ChildrenTogether:
    wish = entered.all_wishes[number]
    return ChildrenTogether(
        entered,
        session_id,
        # No Idempotency-Key begins with a space: no family has made such a registration by itself.
        registration_id(entered.family_id, f" draw {entered.opening_id} {number + 1} {session_id}"),
        entered.pass_of(wish),
        tuple(child for child, session in wish if session == session_id),
    )


def _record(drawn: Drawn, group: ChildrenTogether) -> Registration:
    return Registration(
        registration_id=group.registration_id,
        session_id=group.session_id,
        child_ids=group.children,
        pass_id=group.pass_id,
        created_at=drawn.begun.at,
        admission=Admitted(drawn.opening.opening_id, 0, (group.entered.entry_name,), is_late=False),
    )


def _results(drawn: Drawn, published: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[Entered, dict[str, Any]]]:
    """The message to each family, as JSON: `place` of `of`; for each wish what became of it, and the sessions that this
    is about; `waiting`: session and number; `nearest`: a session with seats left and how many, or None."""
    camps = _camps(drawn)
    nearby = by_distance(camps)
    allocation = drawn.allocation
    for entry, outcomes, own in zip(allocation.order, allocation.outcomes, allocation.own, strict=True):
        full = next((number for number, one in enumerate(outcomes) if one.reached is DrawVerdict.FULL), None)
        found = None
        entered = drawn.by_entry[entry.entry]
        if full is not None:
            wanted = outcomes[full].sessions[0]
            births = {
                pseudonym(entered.opening_id, child): entered.children[child]
                for child, session in entered.all_wishes[full]
                if session == wanted
            }
            # By its own seats alone: what is left out would tell where a child has one by another entry.
            found = nearest(wanted, births, own, camps, nearby)
        yield (
            entered,
            {
                "place": published[entry.entry]["place"],
                "of": drawn.frozen.entries,
                "wishes": [[one.reached.value, list(one.sessions)] for one in outcomes],
                "waiting": published[entry.entry]["waiting"],
                "nearest": [found.session_id, found.left] if found else None,
            },
        )


def _camps(drawn: Drawn) -> dict[str, Camp]:
    """Free seats of a session where somebody waits belong to its waiting list."""
    camps = {}
    for session_id, session in _sessions(drawn.opening).items():
        waited_for = drawn.allocation.waiting.get(session_id) or drawn.start.rooms[session_id].ahead
        left = 0 if waited_for else drawn.allocation.left[session_id]
        camps[session_id] = camp_of(session, left)
    return camps


def _end(drawn: Drawn, provided: Mapping[str, Any]) -> None:
    """Seats that are left are first come, first served."""
    opening = drawn.opening
    try:
        programme.set_opening(opening.plan.session_ids, drawn.begun.at, [provided])
        openings.write(replace(opening, state=State.DRAWN), drawn.begun.edition)
    except Interfered:
        found = openings.get(opening.opening_id)
        if found is None or found[0].state is not State.DRAWN:  # by another call, which was quicker
            raise OpeningChanged from None
