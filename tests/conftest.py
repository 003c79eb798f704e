"""Two kinds of DynamoDB for tests: moto, quick and in one thread, and DynamoDB Local, for races and units."""

import io
import logging
import math
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import botocore.loaders
import botocore.session
import pytest
from hypothesis import HealthCheck, settings
from jinja2 import FileSystemBytecodeCache
from moto import mock_aws

from chalicelib.core import table as stormloop_table
from chalicelib.core.counters import counting
from chalicelib.core.observability import log
from chalicelib.pages.frame import templates
from chalicelib.people import access
from chalicelib.people.families import changes
from tests import dynamodb_local as local
from tests import quicker_moto  # noqa: F401 moto works differently from its import on
from tests.containers import forget


class _Paths(list[str]):
    """Each of boto3's sessions adds the same path."""

    def append(self, path: str) -> None:
        if path not in self:
            super().append(path)


@lru_cache
def _loader(paths: str | None = None) -> botocore.loaders.Loader:
    found = botocore.loaders.create_loader(paths)
    found._search_paths = _Paths(found.search_paths)
    return found


# Each session of botocore reads its descriptions of AWS's services anew, a tenth of a second of JSON for each client.
# They are the same for all: one reader keeps them.
botocore.session.create_loader = _loader

# Templates are compiled once, for all languages, workers and runs; the source is part of what one is kept under.
compiled = Path(".build/templates-of-tests")
compiled.mkdir(parents=True, exist_ok=True)
templates.Environment = partial(templates.Environment, bytecode_cache=FileSystemBytecodeCache(str(compiled)))

# The same examples each time, so that a change lands by what it does and not by luck; `make explore` looks further.
settings.register_profile(
    "stormloop",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],  # a busy machine is no failure
    print_blob=True,
)
settings.register_profile("quick", settings.get_profile("stormloop"), max_examples=25)  # `make quick`: a quarter
settings.register_profile("explore", settings.get_profile("stormloop"), derandomize=False, max_examples=1000)
settings.load_profile("stormloop")

# What a test needs whose fixtures, its own or theirs, have these names. `make quick` runs those that need none of it.
NEEDS = {
    "dynamodb_local": "needs_java",
    "chromium": "needs_browser",
    "emulator": "needs_emulator",
    "packaged": "needs_package",
    **dict.fromkeys(("table", "city", "summer", "_summer", "at_moto"), "needs_moto"),
}


def pytest_collection() -> None:
    from tests import quicker_hypothesis  # noqa: F401 Hypothesis works differently from its import on


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what a test needs. Files that need most come first: a worker takes a file as a whole, and none of these is
    to be the last one, with the other workers idle."""
    heavy = set()
    for item in items:
        if item.path.name == "test_schemathesis.py":  # needs nothing, but thousands of requests
            heavy.add(item.path)
        for fixture in NEEDS.keys() & set(getattr(item, "fixturenames", ())):
            item.add_marker(NEEDS[fixture])
            if NEEDS[fixture] != "needs_moto":
                heavy.add(item.path)
    items.sort(key=lambda item: item.path not in heavy)
    twice = [one for one, times in Counter(item.nodeid for item in items).items() if times > 1]
    if twice:
        raise pytest.UsageError(f"xdist runs one test of those with the same id: {', '.join(twice)}")


@pytest.fixture(scope="session", autouse=True)
def tally_in_memory() -> None:
    """As in a container that wrote its sums a moment ago: they wait. What is counted has tests of its own."""
    counting.forget(math.inf)


@pytest.fixture(autouse=True)
def nothing_changed() -> None:
    """As in a container that has just asked which tokens are revoked: tokens are read without a table. A table of a
    test makes it ask."""
    changes.hear_nothing()


@pytest.fixture(autouse=True)
def nothing_counted(tally_in_memory: None) -> Iterator[None]:
    yield
    counting.forget(math.inf)


@pytest.fixture(autouse=True)
def accesses(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The lines about who saw or changed what, instead of CloudWatch (tests/people/test_access.py writes some)."""
    kept: list[dict[str, Any]] = []
    monkeypatch.setattr(access, "_keep", kept.extend)
    return kept


@pytest.fixture
def table() -> Iterator[None]:
    """An empty table at moto, and nothing remembered from another test."""
    with mock_aws():  # our client was made after moto was imported, so it is mocked too
        client: Any = stormloop_table.Item._get_connection().connection.client
        local.create_tables(client)
        forget()
        yield


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What is written down from now on, as CloudWatch would keep it."""
    written = io.StringIO()
    for handler in log.handlers:
        if isinstance(handler, logging.StreamHandler):  # pytest listens too, with others
            monkeypatch.setattr(handler, "stream", written)
    return written


@pytest.fixture(scope="session")
def dynamodb_local() -> Iterator[str]:
    with local.running() as url:
        yield url


@pytest.fixture
def real_table(dynamodb_local: str) -> Iterator[None]:
    """An empty table at DynamoDB Local."""
    with local.patient(dynamodb_local):
        yield
