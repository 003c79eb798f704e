"""Certificates in the table.

| pk                      | sk                | what                                                                  |
| ----------------------- | ----------------- | --------------------------------------------------------------------- |
| CERTIFICATES#ORGANIZERS | PLACE#municipality | who organises the care there; PLACE# alone: everywhere else           |
| CERTIFICATES#year       | MAXIMUM           | cents for a day, source, who entered it, who accepted it              |
| CERTIFICATES#year       | SERIAL            | last: the last number that was given                                  |
| CERTIFICATES#year       | NO#serial         | a certificate as it was given; kept seven years                       |
| CERTIFIED#family_id     | YEAR#year         | edition: how often the family's certificates of the year were made    |
| CERTIFIED#family_id     | NO#year#serial    | that this certificate is the family's                                 |
| CERTIFIED#family_id     | TELL#year#edition | that it is to be told of them: the stream makes a mail of it          |

A certificate is put once, and never under a number that there is; what is written to it later is that it does not hold
any more, and when it was first handed out. All of a family and a year that are made at once are one transaction, with
the edition as read as its condition: two people who make them at the same moment make them once.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.booking.presence.rules import kept_until
from chalicelib.core import table
from chalicelib.core.refusals import went_through
from chalicelib.money.certificates.papers import Certificate, CertifiedChild, Organizer, Payer
from chalicelib.money.certificates.rules import Period
from chalicelib.money.certificates.years import Maximum, Said, known

OF_YEAR, ORGANIZERS, PLACE = "CERTIFICATES#", "CERTIFICATES#ORGANIZERS", "PLACE#"
MAXIMUM, SERIAL, NO = "MAXIMUM", "SERIAL", "NO#"
OF_FAMILY, YEAR, TELL = "CERTIFIED#", "YEAR#", "TELL#"
# Of one transaction, which takes 100 writes: three for each at most, and the head.
MOST_AT_ONCE = 30
# Longer than anybody presses the same button again.
TOLD_KEPT = timedelta(days=400)

Write = dict[str, Any]
Item = Mapping[str, Any]


class MaximumItem(table.Item):
    cents = NumberAttribute()
    source = UnicodeAttribute()
    by = JSONAttribute()
    accepted = JSONAttribute(null=True)
    edition = NumberAttribute()


class SerialItem(table.Item):
    last = NumberAttribute()


class OrganizerItem(table.Item):
    said = JSONAttribute()
    edition = NumberAttribute()


# --- maxima ---


def maximum(year: int) -> Maximum | None:
    """Of that year, also if nobody has accepted it yet; None: nobody entered it."""
    if found := known(year):
        return found
    item = MaximumItem.find(f"{OF_YEAR}{year}", MAXIMUM)
    if item is None:
        return None
    return Maximum(
        year, int(item.cents), item.source, _read_said(item.by), _read_said(item.accepted), int(item.edition)
    )


def put_maximum(one: Maximum) -> None:
    """In the place of the edition before. Raises Refused if that is not as it was read."""
    item = MaximumItem(
        f"{OF_YEAR}{one.year}",
        MAXIMUM,
        cents=one.cents,
        source=one.source,
        by=_said(one.by),
        accepted=_said(one.accepted),
        edition=one.edition,
    )
    table.call("PutItem", Item=item.serialize(), **table.as_read("edition", one.edition - 1))


def _said(one: Said | None) -> dict[str, str] | None:
    return {"staff_id": one.staff_id, "name": one.name, "at": one.at.isoformat()} if one else None


def _read_said(said: Mapping[str, str] | None) -> Said | None:
    return Said(said["staff_id"], said["name"], datetime.fromisoformat(said["at"])) if said else None


# --- organizers ---


def organizers() -> dict[str, Organizer]:
    """By municipality; empty: of all that have none of their own."""
    found = OrganizerItem.query(ORGANIZERS, OrganizerItem.sk.startswith(PLACE), consistent_read=True)
    return {
        item.sk.removeprefix(PLACE): Organizer(
            item.sk.removeprefix(PLACE), **dict(item.said), edition=int(item.edition)
        )
        for item in found
    }


def put_organizer(one: Organizer) -> None:
    """In the place of the edition before. Raises Refused if that is not as it was read."""
    said = {name: value for name, value in vars(one).items() if name not in ("municipality", "edition")}
    item = OrganizerItem(ORGANIZERS, PLACE + one.municipality, said=said, edition=one.edition)
    table.call("PutItem", Item=item.serialize(), **table.as_read("edition", one.edition - 1))


# --- certificates ---


def every(year: int) -> Iterator[Certificate]:
    """All of a year, by their numbers, page by page; those too that do not hold any more."""
    values = {":pk": {"S": f"{OF_YEAR}{year}"}, ":no": {"S": NO}}
    for item in table.query("pk = :pk AND begins_with(sk, :no)", values, ConsistentRead=True):
        yield _read(item)


def of_family(family_id: str, year: int) -> list[Certificate]:
    """By their numbers; those too that do not hold any more. One query and one batch."""
    values = {":pk": {"S": OF_FAMILY + family_id}, ":no": {"S": f"{NO}{year}#"}}
    found = table.query("pk = :pk AND begins_with(sk, :no)", values, ConsistentRead=True)
    keys = [_key(year, int(item["sk"]["S"].rpartition("#")[2])) for item in found]
    return sorted(map(_read, table.batch_get(keys) if keys else ()), key=lambda one: one.serial)


def years_of(family_id: str) -> list[int]:
    """In which it has certificates, the newest first."""
    values = {":pk": {"S": OF_FAMILY + family_id}, ":year": {"S": YEAR}}
    found = table.query("pk = :pk AND begins_with(sk, :year)", values)
    return sorted((int(item["sk"]["S"].removeprefix(YEAR)) for item in found), reverse=True)


def get(family_id: str, year: int, serial: int) -> Certificate | None:
    """A certificate of that family; None: there is none, or it is somebody else's."""
    item = table.call("GetItem", Key=_key(year, serial), ConsistentRead=True).get("Item")
    return _read(item) if item and item["family_id"]["S"] == family_id else None


