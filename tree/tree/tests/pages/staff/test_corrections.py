"""The desk corrects a family on a page, joins two records of one child, and tells two children apart."""

from collections.abc import Iterator

import pytest

from chalicelib.city.ledger import table as ledger
from chalicelib.city.ledger.rules import LedgerAct
from chalicelib.people.families import namings
from chalicelib.people.families import table as families
from tests.core.http import summer as summers
from tests.core.http.summer import CLAEYS, TWICE_NAMED
from tests.pages.frame.browsing import Browser
from tests.pages.staff.test_desk import desk

PAGE = f"/office/desk/families/{CLAEYS.family_id}/corrections"
WHY = "The mother showed the card at the desk."


@pytest.fixture(autouse=True)
def _summer() -> Iterator[None]:
    with summers.summer():
        yield


def at_the_page() -> Browser:
    return desk(PAGE)


def test_more_than_a_slip_is_corrected_with_a_reason() -> None:
    shown = at_the_page().submit({"children[1].first_name": "Noor", "reason": WHY}, "Save the corrections")

    assert (shown.status, shown.heading) == (200, "It is corrected")
    assert [one.first_name for one in families.of_family(CLAEYS.family_id)[-1].children] == ["Lou", "Noor", "Robbe"]
    assert ledger.entries()[-1].what is LedgerAct.FAMILY_CORRECTED


def test_without_a_reason_nothing_is_saved() -> None:
    shown = at_the_page().submit({"children[1].first_name": "Noor"}, "Save the corrections")

    assert shown.status == 422
    assert 'id="f-reason-error"' in shown.html
    assert [one.first_name for one in families.of_family(CLAEYS.family_id)[-1].children] == ["Lou", "Jef", "Robbe"]


def test_the_link_is_sent_again() -> None:
    shown = at_the_page().submit({}, "Send the link again")

    assert "The link is on its way." in shown.text


def test_the_other_record_is_looked_up_by_its_address_which_no_address_bar_shows() -> None:
    shown = at_the_page().submit({"other": summers.NAMERS[0]}, "Look it up")

    assert summers.NAMERS[0] not in shown.path
    assert "Mila Peeters" in shown.text


def test_two_children_of_one_name_are_told_apart_when_no_draw_goes_by_them() -> None:
    browser = desk(f"/office/desk/namings/{TWICE_NAMED.child_id}")
    other = namings.namers(TWICE_NAMED.child_id)[1].family_id

    shown = browser.submit({"other_family": other, "why_apart": WHY}, "They are two children")

    assert shown.status == 409
    assert "The list of the draw" in shown.text
    assert LedgerAct.CHILDREN_TOLD_APART not in {one.what for one in ledger.entries()}
