"""Every morning: whether anything that citizens sent is forgotten (front_door/watching), and who is told."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from chalicelib.core import metering
from chalicelib.core.observability import log, naming_nobody
from chalicelib.front_door.watching import daily, table
from chalicelib.front_door.watching.daily import Looked
from chalicelib.mail import outbox
from chalicelib.mail.rules import MailKind, Message

# What nobody looked at is told again after so many days, and so on.
AGAIN_DAYS = 7


class LookFailed(Exception):
    """A part of the look, or its mails, did not work; Lambda tries again, and what was done is done once."""


def run(event: Mapping[str, Any], context: Any = None) -> dict[str, Any]:
    """The timer calls this."""
    with naming_nobody(), metering.line(context, "worked"):
        looked = daily.look(datetime.now(UTC))
        left = outbox.queue(messages(looked))
        log.info("watched", rings=len(looked.new_rings), late=len(looked.late), failed=looked.failed)
        if looked.failed or left:
            raise LookFailed
        return {"rings": len(looked.new_rings)}


def messages(looked: Looked) -> list[Message]:
    """Also of a look that is done again: each person is told once of a day's."""
    ages = [(looked.day - one.rang_on).days for one in table.rings()]
    rings = [Message(MailKind.RING, looked.day.isoformat())] if any(age % AGAIN_DAYS == 0 for age in ages) else []
    late = [
        Message(MailKind.LATE, f"{unit_id}/{looked.day}{'#above' if is_above else ''}")
        for unit_id, is_above in looked.late
    ]
    return [*rings, *late, *(Message(MailKind.CASE, case_id) for case_id in looked.unsent)]
