"""The one table: its keys and its connection.

| pk           | sk         | what                                    | folder        |
| ------------ | ---------- | --------------------------------------- | ------------- |
| PROGRAMME    | session_id | a session as published                  | programme     |
| SESSION_NAMES | id        | which session has another name than its first | programme |
| S#session_id | NEWS#number | what a camp's families are told of it   | programme     |
| LEADERS      | session_id | who leads a session                     | programme     |
| COLUMNS      | municipality#signature | which column of a file is which | programme |
| S#session_id | SEATS      | the seats of a session, and who has one | seats         |
| PRESENCE#session_id | day#child_id | how a child is marked on a day     | presence      |
| PRESENCE#session_id | GROUPS | the named groups of a session            | presence      |
| S#session_id | WAITING    | the next ticket of the waiting list     | waiting_list  |
| S#session_id | W#child_id | a child's place on the waiting list     | waiting_list  |
| F#family_id  | P#pass_id  | a pass: which family, which children    | families      |
| F#family_id  | CARE#child_id | what the camp must know of a child   | care          |
| F#family_id  | INVITED#child_id, SHARED#…, SHARES#…, CONFIDENTIAL | two parents share a child | families |
| F#family_id  | ASKED#hour | how many passes were asked for          | families      |
| F#family_id  | NAMES#year | which children it names in a season     | families      |
| F#family_id  | ADDRESSEE  | whom letters are for, where, and a phone | families     |
| F#family_id  | TALK#moment#chance | what was said with a family     | families      |
| DESK#number  | FAMILY     | whose number at the desk it is          | families      |
| ENDED#year   | session_id#registration_id | a registration that ended | registrations |
| S#session_id | OFFER#registration_id | that seats were offered to who waited | waiting_list |
| C#child_id   | NAMED, BY#family_id | who names a child, who did first | families     |
| C#digest     | IS, IS#family_id | which child a corrected name stands for | families   |
| F#digest     | IS, IS#digest | whose a corrected mailbox is         | families      |
| F#family_id  | CORRECTED  | how its children stood before           | families      |
| NAMED_TWICE  | child_id   | a child that several families name      | families      |
| CHANGES      | moment#kind#id | what a token signed earlier does not know | families |
| F#family_id  | ERASING    | that the family is to be erased         | families      |
| F#family_id  | R#suffix   | a registration                          | registrations |
| F#family_id  | ANSWERS#suffix | what was answered about its children | answers       |
| CONTINUED    | registration_id | the reference of one that moved    | registrations |
| F#family_id  | WISHES#opening_id | what a family prepared for an opening | wishes     |
| F#family_id  | WEEK#week  | which slots a family booked in a week   | swimming      |
| O#opening_id | D#family_id | what a family entered for a draw       | draw          |
| O#opening_id | ASKED, BEACON, DRAW, LIST#…, START#…, RESULT#…, S#… | a draw | draw |
| OPENINGS     | opening_id | an opening                              | openings      |
| OWNERS       | session_id | which opening owns a session            | openings      |
| O#opening_id | LOG#number | what went wrong, and what was done      | openings      |
| STAFF#digest | SESSION    | who is signed in at the office          | staff         |
| F#family_id  | WORK#kind#key | what somebody has to do for a family, and who did | work      |
| WORK#municipality | day#kind#family_id#key | the list of a municipality's work | work      |
| F#family_id  | ENTITLED#declaration_id | what a family declared that a price depends on | entitlements |
| F#family_id  | EXTRAS#suffix | extras that a family took, and fines  | extras        |
| ENTITLED#municipality | moment#family_id#declaration_id | that nobody decided it yet | entitlements |
| UNDELIVERED  | kind#id    | a mail that did not arrive              | mail          |
| F#family_id  | MAILBOX#digest | an address that gets no more mails  | mail          |
| LINKS#…      | ASKED-FOR  | how many passes were asked for          | families      |
| MAILS        | MORE, WAIT, WAIT-SOME | what mails wait for          | mail          |
| MAILS        | REMIND#…, TOLD#… | how far reminders are queued, who of staff was told | mail |
| PAYMENT#id   | STATE, CALLS#hour | a payment on line                | online        |
| PAYING#order_id | ATTEMPT | how an order is being paid on line      | online        |
| PAYMENTS     | PAYMENT#id | a payment that is looked at each hour   | online        |
| WEBHOOKS     | webhook_id | who else is told what happens           | links         |
| WEBHOOK#id   | DUE#moment#event_id, DEAD#… | what it is still to be told | links     |
| WEBHOOK-TURN | TURN       | who delivers now                        | links         |
| BY-ITSELF#year | MM-DD    | what of a day ran by itself             | insight       |
| CASE-HANDS#year | MM-DD   | what a day's cases took                 | insight       |
| BY-HAND      | step       | how it was done by hand before          | insight       |
| SWIMMING     | TIMETABLE  | patterns, closed days, terms            | swimming      |
| SWIM#week    | slot_id    | who has how many places in a slot       | swimming      |
| CITY         | CANCELLATION | what cancelling costs, in versions    | cancellation  |
| CITY         | PARENTS    | who of two parents may cancel           | city          |
| CITYPASS     | RULES, RULES#number | the rule of the city pass, in versions | money/citypass |
| F#family_id  | CITYPASS#number, CITYVOUCHER#code | applications for a city pass, vouchers | money/citypass |
| CITYCASES    | due#family_id#number | an application that waits           | money/citypass |
| CITYNUMBER#number | PASS    | whose city pass has this number         | money/citypass |
| CITYHOLDER#person | PASS, BUDGET#name | in whose pass a person is; what it spent | money/citypass |
| CITYVOUCHER#code | VOUCHER  | a voucher                               | money/citypass |
| CITYISSUED#month, CITYPAYOUT#month | code, provider#… | vouchers issued; what is owed | money/citypass |
| CITYPROVIDERS | provider_id | a shop or club                          | money/citypass |
| CITYTRIES#provider | hour   | wrong codes that it tried               | money/citypass |
| CITYFIGURES  | yyyy-mm      | what was counted about city passes      | money/citypass |
| HELPERS      | HELPER#helper_id | who may help families, until when         | people/assistance |
| HELPCODE#digest | CODE    | a code that lets a helper in, until it is used | people/assistance |
| HELPTRIES#who | hour or day | codes tried and made, consents written down | people/assistance |
| F#family_id  | HELP#help_id, HELPED#help_id#act_id | who helped a family, and what they did | people/assistance |
| HELPDAY#day  | help_id    | whom somebody helped that day, and who looked at it | people/assistance |
| QUESTIONS    | session_id or opening_id | what is asked there, as it is now | questions |
| QUESTIONS#id | version    | each version of it                      | questions     |
| BOOKS#day    | entry_id   | what moved between accounts             | money/books   |
| BOOKS-CLOSED | day        | the sums of a day that is closed        | money/books   |
| BOOKS-NUMBERS | version   | the city's own account numbers          | money/books   |
| REFUND#order_id | number  | money that goes back                    | money/refunds |
| REFUNDS      | order_id#number | what is released, and in no file   | money/refunds |
| REFUND-FILES | number     | a file for the bank                     | money/refunds |
| REFUND-FILE#number | order_id#number, CONTENT | what is in it, and itself | money/refunds |
| TARIFFS      | TARIFF#place | which versions of a tariff are accepted | money/tariffs |
| TARIFF#place | version    | a version of it, a draft or accepted    | money/tariffs |
| TEXTS        | key        | a text that staff changed, as it is now | texts         |
| FACES        | ALL, OF#municipality | what a municipality looks like | face          |
| LOGOS        | digest     | the picture of a logo                   | face          |
| TEXTS#key    | version    | each version of it                      | texts         |
| MOVEMENTS#yyyy-mm | day#alike#number | an entry of the bank's, and whose it is | statements |
| PAID#order_id | movement_id | that an entry is an order's               | statements    |
| STATEMENTS   | statement_id | a statement of the bank's              | statements    |
| STATEMENT#id | 0001 …     | the ids of its entries                  | statements    |
| MONEY-TASKS  | day#subject | what finance has to do about money     | statements    |
| MONEY-DONE#year | day#subject#epoch | the same, when it was done     | statements    |
| CERTIFICATES#year | MAXIMUM, SERIAL, NO#serial, FILE#number | tax certificates of a year | certificates |
| CERTIFICATES#ORGANIZERS | PLACE#municipality | who organises the care | certificates |
| CERTIFIED#family_id | YEAR#year, NO#…, TELL#… | which tax certificates are a family's | certificates |
| NATIONAL#family_id | NUMBERS | national numbers, for tax certificates alone | certificates |
| UNITS        | unit_id    | a unit of the city, and its people      | front_door/units |
| FORMS        | form_id    | how a form stands                       | front_door/forms |
| FORM#form_id | version    | a version of it                         | front_door/forms |
| AREAS        | area_id    | an area of the city                     | front_door/routing |
| CASE#case_id | CASE, H#number | a case, and what was done to it     | front_door/cases |
| CASE-TEMPLATES | template_id | an answer that is ready             | front_door/handling |
| INBOX#unit_id | answer_by#case_id | what a unit has in hand         | front_door/cases |
| PHOTO#key    | PHOTO      | how a photo stands, and whose it is     | front_door/photos |
| UPLOADS#…    | ASKED-FOR  | how many photos a connection wanted to upload | front_door/photos |
| MAP          | OUTLINE    | the city's border and its streets       | front_door/mapping |
| REPORTS#year | day-digest | a report that everybody may see         | front_door/reports |
| DAYBOOK#day  | case_id    | that a case came, and how it stands     | front_door/daybook |
| COUNTER-RULES | form_id, form_id#number | by which rule a certificate is issued | front_door/counter |
| KNOWN        | answer_id  | a question that the city answers at once | front_door/arriving |
| ARRIVED#case_id or code | HOUR#hour, MAIL#digest, RECEIPT | what mails did | front_door/arriving |
| ARRIVED-LEFT | moment-digest | a mail that became no case              | front_door/arriving |
| CASEMAILS#digest | hour   | mails of cases to one mailbox           | mail          |
| WATCHING     | EXPECTED#…, LINK#…, RING#…, LAST#…, MONTHS | what is watched, and rings | front_door/watching |
| LOOKED#year  | at#kind~subject | what somebody found who looked     | front_door/watching |
| WATCHED#year | MM-DD      | what the look of a day saw              | front_door/watching |
| CASEDAYS#form_id | year   | how many cases came on which day        | front_door/watching |
| CASEMONTHS#year | MM#form_id | sums of a month of a form            | front_door/watching |
| TALLY#day    | HH:MM:SS#… | what was counted in ten seconds         | tally         |
| TALLY#year   | MM-DD      | the sums of a day that is over          | tally         |
| COST         | day        | what was used that day                  | cost          |
| COUNTER#number | CERTIFICATE | a certificate of the home counter, without whose it is | front_door/counter |
| COUNTER-CASE#case_id | IDENTITY, ISSUED | how identity was proven; which certificate holds | front_door/counter |
| COUNTER-FIGURES | yyyy-mm | certificates issued, by kind            | front_door/counter |

`expires` (epoch seconds) is the table's TTL attribute. There is no secondary index: each would double a write. The
ledger has a table of its own (city/ledger/table.py).
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from time import sleep
from typing import Any, Self

from botocore.config import Config
from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.models import Model

from chalicelib.core import metering, refusals
from chalicelib.core.refusals import Busy

# Seconds before each further try for the keys that a batch left unread.
PAUSES = (0.05, 0.1, 0.2)
# And before each further try for the items that nobody waits for.
LONG_PAUSES = (0.1, 0.3, 1, 3, 5, 10, 10, 15, 20, 25)


# Items as DynamoDB writes them, and the key behind which the next page begins; None: there is none.
Page = tuple[Sequence[Mapping[str, Any]], Mapping[str, Any] | None]


class Item(Model):
    """The base of every item. Its subclasses share one connection, so that a cold start makes one client, not six."""

    class Meta:
        table_name = os.environ.get("TABLE", "stormloop")
        # A parent waits for the answer: three quick attempts, then `busy`, which is safe to repeat.
        connect_timeout_seconds = 2
        read_timeout_seconds = 3
        max_retry_attempts = 2

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)

    @classmethod
    def find(cls, pk: str, sk: str) -> Self | None:
        """The item as it is now, or None if there is none. One consistent read."""
        try:
            return cls.get(pk, sk, consistent_read=True)
        except cls.DoesNotExist:
            return None

    @classmethod
    def glance(cls, pk: str, sk: str) -> Self | None:
        """The item as it was a moment ago, at half the price: for what is only shown, or what a condition measures
        later. What was written within the last second may be missing."""
        try:
            return cls.get(pk, sk)
        except cls.DoesNotExist:
            return None

    # Each of the three raises Refused and Busy, as `call` does.
    def save(self, condition: Condition | None = None, **more: Any) -> dict[str, Any]:
        with refusals.read():
            return super().save(condition, **more)

    def update(self, actions: list[Action], condition: Condition | None = None, **more: Any) -> Any:
        with refusals.read():
            return super().update(actions, condition, **more)

    def delete(self, condition: Condition | None = None, **more: Any) -> Any:
        with refusals.read():
            return super().delete(condition, **more)


def connect() -> None:
    """Makes the client anew. At import this spends the cold start's processor time instead of the first parent's."""
    Item._connection = None
    connection = Item._get_connection().connection
    # Else botocore puts together twice for each call what it tells of itself.
    connection.session.set_default_client_config(Config(user_agent="stormloop"))
    client: Any = metering.watch(connection.client)
    for operation in ("BatchGetItem", "Query"):
        client.meta.events.register(f"before-parse.dynamodb.{operation}", _as_json)


def _as_json(
    response_dict: dict[str, Any], customized_response_dict: dict[str, Any], operation_model: Any, **more: Any
) -> None:
    """An answer with many items, read as the JSON that it is: botocore follows its own description of the answer, value
    by value, and takes ten times as long to come to the same. Bytes alone it must decode."""
    body = response_dict["body"]
    if response_dict["status_code"] == 200 and b'"B"' not in body and b'"BS"' not in body:
        customized_response_dict.update(json.loads(body))
        response_dict["body"] = b"{}"


def key(pk: str, sk: str) -> dict[str, Any]:
    """As DynamoDB writes it."""
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def as_read(number: str, before: int) -> dict[str, Any]:
    """The condition of a put in the place of an item whose attribute `number` was `before`; 0: there was no item."""
    if not before:
        return {"ConditionExpression": "attribute_not_exists(pk)"}
    values = {":before": {"N": str(before)}}
    return {"ConditionExpression": f"{number} = :before", "ExpressionAttributeValues": values}


def call(operation: str, **arguments: Any) -> Mapping[str, Any]:
    """One call of DynamoDB's own API, for what PynamoDB has no words for; on another table if it names one.

    Raises Refused, Busy and, if we are wrong, botocore's ClientError.

    PynamoDB 6.1 cannot ask for `ReturnValuesOnConditionCheckFailure` on a single write, and the seats need it.
    """
    client: Any = Item._get_connection().connection.client
    with refusals.read():
        answer: Mapping[str, Any] = client._make_api_call(operation, {"TableName": Item.Meta.table_name, **arguments})
    return answer


def query(condition: str, values: Mapping[str, Any], **arguments: Any) -> Iterator[Mapping[str, Any]]:
    """The items of a partition that hold to the key condition, to the last page; the next page is asked for when its
    first item is wanted. `values`: as DynamoDB writes them.

    Raises Busy. (PynamoDB's `Item.query` pages too, where an item has a class.)
    """
    asked = {"KeyConditionExpression": condition, "ExpressionAttributeValues": values, **arguments}
    for items, _ in _pages("Query", None, asked):
        yield from items


def scan(after: Mapping[str, Any] | None = None, **arguments: Any) -> Iterator[Page]:
    """The table page by page, from behind the key `after`. Raises Busy."""
    return _pages("Scan", after, arguments)


def _pages(operation: str, after: Mapping[str, Any] | None, asked: Mapping[str, Any]) -> Iterator[Page]:
    """A page ends at 1 MB: whoever reads the first alone takes what is behind it for what is not there."""
    while True:
        answer = call(operation, **asked, **({"ExclusiveStartKey": after} if after else {}))
        after = answer.get("LastEvaluatedKey")
        yield answer["Items"], after
        if not after:
            return


def batch_get(keys: Sequence[Mapping[str, Any]], *, consistent: bool = True) -> list[Mapping[str, Any]]:
    """The items of `keys` that exist, as DynamoDB writes them; no key may stand in it twice. Not `consistent`, at half
    the price, what changed within the last second may be missing.

    Raises Busy, also when DynamoDB leaves keys unread time and again.
    """
    client: Any = Item._get_connection().connection.client
    name = Item.Meta.table_name
    found: list[Mapping[str, Any]] = []
    wanted = list(keys)
    pauses = iter(PAUSES)
    while wanted:
        now, wanted = wanted[:100], wanted[100:]
        with refusals.read():
            answer = client.batch_get_item(RequestItems={name: {"Keys": now, "ConsistentRead": consistent}})
        found += answer["Responses"].get(name, [])
        if left := answer["UnprocessedKeys"].get(name, {}).get("Keys", []):
            # Throttled in part, which botocore takes for an answer.
            pause = next(pauses, None)
            if pause is None:
                raise Busy(is_throttled=True)
            sleep(pause)
            wanted += left
    return found


def batch_put(items: Sequence[Mapping[str, Any]]) -> None:
    """Puts items, 25 in a call, over whatever has their keys; no key may stand in it twice. Nobody waits for it: where
    DynamoDB is throttled it tries for a minute and a half.

    Not atomic: should it break off, some of them are there. Raises Busy, also when DynamoDB leaves items unwritten time
    and again.
    """
    client: Any = Item._get_connection().connection.client
    name = Item.Meta.table_name
    left = list(items)
    pauses = iter(LONG_PAUSES)
    while left:
        now, left = left[:25], left[25:]
        try:
            with refusals.read():
                answer = client.batch_write_item(RequestItems={name: [{"PutRequest": {"Item": item}} for item in now]})
            unwritten = [one["PutRequest"]["Item"] for one in answer["UnprocessedItems"].get(name, [])]
        except Busy as busy:
            if not busy.is_throttled:
                raise
            unwritten = now
        left = unwritten + left
        if len(unwritten) < len(now):
            pauses = iter(LONG_PAUSES)
        if unwritten:
            pause = next(pauses, None)
            if pause is None:
                raise Busy(is_throttled=True)
            sleep(pause)


def transact_write(items: Sequence[Mapping[str, Any]]) -> None:
    """All of at most 100 writes or none; each `{"Put": {...}}`, `{"Delete": {...}}` …, with its TableName if it is
    for another table.

    Raises Refused, which names the writes by their place in `items`, and Busy.
    """
    client: Any = Item._get_connection().connection.client
    named = [{kind: {"TableName": Item.Meta.table_name, **write} for kind, write in item.items()} for item in items]
    with refusals.read():
        client.transact_write_items(TransactItems=named)


def transact_write_patiently(items: Sequence[Mapping[str, Any]]) -> None:
    """The same, tried again where another transaction was at the same items."""
    for pause in (*PAUSES, None):
        try:
            transact_write(items)
        except Busy as busy:
            if pause is None or not busy.is_conflict:
                raise
            sleep(pause)
        else:
            return


connect()
