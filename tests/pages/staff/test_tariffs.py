"""Tariffs on pages: a manager enters one, tries a family on it, and two others accept it."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from chalicelib.core import memory
from chalicelib.money.tariffs import table as tariffs
from chalicelib.money.tariffs.conditions import All, Among, Between, Has, Measure
from chalicelib.money.tariffs.document import written
from chalicelib.money.tariffs.rules import CareHours, Formula, Labels, PublishedPrice, Unit
from chalicelib.people.staff.rules import Role
from tests.camps import published
from tests.money.tariffs import test_published
from tests.money.tariffs.council import discount, hours, line, tariff
from tests.money.tariffs.stored import ELS as EDITOR
from tests.pages.frame.browsing import Browser, Shown

pytestmark = pytest.mark.usefixtures("table")

WHOLE = "/office/tariffs/all-municipalities/1"
NEXT_YEAR = date(datetime.now(UTC).year + 1, 1, 1)


@pytest.fixture
def els() -> Browser:
    return Browser("en").sign_in(Role.MANAGER)


def colleague(name: str) -> Browser:
    return Browser("en").sign_in(Role.FINANCE, name=name)


def stored(of=None):
    """A draft that another manager entered."""
    of = of or tariff(line("day", 1650), first_day=NEXT_YEAR)
    return tariffs.create("", of.name, of.versions[0], (EDITOR,), datetime.now(UTC))


def of_next_year(of):
    return replace(of, versions=(replace(of.versions[0], first_day=NEXT_YEAR),))


def labels(text: str) -> dict[str, str]:
    return {f"label.{language}": f"{text} {language}" for language in ("nl", "fr", "en")}


def begun(browser: Browser, **fields: str) -> Shown:
    """As a browser sends a form that may have a file."""
    boundary = "----kaprijke"
    sent = dict(browser.get("/office/tariffs").page.forms[-1].fields) | fields
    parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in sent.items()]
    body = "".join(parts).encode() + f"--{boundary}--\r\n".encode()
    kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    return browser._request("POST", "/office/tariffs", body, kind)


def price(browser: Browser, label: str, unit: str = "day", role: str = "stay", **fields: str) -> Shown:
    """Enters one; the browser is then asked for whom."""
    browser.get(f"{WHOLE}/lines/new?unit={unit}&role={role}")
    return browser.submit({**labels(label), "article": f"art. {label}", **fields}, "Save")


def asks(browser: Browser, kind: str, to: str = "0", **fields) -> Shown:
    page = browser.shown.path.partition("?")[0]
    browser.get(f"{page}?add={kind}&to={to}")
    return browser.submit(fields, "Save")


def test_vilvoorde_is_entered_tried_and_accepted_on_pages(els):
    """The tariff of the tests, by hand: a second child's price, a pass, whole camps only."""
    begun(els, how="empty")
    els.get(f"{WHOLE}/basics/all")
    name = {f"name.{language}": "Vilvoorde" for language in ("nl", "fr", "en")}
    els.submit({**name, "decision": "Council of 14 December"}, "Save")
    price(els, "resident", cents="16,50")
    asks(els, "whole")
    asks(els, "has", any_of=["resident-parent", "resident-child"])
    price(els, "second child", cents="13.20")
    asks(els, "whole")
    asks(els, "has", any_of=["resident-parent"])
    asks(els, "order", least="2", within="camp")
    price(els, "pass", cents="3,30")
    asks(els, "whole")
    asks(els, "has", any_of=["pass"])
    price(els, "not resident", cents="24,75")
    asks(els, "whole")

    entered = tariffs.get("", 1).version
    meant = test_published.VILVOORDE.versions[0]
    assert [(each.cents, each.when) for each in entered.lines] == [(each.cents, each.when) for each in meant.lines]

    els.get(f"{WHOLE}/family")
    tried = els.submit(
        {
            "has": ["resident-parent"],
            "children[0].born": "2018-05-04",
            "children[1].born": "2020-05-04",
            "camps[0].children": ["1", "2"],
            "camps[0].first_day": "2027-07-05",
        },
        "What does it cost?",
    )
    assert "This family pays €148.50" in tried.text
    assert "5 days, each €13.20" in tried.text
    assert "you would pay more" in tried.text
    assert "art. second child" in tried.text

    for name_of in ("Jan", "Fatima"):
        one = colleague(name_of)
        one.get(WHOLE)
        shown = one.submit(button="Accept this version and what the check found")
        assert shown.status == 200, shown.text
    assert "accepted by two people" in shown.text
    assert tariffs.in_force("").version(NEXT_YEAR).lines[0].label == Labels("resident nl", "resident fr", "resident en")
    assert tariffs.get("", 1).is_accepted


