"""Conversations with a family, and notes about it: `F#family_id / TALK#moment#chance`. Staff write it, and see it; the
family has it in its file. None is changed: what was wrong is said by another one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from chalicelib.core import table
from chalicelib.core.ids import by_chance
from chalicelib.people.families import keys

PREFIX = "TALK#"
# As long as a registration at the longest that a city may set is of use: this summer and the next.
KEPT = timedelta(days=730)


class ConversationWay(StrEnum):
    """NOTE: nobody spoke with the family; a colleague should know it all the same."""

    PHONE = "phone"
    MAIL = "mail"
    COUNTER = "counter"
    NOTE = "note"


@dataclass(frozen=True)
class Conversation:
    """`by`: the name of who wrote it down. `conversation_id`: for what follows from it."""

    at: datetime
    way: ConversationWay
    text: str
    by: str
    conversation_id: str


def new(at: datetime, way: ConversationWay, text: str, by: str) -> Conversation:
    moment = at.astimezone(UTC).isoformat(timespec="milliseconds")
    return Conversation(at, way, text, by, f"{moment}#{by_chance(4)}")


def put_of(family_id: str, one: Conversation) -> dict[str, Any]:
    """One write of a transaction."""
    item = {
        **table.key(keys.PARTITION + family_id, PREFIX + one.conversation_id),
        "way": {"S": one.way.value},
        "text": {"S": one.text},
        "entered_by": {"S": one.by},
        "expires": {"N": str(int((one.at + KEPT).timestamp()))},
    }
    return {"Put": {"Item": item}}


def of_family(family_id: str, most: int = 0) -> list[Conversation]:
    """The latest first; `most`: only so many, 0: all."""
    values = {":family": {"S": keys.PARTITION + family_id}, ":talk": {"S": PREFIX}}
    found = []
    for item in table.query("pk = :family AND begins_with(sk, :talk)", values, ScanIndexForward=False):
        found.append(read(item))
        if len(found) == most:
            break
    return found


def read(item: Mapping[str, Any]) -> Conversation:
    """From its item as DynamoDB writes it."""
    id_ = item["sk"]["S"].removeprefix(PREFIX)
    at = datetime.fromisoformat(id_.partition("#")[0])
    return Conversation(at, ConversationWay(item["way"]["S"]), item["text"]["S"], item["entered_by"]["S"], id_)
