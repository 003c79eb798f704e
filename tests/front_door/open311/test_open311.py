"""Open311, asked through the whole app, as the standard says (https://wiki.open311.org/GeoReport_v2)."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
import time_machine
from chalice.test import HTTPResponse

from chalicelib.front_door.cases import acting, sending, table
from chalicelib.front_door.cases.acting import Deed
from chalicelib.front_door.cases.rules import Act, Case, CaseStatus, Place, Way, case_id_of
from chalicelib.front_door.handling import handling
from chalicelib.front_door.mapping import places
from chalicelib.front_door.mapping.streets import Street
from chalicelib.front_door.mapping.table import CityMap
from chalicelib.front_door.open311 import listing, requests
from chalicelib.front_door.open311.documents import ELEMENTS
from chalicelib.front_door.reports import showing
from chalicelib.front_door.reports import table as reports
from tests.camps import request
from tests.front_door import city
from tests.front_door.city import CARE, NADIA, NOW, VELD, report

FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
POSTED: dict[str, Any] = {
    "api_key": "xyz",
    "jurisdiction_id": "kaprijke.example",
    "service_code": "street",
    "lat": "51.2205",
    "long": "3.6117",
    "address_string": "Veld 1",
    "description": "Een losse stoeptegel voor nummer 1.",
    "attribute[sort]": "paving",
}
PRIVATE = ("Claeys", "an.claeys", "stoeptegel", "Nadia")


@pytest.fixture(autouse=True)
def _city(table: None) -> Iterator[None]:
    city.a_city()
    with time_machine.travel(NOW, tick=False):
        yield


def get(path: str) -> HTTPResponse:
    return request("GET", f"/open311/{path}")


def post(form: str = "json", **changed: Any) -> HTTPResponse:
    fields = {name: value for name, value in {**POSTED, **changed}.items() if value is not None}
    return request("POST", f"/open311/requests.{form}", urlencode(fields, doseq=True).encode(), FORM)


def posted(**changed: Any) -> Case:
    answer = post(**changed)
    assert answer.status_code == 200, answer.body
    return stored(answer.json_body[0]["service_request_id"])


def stored(receipt: str) -> Case:
    case = table.get(case_id_of(receipt) or "")
    assert case is not None
    return case


def shown(case: Case) -> Case:
    """Staff let the map show it."""
    return showing.show(case, NADIA, case.edition, "", [], NOW)


def errors(answer: HTTPResponse) -> list[str]:
    found: list[dict[str, Any]] = json.loads(answer.body)
    assert all(one["code"] == answer.status_code for one in found)
    return [one["description"] for one in found]


# What there is


def test_the_services_are_the_forms_that_anybody_may_send() -> None:
    services = {one["service_code"]: one for one in get("services.json").json_body}

    assert set(services) == {"street", "complaint"}, "what is confidential is none"
    street = services["street"]
    assert (street["service_name"], street["group"]) == ("Iets op straat", "Straten en groen")
    assert (street["metadata"], services["complaint"]["metadata"]) == (True, False)


def test_a_definition_has_the_questions_that_the_description_does_not_answer() -> None:
    definition = get("services/street.json").json_body

    (sort,) = definition["attributes"]
    assert (sort["code"], sort["datatype"], sort["required"], sort["order"]) == ("sort", "singlevaluelist", False, 1)
    assert sort["values"] == [{"key": "paving", "name": "Stoep"}, {"key": "lamp", "name": "Lamp"}]


def test_xml_says_the_same_under_its_own_type() -> None:
    answer = get("services/street.xml")

    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert answer.body.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    root = ElementTree.fromstring(answer.body)
    assert [one.text for one in root.iterfind("attributes/attribute/values/value/key")] == ["paving", "lamp"]
    assert get("services/street.json").headers["Content-Type"] == "application/json; charset=utf-8"


def as_json(element: ElementTree.Element) -> Any:
    """What XML says, as JSON would; every value in words, nothing as an empty text."""
    if element.tag in ELEMENTS:
        return [as_json(one) for one in element]
    return {one.tag: as_json(one) for one in element} if len(element) else element.text or ""


def in_words(value: Any) -> Any:
    match value:
        case dict():
            return {key: in_words(one) for key, one in value.items()}
        case list():
            return [in_words(one) for one in value]
        case bool():
            return "true" if value else "false"
    return "" if value is None else str(value)


@pytest.mark.parametrize(
    "document", ["discovery", "services", "services/street", "requests", "requests/{receipt}", "requests?page=0"]
)
def test_xml_says_what_json_says(document: str) -> None:
    case = shown(posted())
    name, _, query = document.format(receipt=case.receipt).partition("?")

    told = get(f"{name}.json?{query}").json_body
    root = ElementTree.fromstring(get(f"{name}.xml?{query}").body)

    assert in_words(told) == as_json(root)


def test_discovery_names_both_formats_and_that_no_key_is_needed() -> None:
    found = get("discovery.json").json_body

    (endpoint,) = found["endpoints"]
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert (endpoint["url"][-8:], endpoint["formats"]) == ("/open311", ["text/xml", "application/json"])
    assert get("discovery.xml").status_code == 200


# Posting


def test_a_posted_request_is_a_case_with_a_receipt() -> None:
    answer = post()

    (told,) = answer.json_body
    case = stored(told["service_request_id"])
    assert (case.way, case.unit_id, case.place) == (Way.OPEN311, "streets", replace(VELD, address="Veld 1"))
    assert case.answers == {"sort": "paving", "what": "Een losse stoeptegel voor nummer 1."}
    assert case.secret in told["service_notice"]
    assert "xyz" not in json.dumps(table.said_of(case))


def test_posting_again_within_the_hour_makes_no_second_case() -> None:
    first, again = post(), post()
    with time_machine.travel(NOW + timedelta(hours=1)):
        later = post()

    receipts = [one.json_body[0]["service_request_id"] for one in (first, again, later)]
    assert receipts[0] == receipts[1] != receipts[2]
    assert posted(description="Nog een losse tegel.").receipt not in receipts


def test_who_guesses_what_somebody_posted_is_not_given_their_link() -> None:
    case = posted(email="an.claeys@example.org")

    assert case.secret not in json.dumps(post(email="an.claeys@example.org").json_body)


def test_an_address_alone_is_a_place() -> None:
    assert posted(lat=None, long=None).place == Place(None, None, "Veld 1")


def test_an_address_alone_stands_below_the_words_where_no_place_is_asked_for() -> None:
    sent = {"service_code": "complaint", "email": "an@example.org", "attribute[sort]": None}
    told = posted(**sent, lat=None, long=None)

    assert told.answers["story"] == "Een losse stoeptegel voor nummer 1.\nPlaats: Veld 1"
    assert told.contact.email == "an@example.org"


@pytest.mark.parametrize(
    ("changed", "status", "field"),
    [
        ({"service_code": ""}, 400, "service_code"),
        ({"service_code": "parking"}, 404, ""),
        ({"service_code": "youth-care"}, 404, ""),
        ({"lat": None}, 400, "lat"),
        ({"lat": None, "long": None, "address_string": None}, 400, "address_string"),
        ({"lat": "91"}, 400, "lat"),
        ({"address_string": "Veld 1\0"}, 400, "address_string"),
        ({"address_string": "x" * 301}, 400, "address_string"),
        ({"lat": None, "long": None, "address_string": None, "address_id": "x" * 60_000}, 400, "address_string"),
        ({"lat": "51,2205"}, 400, "lat"),
        ({"lat": "1e400"}, 400, "lat"),
        ({"description": ""}, 400, "description: "),
        ({"attribute[sort]": "gold"}, 400, "attribute[sort]: "),
        ({"attribute[colour]": "red"}, 400, "attribute[colour]: "),
        ({"email": "an@example.org\r\nBcc: all@example.org"}, 400, "email"),
        ({"phone": "<script>"}, 400, "phone"),
        ({"first_name": "An", "last_name": "C" * 101}, 400, "last_name: "),
        ({"first_name": "A\0n", "last_name": "Claeys"}, 400, "first_name: "),
        ({"first_name": "A" * 60, "last_name": "C" * 60}, 400, "last_name: "),
        ({"service_code": "complaint", "attribute[sort]": None}, 400, "email: "),
    ],
)
def test_what_is_wrong_is_said_in_the_standards_way(changed: dict[str, Any], status: int, field: str) -> None:
    answer = post(**changed)

    assert answer.status_code == status
    (told,) = errors(answer)
    assert told.startswith(field)


def test_errors_are_xml_where_xml_was_asked_for() -> None:
    answer = post("xml", service_code="parking")

    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/xml; charset=utf-8")
    assert ElementTree.fromstring(answer.body).findtext("error/code") == "404"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'<!DOCTYPE a [<!ENTITY b "&b;&b;">]><a>&b;</a>', "text/xml"),
        (b"service_code=%ff", "application/json"),
        (b"service_code=\xff", FORM["Content-Type"]),
        (b"a=1&" * 201, FORM["Content-Type"]),
        (b"service_code=street&description=" + b"a" * 70_000, FORM["Content-Type"]),
    ],
)
def test_nobodys_xml_is_read_nor_whatever_is_no_form(body: bytes, kind: str) -> None:
    answer = request("POST", "/open311/requests.json", body, {"Content-Type": kind})

    assert answer.status_code == 400
    assert errors(answer)[0].startswith("body")


@pytest.mark.parametrize("path", ["services.csv", "services", "tokens/1.json", "discovery.json.json"])
def test_what_is_not_there_is_not_found(path: str) -> None:
    assert get(path).status_code in (403, 404), "by API Gateway where we know no such address"


# Following


def test_nothing_is_listed_before_staff_let_it() -> None:
    posted()

    assert get("requests.json").json_body == []


def test_what_staff_let_be_seen_has_no_word_of_anybody() -> None:
    case = shown(posted(email="an.claeys@example.org", first_name="An", last_name="Claeys"))

    (told,) = get("requests.json").json_body
    assert (told["service_request_id"], told["status"], told["service_code"]) == (case.receipt, "open", "street")
    assert (told["lat"], told["long"], told["address"]) == (51.2205, 3.6117, None)
    assert (told["requested_datetime"], told["expected_datetime"]) == ("2027-03-08T09:30:00Z", "2027-03-22T22:59:59Z")
    assert not [word for word in PRIVATE if word in json.dumps(told)]


def test_the_place_that_everybody_sees_is_the_streets_and_not_what_somebody_wrote(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A mail's place is its subject."""
    street = Street("Veld", 51.2205, 3.6117)
    monkeypatch.setattr(places.table, "remembered", lambda: CityMap(None, (street,), has_tiles=False))
    subject = "An Claeys, Veld 1: mijn buurman stort afval"
    written = replace(report("mail"), place=Place(51.22048213, 3.61168917, subject))
    shown(sending.send(written, NOW).case)

    (told,) = get("requests.json").json_body
    assert (told["lat"], told["long"], told["address"]) == (51.2205, 3.6117, "Veld")


