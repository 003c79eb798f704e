"""The shops and clubs that take vouchers: one of finance enters them, another one accepts; their link is shown once."""

from dataclasses import replace

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.fields import check
from chalicelib.core.http.problems import CHANGED, Problem, existing, invalid, not_now
from chalicelib.core.languages import N_
from chalicelib.core.moments import today
from chalicelib.core.refusals import Interfered
from chalicelib.money.citypass import providers, requests, versions
from chalicelib.money.citypass.vouchers import Provider
from chalicelib.money.tariffs.rules import Labels
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect, refused
from chalicelib.pages.frame.qr import qr_code
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.staff.rules import Staff

ADDRESS = "/office/citypass/providers"
NOT_YOURSELF = N_("You entered this yourself. Somebody else accepts it.")


def show(visit: Visit, by: Staff) -> Answer:
    """`?provider=`: the form begins with it."""
    found = providers.get(visit.query["provider"]) if "provider" in visit.query else None
    if found is None:
        return _page(visit, Form({}))
    return _page(
        visit,
        Form(
            {
                "provider": found.provider_id,
                "edition": str(found.edition),
                "name": found.name,
                "iban": found.iban,
            },
            {"budgets": sorted(found.budgets)},
        ),
    )


def change(visit: Visit, by: Staff) -> Answer:
    """Enters or changes one; or, by its button, accepts it, ends it, or makes its link anew."""
    form = read_form(visit)
    try:
        with visit.attempting():
            if form["do"] == "enter":
                return _enter(visit, by, form)
            provider = _as_seen(form)
            if form["do"] == "link":
                return _page(visit, Form({}), link=(provider, _link(visit, providers.renew_key(provider))))
            _do(visit, by, form, provider)
    except Problem as problem:
        return _page(visit, _again(visit, form, problem), problem)
    return redirect(visit, f"{ADDRESS}?done=yes")


def _as_seen(form: Form) -> Provider:
    """Raises Problem `changed` if it is not what the page showed: nobody accepts an account that they did not see."""
    provider = existing(providers.get(form["provider"]) if form["provider"] else None)
    if form["edition"] != str(provider.edition):
        raise Problem(CHANGED)
    return provider


def _again(visit: Visit, form: Form, problem: Problem) -> Form:
    """The typed form, to be sent again on top of the provider as it is now."""
    if problem.errors:
        return form.wrong(problem, visit.language)
    now = providers.get(form["provider"]) if form["do"] == "enter" and form["provider"] else None
    return Form({**form.values, "edition": str(now.edition)}, form.several) if now else Form({})


def _enter(visit: Visit, by: Staff, form: Form) -> Answer:
    given = check(requests.PROVIDER, {name: form[name].strip() or None for name in ("name", "iban")})
    budgets = frozenset(form.all("budgets")) & _budgets(visit).keys()
    if not budgets:
        raise invalid("budgets", requests.AS_PURPOSES)
    if not form["provider"]:
        provider, key = providers.enter(given["name"], given["iban"], budgets, by)
        return _page(visit, Form({}), link=(provider, _link(visit, key)))
    before = _as_seen(form)
    try:
        providers.change(before, replace(before, name=given["name"], iban=given["iban"], budgets=budgets), by)
    except Interfered:
        raise Problem(CHANGED) from None
    return redirect(visit, f"{ADDRESS}?done=yes")


def _do(visit: Visit, by: Staff, form: Form, provider: Provider) -> None:
    try:
        if form["do"] == "accept":
            if by.staff_id in provider.changed_by:
                raise not_now(NOT_YOURSELF)
            providers.accept(provider, by)
        elif form["do"] == "end":
            providers.end(provider, visit.now)
    except Interfered:
        raise Problem(CHANGED) from None


def _link(visit: Visit, key: str) -> str:
    return f"{visit.base}/citypass/redeem?key={key}"


def _budgets(visit: Visit) -> dict[str, Labels]:
    """Those of every version that is accepted: vouchers of the one before are still used."""
    return {budget.name: budget.label for one in versions.every() if one.is_accepted for budget in one.rule.budgets}


def _page(visit: Visit, form: Form, problem: Problem | None = None, link: tuple[Provider, str] | None = None) -> Answer:
    return page(
        visit,
        "pages/staff/city_pass_providers.html",
        problem.kind.status if problem else 200,
        form=form,
        problem=refused(visit, problem),
        providers=providers.every(),
        budgets=_budgets(visit),
        link=link,
        qr=qr_code(link[1]) if link else "",
        me=visit.staff.staff_id if visit.staff else "",
        today=today(visit.now),
        done=visit.query.get("done") if problem is None and link is None else None,
    )
