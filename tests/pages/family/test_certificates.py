"""A family gives what a tax certificate needs, and takes its certificates, without a script."""

from datetime import UTC, datetime

import pytest

from chalicelib.money.certificates import making, national
from tests.core.printing.printed import pages
from tests.money.certificates.given import LOU_NUMBER, a_family, a_year, gives, quick_books
from tests.money.certificates.samples import MOTHER, OTHER_NUMBER, PAYER_NUMBER
from tests.pages.frame.browsing import Browser, family_browser

PAGE = "/account/certificates"
KEEP = "Keep these details"
FIRST = {f"payers[0].{name}": value for name, value in vars(MOTHER).items()}
GIVEN = {**FIRST, "payers[0].number": "85.07.30-033.28", "children[0].number": "22.05.01-997.81"}


@pytest.fixture
def an(table, monkeypatch):
    quick_books(monkeypatch)
    a_year()
    return a_family()


@pytest.fixture
def browser(an) -> Browser:
    found = family_browser(an.token, "en")
    found.get(PAGE)
    return found


def test_it_says_why_it_asks_and_until_when_it_keeps(browser):
    assert "We ask for it for these certificates alone" in browser.shown.text
    assert "erased when that file was accepted, and on 31 December" in browser.shown.text


def test_what_was_given_is_kept_apart_and_shown_masked(browser, an, capsys, caplog):
    shown = browser.submit(GIVEN, KEEP)

    assert shown.status == 200
    assert "We have ••.••.••-•••.28" in shown.text
    for number in (PAYER_NUMBER, "85.07.30", "850730", LOU_NUMBER):
        assert number not in shown.html + capsys.readouterr().out + caplog.text
    kept = national.of_family(an.pass_.family_id)
    assert (kept.payers[0].payer, kept.payers[0].number, dict(kept.children)) == (
        *(MOTHER, PAYER_NUMBER),
        {an.pass_.children[0].child_id: LOU_NUMBER},
    )


def test_a_number_that_is_left_empty_stays_but_not_for_somebody_else(browser, an):
    browser.submit(GIVEN, KEEP)

    shown = browser.submit({"payers[0].street": "Markt 1", "payers[0].number": ""}, KEEP)
    kept = national.of_family(an.pass_.family_id).payers[0]
    assert (shown.status, kept.payer.street, kept.number) == (200, "Markt 1", PAYER_NUMBER)

    shown = browser.submit({"payers[0].first_name": "Bart", "payers[0].number": ""}, KEEP)
    assert (shown.status, 'id="f-payers-0-number-error"' in shown.html) == (422, True)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"payers[0].number": "85.07.30-033.29"}, "payers-0-number"),
        ({"children[0].number": "16.04.30-998.47"}, "children-0-number"),
        ({"children[0].number": "85.07.30-033.28"}, "children-0-number"),
        ({"payers[0].last_name": ""}, "payers-0-last_name"),
        ({"payers[0].postcode": "1234 AB"}, "payers-0-postcode"),
    ],
)
def test_what_is_wrong_is_told_at_its_place_without_the_number(browser, an, changed, field):
    shown = browser.submit({**GIVEN, **changed}, KEEP)

    assert shown.status == 422
    assert f'id="f-{field}-error"' in shown.html
    assert "85.07.30" not in shown.html
    assert national.of_family(an.pass_.family_id).edition == 0


def test_two_people_who_pay_apart_say_which_part(browser, an):
    second = {f"payers[1].{name}": value for name, value in vars(MOTHER).items()} | {"payers[1].first_name": "Bart"}

    browser.submit({**GIVEN, **second, "payers[1].number": OTHER_NUMBER, "children[0].share": "60"}, KEEP)

    kept = national.of_family(an.pass_.family_id)
    assert [one.payer.first_name for one in kept.payers] == ["An", "Bart"]
    assert list(kept.shares.values()) == [[60, 40]]


def test_a_page_that_was_left_open_changes_nothing(browser, an):
    gives(an.pass_.family_id)

    shown = browser.submit(GIVEN, KEEP)

    assert shown.status == 409
    assert national.of_family(an.pass_.family_id).edition == 1


def test_all_of_it_is_erased_at_once(browser, an):
    browser.submit(GIVEN, KEEP)

    browser.submit({}, "Erase the numbers now")

    assert national.of_family(an.pass_.family_id).payers == ()


def test_a_certificate_is_taken_as_a_pdf_once_as_the_original(browser, an):
    browser.submit(GIVEN, KEEP)
    making.make_all([an.pass_.family_id], making.money_of(2026, now()), now())
    shown = browser.get(PAGE)
    assert "Lou, paid in 2026" in shown.text

    first, second = (pages(browser.get("/account/certificates/2026-000001/certificate.pdf").body)[0] for _ in range(2))

    assert "1. Volgnummer van het attest: 2026-000001" in first
    assert "Identificatienummer van het Rijksregister of de KSZ: 85.07.30-033.28" in first
    assert "1. Volgnummer van het attest: 2026-000001 – duplicaat" in second


@pytest.mark.parametrize("number", ["2026-000001", "2026-x", "²-1", "2026", "2026-" + "9" * 30])
def test_nobody_elses_certificate_is_there(browser, number):
    gives("another")

    assert browser.get(f"/account/certificates/{number}/certificate.pdf").status == 404


def test_the_api_lists_them_and_says_why_not_yet(browser, an):
    gives(an.pass_.family_id)
    making.make_all([an.pass_.family_id], making.money_of(2026, now()), now())

    listed = an.get("/api/tax-certificates?year=2026")
    refused = an.get("/api/tax-certificates?year=2025")

    (one,) = listed.json_body["certificates"]
    assert (one["number"], one["status"], one["days"], one["amount_cents"]) == ("2026-000001", "valid", 2, 3000)
    assert an.get(one["pdf"]).body.startswith(b"%PDF")
    assert (refused.status_code, refused.json_body["type"].rpartition("/")[2]) == (409, "not-now")
    assert "2025" in refused.json_body["why"]
    assert an.get("/api/tax-certificates").status_code == 422


def now() -> datetime:
    return datetime.now(UTC)
