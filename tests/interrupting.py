"""For races: somebody else does something between two writes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from chalicelib.core import table as stormloop


@contextmanager
def before_write(number: int, does: Callable[[], None]) -> Iterator[list[str]]:
    """Somebody else does something right before the write of this number; the list has the writes."""
    client: Any = stormloop.Item._get_connection().connection.client
    original = client._make_api_call
    written: list[str] = []

    def interrupted(operation: str, arguments: dict[str, Any]) -> Any:
        if operation not in ("Query", "GetItem", "BatchGetItem"):
            written.append(operation)
            if len(written) == number + 1:
                client._make_api_call = original
                does()
                client._make_api_call = interrupted
        return original(operation, arguments)

    client._make_api_call = interrupted
    try:
        yield written
    finally:
        del client._make_api_call
