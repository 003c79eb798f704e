"""Reminders: who hears of what, when; who does not any more; that each comes once, and what it costs."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from email.message import EmailMessage
from typing import Any

import boto3
import pytest
import time_machine

from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import Registration, registration_id
from chalicelib.mail import households, outbox, quota, reminding
from chalicelib.mail.reminding import remind
from chalicelib.people.child_info import table as cares
from chalicelib.people.child_info.rules import Care, Contact
from chalicelib.people.families import table as families
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.admission import admission
from chalicelib.programme.openings.rules import Opening, OpeningKind, Plan, Shift, State, Window
from chalicelib.programme.sessions import table as programme
from tests.camps import BOUWKAMP, JEF, LOU, NOOR, TOO_OLD, Family, family, published
from tests.mail.conftest import City, part
from tests.mail.test_camps import cancel, correct

OPENS_AT = datetime(2027, 5, 7, 17, tzinfo=UTC)  # Friday, 19:00 in Brussels
TOLD_FROM = datetime(2027, 5, 4, 18, tzinfo=UTC)  # Tuesday, 20:00
IN_THE_MORNING = time(8, tzinfo=UTC)


def morning(day: int, month: int = 5) -> datetime:
    return datetime.combine(date(2027, month, day), IN_THE_MORNING)


def plan(**changed: Any) -> Plan:
    values: dict[str, Any] = {
        "kind": OpeningKind.FIRST_COME,
        "titles": {"nl": "Kampen zomer 2027", "fr": "Stages été 2027", "en": "Camps summer 2027"},
        "country": "BE",
        "session_ids": (BOUWKAMP.session_id,),
        "windows": (Window(OPENS_AT, timedelta(minutes=30)),),
        "passes_until": TOLD_FROM,
        "expected_families": 100,
        "incident_rule": {"nl": "Dan later.", "fr": "Plus tard.", "en": "Later."},
    }
    return Plan(**{**values, **changed})


@pytest.fixture(autouse=True)
def _mailbox(city: City) -> None:
    """Their own two families are of another summer."""


@pytest.fixture
def opening() -> Opening:
    return given_opening()


def given_opening(**changed: Any) -> Opening:
    published(opens_at=None)
    found = Opening("2027-kampen", 1, plan(**changed), State.PUBLISHED, bytes(range(32)))
    openings.create(found)
    programme.join_opening(BOUWKAMP.session_id, found.opening_id, found.opens_at)
    openings.forget()
    return found


def known(*children: Any, email: str = "an.claeys@example.be", **changed: Any) -> Family:
    """Given a family whose pass is from the week before."""
    with time_machine.travel(TOLD_FROM - timedelta(days=7)):
        found = family(*children, email=email)
    if changed:
        families.put(replace(found.pass_, **changed))
    return found


def run(city: City, now: datetime) -> list[EmailMessage]:
    """What a morning's run brings into the mailboxes."""
    openings.forget()
    with time_machine.travel(now, tick=False):
        city.outbox()
        city.queued()  # of passes
        remind(now)
        before, queued = len(city.mailbox), city.queued()
        assert not queued or city.deliver(queued) == []
        return city.mailbox[before:]


def own_moment(who: Family, opening: Opening) -> datetime:
    found = admission(opening, who.pass_.namings.values(), who.pass_.postcode)
    assert found
    return found.at


# The family's own moment.


def test_each_family_hears_its_moment_when_it_is_known_and_the_day_before(city: City, opening: Opening):
    claeys = known(LOU)
    assert run(city, morning(4)) == []  # nobody is told yet

    (told,) = run(city, morning(5))
    assert run(city, morning(5)) == []
    (soon,) = run(city, morning(6))

    at = own_moment(claeys, opening).astimezone().strftime("%M.%S")
    for mail in (told, soon):
        assert mail["To"] == "an.claeys@example.be"
        assert f"vrijdag 7 mei 2027 om 19.{at}" in part(mail, "plain")
        assert "/enter?token=" in part(mail, "plain")
        assert "to=/wishes/2027-kampen" in part(mail, "plain")
    assert told["Subject"].startswith("Je moment om in te schrijven: vrijdag 7 mei 2027")
    assert run(city, morning(7)) == []


def test_who_has_no_child_of_that_age_no_mail_address_or_an_old_pass_hears_nothing(city: City, opening: Opening):
    known(TOO_OLD, email="robbe@example.be")
    old = known(NOOR, email="old@example.be")
    families.put(replace(old.pass_, created_at=OPENS_AT - timedelta(days=200)))
    none = known(JEF, email="none@example.be")
    families.put(replace(none.pass_, email=""))

    assert run(city, morning(5)) == []


