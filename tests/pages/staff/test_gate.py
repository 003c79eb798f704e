"""The gate without JavaScript, and what its script is answered. (With it: tests/browser/test_gate.py.)"""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine

from chalicelib.office.attendance import columns, reading
from chalicelib.people.families.rules import child
from chalicelib.people.staff.rules import Role
from chalicelib.programme.sessions.rules import Session
from tests.containers import forget
from tests.office.attendance.camp import ELIF, LEADER, LUKASZ, MONDAY, NOW, ZOE, a_camp, registered
from tests.pages.frame.browsing import Browser, Shown


@pytest.fixture
def camp(table: None) -> Iterator[Session]:
    session = a_camp()
    with time_machine.travel("2027-08-16T08:55:00+02:00", tick=False):
        forget()
        yield session


def at_gate(camp: Session, name: str = LEADER.name, query: str = "", email: str = LEADER.email) -> Browser:
    browser = Browser("en").sign_in(Role.LEADER, name=name, email=email, municipalities=())
    assert browser.get(f"/office/attendance/{camp.session_id}/gate?day=2027-08-16{query}").status == 200
    return browser


def press(browser: Browser, value: str, name: str = "tap", **more: str) -> Shown:
    """The button of the list with this value, whatever stands in the notes."""
    return browser.submit({name: value, **more}, form=its_form(browser, "Present"))


def send(browser: Browser, *marks: dict[str, Any]) -> Shown:
    """As the script does."""
    whole = [{"edition": 0, "ago": 0, "note": None, **one} for one in marks]
    form = its_form(browser, "Search")
    return browser.submit({"marks": json.dumps(whole)}, form=form, Accept="application/json")


def its_form(browser: Browser, button: str) -> int:
    assert browser.shown
    return next(place for place, one in enumerate(browser.shown.page.forms) if button in one.buttons)


def test_a_tap_marks_and_undo_takes_it_back(camp):
    browser = at_gate(camp)

    done = press(browser, f"{ZOE.child_id} present 0")
    assert "Zoë Şimşek: Present, 8:55, Yusuf Demir" in done.text
    assert f'value="{ZOE.child_id} unmarked 1" data-tap="present" aria-pressed="true"' in done.html

    assert "Zoë Şimşek: Not yet marked" in browser.submit({}, button="Undo").text


def test_a_child_with_one_name_is_shown_and_sorted_by_it_in_each_list(table):
    session, suharto = a_camp(), child("Suharto", "-", date(2021, 5, 1))
    registered(session, suharto, email="suharto@example.be")

    with time_machine.travel("2027-08-16T08:55:00+02:00", tick=False):
        forget()
        shown = at_gate(session).shown
        found = reading.of_session(LEADER, session.session_id, MONDAY, NOW)

    assert shown
    assert "- Suharto" not in shown.text
    assert shown.text.index("Şimşek Zoë") < shown.text.index("Suharto")
    assert columns.cells(found, found.rows[-1], "en")[:2] == ["", "Suharto"]


def test_two_leaders_at_once_see_both_marks_and_choose_one(camp):
    yusuf, sofie = at_gate(camp), at_gate(camp, name="Sofie Maes")
    press(yusuf, f"{ZOE.child_id} present 0")

    refused = press(sofie, f"{ZOE.child_id} absent 0")
    assert refused.status == 409
    assert "you marked “Absent”, but meanwhile it is “Present, 8:55, Yusuf Demir”" in refused.text

    assert "Zoë Şimşek: Absent, 8:55, Sofie Maes" in sofie.submit({}, button="Make it: Absent").text
    assert "Present, 8:55" not in press(yusuf, f"{ELIF.child_id} present 0").text.partition("Elif")[0]


def test_who_fetched_a_child_is_beside_it_and_a_note_if_it_was_somebody_else(camp):
    browser = at_gate(camp)
    assert "May pick up: Oma Krystyna" in browser.shown.text
    press(browser, f"{LUKASZ.child_id} fetched 0")

    noted = press(browser, f"{LUKASZ.child_id} fetched 1", "note", **{f"note-{LUKASZ.child_id}": "Buurvrouw Ans"})

    assert 'value="Buurvrouw Ans"' in noted.html
    assert "Fetched, 8:55, Yusuf Demir" in noted.text


def test_a_child_is_found_by_its_name_or_its_reference_and_no_name_stands_in_an_address(camp):
    browser = at_gate(camp)

    found = browser.submit({"q": "simsek zo"}, button="Search")
    assert ("Zoë" in found.text, "Elif" in found.text, "simsek" in found.path) == (True, False, False)
    reference = found.text.partition("Reference ")[2][:12]
    assert "Zoë" in browser.submit({"q": reference.lower().replace("-", "")}, button="Search").text
    assert "Zoë" in browser.submit({"q": "zoëşimşek"}, button="Search").text
    assert "Nobody here." in browser.submit({"q": "Nemo"}, button="Search").text


