"""A family chooses and orders its wishes, without a script."""

import html
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from chalicelib.booking.wishes import table
from chalicelib.people.families.rules import Child
from tests.camps import JEF, LOU, NOOR, family
from tests.core.http import summer as summers
from tests.core.http.summer import CLAEYS, CLOSING, DRAWN, ELSEWHERE, HELD, LATER, SESSIONS, WISHED
from tests.pages.frame.browsing import Browser, Shown, family_browser
from tests.programme.openings.plans import put


@pytest.fixture(autouse=True)
def _summer() -> Iterator[None]:
    with summers.summer():
        yield


@pytest.fixture
def browser() -> Browser:
    return family_browser(summers.OWN.token)


def add(browser: Browser, opening_id: str, *children: Child) -> Shown:
    browser.get(f"/wishes/{opening_id}")
    chosen = {f"new.{child.child_id}": SESSIONS[opening_id] for child in children}
    return browser.submit(chosen, "Toevoegen")


def stored(opening_id: str) -> list[list[str]]:
    """The children of each prepared wish."""
    return [list(wish.child_ids) for wish in table.get(CLAEYS.family_id, opening_id).wishes]


def test_children_in_the_same_session_are_one_wish(browser: Browser) -> None:
    shown = add(browser, LATER, LOU, JEF)

    assert shown.path == f"/wishes/{LATER}"
    assert "Waterkamp, 16 augustus tot 18 augustus: Lou en Jef" in shown.text
    assert "Je bent klaar" in shown.text
    assert stored(LATER) == [[LOU.child_id, JEF.child_id]]


def test_wishes_go_up_and_down_and_away_and_keep_their_keys(browser: Browser) -> None:
    add(browser, LATER, LOU)
    add(browser, LATER, JEF)
    first, second = table.get(CLAEYS.family_id, LATER).wishes

    press(browser, "down", first.key)
    assert table.get(CLAEYS.family_id, LATER).wishes == (second, first)

    press(browser, "up", first.key)
    assert table.get(CLAEYS.family_id, LATER).wishes == (first, second)

    press(browser, "remove", first.key)
    assert table.get(CLAEYS.family_id, LATER).wishes == (second,)


def press(browser: Browser, name: str, key: str) -> Shown:
    """A button of one wish; what it says is the same for each."""
    assert browser.shown
    assert f'name="{name}" value="{key}"' in browser.shown.html
    return browser.submit({name: key}, form=1 if len(browser.shown.page.forms) > 3 else 0)


def test_choosing_nothing_is_said_beside_the_fields(browser: Browser) -> None:
    browser.get(f"/wishes/{LATER}")

    shown = browser.submit({}, "Toevoegen")

    assert shown.status == 422
    assert "Kies een kamp voor minstens één kind" in shown.text
    assert stored(LATER) == []


def test_a_session_that_somebody_came_from_is_chosen_already(browser: Browser) -> None:
    shown = browser.get(f"/wishes/{LATER}?session={SESSIONS[LATER]}")

    assert len(re.findall(f'value="{SESSIONS[LATER]}" selected', shown.html)) == 2


def test_the_page_of_a_session_leads_to_the_wishes(browser: Browser) -> None:
    browser.get(f"/sessions/{SESSIONS[LATER]}")

    assert browser.follow("Bij mijn wensen zetten").path == f"/wishes/{LATER}?session={SESSIONS[LATER]}"


def test_a_child_of_another_age_is_told_so_and_cannot_choose(browser: Browser) -> None:
    shown = browser.get(f"/wishes/{LATER}")

    assert "Robbe: geen enkel kamp" in shown.text
    assert f"new.{summers.ROBBE.child_id}" not in shown.html


def test_by_itself_is_said_and_taken_back(browser: Browser) -> None:
    add(browser, LATER, LOU)

    browser.submit({}, "Ja, vanzelf")
    assert table.get(CLAEYS.family_id, LATER).by_itself

    browser.submit({}, "Nee, ik tik zelf")
    assert not table.get(CLAEYS.family_id, LATER).by_itself


def test_what_would_stop_a_registration_is_told_with_what_to_do(browser: Browser) -> None:
    shown = add(browser, HELD, LOU)

    assert "Lou: al ingeschreven voor Kookkamp" in shown.text
    assert "Je bent klaar" not in shown.text
    assert "9970" in browser.get(f"/wishes/{ELSEWHERE}").text


