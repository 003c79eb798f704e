"""Tariffs in the table: which versions of each were accepted, under one key; and each version, a draft or accepted.

| pk           | sk           | what                                                            |
| ------------ | ------------ | --------------------------------------------------------------- |
| TARIFFS      | TARIFF#place | of a tariff: how many versions it ever had, which are accepted  |
| TARIFF#place | 000001       | a version: its tariff as JSON, who changed it, who accepted it  |

`place` is the municipality as `scope_name` writes it, or nothing for the whole city. What is accepted never changes: a
container reads it once. That versions neither overlap nor leave a gap is a condition of the write that accepts one: the
accepted ones stand in one item, of which each acceptance changes the edition.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Self

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.core import table
from chalicelib.core.memory import Memory
from chalicelib.core.refusals import Busy, Interfered, Refused, unless_interfered
from chalicelib.money.tariffs.document import NotATariff, read_draft, written
from chalicelib.money.tariffs.faults import faults
from chalicelib.money.tariffs.rules import Labels, Tariff, Version
from chalicelib.money.tariffs.versions import WHOLE_CITY, Acceptance, Editor, StoredVersion, combined
from chalicelib.people.staff.rules import scope_name

HEADS, _OF = "TARIFFS", "TARIFF#"
# With the seconds that browsers keep a page, an accepted version is everywhere within ten; it begins tomorrow at the
# earliest.
SECONDS_REMEMBERED = 5.0
_remembered: Memory[str, Tariff | None] = Memory(SECONDS_REMEMBERED)
# An accepted version never changes.
_accepted: Memory[tuple[str, int], StoredVersion] = Memory(24 * 3600)

TRIES = 5

Write = Mapping[str, Any]


@dataclass(frozen=True)
class AcceptedSpan:
    """When an accepted version holds. `last_day`: None: until the next one begins."""

    number: int
    first_day: date
    last_day: date | None


@dataclass(frozen=True)
class TariffHead:
    """`numbers`: how many versions it ever had. `accepted`: in the order of their first days. `edition` 0: there is
    none yet."""

    municipality: str
    edition: int = 0
    numbers: int = 0
    accepted: tuple[AcceptedSpan, ...] = ()


class HeadItem(table.Item):
    """`accepted`: [[number, first day, last day or null]]."""

    municipality = UnicodeAttribute()
    edition = NumberAttribute()
    numbers = NumberAttribute()
    accepted = JSONAttribute()

    @classmethod
    def of(cls, head: TariffHead) -> Self:
        return cls(
            HEADS,
            _OF + scope_name(head.municipality),
            municipality=head.municipality,
            edition=head.edition,
            numbers=head.numbers,
            accepted=[[one.number, one.first_day.isoformat(), _day(one.last_day)] for one in head.accepted],
        )

    def head(self) -> TariffHead:
        spans = tuple(
            AcceptedSpan(number, date.fromisoformat(first), date.fromisoformat(last) if last else None)
            for number, first, last in self.accepted
        )
        return TariffHead(self.municipality, int(self.edition), int(self.numbers), spans)


class VersionItem(table.Item):
    """`tariff`: with this version only, as document.py writes it. `more`: editors and acceptances."""

    municipality = UnicodeAttribute()
    edition = NumberAttribute()
    is_accepted = BooleanAttribute()
    tariff = UnicodeAttribute()
    more = JSONAttribute()

    @classmethod
    def of(cls, stored: StoredVersion) -> Self:
        return cls(
            _pk(stored.municipality),
            _sk(stored.number),
            municipality=stored.municipality,
            edition=stored.edition,
            is_accepted=stored.is_accepted,
            tariff=written(stored.alone),
            more={
                "editors": [[each.staff_id, each.name] for each in stored.editors],
                "edited_at": stored.edited_at.astimezone(UTC).isoformat(),
                "acceptances": [
                    [each.by, each.name, each.at.astimezone(UTC).isoformat(), each.digest]
                    for each in stored.acceptances
                ],
            },
        )

    def stored(self) -> StoredVersion:
        tariff = read_draft(self.tariff)
        return StoredVersion(
            self.municipality,
            int(self.sk),
            int(self.edition),
            tariff.name,
            tariff.versions[0],
            tuple(Editor(staff_id, name) for staff_id, name in self.more["editors"]),
            datetime.fromisoformat(self.more["edited_at"]),
            tuple(
                Acceptance(by, name, datetime.fromisoformat(at), digest)
                for by, name, at, digest in self.more["acceptances"]
            ),
            self.is_accepted,
        )


def in_force(municipality: str) -> Tariff | None:
    """The tariff of families in this municipality (""; the whole city's own), as it was at most SECONDS_REMEMBERED ago:
    all accepted versions, also those to come; None: there is none. One read meanwhile, and one for each version that
    this container does not know yet. Raises Busy."""
    return _remembered.get(scope_name(municipality), lambda: _in_force(scope_name(municipality)))


def heads() -> list[TariffHead]:
    """Of every tariff that was ever begun, the whole city's first."""
    return [item.head() for item in HeadItem.query(HEADS, consistent_read=True)]


def head(municipality: str) -> TariffHead:
    """As it is now. One consistent read."""
    item = HeadItem.find(HEADS, _OF + scope_name(municipality))
    return item.head() if item else TariffHead(municipality)


def every(municipality: str) -> list[StoredVersion]:
    """Its versions, drafts too, the newest first."""
    query = VersionItem.query(_pk(municipality), consistent_read=True, scan_index_forward=False)
    return [item.stored() for item in query]


def get(municipality: str, number: int) -> StoredVersion | None:
    """As it is now. One consistent read."""
    item = VersionItem.find(_pk(municipality), _sk(number))
    return item.stored() if item else None


def accepted(municipality: str) -> list[StoredVersion]:
    """Its accepted versions, in the order of their first days."""
    return _versions(head(municipality))


def create(
    municipality: str, name: Labels, version: Version, editors: tuple[Editor, ...], now: datetime
) -> StoredVersion:
    """A draft, under a number that none ever had. Raises Busy."""

    def put(before: TariffHead) -> StoredVersion:
        after = replace(before, edition=before.edition + 1, numbers=before.numbers + 1)
        new = StoredVersion(before.municipality, after.numbers, 1, name, version, editors, now.replace(microsecond=0))
        _write(after, new, before=0)
        return new

    return _again(municipality, put)


def write(stored: StoredVersion) -> StoredVersion:
    """Puts the draft in the place of the one that was read with its edition; raises Interfered if that has gone, has
    changed or is accepted."""
    assert not stored.is_accepted, "accept does that"
    after = replace(stored, edition=stored.edition + 1)
    with unless_interfered():
        table.transact_write_patiently([_put(after, stored.edition)])
    return after


def delete(stored: StoredVersion) -> None:
    """Raises Interfered as `write` does: what is accepted stays for ever."""
    condition = (VersionItem.edition == stored.edition) & (VersionItem.is_accepted == False)  # noqa: E712 an expression
    with unless_interfered():
        VersionItem(_pk(stored.municipality), _sk(stored.number)).delete(condition=condition)


def accept(stored: StoredVersion) -> StoredVersion:
    """`stored`: a draft as it was read, with the acceptances that it now has. From now on it never changes. Raises
    Interfered if it changed meanwhile, NotATariff for what nobody could be charged by, also because it does not follow
    on the versions that were accepted before, and Busy."""

    def put(before: TariffHead) -> StoredVersion:
        versions = [one.version for one in _versions(before)]
        if found := faults(Tariff(stored.name, (*versions, stored.version))):
            raise NotATariff(found)
        after = replace(stored, edition=stored.edition + 1, is_accepted=True)
        span = AcceptedSpan(stored.number, stored.version.first_day, stored.version.last_day)
        head_after = replace(before, edition=before.edition + 1, accepted=(*before.accepted, span))
        _write(head_after, after, stored.edition)
        return after

    after = _again(stored.municipality, put)
    forget()
    return after


def forget() -> None:
    """For whoever wants them as they are now."""
    _remembered.forget()


def _write(head: TariffHead, version: StoredVersion, before: int) -> None:
    """Both or none. Raises Interfered if the version is not as it was read, Refused if the head is not."""
    try:
        table.transact_write_patiently([_put(version, before), _head(head)])
    except Refused as refused:
        if 0 in refused.items:
            raise Interfered from refused
        raise


def _again(municipality: str, put: Callable[[TariffHead], StoredVersion]) -> StoredVersion:
    """With the head as it is now, and once more where another one changed it meanwhile."""
    for _ in range(TRIES):
        try:
            return put(head(municipality))
        except Refused:
            continue
    raise Busy(is_conflict=True)


def _in_force(place: str) -> Tariff | None:
    keys = [table.key(HEADS, _OF + each) for each in dict.fromkeys((place, scope_name(WHOLE_CITY)))]
    found = [HeadItem.from_raw_data(dict(item)).head() for item in table.batch_get(keys, consistent=False)]
    by_place = {scope_name(one.municipality): _versions(one) for one in found}
    own, whole = by_place.get(place, []), by_place.get(scope_name(WHOLE_CITY), [])
    versions = combined([one.version for one in own], [one.version for one in whole])
    return Tariff((own or whole)[-1].name, versions) if versions else None


def _versions(head: TariffHead) -> list[StoredVersion]:
    """Those that are accepted, in their order."""
    place = scope_name(head.municipality)
    found = _accepted.several([(place, one.number) for one in head.accepted], _load)
    return [found[place, one.number] for one in head.accepted]


def _load(wanted: Sequence[tuple[str, int]]) -> dict[tuple[str, int], StoredVersion]:
    """Consistent reads: a head that is read names only what was written with it."""
    items = table.batch_get([table.key(_OF + place, _sk(number)) for place, number in wanted])
    stored = [VersionItem.from_raw_data(dict(item)).stored() for item in items]
    return {(scope_name(one.municipality), one.number): one for one in stored}


def _head(after: TariffHead) -> Write:
    return {"Put": {"Item": HeadItem.of(after).serialize(), **table.as_read("edition", after.edition - 1)}}


def _put(after: StoredVersion, before: int) -> Write:
    """`before`: the edition that it had, still a draft; 0: there was none."""
    condition = table.as_read("edition", before)
    if before:
        condition["ConditionExpression"] += " AND is_accepted = :no"
        condition["ExpressionAttributeValues"][":no"] = {"BOOL": False}
    return {"Put": {"Item": VersionItem.of(after).serialize(), **condition}}


def _pk(municipality: str) -> str:
    return _OF + scope_name(municipality)


def _sk(number: int) -> str:
    return f"{number:06d}"


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
