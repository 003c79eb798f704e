"""An opening as staff make it, through the API: drafts, versions, approvals."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.core.http.fields import AS_MOMENT, CLOCKS_CHANGE, MISSING
from chalicelib.core.http.problems import CHANGED, INVALID, NOT_ALLOWED, NOT_FOUND, NOT_NOW
from chalicelib.core.languages import LANGUAGES, translate
from chalicelib.office.publication import drafts
from chalicelib.office.publication.drafts import (
    APPROVED_ALREADY,
    NOT_AS_IT_SHOULD_BE,
    PUBLISHED_ALREADY,
    TOO_FEW_APPROVALS,
)
from chalicelib.people.staff.rules import Role
from chalicelib.programme.openings.check import TEXT_MISSING
from chalicelib.programme.openings.plans import NOT_OF_OPENING, SESSION_TWICE
from tests.camps import BOUWKAMP, post, published, request, signed_in
from tests.core.http.problems import is_problem
from tests.lost import one_answer_lost
from tests.programme.openings import plans
from tests.programme.openings.plans import (
    ANNA,
    BRAM,
    DRAW,
    MANAGER,
    approve,
    approved,
    created,
    drafted,
    publish,
    put,
    stored,
)


@pytest.fixture(autouse=True)
def programme(table):
    """The Bouwkamp, published but not open."""
    published(opens_at=None)


def read(opening_id, by=MANAGER):
    return request("GET", f"/api/staff/openings/{opening_id}", headers=dict(by))


def errors(answer):
    return {error["field"]: error["message"] for error in answer.json_body["errors"]}


def says(answer, why, language="nl", **values):
    """That it cannot be done now, and why."""
    is_problem(answer, NOT_NOW, language, why=translate(why, language, **values))
    assert answer.json_body["why"] == answer.json_body["detail"] == translate(why, language, **values)


def test_a_draft_is_answered_with_its_commitment_and_its_plan_as_it_can_be_sent_again():
    answer = created()

    draft = answer.json_body
    assert answer.status_code == 201
    assert (draft["version"], draft["state"], draft["findings"], draft["passes_check"]) == (1, "draft", [], True)
    assert draft["commitment"] == hashlib.sha256(stored(draft["opening_id"]).seed).hexdigest()
    again = put(f"/api/staff/openings/{draft['opening_id']}", {"version": 1, "plan": draft["plan"]}, MANAGER)
    assert again.json_body["plan"] == draft["plan"]


def test_a_draft_and_its_approval_whose_answers_were_lost_are_there_once():
    # Given that DynamoDB stores a draft and its answer is lost, so that botocore puts it again
    with one_answer_lost("PutItem"):
        answer = created()
    opening_id = answer.json_body["opening_id"]
    # When the same befalls an approval
    with one_answer_lost("PutItem"):
        approval = approve(opening_id, ANNA)
    # Then both are answered as if nothing had happened, and are there once
    assert (answer.status_code, approval.status_code) == (201, 200)
    listed = request("GET", "/api/staff/openings", headers=MANAGER).json_body["openings"]
    assert [one["opening_id"] for one in listed] == [opening_id]
    assert [one["name"] for one in listed[0]["approvals"]] == ["Anna Pauwels"]


def test_what_staff_see_in_a_list_is_what_they_see_of_one():
    first, second = drafted(), drafted(titles={"nl": "Paaskampen"})

    answer = request("GET", "/api/staff/openings", headers=MANAGER)

    listed = {one["opening_id"]: one for one in answer.json_body["openings"]}
    assert listed == {one: read(one).json_body for one in (first, second)}
    assert {finding["code"] for finding in listed[second]["findings"]} == {"text-missing"}


def test_two_drafts_of_the_same_plan_have_different_seeds():
    assert stored(drafted()).seed != stored(drafted()).seed


def test_nobody_is_answered_a_seed_before_the_opening_is_over():
    opening_id = approved()
    publish(opening_id)
    seed = stored(opening_id).seed

    told = [
        read(opening_id).body,
        request("GET", "/api/staff/openings", headers=MANAGER).body,
        publish(opening_id).body,
    ]
    told += [request("GET", f"/api/openings{path}").body for path in ("", f"/{opening_id}", f"/{opening_id}/list")]

    for body in told:
        assert seed.hex().encode() not in body
    assert all(json.loads(body).get("seed") is None for body in told)


def test_moments_may_be_written_by_the_clocks_in_brussels_or_with_an_offset():
    same = [
        created(windows=[{"opens_at": opens_at, "spread_minutes": 30}]).json_body["plan"]["windows"][0]["opens_at"]
        for opens_at in ("2027-05-07T19:00", "2027-05-07T19:00:00+02:00", "2027-05-07T17:00Z")
    ]
    assert set(same) == {"2027-05-07T17:00:00+00:00"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("moment", ["2027-03-28T02:30", "2027-10-31T02:30"])
def test_the_hour_that_daylight_saving_skips_or_repeats_is_asked_about(moment, language):
    windows = [{"opens_at": "2027-03-08T19:00", "spread_minutes": 0}, {"opens_at": moment, "spread_minutes": 30}]

    answer = post("/api/staff/openings", plans.PLAN | {"windows": windows}, {**MANAGER, "Accept-Language": language})

    is_problem(answer, INVALID, language)
    assert errors(answer) == {"windows[1].opens_at": translate(CLOCKS_CHANGE, language)}


def test_the_hour_that_comes_twice_can_be_told_apart_by_its_offset():
    for moment in ("2027-10-31T02:30+02:00", "2027-10-31T02:30+01:00"):
        assert created(passes_until=moment).status_code == 201


@pytest.mark.parametrize(
    "moment",
    [
        *("", "soon", "2027-05-07", "2027-05-07 19:00", "2027-05-07T19", "20270507T1900", "2027-02-29T19:00"),
        *(
            "2027-05-07T25:00",
            "2027-05-07T19:00+99:00",
            "0001-01-01T00:00",
            "9999-12-31T23:59-14:00",
            "2100-01-01T00:00",
        ),
        *("٢٠٢٧-05-07T19:00", 1809709200, True, [], {}),
    ],
)
def test_what_is_no_moment_is_named(moment):
    answer = created(windows=[{"opens_at": moment, "spread_minutes": 30}])

    assert errors(answer) == {"windows[0].opens_at": translate(AS_MOMENT, "nl")}


def test_every_wrong_field_is_named_where_it_stands():
    answer = created(
        kind="auction",
        country="DE",
        titles={"fr": "Camps"},
        session_ids=[],
        windows=[{"spread_minutes": -1, "postcodes": ["99700"]}],
        expected_families=0,
        offer_hour=24,
        hold_minutes=0,
        incident_rule={"nl": "\ud800"},
        beacons=None,
    )

    assert set(errors(answer)) == {
        "kind", "country", "titles.nl", "session_ids", "windows[0].spread_minutes", "windows[0].opens_at",
        "windows[0].postcodes[0]", "expected_families", "offer_hour", "hold_minutes", "incident_rule.nl", "beacons",
    }  # fmt: skip
    assert errors(answer)["titles.nl"] == translate(MISSING, "nl")


def test_a_session_stands_once_in_a_plan_and_seats_are_held_back_of_its_own():
    one = {"session_id": BOUWKAMP.session_id, "staff": 1}
    answer = created(session_ids=[BOUWKAMP.session_id] * 2, held_back=[one, one, {"session_id": "k7mxfar3ct"}])

    assert errors(answer) == {
        "session_ids[1]": translate(SESSION_TWICE, "nl"),
        "held_back[1].session_id": translate(SESSION_TWICE, "nl"),
        "held_back[2].session_id": translate(NOT_OF_OPENING, "nl"),
    }


def test_a_change_is_a_new_version_for_which_no_approval_counts_yet():
    opening_id = approved()
    seed = stored(opening_id).seed

    answer = put(f"/api/staff/openings/{opening_id}", {"version": 1, "plan": plans.PLAN | DRAW}, MANAGER)

    assert answer.json_body["version"] == 2
    assert [one["counts"] for one in answer.json_body["approvals"]] == [False, False]
    assert stored(opening_id).seed == seed
    says(publish(opening_id, 2), TOO_FEW_APPROVALS, number=0)


def test_an_older_version_is_neither_changed_nor_approved_nor_published():
    opening_id = approved()
    put(f"/api/staff/openings/{opening_id}", {"version": 1, "plan": plans.PLAN}, MANAGER)

    for answer in (
        put(f"/api/staff/openings/{opening_id}", {"version": 1, "plan": plans.PLAN}, MANAGER),
        approve(opening_id, ANNA, version=1),
        publish(opening_id, version=1),
    ):
        is_problem(answer, CHANGED)
    assert stored(opening_id).version == 2


def test_the_same_person_approves_once():
    opening_id = drafted()
    assert approve(opening_id, ANNA).status_code == 200

    says(approve(opening_id, ANNA), APPROVED_ALREADY)

    assert len(stored(opening_id).approvals) == 1
    says(publish(opening_id), TOO_FEW_APPROVALS, number=1)


def test_two_who_approve_at_once_both_do(real_table):
    published(opens_at=None)
    opening_id = drafted()

    with ThreadPoolExecutor(2) as people:
        answers = list(people.map(lambda by: approve(opening_id, by).status_code, (ANNA, BRAM)))

    assert answers == [200, 200]
    assert len(stored(opening_id).approved_by) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_draft_that_does_not_pass_the_check_is_not_approved(language):
    opening_id = drafted(titles={"nl": "Kampen", "en": "Camps"})

    answer = approve(opening_id, {**ANNA, "Accept-Language": language})

    says(answer, NOT_AS_IT_SHOULD_BE, language)
    assert errors(answer) == {"plan.titles.fr": translate(TEXT_MISSING, language)}
    assert stored(opening_id).approvals == ()


def test_the_check_is_made_anew_before_publication(monkeypatch):
    opening_id = approved()
    monkeypatch.setattr(drafts, "_untranslated", lambda: {"fr": 1})

    says(publish(opening_id), NOT_AS_IT_SHOULD_BE)

    assert stored(opening_id).state == "draft"


def test_a_holiday_has_the_name_that_the_reader_knows():
    opening_id = drafted(windows=[{"opens_at": "2027-05-06T21:00", "spread_minutes": 30}])

    for language, name in (("nl", "Hemelvaart"), ("fr", "Ascension"), ("en", "Ascension Day")):
        (finding,) = read(opening_id, {**MANAGER, "Accept-Language": language}).json_body["findings"]
        assert finding["code"] == "on-holiday"
        assert name in finding["message"]


def test_a_session_of_one_published_opening_cannot_be_in_another():
    first, second = approved(), approved()
    assert publish(first).status_code == 200

    says(publish(second), NOT_AS_IT_SHOULD_BE)

    (finding,) = read(second).json_body["findings"]
    assert (finding["code"], finding["session_id"]) == ("in-another-opening", BOUWKAMP.session_id)


@pytest.mark.parametrize("language", LANGUAGES)
def test_after_publication_nothing_changes_any_more(language):
    opening_id = approved()
    publish(opening_id)
    before = stored(opening_id)

    change = put(
        f"/api/staff/openings/{opening_id}",
        {"version": 1, "plan": plans.PLAN | DRAW},
        {**MANAGER, "Accept-Language": language},
    )

    says(change, PUBLISHED_ALREADY, language)
    says(approve(opening_id, signed_in(Role.APPROVER, name="Carla Smet")), PUBLISHED_ALREADY)
    assert stored(opening_id) == before


def test_what_does_not_exist_is_not_found():
    for answer in (
        read("2027-abcdef"),
        put("/api/staff/openings/2027-abcdef", {"version": 1, "plan": plans.PLAN}, MANAGER),
        approve("2027-abcdef", ANNA),
        publish("2027-abcdef"),
    ):
        is_problem(answer, NOT_FOUND)


def test_each_step_is_for_its_role():
    opening_id = drafted()
    only = {role: signed_in(role) for role in Role}
    for role, headers in only.items():
        if role is not Role.MANAGER:
            is_problem(post("/api/staff/openings", plans.PLAN, headers), NOT_ALLOWED, roles=Role.MANAGER)
            is_problem(
                put(f"/api/staff/openings/{opening_id}", {"version": 1, "plan": plans.PLAN}, headers),
                NOT_ALLOWED,
                roles=Role.MANAGER,
            )
            is_problem(publish(opening_id, by=headers), NOT_ALLOWED, roles=Role.MANAGER)
        if role is not Role.APPROVER:
            is_problem(approve(opening_id, headers), NOT_ALLOWED, roles=Role.APPROVER)
        assert (read(opening_id, headers).status_code == 200) == (role not in (Role.FINANCE, Role.LEADER, Role.HANDLER))


@pytest.mark.parametrize("version", [0, -1, "x", None, True, 1.5, {}, 10**7])
def test_a_version_is_a_number(version):
    opening_id = drafted()
    for answer in (approve(opening_id, ANNA, version), publish(opening_id, version)):
        assert list(errors(answer)) == ["version"]


@pytest.mark.parametrize("year", [2000, 2026, 2099])
def test_a_year_far_away_is_a_finding_and_no_accident(year):
    day = f"{year}-12-31T23:59"
    answer = created(windows=[{"opens_at": day, "spread_minutes": 1440}], passes_until=day, wishes_until=day)

    assert answer.status_code == 201
    assert answer.json_body["passes_check"] is False
