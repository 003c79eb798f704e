"""Who of the city saw or changed what about families: for the auditor, who works for every municipality."""

from datetime import timedelta

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.fields import Day, Model, queried
from chalicelib.core.http.problems import BUSY, Problem
from chalicelib.core.moments import today
from chalicelib.core.observability import log
from chalicelib.insight import accesses
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.staff.rules import Staff

QUERY = Model({"day": Day(is_required=False)})


def show(visit: Visit, by: Staff) -> Answer:
    """`?day=`, today if it is left out. `?more=`: behind a page."""
    return _page(visit, Form({name: visit.query.get(name, "") for name in ("day", "more")}))


def look(visit: Visit, by: Staff) -> Answer:
    """Of a day, or of a family, by its mail address or number, in the last year: `family` is sent as a form, so that it
    stands in no address of a page."""
    form = read_form(visit)
    if form["family"].strip():
        return _page(visit, form)
    day = queried(QUERY, {"day": form["day"]})["day"]
    return redirect(visit, f"/office/accesses?day={day}" if day else "/office/accesses")


def _page(visit: Visit, form: Form) -> Answer:
    day = queried(QUERY, {"day": form["day"]})["day"] or today(visit.now)
    more = form["more"] or None
    try:
        found = (
            accesses.of_family(form["family"], visit.now, more)
            if form["family"].strip()
            else accesses.of_day(day, more)
        )
    except (BotoCoreError, ClientError) as error:
        log.warning("access_log_unreadable", error=type(error).__name__)
        raise Problem(BUSY, retry_after=2) from None
    return page(
        visit,
        "pages/staff/accesses.html",
        form=Form({"day": day.isoformat(), "family": form["family"]}),
        date=day,
        found=found,
        earlier=(day - timedelta(days=1)).isoformat(),
    )