def edition(family_id: str, year: int) -> int:
    """How often its certificates of that year were made; 0: never."""
    key = table.key(OF_FAMILY + family_id, f"{YEAR}{year}")
    item = table.call("GetItem", Key=key, ConsistentRead=True).get("Item")
    return int(item["edition"]["N"]) if item else 0


def given(year: int) -> int:
    """How many certificates of the year there ever were, also those that hold no more. Half a read unit."""
    item = SerialItem.glance(OF_YEAR + str(year), SERIAL)
    return int(item.last) if item else 0


def next_serials(year: int, number: int) -> int:
    """The first of so many numbers that nobody has had. Those that are not used leave a gap, which does no harm."""
    answer = table.call(
        "UpdateItem",
        Key=table.key(f"{OF_YEAR}{year}", SERIAL),
        UpdateExpression="ADD #last :number",
        ExpressionAttributeNames={"#last": "last"},
        ExpressionAttributeValues={":number": {"N": str(number)}},
        ReturnValues="UPDATED_NEW",
    )
    return int(answer["Attributes"]["last"]["N"]) - number + 1


def give(family_id: str, year: int, edition_: int, new: Iterable[Certificate], old: Iterable[Certificate]) -> None:
    """Gives the new ones and marks the old ones, all or nothing. Raises Refused if somebody made the family's meanwhile
    (`edition_`: as it was read), or if an old one does not hold any more."""
    writes: list[Write] = [_head(family_id, year, edition_)]
    for one in new:
        index = table.key(OF_FAMILY + family_id, f"{NO}{year}#{one.serial:06}")
        writes.append({"Put": {"Item": _item(one), "ConditionExpression": "attribute_not_exists(pk)"}})
        writes.append({"Put": {"Item": {**index, "expires": _expires(one)}}})
    writes += [_ending(one) for one in old]
    table.transact_write(writes)


