"""The number of a family without a mail address, as people say it: `4W3K-PA9R`, in letters, and on the phone.

| pk          | sk     | what                                                    |
| ----------- | ------ | ------------------------------------------------------- |
| DESK#number | FAMILY | family_id, expires: whose it is, as long as its passes  |

A family's number follows from its id, so it stands nowhere else; the item leads back. It is the family's by a
conditional write: two never share one.
"""

import re
from typing import Any

from stdnum.iso7064 import mod_37_36

from chalicelib.core import table
from chalicelib.core.ids import SPOKEN, named
from chalicelib.core.refusals import went_through

# And the check character: two slips of a hundred go unseen, and lead to no family all the same.
LENGTH = 7
# However it is written down: with or without dashes and spaces, in capitals or not.
_CHARACTER = f"[{SPOKEN}{SPOKEN[5:].lower()}]"
WRITTEN = f"{_CHARACTER}(?:[ -]*{_CHARACTER}){{{LENGTH}}}"


def number_of(family_id: str) -> str:
    """Of a family without mail address, whether or not it is known by it yet (`give`)."""
    characters = named(f"at the desk {family_id}", LENGTH, SPOKEN)
    characters += mod_37_36.calc_check_digit(characters, SPOKEN)
    return f"{characters[:4]}-{characters[4:]}"


def is_number(typed: str) -> bool:
    """Whether it may be one: no other text has its characters and its check character, but for one in 22."""
    return bool(re.fullmatch(WRITTEN, typed.strip())) and bool(mod_37_36.is_valid(_plain(typed), SPOKEN))


def give(family_id: str, expires: int) -> bool:
    """Makes the number lead to the family until `expires` (epoch seconds), or longer if it does already for longer.
    False: it is another family's. One write unit."""
    values = {":family": {"S": family_id}, ":end": {"N": str(expires)}}
    return went_through(
        lambda: table.call(
            "UpdateItem",
            Key=_key(number_of(family_id)),
            UpdateExpression="SET family_id = :family, expires = :end",
            ConditionExpression="attribute_not_exists(pk) OR family_id = :family",
            ExpressionAttributeValues=values,
        )
    )


def family_of(typed: str) -> str | None:
    """Whose number this is; None: nobody's. Half a read unit, and none for what can be no number."""
    if not is_number(typed):
        return None
    item = table.call("GetItem", Key=_key(typed)).get("Item")
    return item["family_id"]["S"] if item else None


def forget(family_id: str) -> None:
    """The family is erased. Not the number of another family that came first. Again is the same."""
    went_through(
        lambda: table.call(
            "DeleteItem",
            Key=_key(number_of(family_id)),
            ConditionExpression="family_id = :family",
            ExpressionAttributeValues={":family": {"S": family_id}},
        )
    )


def _plain(typed: str) -> str:
    return re.sub(r"[\s-]", "", typed).upper()


def _key(number: str) -> dict[str, Any]:
    return table.key(f"DESK#{_plain(number)}", "FAMILY")
