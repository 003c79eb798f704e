"""What Amazon's own engine makes of the expressions, and what a scan costs."""

from datetime import timedelta

import pytest

from chalicelib.booking.registrations import table as registrations
from chalicelib.core import table
from chalicelib.mail import households, outbox
from chalicelib.office.incidents import announcing
from chalicelib.people.families import namings
from chalicelib.programme.openings import log
from tests.camps import BOUWKAMP, LOU, NOOR, family
from tests.office.incidents.conftest import Lambda, after, approved, at, called, done, given_opening, report  # noqa: F401


@pytest.fixture
def sent(monkeypatch):
    messages: list[str] = []
    monkeypatch.setattr(outbox, "queue", lambda some: messages.extend(one.id for one in some))
    return messages


def test_a_void_opening_from_its_report_to_the_last_family(real_table, called: Lambda, sent, monkeypatch):  # noqa: F811
    given_opening(capacity=1)
    first, second = family(LOU, email="first@example.be"), family(NOOR, email="second@example.be")
    for _ in range(60):
        family(LOU, email=f"family{_}@example.be")
    with at(after(31)):
        assert first.register(BOUWKAMP, LOU, key="key-1").status_code == 201
        assert second.register(BOUWKAMP, NOOR, key="key-1").json_body["status"] == "waitlisted"
        done(report("2027-kampen", "pause"))
    with at(after(32)):
        third = family(NOOR, email="third@example.be")
        assert third.register(BOUWKAMP, NOOR, key="key-1").status_code == 425
    monkeypatch.setitem(households._SCAN, "Limit", 7)
    with at(after(60)):
        number = approved("2027-kampen", "restart", opens_at="2027-05-14T19:00")["number"]
        assert announcing.announce("2027-kampen", number) == {"families": 63}
    assert len(sent) == len(set(sent)) == 63
    assert log.get("2027-kampen", number).progress["is_over"]
    with at(after(60) + timedelta(days=7)):
        again = third.register(BOUWKAMP, NOOR, key="key-1")
    assert (again.status_code, again.json_body["status"]) == (200, "confirmed")
    assert registrations.get(again.json_body["registration_id"]).tried_at == after(32)


def test_a_pass_and_a_registration_cost_a_scan_a_tenth_of_a_unit(real_table, called: Lambda):  # noqa: F811
    given_opening(capacity=1000)
    with at(after(31)):
        for number in range(200):
            who = family(LOU, NOOR, email=f"family.of.some.name{number}@example.be")
            namings.name((LOU.child_id + str(number), NOOR.child_id + str(number)), "f" * 11, after(31), 1 << 31)
            record = registrations.Registration(
                f"{who.pass_.family_id}12345678", BOUWKAMP.session_id, (LOU.child_id,), who.pass_.pass_id, after(31)
            )
            registrations.begin(record, "attempt1")
    used = table.call("Scan", **households._SCAN, ReturnConsumedCapacity="TOTAL")["ConsumedCapacity"]["CapacityUnits"]
    assert used / 200 == pytest.approx(0.1, abs=0.03)
