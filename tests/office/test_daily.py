"""The daily run, part after part."""

import pytest

from chalicelib.office import daily


def test_a_part_that_fails_keeps_no_other_from_running() -> None:
    ran: list[str] = []

    def fails(*_: object) -> None:
        ran.append("books")
        raise ValueError

    parts = {"books": fails, "watching": lambda *_: ran.append("watching")}

    with pytest.raises(daily.DailyRunFailed, match="books"):
        daily.run({}, None, parts)

    assert ran == ["books", "watching"]


def test_the_look_at_what_is_forgotten_is_part_of_each_day() -> None:
    assert list(daily.every_day()) == ["missing", "reminders", "books", "watching"]
