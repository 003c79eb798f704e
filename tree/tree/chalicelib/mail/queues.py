"""The client by which the mails function looks at its queues, hides messages and moves them."""

from functools import lru_cache
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from chalicelib.core import metering

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


@lru_cache
def client() -> "SQSClient":
    """Few tries, soon: what fails comes again with its message."""
    config = Config(connect_timeout=3, read_timeout=5, retries={"total_max_attempts": 2})
    made: SQSClient = metering.watch(boto3.client("sqs", config=config))
    return made
