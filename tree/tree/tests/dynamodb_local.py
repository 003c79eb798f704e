"""DynamoDB Local, Amazon's own engine, in memory: for races, and for capacity units as DynamoDB counts them."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any
from unittest import mock

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.core import table
from tests import PATIENCE
from tests.containers import forget

HOME = Path(__file__).parent.parent / ".tools" / "dynamodb-local"
ENDPOINTS = ("AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL_DYNAMODB_STREAMS")
TABLE = {
    "TableName": "stormloop",
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    "AttributeDefinitions": [
        {"AttributeName": "pk", "AttributeType": "S"},
        {"AttributeName": "sk", "AttributeType": "S"},
    ],
    "BillingMode": "PAY_PER_REQUEST",
    "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
}
LEDGER = {
    **{name: value for name, value in TABLE.items() if name != "StreamSpecification"},
    "TableName": "stormloop-ledger",
}


def create_tables(client: Any) -> None:
    """Empty ones, as the template has them."""
    client.create_table(**TABLE)
    client.create_table(**LEDGER)


def renew_tables(client: Any) -> None:
    for one in (TABLE, LEDGER):
        with suppress(client.exceptions.ResourceNotFoundException):
            client.delete_table(TableName=one["TableName"])
    create_tables(client)


@contextmanager
def running() -> Iterator[str]:
    """Yields its URL."""
    jar = HOME / "DynamoDBLocal.jar"
    if not jar.exists():
        raise SystemExit("DynamoDB Local is missing: run `make dynamodb-local` (`make test` and `make bench` do).")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        "java",
        "-Xmx512m",
        f"-Djava.library.path={HOME / 'DynamoDBLocal_lib'}",
        "-jar",
        str(jar),
        "-inMemory",
        "-port",
        str(port),
        "-disableTelemetry",
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=HOME)
    try:
        _wait_for(process, f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()  # all of it is in memory: there is nothing to save
        process.wait()


@contextmanager
def connected(url: str) -> Iterator[None]:
    """Our own code speaks to it, with an empty table."""
    before = table.Item._connection
    os.environ.update(dict.fromkeys(ENDPOINTS, url))
    try:
        empty()
        table.Item._connection = _connection(url, os.environ["AWS_ACCESS_KEY_ID"])
        yield
    finally:
        for endpoint in ENDPOINTS:
            del os.environ[endpoint]
        table.Item._connection = before


@contextmanager
def patient(url: str) -> Iterator[None]:
    """As `connected`, for tests: an answer is never too late. In production a request gives up after three seconds and
    tries again, which here would say that the machine is busy. Benchmarks keep to production's limits."""
    patience = {"connect_timeout_seconds": PATIENCE, "read_timeout_seconds": PATIENCE}
    with mock.patch.multiple(table.Item.Meta, **patience), connected(url):  # what a client is made with it keeps
        yield


@lru_cache
def _connection(url: str, key: str) -> Any:
    """One for all tests at this engine, and for each access key, which moto changes: a client costs more processor time
    than most of them do."""
    assert (os.environ[ENDPOINTS[0]], os.environ["AWS_ACCESS_KEY_ID"]) == (url, key)
    table.connect()
    return table.Item._connection


def empty() -> None:
    """Tables with nothing in them, and nothing remembered."""
    forget()
    renew_tables(client())


def client() -> Any:
    """DynamoDB's own API, wherever the test's table is."""
    return _client(os.environ.get(ENDPOINTS[0]), os.environ["AWS_ACCESS_KEY_ID"])


@lru_cache
def _client(url: str | None, key: str) -> Any:
    """One for all: a story empties the table for each of its examples. DynamoDB Local has tables for each access key,
    and moto, where a test has both, gives us another one."""
    return boto3.client("dynamodb", endpoint_url=url)


def _wait_for(process: subprocess.Popen[bytes], url: str) -> None:
    # It says no while Java starts: we ask again ourselves, without botocore's pauses.
    client = boto3.client("dynamodb", endpoint_url=url, config=Config(retries={"total_max_attempts": 1}))
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SystemExit(f"DynamoDB Local stopped at its start with code {process.returncode}: is Java 17 there?")
        try:
            client.list_tables()
        except (BotoCoreError, ClientError):
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"DynamoDB Local did not answer within {PATIENCE} seconds.")
