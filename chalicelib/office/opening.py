"""One opening: its plan as a form while it is a draft, what the check finds, who approved which version, publishing it;
and of a draw, the public value and the draw itself."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Any

from chalicelib.api.answering import Answer
from chalicelib.api.problems import CHANGED, Problem
from chalicelib.draw import handlers as draws
from chalicelib.languages import N_, in_words, translate
from chalicelib.office import plan_form, words
from chalicelib.programme import table as programme
from chalicelib.programme.rules import Session
from chalicelib.publication import handlers, public
from chalicelib.publication.drafts import APPROVERS
from chalicelib.staff.rules import Staff
from chalicelib.web.forms import Form, read_form
from chalicelib.web.pages import ask, page, redirect
from chalicelib.web.visit import Visit

ALL_OF = "all:"
DONE = {
    "stored": N_("The plan is stored as a new version. Earlier approvals do not count for it."),
    "made": N_("The draft is stored. When the check finds nothing, two colleagues approve it."),
    "approved": N_("You have approved this version."),
    "published": N_("The opening is published: everybody can see it, and its plan does not change any more."),
    "entered": N_("The value is stored. Now an approver enters it too, without seeing yours."),
    "confirmed": N_("Both values are the same. The value is published, and the draw can be held."),
    "drawing": N_("The draw is being held. Load this page again in a minute."),
    "drawn": N_("The draw is over, and its result stands."),
}


def show_new(visit: Visit, by: Staff) -> Answer:
    return _form_page(visit, None, plan_form.new())


def create(visit: Visit, by: Staff) -> Answer:
    form = plan_form.tidied(read_form(visit))
    if form.has("add"):
        return _form_page(visit, None, _added(form))
    try:
        made = ask(visit, handlers.create_opening, plan_form.document(form))
    except Problem as problem:
        return _form_page(
            visit, None, plan_form.wrong(form, problem, visit.language, _names(_sessions(), visit.language)), 422
        )
    return redirect(visit, f"/office/openings/{made['opening_id']}?done=made")


def show(visit: Visit, by: Staff, opening_id: str) -> Answer:
    return _form_page(visit, ask(visit, handlers.get_opening, opening_id=opening_id), None)


def change(visit: Visit, by: Staff, opening_id: str) -> Answer:
    """A new version in the place of the one that was shown. If a colleague was first, what was typed stands below what
    they stored, and is stored over it only if it is sent again."""
    form = plan_form.tidied(read_form(visit))
    opening = ask(visit, handlers.get_opening, opening_id=opening_id)
    if form.has("add"):
        return _form_page(visit, opening, _added(form))
    sent = {"version": plan_form.document(Form({"expected_families": form["version"]}))["expected_families"]}
    try:
        ask(visit, handlers.change_opening, {**sent, "plan": plan_form.document(form)}, opening_id=opening_id)
    except Problem as problem:
        if problem.kind is CHANGED:
            return _form_page(visit, opening, form, problem.kind.status, problem)
        return _form_page(
            visit, opening, plan_form.wrong(form, problem, visit.language, _names(_sessions(), visit.language)), 422
        )
    return redirect(visit, f"/office/openings/{opening_id}?done=stored")


def approve(visit: Visit, by: Staff, opening_id: str) -> Answer:
    return _of_version(visit, opening_id, handlers.approve_opening, "approved")


def publish(visit: Visit, by: Staff, opening_id: str) -> Answer:
    return _of_version(visit, opening_id, handlers.publish_opening, "published")


def enter_beacon(visit: Visit, by: Staff, opening_id: str) -> Answer:
    form = read_form(visit)
    try:
        entered = ask(visit, draws.enter_beacon, {"value": form["value"]}, opening_id=opening_id)
    except Problem as problem:
        return _refused(visit, opening_id, problem, form)
    done = "confirmed" if entered["is_confirmed"] else "entered"
    return redirect(visit, f"/office/openings/{opening_id}?done={done}")


def draw(visit: Visit, by: Staff, opening_id: str) -> Answer:
    read_form(visit)
    try:
        state = ask(visit, draws.start_draw, opening_id=opening_id)
    except Problem as problem:
        return _refused(visit, opening_id, problem)
    return redirect(visit, f"/office/openings/{opening_id}?done={'drawn' if state['is_drawn'] else 'drawing'}")


def _of_version(visit: Visit, opening_id: str, handler: Callable[..., Answer], done: str) -> Answer:
    """That very version which was on the page: not one that a colleague stored meanwhile."""
    version = read_form(visit)["version"]
    try:
        ask(visit, handler, {"version": int(version) if version.isdecimal() else version}, opening_id=opening_id)
    except Problem as problem:
        return _refused(visit, opening_id, problem)
    return redirect(visit, f"/office/openings/{opening_id}?done={done}")


def _refused(visit: Visit, opening_id: str, problem: Problem, form: Form | None = None) -> Answer:
    opening = ask(visit, handlers.get_opening, opening_id=opening_id)
    return _form_page(visit, opening, None, problem.kind.status, problem, value=form["value"] if form else "")


def _added(form: Form) -> Form:
    """What a button that stores nothing asked for: a row more, or all sessions of a municipality."""
    wanted = form["add"]
    if wanted in plan_form.ROWS:
        return plan_form.with_row(form, wanted)
    municipality = wanted.removeprefix(ALL_OF)
    return plan_form.with_sessions(
        form, [one.session_id for one in _sessions() if one.municipality == municipality and not one.opening_id]
    )


def _form_page(
    visit: Visit,
    opening: Any,
    form: Form | None,
    status: int = 200,
    problem: Problem | None = None,
    value: str = "",
) -> Answer:
    """`opening`: None for a new one. `form`: what was typed; None: the plan as it is stored, with what the check says
    of it."""
    sessions = _sessions()
    names = _names(sessions, visit.language)
    is_refused = form is not None and bool(form.errors)
    plan = opening["plan"] if opening else None
    typed_over = _differing(form, plan, visit.language) if form and plan and problem else []
    if form is None:
        assert opening, "a new one comes with its form"
        form = plan_form.with_findings(plan_form.of_plan(opening["plan"]), opening["findings"], names)
    if not plan_form.count(form, "windows"):
        form = plan_form.with_row(form, "windows")
    is_draft = opening is None or opening["state"] == "draft"
    done = DONE.get(visit.query.get("done", "")) if status == 200 else None
    return page(
        visit,
        "office/opening.html",
        status,
        opening=opening,
        title=_title(plan, visit.language) if plan else None,
        plan=_in_words(plan, names, visit.language) if plan else None,
        form=form,
        value_form=Form({"value": value}),
        windows=range(plan_form.count(form, "windows")),
        held_back=range(plan_form.count(form, "held_back")),
        groups=_groups(sessions, form.all("session_ids"), opening),
        chosen=[(one, names.get(one, one)) for one in form.all("session_ids")],
        all_of=ALL_OF,
        findings=opening["findings"] if opening else [],
        session_names=names,
        labels=words.in_language(words.PLAN, visit.language),
        is_refused=is_refused,
        label_of=partial(words.of_field, language=visit.language),
        field_of=plan_form.field,
        typed_over=typed_over,
        problem=problem.document(visit.language) if problem else None,
        done=translate(done, visit.language) if done else None,
        is_draft=is_draft,
        may_change=is_draft and visit.may("POST", "/office/openings/{opening_id}"),
        approvals=_approvals(opening, visit.language) if opening else [],
        approved=sum(1 for one in opening["approvals"] if one["counts"]) if opening else 0,
        approvers=APPROVERS,
        draw=_draw(visit, opening) if opening and not is_draft else None,
        states=words.in_language(words.OPENING_STATE, visit.language),
        kinds=words.in_language(words.OPENING_KIND, visit.language),
        badges=words.BADGES,
    )


def _sessions() -> list[Session]:
    return sorted(programme.all_sessions(), key=lambda one: (one.municipality, str(one.starts_on or "9"), one.title))


def _names(sessions: Iterable[Session], language: str) -> dict[str, str]:
    """`Bouwkamp (Lembeke), 16 augustus 2027`."""
    return {
        one.session_id: ", ".join(
            [one.title, *([in_words.day(one.starts_on, language, weekday=False)] if one.starts_on else [])]
        )
        for one in sessions
    }


def _groups(sessions: Iterable[Session], chosen: Iterable[str], opening: Any) -> list[tuple[str, list[Session]]]:
    """The sessions that can be chosen, by municipality: what another opening gives is not shown."""
    own, wanted = opening["opening_id"] if opening else None, set(chosen)
    free = [one for one in sessions if one.opening_id in (None, own) or one.session_id in wanted]
    return [(name, list(group)) for name, group in groupby(free, lambda one: one.municipality)]


def _title(plan: Any, language: str) -> str:
    return str(plan["titles"].get(language) or plan["titles"]["nl"])


def _in_words(plan: Any, names: Mapping[str, str], language: str) -> dict[str, Any]:
    """The plan with its moments in words, for whoever reads it and does not write it."""

    def said(text: str | None) -> str:
        return in_words.moment(datetime.fromisoformat(text), language) if text else ""

    return {
        **plan,
        "windows": [{**one, "opens_at": said(one["opens_at"])} for one in plan["windows"]],
        "passes_until": said(plan["passes_until"]),
        "wishes_until": said(plan["wishes_until"]),
        "sessions": [names.get(one, one) for one in plan["session_ids"]],
        "held_back": [{**one, "name": names.get(one["session_id"], one["session_id"])} for one in plan["held_back"]],
    }


def _approvals(opening: Any, language: str) -> list[dict[str, Any]]:
    return [{**one, "at": in_words.moment(datetime.fromisoformat(one["at"]), language)} for one in opening["approvals"]]


def _differing(form: Form, plan: Any, language: str) -> list[tuple[str, str, str]]:
    """Field, what a colleague stored, what was typed here; where the two differ."""
    stored = plan_form.of_plan(plan)
    names = sorted(stored.values.keys() | {name for name in form.values if name not in ("csrf", "version", "add")})
    differ = [
        (words.of_field(name, language), stored[name], form[name])
        for name in names
        if stored[name].strip() != form[name].strip()
    ]
    ours, theirs = form.all("session_ids"), stored.all("session_ids")
    if set(ours) != set(theirs):
        differ.append((words.of_field("session_ids", language), str(len(theirs)), str(len(ours))))
    return differ


def _draw(visit: Visit, opening: Any) -> dict[str, Any] | None:
    """How far the draw is, of an opening that is one by now: also of one that an incident made into one."""
    shown = ask(visit, public.get_opening, opening_id=opening["opening_id"])
    if shown["kind"] != "draw":
        return None
    try:
        found = ask(visit, draws.get_draw, opening_id=opening["opening_id"])
    except Problem:
        found = {}
    until = datetime.fromisoformat(shown["wishes_until"]) if shown["wishes_until"] else None
    return {
        "wishes_until": until,
        "is_over": until is not None and visit.now >= until,
        "list_hash": found.get("list_hash"),
        "number_of_entries": found.get("number_of_entries"),
        "beacon_named": shown["beacon"],
        "is_drawn": opening["state"] == "drawn",
    }
