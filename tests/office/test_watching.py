"""Who is told of what rings, and of what waits too long."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.core import table as items
from chalicelib.core.observability import Unforeseen
from chalicelib.front_door.cases import sending
from chalicelib.front_door.handling import handling
from chalicelib.front_door.units import editing
from chalicelib.front_door.units import table as units
from chalicelib.front_door.units.editing import Darkness
from chalicelib.front_door.watching import daily, table
from chalicelib.front_door.watching.daily import Looked
from chalicelib.front_door.watching.rules import Ring, RingKind
from chalicelib.mail import outbox
from chalicelib.mail.rules import MailKind, Message, messages
from chalicelib.office import matters, watching
from chalicelib.people.staff import pool as staff_pool
from chalicelib.people.staff.rules import Role
from tests.front_door import city
from tests.office.test_matters import Pool

NOW = datetime(2027, 4, 6, 8, tzinfo=UTC)
DAY = date(2027, 4, 6)
EVERYWHERE = ("all-municipalities",)
RANG = Ring(RingKind.GAP, "complaint", DAY - timedelta(14), DAY, {"expected": "9.8", "came": "0"})


@pytest.fixture(autouse=True)
def staff(table: None, monkeypatch: pytest.MonkeyPatch) -> Pool:
    city.a_city()
    made = Pool()
    monkeypatch.setenv("STAFF_POOL", "eu-west-1_staff")
    monkeypatch.setattr(staff_pool, "_pool", lambda: made)
    made.employ("els", Role.MANAGER, EVERYWHERE)
    made.employ("tom", Role.MANAGER)  # of one municipality
    made.employ("iris", Role.AUDITOR, EVERYWHERE)
    made.employ("nadia.baert", Role.HANDLER, EVERYWHERE, locale="fr")
    return made


def told(message: Message) -> list[tuple[str, str]]:
    found = matters.of(message, NOW)
    return sorted((one.email, one.language) for one in found[1]) if found else []


def test_what_rings_is_told_to_managers_and_auditors_of_the_city_until_somebody_looked() -> None:
    assert told(Message(MailKind.RING, "2027-04-06")) == []
    table.begin(RANG)

    assert told(Message(MailKind.RING, "2027-04-06")) == [
        ("els@kaprijke.example", "nl"),
        ("iris@kaprijke.example", "nl"),
    ]
    matter = matters.of(Message(MailKind.RING, "2027-04-06"), NOW)
    assert matter is not None
    assert matter[0].titles["nl"] == "Een klacht, 1 in totaal"


def test_what_waits_too_long_is_told_to_the_head_and_then_to_the_one_above() -> None:
    """Koen leads the office and is unknown to the pool: he is told all the same."""
    sending.send(city.report(), city.NOW)

    assert told(Message(MailKind.LATE, "streets/2027-03-22")) == []
    assert told(Message(MailKind.LATE, "streets/2027-03-23")) == [("nadia.baert@kaprijke.example", "fr")]
    assert told(Message(MailKind.LATE, "streets/2027-03-29#above")) == [
        ("koen.desmet@kaprijke.example", "nl"),
        ("nadia.baert@kaprijke.example", "fr"),
    ]


def test_what_nobody_looked_at_is_told_again_each_week() -> None:
    table.begin(RANG)

    days = [day for day in range(16) if watching.messages(Looked(DAY + timedelta(day)))]

    assert days == [0, 7, 14]


def test_messages_are_queued_also_when_a_part_of_the_look_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    queued: list[Message] = []
    monkeypatch.setattr(outbox, "queue", lambda messages: queued.extend(messages) or 0)
    found: Any = Looked(DAY, late=[("streets", True)], failed=["addresses"])
    monkeypatch.setattr(daily, "look", lambda _: found)

    with pytest.raises(Unforeseen):  # Lambda tries again
        watching.run({})

    assert queued == [Message(MailKind.LATE, "streets/2027-04-06#above")]
    assert [Message.from_json(one.to_json()) for one in queued] == queued


def test_whom_a_complaint_concerns_is_told_to_the_first_head_upwards_whom_it_does_not_concern() -> None:
    """Then to the managers and auditors: Koen, who leads the office, is of the streets too."""
    case = sending.send(city.complaint(), city.NOW).case
    handling.say_concerned(city.KOEN, case.case_id, 1, ["streets"], "", city.NOW)
    message = Message(MailKind.CONCERNED, f"{case.case_id}/2")

    assert told(message) == [("koen.desmet@kaprijke.example", "nl")]
    assert told(Message(MailKind.CONCERNED, f"{case.case_id}/0")) == [], "Koen may answer it"

    items.transact_write([units.putting(replace(city.STREETS, people=(city.KOEN.email,), edition=2))])
    units.forget()
    managers = [("els@kaprijke.example", "nl"), ("iris@kaprijke.example", "nl")]
    assert told(message) == told(Message(MailKind.CONCERNED, f"{case.case_id}/0")) == managers


def test_who_lets_more_people_read_confidential_cases_is_told_to_those_whose_unit_it_was() -> None:
    joined = {"name": dict(city.YOUTH.name), "people": [city.NADIA.email], "above": None, "is_confidential": True}
    unit = editing.save(city.YOUTH, joined, Darkness(), city.KOEN, NOW, "Nadia neemt over.")
    stream = {"widened": unit.edition}

    (message,) = messages("MODIFY", {"pk": "UNITS", "sk": "youth"}, {}, stream)

    assert message == Message(MailKind.WIDENED, "youth/2")
    assert told(message) == [("nadia.baert@kaprijke.example", "fr"), ("ria.goossens@kaprijke.example", "nl")]
    matter = matters.of(message, NOW)
    assert matter is not None
    assert matter[0].titles["nl"] == "Jeugdhulp: nadia.baert@kaprijke.example"
    assert messages("MODIFY", {"pk": "UNITS", "sk": "youth"}, stream, stream) == []


def test_of_a_confidential_unit_that_was_nobodys_managers_and_auditors_are_told() -> None:
    content = {"name": city.said("Opvang"), "people": [city.NADIA.email], "is_confidential": True}
    unit = editing.save(None, content, Darkness(), city.KOEN, NOW, "Een nieuw team.")

    emails = [email for email, _ in told(Message(MailKind.WIDENED, f"{unit.unit_id}/1"))]

    assert emails == ["els@kaprijke.example", "iris@kaprijke.example", "nadia.baert@kaprijke.example"]
