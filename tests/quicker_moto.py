"""moto without what it does anew for each call and each member of an answer: no answer changes by it.

It looks for each member under every name that it might have, lists the methods of its class for each call, copies a
whole table, value by value, before each transaction, and gives `requests`, which nobody here uses, the patterns of all
services' addresses for each test. Imported by conftest.py, once for all tests.
"""

import copy
import pickle
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
    return pickle.loads(pickle.dumps(one, pickle.HIGHEST_PROTOCOL)) if type(one) is Table else copy.deepcopy(one)


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
