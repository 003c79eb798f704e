"""Mails that came back: what SES's events store, and what becomes of the next mail.

The events are those of https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-examples.html, as
EventBridge wraps them.
"""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.core import table as stormloop_table
from chalicelib.mail import handlers, returned, undelivered
from chalicelib.mail.rules import MailKind, MailReturn, Message
from chalicelib.people.families import table as families
from chalicelib.people.families.rules import Pass
from tests.mail.conftest import DIALLO, PEETERS, City

AT = "2027-03-06T18:05:02.669Z"


def event(message: Message, family: Pass, kind: str = "Permanent") -> dict[str, Any]:
    """`kind`: of a bounce, or Complaint."""
    given = {one["Name"]: [one["Value"]] for one in returned.tags(message, family)}
    about: dict[str, Any] = {
        "eventType": "Bounce",
        "bounce": {
            "bounceType": kind,
            "bounceSubType": "General",
            "bouncedRecipients": [{"emailAddress": family.email, "action": "failed", "status": "5.1.1"}],
            "timestamp": AT,
            "feedbackId": "01000157c44f053b-61b59c11-9236-11e6-8f96-7be8aexample-000000",
        },
    }
    if kind == "Complaint":
        complained = [{"emailAddress": family.email}]
        about = {
            "eventType": "Complaint",
            "complaint": {"complainedRecipients": complained, "timestamp": AT, "complaintFeedbackType": "abuse"},
        }
    sent = {"timestamp": AT, "source": "sport@kaprijke.example", "destination": [family.email]}
    tags = {"ses:configuration-set": ["stormloop"], **given}
    return {
        "version": "0",
        "source": "aws.ses",
        "detail-type": "Email Bounced",
        "region": "eu-west-1",
        "detail": {**about, "mail": {**sent, "messageId": "EXAMPLE7c191be45", "tags": tags}},
    }


def offered(registration_id: str = "peeters2345abcdefgh") -> Message:
    return Message(MailKind.OFFERED, registration_id, "session")


def everything() -> list[Any]:
    return sorted((item for page, _ in stormloop_table.scan() for item in page), key=str)


def test_an_address_that_does_not_exist_is_written_to_no_more_and_the_desk_is_told(city: City):
    session = city.publish()
    made = city.register(PEETERS, session).registration
    (mail,) = city.run()
    assert mail["To"] == PEETERS.email

    handlers.returned(event(Message(MailKind.CONFIRMED, made.registration_id), PEETERS))
    city.cancel(PEETERS, made.registration_id)

    assert city.run() == []
    work, more = undelivered.page(None, 10)
    assert [(one.kind, one.id, one.reason) for one in work] == [
        (MailKind.CANCELLED, made.registration_id, "gone"),
        (MailKind.CONFIRMED, made.registration_id, "gone"),
    ]
    assert more is None

    returned.write_again(PEETERS)
    city.register(PEETERS, session, key="key-2")
    assert len(city.run()) == 1


def test_an_offer_whose_mail_came_back_is_work_for_the_desk_whatever_the_reason(city: City):
    for kind, registration_id in (("Permanent", "a"), ("Transient", "b"), ("Undetermined", "c")):
        handlers.returned(event(offered(registration_id), PEETERS, kind))

    assert [(one.id, one.reason) for one in undelivered.page(None, 10)[0]] == [
        ("a", "gone"),
        ("b", "not-now"),
        ("c", "not-now"),
    ]


def test_a_full_mailbox_gets_the_next_mail(city: City):
    handlers.returned(event(offered(), PEETERS, "Transient"))

    assert returned.why_left_alone(PEETERS) is None


def test_who_complained_gets_no_mail_more_and_its_mail_had_arrived(city: City):
    handlers.returned(event(offered(), PEETERS, "Complaint"))

    assert returned.why_left_alone(PEETERS) is MailReturn.COMPLAINT
    assert returned.why_left_alone(DIALLO) is None
    assert undelivered.every() == []


def test_an_address_that_a_stranger_made_up_in_her_mailbox_stops_no_mail_of_hers(city: City):
    """`an+x@…` may not exist where `an@…` does, and anybody can ask for a pass for it."""
    made_up = replace(PEETERS, pass_id="pass22222222", email="an.peeters+x@example.be")
    families.put(made_up)

    handlers.returned(event(Message(MailKind.PASS, f"{made_up.family_id}/{made_up.pass_id}"), made_up))

    assert returned.why_left_alone(made_up) is MailReturn.GONE
    assert returned.why_left_alone(PEETERS) is None
    assert returned.why_left_alone(replace(PEETERS, email=PEETERS.email.upper())) is None


def test_a_link_that_came_back_is_no_work(city: City):
    handlers.returned(event(Message(MailKind.PASS, f"{PEETERS.family_id}/{PEETERS.pass_id}"), PEETERS))

    assert undelivered.every() == []


def test_a_family_that_was_erased_is_not_there_again(city: City):
    erased = replace(PEETERS, family_id="erased23456", email="gone@example.be")
    before = everything()

    for kind in ("Permanent", "Transient", "Complaint"):
        handlers.returned(event(offered("erased23456abcdefgh"), erased, kind))

    assert everything() == before


@pytest.mark.parametrize(
    "strange",
    [
        {},
        {"detail": {"eventType": "Bounce", "bounce": {"bounceType": "Permanent", "timestamp": AT}, "mail": {}}},
        {"detail": {"eventType": "Delivery", "mail": {"tags": {"kind": ["offered"]}}}},
    ],
)
def test_a_mail_that_is_not_ours_changes_nothing(city: City, strange: dict[str, Any]):
    before = everything()

    handlers.returned(strange)

    assert everything() == before


def test_the_same_event_again_changes_nothing(city: City):
    handlers.returned(event(offered(), PEETERS))
    once = everything()

    handlers.returned(event(offered(), PEETERS))

    assert everything() == once


def test_nothing_stored_says_where_the_mail_went(city: City):
    before = everything()
    handlers.returned(event(offered(), PEETERS))

    added = str([item for item in everything() if item not in before])
    assert "an.peeters" not in added
    assert PEETERS.family_id in added


def test_the_desk_sees_all_of_them_page_by_page_and_offers_first(city: City):
    for number in range(7):
        handlers.returned(event(Message(MailKind.CONFIRMED, f"c{number}", "s"), PEETERS, "Transient"))
        handlers.returned(event(Message(MailKind.OFFERED, f"o{number}", "s"), PEETERS, "Transient"))

    seen, after = [], None
    while True:
        lines, after = undelivered.page(after, 3)
        seen += [one.id for one in lines]
        if after is None:
            break

    assert seen == [f"o{number}" for number in range(7)] + [f"c{number}" for number in range(7)]
