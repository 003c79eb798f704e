"""The rate of our mails: what SES takes in a second, shared by the processes that send.

SES refuses what comes faster, and a refused mail waits six minutes for its next try. So each process leaves its share
of a second between two mails; the template bounds how many processes there are (MaximumConcurrency).
"""

from collections.abc import Callable
from time import monotonic, sleep


class Pace:
    """One process's. A process that was frozen between two events has no turns saved up."""

    def __init__(self, clock: Callable[[], float] = monotonic, wait: Callable[[float], None] = sleep) -> None:
        self._clock, self._wait = clock, wait
        self._last: float | None = None

    def keep(self, a_second: float, at_once: int) -> None:
        """Waits until the next mail may go: `at_once` processes together send `a_second` mails in a second."""
        if self._last is not None:
            left = self._last + at_once / a_second - self._clock()
            if left > 0:
                self._wait(left)
        self._last = self._clock()
