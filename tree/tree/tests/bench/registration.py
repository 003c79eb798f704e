"""What a registration costs: AWS calls, write units, processor time; and a rush on one session."""

import json
import statistics
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from time import process_time
from typing import Any

import boto3
from botocore.exceptions import ClientError

import app
from chalicelib.booking.registrations import register
from chalicelib.booking.registrations.register import RegistrationRequest
from chalicelib.core import table
from chalicelib.core.http.problems import Problem
from chalicelib.core.refusals import in_the_way
from chalicelib.mail import delivery, sending
from chalicelib.people.families.identity import family_id
from chalicelib.people.families.rules import Bearer, child
from chalicelib.seats import item as seats_item
from chalicelib.seats import table as seats
from tests import dynamodb_local
from tests.bench.table import Row
from tests.camps import LOU, family, named_by, published, without_openings

TURNS = 440
WARM_UP = 40
SEATS = 20
CALLERS = 400


@dataclass
class Spent:
    calls: list[str] = field(default_factory=list)
    write_units: float = 0
    read_units: float = 0


@contextmanager
def spending() -> Iterator[Spent]:
    """What our own client asks of DynamoDB meanwhile, in units as DynamoDB counts them."""
    spent = Spent()
    client: Any = table.Item._get_connection().connection.client
    original = client._make_api_call

    def counted(operation: str, arguments: dict[str, Any]) -> Any:
        spent.calls.append(operation)
        try:
            answer = original(operation, {**arguments, "ReturnConsumedCapacity": "TOTAL"})
        except ClientError as error:
            # A refused write costs what a granted one would; the error does not say it.
            spent.write_units += len(in_the_way(error.response))
            raise
        consumed = answer.get("ConsumedCapacity") or []
        for one in consumed if isinstance(consumed, list) else [consumed]:
            units = one["CapacityUnits"]
            if operation in ("GetItem", "Query", "BatchGetItem"):
                spent.read_units += units
            else:
                spent.write_units += units
        return answer

    client._make_api_call = counted
    try:
        yield spent
    finally:
        del client._make_api_call


def event(token: str, session_id: str, children: list[str], key: str) -> dict[str, Any]:
    """As API Gateway hands it to the handler."""
    return {
        "resource": "/api/registrations",
        "path": "/api/registrations",
        "httpMethod": "POST",
        "headers": {
            "Authorization": f"Bearer {token}",
            "Idempotency-Key": key,
            "Content-Type": "application/json",
            "Accept-Language": "nl",
        },
        "multiValueHeaders": {},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "isBase64Encoded": False,
        "requestContext": {
            "resourcePath": "/api/registrations",
            "httpMethod": "POST",
            "requestId": "bench",
            "identity": {"sourceIp": "127.0.0.1"},
        },
        "body": json.dumps({"session_id": session_id, "child_ids": children, "waitlist": True}),
    }


def units() -> list[Row]:
    """Of one confirmed registration of one child, in a container that knows the openings (the query that asks for them,
    once in five seconds, has a row of its own in admission.py) and has answered nothing else."""
    dynamodb_local.empty()
    session = published()
    without_openings()
    claeys = family(LOU)
    with spending() as request:
        answer = app.app(event(claeys.token, session.session_id, [LOU.child_id], "key"), None)
    assert answer["statusCode"] == 201, answer
    registration = json.loads(answer["body"])["registration_id"]
    message = json.dumps({"kind": "confirmed", "id": registration, "session_id": session.session_id})
    with spending() as mail, ses_that_accepts() as sent:
        failed = delivery.deliver(
            {
                "Records": [
                    {
                        "messageId": "1",
                        "receiptHandle": "r",
                        "body": message,
                        "attributes": {"ApproximateReceiveCount": "1"},
                    }
                ]
            }
        )
    assert failed == {"batchItemFailures": []}, failed
    assert len(sent) == 1
    return [
        Row("registration, request: write units", request.write_units, "WU", 2, "+".join(request.calls)),
        Row("registration, request: read units", request.read_units, "RU", 0),
        Row("registration, request: AWS calls in a row", len(request.calls), "", 2),
        # The record, the seat; behind the queue the child's days (decision 38) and the mark of the mail.
        Row("registration with its mail: write units", request.write_units + mail.write_units, "WU", 4),
        Row("its mail: read units", mail.read_units, "RU", None, "+".join(mail.calls)),
        *[as_the_last_of(taken, date(2027, 7, day)) for taken, day in ((29, 5), (30, 12), (63, 19))],
        *refusals(session.session_id),
    ]


