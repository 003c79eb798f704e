"""Addresses that we write to no more, because a mail came back from them or somebody complained (returning.py).

An address is left alone by its digest, exactly as it was typed, not by its mailbox: anybody could have a mail sent to
`an+no-such-tag@…` that comes back, and `an@…` must get her mails all the same. It stands in the family's own partition.
"""

from typing import TYPE_CHECKING

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.core import table
from chalicelib.core.ids import named
from chalicelib.mail import keys
from chalicelib.mail.rules import MailReturn, Message
from chalicelib.people.families import table as families
from chalicelib.people.families.rules import Pass

if TYPE_CHECKING:
    from mypy_boto3_sesv2.type_defs import MessageTagTypeDef

ADDRESS_LENGTH = 12


class AddressItem(table.Item):
    """An address of a family that we write to no more."""

    why = UnicodeAttribute()
    at = NumberAttribute()
    expires = NumberAttribute()


class LeftAlone(Exception):
    """The address is one that we write to no more."""

    def __init__(self, why: MailReturn) -> None:
        super().__init__()
        self.why = why


def tags(message: Message, family: Pass) -> "list[MessageTagTypeDef]":
    """Tags that SES returns with the event of a mail. Their values are letters, digits, `-` and `_`."""
    named = {
        "kind": message.kind.value,
        "message": message.id.replace("/", "_"),
        "family": family.family_id,
        "pass": family.pass_id,
        "address": address_of(family),
    }
    return [{"Name": name, "Value": value} for name, value in named.items()]


def why_left_alone(family: Pass) -> MailReturn | None:
    """Why we do not write to the address of a pass; None: we do. Half a read unit: a mail that came back within this
    second may not be known yet."""
    if not family.email:
        return None
    address = table.key(families.PARTITION + family.family_id, keys.ADDRESS + address_of(family))
    found = table.batch_get([address], consistent=False)
    return MailReturn(found[0]["why"]["S"]) if found else None


def write_again(family: Pass) -> None:
    """The address is right after all, or mended: the next mail goes to it."""
    AddressItem(families.PARTITION + family.family_id, keys.ADDRESS + address_of(family)).delete()


def address_of(family: Pass) -> str:
    """A digest of its address as it was typed; how its capitals are written makes no other one. No key is in it: the
    address itself stands beside it, in the pass and in SES's event."""
    return named(family.email.strip().lower(), ADDRESS_LENGTH)
