"""What the table knows of mails that came: how many, and which were taken already.

| pk               | sk               | what                                                                  |
| ---------------- | ---------------- | --------------------------------------------------------------------- |
| ARRIVED#case_id  | HOUR#hour        | how many mails came for a case in an hour                             |
| ARRIVED#case_id  | MAIL#digest      | a mail whose words are in the case's history                          |
| ARRIVED#sender   | RECEIPT          | the mail by which an address that nothing proves got today's receipt  |
| ARRIVED-LEFT     | moment-digest    | a mail that became no case, and why, until staff saw to it            |
| ARRIVED#digest   | LISTED           | that it came onto that list, once, however often it is handed in      |

All of it runs out by itself; addresses are keyed codes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.core import table
from chalicelib.core.refusals import went_through
from chalicelib.people.families.identity import keyed_id, mailbox

PREFIX, LEFT = "ARRIVED#", "ARRIVED-LEFT"
HOUR, MAIL, RECEIPT, LISTED = "HOUR#", "MAIL#", "RECEIPT", "LISTED"
# Of a case in a clock hour: a person writes fewer, and two machines are stopped.
MOST_AN_HOUR = 10
KEPT = timedelta(days=90)
MOST_LEFT = 50


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
    """`left_id`: of its place in the list, in the order of time. `name`: of the object that it is kept as. `why`: a
    word of taking.Why."""

    left_id: str
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


@dataclass(frozen=True)
class LeftPart:
    """The oldest first. `next`: where the following part begins; None: there is none."""

    mails: Sequence[LeftMail]
    next: str | None


def leave(name: str, why: str, digest: str, now: datetime) -> None:
    """That a mail became no case. Two writes in one transaction; the same mail again, also once somebody saw to it,
    changes nothing."""
    until = int((now + KEPT).timestamp())
    left_id = f"{now.astimezone(UTC):%Y%m%dT%H%M%S%f}-{digest}"
    open_one = MailItem(LEFT, left_id, mail=now.isoformat(), why=why, name=name, expires=until)
    listed = MailItem(PREFIX + digest, LISTED, mail=left_id, expires=until)
    once = {"Item": listed.serialize(), "ConditionExpression": "attribute_not_exists(pk)"}
    went_through(lambda: table.transact_write([{"Put": {"Item": open_one.serialize()}}, {"Put": once}]))


def left(after: str = "") -> LeftPart:
    """Those that nobody saw to, at most MOST_LEFT of them behind `after`. Reads no more than it gives, and one."""
    behind = MailItem.sk > after if after else None
    found = list(map(_read, MailItem.query(LEFT, behind, consistent_read=True, limit=MOST_LEFT + 1)))
    shown = found[:MOST_LEFT]
    return LeftPart(shown, shown[-1].left_id if len(found) > MOST_LEFT else None)


def left_one(left_id: str) -> LeftMail | None:
    """One consistent read."""
    item = MailItem.find(LEFT, left_id) if left_id else None
    return _read(item) if item else None


def settle(left_id: str) -> None:
    """Somebody saw to it. One write."""
    if left_id:
        MailItem(LEFT, left_id).delete()


def _read(item: MailItem) -> LeftMail:
    return LeftMail(item.sk, datetime.fromisoformat(item.mail), item.name or "", item.why or "")
