"""What staff send, who may, what the opening, its log and the ledger say then."""

import json
from dataclasses import replace
from datetime import timedelta

import boto3
import pytest
from botocore.exceptions import ClientError
from chalice.test import HTTPResponse

from chalicelib.city.ledger import table as ledger
from chalicelib.people.staff.rules import Role
from chalicelib.programme.openings import log
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import OpeningKind, State
from tests.camps import post, request, signed_in
from tests.lost import one_answer_lost
from tests.office.incidents.conftest import REASON, TEXTS, after, approve, approved, at, done, page, report
from tests.programme.openings.plans import ANNA, MANAGER, drafted, stored

NEXT_WEEK = "2027-05-14T19:00"
BOTH = signed_in(Role.MANAGER, Role.APPROVER, name="Els Maes")


def problem(answer: HTTPResponse) -> tuple[int, str]:
    return answer.status_code, answer.json_body["type"].rpartition("/")[2]


def field(answer: HTTPResponse) -> list[str]:
    assert problem(answer) == (422, "invalid")
    return [error["field"] for error in answer.json_body["errors"]]


# What takes effect at once.


def test_a_pause_holds_is_in_the_log_and_in_the_ledger_and_calls_for_mails(opening, called):
    with at(after(4)):
        made = done(report(opening.opening_id, "pause"))
    assert made["status"] == "done"
    assert stored(opening.opening_id).state is State.PAUSED
    with at(after(5)):
        (entry,) = page(opening.opening_id)["log"]
    assert (entry["action"], entry["start"], entry["end"]) == ("pause", "2027-05-07T17:04:10+00:00", None)
    assert entry["cause"] == TEXTS
    assert entry["done"]["nl"].startswith("De inschrijvingen zijn onderbroken sinds vrijdag 7 mei 2027 om 19.04 uur.")
    last = ledger.entries()[-1]
    assert (last.what.value, last.reason, last.opening_id) == ("paused", REASON, opening.opening_id)
    assert called.events == [{"opening_id": opening.opening_id, "number": 1}]


def test_a_proposal_whose_answer_was_lost_is_there_once(opening):
    # When DynamoDB stores the proposal and its answer is lost, so that botocore puts it again
    with at(after(4)), one_answer_lost("PutItem"):
        answer = report(opening.opening_id, "restart", opens_at=NEXT_WEEK)
    # Then it waits for a second person, once
    assert answer.status_code == 202, answer.json_body
    assert [one.number for one in log.every(opening.opening_id)] == [1]


def test_nothing_of_who_or_why_in_the_ledger_is_on_the_public_page(opening):
    with at(after(4)):
        done(report(opening.opening_id, "pause"))
        text = json.dumps(page(opening.opening_id))
    assert "Els Maes" not in text
    assert REASON not in text


def test_the_outage_is_measured_and_stands_in_the_log(opening):
    cloudwatch = boto3.client("cloudwatch")
    for minute in range(10):
        for metric, value in (("Count", 1000), ("5XXError", 500 if minute >= 4 else 0)):
            cloudwatch.put_metric_data(
                Namespace="AWS/ApiGateway",
                MetricData=[
                    {
                        "MetricName": metric,
                        "Dimensions": [{"Name": "ApiName", "Value": "stormloop"}],
                        "Timestamp": after(minute),
                        "Value": value,
                    }
                ],
            )
    with at(after(10)):
        done(report(opening.opening_id, "pause"))
        (entry,) = page(opening.opening_id)["log"]
    assert entry["outage"] == {
        "measured": True,
        "start": "2027-05-07T17:04:00+00:00",
        "end": "2027-05-07T17:10:00+00:00",
        "failed": 3000,
        "requests": 6000,
    }


def test_what_was_not_measured_is_not_a_zero(opening):
    with at(after(4)):
        done(report(opening.opening_id, "pause"))
        (entry,) = page(opening.opening_id)["log"]
    assert entry["outage"] == {"measured": False, "reason": "CloudWatch has no figures for this time."}


