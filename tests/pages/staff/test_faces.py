"""A municipality's own face: from a page for staff, onto the pages, mails and letters that are about its camps."""

from datetime import UTC, datetime

import pytest

from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import RegistrationStatus, Standing
from chalicelib.city.face import table as faces
from chalicelib.city.texts import table as texts
from chalicelib.core import memory
from chalicelib.mail.mails import RegistrationMail, Sending, confirmation
from chalicelib.office.desk.letters import letter_of
from chalicelib.people.staff.rules import Role
from chalicelib.programme.sessions import table as programme
from tests.camps import LOU, Family, family, published
from tests.city.face.pictures import png
from tests.mail.conftest import part
from tests.pages.frame.browsing import Browser, Shown, family_browser

pytestmark = pytest.mark.usefixtures("table")

BOUNDARY = "----kaprijke"
WHOLE = "/office/faces/all-municipalities"
ZELZATE = "/office/faces/zelzate"
COLOURS = {"bar": "#1b5e20", "action": "#6a1b9a"}
GREEN = {"name.fr": "Selzaete", "phone": "09 345 67 89", "mail": "sport@zelzate.example", **COLOURS}


@pytest.fixture
def els() -> Browser:
    return Browser("en").sign_in(Role.MANAGER)


@pytest.fixture(autouse=True)
def _programme(table) -> None:
    published(municipality="Kaprijke")


def lou_in_zelzate() -> tuple[Family, str]:
    own = family(LOU)
    camp = published(municipality="Zelzate", title="Zeekamp")
    return own, own.register(camp, LOU).json_body["registration_id"]


def save(browser: Browser, page: str, logo: bytes | None = None, **fields: str) -> Shown:
    """As a browser does: what was on the form, what was typed over it, and the file."""
    sent = dict(browser.get(page).page.forms[-1].fields) | fields
    sent.pop("logo", None)
    parts = [f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in sent.items()]
    body = "".join(parts).encode()
    if logo is not None:
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="logo"; filename="logo.png"\r\n\r\n'
        body += head.encode() + logo + b"\r\n"
    kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    return browser._request("POST", page, body + f"--{BOUNDARY}--\r\n".encode(), kind)


def test_what_is_saved_is_seen_on_the_familys_pages_and_nowhere_else(els):
    own, registration_id = lou_in_zelzate()

    shown = save(els, ZELZATE, png(400, 120), **GREEN)
    memory.forget_all()  # ten seconds later

    assert "contrast 7.8 to 1" in shown.text
    page = family_browser(own.token, "fr").get(f"/registrations/{registration_id}")
    for said in ("Selzaete", "09 345 67 89", "mailto:sport@zelzate.example", "-a6a1b9a-b1b5e20.", "/logos/"):
        assert said in page.html
    other = family_browser(own.token, "fr").get("/programme")
    for said in ("Selzaete", "09 345", "-b1b5e20.", "/logos/"):
        assert said not in other.html
    assert "Selzaete" in family_browser(own.token, "fr").get("/programme?municipality=Zelzate").html


def test_the_style_and_the_logo_are_loaded_once(els):
    lou_in_zelzate()
    logo = png(400, 120)
    html = save(els, ZELZATE, logo, **GREEN).html

    style = els.get("/assets/" + html.partition('href="../../assets/')[2].partition('"')[0])
    picture = els.get("/logos/" + html.partition('src="../../logos/')[2].partition('"')[0])

    assert "--city-bar: #1b5e20; --city-bar-ink: #ffffff;" in style.html
    assert style.headers["Cache-Control"].endswith("immutable")
    assert (picture.body, picture.headers["Content-Type"]) == (logo, "image/png")
    assert picture.headers["Cache-Control"].endswith("immutable")
    assert els.get(f"/logos/{'0' * 32}.png").status == els.get("/logos/logo.svg").status == 404


