"""A programme manager words, orders and retires what a session or an opening asks. Each change is a version more.

Where families have seats already, or wait for one, it has a reason and an entry in the ledger. A question keeps its key
and its kind, and a choice its value, however they are worded: so answers that were given stay answers to what they
answered. From then on it keeps its purpose too: nobody reads an answer whom its family was not told of.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from chalicelib.city.ledger import table as ledger
from chalicelib.city.ledger.rules import LedgerAct
from chalicelib.core.http import fields
from chalicelib.core.http.fields import LINE, LINES, Field, Model, OrNull, Several, Text, TrueOrFalse, Whole, check
from chalicelib.core.http.problems import CHANGED, INVALID, Problem, existing, invalid, not_now
from chalicelib.core.languages import LANGUAGES, N_
from chalicelib.core.refusals import Refused
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.openings import table as openings
from chalicelib.programme.questions import table
from chalicelib.programme.questions.rules import (
    MOST_BYTES,
    MOST_CHOICE,
    MOST_CHOICES,
    MOST_HELP,
    MOST_LABEL,
    MOST_NUMBER,
    MOST_QUESTIONS,
    MOST_TEXT,
    OF_CAMPS,
    OF_OPENING,
    Choice,
    Purpose,
    Question,
    QuestionKind,
    QuestionSet,
    in_order,
    is_key,
    schema_of,
)
from chalicelib.programme.sessions import table as programme
from chalicelib.seats import table as seats_table
from chalicelib.seats.rules import Seats

IS_DRAFT = N_("This camp is still a draft. Complete it first: then you can ask questions for it.")
IS_CANCELLED = N_("This camp is cancelled: nothing is asked for it any more.")
AS_LABEL = N_("Write the question in each language, in at most 200 characters.")
AS_HELP = N_("Explain it in at most 500 characters.")
AS_CHOICES = N_("Give 2 to 20 answers to choose from.")
AS_CHOICE_TEXT = N_("Write each answer in each language, in at most 100 characters.")
AS_PURPOSE = N_("Choose who needs the answer.")
AS_LENGTH = N_("Give how many characters an answer may have: 1 to 1,000.")
AS_BOUND = N_("Give a whole number from 0 to 1,000,000.")
AS_PLACE = N_("Give a place in the order, as a whole number.")
PURPOSE_STAYS = N_(
    "Families were told who reads their answers, so this stays. Retire the question and make another one for this."
)
IN_ORDER = N_("The highest number must not be lower than the lowest one.")
SAME_LABEL = N_("Two answers read the same. Families could not tell them apart.")
TOO_MANY = N_("There is room for 20 questions. Retire one first.")
TOO_LONG = N_("All questions together, retired ones too, are too long. Shorten the explanations or the answers.")

# Of a key or value that is made of a text: room is left for a number behind it.
MOST_OF_A_NAME = 30


def _in_each(each: Field, expects: str) -> Model:
    return Model(dict.fromkeys(LANGUAGES, each), expects=expects)


_CHOICE = Model(
    {
        "value": OrNull(Text(AS_CHOICE_TEXT, "[a-z0-9_]{1,40}", 40)),
        "label": _in_each(Text(AS_CHOICE_TEXT, LINE, MOST_CHOICE), AS_CHOICE_TEXT),
    },
    expects=AS_CHOICE_TEXT,
)
_ALWAYS: dict[str, Field] = {
    "label": _in_each(Text(AS_LABEL, LINE, MOST_LABEL), AS_LABEL),
    "help": _in_each(OrNull(Text(AS_HELP, LINES, MOST_HELP)), AS_HELP),
    "required": TrueOrFalse(default=False),
    "purpose": fields.Choice(AS_PURPOSE, [one.value for one in Purpose]),
}
_CHOICES: dict[str, Field] = {"choices": Several(AS_CHOICES, _CHOICE, MOST_CHOICES, least=2, may_repeat=True)}
_OF_KIND: dict[QuestionKind, dict[str, Field]] = {
    QuestionKind.CHOICE: _CHOICES,
    QuestionKind.SEVERAL: _CHOICES,
    QuestionKind.TEXT: {"most": Whole(AS_LENGTH, 1, MOST_TEXT)},
    QuestionKind.NUMBER: {"least": Whole(AS_BOUND, 0, MOST_NUMBER), "most": Whole(AS_BOUND, 0, MOST_NUMBER)},
}
# By its kind, what a question is made of.
MODELS = {kind: Model({**_ALWAYS, **_OF_KIND.get(kind, {})}) for kind in QuestionKind}


@dataclass(frozen=True)
class Editable:
    """What a session or an opening (`of`: its id) asks, as it was read to be changed. `current`: None: nothing so far.
    `concerned`: the seats of the sessions in which it is asked; none, while the opening is a draft. `provided`: what
    must still be so at the write. `of_opening`: whether it is an opening's. `purposes`: what its questions may be for.
    `keep`: stores another version, in the place of the table of camps' questions; raises Problem `changed`."""

    of: str
    of_opening: bool
    current: QuestionSet | None
    concerned: Sequence[Seats]
    provided: Sequence[table.Write] = ()
    purposes: Sequence[Purpose] = OF_CAMPS
    keep: Callable[[QuestionSet], None] | None = None

    @property
    def version(self) -> int:
        return self.current.version if self.current else 0

    @property
    def questions(self) -> tuple[Question, ...]:
        return self.current.questions if self.current else ()

    @property
    def retired(self) -> tuple[Question, ...]:
        return self.current.retired if self.current else ()

    @property
    def needs_reason(self) -> bool:
        """Whether families have seats already or wait for one, and may have answered, so that a change is for the
        ledger."""
        return any(seats.children or seats.queued for seats in self.concerned)

    def question(self, key: str) -> Question:
        """One that is asked now; raises Problem `not-found`."""
        return existing(next((one for one in self.questions if one.key == key), None))


