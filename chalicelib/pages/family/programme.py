"""The programme, for anyone: what there is, by week, for whom, what it costs, when registration opens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from chalicelib.city.face.rules import ALL
from chalicelib.core.http.answering import Answer
from chalicelib.core.memory import Memory
from chalicelib.core.moments import brussels
from chalicelib.pages.frame.forms import Form, whole
from chalicelib.pages.frame.pages import page, rendered
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.families.handlers import known_bearer
from chalicelib.programme.sessions.handlers import SECONDS_SHOWN, Listing, PublicSession, listing
from chalicelib.programme.sessions.rules import SessionStatus
from chalicelib.seats.rules import birth_dates

CACHE_SECONDS = 5
WITH_SEATS = "free"
AGES = range(2, 19)
# The sessions in few words, by language and by what leads to the first page, with the list that they are of.
_cards: Memory[tuple[str, str], tuple[Listing, Mapping[str, str]]] = Memory(SECONDS_SHOWN)


@dataclass(frozen=True)
class ProgrammeWeek:
    """`monday`: its first day."""

    monday: date
    sessions: Sequence[PublicSession]


def home(visit: Visit) -> Answer:
    """Whole, because the address of the first page may lack the slash that other links need."""
    return Answer(303, None, {"Location": f"{visit.base}/programme"})


def show(visit: Visit) -> Answer:
    """Filters are parameters of the address, so that a filtered programme can be shared: age, week (its Monday), kind,
    municipality, `seats=free`; and `mine`, for a family with a pass: only what suits one of its children. Without what
    is over."""
    today = visit.now.astimezone(brussels()).date()
    shown = listing(visit.now)
    every = [one for one in shown.sessions if one.ends_on >= today]
    births = _births(visit)
    chosen, form = every, Form(visit.query)
    if form["mine"] and births:
        chosen = [one for one in chosen if any(_suits(one, born) for born in births)]
    # Each is read once: there are hundreds of sessions.
    if (age := whole(form["age"])) is not None:
        chosen = [one for one in chosen if one.age_min <= age <= one.age_max]
    if municipality := form["municipality"]:
        chosen = [one for one in chosen if one.municipality == municipality]
    if kind := form["kind"]:
        chosen = [one for one in chosen if one.kind == kind]
    if week := form["week"]:
        chosen = [one for one in chosen if _monday(one.starts_on).isoformat() == week]
    if form["seats"] == WITH_SEATS:
        chosen = [one for one in chosen if one.status is not SessionStatus.CLOSED and one.seats_left > 0]
    municipalities = sorted({one.municipality for one in every})
    is_filtered = any(form[name] for name in ("age", "kind", "municipality", "week", "seats", "mine"))
    return page(
        visit,
        "pages/family/programme.html",
        cache_seconds=None if births else CACHE_SECONDS,
        weeks=[
            ProgrammeWeek(monday, list(group)) for monday, group in groupby(chosen, lambda one: _monday(one.starts_on))
        ],
        all_weeks=sorted({_monday(day) for day in {one.starts_on for one in every}}),
        face_of=municipality if municipality in municipalities else ALL,
        municipalities=municipalities,
        kinds=sorted({one.kind for one in every if one.kind}),
        cards=_in_few_words(shown, visit),
        ages=AGES,
        now=visit.now,
        has_pass=bool(births),
        form=form,
        is_filtered=is_filtered,
        next_opening=min(
            (one.opens_at for one in every if one.status is SessionStatus.ANNOUNCED and one.opens_at), default=None
        ),
    )


def _in_few_words(shown: Listing, visit: Visit) -> Mapping[str, str]:
    """session_id to HTML: nothing in it is for one family alone."""
    known = _cards.fresh((visit.language, visit.root))
    if known and known[0] is shown:
        return known[1]
    cards: dict[str, str] = {}
    rendered(visit, "pages/family/programme_cards.html", sessions=shown.sessions, cards=cards)
    _cards.put((visit.language, visit.root), (shown, cards))
    return cards


def _births(visit: Visit) -> list[date]:
    """Of the children of the family's pass, if it has one that is still good."""
    who = known_bearer(visit)
    return list(who.children.values()) if who else []


def _suits(session: PublicSession, born: date) -> bool:
    earliest, latest = birth_dates(session.starts_on, session.age_min, session.age_max)
    return earliest <= born <= latest


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