def test_a_resumption_says_by_how_much_everything_moves(opening):
    with at(after(4)):
        done(report(opening.opening_id, "pause"))
    with at(after(24.5)):
        done(report(opening.opening_id, "resume"))
        entry = page(opening.opening_id)["log"][-1]
    assert (entry["start"], entry["end"]) == ("2027-05-07T17:04:10+00:00", "2027-05-07T17:24:40+00:00")
    assert "20 min 30 s" in entry["done"]["en"]
    assert stored(opening.opening_id).shifts[0].by == timedelta(minutes=20, seconds=30)


def test_an_extension_says_until_when(opening):
    with at(after(4)):
        done(report(opening.opening_id, "extend", minutes=15))
        (entry,) = page(opening.opening_id)["log"]
    assert entry["done"]["fr"].startswith("Les familles qui ne sont pas encore admises le sont 15 minutes plus tard.")


def test_a_pause_holds_also_when_nobody_can_be_told_yet(opening, called):
    called.fails = ClientError({"Error": {"Code": "TooManyRequestsException", "Message": ""}}, "Invoke")
    with at(after(4)):
        done(report(opening.opening_id, "pause"))
        assert stored(opening.opening_id).state is State.PAUSED
        called.fails = None
        again = post(f"/api/staff/openings/{opening.opening_id}/incidents/1/announcement", {}, MANAGER)
    assert (again.status_code, again.json_body["told"]) == (202, None)
    assert called.events == [{"opening_id": opening.opening_id, "number": 1}]


# What needs a second person.


def test_a_new_moment_needs_an_approver_and_changes_nothing_before(opening, called):
    with at(after(60)):
        answer = report(opening.opening_id, "restart", opens_at=NEXT_WEEK)
        assert (answer.status_code, answer.json_body["status"]) == (202, "needs-approval")
        assert page(opening.opening_id)["log"] == []
        assert called.events == []
        done(approve(opening.opening_id, 1))
        (entry,) = page(opening.opening_id)["log"]
    assert entry["opens_at"] == "2027-05-14T17:00:00+00:00"
    assert stored(opening.opening_id).opens_at.isoformat() == "2027-05-14T17:00:00+00:00"
    last = ledger.entries()[-1]
    assert (last.what.value, last.staff_name, last.private["proposed_by"]["name"]) == (
        "voided",
        "Anna Pauwels",
        "Els Maes",
    )


def test_an_opening_becomes_a_draw(opening):
    with at(after(20)):
        approved(opening.opening_id, "turn-into-draw", wishes_until=NEXT_WEEK, keep_given=True)
        (entry,) = page(opening.opening_id)["log"]
    assert stored(opening.opening_id).kind is OpeningKind.DRAW
    assert entry["wishes_until"] == "2027-05-14T17:00:00+00:00"
    assert ledger.entries()[-1].what.value == "turned-into-draw"


def test_who_proposed_it_cannot_confirm_it(opening):
    with at(after(60)):
        done(report(opening.opening_id, "restart", headers=BOTH, opens_at=NEXT_WEEK))
        refused = approve(opening.opening_id, 1, by=BOTH)
    assert problem(refused) == (409, "not-now")
    assert "een andere goedkeurder" in refused.json_body["detail"]


def test_what_was_proposed_for_the_opening_as_it_was_is_not_confirmed_for_what_it_is_now(opening):
    with at(after(20)):
        done(report(opening.opening_id, "restart", opens_at=NEXT_WEEK))
        done(report(opening.opening_id, "pause"))
        assert problem(approve(opening.opening_id, 1)) == (409, "changed")


def test_what_took_effect_is_not_confirmed_again(opening):
    with at(after(60)):
        approved(opening.opening_id, "restart", opens_at=NEXT_WEEK)
        assert problem(approve(opening.opening_id, 1)) == (409, "not-now")


def test_a_moment_that_passed_before_it_was_confirmed_does_not_count(opening):
    with at(after(60)):
        done(report(opening.opening_id, "restart", opens_at="2027-05-07T22:00"))
    with at(after(170)):
        refused = approve(opening.opening_id, 1)
    assert problem(refused) == (409, "not-now")
    assert "minstens een uur" in refused.json_body["detail"]


