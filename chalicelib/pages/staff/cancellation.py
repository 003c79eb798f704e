"""The costs of cancelling: a programme manager sees the rule in words and as numbers, and changes it with a reason."""

from datetime import timedelta

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import CHANGED, Problem
from chalicelib.core.moments import today
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.cancellation import changing, table
from chalicelib.programme.cancellation.rules import MOST_STEPS, DatedRule, Rule, charges

ADDRESS = "/office/cancellation"
# The example beside each rule: a camp that costs 100 euros, whose first day is so far away.
EXAMPLE_CENTS, EXAMPLE_DAYS = 10_000, 60
STEP_FIELDS = ("days_before", "percent")


def show(visit: Visit, by: Staff) -> Answer:
    versions = table.versions()
    return _page(visit, versions, _typed(changing.current(versions), len(versions)))


def change(visit: Visit, by: Staff) -> Answer:
    """The form is the JSON API's document: `version`, `steps[0].days_before`, `then`, `reason`. Steps that are left
    empty are none."""
    form = _closed_up(read_form(visit))
    document = {"steps": [], **form.document(changing.CHANGE)}
    try:
        with visit.attempting():
            changing.change(changing.wanted(document), by, visit.now)
    except Problem as problem:
        versions = table.versions()
        if problem.kind is CHANGED:
            now_theirs = Form({**form.values, "version": str(len(versions))})
            return _page(visit, versions, now_theirs, problem.kind.status, is_changed=True)
        return _page(visit, versions, form.wrong(problem, visit.language), problem.kind.status)
    return redirect(visit, f"{ADDRESS}?done=yes")


def _page(
    visit: Visit, versions: list[DatedRule], form: Form, status: int = 200, *, is_changed: bool = False
) -> Answer:
    first_day = today(visit.now) + timedelta(days=EXAMPLE_DAYS)
    return page(
        visit,
        "pages/staff/cancellation.html",
        status,
        form=form,
        rows=range(MOST_STEPS),
        is_default=not versions,
        is_changed=is_changed,
        is_done="done" in visit.query,
        example=charges(changing.current(versions), EXAMPLE_CENTS, first_day),
        example_day=first_day,
        example_cents=EXAMPLE_CENTS,
        history=versions[::-1],
    )


def _typed(rule: Rule, version: int) -> Form:
    """The form as it would be typed for this rule."""
    steps = {
        f"steps[{place}].{name}": str(getattr(step, name))
        for place, step in enumerate(rule.steps)
        for name in STEP_FIELDS
    }
    return Form({"version": str(version), "then": str(rule.then), **steps})


def _closed_up(form: Form) -> Form:
    """Without the steps that were left empty, so that each error finds its step again."""
    rows = [{name: form[f"steps[{place}].{name}"].strip() for name in STEP_FIELDS} for place in range(MOST_STEPS)]
    steps = {
        f"steps[{place}].{name}": value
        for place, row in enumerate(row for row in rows if any(row.values()))
        for name, value in row.items()
    }
    return Form({**{name: value for name, value in form.values.items() if not name.startswith("steps[")}, **steps})
