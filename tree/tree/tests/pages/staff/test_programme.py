"""A programme manager fills the programme: by a file, whose rows are looked at first, or by hand."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from chalicelib.city.ledger import table as ledger
from chalicelib.city.ledger.rules import LedgerAct
from chalicelib.pages.staff.importing import MOST_SENT
from chalicelib.people.staff.rules import Role
from chalicelib.programme.files import template
from chalicelib.programme.files.reading import MOST_BYTES
from chalicelib.programme.sessions import table as programme
from tests.camps import BOUWKAMP
from tests.core.http import summer as summers
from tests.pages.frame.browsing import Browser, Shown
from tests.programme.files.test_workbook import book, camp
from tests.programme.sessions.examples import BEESTENBOEL, OMNISPORT, sheet

BOUNDARY = "----stormloop"
CITY_LIST = Path("tests/programme/files/excel/semicolon-utf8-bom.csv").read_bytes()
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
    fields = dict(shown.page.forms[-1].fields) | fields
    sent = [f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in fields.items()]
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


def known(browser: Browser) -> dict[str, str]:
    """What the form on the page would send; of checkboxes the last."""
    assert browser.shown
    return dict(browser.shown.page.forms[-1].fields)


def confirm(browser: Browser) -> Shown:
    """Sends the form of the page as it stands."""
    assert browser.shown
    sent = browser.shown.page.forms[-1].fields
    body = "".join(f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in sent)
    return browser._request(
        "POST",
        "/office/programme/import/confirmed",
        f"{body}--{BOUNDARY}--\r\n".encode(),
        {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"},
    )


def drafts() -> list[str]:
    return [one.title for one in programme.all_sessions() if one.missing]


class TestImporting:
    def test_a_file_is_looked_at_and_then_imported(self, els: Browser) -> None:
        looked = upload(els, sheet(BEESTENBOEL, OMNISPORT))

        assert looked.heading == "What this file would do"
        assert "Kaprijke, Beestenboel (Lembeke) row 2 · 22 August 2019 – 23 August 2019 · 3–6 years" in looked.text
        assert "Missing: first day, last day, places" in looked.text
        assert not drafts()
        done = confirm(els)
        assert "Imported: 2. Unchanged: 0." in done.text
        assert drafts() == ["Omnisportkamp (per week)"]

    def test_a_list_as_a_city_has_it_is_read_and_each_cell_says_how(self, els: Browser) -> None:
        looked = upload(els, CITY_LIST, municipality="Kaprijke")

        assert "Columns are separated by semicolons." in looked.text
        assert "Column G (Prijs): “€ 60” read as €60.00" in looked.text
        assert "Column B (Van) is “31/04/2027”. This day does not exist." in looked.text
        assert "Column G (Prijs) is “1.250,00”. Is that €1,250.00? Tick it if that is right." in looked.text
        fields = looked.page.forms[-1].fields
        assert [value for name, value in fields if name == "rows"] == ["0-2", "0-3", "0-5"]

        confirm(els)

        titles = {one.title for one in programme.all_sessions()}
        assert "Kleuterkamp «Boerderij»" in titles
        assert "Omnisport 7-12 jaar" not in titles

    def test_columns_that_nobody_knows_are_matched_once(self, els: Browser) -> None:
        data = b"Wat;Wanneer?\nDanskamp;5-9 juli 2027\n"
        looked = upload(els, data, municipality="Kaprijke")
        assert "No column is known to be the title of the camps." in looked.text
        assert "Import what is ticked" not in looked.text

        read = upload(els, None, **known(els) | {"column-0-0": "title", "column-0-1": "days"})
        assert "Danskamp row 2 · 5 July 2027 – 9 July 2027" in read.text
        confirm(els)

        assert "Danskamp" in drafts()
        again = upload(els, data.replace(b"Dans", b"Zang"), municipality="Kaprijke")
        assert "Zangkamp row 2 · 5 July 2027 – 9 July 2027" in again.text

    def test_the_municipality_is_asked_where_nothing_says_it(self, els: Browser) -> None:
        looked = upload(els, CITY_LIST, municipality="")

        if len({one.municipality for one in programme.all_sessions()}) > 1:
            assert "The file does not say of which municipality the sessions are." in looked.text

    def test_a_workbook_is_too(self, els: Browser) -> None:
        upload(els, book(camp(title="Danskamp in Lembeke")))

        assert "Imported: 1. Unchanged: 0." in confirm(els).text

    def test_a_changed_published_session_is_shown_with_its_families_and_changed_with_a_reason(
        self, els: Browser
    ) -> None:
        bouwkamp = programme.get(BOUWKAMP.session_id)
        assert bouwkamp

        looked = upload(els, template.written("nl", [replace(bouwkamp, place="Sporthal Eeklo")]))

        assert "Changes what is published (1)" in looked.text
        assert "→ Sporthal Eeklo" in looked.text
        assert "Registrations:" in looked.text
        assert looked.page.links["to its page"].endswith(f"/office/sessions/{BOUWKAMP.session_id}")
        assert "rows" not in dict(looked.page.forms[-1].fields)
        asked = upload(els, None, "/office/programme/import/confirmed", **known(els) | {"rows": "0-2"})
        assert "Say why, in a sentence of 10 to 1,000 characters" in asked.text
        done = upload(els, None, "/office/programme/import/confirmed", **known(els) | {"rows": "0-2", "reason": REASON})
        assert "Imported: 1." in done.text
        changed = programme.get(BOUWKAMP.session_id)
        assert changed
        assert changed.place == "Sporthal Eeklo"

    def test_without_a_file_it_is_asked_for(self, els: Browser) -> None:
        shown = upload(els, None)

        assert shown.status == 422
        assert "Choose a file first." in shown.text

    def test_a_file_that_is_too_large_says_so_and_what_to_do(self, els: Browser) -> None:
        for size in (MOST_BYTES + 1, MOST_SENT + 1):
            shown = upload(els, b"a" * size)

            assert shown.status in (413, 422)
            assert "at most 3 MB are possible. Take the pictures out of it" in shown.text

    def test_what_is_no_list_is_named_with_its_file(self, els: Browser) -> None:
        shown = upload(els, b"%PDF\0")

        assert shown.status == 422
        assert "camps: This is no text and no Excel workbook." in shown.text

    def test_the_programme_changed_meanwhile_and_the_file_is_shown_again(self, els: Browser) -> None:
        upload(els, sheet(BEESTENBOEL))
        form = known(els)
        upload(els, sheet(BEESTENBOEL))
        confirm(els)

        again = upload(els, None, "/office/programme/import/confirmed", **form)

        assert again.status == 409
        assert "Somebody else changed this meanwhile" in again.text
        assert "In the programme already, as they are: 1." in again.text

    def test_nothing_that_is_ticked_is_asked_for(self, els: Browser) -> None:
        upload(els, sheet(BEESTENBOEL))

        shown = upload(els, None, "/office/programme/import/confirmed", **known(els) | {"rows": "0-99"})

        assert shown.status == 422
        assert "Choose at least one row." in shown.text

    @pytest.mark.parametrize(
        "changed", [{"content": "eJyrVkrOzyspSk0uVrKKjgUAJ0cFAg=="}, {"seal": "0" * 64}, {"content": ""}]
    )
    def test_what_no_page_of_ours_read_is_refused(self, els: Browser, changed: dict[str, str]) -> None:
        upload(els, sheet(BEESTENBOEL))

        assert upload(els, None, "/office/programme/import/confirmed", **known(els) | changed).status == 422

    def test_a_form_of_another_site_uploads_nothing(self, els: Browser) -> None:
        assert upload(els, sheet(BEESTENBOEL), csrf="forged").status == 403

    def test_the_template_is_a_workbook(self, els: Browser) -> None:
        shown = els.get("/office/programme/import/template")

        assert shown.status == 200

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
