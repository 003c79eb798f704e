"""Refunds and their files in the table.

| pk                 | sk              | what                                                                    |
| ------------------ | --------------- | ----------------------------------------------------------------------- |
| REFUND#order_id    | 0001, 0002      | a refund of that order                                                  |
| REFUNDS            | order_id#number | line: it is released, and in no file yet                                |
| REFUND-FILES       | 00001, 00002    | a file: claims, and once it is made its day, count, cents, SHA-256       |
| REFUND-FILE#number | order_id#number | line: the refund is in that file                                        |
| REFUND-FILE#number | CONTENT         | the file itself, compressed                                             |

A file is made in two steps, so that it may have more transfers than one transaction, and none is in two files: refunds
are claimed for its number, each by a write that takes it off the list, while the file is not made; then it is made of
all that are claimed, on the condition that none was claimed since they were counted. Whatever breaks off between the
two is gone on with by whoever asks next.
"""

import gzip
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pynamodb.attributes import BinaryAttribute, ListAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.core import table
from chalicelib.money.refunds.rules import Destination, Refund, RefundState

REFUND, RELEASED, FILES, FILE, CONTENT = "REFUND#", "REFUNDS", "REFUND-FILES", "REFUND-FILE#", "CONTENT"
# Three writes for each refund and one for the file, of the 100 that a transaction takes.
CLAIMED_AT_ONCE = 30
# Bookkeeping is kept for ten years after the year in which it was made; what waits so long is long forgotten.
KEPT = timedelta(days=11 * 366)

Write = dict[str, Any]


class RefundItem(table.Item):
    """`changed_at`: epoch seconds."""

    municipality = UnicodeAttribute()
    cents = NumberAttribute()
    iban = UnicodeAttribute()
    name = UnicodeAttribute()
    payment_id = UnicodeAttribute()
    state = UnicodeAttribute()
    given_by = ListAttribute(of=UnicodeAttribute)
    first_by = UnicodeAttribute()
    second_by = UnicodeAttribute()
    from_iban = UnicodeAttribute()
    file = NumberAttribute()
    undoing_by = UnicodeAttribute()
    changed_at = NumberAttribute()
    edition = NumberAttribute()
    expires = NumberAttribute()


class RefundFileItem(table.Item):
    """`made_at`: epoch seconds; it and those behind it are absent until the file is made."""

    claims = NumberAttribute()
    made_at = NumberAttribute(null=True)
    transfers = NumberAttribute(null=True)
    cents = NumberAttribute(null=True)
    sha256 = UnicodeAttribute(null=True)
    expires = NumberAttribute(null=True)


class ContentItem(table.Item):
    content = BinaryAttribute(legacy_encoding=False)
    expires = NumberAttribute()


@dataclass(frozen=True)
class RefundFile:
    """`claims`: how many refunds were claimed for it. `made_at` None: it is not made yet."""

    number: int
    claims: int
    made_at: datetime | None = None
    transfers: int = 0
    cents: int = 0
    sha256: str = ""


def of_order(order_id: str) -> list[Refund]:
    """Every one that the order ever had, the first one first."""
    return [_read(item) for item in RefundItem.query(REFUND + order_id, consistent_read=True)]


def get(order_id: str, number: int) -> Refund | None:
    item = RefundItem.find(REFUND + order_id, _sk(number))
    return _read(item) if item else None


def several(ids: Iterable[tuple[str, int]]) -> list[Refund]:
    """Those of these orders and numbers that there are; a read unit each."""
    keys = [table.key(REFUND + order_id, _sk(number)) for order_id, number in dict.fromkeys(ids)]
    return [_read(RefundItem.from_raw_data(dict(item))) for item in (table.batch_get(keys) if keys else ())]


def putting(refund: Refund, now: datetime, *, by: str = "") -> Write:
    """One write: the refund with the edition behind the one that it was read with. Refused if that is not how it
    stands, or if it was released, or its account typed, by `by`."""
    after = replace(refund, edition=refund.edition + 1, changed_at=now)
    if not refund.edition:
        return {"Put": {"Item": _item(after).serialize(), "ConditionExpression": "attribute_not_exists(pk)"}}
    condition = "edition = :before" + (" AND first_by <> :by AND NOT contains(given_by, :by)" if by else "")
    values = {":before": {"N": str(refund.edition)}, **({":by": {"S": by}} if by else {})}
    item = {"Item": _item(after).serialize(), "ConditionExpression": condition}
    return {"Put": {**item, "ExpressionAttributeValues": values}}


def deleting(refund: Refund) -> Write:
    """One write: a refund that waits goes. Refused if it is not as it was read."""
    values = {":before": {"N": str(refund.edition)}}
    key = table.key(REFUND + refund.order_id, _sk(refund.number))
    return {"Delete": {"Key": key, "ConditionExpression": "edition = :before", "ExpressionAttributeValues": values}}


def listing(refund: Refund) -> Write:
    """One write: it is released, and waits for a file."""
    return {"Put": {"Item": table.key(RELEASED, _line(refund))}}


def unlisting(refund: Refund) -> Write:
    return {"Delete": {"Key": table.key(RELEASED, _line(refund))}}


