"""The use cases: a family answers the city's questions about its children, or the desk does for it on the phone; and
what is still missing before its seats can be its own for good.

Answers are of a registration that stands: a seat, one that is held, or a place on the waiting list. They are merged
into what was given before, on the condition that nobody else changed it meanwhile and that the registration stands: so
nothing is answered that nobody would ever delete.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import ModuleType
from typing import Any

from chalicelib.booking.answers import table
from chalicelib.booking.answers.rules import MOST_BYTES, Answers, AnswerValue, entered, missing
from chalicelib.booking.registrations import register
from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import Registration, RegistrationStatus, Standing
from chalicelib.core.http.fields import MOST_ERRORS, JsonSchema, Model, check
from chalicelib.core.http.problems import ANSWERS_MISSING, CHANGED, INVALID, FieldError, Problem, invalid, not_now
from chalicelib.core.languages import N_
from chalicelib.core.refusals import Refused
from chalicelib.core.table import transact_write_patiently
from chalicelib.people.child_info.rules import Editor
from chalicelib.people.families.rules import Bearer
from chalicelib.programme.questions import table as questions
from chalicelib.programme.questions.rules import Asked, Question

# How often a change is tried that another one came before.
TRIES = 3
FIELD = "answers"

AS_CHILD = N_("Name children of this registration.")
AS_ANSWERS = N_("Give the answers about this child by their keys.")
UNANSWERED = N_("Answer this question.")
TOO_MUCH = N_("All answers together are too long. Shorten what you wrote.")
OVER = N_("This registration is cancelled. There is nothing to answer any more.")


class AnswersByChild(Model):
    """child_id to key to value: which there may be, the registration and its questions say."""

    def __init__(self) -> None:
        super().__init__({})

    def read(self, value: Any, path: str, errors: list[FieldError]) -> Any:
        if isinstance(value, Mapping):
            return value
        errors.append(FieldError(path or "body", self.expects))
        return {}

    def json_schema(self) -> JsonSchema:
        several = {"type": "array", "items": {"type": "string"}}
        value = {"anyOf": [{"type": one} for one in ("string", "boolean", "integer", "null")] + [several]}
        return {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": value}}


ANSWERS = AnswersByChild()


@dataclass(frozen=True)
class Questioned:
    """A registration with what it is asked and what was answered."""

    registration: Registration
    standing: Standing
    asked: Asked
    answers: Answers

    @property
    def missing(self) -> dict[str, list[str]]:
        """child_id to the keys of required questions without a valid answer."""
        return missing(self.asked.questions, self.answers, self.registration.child_ids, suffices)


def look_up(who: Bearer, registration_id: str, now: datetime) -> Questioned:
    """Raises Problem `not-found`, for another family's too."""
    return of(*register.look_up(who, registration_id, now), now)


def of(found: Registration, standing: Standing, now: datetime) -> Questioned:
    """Of a session that asks nothing no answer is read."""
    asked = questions.questions_of(found.session_id, now)
    answers = table.get(found.registration_id) if asked.questions else Answers(found.registration_id)
    return Questioned(found, standing, asked, answers)


def answer(who: Bearer, registration_id: str, content: Any, now: datetime, by: Editor | None = None) -> Questioned:
    """`content`: child_id to key to value. What is left out keeps its answer, null takes it away. `by`: the desk.

    Raises Problem `invalid` that names each wrong field, `answers.<child_id>.<key>`, `not-found`, `not-now` for what is
    cancelled, and `changed` if others change it all the time; nothing is stored then."""
    for _ in range(TRIES):
        found, standing = register.look_up(who, registration_id, now)
        if standing.status is RegistrationStatus.CANCELLED:
            raise not_now(OVER)
        asked = questions.questions_of(found.session_id, now, is_fresh=True)
        wanted = _checked(asked, found.child_ids, content)
        before = table.get(registration_id)
        after = entered(before, wanted, versions(asked), now, by)
        if after is before:
            return Questioned(found, standing, asked, before)
        if table.size(after) > MOST_BYTES:
            raise invalid(FIELD, TOO_MUCH)
        try:
            transact_write_patiently([table.replacing(after, now), registrations.unchanged(found)])
        except Refused:  # others answered, or the registration ended or lost a child
            continue
        return Questioned(found, standing, asked, after)
    raise Problem(CHANGED)


