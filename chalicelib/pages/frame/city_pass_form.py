"""The form by which a household applies for a city pass: by itself, or with somebody at the desk."""

from collections.abc import Sequence

from chalicelib.core.http.fields import check
from chalicelib.core.http.problems import Problem
from chalicelib.money.citypass import requests
from chalicelib.money.citypass.applications import Member
from chalicelib.money.citypass.applying import Wanted
from chalicelib.money.citypass.requests import MOST_MEMBERS
from chalicelib.money.citypass.rules import PassRule
from chalicelib.pages.frame.forms import Form
from chalicelib.people.families import identities
from chalicelib.people.families.rules import Child, child

FIELDS = ("first_name", "last_name", "birth_date")
# Rows that are open at first, beside those that are filled: the parents.
ADULTS = 2


def begun(postcode: str, children: Sequence[Child]) -> Form:
    """With the children that the family names already."""
    values = {"postcode": postcode, "period": "month"}
    for place, one in enumerate(children[: MOST_MEMBERS - 1], ADULTS):
        values |= {f"members[{place}].{name}": str(getattr(one, name)) for name in FIELDS if place < MOST_MEMBERS}
    return Form(values)


def filled(form: Form) -> int:
    """How many rows are open."""
    rows = [place for place in range(MOST_MEMBERS) if any(form[name].strip() for name in _names(place))]
    return min(max([ADULTS, *(place + 1 for place in rows)]), MOST_MEMBERS)


def wanted(form: Form, family_id: str, rule: PassRule) -> tuple[Form, Wanted]:
    """The form without its empty rows, and what it says. Raises WrongApplication."""
    rows = [place for place in range(MOST_MEMBERS) if any(form[name].strip() for name in _names(place))]
    values = {name: one for name, one in form.values.items() if not name.startswith("members[")}
    members = [{name: form[f"members[{place}].{name}"].strip() for name in FIELDS} for place in rows]
    for now, one in enumerate(members):
        values |= {f"members[{now}].{name}": value for name, value in one.items()}
    closed = Form(values, form.several)
    content = {
        "postcode": form["postcode"],
        "income": form["income"],
        "period": form["period"],
        "members": [{name: value or None for name, value in one.items()} for one in members],
    }
    try:
        given = check(requests.APPLICATION, requests.APPLICATION.typed(content))
    except Problem as problem:
        raise WrongApplication(closed, problem) from None
    people = identities.known(family_id, tuple(child(**one) for one in given["members"]))
    return closed, Wanted(
        given["postcode"],
        tuple(Member(one.child_id, one.first_name, one.last_name, one.birth_date) for one in people),
        requests.yearly(given["income"], given["period"]),
        requests.known_benefits(form.all("benefits"), rule),
    )


class WrongApplication(Exception):
    """`form`: as it was sent, without empty rows; `problem`: what of it is wrong."""

    def __init__(self, form: Form, problem: Problem) -> None:
        super().__init__()
        self.form, self.problem = form, problem


def _names(place: int) -> list[str]:
    return [f"members[{place}].{name}" for name in FIELDS]
