"""A family hears that its tax certificates are there."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chalicelib.mail import certificates
from chalicelib.mail.rendering import NoAddress, Sending
from chalicelib.mail.rules import MailKind, Message
from chalicelib.people.families import table as families
from tests.camps import LOU, family
from tests.money.certificates.given import LOU_NUMBER, certified
from tests.money.certificates.samples import PAYER_NUMBER

SENDING = Sending("kamp@kaprijke.example", datetime.now(UTC))


@pytest.fixture
def an(table):
    found = family(LOU).pass_
    certified(found.family_id)
    return found


def message(family_id):
    return Message(MailKind.CERTIFICATES, f"{family_id}/2024")


def test_the_mail_has_a_link_and_neither_a_number_nor_an_amount(an):
    due = certificates.due(message(an.family_id), SENDING)

    text = due.mail.as_string()
    assert due.mail["Subject"] == "Je fiscale attesten van 2024"
    assert "/account/certificates" in text.replace("=\n", "")
    for secret in (PAYER_NUMBER, LOU_NUMBER, "85.07.30", "2024-000001", "132,00", LOU.last_name):
        assert secret not in text


def test_it_goes_once_and_not_to_a_family_that_has_none_or_is_gone(an):
    assert certificates.due(message(an.family_id), SENDING)
    assert certificates.due(message(an.family_id), SENDING) is None  # somebody began with it
    assert certificates.due(message("another1234"), SENDING) is None
    assert certificates.due(Message(MailKind.CERTIFICATES, f"{an.family_id}/2023"), SENDING) is None


def test_a_family_without_a_mail_address_is_the_desks(an):
    families.put(replace(an, pass_id="later", email="", created_at=datetime.now(UTC)))

    with pytest.raises(NoAddress):
        certificates.due(message(an.family_id), SENDING)