def must_suffice(found: Registration, now: datetime, *, trusts_seats: bool) -> list[table.Write]:
    """The conditions of the transaction that makes its seats final: what is asked and what was answered is still as it
    is now. `trusts_seats`: none for a session that requires nothing; then the seats' own condition is that they do not
    ask. Raises Problem `answers-missing`, which names each."""
    asked = questions.questions_of(found.session_id, now, is_fresh=True)
    if not asked.required:
        return [] if trusts_seats else questions.still_asks(found.session_id, asked, now)
    answers = table.get(found.registration_id)
    unanswered = missing(asked.required, answers, found.child_ids, suffices)
    if unanswered:
        errors = [FieldError(field(child, key), UNANSWERED) for child, keys in unanswered.items() for key in keys]
        raise Problem(ANSWERS_MISSING, {"child_ids": list(unanswered)}, errors[:MOST_ERRORS])
    return [table.standing(answers), *questions.still_asks(found.session_id, asked, now)]


def lacking(records: Iterable[Registration], now: datetime) -> dict[str, list[str]]:
    """registration_id to the children of whom a required question is unanswered; who lacks none is left out. A read for
    those alone whose session requires something."""
    asking = [(one, required) for one in records if (required := questions.questions_of(one.session_id, now).required)]
    answers = table.several(one.registration_id for one, _ in asking) if asking else {}
    found = {
        one.registration_id: list(missing(required, answers[one.registration_id], one.child_ids, suffices))
        for one, required in asking
    }
    return {registration_id: children for registration_id, children in found.items() if children}


def of_several(records: Sequence[Registration], now: datetime) -> list[str]:
    """The children of `lacking`, of registrations of one family."""
    return list(dict.fromkeys(child for children in lacking(records, now).values() for child in children))


def versions(asked: Asked) -> dict[str, int]:
    """By key, under which version each is asked."""
    return {question.key: one.version for one in asked.sets for question in one.questions}


def field(child_id: str, key: str) -> str:
    """As forms and refusals call an answer."""
    return f"{FIELD}.{child_id}.{key}"


def _checked(asked: Asked, child_ids: Sequence[str], content: Any) -> dict[str, dict[str, AnswerValue | None]]:
    errors: list[FieldError] = []
    wanted: dict[str, dict[str, AnswerValue | None]] = {}
    for child, given in check(ANSWERS, content).items():
        if child not in child_ids:
            errors.append(FieldError(f"{FIELD}.{child}", AS_CHILD))
        elif not isinstance(given, Mapping):
            errors.append(FieldError(f"{FIELD}.{child}", AS_ANSWERS))
        else:
            wanted[child] = _checks().checked(asked.questions, given, f"{FIELD}.{child}", errors)
            half = [key for key, value in wanted[child].items() if isinstance(value, str) and not _is_whole(value)]
            errors += [FieldError(field(child, key), *_by_key(asked, key).expects) for key in half]
    if errors:
        raise Problem(INVALID, errors=errors[:MOST_ERRORS])
    return wanted


def _is_whole(text: str) -> bool:
    """False for half of a surrogate pair, which nothing can store."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _by_key(asked: Asked, key: str) -> Question:
    return next(one for one in asked.questions if one.key == key)


def suffices(question: Question, value: AnswerValue) -> bool:
    """Whether what was given earlier is an answer to the question as it is now."""
    return bool(_checks().is_answer(question, value))


def _checks() -> ModuleType:
    from chalicelib.programme.questions import checking  # noqa: PLC0415 who asks nothing does without its library

    return checking
