"""One opening: its plan as a form while it is a draft, what the check finds, who approved which version, publishing it;
and of a draw, the public value and the draw itself."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Any

from chalicelib.booking.draw import starting
from chalicelib.booking.draw import table as draws
from chalicelib.booking.draw.table import Frozen
from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import CHANGED, NOT_YOURS, Problem
from chalicelib.core.languages import N_, in_words, translate
from chalicelib.office import scope
from chalicelib.office.publication import drafts
from chalicelib.office.publication.drafts import APPROVERS, CheckedOpening
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect
from chalicelib.pages.frame.visit import Visit
from chalicelib.pages.staff import plan_form, words
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.openings import plans
from chalicelib.programme.openings.plans import PlanToSend
from chalicelib.programme.openings.rules import Opening, OpeningKind
from chalicelib.programme.openings.rules import title as title_of
from chalicelib.programme.sessions import table as programme
from chalicelib.programme.sessions.rules import Session

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
        with visit.attempting():
            made = drafts.create(plans.wanted(plan_form.document(form)), by, visit.now)
    except Problem as problem:
        if problem.kind is NOT_YOURS:
            return _form_page(visit, None, form, problem.kind.status, problem)
        return _form_page(
            visit, None, plan_form.wrong(form, problem, visit.language, _names(_sessions(), visit.language)), 422
        )
    return redirect(visit, f"/office/openings/{made.opening_id}?done=made")


def show(visit: Visit, by: Staff, opening_id: str) -> Answer:
    return _form_page(visit, _checked(visit, opening_id), None)


def change(visit: Visit, by: Staff, opening_id: str) -> Answer:
    """A new version in the place of the one that was shown. If a colleague was first, what was typed stands below what
    they stored, and is stored over it only if it is sent again."""
    form = plan_form.tidied(read_form(visit))
    opening = _checked(visit, opening_id)
    if form.has("add"):
        return _form_page(visit, opening, _added(form))
    sent = {**_version(form), "plan": plan_form.document(form)}
    try:
        with visit.attempting():
            version, plan = drafts.new_version_wanted(sent)
            drafts.change(opening_id, version, plan, by)
    except Problem as problem:
        if problem.kind in (CHANGED, NOT_YOURS):
            return _form_page(visit, opening, form, problem.kind.status, problem)
        return _form_page(
            visit, opening, plan_form.wrong(form, problem, visit.language, _names(_sessions(), visit.language)), 422
        )
    return redirect(visit, f"/office/openings/{opening_id}?done=stored")


def approve(visit: Visit, by: Staff, opening_id: str) -> Answer:
    return _of_version(visit, by, opening_id, drafts.approve, "approved")


def publish(visit: Visit, by: Staff, opening_id: str) -> Answer:
    return _of_version(visit, by, opening_id, drafts.publish, "published")


def enter_beacon(visit: Visit, by: Staff, opening_id: str) -> Answer:
    form = read_form(visit)
    try:
        with visit.attempting():
            entered = starting.enter_beacon(opening_id, starting.beacon_wanted(form.document()), by, visit.now)
    except Problem as problem:
        return _refused(visit, opening_id, problem, form)
    done = "confirmed" if entered.is_confirmed else "entered"
    return redirect(visit, f"/office/openings/{opening_id}?done={done}")


def draw(visit: Visit, by: Staff, opening_id: str) -> Answer:
    read_form(visit)
    try:
        with visit.attempting():
            state = starting.start_draw(opening_id, by, visit.now)
    except Problem as problem:
        return _refused(visit, opening_id, problem)
    return redirect(visit, f"/office/openings/{opening_id}?done={'drawn' if state.is_drawn else 'drawing'}")


def _of_version(
    visit: Visit, by: Staff, opening_id: str, do: Callable[[str, int, Staff, datetime, str], Opening], done: str
) -> Answer:
    """That very version which was on the page: not one that a colleague stored meanwhile."""
    sent = _version(read_form(visit))
    try:
        with visit.attempting():
            do(opening_id, drafts.version_wanted(sent), by, visit.now, visit.language)
    except Problem as problem:
        return _refused(visit, opening_id, problem)
    return redirect(visit, f"/office/openings/{opening_id}?done={done}")


def _version(form: Form) -> Any:
    return drafts.OF_VERSION.typed({"version": form["version"].strip()})


def _checked(visit: Visit, opening_id: str) -> CheckedOpening:
    return drafts.checked(drafts.get(opening_id), visit.now, visit.language)


def _refused(visit: Visit, opening_id: str, problem: Problem, form: Form | None = None) -> Answer:
    opening = _checked(visit, opening_id)
    return _form_page(visit, opening, None, problem.kind.status, problem, value=form["value"] if form else "")


def _added(form: Form) -> Form:
    """The form after a button that stores nothing: a row more, or all sessions of a municipality that lack nothing."""
    wanted = form["add"]
    if wanted in plan_form.ROWS:
        return plan_form.with_row(form, wanted)
    municipality = wanted.removeprefix(ALL_OF)
    return plan_form.with_sessions(
        form,
        [
            one.session_id
            for one in _sessions()
            if one.municipality == municipality and not one.opening_id and not one.missing
        ],
    )


def _form_page(
    visit: Visit,
    checked: CheckedOpening | None,
    form: Form | None,
    status: int = 200,
    problem: Problem | None = None,
    value: str = "",
) -> Answer:
    """`checked`: None for a new one. `form`: what was typed; None: the plan as it is stored, with what the check says
    of it."""
    sessions = _sessions()
    names = _names(sessions, visit.language)
    is_refused = form is not None and bool(form.errors)
    opening = checked.opening if checked else None
    plan = plans.to_send(opening.plan) if opening else None
    typed_over = _differing(form, plan, visit.language) if form and plan and problem else []
    if form is None:
        assert checked, "a new one comes with its form"
        stored = plan_form.of_plan(plans.to_send(checked.opening.plan))
        form = plan_form.with_findings(stored, checked.wrong, visit.language, names)
    if not plan_form.count(form, "windows"):
        form = plan_form.with_row(form, "windows")
    is_draft = opening is None or not opening.is_live
    done = DONE.get(visit.query.get("done", "")) if status == 200 else None
    return page(
        visit,
        "pages/staff/opening.html",
        status,
        opening=opening,
        title=title_of(opening.plan, visit.language) if opening else None,
        plan=plan,
        form=form,
        value_form=Form({"value": value}),
        windows=range(plan_form.count(form, "windows")),
        held_back=range(plan_form.count(form, "held_back")),
        groups=_groups(_offered(visit, sessions), form.all("session_ids"), opening),
        chosen=[(one, names.get(one, one)) for one in form.all("session_ids")],
        all_of=ALL_OF,
        findings=checked.findings if checked else (),
        passes_check=checked is not None and checked.passes,
        session_names=names,
        labels=words.in_language(words.PLAN, visit.language),
        is_refused=is_refused,
        is_ordinary=plan_form.is_ordinary(form),
        label_of=partial(words.of_field, language=visit.language),
        field_of=plan_form.field,
        typed_over=typed_over,
        problem=problem.document(visit.language) if problem else None,
        done=translate(done, visit.language) if done else None,
        is_draft=is_draft,
        may_change=is_draft and visit.may("POST", "/office/openings/{opening_id}"),
        approved=len(opening.approved_by) if opening else 0,
        approvers=APPROVERS,
        draw=_draw(visit, opening) if opening and not is_draft else None,
        states=words.in_language(words.OPENING_STATE, visit.language),
        kinds=words.in_language(words.OPENING_KIND, visit.language),
        badges=words.BADGES,
    )


def _sessions() -> list[Session]:
    taking_place = (one for one in programme.all_sessions() if not one.cancelled_at)
    return sorted(taking_place, key=lambda one: (one.municipality, str(one.starts_on or "9"), one.title))


def _offered(visit: Visit, sessions: Iterable[Session]) -> list[Session]:
    """Of municipalities that whoever looks works for."""
    return scope.sessions_of(visit.staff, sessions) if visit.staff else []


def _names(sessions: Iterable[Session], language: str) -> dict[str, str]:
    """`Bouwkamp (Lembeke), 16 augustus 2027`."""
    return {
        one.session_id: ", ".join(
            [one.title, *([in_words.day(one.starts_on, language, weekday=False)] if one.starts_on else [])]
        )
        for one in sessions
    }


def _groups(
    sessions: Iterable[Session], chosen: Iterable[str], opening: Opening | None
) -> list[tuple[str, list[Session]]]:
    """The sessions that can be chosen, by municipality: what another opening gives is not shown."""
    own, wanted = opening.opening_id if opening else None, set(chosen)
    free = [one for one in sessions if one.opening_id in (None, own) or one.session_id in wanted]
    return [(name, list(group)) for name, group in groupby(free, lambda one: one.municipality)]


def _differing(form: Form, plan: PlanToSend, language: str) -> list[tuple[str, str, str]]:
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


@dataclass(frozen=True)
class DrawSoFar:
    """How far the draw of an opening is. `frozen`: its list of wishes, once that is closed."""

    opening: Opening
    frozen: Frozen | None
    is_over: bool


def _draw(visit: Visit, opening: Opening) -> DrawSoFar | None:
    """Of an opening that is a draw by now: also of one that an incident made into one."""
    if opening.kind is not OpeningKind.DRAW:
        return None
    until = opening.wishes_until
    return DrawSoFar(opening, draws.valid_list(opening), until is not None and visit.now >= until)
