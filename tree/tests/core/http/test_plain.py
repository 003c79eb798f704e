"""From the dataclasses that are answered to JSON."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, time

import pytest

from chalicelib.core.http.answers import ABSENT, Absent, plain


@dataclass(frozen=True)
class Camp:
    title: str
    begins: time
    opens_at: datetime
    note: str | Absent = ABSENT


@dataclass(frozen=True, slots=True)
class Room:
    free: int
    camps: tuple[Camp, ...] = ()


def test_what_is_absent_is_left_out_and_times_are_as_people_write_them() -> None:
    camp = Camp("Bouwkamp", time(9, 30), datetime(2027, 5, 7, 17, tzinfo=UTC))

    assert json.loads(json.dumps(camp, default=plain)) == {
        "title": "Bouwkamp",
        "begins": "09:30",
        "opens_at": "2027-05-07T17:00:00+00:00",
    }


def test_a_dataclass_with_slots_is_answered_like_any_other() -> None:
    assert json.loads(json.dumps(Room(3), default=plain)) == {"free": 3, "camps": []}


def test_what_no_answer_is_made_of_is_a_mistake_of_ours() -> None:
    with pytest.raises(TypeError, match="set"):
        json.dumps({"seats": {1, 2}}, default=plain)
