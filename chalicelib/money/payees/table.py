"""Payees in the table, all under one key.

| pk     | sk           | what                                               |
| ------ | ------------ | -------------------------------------------------- |
| PAYEES | OF#place     | a municipality's own payee; OF# alone: the city's  |

Whatever has to do with money asks first whether there is a payee: one query for all of them, at most once in
SECONDS_REMEMBERED for a container. A city without one takes no money here, and pays for no read of it.
"""

from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute

from chalicelib.core import table
from chalicelib.core.memory import Memory
from chalicelib.money.payees.rules import DueFrom, DueRule, Payee, Payees, ReferenceScheme, UnpaidRule

PK, _OF = "PAYEES", "OF#"
SECONDS_REMEMBERED = 4.0
_remembered: Memory[str, Payees] = Memory(SECONDS_REMEMBERED)


class PayeeItem(table.Item):
    """`said`: the payee as JSON. `edition` counts its changes."""

    edition = NumberAttribute()
    said = JSONAttribute()


def remembered() -> Payees:
    """All of them, as they were at most SECONDS_REMEMBERED ago. Raises PynamoDB's error if they cannot be read."""
    return _remembered.get(PK, every)


def every() -> Payees:
    """All of them, as they are now."""
    found = [_read(item) for item in PayeeItem.query(PK, PayeeItem.sk.startswith(_OF), consistent_read=True)]
    return Payees({payee.municipality: payee for payee in found})


def of(municipality: str) -> Payee | None:
    """To whom a family pays there, as it was a moment ago; None: the city takes no money there."""
    return remembered().of(municipality)


def putting(payee: Payee) -> dict[str, Any]:
    """One write of a transaction: the payee in the place of the edition before. Refused if that is not as it was
    read. Whoever writes it calls `forget` afterwards."""
    item = PayeeItem(PK, _OF + payee.municipality, edition=payee.edition, said=_said(payee))
    return {"Put": {"Item": item.serialize(), **table.as_read("edition", payee.edition - 1)}}


def forget() -> None:
    _remembered.forget()


def _said(payee: Payee) -> dict[str, Any]:
    return {
        "name": payee.name,
        "iban": payee.iban,
        "scheme": payee.scheme,
        "due": [payee.due.counted_from, payee.due.days],
        "reminders": list(payee.unpaid.reminders),
        "cancels_after": payee.unpaid.cancels_after,
        "postcodes": list(payee.postcodes),
    }


def _read(item: PayeeItem) -> Payee:
    said = item.said
    return Payee(
        item.sk.removeprefix(_OF),
        said["name"],
        said["iban"],
        ReferenceScheme(said["scheme"]),
        DueRule(DueFrom(said["due"][0]), said["due"][1]),
        UnpaidRule(tuple(said["reminders"]), said["cancels_after"]),
        tuple(said["postcodes"]),
        int(item.edition),
    )
