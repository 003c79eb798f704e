"""Which change of the table is an event for the city's other systems, and its way there."""

from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.core.refusals import Busy
from chalicelib.links import calling, changing, table
from chalicelib.links.calling import Post
from chalicelib.links.rules import EventType
from chalicelib.mail import outbox
from chalicelib.mail.events import events
from chalicelib.mail.rules import LINKS
from chalicelib.people.staff.rules import Role, Staff
from tests.mail.conftest import NOW, PEETERS

WIM, INE = (Staff(name, name, frozenset({Role.MANAGER})) for name in ("wim", "ine"))
REASON = "Het klantenbeheer van de stad volgt inschrijvingen."
ORDER = {"pk": "ACCOUNT#peeters2345", "sk": "ORDER#4ghx7r2p"}
REFUND = {"pk": "REFUND#peeters23454ghx7r2p", "sk": "0002"}
OPEN = {"municipality": "Kaprijke", "amount": 4500, "received": 0, "returned": 0}


def told(keys: dict[str, str], old: dict[str, Any], new: dict[str, Any], change: str = "MODIFY") -> list[Any]:
    record = {"eventName": change, "dynamodb": {"SequenceNumber": "100", "ApproximateCreationDateTime": 1804356000.0}}
    return [(one.type.value, dict(one.data)) for one in events(record, keys, old, new)]


@pytest.mark.parametrize(
    ("after", "is_paid"),
    [
        ({"received": 4500}, True),
        ({"received": 5000}, True),
        ({"received": 3000, "amount": 3000}, True),
        ({"received": 3000}, False),
        ({"amount": 0}, False),  # cancelled, and nothing was paid
        ({"received": 4500, "returned": 4500, "amount": 0}, False),
    ],
)
def test_an_order_is_paid_when_nothing_is_owed_any_more(after, is_paid):
    found = told(ORDER, OPEN, {**OPEN, **after})

    assert [type_ for type_, _ in found] == ["order.paid"] * is_paid
    assert told(ORDER, {**OPEN, **after}, {**OPEN, **after, "edition": 3}) == []  # once


def test_a_payment_says_amounts_and_ids_alone():
    assert told(ORDER, {**OPEN, "reference": "090933755493"}, {**OPEN, "received": 4500, "said": "[]"}) == [
        (
            "order.paid",
            {
                "order_id": "peeters23454ghx7r2p",
                "municipality": "Kaprijke",
                "amount_cents": 4500,
                "received_cents": 4500,
                "currency": "EUR",
            },
        )
    ]


def test_a_refund_is_paid_when_it_went_out_and_says_no_account():
    before = {
        "cents": 4500,
        "municipality": "Kaprijke",
        "iban": "BE71096123456769",
        "name": "An Claeys",
        "state": "sent",
    }

    assert told(REFUND, before, {**before, "state": "out"}) == [
        (
            "refund.paid",
            {
                "order_id": "peeters23454ghx7r2p",
                "refund_id": "peeters23454ghx7r2p-2",
                "municipality": "Kaprijke",
                "amount_cents": 4500,
                "currency": "EUR",
            },
        )
    ]
    assert told(REFUND, {**before, "state": "out"}, {**before, "state": "out", "edition": 9}) == []
    assert told(REFUND, before, {**before, "state": "returned"}) == []


def test_certificates_are_issued_once_a_year_and_family():
    keys = {"pk": "CERTIFIED#peeters2345", "sk": "TELL#2026#1"}

    assert told(keys, {}, {}, "INSERT") == [("certificate.issued", {"family_id": "peeters2345", "year": "2026"})]


@pytest.mark.parametrize("drawn", [{}, {"drawn": True}])
def test_other_systems_hear_of_the_waiting_list_also_after_a_draw(drawn):
    keys = {"pk": "S#k7mxfar3ct", "sk": "W#lotte"}
    about = {"registration_id": "r1", "session_id": "k7mxfar3ct"}

    assert told(keys, {}, {"registration_id": "r1", **drawn}, "INSERT") == [("registration.waitlisted", about)]
    assert told(keys, {}, {"registration_id": "r1", "sibling": True, **drawn}, "INSERT") == []
    assert told(keys, {"registration_id": "r1"}, {}, "REMOVE") == [("registration.waiting-ended", about)]


