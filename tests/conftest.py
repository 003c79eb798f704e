"""Two kinds of DynamoDB for tests: moto, quick and in one thread, and DynamoDB Local, Amazon's own engine, for races."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

# Before anything connects: no test can reach a real account.
os.environ.update(
    AWS_ACCESS_KEY_ID="testing",
    AWS_SECRET_ACCESS_KEY="testing",
    AWS_DEFAULT_REGION="eu-west-1",
    AWS_EC2_METADATA_DISABLED="true",
    TABLE="stormloop",
    SECRET="a secret for tests only",
    SENDER="sport@kaprijke.example",
    PUBLIC_URL="https://kamp.kaprijke.example",
    POWERTOOLS_LOG_LEVEL="INFO",
)
os.environ.pop("AWS_SESSION_TOKEN", None)
os.environ.pop("AWS_ENDPOINT_URL", None)

import boto3
import pytest
from botocore.exceptions import BotoCoreError, ClientError
from hypothesis import HealthCheck, settings
from moto import mock_aws

from chalicelib import table as stormloop_table
from chalicelib.seats import table as seats_table

ROOT = Path(__file__).parent.parent
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

settings.register_profile(
    "stormloop", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], print_blob=True
)
settings.load_profile("stormloop")


@pytest.fixture
def table() -> Iterator[None]:
    """An empty table at moto, and nothing remembered from another test."""
    with mock_aws():
        boto3.client("dynamodb").create_table(**TABLE)
        stormloop_table.connect()
        seats_table.forget()
        yield
    stormloop_table.connect()


@pytest.fixture(scope="session")
def dynamodb_local() -> Iterator[str]:
    """The URL of a DynamoDB Local of our own, in memory."""
    home = ROOT / ".tools" / "dynamodb-local"
    jar = home / "DynamoDBLocal.jar"
    assert jar.exists(), "DynamoDB Local is missing: run `make dynamodb-local` (`make test` does)"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["java", "-Xmx512m", f"-Djava.library.path={home / 'DynamoDBLocal_lib'}", "-jar", str(jar),
               "-inMemory", "-port", str(port), "-disableTelemetry"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        client = boto3.client("dynamodb", endpoint_url=url)
        for _ in range(240):
            try:
                client.list_tables()
                break
            except (BotoCoreError, ClientError):
                assert process.poll() is None, "DynamoDB Local stopped at its start"
                time.sleep(0.25)
        yield url
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture
def real_table(dynamodb_local: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An empty table at DynamoDB Local."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", dynamodb_local)
    empty_real_table()
    stormloop_table.connect()
    seats_table.forget()
    yield
    monkeypatch.delenv("AWS_ENDPOINT_URL_DYNAMODB")
    stormloop_table.connect()


def empty_real_table() -> None:
    """Between the examples of one Hypothesis test too."""
    client = boto3.client("dynamodb")
    if "stormloop" in client.list_tables()["TableNames"]:
        client.delete_table(TableName="stormloop")
    client.create_table(**TABLE)
