"""The draw, as arithmetic: from the published list, the seed and the beacon to who gets what. docs/draw.md says it in
words.

Families and children have pseudonyms here, which mean nothing outside their opening. The draw itself knows which
entries hold the same child. The published list does not: there a child has another name in each entry, and what follows
from its other entries is published as `Bars`. The same rules draw, publish and verify, so that what is verified is what
was done.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Annotated, Any

from chalicelib.core.canonical import canonical
from chalicelib.core.http.answers import Count, Schema
from chalicelib.programme.openings.admission import drawn
from chalicelib.programme.openings.rules import Bundles
from chalicelib.programme.sessions.rules import share_a_day

Pair = Annotated[tuple[str, str], Schema(maxItems=2), "A child, under a name of this entry only, and a session."]
IsoDay = Annotated[str, Schema(format="date")]

# Of an entry that another one comes before: the latest of eight numbers is before the other's in one draw of nine.
KEYS_OF_LATER = 8


@dataclass(frozen=True, slots=True)
class DrawEntry:
    """The entry of one family. `entry`: its name in the list; `keys`: that name, and if another entry comes first for
    one of its children seven more of its own (`later`); `wishes`: the best first, each all or nothing."""

    entry: str
    keys: Annotated[tuple[str, ...], Schema(minItems=1), "Its own name, and those of the entries that it comes after."]
    wishes: tuple[tuple[Pair, ...], ...]

    def to_document(self) -> dict[str, Any]:
        return {
            "entry": self.entry,
            "keys": list(self.keys),
            "wishes": [[list(pair) for pair in wish] for wish in self.wishes],
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "DrawEntry":
        return cls(
            document["entry"],
            tuple(document["keys"]),
            tuple(tuple((child, session) for child, session in wish) for wish in document["wishes"]),
        )


@dataclass(frozen=True, slots=True)
class Room:
    """A session when the draw begins. `free`: seats that it may give; `ahead`: the registrations that wait already.
    Days are dates as ISO 8601 writes them, the last one included."""

    free: Count
    capacity: Count
    ahead: Annotated[Count, "Registrations that waited already."]
    starts_on: IsoDay
    ends_on: IsoDay


@dataclass(frozen=True)
class Start:
    """The seats when the draw begins. `seated` and `waiting`: the children of the list that have a seat, or wait,
    in these sessions already, from before the draw. Only `rooms` is published: where a child has a seat is nobody's
    business who merely enters that child."""

    rooms: Mapping[str, Room]
    seated: frozenset[Pair] = frozenset()
    waiting: frozenset[Pair] = frozenset()

    def to_document(self) -> dict[str, Any]:
        return {
            "sessions": {session: asdict(room) for session, room in self.rooms.items()},
            "seated": sorted(map(list, self.seated)),
            "waiting": sorted(map(list, self.waiting)),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Start":
        return cls(
            {session: Room(**room) for session, room in document["sessions"].items()},
            frozenset((child, session) for child, session in document["seated"]),
            frozenset((child, session) for child, session in document["waiting"]),
        )


class DrawVerdict(StrEnum):
    """The result of a wish. FULL: a session had too few seats left. OVERLAPS: a child has a seat at that time, or
    another entry comes first for it and was still to come. NOT_NEEDED: a better wish was granted. HAD_ONE: so was one
    of another entry with a child of this wish."""

    GRANTED = "granted"
    FULL = "full"
    OVERLAPS = "overlaps"
    NOT_NEEDED = "not-needed"
    HAD_ONE = "had-one"


@dataclass(frozen=True, slots=True)
class DrawOutcome:
    """`sessions`: of FULL, those that had too few seats; of OVERLAPS, the one wished for and the one that the child
    has by this entry, which may be the same, and nothing if this entry did not get it."""

    reached: DrawVerdict
    sessions: tuple[str, ...] = ()


GRANTED = DrawOutcome(DrawVerdict.GRANTED)
NOT_NEEDED = DrawOutcome(DrawVerdict.NOT_NEEDED)
HAD_ONE = DrawOutcome(DrawVerdict.HAD_ONE)
BARRED = DrawOutcome(DrawVerdict.OVERLAPS)


@dataclass(frozen=True, slots=True)
class Bars:
    """An entry's wishes that its children's other seats and places forbid: by another entry, or from before the
    draw. It says no more than that, neither which child, nor where and by whom.

    `wishes`: numbers, from 1, of those that were not possible. `places`: (session, number of the wish), where it does
    not wait because a child has a seat or waits there.
    """

    wishes: frozenset[int] = frozenset()
    places: frozenset[tuple[str, int]] = frozenset()

    @classmethod
    def from_document(cls, result: Mapping[str, Any]) -> "Bars":
        return cls(frozenset(result["barred"]), frozenset((session, wish) for session, wish in result["not_waiting"]))


NO_BARS = Bars()


@dataclass(frozen=True, slots=True)
class WaitingGroup:
    """Children of one wish who wait together. `place` and `wish`: of the entry in the order, and of the wish in the
    entry, both from 0."""

    place: int
    wish: int
    children: tuple[str, ...]


@dataclass(frozen=True)
class Allocation:
    """`order`: the entries as they were drawn; `outcomes`: of their wishes, in the same order. `waiting`: session to
    who waits for it, the first first. `left`: session to the seats that nobody got. `seated`: child to the sessions
    in which it has a seat now; `own`: the same of each entry, by what it got itself. `bars`: of each entry.
    """

    order: Sequence[DrawEntry]
    outcomes: Sequence[tuple[DrawOutcome, ...]]
    waiting: Mapping[str, Sequence[WaitingGroup]]
    left: Mapping[str, int]
    seated: Mapping[str, set[str]]
    own: Sequence[Mapping[str, set[str]]]
    bars: Sequence[Bars]

    def results(self, start: Start) -> dict[str, dict[str, Any]]:
        """Entry to what is published of it: its place, from 1; the wishes that were granted, from 1; for which sessions
        it waits, and as which number; its bars."""
        found: dict[str, dict[str, Any]] = {}
        for place, (entry, outcomes, bars) in enumerate(zip(self.order, self.outcomes, self.bars, strict=True), 1):
            found[entry.entry] = {
                "entry": entry.entry,
                "place": place,
                "granted": [number for number, one in enumerate(outcomes, 1) if one.reached is DrawVerdict.GRANTED],
                "waiting": [],
                "barred": sorted(bars.wishes),
                "not_waiting": sorted(map(list, bars.places)),
            }
        for session in sorted(self.waiting):
            for number, one in enumerate(self.waiting[session], start.rooms[session].ahead + 1):
                found[self.order[one.place].entry]["waiting"].append([session, number])
        return found


def listed(entries: Iterable[DrawEntry]) -> list[DrawEntry]:
    """The list as it is published and hashed: in the order of the entries' names, which says nothing."""
    return sorted(entries, key=lambda one: one.entry)


