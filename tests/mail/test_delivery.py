"""From the queue to the mails: what comes twice, and what fails."""

import pytest

from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import Registration, registration_id
from chalicelib.mail import delivery
from chalicelib.mail.rules import NAMES, MailKind
from chalicelib.seats import table as seats
from chalicelib.seats.rules import Claim
from tests.mail.conftest import DIALLO, NOW, PEETERS, City, crash

LOTTE, WOUT = PEETERS.children


def test_something_is_done_for_each_kind_of_message():
    assert set(delivery.DO) == set(MailKind) - NAMES


def test_a_message_that_comes_again_sends_nothing(city: City):
    city.register(PEETERS, city.publish())
    city.outbox()
    queued = city.queued()
    assert city.deliver(queued + queued) == []
    assert city.deliver(queued) == []
    assert len(city.mailbox) == 1


def test_the_whole_stream_again_sends_nothing(city: City):
    session = city.publish(capacity=2)
    made = city.register(PEETERS, session).registration
    waits = city.register(DIALLO, session).registration
    city.run()
    city.cancel(PEETERS, made.registration_id)
    city.cancel(DIALLO, waits.registration_id)
    city.run()
    before = len(city.mailbox)
    assert before == 4
    city.place_in_stream = None
    mails = city.run()
    assert [mail["Subject"] for mail in mails if "pas" not in mail["Subject"]] == []  # the two passes of the fixture


def test_a_crash_between_mail_and_mark_sends_it_again(city: City, monkeypatch: pytest.MonkeyPatch):
    """At least once: no order of the two could make it exactly once."""
    city.register(PEETERS, city.publish())
    city.outbox()
    queued = city.queued()
    with monkeypatch.context() as broken:
        broken.setattr(registrations, "mark_mailed", crash)
        assert city.deliver(queued) == [0]
    assert city.deliver(queued) == []
    first, second = city.mailbox
    assert first["Message-ID"] == second["Message-ID"]


def test_an_unreadable_message_holds_up_no_other(city: City):
    city.register(PEETERS, city.publish())
    city.outbox()
    assert city.deliver(["not JSON", *city.queued(), '{"kind": "granted", "id": "r", "session_id": "s"}']) == [0, 2]
    assert len(city.mailbox) == 1


def test_a_registration_whose_pass_is_gone_ends_in_the_dead_letters(city: City):
    session = city.publish()
    birth = {LOTTE.child_id: LOTTE.birth_date}
    lost = Registration(registration_id("nobody23456", "k"), session.session_id, (LOTTE.child_id,), "gone", NOW)
    assert registrations.begin(lost, "attempt") is None
    assert not seats.claim(Claim(session.session_id, lost.registration_id, birth, int(NOW.timestamp())))
    city.outbox()
    assert city.deliver(city.queued()) == [0]
