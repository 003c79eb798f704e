"""The branches by which a form's cases go to units: for each rule of its routing, answers and a place by which a case
gets there.

A rule for which there are none never fires: it is wrong in itself, or those above it take all that it would. A form
with such a rule is not published. By the answers and places that are found a canary goes each way once. Plain rules.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.core.http.problems import FieldError
from chalicelib.core.languages import N_
from chalicelib.front_door.cases.rules import Place
from chalicelib.front_door.forms.rules import Form, PlaceRule, RoutingRule
from chalicelib.front_door.routing.areas import Area
from chalicelib.front_door.routing.geometry import Point, Polygon, degrees, is_in, places_in
from chalicelib.front_door.routing.rules import unit_for
from chalicelib.programme.questions.rules import Question, QuestionKind

MOST_RULES = 20
# Answers that are tried for one rule: more are too many to publish.
MOST_TRIED = 20_000
YES, NO = "yes", "no"
# A place of which nobody knows where it is: no street has this name, so it is in no area.
SOMEWHERE = Place(None, None, "–")

NEVER = N_("No case can come to this rule: the rules above it take all of them. Take it away, or put it higher.")
NO_QUESTION = N_("This rule is about a question, or an answer to it, that the form does not ask. Change it.")
NO_AREA = N_("This rule is about an area that there is not, or the form asks for no place. Change it.")
EVERY_CASE = N_("This rule takes every case. Say which answer or which area it is about.")
TOO_TANGLED = N_("These rules are too tangled to be checked. Make fewer of them, or simpler ones.")


@dataclass(frozen=True)
class Branch:
    """A way that a case can go. `rule`: its place in the routing; None: the owner. `answers`: all that must be
    answered."""

    rule: int | None
    unit_id: str
    answers: Mapping[str, Any]
    place: Place | None


class Tangled(Exception):
    """The rules were too many to try."""


def branches(form: Form, areas: Mapping[str, Area], border: Sequence[Polygon]) -> tuple[list[Branch], list[FieldError]]:
    """The ways, and what is wrong with the rules, by field `routing[0]`. The owner's is there if any case can come to
    it. `border`: the city's, outside of which no place is taken; none: every place is."""
    found: list[Branch] = []
    faults: list[FieldError] = []
    places = _places(form, areas, border)
    for number, rule in enumerate((*form.routing, None)):
        fault = _fault(form, rule, areas) if rule else ""
        try:
            branch = None if fault else _branch(form, number if rule else None, places)
        except Tangled:
            branch, fault = None, TOO_TANGLED
        if branch:
            found.append(branch)
        elif rule or fault:
            faults.append(FieldError(f"routing[{min(number, len(form.routing) - 1)}]", fault or NEVER))
    return found, faults


def values_of(question: Question) -> tuple[str, ...]:
    """The answers that a rule can name; none for a question that is answered in words, a number or a date."""
    return (YES, NO) if question.kind is QuestionKind.YES_NO else question.values


def _fault(form: Form, rule: RoutingRule, areas: Mapping[str, Area]) -> str:
    questions = {question.key: question for question in form.questions}
    for key, values in rule.answers.items():
        if key not in questions or not values or not set(values) <= set(values_of(questions[key])):
            return NO_QUESTION
    if rule.areas and (form.place is PlaceRule.NONE or not set(rule.areas) <= set(areas)):
        return NO_AREA
    return "" if rule.answers or rule.areas else EVERY_CASE


def _branch(form: Form, number: int | None, places: Sequence[tuple[frozenset[str], Place | None]]) -> Branch | None:
    rule = None if number is None else form.routing[number]
    above = form.routing[:number]
    for areas, place in places:
        if rule and rule.areas and not set(rule.areas) & areas:
            continue
        rivals = [one for one in above if not one.areas or set(one.areas) & areas]
        chosen = _chosen(form, rule, rivals)
        if chosen is None:
            continue
        answers = _complete(form, chosen)
        unit_id = rule.unit_id if rule else form.owner
        assert unit_for(form, answers, areas) == unit_id
        return Branch(number, unit_id, answers, place)
    return None


