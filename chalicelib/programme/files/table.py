"""Columns whose names nobody knows, as people explained them: once for a municipality and a row of names.

| pk      | sk                      | what                                         |
| ------- | ----------------------- | -------------------------------------------- |
| COLUMNS | municipality#signature  | which column is which, by its place from 0   |

The signature is a digest of the names in their order (headers.py), so that the same sheet of next year is read at once.
"""

from collections.abc import Mapping

from pynamodb.attributes import JSONAttribute

from chalicelib.core import table
from chalicelib.programme.files.headers import LEFT_OUT, NAMED
from chalicelib.programme.sessions.rules import normalise

PK = "COLUMNS"

Matching = Mapping[int, str]


class MatchingItem(table.Item):
    """`columns`: place to column, as JSON writes it."""

    columns = JSONAttribute()


def remembered(municipality: str, signature: str) -> Matching:
    """How people explained the columns of the header with that signature (1 consistent read); none without a
    municipality."""
    item = MatchingItem.find(PK, _sk(municipality, signature)) if municipality else None
    return {int(place): column for place, column in item.columns.items() if is_column(column)} if item else {}


def remember(municipality: str, signature: str, said: Matching) -> None:
    """Instead of what was said of it before."""
    MatchingItem(
        PK, _sk(municipality, signature), columns={str(place): column for place, column in said.items()}
    ).save()


def is_column(name: str) -> bool:
    """Whether a column can be explained as this."""
    return name in NAMED or name == LEFT_OUT


def _sk(municipality: str, signature: str) -> str:
    return f"{normalise(municipality)}#{signature}"
