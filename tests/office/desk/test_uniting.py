"""Two mail addresses of one parent become one family, if one of them has nothing that stands; no moment is won."""

import pytest
from chalice.test import HTTPResponse

from chalicelib.city.ledger.rules import LedgerAct
from chalicelib.core import table as stormloop_table
from chalicelib.people.child_info import table as cares
from chalicelib.people.families import leaving, mailboxes, namings, sharing
from chalicelib.people.families import table as families
from chalicelib.people.families.identity import family_id
from chalicelib.people.families.rules import Naming, kept_until
from chalicelib.rights.erasing import erase
from tests.camps import JEF, LOU, post, published
from tests.containers import forget
from tests.office.desk.counter import DESK, REASON, entries, slug
from tests.office.desk.test_joining import of
from tests.people.families.test_proving import AN, NOW, PIET
from tests.rights.test_correcting import ALLERGY

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