def test_a_pass_that_a_stranger_asks_for_in_its_name_keeps_no_family_from_hearing(city: City, opening: Opening):
    claeys = known(LOU)
    families.put(replace(claeys.pass_, pass_id="strangers234", created_at=morning(5), namings={}, children=(TOO_OLD,)))
    families.put(replace(claeys.pass_, pass_id="toswim234567", created_at=morning(5), namings={}, children=()))

    (mail,) = run(city, morning(5))

    assert "Lou inschrijven" in part(mail, "plain")


def test_a_run_that_was_missed_is_made_up_for_with_what_is_still_to_come(city: City, opening: Opening):
    known(LOU)

    (mail,) = run(city, morning(7))  # none ran on the 5th and the 6th

    assert mail["Subject"].startswith("Je moment om in te schrijven")
    assert run(city, morning(7)) == []
    assert run(city, morning(8)) == []


def test_the_day_before_is_told_on_the_day_itself_where_that_run_was_missed_and_not_when_it_is_over(
    city: City, opening: Opening
):
    claeys = known(LOU)
    run(city, morning(5))

    assert len(run(city, morning(7))) == 1
    known(NOOR, email="fatima@example.be")
    assert run(city, own_moment(claeys, opening) + timedelta(hours=1)) == []


def test_a_family_of_a_later_window_hears_the_day_before_its_own(city: City):
    later = Window(OPENS_AT + timedelta(days=3), timedelta(minutes=30))
    given_opening(windows=(Window(OPENS_AT, timedelta(minutes=30), ("9970",)), later))
    known(LOU)
    known(NOOR, email="fatima@example.be", postcode="9000")
    run(city, morning(5))

    assert [mail["To"] for mail in run(city, morning(6))] == ["an.claeys@example.be"]
    assert run(city, morning(7)) == []
    assert run(city, morning(8)) == []
    assert [mail["To"] for mail in run(city, morning(9))] == ["fatima@example.be"]


def test_a_moment_that_moved_between_the_queue_and_the_mail_is_not_told_as_it_was(city: City, opening: Opening):
    known(LOU)
    run(city, morning(5))
    with time_machine.travel(morning(6), tick=False):
        remind(morning(6))
        openings.write(replace(opening, shifts=(Shift(morning(5), timedelta(days=2)),)), 1)
        assert city.deliver(city.queued()) == []
    assert len(city.mailbox) == 1

    assert len(run(city, morning(8))) == 1  # the day before the new one


def test_nothing_is_told_during_a_pause_nor_of_a_draw(city: City, opening: Opening):
    known(LOU)
    openings.write(replace(opening, state=State.PAUSED, paused_at=morning(5)), 1)
    assert run(city, morning(6)) == []
    openings.write(replace(opening, drawn_instead=OPENS_AT + timedelta(days=7)), 2)
    assert run(city, morning(6)) == []


def test_who_is_registered_already_with_every_child_is_not_reminded(city: City, opening: Opening):
    """By the desk, for example."""
    claeys = known(LOU, JEF).pass_
    for day, child in ((5, LOU), (6, JEF)):
        of = registration_id(claeys.family_id, child.child_id)
        record = Registration(of, BOUWKAMP.session_id, (child.child_id,), claeys.pass_id, morning(5))
        registrations.begin(record, "try")
        registrations.mark_mailed(of, "confirmed")
        assert len(run(city, morning(day))) == (day == 5)  # Jef is not yet


def test_two_runs_at_once_send_one(city: City, opening: Opening, monkeypatch: pytest.MonkeyPatch):
    known(LOU)
    openings.forget()
    with time_machine.travel(morning(5), tick=False):
        with monkeypatch.context() as alone:
            alone.setattr(reminding, "_note", lambda *_, **__: None)  # neither has noted anything yet
            remind(morning(5))
        remind(morning(5))
        first, second = [one for one in city.queued() if one["kind"] == "moment"]

        def meanwhile(*_: Any, **__: Any) -> None:
            """The second comes while SES has the mail of the first."""
            monkeypatch.undo()
            assert city.deliver([second]) == []

        monkeypatch.setattr(quota, "leave_room", meanwhile)
        assert city.deliver([first]) == []
    assert len(city.mailbox) == 1


def test_a_run_that_breaks_off_goes_on_where_it_was(city: City, opening: Opening, monkeypatch: pytest.MonkeyPatch):
    for number in range(6):
        known(LOU, email=f"an{number}@example.be")
    monkeypatch.setitem(households._SCAN, "Limit", 2)
    openings.forget()
    with time_machine.travel(morning(5), tick=False):
        with monkeypatch.context() as broken:
            calls = iter((0, 1))
            broken.setattr(outbox, "queue", lambda _: next(calls))
            with pytest.raises(reminding.NotQueued):
                remind(morning(5))
        city.queued()
        queued = remind(morning(5))
        assert queued < 6  # some were
        assert remind(morning(5)) == 0


# The camp.


