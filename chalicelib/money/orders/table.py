"""Orders in the table, in a partition of the family's money that outlives the family itself: bookkeeping keeps it.

| pk                 | sk                | what                                                                     |
| ------------------ | ----------------- | ------------------------------------------------------------------------ |
| ACCOUNT#family_id  | HEAD              | edition: how often the family's orders were worked out anew               |
| ACCOUNT#family_id  | ORDER#suffix      | an order; `suffix`: of the registration that it began with                |
| REFERENCE#digits   | ORDER             | order_id: whose reference it is                                           |
| REFERENCES         | BE, NL            | last: the last number that was given                                      |
| OWED#municipality  | due_on#order_id   | cents: an order that the family owes something of                         |
| OVERPAID#municipality | order_id       | cents: an order of which something is to go back                          |

Every write of an order has the edition as it was read as its condition, and keeps OWED and OVERPAID right in the same
transaction. An order is about 1 KB: four write units when it is made, six with its reference and its line in OWED.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.booking.registrations.rules import ID_LENGTH
from chalicelib.core import table
from chalicelib.core.canonical import canonical
from chalicelib.core.memory import Memory
from chalicelib.money.orders.rules import Adjustment, Gone, Order, OrderLine, OrderPart
from chalicelib.money.payees.rules import ReferenceScheme
from chalicelib.money.tariffs.rules import Labels
from chalicelib.people.families.identity import FAMILY_LENGTH

ACCOUNT, HEAD, PREFIX = "ACCOUNT#", "HEAD", "ORDER#"
REFERENCE, REFERENCES, OF_ORDER = "REFERENCE#", "REFERENCES", "ORDER"
OWED, OVERPAID = "OWED#", "OVERPAID#"

NUMBERS_AT_ONCE = 10
_numbers: Memory[ReferenceScheme, list[int]] = Memory(24 * 3600)

Write = dict[str, Any]


class HeadItem(table.Item):
    edition = NumberAttribute()


class OrderItem(table.Item):
    """`inputs`: JSON of what people decided about it: adjustments and proofs. When it changes the order is worked out
    anew (mail/rules.py). `said`: JSON of what nobody asks DynamoDB for."""

    municipality = UnicodeAttribute()
    reference = UnicodeAttribute()
    amount = NumberAttribute()
    received = NumberAttribute()
    returned = NumberAttribute()
    due_on = UnicodeAttribute()
    edition = NumberAttribute()
    said = JSONAttribute()
    inputs = UnicodeAttribute()


class ReferenceItem(table.Item):
    order_id = UnicodeAttribute()


class NumberItem(table.Item):
    last = NumberAttribute()


class BalanceItem(table.Item):
    cents = NumberAttribute()


@dataclass(frozen=True)
class Account:
    """`edition`: of the family's HEAD; 0: there is none."""

    family_id: str
    edition: int
    orders: Sequence[Order]


@dataclass(frozen=True)
class Owed:
    """`due_on` None: it is overpaid, and `cents` are to go back."""

    order_id: str
    due_on: date | None
    cents: int

    @property
    def place(self) -> str:
        """In its list: the next part begins behind it."""
        return f"{self.due_on.isoformat()}#{self.order_id}" if self.due_on else self.order_id


def account(family_id: str) -> Account:
    """All orders of a family, the oldest first: one query."""
    edition, orders = 0, []
    for item in table.query("pk = :pk", {":pk": {"S": ACCOUNT + family_id}}, ConsistentRead=True):
        sk = item["sk"]["S"]
        if sk == HEAD:
            edition = int(item["edition"]["N"])
        elif sk.startswith(PREFIX):
            orders.append(_read(OrderItem.from_raw_data(dict(item))))
    return Account(family_id, edition, sorted(orders, key=lambda order: order.made_at))


def of_family(family_id: str) -> list[Order]:
    return list(account(family_id).orders)


