"""The municipality of each session, in a module of its own: the function that counts the cost may only ask."""

from collections.abc import Iterator
from typing import NamedTuple

from chalicelib.core import table


class Whose(NamedTuple):
    session_id: str
    municipality: str
    opening_id: str | None


def every() -> Iterator[Whose]:
    """Of every session and draft; half a read unit for each 4 KB of the programme."""
    programme = {":programme": {"S": "PROGRAMME"}}
    for item in table.query("pk = :programme", programme, ProjectionExpression="sk, municipality, opening_id"):
        yield Whose(item["sk"]["S"], item["municipality"]["S"], item.get("opening_id", {}).get("S"))
