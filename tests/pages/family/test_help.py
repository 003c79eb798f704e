"""Help, accessibility, privacy; and what staff wrote, on all pages."""

from datetime import UTC, datetime

import pytest

from chalicelib.city.texts import table
from chalicelib.city.texts.rules import KEYS, TextVersion, checked
from chalicelib.people.staff.rules import Staff
from tests.pages.frame.browsing import Browser

pytestmark = pytest.mark.usefixtures("table")


def written(name: str, nl: str, fr: str = "", en: str = "") -> None:
    key = KEYS[name]
    texts = checked(key, {"nl": nl, "fr": fr or nl, "en": en or nl})
    number = table.get(key).number + 1
    table.write(TextVersion(key, number, texts, Staff("sub-Els", "Els", frozenset()), datetime.now(UTC)))


@pytest.mark.parametrize(("path", "headings"), [
    ("/help", {"nl": "Hulp", "fr": "Aide", "en": "Help"}),
    ("/accessibility", {"nl": "Toegankelijkheids\u00adverklaring", "fr": "Déclaration d’accessibilité", "en": "Accessibility statement"}),  # noqa: E501
    ("/privacy", {"nl": "Privacy", "fr": "Vie privée", "en": "Privacy"}),
])  # fmt: skip
@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_it_is_there_in_each_language_where_nobody_wrote_anything(path, headings, language):
    shown = Browser(language).get(path)

    assert shown.status == 200
    assert shown.heading == headings[language]
    assert shown.headers["Content-Language"] == language
    assert "public" in shown.headers["Cache-Control"]


def test_the_help_says_why_it_is_fair():
    shown = Browser().get("/help")

    assert "Een gezin loot één keer." in shown.text
    assert shown.page.headings == ["Hulp", "Hoe het werkt", "Vragen en antwoorden", "Contact"]


def test_what_staff_wrote_is_read():
    written("faq", "### Mag mijn hond mee?\n\nNee.", "### Et mon chien ?\n\nNon.", "### And my dog?\n\nNo.")
    written("city_name", "Kaprijke")
    written("city_phone", "+32 (0)9 373.68.00")

    shown = Browser("fr").get("/help")

    assert "Et mon chien ?" in shown.text
    assert shown.page.links["+32 (0)9 373.68.00"] == "tel:+3293736800"
    assert shown.html.count('href="tel:+3293736800"') == 2, "in the text and in the footer"


def test_an_announcement_is_on_every_page_for_families_as_long_as_it_is_not_empty():
    assert "<aside" not in Browser().get("/privacy").html
    written("announcement", "De balie is **vrijdag** gesloten.")

    for path in ("/help", "/programme", "/privacy"):
        assert "De balie is <strong>vrijdag</strong> gesloten." in Browser().get(path).html


def test_the_accessibility_statement_says_what_the_law_asks():
    written("accessibility_day", "2027-03-01")

    shown = Browser().get("/accessibility")

    for said in (
        "EN 301 549",
        "gedeeltelijk",
        "axe-core",
        "1 maart 2027",
        "Vlaamse Ombudsdienst",
        "Nationale ombudsman",
    ):
        assert said in shown.text


def test_the_privacy_page_says_how_long():
    shown = Browser().get("/privacy")

    for said in ("18 maanden", "180 dagen", "30 dagen", "Vlaamse Toezichtcommissie", "Autoriteit Persoonsgegevens"):
        assert said in shown.text
