"""What families are told about their registrations, once, as they stand."""

from dataclasses import replace
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from icalendar import Calendar

from chalicelib.booking.offers import links
from chalicelib.booking.registrations import moving, register
from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.moving import Transfer
from chalicelib.booking.registrations.rules import Registration, RegistrationStatus, reference, registration_id
from chalicelib.city.texts import table as texts
from chalicelib.city.texts.rules import KEYS, TextVersion
from chalicelib.core import memory, table
from chalicelib.core.http.problems import Problem
from chalicelib.mail import quota
from chalicelib.mail.rules import MailKind
from chalicelib.money.orders import table as orders
from chalicelib.money.tariffs import table as tariffs
from chalicelib.money.tariffs.document import NotATariff
from chalicelib.people.families import table as families
from chalicelib.people.families import tokens
from chalicelib.people.families.rules import Pass
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.sessions.rules import Session
from chalicelib.seats import table as seats
from chalicelib.seats.rules import Claim
from chalicelib.seats.waiting_list import table as waiting_list
from tests.booking.answers.asking import asks
from tests.mail.conftest import DIALLO, NOW, PEETERS, City, crash, has_no_time_to_live, message, part, uid
from tests.money.payees.given import pays_to

LOTTE, WOUT = PEETERS.children


def the_desk_seats(family: Pass, session: Session, names: list[str], key: str) -> str:
    """Out of order, by a registration of its own; whoever waits is passed over."""
    births = {child.child_id: child.birth_date for child in family.children if child.first_name in names}
    new = Registration(registration_id(family.family_id, key), session.session_id, tuple(births), family.pass_id, NOW)
    registrations.begin(new, "attempt")
    claim = Claim(session.session_id, new.registration_id, births, int(NOW.timestamp()), from_list=True)
    assert seats.claim(claim) is None
    return new.registration_id


def test_the_link_of_a_confirmation_is_for_this_registration_alone(city: City):
    made = city.register(PEETERS, city.publish()).registration
    (mail,) = city.run()
    link = next(line for line in part(mail, "plain").splitlines() if line.startswith("https://"))
    url = urlsplit(link)
    assert url[:3] == ("https", "kamp.kaprijke.example", f"/registrations/{made.registration_id}")
    token = parse_qs(url.query)["link"][0]
    assert links.read(token) == links.Link(made.registration_id, PEETERS.pass_id)
    with pytest.raises(Problem):
        tokens.read(token)
    assert len(link) < 200


def test_a_tariff_that_cannot_be_read_keeps_no_confirmation_back(city: City):
    pays_to()
    made = city.register(PEETERS, city.publish()).registration

    with patch.object(tariffs, "in_force", side_effect=NotATariff({})):
        (mail,) = city.run()

    assert mail["To"] == PEETERS.email
    later = city.queued()
    assert later == [{"kind": "account", "id": PEETERS.family_id}]
    assert city.deliver(later) == []
    assert [one.order_id for one in orders.of_family(PEETERS.family_id)] == [made.registration_id]


def test_a_confirmed_registration_of_siblings_is_one_mail(city: City):
    made = city.register(PEETERS, city.publish()).registration
    (mail,) = city.run()
    assert mail["To"] == PEETERS.email
    for kind in ("plain", "html"):
        text = part(mail, kind)
        assert reference(made.registration_id) in text
        assert "Lotte en Wout" in text
        assert "maandag 19 augustus tot en met woensdag 21 augustus 2019" in text
    kept = registrations.get(made.registration_id)
    assert kept is not None
    assert kept.mailed == {"confirmed"}
    assert has_no_time_to_live(kept)


def test_the_waiting_list_says_the_place(city: City):
    session = city.publish(capacity=2)
    city.register(PEETERS, session)
    city.run()
    city.register(DIALLO, session)
    (mail,) = city.run()
    assert mail["To"] == DIALLO.email
    assert "Votre numéro sur la liste d’attente\u00a0: 1" in part(mail, "plain")
    assert not list(mail.iter_attachments())


def test_a_cancellation_is_confirmed_and_changes_the_same_calendar_entry(city: City):
    made = city.register(PEETERS, city.publish()).registration
    (confirmed,) = city.run()
    city.cancel(PEETERS, made.registration_id)
    (cancelled,) = city.run()
    assert "geannuleerd" in part(cancelled, "plain")
    assert uid(cancelled) == uid(confirmed)


