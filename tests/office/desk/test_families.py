"""A family at the desk: its number, its phone, what was said with it, and what became of its link."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chalicelib.mail import undelivered
from chalicelib.mail.rules import MailKind, Message
from chalicelib.office.desk import overview, search
from chalicelib.office.desk.overview import LinkState
from chalicelib.people.families import addressees, desk_numbers
from chalicelib.people.families import table as families
from chalicelib.people.staff.rules import Role
from chalicelib.rights import erasing, telling
from tests.camps import LOU, NOOR, family, post, published, request, signed_in
from tests.office.attendance.camp import DESK as CLERK
from tests.office.desk.counter import DESK, errors, find, register

pytestmark = pytest.mark.usefixtures("table")

FAMILY = "g2bxdsa4e9v"
LETTERS_TO = {"name": "Gezin El Amrani", "street": "Molenstraat 3", "town": "Kaprijke", "phone": "0470 12 34 56"}


def said(family_id: str, **more: object) -> int:
    sent = {"way": "phone", "text": "Waarom wachten we nog?", **more}
    return post(f"/api/staff/families/{family_id}/conversations", sent, DESK).status_code


def test_a_number_at_the_desk_is_short_and_each_slip_of_a_character_is_noticed():
    number = desk_numbers.number_of(FAMILY)

    assert len(number) == len("4W3K-PA9R")
    for place, character in enumerate(number):
        other = "4" if character != "4" else "7"
        assert character == "-" or not desk_numbers.is_number(number[:place] + other + number[place + 1 :])


@pytest.mark.parametrize("written", ["{0}", " {1} ", "{2}", "{3}"])
def test_a_number_leads_to_its_family_however_it_is_written(written):
    desk_numbers.give(FAMILY, 2_000_000_000)
    number = desk_numbers.number_of(FAMILY)
    ways = (number, number.lower(), number.replace("-", ""), number.replace("-", " "))

    assert desk_numbers.family_of(written.format(*ways)) == FAMILY


def test_two_families_never_share_a_number(monkeypatch):
    monkeypatch.setattr(desk_numbers, "number_of", lambda _: "4W3K-PA9R")

    assert (desk_numbers.give(FAMILY, 2_000_000_000), desk_numbers.give("h3cyets5f9w", 2_000_000_000)) == (True, False)
    assert desk_numbers.give(FAMILY, 2_000_000_000)


def test_the_number_of_an_older_letter_is_known_still():
    number = register(published(), NOOR, email=None).json_body["desk_number"]
    family_id = desk_numbers.family_of(number)
    assert family_id is not None

    again = register(published(title="Kookkamp"), NOOR, email=None, desk_number=family_id).json_body

    assert again["desk_number"] == number
    assert len(find(desk_number=family_id).json_body["registrations"]) == 2


def test_whom_letters_are_for_is_kept_told_and_erased():
    number = register(published(), NOOR, email=None, addressee=LETTERS_TO).json_body["desk_number"]
    family_id = desk_numbers.family_of(number)
    assert family_id is not None

    kept = telling.everything(family_id, datetime.now(UTC))
    assert kept.addressee is not None
    assert (vars(kept.addressee), kept.desk_number) == (LETTERS_TO, number)

    erasing.erase(family_id, datetime.now(UTC))
    assert list(families.partition(family_id)) == []
    assert desk_numbers.family_of(number) is None


def test_who_tells_a_new_phone_keeps_where_its_letters_go():
    number = register(published(), NOOR, email=None, addressee=LETTERS_TO).json_body["desk_number"]
    new = {"phone": "+380 67 123 4567"}

    register(published(title="Kookkamp"), NOOR, email=None, desk_number=number, addressee=new)

    assert vars(addressees.get(desk_numbers.family_of(number))) == {**LETTERS_TO, **new}


def test_of_a_family_with_mail_no_address_is_kept():
    register(published(), LOU, addressee=LETTERS_TO)

    (found,) = find(email="an.claeys@example.be").json_body["registrations"]
    kept = telling.everything(found["registration_id"][:11], datetime.now(UTC))
    assert (kept.addressee, kept.desk_number) == (None, None)


def test_what_is_no_phone_is_named():
    assert errors(register(published(), NOOR, email=None, addressee={"phone": "vraag het"})) == ["addressee.phone"]


def test_what_was_said_is_told_to_the_family_without_who_wrote_it_and_erased():
    claeys = family(LOU)
    claeys.register(published(), LOU)
    family_id = claeys.pass_.family_id

    assert said(family_id) == 204

    kept = telling.everything(family_id, datetime.now(UTC))
    assert [(one.way, one.text) for one in kept.conversations] == [("phone", "Waarom wachten we nog?")]
    assert "Tom De Wilde" not in str(kept)
    erasing.erase(family_id, datetime.now(UTC))
    assert list(families.partition(family_id)) == []


def test_a_family_that_waits_for_an_answer_stays_on_the_list_until_it_has_it():
    claeys = family(LOU)
    claeys.register(published(), LOU)

    assert said(claeys.pass_.family_id, waits_for_answer=True) == 204

    (one,) = request("GET", "/api/staff/work?kind=dissatisfied", headers=DESK).json_body["work"]
    assert (one["family_id"], one["municipality"]) == (claeys.pass_.family_id, "Kaprijke")
    assert post("/api/staff/work", {"work_id": one["work_id"], "edition": 0, "do": "done"}, DESK).status_code == 204
    assert request("GET", "/api/staff/work", headers=DESK).json_body["work"] == []
    (work,) = telling.everything(claeys.pass_.family_id, datetime.now(UTC)).work
    assert work.done_at is not None


def test_a_family_of_another_town_is_not_found():
    claeys = family(LOU)
    claeys.register(published(municipality="Zelzate"), LOU)
    published(title="Kookkamp")
    kaprijke = signed_in(Role.DESK, groups=["municipality:kaprijke"])

    path = f"/api/staff/families/{claeys.pass_.family_id}/conversations"
    assert post(path, {"way": "note", "text": "x"}, kaprijke).status_code == 404


def test_my_mail_never_came_has_an_answer():
    claeys, now = family(LOU).pass_, datetime.now(UTC)

    def state() -> LinkState:
        found = search.find(CLERK, "an.claeys@example.be", None, now).family
        assert found is not None  # with a pass, and no registration
        return overview.link_state(found, now)

    assert state() is LinkState.USED
    families.put(replace(claeys, namings={}))
    assert state() in (LinkState.SOON, LinkState.LATE)
    undelivered.keep(Message(MailKind.PASS, f"{claeys.family_id}/{claeys.pass_id}"), "MessageRejected", now)
    assert state() is LinkState.REFUSED
    families.mark_mailed(claeys.family_id, claeys.pass_id)
    assert state() is LinkState.SENT