def get(order_id: str) -> Order | None:
    """None also for what an address may have and no key of the table can."""
    item = OrderItem.find(*_key(order_id)) if len(order_id) <= ID_LENGTH else None
    return _read(item) if item else None


def several(order_ids: Iterable[str]) -> dict[str, Order]:
    """Those of these that there are; a read unit for each."""
    keys = [table.key(*_key(one)) for one in dict.fromkeys(order_ids)]
    found = [_read(OrderItem.from_raw_data(dict(item))) for item in (table.batch_get(keys) if keys else ())]
    return {order.order_id: order for order in found}


def by_references(references: Iterable[str]) -> dict[str, str]:
    """Digits of a reference to the order whose it is; those that are nobody's are left out."""
    keys = [table.key(REFERENCE + one, OF_ORDER) for one in dict.fromkeys(references)]
    found = table.batch_get(keys) if keys else ()
    return {item["pk"]["S"].removeprefix(REFERENCE): item["order_id"]["S"] for item in found}


def owing(municipality: str, after: str = " ") -> Iterator[Owed]:
    """Orders of which something is owed, the earliest due day first, page by page. `after`: behind this place."""
    for item in BalanceItem.query(OWED + municipality, BalanceItem.sk > after):
        due, _, order_id = item.sk.partition("#")
        yield Owed(order_id, date.fromisoformat(due), int(item.cents))


def overpaid(municipality: str) -> Iterator[Owed]:
    for item in BalanceItem.query(OVERPAID + municipality):
        yield Owed(item.sk, None, int(item.cents))


def next_number(scheme: ReferenceScheme) -> int:
    """A number that no order had yet. A container takes NUMBERS_AT_ONCE of them in one write unit; those that it does
    not use, and one of an order that broke off, are gaps, which do no harm."""
    left = _numbers.fresh(scheme) or []
    if not left:
        answer = table.call(
            "UpdateItem",
            Key=table.key(REFERENCES, scheme.value.upper()),
            UpdateExpression="ADD #last :some",
            ExpressionAttributeNames={"#last": "last"},
            ExpressionAttributeValues={":some": {"N": str(NUMBERS_AT_ONCE)}},
            ReturnValues="UPDATED_NEW",
        )
        last = int(answer["Attributes"]["last"]["N"])
        _numbers.put(scheme, left := list(range(last - NUMBERS_AT_ONCE + 1, last + 1)))
    return left.pop(0)


def moving_head(family_id: str, edition: int) -> Write:
    """One write: the family's orders are worked out anew. Refused if somebody did so since `edition` was read."""
    item = HeadItem(ACCOUNT + family_id, HEAD, edition=edition + 1)
    return {"Put": {"Item": item.serialize(), **table.as_read("edition", edition)}}


def putting(before: Order | None, after: Order) -> list[Write]:
    """Writes of a transaction: the order `after` in the place of `before` (None: it is new), with its reference and its
    line in OWED or OVERPAID. Refused if it is not as it was read. `after` gets the edition behind that of `before`."""
    edition = before.edition if before else 0
    item = _item(replace(after, edition=edition + 1))
    writes: list[Write] = [{"Put": {"Item": item.serialize(), **table.as_read("edition", edition)}}]
    if before is None:
        owner = ReferenceItem(REFERENCE + after.reference, OF_ORDER, order_id=after.order_id)
        condition = "attribute_not_exists(pk)"
        writes.append({"Put": {"Item": owner.serialize(), "ConditionExpression": condition}})
    was, now = (_place(before) if before else None), _place(after)
    if was and was != now:
        writes.append({"Delete": {"Key": table.key(*was)}})
    if now and (now != was or before is None or before.balance_cents != after.balance_cents):
        writes.append({"Put": {"Item": BalanceItem(*now, cents=abs(after.balance_cents)).serialize()}})
    return writes


def moving_money(order: Order, *, received: int = 0, returned: int = 0) -> list[Write]:
    """Writes of a transaction: so much more came in, or went back; below 0: less. Refused if the order is not as it was
    read. Whoever asks adds what it knows the money by, and the entry in the books."""
    after = replace(
        order, received_cents=order.received_cents + received, returned_cents=order.returned_cents + returned
    )
    return putting(order, after)