def children_of(entry: DrawEntry) -> frozenset[str]:
    return frozenset(child for wish in entry.wishes for child, _ in wish)


def by_child(entries: Iterable[DrawEntry]) -> dict[str, list[DrawEntry]]:
    """Child to the entries that hold it, of the children that several entries hold: two parents', perhaps."""
    holders: dict[str, list[DrawEntry]] = {}
    for entry in entries:
        for child in children_of(entry):
            holders.setdefault(child, []).append(entry)
    return {child: found for child, found in holders.items() if len(found) > 1}


def later(entries: Iterable[DrawEntry], named_by: Mapping[str, str]) -> set[str]:
    """The names of the entries that another one comes first for, for one of their children. `named_by`: of the children
    that several entries hold, the name of the family that named it first, whether it has an entry or not.

    Of the entries that hold a child, one comes first: that of the family that named it first; if that has none, the one
    whose name is the lowest, which nobody chooses. So an entry whose family named its children first draws as if nobody
    else held them; and who names a child and enters nothing changes nothing.
    """
    found: set[str] = set()
    for child, holders in by_child(entries).items():
        names = {one.entry for one in holders}
        first = named_by.get(child)
        found |= names - {first if first in names else min(names)}
    return found


def firsts(entries: Iterable[DrawEntry]) -> dict[str, str]:
    """Of the children that several entries hold, which entry comes first. It follows from the list that is frozen: the
    others have more keys. Where each has more, because of other children, it is the one whose name is the lowest."""
    return {
        child: min(holders, key=lambda one: (len(one.keys), one.entry)).entry
        for child, holders in by_child(entries).items()
    }


def list_hash(entries: Iterable[DrawEntry]) -> str:
    """SHA-256 of the canonical JSON of the list, in hexadecimal digits."""
    return hashlib.sha256(canonical([one.to_document() for one in listed(entries)])).hexdigest()


def final_seed(seed: bytes, hash_of_list: str, beacon: str | None) -> bytes:
    """SHA-256(seed || the list's hash || the beacon in UTF-8): nobody who knows one of them knows the order."""
    return hashlib.sha256(seed + bytes.fromhex(hash_of_list) + (beacon or "").encode()).digest()


def in_order(entries: Iterable[DrawEntry], final: bytes) -> list[DrawEntry]:
    """By number, the lowest first. An entry's number is the highest that its keys draw: more children are no more
    chances. Of entries with the same number, by an HMAC of the whole entry."""

    def drawn_by(one: DrawEntry) -> tuple[int, bytes]:
        number = max(drawn(final, key) for key in one.keys)
        return number, hmac.digest(final, canonical(one.to_document()), "sha256")

    return sorted(entries, key=drawn_by)


