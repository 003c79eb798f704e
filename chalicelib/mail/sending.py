"""One mail to SES: to nobody who wants none, as fast as SES takes them, within what it takes in a day. What SES refuses
for good is kept with its reason, until somebody mends it."""

from datetime import UTC, datetime
from email.message import EmailMessage
from functools import lru_cache
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from chalicelib.city.face import table as faces
from chalicelib.city.texts import table as texts
from chalicelib.core import metering, settings
from chalicelib.mail import quota, returned, undelivered
from chalicelib.mail.pace import Pace
from chalicelib.mail.rendering import Sending
from chalicelib.mail.returned import LeftAlone
from chalicelib.mail.rules import MailKind, Message
from chalicelib.people.families.rules import Pass

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sesv2.type_defs import MessageTagTypeDef

# SES asks for patience: the same mail may go out in a minute, so nothing is wrong with it yet.
PATIENCE = frozenset(
    {
        "LimitExceededException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "RequestThrottled",
    }
)


class MailRefused(Exception):
    """SES did not take a mail. Carries its code alone: its words may name the address."""

    def __init__(self, code: str, is_for_now: bool) -> None:
        super().__init__(code)
        self.code = code
        self.is_for_now = is_for_now


class Erased(Exception):
    """The family is being erased: there is nobody to write to any more."""


def by_us() -> Sending:
    """From the city's address, now, in its words."""
    return Sending(settings.sender(), datetime.now(UTC), texts.remembered(), faces.remembered())


def send(message: Message, mail: EmailMessage, family: Pass) -> None:
    """Raises LeftAlone, Waits and MailRefused. A mail that SES refuses for good is kept with its reason, until somebody
    mends it."""
    why = returned.why_left_alone(family)
    if why:
        raise LeftAlone(why)
    try:
        post(message.kind, mail, family.email, returned.tags(message, family))
    except MailRefused as refusal:
        if not refusal.is_for_now:
            undelivered.keep(message, refusal.code, datetime.now(UTC))
        raise


def post(kind: MailKind, mail: EmailMessage, to: str, tags: "list[MessageTagTypeDef]") -> None:
    """Raises Waits and MailRefused."""
    quota.leave_room(kind)
    _pace.keep(settings.mails_a_second(), settings.mails_at_once())
    try:
        _ses().send_email(
            FromEmailAddress=mail["From"].addresses[0].addr_spec,
            Destination={"ToAddresses": [to]},
            Content={"Raw": {"Data": mail.as_bytes()}},
            ConfigurationSetName=settings.configuration_set(),
            EmailTags=tags,
        )
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if quota.USED_UP in str(error.response["Error"].get("Message", "")).lower():
            raise quota.refused(kind) from None
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        raise MailRefused(code, is_for_now=code in PATIENCE or status >= 500) from None


_pace = Pace()


@lru_cache
def _ses() -> "SESV2Client":
    # A try that timed out may have sent the mail: few tries here, the queue has patience.
    config = Config(connect_timeout=3, read_timeout=10, retries={"total_max_attempts": 2})
    client: SESV2Client = metering.watch(boto3.client("sesv2", config=config))
    return client
