"""Which family a mailbox is: the one that its address makes (identity.py), unless an address was corrected.

| pk          | sk        | what                                                        |
| ----------- | --------- | ----------------------------------------------------------- |
| F#digest    | IS        | family_id, expires: this mailbox is that family's; never, where it was a stranger's |
| F#family_id | IS#digest | expires: the same from its other end, by which it is erased |

A family's id is for life, as a child's is: a corrected address leads to the family that there was. Where the desk says
that the old mailbox is a stranger's, that one leads to a family of its own from then on.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.core import table as stormloop_table
from chalicelib.core.http.problems import CHANGED, Problem, not_now
from chalicelib.core.ids import by_chance
from chalicelib.core.languages import N_
from chalicelib.core.refusals import Refused, went_through
from chalicelib.people.families import table
from chalicelib.people.families.identity import FAMILY_LENGTH, family_id
from chalicelib.people.families.rules import Pass, kept_until

SK, FROM = "IS", "IS#"
# A link that corrects an address: so long, and not as long as others, because it may be in a stranger's mailbox.
CORRECTS_FOR = timedelta(days=2)
# Of one transaction.
MOST_PASSES = 80

OTHER_FAMILY = N_(
    "This mail address has a pass of its own. Call your municipality: it can see to it that both are one family."
)
TOO_LATE = N_("This link is too old to change a mail address. Ask for the change again.")


class MailboxItem(stormloop_table.Item):
    family_id = UnicodeAttribute()
    expires = NumberAttribute(null=True)


class MailboxOfFamilyItem(stormloop_table.Item):
    expires = NumberAttribute()


def family_of(email: str, *, a_moment_ago: bool = False) -> str:
    """The id of the family whose mailbox this is, whether anybody knows it or not. One read unit, or half of one for
    what it was `a_moment_ago`."""
    digest = family_id(email)
    look = MailboxItem.seen if a_moment_ago else MailboxItem.find
    item = look(table.PARTITION + digest, SK)
    return item.family_id if item else digest


def leading(email: str, to: str, now: datetime, instead_of: str | None = None) -> list[dict[str, Any]]:
    """Writes of a transaction: this mailbox is that family's, for as long as a pass of today is kept. Refused if it is
    another one's, but `instead_of`."""
    digest, expires = family_id(email), kept_until(now)
    from_it = MailboxOfFamilyItem(table.PARTITION + to, FROM + digest, expires=expires)
    return [_put(digest, to, instead_of or to, expires), {"Put": {"Item": from_it.serialize()}}]


def estranging(email: str, its_family: str) -> dict[str, Any]:
    """One write of a transaction: this mailbox was never that family's; whoever reads it is another family from now on.
    For good, and whatever that one does: else it could become this one by having itself erased, or by waiting."""
    return _put(family_id(email), by_chance(FAMILY_LENGTH), its_family, None)


def keep(proven: Pass, now: datetime) -> None:
    """A mailbox that was corrected was used again: it leads to its family for as long as a pass of today is kept."""
    if proven.email and family_id(proven.email) != proven.family_id:
        with suppress(Refused):
            stormloop_table.transact_write(leading(proven.email, proven.family_id, now))


def _put(digest: str, to: str, instead_of: str, expires: int | None) -> dict[str, Any]:
    item = MailboxItem(table.PARTITION + digest, SK, family_id=to, expires=expires)
    return {
        "Put": {
            "Item": item.serialize(),
            "ConditionExpression": "attribute_not_exists(pk) OR family_id IN (:to, :before)",
            "ExpressionAttributeValues": {":to": {"S": to}, ":before": {"S": instead_of}},
        }
    }


def must_be_free(email: str, family: str) -> None:
    """Raises Problem `not-now` for the mailbox of another family."""
    digest = family_id(email)
    leads_to = family_of(email)
    is_used = leads_to == digest and any(one.is_proven for one in table.of_family(digest))
    if leads_to != family and (leads_to != digest or is_used):
        raise not_now(OTHER_FAMILY)


def move(asked: Pass, now: datetime) -> None:
    """The link in the new mailbox was used: from now on every pass of the family has this address, and the mailbox is
    the family's. Again and again is the same. Raises Problem `not-now`, `changed`."""
    if now > asked.created_at + CORRECTS_FOR:
        raise not_now(TOO_LATE)
    must_be_free(asked.email, asked.family_id)
    try:
        stormloop_table.transact_write(moving(asked.family_id, asked.email, now))
    except Refused:
        raise Problem(CHANGED) from None


def moving(family: str, email: str, now: datetime) -> list[Mapping[str, Any]]:
    """The same as writes of a transaction. The oldest passes of a family that has very many keep their address."""
    proven = [one for one in reversed(table.of_family(family)) if one.is_proven and one.email != email]
    passes = [table.correcting(one, replace(one, email=email)) for one in proven[:MOST_PASSES]]
    return [*(leading(email, family, now) if family_id(email) != family else []), *passes]


def of_family(family: str) -> list[str]:
    """The digests of the mailboxes that lead to this family by a correction: each may have been a family itself."""
    items = MailboxOfFamilyItem.query(table.PARTITION + family, MailboxOfFamilyItem.sk.startswith(FROM))
    return [item.sk.removeprefix(FROM) for item in items]


def forget(family: str) -> None:
    """The family is erased: its mailboxes lead where their addresses say. Again and again is the same."""
    for digest in of_family(family):
        item = MailboxItem(table.PARTITION + digest, SK)
        went_through(partial(item.delete, condition=MailboxItem.family_id == family))
