"""The daybook in the table. It is kept for ever: nothing in it is about a person.

| pk          | sk      | what                                       |
| ----------- | ------- | ------------------------------------------ |
| DAYBOOK#day | case_id | a case that came on that day, and its state |

Written behind the stream, so that it is a count of its own beside the inboxes: the two are compared each day.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.core import table
from chalicelib.core.refusals import went_through
from chalicelib.front_door.cases import table as cases
from chalicelib.front_door.cases.rules import Case, Way
from chalicelib.front_door.daybook.rules import DaybookLine, DaybookState, Handling, handling_of, line_of
from chalicelib.front_door.forms import table as forms
from chalicelib.front_door.forms.rules import FormKind

PREFIX = "DAYBOOK#"


class DaybookItem(table.Item):
    form_id = UnicodeAttribute()
    kind = UnicodeAttribute()
    way = UnicodeAttribute()
    unit_id = UnicodeAttribute()
    state = UnicodeAttribute()
    digest = UnicodeAttribute()
    answer_by = UnicodeAttribute()
    answered_on = UnicodeAttribute(null=True)
    reopened = NumberAttribute()
    helped = BooleanAttribute(null=True)
    is_confidential = BooleanAttribute(null=True)
    edition = NumberAttribute()
    ends_on = UnicodeAttribute(null=True)
    gone = BooleanAttribute(null=True)
    hands = NumberAttribute(null=True)
    minutes = NumberAttribute(null=True)
    sent_back = NumberAttribute(null=True)


def line_for(case: Case, handling: Handling | None = None) -> DaybookLine:
    """The line of a case as it stands now."""
    form = forms.version(case.form_id, case.form_version)
    assert form is not None, "the version of a case was published, and stays"
    return line_of(case, form.kept_months, handling)


def note(case: Case) -> bool:
    """Writes down how a case stands, and of one that is answered what it took, unless a later edition of it is written
    down already; a canary is not. Whether it was written."""
    if case.is_canary:
        return False
    handling = None if case.is_in_hand else handling_of(case, cases.history(case))
    line = line_for(case, handling)
    item = DaybookItem(
        PREFIX + line.day.isoformat(),
        line.case_id,
        form_id=line.form_id,
        kind=line.kind.value,
        way=line.way.value,
        unit_id=line.unit_id,
        state=line.state.value,
        digest=line.digest,
        answer_by=line.answer_by.isoformat(),
        answered_on=line.answered_on.isoformat() if line.answered_on else None,
        reopened=line.reopened,
        helped=line.helped,
        is_confidential=line.is_confidential or None,
        edition=line.edition,
        ends_on=line.ends_on.isoformat() if line.ends_on else None,
        hands=handling.hands if handling else None,
        minutes=handling.minutes if handling else None,
        sent_back=handling.sent_back if handling else None,
    )
    is_newer = DaybookItem.pk.does_not_exist() | (DaybookItem.edition < line.edition)
    return went_through(lambda: item.save(condition=is_newer))


def mark_gone(line: DaybookLine) -> None:
    """The case of this line is kept no more."""
    item = DaybookItem(PREFIX + line.day.isoformat(), line.case_id)
    item.update([DaybookItem.gone.set(True)], DaybookItem.pk.exists())


def get(day: date, case_id: str) -> DaybookLine | None:
    """One consistent read."""
    item = DaybookItem.find(PREFIX + day.isoformat(), case_id)
    return _read(item) if item else None


def of_day(day: date) -> Iterator[DaybookLine]:
    """The cases that came on a day. Pages."""
    return map(_read, DaybookItem.query(PREFIX + day.isoformat(), consistent_read=True))


def _read(item: Any) -> DaybookLine:
    return DaybookLine(
        day=date.fromisoformat(item.pk.removeprefix(PREFIX)),
        case_id=item.sk,
        form_id=item.form_id,
        kind=FormKind(item.kind),
        way=Way(item.way),
        unit_id=item.unit_id,
        state=DaybookState(item.state),
        digest=item.digest,
        answer_by=date.fromisoformat(item.answer_by),
        answered_on=date.fromisoformat(item.answered_on) if item.answered_on else None,
        reopened=int(item.reopened),
        helped=item.helped,
        is_confidential=bool(item.is_confidential),
        edition=int(item.edition),
        ends_on=date.fromisoformat(item.ends_on) if item.ends_on else None,
        is_gone=bool(item.gone),
        handling=None if item.hands is None else Handling(int(item.hands), _whole(item.minutes), int(item.sent_back)),
    )


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)
