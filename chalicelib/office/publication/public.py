"""The public view of an opening: its page and, once its seed is public, the list that proves how it went."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import Registration, RegistrationStatus, standing
from chalicelib.city.ledger import table as ledger
from chalicelib.city.ledger.handlers import PublicEntry, TheHead, public_entry
from chalicelib.city.ledger.rules import BEFORE_ALL, LedgerAct
from chalicelib.core.http.answering import Answer, Call
from chalicelib.core.http.answers import Count, FromOne, InLanguages, Schema, Sha256
from chalicelib.core.http.fields import Model, WholeInQuery, queried
from chalicelib.core.http.problems import NOT_FOUND, Problem, invalid, not_now
from chalicelib.core.languages import N_
from chalicelib.core.memory import Memory
from chalicelib.core.moments import local
from chalicelib.office.incidents.public import PublicIncident, public_incident
from chalicelib.programme.openings import log, table
from chalicelib.programme.openings.admission import planned
from chalicelib.programme.openings.plans import WindowToSend
from chalicelib.programme.openings.published import BY_LIST, BY_OPENING, COLUMNS, PublishedRow, document
from chalicelib.programme.openings.rules import Bundles, LiveState, Opening, OpeningKind, State, title
from chalicelib.seats import table as seats_table
from chalicelib.seats.rules import Channel, Seats, is_held_back
from chalicelib.seats.waiting_list import table as waiting_list
from chalicelib.seats.waiting_list.rules import WaitingPlace

# A browser or a cache may show what is this old, in seconds; a container asks the table as often. The list does not
# change much any more, and is long.
PAGE_CACHED, LIST_CACHED = 5, 60
SECONDS_REMEMBERED, LIST_REMEMBERED = 1.0, 60.0
_counts: Memory[str, "SeatCounts"] = Memory(SECONDS_REMEMBERED)
_lists: Memory[str, "OpeningList"] = Memory(LIST_REMEMBERED)

# Of the list: some 105 bytes each, and Lambda answers 6 MB at most.
MOST_ROWS = 20_000
AS_PART = N_("Give the number that the part before it gives as the next one.")
PART = Model({"part": WholeInQuery(AS_PART, 0, 9999, is_required=False)})

ID = "[0-9]{4}-[2-9a-z]{6}"
CHANNELS = {Channel.WAITING_LIST: BY_LIST, Channel.DESK: "desk", Channel.EXCEPTION: "exception"}
# How a seat was given.
WAYS = (BY_OPENING, *CHANNELS.values())
LIST_LATER = N_("The list is published together with the seed, when the last family has been admitted: {at}.")
LIST_AFTER = N_("The list is published together with the seed, when the opening goes on and is over, or is drawn.")


@dataclass(frozen=True)
class PublicWindow:
    opens_at: datetime
    ends_at: datetime
    planned_for: Annotated[datetime, "The moment before any incident moved it."]
    spread_minutes: Count
    postcodes: Annotated[Sequence[str], "None: everyone."]


@dataclass(frozen=True)
class PublicShift:
    after: datetime
    seconds: int


@dataclass(frozen=True)
class ApprovedAt:
    """How many approved the version, and when; not who."""

    number: Count
    at: Sequence[datetime]


@dataclass(frozen=True)
class PublicOpening:
    """Moments are as they are by now; `windows` and `shifts` in what the list publishes say how they came to be."""

    opening_id: str
    kind: Annotated[OpeningKind, "Its kind now: an incident can turn an opening into a draw."]
    title: Annotated[str, "In the language asked for."]
    titles: InLanguages
    state: Annotated[LiveState, "`drawn`: the draw has its result; seats that are left are first come, first served."]
    why: Annotated[InLanguages | None, "The message to families while the opening is paused: why, and what follows."]
    opens_at: datetime
    spread_ends_at: Annotated[datetime, "The moment from which every family is admitted."]
    windows: Annotated[Sequence[PublicWindow], Schema(minItems=1)]
    passes_until: Annotated[datetime, "Children named in a pass later than this come after the spread."]
    wishes_until: Annotated[datetime | None, "The moment until which a draw takes wishes."]
    bundles: Annotated[Bundles | None, "The number of wishes that a draw may grant a family."]
    beacon: Annotated[str | None, "The public value that is mixed into a draw."]
    shifts: Annotated[Sequence[PublicShift], "The moves by incidents, in their order."]
    hold_minutes: Annotated[FromOne | None, "The minutes for which a seat is held for payment or more data."]
    may_overlap: Annotated[bool, "Whether a child may be in several of these camps on the same days."]
    offer_days: Count
    offer_hour: Count
    version: FromOne
    approvals: ApprovedAt
    published_at: datetime | None
    commitment: Annotated[Sha256, "The seed's SHA-256, known before anybody can have a pass for it."]
    seed: Annotated[Sha256 | None, "Null as long as knowing it could help anybody."]
    session_ids: Annotated[Sequence[str], Schema(minItems=1)]
    incident_rule: Annotated[InLanguages, "The promise of the city if something goes wrong."]

    @property
    def is_draw(self) -> bool:
        return self.kind is OpeningKind.DRAW

    @property
    def is_over(self) -> bool:
        """Whether every family has been admitted, or the draw is drawn."""
        return self.seed is not None


@dataclass(frozen=True)
class SeatCounts:
    """How many seats of some sessions were given which way. `registrations`: how many have seats."""

    seats: Annotated[Mapping[str, Count], Schema(required=[*WAYS, "held-back", "free"])]
    capacity: Count
    registrations: Count
    with_waiting_list: Annotated[Count, "The number of sessions for which somebody waits."]


@dataclass(frozen=True)
class OpeningPage(PublicOpening):
    counts: Annotated[
        SeatCounts, "The seats by channel; with the held-back and the free seats they add up to all seats."
    ]
    ledger: Annotated[Mapping[LedgerAct, FromOne], "The number of exceptions by kind (GET /api/ledger)."]
    log: Annotated[Sequence[PublicIncident], "The incidents and what was done; the oldest first."]


Milliseconds = Annotated[int, "Since 1970."]
ListedRegistration = tuple[
    Annotated[
        Sequence[str],
        "Draw keys: the same keys are the same family. An empty list: not admitted by the opening.",
    ],
    Annotated[Count | None, "The number of its window."],
    Annotated[bool, "True if the family was known too late for the draw."],
    Annotated[Milliseconds | None, "The moment from which it was admitted, in ms since 1970."],
    Annotated[Milliseconds, "The moment at which it registered, in ms since 1970."],
    Annotated[str, "The session."],
    Annotated[str, Schema(enum=[*WAYS]), "The way in which it got its seat, or waits for one."],
    Annotated[FromOne, "How many children."],
    Annotated[
        RegistrationStatus, Schema(enum=[one for one in RegistrationStatus if one is not RegistrationStatus.CANCELLED])
    ],
]


@dataclass(frozen=True)
class ListedTerms:
    """The terms that decided the admissions (programme/openings/published.py)."""

    opening_id: str
    kind: OpeningKind
    version: FromOne
    commitment: Sha256
    seed: Sha256
    windows: Sequence[WindowToSend]
    passes_until: datetime
    shifts: Sequence[PublicShift]


@dataclass(frozen=True)
class ListedLedger:
    entries: Sequence[PublicEntry]
    head: TheHead


@dataclass(frozen=True)
class OpeningList:
    opening: ListedTerms
    columns: Annotated[object, Schema(const=list(COLUMNS)), "The columns of a row, in this order."]
    rows: Annotated[Sequence[ListedRegistration], "The registrations without names, in the order in which they came."]
    as_of: datetime
    hash: Annotated[Sha256, "The hash of opening, columns and all rows, of every part, as canonical JSON."]
    ledger: Annotated[ListedLedger | None, "In the first part; null in those that follow."]
    next: Annotated[FromOne | None, "The `part` to ask for next; null after the last one."] = None

    def part(self, number: int) -> "OpeningList":
        """A long list comes in parts, which have all but their rows alike. Raises Problem `invalid`."""
        parts = max(1, -(-len(self.rows) // MOST_ROWS))
        if number >= parts:
            raise invalid("part", AS_PART)
        return replace(
            self,
            rows=self.rows[number * MOST_ROWS : (number + 1) * MOST_ROWS],
            ledger=None if number else self.ledger,
            next=number + 1 if number + 1 < parts else None,
        )


def list_openings(call: Call) -> Answer:
    return Answer(200, {"openings": public_openings(call.now, call.language)}, _in_language(call))


def get_opening(call: Call, opening_id: str) -> Answer:
    return Answer(200, public_opening(opening_id, call.now, call.language), _in_language(call))


def public_openings(now: datetime, language: str) -> list[PublicOpening]:
    """The published openings of this year and the last, the next one first."""
    openings = sorted(table.remembered(now), key=lambda opening: (opening.opens_at, opening.opening_id))
    return [as_everybody_sees(one, now, language) for one in openings]


def public_opening(opening_id: str, now: datetime, language: str) -> OpeningPage:
    """Raises Problem `not-found`."""
    opening = _published(opening_id, now)
    kinds = ledger.counts(opening_id)
    return OpeningPage(
        **vars(as_everybody_sees(opening, now, language)),
        counts=_remembered_counts(opening, now),
        ledger={kind: kinds[kind] for kind in sorted(kinds)},
        log=[public_incident(entry) for entry in log.log_of(opening_id)],
    )


def get_list(call: Call, opening_id: str) -> Answer:
    """The list for `python -m chalicelib verify-opening`; raises Problem `not-now` as long as the seed is secret. If it
    changes between two parts, they have other hashes."""
    part = queried(PART, call.query)["part"] or 0
    opening = _published(opening_id, call.now)
    if not opening.reveals_seed(call.now):
        if opening.state is State.PUBLISHED and opening.kind is OpeningKind.FIRST_COME:
            raise not_now(LIST_LATER, at=opening.spread_ends_at)
        raise not_now(LIST_AFTER)
    listed = _lists.get(opening_id, lambda: _listed(opening, call.now))
    return Answer(200, listed.part(part), _cached(LIST_CACHED))


def _listed(opening: Opening, now: datetime) -> OpeningList:
    chain = ledger.remembered()
    in_ledger = ListedLedger([public_entry(one) for one in chain], chain[-1].head if chain else BEFORE_ALL)
    return OpeningList(**document(opening, _rows(opening, now), now), ledger=in_ledger)


def _published(opening_id: str, now: datetime) -> Opening:
    """Also one of years ago. Drafts are nobody's business: NOT_FOUND."""
    if opening := table.one_remembered(opening_id, now):
        return opening
    found = table.get(opening_id) if re.fullmatch(ID, opening_id) else None
    if found is None or not found[0].is_live:
        raise Problem(NOT_FOUND)
    return found[0]


