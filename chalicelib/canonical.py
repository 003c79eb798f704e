"""JSON in one way only, so that whoever has the same content has the same hash."""

import json
from typing import Any


def canonical(document: Any) -> bytes:
    """JSON as it is hashed and compared: sorted names, no spaces, UTF-8. JavaScript can write the same."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
