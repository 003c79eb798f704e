"""Silence of each form, from the counts of its days: what rings on a day, and what rings no more."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import dropwhile

from chalicelib.front_door.cases.rules import Way
from chalicelib.front_door.deadlines import is_public_holiday
from chalicelib.front_door.forms.rules import Form
from chalicelib.front_door.watching import table
from chalicelib.front_door.watching.rules import Ring, RingKind
from chalicelib.front_door.watching.silence import rules
from chalicelib.front_door.watching.silence.rules import MOST_YEARS, YOUNG_WEEKS, Look, Past
from chalicelib.front_door.watching.table import DaysOfForm, FormWatch

KINDS = {Look.GAP: RingKind.GAP, Look.FALL: RingKind.FALL, Look.WAY: RingKind.WAY}


def past_of(form: Form, watch: FormWatch, years: Mapping[int, DaysOfForm], last: date) -> Past | None:
    """What came by a form up to a day, from the first on which it was there; None: there is none."""
    firsts = [one.first for one in years.values() if one.first]
    first = max(min(firsts, default=date.max), watch.known_from or date.min)
    every = (first + timedelta(at) for at in range((last - first).days + 1))
    days = list(dropwhile(lambda day: not is_exposed(form, watch, years, day), every))
    if not days:
        return None
    first = days[0]
    counts = {day: ways for one in years.values() for day, ways in one.counts.items()}
    by_way = {way.value: [counts.get(day, {}).get(way.value, 0) for day in days] for way in Way}
    return Past(
        first,
        {way: counted for way, counted in by_way.items() if any(counted)} or {Way.PAGE.value: [0] * len(days)},
        [is_exposed(form, watch, years, day) for day in days],
        watch.said,
        watch.judged_from or date.min,
    )


def is_exposed(form: Form, watch: FormWatch, years: Mapping[int, DaysOfForm], day: date) -> bool:
    """Whether cases came, or would have, as on any day."""
    year = years.get(day.year)
    if year is None or not year.has(day) or day in year.dark:
        return False
    is_fault = any(first <= day <= last for first, last in watch.faults)
    return not is_fault and not is_public_holiday(day, form.deadline.country)


def past(form: Form, watch: FormWatch, last: date) -> Past | None:
    """The same, read from the table: a read of five items."""
    years = table.days_of_form(form.form_id, range(last.year - MOST_YEARS - 1, last.year + 1))
    return past_of(form, watch, years, last)


def rings_of(form: Form, watch: FormWatch, found: Past, on: date) -> Sequence[Ring]:
    """What rings of a form on the day of the look, `on`."""
    rings = [
        Ring(
            kind=KINDS[one.look],
            subject=f"{form.form_id}/{one.way}" if one.way else form.form_id,
            since=one.since,
            rang_on=on,
            said={"expected": f"{one.expected:.1f}", "came": str(one.came)},
        )
        for one in rules.rings(found)
    ]
    if needs_word(watch, found):
        rings.append(Ring(RingKind.UNSAID, form.form_id, found.first, on, {}))
    return rings


def needs_word(watch: FormWatch, found: Past) -> bool:
    """Whether nobody said what a form expects that is too young to know it of itself."""
    return watch.said is None and len(found.is_exposed) < YOUNG_WEEKS * rules.WEEK
