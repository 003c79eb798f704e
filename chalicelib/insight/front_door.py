"""What became of what citizens sent, by form, unit and month, for the council and for everybody.

From the sums that each morning's look writes down (front_door/watching), not from cases. A form whose cases are
confidential is told by year alone, and not at all below LEAST_SHOWN: a single question to youth care in a month of a
village could name who asked it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.core.moments import today
from chalicelib.front_door.forms import table as forms
from chalicelib.front_door.units import table as units
from chalicelib.front_door.watching import table
from chalicelib.front_door.watching.rules import LEAST_SHOWN, MonthSum

Labels = Mapping[str, str]


@dataclass(frozen=True)
class CaseFigures:
    """Of the cases that came to a unit by a form in a month, or in a year (`month`: None). `is_hidden`: there are fewer
    than LEAST_SHOWN, and no number is said. `silent`: days on which the form was silent; of its first unit alone."""

    form_id: str
    form: Labels
    unit_id: str
    unit: Labels
    year: int
    month: int | None
    received: int
    in_time: int
    late: int
    in_hand: int
    overdue: int
    reopened: int
    silent: int
    is_hidden: bool = False


@dataclass(frozen=True)
class YearOfCases:
    """`counted`: the day of the last look; None: there was none. `years`: those that there are figures of."""

    year: int
    years: list[int]
    counted: date | None
    rows: list[CaseFigures]


def of_year(wanted: str, now: datetime) -> YearOfCases:
    """`wanted`: a year as somebody typed it; this year for anything that is none. A query of the year's sums."""
    this = today(now).year
    years = list(range(this, this - 10, -1))
    year = int(wanted) if wanted in map(str, years) else this
    state = table.state()
    return YearOfCases(year, years, state.last, figures(table.months(year), _titles(), _names(), year))


def figures(
    sums: Sequence[MonthSum], titles: Mapping[str, Labels], names: Mapping[str, Labels], year: int
) -> list[CaseFigures]:
    """By form, then month, then unit. `titles`, `names`: of forms and units, by id."""
    found: dict[tuple[str, int | None, str], list[MonthSum]] = {}
    confidential = {one.form_id for one in sums if one.is_confidential}
    for one in sums:
        is_told_by_year = one.form_id in confidential
        key = (one.form_id, None, "") if is_told_by_year else (one.form_id, one.month.month, one.unit_id)
        found.setdefault(key, []).append(one)
    return [
        _row(key, found[key], titles, names, year)
        for key in sorted(found, key=lambda key: (key[0], key[1] or 0, key[2]))
    ]


def _row(
    key: tuple[str, int | None, str],
    sums: list[MonthSum],
    titles: Mapping[str, Labels],
    names: Mapping[str, Labels],
    year: int,
) -> CaseFigures:
    form_id, month, unit_id = key
    received = sum(one.received for one in sums)
    is_hidden = month is None and received < LEAST_SHOWN
    told = [] if is_hidden else sums
    return CaseFigures(
        form_id=form_id,
        form=titles.get(form_id, {}),
        unit_id=unit_id,
        unit=names.get(unit_id, {}),
        year=year,
        month=month,
        received=sum(one.received for one in told),
        in_time=sum(one.in_time for one in told),
        late=sum(one.late for one in told),
        in_hand=sum(one.in_hand for one in told),
        overdue=sum(one.overdue for one in told),
        reopened=sum(one.reopened for one in told),
        silent=sum(one.silent for one in sums),
        is_hidden=is_hidden,
    )


def _titles() -> dict[str, Labels]:
    """Of every form that was published once, dark ones too."""
    found = {}
    for head in forms.remembered_heads().values():
        form = forms.version(head.form_id, head.published) if head.published else None
        if form:
            found[head.form_id] = form.title
    return found


def _names() -> dict[str, Labels]:
    return {unit.unit_id: unit.name for unit in units.remembered().values()}
