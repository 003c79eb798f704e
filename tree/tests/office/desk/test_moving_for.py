"""A family calls: its children move to another week, and the ledger says who wrote that down and why."""

from datetime import date

import pytest

from chalicelib.city.ledger.rules import LedgerAct
from tests.camps import JEF, LOU, family, post, published
from tests.office.desk.counter import DESK, REASON, entries, find, seats_of, slug

pytestmark = pytest.mark.usefixtures("table")


def test_both_sessions_change_with_one_entry_and_the_reference_still_finds_it():
    here = published()
    there = published(title="Dierenkamp", starts_on=date(2027, 8, 23), ends_on=date(2027, 8, 25))
    before = family(LOU, JEF).register(here, LOU, JEF).json_body

    def move(**more: str):
        sent = {"session_id": there.session_id, "reason": REASON, **more}
        path = f"/api/staff/registrations/{before['registration_id']}/transfer"
        return post(path, sent, {**DESK, "Idempotency-Key": "move"})

    assert slug(move(reason="ja")) == "invalid"
    moved = move()

    assert (moved.status_code, moved.json_body["reference"]) == (200, before["reference"])
    assert seats_of(here).holders == {}
    assert set(seats_of(there).holders.values()) == {moved.json_body["registration_id"]}
    (entry,) = entries()
    assert (entry.what, entry.reason, entry.session_id) == (LedgerAct.DESK_TRANSFER, REASON, there.session_id)
    assert entry.details == {"children": 2, "outcome": "seats", "from": "Bouwkamp (Lembeke)"}
    assert move().json_body == moved.json_body
    assert len(entries()) == 1
    found = find(reference=before["reference"], session_id=there.session_id).json_body["registrations"]
    assert [one["registration_id"] for one in found] == [moved.json_body["registration_id"]]
