"""The function that ends every week what was kept for long enough: its handler."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from chalicelib.core import metering, settings
from chalicelib.core.observability import log, naming_nobody
from chalicelib.front_door.cases import ending
from chalicelib.rights import sweeping


def sweep(event: Mapping[str, Any], context: Any = None) -> dict[str, Any]:
    """Every week: what has been kept for long enough is deleted."""
    with naming_nobody(), metering.line(context, "worked"):
        now = datetime.now(UTC)
        try:
            swept = vars(sweeping.sweep(now, settings.registrations_kept_months()))
        finally:  # cases end, whether families could be swept or not
            cases = ending.end(now)
        log.info("swept", **swept, cases=cases)
        return {**swept, "cases": cases}
