"""An opening while it runs, for staff who watch it: derived from the truth where there is one, else from the tally."""

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import inf

from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import Registration
from chalicelib.core.counters import table as tally
from chalicelib.core.counters.rules import ANSWERS, FAILED, refusals
from chalicelib.core.http.problems import NOT_FOUND, Problem
from chalicelib.core.memory import Memory
from chalicelib.mail import undelivered
from chalicelib.mail.rules import MailKind
from chalicelib.office.publication.public import SeatCounts, counted
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import Opening
from chalicelib.seats import table as seats_table
from chalicelib.seats.rules import Seats

# A container's reading is good for so long; however many colleagues look, it reads once.
SECONDS_REMEMBERED = 2.0
# From so long before the opening, and until so long after its spread, or until now if that is earlier.
BEFORE, AFTER = timedelta(minutes=15), timedelta(minutes=30)
# A mail that is out marks its record with one of these.
TOLD = frozenset({MailKind.CONFIRMED, MailKind.OFFERED, MailKind.HELD, MailKind.WAITLISTED})


@dataclass(frozen=True)
class LivePoint:
    """The events in one second (seats) or ten (the others), from `at` on, in UTC."""

    at: datetime
    number: int


@dataclass(frozen=True)
class MailLag:
    """Mails about the seats of an opening's sessions. `sent`: registrations that were told; `undelivered`: those of the
    others that SES refused, or that get a letter; `waiting`: the rest. `oldest`: when the first of these registered,
    None if nobody waits; `lag`: how long ago that is."""

    sent: int
    undelivered: int
    waiting: int
    oldest: datetime | None
    lag: timedelta


@dataclass(frozen=True)
class Live:
    """An opening at `at`; all moments are aware, in UTC.

    start, end      the stretch that the series are about: from a quarter of an hour before the opening until now, at
                    most until half an hour after its spread.
    counts          as the public page has them: `seats` by channel, `capacity`,
                    `registrations`, `with_waiting_list`. Exact.
    seats           seats that are taken now, by the second in which they were registered, earlier ones too; seconds
                    without any are left out. Exact; what was cancelled since is not in it.
    arrivals        requests answered of everybody, whatever they asked for, by ten seconds. At least.
    failures        those that failed through us, by ten seconds. At least.
    refusals        slug of docs/api.md to how often this opening refused for it, most frequent first. At least.
    refused         how often it refused, by ten seconds. At least.
    mails           how far behind the mails are. Exact, but for the changes of the last second.

    `At least`: what a container counted in its last ten seconds is not in it yet, and may never be
    (core/counters/rules.py).
    """

    opening_id: str
    at: datetime
    start: datetime
    end: datetime
    counts: SeatCounts
    seats: Sequence[LivePoint] = ()
    arrivals: Sequence[LivePoint] = ()
    failures: Sequence[LivePoint] = ()
    refusals: Mapping[str, int] = field(default_factory=dict)
    refused: Sequence[LivePoint] = ()
    mails: MailLag = MailLag(0, 0, 0, None, timedelta())


_found: Memory[str, Live] = Memory(SECONDS_REMEMBERED)
# Registrations that were told: when they came does not change any more, so they are read once.
_told: Memory[str, Registration] = Memory(inf)


def live(opening_id: str, now: datetime) -> Live:
    """How a published opening goes at `now`, at most SECONDS_REMEMBERED ago; raises Problem `not-found`.

    Costs half a read unit for each session, half of one for each registration that was not told yet (the others are
    read once by a container), and half of one for some 25 slots of the tally: some 160 for 300 sessions.
    """
    return _found.get(opening_id, lambda: _read(opening_id, now.astimezone(UTC)))


def _read(opening_id: str, now: datetime) -> Live:
    found = openings.get(opening_id)
    if found is None or not found[0].is_live:
        raise Problem(NOT_FOUND)
    return _of(found[0], now)


def _of(opening: Opening, now: datetime) -> Live:
    start = min(opening.opens_at.astimezone(UTC) - BEFORE, now)
    end = min(now, max(start, opening.spread_ends_at.astimezone(UTC) + AFTER))
    sessions = seats_table.get(opening.plan.session_ids, consistent=False)
    holding = seats_of(sessions.values(), int(now.timestamp()))
    records = _records(holding)
    slots = tally.between(start, end)
    refused = {slot: refusals(sums, opening.opening_id) for slot, sums in slots.items()}
    reasons: Counter[str] = Counter()
    for some in refused.values():
        reasons.update(some)
    return Live(
        opening_id=opening.opening_id,
        at=now,
        start=start,
        end=end,
        counts=counted(sessions.values(), int(now.timestamp())),
        seats=by_second(records, holding),
        arrivals=_series({slot: sums[ANSWERS] for slot, sums in slots.items()}),
        failures=_series({slot: sums[FAILED] for slot, sums in slots.items()}),
        refusals=dict(sorted(reasons.items(), key=lambda one: (-one[1], one[0]))),
        refused=_series({slot: sum(some.values()) for slot, some in refused.items()}),
        mails=mail_lag(records, {one.id for one in undelivered.every()}, now),
    )


def seats_of(sessions: Iterable[Seats], now: int) -> Counter[str]:
    """How many seats each registration holds at `now`, for good or for a time."""
    return Counter(holder for one in sessions for holder in one.at(now).children.values())


def by_second(records: Iterable[Registration], holding: Mapping[str, int]) -> list[LivePoint]:
    seconds: Counter[datetime] = Counter()
    for one in records:
        seconds[one.created_at.astimezone(UTC).replace(microsecond=0)] += holding[one.registration_id]
    return _series(seconds)


def mail_lag(records: Sequence[Registration], undelivered: Container[str], now: datetime) -> MailLag:
    untold = [one for one in records if not TOLD & one.mailed]
    waiting = [one.created_at.astimezone(UTC) for one in untold if one.registration_id not in undelivered]
    oldest = min(waiting, default=None)
    return MailLag(
        sent=sum(1 for one in records if TOLD & one.mailed),
        undelivered=len(untold) - len(waiting),
        waiting=len(waiting),
        oldest=oldest,
        lag=max(timedelta(), now - oldest) if oldest else timedelta(),
    )


def _records(holding: Iterable[str]) -> list[Registration]:
    ids = set(holding)
    told = {one: record for one in ids if (record := _told.fresh(one))}
    new = registrations.several(sorted(ids - told.keys()))
    for one in new:
        if TOLD & one.mailed:
            _told.put(one.registration_id, one)
    return [*new, *told.values()]


def _series(numbers: Mapping[datetime, int]) -> list[LivePoint]:
    return [LivePoint(at, number) for at, number in sorted(numbers.items()) if number]
