"""For races and crashes: something happens between two writes, the only places where what is stored changes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

from moto.dynamodb.models import dynamodb_backends

from chalicelib.core import table as stormloop
from tests.booking.registrations.callers import Crash
from tests.containers import forget


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


def crash() -> None:
    """The container is gone: `before_write(number, crash)`."""
    raise Crash


def as_it_is() -> Callable[[], None]:
    """What stands at moto now; whoever calls it has just that again, and nothing remembered."""
    (backend,) = (region for account in dynamodb_backends.values() for region in account.values() if region.tables)
    tables = deepcopy(backend.tables)

    def again() -> None:
        backend.tables = deepcopy(tables)
        forget()

    return again
