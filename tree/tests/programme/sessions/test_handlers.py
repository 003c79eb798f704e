import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any

import pytest

from chalicelib.core import memory
from chalicelib.core import table as stormloop_table
from chalicelib.core.http.answering import Answer, Call, Json
from chalicelib.core.http.answers import plain
from chalicelib.core.http.problems import Problem
from chalicelib.programme.sessions import handlers
from chalicelib.programme.sessions.changes import ProgrammeRow
from chalicelib.programme.sessions.rules import Session
from chalicelib.programme.sessions.table import save_import, set_opening
from chalicelib.seats import table as seats_table
from chalicelib.seats.rules import Claim
from tests.programme.sessions.examples import bouwkamp, numbered

OPENS = datetime(2019, 5, 7, 17, 0, tzinfo=UTC)
KAPRIJKE = bouwkamp()
BUGGENHOUT = bouwkamp(
    municipality="Buggenhout",
    title="Omnisportkamp",
    starts_on=date(2019, 7, 8),
    ends_on=date(2019, 7, 12),
    age_min=7,
    age_max=12,
    price_cents=6000,
    place="Sporthal",
    daily_from=time(9),
    daily_until=time(16, 30),
    kind="sport",
)
DRAFT = bouwkamp(title="Beestenboel", capacity=None)


def call(now: datetime = OPENS, **query: str) -> Call:
    return Call(
        headers={}, query={name.rstrip("_"): value for name, value in query.items()}, body=b"", language="en", now=now
    )


def publish(*sessions: Session) -> None:
    save_import([ProgrammeRow(line, session) for line, session in enumerate(sessions, 2)])


def list_sessions(call: Call) -> Answer:
    return as_sent(handlers.list_sessions(call))


def get_session(call: Call, session_id: str) -> Answer:
    return as_sent(handlers.get_session(call, session_id))


def as_sent(answer: Answer) -> Answer:
    body = answer.body if isinstance(answer.body, Json) else json.dumps(answer.body, default=plain)
    return replace(answer, body=json.loads(body))


def titles(answer: Answer) -> list[str]:
    return [session["title"] for session in answer.body["sessions"]]


def problem_of(**query: str) -> dict[str, Any]:
    with pytest.raises(Problem) as raised:
        list_sessions(call(**query))
    document = raised.value.document("en")
    assert document["status"] == 422
    return {error["field"]: error["message"] for error in document["errors"]}


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    handlers.forget()


