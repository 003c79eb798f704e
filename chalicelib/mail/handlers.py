"""The handlers of the four triggers, with Lambda's event as it comes.

Each imports its own half, because each is a function of its own: the outbox starts without the libraries of mails.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from chalicelib.core import metering
from chalicelib.core.observability import naming_nobody


def outbox(event: Mapping[str, Any], context: Any = None) -> dict[str, Any]:
    """The table's stream."""
    from chalicelib.mail.outbox import forward  # noqa: PLC0415

    with naming_nobody(), metering.line(context, "forwarded"):
        return dict(forward(event))


def mails(event: Mapping[str, Any], context: Any = None) -> dict[str, Any]:
    """The queue. Each of its messages has a line of its own."""
    from chalicelib.mail.delivery import deliver  # noqa: PLC0415

    metering.begin(context)
    with naming_nobody():
        return dict(deliver(event))


def remind(event: Mapping[str, Any], context: Any = None) -> dict[str, Any]:
    """Every morning: whom to remind of what (reminding.py), and what is not paid (unpaid.py). And webhooks have a turn,
    should the one that was called for never have come."""
    from chalicelib.links import delivering  # noqa: PLC0415
    from chalicelib.mail.outbox import queue  # noqa: PLC0415
    from chalicelib.mail.reminding import remind  # noqa: PLC0415
    from chalicelib.mail.rules import LINKS  # noqa: PLC0415
    from chalicelib.mail.unpaid import queue_due  # noqa: PLC0415

    with naming_nobody(), metering.line(context, "worked"):
        now = datetime.now(UTC)
        found = remind(now) + queue_due(now)
        if delivering.are_any():
            queue([LINKS])
        return {"messages": found}


def returned(event: Mapping[str, Any], context: Any = None) -> None:
    """SES tells of a mail that came back, or of a complaint."""
    from chalicelib.mail.returning import take  # noqa: PLC0415

    with naming_nobody(), metering.line(context, "returned"):
        take(event)
