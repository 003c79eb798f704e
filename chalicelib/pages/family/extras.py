"""A registration's page of extras: what the children take, and what that changes, before it is saved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import CHANGED, INVALID, NOT_NOW, Problem
from chalicelib.core.languages import in_words
from chalicelib.money.extras import choosing
from chalicelib.money.extras.paid_stays import OfferedExtra, PaidStay
from chalicelib.money.extras.rules import ChildExtras, ExtraDays
from chalicelib.money.orders import leaving
from chalicelib.money.orders.leaving import LeavingOutlook
from chalicelib.pages.family.prices import changed
from chalicelib.pages.family.registration import about, receipt_of
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect, refused
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.families.rules import Bearer

ONCE = "once"


@dataclass(frozen=True)
class ShownExtra:
    """`field`: its checkboxes. `options`: value and words of each: a day, or once. `taken`: those that are chosen."""

    field: str
    label: str
    article: str
    cents: int
    is_daily: bool
    options: tuple[tuple[str, str], ...]
    taken: tuple[str, ...]


def show(visit: Visit, who: Bearer, registration_id: str) -> Answer:
    """`?saved=yes`: what was chosen just now. With the pass alone: what others of the family cost is shown too."""
    return _page(visit, who, choosing.of(who, registration_id, visit.now))


def choose(visit: Visit, who: Bearer, registration_id: str) -> Answer:
    """`shown`: with which change it was shown last. Without one, or if it is another one by now, nothing is saved and
    it is shown."""
    form = read_form(visit)
    stay = choosing.of(who, registration_id, visit.now)
    taken = _typed(stay, form, visit)
    try:
        with visit.attempting():
            after = choosing.chosen(stay, taken, visit.now)
            outlook = leaving.of_choosing(who.family_id, after, visit.now)
            if after.edition != stay.beside.edition and form["shown"] != outlook.mark:
                return _page(visit, who, stay, taken, outlook)
            choosing.choose(stay, after, visit.now)
    except Problem as problem:
        if problem.kind not in (CHANGED, INVALID, NOT_NOW):
            raise
        return _page(visit, who, choosing.of(who, registration_id, visit.now), taken, problem=problem)
    return redirect(visit, f"/registrations/{registration_id}/extras?saved=yes")


def _typed(stay: PaidStay, form: Form, visit: Visit) -> dict[str, ChildExtras]:
    """The extras that are ticked; a field that is no box of the page is passed over."""
    offered = stay.offered(visit.now)
    taken: dict[str, ChildExtras] = {}
    for number, child in enumerate(stay.record.child_ids):
        named: dict[str, ExtraDays] = {}
        for place, extra in enumerate(offered.get(child, ())):
            ticked = form.all(_field(number, place))
            days = tuple(day for day in stay.days if day.isoformat() in ticked)
            if extra.is_daily and days:
                named[extra.name] = None if days == stay.days else days
            elif not extra.is_daily and ONCE in ticked:
                named[extra.name] = None
        taken[child] = named
    return taken


def _field(child: int, extra: int) -> str:
    return f"extras[{child}].{extra}"


def _page(
    visit: Visit,
    who: Bearer,
    stay: PaidStay,
    taken: Mapping[str, ChildExtras] | None = None,
    outlook: LeavingOutlook | None = None,
    problem: Problem | None = None,
) -> Answer:
    found = receipt_of(visit, who, stay.record.registration_id)
    offered, names = stay.offered(visit.now), {child.child_id: child.first_name for child in found.children}
    chosen = {**stay.beside.taken, **(taken or {})}
    children = [
        (
            names.get(child, ""),
            [
                _shown(stay, _field(number, place), extra, chosen.get(child, {}), visit.language)
                for place, extra in enumerate(offered.get(child, ()))
            ],
        )
        for number, child in enumerate(stay.record.child_ids)
    ]
    return page(
        visit,
        "pages/family/extras.html",
        problem.kind.status if problem else 200,
        **{
            **about(visit, found),
            "form": Form(),
            "children_extras": children,
            "is_open": stay.takes_extras(visit.now),
            "outlook": outlook,
            "others": changed(outlook.others, outlook.sessions) if outlook else [],
            "problem": refused(visit, problem),
            "is_saved": visit.query.get("saved") == "yes" and not outlook and not problem,
        },
    )


def _shown(stay: PaidStay, field: str, extra: OfferedExtra, chosen: ChildExtras, language: str) -> ShownExtra:
    label = extra.label.said(language)
    options = tuple((day.isoformat(), _day(day, language)) for day in stay.days) if extra.is_daily else ((ONCE, label),)
    days = chosen.get(extra.name, ())
    taken = tuple(value for value, _ in options) if days is None else tuple(day.isoformat() for day in days)
    return ShownExtra(field, label, extra.article, extra.cents, extra.is_daily, options, taken)


def _day(day: date, language: str) -> str:
    return in_words.day(day, language, year=False)