def test_a_second_camp_on_the_same_days_is_given_back_and_the_mail_says_why(city: City):
    """Two containers confirmed both."""
    first = city.register(PEETERS, city.publish(), ["Lotte"]).registration
    memory.forget_all()
    second = city.register(PEETERS, city.publish(title="Kookkamp"), ["Lotte"], "key-2").registration

    mails = [*city.run(), *city.run()]

    assert [mail["Subject"].split(":")[0] for mail in mails] == ["Bevestigd", "Geannuleerd"]
    assert "Lotte zou op dezelfde dagen in twee kampen zitten" in part(mails[1], "plain")
    assert reference(second.registration_id) in part(mails[1], "plain")
    seated = seats.get([first.session_id, second.session_id])
    assert {one.session_id: list(one.holders.values()) for one in seated.values()} == {
        first.session_id: [first.registration_id],
        second.session_id: [],
    }
    assert registrations.get(second.registration_id).gave_way_to == first.registration_id


def test_nobody_holds_seats_of_two_camps_on_the_same_days(city: City):
    """A stranger's ten children hold ten seats of one camp, not of every camp of the summer."""
    made = []
    for title in ("Bouwkamp", "Kookkamp"):
        session = city.publish(title=title)
        asks(session)
        made.append(city.register(PEETERS, session, ["Lotte"], f"key-{title}").registration)

    with time_machine.travel(NOW, tick=False):
        mails = [*city.run(), *city.run()]

    assert "Lotte zou op dezelfde dagen in twee kampen zitten" in part(mails[-1], "plain")
    seated = seats.get([one.session_id for one in made])
    assert [len(seated[one.session_id].holders) for one in made] == [1, 0]
    assert registrations.get(made[1].registration_id).gave_way_to == made[0].registration_id


def test_leaving_the_waiting_list_is_confirmed_once_for_siblings(city: City):
    session = city.publish(capacity=2)
    city.register(DIALLO, session)
    made = city.register(PEETERS, session).registration
    city.run()
    city.cancel(PEETERS, made.registration_id)
    (mail,) = city.run()
    assert mail["To"] == PEETERS.email
    assert "niet meer op de wachtlijst" in part(mail, "plain")


def test_siblings_who_wait_get_one_mail_though_the_stream_shows_them_apart(city: City, monkeypatch: pytest.MonkeyPatch):
    """Two containers had a message each, and both found no mark."""
    session = city.publish(capacity=2)
    city.register(DIALLO, session)
    city.run()
    waits = city.register(PEETERS, session).registration
    city.outbox()
    (waitlisted,) = [one for one in city.queued() if one["kind"] == "waitlisted"]
    assert city.deliver([waitlisted]) == []
    city.cancel(PEETERS, waits.registration_id)
    city.outbox()
    left = next(one for one in city.queued() if one["kind"] == "left")

    def meanwhile(*_: Any) -> None:
        monkeypatch.undo()
        assert city.deliver([left]) == []  # the other's, while SES has ours

    monkeypatch.setattr(quota, "leave_room", meanwhile)
    assert city.deliver([left]) == []

    subjects = [mail["Subject"].split(":")[0] for mail in city.mailbox if mail["To"] == PEETERS.email]
    assert subjects == ["Op de wachtlijst", "Niet meer op de wachtlijst"]
    assert {"left"} <= registrations.get(waits.registration_id).mailed


def test_a_child_that_gets_a_seat_leaves_the_list_without_a_mail_about_it(city: City):
    session = city.publish(capacity=1)
    first = city.register(DIALLO, session).registration
    waits = city.register(PEETERS, session, ["Lotte"], key="key-1")
    assert waits.standing.status is RegistrationStatus.WAITLISTED
    city.run()
    city.cancel(DIALLO, first.registration_id)
    the_desk_seats(PEETERS, session, ["Lotte"], "key-2")
    assert {mail["To"] for mail in city.run()} == {PEETERS.email, DIALLO.email}
    assert waiting_list.places(session.session_id) == []
    assert city.run() == []  # `left`, which is no news
    kept = registrations.get(waits.registration.registration_id)
    assert kept is not None
    assert kept.cancelled_at is not None


def test_siblings_wait_together_or_not_at_all_and_are_told(city: City):
    session = city.publish(capacity=2)
    first = city.register(DIALLO, session).registration
    city.register(PEETERS, session)
    city.run()
    city.cancel(DIALLO, first.registration_id)
    the_desk_seats(PEETERS, session, ["Lotte"], "key-2")
    city.run()
    (mail,) = city.run()
    assert "Lotte en Wout" in part(mail, "plain")
    assert "niet meer op de wachtlijst" in part(mail, "plain")
    assert waiting_list.places(session.session_id) == []


