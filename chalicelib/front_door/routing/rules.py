"""The unit that a case goes to: by its form, its place and its answers. Plain rules.

Guarantee: there is always one, and it is one of `Form.units`, each of which has people when the form is published.
"""

from collections.abc import Collection, Mapping
from typing import Any

from chalicelib.front_door.forms.rules import Form, RoutingRule


def unit_for(form: Form, answers: Mapping[str, Any], areas: Collection[str]) -> str:
    """The unit_id. `areas`: the ids of those in which the case's place is."""
    return next((rule.unit_id for rule in form.routing if _fits(rule, answers, areas)), form.owner)


def _fits(rule: RoutingRule, answers: Mapping[str, Any], areas: Collection[str]) -> bool:
    if rule.areas and not set(rule.areas) & set(areas):
        return False
    return all(set(_said(answers.get(key))) & set(values) for key, values in rule.answers.items())


def _said(answer: Any) -> tuple[str, ...]:
    """An answer as the values that a rule can name: of several choices, each."""
    match answer:
        case None:
            return ()
        case bool():
            return ("yes" if answer else "no",)
        case list():
            return tuple(map(str, answer))
    return (str(answer),)
