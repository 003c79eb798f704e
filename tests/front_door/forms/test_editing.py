"""A form is begun, and its draft is changed part by part, on the condition of what somebody saw."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chalicelib.core.http.problems import CHANGED, INVALID, NOT_FOUND, NOT_NOW, Problem, ProblemKind
from chalicelib.front_door.forms import editing
from chalicelib.front_door.forms import table as forms
from chalicelib.front_door.forms.editing import AS_FORM_ID, AS_LINK, AS_RULE, IS_TAKEN, PARTS, REVERSED
from chalicelib.front_door.forms.examples import EXAMPLES
from chalicelib.front_door.forms.rules import RoutingRule, document, form_of
from chalicelib.programme.questions import editing as asking
from chalicelib.programme.questions.rules import MOST_CHOICES, QuestionKind
from tests.front_door import city
from tests.front_door.city import COMPLAINT, KOEN, NADIA, NOW, said

TEXTS: dict[str, Any] = {"kind": "question", "title": said("Vraag"), "intro": said("Stel ze.")}
DATES: dict[str, Any] = {"opens_on": None, "closes_on": None, "at_once": {}, "at_once_link": None}


def refused(do: Callable[[], object]) -> tuple[ProblemKind, list[str]]:
    with pytest.raises(Problem) as problem:
        do()
    return problem.value.kind, [one.message for one in problem.value.errors]


def test_a_form_begins_empty_or_as_one_that_is_shipped(table: None) -> None:
    editing.begin("vraag", "", KOEN)
    editing.begin("stoep", "street", KOEN)

    assert editing.draft("vraag").form.questions == ()
    assert editing.draft("stoep").form.title == EXAMPLES["street"].title
    assert refused(lambda: editing.begin("stoep", "question", NADIA)) == (INVALID, [IS_TAKEN])
    assert editing.draft("stoep").form.title == EXAMPLES["street"].title
    assert refused(lambda: editing.begin("nieuw", "parking", NADIA))[0] is NOT_FOUND


@pytest.mark.parametrize("form_id", ["", "S", "9", "a b", "../../office", "straße", "x" * 41, "Street", "a\n"])
def test_an_address_is_small_letters(form_id: str, table: None) -> None:
    assert refused(lambda: editing.begin(form_id, "", KOEN)) == (INVALID, [AS_FORM_ID])


def test_of_two_who_change_one_draft_the_second_one_is_told(table: None) -> None:
    editing.begin("vraag", "", KOEN)
    seen_by_both = editing.draft("vraag")

    editing.change(seen_by_both, "texts", TEXTS, 1, KOEN)

    assert refused(lambda: editing.change(seen_by_both, "dates", DATES, 1, NADIA))[0] is CHANGED
    latest = editing.draft("vraag")
    assert refused(lambda: editing.change(latest, "dates", DATES, 1, NADIA))[0] is CHANGED
    editing.change(latest, "dates", DATES, 2, NADIA)


def test_what_is_published_does_not_change(table: None) -> None:
    city.publish(COMPLAINT)
    assert refused(lambda: editing.draft("complaint"))[0] is NOT_NOW

    editing.begin_version("complaint", KOEN)

    assert refused(lambda: editing.begin_version("complaint", NADIA))[0] is NOT_NOW
    editing.change(editing.draft("complaint"), "texts", TEXTS, 1, KOEN)
    assert forms.version("complaint", 1) == COMPLAINT
    assert forms.version("complaint", 2) is None


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"opens_on": "2027-06-01", "closes_on": "2027-05-31"}, REVERSED),
        ({"at_once_link": "javascript:alert(1)"}, AS_LINK),
        ({"at_once_link": "http://overheid.example"}, AS_LINK),
    ],
)
def test_dates_and_links_are_as_they_can_be(changed: dict[str, str], why: str, table: None) -> None:
    editing.begin("vraag", "", KOEN)
    draft = editing.draft("vraag")

    assert refused(lambda: editing.change(draft, "dates", DATES | changed, 1, KOEN)) == (INVALID, [why])


def test_dates_are_kept_as_days(table: None) -> None:
    editing.begin("vraag", "", KOEN)
    sent = DATES | {"opens_on": "2027-06-01", "closes_on": "2027-06-01", "at_once": {"nl": "Op het portaal."}}

    editing.change(editing.draft("vraag"), "dates", sent, 1, KOEN)

    form = editing.draft("vraag").form
    assert form.is_open(date(2027, 6, 1))
    assert not form.is_open(date(2027, 6, 2))
    assert form.at_once == {"nl": "Op het portaal."}


def test_questions_are_asked_with_the_machinery_of_camps_and_for_cases_alone(table: None) -> None:
    editing.begin("vraag", "", KOEN)
    found = editing.asked(editing.draft("vraag"), KOEN)
    typed = {"label": said("Wat?"), "help": {}, "required": True, "purpose": "case", "most": 400}

    asking.save(found, asking.wanted(typed, QuestionKind.TEXT), asking.Deed(1, KOEN, "", NOW))

    [question] = editing.draft("vraag").form.questions
    assert (question.key, question.required, question.most) == ("wat", True, 400)
    again = editing.asked(editing.draft("vraag"), KOEN)
    of_camps = asking.wanted(typed | {"purpose": "kitchen"}, QuestionKind.TEXT)
    assert refused(lambda: asking.save(again, of_camps, asking.Deed(2, KOEN, "", NOW)))[0] is INVALID
    assert refused(lambda: asking.save(found, replace(question, key=""), asking.Deed(1, KOEN, "", NOW)))[0] is CHANGED


def test_questions_have_an_end(table: None) -> None:
    editing.begin("vraag", "", KOEN)
    choices = [{"label": said(f"Antwoord {number}")} for number in range(400)]
    typed = {"label": said("Wat?"), "help": {}, "required": True, "purpose": "case", "choices": choices}

    assert refused(lambda: asking.wanted(typed, QuestionKind.CHOICE))[0] is INVALID
    typed |= {"choices": choices[:MOST_CHOICES]}
    for number in range(20):
        found = editing.asked(editing.draft("vraag"), KOEN)
        question = asking.wanted(typed, QuestionKind.CHOICE)
        asking.save(found, question, asking.Deed(number + 1, KOEN, "", NOW))
    found = editing.asked(editing.draft("vraag"), KOEN)
    assert refused(lambda: asking.save(found, question, asking.Deed(21, KOEN, "", NOW))) == (
        INVALID,
        [asking.TOO_MANY],
    )


@pytest.mark.parametrize(
    "rule",
    [
        RoutingRule("office"),
        RoutingRule("", {"sort": ("light",)}),
        RoutingRule("office", {"sort": ("moon",)}),
    ],
)
def test_a_rule_says_where_and_of_what(rule: RoutingRule, table: None) -> None:
    editing.begin("stoep", "street", KOEN)
    draft = editing.draft("stoep")

    assert refused(lambda: editing.route(draft, [rule], 1, KOEN)) == (INVALID, [AS_RULE])


def test_every_part_is_there_and_a_form_is_read_as_it_was_written(table: None) -> None:
    assert set(PARTS) == {"texts", "answering", "receipt", "sender", "dates"}
    editing.begin("vraag", "", KOEN)
    assert refused(lambda: editing.change(editing.draft("vraag"), "owner", {}, 1, KOEN))[0] is NOT_FOUND
    for form in EXAMPLES.values():
        assert form_of(document(form)) == form
        assert set(form.title) == set(form.receipt) == set(form.if_not) == {"nl", "fr", "en"}
