"""The one table: its keys and its connection.

| pk           | sk         | what                                    | folder        |
| ------------ | ---------- | --------------------------------------- | ------------- |
| PROGRAMME    | session_id | a session as published                  | programme     |
| S#session_id | SEATS      | the seats of a session, and who has one | seats         |
| S#session_id | WAITING    | the next ticket of the waiting list     | waiting_list  |
| S#session_id | W#child_id | a child's place on the waiting list     | waiting_list  |
| F#family_id  | P#pass_id  | a pass: which family, which children    | families      |
| F#family_id  | CARE#child_id | what the camp must know of a child   | care          |
| F#family_id  | ASKED#hour | how many passes were asked for          | families      |
| F#family_id  | R#suffix   | a registration                          | registrations |
| F#family_id  | WISHES#opening_id | what a family prepared for an opening | wishes     |
| F#family_id  | WEEK#week  | which slots a family booked in a week   | swimming      |
| O#opening_id | D#family_id | what a family entered for a draw       | draw          |
| O#opening_id | ASKED, BEACON, DRAW, LIST#…, RESULT#…, S#… | a draw | draw          |
| O#opening_id | LOG#number | what went wrong, and what was done      | openings      |
| UNDELIVERED  | kind#id    | a mail that SES refused                 | confirmations |
| SWIMMING     | TIMETABLE  | patterns, closed days, terms            | swimming      |
| SWIM#week    | slot_id    | who has how many places in a slot       | swimming      |
| CITY         | CANCELLATION | what cancelling costs, in versions    | cancellation  |
| LEDGER       | number     | an entry of the ledger of exceptions    | ledger        |
| TEXTS        | key        | a text that staff changed, as it is now | texts         |
| TEXTS#key    | version    | each version of it                      | texts         |
| TALLY#day    | HH:MM:SS#… | what was counted in ten seconds         | tally         |
| TALLY#year   | MM-DD      | the sums of a day that is over          | tally         |
| COST         | day        | what was used that day                  | cost          |

`expires` (epoch seconds) is the table's TTL attribute. There is no secondary index: each would double a write.
"""

import os
from collections.abc import Mapping, Sequence
from time import sleep
from typing import Any

from botocore.exceptions import ClientError
from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import PynamoDBException
from pynamodb.models import Model

from chalicelib import metering

# Seconds before each further try for the keys that a batch left unread.
PAUSES = (0.05, 0.1, 0.2)
# And before each further try for the items that nobody waits for.
LONG_PAUSES = (0.1, 0.3, 1, 3, 5, 10, 10, 15, 20, 25)


class Item(Model):
    """What every item has. Its subclasses share one connection, so that a cold start makes one client, not six."""

    class Meta:
        table_name = os.environ.get("TABLE", "stormloop")
        # A parent waits for the answer: three quick attempts, then `busy`, which is safe to repeat.
        connect_timeout_seconds = 2
        read_timeout_seconds = 3
        max_retry_attempts = 2

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)


def connect() -> None:
    """Makes the client anew. At import this spends the cold start's processor time instead of the first parent's."""
    Item._connection = None
    metering.watch(Item._get_connection().connection.client)


def key(pk: str, sk: str) -> dict[str, Any]:
    """As DynamoDB writes it."""
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def call(operation: str, **arguments: Any) -> Mapping[str, Any]:
    """One call of DynamoDB's own API, for what PynamoDB has no words for; raises botocore's ClientError.

    PynamoDB 6.1 cannot ask for `ReturnValuesOnConditionCheckFailure` on a single write, and the seats need it.
    """
    client: Any = Item._get_connection().connection.client
    answer: Mapping[str, Any] = client._make_api_call(operation, {"TableName": Item.Meta.table_name, **arguments})
    return answer


def batch_get(keys: Sequence[Mapping[str, Any]], *, consistent: bool = True) -> list[Mapping[str, Any]]:
    """The items of `keys` that exist, as DynamoDB writes them; no key may stand in it twice. Not `consistent`, at half
    the price, what changed within the last second may be missing.

    Raises ClientError `ThrottlingException` when DynamoDB leaves keys unread time and again.
    """
    client: Any = Item._get_connection().connection.client
    name = Item.Meta.table_name
    found: list[Mapping[str, Any]] = []
    wanted = list(keys)
    pauses = iter(PAUSES)
    while wanted:
        now, wanted = wanted[:100], wanted[100:]
        answer = client.batch_get_item(RequestItems={name: {"Keys": now, "ConsistentRead": consistent}})
        found += answer["Responses"].get(name, [])
        if left := answer["UnprocessedKeys"].get(name, {}).get("Keys", []):
            # Throttled in part, which botocore takes for an answer.
            pause = next(pauses, None)
            if pause is None:
                raise ClientError({"Error": {"Code": "ThrottlingException", "Message": "keys left"}}, "BatchGetItem")
            sleep(pause)
            wanted += left
    return found


def batch_put(items: Sequence[Mapping[str, Any]]) -> None:
    """Puts items, 25 in a call, over whatever has their keys; no key may stand in it twice. Nobody waits for it: where
    DynamoDB is throttled it tries for a minute and a half.

    Not atomic: should it break off, some of them are there. Raises ClientError `ThrottlingException` when DynamoDB
    leaves items unwritten time and again.
    """
    client: Any = Item._get_connection().connection.client
    name = Item.Meta.table_name
    left = list(items)
    pauses = iter(LONG_PAUSES)
    while left:
        now, left = left[:25], left[25:]
        try:
            answer = client.batch_write_item(RequestItems={name: [{"PutRequest": {"Item": item}} for item in now]})
            unwritten = [one["PutRequest"]["Item"] for one in answer["UnprocessedItems"].get(name, [])]
        except ClientError as error:
            if error.response["Error"]["Code"] not in ("ProvisionedThroughputExceededException", "ThrottlingException"):
                raise
            unwritten = now
        left = unwritten + left
        if len(unwritten) < len(now):
            pauses = iter(LONG_PAUSES)
        if unwritten:
            pause = next(pauses, None)
            if pause is None:
                raise ClientError({"Error": {"Code": "ThrottlingException", "Message": "items left"}}, "BatchWriteItem")
            sleep(pause)


def transact_write(items: Sequence[Mapping[str, Any]]) -> None:
    """All of at most 100 writes or none; each `{"Put": {...}}`, `{"Delete": {...}}` … without its TableName.

    Raises ClientError `TransactionCanceledException`, with a reason for each item in its order.
    """
    client: Any = Item._get_connection().connection.client
    named = [{kind: {"TableName": Item.Meta.table_name, **write} for kind, write in item.items()} for item in items]
    client.transact_write_items(TransactItems=named)


def is_refusal(error: ClientError | PynamoDBException) -> bool:
    """Whether DynamoDB evaluated a write's condition and it did not hold: an answer, not a failure."""
    cause = error.cause if isinstance(error, PynamoDBException) else error
    return isinstance(cause, ClientError) and cause.response["Error"]["Code"] == "ConditionalCheckFailedException"


connect()
