"""Mails that SES refused, kept in the table until a later try succeeds, and those that have no address to go to: nobody
has to search a log for them.

No address is kept with them: the id leads to the registration or the pass.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.core import table
from chalicelib.mail.rules import MailKind, Message

PARTITION = "UNDELIVERED"
# Instead of a code of SES: the family has no mail address, and the desk tells it.
TO_PRINT = "Letter"


class UndeliveredItem(table.Item):
    reason = UnicodeAttribute()
    at = NumberAttribute()


@dataclass(frozen=True)
class Undelivered:
    """`reason`: the code that SES gave, or TO_PRINT. `at`: the latest try."""

    kind: MailKind
    id: str
    reason: str
    at: datetime


def keep(message: Message, reason: str, at: datetime) -> None:
    UndeliveredItem(PARTITION, _key(message), reason=reason, at=int(at.timestamp())).save()


def clear(message: Message) -> None:
    """Called after every mail that was sent. It looks before it deletes, because a read costs a tenth of the write that
    deleting nothing would cost. How often the message was received does not tell: one that comes back from the dead
    letters counts from 1 again."""
    if UndeliveredItem.count(PARTITION, UndeliveredItem.sk == _key(message)):
        UndeliveredItem(PARTITION, _key(message)).delete()


def erase(family_id: str) -> None:
    """Those of a family; every one is read for it. Their ids begin with the family's, but for a draw's result."""
    for item in UndeliveredItem.query(PARTITION, consistent_read=True):
        if family_id in item.sk:
            item.delete()


def erase_before(moment: datetime) -> None:
    """Those whose latest try is older."""
    for item in UndeliveredItem.query(PARTITION):
        if item.at < moment.timestamp():
            item.delete()


def every() -> list[Undelivered]:
    """The oldest first."""
    found = []
    for item in UndeliveredItem.query(PARTITION):
        kind, _, id_ = item.sk.partition("#")
        found.append(Undelivered(MailKind(kind), id_, item.reason, datetime.fromtimestamp(int(item.at), UTC)))
    return sorted(found, key=lambda one: one.at)


def _key(message: Message) -> str:
    return f"{message.kind}#{message.id}"
