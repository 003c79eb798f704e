"""Mails that SES refused, kept in the table until a later try succeeds, those that came back, and those that have no
address to go to: nobody has to search a log for them. The desk sees them as work (pages/staff/undelivered.py).

No address is kept with them: the id leads to the registration or the pass.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.core import table
from chalicelib.mail.keys import UNDELIVERED as PARTITION
from chalicelib.mail.rules import TO_TELL, MailKind, Message

# Instead of a code of SES: the family has no mail address, and the desk tells it.
TO_PRINT = "Letter"


class UndeliveredItem(table.Item):
    reason = UnicodeAttribute()
    at = NumberAttribute()


@dataclass(frozen=True)
class Undelivered:
    """`reason`: the code that SES gave, TO_PRINT, or one of `MailReturn`. `at`: the latest try."""

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
    return sorted(map(_read, UndeliveredItem.query(PARTITION)), key=lambda one: one.at)


def get(kind: MailKind, id_: str) -> Undelivered | None:
    """None: it was sent, or the desk has told the family."""
    item = UndeliveredItem.find(PARTITION, f"{kind}#{id_}")
    return _read(item) if item else None


def page(after: str | None, most: int) -> tuple[list[Undelivered], str | None]:
    """At most `most` of those whose readers the desk can tell, offers first, and the key behind which the next page
    begins (None: there is none). `after`: such a key."""
    found: list[UndeliveredItem] = []
    begun = MailKind(after.partition("#")[0]) if after else TO_TELL[0]
    for kind in TO_TELL[TO_TELL.index(begun) :]:
        first = f"{after} " if after and kind is begun else f"{kind}#"
        between = UndeliveredItem.sk.between(first, f"{kind}$")  # $ is the character behind #
        found += UndeliveredItem.query(PARTITION, between, limit=most + 1 - len(found))
        if len(found) > most:
            return [_read(item) for item in found[:most]], found[most - 1].sk
    return [_read(item) for item in found], None


def forget(kind: MailKind, id_: str) -> None:
    """The desk has told the family."""
    UndeliveredItem(PARTITION, f"{kind}#{id_}").delete()


def _read(item: UndeliveredItem) -> Undelivered:
    kind, _, id_ = item.sk.partition("#")
    return Undelivered(MailKind(kind), id_, item.reason, datetime.fromtimestamp(int(item.at), UTC))


def _key(message: Message) -> str:
    return f"{message.kind}#{message.id}"
