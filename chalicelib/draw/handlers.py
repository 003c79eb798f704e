"""What the function for draws is called with."""

from collections.abc import Mapping
from typing import Any


def draw(event: Mapping[str, Any]) -> dict[str, Any]:
    raise NotImplementedError