def released() -> Iterator[tuple[str, int]]:
    """Order and number of each that waits for a file, page by page."""
    return _lines(RELEASED)


def in_file(number: int) -> Iterator[tuple[str, int]]:
    return (one for one in _lines(FILE + _file_sk(number)))


def files(most: int) -> list[RefundFile]:
    """The newest first."""
    found = RefundFileItem.query(FILES, scan_index_forward=False, limit=most, consistent_read=True)
    return [_read_file(item) for item in found]


def file(number: int) -> RefundFile | None:
    item = RefundFileItem.find(FILES, _file_sk(number))
    return _read_file(item) if item else None


def content(number: int) -> bytes | None:
    item = ContentItem.find(FILE + _file_sk(number), CONTENT)
    return gzip.decompress(item.content) if item else None


def claim(refunds: Sequence[Refund], number: int, now: datetime) -> None:
    """At most CLAIMED_AT_ONCE, all or none. Raises Refused if one is not as it was read, or the file is made."""
    counted = {
        "Key": table.key(FILES, _file_sk(number)),
        "UpdateExpression": "ADD claims :more",
        "ConditionExpression": "attribute_not_exists(sha256)",
        "ExpressionAttributeValues": {":more": {"N": str(len(refunds))}},
    }
    writes: list[Write] = [{"Update": counted}]
    for one in refunds:
        writes.append(putting(replace(one, state=RefundState.SENT, file=number), now))
        writes.append(unlisting(one))
        line = {**table.key(FILE + _file_sk(number), _line(one)), "expires": {"N": str(_ends(now))}}
        writes.append({"Put": {"Item": line}})
    table.transact_write_patiently(writes)


def put_file(made: RefundFile, whole: bytes) -> None:
    """Raises Refused if it is made already, or refunds were claimed for it beyond `made.claims`."""
    assert made.made_at
    item = RefundFileItem(
        FILES,
        _file_sk(made.number),
        claims=made.claims,
        made_at=int(made.made_at.timestamp()),
        transfers=made.transfers,
        cents=made.cents,
        sha256=made.sha256,
        expires=_ends(made.made_at),
    )
    compressed = gzip.compress(whole, mtime=0)
    stored = ContentItem(FILE + _file_sk(made.number), CONTENT, content=compressed, expires=_ends(made.made_at))
    table.transact_write(
        [
            {
                "Put": {
                    "Item": item.serialize(),
                    "ConditionExpression": "attribute_not_exists(sha256) AND claims = :claims",
                    "ExpressionAttributeValues": {":claims": {"N": str(made.claims)}},
                }
            },
            {"Put": {"Item": stored.serialize(), "ConditionExpression": "attribute_not_exists(pk)"}},
        ]
    )


def _lines(partition: str) -> Iterator[tuple[str, int]]:
    for item in table.query("pk = :pk", {":pk": {"S": partition}}, ConsistentRead=True, ProjectionExpression="sk"):
        order_id, _, number = item["sk"]["S"].partition("#")
        if number:
            yield order_id, int(number)


def _sk(number: int) -> str:
    return f"{number:04}"


def _file_sk(number: int) -> str:
    return f"{number:05}"


def _line(refund: Refund) -> str:
    return f"{refund.order_id}#{_sk(refund.number)}"


def _item(refund: Refund) -> RefundItem:
    assert refund.changed_at
    return RefundItem(
        REFUND + refund.order_id,
        _sk(refund.number),
        municipality=refund.municipality,
        cents=refund.cents,
        iban=refund.to.iban,
        name=refund.to.name,
        payment_id=refund.to.payment_id,
        state=refund.state,
        given_by=list(refund.given_by),
        first_by=refund.first_by,
        second_by=refund.second_by,
        from_iban=refund.from_iban,
        file=refund.file,
        undoing_by=refund.undoing_by,
        changed_at=int(refund.changed_at.timestamp()),
        edition=refund.edition,
        expires=_ends(refund.changed_at),
    )


def _ends(at: datetime) -> int:
    return int((at + KEPT).timestamp())


def _read(item: RefundItem) -> Refund:
    return Refund(
        order_id=item.pk.removeprefix(REFUND),
        number=int(item.sk),
        municipality=item.municipality,
        cents=int(item.cents),
        to=Destination(item.iban, item.name, item.payment_id),
        state=RefundState(item.state),
        given_by=tuple(str(one) for one in item.given_by),
        first_by=item.first_by,
        second_by=item.second_by,
        from_iban=item.from_iban,
        file=int(item.file),
        undoing_by=item.undoing_by,
        changed_at=datetime.fromtimestamp(int(item.changed_at), UTC),
        edition=int(item.edition),
    )


def _read_file(item: RefundFileItem) -> RefundFile:
    if item.sha256 is None:
        return RefundFile(int(item.sk), int(item.claims))
    made_at = datetime.fromtimestamp(int(item.made_at), UTC)
    cents, transfers = int(item.cents), int(item.transfers)
    return RefundFile(int(item.sk), int(item.claims), made_at, transfers, cents, item.sha256)
