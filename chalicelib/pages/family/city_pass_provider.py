"""A shop or club redeems vouchers on a phone: its secret link once, then scan or type a code, look, confirm.

It sees the first letter of a name and what the voucher is for, and nothing else.
"""

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import NOT_NOW, Problem
from chalicelib.core.languages import translate
from chalicelib.money.citypass import providers, redeeming
from chalicelib.money.citypass.applications import spoken
from chalicelib.money.citypass.redeeming import Seen
from chalicelib.money.citypass.vouchers import Provider
from chalicelib.pages.frame.city_pass_words import label_of
from chalicelib.pages.frame.cookies import PROVIDER
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect, refused
from chalicelib.pages.frame.visit import Visit

ADDRESS = "/citypass/redeem"


def show(visit: Visit) -> Answer:
    """`?key=`: of its secret link, which goes from the address into a cookie. `?code=`: as a camera reads it."""
    if key := visit.query.get("key"):
        if providers.by_key(key):
            visit.set_cookie(PROVIDER, key)
        return redirect(visit, ADDRESS)
    provider = _provider(visit)
    form = Form({"code": visit.query.get("code", "")})
    if provider is None or not form["code"]:
        return _page(visit, provider, form)
    return _look(visit, provider, form)


def act(visit: Visit) -> Answer:
    """Looks at a code, redeems it, or undoes that."""
    form = read_form(visit)
    provider = _provider(visit)
    if provider is None:
        return _page(visit, None, form)
    try:
        with visit.attempting():
            match form["do"]:
                case "redeem":
                    redeeming.redeem(provider, form["code"], visit.now)
                    return _look(visit, provider, form, done="redeemed")
                case "undo":
                    redeeming.undo(provider, form["code"], visit.now)
                    return _look(visit, provider, form, done="undone")
    except Problem as problem:
        if problem.kind.status != NOT_NOW.status:  # there is no such voucher: nothing to look at, nor to count twice
            return _page(visit, provider, form, problem=problem)
        return _look(visit, provider, form, problem=problem)
    return _look(visit, provider, form)


def _look(
    visit: Visit, provider: Provider, form: Form, done: str | None = None, problem: Problem | None = None
) -> Answer:
    """`problem`: why it could not be done; how the voucher stands is shown beside it."""
    try:
        with visit.attempting():
            seen = redeeming.look(provider, form["code"], visit.now)
    except Problem as unknown:
        return _page(visit, provider, form, problem=unknown)
    return _page(visit, provider, form, seen, done, problem)


def _provider(visit: Visit) -> Provider | None:
    return providers.by_key(visit.cookies.get(PROVIDER, ""))


def _page(
    visit: Visit,
    provider: Provider | None,
    form: Form,
    seen: Seen | None = None,
    done: str | None = None,
    problem: Problem | None = None,
) -> Answer:
    return page(
        visit,
        "pages/family/city_pass_provider.html",
        problem.kind.status if problem else 200,
        provider=provider,
        form=form,
        seen=seen,
        name=label_of(seen.voucher, visit.language) if seen else "",
        spoken=spoken(seen.voucher.code) if seen else "",
        why_not=translate(seen.why_not, visit.language) if seen and seen.why_not else "",
        done=done,
        problem=refused(visit, problem),
    )
