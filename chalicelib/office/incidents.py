"""When something goes wrong in an opening: what was done, what waits for a second person, and what can be done now.

Each action has its own form, with a text for families to begin with: who has to pause has no time to write in three
languages.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.api.answering import Answer
from chalicelib.api.problems import Problem
from chalicelib.incidents import handlers
from chalicelib.incidents.rules import NEEDS_A_SECOND, Action
from chalicelib.languages import LANGUAGES, N_, in_words, translate
from chalicelib.office import words
from chalicelib.publication import handlers as publication
from chalicelib.publication import public
from chalicelib.staff.rules import Staff
from chalicelib.web.forms import Form, read_form
from chalicelib.web.pages import ask, page, redirect
from chalicelib.web.visit import Visit

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
ITS_OWN = {
    Action.EXTEND: ("minutes",),
    Action.RESTART: ("opens_at",),
    Action.TURN_INTO_DRAW: ("wishes_until", "keep_given"),
}
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
    action = Action(form["action"]) if form["action"] in list(Action) else Action.PAUSE
    sent: dict[str, Any] = {
        "action": action.value,
        "why": {language: form[f"why.{language}"] for language in LANGUAGES},
        "cause": {language: form[f"cause.{language}"] for language in LANGUAGES},
        "reason": form["reason"],
        **{name: _typed(name, form) for name in ITS_OWN.get(action, ())},
    }
    try:
        answer = handlers.report_incident(_asking(visit, sent), by, opening_id=opening_id)
    except Problem as problem:
        if not problem.errors:
            return _page(visit, opening_id, action, form, problem)
        return _page(visit, opening_id, action, form.wrong(problem, visit.language), problem)
    done = "proposed" if answer.status == 202 else "done"
    return redirect(visit, f"/office/openings/{opening_id}/incidents?done={done}")


def approve(visit: Visit, by: Staff, opening_id: str, number: str) -> Answer:
    return _of_entry(visit, opening_id, number, handlers.approve_incident, "approved")


def announce(visit: Visit, by: Staff, opening_id: str, number: str) -> Answer:
    return _of_entry(visit, opening_id, number, handlers.announce_incident, "announced")


def _of_entry(visit: Visit, opening_id: str, number: str, handler: Any, done: str) -> Answer:
    read_form(visit)
    try:
        ask(visit, handler, opening_id=opening_id, number=number)
    except Problem as problem:
        return _page(visit, opening_id, None, Form(), problem)
    return redirect(visit, f"/office/openings/{opening_id}/incidents?done={done}")


def _page(visit: Visit, opening_id: str, action: Action | None, form: Form, problem: Problem | None = None) -> Answer:
    incidents = ask(visit, handlers.list_incidents, opening_id=opening_id)["incidents"]
    opening = ask(visit, publication.get_opening, opening_id=opening_id)
    shown = ask(visit, public.get_opening, opening_id=opening_id) if opening["state"] != "draft" else None
    done = DONE.get(visit.query.get("done", "")) if problem is None else None
    titles = opening["plan"]["titles"]
    return page(
        visit,
        "office/incidents.html",
        problem.kind.status if problem else 200,
        opening_id=opening_id,
        title=titles.get(visit.language) or titles["nl"],
        state=opening["state"],
        opens_at=datetime.fromisoformat(shown["opens_at"]) if shown else None,
        wishes_until=datetime.fromisoformat(shown["wishes_until"]) if shown and shown["wishes_until"] else None,
        action=action.value if action else None,
        needs_second=action in NEEDS_A_SECOND,
        form=form,
        possible=_possible(shown) if visit.may("POST", "/office/openings/{opening_id}/incidents") else [],
        incidents=[_shown(one, visit.language) for one in reversed(incidents)],
        actions=words.in_language(words.ACTIONS, visit.language),
        states=words.in_language(words.OPENING_STATE, visit.language),
        badges=words.BADGES,
        done=translate(done, visit.language) if done else None,
        problem=problem.document(visit.language) if problem and not problem.errors else None,
    )


def _new(action: Action) -> Form:
    values = {f"why.{language}": translate(WHY[action], language) for language in LANGUAGES}
    values |= {f"cause.{language}": translate(CAUSE, language) for language in LANGUAGES}
    return Form({**values, "keep_given": "true"})


def _typed(name: str, form: Form) -> Any:
    text = form[name].strip()
    if name == "keep_given":
        return form["keep_given"] == "true"
    if name == "minutes" and text.isascii() and text.isdigit() and len(text) < 9:
        return int(text)
    return text or None


def _asking(visit: Visit, sent: Mapping[str, Any]) -> Any:
    """The visit with a body of JSON: here the status of the answer is wanted too."""
    return replace(visit, body=json.dumps(sent).encode())


def _possible(shown: Any) -> list[str]:
    """What makes sense as the opening stands; incidents/rules.py has the last word."""
    if shown is None or shown["state"] == "drawn":
        return []
    paused = shown["state"] == "paused"
    actions = [Action.RESUME if paused else Action.PAUSE]
    if not paused:
        actions.append(Action.EXTEND)
    if shown["kind"] != "draw":
        actions += [Action.RESTART, Action.TURN_INTO_DRAW]
    elif not paused:
        actions.append(Action.RESTART)
    return [action.value for action in actions]


def _shown(entry: Any, language: str) -> dict[str, Any]:
    def said(text: str | None) -> str:
        return in_words.moment(datetime.fromisoformat(text), language) if text else ""

    return {
        **entry,
        "at": said(entry["at"]),
        "start": said(entry["start"]),
        "end": said(entry["end"]),
        "moment": said(entry["moment"]),
        "why": entry["why"].get(language, ""),
        "cause": entry["cause"].get(language, ""),
        "done": entry["done"].get(language, ""),
    }
