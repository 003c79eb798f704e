"""Who may cancel what two parents share (people/families/sharing.py): a setting of the city, with every version of it.

| pk   | sk      | what                             |
| ---- | ------- | -------------------------------- |
| CITY | PARENTS | number of versions, the versions |
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from pynamodb.attributes import JSONAttribute, NumberAttribute

from chalicelib.city.ledger import table as ledger
from chalicelib.city.ledger.rules import LedgerAct
from chalicelib.core import table
from chalicelib.core.refusals import unless_interfered
from chalicelib.people.staff.rules import Staff

PK, SK = "CITY", "PARENTS"


class MayCancel(StrEnum):
    """REGISTRANT: only the parent who registered the child; our default. BOTH: the other one too."""

    REGISTRANT = "registrant"
    BOTH = "both"


@dataclass(frozen=True)
class DatedChoice:
    since: datetime
    who: MayCancel


class ParentsItem(table.Item):
    """`versions`: `{since (ISO 8601), who}`, as JSON."""

    edition = NumberAttribute()
    versions = JSONAttribute()


def versions() -> list[DatedChoice]:
    """As they are now, the newest last; none while the default stands. One read unit."""
    item = ParentsItem.find(PK, SK)
    return (
        [DatedChoice(datetime.fromisoformat(one["since"]), MayCancel(one["who"])) for one in item.versions]
        if item
        else []
    )


def current(known: Sequence[DatedChoice]) -> MayCancel:
    return known[-1].who if known else MayCancel.REGISTRANT


def change(before: Sequence[DatedChoice], who: MayCancel, by: Staff, reason: str, now: datetime) -> None:
    """With its entry in the ledger, in one transaction; what is so already needs none. Raises Interfered, and Problem
    `invalid` for a reason that says nothing."""
    if who is current(before):
        return
    every = [*before, DatedChoice(now.astimezone(UTC).replace(microsecond=0), who)]
    document = [{"since": one.since.isoformat(), "who": one.who.value} for one in every]
    item = ParentsItem(PK, SK, edition=len(every), versions=document)
    put = {"Item": item.serialize(), **table.as_read("edition", len(before))}
    with unless_interfered():
        ledger.record(
            LedgerAct.PARENTS_RULE, by, reason, now, details={"outcome": who.value}, together_with=[{"Put": put}]
        )