def test_whoever_entered_it_is_offered_no_accepting_and_cannot_by_hand(els):
    stored()
    price(els, "week", "week", cents="60")

    shown = els.get(WHOLE)
    digest = re.search(r'name="digest" value="(\w+)"', shown.html)[1]
    refused = els.submit({"do": "accept", "digest": digest}, form=-1)

    assert "You changed this version, so others accept it." in shown.text
    assert (refused.status, "Two people who did not change it accept it." in refused.text) == (409, True)
    assert tariffs.get("", 1).acceptances == ()


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("cents", "-1", "two decimals or none, 0 or more"),
        ("cents", "16,505", "two decimals or none, 0 or more"),
        ("cents", "1.650,00", "two decimals or none, 0 or more"),
        ("label.nl", "w" * 71, "At most 70 characters: it stands on receipts. This has 71."),
        ("label.fr", "", "This text is missing."),
        ("article", "", "This text is missing."),
        ("cents", "", "Give a price, or a formula for it."),
    ],
)
def test_a_price_that_is_none_is_named_at_its_field_and_nothing_is_stored(els, field, value, says):
    before = stored()

    shown = price(els, "week", "week", **{"cents": "60", field: value})

    assert shown.status == 422
    assert says in shown.text
    assert f'href="#f-{field.replace(".", "-")}"' in shown.html
    assert tariffs.get("", 1) == before


def test_a_circle_of_formulas_is_refused(els):
    day, week = line("day", 1650), line("week", unit=Unit.WEEK, formula=Formula("day", Decimal(400)))
    stored(tariff(day, week, first_day=NEXT_YEAR))

    els.get(f"{WHOLE}/lines/0")
    shown = els.submit({"cents": "", "formula.line": "week"}, "Save")

    assert (shown.status, "The formula leads back to its own price." in shown.text) == (422, True)


def test_of_two_managers_at_once_the_second_sees_what_the_first_did(els):
    stored()
    other = Browser("en").sign_in(Role.MANAGER, name="Wim")
    for browser in (els, other):
        browser.get(f"{WHOLE}/lines/0")

    els.submit({"cents": "17"}, "Save")
    shown = other.submit({"cents": "18"}, "Save")

    assert (shown.status, "Somebody else changed this meanwhile" in shown.text) == (409, True)
    assert 'value="18"' in shown.html
    assert tariffs.get("", 1).version.lines[0].cents == 1700


def test_what_was_typed_for_a_price_is_not_put_over_the_one_that_stands_in_its_place_now(els):
    stored(tariff(line("day", 1650), line("week", 6000, unit=Unit.WEEK), line("camp", 7000), first_day=NEXT_YEAR))
    other = Browser("en").sign_in(Role.MANAGER, name="Wim")
    other.get(f"{WHOLE}/lines/1")
    els.get(f"{WHOLE}/lines/0")
    els.submit(button="Take away")

    for _ in range(2):
        shown = other.submit({"cents": "61"}, "Save")
        assert shown.status == 409

    assert [each.cents for each in tariffs.get("", 1).version.lines] == [6000, 7000]


def test_a_label_is_text_wherever_it_stands(els):
    stored(tariff(line("<b>day</b>", 1650), line("<b>week</b>", 1700), first_day=NEXT_YEAR))

    for path in ("", "/lines/0", "/lines/1/conditions", "/family"):
        assert "<b>day" not in els.get(WHOLE + path).html
    assert "<b>day" not in els.submit(button="What does it cost?").html
    assert "&lt;b&gt;day" in els.get(WHOLE).html


def test_findings_are_sentences_with_both_amounts_in_the_readers_language(els):
    half = line("half", 800, formula=Formula("day", Decimal(50)), when=Has(("social",)))
    stored(tariff(line("day", 1650, when=Between(Measure.AGE, 3, 12)), half, first_day=NEXT_YEAR))

    said = els.get(WHOLE).text
    assert "“half”: the council published €8.00, and by the formula it would be €8.25. The family pays €8.00." in said
    assert "Somebody like this has no price: Age on the first day of the camp: 2." in said
    for language, one in (("nl", "€ 8,25"), ("fr", "8,25 €")):
        assert one in Browser(language).sign_in(Role.FINANCE).get(WHOLE).text.replace("\xa0", " ")


def test_what_is_missing_leads_to_the_form_that_mends_it(els):
    begun(els, how="empty")

    shown = els.get(WHOLE)

    assert "The council’s decision : This text is missing." in shown.text
    assert "Accept this version" not in shown.text
    assert els.follow("The council’s decision").heading == "Name, decision, days and rounding"