def test_wishes_of_a_draw_are_those_of_the_draw(browser: Browser) -> None:
    add(browser, WISHED, JEF)

    entered = summers.OWN.get(f"/api/openings/{WISHED}/wishes").json_body["wishes"]
    assert [[pair["child_id"] for pair in wish["children_sessions"]] for wish in entered] == [
        [LOU.child_id],
        [JEF.child_id],
    ]
    assert stored(WISHED) == []


def test_a_wish_of_a_draw_that_is_there_already_is_said(browser: Browser) -> None:
    shown = add(browser, WISHED, LOU)

    assert shown.status == 422
    assert "Deze wens staat al in de lijst" in shown.text


def test_the_last_wish_of_a_draw_is_withdrawn(browser: Browser) -> None:
    browser.get(f"/wishes/{WISHED}")

    press(browser, "remove", f"{LOU.child_id}-{SESSIONS[WISHED]}")

    assert summers.OWN.get(f"/api/openings/{WISHED}/wishes").status_code == 404


def test_after_a_draw_what_is_left_can_be_wished_for(browser: Browser) -> None:
    assert stored(DRAWN) == []

    add(browser, DRAWN, JEF)

    assert stored(DRAWN) == [[JEF.child_id]]


def test_after_a_draw_nothing_asks_to_enter_for_it(browser: Browser) -> None:
    other = family_browser(family(NOOR, email="iemand@example.be").token)

    for shown in (other.get(f"/wishes/{DRAWN}"), other.get(f"/opening/{DRAWN}")):
        assert "De plaatsen zijn verloot. Wat overblijft, is voor wie eerst komt: je kan nu inschrijven." in shown.text
    of_drawn, of_closing = cards(other)[DRAWN], cards(other)[CLOSING]
    assert "De plaatsen zijn verloot." in of_drawn
    assert "Nog niet klaar" not in of_drawn
    assert "Kiezen uit wat over is" in of_drawn
    assert "Je hebt geen wensen doorgegeven." in of_closing
    assert "Nog niet klaar" not in of_closing
    assert "Mijn wensen wijzigen" not in browser.get(f"/opening/{CLOSING}").page.links


def test_an_opening_whose_camps_take_nobody_any_more_says_so_and_offers_nothing(browser: Browser) -> None:
    asked = {"closes_at": "2027-03-06T23:00", "reason": summers.REASON}
    moved = put(f"/api/staff/sessions/{SESSIONS[DRAWN]}/closing", asked, summers.EVERYBODY)
    assert moved.status_code == 200, moved.body
    with time_machine.travel(summers.NOW + timedelta(hours=5)):
        of_drawn = cards(family_browser(new_token()))[DRAWN]
        shown = family_browser(new_token()).get(f"/wishes/{DRAWN}")

    for text in (of_drawn, shown.text):
        assert "Voor de kampen van deze opening kan niemand zich nog inschrijven." in text
        assert "je kan nu inschrijven" not in text
    assert "Kiezen uit wat over is" not in of_drawn
    assert "Toevoegen" not in shown.text


def new_token() -> str:
    return family(NOOR, email="iemand@example.be").token


def cards(browser: Browser) -> dict[str, str]:
    """The HTML of each opening on the family's page."""
    found = re.findall(r'(?s)<article[^>]* aria-labelledby="o-([^"]+)">(.*?)</article>', browser.get("/family").html)
    return {opening_id: html.unescape(" ".join(text.split())) for opening_id, text in found}


def test_nobody_without_a_pass_sees_wishes() -> None:
    shown = Browser().get(f"/wishes/{LATER}")

    assert shown.status == 401
    assert "Je link aanvragen" in shown.text


def test_an_opening_that_is_not_published_is_not_there(browser: Browser) -> None:
    assert browser.get(f"/wishes/{summers.DRAFT}").status == 404


def test_seats_that_wait_for_an_answer_stand_first_on_the_family_s_page(browser: Browser) -> None:
    shown = browser.get("/family")

    first_section = shown.html.split("<section")[0]
    assert "Er wordt een plaats voor je vrijgehouden: antwoord op tijd" in first_section
    assert first_section.index(summers.HELD_ID) < first_section.index(summers.OFFERED_ID)  # the nearer deadline first
    assert summers.CONFIRMED_ID not in first_section
