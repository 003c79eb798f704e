"""The line of log for each request: enough to measure and to mend, and nothing about a person.

The logger takes named values only. Names, addresses, birth dates, tokens and bodies are never among them
(tests/test_privacy.py reads the log of a whole story and looks for them).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from traceback import extract_tb

from aws_lambda_powertools.logging import Logger

# A line for each request is a seventh of what a registration costs: it says nothing that CloudWatch knows without it.
log = Logger(service="stormloop", location=None, timestamp=None)
log.remove_keys(["service"])


class Unforeseen(Exception):
    """Stands for an error that nobody foresaw, under its kind alone."""


def where(error: BaseException) -> list[str]:
    """The frames of an error as `function:line`, to find the place. Its message may quote what a parent typed."""
    return [f"{frame.name}:{frame.lineno}" for frame in extract_tb(error.__traceback__)]


@contextmanager
def naming_nobody() -> Iterator[None]:
    """Lambda logs the message of whatever leaves a function; of the triggers' errors only kind and place get out."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 whatever it is: it is raised again, under its kind
        log.error("unexpected", error=type(error).__name__, frames=where(error))
        raise Unforeseen(type(error).__name__) from None
