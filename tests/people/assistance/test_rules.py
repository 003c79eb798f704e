"""What a helper may, for how long, and what was done: plain rules."""

from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.core.http.problems import Problem
from chalicelib.people.assistance import rules
from chalicelib.people.assistance.looking import by_chance
from chalicelib.people.assistance.naming import Person, people_of
from chalicelib.people.assistance.rules import Act, Help, LetIn, Scope
from chalicelib.people.assistance.stream import help_to_tell, link_to_send

NOW = datetime(2027, 3, 3, 18, tzinfo=UTC)
HELP = Help(
    "family00001", "help000001", "pass00000001", "helper00001", "Jan Maes", "Bibliotheek", LetIn.CODE,
    frozenset({Scope.REGISTRATIONS}), NOW, NOW + timedelta(minutes=30),
)  # fmt: skip


@pytest.mark.parametrize(
    ("method", "address", "may"),
    [
        ("POST", "/sessions/{session_id}", True),
        ("POST", "/registrations/{registration_id}/cancel", False),
        ("GET", "/children/{child_id}", False),
        ("GET", "/account", False),
        ("GET", "/family/data", False),
        ("POST", "/children/{child_id}/sharing", False),
    ],
)
def test_looking_and_registering_is_the_scope_and_nothing_else(method: str, address: str, may: bool) -> None:
    assert HELP.may(method, address) is may


def test_minutes_count_down_and_a_begun_one_counts() -> None:
    assert [HELP.minutes_left(NOW + timedelta(seconds=s)) for s in (0, 1, 60, 1799, 1800)] == [30, 30, 29, 1, 0]
    assert [HELP.is_over(NOW + timedelta(seconds=s)) for s in (1799, 1800)] == [False, True]


@pytest.mark.parametrize(
    ("typed", "is_one"), [("acef-hjkm", True), ("ACEF HJKM", True), ("0CEF-HJKM", False), ("", False)]
)
def test_a_code_is_taken_as_it_is_said(typed: str, is_one: bool) -> None:
    assert rules.is_code(typed) is is_one
    if is_one:
        assert rules.spoken(rules.plain(typed)) == "ACEF-HJKM"


def test_people_stand_one_on_a_line() -> None:
    typed = "Jan Maes, jan@bib.example\n\n Mia Rau <mia@bib.example>\nAn van 't Hof an@bib.example"
    assert people_of(typed) == [
        Person("Jan Maes", "jan@bib.example"),
        Person("Mia Rau", "mia@bib.example"),
        Person("An van 't Hof", "an@bib.example"),
    ]


@pytest.mark.parametrize("typed", ["", "Jan Maes", "jan@bib.example", "\n".join(["Jan, j@bib.example"] * 31)])
def test_a_helper_without_name_or_address_cannot_be(typed: str) -> None:
    with pytest.raises(Problem, match="invalid"):
        people_of(typed)


def test_chance_is_the_same_for_everybody_and_another_on_another_day() -> None:
    helps = [f"help{number:06}" for number in range(40)]
    first = by_chance(date(2027, 3, 3), helps)

    assert len(first) == rules.LOOKED_AT
    assert by_chance(date(2027, 3, 3), reversed(helps)) == first
    assert by_chance(date(2027, 3, 4), helps) != first


def test_what_was_asked_for_and_refused_is_not_done() -> None:
    act = Act("20270303T180000-abcd", NOW, "POST", "/registrations/{registration_id}/cancel", {}, 403)
    assert (act.did, act.is_change, act.was_refused) == ("Cancelled a registration", True, True)
    assert Act("x", NOW, "POST", "/somewhere/else", {}).did == rules.SENT


def test_the_stream_tells_of_a_help_that_begins_and_one_that_is_ended_and_of_no_page() -> None:
    keys = {"pk": "F#family00001", "sk": "HELP#help000001"}
    going, ended = {"acts": 3}, {"acts": 3, "ended_by": "family"}

    assert help_to_tell("INSERT", keys, {}, going) == "family00001/help000001"
    assert help_to_tell("MODIFY", keys, going, {"acts": 4}) is None
    assert help_to_tell("MODIFY", keys, going, ended) == "family00001/help000001"
    assert help_to_tell("MODIFY", keys, ended, {**ended, "told": {"over"}}) is None
    assert help_to_tell("REMOVE", keys, ended, {}) is None
    assert help_to_tell("INSERT", {**keys, "sk": "HELPED#help000001#x"}, {}, {}) is None


def test_the_stream_tells_of_a_link_once() -> None:
    keys = {"pk": "HELPERS", "sk": "HELPER#helper00001"}

    assert link_to_send("MODIFY", keys, {}, {"nonce": "a"}) == "helper00001"
    assert link_to_send("MODIFY", keys, {"nonce": "a"}, {"nonce": "a", "helps": "x"}) is None
    assert link_to_send("MODIFY", keys, {"nonce": "a"}, {}) is None
