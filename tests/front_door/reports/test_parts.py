"""Whoever looks at reports gets some of them, and has only these read for them."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest import mock

import pytest
import time_machine

from chalicelib.core import metering
from chalicelib.core import table as items
from chalicelib.front_door.reports import table as reports
from chalicelib.front_door.reports.rules import Part, Report, Stage, part_of
from chalicelib.pages.family import reports as family_reports
from tests.pages.frame.browsing import Browser

NOW = datetime(2027, 1, 2, 9, tzinfo=UTC)
HOLE = Report(
    report_id="",
    case_id="ACDEFGHJKMNPR",
    form_id="street",
    title={"nl": "Iets op straat", "fr": "Un problème dans la rue", "en": "Something in the street"},
    received_at=NOW,
    unit_id="streets",
    answer_by=date(2027, 1, 20),
    answered_on=None,
    stage=Stage.OPEN,
    lat=51.2205,
    long=3.6117,
    street="Veldstraat",
    text="Een losse stoeptegel. De ploeg van de wijk komt langs in de week van 12 januari.",
    photos=("abcdefghjkmnpqrstuvwxyz2",),
)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def holes(number: int) -> list[Report]:
    """Three a day, the newest first."""
    return [
        replace(HOLE, report_id=f"{day}-{_named(9999 - each)}", received_at=NOW - timedelta(days=each // 3))
        for each in range(number)
        for day in [date(2027, 1, 2) - timedelta(days=each // 3)]
    ]


def _named(number: int) -> str:
    """In the order of the numbers."""
    return "abcdef" + "".join("23456789ab"[int(digit)] for digit in f"{number:04}")


def stored(some: list[Report]) -> list[str]:
    writes = [reports.putting(one, 2) for one in some]
    for place in range(0, len(writes), 100):
        items.transact_write(writes[place : place + 100])
    return [one.report_id for one in some]


def links_of(text: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(text).get("links", [])
    return found


# Of a stage, whatever is asked for


@pytest.mark.parametrize(
    ("stage", "most", "most_read", "places", "after"),
    [
        ("", 2, 10, [0, 1], 1),
        ("", 6, 10, [0, 1, 2, 3, 4, 5], None),
        ("done", 2, 10, [1, 3], 3),
        ("done", 3, 10, [1, 3, 5], None),
        ("done", 3, 4, [1, 3], 3),
        ("in-hand", 3, 4, [], 3),
        ("nonsense", 3, 10, [], None),
    ],
)
def test_a_part_has_the_first_and_where_the_next_begin(
    stage: str, most: int, most_read: int, places: list[int], after: int | None
) -> None:
    six = [replace(one, stage=(Stage.OPEN, Stage.DONE)[at % 2]) for at, one in enumerate(holes(6))]

    part = part_of(iter(six), stage, most, most_read)

    assert part == Part(tuple(six[at] for at in places), "" if after is None else six[after].report_id)


def test_the_newest_go_on_in_the_year_before_from_where_one_was(table: None) -> None:
    ids = stored(holes(12))
    first, last = date(2026, 1, 1), date(2027, 1, 2)

    def read(after: str) -> list[str]:
        return [one.report_id for one in reports.newest(first, last, 5, after)]

    assert read("") == ids
    assert read(ids[4]) == ids[5:], "2027"
    assert read(ids[7]) == ids[8:], "2026"
    assert read("2020-01-01-abcdefghjk") == []
    assert [one.report_id for one in reports.newest(date(2026, 12, 30), date(2026, 12, 31), 5)] == ids[6:12]


def test_every_report_is_reached_and_none_twice(table: None) -> None:
    ids = stored(holes(120))
    browser, seen = Browser("en"), []
    browser.get("/reports")
    for _ in range(3):
        assert browser.shown
        seen += [each for each in ids if f'id="{each}"' in browser.shown.html]
        if "Older ones" in browser.shown.page.links:
            browser.follow("Older ones")

    assert seen == ids


def test_open_data_goes_on_at_the_link_and_is_not_sent_again(table: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(family_reports, "AT_ONCE", 7)
    ids = stored(holes(12))

    first = Browser("en").get("/reports.geojson")
    (link,) = links_of(first.html)
    rest = Browser("en").get("/reports.geojson?" + link["href"].partition("?")[2])
    again = Browser("en").get("/reports.geojson", **{"If-None-Match": first.headers["ETag"]})

    assert first.headers["Link"] == f'<{link["href"]}>; rel="next"'
    assert [one["id"] for page in (first, rest) for one in json.loads(page.html)["features"]] == ids
    assert links_of(rest.html) == []
    assert (again.status, again.html, again.headers["ETag"]) == (304, "", first.headers["ETag"])
    assert again.headers["Cache-Control"].startswith("public, max-age=60")
    assert first.headers["ETag"] != rest.headers["ETag"]
    assert "ACDEFGHJKMNPR" not in first.html


@pytest.mark.parametrize("after", ["x", "9999-99-99-abcdefghjk", "2027-01-02", "%22%3E"])
def test_what_is_no_place_in_the_list_is_passed_over(table: None, after: str) -> None:
    stored(holes(1))

    assert len(json.loads(Browser("en").get(f"/reports.geojson?after={after}").html)["features"]) == 1


# What it costs, as DynamoDB counts it


def test_no_request_reads_a_year(real_table: None) -> None:
    """A city that shows 1,200 reports: 400 days of three. The figures of docs/front-door.md."""
    stored(holes(1200))

    assert _units("/reports") <= 5
    assert _units("/reports?stage=done") <= 31
    assert _units("/reports.geojson") <= 31
    assert _units("/open311/requests.json") <= 18, "90 days"


def _units(path: str) -> float:
    """Read units of a request, as the log says them."""
    said: list[dict[str, Any]] = []

    def take() -> dict[str, Any]:
        said.append(taken())
        return said[-1]

    taken = metering.take
    with mock.patch.object(metering, "take", take):
        Browser("en").get(path)
    return float(said[0]["used"]["read"])