def test_a_parent_is_told_when_the_other_one_got_the_seat(city: City):
    session = city.publish(capacity=1)
    first = city.register(DIALLO, session).registration
    waits = city.register(PEETERS, session, ["Lotte"]).registration
    city.run()
    city.cancel(DIALLO, first.registration_id)
    father = replace(PEETERS, pass_id="pass-father2", family_id="father23456", email="papa@example.be")
    families.put(father)
    the_desk_seats(father, session, ["Lotte"], "key-1")
    city.run()
    (mail,) = city.run()
    assert mail["To"] == PEETERS.email
    assert "niet meer op de wachtlijst" in part(mail, "plain")
    assert registrations.get(waits.registration_id).cancelled_at is not None


def test_a_waiting_place_that_became_a_seat_is_not_announced(city: City):
    session = city.publish()
    made = city.register(PEETERS, session).registration
    assert city.deliver([message(MailKind.WAITLISTED, made.registration_id, session.session_id)]) == []
    assert city.mailbox == []


def test_whoever_goes_costs_no_reading_of_all_who_wait(city: City, monkeypatch: pytest.MonkeyPatch):
    session = city.publish(capacity=1)
    seated = city.register(DIALLO, session).registration
    waits = city.register(PEETERS, session, ["Lotte"]).registration
    city.run()
    monkeypatch.setattr(waiting_list, "places", crash)
    left = message(MailKind.LEFT, waits.registration_id, session.session_id)
    assert city.deliver([left]) == []  # it waits still: no news
    assert registrations.get(waits.registration_id).cancelled_at is None
    waiting_list.leave(session.session_id, waits.child_ids, waits.registration_id)
    seats.release(session.session_id, seated.child_ids, seated.registration_id)
    lost = message(MailKind.CANCELLED, seated.registration_id, session.session_id)
    assert city.deliver([left, lost]) == []
    assert [mail["To"] for mail in city.mailbox[-2:]] == [PEETERS.email, DIALLO.email]


def test_a_cancellation_that_overtakes_its_confirmation_is_the_only_mail(city: City):
    session = city.publish()
    made = city.register(PEETERS, session).registration
    city.cancel(PEETERS, made.registration_id)
    city.outbox()
    queued = sorted(city.queued(), key=lambda one: one["kind"])
    assert [one["kind"] for one in queued] == ["cancelled", "confirmed"]
    assert city.deliver(queued) == []
    assert [mail["Subject"].split(":")[0] for mail in city.mailbox] == ["Geannuleerd"]


def test_a_cancellation_of_nothing_is_nothing(city: City):
    session = city.publish()
    lost = registration_id(PEETERS.family_id, "key-1")
    for kind in (MailKind.CONFIRMED, MailKind.CANCELLED, MailKind.LEFT, MailKind.WAITLISTED):
        assert city.deliver([message(kind, lost, session.session_id)]) == []
    assert city.mailbox == []


def test_a_confirmation_says_what_to_bring_as_staff_wrote_it(city: City):
    bring = KEYS["bring"]
    words = {"nl": "Een zwembroek", "fr": "Un maillot", "en": "A swimsuit"}
    texts.write(TextVersion(bring, 1, words, Staff("sub-Els", "Els Maes", frozenset()), NOW))
    city.register(DIALLO, city.publish())

    (mail,) = city.run()

    assert "Un maillot" in part(mail, "plain")


def test_a_mail_costs_one_write_and_one_for_the_days_of_each_child(city: City):
    city.register(PEETERS, city.publish())
    city.outbox()
    queued = city.queued()
    writes: list[str] = []
    client: Any = table.Item._get_connection().connection.client
    client.meta.events.register(
        "before-call.dynamodb", lambda model, **_: writes.append(model.name), unique_id="counted"
    )
    assert city.deliver(queued) == []
    assert [name for name in writes if name not in ("GetItem", "BatchGetItem", "Query")] == ["UpdateItem"] * (
        1 + len(PEETERS.children)
    )


# One child of several.


def gone(city: City, registration_id: str, child_id: str) -> None:
    register.cancel_child(PEETERS.bearer, registration_id, child_id, NOW)


def test_one_mail_says_which_child_does_not_come_and_who_stays(city: City):
    made = city.register(PEETERS, city.publish()).registration
    city.run()
    gone(city, made.registration_id, LOTTE.child_id)

    (mail,) = city.run()

    assert mail["Subject"].startswith("Lotte komt niet")
    for kind in ("plain", "html"):
        assert "Lotte" in part(mail, kind)
        assert "Wout" in part(mail, kind)
        assert reference(made.registration_id) in part(mail, kind)
    (event,) = Calendar.from_ical(part(mail, "calendar")).events
    assert (event["SEQUENCE"], event["STATUS"]) == (1, "CONFIRMED")
    assert event["UID"] == f"{made.registration_id}@stormloop"
    assert "Lotte" not in event["SUMMARY"]
    assert city.deliver([message(MailKind.CHILD_LEFT, made.registration_id, made.session_id)]) == []
    assert len(city.mailbox) == 2


