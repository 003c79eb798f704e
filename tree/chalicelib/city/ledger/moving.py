"""`move-ledger`: the entries of a deployment from before the ledger had a table of its own, once, after the upgrade."""

from collections.abc import Mapping
from typing import Any

import click

from chalicelib.city.ledger.table import PK
from chalicelib.core import settings, table
from chalicelib.core.refusals import Refused


class NotTheSame(click.ClickException):
    """An entry of that number stands in the new table already, and is another one."""


@click.command("move-ledger")
def move_ledger() -> None:
    """Move the ledger's entries into its own table.

    Until then whatever needs an entry answers `busy`. To be repeated if it breaks off: an entry is deleted where it was
    only when all of them are where they belong.
    """
    click.echo(f"Moved entries: {move()}")


def move() -> int:
    """How many entries were still to be moved. The last entry is copied first: from then on the functions know the head
    of the chain, and go on behind it whatever is still to come. Raises NotTheSame."""
    entries = list(table.query("pk = :ledger", {":ledger": {"S": PK}}, ConsistentRead=True))[::-1]
    for entry in entries:
        _copy(entry)
    for entry in entries:
        table.call("DeleteItem", Key={name: entry[name] for name in ("pk", "sk")})
    return len(entries)


def _copy(entry: Mapping[str, Any]) -> None:
    name = settings.ledger_table()
    try:
        table.call("PutItem", TableName=name, Item=entry, ConditionExpression="attribute_not_exists(pk)")
    except Refused:
        found = table.call(
            "GetItem", TableName=name, Key={one: entry[one] for one in ("pk", "sk")}, ConsistentRead=True
        )
        if found.get("Item") != entry:
            raise NotTheSame(f"Entry {entry['sk']['S']} is another one in {name}. Nothing was deleted.") from None