@pytest.mark.usefixtures("table")
class TestList:
    def test_a_session_is_as_the_contract_says(self) -> None:
        publish(BUGGENHOUT)
        set_opening([BUGGENHOUT.session_id], OPENS)

        answer = list_sessions(call())

        assert answer == Answer(
            200,
            {
                "sessions": [
                    {
                        "session_id": BUGGENHOUT.session_id,
                        "municipality": "Buggenhout",
                        "title": "Omnisportkamp",
                        "starts_on": "2019-07-08",
                        "ends_on": "2019-07-12",
                        "age_min": 7,
                        "age_max": 12,
                        "price_cents": 6000,
                        "currency": "EUR",
                        "capacity": 20,
                        "seats_left": 20,
                        "opens_at": "2019-05-07T19:00:00+02:00",
                        "status": "open",
                        "place": "Sporthal",
                        "daily_from": "09:00",
                        "daily_until": "16:30",
                        "note": None,
                        "opening_id": None,
                        "kind": "sport",
                        "contact": None,
                        "cancelled_at": None,
                    }
                ]
            },
            {"Cache-Control": "public, max-age=5"},
        )

    def test_without_an_opening_it_is_announced(self) -> None:
        publish(KAPRIJKE)

        (session,) = list_sessions(call()).body["sessions"]

        assert (session["opens_at"], session["status"]) == (None, "announced")

    def test_drafts_are_not_listed(self) -> None:
        publish(DRAFT)

        assert list_sessions(call()).body == {"sessions": []}

    def test_they_are_in_the_order_of_day_municipality_and_title(self) -> None:
        publish(bouwkamp(title="Z"), bouwkamp(title="B", municipality="Asse"), bouwkamp(title="A"), BUGGENHOUT)

        assert titles(list_sessions(call())) == ["Omnisportkamp", "B", "A", "Z"]

    def test_it_finds_what_is_asked_for(self) -> None:
        publish(KAPRIJKE, BUGGENHOUT)
        asked: list[tuple[dict[str, str], list[str]]] = [
            ({}, ["Omnisportkamp", "Bouwkamp (Lembeke)"]),
            ({"municipality": "Kaprijke"}, ["Bouwkamp (Lembeke)"]),
            ({"municipality": " KAPRIJKE "}, ["Bouwkamp (Lembeke)"]),
            ({"municipality": "Kap"}, []),
            ({"municipality": "<script>"}, []),
            ({"from_": "2019-07-09"}, ["Bouwkamp (Lembeke)"]),
            ({"from_": "2019-07-08", "to": "2019-07-08"}, ["Omnisportkamp"]),
            ({"to": "2019-08-18"}, ["Omnisportkamp"]),
            ({"to": "2019-07-07"}, []),
            ({"age": "6"}, ["Bouwkamp (Lembeke)"]),
            ({"age": "7"}, ["Omnisportkamp"]),
            ({"age": "12"}, ["Omnisportkamp"]),
            ({"age": "13"}, []),
            ({"age": "3", "municipality": "Buggenhout"}, []),
            ({"utm_source": "x", "fbclid": "", "From": "2019-07-09"}, ["Omnisportkamp", "Bouwkamp (Lembeke)"]),
            ({"municipality": "", "from_": "", "to": "", "age": ""}, ["Omnisportkamp", "Bouwkamp (Lembeke)"]),
        ]

        for query, found in asked:
            assert titles(list_sessions(call(**query))) == found, query

    def test_a_thousand_calls_in_a_second_read_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        # Given 30 sessions and a clock that a rush hardly moves
        publish(*map(numbered, range(30)))
        clock = count(100.0, 0.0005)
        monkeypatch.setattr(memory, "monotonic", lambda: next(clock))
        reads = counted_reads(monkeypatch)
        # When a list is asked for 1000 times, as everybody asks and with a filter
        for number in range(1000):
            list_sessions(call() if number % 2 else call(age="6"))
        # Then DynamoDB was asked twice, once for the sessions and once for their seats
        assert reads == ["Query", "BatchGetItem"]

    def test_what_is_shown_is_made_anew_after_five_seconds(self, monkeypatch: pytest.MonkeyPatch) -> None:
        publish(KAPRIJKE)
        set_opening([KAPRIJKE.session_id], OPENS)
        now = 100.0
        monkeypatch.setattr(memory, "monotonic", lambda: now)
        assert seats_left(list_sessions(call())) == 20
        take_a_seat()

        now += 4.999
        assert seats_left(list_sessions(call())) == 20
        now += 0.001
        assert seats_left(list_sessions(call())) == 19

    def test_the_opening_comes_at_its_second_though_the_list_is_remembered(self) -> None:
        publish(KAPRIJKE)
        set_opening([KAPRIJKE.session_id], OPENS)

        before = list_sessions(call(OPENS - timedelta(seconds=1))).body["sessions"][0]["status"]
        after = list_sessions(call(OPENS)).body["sessions"][0]["status"]

        assert (before, after) == ("announced", "open")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"from_": "2019-07-09", "to": "2019-07-08"}, "from"),
        ({"from_": "morgen"}, "from"),
        ({"from_": "2019-02-29"}, "from"),
        ({"to": "2019-7-9"}, "to"),
        ({"to": "NaN"}, "to"),
        ({"age": "-1"}, "age"),
        ({"age": "121"}, "age"),
        ({"age": "6.5"}, "age"),
        ({"age": "zes"}, "age"),
        ({"age": "9" * 5000}, "age"),
        ({"municipality": "K" * 101}, "municipality"),
        ({"municipality": "Kap\u0000rijke"}, "municipality"),
        ({"municipality": "   "}, "municipality"),
    ],
)
def test_what_cannot_be_asked_is_invalid(query: dict[str, str], field: str) -> None:
    assert list(problem_of(**query)) == [field]