@dataclass(frozen=True)
class Deed:
    """Who changes the version that they saw, and why; the reason counts where one is needed."""

    version: int
    by: Staff
    reason: str
    now: datetime


def of_session(session_id: str) -> Editable:
    """Raises Problem `not-found`; `not-now` for a draft, whose id still changes, and for a camp that is cancelled."""
    session = existing(programme.get(session_id))
    if session.missing:
        raise not_now(IS_DRAFT)
    if session.cancelled_at:
        raise not_now(IS_CANCELLED)
    seats = seats_table.get([session_id])
    return Editable(session_id, False, table.get(session_id), list(seats.values()))


def of_opening(opening_id: str) -> Editable:
    """A published opening's questions are asked in its sessions at once, a draft's as soon as it is published. Raises
    Problem `not-found`."""
    opening, edition = existing(openings.get(opening_id))
    seats = seats_table.get(opening.plan.session_ids) if opening.is_live else {}
    as_read = [openings.unchanged(opening_id, edition)]
    return Editable(opening_id, True, table.get(opening_id), list(seats.values()), as_read)


def wanted(content: Any, kind: QuestionKind, before: Question | None = None) -> Question:
    """What was typed for a question of this kind, still without a key; raises Problem `invalid`. `before`: as it was,
    whose choices keep their values."""
    given: Mapping[str, Any] = check(MODELS[kind], content)
    known = before.values if before else ()
    choices: list[Choice] = []
    for place, one in enumerate(given.get("choices", ())):
        if any(set(one["label"].items()) & set(other.label.items()) for other in choices):
            raise invalid(f"choices[{place}].label.{LANGUAGES[0]}", SAME_LABEL)
        taken = {*known, *(other.value for other in choices)}
        is_known = one["value"] in known and one["value"] not in [other.value for other in choices]
        choices.append(Choice(one["value"] if is_known else _name(one["label"], taken), one["label"]))
    bounds = {name: given[name] for name in ("least", "most") if name in given}
    if kind is QuestionKind.NUMBER and bounds["most"] < bounds["least"]:
        raise invalid("most", IN_ORDER)
    return Question(
        key="",
        kind=kind,
        label=given["label"],
        required=given["required"],
        purpose=Purpose(given["purpose"]),
        help={language: text for language, text in given["help"].items() if text},
        choices=tuple(choices),
        **bounds,
    )


