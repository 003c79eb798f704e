"""An opening of the Bouwkamp at the evening on which it opens, in a container that counts."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
import time_machine

from chalicelib.core.counters import counting
from tests.containers import forget


@pytest.fixture
def counting_clock(table: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every request is more than ten seconds after the one before it, so that all of it is written down."""
    clock = iter(range(1000, 10_000_000, 11))
    monkeypatch.setattr(counting, "monotonic", lambda: float(next(clock)))
    counting.forget()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """What happens then, in a container that remembers nothing of before."""
    forget()
    with time_machine.travel(moment, tick=False):
        yield