def allocate(
    order: Sequence[DrawEntry], start: Start, bundles: Bundles, told: Mapping[str, Bars] | None = None
) -> Allocation:
    """One entry after the other takes the best that is left for it: its first wish that is possible, or every one.
    Where one wish is granted, it is one for an entry, and one for a child: `served`. A wish with a child for which
    another entry comes first is possible only when that one had its turn. So a second entry takes nothing from the
    first, and is no second chance.

    No session gives more seats than it has, no child gets two seats at the same time, and each wish is granted as a
    whole or not at all. Whoever failed for want of seats waits, in the same order.

    `told`: an entry's name to its bars, where `order` is published, and so does not say which children are the same.
    """
    told = told or {}
    left = {session: room.free for session, room in start.rooms.items()}
    at_the_same_time = _overlaps(start.rooms)
    first = firsts(order)
    seated: dict[str, set[str]] = {}
    for child, session in start.seated:
        seated.setdefault(child, set()).add(session)
    served: set[str] = set()
    had_their_turn: set[str] = set()
    outcomes, own, barred = [], [], []
    for entry in order:
        told_to_be_barred = told.get(entry.entry, NO_BARS).wishes
        had_their_turn.add(entry.entry)
        found: list[DrawOutcome] = []
        mine: dict[str, set[str]] = {}
        better = False
        for number, wish in enumerate(entry.wishes, 1):
            if better:
                outcome = NOT_NEEDED
            elif overlap := _overlap(wish, mine, at_the_same_time):
                outcome = DrawOutcome(DrawVerdict.OVERLAPS, overlap)
            elif any(child in served for child, _ in wish):
                outcome = HAD_ONE
            elif (
                number in told_to_be_barred
                or any(first.get(child, entry.entry) not in had_their_turn for child, _ in wish)
                or _overlap(wish, seated, at_the_same_time)
            ):
                outcome = BARRED
            else:
                outcome = _as_there_are_seats(wish, left)
            if outcome is GRANTED:
                for child, session in wish:
                    left[session] -= 1
                    seated.setdefault(child, set()).add(session)
                    mine.setdefault(child, set()).add(session)
                if bundles is Bundles.ONE:
                    better = True
                    served.update(child for child, _ in wish)
            found.append(outcome)
        outcomes.append(tuple(found))
        own.append(mine)
        barred.append(frozenset(number for number, one in enumerate(found, 1) if one is BARRED or one is HAD_ONE))
    drawn = Allocation(order, outcomes, {}, left, seated, own, [Bars(wishes) for wishes in barred])
    return _with_waiting(drawn, start, told)


def _overlaps(rooms: Mapping[str, Room]) -> dict[str, frozenset[str]]:
    """Session to those that take place on a day of it, itself too."""
    return {
        session: frozenset(other for other, there in rooms.items() if share_a_day(room, there))
        for session, room in rooms.items()
    }


def _overlap(
    wish: Sequence[Pair], seated: Mapping[str, set[str]], at_the_same_time: Mapping[str, frozenset[str]]
) -> tuple[str, str] | None:
    """A session of the wish and one at that time in which its child has a seat, or would have by this wish."""
    own: dict[str, list[str]] = {}
    for child, session in wish:
        there = at_the_same_time[session]
        has = seated.get(child)
        if has and not there.isdisjoint(has):
            return session, min(there.intersection(has))
        mine = own.setdefault(child, [])
        for other in mine:
            if other in there:
                return session, other
        mine.append(session)
    return None


def _as_there_are_seats(wish: Sequence[Pair], left: Mapping[str, int]) -> DrawOutcome:
    wanted: dict[str, int] = {}
    for _, session in wish:
        wanted[session] = wanted.get(session, 0) + 1
    full = tuple(sorted(session for session, seats in wanted.items() if left[session] < seats))
    return DrawOutcome(DrawVerdict.FULL, full) if full else GRANTED


def _with_waiting(drawn: Allocation, start: Start, told: Mapping[str, Bars]) -> Allocation:
    """For each session that a wish failed for; a child waits for it once, and nobody for more seats than it has."""
    waiting: dict[str, list[WaitingGroup]] = {}
    waits = set(start.waiting)
    bars = list(drawn.bars)
    for place, (entry, reached) in enumerate(zip(drawn.order, drawn.outcomes, strict=True)):
        told_not_to_wait = told.get(entry.entry, NO_BARS).places
        mine: set[Pair] = set()
        places = set()
        for number, outcome in enumerate(reached):
            if outcome.reached is not DrawVerdict.FULL:
                continue
            for session in outcome.sessions:
                children = tuple(child for child, wished in entry.wishes[number] if wished == session)
                if len(children) > start.rooms[session].capacity:
                    continue
                if _is_there(children, session, mine, drawn.own[place]):
                    continue
                if (session, number + 1) in told_not_to_wait or _is_there(children, session, waits, drawn.seated):
                    places.add((session, number + 1))
                    continue
                waits.update((child, session) for child in children)
                mine.update((child, session) for child in children)
                waiting.setdefault(session, []).append(WaitingGroup(place, number, children))
        if places:
            bars[place] = replace(bars[place], places=frozenset(places))
    return replace(drawn, waiting=waiting, bars=bars)


def _is_there(children: Iterable[str], session: str, waits: set[Pair], seated: Mapping[str, set[str]]) -> bool:
    """Whether one of them waits for the session or has a seat in it."""
    return any((child, session) in waits or session in seated.get(child, ()) for child in children)