def as_everybody_sees(opening: Opening, now: datetime, language: str) -> PublicOpening:
    plan = opening.plan
    approvals = [one for one in opening.approvals if one.version == opening.version]
    return PublicOpening(
        opening_id=opening.opening_id,
        kind=opening.kind,
        title=title(plan, language),
        titles=plan.titles,
        state=opening.state,
        why=opening.why or None,
        opens_at=local(opening.opens_at),
        spread_ends_at=local(opening.spread_ends_at),
        windows=[
            PublicWindow(
                opens_at=local(opening.shifted(window.opens_at)),
                ends_at=local(opening.shifted(window.ends_at)),
                planned_for=local(window.opens_at),
                spread_minutes=int(window.spread.total_seconds()) // 60,
                postcodes=window.postcodes,
            )
            for window in plan.windows
        ],
        passes_until=local(plan.passes_until),
        wishes_until=local(opening.wishes_until) if opening.wishes_until else None,
        bundles=plan.bundles if opening.kind is OpeningKind.DRAW else None,
        beacon=plan.beacon,
        shifts=[PublicShift(one.after, int(one.by.total_seconds())) for one in opening.shifts],
        hold_minutes=int(plan.hold.total_seconds()) // 60 if plan.hold else None,
        may_overlap=plan.may_overlap,
        offer_days=plan.offer_days,
        offer_hour=plan.offer_hour,
        version=opening.version,
        approvals=ApprovedAt(len(approvals), [local(one.at) for one in approvals]),
        published_at=local(opening.published_at) if opening.published_at else None,
        commitment=opening.commitment,
        seed=opening.seed.hex() if opening.reveals_seed(now) else None,
        session_ids=plan.session_ids,
        incident_rule=plan.incident_rule,
    )


