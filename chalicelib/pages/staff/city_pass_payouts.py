"""The city's debts to shops and clubs, month by month; and the undoing of redemptions made by mistake."""

import re
from decimal import Decimal

from chalicelib.core.http.answering import Answer, File
from chalicelib.core.http.fields import check
from chalicelib.core.http.problems import Problem
from chalicelib.core.moments import today
from chalicelib.core.printing import sheets
from chalicelib.money.citypass import payouts, redeeming, requests
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect, refused
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.staff.rules import Staff

ADDRESS = "/office/citypass/payouts"
COLUMNS = ("month", "provider", "iban", "vouchers", "euros", "reference", "is_over")


def show(visit: Visit, by: Staff) -> Answer:
    return _page(visit, Form({}))


def undo(visit: Visit, by: Staff) -> Answer:
    form = read_form(visit)
    try:
        with visit.attempting():
            reason = check(requests.REASON, {"reason": form["reason"].strip() or None})["reason"]
            redeeming.undo_for_city(by, form["code"], reason, visit.now)
    except Problem as problem:
        return _page(visit, form.wrong(problem, visit.language) if problem.errors else form, problem)
    return redirect(visit, f"{ADDRESS}?done=undone")


def download(visit: Visit, by: Staff) -> Answer:
    """A row for each shop or club, also where nothing is to be paid."""
    month = month_of(visit)
    is_over = payouts.is_over(month, visit.now)
    rows = [
        (
            month,
            one.name,
            one.iban,
            one.number,
            Decimal(one.cents) / 100,
            payouts.reference(month, one.provider_id),
            "yes" if is_over else "no",
        )
        for one in payouts.of_month(month)
    ]
    return Answer(200, File(sheets.as_csv(COLUMNS, rows), sheets.CSV, f"city-pass-{month}.csv"))


def month_of(visit: Visit) -> str:
    """`?month=`, or this one."""
    asked = visit.query.get("month", "")
    return asked if re.fullmatch("20[0-9]{2}-(?:0[1-9]|1[0-2])", asked) else f"{today(visit.now):%Y-%m}"


def _page(visit: Visit, form: Form, problem: Problem | None = None) -> Answer:
    month = month_of(visit)
    found = payouts.of_month(month)
    return page(
        visit,
        "pages/staff/city_pass_payouts.html",
        problem.kind.status if problem else 200,
        form=Form({**form.values, "month": month}, form.several, form.errors),
        problem=refused(visit, problem),
        month=month,
        found=found,
        total=payouts.sums(found),
        is_over=payouts.is_over(month, visit.now),
        undone=[line for one in found for line in one.lines if line.cents < 0],
        done=visit.query.get("done") if problem is None else None,
    )