def test_a_duplicate_is_not_shown_any_more() -> None:
    case = shown(sending.send(report(), NOW).case)
    stays = sending.send(report("stays"), NOW).case

    handling.merge(NADIA, case.case_id, case.edition, stays.receipt, NOW)

    assert get("requests.json").json_body == []


def test_the_program_that_sent_it_sees_how_it_stands_by_its_id_and_no_place() -> None:
    case = posted()

    (told,) = get(f"requests/{case.receipt}.json").json_body
    assert (told["status"], told["lat"], told["address"]) == ("open", None, None)
    (listed,) = get(f"requests.json?service_request_id={case.receipt}").json_body
    assert listed == told


def test_what_came_another_way_is_nobodys_to_see() -> None:
    case = sending.send(report(), NOW).case
    secret = sending.send(replace(report("care"), form_id=CARE.form_id, answers={"ask": "Help"}, place=None), NOW).case

    for one in (case, secret):
        assert get(f"requests/{one.receipt}.json").status_code == 404
        assert get(f"requests.json?service_request_id={one.receipt}").json_body == []


def test_what_staff_take_back_is_gone_at_once() -> None:
    case = shown(sending.send(report(), NOW).case)
    assert get("requests.json").json_body

    showing.hide(case, NADIA, case.edition, NOW)
    assert get("requests.json").json_body == []
    assert get(f"requests/{case.receipt}.json").status_code == 404


