"""Somebody proved who they are for a certificate: where the city has a rule and a register, the rule may issue it."""

from datetime import UTC, datetime

from chalicelib.core.counters import counting
from chalicelib.mail.rules import MailKind, Message


def decide(message: Message) -> None:
    """Raises Interfered, Busy; then the message comes again. The mail about it follows from the case's change."""
    from chalicelib.front_door.counter import deciding, register  # noqa: PLC0415 a city may have neither

    now = datetime.now(UTC)
    if deciding.decide(message.id, register.of_city(), now):
        counting.did(MailKind.COUNTER.value, now)
