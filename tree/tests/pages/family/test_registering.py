"""At its moment a family registers what it prepared: with a form alone, and as the page's script does it."""

import gzip
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock

import pytest
import time_machine
from icalendar import Calendar

from chalicelib.booking.registrations import register
from chalicelib.booking.wishes import preparing, table
from chalicelib.booking.wishes.rules import WantedSession
from chalicelib.core.http.problems import BUSY, Problem
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import Window
from tests.booking.draw.lots import changed
from tests.camps import JEF, LOU, family, published
from tests.core.http import summer as summers
from tests.core.http.summer import CLAEYS, DRAWN, HELD, LATER, PAUSED, SESSIONS
from tests.pages.frame.browsing import Browser, Shown, family_browser

NOW = datetime.now(UTC)
JSON = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def _summer() -> Iterator[None]:
    with summers.summer():
        yield


@pytest.fixture
def browser() -> Browser:
    return family_browser(summers.OWN.token)


def prepare(opening_id: str, *wishes: WantedSession, by_itself: bool = False) -> list[str]:
    """The keys."""
    now = datetime.now(UTC)
    return [one.key for one in preparing.save(CLAEYS.bearer, opening_id, wishes, by_itself, now).wishes]


def wanted(session_id: str, *children: Any) -> WantedSession:
    return WantedSession(session_id, tuple(child.child_id for child in children))


def everybody_is_admitted(opening_id: str, **more: Any) -> None:
    found = openings.get(opening_id)
    assert found
    window = replace(found[0].plan.windows[0], opens_at=datetime.now(UTC) - timedelta(hours=2), spread=timedelta(0))
    plan = replace(found[0].plan, windows=(window,), hold=None)
    changed(found[0], plan=plan, **more)
    openings.forget()


def registered() -> list[tuple[str, list[str], str]]:
    return [
        (one["session_id"], one["child_ids"], one["status"])
        for one in summers.OWN.get("/api/registrations").json_body["registrations"]
    ]


def tap(browser: Browser, opening_id: str) -> Shown:
    browser.get(f"/opening/{opening_id}")
    return browser.submit({}, "Mijn wensen inschrijven")


def send(browser: Browser, opening_id: str, key: str) -> tuple[Shown, Any]:
    """As the script does."""
    browser.get(f"/opening/{opening_id}")
    shown = browser.submit({"wish": key}, "Mijn wensen inschrijven", **JSON)
    return shown, json.loads(shown.html)


def test_one_tap_registers_all_wishes_and_says_what_came_of_each(browser: Browser) -> None:
    everybody_is_admitted(HELD)
    prepare(HELD, wanted(SESSIONS[HELD], JEF))

    shown = tap(browser, HELD)

    assert (shown.status, shown.path) == (200, f"/opening/{HELD}?tried=yes")
    assert "Gelukt: de plaats is voor jou." in shown.text
    assert "Mijn wensen inschrijven" not in shown.text
    assert (SESSIONS[HELD], [JEF.child_id], "confirmed") in registered()


def test_tapping_again_and_again_registers_once(browser: Browser) -> None:
    everybody_is_admitted(HELD)
    prepare(HELD, wanted(SESSIONS[HELD], JEF))
    browser.get(f"/opening/{HELD}")
    form = browser.shown
    browser.submit({}, "Mijn wensen inschrijven")
    before = registered()

    browser.shown = form
    browser.submit({}, "Mijn wensen inschrijven")

    assert registered() == before


def test_a_wish_on_the_days_of_a_granted_one_is_skipped_and_says_so(browser: Browser) -> None:
    everybody_is_admitted(LATER)
    dans = published(title="Stripkamp", opens_at=NOW - timedelta(days=1))
    found = openings.get(LATER)
    assert found
    changed(found[0], plan=replace(found[0].plan, session_ids=(SESSIONS[LATER], dans.session_id)))
    openings.forget()
    opens(SESSIONS[LATER])
    prepare(LATER, wanted(dans.session_id, LOU), wanted(SESSIONS[LATER], LOU), wanted(SESSIONS[LATER], JEF))

    shown = tap(browser, LATER)

    assert "Overgeslagen: je hebt Stripkamp" in shown.text
    assert (SESSIONS[LATER], [JEF.child_id], "confirmed") in registered()
    assert (SESSIONS[LATER], [LOU.child_id], "confirmed") not in registered()


def opens(session_id: str) -> None:
    from chalicelib.programme.sessions import table as programme

    programme.set_opening([session_id], NOW - timedelta(days=1))


@contextmanager
def moments_are_told() -> Iterator[None]:
    """While it lasts it is the evening before LATER opens."""
    found = openings.get(LATER)
    assert found
    with time_machine.travel(found[0].plan.passes_until + timedelta(minutes=1), tick=False):
        openings.forget()
        yield
    openings.forget()


def test_too_early_is_said_and_nothing_is_lost(browser: Browser) -> None:
    prepare(LATER, wanted(SESSIONS[LATER], JEF))

    with moments_are_told():
        shown = tap(browser, LATER)

    assert "je bent nog niet aan de beurt" in shown.text
    assert "Mijn wensen inschrijven" in shown.page.forms[0].buttons


