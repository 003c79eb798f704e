"""An answer of DynamoDB that never arrives: botocore does the same call again."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from botocore.endpoint import Endpoint
from botocore.exceptions import ReadTimeoutError


@contextmanager
def one_answer_lost(operation: str) -> Iterator[None]:
    """The first call of `operation` is carried out, and its answer is lost."""
    answered = Endpoint._do_get_response  # type: ignore[attr-defined]
    lost: list[Any] = []

    def lose_the_first(self: Endpoint, request: Any, operation_model: Any, context: Any) -> Any:
        answer = answered(self, request, operation_model, context)
        if operation_model.name != operation or lost:
            return answer
        lost.append(answer)
        return None, ReadTimeoutError(endpoint_url="https://dynamodb")

    with mock.patch.object(Endpoint, "_do_get_response", lose_the_first):
        yield
    assert lost, f"nobody called {operation}"
