"""Staff change what families read, see it first, and can bring back what was."""

from urllib.parse import urlencode

import pytest

from chalicelib.city.texts import table
from chalicelib.city.texts.rules import KEYS, default
from chalicelib.people.staff.rules import Role
from tests.pages.frame.browsing import Browser

pytestmark = pytest.mark.usefixtures("table")

SHOES = {"texts.nl": "- laarzen\n- **een jas**", "texts.fr": "- des bottes", "texts.en": "- boots"}


@pytest.fixture
def els() -> Browser:
    return Browser().sign_in(Role.MANAGER)


def now() -> str:
    return table.get(KEYS["bring"]).texts["nl"]


def test_every_text_is_on_the_list_with_who_changed_it(els):
    els.get("/office/texts/bring")
    els.submit(SHOES, "Bewaren")

    shown = els.get("/office/texts")

    assert shown.status == 200
    assert all(key in shown.html for key in KEYS)
    assert "Els Maes" in shown.text


def test_a_preview_shows_it_and_stores_nothing(els):
    els.get("/office/texts/bring")

    shown = els.submit(SHOES, "Voorbeeld bekijken")

    assert shown.status == 200
    assert "<strong>een jas</strong>" in shown.html
    assert "**een jas**" in shown.html  # it is still in the field, to go on
    assert now() == default("bring").texts["nl"]


def test_saved_it_is_what_families_read(els):
    els.get("/office/texts/bring")

    shown = els.submit(SHOES, "Bewaren")

    assert shown.path == "/office/texts/bring?saved=yes"
    assert "Bewaard" in shown.text
    assert now() == SHOES["texts.nl"]


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(els):
    els.get("/office/texts/bring")

    shown = els.submit({**SHOES, "texts.fr": "[x](http://kaprijke.be)"}, "Bewaren")

    assert shown.status == 422
    assert 'id="f-texts-fr-error"' in shown.html
    assert "- laarzen" in shown.html
    assert now() == default("bring").texts["nl"]


def test_two_who_change_it_at_once_do_not_overwrite_each_other_unseen(els):
    wim = Browser().sign_in(Role.MANAGER, name="Wim Willems")
    els.get("/office/texts/bring")
    wim.get("/office/texts/bring")
    els.submit(SHOES, "Bewaren")

    shown = wim.submit({**SHOES, "texts.nl": "- sandalen"}, "Bewaren")

    assert shown.status == 409
    assert "- sandalen" in shown.html
    assert "Els Maes" in shown.text
    assert now() == SHOES["texts.nl"]
    assert wim.submit(button="Bewaren").status == 200  # having seen it, he may
    assert now() == "- sandalen"


def test_what_was_can_be_brought_back(els):
    els.get("/office/texts/bring")
    els.submit(SHOES, "Bewaren")
    els.submit({**SHOES, "texts.nl": "- sandalen"}, "Bewaren")

    els.submit(button="Versie 1 terugzetten")
    assert now() == SHOES["texts.nl"]
    els.submit(button="De standaardtekst terugzetten")

    assert now() == default("bring").texts["nl"]
    assert [one.number for one in table.history(KEYS["bring"])] == [4, 3, 2, 1, 0]


def test_the_same_once_more_is_no_new_version(els):
    els.get("/office/texts/bring")
    els.submit(SHOES, "Bewaren")
    els.submit(button="Bewaren")

    assert table.get(KEYS["bring"]).number == 1


def test_a_phone_number_is_asked_once(els):
    els.get("/office/texts/city_phone")

    els.submit({"texts.nl": "+32 9 373 68 00"}, "Bewaren")

    assert table.get(KEYS["city_phone"]).texts["fr"] == "+32 9 373 68 00"


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.MANAGER}))
def test_others_look_and_change_nothing(role):
    ann = Browser().sign_in(role, name="Ann")

    shown = ann.get("/office/texts/bring")

    assert shown.status == 200
    assert "Bewaren" not in shown.text
    known = dict(shown.page.forms[0].fields)["csrf"]  # of the form to sign out
    assert post(ann, "/office/texts/bring", {"csrf": known, "version": "0", "do": "save", **SHOES}) == 403
    assert post(ann, "/office/texts/bring", {"csrf": known, "version": "0", "do": "preview", **SHOES}) == 403
    assert post(ann, "/office/texts/bring/restore", {"csrf": known, "version": "0", "older": "0"}) == 403
    assert now() == default("bring").texts["nl"]


def test_an_unknown_text_is_not_found(els):
    assert els.get("/office/texts/nothing").status == 404


@pytest.mark.parametrize("path", ["/office/texts/bring", "/office/texts/bring/restore"])
def test_a_form_of_another_site_changes_nothing(els, path):
    assert post(els, path, {"version": "0", "do": "save", "older": "0", **SHOES}) == 403
    assert now() == default("bring").texts["nl"]


@pytest.mark.parametrize("version", ["", "-1", "1e3", "9" * 40, "\u0664"])
def test_a_version_that_never_was_is_as_if_somebody_else_had_changed_it(els, version):
    els.get("/office/texts/bring")

    assert els.submit({**SHOES, "version": version}, "Bewaren").status == 409
    assert now() == default("bring").texts["nl"]


def post(browser: Browser, path: str, fields: dict[str, str]) -> int:
    """What no page of ours would send."""
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return browser._request("POST", path, urlencode(fields).encode(), kind).status
