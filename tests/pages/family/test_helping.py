"""A helper does a family's registrations with it: on the family's own pages, for a while, and nothing stays behind."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from chalicelib.core import table as stormloop_table
from chalicelib.front_door.cases import table as table_of_cases
from chalicelib.people.assistance import table
from chalicelib.people.assistance.rules import SCOPES, HelpEndedBy, LetIn, Scope
from chalicelib.people.families import changes
from chalicelib.people.rules import Caller
from chalicelib.people.staff.rules import Role
from chalicelib.routes import ROUTES, find
from tests.camps import JEF, LOU, NOOR, Family, family, published
from tests.front_door import city
from tests.pages.frame.browsing import Browser, family_browser
from tests.people.assistance.given import code, helper_browser, helping_browser, link, named, now

pytestmark = pytest.mark.usefixtures("table")
ANYTHING = frozenset(Scope)


@pytest.fixture
def claeys(table: None) -> Family:
    return family(LOU, JEF, language="en")


def the_help(of: Family) -> Any:
    return table.of_family(of.pass_.family_id)[0]


def test_the_family_shows_a_code_and_the_helper_registers_its_child_on_its_own_pages(claeys: Family) -> None:
    camp = published()
    phone, library = family_browser(claeys.token, "en"), helper_browser(named())

    phone.get("/assistance")
    shown = phone.submit({"minutes": "30"}, button="Show me a code")
    said = re.search(r"[3-9A-Y]{4}-[3-9A-Y]{4}", shown.text)
    assert said
    library.get("/helping")
    begun = library.submit({"code": said[0].lower()}, button="Begin to help")
    assert begun.path == "/family"
    assert "You help a family for 30 more minutes" in begun.text
    library.get(f"/sessions/{camp.session_id}")
    made = library.submit({"child_ids": [LOU.child_id]}, button="Register now")

    assert made.path.startswith(f"/registrations/{claeys.pass_.family_id}")
    assert "The registration is confirmed" in made.text
    assert "Registered for a camp: Bouwkamp (Lembeke)" in phone.get("/assistance").text


def writes_of(ask: Any) -> list[tuple[str, str]]:
    """What this wrote: the operation and the item, ids of a family and of a request left out; nothing of the help."""
    seen: list[tuple[str, str]] = []

    def note(params: dict[str, Any], model: Any, **_: Any) -> None:
        if model.name not in ("GetItem", "Query", "BatchGetItem"):
            found = re.findall(r"'[ps]k': \{'S': '([^']+)'\}", str(params)) or re.findall(r"[A-Z]#\w+", str(params))
            seen.append((model.name, " ".join(found)))

    client: Any = stormloop_table.Item._get_connection().connection.client
    client.meta.events.register("before-parameter-build.dynamodb", note)
    try:
        ask()
    finally:
        client.meta.events.unregister("before-parameter-build.dynamodb", note)
    return [one for one in seen if "HELP" not in one[1]]


def test_a_helper_takes_the_same_path_and_writes_the_same(claeys: Family) -> None:
    """The family registers one child itself, a helper the other one: the same writes, on the same items."""
    camp = published()

    def registers(browser: Browser, child: str) -> list[tuple[str, str]]:
        browser.get(f"/sessions/{camp.session_id}")
        written = writes_of(lambda: browser.submit({"child_ids": [child]}, button="Register now"))
        return [(operation, re.sub(r"R#\w+", "R#", item)) for operation, item in written]

    own = registers(family_browser(claeys.token, "en"), LOU.child_id)
    helped = registers(helping_browser(named(), claeys), JEF.child_id)

    assert own == helped
    assert len(own) == 2
    assert claeys.pass_.family_id in own[0][1]


def test_a_helper_comes_no_sooner_than_the_family(claeys: Family) -> None:
    """Given forms of a clock that was fast: both are told the same."""
    camp = published(opens_at=now() + timedelta(minutes=10))

    def refused(browser: Browser) -> tuple[int, str]:
        with time_machine.travel(now() + timedelta(minutes=11)):
            browser.get(f"/sessions/{camp.session_id}")
        shown = browser.submit({"child_ids": [LOU.child_id]}, button="Register now")
        assert "Registration is not open yet" in shown.text
        return shown.status, shown.heading

    assert refused(helping_browser(named(), claeys)) == refused(family_browser(claeys.token, "en")) == (425, camp.title)


def test_an_end_counts_at_once_in_every_tab_and_nothing_is_left(claeys: Family) -> None:
    published()
    library, phone = helping_browser(named(), claeys), family_browser(claeys.token, "en")
    assert LOU.first_name in library.get("/family").text

    phone.get("/assistance")
    phone.submit(button="End the help now")

    refused = library.get("/family")
    assert (refused.status, refused.heading) == (403, "The help has ended")
    assert "help" not in library.cookies
    assert LOU.first_name not in library.get("/family").text
    assert the_help(claeys).ended_by is HelpEndedBy.FAMILY


def test_a_form_that_was_open_in_another_tab_does_nothing_after_the_end(claeys: Family) -> None:
    camp = published()
    library = helping_browser(named(), claeys)
    library.get(f"/sessions/{camp.session_id}")
    open_in_another_tab, cookies = library.shown, dict(library.cookies)

    library.get("/family")
    ended = library.submit(button="End the help now")
    assert "Nothing of the family is left" in ended.text
    assert set(library.cookies) <= {"helper", "visit"}
    for known in (dict(library.cookies), cookies):
        library.shown, library.cookies = open_in_another_tab, known
        assert library.submit({"child_ids": [LOU.child_id]}, button="Register now").status in (401, 403)
    assert "Bouwkamp" not in family_browser(claeys.token).get("/family").text


def test_time_ends_it_too(claeys: Family) -> None:
    library = helping_browser(named(), claeys)

    with time_machine.travel(now() + timedelta(minutes=31)):
        assert library.get("/family").status == 403
    assert "help" not in library.cookies


def test_every_page_of_the_help_says_so_and_is_kept_nowhere(claeys: Family) -> None:
    camp = published()
    library = helping_browser(named(), claeys)

    for path in ("/family", f"/sessions/{camp.session_id}", "/programme", "/account", "/help"):
        shown = library.get(path)
        assert "You help a family" in shown.text, path
        assert shown.headers["Cache-Control"] == "no-store", path
        assert 'http-equiv="refresh"' in shown.html, path
        assert claeys.token not in shown.html, path


def test_a_helper_is_the_family_on_the_pages_of_the_scope_and_nowhere_else(claeys: Family) -> None:
    """Every page that asks for a family, one by one: what is not in the scope is refused."""
    library = helping_browser(named(), claeys, ANYTHING)
    others = [one for one in ROUTES if not one.roles and not one.is_api and (one.method, one.address) not in SCOPES]

    for route in others:
        if route.method == "GET" and route.address not in ("/assets/{name}", "/logos/{name}"):
            shown = library.get(re.sub(r"\{\w+\}", "2027-aaaaaa", route.address))
            assert claeys.pass_.email not in shown.html, route.address
            assert LOU.last_name not in shown.html, route.address
            assert shown.status == 403 or route.who is Caller.ANYONE, route.address
    assert library.get("/account").heading == "This is not part of the help"
    assert library.get("/family/data.json").status == 403


def test_the_scope_names_pages_that_there_are() -> None:
    assert [one for one in SCOPES if find(*one) is None] == []
    assert not any(re.match("/(account|citypass|shared|family/)", address) for _, address in SCOPES)


def test_medical_notes_and_cancelling_ask_for_more_than_looking(claeys: Family) -> None:
    made = claeys.register(published(), LOU).json_body["registration_id"]
    paths = (f"/children/{LOU.child_id}", f"/registrations/{made}/cancel")
    library = helping_browser(named(), claeys)

    assert [library.get(path).status for path in paths] == [403, 403]
    library.get("/family")
    library.submit(button="End the help now")
    library.submit({"code": code(claeys, ANYTHING)}, button="Begin to help")
    assert [library.get(path).status for path in paths] == [200, 200]


def test_what_the_family_forgets_ends_the_help_too(claeys: Family) -> None:
    library = helping_browser(named(), claeys)

    with time_machine.travel(now() + timedelta(seconds=2)):
        changes.revoke(claeys.pass_.family_id)
        assert library.get("/family").status == 403


def test_everything_is_written_down_before_it_is_done_also_what_was_refused(
    claeys: Family, accesses: list[dict[str, Any]]
) -> None:
    library = helping_browser(named(), claeys)

    library.get("/family")
    library.get("/account")

    found = table.acts(claeys.pass_.family_id, the_help(claeys).help_id)
    assert [(one.address, one.status) for one in found] == [("/family", 200), ("/account", 403)]
    assert [line["route"] for line in accesses] == ["GET /family", "GET /account"]
    assert accesses[0]["who"].startswith("helper ")


def test_by_word_the_helper_writes_down_who_said_what(claeys: Family) -> None:
    library = helper_browser(named())
    said = {
        "family": claeys.pass_.email,
        "birth_date": LOU.birth_date.isoformat(),
        "who": "An Claeys",
        "number": "0470 12 34 56",
        "why": "She has no phone with internet.",
    }

    library.get("/helping")
    wrong = library.submit({**said, "birth_date": "2011-01-01"}, button="I wrote it down as it was said: begin")
    assert "We know no family by this" in wrong.text
    assert library.submit(said, button="I wrote it down as it was said: begin").path == "/family"

    found = the_help(claeys)
    assert (found.let_in, found.scope) == (LetIn.WORD, {Scope.REGISTRATIONS})
    assert found.consent.number == "0470 12 34 56"
    assert "She has no phone with internet." in family_browser(claeys.token, "en").get("/assistance").text


def test_a_link_works_once_and_a_forwarded_one_signs_the_other_out() -> None:
    helper = named()
    first, second = Browser("en"), Browser("en")
    path = f"/helping/enter?token={link(helper)}"

    for browser in (first, second):
        browser.get(path)
        shown = browser.submit(button="Sign in as a helper")
    assert (shown.status, shown.heading) == (403, "This link does not work any more")
    assert "Bibliotheek Kaprijke" in first.get("/helping").text
    assert "Bibliotheek Kaprijke" not in second.get("/helping").text


def test_a_manager_names_helpers_with_an_end_and_never_themself() -> None:
    els = Browser("en").sign_in(Role.MANAGER, email="els@kaprijke.example")
    until = (now() + timedelta(days=60)).date().isoformat()
    typed = {"organisation": "OCMW", "people": "Jan Maes, jan@ocmw.example\nMia Rau <mia@ocmw.example>", "until": until}

    els.get("/office/assistance")
    assert "Give the last day" in els.submit({**typed, "until": ""}, button="Name them").text
    assert (
        "Nobody names themself"
        in els.submit({**typed, "people": "Els, els+x@kaprijke.example"}, button="Name them").text
    )
    shown = els.submit(typed, button="Name them")
    assert "mia@ocmw.example" in shown.text
    assert "is a helper already" in els.submit({**typed, "organisation": "Bib"}, button="Name them").text
    assert [one.name for one in table.every()] == ["Jan Maes", "Mia Rau"]


def test_who_is_no_helper_any_more_is_out_with_everything(claeys: Family) -> None:
    helper = named()
    library = helping_browser(helper, claeys)
    els = Browser("en").sign_in(Role.MANAGER)

    els.get("/office/assistance")
    els.submit(button="No helper any more")

    assert library.get("/family").status == 403
    assert "Bibliotheek" not in library.get("/helping").text
    assert the_help(claeys).ended_by is HelpEndedBy.CITY


def test_the_auditor_looks_at_some_by_chance_and_it_is_noted(claeys: Family) -> None:
    with time_machine.travel(now() - timedelta(days=1)):
        helping_browser(named(), claeys).get("/family")
    auditor = Browser("en").sign_in(Role.AUDITOR, name="Ann Auditor")

    assert "Looked at the registrations" in auditor.get("/office/assistance/looks").text
    auditor.submit({"finding": "In order."}, button="I looked at it")

    shown = auditor.get("/office/assistance/looks")
    assert "Ann Auditor" in shown.text
    assert "In order." in shown.text


def test_the_desk_prints_a_code_and_sees_who_helps(claeys: Family) -> None:
    desk = Browser("en").sign_in(Role.DESK)
    address = f"/office/desk/families/{claeys.pass_.family_id}/assistance"

    desk.get(address)
    letter = desk.submit(button="Print a letter with a code (PDF)")
    assert letter.body.startswith(b"%PDF")
    helping_browser(named(), claeys)
    assert "Jan Maes (Bibliotheek Kaprijke)" in desk.get(address).text
    desk.submit(button="End the help now")
    assert the_help(claeys).ended_by is HelpEndedBy.CITY
    receipt = family_browser(claeys.token).get(f"/assistance/{the_help(claeys).help_id}/receipt.pdf")
    assert receipt.body.startswith(b"%PDF")


def test_a_helper_sees_no_other_family(claeys: Family) -> None:
    camp = published()
    other = family(NOOR, email="fatima@example.be")
    made = other.register(camp, NOOR).json_body["registration_id"]
    library = helping_browser(named(), claeys)

    assert library.get(f"/registrations/{made}").status == 404


def test_a_browser_that_forgot_whom_it_helps_ends_that_help(claeys: Family) -> None:
    library = helping_browser(named(), claeys)
    del library.cookies["help"]
    assert "End that before you help somebody else" in library.get("/helping").text

    assert "The help is ended" in library.submit(button="End the help now").text

    assert the_help(claeys).ended_by is HelpEndedBy.HELPER
    library.get("/helping")
    assert library.submit({"code": code(claeys)}, button="Begin to help").path == "/family"


def test_what_is_sent_for_the_family_opens_in_no_browser_of_the_helper(claeys: Family) -> None:
    city.a_city()
    library = helping_browser(named(), claeys)
    library.get("/forms/street")

    sent = library.submit(
        {"answers.sort": "paving", "answers.what": "Een losse tegel", "address": "Veld 1"}, button="Send"
    )

    (case,) = (table_of_cases.get(one.case_id) for one in table_of_cases.inbox("streets"))
    assert case
    assert (sent.status, sent.path) == (200, "/forms/street")
    assert case.receipt in sent.text
    assert case.secret in sent.text  # nobody gave an address: it is shown here once, to write down
    assert "secret=" not in str(sent.page.links)
    assert sent.headers["Cache-Control"] == "no-store"
    assert f"Sent the city a form: {case.receipt}" in family_browser(claeys.token, "en").get("/assistance").text


def test_a_helper_is_shown_no_price(claeys: Family) -> None:
    made = claeys.register(published(price_cents=8250), LOU).json_body["registration_id"]
    assert "82.50" in family_browser(claeys.token, "en").get(f"/registrations/{made}").text

    shown = helping_browser(named(), claeys).get(f"/registrations/{made}")

    assert (shown.status, "82.50" in shown.text) == (200, False)
