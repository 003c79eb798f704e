"""When requests failed by us: from the counts of single minutes to one outage."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)
# One in a hundred is more than a container that dies, and five are more than one family that tries again.
LEAST_FAILED = 5
ONE_IN = 100
# A minute or five in which it seemed to work again are part of it.
BRIDGED = timedelta(minutes=5)


@dataclass(frozen=True)
class Minute:
    """`at`: its beginning."""

    at: datetime
    requests: int
    failed: int

    @property
    def is_bad(self) -> bool:
        return self.failed >= LEAST_FAILED and self.failed * ONE_IN >= self.requests


@dataclass(frozen=True)
class Outage:
    """`end`: the end of its last minute. The counts are of all minutes in it."""

    start: datetime
    end: datetime
    failed: int
    requests: int


def outage(minutes: Iterable[Minute]) -> Outage | None:
    """Of several outages the one with most failures, of equals the last. None: there was none."""
    return max(outages(minutes), key=lambda one: (one.failed, one.start), default=None)


def outages(minutes: Iterable[Minute]) -> list[Outage]:
    """The stretches from a first to a last minute in which many requests failed, with the gaps between them that are at
    most BRIDGED, in order.

    A minute without requests is not among `minutes`, and says nothing either way.
    """
    counted = sorted(minutes, key=lambda minute: minute.at)
    stretches: list[tuple[datetime, datetime]] = []
    for minute in counted:
        if not minute.is_bad:
            continue
        if stretches and minute.at - stretches[-1][1] <= BRIDGED:
            stretches[-1] = stretches[-1][0], minute.at + MINUTE
        else:
            stretches.append((minute.at, minute.at + MINUTE))
    return [
        Outage(
            start,
            end,
            sum(minute.failed for minute in counted if start <= minute.at < end),
            sum(minute.requests for minute in counted if start <= minute.at < end),
        )
        for start, end in stretches
    ]
