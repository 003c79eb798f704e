"""The limit on mails of cases to one mailbox that people outside the city bring about: anybody can type anybody's
address into a form. Mails that staff write are not counted.

| pk               | sk   | what                                                  |
| ---------------- | ---- | ----------------------------------------------------- |
| CASEMAILS#digest | hour | which mails of cases a mailbox got in an hour, by ids |

One conditional write each; a mail that is tried again counts once.
"""

from datetime import datetime, timedelta

from pynamodb.attributes import NumberAttribute, UnicodeSetAttribute
from pynamodb.expressions.condition import Condition, size

from chalicelib.core import table
from chalicelib.core.refusals import went_through
from chalicelib.people.families.identity import keyed_id, mailbox

PREFIX = "CASEMAILS#"
MOST_AN_HOUR = 5
DIGEST_LENGTH = 12


class CaseMailsItem(table.Item):
    mails = UnicodeSetAttribute()
    expires = NumberAttribute()


def has_room(email: str, mail: str, now: datetime) -> bool:
    """Counts a mail (an id of it) to the mailbox of an address; False, and not counted, after MOST_AN_HOUR others in
    this hour by the clock."""
    hour = f"{now:%Y-%m-%dT%H}"
    # With the hour in it, so that one hour's digest says nothing about another's.
    item = CaseMailsItem(PREFIX + keyed_id("case mails", f"{hour} {mailbox(email)}", DIGEST_LENGTH), hour)
    counted = CaseMailsItem.mails
    is_below: Condition = size(counted) < MOST_AN_HOUR  # type: ignore[no-untyped-call]
    may = counted.does_not_exist() | is_below | counted.contains(mail)
    end = int((now + timedelta(hours=2)).timestamp())
    return went_through(lambda: item.update([counted.add({mail}), CaseMailsItem.expires.set(end)], may))
