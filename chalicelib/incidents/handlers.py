"""What the function that tells families is called with."""

from collections.abc import Mapping
from typing import Any


def announce(event: Mapping[str, Any]) -> dict[str, Any]:
    raise NotImplementedError