def standing(order: Order) -> Write:
    """One write of a transaction, which changes nothing: refused if the order is not as it was read."""
    as_read = table.as_read("edition", order.edition)
    return {"ConditionCheck": {"Key": table.key(*_key(order.order_id)), **as_read}}


def _place(order: Order) -> tuple[str, str] | None:
    if order.balance_cents > 0:
        return OWED + order.municipality, f"{order.due_on.isoformat()}#{order.order_id}"
    if order.balance_cents < 0:
        return OVERPAID + order.municipality, order.order_id
    return None


def _key(order_id: str) -> tuple[str, str]:
    return ACCOUNT + order_id[:FAMILY_LENGTH], PREFIX + order_id[FAMILY_LENGTH:]


def _item(order: Order) -> OrderItem:
    return OrderItem(
        *_key(order.order_id),
        municipality=order.municipality,
        reference=order.reference,
        amount=order.amount_cents,
        received=order.received_cents,
        returned=order.returned_cents,
        due_on=order.due_on.isoformat(),
        edition=order.edition,
        inputs=_inputs(order),
        said={
            "made_at": int(order.made_at.timestamp()),
            "last_day": order.last_day.isoformat(),
            "ended_on": order.ended_on.isoformat() if order.ended_on else None,
            "proven_by": list(order.proven_by),
            "lines": [_line(line) for line in order.lines],
            "gone": [
                [
                    *(one.session_id, one.child_id, one.price_cents),
                    *(int(one.registered_at.timestamp()), int(one.cancelled_at.timestamp()), one.free),
                ]
                for one in order.gone
            ],
        },
    )


def _inputs(order: Order) -> str:
    adjustments = [{**asdict(one), "at": int(one.at.timestamp())} for one in order.adjustments]
    proofs = {name: day.isoformat() for name, day in sorted(order.proofs.items())}
    return canonical({"adjustments": adjustments, "proofs": proofs}).decode()


def _line(line: OrderLine) -> list[Any]:
    label = [line.label.nl, line.label.fr, line.label.en]
    amounts = [line.quantity, line.unit_cents, line.amount_cents]
    return [line.session_id, line.child_id, label, *amounts, line.rule, line.article, line.unit, line.size, line.part]


def _read_line(stored: Sequence[Any]) -> OrderLine:
    session_id, child_id, label, quantity, unit_cents, amount, rule, article, unit, size, part = stored
    return OrderLine(
        session_id, child_id, Labels(*label), quantity, unit_cents, amount, rule, article, unit, size, OrderPart(part)
    )


def _read(item: OrderItem) -> Order:
    said: Mapping[str, Any] = item.said
    inputs = json.loads(item.inputs)
    return Order(
        order_id=item.pk.removeprefix(ACCOUNT) + item.sk.removeprefix(PREFIX),
        municipality=item.municipality,
        reference=item.reference,
        amount_cents=int(item.amount),
        received_cents=int(item.received),
        returned_cents=int(item.returned),
        due_on=date.fromisoformat(item.due_on),
        last_day=date.fromisoformat(said["last_day"]),
        lines=tuple(map(_read_line, said["lines"])),
        made_at=_moment(said["made_at"]),
        gone=tuple(
            Gone(session, child, cents, _moment(registered), _moment(cancelled), free)
            for session, child, cents, registered, cancelled, free in said["gone"]
        ),
        adjustments=tuple(Adjustment(**{**one, "at": _moment(one["at"])}) for one in inputs["adjustments"]),
        proofs={name: date.fromisoformat(day) for name, day in inputs["proofs"].items()},
        ended_on=date.fromisoformat(said["ended_on"]) if said["ended_on"] else None,
        edition=int(item.edition),
        proven_by=tuple(said.get("proven_by", ())),
    )


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