def test_the_list_is_of_what_was_asked_for() -> None:
    early = shown(sending.send(report("early"), NOW - timedelta(days=20)).case)
    late = shown(sending.send(report("late"), NOW - timedelta(hours=1)).case)
    by, on = acting.actor(NADIA), {"answered_on": date(2027, 3, 1)}
    done = acting.change(early, Deed(Act.ANSWERED, by, NOW, CaseStatus.ANSWERED, text="Hersteld.", changes=on))
    reports.follow(done)

    def ids(query: str) -> list[str]:
        return [one["service_request_id"] for one in get(f"requests.json?{query}").json_body]

    assert ids("") == [late.receipt, early.receipt]
    assert (ids("status=open"), ids("status=closed")) == ([late.receipt], [early.receipt])
    assert ids("status=open,closed&page_size=1&page=2") == [early.receipt]
    assert ids("start_date=2027-03-01T00:00:00Z") == [late.receipt]
    assert ids("end_date=2027-03-01T00:00:00Z&service_code=street,complaint") == [early.receipt]
    assert ids("service_code=complaint") == []
    assert ids("start_date=&status=&page=") == ids("")


@pytest.mark.parametrize(
    "query",
    [
        "start_date=yesterday",
        "start_date=2027-02-30T00:00:00Z",
        "start_date=2026-01-01T00:00:00Z&end_date=2027-01-01T00:00:00Z",
        "status=lost",
        "page=0",
        "page_size=-1",
        "service_request_id=" + ",".join(["x"] * 51),
    ],
)
def test_a_list_that_makes_no_sense_is_refused(query: str) -> None:
    assert get(f"requests.json?{query}").status_code == 400


