"""The desk corrects a family: more than a slip, with an entry in the ledger; and a mistyped address, whose mailbox may
be a stranger's."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from chalice.test import HTTPResponse

from chalicelib.city.ledger.rules import LedgerAct
from chalicelib.core.http.problems import Problem
from chalicelib.mail import onward
from chalicelib.office.desk import correcting
from chalicelib.people.families import leaving, mailboxes, namings, proving, tokens
from chalicelib.people.families import table as families
from chalicelib.people.families.identity import family_id
from chalicelib.people.families.rules import Child, Pass, child
from chalicelib.people.staff.rules import Role, Staff
from chalicelib.rights.erasing import erase
from tests.camps import LOU, NOOR, Family, family, post, published, signed_in
from tests.containers import forget
from tests.office.desk.counter import DESK, EMAIL, REASON, entries, errors, register, slug
from tests.people.families.test_proving import NOW, asked, used

RIGHT = "an.claeys@example.org"

pytestmark = pytest.mark.usefixtures("table")


def correct(family_id: str, by: dict[str, str] = DESK, **more: Any) -> HTTPResponse:
    return post("/api/staff/families/corrections", {"family_id": family_id, "reason": REASON, **more}, by)


def as_sent(child_id: str, one: Child) -> dict[str, str]:
    born = one.birth_date.isoformat()
    return {"child_id": child_id, "first_name": one.first_name, "last_name": one.last_name, "birth_date": born}


def link_to(email: str, family: str) -> Pass:
    """The pass whose mail goes to this address."""
    found = [families.read(item) for item in families.partition(family) if item["sk"]["S"].startswith("P#")]
    return next(one for one in found if one.email == email and not one.namings)


def test_the_desk_corrects_more_than_a_slip_and_the_ledger_says_so_without_a_name():
    wrong = child("Lu", "Klaas", LOU.birth_date)
    claeys = family(wrong)

    answer = correct(claeys.pass_.family_id, children=[as_sent(wrong.child_id, LOU)], language="fr")

    assert (answer.status_code, answer.json_body["language"]) == (200, "fr")
    assert answer.json_body["children"] == [as_sent(wrong.child_id, LOU)]
    last = entries()[-1]
    assert (last.what, last.reason) == (LedgerAct.FAMILY_CORRECTED, REASON)
    assert last.details == {"children": 1, "birth_dates": 0, "address": False, "links_stopped": False}
    assert last.private == {"family_id": claeys.pass_.family_id, "child_ids": [wrong.child_id]}


def test_whoever_is_registered_again_by_the_right_name_is_the_same_child():
    wrong = child("Lu", "Klaas", LOU.birth_date)
    camp = published()
    registered = register(camp, wrong).json_body
    correct(family_id(EMAIL), children=[as_sent(wrong.child_id, LOU)])

    again = register(camp, LOU)

    assert slug(again) == "already-registered"
    assert again.json_body["registration_id"] == registered["registration_id"]


def test_a_correction_that_changes_nothing_needs_no_entry():
    claeys = family(LOU)

    assert correct(claeys.pass_.family_id, children=[as_sent(LOU.child_id, LOU)], email=EMAIL).status_code == 200
    assert entries() == []


def test_a_family_of_another_municipality_is_not_found_and_nothing_is_written():
    camp, claeys = published(), family(LOU)
    claeys.register(camp, LOU)
    elsewhere = signed_in(Role.DESK, groups=["municipality:eeklo"])

    answer = correct(claeys.pass_.family_id, elsewhere, postcode="9000")

    assert slug(answer) == "not-found"
    assert entries() == []


def test_a_new_address_counts_once_its_link_was_used_and_leads_to_the_same_family():
    claeys = family(LOU)

    answer = correct(claeys.pass_.family_id, email=RIGHT)

    assert (answer.json_body["email"], answer.json_body["address_asked"]) == (EMAIL, RIGHT)
    assert entries()[-1].details["address"]
    link = link_to(RIGHT, claeys.pass_.family_id)
    assert mailboxes.family_of(RIGHT) == family_id(RIGHT)

    used(link)

    assert {one.email for one in families.of_family(claeys.pass_.family_id)} == {RIGHT}
    assert mailboxes.family_of(RIGHT) == claeys.pass_.family_id
    assert proving.worth(claeys.token, NOW).family_id == claeys.pass_.family_id  # the old mailbox is theirs too


def test_the_link_of_a_new_address_works_for_two_days():
    claeys = family(LOU)
    correct(claeys.pass_.family_id, email=RIGHT)
    link = link_to(RIGHT, claeys.pass_.family_id)

    with pytest.raises(Problem, match="not-now"):
        proving.prove(link, link.created_at + mailboxes.CORRECTS_FOR * 1.01)

    assert {one.email for one in families.of_family(claeys.pass_.family_id)} == {EMAIL}


def test_a_family_whose_first_mail_never_came_gets_its_link_again_and_nothing_else_is_corrected():
    first = asked(LOU, email=EMAIL)
    tom = Staff("7d1f", "Tom De Wilde", frozenset({Role.DESK}))

    correcting.send_again(tom, first.family_id, first.created_at + timedelta(minutes=5))

    again = families.of_family(first.family_id)[-1]
    assert again.pass_id != first.pass_id
    assert (again.email, again.children, again.is_proven) == (EMAIL, (LOU,), False)
    with pytest.raises(Problem, match="not-found"):
        correcting.of(tom, first.family_id)


def test_a_strangers_mailbox_opens_nothing_from_then_on_and_mails_go_to_the_right_one():
    claeys = family(LOU)
    strangers = asked(LOU, email=EMAIL)

    answer = correct(claeys.pass_.family_id, email=RIGHT, old_address_is_a_strangers=True)
    forget()

    assert answer.json_body["email"] == RIGHT
    for token in (claeys.token, tokens.sign(strangers, NOW)):
        assert slug(Family(strangers, token).get("/api/pass")) == "unauthorized"
    assert mailboxes.family_of(EMAIL) not in (claeys.pass_.family_id, family_id(RIGHT))
    assert mailboxes.family_of(RIGHT) == claeys.pass_.family_id
    assert entries()[-1].details["links_stopped"]


def test_the_link_to_the_right_mailbox_works_however_soon_its_mail_is_written() -> None:
    """What stops the stranger's links stops every token of that second, and the mail may be written in it."""
    with time_machine.travel(NOW, tick=False) as clock:
        claeys = family(LOU, email=EMAIL)
        correct(claeys.pass_.family_id, email=RIGHT, old_address_is_a_strangers=True)
        newest = link_to(RIGHT, claeys.pass_.family_id)
        (token,) = parse_qs(urlsplit(onward.by_pass(newest, onward.START)).query)["token"]
        assert slug(Family(claeys.pass_, claeys.token).get("/api/pass")) == "unauthorized"

        clock.shift(timedelta(seconds=2))

        assert Family(newest, token).get("/api/pass").status_code == 200


