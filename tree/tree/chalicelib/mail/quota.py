"""The mails that SES takes in 24 hours: who may use how much of them, and what waits when they are used up.

SES counts the 24 hours that are just over, so room comes back little by little: as much as was sent a day ago. Mails to
many stop first and passes next, so that a confirmation or an offer finds room, and goes first when there is room again.

A mail that waits is hidden on the queue (`Waits`), and its waiting brings it no nearer to the dead letters.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.core.memory import Memory
from chalicelib.core.observability import log
from chalicelib.mail.rules import TO_MANY, MailKind

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

# SES says it in its error's words; the code is one that it also uses for the rate:
# https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-errors.html
USED_UP = "daily message quota exceeded"
# A container asks SES once in so many seconds how much was sent. At 14 mails a second that is a sixtieth of 50,000.
SECONDS_REMEMBERED = 60.0
# How much of 24 hours' mails may be used up when a mail of this kind still goes.
OF_MANY, OF_PASSES = 0.8, 0.9
# How long a mail waits before it looks again whether there is room. SQS hides a message for 12 hours at most.
MANY_WAIT, PASSES_WAIT, OTHERS_WAIT = timedelta(hours=3), timedelta(minutes=30), timedelta(minutes=10)


@dataclass(frozen=True)
class LastDay:
    """`most`: the mails that SES takes in 24 hours; below 0: any number. `sent`: in the last 24 hours."""

    most: float
    sent: float


class Waits(Exception):
    """A mail has to wait because the day's mails are used up: for so long, then it looks again."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__()
        self.wait = wait


# What SES said, and whether it has refused a mail for it since.
_last_day: Memory[str, LastDay | None] = Memory(SECONDS_REMEMBERED)
_used_up: Memory[str, bool] = Memory(OTHERS_WAIT.total_seconds())


def leave_room(kind: MailKind) -> None:
    """Raises Waits if a mail of this kind has to leave what is left of the day's mails to others."""
    if _used_up.fresh("") or not has_room(kind, _last_day.get("", _ask)):
        raise Waits(wait_of(kind))


def refused(kind: MailKind) -> Waits:
    """For a mail that SES refused because the day's mails are used up: no other one is tried for a while."""
    _used_up.put("", value=True)
    return Waits(wait_of(kind))


def has_room(kind: MailKind, day: LastDay | None) -> bool:
    """None: it is not known, so SES decides."""
    if day is None or day.most < 0:
        return True
    share = OF_MANY if kind in TO_MANY else OF_PASSES if kind is MailKind.PASS else 1.0
    return day.sent < day.most * share


def wait_of(kind: MailKind) -> timedelta:
    if kind in TO_MANY:
        return MANY_WAIT
    return PASSES_WAIT if kind is MailKind.PASS else OTHERS_WAIT


def _ask() -> LastDay | None:
    try:
        quota = _ses().get_account()["SendQuota"]
    except (ClientError, BotoCoreError, KeyError) as error:
        log.warning("quota_unknown", error=type(error).__name__)
        return None
    return LastDay(quota["Max24HourSend"], quota["SentLast24Hours"])


@lru_cache
def _ses() -> "SESV2Client":
    config = Config(connect_timeout=2, read_timeout=3, retries={"total_max_attempts": 1})
    client: SESV2Client = boto3.client("sesv2", config=config)  # not metered: it sends no mail, and costs nothing
    return client
