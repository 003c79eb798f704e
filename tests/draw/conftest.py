"""The way from the table to the mailboxes, as the mails' own tests have it."""

from tests.confirmations.conftest import city  # noqa: F401
