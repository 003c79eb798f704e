"""Photos, places and reports as people see them, without a script."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from chalicelib.core import settings
from chalicelib.front_door.cases import acting, sending
from chalicelib.front_door.cases import table as cases
from chalicelib.front_door.cases.acting import Deed
from chalicelib.front_door.cases.rules import Act, Case, CaseStatus
from chalicelib.front_door.mapping import commands, files
from chalicelib.front_door.mapping import table as maps
from chalicelib.front_door.mapping.geometry import shape_of
from chalicelib.front_door.photos import keeping
from chalicelib.mail import of_cases
from chalicelib.mail.rules import MailKind, Message
from chalicelib.people.staff.rules import Role
from infra.city_map import example
from tests.front_door import city
from tests.front_door.city import NOW
from tests.front_door.photos.conftest import stored
from tests.front_door.photos.taken import BUSY, exif, jpeg
from tests.pages.frame.browsing import Browser

KEY, OTHER = "abcdefghjkmnpqrstuvwxyz2", "23456789abcdefghjkmnpqrs"
Arrive = Callable[[str, bytes], None]
PLACE = {"lat": "51.22050", "long": "3.61170"}


@pytest.fixture(autouse=True)
def _city(photos: None) -> Any:
    city.a_city()
    with time_machine.travel(NOW + timedelta(hours=1), tick=True):
        yield


@pytest.fixture
def mapped() -> None:
    border = shape_of(json.loads(example.BORDER.read_text()))
    maps.put(maps.CityMap(border, commands.streets_of(example.STREETS.read_text()), has_tiles=True))


def sent(key: str = "1", **changes: Any) -> Case:
    return sending.send(replace(city.report(key), **changes), NOW).case


def at_work() -> Browser:
    return Browser("en").sign_in(Role.HANDLER, email=city.NADIA.email)


def test_a_form_has_a_field_for_photos_and_its_policy_lets_it_use_it(mapped: None) -> None:
    shown = Browser("en").get("/forms/street")

    policy = shown.headers["Content-Security-Policy"]
    assert "Photos" in shown.text
    assert f"connect-src 'self' https://{settings.photos()}.s3.eu-west-1.amazonaws.com " in policy
    assert "script-src 'self';" in policy
    assert "geolocation=(self)" in shown.headers["Permissions-Policy"]
    assert "/map/city.pmtiles" in shown.html


def test_a_city_without_photos_or_map_has_the_rest_of_the_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAKES_PHOTOS", "no")
    monkeypatch.setenv("CITY_MAP", "")

    shown = Browser("en").get("/forms/street")

    assert "Where is it?" in shown.text
    assert "Photos" not in shown.text
    assert "amazonaws" not in shown.headers["Content-Security-Policy"]


def test_a_photo_goes_along_without_a_script(arrives: Arrive, mapped: None) -> None:
    """The page before the form uploads it; the bucket leads back."""
    browser = Browser("en")
    new = browser.get("/photos/new?form=street&photos=")
    (upload,) = new.page.forms
    fields = dict(upload.fields)
    assert f"form-action 'self' {upload.action.rstrip('/')}" in new.headers["Content-Security-Policy"]
    key = fields["key"].removeprefix("arriving/")
    assert f"/photos/{key}?form=street" in fields["success_action_redirect"]
    waiting = browser.get(f"/photos/{key}?form=street&photos=")
    assert "Look again" in waiting.page.links
    arrives(key, jpeg())

    back = browser.get(f"/photos/{key}?form=street&photos=")
    assert "The photo is added." in back.text
    browser.get(f"/forms/street?photos={key}")
    receipt = browser.submit({"answers.what": "Een gat", "address": "Veldstraat 3"}, button="Send")

    (entry,) = cases.inbox("streets")
    case = cases.get(entry.case_id)
    assert case
    assert (case.photos, case.place and case.place.is_located) == ((key,), True)
    assert case.receipt in receipt.text


def test_why_a_photo_was_refused_is_said_and_the_form_goes_on_without_it(arrives: Arrive) -> None:
    arrives(KEY, b"%PDF-1.7")

    seen = Browser("fr").get(f"/photos/{KEY}?form=street&photos={OTHER}")

    assert "Ce n’est pas une photo" in seen.text
    assert [href for href in seen.page.links.values() if f"photos={OTHER}" in href]
    assert not [href for href in seen.page.links.values() if KEY in href]


def test_a_place_outside_the_city_is_named_beside_its_field(mapped: None) -> None:
    browser = Browser("en")
    browser.get("/forms/street")

    shown = browser.submit({"answers.what": "Een gat", "lat": "51.0543", "long": "3.7174"}, button="Send")

    assert shown.status == 422
    assert "This place is not in our city." in shown.text


@pytest.mark.parametrize("path", ["/photos/x", f"/photos/{KEY}/small.jpg", "/map/x.js"])
def test_what_is_not_there_is_not_found(path: str, mapped: None) -> None:
    assert Browser("en").get(path).status == 404


def test_the_map_comes_through_us_and_its_tiles_from_the_bucket(mapped: None) -> None:
    import gzip

    import boto3

    location = {"LocationConstraint": "eu-west-1"}
    boto3.client("s3").create_bucket(Bucket=settings.city_map(), CreateBucketConfiguration=location)
    boto3.client("s3").put_object(Bucket=settings.city_map(), Key=files.PMTILES, Body=gzip.compress(b"var pmtiles"))
    files.client.cache_clear()
    browser = Browser("en")

    script = browser.get(f"/map/{files.PMTILES}")
    tiles = browser.get(f"/map/{files.TILES}")

    assert (script.status, script.headers["Content-Encoding"]) == (200, "gzip")
    assert script.headers["Cache-Control"].endswith("immutable")
    assert tiles.status == 302
    assert tiles.headers["Location"].startswith(
        f"https://{settings.city_map()}.s3.eu-west-1.amazonaws.com/city.pmtiles?"
    )
    assert browser.get(f"/map/{files.MAPLIBRE}").status == 404


def test_a_report_is_seen_by_everybody_once_staff_let_it_with_their_words_alone(arrives: Arrive, mapped: None) -> None:
    arrives(KEY, jpeg(told=exif(lat=BUSY[0], long=BUSY[1])))
    arrives(OTHER, jpeg())
    case = sent(photos=(KEY, OTHER))
    keeping.keep(case.photos, case.received_at, NOW)
    assert "There are none." in Browser("en").get("/reports").text
    staff = at_work()
    staff.get(f"/office/cases/{case.case_id}/public")

    saved = staff.submit({"text": "Losse tegel", "photos": [OTHER]}, button="Show it to everybody")

    seen = Browser("en").get("/reports")
    (feature,) = json.loads(Browser("en").get("/reports.geojson").html)["features"]
    assert "Saved." in saved.text
    assert "Losse tegel" in seen.text
    for secret in ("An Claeys", "an.claeys", "Een losse stoeptegel", case.case_id, case.receipt, KEY, OTHER, "Veld 1"):
        assert secret not in seen.html
        assert secret not in json.dumps(feature)
    assert feature["geometry"]["coordinates"] == [3.6117, 51.2205]
    assert feature["properties"]["stage"] == "open"
    assert len(feature["properties"]["photos"]) == 1
    report_id = feature["id"]
    assert Browser("en").get(f"/reports/{report_id}/photos/1").headers["Content-Type"] == "image/jpeg"
    for path in (f"/reports/{report_id}/photos/2", f"/reports/{report_id}/photos/0", f"/reports/{report_id}x/photos/1"):
        assert Browser("en").get(path).status == 404

    staff.get(f"/office/cases/{case.case_id}/public")
    staff.submit({}, button="Show it no more")
    assert Browser("en").get(f"/reports/{report_id}/photos/1").status == 404
    assert "There are none." in Browser("en").get("/reports").text


def test_the_public_list_follows_the_case(mapped: None) -> None:
    case = sent()
    staff = at_work()
    staff.get(f"/office/cases/{case.case_id}/public")
    staff.submit({"text": ""}, button="Show it to everybody")
    shown = cases.get(case.case_id)
    assert shown

    acting.change(shown, Deed(Act.ANSWERED, acting.actor(city.NADIA), NOW, CaseStatus.ANSWERED, text="Gedaan."))
    of_cases.changed(Message(MailKind.CASE, case.case_id))

    assert "Done" in Browser("en").get("/reports?stage=done").text
    assert "There are none." in Browser("en").get("/reports?stage=open").text


def test_what_is_no_report_or_confidential_is_shown_to_nobody() -> None:
    complaint = sending.send(city.complaint(), NOW).case
    staff = Browser("en").sign_in(Role.HANDLER, email=city.KOEN.email)

    page = staff.get(f"/office/cases/{complaint.case_id}/public")

    assert "Only reports are shown to everybody" in page.text
    assert not [form for form in page.page.forms if "Show it to everybody" in form.buttons]


def test_two_colleagues_at_once_do_not_show_what_the_other_hid() -> None:
    case = sent()
    first, second = at_work(), at_work()
    for staff in (first, second):
        staff.get(f"/office/cases/{case.case_id}/public")
    first.submit({"text": ""}, button="Show it to everybody")

    late = second.submit({"text": "Iets"}, button="Show it to everybody")

    assert late.status == 409


def test_the_case_says_which_of_its_photos_are_not_there(arrives: Arrive) -> None:
    """Given a photo, one that nobody ever uploaded, and one that is refused after the case took it."""
    arrives(KEY, jpeg())
    third = KEY[::-1]
    case = sent(photos=(KEY, OTHER, third))
    arrives(third, b"%PDF-1.7")

    with time_machine.travel(NOW + timedelta(minutes=5)):
        assert "Photo 2 is on its way." in at_work().get(f"/office/cases/{case.case_id}").text
    staff = at_work()
    shown = staff.get(f"/office/cases/{case.case_id}")

    assert "Photo 1" in shown.page.links
    assert "Photo 2 did not arrive, or was lost." in shown.text
    assert "Photo 3 could not be used" in shown.text
    offered = staff.get(f"/office/cases/{case.case_id}/public").html
    assert [n for n in (1, 2, 3) if f"/photos/{n}" in offered] == [1]


def test_photos_of_a_case_are_for_its_unit(arrives: Arrive) -> None:
    arrives(KEY, jpeg())
    case = sent(photos=(KEY,))
    path = f"/office/cases/{case.case_id}/photos/1"

    assert at_work().get(path).headers["Content-Type"] == "image/jpeg"
    assert at_work().get(path.replace("photos/1", "photos/2")).status == 404
    stranger = Browser("en").sign_in(Role.HANDLER, email=city.KOEN.email)
    assert stranger.get(path).status == 404
    assert f"loose/{KEY}.large.jpg" in stored()
