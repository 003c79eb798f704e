"""A session's own page: for whom it is, what it costs, how it stands, and a form to register for whoever has a pass."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib.booking.registrations import register as registering
from chalicelib.booking.registrations.admitting import admit
from chalicelib.booking.registrations.handlers import AS_CHILDREN, checked_key, wanted
from chalicelib.booking.registrations.register import KEY_USED, all_of
from chalicelib.booking.registrations.rules import Registration, RegistrationStatus
from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import Problem, invalid
from chalicelib.core.languages import N_, in_words
from chalicelib.core.moments import kept
from chalicelib.money.payees import table as payees
from chalicelib.pages.family.wished import is_closed_draw
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.families.handlers import known_bearer, known_pass
from chalicelib.people.families.rules import Bearer, Child, Pass
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import Opening
from chalicelib.programme.sessions import news
from chalicelib.programme.sessions import table as programme
from chalicelib.programme.sessions.alternatives import OtherSession, alternatives
from chalicelib.programme.sessions.handlers import PublicSession, public_session, seen
from chalicelib.seats.rules import age, birth_dates

CACHE_SECONDS = 5
CHILDREN, WAITLIST, KEY, PRICE = "child_ids", "waitlist", "key", "price"

SENT_BEFORE = N_(
    "This form was sent before, for other children. Look at your registrations first; if you still want this one, send "
    "it again."
)


@dataclass(frozen=True)
class ChildChoice:
    """A child of the family's pass, as the form offers it. `age`: on the first day. `registration_id`: by which it has
    a seat or a place on the waiting list here already. `too_early`: why its turn has not come, as the opening says."""

    child: Child
    age: int
    is_of_age: bool
    registration_id: str | None
    too_early: Problem | None = None

    @property
    def is_for(self) -> bool:
        """Whether it could register here, be it later."""
        return self.is_of_age and self.registration_id is None

    @property
    def can_register(self) -> bool:
        return self.is_for and self.too_early is None

    @property
    def opens_at(self) -> datetime | None:
        """When its turn comes, if that is told."""
        return kept(self.too_early.extra.get("opens_at")) if self.too_early else None


@dataclass(frozen=True)
class NotYet:
    """Why nobody of the family can register now. `opens_at`: its turn or, as long as that is not told, when its round
    begins; None where it has none. `known_from`: when its turn is told, if it is not."""

    problem: Mapping[str, Any]
    opens_at: datetime | None
    known_from: datetime | None


def show(visit: Visit, session_id: str) -> Answer:
    """The same for everybody without a pass; with one, how it stands for the family's children."""
    return _page(visit, session_id, Form({KEY: secrets.token_urlsafe(12)}))


def register(visit: Visit, who: Bearer, session_id: str) -> Answer:
    """The form's `child_ids`, `waitlist`, and `key`, which was made with the form: sent twice, it is one registration.
    What is refused is said on the session's page, with what was chosen and with where else there are seats."""
    form = read_form(visit)
    if form.has(PRICE):  # what these would cost: nothing else is done
        return _page(visit, session_id, form)
    chosen = {"session_id": session_id, CHILDREN: form.all(CHILDREN), WAITLIST: form.has(WAITLIST)}
    try:
        if not form.has(CHILDREN):
            raise invalid(CHILDREN, AS_CHILDREN)
        with visit.attempting():
            made = registering.register(who, wanted(chosen, checked_key(form[KEY])), visit.now).registration
    except Problem as problem:
        return _refused(visit, session_id, form, problem)
    return redirect(visit, f"/registrations/{made.registration_id}")


def _refused(visit: Visit, session_id: str, form: Form, problem: Problem) -> Answer:
    if any(error.message == KEY_USED for error in problem.errors):
        problem = invalid(CHILDREN, SENT_BEFORE)
        form = replace(form, values={**form.values, KEY: secrets.token_urlsafe(12)})
    if problem.errors:
        # Whatever is wrong with one of the children is said beside all of them.
        about = [replace(error, field=CHILDREN) for error in problem.errors[:1]]
        wrong = form.wrong(Problem(problem.kind, errors=about), visit.language)
        return _page(visit, session_id, wrong, problem.kind.status)
    answered = _page(visit, session_id, form, problem.kind.status, problem)
    if problem.retry_after is None:
        return answered
    return replace(answered, headers={**answered.headers, "Retry-After": str(problem.retry_after)})


