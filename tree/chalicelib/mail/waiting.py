"""Whether mails wait because the day's mails are used up: the desk's page says it."""

from datetime import datetime, timedelta

from pynamodb.attributes import NumberAttribute

from chalicelib.core import table
from chalicelib.core.memory import Memory

PARTITION, ALL, SOME = "MAILS", "WAIT", "WAIT-SOME"
# Staff are told for so long after a mail last had to wait: longer than until any that waits looks again.
TOLD_FOR = timedelta(hours=4)
# A container says it once in so many seconds.
SECONDS_REMEMBERED = 600.0


class MailsWaitItem(table.Item):
    """When a mail last had to wait."""

    at = NumberAttribute()
    expires = NumberAttribute()


_told: Memory[str, bool] = Memory(SECONDS_REMEMBERED)


def tell_staff(now: datetime, *, all_of_them: bool) -> None:
    """`all_of_them`: confirmations and offers too, not only mails to many and passes."""
    sk = ALL if all_of_them else SOME
    if not _told.fresh(sk):
        at = int(now.timestamp())
        MailsWaitItem(PARTITION, sk, at=at, expires=at + int(TOLD_FOR.total_seconds())).save()
        _told.put(sk, value=True)


def told(now: datetime) -> str | None:
    """ALL, SOME, or None if no mail waits for another day's mails."""
    since = int((now - TOLD_FOR).timestamp())
    kinds = [item.sk for item in MailsWaitItem.query(PARTITION, MailsWaitItem.sk.startswith(ALL)) if item.at >= since]
    return min(kinds, default=None)
