"""The estimated costs of an opening, and of a month in which nobody comes: for finance."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from chalicelib.core.http.answering import Answer
from chalicelib.core.languages import N_, translate
from chalicelib.insight.cost.estimate import Case, Estimate, outlook
from chalicelib.insight.cost.figures import CostFigure, dollars, rounded, total
from chalicelib.insight.cost.prices import PriceMissing, shipped
from chalicelib.pages.frame import pictures
from chalicelib.pages.frame.forms import Form
from chalicelib.pages.frame.pages import page
from chalicelib.pages.frame.visit import Visit
from chalicelib.pages.staff import money
from chalicelib.pages.staff.plan_of_cost import labels, plan_of
from chalicelib.people.staff.rules import Staff

CASES = {Case.LOW: N_("Low"), Case.EXPECTED: N_("Expected"), Case.HIGH: N_("High")}
IN_ALL = N_("The opening, at full price")
ITS_MONTH = N_("Its whole month, within the free tier")
QUIET = N_("A month in which nobody comes, at full price")
QUIET_FREE = N_("A month in which nobody comes, within the free tier")


def show(visit: Visit, by: Staff) -> Answer:
    """`?families=` and so on: what is planned; what is left out is as the command line has it."""
    form, plan = plan_of(visit)
    if plan is None:
        return _page(visit, form, 422, found=None)
    try:
        cases, month_free, quiet, quiet_free = outlook(plan, shipped())
    except PriceMissing as missing:
        return _page(visit, form, found=None, missing=translate(missing.text, visit.language, **missing.values))
    sums = [(IN_ALL, cases), (ITS_MONTH, month_free), (QUIET, quiet), (QUIET_FREE, quiet_free)]
    return _page(
        visit,
        form,
        found=cases,
        sums=[(translate(name, visit.language), *_of_each(one)) for name, one in sums],
        steps=_steps(cases, visit.language),
        followed=[
            (translate(CASES[case], visit.language), money.followed_rows(cases[case], visit.language))
            for case in (Case.EXPECTED, Case.LOW, Case.HIGH)
        ],
        standing=money.followed_rows(quiet[Case.EXPECTED], visit.language),
        picture=_picture(cases, quiet, visit.language),
    )


def _download(visit: Visit, by: Staff, ending: str) -> Answer:
    plan = plan_of(visit)[1]
    if plan is None:
        return show(visit, by)
    try:
        cases, month_free, quiet, quiet_free = outlook(plan, shipped())
    except PriceMissing:
        return show(visit, by)
    table = visit.query.get(money.TABLE)
    if table == "sums":
        sums = ((IN_ALL, cases), (ITS_MONTH, month_free), (QUIET, quiet), (QUIET_FREE, quiet_free))
        rows: list[tuple[Any, ...]] = [(translate(name, visit.language), *_totals(one)) for name, one in sums]
        return money.table_as_file("estimate-sums", ending, (("what", *Case), rows))
    if table == "steps":
        return money.table_as_file("estimate-steps", ending, (("what", *Case), _of_steps(cases, visit.language)))
    groups = [
        ((what, case.value), one)
        for what, found in (("opening", cases), ("idle month", quiet))
        for case, figures in found.items()
        for one in figures
    ]
    return money.as_file("estimate", ending, ("of", "case"), groups, visit.language)


as_csv, as_xlsx = money.downloads(_download)


def _page(visit: Visit, form: Form, status: int = 200, missing: str = "", **values: Any) -> Answer:
    cases = [translate(one, visit.language) for one in CASES.values()]
    planned = labels(visit.language)
    return page(
        visit, "pages/staff/estimate.html", status, form=form, planned=planned, missing=missing, cases=cases, **values
    )


def _of_each(found: Estimate) -> tuple[str, ...]:
    return tuple(f"${rounded(usd):,}" for usd in _totals(found))


def _totals(found: Estimate) -> tuple[Decimal, ...]:
    return tuple(total(found[case]) for case in Case)


def _steps(cases: Estimate, language: str) -> list[tuple[str, ...]]:
    return [(name, *map(dollars, costs)) for name, *costs in _of_steps(cases, language)]


def _of_steps(cases: Estimate, language: str) -> list[tuple[Any, ...]]:
    """The cost of each step, over all that it uses; the dearest first."""
    names = dict.fromkeys(one.what for one in cases[Case.EXPECTED])

    def usd(figures: tuple[CostFigure, ...], name: str) -> Decimal:
        return total(one for one in figures if one.what == name)

    dear = sorted(names, key=lambda name: -usd(cases[Case.EXPECTED], name))
    return [(translate(name, language), *(usd(cases[case], name) for case in Case)) for name in dear]


def _picture(cases: Estimate, quiet: Mapping[Case, tuple[CostFigure, ...]], language: str) -> str:
    """The month of the opening beside one in which nobody comes."""
    rows = [
        (translate(QUIET, language), total(quiet[Case.EXPECTED])),
        (translate(IN_ALL, language), total(cases[Case.EXPECTED])),
    ]
    about = "; ".join(f"{name}: ${rounded(usd):,}" for name, usd in rows)
    heading = translate(N_("Idle against peak"), language)
    return pictures.bars(heading, about, [(name, float(usd)) for name, usd in rows], money.at_bar)
