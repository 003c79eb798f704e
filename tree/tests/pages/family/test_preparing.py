"""A family says who it is, without a script."""

from collections.abc import Iterator

import pytest

from chalicelib.people.families import table as families
from chalicelib.people.families.identity import family_id
from tests.core.http import summer as summers
from tests.pages.frame.browsing import Browser, Shown, family_browser

EMAIL = "fatima.elamrani@example.be"
NOOR = {
    "email": EMAIL,
    "postcode": "9000",
    "children[0].first_name": "Noor",
    "children[0].last_name": "El Amrani",
    "children[0].birth_date": "2022-01-30",
}


@pytest.fixture(autouse=True)
def _summer() -> Iterator[None]:
    with summers.summer():
        yield


def typed(browser: Browser) -> dict[str, str]:
    assert browser.shown
    return dict(next(form for form in browser.shown.page.forms if form.method == "POST").fields)


def passes() -> list[families.Pass]:
    return families.of_family(family_id(EMAIL))


def send(browser: Browser, **more: str) -> Shown:
    return browser.submit(NOOR | more, "Stuur me de link")


def test_what_is_sent_becomes_a_pass_and_its_mail_is_announced() -> None:
    browser = Browser()
    browser.get("/prepare")

    shown = send(browser)

    assert (shown.path, shown.status, shown.heading) == ("/prepare/sent", 200, "Kijk in je mailbox")
    [made] = passes()
    assert (made.language, made.postcode) == ("nl", "9000")
    assert [(one.first_name, one.last_name) for one in made.children] == [("Noor", "El Amrani")]


def test_a_known_address_gets_the_very_same_answer() -> None:
    first, again = Browser(), Browser()
    first.get("/prepare")
    again.get("/prepare")

    assert send(first).html == send(again).html


def test_children_are_added_and_removed_and_what_was_typed_stays() -> None:
    browser = Browser()
    browser.get("/prepare")

    browser.submit(NOOR, "Een kind toevoegen")
    assert typed(browser)["children[0].first_name"] == "Noor"
    assert typed(browser)["children[1].first_name"] == ""

    browser.submit({"children[1].first_name": "Ilyas"}, "Noor verwijderen")
    assert typed(browser)["children[0].first_name"] == "Ilyas"
    assert "children[1].first_name" not in typed(browser)
    assert typed(browser)["email"] == EMAIL
    assert passes() == []


def test_an_empty_child_is_no_mistake() -> None:
    browser = Browser()
    browser.get("/prepare")
    browser.submit(NOOR, "Een kind toevoegen")

    assert browser.submit({}, "Stuur me de link").path == "/prepare/sent"
    assert len(passes()[0].children) == 1


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays() -> None:
    browser = Browser()
    browser.get("/prepare")

    shown = send(browser, email="fatima@", **{"children[0].birth_date": ""})

    assert shown.status == 422
    assert 'id="f-email" name="email" type="email" value="fatima@"' in shown.html
    assert 'aria-describedby="f-email-hint f-email-error" aria-invalid="true"' in shown.html
    assert 'href="#f-children-0-birth_date">Geboortedatum: ' in shown.html
    assert "<title>Fout: Voorbereiden - Kampen</title>" in shown.html
    assert shown.html.count(" autofocus") == 1
    assert 'role="alert" tabindex="-1" autofocus id="errors"' in shown.html
    assert 'value="Noor"' in shown.html
    assert passes() == []


def test_the_same_child_twice_is_said_at_the_second_one() -> None:
    browser = Browser()
    browser.get("/prepare")
    browser.submit(NOOR, "Een kind toevoegen")
    twin = {name.replace("[0]", "[1]"): value for name, value in NOOR.items() if "[0]" in name}

    shown = browser.submit(twin, "Stuur me de link")

    assert shown.status == 422
    assert 'href="#f-children-1"' in shown.html
    assert 'id="f-children-1"' in shown.html


def test_a_family_that_is_known_finds_what_it_said_before() -> None:
    browser = family_browser(summers.OWN.token)

    shown = browser.get("/prepare")

    assert shown.heading == "Een kind toevoegen"
    assert typed(browser)["email"] == summers.CLAEYS.email
    assert typed(browser)["children[1].first_name"] == "Jef"


def test_ten_children_are_the_most() -> None:
    browser = Browser()
    browser.get("/prepare")
    for _ in range(9):
        browser.submit({}, "Een kind toevoegen")

    assert browser.shown
    assert "Een kind toevoegen" not in browser.shown.text


def test_a_parents_own_birth_date_is_asked_about_and_taken_if_it_is_sent_again() -> None:
    browser = Browser()
    browser.get("/prepare")

    shown = send(browser, **{"children[0].birth_date": "1988-03-01"})

    assert shown.status == 422
    assert 'href="#f-children-0-birth_date"' in shown.html
    assert passes() == []
    assert browser.submit({}, "Stuur me de link").path == "/prepare/sent"
    assert str(passes()[0].children[0].birth_date) == "1988-03-01"


def test_the_next_page_repeats_the_address_and_leads_back_to_what_was_typed() -> None:
    browser = Browser()
    browser.get("/prepare")

    shown = send(browser)

    assert EMAIL in shown.text
    assert EMAIL not in shown.path
    browser.get("/prepare?again=yes")
    assert typed(browser)["email"] == EMAIL
    assert typed(browser)["children[0].first_name"] == "Noor"


def test_a_known_child_is_no_field_to_be_written_otherwise() -> None:
    browser = family_browser(summers.OWN.token)

    shown = browser.get("/prepare")

    assert 'type="hidden" name="children[1].first_name" value="Jef"' in shown.html
    assert 'type="hidden" name="email"' in shown.html
    assert "/family/corrections" in shown.html
