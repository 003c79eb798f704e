"""What waits for staff: who is told of it, once, and nobody who may not act on it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine

from chalicelib.booking.draw import table
from chalicelib.links import changing
from chalicelib.links.table import WebhookItem
from chalicelib.mail import delivery, sending
from chalicelib.mail.rules import DELAYS, MailKind
from chalicelib.people.staff import pool as staff_pool
from chalicelib.people.staff.rules import Role, Staff
from chalicelib.people.staff.signed_in import OF_ALL
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import Approval
from tests import camps
from tests.booking.draw.lots import AFTER, drawn_opening, hold
from tests.mail.conftest import City, part
from tests.office.incidents.conftest import after, at, given_opening, report
from tests.programme.openings.plans import drafted

HERE = ("municipality:kaprijke",)


class Pool:
    """The city's user pool, which answers one at a time: whoever reads the first page alone misses the others."""

    def __init__(self) -> None:
        self.users: dict[str, dict[str, Any]] = {}
        self.groups: dict[str, list[str]] = {}

    def employ(self, who: str, role: Role, groups: Sequence[str] = HERE, **said: str) -> str:
        """Answers what the sign-in calls them."""
        email = f"{who}@kaprijke.example"
        attributes = {"sub": f"sub-{who}", "email": email, "name": who, **said}
        listed = [{"Name": name, "Value": value} for name, value in attributes.items()]
        self.users[who] = {"Username": who, "Enabled": True, "Attributes": listed}
        self.groups[who] = [role.value, *groups]
        return f"sub-{who}"

    def get_paginator(self, name: str) -> Any:
        return SimpleNamespace(paginate=getattr(self, name))

    def list_users_in_group(self, *, UserPoolId: str, GroupName: str) -> Iterator[Any]:  # noqa: N803 boto3's names
        assert UserPoolId == "eu-west-1_staff"
        for who, user in self.users.items():
            yield {"Users": [user] if GroupName in self.groups[who] else []}

    def admin_list_groups_for_user(self, *, UserPoolId: str, Username: str) -> Iterator[Any]:  # noqa: N803
        assert UserPoolId == "eu-west-1_staff"
        for group in self.groups[Username]:
            yield {"Groups": [{"GroupName": group}]}


@pytest.fixture
def pool(city: City, monkeypatch: pytest.MonkeyPatch) -> Pool:
    made = Pool()
    monkeypatch.setenv("STAFF_POOL", "eu-west-1_staff")
    monkeypatch.setattr(staff_pool, "_pool", lambda: made)
    monkeypatch.setitem(DELAYS, MailKind.APPROVAL, 0)  # a quarter of an hour
    camps.published(opens_at=None)
    return made


def told(city: City) -> list[str]:
    """The addresses of what is delivered now, families' mails left out."""
    before = len(city.mailbox)
    city.outbox()
    ours = [one for one in city.queued() if one["kind"] in ("approval", "incident", "beacon", "webhook")]
    assert not ours or city.deliver(ours) == []
    return sorted(mail["To"] for mail in city.mailbox[before:])


def approved(opening_id: str, *by: str) -> None:
    found, edition = openings.get(opening_id)  # type: ignore[misc]
    approvals = tuple(Approval(one, after(-9999), found.version, one) for one in by)
    openings.write(replace(found, approvals=(*found.approvals, *approvals)), edition)


def test_approvers_of_all_its_municipalities_are_told_of_a_draft_once(city: City, pool: Pool):
    pool.employ("anna", Role.APPROVER)
    pool.employ("bram", Role.APPROVER, (OF_ALL,), locale="fr-BE")
    pool.employ("carla", Role.APPROVER, ("municipality:lievegem",))
    pool.employ("dirk", Role.MANAGER)
    pool.employ("els", Role.APPROVER)
    pool.users["els"]["Enabled"] = False

    opening_id = drafted()

    assert told(city) == ["anna@kaprijke.example", "bram@kaprijke.example"]
    anna, bram = sorted(city.mailbox[-2:], key=lambda mail: mail["To"])
    assert anna["Subject"] == "Een opening wacht op je goedkeuring: Kampen zomer 2027"
    assert bram["Subject"].replace("\xa0", " ") == "Une ouverture attend votre approbation : Camps été 2027"
    assert f"/office/openings/{opening_id}\r\n" in part(anna, "plain")
    city.place_in_stream = None  # all of it again
    assert told(city) == []


