"""Certificates of the home counter, in the table.

| pk                   | sk          | what                                                                 |
| -------------------- | ----------- | -------------------------------------------------------------------- |
| COUNTER#number       | CERTIFICATE | a certificate, without whose it is; kept, so that it can be verified |
| COUNTER-CASE#case_id | IDENTITY    | who asks, and how that was proven                                    |
| COUNTER-CASE#case_id | ISSUED      | the number of the certificate that holds for this request            |
| COUNTER-CASE#case_id | TRIED       | for which proof of identity a rule left it to a clerk                |
| COUNTER-FIGURES      | yyyy-mm     | how many of each kind were issued, how, and withdrawn                |

Each write is part of the transaction that changes the case (cases/acting.py): a request has one certificate that holds,
whoever presses twice.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chalicelib.core import table
from chalicelib.core.moments import today
from chalicelib.front_door.counter.rules import Certificate, Identity, IdentityWay, SealKind

CERTIFICATE_OF, CERTIFICATE = "COUNTER#", "CERTIFICATE"
OF_CASE, IDENTITY, ISSUED, TRIED = "COUNTER-CASE#", "IDENTITY", "ISSUED", "TRIED"
FIGURES = "COUNTER-FIGURES"
# At most; it goes with its case before that (cases/ending.py).
IDENTITY_KEPT = timedelta(days=400)

Write = dict[str, Any]
Item = Mapping[str, Any]


def get(number: str) -> Certificate | None:
    """As it is now. One consistent read."""
    key = table.key(CERTIFICATE_OF + number, CERTIFICATE)
    item = table.call("GetItem", Key=key, ConsistentRead=True).get("Item")
    return _read(item) if item else None


def identity(case_id: str) -> Identity | None:
    """None: it was not proven yet. One consistent read."""
    item = table.call("GetItem", Key=table.key(OF_CASE + case_id, IDENTITY), ConsistentRead=True).get("Item")
    return _read_identity(item) if item else None


def identities(case_ids: Iterable[str]) -> dict[str, Identity]:
    """Those that were proven, by case_id; batches of reads."""
    items = table.batch_get([table.key(OF_CASE + case_id, IDENTITY) for case_id in case_ids])
    return {item["pk"]["S"].removeprefix(OF_CASE): _read_identity(item) for item in items}


def of_case(case_id: str) -> Certificate | None:
    """The certificate that holds for a request. Two consistent reads at most."""
    item = table.call("GetItem", Key=table.key(OF_CASE + case_id, ISSUED), ConsistentRead=True).get("Item")
    return get(item["number"]["S"]) if item else None


def putting(new: Certificate) -> list[Write]:
    """The writes of a new certificate, for one transaction: refused if the number is somebody's already, or if the
    request has a certificate that holds."""
    marker = {**table.key(OF_CASE + new.case_id, ISSUED), "number": {"S": new.number}}
    return [
        {"Put": {"Item": _item(new), "ConditionExpression": "attribute_not_exists(pk)"}},
        {"Put": {"Item": marker, "ConditionExpression": "attribute_not_exists(pk)"}},
    ]


def proven(case_id: str, one: Identity) -> Write:
    """One part of a transaction, which changes nothing: identity was proven as it was read."""
    return {
        "ConditionCheck": {
            "Key": table.key(OF_CASE + case_id, IDENTITY),
            "ConditionExpression": "said = :said",
            "ExpressionAttributeValues": {":said": {"S": _identity_as_json(one)}},
        }
    }


def putting_identity(case_id: str, one: Identity) -> Write:
    """One write of a transaction. What the desk saw stands in the place of what was proven before; a sign-in, which
    anybody may do who has the request's link, is refused where there is something."""
    said = {"S": _identity_as_json(one)}
    item = {**table.key(OF_CASE + case_id, IDENTITY), "said": said, "expires": _expires(one)}
    is_first = {} if one.way is IdentityWay.DESK else {"ConditionExpression": "attribute_not_exists(pk)"}
    return {"Put": {"Item": item, **is_first}}


def was_tried(case_id: str, one: Identity) -> bool:
    """Whether a rule left it to a clerk since identity was proven so. One consistent read."""
    item = table.call("GetItem", Key=table.key(OF_CASE + case_id, TRIED), ConsistentRead=True).get("Item")
    return bool(item and item["proven_at"]["S"] == _moment(one.at))


def trying(case_id: str, one: Identity) -> Write:
    """One write of a transaction: a rule leaves it to a clerk; refused if it did so already."""
    at = {"S": _moment(one.at)}
    return {
        "Put": {
            "Item": {**table.key(OF_CASE + case_id, TRIED), "proven_at": at, "expires": _expires(one)},
            "ConditionExpression": "attribute_not_exists(pk) OR proven_at <> :at",
            "ExpressionAttributeValues": {":at": at},
        }
    }


