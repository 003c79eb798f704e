"""All families, page by page of one scan of the table: each with its passes and registrations. For who tells many of
them something, in a function that may scan."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import Registration
from chalicelib.core import table
from chalicelib.people.families import table as families
from chalicelib.people.families.rules import VALID_DAYS, Pass
from chalicelib.programme.openings.rules import Plan
from chalicelib.seats.rules import Seats


@dataclass
class Household:
    """One family's items, as far as a scan has come."""

    pk: str
    last: Mapping[str, Any]
    passes: list[Pass] = field(default_factory=list)
    records: list[Registration] = field(default_factory=list)

    @property
    def family_id(self) -> str:
        return self.pk.removeprefix(families.PARTITION)

    @property
    def newest(self) -> Pass | None:
        return newest_of(self.passes)

    def awaits(self, plan: Plan, sessions: Iterable[Seats], now: datetime) -> Pass | None:
        """The newest pass that is valid, if an opening is for its postcode and the age of one of the children."""
        newest = newest_of(one for one in self.passes if one.created_at >= now - timedelta(days=VALID_DAYS))
        if newest is None or not plan.is_for(newest.postcode):
            return None
        births = {child.birth_date.isoformat() for one in self.passes for child in one.children}
        return newest if is_concerned(births, sessions) else None


def newest_of(passes: Iterable[Pass]) -> Pass | None:
    """Of those with children that somebody proved, if there is one: anybody can ask for another in a family's name, and
    it must not stand before the family's own; nor must one for swimming alone, nor the other parent's invitation, which
    knows no postcode."""
    return max(
        passes,
        key=lambda one: (bool(one.children) and one.is_proven, not one.invited_by, one.created_at),
        default=None,
    )


def is_concerned(births: Iterable[str], sessions: Iterable[Seats]) -> bool:
    """Whether a child that was born on one of these days (ISO 8601) is of an age for one of the sessions."""
    born = list(births)
    return any(one.born_from.isoformat() <= day <= one.born_until.isoformat() for one in sessions for day in born)


def pages(after: Mapping[str, Any] | None) -> Iterator[tuple[list[Household], Mapping[str, Any] | None]]:
    """All families, page by page of the scan, each page with the key to go on from. DynamoDB scans one family's items
    in a row; the last family of a page, which may have more on the next, belongs to that."""
    unfinished: Household | None = None
    for items, more in table.scan(after, **_SCAN):
        complete: list[Household] = []
        for item in items:
            key = {"pk": item["pk"], "sk": item["sk"]}
            if unfinished is None or unfinished.pk != item["pk"]["S"]:
                complete += [unfinished] if unfinished else []
                unfinished = Household(item["pk"]["S"], key)
            unfinished.last = key
            if item["sk"]["S"].startswith(families.PREFIX):
                found = families.read(item)
                unfinished.passes += [] if found.moves else [found]  # whose address is nobody's yet
            else:
                unfinished.records.append(registrations.read(item))
        if not more:
            yield [*complete, *([unfinished] if unfinished else [])], after
            return
        after = complete[-1].last if complete else after
        yield complete, after


_SCAN: dict[str, Any] = {
    "FilterExpression": "begins_with(pk, :family) AND (begins_with(sk, :pass) OR begins_with(sk, :registration))",
    "ExpressionAttributeValues": {
        ":family": {"S": families.PARTITION},
        ":pass": {"S": families.PREFIX},
        ":registration": {"S": registrations.PREFIX},
    },
}