def test_as_long_as_no_moment_is_told_there_is_nothing_to_tap(browser: Browser) -> None:
    prepare(LATER, wanted(SESSIONS[LATER], JEF))

    shown = browser.get(f"/opening/{LATER}")

    assert "vrijdag 7 mei 2027 om 19.00 uur" in shown.text
    assert "Mijn wensen inschrijven" not in shown.text


def test_what_was_cancelled_is_registered_again_only_if_it_is_added_again(browser: Browser) -> None:
    everybody_is_admitted(HELD)
    first, _ = prepare(HELD, wanted(SESSIONS[HELD], JEF), wanted(SESSIONS[HELD], LOU, JEF))
    summers.OWN.cancel(send(browser, HELD, first)[1]["receipt"].rpartition("/")[2])
    assert "Geannuleerd" in browser.get(f"/opening/{HELD}").text

    browser.get(f"/wishes/{HELD}")
    browser.submit({}, "Ja, vanzelf")
    assert [len(one.child_ids) for one in table.get(CLAEYS.family_id, HELD).wishes] == [2]

    browser.get(f"/wishes/{HELD}")
    browser.submit({f"new.{JEF.child_id}": SESSIONS[HELD]}, "Toevoegen")
    again = table.get(CLAEYS.family_id, HELD).wishes[-1]
    assert again.key != first
    assert send(browser, HELD, again.key)[1]["reached"] == "granted"


def test_the_script_hears_what_became_of_a_wish_and_the_same_again(browser: Browser) -> None:
    everybody_is_admitted(HELD)
    [key] = prepare(HELD, wanted(SESSIONS[HELD], JEF))

    shown, first = send(browser, HELD, key)
    again = json.loads(browser.get(f"/opening/{HELD}", **JSON).html)["wishes"][key]

    assert (shown.status, first["reached"], first["text"]) == (200, "granted", "Gelukt: de plaats is voor jou.")
    assert re.fullmatch(r"\.\./registrations/\w+", first["receipt"])
    assert again == first


def test_the_script_hears_when_to_come_again(browser: Browser) -> None:
    [key] = prepare(LATER, wanted(SESSIONS[LATER], JEF))

    with moments_are_told():
        shown, answer = send(browser, LATER, key)

    assert shown.status == 425
    assert int(shown.headers["Retry-After"]) > 0
    assert answer["reached"] == "open"


def test_the_script_hears_that_it_is_busy_and_tries_again_with_the_same_key(browser: Browser) -> None:
    everybody_is_admitted(HELD)
    [key] = prepare(HELD, wanted(SESSIONS[HELD], JEF))

    with mock.patch.object(register, "register", side_effect=Problem(BUSY, retry_after=2)):
        shown, _ = send(browser, HELD, key)
    assert (shown.status, shown.headers["Retry-After"]) == (503, "2")

    assert send(browser, HELD, key)[1]["reached"] == "granted"


def test_a_child_that_left_the_familys_list_gets_no_seat_and_its_sibling_does(browser: Browser) -> None:
    everybody_is_admitted(HELD)
    with_tom = replace(CLAEYS.bearer, children={**CLAEYS.bearer.children, "tom0000000": JEF.birth_date})
    wishes = [WantedSession(SESSIONS[HELD], ("tom0000000",)), wanted(SESSIONS[HELD], JEF)]
    before = preparing.save(with_tom, HELD, wishes, by_itself=False, now=datetime.now(UTC))

    shown, told = send(browser, HELD, before.wishes[0].key)
    tap(browser, HELD)

    assert (shown.status, told["reached"]) == (422, "open")
    children = [children for session, children, _ in registered() if session == SESSIONS[HELD]]
    assert [JEF.child_id] in children
    assert ["tom0000000"] not in children


def test_a_wish_that_another_tab_took_away_has_the_page_loaded_again(browser: Browser) -> None:
    everybody_is_admitted(HELD)
    [key] = prepare(HELD, wanted(SESSIONS[HELD], JEF))
    browser.get(f"/opening/{HELD}")
    prepare(HELD)

    shown = browser.submit({"wish": key}, "Mijn wensen inschrijven", **JSON)

    assert (shown.status, json.loads(shown.html)) == (409, {"reload": True})


def test_the_page_knows_the_servers_time_and_the_familys_moment(browser: Browser) -> None:
    prepare(LATER, wanted(SESSIONS[LATER], JEF), by_itself=True)
    with moments_are_told():
        shown = browser.get(f"/opening/{LATER}")
        clock = json.loads(browser.get(f"/opening/{LATER}", **JSON).html)

    at = window_of_later()
    assert f'data-now="{clock["now"]}"' in shown.html
    assert f'data-at="{clock["at"]}"' in shown.html
    assert 'data-by-itself="yes"' in shown.html
    assert at.opens_at.timestamp() * 1000 <= clock["at"] <= at.ends_at.timestamp() * 1000
    assert re.search(r'<script src="\S+/assets/stormloop\.[0-9a-f]{8}\.js" defer>', shown.html)