def _chosen(form: Form, rule: RoutingRule | None, rivals: Sequence[RoutingRule]) -> dict[str, str | None] | None:
    """Answers by which a rule fits and none of its rivals; None: there are none. Of several answers one is enough: more
    only fit more rules."""
    mine = rule.answers if rule else {}
    keys = dict.fromkeys([*mine, *(key for rival in rivals for key in rival.answers)])
    questions = {question.key: question for question in form.questions if question.key in keys}
    domains: dict[str, list[str | None]] = {}
    for key, question in questions.items():
        values = [one for one in values_of(question) if key not in mine or one in mine[key]]
        kinds: dict[tuple[bool, ...], str | None] = {}
        for value in values:  # those that all rivals take for the same are one
            kinds.setdefault(tuple(value in rival.answers.get(key, ()) for rival in rivals), value)
        domains[key] = list(kinds.values()) or [None]
        if key not in mine and not question.required:
            domains[key].insert(0, None)
    for tried, chosen in enumerate(_combined(domains, {}, rivals)):
        if tried > MOST_TRIED:
            raise Tangled
        if chosen is not None:
            return chosen
    return None


def _combined(
    domains: Mapping[str, Sequence[str | None]], chosen: dict[str, str | None], rivals: Sequence[RoutingRule]
) -> Iterator[dict[str, str | None] | None]:
    """Each combination that no rival takes; None for each step on the way, so that steps are counted."""
    left = [rival for rival in rivals if not _is_beaten(rival, chosen)]
    if any(set(rival.answers) <= set(chosen) for rival in left):
        yield None
    elif not left:
        yield chosen | {key: values[0] for key, values in domains.items() if key not in chosen}
    else:
        key = next(one for one in left[0].answers if one not in chosen)
        for value in domains.get(key, [None]):
            yield None
            yield from _combined(domains, chosen | {key: value}, left)


def _is_beaten(rival: RoutingRule, chosen: Mapping[str, str | None]) -> bool:
    return any(key in chosen and chosen[key] not in values for key, values in rival.answers.items())


def _complete(form: Form, chosen: Mapping[str, str | None]) -> dict[str, Any]:
    """With an answer to whatever else must be answered."""
    answers: dict[str, Any] = {}
    for question in form.questions:
        value = chosen.get(question.key)
        if value is not None:
            answers[question.key] = _typed(question, value)
        elif question.required:
            answers[question.key] = _example(question)
    return answers


def _typed(question: Question, value: str) -> Any:
    match question.kind:
        case QuestionKind.YES_NO:
            return value == YES
        case QuestionKind.SEVERAL:
            return [value]
    return value


def _example(question: Question) -> Any:
    match question.kind:
        case QuestionKind.TEXT:
            return "Stormloop".ljust(question.least, ".")[: question.most]
        case QuestionKind.NUMBER:
            return question.least
        case QuestionKind.DATE:
            return "2027-01-01"
    return _typed(question, values_of(question)[0])


def _places(
    form: Form, areas: Mapping[str, Area], border: Sequence[Polygon]
) -> list[tuple[frozenset[str], Place | None]]:
    """Each set of areas (of those that its rules name) in which a place of the form can be, with such a place; the one
    that is in none first."""
    if form.place is PlaceRule.NONE:
        return [(frozenset(), None)]
    named = [areas[one] for one in form.areas if one in areas]
    found: dict[frozenset[str], Place | None] = {}
    if form.place is PlaceRule.OPTIONAL:
        found[frozenset()] = None
    for at in places_in([*(area.polygons for area in named), border]):
        inside = frozenset(area.area_id for area in named if area.has(at))
        if inside not in found and (not border or is_in(at, border)):
            found[inside] = _place(at)
    found.setdefault(frozenset(), SOMEWHERE)
    return sorted(found.items(), key=lambda one: len(one[0]))


def _place(at: Point) -> Place:
    long, lat = degrees(at)
    return Place(lat, long)
