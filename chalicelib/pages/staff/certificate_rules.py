"""The rules by which certificates are issued: a version is entered by one, accepted by another, tried before, ended by
anybody of them."""

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.fields import LINES, Choice, Model, Text, TrueOrFalse, Whole, check
from chalicelib.core.http.problems import CHANGED, Problem, existing, invalid, not_now
from chalicelib.core.languages import N_, translate
from chalicelib.core.refusals import Interfered
from chalicelib.front_door.counter import deciding, register, rule_table
from chalicelib.front_door.counter.automatic import STATED, IssuingRule, Signatory
from chalicelib.front_door.counter.kinds import BY_FORM
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect, refused
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.questions.rules import said

ADDRESS = "/office/certificate-rules"
MOST_LEVELS, MOST_LONG = 10, 100
AS_FORM = N_("Choose a certificate.")
AS_LEVELS = N_("Give one to ten levels, one on a line, each without spaces.")
AS_DAYS = N_("Give a whole number of days, from 0 to 3650.")
NOT_YOURSELF = N_("You entered this version yourself. Somebody else accepts it.")
ANOTHER = N_("This rule stands otherwise by now. Look at it again.")
RULE = Model(
    {
        "form_id": Choice(AS_FORM, list(STATED)),
        "desk": TrueOrFalse(default=False),
        "levels": Text(AS_LEVELS, LINES, MOST_LEVELS * (MOST_LONG + 2)),
        "days": Whole(AS_DAYS, 0, 3_650),
    }
)


def show(visit: Visit, by: Staff) -> Answer:
    """`?try=` a form: what its newest version would have done with the requests of a year."""
    return _page(visit, Form({"days": "90"}), tried=_newest(visit.query.get("try", "")))


def change(visit: Visit, by: Staff) -> Answer:
    """Enters a version, or accepts or ends one (`form_id#number`), by its button."""
    form, me = read_form(visit), Signatory(by.staff_id, by.name, visit.now)
    try:
        with visit.attempting():
            done = _done(form, me)
    except Problem as problem:
        return _page(visit, form.wrong(problem, visit.language) if problem.errors else form, problem)
    return redirect(visit, f"{ADDRESS}?done={done}")


def _done(form: Form, me: Signatory) -> str:
    try:
        if form["accept"]:
            rule = _version(form["accept"])
            if rule.entered.staff_id == me.staff_id:
                raise not_now(NOT_YOURSELF)
            rule_table.accept(rule, me)
            return "accepted"
        if form["end"]:
            rule_table.end(_version(form["end"]), me)
            return "ended"
        rule_table.enter(_entered(form, me))
    except Interfered:
        raise (not_now(ANOTHER) if form["accept"] or form["end"] else Problem(CHANGED)) from None
    return "entered"


def _entered(form: Form, me: Signatory) -> IssuingRule:
    typed = {name: one for name, one in form.document().items() if name in RULE.fields}
    given = check(RULE, RULE.typed(typed))
    levels = tuple(dict.fromkeys(line.strip() for line in given["levels"].splitlines() if line.strip()))
    if not 1 <= len(levels) <= MOST_LEVELS or any(" " in one or len(one) > MOST_LONG for one in levels):
        raise invalid("levels", AS_LEVELS)
    number = len(rule_table.every().get(given["form_id"], ())) + 1
    return IssuingRule(given["form_id"], number, given["desk"], levels, given["days"], me)


def _version(named: str) -> IssuingRule:
    form_id, _, number = named.partition("#")
    return existing(next((one for one in rule_table.every().get(form_id, ()) if str(one.number) == number), None))


def _newest(form_id: str) -> IssuingRule | None:
    versions = rule_table.every().get(form_id)
    return versions[-1] if versions else None


def _page(visit: Visit, form: Form, problem: Problem | None = None, tried: IssuingRule | None = None) -> Answer:
    every, run = rule_table.every(), deciding.dry_run(tried, visit.now) if tried else None
    return page(
        visit,
        "pages/staff/certificate_rules.html",
        problem.kind.status if problem else 200,
        form=form,
        problem=refused(visit, problem),
        rules=[(_title(form_id, visit.language), versions[::-1]) for form_id, versions in sorted(every.items())],
        kinds=[(form_id, _title(form_id, visit.language)) for form_id in STATED],
        has_register=register.is_there(),
        me=visit.staff.staff_id if visit.staff else "",
        tried=tried,
        run=run,
        left=[(translate(why, visit.language), number) for why, number in run.left.items()] if run else [],
        done=visit.query.get("done") if problem is None else None,
    )


def _title(form_id: str, language: str) -> str:
    return said(BY_FORM[form_id].title, language)
