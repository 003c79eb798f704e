"""The way from the table to the mailboxes, as the mails' own tests have it."""

from tests.mail.conftest import city  # noqa: F401