def test_the_mailbox_of_another_family_is_not_taken():
    claeys, other = family(LOU), used(asked(NOOR, email=RIGHT))

    answer = correct(claeys.pass_.family_id, email=RIGHT, old_address_is_a_strangers=True)

    assert slug(answer) == "not-now"
    assert mailboxes.family_of(RIGHT) == other.family_id
    assert entries() == []


def test_a_strangers_mailbox_needs_a_right_one():
    assert "email" in errors(correct(family(LOU).pass_.family_id, old_address_is_a_strangers=True))


def test_a_child_that_is_known_by_the_right_name_is_not_taken_over():
    used(asked(NOOR, email="fatima@example.be"))
    claeys = family(LOU)

    answer = correct(claeys.pass_.family_id, children=[as_sent(LOU.child_id, NOOR)])

    assert "children[0]" in errors(answer)
    assert len(namings.namers(NOOR.child_id)) == 1


def test_the_desk_sends_a_link_again_five_times_an_hour():
    claeys = family(LOU)
    tom = Staff("7d1f", "Tom De Wilde", frozenset({Role.DESK}))
    for _ in range(5):
        correcting.send_again(tom, claeys.pass_.family_id, NOW)

    with pytest.raises(Problem, match="not-now"):
        correcting.send_again(tom, claeys.pass_.family_id, NOW)

    sent = [one for one in families.of_family(claeys.pass_.family_id) if not one.namings]
    assert [one.email for one in sent] == [EMAIL] * 5


def test_a_stranger_does_not_become_the_family_by_having_itself_erased() -> None:
    claeys = family(LOU)
    correct(claeys.pass_.family_id, email=RIGHT, old_address_is_a_strangers=True)
    strangers = mailboxes.family_of(EMAIL)
    leaving.ask(strangers, NOW)

    erase(strangers, NOW)

    assert mailboxes.family_of(EMAIL) == strangers
    assert mailboxes.family_of(RIGHT) == claeys.pass_.family_id


def test_a_corrected_mailbox_is_forgotten_with_its_family() -> None:
    claeys = family(LOU)
    correct(claeys.pass_.family_id, email=RIGHT)
    used(link_to(RIGHT, claeys.pass_.family_id))
    leaving.ask(claeys.pass_.family_id, NOW)

    erase(claeys.pass_.family_id, NOW)

    assert mailboxes.family_of(RIGHT) == family_id(RIGHT)
