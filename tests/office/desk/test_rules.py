"""Which mail that reached nobody is still worth telling."""

import pytest

from chalicelib.booking.registrations.rules import RegistrationStatus
from chalicelib.mail.rules import OF_REGISTRATIONS, MailKind
from chalicelib.office.desk.rules import is_news


@pytest.mark.parametrize("kind", OF_REGISTRATIONS)
def test_every_mail_about_a_registration_is_news_for_as_long_as_it_says_what_is_so(kind: MailKind):
    assert any(is_news(kind, status) for status in RegistrationStatus)
    assert not is_news(kind, None)


def test_that_a_child_left_is_news_while_others_stay():
    assert is_news(MailKind.CHILD_LEFT, RegistrationStatus.CONFIRMED)
    assert not is_news(MailKind.CHILD_LEFT, RegistrationStatus.CANCELLED)
