"""Changes about cases in the table's stream. Plain rules."""

from collections.abc import Mapping
from typing import Any

# Partition, before its `#`, and sort key of a case (front_door/cases/table.py). Its coming and each change are told.
CASE = "CASE"
# And of who asks for a certificate (front_door/counter/table.py), once that was proven.
COUNTER_CASE, IDENTITY = "COUNTER-CASE", "IDENTITY"
# Partition of the units (front_door/units/table.py): a widening of one is told.
UNITS = "UNITS"
# The statuses of which other systems of the city hear (front_door/cases/rules.py).
TOLD = frozenset({"received", "answered", "reopened", "closed"})


def moved_case(
    change: str, keys: Mapping[str, str], old: Mapping[str, Any], new: Mapping[str, Any]
) -> dict[str, str] | None:
    """The case that has another status since this change, one of TOLD, without a word of what was sent. None for any
    other change, for a canary, and for what only few may see."""
    partition, _, case_id = keys["pk"].partition("#")
    if (partition, keys["sk"]) != (CASE, CASE) or change not in ("INSERT", "MODIFY"):
        return None
    status = str(new.get("status", ""))
    if status == old.get("status") or status not in TOLD or new.get("is_canary") or new.get("is_confidential"):
        return None
    named = ("form_id", "kind", "way", "unit_id", "answer_by")
    return {"case_id": case_id, "status": status, **{name: str(new.get(name, "")) for name in named}}
