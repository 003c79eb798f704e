"""JSON in one way only, so that whoever has the same content has the same hash."""

import json
from collections.abc import Sequence
from typing import Any


def canonical(document: Any) -> bytes:
    """JSON as it is hashed and compared: sorted names, no spaces, UTF-8. JavaScript can write the same."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def each_once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """For `json.loads(object_pairs_hook=…)`: raises ValueError for a name that stands in an object twice, of which two
    programs could read two different things."""
    content = dict(pairs)
    if len(content) < len(pairs):
        raise ValueError
    return content