def as_the_last_of(taken: int, monday: date) -> Row:
    """Of a claim when so many seats are taken: the item grows by 30 bytes with each. In a week of its own, because a
    child has one camp at a time."""
    session = published(title=f"Speelplein {taken}", capacity=100, starts_on=monday, ends_on=monday + timedelta(4))
    full = seats.get([session.session_id])[session.session_id]
    holders = {f"child{number:05d}": f"k7mxfar3ct9{number:08d}" for number in range(taken)}
    boto3.client("dynamodb").put_item(
        TableName="stormloop", Item=seats_item.item_of(replace(full, free=100 - taken, holders=holders))
    )
    request = event(family(LOU).token, session.session_id, [LOU.child_id], f"after {taken}")
    with spending() as spent:
        answer = app.app(request, None)
    assert answer["statusCode"] == 201, answer
    return Row(f"registration, request, when {taken} seats are taken: write units", spent.write_units, "WU")


def refusals(session_id: str) -> list[Row]:
    """Of a refused attempt: the first in a container, and those of the moment after it."""
    robbe = child("Robbe", "Claeys", date(2015, 2, 2))
    peeters = family(robbe, email="piet@example.be")
    rows = []
    for what in ("the first in a container", "again within half a second"):
        with spending() as spent:
            answer = app.app(event(peeters.token, session_id, [robbe.child_id], what), None)
        assert answer["statusCode"] == 403, answer
        rows.append(Row(f"refused attempt, {what}: write units", spent.write_units, "WU", None, "+".join(spent.calls)))
        rows.append(Row(f"refused attempt, {what}: read units", spent.read_units, "RU"))
    return rows


@contextmanager
def ses_that_accepts() -> Iterator[list[bytes]]:
    sent: list[bytes] = []

    class Ses:
        def send_email(self, **mail: Any) -> dict[str, str]:
            sent.append(mail["Content"]["Raw"]["Data"])
            return {"MessageId": str(len(sent))}

    original = sending._ses
    sending._ses = Ses
    try:
        yield sent
    finally:
        sending._ses = original


def processor_time() -> list[Row]:
    """The whole handler beside the two bare boto3 calls that it cannot do without, in turns, in one process."""
    dynamodb_local.empty()
    bare = boto3.client("dynamodb")
    ours, theirs = [], []
    for number in range(TURNS):
        if number % SEATS == 0:
            session, other = (published(title=f"Bouwkamp {number} {whose}", capacity=SEATS) for whose in "ab")
        born = date(2022, 5, 1)
        one = child(f"Lou {_letters(number)}", "Claeys", born)
        claeys = family(one, email=f"ouder{number}@example.be")
        request = event(claeys.token, session.session_id, [one.child_id], f"key-{number}")
        started = process_time()
        answer = app.app(request, None)
        ours.append(process_time() - started)
        assert answer["statusCode"] == 201, answer
        started = process_time()
        two_bare_calls(
            bare, other.session_id, claeys.pass_.pass_id, f"{claeys.pass_.family_id}{number:08d}", one.child_id
        )
        theirs.append(process_time() - started)
    peak = memory(request)
    own, least = statistics.median(ours[WARM_UP:]), statistics.median(theirs[WARM_UP:])
    return [
        Row(
            "handler / two bare boto3 calls: processor time",
            round(own / least, 2),
            "x",
            1.5,
            f"medians of {TURNS - WARM_UP}: {1000 * own:.2f} ms and {1000 * least:.2f} ms",
        ),
        Row("memory that a request takes at its peak", round(peak / 1024), "KB"),
    ]