def test_who_is_not_marked_yet_and_who_is_still_here_are_lists_of_their_own(camp):
    press(at_gate(camp), f"{ZOE.child_id} late 0")

    assert "Zoë" not in at_gate(camp, query="&show=unmarked").shown.text
    here = at_gate(camp, query="&show=here").shown.text
    assert ("Zoë" in here, "Elif" in here, "Late: 1" in here) == (True, False, True)


def test_the_script_sends_what_waited_and_is_told_what_became_of_each(camp):
    yusuf, sofie = at_gate(camp), at_gate(camp, name="Sofie Maes")
    press(sofie, f"{ELIF.child_id} absent 0")

    sent = send(
        yusuf,
        {"child_id": ZOE.child_id, "mark": "present", "ago": 600},
        {"child_id": ELIF.child_id, "mark": "present"},
        {"child_id": "nobody", "mark": "late"},
    )

    told = json.loads(sent.body)["children"]
    assert {child: one["outcome"] for child, one in told.items()} == {
        ZOE.child_id: "stored",
        ELIF.child_id: "conflict",
        "nobody": "no-seat",
    }
    assert told[ZOE.child_id]["text"] == "Present, 8:45, Yusuf Demir"
    asked = yusuf.get(f"/office/attendance/{camp.session_id}/gate?day=2027-08-16", Accept="application/json")
    assert json.loads(asked.body)["children"][ELIF.child_id]["text"] == "Absent, 8:55, Sofie Maes"
    assert not any(name in asked.html for name in ("Zoë", "Elif", "Simsek"))


@pytest.mark.parametrize("sent", ["no json", "[]", '[{"child_id": "x"}]', "{}", "[" * 10_000])
def test_what_no_script_sends_is_refused(camp, sent):
    browser = at_gate(camp)
    assert browser.submit({"marks": sent}, form=its_form(browser, "Search")).status == 422
    browser = at_gate(camp)
    assert press(browser, f"{ZOE.child_id} there 0").status == 422


def test_a_form_of_another_site_marks_nobody(camp):
    browser = at_gate(camp)
    form = its_form(browser, "Present")
    assert browser.submit({"tap": f"{ZOE.child_id} absent 0", "csrf": "forged"}, form=form).status == 403
    assert "Absent: 0" in at_gate(camp).shown.text


def test_the_camera_may_be_asked_for_here_and_on_no_other_page(camp):
    browser = at_gate(camp)
    assert "camera=(self)" in browser.shown.headers["Permissions-Policy"]
    listed = browser.get(f"/office/attendance/{camp.session_id}?day=2027-08-16")
    assert "camera=()" in listed.headers["Permissions-Policy"]


def test_groups_are_named_split_and_changed_by_hand(camp):
    browser = at_gate(camp)
    browser.get(f"/office/attendance/{camp.session_id}/groups?day=2027-08-16")
    named = browser.submit({"names": "Kapoenen\nZeehonden"}, button="Save the names")
    assert "3 children are not yet in a group." in named.text
    browser.submit({}, button="Split by age")
    moved = browser.submit({f"in-{LUKASZ.child_id}": ""}, button="Save the groups")
    assert "1 child is not yet in a group." in moved.text

    gate = at_gate(camp, query="&group=g1").shown
    assert gate.heading == "Bouwkamp (Lembeke) – Kapoenen, Monday 16 August 2027"
    assert ("Zoë" in gate.text, "Łukasz" in gate.text) == (True, False)
    assert "Not yet in a group (1)" in gate.page.links


def test_what_somebody_chose_on_an_old_page_is_still_there(camp):
    browser, other = at_gate(camp), at_gate(camp, name="Sofie Maes")
    page = f"/office/attendance/{camp.session_id}/groups?day=2027-08-16"
    browser.get(page)
    browser.submit({"names": "Kapoenen\nZeehonden"}, button="Save the names")
    for one in (browser, other):
        one.get(page)
    other.submit({f"in-{ZOE.child_id}": "g1"}, button="Save the groups")

    told = browser.submit({f"in-{ZOE.child_id}": "g2", f"in-{ELIF.child_id}": "g2"}, button="Save the groups")
    assert (told.status, "Somebody else changed the groups meanwhile." in told.text) == (409, True)

    browser.submit({}, button="Save the groups")
    assert "Zeehonden (2)" in at_gate(camp).shown.page.links
