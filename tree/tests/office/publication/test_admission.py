"""When a family may register in a first-come opening: by the gateway's clock, from its token alone."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

import app
from chalicelib.booking.registrations import table as registrations
from chalicelib.core.http.problems import NOT_FROM_THERE, TOO_EARLY
from chalicelib.core.moments import brussels
from chalicelib.people.families import changes, tokens
from chalicelib.people.families import table as families
from chalicelib.people.families.identity import family_id
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.admission import admission, draw_key
from tests.camps import BOUWKAMP, JEF, LOU, NOOR, Family, family, named_by, post, published, request
from tests.core.http.problems import is_problem
from tests.people.families.test_passes import ASKED, calls_of_aws
from tests.programme.openings.plans import OPENS_AT, PASSES_UNTIL, SPREAD, drafted, published_opening

SECOND = timedelta(seconds=1)
MILLISECOND = timedelta(milliseconds=1)
AFTER_PASSES = PASSES_UNTIL + timedelta(hours=1)


@pytest.fixture(autouse=True)
def programme(table):
    published(opens_at=None)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """It is that moment, on every clock."""
    with time_machine.travel(moment, tick=False):
        openings.forget()
        yield


def moment_of(opening, one):
    return admission(opening, one.pass_.namings.values(), one.pass_.postcode).at


def arriving(one, *children, gateway, key="key-1"):
    """A registration as API Gateway hands it on, with its own clock's time."""
    body = {"session_id": BOUWKAMP.session_id, "child_ids": [child.child_id for child in children]}
    event = {
        "resource": "/api/registrations",
        "path": "/api/registrations",
        "requestContext": {
            "resourcePath": "/api/registrations",
            "path": "/v1/api/registrations",
            "httpMethod": "POST",
            "requestId": "1",
            "requestTimeEpoch": round(gateway.timestamp() * 1000),
            "identity": {"sourceIp": "192.0.2.1"},
        },
        "headers": {**one.authorization, "Idempotency-Key": key, "Content-Type": "application/json"},
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "body": json.dumps(body),
        "isBase64Encoded": False,
    }
    answer = app.app(event, None)
    return answer["statusCode"], json.loads(answer["body"])


def own(one, **headers):
    return one.get("/api/pass", **headers).json_body["admission"]


def test_each_family_is_admitted_at_its_own_moment_within_the_spread():
    opening = published_opening()
    claeys, amrani = family(LOU), family(NOOR, email="el.amrani@example.be")
    moments = [moment_of(opening, claeys), moment_of(opening, amrani)]

    assert all(OPENS_AT <= moment < OPENS_AT + SPREAD for moment in moments)
    assert moments[0] != moments[1]
    for one, child, moment in ((claeys, LOU, moments[0]), (amrani, NOOR, moments[1])):
        with at(moment - MILLISECOND):
            is_problem(one.register(BOUWKAMP, child), TOO_EARLY)
        with at(moment):
            assert one.register(BOUWKAMP, child).json_body["status"] == "confirmed"


@pytest.mark.parametrize("skew", [-5, 0, 5])
def test_a_container_whose_clock_is_wrong_admits_nobody_earlier_or_later(skew):
    opening, claeys = published_opening(), family(LOU)
    moment = moment_of(opening, claeys)

    with at(moment + skew * SECOND):
        early, problem = arriving(claeys, LOU, gateway=moment - MILLISECOND)
        in_time, registration = arriving(claeys, LOU, gateway=moment)

    assert (early, problem["opens_at"]) == (425, moment.astimezone(brussels()).isoformat())
    assert (in_time, registration["status"]) == (201, "confirmed")
    assert registrations.get(registration["registration_id"]).created_at == moment


def test_an_attempt_before_the_moment_costs_no_call_once_the_opening_is_remembered(monkeypatch):
    opening, claeys = published_opening(), family(LOU)
    with at(moment_of(opening, claeys) - SECOND):
        claeys.register(BOUWKAMP, LOU)
        calls = calls_of_aws(monkeypatch)

        for _ in range(20):
            is_problem(claeys.register(BOUWKAMP, LOU), TOO_EARLY)

    assert calls == []


def test_a_registration_of_an_admitted_family_is_two_writes_and_no_read(monkeypatch):
    opening, claeys = published_opening(), family(LOU, JEF)
    with at(moment_of(opening, claeys)):
        openings.remembered(datetime.now(UTC))
        changes.hear_nothing()
        calls = calls_of_aws(monkeypatch)

        answer = claeys.register(BOUWKAMP, LOU, JEF)

    assert answer.status_code == 201
    assert calls == ["PutItem", "UpdateItem"]


def test_the_record_says_how_it_was_admitted_for_the_list_that_is_published():
    opening, claeys = published_opening(), family(LOU)
    with at(OPENS_AT + SPREAD):
        answer = claeys.register(BOUWKAMP, LOU)

    admitted = registrations.get(answer.json_body["registration_id"]).admission

    assert admitted.opening_id == opening.opening_id
    assert admitted.keys == (draw_key(opening.opening_id, claeys.pass_.family_id),)
    assert (admitted.window, admitted.is_late) == (0, False)


def test_until_no_pass_can_draw_any_more_nobody_is_told_its_own_moment():
    opening, claeys = published_opening(), family(LOU)
    moment = moment_of(opening, claeys)

    with at(PASSES_UNTIL - SECOND):
        (before,) = own(claeys)
        refused = claeys.register(BOUWKAMP, LOU)
    with at(PASSES_UNTIL):
        (after,) = own(claeys)

    assert (before["at"], before["known_from"]) == (None, "2027-05-06T20:00:00+02:00")
    assert before["keys"] == after["keys"] == [draw_key(opening.opening_id, claeys.pass_.family_id)]
    assert after["at"] == moment.astimezone(brussels()).isoformat()
    assert (after["opening_id"], after["window"], after["is_late"]) == (opening.opening_id, 0, False)
    assert refused.json_body["opens_at"] == OPENS_AT.isoformat()


