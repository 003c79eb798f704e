"""What is read of the table in a quick way is what botocore reads."""

from typing import Any

import boto3

from chalicelib.core import table as stormloop_table

KEY = stormloop_table.key("S#bouwkamp", "SEATS")
ITEM: dict[str, Any] = {
    **KEY,
    "title": {"S": 'Spel "Zoë" \\ \u00e9\U0001f3d5'},
    "free": {"N": "12.5"},
    "queued": {"BOOL": True},
    "nothing": {"NULL": True},
    "holders": {"M": {"lou": {"S": "registration-1"}, "B": {"L": [{"N": "1"}, {"SS": ["a"]}]}}},
}


def quickly() -> list[Any]:
    asked = stormloop_table.query("pk = :pk", {":pk": KEY["pk"]})
    return [*asked, *stormloop_table.batch_get([KEY])]


def test_an_item_is_read_as_it_was_written_whatever_its_types(table):
    for item in (ITEM, ITEM | {"seed": {"B": b"\x00\xff"}}, ITEM | {"seeds": {"BS": [b"\x00", b"\x01"]}}):
        boto3.client("dynamodb").put_item(TableName="stormloop", Item=item)

        assert quickly() == [item, item]