def two_bare_calls(bare: Any, session_id: str, pass_id: str, registration_id: str, child_id: str) -> None:
    """The same two writes, by hand."""
    bare.put_item(
        TableName="stormloop",
        Item={
            "pk": {"S": f"F#{registration_id[:11]}"},
            "sk": {"S": f"R#{registration_id[11:]}"},
            "session_id": {"S": session_id},
            "child_ids": {"L": [{"S": child_id}]},
            "pass_id": {"S": pass_id},
            "created_at": {"S": "2027-05-07T19:00:00.123456+00:00"},
            "attempts": {"SS": ["abcdefgh"]},
            "expires": {"N": "1830000000"},
        },
        ConditionExpression="attribute_not_exists(pk)",
    )
    bare.update_item(
        TableName="stormloop",
        Key=seats_item.key(session_id),
        UpdateExpression="SET #free = #free - :wanted, #holders.#c = :registration",
        ConditionExpression="#free >= :wanted AND #opens <= :now AND #closes > :now AND #from <= :eldest AND "
        "#until >= :youngest AND attribute_not_exists(#holders.#c)",
        ExpressionAttributeNames={
            "#free": "free",
            "#holders": "holders",
            "#c": child_id,
            "#opens": "opens",
            "#closes": "closes",
            "#from": "born_from",
            "#until": "born_until",
        },
        ExpressionAttributeValues={
            ":wanted": {"N": "1"},
            ":registration": {"S": registration_id},
            ":now": {"N": str(int(datetime.now(UTC).timestamp()))},
            ":eldest": {"S": "2022-05-01"},
            ":youngest": {"S": "2022-05-01"},
        },
        ReturnValuesOnConditionCheckFailure="ALL_OLD",
    )


def memory(request: dict[str, Any]) -> int:
    """Bytes; of a repeated registration, which takes the longer way."""
    tracemalloc.start()
    app.app(request, None)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def rush() -> list[Row]:
    """400 callers in threads for the 20 seats of one session, each asking once and remembering nothing, as containers
    of their own would."""
    dynamodb_local.empty()
    seats._refused.seconds = 0
    session = published(capacity=20)
    now = datetime.now(UTC)

    def come(number: int) -> str:
        own = child(f"Lou {_letters(number)}", "Claeys", date(2022, 5, 1))
        parent = family_id(f"ouder{number}@example.be")
        births, namings = {own.child_id: own.birth_date}, named_by(parent, own.child_id)
        who = Bearer("pass", parent, "nl", "9970", births, namings)
        try:
            outcome = register.register(
                who, RegistrationRequest(session.session_id, (own.child_id,), False, "key"), now
            )
        except Problem as problem:
            return problem.kind.slug
        return outcome.standing.status.value

    with spending() as spent, ThreadPoolExecutor(100) as parents:
        outcomes = Counter(parents.map(come, range(CALLERS)))
    held = seats.get([session.session_id])[session.session_id].holders
    assert outcomes == {"confirmed": 20, "sold-out": CALLERS - 20}, outcomes
    assert len(set(held.values())) == len(held) == outcomes["confirmed"]
    return [
        Row(f"rush of {CALLERS} on 20 seats: seats sold", outcomes["confirmed"], "", 20, "each once"),
        Row(
            "its refusals, each as sold out",
            outcomes["sold-out"],
            "",
            None,
            f"{spent.calls.count('UpdateItem')} claims",
        ),
    ]


def _letters(number: int) -> str:
    """Names are letters."""
    return "".join(chr(ord("a") + int(digit)) for digit in f"{number:04d}")
