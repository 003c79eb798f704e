"""moto without what it does anew for each call and each member of an answer: no answer changes by it.

It looks for each member under every name that it might have, lists the methods of its class for each call, copies a
whole table with all of its stream, value by value, before each write of a transaction, and gives `requests`, which
nobody here uses, the patterns of all services' addresses for each test. Imported by conftest.py, once for all tests.
"""

import copy
from collections import defaultdict
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from moto.core import models as core
from moto.core import responses, utils
from moto.core.serialize import ResponseSerializer
from moto.dynamodb import models
from moto.dynamodb.models.table import Table

responses.method_names_from_class = lru_cache(utils.method_names_from_class)

_as_moto_looks = ResponseSerializer.get_value


def _value(self: ResponseSerializer, value: Any, key: str, shape: Any) -> Any:
    """Of what has the names that AWS's own description of the answer has, as DynamoDB's items and answers do."""
    if type(value) is dict and value.keys() <= shape.parent.members.keys():
        return value.get(key)
    return _as_moto_looks(self, value, key, shape)


ResponseSerializer.get_value = _value


def _copied(one: Any) -> Any:
    """Of a table, one that holds the same items: only an update changes an item, and it changes a copy (below)."""
    if type(one) is not Table:
        return copy.deepcopy(one)
    table = copy.copy(one)
    table.items = defaultdict(dict)
    for key, items in one.items.items():
        table.items[key] = copy.copy(items)
    if one.stream_shard is not None:
        table.stream_shard = copy.copy(one.stream_shard)
        table.stream_shard.table, table.stream_shard.items = table, list(one.stream_shard.items)
    return table


_as_moto_updates = models.DynamoDBBackend.update_item


def _update(self: models.DynamoDBBackend, table_name: str, key: dict[str, dict[str, Any]], **more: Any) -> Any:
    table = self.get_table(table_name)
    one = table.get_item(*self.get_keys_value(table, key))
    if one is not None:
        table.items[one.hash_key][one.range_key] = copy.deepcopy(one)
    return _as_moto_updates(self, table_name, key, **more)


models.DynamoDBBackend.update_item = _update
models.copy = SimpleNamespace(copy=copy.copy, deepcopy=_copied)


def _enable(self: core.MockAWS, reset: bool = True) -> None:
    core.botocore_stubber.enabled = True
    if reset:
        self.reset()


def _disable(self: core.MockAWS, remove_data: bool) -> None:
    core.botocore_stubber.enabled = False
    if remove_data:
        self.reset()
        core.reset_model_data()


core.MockAWS._enable_patching = _enable
core.MockAWS._disable_patching = _disable
