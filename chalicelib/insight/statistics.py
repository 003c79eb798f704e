"""Figures of an opening and of a year, for council and auditor: each says what it is derived from.

Exact is what stands in the table: seats, registrations, the ledger, the log. `At least` is what was counted on the way
(core/counters/rules.py). Nothing is about a person.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from chalicelib.city.ledger import table as ledger
from chalicelib.city.ledger.rules import What
from chalicelib.core.counters.rules import ANSWERS, FAILED, refusals, visits
from chalicelib.core.http.problems import KINDS, NOT_FOUND, Problem
from chalicelib.core.languages import N_
from chalicelib.insight import history
from chalicelib.insight.history import Stretch
from chalicelib.office.publication.public import counted
from chalicelib.programme.openings import log
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import Opening
from chalicelib.programme.sessions import table as programme
from chalicelib.seats import table as seats_table
from chalicelib.seats.waiting_list import table as waiting_list


class Source(StrEnum):
    """What a figure is derived from."""

    SEATS = "seats"
    WAITING = "waiting-lists"
    LEDGER = "ledger"
    LOG = "log"
    TALLY = "tally"


IN_WORDS = {
    Source.SEATS: N_("Children who have a seat now"),
    Source.WAITING: N_("Children who wait now"),
    Source.LEDGER: N_("The ledger"),
    Source.LOG: N_("The logs of the openings"),
    Source.TALLY: N_("Counted as requests come in: at least"),
}


class Group(StrEnum):
    """What belongs into one table."""

    SEATS = "seats"
    REGISTRATIONS = "registrations"
    VISITS = "visits"
    REFUSALS = "refusals"
    EXCEPTIONS = "exceptions"
    FAILURES = "failures"


GROUPS = {
    Group.SEATS: N_("Seats by channel"),
    Group.REGISTRATIONS: N_("Registrations"),
    Group.VISITS: N_("Visits"),
    Group.REFUSALS: N_("Refusals by reason"),
    Group.EXCEPTIONS: N_("Exceptions in the ledger"),
    Group.FAILURES: N_("Failures"),
}
NAMES = {
    "opening": N_("By the opening"),
    "waiting-list": N_("By the waiting list"),
    "desk": N_("By the desk"),
    "exception": N_("By an exception"),
    "held-back": N_("Held back"),
    "free": N_("Free"),
    "registrations": N_("Registrations with a seat"),
    "waiting": N_("Children who wait"),
    "pages": N_("Pages looked at"),
    "reads": N_("Answers read from the API"),
    "answers": N_("Requests answered"),
    "failed": N_("Requests that failed because of us"),
    "outages": N_("Outages that were counted"),
    "incidents": N_("Incidents in the logs"),
}
EXCEPTIONS = {
    What.DESK_REGISTRATION: N_("Registered at the desk"),
    What.DESK_CANCELLATION: N_("Cancelled at the desk"),
    What.OFFER_ACCEPTED: N_("Offer accepted at the desk"),
    What.SEAT_GRANTED: N_("Seat given out of order"),
    What.SEATS_RESERVED: N_("Seats held back"),
    What.SEATS_FREED: N_("Seats freed for everybody"),
    What.CAPACITY_CHANGED: N_("Number of seats changed"),
    What.DEADLINE_MOVED: N_("Deadline moved"),
    What.SESSION_CHANGED: N_("Session changed"),
    What.PUBLISHED: N_("Opening published"),
    What.PAUSED: N_("Opening paused"),
    What.RESUMED: N_("Opening resumed"),
    What.EXTENDED: N_("Opening extended"),
    What.VOIDED: N_("Opening restarted"),
    What.TURNED_INTO_DRAW: N_("Turned into a draw"),
    What.BEACON: N_("Public value entered"),
    What.DRAWN: N_("Drawn"),
    What.CANCELLATION_RULE: N_("Rule for cancelling changed"),
}
# The title of the first problem with a slug says what all of them are about.
REFUSED = {kind.slug: kind.title for kind in reversed(KINDS)} | {
    "too-early": N_("Too early, or paused, or drawn by lot"),
    "stale-form": N_("This page was no longer valid"),
}


@dataclass(frozen=True)
class Figure:
    """`name`: a key of NAMES, a slug, or what the ledger calls it, by its group."""

    group: Group
    name: str
    number: int
    source: Source

    @property
    def is_at_least(self) -> bool:
        return self.source is Source.TALLY


@dataclass(frozen=True)
class Statistics:
    """Of one opening, or (None) of a whole year. `since`: the first day of which anything was counted on the way, None:
    of none, so that these figures say nothing. `missing`: days that were not added up yet; ask again."""

    year: int
    opening: Opening | None
    figures: tuple[Figure, ...]
    since: date | None
    missing: int = 0

    def of(self, group: Group) -> list[Figure]:
        return [one for one in self.figures if one.group is group]


def label(figure: Figure) -> str:
    """In English, to be translated."""
    if figure.group is Group.REFUSALS:
        return REFUSED.get(figure.name, figure.name)
    if figure.group is Group.EXCEPTIONS:
        return EXCEPTIONS[What(figure.name)]
    return NAMES[figure.name]


def years(now: datetime) -> list[int]:
    """Those that have openings, and this one, the latest first."""
    found = {int(one.opening_id[:4]) for one in openings.every() if one.is_live}
    return sorted(found | {now.year}, reverse=True)


def of_year(year: int, now: datetime) -> Statistics:
    """All sessions that begin in the year, all that was counted and written down in it."""
    past = history.stretch(date(year, 1, 1), now, last=date(year, 12, 31))
    sessions = [one.session_id for one in programme.all_sessions() if one.starts_on and one.starts_on.year == year]
    entries = [entry.what for entry in ledger.remembered() if entry.at.year == year]
    of_the_year = [one for one in openings.every() if one.is_live and one.opening_id.startswith(f"{year}-")]
    incidents = sum(len(log.log_of(one.opening_id)) for one in of_the_year)
    return Statistics(
        year,
        None,
        (
            *_of_seats(sessions, now),
            *_of_tally(past, None),
            *_of_ledger(entries),
            Figure(Group.FAILURES, "failed", past.sums.get(FAILED, 0), Source.TALLY),
            Figure(Group.FAILURES, "outages", len(past.outages), Source.TALLY),
            Figure(Group.FAILURES, "incidents", incidents, Source.LOG),
        ),
        past.since,
        past.missing,
    )


def of_opening(opening_id: str, now: datetime) -> Statistics:
    """Visits of its own pages, refusals by it; raises Problem `not-found`."""
    found = openings.get(opening_id)
    if found is None or not found[0].is_live:
        raise Problem(NOT_FOUND)
    opening = found[0]
    published = (opening.published_at or opening.opens_at).astimezone(UTC).date()
    past = history.stretch(published, now)
    entries = [entry.what for entry in ledger.remembered() if entry.opening_id == opening_id]
    return Statistics(
        int(opening_id[:4]),
        opening,
        (
            *_of_seats(opening.plan.session_ids, now),
            *_of_tally(past, opening_id),
            *_of_ledger(entries),
            Figure(Group.FAILURES, "incidents", len(log.log_of(opening_id)), Source.LOG),
        ),
        past.since,
        past.missing,
    )


def _of_seats(session_ids: Sequence[str], now: datetime) -> Iterable[Figure]:
    sessions = seats_table.get(session_ids, consistent=False)
    counts = counted(sessions.values(), int(now.timestamp()))
    waiting = sum(len(waiting_list.places(one)) for one, seats in sessions.items() if seats.queued)
    yield from (Figure(Group.SEATS, name, number, Source.SEATS) for name, number in counts.seats.items())
    yield Figure(Group.REGISTRATIONS, "registrations", counts.registrations, Source.SEATS)
    yield Figure(Group.REGISTRATIONS, "waiting", waiting, Source.WAITING)


def _of_tally(past: Stretch, opening_id: str | None) -> Iterable[Figure]:
    for name, number in visits(past.sums, opening_id).items():
        yield Figure(Group.VISITS, name, number, Source.TALLY)
    if opening_id is None:
        yield Figure(Group.VISITS, "answers", past.sums.get(ANSWERS, 0), Source.TALLY)
    for slug, number in refusals(past.sums, opening_id).items():
        yield Figure(Group.REFUSALS, slug, number, Source.TALLY)


def _of_ledger(entries: Sequence[What]) -> Iterable[Figure]:
    numbers: Mapping[What, int] = {what: entries.count(what) for what in What}
    return (Figure(Group.EXCEPTIONS, what, number, Source.LEDGER) for what, number in numbers.items() if number)
