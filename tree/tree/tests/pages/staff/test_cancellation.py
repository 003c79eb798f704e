"""What cancelling costs, as the programme manager sets it."""

import pytest

from chalicelib.people.staff.rules import Role
from chalicelib.programme.cancellation import table as cancellation
from chalicelib.programme.cancellation.rules import CancellationStep, Rule
from tests.office.desk.counter import entries
from tests.pages.frame.browsing import Browser

pytestmark = pytest.mark.usefixtures("table")

ADDRESS = "/office/cancellation"
CHANGE = "De regel wijzigen"
THREE_WEEKS = {
    "steps[0].days_before": "21",
    "steps[0].percent": "0",
    "steps[1].days_before": "",
    "steps[1].percent": "",
    "then": "80",
    "reason": "Het reglement van 3 maart, artikel 4.",
}


@pytest.fixture
def browser() -> Browser:
    return Browser("nl").sign_in(Role.MANAGER)


def test_it_says_that_our_default_stands_and_what_that_means(browser: Browser):
    shown = browser.get(ADDRESS)

    assert "De gemeente heeft nog geen regel ingesteld" in shown.text
    assert "gratis" in shown.text
    assert "Daarna: € 100,00" in shown.text


def test_a_new_rule_stands_and_is_in_the_ledger_with_its_reason(browser: Browser):
    browser.get(ADDRESS)

    shown = browser.submit(THREE_WEEKS, button=CHANGE)

    assert "Deze regel geldt voor inschrijvingen vanaf nu" in shown.text
    assert "Daarna: € 80,00" in shown.text
    assert "0 % tot 21 dagen vooraf; 80 % daarna" in shown.text
    assert [one.rule for one in cancellation.versions()] == [Rule((CancellationStep(21, 0),), 80)]
    assert entries()[-1].reason == "Het reglement van 3 maart, artikel 4."


def test_a_step_may_be_left_empty_between_others(browser: Browser):
    browser.get(ADDRESS)
    changed = {"steps[2].days_before": "2", "steps[2].percent": "50", "steps[0].days_before": "10"}

    browser.submit({**THREE_WEEKS, **changed}, button=CHANGE)

    assert cancellation.versions()[0].rule == Rule((CancellationStep(10, 0), CancellationStep(2, 50)), 80)


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(browser: Browser):
    browser.get(ADDRESS)
    wrong = {"steps[1].days_before": "veertig", "steps[1].percent": "50", "reason": "zo"}

    shown = browser.submit({**THREE_WEEKS, **wrong}, button=CHANGE)

    assert shown.status == 422
    for field in ("f-steps-1-days_before", "f-reason"):
        assert f'id="{field}-error"' in shown.html
        assert f'href="#{field}"' in shown.html
    assert 'value="veertig"' in shown.html
    assert cancellation.versions() == []


def test_steps_in_the_wrong_order_are_said_beside_the_step(browser: Browser):
    browser.get(ADDRESS)

    shown = browser.submit({**THREE_WEEKS, "steps[1].days_before": "30", "steps[1].percent": "50"}, button=CHANGE)

    assert shown.status == 422
    assert 'id="f-steps-1-error"' in shown.html


def test_somebody_else_was_quicker(browser: Browser):
    browser.get(ADDRESS)
    other = Browser("nl").sign_in(Role.MANAGER, name="Anna Peeters")
    other.get(ADDRESS)
    other.submit({**THREE_WEEKS, "then": "90"}, button=CHANGE)

    shown = browser.submit(THREE_WEEKS, button=CHANGE)

    assert shown.status == 409
    assert "Daarna: € 90,00" in shown.text
    assert "Deze regel geldt voor inschrijvingen vanaf nu" in browser.submit(button=CHANGE).text
    assert [one.rule.then for one in cancellation.versions()] == [90, 80]


@pytest.mark.parametrize("role", [Role.DESK, Role.APPROVER, Role.AUDITOR])
def test_it_is_for_the_programme_manager(role: Role):
    assert Browser("nl").sign_in(role).get(ADDRESS).status == 403
