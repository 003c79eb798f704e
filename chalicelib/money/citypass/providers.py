"""The shops and clubs that take vouchers, in the table.

| pk                    | sk               | what                                                   |
| --------------------- | ---------------- | ------------------------------------------------------ |
| CITYPROVIDERS         | provider_id      | its name, IBAN, what for; a digest of its secret link  |
| CITYTRIES#provider_id | yyyy-mm-ddThh    | wrong codes that it tried in an hour                   |

One of the city enters it and another one accepts it, again after each change: so nobody pays themselves alone.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.core import table
from chalicelib.core.ids import by_chance
from chalicelib.core.refusals import unless_interfered, went_through
from chalicelib.money.citypass.vouchers import Provider
from chalicelib.people.staff.rules import Staff

PK, TRIES = "CITYPROVIDERS", "CITYTRIES#"
ID = 8
# Of the part of the link that nobody guesses: 128 bits and more.
SECRET = 24
# Somebody who types from a screen slips now and then.
MOST_WRONG_AN_HOUR = 30


def every() -> list[Provider]:
    """By their names."""
    found = table.query("pk = :pk", {":pk": {"S": PK}}, ConsistentRead=True)
    return sorted(map(_read, found), key=lambda one: one.name.casefold())


def get(provider_id: str) -> Provider | None:
    item = _item(provider_id)
    return _read(item) if item else None


def by_key(key: str) -> Provider | None:
    """The provider whose secret link has this key."""
    item = _item(key[:ID]) if len(key) > ID and key.isascii() and key.isprintable() else None
    if item is None or not hmac.compare_digest(item["secret"]["S"], _digest(key)):
        return None
    return _read(item)


def enter(name: str, iban: str, budgets: frozenset[str], by: Staff) -> tuple[Provider, str]:
    """A new one, and the key of its link, which is shown this once."""
    provider = Provider(by_chance(ID), name, iban, budgets, by.staff_id, by.name, changed_by=frozenset({by.staff_id}))
    key = _new_key(provider.provider_id)
    table.call(
        "PutItem",
        Item={**_written(provider), "secret": {"S": _digest(key)}},
        ConditionExpression="attribute_not_exists(pk)",
    )
    return provider, key


def change(before: Provider, after: Provider, by: Staff) -> Provider:
    """It takes no vouchers until somebody else accepts it again. Raises Interfered."""
    done = replace(
        after,
        entered_by=by.staff_id,
        entered_name=by.name,
        accepted_by="",
        accepted_name="",
        edition=before.edition + 1,
        changed_by=frozenset({by.staff_id}) | (frozenset() if before.accepted_by else before.changed_by),
    )
    with unless_interfered():
        _update(before, done)
    return done


def accept(before: Provider, by: Staff) -> Provider:
    """Raises Interfered if `by` entered or changed it since it was last accepted, or it is not as it was read."""
    done = replace(before, accepted_by=by.staff_id, accepted_name=by.name, edition=before.edition + 1)
    with unless_interfered():
        _update(before, done, "NOT contains(changed_by, :other)", {":other": {"S": by.staff_id}})
    return done


def end(before: Provider, now: datetime) -> Provider:
    """It takes no vouchers any more; what it has redeemed is paid. Raises Interfered."""
    done = replace(before, ended_at=now, edition=before.edition + 1)
    with unless_interfered():
        _update(before, done)
    return done


def renew_key(of: Provider) -> str:
    """Another link; the one before works no more."""
    key = _new_key(of.provider_id)
    table.call(
        "UpdateItem",
        Key=table.key(PK, of.provider_id),
        UpdateExpression="SET secret = :secret",
        ConditionExpression="attribute_exists(pk)",
        ExpressionAttributeValues={":secret": {"S": _digest(key)}},
    )
    return key


def still_takes(provider_id: str, budget: str) -> dict[str, Any]:
    """One check of a transaction."""
    return {
        "ConditionCheck": {
            "Key": table.key(PK, provider_id),
            "ConditionExpression": "attribute_exists(accepted_by) AND attribute_not_exists(ended_at) AND "
            "contains(budgets, :budget)",
            "ExpressionAttributeValues": {":budget": {"S": budget}},
        }
    }


def may_try(provider_id: str, now: datetime) -> bool:
    """Whether it has typed fewer wrong codes in this hour than anybody does by mistake."""
    item = table.call("GetItem", Key=_tries(provider_id, now), ConsistentRead=True).get("Item")
    return item is None or int(item["wrong"]["N"]) < MOST_WRONG_AN_HOUR


def count_wrong(provider_id: str, now: datetime) -> bool:
    """Counts a wrong code; False: there were too many before it."""
    return went_through(
        lambda: table.call(
            "UpdateItem",
            Key=_tries(provider_id, now),
            UpdateExpression="ADD wrong :one SET expires = :end",
            ConditionExpression="attribute_not_exists(wrong) OR wrong < :most",
            ExpressionAttributeValues={
                ":one": {"N": "1"},
                ":most": {"N": str(MOST_WRONG_AN_HOUR)},
                ":end": {"N": str(int((now + timedelta(hours=2)).timestamp()))},
            },
        )
    )


def _new_key(provider_id: str) -> str:
    return provider_id + secrets.token_urlsafe(SECRET)


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _tries(provider_id: str, now: datetime) -> dict[str, Any]:
    return table.key(TRIES + provider_id, f"{now:%Y-%m-%dT%H}")


def _item(provider_id: str) -> Mapping[str, Any] | None:
    found: Mapping[str, Any] | None = table.call("GetItem", Key=table.key(PK, provider_id), ConsistentRead=True).get(
        "Item"
    )
    return found


def _update(before: Provider, after: Provider, condition: str = "", values: Mapping[str, Any] | None = None) -> None:
    """All but its secret."""
    item = {name: value for name, value in _written(after).items() if name not in ("pk", "sk")}
    gone = {"accepted_by", "accepted_name", "ended_at"} - item.keys()
    removed = " REMOVE " + ", ".join(sorted(gone)) if gone else ""
    table.call(
        "UpdateItem",
        Key=table.key(PK, before.provider_id),
        UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in item) + removed,
        ConditionExpression="edition = :before" + (f" AND {condition}" if condition else ""),
        ExpressionAttributeNames={f"#{name}": name for name in item},
        ExpressionAttributeValues={
            **{f":{name}": value for name, value in item.items()},
            ":before": {"N": str(before.edition)},
            **(values or {}),
        },
    )


def _written(of: Provider) -> dict[str, Any]:
    texts = {
        "name": of.name,
        "iban": of.iban,
        "entered_by": of.entered_by,
        "entered_name": of.entered_name,
        "accepted_by": of.accepted_by,
        "accepted_name": of.accepted_name,
        "ended_at": of.ended_at.isoformat() if of.ended_at else "",
    }
    return {
        **table.key(PK, of.provider_id),
        **{name: {"S": text} for name, text in texts.items() if text},
        "budgets": {"SS": sorted(of.budgets)},
        "changed_by": {"SS": sorted(of.changed_by)},
        "edition": {"N": str(of.edition)},
    }


def _read(item: Mapping[str, Any]) -> Provider:
    text = {name: value["S"] for name, value in item.items() if "S" in value}
    return Provider(
        text["sk"],
        text["name"],
        text["iban"],
        frozenset(item["budgets"]["SS"]),
        text["entered_by"],
        text["entered_name"],
        text.get("accepted_by", ""),
        text.get("accepted_name", ""),
        datetime.fromisoformat(text["ended_at"]).astimezone(UTC) if "ended_at" in text else None,
        int(item["edition"]["N"]),
        frozenset(item["changed_by"]["SS"]),
    )
