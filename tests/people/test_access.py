"""The line of who saw what, in CloudWatch; and that the answer goes out when CloudWatch does not take it."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from chalicelib.core import settings
from chalicelib.people import access
from chalicelib.people.staff.rules import Role, Staff

JAMILA = Staff("7d0c-42", "Jamila Aerts", frozenset({Role.DESK}))
ROUTE = "GET /office/desk"
KEEP = access._keep  # as it is, before a test's fixture takes its place


@pytest.fixture(autouse=True)
def to_cloudwatch(table: None, accesses: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(access, "_keep", KEEP)
    access._stream.cache_clear()
    yield
    access._stream.cache_clear()


def group() -> None:
    boto3.client("logs").create_log_group(logGroupName=settings.access_log())


def look(families: int = 1) -> None:
    with access.watched(JAMILA, ROUTE):
        for number in range(families):
            access.about(f"family{number:05}", [f"child{number:05}"], "x7k2m9p4qa")
        access.medical(1)


def kept() -> list[dict[str, Any]]:
    found = boto3.client("logs").filter_log_events(logGroupName=settings.access_log())["events"]
    return [json.loads(one["message"]) for one in found]


def test_a_line_says_who_saw_whom_by_which_route_and_nothing_else():
    group()

    look()

    (line,) = kept()
    assert line == {
        "at": line["at"],
        "who": "7d0c-42",
        "route": ROUTE,
        "sessions": ["x7k2m9p4qa"],
        "notes": 1,
        "families": [access.family_digest("family00000")],
        "children": [access.child_digest("child00000")],
    }


def test_a_case_of_nobody_in_particular_has_a_line_too():
    group()

    with access.watched(JAMILA, "GET /office/cases/{case_id}/files/{number}"):
        access.sent("ACDEFGHJKMNPR", "")

    (line,) = kept()
    assert (line["families"], len(line["cases"])) == ([], 1)
    assert "ACDEFGHJKMNPR" not in json.dumps(line)


def test_many_are_several_lines():
    group()

    look(access.MOST_IN_A_LINE + 1)

    assert sorted(len(one["families"]) for one in kept()) == [1, access.MOST_IN_A_LINE]


def test_who_is_shown_nobody_leaves_no_line_nor_does_a_family():
    group()

    with access.watched(JAMILA, ROUTE):
        pass
    access.about("family00000")

    assert kept() == []


def test_what_cloudwatch_does_not_take_is_in_our_own_log_and_the_answer_goes_out(logged):
    look()  # there is no such group

    line = json.loads(logged.getvalue().splitlines()[-1])
    assert (line["message"], line["error"], line["access"]["who"]) == (
        "access_not_kept",
        "ResourceNotFoundException",
        "7d0c-42",
    )
