"""Applications and city passes, in the table.

| pk                   | sk              | what                                                          |
| -------------------- | --------------- | ------------------------------------------------------------- |
| F#family_id          | CITYPASS#number | an application; once it is granted, the pass                  |
| CITYCASES            | due#family#…    | that somebody has to decide it, the oldest due first          |
| CITYNUMBER#number    | PASS            | whose pass has this number                                    |
| CITYHOLDER#person_id | PASS            | that a person is in a family's pass, until when               |

A person is in one household's valid pass at a time: a condition of the write that grants it. What is undecided is a
line of CITYCASES in the same transaction, so that nothing waits unseen; the same transaction hands it to the desk.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from chalicelib.city.work import table as works
from chalicelib.city.work.rules import Work, WorkId, WorkKind
from chalicelib.core import table
from chalicelib.core.moments import today
from chalicelib.core.refusals import Busy, Interfered, Refused, unless_interfered, went_through
from chalicelib.money.citypass import figures
from chalicelib.money.citypass.applications import Application, Decider, Member, PassStatus, ProofKind, Proven
from chalicelib.people.families.rules import KEPT_DAYS

FAMILY, PREFIX = "F#", "CITYPASS#"
CASES, NUMBER, HOLDER, PASS = "CITYCASES", "CITYNUMBER#", "CITYHOLDER#", "PASS"
# As long as a pass's end, or a refusal, is past before it is forgotten: a family that has one again began anew.
KEPT = timedelta(days=KEPT_DAYS)

Item = Mapping[str, Any]


class HeldElsewhere(Exception):
    """One of the members is in a valid pass of another household."""


def of_family(family_id: str) -> list[Application]:
    """The oldest first."""
    values = {":family": {"S": FAMILY + family_id}, ":sk": {"S": PREFIX}}
    found = table.query("pk = :family AND begins_with(sk, :sk)", values, ConsistentRead=True)
    return sorted(map(read, found), key=lambda one: int(one.application_id))


def get(family_id: str, application_id: str) -> Application | None:
    item = table.call("GetItem", Key=key(family_id, application_id), ConsistentRead=True).get("Item")
    return read(item) if item else None


def undecided() -> Iterator[tuple[str, str]]:
    """Family and application of each, the oldest due first; it pages."""
    for item in table.query("pk = :pk", {":pk": {"S": CASES}}):
        _, family_id, application_id = item["sk"]["S"].split("#")
        yield family_id, application_id


def several(wanted: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Application]:
    items = table.batch_get([key(*one) for one in wanted]) if wanted else []
    return {(one.family_id, one.application_id): one for one in map(read, items)}


def by_number(number: str) -> Application | None:
    """The pass that has it."""
    item = table.call("GetItem", Key=table.key(NUMBER + number, PASS)).get("Item")
    return get(item["family_id"]["S"], item["application_id"]["S"]) if item else None


def make(new: Application, municipality: str, now: datetime) -> None:
    """Raises Interfered if the family made another one meanwhile."""
    put = {"Item": _written(new), "ConditionExpression": "attribute_not_exists(pk)"}
    with unless_interfered():
        table.transact_write_patiently(
            [
                {"Put": put},
                *_waiting(new, municipality),
                figures.counting(now, {figures.APPLIED: 1}),
            ]
        )


def change(before: Application, after: Application) -> Application:
    """Of what waits: what was proven. Raises Interfered if somebody changed it since it was read."""
    now = replace(after, edition=before.edition + 1)
    with unless_interfered():
        table.transact_write_patiently([_changing(before, now)])
    return now


def grant(before: Application, after: Application, counted: Mapping[str, int], by: str, now: datetime) -> Application:
    """It is a pass from now on. `by`: staff_id, or empty for the machine. Raises HeldElsewhere, and Interfered as
    `decide` does."""
    done = replace(after, edition=before.edition + 1)
    assert done.until is not None, "a pass has an end"
    ends = {"N": str(_epoch(done.until + KEPT))}
    number = {
        **table.key(NUMBER + done.number, PASS),
        "family_id": {"S": done.family_id},
        "application_id": {"S": done.application_id},
        "expires": ends,
    }
    members = [_holding(one.person_id, done, today(now)) for one in done.members]
    others = [
        _changing(before, done, by),
        *_settled(before),
        {"Put": {"Item": number}},
        figures.counting(now, counted),
    ]
    try:
        table.transact_write_patiently([*members, *others])
    except Refused as refused:
        if any(place < len(members) for place in refused.items):
            raise HeldElsewhere from refused
        raise Interfered from refused
    _off_the_desk(before)
    return done


def decide(before: Application, after: Application, counted: Mapping[str, int], by: str, now: datetime) -> Application:
    """A person decided against the family. Raises Interfered if somebody changed it since it was read, or if `by`
    (staff_id) is who decided against it before: a condition of the write, of whatever was objected to."""
    done = replace(after, edition=before.edition + 1)
    with unless_interfered():
        table.transact_write_patiently([_changing(before, done, by), *_settled(before), figures.counting(now, counted)])
    _off_the_desk(before)
    return done


def object_to(before: Application, after: Application, municipality: str, now: datetime) -> Application:
    """A second person has to look at it. Raises Interfered."""
    done = replace(after, edition=before.edition + 1)
    with unless_interfered():
        table.transact_write_patiently(
            [_changing(before, done), *_waiting(done, municipality), figures.counting(now, {figures.OBJECTED: 1})]
        )
    return done


def free_stale(members: Sequence[Member], day: date) -> bool:
    """Of the passes that these people are in, those that no longer count let go of them. Whether there was one: then it
    is worth trying again. (A pass that is ended keeps its people until somebody else wants them.)"""
    held = table.batch_get([table.key(HOLDER + one.person_id, PASS) for one in members])
    ids = {item["pk"]["S"]: (item["family_id"]["S"], item["application_id"]["S"]) for item in held}
    known = several(list(dict.fromkeys(ids.values())))
    stale = {pk: one for pk, one in ids.items() if one not in known or not known[one].is_valid(day)}
    for pk, (family_id, application_id) in stale.items():
        went_through(partial(_free_of_stale, pk.removeprefix(HOLDER), family_id, application_id, day))
    return bool(stale)


def still_counts(of: Application, day: date) -> dict[str, Any]:
    """One check of a transaction: the pass is valid on that day."""
    return {
        "ConditionCheck": {
            "Key": key(of.family_id, of.application_id),
            "ConditionExpression": "#status = :granted AND since <= :day AND #until >= :day",
            "ExpressionAttributeNames": {"#status": "status", "#until": "until"},
            "ExpressionAttributeValues": {":granted": {"S": PassStatus.GRANTED}, ":day": {"S": day.isoformat()}},
        }
    }


def is_told(family_id: str, application_id: str, mark: str) -> bool:
    item = table.call("GetItem", Key=key(family_id, application_id), ConsistentRead=True).get("Item")
    return item is None or mark in item.get("mailed", {}).get("SS", ())


def mark_told(family_id: str, application_id: str, mark: str) -> None:
    """Raises Refused if it is gone."""
    table.call(
        "UpdateItem",
        Key=key(family_id, application_id),
        UpdateExpression="ADD mailed :mark",
        ConditionExpression="attribute_exists(pk)",
        ExpressionAttributeValues={":mark": {"SS": [mark]}},
    )


def erase(family_id: str) -> None:
    """Deletes the items that lead to a family from elsewhere; its own partition goes with it. Again is the same."""
    for one in of_family(family_id):
        table.call("DeleteItem", Key=_case(one))
        if one.number:
            table.call("DeleteItem", Key=table.key(NUMBER + one.number, PASS))
            for member in one.members:
                _free(member.person_id, one.family_id, one.application_id)


def key(family_id: str, application_id: str) -> dict[str, Any]:
    return table.key(FAMILY + family_id, PREFIX + application_id)


def work_of(of: Application, municipality: str) -> Work:
    """The desk's work on an application: to decide it. An objection is another piece than the application."""
    about = {"family_id": of.family_id, "application_id": of.application_id}
    return Work(WorkKind.CITY_PASS, work_key(of), municipality, about, of.due_on, of.made_at)


