"""A family's own city pass: applying, how it stands, objecting, budgets and vouchers."""

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.fields import check
from chalicelib.core.http.problems import Problem, existing, invalid
from chalicelib.core.ids import by_chance
from chalicelib.core.moments import today
from chalicelib.money.citypass import applying, issuing, requests, table, versions, voucher_table
from chalicelib.money.citypass.applications import Application, spoken
from chalicelib.money.citypass.requests import MOST_MEMBERS
from chalicelib.money.citypass.rules import BudgetUnit
from chalicelib.money.citypass.vouchers import VoucherStatus
from chalicelib.money.tariffs.document import cents_of
from chalicelib.pages.frame import city_pass_form
from chalicelib.pages.frame.city_pass_form import WrongApplication
from chalicelib.pages.frame.city_pass_words import label_of
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect, refused
from chalicelib.pages.frame.qr import qr_code
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.families.proving import seen_pass
from chalicelib.people.families.rules import Bearer

APPLY, MINE = "/citypass/apply", "/citypass/mine"


def show_application(visit: Visit, who: Bearer) -> Answer:
    return _application(visit, city_pass_form.begun(who.postcode, seen_pass(who).children))


def apply(visit: Visit, who: Bearer) -> Answer:
    form = read_form(visit)
    version = existing(versions.of_today(today(visit.now)))
    try:
        with visit.attempting():
            form, wanted = city_pass_form.wanted(form, who.family_id, version.rule)
            applying.apply(who.family_id, wanted, visit.now)
    except WrongApplication as wrong:
        return _application(visit, wrong.form.wrong(wrong.problem, visit.language), status=422)
    except Problem as problem:
        again = form.wrong(problem, visit.language) if problem.errors else form
        return _application(visit, again, problem, problem.kind.status)
    return redirect(visit, f"{MINE}?done=applied")


def _application(visit: Visit, form: Form, problem: Problem | None = None, status: int = 200) -> Answer:
    version = versions.of_today(today(visit.now))
    return page(
        visit,
        "pages/family/city_pass_apply.html",
        status,
        form=form,
        problem=refused(visit, problem),
        rule=version.rule if version else None,
        rows=city_pass_form.filled(form),
        most=MOST_MEMBERS,
    )


def show(visit: Visit, who: Bearer) -> Answer:
    return _mine(visit, who, Form({"amount": ""}))


def act(visit: Visit, who: Bearer) -> Answer:
    """Objects, takes vouchers, or gives one back, by its button."""
    form = read_form(visit)
    try:
        with visit.attempting():
            match form["do"]:
                case "object":
                    _object(who, form, visit)
                case "back":
                    issuing.give_back(who.family_id, form["code"], visit.now)
                case _:
                    _take(who, form, visit)
    except Problem as problem:
        again = form.wrong(problem, visit.language) if problem.errors else form
        return _mine(visit, who, again, problem)
    return redirect(visit, f"{MINE}?done={form['do'] or 'taken'}")


def _object(who: Bearer, form: Form, visit: Visit) -> None:
    given = check(requests.OBJECTION, {"text": form["text"].strip() or None})
    of = existing(table.get(who.family_id, form["application_id"]))
    applying.object_to(of, given["text"], visit.now)


def _take(who: Bearer, form: Form, visit: Visit) -> None:
    of = existing(_valid(who, visit))
    budget = existing(issuing.rule_today(visit.now).rule.budget(form["budget"]))
    try:
        amount = cents_of(form["amount"])
    except ValueError:
        raise invalid("amount", requests.AS_AMOUNT) from None
    if budget.unit is BudgetUnit.PIECES:
        if amount % 100:
            raise invalid("amount", requests.AS_NUMBER, least=1, most=budget.amount)
        amount //= 100
    issuing.issue(of, budget.name, form.all("people"), amount, form["key"], visit.now)


def show_voucher(visit: Visit, who: Bearer, code: str) -> Answer:
    voucher = issuing.of_theirs(who.family_id, code)
    of = table.get(who.family_id, voucher.application_id)
    member = of.member(voucher.person_id) if of else None
    return page(
        visit,
        "pages/family/city_pass_voucher.html",
        voucher=voucher,
        who=member.first_name if member else "",
        name=label_of(voucher, visit.language),
        spoken=spoken(voucher.code),
        qr=qr_code(f"{visit.base}/citypass/redeem?code={voucher.code}"),
        can_be_used=voucher.status is VoucherStatus.ISSUED and bool(of and of.is_valid(today(visit.now))),
    )


def _valid(who: Bearer, visit: Visit) -> Application | None:
    day = today(visit.now)
    return next((one for one in reversed(table.of_family(who.family_id)) if one.is_valid(day)), None)


def _mine(visit: Visit, who: Bearer, form: Form, problem: Problem | None = None) -> Answer:
    every, day = table.of_family(who.family_id), today(visit.now)
    current = next((one for one in reversed(every) if one.is_valid(day)), None)
    rule = versions.of_today(day)
    vouchers = voucher_table.of_family(who.family_id) if every else []
    names = {one.person_id: one.first_name for each in every for one in each.members}
    return page(
        visit,
        "pages/family/city_pass_own.html",
        problem.kind.status if problem else 200,
        form=form,
        problem=refused(visit, problem),
        applications=every[::-1],
        articles={one.rule: applying.rule_of(one).article for one in every},
        current=current,
        qr=qr_code(current.number) if current else "",
        lefts=_by_budget(current, visit) if current and rule else [],
        vouchers=[(one, names.get(one.person_id, ""), label_of(one, visit.language)) for one in vouchers],
        today=day,
        key=by_chance(12),
        has_rule=rule is not None,
        may_apply=not any(one.is_undecided for one in every),
        done=visit.query.get("done") if problem is None else None,
    )


def _by_budget(of: Application, visit: Visit) -> list[tuple[object, list[issuing.BudgetLeft]]]:
    """Each budget with what is left for whom."""
    found: dict[str, list[issuing.BudgetLeft]] = {}
    for one in issuing.lefts(of, visit.now):
        found.setdefault(one.budget.name, []).append(one)
    return [(several[0].budget, several) for several in found.values()]