def withdrawing(one: Certificate, day: date, by: str, why: str) -> list[Write]:
    """The writes of a withdrawal, for one transaction: refused if it was withdrawn already."""
    values = {":day": {"S": day.isoformat()}, ":by": {"S": by}, ":why": {"S": why}}
    return [
        {
            "Update": {
                "Key": table.key(CERTIFICATE_OF + one.number, CERTIFICATE),
                "UpdateExpression": "SET withdrawn_on = :day, withdrawn_by = :by, why = :why",
                "ConditionExpression": "attribute_exists(pk) AND attribute_not_exists(withdrawn_on)",
                "ExpressionAttributeValues": values,
            }
        },
        {
            "Delete": {
                "Key": table.key(OF_CASE + one.case_id, ISSUED),
                "ConditionExpression": "attribute_not_exists(pk) OR #number = :number",
                "ExpressionAttributeNames": {"#number": "number"},
                "ExpressionAttributeValues": {":number": {"S": one.number}},
            }
        },
    ]


def removing(case_id: str) -> list[Write]:
    """The writes that end with a request whatever is kept of who asked; its certificate stays, which names nobody."""
    return [{"Delete": {"Key": table.key(OF_CASE + case_id, sk)}} for sk in (IDENTITY, ISSUED, TRIED)]


# --- figures ---


def counting(now: datetime, form_id: str, names: Iterable[str]) -> Write:
    """One write of a transaction: one more of each of these numbers, of this form and month."""
    places = [f"{name}#{form_id}" for name in names]
    return {
        "Update": {
            "Key": table.key(FIGURES, f"{today(now):%Y-%m}"),
            "UpdateExpression": "ADD " + ", ".join(f"#n{place} :one" for place in range(len(places))),
            "ExpressionAttributeNames": {f"#n{place}": name for place, name in enumerate(places)},
            "ExpressionAttributeValues": {":one": {"N": "1"}},
        }
    }


def figures(year: int) -> Counter[tuple[str, str]]:
    """The sums of a year, by name and form_id. One query."""
    total: Counter[tuple[str, str]] = Counter()
    values = {":pk": {"S": FIGURES}, ":year": {"S": f"{year:04}-"}}
    for item in table.query("pk = :pk AND begins_with(sk, :year)", values):
        for place, value in item.items():
            name, hash_, form_id = place.partition("#")
            if hash_ and "N" in value:
                total[name, form_id] += int(value["N"])
    return total


def _item(one: Certificate) -> dict[str, Any]:
    said = {
        "title": dict(one.title),
        "seal": one.seal.value,
        "identity": one.identity.value,
        "by": one.by,
        "by_name": one.by_name,
    }
    return {
        **table.key(CERTIFICATE_OF + one.number, CERTIFICATE),
        "case_id": {"S": one.case_id},
        "form_id": {"S": one.form_id},
        "unit_id": {"S": one.unit_id},
        "issued_on": {"S": one.issued_on.isoformat()},
        **({"valid_until": {"S": one.valid_until.isoformat()}} if one.valid_until else {}),
        "digest": {"S": one.digest},
        "said": {"S": json.dumps(said, ensure_ascii=False)},
    }


def _read(item: Item) -> Certificate:
    said = json.loads(item["said"]["S"])
    return Certificate(
        number=item["pk"]["S"].removeprefix(CERTIFICATE_OF),
        case_id=item["case_id"]["S"],
        form_id=item["form_id"]["S"],
        title=said["title"],
        unit_id=item["unit_id"]["S"],
        issued_on=date.fromisoformat(item["issued_on"]["S"]),
        valid_until=_day(item, "valid_until"),
        digest=item["digest"]["S"],
        seal=SealKind(said["seal"]),
        identity=IdentityWay(said["identity"]),
        by=said["by"],
        by_name=said["by_name"],
        withdrawn_on=_day(item, "withdrawn_on"),
        withdrawn_by=item["withdrawn_by"]["S"] if "withdrawn_by" in item else "",
        why=item["why"]["S"] if "why" in item else "",
    )


def _day(item: Item, name: str) -> date | None:
    return date.fromisoformat(item[name]["S"]) if name in item else None


def _identity_as_json(one: Identity) -> str:
    said = {
        "way": one.way.value,
        "name": one.name,
        "born": one.born.isoformat() if one.born else None,
        "what": one.what,
        "at": _moment(one.at),
        "by": one.by,
        "by_name": one.by_name,
        **({"level": one.level} if one.level else {}),
    }
    return json.dumps(said, ensure_ascii=False)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _expires(one: Identity) -> dict[str, str]:
    return {"N": str(int((one.at + IDENTITY_KEPT).timestamp()))}


def _read_identity(item: Item) -> Identity:
    said = json.loads(item["said"]["S"])
    return Identity(
        way=IdentityWay(said["way"]),
        name=said["name"],
        born=date.fromisoformat(said["born"]) if said["born"] else None,
        what=said["what"],
        at=datetime.fromisoformat(said["at"]),
        by=said["by"],
        by_name=said["by_name"],
        level=said.get("level", ""),
    )