def work_key(of: Application) -> str:
    return f"{of.application_id}#{of.status}#{of.due_on.isoformat()}"


def read(item: Item) -> Application:
    """From its item as DynamoDB writes it."""
    said = json.loads(item["content"]["S"])
    text = {name: value["S"] for name, value in item.items() if "S" in value}
    return Application(
        family_id=text["pk"].removeprefix(FAMILY),
        application_id=text["sk"].removeprefix(PREFIX),
        rule=int(item["rule"]["N"]),
        status=PassStatus(text["status"]),
        made_at=datetime.fromisoformat(said["made_at"]),
        postcode=said["postcode"],
        members=tuple(
            Member(one["person_id"], one["first_name"], one["last_name"], date.fromisoformat(one["born"]))
            for one in said["members"]
        ),
        declared_cents=said["declared_cents"],
        declared=frozenset(said["declared"]),
        due_on=date.fromisoformat(text["due_on"]),
        proven=Proven(
            {ProofKind(kind): _decider(one) for kind, one in said["seen"].items()},
            said["proven_cents"],
            frozenset(said["proven"]),
        ),
        granted=_decider(said["granted"]) if said["granted"] else None,
        against=_decider(said["against"]) if said["against"] else None,
        object_until=date.fromisoformat(said["object_until"]) if said["object_until"] else None,
        objection=said["objection"],
        number=text.get("number", ""),
        since=date.fromisoformat(text["since"]) if "since" in text else None,
        until=date.fromisoformat(text["until"]) if "until" in text else None,
        ended_on=date.fromisoformat(said["ended_on"]) if said["ended_on"] else None,
        edition=int(item["edition"]["N"]),
    )


