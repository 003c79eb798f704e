"""The routing of a form's draft: which answer, and which area, goes to another unit than the form's own."""

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import CHANGED, INVALID, Problem, invalid
from chalicelib.core.languages import translate
from chalicelib.front_door.forms import editing
from chalicelib.front_door.forms.editing import AS_PLACE_OF_RULE, AS_RULE, Draft
from chalicelib.front_door.forms.rules import PlaceRule, RoutingRule
from chalicelib.front_door.mapping.places import border
from chalicelib.front_door.routing import areas
from chalicelib.front_door.routing.branches import branches, values_of
from chalicelib.front_door.units import table as units
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect, refused
from chalicelib.pages.frame.visit import Visit
from chalicelib.pages.staff.form_words import of_rule, unit_name, value_name
from chalicelib.pages.staff.forms import ADDRESS, number
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.questions.rules import said

MOST_DIGITS = 3


def show(visit: Visit, by: Staff, form_id: str) -> Answer:
    return _page(visit, editing.draft(form_id), Form())


def change(visit: Visit, by: Staff, form_id: str) -> Answer:
    """`do`: add, a rule at the end; or arrange: another order, and without those that are ticked."""
    form = read_form(visit)
    draft = editing.draft(form_id)
    if form["do"] not in ("add", "arrange"):
        raise Problem(INVALID)
    try:
        with visit.attempting():
            rules = _added(draft, form) if form["do"] == "add" else _arranged(draft, form)
            editing.route(draft, rules, number(form["edition"]), by)
    except Problem as problem:
        if problem.kind is CHANGED:
            return _page(visit, editing.draft(form_id), Form({}), problem)
        return _page(visit, draft, form.wrong(problem, visit.language), problem)
    return redirect(visit, f"{ADDRESS}/{form_id}/routing?done=saved")


def _added(draft: Draft, form: Form) -> list[RoutingRule]:
    answers = {
        question.key: tuple(value for value in values_of(question) if value in form.all(f"answer-{question.key}"))
        for question in editing.routable(draft.form)
    }
    places = tuple(one for one in areas.every() if one in form.all("areas"))
    rule = RoutingRule(form["unit_id"], {key: values for key, values in answers.items() if values}, places)
    if rule.unit_id not in units.every():
        raise invalid("routing", AS_RULE)
    return [*draft.form.routing, rule]


def _arranged(draft: Draft, form: Form) -> list[RoutingRule]:
    """What is moved to another one's place takes it: that one makes room."""
    order = []
    for now, rule in enumerate(draft.form.routing, 1):
        text = form[f"place-{now}"].strip() or str(now)
        if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
            raise invalid(f"place-{now}", AS_PLACE_OF_RULE)
        wanted = int(text)
        if str(now) not in form.all("remove"):
            order.append((wanted, (wanted > now) - (wanted < now), now, rule))
    return [rule for *_, rule in sorted(order, key=lambda one: one[:3])]


def _page(visit: Visit, draft: Draft, form: Form, problem: Problem | None = None) -> Answer:
    known, places, city_form = units.every(), areas.every(), draft.form
    found = branches(city_form, places, border())[1]
    rules = [
        (count, of_rule(rule, city_form, places, visit.language), unit_name(rule.unit_id, known, visit.language))
        for count, rule in enumerate(city_form.routing, 1)
    ]
    faults = {one.field: translate(one.message, visit.language, **one.values) for one in found}
    numbers = {f"place-{count}": str(count) for count, *_ in rules}
    return page(
        visit,
        "pages/staff/form_routing.html",
        problem.kind.status if problem else 200,
        title=said(city_form.title, visit.language) or city_form.form_id,
        address=f"{ADDRESS}/{city_form.form_id}",
        edition=draft.edition,
        form=Form({**numbers, **form.values}, form.several, form.errors),
        problem=refused(visit, problem),
        rules=rules,
        faults=faults,
        owner=unit_name(city_form.owner, known, visit.language),
        units=[("", "–"), *((one.unit_id, said(one.name, visit.language)) for one in known.values() if one.people)],
        questions=[
            (
                one.key,
                said(one.label, visit.language),
                [(value, value_name(one, value, visit.language)) for value in values_of(one)],
            )
            for one in editing.routable(city_form)
        ],
        areas=[(one.area_id, said(one.name, visit.language)) for one in places.values()],
        asks_place=city_form.place is not PlaceRule.NONE,
        done=visit.query.get("done") if problem is None else None,
    )