def test_of_two_who_act_at_once_one_does(opening, monkeypatch):
    get, read = openings.get, []

    def another_is_quicker(opening_id):
        found = get(opening_id)
        read.append(opening_id)
        if len(read) == 1:  # whether it is theirs
            return found
        monkeypatch.setattr(openings, "get", get)
        done(report(opening_id, "extend", minutes=5))
        return found

    with at(after(4)):
        monkeypatch.setattr(openings, "get", another_is_quicker)
        assert problem(report(opening.opening_id, "pause")) == (409, "changed")
    assert stored(opening.opening_id).state is State.PUBLISHED
    assert [entry.action for entry in log.every(opening.opening_id)] == ["extend"]


def test_staff_see_what_waits_and_how_many_were_told(opening):
    with at(after(20)):
        done(report(opening.opening_id, "pause"))
        done(report(opening.opening_id, "restart", opens_at=NEXT_WEEK))
        answer = request("GET", f"/api/staff/openings/{opening.opening_id}/incidents", headers=ANNA)
    shown = [(one["number"], one["action"], one["status"], one["told"]) for one in answer.json_body["incidents"]]
    assert shown == [(1, "pause", "done", None), (2, "restart", "needs-approval", None)]


# What is not accepted.


def test_a_pause_of_what_is_paused_is_refused_in_the_readers_language(opening):
    with at(after(4)):
        done(report(opening.opening_id, "pause"))
        refused = report(opening.opening_id, "pause", headers={**MANAGER, "Accept-Language": "fr"})
    assert problem(refused) == (409, "not-now")
    assert refused.json_body["detail"] == "Cette ouverture est déjà suspendue."


def test_a_draft_cannot_be_paused(opening):
    assert problem(report(drafted(session_ids=["x"]), "pause")) == (409, "not-now")


def test_nothing_happens_without_a_reason(opening):
    with at(after(4)):
        assert field(report(opening.opening_id, "pause", reason="because")) == ["reason"]
    assert stored(opening.opening_id).state is State.PUBLISHED


@pytest.mark.parametrize(
    ("action", "more", "wrong"),
    [
        ("stop", {}, ["action"]),
        ("extend", {}, ["minutes"]),
        ("extend", {"minutes": 0}, ["minutes"]),
        ("pause", {"minutes": 5}, ["minutes"]),
        ("restart", {}, ["opens_at"]),
        ("restart", {"opens_at": "tomorrow"}, ["opens_at"]),
        ("restart", {"opens_at": "2028-03-26T02:30"}, ["opens_at"]),
        ("turn-into-draw", {"wishes_until": NEXT_WEEK}, ["keep_given"]),
        ("turn-into-draw", {"wishes_until": "2027-10-31T02:30", "keep_given": True}, ["wishes_until"]),
        ("pause", {"why": {"nl": "Storing"}}, ["why.fr", "why.en"]),
        ("pause", {"cause": {**TEXTS, "fr": " "}}, ["cause.fr"]),
    ],
)
def test_what_is_missing_or_wrong_is_named(opening, action, more, wrong):
    with at(after(4)):
        assert field(report(opening.opening_id, action, **more)) == wrong


@pytest.mark.parametrize("number", ["0", "7", "x", "²", "99999"])
def test_an_incident_that_is_not_there_is_not_found(opening, number):
    path = f"/api/staff/openings/{opening.opening_id}/incidents/{number}/approval"
    assert problem(post(path, {}, ANNA)) == (404, "not-found")


def test_an_opening_that_is_not_there_is_not_found(opening):
    assert problem(report("2027-aaaaaa", "pause")) == (404, "not-found")


def test_only_a_manager_acts_and_only_an_approver_confirms(opening):
    with at(after(60)):
        assert problem(report(opening.opening_id, "pause", headers=ANNA)) == (403, "not-allowed")
        done(report(opening.opening_id, "restart", opens_at=NEXT_WEEK))
        assert problem(approve(opening.opening_id, 1, by=MANAGER)) == (403, "not-allowed")


def test_the_log_reads_back_what_was_written(opening):
    with at(after(4)):
        done(report(opening.opening_id, "extend", minutes=15))
    (entry,) = log.every(opening.opening_id)
    assert log.get(opening.opening_id, 1) == entry
    assert replace(entry, outage=None) == log.LogItem.of(replace(entry, outage=None)).entry()
