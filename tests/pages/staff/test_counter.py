"""The home counter from both sides: a clerk of the unit, the citizen with a receipt, and a stranger with a paper."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime
from unittest import mock
from urllib.parse import quote

import boto3
import pytest

from chalicelib.core import bucket, settings
from chalicelib.front_door.cases import acting, following, sending
from chalicelib.front_door.cases import table as cases
from chalicelib.front_door.cases.acting import Deed
from chalicelib.front_door.cases.rules import Act, Case, Contact, Way
from chalicelib.front_door.cases.sending import CaseRequest
from chalicelib.front_door.counter import deciding, kinds, rule_table, table
from chalicelib.front_door.counter.automatic import Facts, IssuingRule, Signatory
from chalicelib.people.staff.rules import Role
from tests.front_door.city import KOEN, NADIA, RIA, a_city, publish
from tests.money.orders.test_slip_picture import codes_of
from tests.pages.frame.browsing import Browser

ASKED = {"whom": "self", "name": "An Claeys", "born": "1985-04-12", "purpose": "Een studietoelage"}
CONTACT = Contact(email="an.claeys@example.org", name="An Claeys", language="nl")


@pytest.fixture
def case(table: None) -> Case:
    """An asks for her household's composition, of the unit that Nadia is in."""
    bucket.client.cache_clear()
    location = {"LocationConstraint": "eu-west-1"}
    boto3.client("s3").create_bucket(Bucket=settings.papers(), CreateBucketConfiguration=location)
    a_city()
    publish(kinds.form_of(kinds.BY_FORM["household"], "streets"))
    request = CaseRequest("household", ASKED, Way.PAGE, "gezin-1", contact=CONTACT)
    return sending.send(request, datetime.now(UTC)).case


def clerk(name: str = NADIA.name, email: str = NADIA.email) -> Browser:
    return Browser().sign_in(Role.HANDLER, name=name, email=email)


def issued(case: Case) -> table.Certificate:
    """As Nadia does it at the desk."""
    browser = clerk()
    browser.get(f"/office/counter/{case.case_id}")
    browser.submit({"document": "identity-card", "name": "An Claeys", "born": "1985-04-12"}, "Ik heb het gezien")
    shown = browser.submit({"lines": "Het gezin bestaat uit An Claeys."}, "Afgeven")
    assert shown.status == 200, shown.text
    found = table.of_case(case.case_id)
    assert found, shown.text
    return found


def test_a_clerk_sees_who_it_is_and_issues_and_the_citizen_downloads_it(case):
    shown = clerk().get("/office/counter")
    assert "Gezinssamenstelling" in shown.text

    one = issued(case)

    file = Browser().get(f"/cases/{case.receipt}/certificate.pdf?secret={case.secret}")
    assert file.headers["Content-Type"] == "application/pdf"
    assert hashlib.sha256(file.body).hexdigest() == one.digest
    assert codes_of(file.body)[0][0] == f"{settings.public_url()}/certificates/verify/{one.number}"
    assert clerk().get(f"/office/counter/{case.case_id}/certificate.pdf").body == file.body
    assert "Gezinssamenstelling" not in clerk().get("/office/counter").text


def test_nobody_else_downloads_it(case):
    issued(case)
    for path in (f"/cases/{case.receipt}/certificate.pdf?secret={'A' * 16}", f"/cases/{case.receipt}/certificate.pdf"):
        assert Browser().get(path).status == 404


def test_a_stranger_verifies_it_and_reads_no_name(case):
    one = issued(case)

    shown = Browser().get(f"/certificates/verify?number={one.spoken.lower()}")

    assert shown.path.endswith(one.number)
    assert shown.headers["Cache-Control"] == "no-store"
    assert one.digest in shown.text
    assert "Gezinssamenstelling" in shown.text
    for secret in ("Claeys", "Nadia", "Veld", "1985", case.case_id, case.receipt, "streets", "Straten"):
        assert secret not in shown.html


def test_a_withdrawn_one_says_so_whatever_was_printed_earlier(case):
    one = issued(case)
    browser = clerk(KOEN.name, KOEN.email)
    assert "geen attest" in browser.get(f"/office/counter?number={one.spoken}").text  # of another unit

    browser = clerk()
    browser.get(f"/office/counter?number={one.spoken}")
    browser.submit({"reason": "Er stond een verkeerde geboortedatum op."}, "Het attest intrekken")

    found = table.get(one.number)
    assert found
    assert found.withdrawn_on
    shown = Browser().get(f"/certificates/verify/{one.number}")
    assert "ingetrokken" in shown.text
    assert "geboortedatum" not in shown.text
    assert Browser().get(f"/cases/{case.receipt}/certificate.pdf?secret={case.secret}").status == 404


