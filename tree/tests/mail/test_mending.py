"""What broke off, or came in another order, is finished when a message about it comes."""

from typing import Any

from chalicelib.booking.registrations import register
from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import Registration, RegistrationStatus, registration_id
from chalicelib.people.families import tokens
from chalicelib.seats import table as seats
from chalicelib.seats.rules import Claim
from chalicelib.seats.waiting_list import table as waiting_list
from tests.mail.conftest import DIALLO, NOW, PEETERS, City, has_no_time_to_live, part, uid

LOTTE, WOUT = PEETERS.children


def test_a_place_of_a_child_that_has_a_seat_is_given_up(city: City):
    session = city.publish(capacity=1)
    seated = city.register(PEETERS, session, ["Lotte"]).registration
    waiting_list.join(session.session_id, [LOTTE.child_id], seated.registration_id)
    city.run()
    city.run()
    assert waiting_list.places(session.session_id) == []
    assert [uid(mail) for mail in city.mailbox if part(mail, "plain").startswith("Je inschrijving")] != []
    assert len(city.mailbox) == 1


def test_a_cancelled_registration_keeps_no_place(city: City):
    session = city.publish(capacity=1)
    seated = city.register(PEETERS, session, ["Lotte"]).registration
    city.run()
    city.cancel(PEETERS, seated.registration_id)
    waiting_list.join(session.session_id, [LOTTE.child_id], seated.registration_id)
    city.run()
    assert waiting_list.places(session.session_id) == []


def test_a_record_that_expired_under_its_seat_comes_back_and_its_mail_goes_out(city: City):
    session = city.publish()
    made = city.register(PEETERS, session).registration
    city.outbox()
    city.queued()  # and lost
    registrations.RegistrationItem(f"F#{made.family_id}", f"R#{made.registration_id[11:]}").delete()
    (mail,) = city.run()
    assert "Je inschrijving is bevestigd" in part(mail, "plain")
    kept = registrations.get(made.registration_id)
    assert set(kept.child_ids) == set(made.child_ids)
    assert kept.mailed == {"confirmed"}
    assert has_no_time_to_live(kept)


def test_a_record_lives_as_long_as_its_place_on_the_waiting_list_even_if_its_mail_never_goes(city: City):
    session = city.publish(capacity=1)
    city.register(PEETERS, session, ["Lotte"])
    waits = city.register(DIALLO, session).registration
    assert has_no_time_to_live(registrations.get(waits.registration_id))


def test_a_record_that_expired_under_its_place_comes_back_and_its_mail_goes_out(city: City):
    """It broke off between its place and the end of its time to live, and its mail was lost."""
    session = city.publish(capacity=1)
    city.register(PEETERS, session, ["Lotte"])
    waits = city.register(DIALLO, session).registration
    city.outbox()
    city.queued()  # and lost
    registrations.RegistrationItem(f"F#{waits.family_id}", f"R#{waits.registration_id[11:]}").delete()
    (mail,) = city.run()
    assert mail["Subject"].startswith("Sur la liste d’attente")
    kept = registrations.get(waits.registration_id)
    assert set(kept.child_ids) == set(waits.child_ids)
    assert has_no_time_to_live(kept)
    assert waiting_list.position(session.session_id, waits.child_ids, waits.registration_id) == 1


def test_a_try_that_broke_off_expires_without_a_word(city: City):
    session = city.publish()
    registrations.begin(Registration("peeters2345" + "4ghx7r2p", session.session_id, ("x",), PEETERS.pass_id, NOW), "a")
    registrations.RegistrationItem("F#peeters2345", "R#4ghx7r2p").delete()
    assert city.run() == []
    assert registrations.get("peeters2345" + "4ghx7r2p") is None


def test_a_seat_claimed_for_a_cancelled_record_is_given_back(city: City):
    session = city.publish()
    made = city.register(PEETERS, session).registration
    city.cancel(PEETERS, made.registration_id)
    city.run()
    births = {child.child_id: child.birth_date for child in PEETERS.children}
    seats.forget()
    assert not seats.claim(Claim(session.session_id, made.registration_id, births, int(NOW.timestamp())))
    assert city.run() == []
    now = seats.get([session.session_id])[session.session_id]
    assert (now.free, now.holders) == (20, {})
    assert city.run() == []  # the release is news too, and known already


def test_a_seat_without_a_record_is_given_back_and_no_other(city: City):
    session = city.publish()
    city.register(DIALLO, session)
    births = {child.child_id: child.birth_date for child in PEETERS.children}
    lost = registration_id(PEETERS.family_id, "key-1")
    assert not seats.claim(Claim(session.session_id, lost, births, int(NOW.timestamp())))
    assert [mail["To"] for mail in city.run()] == [DIALLO.email]
    now = seats.get([session.session_id])[session.session_id]
    assert (now.free, set(now.holders)) == (19, {DIALLO.children[0].child_id})


def test_a_place_on_the_list_without_a_record_is_given_up(city: City):
    session = city.publish()
    lost = registration_id(PEETERS.family_id, "key-1")
    waiting_list.join(session.session_id, [LOTTE.child_id], lost)
    assert city.run() == []
    assert waiting_list.places(session.session_id) == []
    assert city.run() == []


def test_a_cancellation_that_broke_off_is_finished(city: City):
    session = city.publish()
    made = city.register(PEETERS, session).registration
    city.run()
    seats.release(session.session_id, made.child_ids, made.registration_id)
    (mail,) = city.run()
    assert "geannuleerd" in part(mail, "plain")
    kept = registrations.get(made.registration_id)
    assert kept is not None
    assert kept.cancelled_at is not None


def test_a_cancellation_that_lets_a_retry_slip_in_wins(city: City):
    """Released, claimed anew by a retry, marked as cancelled: the family asked for the cancellation last."""
    session = city.publish()
    made = city.register(PEETERS, session).registration
    city.run()
    births = {child.child_id: child.birth_date for child in PEETERS.children}
    seats.release(session.session_id, made.child_ids, made.registration_id)
    assert not seats.claim(Claim(session.session_id, made.registration_id, births, int(NOW.timestamp())))
    city.outbox()
    queued = city.queued()
    assert city.deliver(sorted(queued, key=lambda one: one["kind"], reverse=True)) == []
    city.run()
    assert seats.get([session.session_id])[session.session_id].holders == {}
    (standing,) = [now for _, now in register.all_of(_bearer(), NOW)]
    assert standing.status is RegistrationStatus.CANCELLED


def _bearer() -> Any:
    return tokens.read(tokens.sign(PEETERS))


def test_leaving_the_list_that_broke_off_is_finished(city: City):
    session = city.publish(capacity=1)
    city.register(DIALLO, session)
    made = city.register(PEETERS, session, ["Lotte"]).registration
    city.run()
    waiting_list.leave(session.session_id, made.child_ids, made.registration_id)
    (mail,) = city.run()
    assert "niet meer op de wachtlijst" in part(mail, "plain")
    kept = registrations.get(made.registration_id)
    assert kept is not None
    assert kept.cancelled_at is not None
