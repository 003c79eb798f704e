"""Units, areas and forms of the front door, as a programme manager makes them, without a script."""

import pytest

from chalicelib.city.ledger.rules import AS_REASON
from chalicelib.front_door.forms import editing, table
from chalicelib.front_door.routing import areas
from chalicelib.front_door.units import table as units
from chalicelib.people.staff.rules import Role
from tests.front_door import city
from tests.front_door.routing.test_geojson import feature, file
from tests.pages.frame.browsing import Browser, Shown

pytestmark = pytest.mark.usefixtures("table")
STREETS = {
    "name.nl": "Straten en groen",
    "name.fr": "Voirie",
    "name.en": "Streets",
    "people": "nadia.baert@kaprijke.example\n\nkoen.desmet@kaprijke.example",
}


@pytest.fixture
def browser() -> Browser:
    return Browser("en").sign_in(Role.MANAGER)


def seen(browser: Browser) -> Shown:
    assert browser.shown
    return browser.shown


def pasted(browser: Browser, text: str) -> Shown:
    """The form of the page of areas, as a browser sends a form that could have a file."""
    mark = dict(seen(browser).page.forms[-1].fields)["csrf"]
    parts = [f'--limit\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
             for name, value in {"csrf": mark, "pasted": text}.items()]  # fmt: skip
    kind = {"Content-Type": "multipart/form-data; boundary=limit"}
    return browser._request("POST", "/office/areas", "".join([*parts, "--limit--\r\n"]).encode(), kind)


def in_each(field: str, text: str) -> dict[str, str]:
    return {f"{field}.{language}": text for language in ("nl", "fr", "en")}


def test_a_form_is_made_from_nothing_to_its_publication(browser: Browser) -> None:
    browser.get("/office/units/new")
    assert "It is saved" in browser.submit(STREETS, button="Save").text
    browser.get("/office/forms")
    assert "Nobody sees it until" in browser.submit({"form_id": "bench"}, button="Make a draft").text

    browser.follow("Title and introduction")
    refused = browser.submit({"kind": "report", **in_each("title", ""), **in_each("intro", "x")}, button="Save")
    assert refused.status == 422
    browser.submit(in_each("title", "<b>Een bank</b>"), button="Save")
    browser.follow("Who answers, and by when")
    browser.submit({"owner": "straten-en-groen", "days": "10", "counted": "working"}, button="Save")
    browser.follow("Receipt, and if no answer comes")
    browser.submit(in_each("receipt", "We kijken.") | in_each("if_not", "Bel 1777."), button="Save")
    browser.get("/office/forms/bench/publication")
    assert "Ask at least one question." in seen(browser).text
    browser.get("/office/forms/bench/questions?kind=yes-no")
    shown = browser.submit({**in_each("label", "Is ze stuk?"), "required": "true"}, button="Save")
    assert "saved in the draft" in shown.text
    assert "final" not in shown.text

    browser.get("/office/forms/bench/preview?in=fr")
    assert "&lt;b&gt;Een bank&lt;/b&gt;" in seen(browser).html
    assert "Straten" not in seen(browser).text
    assert "Oui" in seen(browser).text
    browser.get("/office/forms/bench/publication")
    shown = browser.submit(button="Try it, and publish version 1")

    assert "The form is published" in shown.text
    assert set(table.published()) == {"bench"}


def test_a_new_version_shows_what_it_changes_and_a_form_goes_dark_and_comes_back(browser: Browser) -> None:
    city.a_city()
    browser.get("/office/forms/street")
    browser.submit(button="Begin a new version")
    browser.follow("Receipt, and if no answer comes")
    browser.submit({"receipt.en": "We come and look."}, button="Save")
    browser.follow("Compare and publish")

    assert "We look at it." in seen(browser).text
    assert "We come and look." in seen(browser).text
    assert "Call 0800 1777." not in seen(browser).text
    browser.submit(button="Try it, and publish version 2")
    assert table.published()["street"].receipt["en"] == "We come and look."

    assert browser.submit({"why": ""}, button="Withdraw the form").status == 422
    browser.submit({"why": "Winter"}, button="Withdraw the form")
    assert "street" not in table.published()
    assert "Winter" in seen(browser).text
    browser.submit(button="Try it, and show it again")
    assert "street" in table.published()