def window_of_later() -> Window:
    found = openings.get(LATER)
    assert found
    return found[0].plan.windows[0]


def test_before_it_is_told_nobody_hears_its_moment(browser: Browser) -> None:
    prepare(LATER, wanted(SESSIONS[LATER], JEF))

    assert 'data-at=""' in browser.get(f"/opening/{LATER}").html
    assert browser.get(f"/openings/{LATER}/moment.ics").status == 404


def test_the_moment_is_a_file_for_the_calendar(browser: Browser) -> None:
    with moments_are_told():
        shown = browser.get(f"/openings/{LATER}/moment.ics")

    assert shown.headers["Content-Type"] == "text/calendar; charset=utf-8"
    [event] = Calendar.from_ical(shown.html).walk("VEVENT")
    window = window_of_later()
    assert window.opens_at <= event.decoded("DTSTART") <= window.ends_at
    assert event["URL"].endswith(f"/opening/{LATER}")


def test_a_paused_opening_says_why_and_keeps_the_attempt(browser: Browser) -> None:
    [key] = prepare(PAUSED, wanted(SESSIONS[PAUSED], JEF))

    shown, answer = send(browser, PAUSED, key)

    assert shown.status == 425
    assert "Wat er is, en wat volgt." in answer["text"]
    assert "Wat er is, en wat volgt." in browser.get(f"/opening/{PAUSED}").text


def test_after_a_draw_its_result_is_told(browser: Browser) -> None:
    shown = browser.get(f"/opening/{DRAWN}")

    assert "De uitslag van de loting" in shown.page.headings
    assert "Bos" in shown.text


def test_without_wishes_the_page_leads_to_them(browser: Browser) -> None:
    shown = browser.get(f"/opening/{LATER}")

    assert shown.page.links["Mijn wensen kiezen"] == f"../wishes/{LATER}"
    assert "<script" not in shown.html


def test_nobody_registers_for_others() -> None:
    browser = family_browser(family(LOU, email="iemand@example.be").token)
    everybody_is_admitted(HELD)
    [key] = prepare(HELD, wanted(SESSIONS[HELD], JEF))
    browser.get(f"/opening/{HELD}")
    browser.get("/leave")  # any form of this browser's

    shown = browser._request("POST", f"/opening/{HELD}", f"csrf={mark(browser)}&wish={key}".encode(), JSON)

    assert shown.status == 409
    assert (SESSIONS[HELD], [JEF.child_id], "confirmed") not in registered()


def mark(browser: Browser) -> str:
    assert browser.shown
    return dict(browser.shown.page.forms[0].fields)["csrf"]


def test_a_form_that_was_not_ours_registers_nothing(browser: Browser) -> None:
    everybody_is_admitted(HELD)
    prepare(HELD, wanted(SESSIONS[HELD], JEF))

    assert browser._request("POST", f"/opening/{HELD}", b"csrf=guessed", {}).status == 403
    assert (SESSIONS[HELD], [JEF.child_id], "confirmed") not in registered()


def test_the_page_of_the_family_tells_of_everything(browser: Browser) -> None:
    prepare(LATER, wanted(SESSIONS[LATER], JEF))

    shown = browser.get("/family")

    assert shown.status == 200
    assert "Je bent klaar" in shown.text
    assert "Lou Claeys, geboren op 1 mei 2022" in shown.text
    assert "Bouwkamp (Lembeke): Lou" in shown.text
    assert "Op de wachtlijst: nummer 1" in shown.text
    assert "Valt het systeem uit" in shown.text


def test_the_page_of_the_family_says_when_its_wishes_are_dealt_with(browser: Browser) -> None:
    everybody_is_admitted(HELD)
    prepare(HELD, wanted(SESSIONS[HELD], JEF))
    tap(browser, HELD)

    assert "Je wensen zijn behandeld" in browser.get("/family").text


def test_leaving_forgets_the_family(browser: Browser) -> None:
    browser.get("/family")

    browser.submit({}, "Afmelden op dit toestel")

    assert browser.get("/family").status == 401


def test_the_page_and_all_it_loads_is_light(browser: Browser) -> None:
    """Of what the city promises: at most 60 KB, compressed as API Gateway does, and at most five requests."""
    everybody_is_admitted(HELD)
    prepare(HELD, *(wanted(SESSIONS[HELD], *children) for children in ([JEF], [LOU], [LOU, JEF])))

    page = browser.get(f"/opening/{HELD}")
    loaded = set(re.findall(r'(?:src|<link[^>]* href)="\.\./(assets/[^"]+)"', page.html))
    weights = [len(gzip.compress(browser.get(f"/{one}").body)) for one in loaded]

    assert any(one.endswith(".css") for one in loaded)
    assert len(loaded) + 1 <= 5
    assert len(gzip.compress(page.body)) + sum(weights) <= 60 * 1024
