"""Somebody registers for a family: it joins the same order as everybody, gets the same mails, or a letter."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from chalicelib.booking.registrations import table as registrations
from chalicelib.city.ledger import table as ledger
from chalicelib.city.ledger.rules import BEFORE_ALL, LedgerAct
from chalicelib.mail import undelivered
from chalicelib.mail.rules import MailKind
from chalicelib.people.families import namings
from chalicelib.people.families import table as families
from chalicelib.people.families.identity import family_id
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.admission import draw_key, follow_key
from chalicelib.programme.sessions.rules import Session
from chalicelib.seats.rules import Channel
from chalicelib.seats.waiting_list import table as waiting_list
from tests.camps import JEF, LOU, NOOR, TOO_OLD, family, post, published, request
from tests.mail.conftest import City, city
from tests.office.desk.counter import (
    DESK,
    EMAIL,
    REASON,
    entries,
    errors,
    find,
    grant,
    register,
    reserve,
    seats_of,
    slug,
    typed,
)
from tests.programme.openings.plans import OPENS_AT, PASSES_UNTIL, SPREAD, published_opening

__all__ = ["city"]  # a fixture


def test_a_family_on_the_phone_is_registered(table):
    session = published()

    answer = register(session, LOU, JEF)

    assert answer.status_code == 201, answer.json_body
    registration = answer.json_body["registration_id"]
    assert answer.json_body["status"] == "confirmed"
    assert answer.json_body["child_ids"] == [LOU.child_id, JEF.child_id]
    assert (answer.json_body["letter"], answer.json_body["desk_number"]) == (None, None)
    assert seats_of(session).channels == {registration: Channel.DESK}


def test_it_is_in_the_ledger_with_who_and_why(table):
    session = published()

    registration = register(session, LOU, JEF).json_body["registration_id"]

    (entry,) = entries()
    assert entry.what is LedgerAct.DESK_REGISTRATION
    assert (entry.staff_name, entry.reason, entry.registration_id) == ("Tom De Wilde", REASON, registration)
    assert entry.details == {"children": 2, "outcome": "seats"}


def test_the_family_is_the_one_that_its_mail_address_says(table):
    session = published()
    an = family(LOU, email=EMAIL)

    registration = register(session, LOU, email=EMAIL.upper()).json_body["registration_id"]

    assert an.get(f"/api/registrations/{registration}").json_body["status"] == "confirmed"
    assert an.cancel(registration).status_code == 204


def test_a_bundle_that_the_session_could_never_seat_does_not_wait(table):
    session = published(capacity=1)
    family(NOOR, email="fatima@example.be").register(session, NOOR)

    assert slug(register(session, LOU, JEF)) == "sold-out"
    assert slug(register(session, LOU, waitlist=False)) == "sold-out"


def test_a_place_on_the_waiting_list_is_in_the_ledger_too(table):
    session = published(capacity=2)
    family(NOOR, email="fatima@example.be").register(session, NOOR)

    answer = register(session, LOU, JEF)

    assert (answer.json_body["status"], answer.json_body["waitlist_position"]) == ("waitlisted", 1)
    assert [entry.details for entry in entries()] == [{"children": 2, "outcome": "waiting-list"}]
    assert {place.child_id for place in waiting_list.places(session.session_id)} == {LOU.child_id, JEF.child_id}


def test_nobody_who_registers_at_the_desk_goes_before_those_who_wait(table):
    session = published(capacity=2)
    family(NOOR, email="fatima@example.be").register(session, NOOR)
    family(LOU, JEF, email="els@example.be").register(session, LOU, JEF)

    other = replace(LOU, first_name="Mila", child_id="mila234567")
    answer = register(session, other, email="tom@example.be")

    assert (answer.json_body["status"], answer.json_body["waitlist_position"]) == ("waitlisted", 2)


@pytest.mark.parametrize(
    ("children", "more", "expected"),
    [
        ((TOO_OLD,), {}, "not-eligible"),
        ((LOU, LOU), {}, "invalid"),
        ((LOU,), {"session_id": "2222222222"}, "not-found"),
        ((LOU,), {"postcode": "99"}, "invalid"),
        ((LOU,), {"language": "de"}, "invalid"),
        ((LOU,), {"email": "an"}, "invalid"),
        ((LOU,), {"children": []}, "invalid"),
        ((LOU,), {"mail": True}, "invalid"),
    ],
)
def test_what_a_family_could_not_do_by_itself_the_desk_cannot_either(table, children, more, expected):
    body = typed(*children, session_id=published().session_id) | more

    answer = post("/api/staff/registrations", body, {**DESK, "Idempotency-Key": "key"})

    assert slug(answer) == expected
    assert entries() == []
    assert registrations.of_family(family_id(EMAIL)) == []


@pytest.mark.parametrize("reason", ["", "   ", "\u00a0" * 30, "belde", "a" * 5000, None])
def test_without_a_reason_nothing_is_stored(table, reason):
    session = published()

    assert errors(register(session, reason=reason)) == ["reason"]
    assert seats_of(session).holders == {}
    assert families.of_family(family_id(EMAIL)) == []
    assert entries() == []


def test_the_same_key_registers_once(table):
    session = published()

    first, again = register(session, key="one"), register(session, key="one")

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json_body == first.json_body
    assert len(entries()) == 1
    assert len(families.of_family(family_id(EMAIL))) == 1


def test_a_key_is_asked_for(table):
    answer = post("/api/staff/registrations", typed(session_id=published().session_id), DESK)

    assert errors(answer) == ["Idempotency-Key"]


def test_a_try_that_broke_off_before_the_seat_is_completed_with_one_entry(table, monkeypatch):
    session = published()

    def breaks_off(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(ledger, "record", breaks_off)
    with pytest.raises(KeyboardInterrupt):
        register(session, key="one")
    monkeypatch.undo()

    assert register(session, key="one").json_body["status"] == "confirmed"
    assert len(entries()) == 1


def test_there_is_no_seat_without_its_entry(table, monkeypatch):
    session = published()
    register(published(title="Danskamp"))
    monkeypatch.setattr(ledger, "head", lambda: BEFORE_ALL)  # so that the number is taken at every try
    monkeypatch.setattr(ledger, "PAUSE", 0)

    assert register(session, JEF).status_code >= 500

    assert seats_of(session).holders == {}


# The order of an opening


def opened(**changed) -> Session:
    session = published(opens_at=None)
    published_opening(**changed)
    openings.forget()
    return session


def test_before_its_moment_the_family_is_as_early_as_everybody(table):
    session = opened()

    answer = register(session)

    assert slug(answer) == "too-early"
    assert families.of_family(family_id(EMAIL))[0].namings[LOU.child_id].family_id == family_id(EMAIL)
    assert entries()[1:] == []


def test_a_family_that_called_in_time_draws_with_everybody(table):
    session = opened()
    register(session)

    with time_machine.travel(OPENS_AT + SPREAD):
        openings.forget()
        registration = register(session).json_body["registration_id"]

    admission = registrations.get(registration).admission
    opening_id = openings.every()[0].opening_id
    assert admission.keys == (draw_key(opening_id, family_id(EMAIL)),)
    assert not admission.is_late
    assert entries()[-1].opening_id == opening_id


def test_a_family_that_calls_too_late_for_the_draw_comes_after_the_spread(table):
    session = opened()

    with time_machine.travel(PASSES_UNTIL + timedelta(minutes=1)):
        register(session)
    with time_machine.travel(OPENS_AT + SPREAD - timedelta(seconds=1)):
        openings.forget()
        early = register(session)
    with time_machine.travel(OPENS_AT + SPREAD):
        openings.forget()
        registration = register(session).json_body["registration_id"]

    assert slug(early) == "too-early"
    assert registrations.get(registration).admission.is_late


def test_a_child_that_another_family_named_comes_no_earlier_than_with_that_one(table):
    session = opened()
    other = family(LOU, email="papa@example.be")
    namings.name([LOU.child_id], other.pass_.family_id, datetime.now(UTC), 4_000_000_000)

    with time_machine.travel(OPENS_AT + SPREAD):
        openings.forget()
        registration = register(session).json_body["registration_id"]

    (opening,) = openings.every()
    follows = follow_key(opening, family_id(EMAIL), other.pass_.family_id)
    assert registrations.get(registration).admission.keys == (follows,)


def test_what_was_only_asked_for_in_a_familys_name_is_not_named_at_the_desk(table):
    """Somebody types the address of a family that is on its way to the desk, with other families' children."""
    session = opened()
    stranger = family(LOU, NOOR, email=EMAIL)
    families.put(replace(stranger.pass_, namings={}))

    with time_machine.travel(OPENS_AT + SPREAD):
        openings.forget()
        register(session)

    assert namings.namers(NOOR.child_id) == []
    assert [one.family_id for one in namings.namers(LOU.child_id)] == [family_id(EMAIL)]


