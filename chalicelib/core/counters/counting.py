"""Counting in this container, from the outermost edge: after an answer is made, and never in its way.

A request that is refused costs no unit but once in ten seconds of a container; a registration that is made, never one.
"""

from datetime import datetime
from time import monotonic

from chalicelib.core.counters.rules import DID, Answered, UnwrittenCounts, counters
from chalicelib.core.observability import log

_memory = UnwrittenCounts()


def count(one: Answered, at: datetime) -> None:
    """Counts it, and writes what is due where that is in nobody's way. Never raises for a table that does not answer:
    what it refused waits; what it may have written although no answer came is given up, so that nothing counts twice.
    """
    if lost := _memory.count(at, counters(one)):
        log.warning("tally_lost", counts=lost)
    if one.may_write:
        _write_due()


def did(name: str, at: datetime) -> None:
    """Counts an act of the system by itself, as `count` does. The first in ten seconds is written at once; of those
    behind it, what is in a container that is frozen for good is lost."""
    _memory.count(at, [DID + name])
    _write_due()


def _write_due() -> None:
    due = _memory.due(monotonic())
    if due is None:
        return
    from chalicelib.core.counters import table  # noqa: PLC0415 a registration writes no sums, so its cold start need not know how

    slot, sums = due
    try:
        table.add(slot, sums)
    except table.NotWritten as problem:
        log.warning("tally_not_written", may_be=problem.may_be)
        _memory.put_back(slot, {} if problem.may_be else sums, monotonic())


def forget(until: float = 0.0) -> None:
    """Forgets what was counted, and writes nothing before `until` of the monotonic clock: for tests."""
    _memory.slots.clear()
    _memory.not_before = until