def tell(family_id: str, year: int, edition_: int, now: datetime) -> bool:
    """That the family is to be told of the certificates as they were made last; False: it was, or will be."""
    key = table.key(OF_FAMILY + family_id, f"{TELL}{year}#{edition_}")
    expires = int((now + TOLD_KEPT).timestamp())
    put = {"Item": {**key, "expires": {"N": str(expires)}}, "ConditionExpression": "attribute_not_exists(pk)"}
    return went_through(lambda: table.call("PutItem", **put))


def first_handed_out(one: Certificate, now: datetime) -> bool:
    """Whether this copy is the first one that is handed out; each further one says that it is a duplicate."""
    return went_through(
        lambda: table.call(
            "UpdateItem",
            Key=_key(one.year, one.serial),
            UpdateExpression="SET handed_out = :now",
            ConditionExpression="attribute_exists(pk) AND attribute_not_exists(handed_out)",
            ExpressionAttributeValues={":now": {"N": str(int(now.timestamp()))}},
        )
    )


def _head(family_id: str, year: int, edition_: int) -> Write:
    expires = {"N": str(kept_until(date(year + 1, 1, 1)))}
    item = {
        **table.key(OF_FAMILY + family_id, f"{YEAR}{year}"),
        "edition": {"N": str(edition_ + 1)},
        "expires": expires,
    }
    return {"Put": {"Item": item, **table.as_read("edition", edition_)}}


def _ending(one: Certificate) -> Write:
    values = {":said": {"S": _written(one)}}
    return {
        "Update": {
            "Key": _key(one.year, one.serial),
            "UpdateExpression": "SET said = :said, ended = :ended",
            "ConditionExpression": "attribute_exists(pk) AND attribute_not_exists(ended)",
            "ExpressionAttributeValues": {**values, ":ended": {"BOOL": True}},
        }
    }


def _key(year: int, serial: int) -> dict[str, Any]:
    return table.key(f"{OF_YEAR}{year}", f"{NO}{serial:06}")


def _item(one: Certificate) -> dict[str, Any]:
    return {
        **_key(one.year, one.serial),
        "family_id": {"S": one.family_id},
        "said": {"S": _written(one)},
        "expires": _expires(one),
    }


def _expires(one: Certificate) -> dict[str, str]:
    return {"N": str(kept_until(one.issued_on or datetime.now(UTC).date()))}


def _written(one: Certificate) -> str:
    return json.dumps(
        {
            "organizer": one.organizer,
            "child": [one.child.child_id, one.child.last_name, one.child.first_name, one.child.born.isoformat()],
            "payer": list(vars(one.payer).values()),
            "place": [one.place, one.part],
            "periods": [[p.first.isoformat(), p.last.isoformat(), p.days, p.day_cents] for p in one.periods],
            "proof": one.proof,
            "issued_on": one.issued_on.isoformat() if one.issued_on else None,
            "replaces": one.replaces,
            "replaced_by": one.replaced_by,
            "cancelled_on": one.cancelled_on.isoformat() if one.cancelled_on else None,
        },
        ensure_ascii=False,
    )


def _read(item: Item) -> Certificate:
    said = json.loads(item["said"]["S"])
    child_id, last_name, first_name, born = said["child"]
    return Certificate(
        year=int(item["pk"]["S"].removeprefix(OF_YEAR)),
        family_id=item["family_id"]["S"],
        organizer=said["organizer"],
        child=CertifiedChild(child_id, last_name, first_name, date.fromisoformat(born)),
        payer=Payer(*said["payer"]),
        place=said["place"][0],
        part=said["place"][1],
        periods=tuple(_period(one) for one in said["periods"]),
        proof=said["proof"],
        serial=int(item["sk"]["S"].removeprefix(NO)),
        issued_on=_day(said["issued_on"]),
        replaces=said["replaces"],
        replaced_by=said["replaced_by"],
        cancelled_on=_day(said["cancelled_on"]),
    )


def _period(said: Sequence[Any]) -> Period:
    first, last, days, day_cents = said
    return Period(date.fromisoformat(first), date.fromisoformat(last), days, day_cents)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
