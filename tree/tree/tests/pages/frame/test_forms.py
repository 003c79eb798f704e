"""Forms: the names of fields describe what the JSON API is sent."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.http.problems import Problem, invalid
from chalicelib.pages.frame.forms import Form, parse, unflatten

NAMES = st.text("abcdefghij_", min_size=1, max_size=8)
DOCUMENTS = st.dictionaries(
    NAMES,
    st.text() | st.lists(st.dictionaries(NAMES, st.text(), min_size=1), min_size=1, max_size=4),
    min_size=1,
)


def flat(value: Any, name: str = "") -> dict[str, str]:
    if isinstance(value, str):
        return {name: value}
    if isinstance(value, list):
        return {k: v for place, one in enumerate(value) for k, v in flat(one, f"{name}[{place}]").items()}
    return {k: v for key, one in value.items() for k, v in flat(one, f"{name}.{key}" if name else key).items()}


@given(DOCUMENTS)
def test_a_document_comes_back_from_its_fields(document: dict[str, Any]) -> None:
    assert unflatten(flat(document)) == document


def test_a_child_that_was_taken_out_of_the_form_leaves_no_gap() -> None:
    typed = {"children[0].first_name": "Lou", "children[2].first_name": "Jef"}

    assert unflatten(typed) == {"children": [{"first_name": "Lou"}, {"first_name": "Jef"}]}


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=5), max_size=10))
def test_whatever_fields_are_called_nothing_breaks(fields: dict[str, str]) -> None:
    assert isinstance(unflatten(fields), dict)


@given(st.binary(max_size=200))
def test_whatever_comes_is_a_form_or_refused(body: bytes) -> None:
    try:
        form = parse(body)
    except Problem:
        return
    assert all(isinstance(value, str) for value in form.values.values())


def test_checkboxes_of_one_name_are_all_there() -> None:
    form = parse(b"child_ids=a&child_ids=b&waitlist=true")

    assert form.all("child_ids") == ["a", "b"]
    assert form["waitlist"] == "true"
    assert form["nothing"] == ""


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays() -> None:
    form = Form({"email": "an@"}).wrong(invalid("email", "This is missing."), "nl")

    assert form.errors == {"email": "Dit ontbreekt."}
    assert form["email"] == "an@"


def test_a_problem_that_is_about_no_field_is_none_of_the_forms() -> None:
    from chalicelib.core.http.problems import CLOSED

    with pytest.raises(Problem):
        Form().wrong(Problem(CLOSED), "nl")
