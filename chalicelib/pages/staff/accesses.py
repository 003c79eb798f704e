"""Who of the city saw or changed what about families: for the auditor, who works for every municipality."""

from datetime import timedelta

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.fields import Day, Model, queried
from chalicelib.core.http.problems import BUSY, Problem
from chalicelib.core.moments import today
from chalicelib.core.observability import log
from chalicelib.insight import accesses
from chalicelib.pages.frame.forms import Form
from chalicelib.pages.frame.pages import page
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.staff.rules import Staff

QUERY = Model({"day": Day(is_required=False)})


def show(visit: Visit, by: Staff) -> Answer:
    """`?family=`: a mail address or the number of a family, of the last year; without it, `?day=`, today if it is left
    out. `?more=`: behind a page."""
    form = Form(visit.query)
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