def test_every_wrong_parameter_is_named() -> None:
    assert problem_of(age="zes", to="morgen") == {
        "age": "Give an age in whole years from 0 to 120.",
        "to": "Give a date as year-month-day, for example 2019-04-30.",
    }


@pytest.mark.usefixtures("table")
class TestOne:
    def test_it_is_the_same_as_in_the_list(self) -> None:
        publish(KAPRIJKE, BUGGENHOUT)

        answer = get_session(call(), BUGGENHOUT.session_id)

        assert answer.body == list_sessions(call(municipality="Buggenhout")).body["sessions"][0]
        assert answer.headers == {"Cache-Control": "public, max-age=5"}

    def test_it_is_always_fresh(self) -> None:
        publish(KAPRIJKE)
        set_opening([KAPRIJKE.session_id], OPENS)
        assert get_session(call(), KAPRIJKE.session_id).body["seats_left"] == 20
        for number in range(20):
            take_a_seat(f"child {number}")

        body = get_session(call(), KAPRIJKE.session_id).body

        assert (body["seats_left"], body["status"]) == (0, "full")

    @pytest.mark.parametrize(
        "session_id", [DRAFT.session_id, "2222222222", "unknown", "", "SEATS", "é" * 10, "x" * 5000, "<script>"]
    )
    def test_a_draft_and_what_does_not_exist_are_not_found(self, session_id: str) -> None:
        publish(DRAFT)

        with pytest.raises(Problem) as raised:
            get_session(call(), session_id)

        assert raised.value.kind.slug == "not-found"

    def test_what_cannot_be_an_id_costs_no_read(self, monkeypatch: pytest.MonkeyPatch) -> None:
        reads = counted_reads(monkeypatch)

        with pytest.raises(Problem):
            get_session(call(), "x" * 5000)

        assert reads == []


@pytest.mark.usefixtures("real_table")
def test_the_read_units_of_the_list_are_spent_once_a_second(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given 30 sessions, at Amazon's own engine, which says what each call costs
    publish(*map(numbered, range(30)))
    units: list[float] = []
    client: Any = stormloop_table.Item._get_connection().connection.client
    ask = client._make_api_call

    def priced(operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
        answer = ask(operation, {**arguments, "ReturnConsumedCapacity": "TOTAL"})
        consumed = answer.get("ConsumedCapacity", [])
        units.extend(one["CapacityUnits"] for one in (consumed if isinstance(consumed, list) else [consumed]))
        return answer

    monkeypatch.setattr(client, "_make_api_call", priced)
    clock = count(100.0, 0.001)
    monkeypatch.setattr(memory, "monotonic", lambda: next(clock))
    # When the list is asked for once, and then 400 times within the same second
    list_sessions(call())
    once = sum(units)
    for _ in range(400):
        list_sessions(call())
    # Then it cost no more than once
    with capsys.disabled():
        print(f"\nA list of 30 sessions costs {once} read units; 401 lists in a second cost {sum(units)}.")
    assert sum(units) == once > 0


def test_importing_it_brings_no_sheet_reader_and_no_command_line() -> None:
    heavy = [
        "click",
        "babel",
        "icalendar",
        "jinja2",
        "zoneinfo",
        "chalicelib.programme.sessions.changes",
        "chalicelib.programme.files.reading",
    ]
    code = (
        f"import sys, chalicelib.programme.sessions.handlers; print([name for name in {heavy} if name in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def seats_left(answer: Answer) -> int:
    return int(answer.body["sessions"][0]["seats_left"])


def take_a_seat(child: str = "child") -> None:
    wish = Claim(KAPRIJKE.session_id, "registration", {child: date(2014, 5, 1)}, int(OPENS.timestamp()))
    assert seats_table.claim(wish) is None


def counted_reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The calls of DynamoDB from now on, by name."""
    made: list[str] = []
    client: Any = stormloop_table.Item._get_connection().connection.client
    ask = client._make_api_call

    def counted(operation: str, arguments: dict[str, Any]) -> Any:
        made.append(operation)
        return ask(operation, arguments)

    monkeypatch.setattr(client, "_make_api_call", counted)
    return made
