"""A timer for the one moment at which a session's list next moves on; there is none while there is no such moment.

EventBridge Scheduler puts the message on the queue within a minute after it, and deletes the timer. Nothing goes wrong
if it does not: what was held until then counts as free from that second on (seats/rules.py), only nobody is told.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from chalicelib.core import metering, settings

if TYPE_CHECKING:
    from mypy_boto3_scheduler import EventBridgeSchedulerClient

# The least from now on. A container whose clock is a little slow is called by a timer before its moment, and asks for
# the same one again: that has rung, and may still be there under its name. Nor may a moment be over on arrival.
SOONEST = timedelta(minutes=1)


def send_at(moment: datetime, session_id: str, message: str) -> None:
    """Repeating it is harmless: a session has one timer for one moment."""
    moment = max(moment, datetime.now(UTC) + SOONEST)
    try:
        _scheduler().create_schedule(
            Name=name(f"{session_id}-{int(moment.timestamp())}"),
            ScheduleExpression=f"at({moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S})",
            ScheduleExpressionTimezone="UTC",
            FlexibleTimeWindow={"Mode": "OFF"},
            ActionAfterCompletion="DELETE",
            Target={"Arn": settings.queue_arn(), "RoleArn": settings.timer_role(), "Input": message},
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConflictException":
            raise


def begin_every_minute(of: str, message: str) -> bool:
    """A timer that puts the message on the queue every minute, until it is deleted. False: it was there already."""
    try:
        _scheduler().create_schedule(
            Name=name(of),
            ScheduleExpression="rate(1 minute)",
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={"Arn": settings.queue_arn(), "RoleArn": settings.timer_role(), "Input": message},
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConflictException":
            raise
        return False
    return True


def name(of: str) -> str:
    """Under which a timer is known; the template lets us make no others."""
    return f"{settings.timer_prefix()}-{of}"


@lru_cache
def _scheduler() -> "EventBridgeSchedulerClient":
    # The queue has patience: what fails comes again.
    config = Config(connect_timeout=3, read_timeout=5, retries={"total_max_attempts": 2})
    client: EventBridgeSchedulerClient = metering.watch(boto3.client("scheduler", config=config))
    return client
