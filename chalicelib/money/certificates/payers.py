"""A family's details for its certificates: who pays, which part, and the national numbers. Plain rules.

Asked for this alone, by the family itself, and erased when the certificates were declared; at the latest on the day
that the page names.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from chalicelib.money.certificates.papers import Payer
from chalicelib.money.certificates.rules import WHOLE

MOST_PAYERS = 2
# A family that enters them from October on means the certificates of the next spring.
NEXT_YEAR_FROM = 10


@dataclass(frozen=True)
class NumberedPayer:
    """A payer with their national number, eleven digits."""

    payer: Payer
    number: str


@dataclass(frozen=True)
class FamilyNumbers:
    """`children`: child_id to its national number. `shares`: child_id to percentages, one for each payer, 100 in all; a
    child that is not in it is paid by the first payer. `edition`: 0: the family gave nothing, or it was erased."""

    payers: tuple[NumberedPayer, ...] = ()
    children: Mapping[str, str] = field(default_factory=dict)
    shares: Mapping[str, Sequence[int]] = field(default_factory=dict)
    edition: int = 0
    kept_until: date | None = None

    def share(self, child_id: str) -> tuple[int, ...]:
        alone = (WHOLE, *(0 for _ in self.payers[1:]))
        return tuple(self.shares.get(child_id, alone))


def last_day(entered: date) -> date:
    """Until when they are kept at most: the end of the year, or of the next one."""
    return date(entered.year + (entered.month >= NEXT_YEAR_FROM), 12, 31)


def expires(day: date) -> int:
    """Epoch seconds: the end of that day, within hours."""
    return int(datetime(day.year + 1, 1, 1, tzinfo=UTC).timestamp())