def test_a_pass_has_the_opening_in_the_language_of_the_reader_and_none_when_it_is_over():
    published_opening()
    claeys = family(LOU)
    assert own(claeys, **{"Accept-Language": "fr"})[0]["title"] == "Camps été 2027"

    with at(OPENS_AT + SPREAD):
        assert own(claeys) == []


def test_a_draft_is_not_shown_in_a_pass():
    drafted()
    assert own(family(LOU)) == []


def test_whoever_names_a_child_second_comes_no_earlier_than_whoever_named_it_first():
    """Asked for as families do: a second mailbox is no second chance, in the API nor for who registers by it."""
    published_opening()
    mother, father = (asked("mother@example.be"), asked("father@example.be"))

    with at(AFTER_PASSES):
        (first,), (second,) = own(mother), own(father)
    assert set(first["keys"]).isdisjoint(second["keys"])
    moments = [datetime.fromisoformat(one["at"]) for one in (first, second)]
    assert moments[0] <= moments[1] <= moments[0] + SPREAD / 16
    with at(moments[1] - MILLISECOND):
        is_problem(father.register(BOUWKAMP, father.pass_.children[0]), TOO_EARLY)
    with at(moments[1]):
        assert father.register(BOUWKAMP, father.pass_.children[0]).status_code == 201


def test_a_pass_that_is_asked_for_again_too_late_keeps_the_familys_place():
    published_opening()
    in_time = asked("an.claeys@example.be")
    with at(AFTER_PASSES):
        again = asked("an.claeys@example.be")
        assert own(again) == own(in_time)
        assert own(again)[0]["is_late"] is False


def test_who_is_named_too_late_comes_after_the_spread():
    published_opening()
    with at(PASSES_UNTIL):
        just_in_time = asked("an.claeys@example.be")
    with at(PASSES_UNTIL + SECOND):
        late = asked("el.amrani@example.be", children=[{**ASKED["children"][0], "first_name": "Noor"}])

        (shown,) = own(late)
        assert (shown["is_late"], shown["at"]) == (True, (OPENS_AT + SPREAD).isoformat())
        assert own(just_in_time)[0]["is_late"] is False
    with at(OPENS_AT + SPREAD - MILLISECOND):
        is_problem(late.register(BOUWKAMP, late.pass_.children[0]), TOO_EARLY)
    with at(OPENS_AT + SPREAD):
        assert late.register(BOUWKAMP, late.pass_.children[0]).status_code == 201


def test_a_child_that_is_named_late_keeps_its_siblings_waiting_only_when_it_comes_along():
    opening, claeys = published_opening(), family(LOU)
    both = named_by(claeys.pass_.family_id, LOU.child_id) | named_by(
        claeys.pass_.family_id, JEF.child_id, at=AFTER_PASSES
    )
    pass_ = replace(claeys.pass_, children=(LOU, JEF), namings=both)
    families.put(pass_)
    claeys = replace(claeys, pass_=pass_, token=tokens.sign(pass_))

    with at(AFTER_PASSES):
        lou, jef = own(claeys)
    with at(moment_of(opening, family(LOU))):
        is_problem(claeys.register(BOUWKAMP, LOU, JEF), TOO_EARLY)
        assert claeys.register(BOUWKAMP, LOU).status_code == 201

    assert (lou["child_ids"], lou["is_late"]) == ([LOU.child_id], False)
    assert (jef["child_ids"], jef["is_late"]) == ([JEF.child_id], True)


RESIDENTS = [
    {"opens_at": "2027-05-07T19:00", "spread_minutes": 30, "postcodes": ["9970", "1234"]},
    {"opens_at": "2027-05-07T20:00", "spread_minutes": 30},
]


@pytest.mark.parametrize(("postcode", "window"), [("9970", 0), ("1234 AB", 0), ("1234AB", 0), ("9971", 1), ("1000", 1)])
def test_residents_come_first_by_their_postcode(postcode, window):
    published_opening(windows=RESIDENTS)
    one = asked("an.claeys@example.be", postcode=postcode)

    with at(AFTER_PASSES):
        (shown,) = own(one)

    opens_at = OPENS_AT + window * timedelta(hours=1)
    assert (shown["window"], shown["opens_at"]) == (window, opens_at.isoformat())
    moment = datetime.fromisoformat(shown["at"])
    assert opens_at <= moment < opens_at + SPREAD
    with at(moment - MILLISECOND):
        is_problem(one.register(BOUWKAMP, one.pass_.children[0]), TOO_EARLY)
    with at(moment):
        assert one.register(BOUWKAMP, one.pass_.children[0]).status_code == 201


def test_an_opening_for_residents_only_says_so_to_everybody_else():
    published_opening(windows=RESIDENTS[:1])
    one = asked("an.claeys@example.be", postcode="1000")

    with at(OPENS_AT + SPREAD - SECOND):
        is_problem(one.register(BOUWKAMP, one.pass_.children[0]), NOT_FROM_THERE, postcodes="1234, 9970")
        (shown,) = own(one)

    assert (shown["window"], shown["opens_at"], shown["at"], shown["keys"]) == (None, None, None, [])


def asked(email, **changed):
    """The family that asked for a pass through the API, and opened the link in its mail."""
    answer = post("/api/passes", {**ASKED, "email": email, **changed})
    pass_ = families.get(family_id(email), answer.json_body["pass_id"])
    assert request("GET", f"/api/pass?token={tokens.sign(pass_)}").status_code == 200
    return Family(pass_, tokens.sign(pass_))