def test_who_leaves_the_waiting_list_alone_is_told_so(city: City):
    session = city.publish(capacity=2)
    city.register(DIALLO, session)
    waiting = city.register(PEETERS, session).registration
    city.run()
    gone(city, waiting.registration_id, LOTTE.child_id)

    (mail,) = city.run()

    assert mail["Subject"].startswith("Lotte komt niet")
    assert [place.child_id for place in waiting_list.places(session.session_id)] == [WOUT.child_id]


def test_the_last_child_is_told_as_a_cancellation_and_the_first_still_as_one_that_left(city: City):
    made = city.register(PEETERS, city.publish()).registration
    city.run()
    gone(city, made.registration_id, LOTTE.child_id)
    gone(city, made.registration_id, WOUT.child_id)

    subjects = sorted(mail["Subject"].split(":")[0] for mail in city.run())

    assert subjects == ["Geannuleerd", "Lotte komt niet"]


def test_an_offer_that_was_made_for_who_had_just_left_is_given_back(city: City):
    session = city.publish(capacity=2)
    held = city.register(DIALLO, session).registration
    waiting = city.register(PEETERS, session).registration
    city.run()
    gone(city, waiting.registration_id, LOTTE.child_id)
    city.cancel(DIALLO, held.registration_id)
    births = {child.child_id: child.birth_date for child in PEETERS.children}
    now = int(NOW.timestamp())
    assert seats.claim(Claim(session.session_id, waiting.registration_id, births, now, from_list=True)) is None

    city.run()

    assert seats.get([session.session_id])[session.session_id].holders == {WOUT.child_id: waiting.registration_id}


# Moves to another session.


def moved(city: City, record: Registration, there: Session, **more: Any) -> Any:
    wish = Transfer(there.session_id, more.get("children", ()), more.get("waitlist", False), "move")
    return moving.transfer(PEETERS.bearer, record.registration_id, wish, NOW).registration


def calendars(mail: Any) -> list[Any]:
    files = [one for one in mail.iter_attachments() if one.get_content_type() == "text/calendar"]
    return [event for one in files for event in Calendar.from_ical(one.get_content()).events]


def test_a_move_is_one_mail_with_a_file_for_each_session_and_says_cancelled_nowhere(city: City):
    here, there = city.publish(), city.publish(title="Dierenkamp")
    before = city.register(PEETERS, here).registration
    city.run()
    after = moved(city, before, there)

    (mail,) = city.run()

    assert mail["Subject"].startswith("Verplaatst naar: Dierenkamp")
    for kind in ("plain", "html"):
        assert reference(before.registration_id) in part(mail, kind)
        assert here.title in part(mail, kind)
        assert "geannuleerd" not in part(mail, kind).lower()
    new, old = calendars(mail)
    assert (new["UID"], new["STATUS"]) == (f"{after.registration_id}@stormloop", "CONFIRMED")
    assert (old["UID"], old["STATUS"], old["SEQUENCE"]) == (f"{before.registration_id}@stormloop", "CANCELLED", 1)
    assert city.deliver([message(MailKind.CANCELLED, before.registration_id, here.session_id)]) == []
    assert city.deliver([message(MailKind.CONFIRMED, after.registration_id, there.session_id)]) == []
    assert len(city.mailbox) == 2


def test_of_siblings_one_moves_and_the_file_of_the_first_camp_names_who_stays(city: City):
    here, there = city.publish(), city.publish(title="Dierenkamp")
    before = city.register(PEETERS, here).registration
    city.run()
    moved(city, before, there, children=(LOTTE.child_id,))

    (mail,) = city.run()

    assert "Voor Wout verandert er daar niets" in part(mail, "plain")
    _, old = calendars(mail)
    assert (old["STATUS"], old["SEQUENCE"]) == ("CONFIRMED", 1)
    assert "Lotte" not in old["SUMMARY"]


def test_who_waits_to_move_is_told_that_its_seat_stays(city: City):
    here, there = city.publish(), city.publish(title="Dierenkamp", capacity=1)
    city.register(DIALLO, there)
    before = city.register(PEETERS, here, ["Lotte"]).registration
    city.run()
    waits = moved(city, before, there, waitlist=True)
    city.outbox()  # moto's stream has what a refused transaction would have written; Amazon's has not
    city.queued()

    assert city.deliver([message(MailKind.WAITLISTED, waits.registration_id, there.session_id)]) == []

    mail = city.mailbox[-1]
    assert f"Je houdt je plaats in {here.title}" in part(mail, "plain")
    assert reference(before.registration_id) in part(mail, "plain")