def test_who_is_confirmed_offered_and_cancelled():
    keys = {"pk": "S#k7mxfar3ct", "sk": "SEATS"}
    old = {"holders": {"lotte": "r1", "noor": "r2"}}
    new = {"holders": {"noor": "r2", "wout": "r3", "jef": "r4"}, "u#r4": 1804356000}

    assert sorted((type_, data["registration_id"]) for type_, data in told(keys, old, new)) == [
        ("registration.cancelled", "r1"),
        ("registration.confirmed", "r3"),
        ("registration.offered", "r4"),
    ]


CASE = {"pk": "CASE#ACDEFGHJKMNPR", "sk": "CASE"}
COMPLAINT = {
    "status": "received", "form_id": "complaint", "kind": "complaint", "way": "page", "unit_id": "quality",
    "answer_by": "2027-04-20", "secret": "WXYRTVWXY34679AC", "said": '{"contact": {"name": "An Claeys"}}',
}  # fmt: skip


def test_a_case_is_told_when_it_comes_is_answered_reopened_and_closed_without_what_was_sent():
    received = told(CASE, {}, COMPLAINT, "INSERT")
    later = ("assigned", "answered", "reopened", "closed")
    others = [told(CASE, COMPLAINT, {**COMPLAINT, "status": to}) for to in later]

    assert received == [
        (
            "case.received",
            {
                "case_id": "ACDEFGHJKMNPR",
                "status": "received",
                "form_id": "complaint",
                "kind": "complaint",
                "way": "page",
                "unit_id": "quality",
                "answer_by": "2027-04-20",
            },
        )
    ]
    types = [[type_ for type_, _ in one] for one in others]
    assert types == [[], ["case.answered"], ["case.reopened"], ["case.closed"]]


@pytest.mark.parametrize("mark", ["is_canary", "is_confidential"])
def test_canaries_and_what_few_may_see_are_told_nobody(mark):
    assert told(CASE, {}, {**COMPLAINT, mark: True}, "INSERT") == []


def confirmed_webhook() -> None:
    sent = {"name": "CRM", "address": "https://crm.example.be/in", "reason": REASON}
    webhook = changing.propose({**sent, "events": [EventType.CONFIRMED]}, WIM, NOW)
    changing.confirm(webhook.webhook_id, REASON, INE, NOW)


def test_a_registration_arrives_at_the_other_system_and_its_mail_goes_as_ever(city, monkeypatch):
    posts: list[Post] = []
    monkeypatch.setattr(calling, "several", lambda several: [posts.append(one) or 204 for one in several])
    confirmed_webhook()
    city.outbox()
    city.queued()
    session = city.publish()
    city.register(PEETERS, session)

    mails = city.run()
    assert city.deliver([LINKS.to_json()]) == []  # the turn that the events called for, in ten seconds

    assert len(mails) == 1
    assert b'"type":"registration.confirmed"' in posts[0].content
    assert len(posts) == 1


def test_no_personal_data_is_on_the_queue_or_in_a_payload(city, monkeypatch):
    posts: list[Post] = []
    monkeypatch.setattr(calling, "several", lambda several: [posts.append(one) or 204 for one in several])
    confirmed_webhook()
    city.outbox()
    city.queued()
    session = city.publish()
    city.register(PEETERS, session)
    city.outbox()
    queued = city.queued()
    city.deliver(queued)
    city.deliver([LINKS.to_json()])

    assert posts
    for word in ("Lotte", "Peeters", 'example.be"', "2014", "9970"):
        assert word not in str(queued)
        assert word not in str(posts[0].content)


def test_a_city_without_a_webhook_queues_nothing_more(city):
    session = city.publish()
    city.register(PEETERS, session)
    city.outbox()

    assert [one["kind"] for one in city.queued()] == ["confirmed"]


def test_mails_do_not_wait_for_a_table_that_does_not_say_whether_there_is_a_webhook(monkeypatch):
    def busy() -> None:
        raise Busy(is_throttled=True)

    monkeypatch.setattr(table, "remembered", busy)

    assert outbox._has_webhooks()


def test_the_moment_is_the_streams_own():
    record = {"eventName": "MODIFY", "dynamodb": {"SequenceNumber": "1", "ApproximateCreationDateTime": 1804356000.4}}

    (found,) = events(record, ORDER, OPEN, {**OPEN, "received": 4500})

    assert found.at == datetime(2027, 3, 6, 18, tzinfo=UTC)
