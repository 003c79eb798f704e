"""Staff let everybody see a report, or no more: with the words and photos that they choose, and nothing else of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.core.http.fields import LINES, Text
from chalicelib.core.http.problems import CHANGED, Problem, invalid, not_now
from chalicelib.core.languages import N_
from chalicelib.core.refusals import Interfered
from chalicelib.front_door.cases import acting
from chalicelib.front_door.cases.acting import Deed
from chalicelib.front_door.cases.rules import Act, Case
from chalicelib.front_door.forms import table as forms
from chalicelib.front_door.mapping import places
from chalicelib.front_door.photos import table as photo_items
from chalicelib.front_door.reports import table
from chalicelib.front_door.reports.rules import DECIMALS, MOST_TEXT, STAGES, NotPublic, Report, why_not
from chalicelib.people.staff.rules import Staff

AS_TEXT = N_("Write at most {most} characters, without names, phone numbers or anything else about a person.")
AS_PHOTOS = N_("Choose photos of this case.")
WHY_NOT: Mapping[NotPublic, str] = {
    NotPublic.NO_REPORT: N_("Only reports are shown to everybody; this is something else."),
    NotPublic.CONFIDENTIAL: N_("This case is confidential: nobody but its unit sees it."),
    NotPublic.NO_PLACE: N_("This report has no place on the map."),
    NotPublic.MERGED: N_("This is a duplicate: show the case that it was merged into."),
}


def show(case: Case, by: Staff, edition: int, text: str, photos: Sequence[str], now: datetime) -> Case:
    """Everybody sees it from now on: case, history and report in one transaction, on the condition that each chosen
    photo was there to be seen. `edition`: of the case as they saw it. Raises Problem `invalid`, `not-now`,
    `changed`."""
    if why := why_not(case):
        raise not_now(WHY_NOT[why])
    if set(photos) - set(case.photos):
        raise invalid("photos", AS_PHOTOS)
    report = _report(case, _checked(text), tuple(key for key in case.photos if key in photos))
    deed = Deed(Act.SHOWN, acting.actor(by), now, changes={"is_public": True})
    seen = [photo_items.seen(key, case.case_id) for key in report.photos]
    return _changed(case, edition, deed, [table.putting(report, edition + 1), *seen])


def hide(case: Case, by: Staff, edition: int, now: datetime) -> Case:
    """Nobody sees it any more. Raises Problem `changed`."""
    deed = Deed(Act.SHOWN, acting.actor(by), now, changes={"is_public": False})
    return _changed(case, edition, deed, [table.removing(case)])


def _changed(case: Case, edition: int, deed: Deed, writes: Sequence[Mapping[str, object]]) -> Case:
    if case.edition != edition:
        raise Problem(CHANGED)
    try:
        return acting.change(case, replace(deed, also=writes))
    except Interfered:
        raise Problem(CHANGED) from None


def _report(case: Case, text: str, photos: tuple[str, ...]) -> Report:
    form = forms.version(case.form_id, case.form_version)
    place = case.place
    assert place is not None
    assert place.lat is not None
    assert place.long is not None
    street = places.street_near(place.lat, place.long)
    return Report(
        report_id=table.id_of(case),
        case_id=case.case_id,
        form_id=case.form_id,
        title=form.title if form else {},
        received_at=case.received_at,
        unit_id=case.unit_id,
        answer_by=case.answer_by,
        answered_on=case.answered_on,
        stage=STAGES[case.status],
        lat=round(place.lat, DECIMALS),
        long=round(place.long, DECIMALS),
        street=street.name if street else "",
        text=text,
        photos=photos,
    )


def _checked(text: str) -> str:
    if not text.strip():
        return ""
    try:
        return Text(AS_TEXT, LINES, MOST_TEXT).parse(text)
    except ValueError:
        raise invalid("text", AS_TEXT, most=MOST_TEXT) from None