def _page(visit: Visit, session_id: str, form: Form, status: int = 200, refused: Problem | None = None) -> Answer:
    session = public_session(session_id, visit.now)
    family = known_pass(visit)
    opening = openings.of_session(session_id, visit.now)
    document = refused.document(visit.language) if refused else {}
    choices = _choices(visit, family, session, opening) if family else []
    chosen = _chosen(form, choices)
    turns = [one for one in choices if one.is_for]
    return page(
        visit,
        "pages/family/session.html",
        status,
        CACHE_SECONDS if family is None and status == 200 else None,
        face_of=session.municipality,
        session=session,
        draw=opening if opening and opening.is_to_be_drawn else None,
        no_more_wishes=opening is not None and is_closed_draw(opening, visit.now),
        paused=opening.why if opening and opening.is_paused(visit.now) else None,
        why_off=news.why_off(session_id, visit.language).splitlines() if session.cancelled_at else [],
        hours=_hours(session, visit.language),
        choices=choices,
        chosen=chosen,
        **_prices(visit, session_id, choices, chosen),
        has_pass=family is not None,
        too_early=_first_turn(opening, turns, visit) if opening and turns else None,
        form=form,
        refused=document,
        refused_until=kept(document.get("opens_at")),
        alternatives=_elsewhere(visit, session_id, form, family) if refused else [],
    )


def _prices(visit: Visit, session_id: str, choices: Sequence[ChildChoice], chosen: set[str]) -> dict[str, Any]:
    """The session's price for the children that are chosen, or could be; and its highest price for anybody. Nothing is
    read where nobody takes money. What a family itself pays is not for a helper."""
    session = seen([session_id]).get(session_id) if payees.remembered() else None
    if session is None:
        return {"price": None, "most_cents": None}
    from chalicelib.money.quotes.asking import most_of  # noqa: PLC0415 where somebody takes money only
    from chalicelib.pages.family.prices import own_price  # noqa: PLC0415

    who, fitting = None if visit.help else known_bearer(visit), [one.child.child_id for one in choices if one.is_for]
    asked = [child_id for child_id in fitting if child_id in chosen] or fitting
    return {
        "price": own_price(who, session, asked, visit.now, visit.language) if who else None,
        "first_names": {one.child.child_id: one.child.first_name for one in choices},
        "most_cents": most_of(session, visit.now),
    }


def _choices(visit: Visit, family: Pass, session: PublicSession, opening: Opening | None) -> list[ChildChoice]:
    first = session.starts_on
    born_from, born_until = birth_dates(first, session.age_min, session.age_max)
    who = known_bearer(visit)  # with what its token says of when a child was named, as registering goes by
    here = {
        child: one.registration_id
        for one in _registrations(family.bearer, visit.now, session.session_id)
        for child in one.child_ids
    }
    return [
        ChildChoice(
            child=one,
            age=age(one.birth_date, first),
            is_of_age=born_from <= one.birth_date <= born_until,
            registration_id=here.get(one.child_id),
            too_early=_too_early(opening, who, one.child_id, visit.now) if opening and who else None,
        )
        for one in family.children
    ]


def _too_early(opening: Opening, who: Bearer, child_id: str, now: datetime) -> Problem | None:
    """Why the opening does not let the child register now, by the rule that registering goes by."""
    try:
        admit(opening, who, [child_id], now)
    except Problem as problem:
        return problem
    return None


def _first_turn(opening: Opening, choices: Sequence[ChildChoice], visit: Visit) -> NotYet | None:
    """Of children who all have to wait, the first's; None: one of them need not."""
    waiting = [(one.opens_at, one.too_early) for one in choices if one.too_early]
    if len(waiting) < len(choices):
        return None
    at, why = min(waiting, key=lambda one: (one[0] is None, one[0]))
    known_from = opening.plan.passes_until
    return NotYet(why.document(visit.language), at, known_from if visit.now < known_from else None)


def _registrations(who: Bearer, now: datetime, session_id: str | None = None) -> Sequence[Registration]:
    """The family's that hold a seat or a place; of one session, or of all."""
    return [
        one
        for one, standing in all_of(who, now)
        if standing.status is not RegistrationStatus.CANCELLED and session_id in (None, one.session_id)
    ]


def _chosen(form: Form, choices: Sequence[ChildChoice]) -> set[str]:
    """The children chosen before; at first, all who can come."""
    if form.has(CHILDREN) or form.errors:
        return set(form.all(CHILDREN))
    return {one.child.child_id for one in choices if one.can_register}


def _elsewhere(visit: Visit, session_id: str, form: Form, family: Pass | None) -> Sequence[OtherSession]:
    """Where the chosen children could have seats now instead."""
    here, chosen = programme.get(session_id), set(form.all(CHILDREN))
    births = [one.birth_date for one in family.children if one.child_id in chosen] if family else []
    if here is None or family is None or not births:
        return []
    taken = {one.session_id for one in _registrations(family.bearer, visit.now) if chosen.intersection(one.child_ids)}
    return alternatives(here, births, taken, visit.now)


def _hours(session: PublicSession, language: str) -> list[str]:
    """Both, in words, or none."""
    both = [one for one in (session.daily_from, session.daily_until) if one is not None]
    return [in_words.hour(one, language) for one in both] if len(both) == 2 else []
