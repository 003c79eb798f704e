"""The daybook as counts for which nobody has to walk it: of a form's days, and of a month by form and unit."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from chalicelib.core.moments import today
from chalicelib.front_door.daybook.rules import DaybookLine
from chalicelib.front_door.forms.rules import Form, FormHead
from chalicelib.front_door.watching import table
from chalicelib.front_door.watching.rules import SILENCES, MonthSum, Ring, is_settled, month_sums
from chalicelib.front_door.watching.table import DaysOfForm

A_DAY = timedelta(1)


def count_days(
    heads: Mapping[str, FormHead], forms: Mapping[str, Form], lines: Iterable[DaybookLine], days: Iterable[date]
) -> None:
    """Writes down, for each form, how many cases came on each of the days. A day that no look before this one counted
    is dark if the form, as it stands now, took nothing then. `forms`: the published version of those that are not
    dark."""
    wanted = sorted(set(days))
    counts: dict[str, dict[date, dict[str, int]]] = {}
    for line in lines:
        ways = counts.setdefault(line.form_id, {}).setdefault(line.day, {})
        ways[line.way.value] = ways.get(line.way.value, 0) + 1
    for form_id in sorted({*heads, *counts}):
        known = table.days_of_form(form_id, {day.year for day in wanted})
        came = counts.get(form_id, {})
        for year in sorted({day.year for day in wanted}):
            before = known.get(year, DaysOfForm())
            of_year = [day for day in wanted if day.year == year]
            new = [day for day in of_year if not before.has(day)]
            dark = {day for day in new if _is_dark(day, heads.get(form_id), forms.get(form_id))}
            now = DaysOfForm(
                {
                    **{day: ways for day, ways in before.counts.items() if day not in of_year},
                    **{day: came[day] for day in of_year if day in came},
                },
                before.dark | dark,
                min(of_year[0], before.first or of_year[0]),
                max(of_year[-1], before.last or of_year[-1]),
            )
            if now != before:
                table.put_days(form_id, year, now)


def _is_dark(day: date, head: FormHead | None, form: Form | None) -> bool:
    """Whether a form took nothing on a day that is over. `form`: None of one that is dark now."""
    if head is None or not head.published or (form is not None and not form.is_open(day)):
        return True
    is_not_yet = head.since is not None and not head.before and today(head.since) > day
    return is_not_yet or (head.dark_since is not None and today(head.dark_since) <= day)


def count_months(
    months: Iterable[date], lines: Iterable[DaybookLine], silences: Iterable[Ring], on: date
) -> list[date]:
    """Writes down the sums of these months; answers those that are not settled."""
    rows = month_sums(lines, on)
    rings = [one for one in silences if one.kind in SILENCES]
    left = []
    for month in sorted(set(months)):
        of_month = [row for row in rows if row.month == month]
        for form_id in sorted({row.form_id for row in of_month} | {one.form_id for one in rings}):
            of_form = sorted((row for row in of_month if row.form_id == form_id), key=lambda row: -row.received)
            silent = silent_days(month, (one for one in rings if one.form_id == form_id), on)
            if not of_form and not silent:
                continue
            first = replace(of_form[0] if of_form else MonthSum(month, form_id, ""), silent=silent)
            table.put_month(month, form_id, [first, *of_form[1:]])
        if not is_settled(month, on, of_month):
            left.append(month)
    return left


def silent_days(month: date, silences: Iterable[Ring], on: date) -> int:
    """Days of a month that are over on which a form was silent, by its rings, looked at or not."""
    silent = set()
    for one in silences:
        end = one.gone_on or (today(one.looked_at) if one.looked_at else on)
        day = one.since
        while day < min(end, on):
            if day.replace(day=1) == month:
                silent.add(day)
            day += A_DAY
    return len(silent)
