"""The home counter's desk: issuing once, not to oneself, after identity was proven; withdrawing; two clerks at once."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from unittest import mock

import boto3
import pytest

from chalicelib.core import bucket, settings
from chalicelib.core.http.problems import Problem
from chalicelib.core.refusals import Busy, Interfered
from chalicelib.front_door.cases import ending, sending
from chalicelib.front_door.cases import table as cases
from chalicelib.front_door.cases.rules import Case, CaseStatus, Contact, Way
from chalicelib.front_door.cases.sending import CaseRequest
from chalicelib.front_door.counter import files, issuing, kinds, table
from chalicelib.front_door.counter.issuing import Issue
from chalicelib.front_door.counter.rules import Content, Identity, IdentityWay, SealKind, Standing
from chalicelib.front_door.daybook import table as daybook
from chalicelib.front_door.handling import handling
from tests.front_door.city import KOEN, NADIA, NOW, a_city, publish

ASKED = {"whom": "self", "name": "An Claeys", "born": "1985-04-12"}
CONTENT = Content("An Claeys", date(1985, 4, 12), "Veld 1, 9970 Kaprijke", "Het gezin bestaat uit An Claeys.", "nl")
OTHER = replace(CONTENT, lines="Het gezin bestaat uit An Claeys en Bo Claeys.")
CARD = Identity(IdentityWay.DESK, "An Claeys", date(1985, 4, 12), "identity-card", NOW, NADIA.staff_id, NADIA.name)


@pytest.fixture(autouse=True)
def city(table: None) -> None:
    """A city whose unit `streets` (Nadia's) answers requests for a household's composition. No seal."""
    bucket.client.cache_clear()
    location = {"LocationConstraint": "eu-west-1"}
    boto3.client("s3").create_bucket(Bucket=settings.papers(), CreateBucketConfiguration=location)
    a_city()
    publish(kinds.form_of(kinds.BY_FORM["household"], "streets"))


def asked(email: str = "an.claeys@example.org", name: str = "An Claeys", key: str = "gezin-1") -> Case:
    contact = Contact(email=email, name=name, language="nl")
    return sending.send(CaseRequest("household", ASKED, Way.PAGE, key, contact=contact), NOW).case


def proven(key: str = "gezin-1") -> Case:
    case = asked(key=key)
    return issuing.prove(case, CARD, NADIA)


def again(case: Case) -> Case:
    found = cases.get(case.case_id)
    assert found
    return found


def test_a_certificate_is_issued_with_its_file_and_the_request_is_answered():
    case = proven()

    issued = issuing.issue(case, Issue(CONTENT), NADIA, NOW)

    assert table.get(issued.number) == issued == table.of_case(case.case_id)
    assert (issued.seal, issued.identity, issued.by_name) == (SealKind.NONE, IdentityWay.DESK, "Nadia Baert")
    file = files.get(issued)
    assert file is not None
    assert hashlib.sha256(file).hexdigest() == issued.digest
    after = again(case)
    assert after.status is CaseStatus.ANSWERED
    assert issued.spoken in cases.history(after)[-1].text
    assert table.figures(2027)["issued-desk", "household"] == 1


def test_nothing_is_issued_before_identity_is_proven():
    with pytest.raises(Problem) as refused:
        issuing.issue(asked(), Issue(CONTENT), NADIA, NOW)
    assert refused.value.kind.slug == "not-now"


@pytest.mark.parametrize(
    ("email", "name"),
    [("nadia.baert@kaprijke.example", "An"), ("x@example.org", "Baert Nadia"), ("Nadia.Baert+x@kaprijke.example", "")],
)
def test_a_clerk_decides_nothing_about_themself(email, name):
    case = asked(email, name)
    for attempt in (
        lambda: issuing.prove(case, CARD, NADIA),
        lambda: issuing.refuse(case, "Nee.", NADIA, NOW),
    ):
        with pytest.raises(Problem):
            attempt()
    assert table.identity(case.case_id) is None

    seen = issuing.prove(case, CARD, KOEN)
    with pytest.raises(Problem):
        issuing.issue(seen, Issue(CONTENT), NADIA, NOW)
    assert issuing.issue(seen, Issue(CONTENT), KOEN, NOW).number


def test_a_clerk_does_not_put_their_own_name_on_anothers_request():
    own = Content("Nadia Baert", None, "", "Niets te melden.", "nl")
    with pytest.raises(Problem):
        issuing.issue(proven(), Issue(own), NADIA, NOW)


def test_two_clerks_at_once_issue_one_and_the_other_leaves_no_file():
    case = proven()
    first = issuing.issue(case, Issue(CONTENT), NADIA, NOW)
    at = len(stored())

    with pytest.raises(Problem):  # by who looks first
        issuing.issue(again(case), Issue(CONTENT), KOEN, NOW)
    with pytest.raises((Interfered, Problem)):  # by who saw the request before
        issuing.issue(case, Issue(CONTENT), KOEN, NOW)

    assert table.of_case(case.case_id) == first
    assert len(stored()) == at


def test_the_race_is_lost_in_the_write_itself(monkeypatch):
    """Given a clerk whose look found no certificate yet."""
    case = proven()
    issuing.issue(case, Issue(CONTENT), NADIA, NOW)
    first = table.of_case(case.case_id)
    monkeypatch.setattr(table, "of_case", mock.Mock(side_effect=[None, first]))

    with pytest.raises(Interfered):
        issuing.issue(case, Issue(OTHER), KOEN, NOW)

    assert len(stored()) == 1
    assert table.figures(2027)["issued-desk", "household"] == 1


def test_who_tries_again_after_a_failure_gives_the_same_number(monkeypatch):
    """Given a table that answers nothing in the very moment of the write."""
    case, change = proven(), issuing.acting.change
    monkeypatch.setattr(issuing.acting, "change", mock.Mock(side_effect=Busy))
    with pytest.raises(Busy):
        issuing.issue(case, Issue(CONTENT), NADIA, NOW)
    assert table.of_case(case.case_id) is None
    assert again(case).is_in_hand

    monkeypatch.setattr(issuing.acting, "change", change)
    issued = issuing.issue(case, Issue(CONTENT), NADIA, NOW)

    assert issued.number == issuing.number_for(case)
    assert files.get(issued) is not None


def test_the_very_same_file_of_who_came_second_is_not_taken_away(monkeypatch):
    case = proven()
    first = issuing.issue(case, Issue(CONTENT), NADIA, NOW)
    monkeypatch.setattr(table, "of_case", mock.Mock(side_effect=[None, first]))

    with pytest.raises(Interfered):
        issuing.issue(case, Issue(CONTENT), KOEN, NOW)

    assert files.get(first) is not None


def test_identity_that_was_written_anew_meanwhile_stops_it(monkeypatch):
    case = proven()
    monkeypatch.setattr(table, "identity", lambda _: Identity(IdentityWay.DESK, "Jan", None, "x", NOW))

    with pytest.raises(Interfered):
        issuing.issue(case, Issue(CONTENT), NADIA, NOW)


def test_a_withdrawn_one_does_not_hold_and_its_request_is_in_hand_again():
    case = proven()
    issued = issuing.issue(case, Issue(CONTENT), NADIA, NOW)

    issuing.withdraw(issued.number, "Er stond een verkeerde geboortedatum op.", KOEN, NOW)

    withdrawn = table.get(issued.number)
    assert withdrawn
    assert withdrawn.standing(date(2027, 3, 8)) is Standing.WITHDRAWN
    assert files.get(issued) is None
    assert table.of_case(case.case_id) is None
    after = again(case)
    assert after.status is CaseStatus.REOPENED
    assert "verkeerde geboortedatum" in cases.history(after)[-1].text
    with pytest.raises(Problem):
        issuing.withdraw(issued.number, "Nog eens.", KOEN, NOW)

    right = issuing.issue(after, Issue(CONTENT), NADIA, NOW)
    assert right.number != issued.number
    assert table.of_case(case.case_id) == right
    assert table.figures(2027)["withdrawn", "household"] == 1


def test_a_request_whose_certificate_is_withdrawn_has_the_whole_time_again():
    case = proven()
    issued = issuing.issue(case, Issue(CONTENT), NADIA, NOW)
    later = NOW + timedelta(days=40)

    issuing.withdraw(issued.number, "Er stond een verkeerde geboortedatum op.", KOEN, later)

    after = again(case)
    assert after.answer_by > later.date()
    assert after.reopened == 1


def test_the_end_of_a_certificate_is_its_last_day():
    issued = issuing.issue(proven(), Issue(CONTENT, date(2027, 6, 8)), NADIA, NOW)
    assert issued.standing(date(2027, 6, 8)) is Standing.VALID
    assert issued.standing(date(2027, 6, 9)) is Standing.OVER


def test_a_refusal_answers_the_request_and_issues_nothing():
    case = issuing.refuse(asked(), "Je bent niet in Kaprijke ingeschreven.", NADIA, NOW)
    assert case.status is CaseStatus.ANSWERED
    assert table.of_case(case.case_id) is None
    assert table.figures(2027)["refused", "household"] == 1


def test_the_same_request_twice_is_one_request():
    assert asked().case_id == asked().case_id
    later = datetime(2027, 3, 9, tzinfo=UTC)
    issuing.issue(proven(), Issue(CONTENT), NADIA, later)
    with pytest.raises(Problem):
        issuing.issue(again(asked()), Issue(CONTENT), NADIA, later)


def stored() -> list[str]:
    found = boto3.client("s3").list_objects_v2(Bucket=settings.papers())
    return [one["Key"] for one in found.get("Contents", [])]


def test_who_asked_ends_with_the_request_and_the_number_stays():
    """Given a form whose requests are kept for a month: neither name nor file outlives one."""
    publish(replace(kinds.form_of(kinds.BY_FORM["household"], "streets", 2), kept_months=1), before=1, edition=2)
    case = proven()
    issued = issuing.issue(case, Issue(CONTENT), NADIA, NOW)
    daybook.note(again(case))

    assert ending.end(datetime(2027, 5, 2, 3, tzinfo=UTC)) == 1

    assert cases.get(case.case_id) is None
    assert table.identity(case.case_id) is None
    assert table.of_case(case.case_id) is None
    assert stored() == []
    assert table.get(issued.number) == issued
    issuing.withdraw(issued.number, "Er stond een verkeerde geboortedatum op.", KOEN, NOW)
    assert table.get(issued.number).withdrawn_on


def test_requests_for_certificates_are_not_merged():
    """Or an ex-partner's request about somebody is answered with that one's number."""
    theirs, other = asked(), asked("ben@example.org", "Ben Peeters", "gezin-2")
    with pytest.raises(Problem) as refused:
        handling.merge(NADIA, other.case_id, 1, theirs.receipt, NOW)
    assert refused.value.kind.slug == "not-now"
    assert again(other).is_in_hand