def test_a_seat_that_others_hold_for_a_time_the_desk_gives_for_good(table):
    session = opened(hold_minutes=30)

    with time_machine.travel(OPENS_AT + SPREAD):
        openings.forget()
        answer = register(session)

    assert (answer.json_body["status"], answer.json_body["held_until"]) == ("confirmed", None)


# Mails and letters


def test_the_family_gets_the_same_mails(city: City):
    register(published())

    mails = city.run()

    assert {mail["To"] for mail in mails} == {EMAIL}
    assert sorted(mail["Subject"].partition(":")[0] for mail in mails) == [
        "Bevestigd",
        "Je pas om in te schrijven voor de kampen",
    ]


def test_a_family_without_a_mail_address_gets_a_letter(city: City):
    answer = register(published(), email=None, language="fr")

    assert answer.status_code == 201, answer.json_body
    letter, number = answer.json_body["letter"], answer.json_body["desk_number"]
    assert '<html lang="fr">' in letter
    for said in ("Lou", "Bouwkamp", answer.json_body["reference"], number):
        assert said in letter
    assert "automati" not in letter
    assert city.run() == []


def test_letters_are_kept_for_the_desk_to_print(city: City):
    registration = register(published(), email=None).json_body["registration_id"]

    assert city.run() == []

    (due,) = undelivered.every()
    assert (due.kind, due.id, due.reason) == (MailKind.CONFIRMED, registration, undelivered.TO_PRINT)


