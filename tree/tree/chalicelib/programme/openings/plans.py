"""A plan as staff send it: the same JSON as `Plan.to_document`, with moments as people write them. What can be left out
has the plan's own default.

Only what is no plan at all is refused here. What would be an opening that nobody should publish can still be stored as
a draft, and `check.py` names it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from chalicelib.core.http.answers import Count, FromOne, InLanguages, Schema
from chalicelib.core.http.fields import (
    LINE,
    LINES,
    MOST_ERRORS,
    Choice,
    Field,
    Model,
    Moment,
    OrNull,
    Several,
    Text,
    TrueOrFalse,
    Whole,
    check,
)
from chalicelib.core.http.problems import INVALID, FieldError, Problem
from chalicelib.core.languages import DEFAULT, LANGUAGES, N_
from chalicelib.programme.openings.rules import Bundles, HeldBack, OpeningKind, Plan, Window, minutes_of
from chalicelib.programme.sessions.rules import SESSION_ID

MOST_SESSIONS = 500
MOST_WINDOWS = 20
MOST_POSTCODES = 500
# For each of the two; one write holds them back (seats/opening.py: opening_with), whose expression has 4 KB.
MOST_HELD = 150
A_DAY, A_WEEK = 24 * 60, 7 * 24 * 60
COUNTRIES = ["BE", "NL"]

AS_KIND = N_("Choose first-come or draw.")
AS_TITLES = N_("Give a title in each language: nl, fr, en.")
AS_TITLE = N_("Give a title of at most 100 characters, in one line.")
AS_RULE = N_("Say in at most 2,000 characters what the city promises if something goes wrong.")
AS_RULES = N_("Say in each language, nl, fr and en, what the city promises if something goes wrong.")
AS_COUNTRY = N_("Choose BE or NL.")
AS_SESSIONS = N_("Name 1 to 500 sessions by their ids.")
AS_WINDOWS = N_("Name 1 to 20 windows, in order.")
AS_SPREAD = N_("Give a whole number of minutes from 0 to 1440.")
AS_POSTCODES = N_("Name the postcodes, at most 500; none means everyone.")
AS_FOUR_DIGITS = N_("Give the four digits of a postcode.")
AS_FAMILIES = N_("Give how many families may come: a whole number from 1 to 1000000.")
AS_ALL_HELD = N_("Name the sessions that have held-back seats.")
AS_HELD = N_("Give a whole number of seats from 0 to 150.")
AS_OFFER_DAYS = N_("Give a whole number of days from 0 to 14.")
AS_OFFER_HOUR = N_("Give an hour of the day from 0 to 23.")
AS_PATIENCE = N_("Give a whole number of minutes from 0 to 10080, which is a week.")
AS_HOLD = N_("Give a whole number of minutes from 1 to 10080, which is a week.")
AS_BUNDLES = N_("Choose one or several.")
AS_BEACON = N_("Say in at most 300 characters which public value counts too.")
SESSION_TWICE = N_("This session is already in the list.")
NOT_OF_OPENING = N_("This session is not part of the opening.")


def _in_each_language(expects: str, text: Text) -> Model:
    """Dutch, which readers fall back on, cannot be left out; of the others the check says that they are missing."""
    fields: dict[str, Field] = {language: OrNull(text) for language in LANGUAGES}
    return Model(fields | {DEFAULT: text}, expects)


WINDOW = Model(
    {
        "opens_at": Moment(),
        "spread_minutes": Whole(AS_SPREAD, 0, A_DAY),
        "postcodes": OrNull(
            Several(AS_POSTCODES, Text(AS_FOUR_DIGITS, "[1-9][0-9]{3}", 4), MOST_POSTCODES, least=0, may_repeat=True)
        ),
    },
    AS_WINDOWS,
)
HELD_BACK = Model(
    {
        "session_id": SESSION_ID,
        "staff": OrNull(Whole(AS_HELD, 0, MOST_HELD)),
        "reduced": OrNull(Whole(AS_HELD, 0, MOST_HELD)),
    },
    AS_ALL_HELD,
)
PLAN = Model(
    {
        "kind": Choice(AS_KIND, [kind.value for kind in OpeningKind]),
        "titles": _in_each_language(AS_TITLES, Text(AS_TITLE, LINE, 100)),
        "country": Choice(AS_COUNTRY, COUNTRIES),
        "session_ids": Several(AS_SESSIONS, SESSION_ID, MOST_SESSIONS),
        "windows": Several(AS_WINDOWS, WINDOW, MOST_WINDOWS, may_repeat=True),
        "passes_until": Moment(),
        "expected_families": Whole(AS_FAMILIES, 1, 1_000_000),
        "incident_rule": _in_each_language(AS_RULES, Text(AS_RULE, LINES, 2000)),
        "held_back": OrNull(Several(AS_ALL_HELD, HELD_BACK, MOST_SESSIONS, least=0)),
        "offer_days": OrNull(Whole(AS_OFFER_DAYS, 0, 14)),
        "offer_hour": OrNull(Whole(AS_OFFER_HOUR, 0, 23)),
        "patience_minutes": OrNull(Whole(AS_PATIENCE, 0, A_WEEK)),
        "hold_minutes": OrNull(Whole(AS_HOLD, 1, A_WEEK)),
        "may_overlap": TrueOrFalse(default=False),
        "wishes_until": OrNull(Moment()),
        "bundles": OrNull(Choice(AS_BUNDLES, [bundles.value for bundles in Bundles])),
        "beacon": OrNull(Text(AS_BEACON, LINE, 300)),
    },
    N_("Give the plan of the opening as a JSON object."),
)


@dataclass(frozen=True)
class WindowToSend:
    opens_at: datetime
    spread_minutes: Count
    postcodes: tuple[str, ...]


@dataclass(frozen=True)
class PlanToSend:
    """A plan with the names and the units that PLAN has."""

    kind: OpeningKind
    titles: InLanguages
    country: Annotated[str, Schema(enum=COUNTRIES)]
    session_ids: Sequence[str]
    windows: Annotated[Sequence[WindowToSend], Schema(minItems=1)]
    passes_until: datetime
    expected_families: FromOne
    incident_rule: InLanguages
    held_back: Sequence[HeldBack]
    offer_days: Count
    offer_hour: Count
    patience_minutes: Count
    hold_minutes: FromOne | None
    may_overlap: bool
    wishes_until: datetime | None
    bundles: Bundles
    beacon: str | None


def to_send(plan: Plan) -> PlanToSend:
    """A plan in the shape in which it can be sent again."""
    return PlanToSend(
        kind=plan.kind,
        titles=plan.titles,
        country=plan.country,
        session_ids=plan.session_ids,
        windows=[WindowToSend(one.opens_at, minutes_of(one.spread), one.postcodes) for one in plan.windows],
        passes_until=plan.passes_until,
        expected_families=plan.expected_families,
        incident_rule=plan.incident_rule,
        held_back=plan.held_back,
        offer_days=plan.offer_days,
        offer_hour=plan.offer_hour,
        patience_minutes=minutes_of(plan.patience),
        hold_minutes=minutes_of(plan.hold) if plan.hold else None,
        may_overlap=plan.may_overlap,
        wishes_until=plan.wishes_until,
        bundles=plan.bundles,
        beacon=plan.beacon,
    )


def wanted(document: Any) -> Plan:
    """The plan that was sent or typed; raises Problem `invalid` that names what is wrong."""
    return plan_of(check(PLAN, document))


def plan_of(sent: Mapping[str, Any], before: str = "") -> Plan:
    """The plan that PLAN has checked; raises Problem `invalid` for what no field can see by itself. `before`: where in
    the request the plan stands, for the names of its fields."""
    _check_sessions(sent["session_ids"], sent["held_back"] or [], before)
    bundles, patience, hold = sent["bundles"], sent["patience_minutes"], sent["hold_minutes"]
    optional = {
        "held_back": sent["held_back"]
        and tuple(HeldBack(one["session_id"], one["staff"] or 0, one["reduced"] or 0) for one in sent["held_back"]),
        "offer_days": sent["offer_days"],
        "offer_hour": sent["offer_hour"],
        "patience": None if patience is None else timedelta(minutes=patience),
        "hold": None if hold is None else timedelta(minutes=hold),
        "may_overlap": sent["may_overlap"],
        "wishes_until": sent["wishes_until"],
        "bundles": bundles and Bundles(bundles),
        "beacon": sent["beacon"],
    }
    return Plan(
        kind=OpeningKind(sent["kind"]),
        titles=_given(sent["titles"]),
        country=sent["country"],
        session_ids=tuple(sent["session_ids"]),
        windows=tuple(
            Window(one["opens_at"], timedelta(minutes=one["spread_minutes"]), tuple(one["postcodes"] or ()))
            for one in sent["windows"]
        ),
        passes_until=sent["passes_until"],
        expected_families=sent["expected_families"],
        incident_rule=_given(sent["incident_rule"]),
        **_given(optional),
    )


def _check_sessions(session_ids: list[str], held_back: list[Mapping[str, Any]], before: str) -> None:
    """That none stands in a list twice, and seats are held back of the opening's own sessions only."""
    held = [one["session_id"] for one in held_back]
    errors = []
    for name, ids in (("session_ids[{}]", session_ids), ("held_back[{}].session_id", held)):
        seen: set[str] = set()
        for place, session_id in enumerate(ids):
            if session_id in seen:
                errors.append(FieldError(before + name.format(place), SESSION_TWICE))
            elif ids is held and session_id not in session_ids:
                errors.append(FieldError(before + name.format(place), NOT_OF_OPENING))
            seen.add(session_id)
    if errors:
        raise Problem(INVALID, errors=errors[:MOST_ERRORS])


def _given(named: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in named.items() if value is not None}