def test_what_a_colleague_changed_meanwhile_is_not_lost_and_what_was_typed_neither(browser: Browser) -> None:
    city.a_city()
    editing.begin_version("street", city.KOEN)
    browser.get("/office/forms/street/parts/sender")
    editing.change(
        editing.draft("street"), "receipt", {"receipt": city.said("A"), "if_not": city.said("B")}, 1, city.KOEN
    )

    shown = browser.submit({"kept_months": "36"}, button="Save")

    assert shown.status == 409
    assert "replaces your colleague's change" in shown.text
    browser.submit(button="Save")
    draft = editing.draft("street").form
    assert (draft.kept_months, draft.receipt["nl"]) == (36, "A")


def test_an_area_out_of_a_file_sends_reports_to_another_unit(browser: Browser) -> None:
    city.a_city()
    editing.begin_version("street", city.KOEN)
    browser.get("/office/areas")
    pasted(browser, "{")
    assert seen(browser).status == 422
    pasted(browser, file(feature("Overleie")).decode())
    browser.submit({"overleie.name.nl": "Wijk Overleie"}, button="Save")
    assert areas.every()["overleie"].name["nl"] == "Wijk Overleie"

    browser.get("/office/forms/street/routing")
    add = {"answer-sort": ["lamp"], "areas": ["overleie"], "unit_id": "youth"}
    shown = browser.submit(add, button="Add this rule")

    assert "the rules above it take all of them" in shown.text
    shown = browser.submit({"place-2": "1"}, button="Save")
    assert "the rules above it take all of them" not in shown.text
    assert [rule.unit_id for rule in editing.draft("street").form.routing] == ["youth", "office"]
    browser.submit({"remove": ["1"]}, button="Save")
    assert [rule.unit_id for rule in editing.draft("street").form.routing] == ["office"]
    browser.get("/office/areas")
    browser.submit(button="Remove this area")
    assert areas.every() == {}


def test_a_confidential_units_page_shows_who_let_more_people_read_its_cases(browser: Browser) -> None:
    city.a_city()
    browser.get("/office/units/youth")
    people = f"{city.RIA.email}\n{city.NADIA.email}"

    shown = browser.submit({"people": people}, button="Save")
    assert shown.status == 422
    assert AS_REASON in shown.text
    browser.submit({"people": people, "reason": "Nadia vervangt Ria tot 1 mei."}, button="Save")

    shown = browser.get("/office/units/youth")
    assert "Who let more people read its cases" in shown.text
    assert f": {city.NADIA.email}" in shown.text
    assert "Who let more" not in browser.get("/office/units/streets").text


def test_the_last_person_leaves_only_with_a_word_on_its_forms(browser: Browser) -> None:
    city.a_city()
    browser.get("/office/units/youth")

    shown = browser.submit({"people": ""}, button="Save")

    assert shown.status == 409
    assert "Een vraag over jeugdhulp" in shown.text
    shown = browser.submit({"people": "", "dark": "true"}, button="Save")
    assert shown.status == 422, "those of the unit above read its cases from now on"
    shown = browser.submit({"people": "", "dark": "true", "reason": "Het team is opgeheven."}, button="Save")
    youth = units.get("youth")
    assert youth is not None
    assert youth.people == ()
    assert "no people" in shown.text
    head = table.head("youth-care")
    assert head is not None
    assert head.dark_why == "“Youth care” has no people any more."


@pytest.mark.parametrize(
    "path",
    [
        "units/nobody",
        "forms/nothing",
        "forms/street/parts/x",
        "forms/nothing/preview",
        "forms/street/preview?version=9",
    ],
)
def test_what_is_not_there_is_said_so(browser: Browser, path: str) -> None:
    city.a_city()
    assert browser.get(f"/office/{path}").status == 404
