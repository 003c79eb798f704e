"""Swimming for the programme manager: what is booked, who must be told, patterns, closed days, terms."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from chalicelib.core.http.answering import Answer
from chalicelib.core.http.problems import Problem, existing
from chalicelib.core.moments import today
from chalicelib.pages.frame.forms import Form, read_form
from chalicelib.pages.frame.pages import page, redirect
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.staff.rules import Staff
from chalicelib.swimming import planning, timetable
from chalicelib.swimming.hours import day_of, hour_of, monday_of
from chalicelib.swimming.planning import ToTell
from chalicelib.swimming.rules import Pattern

START = "/office/swimming"


def show(visit: Visit, by: Staff) -> Answer:
    """The bookings of a week, `?week=` any of its days; and who must be told that something does not take place."""
    monday = monday_of(day_of(visit.query.get("week")) or today(visit.now))
    return page(
        visit,
        "pages/staff/swimming.html",
        monday=monday,
        earlier=(monday - timedelta(7)).isoformat(),
        later=(monday + timedelta(7)).isoformat(),
        occupancy=[(hour_of(one.slot, visit.now), one) for one in planning.occupancy(monday)],
        to_tell=_shown(visit, planning.to_tell(visit.now)),
    )


def show_patterns(visit: Visit, by: Staff) -> Answer:
    return _patterns(visit, Form({"valid_from": today(visit.now).isoformat()}))


def add_pattern(visit: Visit, by: Staff) -> Answer:
    return _sent(visit, lambda sent: planning.add_pattern(sent, visit.now), _patterns, f"{START}/patterns?saved=yes")


def show_pattern(visit: Visit, by: Staff, pattern_id: str) -> Answer:
    one = _pattern(visit, pattern_id)
    return _pattern_page(visit, one, Form({"places": str(one.places), "valid_until": one.valid_until.isoformat()}))


def change_pattern(visit: Visit, by: Staff, pattern_id: str) -> Answer:
    one = _pattern(visit, pattern_id)
    return _sent(
        visit,
        lambda sent: planning.change_pattern(pattern_id, sent),
        lambda visit, form, status: _pattern_page(visit, one, form, status),
        f"{START}/patterns?saved=yes",
    )


def show_closed(visit: Visit, by: Staff) -> Answer:
    return _closed(visit, Form())


def close(visit: Visit, by: Staff) -> Answer:
    """Closes a day, or opens one again: the button `reopen`, whose value is that day."""
    form = read_form(visit)
    if day := day_of(form["reopen"]):
        planning.reopen(day)
        return redirect(visit, f"{START}/closed")
    return _sent(
        visit, lambda sent: planning.close(sent, visit.now), _closed, f"{START}/closed?closed={form['day'].strip()}"
    )


def show_terms(visit: Visit, by: Staff) -> Answer:
    terms = timetable.current().terms
    values = {"visits_a_week": str(terms.visits_a_week), "cancel_hours": str(terms.cancel_hours)}
    return _terms(visit, Form(values))


def set_terms(visit: Visit, by: Staff) -> Answer:
    return _sent(visit, planning.set_terms, _terms, f"{START}/terms?saved=yes")


def _sent(
    visit: Visit,
    deed: Callable[[Mapping[str, Any]], object],
    shown: Callable[[Visit, Form, int], Answer],
    then: str,
) -> Answer:
    """Does what the form asks for and goes on; or shows it again with what is wrong."""
    form = read_form(visit)
    try:
        deed(form.document())
    except Problem as problem:
        return shown(visit, form.wrong(problem, visit.language), problem.kind.status)
    return redirect(visit, then)


def _patterns(visit: Visit, form: Form, status: int = 200) -> Answer:
    return page(
        visit,
        "pages/staff/swimming_patterns.html",
        status,
        form=form,
        patterns=timetable.current().patterns,
        today=today(visit.now),
        saved=visit.query.get("saved") == "yes",
    )


def _pattern_page(visit: Visit, one: Pattern, form: Form, status: int = 200) -> Answer:
    return page(visit, "pages/staff/swimming_pattern.html", status, form=form, pattern=one)


def _pattern(visit: Visit, pattern_id: str) -> Pattern:
    """Raises Problem `not-found`."""
    return existing(next((one for one in timetable.current().patterns if one.pattern_id == pattern_id), None))


def _closed(visit: Visit, form: Form, status: int = 200) -> Answer:
    """`?closed=`: a day that was closed a moment ago; who has booked on it stands at the top."""
    current = timetable.current()
    just = day_of(visit.query.get("closed"))
    concerned = [one for one in planning.to_tell(visit.now) if one.slot.day == just]
    return page(
        visit,
        "pages/staff/swimming_closed.html",
        status,
        form=form,
        closed=[(day, why[visit.language]) for day, why in sorted(current.closed.items()) if day >= today(visit.now)],
        just=just if just in current.closed else None,
        to_tell=_shown(visit, concerned),
    )


def _terms(visit: Visit, form: Form, status: int = 200) -> Answer:
    return page(visit, "pages/staff/swimming_terms.html", status, form=form, saved=visit.query.get("saved") == "yes")


def _shown(visit: Visit, found: list[ToTell]) -> dict[str, Any]:
    """`families`, `people`: how many in all; `slots`: each with its hours; `addresses`: everybody's, once."""
    return {
        "families": sum(one.families for one in found),
        "people": sum(one.people for one in found),
        "slots": [(hour_of(one.slot, visit.now), one) for one in found],
        "addresses": sorted({address for one in found for address in one.addresses}),
    }