def _remembered_counts(opening: Opening, now: datetime) -> SeatCounts:
    def count() -> SeatCounts:
        seats = seats_table.get(opening.plan.session_ids, consistent=False)
        return counted(seats.values(), int(now.timestamp()))

    return _counts.get(opening.opening_id, count)


def counted(sessions: Iterable[Seats], now: int) -> SeatCounts:
    seats = Counter(dict.fromkeys((*WAYS, "held-back", "free"), 0))
    holders, queued = set[str](), 0
    for one in (session.at(now) for session in sessions):
        for holder in one.holders.values():
            seats["held-back" if is_held_back(holder) else _channel(one, holder)] += 1
        holders.update(one.registrations)
        seats["free"] += one.free
        queued += one.queued
    return SeatCounts(seats, sum(seats.values()), len(holders), queued)


def _rows(opening: Opening, now: datetime) -> list[PublishedRow]:
    """Who has a seat and who waits, in all of its sessions."""
    sessions = seats_table.get(opening.plan.session_ids, consistent=False)
    at = int(now.timestamp())
    places: dict[str, list[WaitingPlace]] = defaultdict(list)  # by registration: each is looked up, none is searched
    for session_id in (one for one, seats in sessions.items() if seats.queued):
        for place in waiting_list.places(session_id):
            places[place.registration_id].append(place)
    held = {session_id: seats.at(at) for session_id, seats in sessions.items()}
    ids = {one for seats in held.values() for one in seats.registrations} | places.keys()
    rows = (
        _row(opening, one, held[one.session_id], places.get(one.registration_id, ()), now)
        for one in registrations.several(sorted(ids))
        if one.session_id in held
    )
    return [row for row in rows if row]