def registered(city: City, who: Family, *children: Any) -> str:
    programme.set_opening([BOUWKAMP.session_id], datetime(2026, 3, 1, tzinfo=UTC))
    openings.forget()
    answer = who.register(BOUWKAMP, *children)
    assert answer.status_code == 201, answer.json_body
    return str(answer.json_body["registration_id"])


@pytest.fixture
def camp() -> Iterator[None]:
    published()
    with time_machine.travel(datetime(2027, 6, 1, tzinfo=UTC)):
        yield


def care_of(who: Family, child: Any) -> None:
    said = Care((Contact("An", "0470 11 22 33"),), "", (), datetime(2027, 6, 1, tzinfo=UTC))
    cares.replace(who.pass_.family_id, child.child_id, None, said, 2**31)


@pytest.mark.usefixtures("camp")
def test_a_family_is_reminded_once_of_a_camp_with_all_of_its_children(city: City):
    claeys = family(LOU, JEF)
    for child in (LOU, JEF):
        registered(city, claeys, child)
    care_of(claeys, LOU)
    assert run(city, morning(10, 8)) == []  # six days before

    (mail,) = run(city, morning(11, 8))

    text = part(mail, "plain")
    assert mail["Subject"] == "Binnenkort: Bouwkamp (Lembeke), 16 augustus 2027"
    assert "Lou en Jef" in text or "Jef en Lou" in text
    assert "kleren die vuil mogen worden" in text
    assert "wie het voor Jef kan bellen" in text
    assert "/registrations/" in text
    assert [run(city, morning(day, 8)) for day in (11, 12, 15, 16)] == [[], [], [], []]


@pytest.mark.usefixtures("camp")
def test_a_missed_run_reminds_the_day_before_and_none_does_on_the_day(city: City):
    registered(city, family(LOU), LOU)
    registered(city, family(NOOR, email="fatima@example.be", language="fr"), NOOR)

    assert {mail["To"] for mail in run(city, morning(15, 8))} == {"an.claeys@example.be", "fatima@example.be"}


@pytest.mark.usefixtures("camp")
def test_nobody_is_reminded_of_a_seat_given_up_meanwhile_or_a_camp_that_has_begun(city: City):
    claeys, amrani = family(LOU), family(NOOR, email="fatima@example.be")
    gone, stays = registered(city, claeys, LOU), registered(city, amrani, NOOR)
    with time_machine.travel(morning(15, 8), tick=False):
        city.outbox()
        city.queued()
        remind(morning(15, 8))
        queued = [one for one in city.queued() if one["kind"] == "camp-soon"]
        assert {one["id"] for one in queued} == {gone, stays}
        claeys.cancel(gone)
        assert city.deliver([one for one in queued if one["id"] == gone]) == []
    with time_machine.travel(morning(16, 8), tick=False):
        assert city.deliver(queued) == []
    assert city.mailbox == []


@pytest.mark.usefixtures("camp")
def test_a_message_that_comes_again_reminds_nobody(city: City):
    registered(city, family(LOU), LOU)
    with time_machine.travel(morning(12, 8), tick=False):
        city.outbox()
        city.queued()
        remind(morning(12, 8))
        queued = [one for one in city.queued() if one["kind"] == "camp-soon"]
        assert city.deliver(queued + queued) == []
        assert city.deliver(queued) == []
    assert len(city.mailbox) == 1


@pytest.mark.usefixtures("camp")
def test_of_a_camp_that_is_moved_its_families_are_reminded_before_the_new_day_too(city: City):
    registered(city, family(LOU), LOU)
    assert len(run(city, morning(12, 8))) == 1
    with time_machine.travel(morning(12, 8), tick=False):
        correct(BOUWKAMP, starts_on="2027-08-23", ends_on="2027-08-25")

    told = [[mail["Subject"] for mail in run(city, morning(day, 8))] for day in (13, 19, 20)]

    assert told == [[], ["Binnenkort: Bouwkamp (Lembeke), 23 augustus 2027"], []]


@pytest.mark.usefixtures("camp")
def test_nobody_is_reminded_of_a_camp_that_was_cancelled_meanwhile(city: City):
    registered(city, family(LOU), LOU)
    with time_machine.travel(morning(12, 8), tick=False):
        city.outbox()
        city.queued()
        remind(morning(12, 8))
        queued = [one for one in city.queued() if one["kind"] == "camp-soon"]
        cancel(BOUWKAMP)
        assert city.deliver(queued) == []
    assert city.mailbox == []


# What it costs.


def test_a_morning_without_anything_near_reads_openings_and_programme_and_writes_nothing(city: City):
    published()
    openings.forget()
    with time_machine.travel(morning(1, 2), tick=False):
        assert remind(morning(1, 2)) == 0
    table_ = boto3.client("dynamodb").scan(TableName="stormloop")
    assert not [item for item in table_["Items"] if item["sk"]["S"].startswith("REMIND#")]
