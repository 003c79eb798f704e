"""Families answer what the city asks before a seat is theirs for good; whoever tries around it does not get there."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from chalicelib.booking.answers import answering, table
from chalicelib.booking.offers import accept as accepting
from chalicelib.booking.registrations import table as registrations
from chalicelib.core import table as core_table
from chalicelib.core.http.problems import ANSWERS_MISSING, Problem
from chalicelib.programme.sessions.rules import Session
from chalicelib.rights import erasing
from chalicelib.seats import changing
from chalicelib.seats.rules import AskedBy
from tests.booking.answers.asking import asks
from tests.booking.registrations.test_registering import problem
from tests.camps import JEF, LOU, NOOR, Family, family, post, published, request
from tests.core.http.conftest import stored
from tests.office.desk.counter import DESK
from tests.programme.questions.examples import ALLERGENS, LUNCH, PHOTOS, SHOE, WHY, texts

pytestmark = pytest.mark.usefixtures("table")

ALL = {"photo_consent": True, "lunch": "own"}


@pytest.fixture
def camp() -> Session:
    session = published()
    asks(session, PHOTOS, LUNCH, ALLERGENS, SHOE, WHY)
    return session


@pytest.fixture
def claeys(camp) -> Family:
    return family(LOU, JEF)


def held(who: Family, session: Session, *children, **more: Any) -> str:
    answer = who.register(session, *(children or (LOU,)), **more)
    assert answer.json_body["status"] == "offered", answer.json_body
    return answer.json_body["registration_id"]


def answers(who: Family, registration_id: str, sent: Any):
    body = json.dumps(sent).encode()
    headers = {**who.authorization, "Content-Type": "application/json"}
    return request("PUT", f"/api/registrations/{registration_id}/answers", body, headers)


def accepts(who: Family, registration_id: str):
    return post(f"/api/registrations/{registration_id}/acceptance", {}, who.authorization)


def wrong(answer) -> list[str]:
    assert answer.status_code == 422, answer.json_body
    return [one["field"] for one in answer.json_body["errors"]]


def test_a_seat_is_final_once_what_is_required_is_answered_about_each_child(camp, claeys):
    made = held(claeys, camp, LOU, JEF)

    refused = accepts(claeys, made)
    assert (refused.status_code, problem(refused)) == (409, "answers-missing")
    assert refused.json_body["child_ids"] == [LOU.child_id, JEF.child_id]
    assert [one["field"] for one in refused.json_body["errors"]][1] == f"answers.{LOU.child_id}.lunch"

    one = answers(claeys, made, {LOU.child_id: {**ALL, "shoe": 30.0, "why": " Via oma\u0301 "}})
    assert one.json_body == {
        "registration_id": made,
        "answers": {LOU.child_id: {**ALL, "shoe": 30, "why": "Via omá"}, JEF.child_id: {}},
        "missing": {JEF.child_id: ["photo_consent", "lunch"]},
    }
    assert problem(accepts(claeys, made)) == "answers-missing"
    answers(claeys, made, {JEF.child_id: ALL})

    assert accepts(claeys, made).json_body["status"] == "confirmed"
    assert claeys.get(f"/api/registrations/{made}/answers").json_body["missing"] == {}


def test_what_is_left_out_stays_and_null_takes_it_away(camp, claeys):
    made = held(claeys, camp)
    answers(claeys, made, {LOU.child_id: ALL})

    assert answers(claeys, made, {LOU.child_id: {"lunch": None}}).json_body["answers"] == {
        LOU.child_id: {"photo_consent": True}
    }
    assert problem(accepts(claeys, made)) == "answers-missing"


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"lunch": "caviar"}, ["lunch"]),
        ({"photo_consent": "yes", "shoe": 500}, ["photo_consent", "shoe"]),
        ({"allergens": ["nuts", "nuts"]}, ["allergens"]),
        ({"__proto__": True}, ["__proto__"]),
        ({"lunch.value": "own"}, ["lunch.value"]),
        ({"why": "\ud800"}, ["why"]),
        ({"why": "a\u0000b"}, ["why"]),
        ({"why": {"$gt": ""}}, ["why"]),
    ],
)
def test_what_is_no_answer_is_named_and_nothing_is_stored(camp, claeys, given, fields):
    made = held(claeys, camp)

    sent = answers(claeys, made, {LOU.child_id: {**ALL, **given}})

    assert wrong(sent) == [f"answers.{LOU.child_id}.{one}" for one in fields]
    assert claeys.get(f"/api/registrations/{made}/answers").json_body["answers"] == {LOU.child_id: {}}


@pytest.mark.parametrize(
    "content", [[], "x", None, {"c1": ALL}, {"__proto__": {}}, {LOU.child_id: []}, {JEF.child_id: ALL}]
)
def test_other_children_and_other_shapes_are_refused(camp, claeys, content):
    made = held(claeys, camp)

    assert answers(claeys, made, content).status_code == 422
    assert table.get(made).edition == 0


def test_a_megabyte_is_refused_and_so_is_more_than_an_item_holds(camp, claeys, monkeypatch):
    made = held(claeys, camp)

    assert wrong(answers(claeys, made, {LOU.child_id: {"why": "x" * 1_000_000}})) == ["body"]
    monkeypatch.setattr(answering, "MOST_BYTES", 200)
    assert wrong(answers(claeys, made, {LOU.child_id: {"why": "x" * 190}})) == ["answers"]


def test_another_family_sees_and_changes_nothing(camp, claeys):
    made, other = held(claeys, camp), family(NOOR, email="fatima@example.be")
    answers(claeys, made, {LOU.child_id: ALL})

    assert answers(other, made, {LOU.child_id: {"lunch": "soup"}}).status_code == 404
    assert other.get(f"/api/registrations/{made}/answers").status_code == 404
    assert request("PUT", f"/api/registrations/{made}/answers", b"{}").status_code == 401
    assert table.get(made).values([LOU.child_id]) == {LOU.child_id: ALL}


def test_the_parent_with_whom_a_child_is_shared_does_not_see_them_by_its_own_pass(camp, claeys):
    made = held(claeys, camp)
    answers(claeys, made, {LOU.child_id: ALL})
    father = family(LOU, email="jan.claeys@example.be")

    assert father.get(f"/api/registrations/{made}/answers").status_code == 404
    assert accepts(father, made).status_code == 404


def test_a_question_that_is_required_since_must_be_answered_before_the_seat_is_final(camp, claeys):
    made = held(claeys, camp)
    answers(claeys, made, {LOU.child_id: ALL})
    asks(camp, PHOTOS, LUNCH, replace(SHOE, required=True), version=2)

    refused = accepts(claeys, made)

    assert [one["field"] for one in refused.json_body["errors"]] == [f"answers.{LOU.child_id}.shoe"]


def test_one_that_is_required_after_the_seat_was_final_takes_no_seat_and_is_missing(camp, claeys):
    made = held(claeys, camp)
    answers(claeys, made, {LOU.child_id: ALL})
    accepts(claeys, made)
    asks(camp, PHOTOS, LUNCH, replace(SHOE, required=True), version=2)

    assert claeys.get(f"/api/registrations/{made}").json_body["status"] == "confirmed"
    assert claeys.get(f"/api/registrations/{made}/answers").json_body["missing"] == {LOU.child_id: ["shoe"]}
    assert table.get(made).of[LOU.child_id].given["lunch"].version == 1


def meanwhile(monkeypatch, happens: Callable[[], object]) -> None:
    """What another tab, or staff, does between the look of an acceptance and its transaction."""
    looked = accepting.must_suffice

    def once(*args, **more):
        monkeypatch.setattr(accepting, "must_suffice", looked)
        found = looked(*args, **more)
        happens()
        return found

    monkeypatch.setattr(accepting, "must_suffice", once)


def test_nothing_is_accepted_on_answers_that_went_away_in_another_tab(camp, claeys, monkeypatch):
    made = held(claeys, camp)
    answers(claeys, made, {LOU.child_id: ALL})

    meanwhile(monkeypatch, lambda: answers(claeys, made, {LOU.child_id: {"lunch": None}}))

    assert problem(accepts(claeys, made)) == "answers-missing"
    assert claeys.get(f"/api/registrations/{made}").json_body["status"] == "offered"


def test_nor_on_questions_that_changed_at_that_moment(camp, claeys, monkeypatch):
    made = held(claeys, camp)
    answers(claeys, made, {LOU.child_id: ALL})

    meanwhile(monkeypatch, lambda: asks(camp, PHOTOS, replace(SHOE, required=True), version=2))

    assert problem(accepts(claeys, made)) == "answers-missing"


def test_nor_where_nothing_was_required_a_moment_ago(table, monkeypatch):
    camp, who = published(), family(LOU)
    asks(camp)
    made = held(who, camp)
    asks(camp, replace(PHOTOS, required=False), version=2)

    meanwhile(monkeypatch, lambda: asks(camp, PHOTOS, version=3))

    assert problem(accepts(who, made)) == "answers-missing"
    assert who.get(f"/api/registrations/{made}").json_body["status"] == "offered"


def test_seats_that_ask_although_no_question_does_keep_nobody_from_accepting(table):
    """As a crash leaves an opening with many sessions."""
    camp, who = published(), family(LOU)
    asks(camp)
    made = held(who, camp)
    asks(camp, replace(PHOTOS, required=False), version=2)
    core_table.transact_write([changing.asking(camp.session_id, AskedBy.OPENING, is_required=True)])

    assert accepts(who, made).json_body["status"] == "confirmed"


def test_two_tabs_that_answer_other_questions_at_once_lose_nothing(camp, claeys, monkeypatch):
    made = held(claeys, camp)
    get = table.get

    def first(registration_id: str):
        monkeypatch.setattr(table, "get", get)
        before = get(registration_id)
        answers(claeys, made, {LOU.child_id: {"shoe": 31}})
        return before

    monkeypatch.setattr(table, "get", first)
    answers(claeys, made, {LOU.child_id: ALL})

    assert table.get(made).values([LOU.child_id]) == {LOU.child_id: {**ALL, "shoe": 31}}


def test_who_cancelled_has_nothing_to_answer_and_a_registration_that_ends_meanwhile_keeps_no_new_answer(
    camp, claeys, monkeypatch
):
    made = held(claeys, camp)
    monkeypatch.setattr(registrations, "unchanged", cancel_before(claeys, made, registrations.unchanged))

    assert problem(answers(claeys, made, {LOU.child_id: ALL})) == "not-now"
    assert table.get(made).edition == 0


def cancel_before(who: Family, registration_id: str, condition: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def cancelled(record: Any) -> Any:
        who.cancel(registration_id)
        return condition(record)

    return cancelled


def test_a_camp_that_asks_nothing_takes_no_answers_and_is_accepted_as_before(claeys):
    session = published(title="Danskamp")
    made = claeys.register(session, LOU).json_body

    assert made["status"] == "confirmed"
    assert (
        wrong(answers(claeys, made["registration_id"], {LOU.child_id: ALL}))[0]
        == f"answers.{LOU.child_id}.photo_consent"
    )


def test_the_desk_accepts_without_and_what_is_missing_stays_missing(camp, claeys):
    made = held(claeys, camp)

    taken = post(
        f"/api/staff/registrations/{made}/acceptance", {"reason": "Mevrouw Claeys belt en wil de plaats."}, DESK
    )

    assert taken.json_body["status"] == "confirmed"
    assert list(answering.lacking([registrations.get(made)], datetime.now(UTC)).values()) == [[LOU.child_id]]


@pytest.fixture
def next_week(camp) -> Session:
    """It asks about lunch in the same words, and about photos in others."""
    session = published(title="Dierenkamp", starts_on=date(2027, 8, 23), ends_on=date(2027, 8, 25))
    asks(session, LUNCH, replace(PHOTOS, label=texts("Foto's?", "Photos ?", "Photos?")))
    return session


def moves(who: Family, registration_id: str, to: Session, **more: Any):
    headers = {**who.authorization, "Idempotency-Key": "move"}
    sent = {"session_id": to.session_id, **more}
    return post(f"/api/registrations/{registration_id}/transfer", sent, headers)


def test_what_is_asked_there_too_goes_along_with_a_child_that_moves(camp, claeys, next_week):
    made = held(claeys, camp, LOU, JEF)
    answers(claeys, made, {LOU.child_id: ALL, JEF.child_id: ALL})
    accepts(claeys, made)

    moved = moves(claeys, made, next_week, child_ids=[LOU.child_id]).json_body["registration_id"]

    assert table.get(moved).values([LOU.child_id, JEF.child_id]) == {LOU.child_id: {"lunch": "own"}, JEF.child_id: {}}
    there = claeys.get(f"/api/registrations/{moved}/answers").json_body
    assert there["missing"] == {LOU.child_id: ["photo_consent"]}
    assert list(claeys.get(f"/api/registrations/{made}/answers").json_body["answers"]) == [JEF.child_id]


def test_so_does_it_while_the_child_waits_there(camp, claeys, next_week):
    made = held(claeys, camp)
    answers(claeys, made, {LOU.child_id: ALL})
    accepts(claeys, made)
    other = published(title="Vol", starts_on=date(2027, 8, 23), ends_on=date(2027, 8, 25), capacity=1)
    asks(other, LUNCH)
    held(family(NOOR, email="fatima@example.be"), other, NOOR)

    waits = moves(claeys, made, other, waitlist=True).json_body

    assert waits["status"] == "waitlisted"
    assert table.get(waits["registration_id"]).values([LOU.child_id]) == {LOU.child_id: {"lunch": "own"}}


def test_answers_go_with_their_registration_and_are_in_the_family_s_file_until_then(camp, claeys):
    made = held(claeys, camp)
    answers(claeys, made, {LOU.child_id: ALL})

    (told,) = claeys.get("/api/family").json_body["answers"]
    assert (told["registration_id"], told["child_id"], told["answers"], told["versions"]) == (
        made,
        LOU.child_id,
        ALL,
        {"photo_consent": 1, "lunch": 1},
    )
    assert told["by_desk"] is False
    found = registrations.get(made)
    assert found
    erasing.give_back(found, datetime.now(UTC))
    assert not [one for one in stored() if one["sk"]["S"].startswith(table.PREFIX)]


def test_a_hold_that_lapsed_is_not_accepted_however_well_it_is_answered(camp, claeys):
    made = held(claeys, camp)
    answers(claeys, made, {LOU.child_id: ALL})

    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=61)):
        assert problem(accepts(claeys, made)) == "closed"


def test_a_condition_that_answers_are_as_read_is_one(camp, claeys):
    made = held(claeys, camp)
    before = table.get(made)
    answers(claeys, made, {LOU.child_id: ALL})

    with pytest.raises(core_table.refusals.Refused):
        core_table.transact_write([table.standing(before)])
    core_table.transact_write([table.standing(table.get(made))])


def test_whoever_accepts_hears_which_question_is_open(camp, claeys):
    made = registrations.get(held(claeys, camp))

    with pytest.raises(Problem) as refused:
        answering.must_suffice(made, datetime.now(UTC), trusts_seats=True)

    assert refused.value.kind is ANSWERS_MISSING


def test_a_child_that_is_joined_with_another_record_of_it_keeps_its_answers(camp, claeys):
    made = held(claeys, camp)
    answers(claeys, made, {LOU.child_id: ALL})

    core_table.transact_write(table.renaming(made, LOU.child_id, "the-other", datetime.now(UTC)))

    assert table.get(made).values([LOU.child_id, "the-other"]) == {LOU.child_id: {}, "the-other": ALL}
    assert table.renaming(made, LOU.child_id, "the-other", datetime.now(UTC)) == []