def save(found: Editable, question: Question, deed: Deed, wish: str = "") -> QuestionSet:
    """Puts a question that was made by `wanted` in the place of the one whose key it has, or as a new one at the end.
    `wish`: the key of the example that a new one is made of.

    Raises Problem `changed` if there is a newer version, or somebody registered meanwhile; `invalid`."""
    if question.purpose not in found.purposes:
        raise invalid("purpose", AS_PURPOSE)
    if question.key:
        before = found.question(question.key)
        if before.kind is not question.kind:
            raise Problem(INVALID)
        if before.purpose is not question.purpose and found.needs_reason:
            raise invalid("purpose", PURPOSE_STAYS)
        questions = [question if one.key == question.key else one for one in found.questions]
    else:
        questions = [*found.questions, replace(question, key=new_key(found, question.label, wish))]
    return _change(found, questions, found.retired, deed)


def arrange(
    found: Editable, places: Mapping[str, int], retire: Collection[str], again: Collection[str], deed: Deed
) -> QuestionSet:
    """Another order, without the questions that are retired, and with those that are asked again at the end. `places`:
    as of `in_order`. Raises what `save` raises."""
    ordered = in_order(found.questions, places)
    asked = [one for one in ordered if one.key not in retire]
    asked += [one for one in found.retired if one.key in again]
    gone = [one for one in found.retired if one.key not in again]
    gone += [one for one in ordered if one.key in retire]
    return _change(found, asked, gone, deed)


def new_key(found: Editable, label: Mapping[str, str], wish: str = "") -> str:
    """A key that no question of this set ever had. `wish`: of an example."""
    before = OF_OPENING if found.of_opening else ""
    taken = {one.key for one in (*found.questions, *found.retired)}
    name = wish or _name(label, ())
    if not is_key(before + name, found.of_opening):
        name = f"q_{name}"
    return _free(before + name, taken)


def _change(found: Editable, questions: Sequence[Question], retired: Sequence[Question], deed: Deed) -> QuestionSet:
    if deed.version != found.version:
        raise Problem(CHANGED)
    if len(questions) > MOST_QUESTIONS:
        raise invalid("questions", TOO_MANY)
    now = deed.now.astimezone(UTC).replace(microsecond=0)
    new = QuestionSet(found.of, found.version + 1, tuple(questions), now, deed.by, tuple(retired))
    if len(json.dumps(schema_of(new), ensure_ascii=False).encode()) > MOST_BYTES:
        raise invalid("questions", TOO_LONG)
    if (new.questions, new.retired) == (found.questions, found.retired):
        if found.current and not found.keep:
            _repeat(found.current, found.concerned)
        return found.current or new
    if found.keep:
        found.keep(new)
        return new
    try:
        if found.needs_reason:
            table.store(new, found.concerned, found.provided, partial(_record, found, new, deed))
        else:
            table.store(new, found.concerned, found.provided, is_untouched=True)
    except Refused:
        if len(found.concerned) > table.MOST_AT_ONCE:  # some of them may have been told of this version already
            _repeat(table.get(found.of) or replace(new, questions=(), version=0), found.concerned)
        raise Problem(CHANGED) from None
    return new


def _repeat(current: QuestionSet, concerned: Sequence[Seats]) -> None:
    """Raises Problem `changed` if there is a later version by now, whose seats are not to be told of this one."""
    try:
        table.repeat(current, concerned)
    except Refused:
        raise Problem(CHANGED) from None


def _record(found: Editable, new: QuestionSet, deed: Deed, writes: Sequence[table.Write]) -> None:
    ledger.record(
        LedgerAct.QUESTIONS_CHANGED,
        deed.by,
        deed.reason,
        deed.now,
        opening_id=found.of if found.of_opening else None,
        session_id=None if found.of_opening else found.of,
        details={
            "version": new.version,
            "questions": len(new.questions),
            "required": sum(one.required for one in new.questions),
        },
        together_with=writes,
    )


def _name(label: Mapping[str, str], taken: Collection[str]) -> str:
    """What a text is called in a schema: `What does your child eat?` is `what_does_your_child_eat`."""
    text = unicodedata.normalize("NFKD", label["en"]).encode("ascii", "ignore").decode().lower()
    name = re.sub("[^a-z0-9]+", "_", text)[:MOST_OF_A_NAME].strip("_")
    return _free(name or "answer", taken)


def _free(name: str, taken: Collection[str]) -> str:
    return next(one for one in (name, *(f"{name}_{number}" for number in range(2, 999))) if one not in taken)
