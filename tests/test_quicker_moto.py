"""A transaction that fails leaves everything as it was, though no table is copied for it."""

from typing import Any

import pytest

from tests import dynamodb_local as local

pytestmark = pytest.mark.usefixtures("table")

THERE = {"pk": {"S": "a"}, "sk": {"S": "there"}, "list": {"L": [{"N": "1"}]}}
GONE = {"pk": {"S": "a"}, "sk": {"S": "gone"}}
NEW = {"pk": {"S": "b"}, "sk": {"S": "new"}}


def key(item: dict[str, Any]) -> dict[str, Any]:
    return {"TableName": "stormloop", "Key": {name: item[name] for name in ("pk", "sk")}}


def writes(last: dict[str, Any]) -> list[dict[str, Any]]:
    adding = "SET #l = list_append(#l, :more)"
    values = {":more": {"L": [{"N": "2"}]}}
    return [
        {"Update": {**key(THERE), "UpdateExpression": adding, "ExpressionAttributeNames": {"#l": "list"},
                    "ExpressionAttributeValues": values}},
        {"Delete": key(GONE)},
        {"Put": {"TableName": "stormloop", "Item": NEW}},
        {"ConditionCheck": {**key({"pk": {"S": "c"}, "sk": {"S": "c"}}), **last}},
    ]  # fmt: skip


@pytest.fixture
def client() -> Any:
    one = local.client()
    for item in (THERE, GONE):
        one.put_item(TableName="stormloop", Item=item)
    return one


def stored(client: Any) -> list[Any]:
    return client.scan(TableName="stormloop")["Items"]


def test_what_fails_at_its_end_is_undone(client):
    with pytest.raises(client.exceptions.TransactionCanceledException):
        client.transact_write_items(TransactItems=writes({"ConditionExpression": "attribute_exists(pk)"}))

    assert stored(client) == [GONE, THERE]


def test_what_succeeds_is_done(client):
    client.transact_write_items(TransactItems=writes({"ConditionExpression": "attribute_not_exists(pk)"}))

    assert stored(client) == [{**THERE, "list": {"L": [{"N": "1"}, {"N": "2"}]}}, NEW]


def test_what_was_undone_can_be_done_again(client):
    for _ in range(2):
        with pytest.raises(client.exceptions.TransactionCanceledException):
            client.transact_write_items(TransactItems=writes({"ConditionExpression": "attribute_exists(pk)"}))
    client.transact_write_items(TransactItems=writes({"ConditionExpression": "attribute_not_exists(pk)"}))

    assert stored(client) == [{**THERE, "list": {"L": [{"N": "1"}, {"N": "2"}]}}, NEW]