def test_whoever_asks_for_everything_reads_no_case(monkeypatch: pytest.MonkeyPatch) -> None:
    sending.send(report("hidden"), NOW)
    shown(sending.send(report("seen"), NOW).case)
    monkeypatch.setattr(table.CaseItem, "from_raw_data", lambda *_: pytest.fail("a case was read"))

    assert len(get("requests.json?page_size=1000").json_body) == 1


def test_where_a_span_has_more_than_a_list_may_a_link_leads_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of whole days: two came on the seventh, of which a list of four in all would have cut one off."""
    monkeypatch.setattr(requests, "MOST_REQUESTS", 4)
    monkeypatch.setattr(listing, "MOST_REQUESTS", 4)
    days = (0, 0, 0, 1, 1, 2, 3)
    cases = [shown(sending.send(report(str(n)), NOW - timedelta(days=ago)).case) for n, ago in enumerate(days)]

    seen: list[list[str]] = []
    path = "requests.json?status=open&page=1"
    while path:
        answer = get(path)
        seen.append([one["service_request_id"] for one in answer.json_body])
        address, _, rest = answer.headers.get("Link", "").partition(">")
        assert rest in ("", '; rel="next"')
        path = address.partition("/open311/")[2]

    assert [len(one) for one in seen] == [3, 4]
    assert sorted(each for one in seen for each in one) == sorted(case.receipt for case in cases)