def _written(of: Application) -> dict[str, Any]:
    """The fields that conditions and the stream go by stand by themselves; the rest is JSON."""
    content = {
        "made_at": of.made_at.isoformat(),
        "postcode": of.postcode,
        "members": [
            {"person_id": m.person_id, "first_name": m.first_name, "last_name": m.last_name, "born": m.born.isoformat()}
            for m in of.members
        ],
        "declared_cents": of.declared_cents,
        "declared": sorted(of.declared),
        "seen": {kind.value: _document(one) for kind, one in of.proven.seen.items()},
        "proven_cents": of.proven.income_cents,
        "proven": sorted(of.proven.benefits),
        "granted": _document(of.granted) if of.granted else None,
        "against": _document(of.against) if of.against else None,
        "object_until": of.object_until.isoformat() if of.object_until else None,
        "objection": of.objection,
        "ended_on": of.ended_on.isoformat() if of.ended_on else None,
    }
    last = max(filter(None, (of.until, of.object_until, of.due_on)))
    found = {
        **key(of.family_id, of.application_id),
        "status": {"S": of.status.value},
        "rule": {"N": str(of.rule)},
        "due_on": {"S": of.due_on.isoformat()},
        "edition": {"N": str(of.edition)},
        "content": {"S": json.dumps(content)},
    }
    if not of.is_undecided:  # nothing that waits ends by itself
        found["expires"] = {"N": str(_epoch(last + KEPT))}
    if of.against:
        found["against_by"] = {"S": of.against.staff_id}
    if of.number:
        assert of.since is not None, "a pass has a beginning"
        assert of.until is not None, "and an end"
        found |= {
            "number": {"S": of.number},
            "since": {"S": of.since.isoformat()},
            "until": {"S": of.until.isoformat()},
        }
    return found


