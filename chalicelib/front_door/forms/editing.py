"""A programme manager makes a form: begins it, and changes its draft part by part. What is published never changes.

Each change is on the condition of the edition that somebody saw: of two who change one draft, the second one is told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from chalicelib.core import table as items
from chalicelib.core.http.fields import LINE, LINES, Choice, Day, Field, Model, OrNull, Text, TrueOrFalse, Whole, check
from chalicelib.core.http.problems import CHANGED, Problem, existing, invalid, not_now
from chalicelib.core.languages import LANGUAGES, N_
from chalicelib.core.refusals import Refused
from chalicelib.front_door.deadlines import COUNTRIES, MOST_DAYS, DayCount, DeadlineRule
from chalicelib.front_door.forms import table
from chalicelib.front_door.forms.examples import EXAMPLES
from chalicelib.front_door.forms.rules import (
    FORM_ID,
    MOST_PHOTOS,
    ContactRule,
    Form,
    FormHead,
    FormKind,
    PlaceRule,
    RoutingRule,
)
from chalicelib.front_door.routing.branches import MOST_RULES, values_of
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.questions.editing import Editable
from chalicelib.programme.questions.rules import Purpose, Question, QuestionKind, QuestionSet

# As many forms can go dark with one unit, in one transaction.
MOST_TITLE, MOST_TEXT, MOST_LAW, MOST_LINK, MOST_FORMS = 100, 1_500, 200, 300, 90
MOST_MONTHS = 120
LINK = r"https://[A-Za-z0-9.-]+\.[A-Za-z]{2,63}(/[!-~]*)?"

AS_FORM_ID = N_(
    "Give the address 2 to 40 small letters, figures and hyphens, beginning with a letter: for example “street”."
)
IS_TAKEN = N_("There is a form with this address already. Choose another one.")
TOO_MANY = N_("There is room for 90 forms. Change one that you no longer need.")
AS_TITLE = N_("Write the title in each language, in at most 100 characters.")
AS_INTRO = N_("Write the introduction in each language, in at most 1,500 characters.")
AS_RECEIPT = N_("Write in each language what the receipt says, in at most 1,500 characters.")
AS_IF_NOT = N_("Write in each language what to do if no answer comes, in at most 1,500 characters.")
AS_AT_ONCE = N_("Say in at most 1,500 characters where it is given at once.")
AS_LINK = N_("Give a whole address that begins with https://.")
AS_KIND = N_("Choose what kind of form it is.")
AS_OWNER = N_("Choose the unit that answers.")
AS_DAYS = N_("Give a whole number of days, from 1 to 180.")
AS_COUNTED = N_("Choose which days count.")
AS_COUNTRY = N_("Choose whose public holidays count.")
AS_MORE_DAYS = N_("Give by how many days it may be lengthened, from 0 to 180.")
AS_LAW = N_("Name the law or the regulation in at most 200 characters.")
AS_CONTACT = N_("Choose whether the sender must say how to reach them.")
AS_PLACE = N_("Choose whether a place is asked for.")
AS_PHOTOS = N_("Give how many photos may be sent, from 0 to 5.")
AS_MONTHS = N_("Give how many months it is kept after it is closed, from 1 to 120.")
AS_RULE = N_("Choose the unit, and which answer or which area the rule is about.")
AS_PLACE_OF_RULE = N_("Give a place in the order, as a whole number.")
REVERSED = N_("The last day must not be before the first one.")
ROOM_FOR_RULES = N_("There is room for 20 rules.")
NO_DRAFT = N_("What is published does not change. Begin a new version, and change that one.")
IS_DRAFT = N_("There is a draft already. Change that one.")


def _in_each(text: Field, expects: str) -> Model:
    return Model(dict.fromkeys(LANGUAGES, text), expects=expects)


def _texts(expects: str) -> Model:
    return _in_each(Text(expects, LINES, MOST_TEXT), expects)


PARTS: Mapping[str, Model] = {
    "texts": Model(
        {
            "kind": Choice(AS_KIND, list(FormKind)),
            "title": _in_each(Text(AS_TITLE, LINE, MOST_TITLE), AS_TITLE),
            "intro": _texts(AS_INTRO),
        }
    ),
    "answering": Model(
        {
            "owner": Text(AS_OWNER, LINE, 60),
            "days": Whole(AS_DAYS, 1, MOST_DAYS),
            "counted": Choice(AS_COUNTED, list(DayCount)),
            "country": Choice(AS_COUNTRY, COUNTRIES),
            "most_more_days": Whole(AS_MORE_DAYS, 0, MOST_DAYS),
            "law": OrNull(Text(AS_LAW, LINE, MOST_LAW)),
        }
    ),
    "receipt": Model({"receipt": _texts(AS_RECEIPT), "if_not": _texts(AS_IF_NOT)}),
    "sender": Model(
        {
            "contact": Choice(AS_CONTACT, list(ContactRule)),
            "place": Choice(AS_PLACE, list(PlaceRule)),
            "most_photos": Whole(AS_PHOTOS, 0, MOST_PHOTOS),
            "is_confidential": TrueOrFalse(default=False),
            "kept_months": Whole(AS_MONTHS, 1, MOST_MONTHS),
        }
    ),
    "dates": Model(
        {
            "opens_on": OrNull(Day()),
            "closes_on": OrNull(Day()),
            "at_once": _in_each(OrNull(Text(AS_AT_ONCE, LINES, MOST_TEXT)), AS_AT_ONCE),
            "at_once_link": OrNull(Text(AS_LINK, LINK, MOST_LINK)),
        }
    ),
}


@dataclass(frozen=True)
class Draft:
    """A draft as it was read to be changed."""

    head: FormHead
    form: Form
    edition: int


def begin(form_id: str, example: str, by: Staff) -> None:
    """A form that did not exist, with a first draft. `example`: the name of one that is shipped; "": empty. Raises
    Problem `invalid`, also for an address that is taken."""
    if not FORM_ID.fullmatch(form_id):
        raise invalid("form_id", AS_FORM_ID)
    if len(table.heads()) >= MOST_FORMS:
        raise invalid("form_id", TOO_MANY)
    start = existing(EXAMPLES.get(example)) if example else _empty()
    form = replace(start, form_id=form_id, version=1)
    try:
        items.transact_write(
            [
                table.putting_head(FormHead(form_id, 0, None, 0, 1, None, "", 1)),
                table.putting(form, 1, by.name),
            ]
        )
    except Refused:
        raise invalid("form_id", IS_TAKEN) from None
    table.forget()


def begin_version(form_id: str, by: Staff) -> None:
    """A draft that begins as what is published. Raises Problem `not-now` if there is one, `changed`."""
    head = existing(table.head(form_id))
    if head.newest != head.published:
        raise not_now(IS_DRAFT)
    form, _ = existing(table.draft(form_id, head.published))
    number = head.newest + 1
    after = replace(head, newest=number, edition=head.edition + 1)
    _write([table.putting_head(after), table.putting(replace(form, version=number), 1, by.name)])


def draft(form_id: str) -> Draft:
    """Raises Problem `not-found`, and `not-now` if everything of it is published."""
    head = existing(table.head(form_id))
    if head.newest == head.published:
        raise not_now(NO_DRAFT)
    form, edition = existing(table.draft(form_id, head.newest))
    return Draft(head, form, edition)


def change(found: Draft, part: str, content: Any, edition: int, by: Staff) -> None:
    """Another `part` of PARTS. Raises Problem `invalid`, `changed`, `not-found`."""
    given = check(existing(PARTS.get(part)), content)
    _store(found, _with(found.form, part, given), edition, by)


def route(found: Draft, rules: Sequence[RoutingRule], edition: int, by: Staff) -> None:
    """Other rules of routing. Raises Problem `invalid`, `changed`."""
    if len(rules) > MOST_RULES:
        raise invalid("routing", ROOM_FOR_RULES)
    questions = {question.key: question for question in found.form.questions}
    for rule in rules:
        known = all(set(values) <= set(values_of(questions[key])) for key, values in rule.answers.items())
        if not rule.unit_id or not known or not (rule.answers or rule.areas):
            raise invalid("routing", AS_RULE)
    _store(found, replace(found.form, routing=tuple(rules)), edition, by)


def asked(found: Draft, by: Staff) -> Editable:
    """The draft's questions, to be changed as a session's questions are (programme/questions/editing.py); its version
    is the edition of the draft. A question that is taken away leaves no trace in the draft: what was published keeps
    it. Rules of routing that were about it stay, and are named when the form is to be published."""
    current = QuestionSet(found.form.form_id, found.edition, found.form.questions, datetime.now(UTC), by)
    return Editable(found.form.form_id, False, current, (), purposes=(Purpose.CASE,), keep=partial(_keep, found, by))


def routable(form: Form) -> list[Question]:
    """The questions that a rule can be about."""
    kinds = (QuestionKind.CHOICE, QuestionKind.SEVERAL, QuestionKind.YES_NO)
    return [question for question in form.questions if question.kind in kinds]


def _keep(found: Draft, by: Staff, new: QuestionSet) -> None:
    _store(found, replace(found.form, questions=new.questions), found.edition, by)


def _store(found: Draft, form: Form, edition: int, by: Staff) -> None:
    if edition != found.edition:
        raise Problem(CHANGED)
    _write([table.putting(form, found.edition + 1, by.name)])


def _write(writes: Sequence[Mapping[str, Any]]) -> None:
    try:
        items.transact_write(writes)
    except Refused:
        raise Problem(CHANGED) from None
    table.forget()


def _with(form: Form, part: str, given: Mapping[str, Any]) -> Form:
    match part:
        case "texts":
            return replace(form, kind=FormKind(given["kind"]), title=given["title"], intro=given["intro"])
        case "answering":
            counted = DayCount(given["counted"])
            rule = DeadlineRule(given["days"], counted, given["country"], given["most_more_days"], given["law"] or "")
            return replace(form, owner=given["owner"], deadline=rule)
        case "receipt":
            return replace(form, receipt=given["receipt"], if_not=given["if_not"])
        case "sender":
            return replace(
                form,
                contact=ContactRule(given["contact"]),
                place=PlaceRule(given["place"]),
                most_photos=given["most_photos"],
                is_confidential=given["is_confidential"],
                kept_months=given["kept_months"],
            )
    return _with_dates(form, given)


def _with_dates(form: Form, given: Mapping[str, Any]) -> Form:
    first: date | None = given["opens_on"]
    last: date | None = given["closes_on"]
    if first and last and last < first:
        raise invalid("closes_on", REVERSED)
    at_once = {language: text for language, text in given["at_once"].items() if text}
    return replace(form, opens_on=first, closes_on=last, at_once=at_once, at_once_link=given["at_once_link"] or "")


def _empty() -> Form:
    return Form(
        form_id="",
        version=1,
        kind=FormKind.QUESTION,
        title={},
        intro={},
        questions=(),
        owner="",
        deadline=DeadlineRule(0, DayCount.CALENDAR, COUNTRIES[0]),
        receipt={},
        if_not={},
    )
