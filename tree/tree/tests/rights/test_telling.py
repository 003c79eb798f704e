"""A family gets everything that is kept about it, and nothing of another."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chalicelib.core.table import call
from chalicelib.people.child_info import table as cares
from chalicelib.people.families import table as families
from chalicelib.people.families.rules import kept_until
from tests.camps import JEF, LOU, NOOR, Family, family, published, request
from tests.core.http.conftest import stored
from tests.pages.frame.browsing import family_browser
from tests.rights.test_erasing import CARE


@pytest.fixture
def claeys(table: None) -> Family:
    """Given a family with a seat and a note, beside another one that has one too."""
    claeys, other = family(LOU, JEF), family(NOOR, email="fatima@example.be")
    camp = published()
    claeys.register(camp, LOU)
    other.register(camp, NOOR)
    cares.replace(claeys.pass_.family_id, LOU.child_id, None, CARE, kept_until(datetime.now(UTC)))
    return claeys


def test_all_of_it_is_in_the_file(claeys: Family) -> None:
    told = claeys.get("/api/family").json_body

    (kept,) = told["passes"]
    assert kept["email"] == "an.claeys@example.be"
    assert [one["first_name"] for one in kept["children"]] == ["Lou", "Jef"]
    assert told["notes"][0]["medical"] == "Coeliakie: geen gluten"
    (registration,) = told["registrations"]
    assert (registration["session"], registration["status"]) == ("Bouwkamp (Lembeke)", "confirmed")


def test_whatever_stands_under_its_key_is_told_or_is_in_the_rest(claeys: Family) -> None:
    """So that a new kind of item is not forgotten."""
    family_id = claeys.pass_.family_id
    call(
        "PutItem", Item={"pk": {"S": f"F#{family_id}"}, "sk": {"S": "NEW#1"}, "count": {"N": "3"}, "of": {"SS": ["a"]}}
    )

    told = claeys.get("/api/family").json_body

    assert told["other"] == {"NEW#1": {"count": 3, "of": ["a"]}}
    kinds = {item["sk"]["S"].split("#")[0] for item in stored() if item["pk"]["S"] == f"F#{family_id}"}
    assert kinds == {"P", "CARE", "R", "NEW"}


def test_nothing_of_another_family_is_in_it(claeys: Family) -> None:
    other = family(NOOR, LOU, email="fatima@example.be")
    behind = replace(other.pass_.namings[LOU.child_id], first=claeys.pass_.family_id)
    families.put(replace(other.pass_, namings={**other.pass_.namings, LOU.child_id: behind}))

    told = other.get("/api/family")

    assert claeys.pass_.family_id not in json.dumps(told.json_body)
    assert [one["named_at"] for one in told.json_body["passes"][-1]["children"]][1] is None


def test_nobody_else_gets_it(claeys: Family) -> None:
    assert request("GET", "/api/family").status_code == 401
    assert family_browser("").get("/family/data.json").status == 401


def test_it_is_a_page_and_a_file_that_no_cache_keeps(claeys: Family) -> None:
    browser = family_browser(claeys.token, "en")
    browser.get("/family")
    shown = browser.follow("My data and my links")
    for said in (
        "an.claeys@example.be",
        "Lou Claeys, born on 1 May 2022",
        "Coeliakie: geen gluten",
        "Bouwkamp (Lembeke)",
    ):
        assert said in shown.text
    assert shown.headers["Cache-Control"] == "no-store"

    file = browser.follow("Take it along as a file")

    assert 'attachment; filename="stormloop.json"' in file.headers["Content-Disposition"]
    assert file.headers["Cache-Control"] == "no-store"
    told = claeys.get("/api/family").json_body
    assert {**json.loads(file.body), "made_at": ""} == {**told, "made_at": ""}


def test_links_are_forgotten_by_a_button(claeys: Family) -> None:
    browser = family_browser(claeys.token, "en")
    browser.get("/family/data")

    assert browser.submit(button="Forget my links").heading == "Your links no longer work"

    assert "pass" not in browser.cookies
    assert family_browser(claeys.token).get("/family").status == 401


def test_everything_is_deleted_after_a_question(claeys: Family) -> None:
    browser = family_browser(claeys.token, "en")
    browser.get("/family/data")
    asked = browser.follow("Delete everything …")
    assert "What stays, and why" in asked.page.headings
    assert claeys.get("/api/registrations").status_code == 200

    assert browser.submit(button="Yes, delete everything").heading == "Your data is being deleted"

    assert "pass" not in browser.cookies
    assert claeys.get("/api/registrations").status_code == 401
    assert any(item["sk"]["S"] == "ERASING" for item in stored())


@pytest.mark.parametrize("address", ["/family/links", "/family/erase"])
def test_no_other_site_can_do_so(claeys: Family, address: str) -> None:
    browser = family_browser(claeys.token)
    kind = {"Content-Type": "application/x-www-form-urlencoded"}

    assert browser._request("POST", address, b"", kind).status in (400, 403, 422)

    assert claeys.get("/api/registrations").status_code == 200
