"""When something goes wrong in an opening: what was done, what waits for a second person, and what can be done now.

Each action has its own form, with a text for families to begin with: who has to pause has no time to write in three
languages.
"""

from collections.abc import Callable
from typing import Any

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import Problem
from chalicelib.core.languages import LANGUAGES, N_, translate
from chalicelib.office.incidents import reporting
from chalicelib.office.incidents.reporting import IncidentOfStaff
from chalicelib.office.incidents.rules import NEEDS_A_SECOND, Action
from chalicelib.office.publication import drafts
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect, refused
from chalicelib.pages.frame.visit import Visit
from chalicelib.pages.staff import words
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.openings.rules import Opening, OpeningKind, State, title

# What families are told unless somebody writes something better, and what it came from as far as it is known.
WHY = {
    Action.PAUSE: N_(
        "Registration is paused because something does not work as it should. Nobody loses anything by waiting: the "
        "order stays as it is."
    ),
    Action.RESUME: N_(
        "Registration goes on. Everything that was still to come happens later, by the length of the pause; the order "
        "stays as it was."
    ),
    Action.EXTEND: N_(
        "Because something did not work as it should, everybody gets more time. The order stays as it was."
    ),
    Action.RESTART: N_(
        "Because something went badly wrong, registration begins again at another moment. The order stays as it was, "
        "and seats that were given are taken back. We are sorry."
    ),
    Action.TURN_INTO_DRAW: N_(
        "Because something went badly wrong, seats are drawn by lot. Enter your wishes: it makes no difference when. "
        "We are sorry."
    ),
}
CAUSE = N_("We are finding out.")
DONE = {
    "done": N_("It has taken effect, and families are being told."),
    "proposed": N_("It waits for a second person: an approver must confirm it before it takes effect."),
    "approved": N_("It has taken effect, and families are being told."),
    "announced": N_("The families that were not told yet are being told."),
}


def show(visit: Visit, by: Staff, opening_id: str) -> Answer:
    """`?action=`: with the form for it."""
    action = visit.query.get("action")
    chosen = Action(action) if action in list(Action) else None
    form = _new(chosen) if chosen and visit.may("POST", "/office/openings/{opening_id}/incidents") else None
    return _page(visit, opening_id, chosen if form else None, form or Form())


def report(visit: Visit, by: Staff, opening_id: str) -> Answer:
    form = read_form(visit)
    try:
        with visit.attempting():
            made = reporting.report(opening_id, reporting.wanted(_document(form)), by, visit.now)
    except Problem as problem:
        action = Action(form["action"]) if form["action"] in list(Action) else None
        again = form.wrong(problem, visit.language) if problem.errors else form
        return _page(visit, opening_id, action, again, problem)
    return redirect(visit, f"/office/openings/{opening_id}/incidents?done={'done' if made.at else 'proposed'}")


def approve(visit: Visit, by: Staff, opening_id: str, number: str) -> Answer:
    return _of_entry(visit, opening_id, lambda: reporting.approve(opening_id, number, by, visit.now), "approved")


def announce(visit: Visit, by: Staff, opening_id: str, number: str) -> Answer:
    return _of_entry(visit, opening_id, lambda: reporting.announce(opening_id, number), "announced")


def _of_entry(visit: Visit, opening_id: str, do: Callable[[], IncidentOfStaff], done: str) -> Answer:
    read_form(visit)
    try:
        with visit.attempting():
            do()
    except Problem as problem:
        return _page(visit, opening_id, None, Form(), problem)
    return redirect(visit, f"/office/openings/{opening_id}/incidents?done={done}")


def _page(visit: Visit, opening_id: str, action: Action | None, form: Form, problem: Problem | None = None) -> Answer:
    opening = drafts.get(opening_id)
    done = DONE.get(visit.query.get("done", "")) if problem is None else None
    return page(
        visit,
        "pages/staff/incidents.html",
        problem.kind.status if problem else 200,
        opening=opening,
        title=title(opening.plan, visit.language),
        action=action,
        needs_second=action in NEEDS_A_SECOND,
        form=form,
        possible=_possible(opening) if visit.may("POST", "/office/openings/{opening_id}/incidents") else [],
        incidents=reporting.every(opening_id)[::-1],
        actions=words.in_language(words.ACTIONS, visit.language),
        states=words.in_language(words.OPENING_STATE, visit.language),
        badges=words.BADGES,
        done=translate(done, visit.language) if done else None,
        problem=refused(visit, problem),
    )


def _new(action: Action) -> Form:
    values = {f"why.{language}": translate(WHY[action], language) for language in LANGUAGES}
    values |= {f"cause.{language}": translate(CAUSE, language) for language in LANGUAGES}
    return Form({**values, "keep_given": "true"})


def _document(form: Form) -> Any:
    """As INCIDENT checks it. Whether seats stay is chosen, not ticked."""
    sent = form.document(reporting.INCIDENT)
    is_chosen = {"keep_given": form["keep_given"] == "true"} if form["action"] == Action.TURN_INTO_DRAW else {}
    return {**sent, **is_chosen}


def _possible(opening: Opening) -> list[Action]:
    """The actions that make sense as the opening stands; office/incidents/rules.py has the last word."""
    if not opening.is_live or opening.state is State.DRAWN:
        return []
    paused = opening.state is State.PAUSED
    actions = [Action.RESUME if paused else Action.PAUSE]
    if not paused:
        actions.append(Action.EXTEND)
    if opening.kind is not OpeningKind.DRAW:
        actions += [Action.RESTART, Action.TURN_INTO_DRAW]
    elif not paused:
        actions.append(Action.RESTART)
    return actions
