"""The daily run: one part after the other, each on its own, so that books that cannot be closed keep nobody from being
reminded, and nothing keeps the look at what is forgotten from being taken."""

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.core.observability import log, where

Part = Callable[[Mapping[str, Any], Any], object]


class DailyRunFailed(Exception):
    """A part of it did not work; Lambda tries again, and what was done is done once."""


def run(event: Mapping[str, Any], context: Any, parts: Mapping[str, Part]) -> dict[str, Any]:
    """The timer calls this. `parts`: by name, in their order. Raises DailyRunFailed after the last of them."""
    failed = []
    for name, part in parts.items():
        try:
            part(event, context)
        except Exception as error:  # noqa: BLE001 the others run all the same
            log.error("daily_part_failed", part=name, error=type(error).__name__, frames=where(error))
            failed.append(name)
    if failed:
        raise DailyRunFailed(", ".join(failed))
    return {"parts": "all"}


def every_day() -> dict[str, Part]:
    """Those of this room and below it."""
    from chalicelib.mail import handlers as mailing  # noqa: PLC0415 each loads what the hourly run does not need
    from chalicelib.money.books import closing  # noqa: PLC0415
    from chalicelib.office import watching  # noqa: PLC0415
    from chalicelib.office.desk import missing  # noqa: PLC0415

    return {"missing": missing.find, "reminders": mailing.remind, "books": closing.run, "watching": watching.run}
