"""An opening, for anyone: what was promised, what happened, who got how many seats which way, and how to check it."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.core.http.answering import Answer
from chalicelib.core.languages import N_, in_words, translate
from chalicelib.core.moments import brussels
from chalicelib.insight.statistics import EXCEPTIONS, NAMES
from chalicelib.office.incidents.public import MeasuredOutage, PublicIncident
from chalicelib.office.incidents.rules import Action
from chalicelib.office.publication.public import OpeningPage, PublicWindow, public_opening, public_openings
from chalicelib.pages.family.timelines import Mark, Span, timeline
from chalicelib.pages.frame import pictures
from chalicelib.pages.frame.pages import page
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.families.handlers import known_bearer
from chalicelib.programme.openings.admission import draw_key
from chalicelib.programme.sessions.handlers import public_sessions

CACHE_SECONDS = 5
# What a moment of an opening is called.
PUBLISHED = N_("Published, with the commitment to its seed")
APPROVED = N_("Approved by a member of staff")
PASSES_UNTIL = N_("Last moment for a pass that takes part in the draw of moments")
OPENS = N_("Opens")
SPREAD_ENDS = N_("The last family of the spread is admitted; the seed becomes public")
WISHES_BEGIN = N_("Wishes can be entered")
WISHES_END = N_("Last moment for wishes; then the list is closed and the seats are drawn")
ACTIONS = {
    Action.PAUSE: N_("Paused"),
    Action.RESUME: N_("Resumed"),
    Action.EXTEND: N_("Extended"),
    Action.RESTART: N_("A new moment was set"),
    Action.TURN_INTO_DRAW: N_("Turned into a draw"),
}
EVERYBODY = N_("Everyone")
POSTCODES = N_("Postcodes {postcodes}")
WISHES = N_("Wishes")
PICTURE_OF_TIME = N_("Order of admission")
PICTURE_OF_SEATS = N_("Seats by channel")


@dataclass(frozen=True)
class TimelineLine:
    """A line of the timeline. `is_over`: it has happened."""

    at: datetime
    words: str
    is_over: bool


@dataclass(frozen=True)
class ShownIncident:
    """An incident in the visitor's language."""

    what: str
    at: datetime | None
    start: datetime | None
    end: datetime | None
    cause: str
    why: str
    done: str
    outage: MeasuredOutage


def show_all(visit: Visit) -> Answer:
    found = public_openings(visit.now, visit.language)
    return page(
        visit,
        "pages/family/openings.html",
        cache_seconds=CACHE_SECONDS,
        coming=[one for one in found if not one.is_over],
        past=[one for one in reversed(found) if one.is_over],
    )


def show(visit: Visit, opening_id: str) -> Answer:
    shown = public_opening(opening_id, visit.now, visit.language)
    keys = _own_keys(visit, opening_id)
    sessions = {one.session_id: one for one in public_sessions(visit.now)}
    seats = [(translate(NAMES[name], visit.language), number) for name, number in shown.counts.seats.items()]
    return page(
        visit,
        "pages/family/opening_published.html",
        cache_seconds=None if keys else CACHE_SECONDS,
        opening=shown,
        log=[incident(one, visit.language) for one in shown.log],
        lines=_lines(shown, visit),
        time_picture=_time_picture(shown, visit.language),
        seats=seats,
        seats_picture=pictures.bars(
            translate(PICTURE_OF_SEATS, visit.language),
            "; ".join(f"{label}: {number}" for label, number in seats),
            seats,
        ),
        exceptions=[(translate(EXCEPTIONS[kind], visit.language), number) for kind, number in shown.ledger.items()],
        sessions=[sessions[one] for one in shown.session_ids if one in sessions],
        own_keys=keys,
    )


def _own_keys(visit: Visit, opening_id: str) -> list[str]:
    """Under which names the family of this browser's pass draws in this opening, if it has one that is still good."""
    who = known_bearer(visit)
    return sorted({draw_key(opening_id, one.family_id) for one in who.namings.values()}) if who else []


def _whose(window: PublicWindow, language: str) -> str:
    if not window.postcodes:
        return translate(EVERYBODY, language)
    return translate(POSTCODES, language, postcodes=", ".join(window.postcodes))


def incident(entry: PublicIncident, language: str) -> ShownIncident:
    return ShownIncident(
        what=_done(entry, language),
        at=entry.at,
        start=entry.start,
        end=entry.end,
        cause=entry.cause.get(language, ""),
        why=entry.why.get(language, ""),
        done=entry.done.get(language, ""),
        outage=entry.outage or MeasuredOutage(measured=False),
    )


def _done(entry: PublicIncident, language: str) -> str:
    return translate(ACTIONS[entry.action], language)


def _lines(shown: OpeningPage, visit: Visit) -> list[TimelineLine]:
    """Everything that happened or is to happen, the first first; approved before published within one second."""
    known: list[tuple[datetime | None, str]] = [
        *((at, APPROVED) for at in shown.approvals.at),
        (shown.published_at, PUBLISHED),
    ]
    if shown.is_draw:
        known += [(shown.opens_at, WISHES_BEGIN), (shown.wishes_until, WISHES_END)]
    else:
        known += [(shown.passes_until, PASSES_UNTIL), (shown.spread_ends_at, SPREAD_ENDS)]
    language = visit.language
    found = [(at, translate(words, language)) for at, words in known if at]
    if not shown.is_draw:
        found += [(one.opens_at, f"{translate(OPENS, language)}: {_whose(one, language)}") for one in shown.windows]
    found += [(one.at, _done(one, language)) for one in shown.log if one.at]
    return [TimelineLine(at, words, at <= visit.now) for at, words in sorted(found, key=lambda one: one[0])]


def _time_picture(shown: OpeningPage, language: str) -> str:
    def span(label: str, start: datetime, end: datetime) -> Span:
        return Span(label, start, end, _short(start, language), _short(end, language))

    if shown.is_draw and shown.wishes_until:
        spans = [span(translate(WISHES, language), shown.opens_at, shown.wishes_until)]
    else:
        spans = [span(_whose(one, language), one.opens_at, one.ends_at) for one in shown.windows]
    marks = [Mark(_done(one, language), one.at) for one in shown.log if one.at]
    about = "; ".join(f"{one.label}: {one.from_words} - {one.until_words}" for one in spans)
    return timeline(translate(PICTURE_OF_TIME, language), about, spans, marks)


def _short(moment: datetime, language: str) -> str:
    """`7 mei, 19.00`."""
    local = moment.astimezone(brussels())
    return f"{in_words.day(local.date(), language, weekday=False, year=False)}, {in_words.hour(local.time(), language)}"
