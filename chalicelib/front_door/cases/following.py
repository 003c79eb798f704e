"""A citizen's deeds on their own case, by its receipt and secret: they add words, close it, open it again, say
whether the answer helped. Each is one change (acting.py), on the condition that the case is as the page showed it."""

from datetime import date, datetime, timedelta
from typing import Any

from chalicelib.core.http.problems import not_now
from chalicelib.core.languages import N_
from chalicelib.core.moments import today
from chalicelib.front_door.cases.acting import BY_CITIZEN, NOT_FROM_HERE, Deed, change
from chalicelib.front_door.cases.rules import Act, Case, CaseStatus
from chalicelib.front_door.deadlines import DeadlineRule, answer_by, when_worked
from chalicelib.front_door.forms import table as forms

# After the last answer or closing. Later, what comes is a new case: the people and the facts are others by then.
REOPENED_WITHIN = timedelta(days=60)
MOST_WORDS = 2_000
# Changes of one case by whoever holds its link: no stranger makes an item without an end of it.
MOST_EDITIONS = 300

TOO_LATE = N_("This case was answered too long ago to be opened again. Send the form again, and name the number.")
TOO_MUCH = N_("There is a lot in this case already. Call the city, and name the number.")
IS_OVER = N_("This case is answered or closed. Open it again, and say why.")


def say(case: Case, text: str, now: datetime) -> Case:
    """Adds the citizen's words; a case that waited for them is in the hands of its unit again. Raises Problem
    `not-now`, Interfered, Busy."""
    if not case.is_in_hand:
        raise not_now(IS_OVER)
    status = CaseStatus.IN_PROGRESS if case.status is CaseStatus.WAITING_FOR_CITIZEN else None
    return _change(case, Deed(Act.REPLIED, BY_CITIZEN, now, status, text))


def close(case: Case, text: str, now: datetime) -> Case:
    """The citizen needs no answer, or no other one. `text`: why; may be empty."""
    if case.status is CaseStatus.CLOSED:
        raise not_now(NOT_FROM_HERE)
    # The day of the last answer stays: closing what was answered answers nothing.
    changes = {"answered_on": today(now)} if case.is_in_hand else {}
    return _change(case, Deed(Act.CLOSED, BY_CITIZEN, now, CaseStatus.CLOSED, text, changes=changes))


def reopen(case: Case, why: str, now: datetime) -> Case:
    """It is in the inbox of its unit again, with the deadline of a new one; a duplicate stands by itself again."""
    if not can_reopen(case, today(now)):
        raise not_now(NOT_FROM_HERE if case.is_in_hand else TOO_LATE)
    return _change(case, Deed(Act.REOPENED, BY_CITIZEN, now, CaseStatus.REOPENED, why, changes=reopening(case, now)))


def reopening(case: Case, now: datetime) -> dict[str, Any]:
    """The changes of a case that comes back from its citizen: the form's whole time begins anew."""
    return {
        "reopened": case.reopened + 1,
        "answer_by": new_deadline(case, now),
        "more_days": 0,
        "first_due": None,
        "merged_into": "",
        "helped": None,
    }


def resuming(case: Case, rule: DeadlineRule, now: datetime) -> dict[str, Any]:
    """The changes of a case that the city opens again by itself: it has the days that were left, or is as late as it
    was. Nobody wins time by answering and opening again, nor by closing."""
    left = case.answer_by - (case.answered_on or today(now))
    by = when_worked(rule, today(now) + left)
    first = case.first_due + (by - case.answer_by) if case.first_due else None
    return reopening(case, now) | {"answer_by": by, "more_days": case.more_days, "first_due": first}


def say_helped(case: Case, helped: bool, now: datetime) -> Case:
    """Whether the answer helped; it may be said otherwise later. Saying the same again changes nothing."""
    if case.is_in_hand:
        raise not_now(NOT_FROM_HERE)
    if case.helped is helped:
        return case
    return _change(case, Deed(Act.HELPED, BY_CITIZEN, now, changes={"helped": helped}))


def can_reopen(case: Case, day: date) -> bool:
    return not case.is_in_hand and day <= reopen_until(case)


def reopen_until(case: Case) -> date:
    """The last day on which the citizen can open it again."""
    return (case.answered_on or today(case.received_at)) + REOPENED_WITHIN


def new_deadline(case: Case, now: datetime) -> date:
    """The last day that is in time for a case that is opened again: as for one that comes today."""
    form = forms.version(case.form_id, case.form_version)
    assert form is not None, "the version of a case was published, and stays"
    return answer_by(form.deadline, today(now))


def _change(case: Case, deed: Deed) -> Case:
    if case.edition >= MOST_EDITIONS:
        raise not_now(TOO_MUCH)
    return change(case, deed)
