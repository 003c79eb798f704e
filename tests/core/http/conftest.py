"""Given: a city with one open session, and two families who each have a child registered for it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from moto import mock_aws
from schemathesis.pytest import _test_builder

from chalicelib.core import table as stormloop_table
from chalicelib.programme.sessions.rules import Session
from chalicelib.seats import table as seats
from tests import dynamodb_local as local
from tests.camps import JEF, LOU, NOOR, Family, family, published

_build = _test_builder.build_operation_test


def _when_it_runs(**asked: Any) -> Callable[[], None]:
    """Schemathesis works out the cases of all routes while pytest collects: in each worker, though one runs them."""

    @pytest.mark.hypothesis
    def test() -> None:
        raise AssertionError("built before it runs")

    test.build = lambda: _build(**asked)  # type: ignore[attr-defined]
    return test


_test_builder.build_operation_test = _when_it_runs


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With this pytest, Schemathesis gives the tests of all routes one id, and xdist runs one test for an id."""
    for item in items:
        if label := getattr(item, "operation_label", None):
            item._id = item._id.with_params(label)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test of Schemathesis becomes the one that it would have been at once."""
    if isinstance(item, pytest.Function) and hasattr(item.obj, "build"):
        item.obj = item.obj.build()


@dataclass(frozen=True)
class City:
    session: Session
    claeys: Family  # has LOU and JEF; LOU is registered
    elamrani: Family  # has NOOR, who is registered
    own_id: str
    foreign_id: str
    in_the_beginning: list[dict[str, Any]]


def stored() -> list[dict[str, Any]]:
    """Everything in the table."""
    client: Any = stormloop_table.Item._get_connection().connection.client
    items = client.scan(TableName="stormloop")["Items"]
    return sorted(items, key=lambda item: (item["pk"]["S"], item["sk"]["S"]))


@pytest.fixture(scope="module")
def city() -> Iterator[City]:
    with mock_aws():
        local.create_tables(boto3.client("dynamodb"))
        stormloop_table.connect()
        seats.forget()
        session = published()
        claeys, elamrani = family(LOU, JEF), family(NOOR, email="fatima@example.be")
        own, foreign = claeys.register(session, LOU), elamrani.register(session, NOOR)
        yield City(
            session,
            claeys,
            elamrani,
            own_id=own.json_body["registration_id"],
            foreign_id=foreign.json_body["registration_id"],
            in_the_beginning=stored(),
        )
    stormloop_table.connect()


@pytest.fixture
def unchanged(city: City) -> Iterator[None]:
    """Nothing is stored, and nothing is lost."""
    yield
    assert stored() == city.in_the_beginning
