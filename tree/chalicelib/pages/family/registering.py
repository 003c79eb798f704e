"""The opening: a family's prepared wishes are registered, in order, and it is told at once what came of each.

A form without a script registers all of them and comes back to the page. The page's script
(pages/frame/assets/opening.js) sends the same form for one wish at a time, and asks for JSON. Either may be repeated as
often as anybody likes: a wish has its Idempotency-Key from the day on which it was prepared.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.booking.registrations.rules import registration_id
from chalicelib.booking.wishes import table as wishes_table
from chalicelib.booking.wishes.registering import register_wish
from chalicelib.booking.wishes.rules import WishOutcome, WishProgress, outcomes
from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import Problem
from chalicelib.core.languages import N_, translate
from chalicelib.pages.family import wished
from chalicelib.pages.family.family import is_open, moment_of, own
from chalicelib.pages.family.wish_words import Said, Words
from chalicelib.pages.family.wished import Wished
from chalicelib.pages.frame.forms import read_form
from chalicelib.pages.frame.pages import page, redirect, url
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.families.proving import seen_pass
from chalicelib.people.families.rules import Bearer
from chalicelib.programme.openings.passes import OwnPass, with_moments
from chalicelib.programme.sessions import table as programme

TOO_EARLY = N_("Not registered yet: your moment has not come.")
BUSY = N_("Not registered yet: it was very busy. Tap again; you will not be registered twice.")


@dataclass(frozen=True)
class Told:
    """A wish as the page shows it. `found`: what would stop it."""

    key: str
    name: str
    reached: WishProgress
    text: str
    registration_id: str | None
    found: Sequence[Said]


def show(visit: Visit, who: Bearer, opening_id: str) -> Answer:
    """The page, or in JSON what its script wants to know from time to time. `?tried=yes`: the form was just sent."""
    known = with_moments(who, visit.now, visit.language, seen_pass)
    opening = wished.opening_of(visit, opening_id)
    # Whoever registers a wish that was changed in this second is told to load the page again (`take`); how each stands
    # is read as it is now.
    seen = None if wished.is_open_draw(opening) else wishes_table.seen(who.family_id, opening_id)
    wishes = wished.wished(visit, who, opening, seen=seen)
    words = Words(visit.language, known.names)
    told = _told(visit, known, wishes, words)
    at = _at(known, wishes)
    if _wants_json(visit):
        return Answer(
            200,
            {
                **_clock(visit, at, wishes),
                "wishes": {one.key: _shown(visit, one.reached, one.text, one.registration_id) for one in told},
            },
        )
    seen = own(visit, who, known, opening, wishes)
    return page(
        visit,
        "pages/family/registering.html",
        own=seen,
        wishes=wishes,
        words=words,
        told=told,
        clock=_clock(visit, at, wishes),
        can_try=(seen.is_open or seen.at is not None) and any(one.reached is WishProgress.OPEN for one in told),
    )


def take(visit: Visit, who: Bearer, opening_id: str) -> Answer:
    """All wishes, and back to the page; or the one that the script names (`wish`), answered in JSON."""
    typed = read_form(visit)
    opening = wished.opening_of(visit, opening_id)
    prepared = wishes_table.get(who.family_id, opening.opening_id)
    if _wants_json(visit):
        wish = prepared.called(typed["wish"])
        if wish is None:  # another tab changed the wishes: the page must be loaded again
            return Answer(409, {"reload": True})
        try:
            with visit.attempting():
                outcome = register_wish(who, prepared, wish, visit.now)
        except Problem as problem:
            return _refused(visit, problem)
        return _answered(visit, outcome, registration_id(who.family_id, wish.key))
    for wish in prepared.wishes:
        with suppress(Problem), visit.attempting():  # a refused wish need not stop the next one; the page says why
            register_wish(who, prepared, wish, visit.now)
    return redirect(visit, f"/opening/{opening_id}?tried=yes")


def _answered(visit: Visit, outcome: WishOutcome, made: str) -> Answer:
    sessions = programme.several({outcome.other.session_id}) if outcome.other else {}
    text = Words(visit.language, {}).outcome(outcome, sessions)
    return Answer(200, _shown(visit, outcome.reached, text, made if outcome.standing else None))


def _refused(visit: Visit, problem: Problem) -> Answer:
    """Its status says to the script whether to try again, and `Retry-After` when."""
    headers = {} if problem.retry_after is None else {"Retry-After": str(problem.retry_after)}
    text = Words(visit.language, {}).refusal(problem)
    return Answer(problem.kind.status, {"reached": WishProgress.OPEN.value, "text": text}, headers)


def _told(visit: Visit, known: OwnPass, wishes: Wished, words: Words) -> list[Told]:
    if wishes.prepared is None:
        return []
    is_tried = "tried" in visit.query
    told = []
    for number, one in enumerate(outcomes(wishes.prepared, wishes.standings, wishes.sessions)):
        text, found = words.outcome(one, wishes.sessions), words.of_row(wishes, number)
        if one.reached is not WishProgress.OPEN:
            found = []
        elif is_tried and not any(said.stops for said in found):
            admitted = known.moments(wishes.opening.opening_id)
            opened = is_open(wishes.opening, moment_of(admitted, wishes), visit.now)
            text = translate(BUSY if opened else TOO_EARLY, visit.language)
        made = wishes.ids[one.wish.key] if one.standing else None
        told.append(Told(one.wish.key, words.wish(one.wish, wishes.sessions), one.reached, text, made, found))
    return told


def _shown(visit: Visit, reached: WishProgress, text: str, made: str | None) -> dict[str, str | None]:
    """`made`: the id of the registration that came of it."""
    return {"reached": reached.value, "text": text, "receipt": url(visit, f"/registrations/{made}") if made else None}


def _clock(visit: Visit, at: datetime | None, wishes: Wished) -> dict[str, Any]:
    """Milliseconds since 1970. `at`: null as long as it is not told."""
    return {
        "now": _milliseconds(visit.now),
        "at": _milliseconds(at) if at else None,
        "is_paused": wishes.opening.is_paused(visit.now),
        "edition": wishes.prepared.edition if wishes.prepared else 0,
    }


def _at(known: OwnPass, wishes: Wished) -> datetime | None:
    """When the first of the wishes can be registered: each waits for the last of its children's moments."""
    opening = wishes.opening
    if wished.is_open_draw(opening):
        return None
    admitted = known.moments(opening.opening_id)
    if not admitted:  # everybody is
        return opening.spread_ends_at
    return moment_of(admitted, wishes) if wishes.rows else None


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _wants_json(visit: Visit) -> bool:
    return "application/json" in visit.headers.get("accept", "")
