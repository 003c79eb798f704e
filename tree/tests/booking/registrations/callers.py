"""Requests that run side by side, one AWS call at a time, in the order that a test chooses."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from chalicelib.core import table
from chalicelib.core.http.problems import Problem


class Crash(BaseException):
    """The container is gone: nothing after this line runs."""


class Caller(threading.Thread):
    """One request on its way: it halts before each AWS call."""

    here = threading.local()

    def __init__(self, request: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self.request, self.result, self.problem, self.error = request, None, None, None
        self.is_doomed = False
        self._may_go, self._has_halted = threading.Semaphore(0), threading.Semaphore(0)

    def run(self) -> None:
        Caller.here.caller = self
        try:
            self.result = self.request()
        except Problem as problem:
            self.problem = problem
        except Crash:
            pass
        except BaseException as error:  # noqa: BLE001 the machine raises it in its own thread
            self.error = error
        self.is_over = True
        self._has_halted.release()

    is_over = False

    def halt(self) -> None:
        self._has_halted.release()
        self._may_go.acquire()
        if self.is_doomed:
            raise Crash

    def begin(self) -> None:
        self.start()
        self._has_halted.acquire()

    def go_on(self, *, is_doomed: bool = False) -> None:
        self.is_doomed = is_doomed
        self._may_go.release()
        self._has_halted.acquire()
        if self.error:
            raise self.error


@contextmanager
def halting_before_each_call() -> Iterator[None]:
    client = table.Item._get_connection().connection.client
    original = client._make_api_call

    def halting(operation: str, arguments: dict[str, object]) -> object:
        caller = getattr(Caller.here, "caller", None)
        if caller:
            caller.halt()
        return original(operation, arguments)

    client._make_api_call = halting
    try:
        yield
    finally:
        del client._make_api_call
