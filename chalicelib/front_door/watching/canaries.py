"""The canary of a form: a case that goes the whole way, as a citizen's would, and is in no list and no count.

It has the same receipt each time, so that one which broke off is found by the next one and removed first.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from chalicelib.core import table as items
from chalicelib.core.moments import today
from chalicelib.front_door.cases import acting, sending, table
from chalicelib.front_door.cases.acting import BY_STORMLOOP, Deed
from chalicelib.front_door.cases.rules import Act, Case, CaseStatus, Contact, Place, Way
from chalicelib.front_door.cases.sending import CaseRequest
from chalicelib.front_door.forms.rules import ContactRule, Form, PlaceRule
from chalicelib.programme.questions.rules import Question, QuestionKind

WORDS = "Canary"


class Stopped(Exception):
    """Where the canary was stopped: the step that did not do what it must."""

    def __init__(self, step: str) -> None:
        super().__init__(step)
        self.step = step


def fly(form: Form, now: datetime) -> str:
    """Sends the canary of a published form to its end. "" if it came through, else the step at which it was stopped.
    Four transactions and eight reads."""
    step = "sent"
    try:
        case = _sent(form, now)
        step = "in-inbox"
        _must(table.in_inbox(case), step)
        step = "receipt"
        _must(sending.opened(case.receipt, case.secret) == case, step)
        step = "taken"
        case = acting.change(case, Deed(Act.TAKEN, BY_STORMLOOP, now, CaseStatus.IN_PROGRESS))
        step = "answered"
        answered = Deed(
            Act.ANSWERED, BY_STORMLOOP, now, CaseStatus.ANSWERED, WORDS, changes={"answered_on": today(now)}
        )
        case = acting.change(case, answered)
        _must(not table.in_inbox(case), step)
        _must([one.act for one in table.history(case)][-2:] == [Act.TAKEN, Act.ANSWERED], step)
        step = "removed"
        remove(case)
        _must(table.get(case.case_id) is None, step)
    except Exception:  # noqa: BLE001 whatever it was, a citizen's case would have met it
        return step
    return ""


def remove(case: Case) -> None:
    assert case.is_canary
    items.transact_write(table.removing(case, table.history(case)))


def answers_of(form: Form) -> dict[str, Any]:
    """What the canary answers: to each question that must be answered."""
    return {question.key: _answer(question) for question in form.questions if question.required}


def _sent(form: Form, now: datetime) -> Case:
    request = _request(form)
    sent = sending.send(request, now)
    if sent.is_new:
        return sent.case
    remove(sent.case)  # one that broke off
    return sending.send(request, now).case


def _request(form: Form) -> CaseRequest:
    contact = Contact(address=WORDS) if form.contact is ContactRule.REQUIRED else Contact()
    place = Place(51.2, 3.6, WORDS) if form.place is PlaceRule.REQUIRED else None
    return CaseRequest(form.form_id, answers_of(form), Way.PAGE, "canary", form.version, contact, place, is_canary=True)


def _answer(question: Question) -> Any:
    answers: Mapping[QuestionKind, Any] = {
        QuestionKind.CHOICE: question.values[0] if question.values else "",
        QuestionKind.SEVERAL: list(question.values[:1]),
        QuestionKind.YES_NO: True,
        QuestionKind.TEXT: (WORDS * (question.least // len(WORDS) + 1))[: question.most],
        QuestionKind.NUMBER: question.least,
        QuestionKind.DATE: date(2000, 1, 3).isoformat(),
    }
    return answers[question.kind]


def _must(is_so: bool, step: str) -> None:
    if not is_so:
        raise Stopped(step)
