"""Somebody at the desk takes in a call, a letter and a mail, with the keyboard and without a script."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.message import EmailMessage
from typing import Any
from unittest import mock

import pytest
import time_machine

from chalicelib.core.refusals import Busy
from chalicelib.front_door.arriving import addresses, known_table
from chalicelib.front_door.arriving import table as arrivals
from chalicelib.front_door.arriving.known import KnownAnswer
from chalicelib.front_door.arriving.loops import Sender, sender_of
from chalicelib.front_door.arriving.reading import read
from chalicelib.front_door.cases import sending
from chalicelib.front_door.cases import table as cases
from chalicelib.front_door.cases.rules import Act, Case, CaseStatus, Way, case_id_of
from chalicelib.front_door.files.table import of_case
from chalicelib.front_door.forms.rules import ContactRule, FormKind
from chalicelib.front_door.reports import showing
from chalicelib.mail import arrived, of_cases
from chalicelib.mail.case_mails import mail_of
from chalicelib.mail.delivery import DO
from chalicelib.mail.rendering import Sending
from chalicelib.mail.rules import MailKind, Message
from chalicelib.people.staff.rules import Role
from tests.front_door import city
from tests.front_door.arriving.mails import DOMAIN, HEAD, WORDS, mail, part, parts
from tests.front_door.arriving.test_reading import PDF, attached
from tests.front_door.city import COMPLAINT, KOEN, NADIA, NOW, report, said
from tests.front_door.photos.conftest import photos
from tests.front_door.photos.conftest import stored as in_bucket
from tests.pages.frame.browsing import Browser, Shown

__all__ = ["photos"]

ASK = replace(
    COMPLAINT,
    form_id="ask",
    kind=FormKind.QUESTION,
    title=said("Een vraag over afval", "Une question sur les déchets", "A question about waste"),
    contact=ContactRule.OPTIONAL,
)
BAGS = KnownAnswer("bags", said("Waar koop ik vuilniszakken?"), said("In elke supermarkt van de stad."), "restafval")
LOOK, STORE = "Kijk wat past", "Bewaren"


@pytest.fixture(autouse=True)
def _city(table: None) -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        city.a_city()
        city.publish(ASK)
        known_table.put(BAGS)
        yield


@pytest.fixture
def els(_city: None) -> Browser:
    browser = Browser().sign_in(Role.DESK)
    browser.get("/office/intake")
    return browser


def stored(shown: Shown) -> Case:
    assert shown.status == 200
    case_id = case_id_of(shown.page.headings[1])
    case = cases.get(case_id or "")
    assert case is not None
    return case


def test_what_somebody_says_proposes_a_form_and_is_stored_under_it(els: Browser) -> None:
    shown = els.submit({"words": "Er ligt een losse stoeptegel op straat"}, LOOK)
    assert shown.page.forms[-2].choices["form_id"] == ["street"]

    shown = els.submit({"address": "Veld 1", "contact.phone": "0470 12 34 56"}, STORE)
    case = stored(shown)
    assert (case.form_id, case.way, case.unit_id) == ("street", Way.PHONE, "streets")
    assert case.answers["what"] == "Er ligt een losse stoeptegel op straat"
    assert case.contact.phone == "0470 12 34 56"


def test_the_receipt_is_read_out_letter_by_letter_with_the_day(els: Browser) -> None:
    els.submit({"words": "losse stoeptegel"}, LOOK)
    shown = els.submit({"address": "Veld 1"}, STORE)

    case = stored(shown)
    assert case.receipt in shown.text
    assert "22 maart 2027" in shown.text
    assert " · " in shown.text
    assert case.secret in shown.text
    again = els._request("GET", "/office/intake", b"", {})
    assert case.secret not in again.text


def test_sending_it_twice_makes_one_case(els: Browser) -> None:
    form = els.submit({"words": "losse stoeptegel"}, LOOK)
    first = stored(els.submit({"address": "Veld 1"}, STORE))
    els.shown = form
    second = stored(els.submit({"address": "Veld 1"}, STORE))
    els.shown = form
    other = els.submit({"address": "Veld 2"}, STORE)

    assert first == second
    assert other.status == 409, "it was stored before with something else: it becomes a case of its own"
    assert stored(els.submit(None, STORE)).case_id != first.case_id


def test_what_is_known_is_answered_at_once_and_counted(els: Browser) -> None:
    shown = els.submit({"words": "Ik zoek vuilniszakken voor restafval, een vraag"}, LOOK)
    assert "In elke supermarkt van de stad." in shown.text

    case = stored(els.submit({"form_id": "ask", "known": "bags"}, STORE))
    assert (case.status, case.answered_on, case.is_in_hand) == (CaseStatus.ANSWERED, NOW.date(), False)
    assert cases.history(case)[-1].text == "In elke supermarkt van de stad."
    assert not cases.in_inbox(case)


def test_a_complaint_is_answered_by_nobody_at_the_desk(els: Browser) -> None:
    els.submit({"words": "Het ging mis", "form_id": "complaint"}, LOOK)
    assert "Meteen beantwoord" not in (els.shown.text if els.shown else "")

    sent = {"contact.phone": "0470 12 34 56", "answer": "Sorry."}
    assert els.submit({**sent, "form_id": "complaint"}, STORE).status == 422


def test_what_becomes_confidential_by_its_unit_is_answered_by_that_unit(els: Browser) -> None:
    city.publish(replace(ASK, version=2, owner="youth"), edition=2, before=1)

    els.submit({"words": "Een vraag over mijn kind", "form_id": "ask"}, LOOK)
    case = stored(els.submit({"form_id": "ask", "answer": "Bel de jeugdhulp."}, STORE))

    assert (case.status, case.is_confidential) == (CaseStatus.RECEIVED, True)
    last = cases.history(case)[-1]
    assert (last.act, last.note, last.text) == (Act.NOTED, "Bel de jeugdhulp.", "")


def test_what_is_missing_is_said_and_what_was_typed_stays(els: Browser) -> None:
    els.submit({"words": "losse stoeptegel"}, LOOK)
    shown = els.submit({"words": "", "contact.name": "An Claeys"}, STORE)

    assert shown.status == 422
    assert dict(shown.page.forms[-2].fields)["contact.name"] == "An Claeys"
    assert "#f-words" in shown.html
    assert "#f-address" in shown.html


def test_what_was_typed_stays_while_the_table_is_busy(els: Browser) -> None:
    els.submit({"words": "losse stoeptegel"}, LOOK)
    with mock.patch.object(sending, "send", side_effect=Busy()):
        shown = els.submit({"address": "Veld 1"}, STORE)

    assert shown.status == 503
    assert dict(shown.page.forms[-2].fields)["address"] == "Veld 1"
    assert stored(els.submit(None, STORE)).place


def test_what_is_near_is_only_what_everybody_may_see(els: Browser) -> None:
    sending.send(report("hidden"), NOW)
    seen = sending.send(report("seen"), NOW).case
    showing.show(seen, NADIA, seen.edition, "", [], NOW)

    els.submit({"words": "losse stoeptegel"}, LOOK)
    shown = els.submit({"address": "Veld 1"}, LOOK)
    assert shown.text.count("Veld 1, Kaprijke") == 1
    assert "stoeptegel voor nummer" not in shown.text


def test_a_mail_that_was_handed_in_fills_the_fields(els: Browser) -> None:
    shown = upload(els, mail(to="burgemeester@kaprijke.example"))

    fields = dict(shown.page.forms[-2].fields)
    assert fields["words"] == f"Lamp stuk\n\n{WORDS}"
    assert fields["way"] == "mail"
    els.submit({"form_id": "complaint"}, LOOK)
    shown = els.submit({"contact.email": "an.claeys@example.org"}, STORE)
    assert (stored(shown).way, stored(shown).form_id) == (Way.MAIL, "complaint")


def test_what_is_no_mail_is_said_to_be_none(els: Browser) -> None:
    assert upload(els, b"PK\x03\x04 a workbook").status == 422


def test_the_desk_reads_known_answers_and_a_manager_writes_them(els: Browser) -> None:
    assert "vuilniszakken" in els.get("/office/intake/known").text
    assert els.get("/office/intake/known/bags").status == 403

    wim = Browser().sign_in(Role.MANAGER)
    wim.get("/office/intake/known/new")
    fields = {"question.nl": "Wanneer open?", "question.fr": "Ouvert quand ?", "question.en": "Open when?"}
    answers = {"answer.nl": "Van 9 tot 12.", "answer.fr": "De 9 à 12 h.", "answer.en": "9 to 12."}
    assert wim.submit(fields).status == 422
    assert "Wanneer open?" in wim.submit({**fields, **answers}).text
    wim.get("/office/intake/known/bags")
    assert "vuilniszakken" not in wim.submit(None, "Weghalen").text
    assert set(known_table.every()) != {"bags"}


def test_of_two_who_change_an_answer_the_second_sees_that_it_changed() -> None:
    one, other = (Browser().sign_in(Role.MANAGER) for _ in range(2))
    for browser in (one, other):
        browser.get("/office/intake/known/bags")

    one.submit({"answer.nl": "In het stadhuis."})
    assert other.submit({"answer.nl": "Nergens."}).status == 409
    assert known_table.every()["bags"].answer["nl"] == "In het stadhuis."


def upload(browser: Browser, content: bytes) -> Shown:
    browser.get("/office/intake")
    return send_file(browser, "/office/intake/mail", "mail", content)


def send_file(browser: Browser, path: str, name: str, content: bytes) -> Shown:
    """By the last form of the page that is shown."""
    assert browser.shown
    form = next(one for one in browser.shown.page.forms if one.action.endswith(path))
    body = b"".join(
        f'--kaprijke\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
        for field, value in form.fields
        if field != name
    )
    body += f'--kaprijke\r\nContent-Disposition: form-data; name="{name}"; filename="x"\r\n\r\n'.encode()
    kind = {"Content-Type": "multipart/form-data; boundary=kaprijke"}
    return browser._request("POST", path, body + content + b"\r\n--kaprijke--\r\n", kind)


# Mails that came


@pytest.fixture
def at_s3(els: Browser) -> Iterator[dict[str, bytes]]:
    """The bucket of mails, as far as it is asked."""
    kept: dict[str, bytes] = {}
    with mock.patch.object(arrived, "get", kept.get), mock.patch.dict(os.environ, {"MAIL_DOMAIN": DOMAIN}):
        yield kept


def come(at_s3: dict[str, bytes], name: str, raw: bytes) -> None:
    at_s3[name] = raw
    DO[MailKind.ARRIVED](Message(MailKind.ARRIVED, name))


def test_a_mail_that_came_is_a_case_however_often_the_queue_says_so(at_s3: dict[str, bytes]) -> None:
    for _ in range(3):
        come(at_s3, "mails/1", mail())

    (entry,) = cases.inbox("office")
    assert entry.way is Way.MAIL
    assert arrivals.left().mails == []


def test_a_mail_that_became_nothing_waits_for_the_desk_and_a_machines_does_not(
    els: Browser, at_s3: dict[str, bytes]
) -> None:
    come(at_s3, "mails/1", mail(to=f"parking@{DOMAIN}"))
    come(at_s3, "mails/2", mail(Auto_Submitted="auto-replied"))
    come(at_s3, "mails/3", b"")

    shown = els.get("/office/intake/mails")
    assert shown.text.count("Geen van de adressen") == 2
    links = [path for path in shown.page.links.values() if "/mails/" in path]
    filled = els.get(els._absolute(links[-1]))
    assert WORDS in filled.html or filled.status == 422
    els.get("/office/intake/mails")
    assert els.submit(None, "Haal van de lijst").text.count("Geen van de adressen") == 1
    assert els.get("/office/intake/mails/nothing").status == 404


def test_the_mail_of_a_case_is_answered_to_its_address_and_has_no_other_header(at_s3: dict[str, bytes]) -> None:
    case = sending.send(report(), NOW).case
    by = Sending("kamp@kaprijke.example", NOW)
    sent = mail_of(case, cases.history(case)[0], by)

    assert sent["Reply-To"] == addresses.reply_address(case.case_id, DOMAIN)
    assert sent["Auto-Submitted"] == "auto-generated", "so that no machine answers it"
    assert sent["X-Auto-Response-Suppress"] == "OOF, AutoReply", "nor Exchange"
    assert sender_of(read(sent.as_bytes()), DOMAIN) is Sender.MACHINE, "nor we, should it come back"
    with mock.patch.dict(os.environ, {"MAIL_DOMAIN": ""}):
        assert mail_of(case, cases.history(case)[0], by)["Reply-To"] is None


# Files


def with_file(to: str = f"complaint@{DOMAIN}") -> bytes:
    head = HEAD.replace(f"complaint@{DOMAIN}".encode(), to.encode())
    return head + parts("a", part("text/plain", b"Zie bijlage."), attached("brief.pdf", PDF), attached("x.exe", b"MZ"))


@contextmanager
def sent_mails() -> Iterator[list[str]]:
    """The text of each mail about a case."""
    sent: list[str] = []

    def take(kind: MailKind, mail: EmailMessage, to: str, tags: object) -> None:
        text = mail.get_body(("plain",))
        assert text
        sent.append(" ".join(f"{mail['Subject']} {text.get_content()}".split()))

    with mock.patch.object(of_cases, "post", take):
        yield sent


def changed(case: Case) -> None:
    """What is done behind the stream."""
    DO[MailKind.CASE](Message(MailKind.CASE, case.case_id))


def now_of(case: Case) -> Case:
    found = cases.get(case.case_id)
    assert found
    return found


def test_what_hangs_on_a_mail_that_was_left_comes_into_the_case_that_the_desk_makes(
    els: Browser, at_s3: dict[str, bytes], photos: None, accesses: list[dict[str, Any]]
) -> None:
    come(at_s3, "mails/1", with_file(f"parking@{DOMAIN}"))
    shown = els.get("/office/intake/mails")
    (link,) = [path for path in shown.page.links.values() if "/mails/" in path]
    accesses.clear()
    shown = els.get(els._absolute(link))
    assert "De bijlagen komen mee in het dossier." in shown.text
    assert [(line["route"], len(line["cases"]), len(line["families"])) for line in accesses] == [
        ("GET /office/intake/mails/{left_id}", 1, 1)
    ]

    els.submit({"form_id": "complaint"}, LOOK)
    with sent_mails() as sent:
        case = stored(els.submit(None, STORE))
        changed(case)
    assert [one.name for one in of_case(case.case_id)[0].kept] == ["brief.pdf"]
    assert len(in_bucket()) == 1
    assert arrivals.left().mails == []
    assert "1 × een programma" in sent[0]
    assert "x.exe" not in sent[0]


def test_what_hangs_on_a_mail_that_was_handed_in_comes_into_the_case(
    els: Browser, at_s3: dict[str, bytes], photos: None
) -> None:
    upload(els, with_file())
    els.submit({"form_id": "complaint"}, LOOK)
    case = stored(els.submit(None, STORE))
    with sent_mails():
        changed(case)

    assert [one.name for one in of_case(case.case_id)[0].kept] == ["brief.pdf"]
    assert f"files/{case.case_id}" in " ".join(in_bucket())


def test_a_reply_of_which_a_file_is_not_kept_is_told_and_another_is_not(at_s3: dict[str, bytes], photos: None) -> None:
    case = sending.send(report(), NOW).case
    to = addresses.reply_address(case.case_id, DOMAIN)
    with sent_mails() as sent:
        for number, raw in enumerate([mail("Nog iets.", to=to), with_file(to), with_file(to)]):
            come(at_s3, f"mails/{number}", raw)
            changed(case)

    assert ["We konden niet al je bestanden bewaren" in one for one in sent] == [False, True]


def test_who_writes_into_a_case_from_another_address_is_not_taken_for_its_citizen(at_s3: dict[str, bytes]) -> None:
    """An ex-partner, to whom a mail of it was forwarded: nothing is lost, and everybody sees what is known of it."""
    case = sending.send(report(), NOW).case
    to = addresses.reply_address(case.case_id, DOMAIN)
    come(at_s3, "mails/1", mail("Het is opgelost, sluit maar.", to=to, sender="Ex <ex@example.net>"))

    nadia = Browser("nl").sign_in(Role.HANDLER, name="Nadia Baert", email=NADIA.email)
    assert "Ex <ex@example.net>" in nadia.get(f"/office/cases/{case.case_id}").text
    own = Browser("nl").get(f"/cases/{case.receipt}?secret={case.secret}").text
    assert "We weten niet zeker dat het van jou is." in own
    assert "ex@example.net" not in own
    assert now_of(case).status is CaseStatus.RECEIVED


def test_a_letter_has_its_scan_which_its_unit_alone_can_open(
    els: Browser, photos: None, accesses: list[dict[str, Any]]
) -> None:
    els.submit({"words": "Klacht over de stoep", "form_id": "complaint", "way": "post"}, LOOK)
    case = stored(els.submit({"contact.address": "Veld 1, Kaprijke"}, STORE))
    wrong = send_file(els, "/office/intake/scan", "scan", b"MZ")
    assert (wrong.status, case.receipt in wrong.text, "geen PDF" in wrong.text) == (422, True, True)
    large = send_file(els, "/office/intake/scan", "scan", PDF + b"0" * 4_000_000)
    assert (large.status, "hoogstens 4 MB" in large.text) == (422, True)
    for _ in range(2):
        assert "De scan wordt bewaard" in send_file(els, "/office/intake/scan", "scan", PDF).text

    assert (now_of(case).files, len(in_bucket())) == (1, 1)
    els.shown = None
    koen = Browser("nl").sign_in(Role.HANDLER, name="Koen De Smet", email=KOEN.email)
    shown = koen.get(f"/office/cases/{case.case_id}")
    assert "scan-1.pdf" in shown.text
    accesses.clear()
    answer = koen.get(f"/office/cases/{case.case_id}/files/1")
    assert "response-content-disposition=attachment" in answer.headers["Location"]
    assert [line["route"] for line in accesses] == ["GET /office/cases/{case_id}/files/{number}"]
    assert koen.get(f"/office/cases/{case.case_id}/files/2").status == 404
    nadia = Browser("nl").sign_in(Role.HANDLER, name="Nadia Baert", email=NADIA.email)
    assert nadia.get(f"/office/cases/{case.case_id}/files/1").status == 404
    assert els.get(f"/office/cases/{case.case_id}/files/1").status == 403
    own = Browser("nl").get(f"/cases/{case.receipt}?secret={case.secret}")
    assert "Er kwam 1 bestand mee." in own.text


def test_whoever_has_no_receipt_adds_no_scan(els: Browser, photos: None) -> None:
    els.submit({"words": "Klacht over de stoep", "form_id": "complaint", "way": "post"}, LOOK)
    case = stored(els.submit({"contact.address": "Veld 1, Kaprijke"}, STORE))
    assert els.shown
    els.shown = replace(els.shown, body=els.shown.html.replace(case.secret, "ACDEFGHJKMNPRTVW").encode())

    assert send_file(els, "/office/intake/scan", "scan", PDF).status == 404
    assert now_of(case).files == 0


@pytest.mark.parametrize("answer", ["Bel \x07 ons.", "a" * 1001])
def test_an_answer_that_cannot_be_kept_is_refused_with_its_field_and_stays(els: Browser, answer: str) -> None:
    els.submit({"words": "Een vraag over afval", "form_id": "ask"}, LOOK)
    shown = els.submit({"answer": answer}, STORE)

    assert shown.status == 422
    assert "hoogstens 1000 tekens" in shown.text
    assert "#f-answer" in shown.html
    assert dict(shown.page.forms[-2].fields)["answer"] == answer
    assert list(cases.inbox("office")) == []
