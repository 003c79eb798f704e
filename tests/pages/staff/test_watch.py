"""The page of what rings: a person looks, and says in words what they found."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest

from chalicelib.core import table as items
from chalicelib.front_door.cases import sending
from chalicelib.front_door.handling import handling
from chalicelib.front_door.units import table as units
from chalicelib.front_door.watching import table
from chalicelib.front_door.watching.rules import Finding, Ring, RingKind
from chalicelib.front_door.watching.table import FormWatch, State
from chalicelib.people.staff.rules import Role
from tests.front_door import city
from tests.front_door.city import NADIA
from tests.pages.frame.browsing import Browser

pytestmark = pytest.mark.usefixtures("table")

TODAY = datetime.now(UTC).date()
SINCE = TODAY - timedelta(days=14)
SILENT = Ring(RingKind.GAP, "complaint", SINCE, TODAY, {"expected": "9.8", "came": "0"})
WORDS = "Gebeld met de webredactie: de link op de site leidde naar een oude pagina."


@pytest.fixture(autouse=True)
def _city(table: None) -> None:
    city.a_city()


@pytest.fixture
def wim() -> Browser:
    return Browser("en").sign_in(Role.MANAGER)


def post(browser: Browser, path: str, **typed: str) -> str:
    """Sends a form of the page; answers what is read then."""
    shown = browser.get(path)
    (mark,) = {value for form in shown.page.forms for name, value in form.fields if name == "csrf"}
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return browser._request("POST", path, urlencode({"csrf": mark} | typed).encode(), kind).text


def looked(browser: Browser, **typed: str) -> str:
    found = {"edition": "1", "words": WORDS, "finding": "fault", "do": f"look:{SILENT.ring_id}"}
    return post(browser, "/office/watch", **(found | typed))


def test_whoever_looked_writes_what_they_found_and_it_stays(wim: Browser) -> None:
    table.begin(SILENT)
    assert "nothing came since then, and 9.8 cases were expected" in wim.get("/office/watch").text

    page = looked(wim)

    assert table.rings() == []
    assert WORDS in page
    watch = table.form_watch("complaint")
    assert watch.judged_from == TODAY
    assert watch.faults == ((SINCE, TODAY - timedelta(days=1)),)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"words": "gezien"}, "Write what you did"),
        ({"finding": ""}, "Choose what you found."),
        ({"finding": "fewer", "expected": ""}, "Give a number above 0"),
        ({"finding": "fewer", "expected": "-1"}, "Give a number above 0"),
        ({"edition": "2"}, "Somebody else changed this"),
    ],
)
def test_a_ring_does_not_end_without_words_and_a_finding(wim: Browser, typed: dict[str, str], says: str) -> None:
    table.begin(SILENT)

    assert says in looked(wim, **typed)
    assert [one.ring_id for one in table.rings()] == [SILENT.ring_id]


def test_that_there_are_fewer_begins_anew_with_a_number(wim: Browser) -> None:
    table.begin(SILENT)

    looked(wim, finding="fewer", expected="106")

    assert table.form_watch("complaint") == FormWatch("complaint", 106, TODAY, TODAY, edition=1)


def test_whoever_waved_the_last_one_away_does_not_wave_away_this_one(wim: Browser) -> None:
    table.begin(SILENT)
    looked(wim, finding="nothing")
    table.begin(SILENT)

    assert "Somebody else looks now." in wim.get("/office/watch").text
    assert "Somebody else looks now." in looked(wim)
    assert len(table.rings()) == 1

    looked(Browser("en").sign_in(Role.AUDITOR, name="Els"))
    assert table.rings() == []


def test_what_is_expected_of_a_new_form_is_said_and_kept(wim: Browser) -> None:
    unsaid = Ring(RingKind.UNSAID, "complaint", TODAY, TODAY, {})
    table.begin(unsaid)

    page = post(wim, "/office/watch", do="expect:complaint", expected="12,5")

    assert table.form_watch("complaint").said == 12.5
    assert table.rings() == []
    assert "Expects 12.5 cases a year; before: –." in page
    (kept,) = table.looked_at(TODAY.year)
    assert (kept.kind, kept.finding) == (RingKind.UNSAID, Finding.NOTHING)


def test_a_look_that_did_not_come_is_said(wim: Browser) -> None:
    assert "The daily look did not come" in wim.get("/office/watch").text

    table.put_state(State((), TODAY))
    assert "The daily look did not come" not in wim.get("/office/watch").text


def test_links_are_kept_and_taken_away(wim: Browser) -> None:
    bad = post(wim, "/office/watch/links", url="ftp://kaprijke.example", where="", must="")
    assert "Give an address that begins with https://" in bad
    assert "Say where it stands" in bad

    url = "https://kaprijke.example/klachten"
    post(wim, "/office/watch/links", url=url, where="De site", must="Klacht")
    (link,) = table.links()
    assert "Not asked yet" in wim.get("/office/watch/links").text

    post(wim, "/office/watch/links", away=link.link_id)
    assert table.links() == []


def test_the_head_sees_what_waits_too_long_and_of_confidential_cases_how_many() -> None:
    long_ago = datetime.now(UTC) - timedelta(days=60)
    report = sending.send(city.report(), long_ago).case
    asked = sending.CaseRequest("youth-care", {"ask": "Mag ik bellen?"}, city.Way.PAGE, "1", contact=city.AN)
    secret = sending.send(asked, long_ago).case

    def sees(email: str, *roles: Role) -> str:
        return Browser("en").sign_in(*roles, email=email).get("/office/watch/late").text

    of_office = sees("koen.desmet@kaprijke.example", Role.HANDLER)  # above streets and youth
    assert report.receipt in of_office
    assert secret.receipt not in of_office
    assert "1 cases wait too long. Only its own people see which." in of_office
    assert secret.receipt in sees("ria.goossens@kaprijke.example", Role.HANDLER)
    assert "Streets" not in sees("ria.goossens@kaprijke.example", Role.HANDLER)
    assert "You are in no unit" in sees("jan@kaprijke.example", Role.HANDLER)


def test_the_head_sees_complaints_about_people_of_the_city_and_whom_they_are_about_does_not() -> None:
    case = sending.send(city.complaint(), datetime.now(UTC)).case
    handling.say_concerned(city.KOEN, case.case_id, 1, ["streets"], "", datetime.now(UTC))
    items.transact_write([units.putting(replace(city.OFFICE, people=(city.KOEN.email, NADIA.email), edition=2))])
    units.forget()

    koen = Browser("en").sign_in(Role.HANDLER, email=city.KOEN.email)
    nadia = Browser("en").sign_in(Role.HANDLER, email=NADIA.email)

    assert case.receipt in koen.get("/office/watch/late").text
    assert case.receipt not in nadia.get("/office/watch/late").text


def test_an_empty_city_has_a_page(wim: Browser) -> None:
    for form in city.FORMS:
        items.transact_write([{"Delete": {"Key": items.key("FORMS", form.form_id)}}])

    assert "No form is published." in wim.get("/office/watch").text
