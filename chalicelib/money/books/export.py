"""The books as the city's bookkeeping takes them in: a line for each posting, with the city's own account numbers.

Closed days alone: the same period gives the same file for good, as long as the numbers are the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice

from chalicelib.core.http.answering import File
from chalicelib.core.http.problems import Problem, ProblemKind
from chalicelib.core.languages import N_
from chalicelib.core.moments import local
from chalicelib.core.printing import sheets
from chalicelib.core.printing.sheets import Cell
from chalicelib.money.books import table
from chalicelib.money.books.numbers import AccountNumbers
from chalicelib.money.books.rules import BookEntry, Posting

# In English, as programs have them: whoever reads them in has a layout made once.
COLUMNS = (
    *("day", "at", "entry", "act", "number", "account", "of", "debit", "credit", "order_id", "reference", "about"),
)
WIDTHS = (12, 18, 34, 14, 14, 14, 26, 14, 14, 24, 24, 40)
# Lines that the function writes in its time; more than a city of 500,000 has in a month.
MOST_LINES = 20_000
MOST_DAYS = 366

TOO_LONG = ProblemKind(
    "invalid",
    422,
    N_("This period is too long for one file"),
    N_("Choose at most {days} days with at most {lines} lines together, for example a month or a week."),
)


@dataclass(frozen=True)
class Period:
    first: date
    last: date


def export(period: Period, ending: str) -> File:
    """`ending`: csv or xlsx. Raises Problem for a period that is too long for one file."""
    if (period.last - period.first).days >= MOST_DAYS:
        raise Problem(TOO_LONG, _limits())
    rows = list(islice(lines(period, table.numbers()), MOST_LINES + 1))
    if len(rows) > MOST_LINES:
        raise Problem(TOO_LONG, _limits())
    return sheets.as_file(f"books-{period.first}-{period.last}", ending, COLUMNS, rows, WIDTHS)


def lines(period: Period, numbers: AccountNumbers) -> Iterator[Sequence[Cell]]:
    """Of the days of the period that are closed: a row for each posting, day by day, as they are read."""
    for closed in table.closed_days(period.first, period.last):
        if closed.count:
            for entry in table.of_day(closed.day):
                for posting in entry.postings:
                    yield _row(closed.day, entry, posting, numbers)


def _row(day: date, entry: BookEntry, posting: Posting, numbers: AccountNumbers) -> Sequence[Cell]:
    about = dict(entry.about)
    return (
        day.isoformat(),
        local(entry.at).strftime("%Y-%m-%d %H:%M:%S"),
        entry.entry_id,
        entry.act.value,
        numbers.of(posting.account, posting.of),
        posting.account.value,
        posting.of,
        euros(posting.cents) if posting.cents > 0 else "",
        euros(-posting.cents) if posting.cents < 0 else "",
        about.pop("order_id", ""),
        about.pop("reference", ""),
        " ".join(f"{name}={value}" for name, value in sorted(about.items())),
    )


def euros(cents: int) -> Decimal:
    """Exactly, with two decimals."""
    return Decimal(cents).scaleb(-2)


def _limits() -> dict[str, int]:
    return {"days": MOST_DAYS, "lines": MOST_LINES}