def test_alternatives_are_lists_and_one_is_enough(els):
    stored()
    els.get(f"{WHOLE}/lines/0/conditions")
    asks(els, "has", any_of=["social"])
    asks(els, "between", measure="income", most="25000")
    shown = asks(els, "order", to="new", least="3", within="season", by="youngest", is_so="no")

    assert "Income of the family in a year, in euros: at most €25,000.00." in shown.text
    social = All((Has(("social",)), Between(Measure.INCOME, most=2_500_000)))
    assert tariffs.get("", 1).version.lines[0].when.of[0] == social
    assert tariffs.get("", 1).version.lines[0].when.of[1].of.within == Among.SEASON
    els.submit(button="Take away")
    assert tariffs.get("", 1).version.lines[0].when.of[0] == Has(("social",))


def test_published_amounts_are_rows_of_their_price(els):
    alone = discount("several", 25)
    stored(tariff(line("half hour", 85, unit=Unit.SLICE, size=30), discounts=(alone,), first_day=NEXT_YEAR))
    els.get(f"{WHOLE}/published/0")
    els.submit(
        {"cells[0].cents": "7,89", "cells[0].quantity": "7", "cells[1].cents": "0,64", "cells[1].discounts": "1"},
        "Save",
    )

    assert tariffs.get("", 1).version.published == (
        PublishedPrice("half hour", 789, 7),
        PublishedPrice("half hour", 64, None, ("several",)),
    )
    assert "7 of “half hour”" in els.get(WHOLE).text


def test_a_file_is_downloaded_and_sent_again(els):
    of = stored(
        replace(test_published.GAVERE, versions=(replace(test_published.GAVERE.versions[0], first_day=NEXT_YEAR),))
    )
    text = els.get(f"{WHOLE}/tariff.json").body.decode()
    assert text == written(of.alone)

    assert begun(els, how="document", document=text).heading == "Tariff of the whole city, version 2"
    wrong = begun(els, how="document", document=text.replace('"cents":500', '"cents":-500'))
    assert (wrong.status, "versions[0].lines[0].cents: Give whole cents" in wrong.text) == (422, True)


def test_forms_that_are_saved_as_they_are_shown_change_nothing():
    stored(of_next_year(test_published.GAVERE))
    before = tariffs.get("", 1).version
    browser = Browser("en").sign_in(Role.FINANCE)
    for number in range(len(before.lines)):
        browser.get(f"{WHOLE}/lines/{number}")
        assert browser.submit(button="Save").status == 200
        assert browser.get(f"{WHOLE}/lines/{number}/conditions").status == 200
        browser.get(f"{WHOLE}/published/{number}")
        assert browser.submit(button="Save").status == 200
    for part in ("surcharges", "discounts"):
        for number in range(len(getattr(before, part))):
            browser.get(f"{WHOLE}/{part}/{number}")
            assert browser.submit(button="Save").status == 200
    browser.get(f"{WHOLE}/basics/all")
    assert browser.submit(button="Save").status == 200
    browser.get(f"{WHOLE}/family")
    assert browser.submit(button="What does it cost?").status == 200

    after = tariffs.get("", 1).version
    assert replace(after, published=()) == replace(before, published=())
    assert sorted(after.published, key=str) == sorted(before.published, key=str)


def test_a_municipalitys_own_tariff_is_for_who_works_for_it():
    for municipality in ("Kaprijke", "Zelzate"):
        published(municipality=municipality)
    memory.forget_all()
    anke = Browser("en").sign_in(Role.MANAGER, name="Anke", municipalities=["zelzate"])

    assert anke.get("/office/tariffs").page.forms[-1].choices["place"] == ["zelzate"]
    assert begun(anke, how="empty").heading == "Tariff of Zelzate, version 1"
    assert begun(anke, how="empty", place="all-municipalities").status == 403
    tariffs.create("Kaprijke", Labels("", "", ""), tariffs.get("Zelzate", 1).version, (EDITOR,), datetime.now(UTC))
    assert anke.get("/office/tariffs/kaprijke/1").status == 404


def test_hours_of_care_and_a_fine_have_forms_of_their_own(els):
    stored()
    windows = {"windows[0].begins": "07:30", "windows[0].ends": "08:30"}
    price(els, "care", "slice", "extra", name="care", size="30", cents="0,50", most_cents="3", **windows)
    price(els, "late", "camp", "fine", name="late pick-up", cents="15")

    care, late = tariffs.get("", 1).version.lines[1:]
    begins, ends = hours("7:30", "8:30").begins, hours("7:30", "8:30").ends
    assert (care.windows, care.size, care.most_cents) == ((CareHours(begins, ends),), 30, 300)
    assert (late.role, late.name, late.unit) == ("fine", "late pick-up", Unit.CAMP)


def test_a_draft_is_deleted_and_the_list_says_so(els):
    stored()
    els.get(WHOLE)

    assert "The draft is deleted." in els.submit(button="Delete this draft").text
    assert els.get(WHOLE).status == 404
