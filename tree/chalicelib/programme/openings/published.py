"""The published record of an opening, once its seed is public: its terms, and a row for each registration, nameless.

Compact, because an answer of Lambda may be 6 MB: a row of a registration by one family is about 105 bytes, so that some
55,000 fit (tests/programme/openings/test_verification.py counts).
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from chalicelib.core.canonical import canonical
from chalicelib.programme.openings.admission import FIRST_MOMENT, MILLISECOND
from chalicelib.programme.openings.rules import Opening

# How somebody came by a seat, or waits for one, in words; seats/rules.py has the letters.
BY_OPENING, BY_LIST = "opening", "waiting-list"


@dataclass(frozen=True)
class PublishedRow:
    """A registration as everybody may see it. The draw keys say who is the same family within this opening, and nothing
    else. `keys` empty: it was not admitted by the opening. `children`: how many."""

    keys: tuple[str, ...]
    window: int | None
    is_late: bool
    admitted_at: datetime | None
    registered_at: datetime
    session_id: str
    channel: str
    children: int
    status: str

    def to_list(self) -> list[Any]:
        """In the order of COLUMNS; moments in epoch milliseconds."""
        values = (getattr(self, column) for column in COLUMNS)
        return [milliseconds(one) if isinstance(one, datetime) else one for one in values]


COLUMNS = tuple(one.name for one in fields(PublishedRow))


def milliseconds(moment: datetime) -> int:
    """Since 1970, rounded down."""
    return (moment - FIRST_MOMENT) // MILLISECOND


def terms(opening: Opening) -> dict[str, Any]:
    """The terms that decided the admissions, with the seed: only for an opening that reveals it."""
    plan = opening.plan
    return {
        "opening_id": opening.opening_id,
        "kind": opening.kind.value,
        "version": opening.version,
        "commitment": opening.commitment,
        "seed": opening.seed.hex(),
        "windows": plan.to_document()["windows"],
        "passes_until": plan.passes_until.isoformat(),
        "shifts": shifts(opening),
    }


def shifts(opening: Opening) -> list[dict[str, Any]]:
    return [{"after": one.after.isoformat(), "seconds": int(one.by.total_seconds())} for one in opening.shifts]


def document(opening: Opening, rows: Iterable[PublishedRow], as_of: datetime) -> dict[str, Any]:
    """The list as it stands at `as_of`: who cancelled is not in it any more. The order says nothing but when."""
    listed = sorted((row.to_list() for row in rows), key=in_order)
    content = {"opening": terms(opening), "columns": list(COLUMNS), "rows": listed}
    return {**content, "as_of": as_of.isoformat(timespec="seconds"), "hash": list_hash(content)}


def in_order(row: list[Any]) -> tuple[int, bytes]:
    return row[COLUMNS.index("registered_at")], canonical(row)


def list_hash(content: Mapping[str, Any]) -> str:
    """SHA-256, in hexadecimal digits, of the terms, the columns and the rows as canonical JSON."""
    return hashlib.sha256(canonical({name: content[name] for name in ("opening", "columns", "rows")})).hexdigest()
