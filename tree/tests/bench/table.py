"""One row of the bench: what was measured, how much, and what it may be at most."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    what: str
    measured: float
    unit: str
    limit: float | None = None
    remark: str = ""

    @property
    def is_within(self) -> bool:
        return self.limit is None or self.measured <= self.limit

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "is_within": self.is_within}


def shown(rows: Sequence[Row]) -> str:
    cells = [("what", "measured", "at most", "", "")]
    for row in rows:
        limit = "" if row.limit is None else f"{row.limit:g}"
        verdict = "" if row.limit is None else "ok" if row.is_within else "OVER"
        cells.append((row.what, f"{row.measured:g} {row.unit}".strip(), limit, verdict, row.remark))
    widths = [max(len(line[column]) for line in cells) for column in range(5)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells
    )
