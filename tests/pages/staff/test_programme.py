"""A programme manager fills the programme: by a file, whose rows are looked at first, or by hand."""

from collections.abc import Iterator

import pytest

from chalicelib.city.ledger import table as ledger
from chalicelib.city.ledger.rules import LedgerAct
from chalicelib.people.staff.rules import Role
from chalicelib.programme.sessions import table as programme
from tests.camps import BOUWKAMP
from tests.core.http import summer as summers
from tests.pages.frame.browsing import Browser, Shown
from tests.programme.sessions.examples import BEESTENBOEL, OMNISPORT, sheet
from tests.programme.sessions.test_workbook import book, camp

BOUNDARY = "----stormloop"
REASON = "De sporthal wordt die week geverfd."
NEW = {
    "title": "Circuskamp Eeklo",
    "municipality": "Eeklo",
    "starts_on": "2027-07-05",
    "ends_on": "2027-07-09",
    "age_min": "6",
    "age_max": "12",
    "capacity": "16",
    "price_eur": "62,50",
}


@pytest.fixture(autouse=True)
def _summer() -> Iterator[None]:
    with summers.summer():
        yield


@pytest.fixture
def els() -> Browser:
    return Browser("en").sign_in(Role.MANAGER)


def upload(browser: Browser, data: bytes | None, path: str = "/office/programme/import", **fields: str) -> Shown:
    """Chooses a file on the page and sends its form, as a browser does: what Browser itself cannot."""
    shown = browser.get("/office/programme/import")
    known = dict(shown.page.forms[-1].fields) | fields
    sent = [f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in known.items()]
    body = "".join(sent).encode()
    if data is not None:
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="camps"\r\n\r\n'
        body += head.encode() + data + b"\r\n"
    return browser._request(
        "POST",
        path,
        body + f"--{BOUNDARY}--\r\n".encode(),
        {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"},
    )


def confirm(browser: Browser) -> Shown:
    assert browser.shown
    fields = dict(browser.shown.page.forms[-1].fields)
    return upload(browser, None, "/office/programme/import/confirmed", **fields)


def drafts() -> list[str]:
    return [one.title for one in programme.all_sessions() if one.missing]


class TestImporting:
    def test_a_file_is_looked_at_and_then_imported(self, els: Browser) -> None:
        looked = upload(els, sheet(BEESTENBOEL, OMNISPORT))

        assert looked.heading == "What this file would do"
        assert "2 Kaprijke, Beestenboel (Lembeke) new" in looked.text
        assert "3 Buggenhout, Omnisportkamp (per week) new Missing: first day, last day, places" in looked.text
        assert not drafts()
        done = confirm(els)
        assert "Imported: 2. Unchanged: 0." in done.text
        assert drafts() == ["Omnisportkamp (per week)"]

    def test_a_workbook_is_too(self, els: Browser) -> None:
        upload(els, book(camp(title="Danskamp in Lembeke")))

        assert "Imported: 1. Unchanged: 0." in confirm(els).text

    def test_what_is_wrong_stands_beside_its_row_and_there_is_nothing_to_confirm(self, els: Browser) -> None:
        looked = upload(els, sheet(BEESTENBOEL.replace("2019-08-22", "22/08/2019"), OMNISPORT))

        assert "2 Kaprijke, Beestenboel (Lembeke) not right starts_on is" in looked.text
        assert "Import these sessions" not in looked.text

    def test_without_a_file_it_is_asked_for(self, els: Browser) -> None:
        shown = upload(els, None)

        assert shown.status == 422
        assert "Choose a file first." in shown.text

    def test_the_programme_changed_meanwhile_and_the_file_is_shown_again(self, els: Browser) -> None:
        upload(els, sheet(BEESTENBOEL))
        form = dict(els.shown.page.forms[-1].fields) if els.shown else {}
        upload(els, sheet(BEESTENBOEL))
        confirm(els)

        again = upload(els, None, "/office/programme/import/confirmed", **form)

        assert again.status == 409
        assert "Somebody else changed this meanwhile" in again.text
        assert "is there already" in again.text

    def test_a_form_of_another_site_uploads_nothing(self, els: Browser) -> None:
        assert upload(els, sheet(BEESTENBOEL), csrf="forged").status == 403

    def test_only_a_manager_imports(self) -> None:
        assert Browser("en").sign_in(Role.DESK, Role.APPROVER).get("/office/programme/import").status == 403


class TestASession:
    def test_a_draft_is_made_and_completed(self, els: Browser) -> None:
        els.get("/office/sessions/new")
        made = els.submit(NEW | {"capacity": ""}, "Save")
        assert "This is a draft: nobody sees it yet" in made.text
        assert "Still missing: places." in made.text

        done = els.submit({"capacity": "16"}, "Save")

        assert "The change is stored." in done.text
        assert "not open yet" in done.text
        assert "62.50" in done.html

    def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(self, els: Browser) -> None:
        els.get("/office/sessions/new")

        shown = els.submit(NEW | {"capacity": "veel", "title": ""}, "Save")

        assert shown.status == 422
        assert 'Places is "veel". Write a whole number from 1 to 300.' in shown.text
        assert "Title is missing." in shown.text
        assert dict(shown.page.forms[-1].fields)["capacity"] == "veel"

    def test_a_published_session_changes_with_a_reason(self, els: Browser) -> None:
        els.get(f"/office/sessions/{BOUWKAMP.session_id}")

        refused = els.submit({"place": "Sporthal Eeklo"}, "Save")
        assert "Say why, in a sentence of 10 to 1,000 characters" in refused.text
        shown = els.submit({"reason": REASON}, "Save")
        assert "Each of these families gets one mail" in shown.text
        done = els.submit({}, "Change it and tell the families")

        assert "The change is stored." in done.text
        session = programme.get(BOUWKAMP.session_id)
        assert session
        assert session.place == "Sporthal Eeklo"
        assert ledger.entries()[-1].what is LedgerAct.SESSION_CHANGED

    def test_what_cannot_change_is_shown_with_the_reason(self, els: Browser) -> None:
        shown = els.get(f"/office/sessions/{BOUWKAMP.session_id}")

        names = {name for form in shown.page.forms for name, _ in form.fields}
        assert not names & {"municipality", "capacity"}
        assert "The number of seats is changed separately, with its reason." in shown.text

    def test_who_stores_over_a_colleagues_change_is_told_first(self, els: Browser) -> None:
        path = f"/office/sessions/{BOUWKAMP.session_id}"
        els.get(path)
        bram = Browser("en").sign_in(Role.MANAGER, name="Bram Wouters")
        bram.get(path)
        bram.submit({"kind": "bouwen", "reason": REASON}, "Save")
        bram.submit({}, "Change it")

        shown = els.submit({"kind": "techniek", "reason": REASON}, "Save")

        assert shown.status == 409
        assert "Somebody else changed this meanwhile" in shown.text
        els.submit({}, "Save")
        els.submit({}, "Change it")
        session = programme.get(BOUWKAMP.session_id)
        assert session
        assert session.kind == "techniek"

    def test_a_draft_is_deleted(self, els: Browser) -> None:
        els.get("/office/sessions/new")
        els.submit(NEW | {"capacity": ""}, "Save")

        els.submit({}, "Delete this draft")

        assert "Circuskamp Eeklo" not in els.get("/office/programme").text

    def test_a_camp_is_cancelled_after_it_was_shown_for_whom(self, els: Browser) -> None:
        els.get(f"/office/sessions/{BOUWKAMP.session_id}")
        shown = els.follow("Cancel or withdraw this camp")
        assert "registrations end" in shown.text

        refused = els.submit({"message.nl": "De begeleider is ziek."}, "Cancel the camp and tell the families")
        assert "Say why, in a sentence of 10 to 1,000 characters" in refused.text
        done = els.submit({"reason": REASON}, "Cancel the camp and tell the families")

        assert "This camp is cancelled" in done.text
        assert ledger.entries()[-1].what is LedgerAct.SESSION_CANCELLED
        family = Browser("nl").get(f"/sessions/{BOUWKAMP.session_id}")
        assert "De begeleider is ziek." in family.text
        assert "Inschrijven" not in family.html.split("<main")[1].split("</main")[0]

    def test_places_and_deadline_have_a_page_of_their_own(self, els: Browser) -> None:
        els.get(f"/office/sessions/{BOUWKAMP.session_id}")

        shown = els.follow("Change seats or the deadline, grant a seat")

        assert shown.path == f"/office/sessions/{BOUWKAMP.session_id}/seats"
        assert shown.status == 200

    def test_the_list_says_how_each_stands(self, els: Browser) -> None:
        els.get("/office/sessions/new")
        els.submit(NEW | {"capacity": ""}, "Save")

        shown = els.get("/office/programme?show=drafts")

        assert "Circuskamp Eeklo" in shown.text
        assert "Missing: places" in shown.text
        assert "Bouwkamp" not in shown.text
        assert els.get("/office/sessions/2345678923").status == 404
