"""Visits to the desk that the home counter avoided, by kind: counted from the certificates that were issued."""

from dataclasses import dataclass

from chalicelib.front_door.counter import table
from chalicelib.front_door.counter.issuing import BY_DESK, BY_SIGN_IN, WITHDRAWN
from chalicelib.front_door.counter.kinds import BY_FORM
from chalicelib.front_door.forms import table as forms
from chalicelib.programme.questions.rules import said


@dataclass(frozen=True)
class KindFigures:
    """Of one kind in a year. `issued`: all; `at_desk`: those whose people showed a document at the desk; `avoided`: the
    others, who came for it not once. `withdrawn`: certificates that were withdrawn in that year."""

    form_id: str
    title: str
    issued: int
    at_desk: int
    withdrawn: int

    @property
    def avoided(self) -> int:
        return self.issued - self.at_desk


def of_year(year: int, language: str) -> list[KindFigures]:
    """By title. Kinds of which nothing was counted are left out."""
    counted, published = table.figures(year), forms.published()
    found = []
    for form_id in sorted({form_id for name, form_id in counted if name in (BY_DESK, BY_SIGN_IN, WITHDRAWN)}):
        form, kind = published.get(form_id), BY_FORM.get(form_id)
        title = said(form.title if form else kind.title if kind else {}, language) or form_id
        at_desk = counted[BY_DESK, form_id]
        issued = at_desk + counted[BY_SIGN_IN, form_id]
        found.append(KindFigures(form_id, title, issued, at_desk, counted[WITHDRAWN, form_id]))
    return sorted(found, key=lambda one: one.title)
