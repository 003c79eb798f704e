"""Two mail addresses of one parent become one family, if one of them has nothing that stands; no moment is won."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from chalice.test import HTTPResponse

from chalicelib.booking.draw import table as draws
from chalicelib.booking.registrations import register
from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import Registration, registration_id
from chalicelib.city.ledger import table as ledger
from chalicelib.city.ledger.rules import LedgerAct, LedgerEntry
from chalicelib.core import table as stormloop_table
from chalicelib.people.child_info import table as cares
from chalicelib.people.families import leaving, mailboxes, namings, sharing
from chalicelib.people.families import table as families
from chalicelib.people.families.identity import family_id
from chalicelib.people.families.rules import Naming, kept_until
from chalicelib.rights.erasing import erase
from chalicelib.swimming import table as swimming
from chalicelib.swimming.rules import Timetable, slot
from tests.camps import JEF, LOU, post, published
from tests.containers import forget
from tests.office.desk.counter import DESK, REASON, entries, slug
from tests.office.desk.test_joining import of
from tests.office.incidents.conftest import given_opening
from tests.people.families.test_proving import AN, NOW, PIET
from tests.rights.test_correcting import ALLERGY
from tests.swimming.pool import SATURDAY, on

A_DRAW: dict[str, Any] = {
    "kind": "draw",
    "windows": [{"opens_at": "2027-06-01T19:00", "spread_minutes": 0}],
    "passes_until": "2027-05-31T19:00",
    "wishes_until": "2027-06-08T19:00",
}
KEPT, OTHER = family_id(AN), family_id(PIET)

pytestmark = pytest.mark.usefixtures("table")


def unite(kept: str = KEPT, other: str = OTHER) -> HTTPResponse:
    sent = {"family_id": kept, "other_family_id": other, "reason": REASON}
    return post("/api/staff/families/joining", sent, DESK)


def test_both_mailboxes_lead_to_the_family_which_has_the_children_and_their_notes_of_both() -> None:
    camp = published()
    other, kept = of(LOU, email=PIET), of(JEF)
    kept.register(camp, JEF)
    cares.replace(OTHER, LOU.child_id, None, ALLERGY, kept_until(NOW))

    assert unite().status_code == 200
    forget()

    assert mailboxes.family_of(PIET) == KEPT
    assert slug(other.get("/api/pass")) == "unauthorized"
    newest = families.of_family(KEPT)[-1]
    assert {one.child_id for one in newest.children} == {LOU.child_id, JEF.child_id}
    assert newest.namings[LOU.child_id] == Naming(KEPT, int(NOW.timestamp()))
    known = cares.get(KEPT, LOU.child_id)
    assert known
    assert known.medical == ALLERGY.medical
    assert entries()[-1].what is LedgerAct.FAMILIES_JOINED


def test_a_child_of_both_is_named_once_and_by_the_first_naming() -> None:
    of(LOU, email=PIET)
    of(LOU)

    unite()

    [namer] = namings.namers(LOU.child_id)
    assert (namer.family_id, namer.is_first) == (KEPT, True)
    assert list(namings.named_by_several()) == []


def test_a_family_with_a_seat_is_the_one_that_stays() -> None:
    camp = published()
    of(LOU, email=PIET).register(camp, LOU)
    of(JEF)

    assert slug(unite()) == "not-now"
    assert mailboxes.family_of(PIET) == OTHER
    assert unite(OTHER, KEPT).status_code == 200
    assert mailboxes.family_of(AN) == OTHER


def test_a_family_whose_other_parent_learns_of_no_camp_makes_the_one_family_of_both_so() -> None:
    of(LOU, email=PIET)
    of(JEF)
    stormloop_table.transact_write([sharing.confiding(OTHER, NOW, is_on=True)])

    assert unite().status_code == 200

    assert sharing.is_confidential(KEPT)


def test_what_was_joined_is_erased_with_the_family() -> None:
    of(LOU, email=PIET)
    of(JEF)
    unite()
    leaving.ask(KEPT, NOW)

    erase(KEPT, NOW)

    assert leaving.asked(OTHER) is not None


def test_a_family_that_shares_a_child_with_another_parent_stays_until_that_is_ended() -> None:
    of(JEF)
    of(LOU, email=PIET)
    item = sharing.SharesItem(f"F#{OTHER}", f"SHARES#{LOU.child_id}", family_id=KEPT, since=1)
    item.save()

    answer = unite()
    assert slug(answer) == "not-now"
    assert "Deel het daarna opnieuw" in answer.json_body["detail"]

    item.delete()
    assert unite().status_code == 200


def in_between(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """It happens once, after the desk has looked and before it writes."""
    record = ledger.record

    def meanwhile(*given: Any, **more: Any) -> LedgerEntry:
        monkeypatch.setattr(ledger, "record", record)
        act()
        return record(*given, **more)

    monkeypatch.setattr(ledger, "record", meanwhile)


def test_who_registers_in_between_is_told_of_until_it_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    camp, other, kept = published(), of(LOU, email=PIET), of(JEF)
    in_between(monkeypatch, lambda: other.register(camp, LOU))

    answers = [unite(), unite()]

    assert mailboxes.family_of(PIET) == kept.pass_.family_id
    assert [slug(one) for one in answers] == ["not-now", "not-now"]
    assert "Ze zijn nu één gezin." in str(answers[0].json_body)
    register.cancel(other.pass_.bearer, registrations.of_family(OTHER)[0].registration_id, datetime.now(UTC))
    assert unite().status_code == 200
    assert len(entries()) == 1


def test_who_wishes_in_between_is_first_and_both_stay_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    opening, other = given_opening(**A_DRAW), of(LOU, email=PIET)
    of(JEF)
    wish = (((LOU.child_id, "bouwkamp"),),)
    births = {LOU.child_id: LOU.birth_date}
    entered = draws.Entered(opening.opening_id, OTHER, other.pass_.pass_id, births, wish, NOW)
    in_between(monkeypatch, lambda: draws.put_entry(entered))

    assert [slug(unite()), slug(unite())] == ["changed", "not-now"]
    assert mailboxes.family_of(PIET) == OTHER
    assert other.get("/api/pass").status_code == 200
    assert entries() == []


def test_a_registration_that_is_being_made_counts() -> None:
    camp, other = published(), of(LOU, email=PIET)
    of(JEF)
    id_ = registration_id(OTHER, "key-1")
    registrations.begin(
        Registration(id_, camp.session_id, (LOU.child_id,), other.pass_.pass_id, datetime.now(UTC)), "try-1"
    )

    assert slug(unite()) == "not-now"
    assert mailboxes.family_of(PIET) == OTHER


def test_an_hour_in_the_pool_counts_until_it_is_given_up() -> None:
    hour = slot(Timetable(patterns=(SATURDAY,)), on(SATURDAY, date(2027, 6, 5)))
    assert hour
    of(LOU, email=PIET)
    of(JEF)
    swimming.enter(OTHER, hour, 2, "try-1", 1)

    assert slug(unite()) == "not-now"
    swimming.withdraw(OTHER, hour.slot_id, "try-1")
    assert unite().status_code == 200