def _row(
    opening: Opening, one: Registration, seats: Seats, places: Iterable[WaitingPlace], now: datetime
) -> PublishedRow | None:
    stands = standing(one, seats, places, now)
    if stands is None or stands.status is RegistrationStatus.CANCELLED:
        return None
    admitted = one.admission if one.admission and one.admission.opening_id == opening.opening_id else None
    at = None
    if admitted and admitted.keys and opening.kind is OpeningKind.FIRST_COME:
        window = opening.plan.windows[admitted.window]
        at = opening.shifted(planned(window, admitted.keys, opening.seed, is_late=admitted.is_late))
    return PublishedRow(
        keys=admitted.keys if admitted else (),
        window=admitted.window if admitted else None,
        is_late=bool(admitted and admitted.is_late),
        admitted_at=at,
        registered_at=one.created_at,
        session_id=one.session_id,
        channel=BY_LIST if stands.status is RegistrationStatus.WAITLISTED else _channel(seats, one.registration_id),
        children=len(one.child_ids),
        status=stands.status.value,
    )


def _channel(seats: Seats, registration_id: str) -> str:
    channel = seats.channels.get(registration_id)
    return CHANNELS[channel] if channel else BY_OPENING


def _in_language(call: Call) -> dict[str, str]:
    return {**_cached(PAGE_CACHED), "Content-Language": call.language}


def _cached(seconds: int) -> dict[str, str]:
    return {"Cache-Control": f"public, max-age={seconds}"}
