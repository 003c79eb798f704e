"""What staff are told about mails that SES refused; tests/mail/test_sending.py has how they come there."""

import pytest
from click.testing import CliRunner

from chalicelib.mail.commands import undelivered


@pytest.mark.usefixtures("table")
def test_an_empty_list_does_not_promise_that_every_mail_arrived():
    assert CliRunner().invoke(undelivered).output == (
        "SES refused no mail; mails that still wait, or were given up, are not listed here.\n"
    )
