"""Before it pays, a family sees what UiTPAS says an order costs, and uses it or not."""

from dataclasses import dataclass
from time import monotonic

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import CHANGED, INVALID, NOT_NOW, Problem
from chalicelib.core.languages import N_, translate
from chalicelib.money.online.provider import of_city as provider
from chalicelib.money.orders import account
from chalicelib.money.orders.rules import Order
from chalicelib.money.uitpas import asking, selling
from chalicelib.money.uitpas.asking import UitpasPlace
from chalicelib.money.uitpas.service import Uitpas, UitpasAway, UitpasRefuses
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect, refused
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.families.rules import Bearer

# API Gateway waits 29 seconds, and UiTPAS takes seven for a child when it is at its slowest.
MOST_SECONDS = 15.0
PAYS_ONLINE = "online"
AWAY = N_(
    "UiTPAS does not answer now. Nothing was changed: the price without UiTPAS holds. Try again later, as long as you "
    "have not paid, or pay without it."
)
REFUSED = N_("UiTPAS does not give this price now. Nothing was changed.")
NOT_ALL = N_("UiTPAS was slow, and not everything is done yet. Press the button again.")
NOT_OFFERED = N_("UiTPAS does not offer this price any more. Look below what it offers now.")


@dataclass(frozen=True)
class ShownPlace:
    """`about`: "Bouwkamp, 16 August 2027 (Lotte)". `ends`: the last digits of the number that was entered."""

    place: UitpasPlace
    about: str
    ends: str


@dataclass(frozen=True)
class Told:
    """The message above the page. `words`: UiTPAS's own, in Dutch."""

    text: str = ""
    words: str = ""


def show(visit: Visit, who: Bearer, order_id: str) -> Answer:
    uitpas, order = asking.of_family(order_id, who.family_id)
    return _page(visit, uitpas, order, Form())


def use(visit: Visit, who: Bearer, order_id: str) -> Answer:
    """The form's `do`: number (of `child`), else how it is paid: the chosen prices are used first."""
    form = read_form(visit)
    uitpas, order = asking.of_family(order_id, who.family_id)
    try:
        with visit.attempting():
            if form["do"] == "number":
                asking.enter_number(order, form["child"], form["number"], visit.now)
                return redirect(visit, f"/account/orders/{order_id}/uitpas")
            told = _use(visit, uitpas, order, form)
    except Problem as problem:
        if problem.kind is INVALID:
            return _page(visit, uitpas, order, form.wrong(problem, visit.language), status=422)
        if problem.kind not in (NOT_NOW, CHANGED):
            raise
        return _again(visit, who, order_id, form, problem=problem)
    if told:
        return _again(visit, who, order_id, form, told)
    is_online = form["do"] == PAYS_ONLINE and provider() is not None
    return redirect(visit, f"/account/orders/{order_id}/pay" if is_online else "/account")


def _use(visit: Visit, uitpas: Uitpas, order: Order, form: Form) -> Told | None:
    """One after another; what was used stays used. None: all is done."""
    until = monotonic() + MOST_SECONDS
    for place in asking.places(uitpas, order):
        wanted = form[f"use-{place.key}"]
        if not wanted or place.sale:
            continue
        tariff = next((one for one in place.tariffs if one.tariff_id == wanted), None)
        if tariff is None:
            return Told(translate(AWAY if place.is_away else NOT_OFFERED, visit.language))
        if monotonic() > until:
            return Told(translate(NOT_ALL, visit.language))
        try:
            selling.sell(uitpas, order.order_id, place.session_id, place.child_id, tariff, visit.now)
        except UitpasAway:
            return Told(translate(AWAY, visit.language))
        except UitpasRefuses as refusal:
            return Told(translate(REFUSED, visit.language), refusal.message)
    return None


def _again(
    visit: Visit, who: Bearer, order_id: str, form: Form, told: Told | None = None, problem: Problem | None = None
) -> Answer:
    uitpas, order = asking.of_family(order_id, who.family_id)
    return _page(visit, uitpas, order, form, 409, told, problem)


def _page(
    visit: Visit,
    uitpas: Uitpas,
    order: Order,
    form: Form,
    status: int = 200,
    told: Told | None = None,
    problem: Problem | None = None,
) -> Answer:
    names = account.names_of([order], order.family_id)
    lines = {(line.session_id, line.child_id): line for line in order.lines}
    places = [
        ShownPlace(one, names.about(lines[one.session_id, one.child_id], visit.language), one.number[-4:])
        for one in asking.places(uitpas, order)
    ]
    return page(
        visit,
        "pages/family/uitpas.html",
        status,
        face_of=order.municipality,
        order=order,
        places=places,
        children=list({one.place.child_id: one for one in places}.values()),
        may_choose=any(one.place.tariffs for one in places),
        is_away=any(one.place.is_away for one in places),
        pays_online=provider() is not None,
        form=form,
        told=told,
        first_names=names.children,
        problem=refused(visit, problem),
    )
