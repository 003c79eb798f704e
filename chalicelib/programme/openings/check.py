"""The configuration check: what must be put right before an opening is published. Plain rules; nothing is read here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chalicelib.core.languages import LANGUAGES, N_, translate
from chalicelib.core.moments import brussels
from chalicelib.programme.openings.load import is_enough, mails_late, spread_for
from chalicelib.programme.openings.rules import OpeningKind, Plan
from chalicelib.programme.sessions.rules import Session
from chalicelib.seats.rules import units_of_a_claim

# Every container goes by it long before (programme/openings/table.py remembers for five seconds), whoever is slow to
# publish.
SOONEST = timedelta(minutes=5)
# What opens by itself so soon may be open before it is the opening's.
WHILE_PUBLISHED = timedelta(minutes=1)

# A mail that leaves so late is no matter for who has days or an hour to answer.
MAY_BE_LATE = timedelta(minutes=1)

TOO_SOON = N_("This must be at least five minutes ahead.")
ON_HOLIDAY = N_("{day} is a public holiday: {name}.")
OVERLAPS = N_("This round begins before the one before it is over, at {ends_at}.")
NEVER_REACHED = N_("The round before it is for everyone: nobody is left for this one.")
RESIDENTS_ONLY = N_("The last round is for some postcodes only: other families cannot register at all.")
PASSES_PAST = N_("This moment is over.")
PASSES_LATE = N_("This must lie before the first round opens: until then no family is told its moment.")
NO_WISHES_UNTIL = N_("A draw needs a moment until when wishes are taken.")
WISHES_EARLY = N_("This must lie after the first round opens.")
DRAW_WITH_SPREAD = N_("In a draw nobody is let in before another: leave these minutes at 0.")
DRAW_WITH_WINDOWS = N_("In a draw nobody is let in before another: leave one round.")
DRAW_WITH_OVERLAPS = N_("In a draw a child gets one camp at a time: leave this off.")
ONLY_OF_A_DRAW = N_("Only a draw has this. Leave it empty, or choose draw.")
TEXT_MISSING = N_("This text is missing.")
MAILS_UNTRANSLATED = N_("Texts of our mails that have no translation in this language: {number}.")
TOO_MANY_FAMILIES = N_(
    "{families} families within {minutes} minutes are more than the account takes. {enough} minutes would do."
)
HOLD_SHORT = N_(
    "With {families} families a mail about a held seat may leave {late} minutes after it is held: SES takes {rate} "
    "mails a second. Hold seats for {enough} minutes at least, let families in over more minutes, or ask AWS for a "
    "higher rate."
)
OFFER_SHORT = N_(
    "With {families} families the mail with an offer may leave {late} minutes after it is made: SES takes {rate} "
    "mails a second. Give more days or a later hour, let families in over more minutes, or ask AWS for a higher "
    "rate."
)
UNKNOWN_SESSION = N_("The programme has no such session.")
NO_SEATS = N_("This session has no seats. Set its capacity in the programme.")
NO_PRICE = N_("This session has no price. Set one in the programme; 0 if it is free.")
INCOMPLETE = N_("This session is a draft. It lacks: {missing}.")
TAKEN = N_("This session belongs to another published opening, {opening_id}.")
ALREADY_OPEN = N_(
    "This session is open already: families may have registered. "
    "`python -m chalicelib open --at MOMENT --municipality NAME` closes it until then."
)
CLOSES_EARLY = N_("This session takes no registrations any more before the opening is over.")
FULL = N_("Every seat of this session is given already.")
HELD_TOO_MANY = N_("Of {free} free seats {held} would be held back: families could have none.")


@dataclass(frozen=True)
class Finding:
    """`field`: as in the plan document, or `session_id`: of the session it is about. `is_notice`: it is only to be
    known; an opening may be published with it. `message` in English, `values` for its {names}."""

    code: str
    message: str
    values: Mapping[str, Any] = field(default_factory=dict)
    field: str | None = None
    session_id: str | None = None
    is_notice: bool = False

    def said(self, language: str) -> str:
        return translate(self.message, language, **self.values)


@dataclass(frozen=True)
class Circumstances:
    """The facts that a plan is measured against.

    sessions      the programme, drafts too, by id. `free`: how many seats of each nobody has.
    taken         session_id to the other published opening that it belongs to.
    holidays      the public holidays of the plan's country, with their names.
    untranslated  language to the number of our mails' texts that it lacks.
    mails_a_second  the mails that SES takes in a second.
    asks          whether a family must answer questions before a seat of its is final, so that it is held until then.
    """

    now: datetime
    sessions: Mapping[str, Session]
    free: Mapping[str, int]
    taken: Mapping[str, str]
    holidays: Mapping[date, str]
    untranslated: Mapping[str, int]
    mails_a_second: float
    asks: bool = False


def findings(plan: Plan, known: Circumstances) -> list[Finding]:
    """Everything that is wrong with the plan, and what is only to be known, in the order of its fields."""
    return [
        *_texts(plan.titles, "titles"),
        *_sessions(plan, known),
        *_windows(plan, known),
        *_passes(plan, known.now),
        *_load(plan, known),
        *_mails(plan, known.mails_a_second),
        *_texts(plan.incident_rule, "incident_rule"),
        *_draw(plan),
        *(
            Finding("mails-untranslated", MAILS_UNTRANSLATED, {"number": number}, field=language)
            for language, number in known.untranslated.items()
            if number
        ),
    ]


def passes(found: Sequence[Finding]) -> bool:
    return all(one.is_notice for one in found)


def years(plan: Plan, sessions: Mapping[str, Session]) -> set[int]:
    """Those whose holidays count."""
    chosen = [sessions[session_id] for session_id in plan.session_ids if session_id in sessions]
    days = [_day(window.opens_at) for window in plan.windows]
    days += [day for session in chosen for day in (session.starts_on, session.ends_on) if day]
    return {day.year for day in days}


def _texts(texts: Mapping[str, str], name: str) -> Iterator[Finding]:
    for language in LANGUAGES:
        if not texts.get(language):
            yield Finding("text-missing", TEXT_MISSING, field=f"{name}.{language}")


def _sessions(plan: Plan, known: Circumstances) -> Iterator[Finding]:
    ends_at = max(filter(None, (plan.spread_ends_at, plan.wishes_until)))
    held = {one.session_id: one.staff + one.reduced for one in plan.held_back}
    for session_id in plan.session_ids:
        session = known.sessions.get(session_id)
        if session is None:
            yield Finding("unknown-session", UNKNOWN_SESSION, session_id=session_id)
            continue
        for one in _of_session(session, ends_at, known):
            yield replace(one, session_id=session_id)
        free = known.free.get(session_id, 0)
        if not session.capacity or session.missing:
            continue
        if not free:
            yield Finding("full", FULL, session_id=session_id)
        elif held.get(session_id, 0) >= free:
            values = {"free": free, "held": held[session_id]}
            yield Finding("held-back-too-many", HELD_TOO_MANY, values, session_id=session_id)


def _of_session(session: Session, ends_at: datetime, known: Circumstances) -> Iterator[Finding]:
    if not session.capacity:
        yield Finding("no-seats", NO_SEATS)
    if session.price_cents is None:
        yield Finding("no-price", NO_PRICE)
    if others := [name for name in session.missing if name not in ("capacity", "price_cents")]:
        yield Finding("incomplete", INCOMPLETE, {"missing": ", ".join(others)})
    if session.session_id in known.taken:
        yield Finding("in-another-opening", TAKEN, {"opening_id": known.taken[session.session_id]})
    elif session.opens_at and session.opens_at <= known.now + WHILE_PUBLISHED:
        yield Finding("already-open", ALREADY_OPEN)
    if session.closes and session.closes <= ends_at:
        yield Finding("closes-early", CLOSES_EARLY)
    for day in dict.fromkeys(filter(None, (session.starts_on, session.ends_on))):
        if day in known.holidays:
            yield Finding("on-holiday", ON_HOLIDAY, {"day": day, "name": known.holidays[day]})


def _windows(plan: Plan, known: Circumstances) -> Iterator[Finding]:
    before = None
    for number, window in enumerate(plan.windows):
        name = f"windows[{number}]"
        day = _day(window.opens_at)
        if window.opens_at < known.now + SOONEST:
            yield Finding("too-soon", TOO_SOON, field=f"{name}.opens_at")
        if day in known.holidays:
            values = {"day": day, "name": known.holidays[day]}
            yield Finding("on-holiday", ON_HOLIDAY, values, field=f"{name}.opens_at")
        if before and window.opens_at < before.ends_at:
            yield Finding("windows-overlap", OVERLAPS, {"ends_at": before.ends_at}, field=f"{name}.opens_at")
        if before and not before.postcodes:
            yield Finding("never-reached", NEVER_REACHED, field=name)
        before = window
    if plan.windows[-1].postcodes:
        last = f"windows[{len(plan.windows) - 1}].postcodes"
        yield Finding("residents-only", RESIDENTS_ONLY, field=last, is_notice=True)


def _passes(plan: Plan, now: datetime) -> Iterator[Finding]:
    if plan.passes_until <= now:
        yield Finding("passes-until-past", PASSES_PAST, field="passes_until")
    if plan.passes_until >= plan.opens_at:
        yield Finding("passes-until-late", PASSES_LATE, field="passes_until")


def _load(plan: Plan, known: Circumstances) -> Iterator[Finding]:
    """Each window must bear all of the families: nobody knows beforehand how many come from where."""
    if plan.kind is OpeningKind.DRAW:
        spans = [(plan.wishes_until - plan.opens_at, "wishes_until")] if plan.wishes_until else []
    else:
        spans = [(one.spread, f"windows[{number}].spread_minutes") for number, one in enumerate(plan.windows)]
    seats = [session.capacity or 0 for one in plan.session_ids if (session := known.sessions.get(one))]
    units = units_of_a_claim(max(seats, default=0), is_held=known.asks or plan.hold is not None)
    for span, name in spans:
        if span >= timedelta() and not is_enough(plan.expected_families, span, units):
            values = {
                "families": plan.expected_families,
                "minutes": span // timedelta(minutes=1),
                "enough": spread_for(plan.expected_families, units) // timedelta(minutes=1),
            }
            yield Finding("too-many-families", TOO_MANY_FAMILIES, values, field=name)


def _mails(plan: Plan, a_second: float) -> Iterator[Finding]:
    """A family that hears of its seat must have at least half of the time left that it is held. A draw tells all at
    once."""
    spread = timedelta() if plan.kind is OpeningKind.DRAW else min(one.spread for one in plan.windows)
    late = mails_late(plan.expected_families, max(spread, timedelta()), a_second)
    if late <= MAY_BE_LATE:
        return
    values = {"families": plan.expected_families, "late": -(-late // timedelta(minutes=1)), "rate": f"{a_second:g}"}
    if plan.hold and plan.hold < 2 * late:
        enough = {"enough": -(-2 * late // timedelta(minutes=1))}
        yield Finding("hold-too-short", HOLD_SHORT, {**values, **enough}, field="hold_minutes")
    if shortest_offer(plan) < 2 * late:
        yield Finding("offer-too-short", OFFER_SHORT, values, field="offer_days")


def shortest_offer(plan: Plan) -> timedelta:
    """Of one that is made when the day is nearly over; with no days, when its hour has nearly come."""
    return max(timedelta(), timedelta(days=plan.offer_days - 1, hours=plan.offer_hour))


def _draw(plan: Plan) -> Iterator[Finding]:
    if plan.kind is not OpeningKind.DRAW:
        for name in ("wishes_until", "beacon"):
            if getattr(plan, name):
                yield Finding("only-of-a-draw", ONLY_OF_A_DRAW, field=name)
        return
    if plan.wishes_until is None:
        yield Finding("wishes-until-missing", NO_WISHES_UNTIL, field="wishes_until")
    elif plan.wishes_until <= plan.opens_at:
        yield Finding("wishes-until-early", WISHES_EARLY, field="wishes_until")
    if len(plan.windows) > 1:
        yield Finding("draw-with-windows", DRAW_WITH_WINDOWS, field="windows")
    if plan.may_overlap:
        yield Finding("draw-with-overlaps", DRAW_WITH_OVERLAPS, field="may_overlap")
    for number, window in enumerate(plan.windows):
        if window.spread:
            yield Finding("draw-with-spread", DRAW_WITH_SPREAD, field=f"windows[{number}].spread_minutes")


def _day(moment: datetime) -> date:
    """As the clocks in Brussels show it."""
    return moment.astimezone(UTC).astimezone(brussels()).date()
