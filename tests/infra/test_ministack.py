"""What we add to MiniStack, where that can be seen without starting it."""

import json
from http import HTTPStatus
from typing import Any

import pytest

from infra.local.ministack import counting_units

KEYS = [{"pk": {"S": "S#a"}, "sk": {"S": "SEATS"}}, {"pk": {"S": "S#b"}, "sk": {"S": "SEATS"}}]


@pytest.mark.parametrize(("consistent", "units"), [(True, 3.0), (False, 1.5)])
def test_a_batch_costs_a_read_for_each_key_and_more_for_a_big_item(consistent: bool, units: float):
    big = {**KEYS[0], "holders": {"S": "x" * 5000}}  # two times 4 KB; there is no other one
    batch_get = counting_units(lambda _: (HTTPStatus.OK, {}, json.dumps({"Responses": {"stormloop": [big]}}).encode()))
    asked: dict[str, Any] = {"RequestItems": {"stormloop": {"Keys": KEYS, "ConsistentRead": consistent}}}

    _, _, body = batch_get({**asked, "ReturnConsumedCapacity": "TOTAL"})

    assert json.loads(body)["ConsumedCapacity"] == [{"TableName": "stormloop", "CapacityUnits": units}]
    assert "ConsumedCapacity" not in json.loads(batch_get(asked)[2])
