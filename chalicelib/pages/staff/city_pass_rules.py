"""The rule of the city pass: entered by somebody, accepted by somebody else, tried before it counts."""

from collections.abc import Sequence

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import CHANGED, Problem, existing, not_now
from chalicelib.core.languages import N_
from chalicelib.core.moments import today
from chalicelib.core.refusals import Interfered
from chalicelib.money.citypass import requests, versions
from chalicelib.money.citypass.requests import MOST_BENEFITS, MOST_BUDGETS
from chalicelib.money.citypass.rules import BudgetUnit, PassRule, RuleVersion, in_force
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect, refused
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.sessions import whose

ADDRESS = "/office/citypass/rules"
NOT_YOURSELF = N_("You entered this version yourself. Somebody else accepts it.")
TAKEN = N_("It is accepted already, or another one that begins on that day or later is.")
ROWS = {"benefits": MOST_BENEFITS, "budgets": MOST_BUDGETS}


def show(visit: Visit, by: Staff) -> Answer:
    """The form begins with the last version, so that a new one is typed as what differs."""
    every = versions.every()
    return _page(visit, every, _typed(every[-1].rule if every else None, len(every)))


def change(visit: Visit, by: Staff) -> Answer:
    form = read_form(visit)
    every = versions.every()
    if form["accept"]:
        return _accept(visit, by, form, every)
    form = _closed_up(form)
    try:
        with visit.attempting():
            content = {name: one for name, one in form.document().items() if name in requests.RULE.fields}
            rule = requests.rule_of(requests.RULE.typed({"benefits": [], "budgets": [], **content}), every)
            if form["before"] != str(len(every)):
                raise Problem(CHANGED)
            _entered(rule, len(every), by)
    except Problem as problem:
        again = form.wrong(problem, visit.language) if problem.errors else form
        again = Form({**again.values, "before": str(len(every))}, again.several, again.errors)
        return _page(visit, every, again, problem)
    return redirect(visit, f"{ADDRESS}?done=entered")


def _entered(rule: PassRule, before: int, by: Staff) -> None:
    try:
        versions.enter(rule, before, by)
    except Interfered:
        raise Problem(CHANGED) from None


def _accept(visit: Visit, by: Staff, form: Form, every: Sequence[RuleVersion]) -> Answer:
    version = existing(next((one for one in every if str(one.number) == form["accept"]), None))
    try:
        with visit.attempting():
            if version.entered_by.staff_id == by.staff_id:
                raise not_now(NOT_YOURSELF)
            try:
                versions.accept(version, by)
            except Interfered:
                raise not_now(TAKEN) from None
    except Problem as problem:
        return _page(visit, every, _typed(every[-1].rule, len(every)), problem)
    return redirect(visit, f"{ADDRESS}?done=accepted")


def _page(visit: Visit, every: Sequence[RuleVersion], form: Form, problem: Problem | None = None) -> Answer:
    current = in_force(every, today(visit.now))
    return page(
        visit,
        "pages/staff/city_pass_rules.html",
        problem.kind.status if problem else 200,
        form=form,
        problem=refused(visit, problem),
        versions=list(every)[::-1],
        current=current.number if current else None,
        me=visit.staff.staff_id if visit.staff else "",
        municipalities=sorted({one.municipality for one in whose.every()}),
        filled={kind: _filled(form, kind) for kind in ROWS},
        most=ROWS,
        done=visit.query.get("done") if problem is None else None,
    )


def _filled(form: Form, kind: str) -> int:
    """How many rows are open: those that were typed, and one more."""
    rows = [place for place in range(ROWS[kind]) if any(form[name].strip() for name in _names(form, kind, place))]
    return min(ROWS[kind], (rows[-1] + 2) if rows else 1)


def _names(form: Form, kind: str, place: int) -> list[str]:
    """Those that somebody types, not those that begin with a choice."""
    before = f"{kind}[{place}]."
    typed = (f"{before}name", f"{before}amount", f"{before}label.nl", f"{before}label.fr", f"{before}label.en")
    return [name for name in form.values if name in typed]


def _closed_up(form: Form) -> Form:
    """Without the rows that were left empty, so that each error finds its row again."""
    found: dict[str, str] = {}
    for name, value in form.values.items():
        if not name.startswith(tuple(f"{kind}[" for kind in ROWS)):
            found[name] = value
    for kind, most in ROWS.items():
        kept = [place for place in range(most) if any(form[name].strip() for name in _names(form, kind, place))]
        for now, was in enumerate(kept):
            before = f"{kind}[{was}]."
            found |= {
                f"{kind}[{now}].{name.removeprefix(before)}": value
                for name, value in form.values.items()
                if name.startswith(before)
            }
    return Form(found, form.several)


def _typed(rule: PassRule | None, before: int) -> Form:
    if rule is None:
        start = {"decide_days": "30", "object_days": "30", "months": "12", "margin_percent": "10"}
        return Form({"before": str(before), **start, **_new_rows()})
    values = {
        "before": str(before),
        "article": rule.article,
        "municipality": rule.municipality,
        "entitlement": rule.entitlement,
        "postcodes": " ".join(rule.postcodes),
        "one_adult": euros(rule.income.one_adult_cents),
        "more_adult": euros(rule.income.more_adult_cents),
        "child": euros(rule.income.child_cents),
        "margin_percent": str(rule.income.margin_percent),
        "decide_days": str(rule.decide_days),
        "object_days": str(rule.object_days),
        "months": str(rule.months),
    }
    values |= _new_rows()
    for place, benefit in enumerate(rule.benefits):
        values |= {f"benefits[{place}].name": benefit.name, **_words(f"benefits[{place}]", benefit.label)}
    for place, budget in enumerate(rule.budgets):
        at = f"budgets[{place}]"
        is_pieces = budget.unit is BudgetUnit.PIECES
        values |= {
            f"{at}.name": budget.name,
            **_words(at, budget.label),
            f"{at}.unit": budget.unit.value,
            f"{at}.amount": str(budget.amount) if is_pieces else euros(budget.amount),
            f"{at}.piece_cents": euros(budget.piece_cents) if is_pieces else "",
            f"{at}.years": str(budget.years),
            f"{at}.owner": budget.owner.value,
            f"{at}.age_from": str(budget.age_from),
            f"{at}.age_until": str(budget.age_until),
        }
    return Form(values)


def _new_rows() -> dict[str, str]:
    """The values that a row of budgets begins with."""
    start = {"years": "1", "age_from": "0", "age_until": "150"}
    return {f"budgets[{at}].{name}": value for at in range(MOST_BUDGETS) for name, value in start.items()}


def _words(at: str, label: object) -> dict[str, str]:
    return {f"{at}.label.{language}": getattr(label, language) for language in ("nl", "fr", "en")}


def euros(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02}"
