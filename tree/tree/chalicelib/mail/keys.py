"""The keys of what is stored about mails."""

from chalicelib.core import table
from chalicelib.mail.rules import MailKind

# A mail that did not arrive.
UNDELIVERED = "UNDELIVERED"
# In a family's partition: an address of it that we write to no more.
ADDRESS = "MAILBOX#"


def undelivered(kind: MailKind, id_: str) -> dict[str, dict[str, str]]:
    """As DynamoDB writes it."""
    return table.key(UNDELIVERED, f"{kind}#{id_}")