def test_who_approved_is_not_asked_again_and_managers_hear_when_two_have(city: City, pool: Pool):
    anna, bram = pool.employ("anna", Role.APPROVER), pool.employ("bram", Role.APPROVER)
    pool.employ("dirk", Role.MANAGER)
    opening_id = drafted()
    approved(opening_id, anna)
    assert told(city) == ["bram@kaprijke.example"]

    approved(opening_id, bram)

    assert told(city) == ["dirk@kaprijke.example"]


def test_a_version_that_was_changed_since_or_does_not_pass_its_check_waits_for_nobody(city: City, pool: Pool):
    pool.employ("anna", Role.APPROVER)
    opening_id = drafted()
    found, edition = openings.get(opening_id)  # type: ignore[misc]
    openings.write(replace(found, version=2, plan=replace(found.plan, session_ids=("unknown2345",))), edition)

    assert told(city) == []


def test_an_incident_that_needs_a_second_person_is_for_approvers_but_not_for_who_asked(
    city: City, pool: Pool, monkeypatch: pytest.MonkeyPatch
):
    openings.forget()
    given_opening()
    pool.employ("anna", Role.APPROVER)
    with at(after(40)):
        report("2027-kampen", "restart", opens_at="2027-05-14T19:00")

        assert told(city) == ["anna@kaprijke.example"]
    assert "/office/openings/2027-kampen/incidents\r\n" in part(city.mailbox[-1], "plain")
    assert "Els Maes" not in part(city.mailbox[-1], "plain")


def test_a_mail_that_fails_keeps_no_other_from_hearing_and_goes_with_the_next_try(
    city: City, pool: Pool, monkeypatch: pytest.MonkeyPatch
):
    pool.employ("anna", Role.APPROVER)
    pool.employ("bram", Role.APPROVER)
    drafted()
    city.outbox()
    (message,) = [one for one in city.queued() if one["kind"] == "approval"]
    send, tries = delivery.post, iter((True, False))

    def once_broken(*of: Any) -> None:
        if next(tries, False):
            raise sending.MailRefused("Throttling", is_for_now=True)
        send(*of)

    monkeypatch.setattr(delivery, "post", once_broken)
    assert city.deliver([message]) == [0]
    assert len(city.mailbox) == 1
    assert city.deliver([message]) == []
    assert sorted(mail["To"] for mail in city.mailbox) == ["anna@kaprijke.example", "bram@kaprijke.example"]


def test_a_public_value_is_for_a_manager_first_and_then_for_an_approver_who_did_not_enter_it(city: City, pool: Pool):
    pool.employ("dirk", Role.MANAGER)
    both = pool.employ("els", Role.MANAGER)
    pool.groups["els"].append(Role.APPROVER.value)
    pool.employ("anna", Role.APPROVER)
    opening = drawn_opening(camps.BOUWKAMP, beacon="Lotto")
    with time_machine.travel(AFTER):
        openings.forget()
        assert told(city) == []  # the list is not closed yet
        assert not hold(opening)  # it waits for the value
        assert told(city) == ["dirk@kaprijke.example", "els@kaprijke.example"]

        table.enter_beacon(opening.opening_id, "3 8", both, "Els", AFTER, AFTER - timedelta(minutes=1))

        assert told(city) == ["anna@kaprijke.example"]
        assert "Er moet een openbare waarde een tweede keer ingevuld worden" in city.mailbox[-1]["Subject"]
        assert "3 8" not in part(city.mailbox[-1], "plain")


def test_managers_of_the_whole_city_are_told_of_a_webhook_that_waits_and_of_one_that_stopped(city: City, pool: Pool):
    pool.employ("anna", Role.APPROVER, (OF_ALL,))
    pool.employ("carla", Role.MANAGER)  # of one municipality
    pool.employ("els", Role.MANAGER, (OF_ALL,))
    dirk = Staff(pool.employ("dirk", Role.MANAGER, (OF_ALL,)), "Dirk", frozenset({Role.MANAGER}))
    sent = {"name": "ERP", "address": "https://erp.example.be/in", "events": ["order.paid"]}
    webhook = changing.propose({**sent, "reason": "De boekhouding volgt betalingen."}, dirk, AFTER)

    assert told(city) == ["els@kaprijke.example"]
    assert city.mailbox[-1]["Subject"] == "Een webhook wacht op je goedkeuring: ERP"
    assert webhook.secret not in part(city.mailbox[-1], "plain")

    WebhookItem("WEBHOOKS", webhook.webhook_id).update([WebhookItem.state.set("halted")])

    assert told(city) == ["dirk@kaprijke.example", "els@kaprijke.example"]
    assert city.mailbox[-1]["Subject"] == "Een webhook is gestopt: ERP"