def test_the_unit_that_has_the_request_now_withdraws_what_another_one_issued(case):
    """Or the request would wait there for ever: no second certificate is issued while one holds."""
    one = issued(case)
    now = datetime.now(UTC)
    reopened = following.reopen(cases.get(case.case_id), "Mijn naam staat er verkeerd op.", now)
    acting.change(reopened, Deed(Act.FORWARDED, acting.actor(NADIA), now, changes={"unit_id": "office"}))
    browser = clerk(KOEN.name, KOEN.email)
    browser.get(f"/office/counter?number={one.spoken}")

    browser.submit({"reason": "Er stond een verkeerde naam op."}, "Het attest intrekken")

    found = table.get(one.number)
    assert found
    assert found.withdrawn_on


def test_a_clerk_with_two_tabs_issues_nothing_after_the_withdrawal(case):
    """Given a tab that shows the request as it was before it was issued, withdrawn and opened again."""
    stale, browser = clerk(), clerk()
    browser.get(f"/office/counter/{case.case_id}")
    browser.submit({"document": "passport", "name": "An Claeys"}, "Ik heb het gezien")
    stale.get(f"/office/counter/{case.case_id}")
    browser.submit({"lines": "Een."}, "Afgeven")
    one = table.of_case(case.case_id)
    browser.get(f"/office/counter?number={one.spoken}")
    browser.submit({"reason": "Er stond een verkeerde geboortedatum op."}, "Het attest intrekken")

    assert stale.submit({"lines": "Een."}, "Afgeven").status == 409

    assert table.of_case(case.case_id) is None


@pytest.mark.parametrize("typed", ["4W3-KPA-9RT-XACE", "nonsense", "ACEFGHJKMNPRF", "%3Cscript%3E"])
def test_a_guessed_number_says_that_there_is_none(case, typed):
    shown = Browser().get(f"/certificates/verify/{typed}")
    assert shown.status == 404
    assert "<script>" not in shown.html.partition("</head>")[2]


def test_a_clerk_of_another_unit_sees_nothing_of_it(case):
    assert clerk(RIA.name, RIA.email).get(f"/office/counter/{case.case_id}").status == 404


def test_two_clerks_who_saw_the_same_page_issue_one(case):
    first, second = clerk(), clerk()
    first.get(f"/office/counter/{case.case_id}")
    first.submit({"document": "passport", "name": "An Claeys"}, "Ik heb het gezien")
    second.get(f"/office/counter/{case.case_id}")
    first.submit({"lines": "Een."}, "Afgeven")

    shown = second.submit({"lines": "Twee."}, "Afgeven")

    assert shown.status == 409
    assert len(boto3.client("s3").list_objects_v2(Bucket=settings.papers())["Contents"]) == 1


def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(case):
    browser = clerk()
    browser.get(f"/office/counter/{case.case_id}")
    browser.submit({"document": "passport", "name": "An Claeys"}, "Ik heb het gezien")

    shown = browser.submit({"lines": "सर्वोच्च", "valid_until": "2020-01-01"}, "Afgeven")

    assert shown.status == 422
    assert "सर्वोच्च" in shown.html
    assert table.of_case(case.case_id) is None


@pytest.mark.parametrize("year", ["1" * 5000, "²", "NaN", "-1", "1999"])
def test_a_year_that_is_none_is_this_one(case, year):
    shown = Browser().get(f"/figures/certificates?year={quote(year)}")

    assert (shown.status, str(datetime.now(UTC).year) in shown.text) == (200, True)


def test_visits_avoided_count_nobody_who_came(case):
    issued(case)
    year = datetime.now(UTC).year

    shown = Browser().get("/figures/certificates.csv")

    assert f"{year};household;Gezinssamenstelling;1;1;0;0" in shown.body.decode("utf-8-sig")
    assert "Gezinssamenstelling" in Browser().get("/figures/certificates").text


def test_what_a_rule_issued_says_so_to_the_clerk_on_both_pages(case):
    by = Signatory("sub-piet", "Piet de Boer", datetime.now(UTC))
    rule = IssuingRule("household", 1, True, (), 0, by, replace(by, staff_id="sub-rik", name="Rik Maes"))
    rule_table.enter(rule)
    rule_table.accept(rule, replace(by, staff_id="sub-rik", name="Rik Maes"))
    browser = clerk()
    browser.get(f"/office/counter/{case.case_id}")
    browser.submit({"document": "identity-card", "name": "An Claeys", "born": "1985-04-12"}, "Ik heb het gezien")
    facts = Facts("An Claeys", date(1985, 4, 12), "Veld 1", {"members": ("An Claeys",)})

    deciding.decide(case.case_id, mock.Mock(says=lambda *_: facts), datetime.now(UTC))

    assert "de regel, versie 1" in browser.get(f"/office/counter/{case.case_id}").text
    assert (
        "Afgegeven door de regel, versie 1, die Rik Maes aanvaardde."
        in browser.get(f"/office/cases/{case.case_id}").text
    )
    assert "regel" not in Browser().get(f"/cases/{case.receipt}?secret={case.secret}").text
