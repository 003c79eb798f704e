"""The units that answer what is sent to the city: who their people are, and who hears what waits too long."""

from dataclasses import dataclass
from typing import Any

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import CHANGED, INVALID, NOT_NOW, Problem, existing
from chalicelib.core.languages import LANGUAGES, N_, translate
from chalicelib.front_door.forms import publishing
from chalicelib.front_door.units import editing, table
from chalicelib.front_door.units.editing import NEW, Darkness
from chalicelib.front_door.units.rules import Unit
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect, refused
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.questions.rules import said

ADDRESS = "/office/units"
WITHOUT_PEOPLE = N_("“{unit}” has no people any more.")
MOST_DIGITS = 9


@dataclass(frozen=True)
class ListedUnit:
    """`in_hand`: how many cases. `forms`: the titles of those that lead there."""

    unit: Unit
    name: str
    above: str
    in_hand: int
    forms: list[str]


def show_all(visit: Visit, by: Staff) -> Answer:
    units, forms = table.every(), publishing.there()
    listed = [
        ListedUnit(
            unit,
            said(unit.name, visit.language),
            said(units[unit.above].name, visit.language) if unit.above in units else "",
            editing.in_hand(unit.unit_id),
            [said(form.title, visit.language) for _, form in forms if unit.unit_id in form.units],
        )
        for unit in units.values()
    ]
    return page(
        visit,
        "pages/staff/units.html",
        units=sorted(listed, key=lambda one: one.name.lower()),
        done=visit.query.get("done"),
    )


def show(visit: Visit, by: Staff, unit_id: str) -> Answer:
    unit = None if unit_id == NEW else existing(table.get(unit_id))
    return _page(visit, unit, _filled(unit) if unit else Form({"edition": "0"}))


def change(visit: Visit, by: Staff, unit_id: str) -> Answer:
    form = read_form(visit)
    if not form["edition"].isascii() or not form["edition"].isdigit() or len(form["edition"]) > MOST_DIGITS:
        raise Problem(INVALID)
    unit = None if unit_id == NEW else existing(table.get(unit_id))
    why = translate(WITHOUT_PEOPLE, visit.language, unit=said(unit.name, visit.language)) if unit else ""
    try:
        with visit.attempting():
            before = editing.as_seen(unit_id, int(form["edition"])) if unit else None
            editing.save(before, _typed(form), Darkness(why if form.has("dark") else ""), by, visit.now, form["reason"])
    except Problem as problem:
        return _again(visit, unit_id, unit, form, problem)
    return redirect(visit, f"{ADDRESS}?done=saved")


def _again(visit: Visit, unit_id: str, unit: Unit | None, form: Form, problem: Problem) -> Answer:
    if problem.kind is CHANGED and unit:
        unit = existing(table.get(unit_id))
        return _page(visit, unit, Form({**form.values, "edition": str(unit.edition)}, form.several), problem)
    if problem.kind is NOT_NOW:
        return _page(visit, unit, form, problem)
    return _page(visit, unit, form.wrong(problem, visit.language), problem)


def _typed(form: Form) -> dict[str, Any]:
    return {
        "name": {language: form[f"name.{language}"] for language in LANGUAGES},
        "people": [line.strip() for line in form["people"].splitlines() if line.strip()],
        "head": form["head"].strip() or None,
        "above": form["above"] or None,
        "is_confidential": form.has("is_confidential"),
    }


def _filled(unit: Unit) -> Form:
    values = {
        **{f"name.{language}": text for language, text in unit.name.items()},
        "people": "\n".join(unit.people),
        "head": unit.head,
        "above": unit.above,
        "edition": str(unit.edition),
    }
    return Form(values, {"is_confidential": ["true"] if unit.is_confidential else []})


def _page(visit: Visit, unit: Unit | None, form: Form, problem: Problem | None = None) -> Answer:
    others = [one for one in table.every().values() if unit is None or one.unit_id != unit.unit_id]
    leading = publishing.leading_to(unit.unit_id) if unit else []
    return page(
        visit,
        "pages/staff/unit.html",
        problem.kind.status if problem else 200,
        unit=unit,
        address=f"{ADDRESS}/{unit.unit_id if unit else NEW}",
        name=said(unit.name, visit.language) if unit else "",
        form=Form(form.values, form.several, _beside(form.errors)),
        problem=refused(visit, problem),
        is_changed=problem is not None and problem.kind is CHANGED,
        above=[("", "–"), *((one.unit_id, said(one.name, visit.language)) for one in others)],
        widenings=unit.widenings[::-1] if unit else (),
        leading=[said(one.title, visit.language) for _, one in leading],
    )


def _beside(errors: Any) -> dict[str, str]:
    """What is wrong with one of the addresses stands beside the field that has them all."""
    return {("people" if name.startswith("people") else name): text for name, text in errors.items()}
