"""Figures of an opening and of a year, for council and auditor: each says what it is derived from.

Exact is what stands in the table: seats, registrations, the ledger, the log. `At least` is what was counted on the way
(core/counters/rules.py). Nothing is about a person.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from chalicelib.city.ledger import table as ledger
from chalicelib.city.ledger.rules import LedgerAct
from chalicelib.core.counters.rules import ANSWERS, FAILED, refusals, visits
from chalicelib.core.http.problems import KINDS, NOT_FOUND, Problem
from chalicelib.core.languages import N_
from chalicelib.insight import answered, history
from chalicelib.insight.answered import QuestionFigures
from chalicelib.insight.history import Stretch
from chalicelib.office.publication.public import counted
from chalicelib.programme.openings import log
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import Opening
from chalicelib.programme.sessions import table as programme
from chalicelib.seats import table as seats_table
from chalicelib.seats.waiting_list import table as waiting_list


class StatisticSource(StrEnum):
    """The source of a figure."""

    SEATS = "seats"
    WAITING = "waiting-lists"
    LEDGER = "ledger"
    LOG = "log"
    TALLY = "tally"


IN_WORDS = {
    StatisticSource.SEATS: N_("Children who have a seat now"),
    StatisticSource.WAITING: N_("Children who wait now"),
    StatisticSource.LEDGER: N_("The ledger"),
    StatisticSource.LOG: N_("The logs of the openings"),
    StatisticSource.TALLY: N_("Counted as requests come in: at least"),
}


class StatisticsGroup(StrEnum):
    """The figures of one table."""

    SEATS = "seats"
    REGISTRATIONS = "registrations"
    VISITS = "visits"
    REFUSALS = "refusals"
    EXCEPTIONS = "exceptions"
    FAILURES = "failures"


GROUPS = {
    StatisticsGroup.SEATS: N_("Seats by channel"),
    StatisticsGroup.REGISTRATIONS: N_("Registrations"),
    StatisticsGroup.VISITS: N_("Visits"),
    StatisticsGroup.REFUSALS: N_("Refusals by reason"),
    StatisticsGroup.EXCEPTIONS: N_("Exceptions in the ledger"),
    StatisticsGroup.FAILURES: N_("Failures"),
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
    LedgerAct.DESK_REGISTRATION: N_("Registered at the desk"),
    LedgerAct.DESK_CANCELLATION: N_("Cancelled at the desk"),
    LedgerAct.DESK_TRANSFER: N_("Moved to another session at the desk"),
    LedgerAct.OFFER_ACCEPTED: N_("Offer accepted at the desk"),
    LedgerAct.SEAT_GRANTED: N_("Seat given out of order"),
    LedgerAct.SEATS_RESERVED: N_("Seats held back"),
    LedgerAct.SEATS_FREED: N_("Seats freed for everybody"),
    LedgerAct.CAPACITY_CHANGED: N_("Number of seats changed"),
    LedgerAct.DEADLINE_MOVED: N_("Deadline moved"),
    LedgerAct.REGISTRATION_OPENED: N_("Registration opened or closed without an opening"),
    LedgerAct.SESSION_CHANGED: N_("Session changed"),
    LedgerAct.SESSION_CANCELLED: N_("Camp cancelled"),
    LedgerAct.SESSION_WITHDRAWN: N_("Session withdrawn"),
    LedgerAct.PUBLISHED: N_("Opening published"),
    LedgerAct.PAUSED: N_("Opening paused"),
    LedgerAct.RESUMED: N_("Opening resumed"),
    LedgerAct.EXTENDED: N_("Opening extended"),
    LedgerAct.VOIDED: N_("Opening restarted"),
    LedgerAct.TURNED_INTO_DRAW: N_("Turned into a draw"),
    LedgerAct.BEACON: N_("Public value entered"),
    LedgerAct.DRAWN: N_("Drawn"),
    LedgerAct.CANCELLATION_RULE: N_("Rule for cancelling changed"),
    LedgerAct.NAMING_MOVED: N_("Child given to another family"),
    LedgerAct.CHILDREN_ALLOWED: N_("More children allowed for a family"),
    LedgerAct.FAMILY_CORRECTED: N_("Family corrected"),
    LedgerAct.CHILDREN_JOINED: N_("Two records of one child joined"),
    LedgerAct.CHILDREN_TOLD_APART: N_("Two children of one name told apart"),
    LedgerAct.FAMILIES_JOINED: N_("Two records of one family joined"),
    LedgerAct.SHARING_CHANGED: N_("What two parents share was changed"),
    LedgerAct.PARENTS_RULE: N_("Who of two parents may cancel changed"),
    LedgerAct.QUESTIONS_CHANGED: N_("Questions for families changed"),
    LedgerAct.PAYEE_PROPOSED: N_("Another account asked for, to be confirmed"),
    LedgerAct.PAYEE_CHANGED: N_("To whom families pay, or how, changed"),
    LedgerAct.PAYEE_DROPPED: N_("Another account not taken"),
    LedgerAct.WEBHOOK_PROPOSED: N_("Webhook asked for, to be confirmed"),
    LedgerAct.WEBHOOK_CONFIRMED: N_("Webhook confirmed"),
    LedgerAct.WEBHOOK_ENDED: N_("Webhook ended"),
    LedgerAct.UNIT_WIDENED: N_("More people read the cases of a confidential unit"),
}
# The title of the first problem with a slug says what all of them are about.
REFUSED = {kind.slug: kind.title for kind in reversed(KINDS)} | {
    "too-early": N_("Too early, or paused, or drawn by lot"),
    "stale-form": N_("This page was no longer valid"),
}


@dataclass(frozen=True)
class Statistic:
    """`name`: a key of NAMES, a slug, or what the ledger calls it, by its group. `number` None: nothing was counted in
    that time, which is not the same as none."""

    group: StatisticsGroup
    name: str
    number: int | None
    source: StatisticSource

    @property
    def is_at_least(self) -> bool:
        return self.source is StatisticSource.TALLY


@dataclass(frozen=True)
class Statistics:
    """Of one opening, or (None) of a whole year. `since`: the first day of which anything was counted on the way, None:
    of none, so that these figures say nothing. `behind`: the latest day that was not added up yet; ask
    again. `answers`: to the city's questions for statistics."""

    year: int
    opening: Opening | None
    figures: tuple[Statistic, ...]
    since: date | None
    behind: date | None = None
    answers: tuple[QuestionFigures, ...] = ()

    def of(self, group: StatisticsGroup) -> list[Statistic]:
        return [one for one in self.figures if one.group is group]


