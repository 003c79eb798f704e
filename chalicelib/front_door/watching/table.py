"""What is watched, in the table. Nothing in it is about a person but who of the city looked at what.

| pk              | sk                | what                                                              |
| --------------- | ----------------- | ----------------------------------------------------------------- |
| WATCHING        | EXPECTED#form_id  | what its owner expects of a form, which days were a fault         |
| WATCHING        | LINK#link_id      | an address of the city's, and what it said when it was asked last |
| WATCHING        | RING#kind~subject | that somebody must look: one of a subject at a time               |
| WATCHING        | LAST#kind~subject | who looked at the last one                                        |
| WATCHING        | MONTHS            | months that are not settled, the day of the last look             |
| LOOKED#year     | at#kind~subject   | a ring that somebody looked at, with their words; for ever        |
| WATCHED#year    | MM-DD             | what a day's look saw                                             |
| CASEDAYS#form   | year              | how many cases came by which way on which day                     |
| CASEMONTHS#year | MM#form_id        | a month of a form, by unit                                        |
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute

from chalicelib.core import table
from chalicelib.core.refusals import unless_interfered, went_through
from chalicelib.front_door.watching.rules import ANOTHER_LOOKS, LASTING, Finding, MonthSum, Ring, RingKind

PK, FORM, LINK, RING, LAST, MONTHS = "WATCHING", "EXPECTED#", "LINK#", "RING#", "LAST#", "MONTHS"
LOOKED, WATCHED, CASEDAYS, CASEMONTHS = "LOOKED#", "WATCHED#", "CASEDAYS#", "CASEMONTHS#"

Json = dict[str, Any]


class WatchItem(table.Item):
    said = JSONAttribute()
    edition = NumberAttribute()


class CountItem(table.Item):
    said = JSONAttribute()


@dataclass(frozen=True)
class FormWatch:
    """`said`: cases a year that its owner expects; None: nobody said. `known_from`: the day from which on what came
    says what is expected; None: from the first. `judged_from`: as silence.Past; None: always. `faults`: first and last
    days on which cases were lost."""

    form_id: str
    said: float | None = None
    known_from: date | None = None
    judged_from: date | None = None
    faults: tuple[tuple[date, date], ...] = ()
    edition: int = 0


@dataclass(frozen=True)
class Link:
    """An address of the city's that must lead somewhere. `where`: where it stands, for people. `must`: what its page
    must say; "": anything. `is_well`: as it was asked last; None: not yet. `why`: what was wrong."""

    link_id: str
    url: str
    where: str
    must: str = ""
    is_well: bool | None = None
    why: str = ""
    asked_on: date | None = None
    edition: int = 0


@dataclass(frozen=True)
class State:
    """`months`: first days of the months that have something in hand, or are not over. `last`: the day of the last
    look; `before`: that of the one before, which a look that is done again on its day goes by."""

    months: tuple[date, ...] = ()
    last: date | None = None
    before: date | None = None

    def last_before(self, day: date) -> date | None:
        return self.before if self.last == day else self.last


@dataclass(frozen=True)
class DaysOfForm:
    """Of a form and a year. `counts`: on a day, by way; `dark`: days on which it took nothing; `first`, `last`: the
    days that were counted are these and all between."""

    counts: Mapping[date, Mapping[str, int]] = field(default_factory=dict)
    dark: frozenset[date] = frozenset()
    first: date | None = None
    last: date | None = None

    def has(self, day: date) -> bool:
        """Whether the day was counted."""
        return self.first is not None and self.last is not None and self.first <= day <= self.last


def state() -> State:
    item = WatchItem.find(PK, MONTHS)
    if item is None:
        return State()
    return State(_dates(item.said["months"]), _date(item.said["last"]), _date(item.said["before"]))


def put_state(one: State) -> None:
    """Two runs of a day write the same."""
    months = [month.isoformat() for month in sorted(set(one.months))]
    said = {"months": months, "last": _said(one.last), "before": _said(one.before)}
    WatchItem(PK, MONTHS, said=said, edition=1).save()


def form_watch(form_id: str) -> FormWatch:
    item = WatchItem.find(PK, FORM + form_id)
    return _form_watch(item) if item else FormWatch(form_id)


def form_watches() -> dict[str, FormWatch]:
    items = WatchItem.query(PK, WatchItem.sk.startswith(FORM), consistent_read=True)
    return {one.form_id: one for one in map(_form_watch, items)}


def putting_form(one: FormWatch) -> Json:
    """One write of a transaction, in the place of the edition before."""
    said = {
        "said": one.said,
        "known_from": _said(one.known_from),
        "judged_from": _said(one.judged_from),
        "faults": [[first.isoformat(), last.isoformat()] for first, last in one.faults],
    }
    return _putting(FORM + one.form_id, said, one.edition)


def put_form(one: FormWatch) -> None:
    """Raises Interfered."""
    with unless_interfered():
        table.transact_write([putting_form(one)])


def links() -> list[Link]:
    return [_link(item) for item in WatchItem.query(PK, WatchItem.sk.startswith(LINK), consistent_read=True)]


def link(link_id: str) -> Link | None:
    item = WatchItem.find(PK, LINK + link_id)
    return _link(item) if item else None


def put_link(one: Link) -> None:
    """Raises Interfered."""
    said = {
        "url": one.url,
        "where": one.where,
        "must": one.must,
        "is_well": one.is_well,
        "why": one.why,
        "asked_on": _said(one.asked_on),
    }
    with unless_interfered():
        table.transact_write([_putting(LINK + one.link_id, said, one.edition)])


def delete_link(one: Link) -> None:
    """Raises Interfered."""
    with unless_interfered():
        WatchItem(PK, LINK + one.link_id).delete(WatchItem.edition == one.edition)


def rings() -> list[Ring]:
    """What somebody must look at, the oldest first."""
    items = WatchItem.query(PK, WatchItem.sk.startswith(RING), consistent_read=True)
    return sorted(map(_ring, items), key=lambda one: (one.rang_on, one.ring_id))


def ring(ring_id: str) -> Ring | None:
    item = WatchItem.find(PK, RING + ring_id)
    return _ring(item) if item else None


def begin(one: Ring) -> bool:
    """Whether it rings from now on; False: it does already, or is LASTING, and somebody looked at it as it is. Whoever
    looked at the last one of the same within 90 days does not look at this one."""
    before = WatchItem.find(PK, LAST + one.ring_id)
    if before is not None and before.said.get("lasts"):
        return False
    is_again = before is not None and one.rang_on - date.fromisoformat(before.said["on"]) < ANOTHER_LOOKS
    new = replace(one, not_by=before.said["by"] if before is not None and is_again else "", edition=1)
    return went_through(lambda: table.transact_write([_putting(RING + new.ring_id, _ring_said(new), 1)]))


def change(one: Ring) -> None:
    """How an open ring stands, in the place of the edition before; of two at once one is enough."""
    went_through(lambda: table.transact_write([_putting(RING + one.ring_id, _ring_said(one), one.edition)]))


def look(one: Ring, also: Sequence[Json] = (), *, is_open: bool = True) -> None:
    """A ring ends with what somebody found; with other writes of the same transaction. `is_open`: False of what never
    rang, and is only kept. Raises Interfered if it is not as it was read."""
    assert one.looked_at
    name = f"{one.looked_at:%Y-%m-%dT%H:%M:%S}#{one.ring_id}"
    key = table.key(PK, RING + one.ring_id)
    condition = {
        "ConditionExpression": "edition = :edition",
        "ExpressionAttributeValues": {":edition": {"N": str(one.edition)}},
    }
    said = {"on": one.looked_at.date().isoformat(), "by": one.looked_by, "lasts": one.kind in LASTING}
    last = WatchItem(PK, LAST + one.ring_id, said=said, edition=1)
    done = CountItem(f"{LOOKED}{one.looked_at.year}", name, said=_ring_said(one))
    with unless_interfered():
        table.transact_write(
            [
                *([{"Delete": {"Key": key, **condition}}] if is_open else []),
                {"Put": {"Item": dict(done.serialize())}},
                {"Put": {"Item": dict(last.serialize())}},
                *also,
            ]
        )


def well_again(kind: RingKind, seen: Set[str]) -> None:
    """Of what is LASTING: whatever is not among the ring_ids `seen` rings when it is there again."""
    for item in WatchItem.query(PK, WatchItem.sk.startswith(f"{LAST}{kind}~"), consistent_read=True):
        if item.said.get("lasts") and item.sk.removeprefix(LAST) not in seen:
            WatchItem(PK, item.sk, said={**item.said, "lasts": False}, edition=1).save()


def looked_at(year: int) -> Iterator[Ring]:
    """Rings that somebody looked at, the newest first. Pages."""
    items = CountItem.query(f"{LOOKED}{year}", scan_index_forward=False)
    return (_ring_of(item.sk.partition("#")[2], item.said, 0) for item in items)


def put_day(day: date, said: Json) -> None:
    CountItem(f"{WATCHED}{day.year}", f"{day:%m-%d}", said=said).save()


def days(year: int, most: int) -> list[tuple[date, Json]]:
    """The last looks of a year, the newest first."""
    items = CountItem.query(f"{WATCHED}{year}", scan_index_forward=False, limit=most)
    return [(date.fromisoformat(f"{year}-{item.sk}"), item.said) for item in items]


def days_of_form(form_id: str, years: Iterable[int]) -> dict[int, DaysOfForm]:
    keys = [table.key(CASEDAYS + form_id, str(year)) for year in years]
    found = (CountItem.from_raw_data(dict(item)) for item in table.batch_get(keys))
    return {int(item.sk): _days(int(item.sk), item.said) for item in found}


def put_days(form_id: str, year: int, one: DaysOfForm) -> None:
    said = {
        "counts": {f"{day:%m-%d}": dict(ways) for day, ways in sorted(one.counts.items()) if ways},
        "dark": [f"{day:%m-%d}" for day in sorted(one.dark)],
        "first": _said(one.first),
        "last": _said(one.last),
    }
    CountItem(CASEDAYS + form_id, str(year), said=said).save()


def put_month(month: date, form_id: str, rows: Sequence[MonthSum]) -> None:
    said = {
        row.unit_id: [
            *(row.received, row.in_time, row.late, row.overdue, row.reopened, row.silent, row.is_confidential),
        ]
        for row in rows
    }
    CountItem(f"{CASEMONTHS}{month.year}", f"{month:%m}#{form_id}", said=said).save()


def months(year: int) -> list[MonthSum]:
    found = []
    for item in CountItem.query(f"{CASEMONTHS}{year}"):
        month, _, form_id = item.sk.partition("#")
        for unit_id, counts in item.said.items():
            found.append(MonthSum(date(year, int(month), 1), form_id, unit_id, *counts))
    return found


def _putting(sk: str, said: Json, edition: int) -> Json:
    item = WatchItem(PK, sk, said=said, edition=edition)
    return {"Put": {"Item": dict(item.serialize()), **table.as_read("edition", edition - 1)}}


def _form_watch(item: WatchItem) -> FormWatch:
    said: Json = item.said
    return FormWatch(
        form_id=item.sk.removeprefix(FORM),
        said=said["said"],
        known_from=_date(said["known_from"]),
        judged_from=_date(said["judged_from"]),
        faults=tuple((date.fromisoformat(first), date.fromisoformat(last)) for first, last in said["faults"]),
        edition=int(item.edition),
    )


def _link(item: WatchItem) -> Link:
    said: Json = item.said
    return Link(
        link_id=item.sk.removeprefix(LINK),
        url=said["url"],
        where=said["where"],
        must=said["must"],
        is_well=said["is_well"],
        why=said["why"],
        asked_on=_date(said["asked_on"]),
        edition=int(item.edition),
    )


def _ring_said(one: Ring) -> Json:
    return {
        "since": one.since.isoformat(),
        "rang_on": one.rang_on.isoformat(),
        "said": dict(one.said),
        "not_by": one.not_by,
        "gone_on": _said(one.gone_on),
        "looked_at": one.looked_at.isoformat() if one.looked_at else None,
        "looked_by": one.looked_by,
        "looked_name": one.looked_name,
        "finding": one.finding.value if one.finding else None,
        "words": one.words,
    }


def _ring(item: WatchItem) -> Ring:
    return _ring_of(item.sk.removeprefix(RING), item.said, int(item.edition))


def _ring_of(ring_id: str, said: Json, edition: int) -> Ring:
    kind, _, subject = ring_id.partition("~")
    return Ring(
        kind=RingKind(kind),
        subject=subject,
        since=date.fromisoformat(said["since"]),
        rang_on=date.fromisoformat(said["rang_on"]),
        said=said["said"],
        not_by=said["not_by"],
        gone_on=_date(said["gone_on"]),
        edition=edition,
        looked_at=datetime.fromisoformat(said["looked_at"]) if said["looked_at"] else None,
        looked_by=said["looked_by"],
        looked_name=said["looked_name"],
        finding=Finding(said["finding"]) if said["finding"] else None,
        words=said["words"],
    )


def _days(year: int, said: Json) -> DaysOfForm:
    def day(text: str) -> date:
        return date.fromisoformat(f"{year}-{text}")

    return DaysOfForm(
        {day(text): ways for text, ways in said["counts"].items()},
        frozenset(map(day, said["dark"])),
        _date(said["first"]),
        _date(said["last"]),
    )


def _dates(said: Iterable[str]) -> tuple[date, ...]:
    return tuple(map(date.fromisoformat, said))


def _date(said: str | None) -> date | None:
    return date.fromisoformat(said) if said else None


def _said(day: date | None) -> str | None:
    return day.isoformat() if day else None
