"""What the table knows of mails that came: how many, and which were taken already.

| pk               | sk               | what                                                                  |
| ---------------- | ---------------- | --------------------------------------------------------------------- |
| ARRIVED#case_id  | HOUR#hour        | how many mails came for a case in an hour                             |
| ARRIVED#case_id  | MAIL#digest      | a mail whose words are in the case's history                          |
| ARRIVED#sender   | RECEIPT          | the mail by which an address that nothing proves got today's receipt  |
| ARRIVED-LEFT     | digest           | a mail that became no case, and why; staff look at it                 |

All of it runs out by itself; addresses are keyed codes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.core import table
from chalicelib.core.refusals import went_through
from chalicelib.people.families.identity import keyed_id, mailbox

PREFIX, LEFT = "ARRIVED#", "ARRIVED-LEFT"
HOUR, MAIL, RECEIPT = "HOUR#", "MAIL#", "RECEIPT"
# Of a case in a clock hour: a person writes fewer, and two machines are stopped.
MOST_AN_HOUR = 10
KEPT = timedelta(days=90)
MOST_LEFT = 100


class CountItem(table.Item):
    came = NumberAttribute()
    expires = NumberAttribute()


class MailItem(table.Item):
    """`mail`: digest of a mail. `why`: of one that was left."""

    mail = UnicodeAttribute()
    why = UnicodeAttribute(null=True)
    name = UnicodeAttribute(null=True)
    expires = NumberAttribute()


@dataclass(frozen=True)
class LeftMail:
    """`name`: of the object that it is kept as. `why`: a word of taking.Why."""

    digest: str
    at: datetime
    name: str
    why: str


def count_for(case_id: str, now: datetime) -> bool:
    """Counts a mail for the case; False if as many came this hour as are taken. One write."""
    item = CountItem(PREFIX + case_id, f"{HOUR}{now:%Y-%m-%dT%H}")
    is_room = CountItem.came.does_not_exist() | (CountItem.came < MOST_AN_HOUR)
    until = int((now + timedelta(hours=2)).timestamp())
    return went_through(lambda: item.update([CountItem.came.add(1), CountItem.expires.set(until)], condition=is_room))


def has(case_id: str, digest: str) -> bool:
    """Whether the words of this mail are in the case's history. One consistent read."""
    return MailItem.find(PREFIX + case_id, MAIL + digest) is not None


def marking(case_id: str, digest: str, now: datetime) -> dict[str, Any]:
    """One write of a transaction: the words of this mail are in the case's history. Refused if they are already."""
    item = MailItem(PREFIX + case_id, MAIL + digest, mail=digest, expires=int((now + KEPT).timestamp()))
    return {"Put": {"Item": item.serialize(), "ConditionExpression": "attribute_not_exists(pk)"}}


def may_have_receipt(sender: str, digest: str, now: datetime) -> bool:
    """Whether this mail is the one of today by which an address that nothing proves is written to: whoever writes in
    somebody else's name has us write to them once. One write."""
    code = keyed_id("arrived", mailbox(sender), 11)
    until = int((now + timedelta(days=1)).timestamp())
    item = MailItem(PREFIX + code, RECEIPT, mail=digest, expires=until)
    is_first = MailItem.pk.does_not_exist() | (MailItem.mail == digest) | (MailItem.expires < int(now.timestamp()))
    return went_through(lambda: item.save(condition=is_first))


def leave(name: str, why: str, digest: str, now: datetime) -> None:
    """That a mail became no case. One write; again, the same."""
    item = MailItem(LEFT, digest, mail=now.isoformat(), why=why, name=name, expires=int((now + KEPT).timestamp()))
    item.save()


def left() -> list[LeftMail]:
    """The oldest of those that were left, at most MOST_LEFT of them: what comes behind them hides none, and none runs
    out unseen by somebody who goes on."""
    found = list(map(_read, MailItem.query(LEFT, consistent_read=True)))
    return sorted(found, key=lambda one: one.at)[:MOST_LEFT]


def left_one(digest: str) -> LeftMail | None:
    """One consistent read."""
    item = MailItem.find(LEFT, digest)
    return _read(item) if item else None


def settle(digest: str) -> None:
    """Somebody saw to it. One write."""
    MailItem(LEFT, digest).delete()


def _read(item: MailItem) -> LeftMail:
    return LeftMail(item.sk, datetime.fromisoformat(item.mail), item.name or "", item.why or "")