def test_a_record_whose_letter_is_to_be_printed_lives_on(city: City):
    registration = register(published(), email=None).json_body["registration_id"]

    city.run()

    item = registrations.RegistrationItem.get(f"F#{registration[:11]}", f"R#{registration[11:]}")
    assert item.expires is None


def test_a_letter_tells_of_a_place_on_the_waiting_list(table):
    session = published(capacity=1)
    family(NOOR, email="fatima@example.be").register(session, NOOR)

    answer = register(session, email=None)

    assert answer.json_body["status"] == "waitlisted"
    assert "Kaprijke" in answer.json_body["letter"]
    assert "mail" not in answer.json_body["letter"].partition("<body")[2]


def test_a_family_without_a_mail_address_is_the_same_one_by_its_number(table):
    session, other = published(), published(title="Danskamp")
    first = register(session, email=None).json_body

    second = register(other, JEF, email=None, desk_number=first["desk_number"]).json_body

    assert second["desk_number"] == first["desk_number"]
    assert second["registration_id"][:11] == first["registration_id"][:11]


def test_two_families_without_mail_addresses_are_two(table):
    session = published()

    one, other = register(session, email=None).json_body, register(session, NOOR, email=None).json_body

    assert one["desk_number"] != other["desk_number"]


def test_without_mail_address_too_the_same_key_is_the_same_family(table):
    session = published()

    first, again = register(session, email=None, key="one"), register(session, email=None, key="one")

    assert again.json_body == first.json_body
    assert again.status_code == 200


def test_who_is_too_early_and_has_no_mail_address_is_told_the_number(table):
    session = opened()

    answer = register(session, email=None)

    assert slug(answer) == "too-early"
    number = answer.json_body["desk_number"]
    with time_machine.travel(OPENS_AT + SPREAD):
        openings.forget()
        again = register(session, email=None, desk_number=number)
    assert again.json_body["desk_number"] == number
    assert not registrations.get(again.json_body["registration_id"]).admission.is_late


@pytest.mark.parametrize("number", ["23456789abc", "kort", "23456789ab1", ""])
def test_a_number_that_no_family_has_is_refused(table, number):
    assert errors(register(published(), email=None, desk_number=number)) == ["desk_number"]


def test_the_number_of_a_family_with_a_mail_address_is_none(table):
    an = family(LOU, email=EMAIL)

    assert errors(register(published(), email=None, desk_number=an.pass_.family_id)) == ["desk_number"]


def test_an_address_and_a_number_are_one_too_many(table):
    assert errors(register(published(), desk_number="23456789abc")) == ["desk_number"]


def test_a_grant_brings_a_letter_too(table):
    answer = grant(published(), email=None)

    assert answer.json_body["desk_number"] in answer.json_body["letter"]


# Looking up


def test_registrations_are_found_by_mail_address(table):
    session = published()
    registration = register(session, LOU, JEF).json_body

    (found,) = find(email=EMAIL).json_body["registrations"]

    assert found["registration_id"] == registration["registration_id"]
    assert found["status"] == "confirmed"
    assert [child["first_name"] for child in found["children"]] == ["Lou", "Jef"]
    assert (found["email"], found["language"]) == (EMAIL, "nl")


def test_registrations_are_found_by_the_number_of_a_family(table):
    answer = register(published(), email=None).json_body

    (found,) = find(desk_number=answer["desk_number"]).json_body["registrations"]

    assert found["registration_id"] == answer["registration_id"]
    assert found["email"] is None
    assert found["letter"] == answer["letter"]


@pytest.mark.parametrize("written", [str, str.lower, lambda text: text.replace("-", "%20")])
def test_registrations_are_found_by_reference_in_their_session(table, written):
    session = published(capacity=2)
    register(session, NOOR, email="fatima@example.be")
    waiting = register(session, LOU, JEF).json_body

    (found,) = find(reference=written(waiting["reference"]), session_id=session.session_id).json_body["registrations"]

    assert found["registration_id"] == waiting["registration_id"]
    assert found["status"] == "waitlisted"


def test_what_is_held_back_is_no_registration(table):
    session = published()
    reserve(session, 2)

    answer = find(reference="AAA-AAA-AAAA", session_id=session.session_id)

    assert answer.json_body == {"registrations": []}


def test_nobody_is_found_by_what_nobody_has(table):
    assert find(email="nobody@example.be").json_body == {"registrations": []}
    assert find(reference="AAA-AAA-AAAA", session_id="2222222222").json_body == {"registrations": []}


@pytest.mark.parametrize("query", [{}, {"reference": "AAA-AAA-AAAA"}, {"session_id": "2222222222"}, {"email": "an"}])
def test_a_search_says_by_what_it_searches(table, query):
    assert errors(find(**query)) == ["email"]


def test_only_the_desk_looks_families_up(table):
    assert request("GET", f"/api/staff/registrations?email={EMAIL}").status_code == 401