def label(figure: Statistic) -> str:
    """In English, to be translated."""
    if figure.group is StatisticsGroup.REFUSALS:
        return REFUSED.get(figure.name, figure.name)
    if figure.group is StatisticsGroup.EXCEPTIONS:
        return EXCEPTIONS[LedgerAct(figure.name)]
    return NAMES[figure.name]


def years(now: datetime) -> list[int]:
    """Those that have openings or camps, and this one, the latest first."""
    found = {int(one.opening_id[:4]) for one in openings.every() if one.is_live}
    camps = {one.starts_on.year for one in programme.all_sessions() if one.starts_on}
    return sorted(found | camps | {now.year}, reverse=True)


def of_year(year: int, now: datetime) -> Statistics:
    """All sessions that begin in the year, all that was counted and written down in it. A year without sessions has no
    figures of seats: whoever registers in November looks for them in the year of the camps."""
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
            Statistic(
                StatisticsGroup.FAILURES, "failed", _counted(past, past.sums.get(FAILED, 0)), StatisticSource.TALLY
            ),
            Statistic(StatisticsGroup.FAILURES, "outages", _counted(past, len(past.outages)), StatisticSource.TALLY),
            Statistic(StatisticsGroup.FAILURES, "incidents", incidents, StatisticSource.LOG),
        ),
        past.since,
        past.behind,
        tuple(answered.of_sessions(sessions, now)),
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
            Statistic(StatisticsGroup.FAILURES, "incidents", len(log.log_of(opening_id)), StatisticSource.LOG),
        ),
        past.since,
        past.behind,
        tuple(answered.of_sessions(opening.plan.session_ids, now)),
    )


def _of_seats(session_ids: Sequence[str], now: datetime) -> Iterable[Statistic]:
    if not session_ids:
        return
    sessions = seats_table.get(session_ids, consistent=False)
    counts = counted(sessions.values(), int(now.timestamp()))
    waiting = sum(len(waiting_list.places(one)) for one, seats in sessions.items() if seats.queued)
    yield from (
        Statistic(StatisticsGroup.SEATS, name, number, StatisticSource.SEATS) for name, number in counts.seats.items()
    )
    yield Statistic(StatisticsGroup.REGISTRATIONS, "registrations", counts.registrations, StatisticSource.SEATS)
    yield Statistic(StatisticsGroup.REGISTRATIONS, "waiting", waiting, StatisticSource.WAITING)


def _of_tally(past: Stretch, opening_id: str | None) -> Iterable[Statistic]:
    for name, number in visits(past.sums, opening_id).items():
        yield Statistic(StatisticsGroup.VISITS, name, _counted(past, number), StatisticSource.TALLY)
    if opening_id is None:
        answers = _counted(past, past.sums.get(ANSWERS, 0))
        yield Statistic(StatisticsGroup.VISITS, "answers", answers, StatisticSource.TALLY)
    for slug, number in refusals(past.sums, opening_id).items():
        yield Statistic(StatisticsGroup.REFUSALS, slug, number, StatisticSource.TALLY)


def _counted(past: Stretch, number: int) -> int | None:
    return None if past.since is None else number


def _of_ledger(entries: Sequence[LedgerAct]) -> Iterable[Statistic]:
    numbers: Mapping[LedgerAct, int] = {what: entries.count(what) for what in LedgerAct}
    return (
        Statistic(StatisticsGroup.EXCEPTIONS, what, number, StatisticSource.LEDGER)
        for what, number in numbers.items()
        if number
    )
