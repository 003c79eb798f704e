"""The public list: for each day, a code for each case that came on it, and whether it is answered.

The code is a digest of receipt and secret: whoever has both finds theirs, and nobody else learns anything, not even how
the cases of a day followed on each other. Whoever keeps a copy of a day's list can prove that one is gone from it.
"""

from datetime import date, timedelta

from chalicelib.core.http.answering import Answer, File
from chalicelib.core.http.problems import NOT_FOUND, Problem
from chalicelib.core.moments import today
from chalicelib.core.printing.sheets import CSV
from chalicelib.front_door.daybook import table as daybook
from chalicelib.front_door.daybook.rules import DaybookState
from chalicelib.pages.frame.forms import Form
from chalicelib.pages.frame.pages import page, redirect
from chalicelib.pages.frame.visit import Visit

DAYS_LISTED = 31
CACHE_SECONDS = 60
# A page longer than this is of no use to anybody; the file has all.
MOST_SHOWN = 1_000


def list_days(visit: Visit) -> Answer:
    """`?day=`: leads to that day's list, which may be any that was."""
    if "day" in visit.query:
        return redirect(visit, f"/receipts/{_day(visit, visit.query['day']).isoformat()}")
    first = today(visit.now)
    days = [first - timedelta(days=ago) for ago in range(DAYS_LISTED)]
    return page(visit, "pages/family/receipts.html", cache_seconds=CACHE_SECONDS, days=days, form=Form())


def show_day(visit: Visit, day: str) -> Answer:
    which = _day(visit, day)
    lines = of_day(which)
    return page(
        visit,
        "pages/family/receipts_day.html",
        cache_seconds=CACHE_SECONDS,
        which=which,
        lines=lines[:MOST_SHOWN],
        count=len(lines),
        answered=sum(state is DaybookState.ANSWERED for _, state in lines),
    )


def get_file(visit: Visit, day: str) -> Answer:
    """CSV: `digest,state`."""
    which = _day(visit, day)
    rows = ["digest,state", *(f"{digest},{state.value}" for digest, state in of_day(which))]
    content = "".join(f"{row}\r\n" for row in rows).encode()
    return Answer(
        200, File(content, CSV, f"receipts-{which}.csv"), {"Cache-Control": f"public, max-age={CACHE_SECONDS}"}
    )


def of_day(day: date) -> list[tuple[str, DaybookState]]:
    """Digest and state, by the digest: their order says nothing of when they came."""
    return sorted((line.digest, line.state) for line in daybook.of_day(day))


def _day(visit: Visit, text: str) -> date:
    """Raises Problem `not-found` for what is no day, or has not come."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text or day > today(visit.now):
        raise Problem(NOT_FOUND)
    return day