def test_mails_and_letters_carry_it(els):
    own, registration_id = lou_in_zelzate()
    save(els, ZELZATE, **GREEN)
    record = registrations.get(registration_id)
    session = programme.get(record.session_id)
    booking = RegistrationMail(record, session, own.pass_, "https://kamp.example/x")

    mail = confirmation(booking, Sending("kamp@example.be", datetime.now(UTC), texts.remembered(), faces.remembered()))
    letter = letter_of(record, Standing(RegistrationStatus.CONFIRMED), own.pass_, "txt")

    assert mail["From"].addresses[0].display_name == "Zelzate"
    html = part(mail, "html")
    assert "09 345 67 89" in html
    assert "#6a1b9a" in html
    assert "#0b4f8a" not in html
    assert "sport@zelzate.example" in letter


def test_a_colour_that_cannot_be_read_is_refused_with_one_that_can_and_nothing_is_lost(els):
    lou_in_zelzate()

    shown = save(els, ZELZATE, **{**GREEN, "action": "#ffdd00"})

    assert shown.status == 422
    assert "contrast of 1.1 to 1" in shown.text
    assert "#7e6d00" in shown.text
    assert 'value="09 345 67 89"' in shown.html
    assert faces.get("zelzate").number == 0
    assert save(els, ZELZATE, **{**GREEN, "action": "#7e6d00"}).status == 200


@pytest.mark.parametrize(
    ("logo", "words"),
    [
        (b"<svg><script>alert(1)</script></svg>", "An SVG can carry scripts."),
        (b"\x89PNG\r\n\x1a\n" + bytes(5_000_000), "This file has 5001 kB"),
        (b"GIF89a", "This is a GIF file."),
        (b"camps;days", "no picture that we know"),
    ],
)
def test_a_logo_that_is_none_is_refused_beside_its_field(els, logo, words):
    shown = save(els, WHOLE, logo)

    assert shown.status == 422
    assert words in shown.text
    assert 'id="f-logo-error"' in shown.html


def test_where_the_city_is_one_municipality_its_face_is_on_every_page(els):
    save(els, WHOLE, **{"name.nl": "Kaprijke", "name.fr": "Caprycke", "name.en": "Kaprijke", "phone": "09 376 76 76"})
    memory.forget_all()

    assert "Caprycke" in Browser("fr").get("/programme").html
    assert "09 376 76 76" in Browser("fr").get("/help").html
    assert els.get("/office/faces/kaprijke").status == 404
    assert "Els Maes" in els.get("/office/texts").text  # it is a version of the text, and can be brought back


def test_who_saw_another_version_replaces_nothing_unseen(els):
    lou_in_zelzate()
    version = dict(els.get(ZELZATE).page.forms[-1].fields)["version"]
    save(els, ZELZATE, **GREEN)

    shown = save(els, ZELZATE, **{"version": version, "phone": "09 000 00 00"})

    assert shown.status == 409
    assert faces.get("zelzate").phone == GREEN["phone"]
    assert 'value="09 000 00 00"' in shown.html


def test_who_works_for_one_municipality_changes_that_one_alone():
    lou_in_zelzate()
    anke = Browser("en").sign_in(Role.MANAGER, name="Anke", municipalities=["zelzate"])

    assert anke.get(ZELZATE).status == 200
    assert anke.get("/office/faces/kaprijke").status == 404
    assert anke.get(WHOLE).status == 403
    listed = anke.get("/office/faces")
    assert listed.status == 200
    assert "Zelzate" in listed.text
    assert "Kaprijke" not in listed.text


def test_a_municipality_with_two_names_has_a_page_of_its_own(els):
    published(municipality="Brussel/Bruxelles", title="Zeekamp")

    link = els.get("/office/faces").page.links["Brussel/Bruxelles"]
    shown = save(els, link[link.index("/office") :], **{"name.fr": "Ville de Bruxelles"})

    assert shown.status == 200
    assert faces.get("brussel/bruxelles").names["fr"] == "Ville de Bruxelles"
