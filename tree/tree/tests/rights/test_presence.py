"""Days attended: a family is told them, and they are all that stays of them when it is erased or its time is over."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine

from chalicelib.booking.presence import table as presences
from chalicelib.booking.presence.rules import Groups, Mark, Marker, Tap, moved
from chalicelib.people.families import leaving
from chalicelib.rights import erasing
from chalicelib.rights.sweeping import sweep
from tests.camps import BOUWKAMP, JEF, LOU, NOOR, Family, family, published
from tests.containers import forget
from tests.core.http.conftest import stored

MONDAY, TUESDAY = date(2027, 8, 16), date(2027, 8, 17)
AFTER = datetime(2027, 8, 20, 9, tzinfo=UTC)
YUSUF = Marker("7d0c-41", "Yusuf Demir")


@pytest.fixture
def claeys(table: None) -> Family:
    """Given a family whose children were marked, in a group, beside another family."""
    camp, claeys, other = published(), family(LOU, JEF), family(NOOR, email="fatima@example.be")
    held = {}
    for one, children in ((claeys, (LOU, JEF)), (other, (NOOR,))):
        registered = one.register(camp, *children).json_body["registration_id"]
        held |= {child.child_id: registered for child in children}
    for day, child, mark in (
        (MONDAY, LOU, Mark.FETCHED),
        (TUESDAY, LOU, Mark.ABSENT),
        (MONDAY, JEF, Mark.LATE),
        (MONDAY, NOOR, Mark.PRESENT),
    ):
        tap = Tap(child.child_id, held[child.child_id], mark, 0, AFTER, YUSUF, "Tante Els")
        presences.mark(camp.session_id, day, tap)
    groups = moved(Groups(0, {"g1": "Kapoenen"}), dict.fromkeys(held, "g1"), held)
    presences.change_groups(camp.session_id, Groups(), groups, 2_000_000_000)
    return claeys


def kept() -> dict[str, Any]:
    return {item["sk"]["S"]: item for item in stored() if item["pk"]["S"] == f"PRESENCE#{BOUWKAMP.session_id}"}


def test_a_family_is_told_its_days_its_notes_and_its_groups_and_not_who_marked(claeys):
    told = claeys.get("/api/family").json_body

    assert sorted((one["date"], one["child_id"], one["mark"], one["note"]) for one in told["attendance"]) == sorted(
        [
            ("2027-08-16", LOU.child_id, "fetched", "Tante Els"),
            ("2027-08-17", LOU.child_id, "absent", "Tante Els"),
            ("2027-08-16", JEF.child_id, "late", "Tante Els"),
        ]
    )
    assert {one["child_id"]: one["group"] for one in told["groups"]} == {
        LOU.child_id: "Kapoenen",
        JEF.child_id: "Kapoenen",
    }
    assert "Yusuf" not in str(told)


def test_of_an_erased_family_stays_that_its_children_were_there(claeys):
    leaving.ask(claeys.pass_.family_id, AFTER)

    assert erasing.erase(claeys.pass_.family_id, AFTER) is None

    left = kept()
    assert sorted(left) == sorted([f"2027-08-16#{one.child_id}" for one in (LOU, JEF, NOOR)] + ["GROUPS"])
    assert sorted(left[f"2027-08-16#{LOU.child_id}"]) == ["edition", "expires", "mark", "pk", "sk"]
    assert left[f"2027-08-16#{NOOR.child_id}"]["note"]["S"] == "Tante Els"
    assert list(left["GROUPS"]["members"]["M"]) == [NOOR.child_id]
    assert claeys.pass_.family_id not in str(stored()).replace(f"family#{claeys.pass_.family_id}", "")


def test_when_registrations_end_the_days_alone_are_kept(claeys):
    with time_machine.travel("2029-08-20T03:20:00+02:00", tick=False):
        forget()
        sweep(datetime.now(UTC), 24)

    left = kept()
    assert sorted(left) == sorted(f"2027-08-16#{one.child_id}" for one in (LOU, JEF, NOOR))
    assert {name for item in left.values() for name in item} == {"edition", "expires", "mark", "pk", "sk"}