def _changing(before: Application, after: Application, by: str | None = None) -> dict[str, Any]:
    """One write: the item as it is after, on the condition that it is as it was read. `by`: not who decided against it.
    What its mails are known by stays."""
    item = _written(after)
    names = {f"#{name}": name for name in item if name not in ("pk", "sk")}
    values = {f":{name}": item[name] for name in item if name not in ("pk", "sk")}
    gone = {"expires", "against_by"} - item.keys()
    removed = "" if not gone else " REMOVE " + ", ".join(sorted(gone))
    condition = "#edition = :before"
    if by is not None and before.status is PassStatus.OBJECTED:
        condition += " AND against_by <> :by"
        values[":by"] = {"S": by}
    return {
        "Update": {
            "Key": key(before.family_id, before.application_id),
            "UpdateExpression": "SET " + ", ".join(f"{name} = :{name[1:]}" for name in names) + removed,
            "ConditionExpression": condition,
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": {**values, ":before": {"N": str(before.edition)}},
        }
    }


def _waiting(of: Application, municipality: str) -> list[dict[str, Any]]:
    return [{"Put": {"Item": _case(of)}}, *works.puts_of(work_of(of, municipality))]


def _settled(of: Application) -> list[dict[str, Any]]:
    return [{"Delete": {"Key": _case(of)}}] if of.is_undecided else []


def _off_the_desk(of: Application) -> None:
    """Should it break off, whoever looks at the desk's list next takes it away (office/desk/work.py)."""
    if of.is_undecided:
        with suppress(Interfered, Busy):
            works.withdraw(WorkId(WorkKind.CITY_PASS, work_key(of), of.family_id))


def _case(of: Application) -> dict[str, Any]:
    return table.key(CASES, f"{of.due_on.isoformat()}#{of.family_id}#{of.application_id}")


def _holding(person_id: str, of: Application, day: date) -> dict[str, Any]:
    """One write: the person is in this pass, and in no valid one of another household."""
    assert of.until is not None, "a pass has an end"
    return {
        "Put": {
            "Item": {
                **table.key(HOLDER + person_id, PASS),
                "family_id": {"S": of.family_id},
                "application_id": {"S": of.application_id},
                "until": {"S": of.until.isoformat()},
                "expires": {"N": str(_epoch(of.until + timedelta(days=7)))},
            },
            "ConditionExpression": "attribute_not_exists(pk) OR #until < :day OR family_id = :family",
            "ExpressionAttributeNames": {"#until": "until"},
            "ExpressionAttributeValues": {":day": {"S": day.isoformat()}, ":family": {"S": of.family_id}},
        }
    }


def _free(person_id: str, family_id: str, application_id: str) -> None:
    values = {":family": {"S": family_id}, ":application": {"S": application_id}}
    went_through(
        lambda: table.call(
            "DeleteItem",
            Key=table.key(HOLDER + person_id, PASS),
            ConditionExpression="family_id = :family AND application_id = :application",
            ExpressionAttributeValues=values,
        )
    )


def _free_of_stale(person_id: str, family_id: str, application_id: str, day: date) -> None:
    """Raises Refused if the pass counts on that day: also if another person has just agreed with an objection."""
    stale = {
        "Key": key(family_id, application_id),
        "ConditionExpression": "attribute_not_exists(pk) OR #status <> :granted OR #until < :day",
        "ExpressionAttributeNames": {"#status": "status", "#until": "until"},
        "ExpressionAttributeValues": {":granted": {"S": PassStatus.GRANTED}, ":day": {"S": day.isoformat()}},
    }
    held = {
        "Key": table.key(HOLDER + person_id, PASS),
        "ConditionExpression": "family_id = :family AND application_id = :application",
        "ExpressionAttributeValues": {":family": {"S": family_id}, ":application": {"S": application_id}},
    }
    table.transact_write_patiently([{"ConditionCheck": stale}, {"Delete": held}])


def _document(of: Decider) -> dict[str, str]:
    return {"staff_id": of.staff_id, "name": of.name, "at": of.at.isoformat(), "why": of.why}


def _decider(found: Mapping[str, str]) -> Decider:
    return Decider(found["staff_id"], found["name"], datetime.fromisoformat(found["at"]), found["why"])


def _epoch(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
