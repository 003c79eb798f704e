"""Helpers, codes, and who helps whom, in the table.

| pk              | sk                      | what                                                        |
| --------------- | ----------------------- | ----------------------------------------------------------- |
| HELPERS         | HELPER#helper_id        | somebody whom the city named, until when, and the link      |
| HELPTRIES#who   | hour or day             | codes tried or made, consents written down                  |
| HELPCODE#digest | CODE                    | a code, by its digest: deleted when it is used              |
| F#family_id     | HELP#help_id            | that somebody helps the family                              |
| F#family_id     | HELPED#help_id#act_id   | what the helper asked for, and how it was answered          |
| HELPDAY#day     | help_id                 | whom somebody helped that day, and who looked at it         |

What must hold is a condition of a write: a code is deleted by the transaction that begins a help, which also asks that
the helper is still one and helps nobody else; each request of a helper is written down by the update that asks whether
the help goes on.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chalicelib.core import table
from chalicelib.core.ids import by_chance
from chalicelib.core.refusals import Refused, went_through
from chalicelib.people.assistance.keys import HELP, HELPER, HELPERS
from chalicelib.people.assistance.rules import (
    KEPT,
    MOST_ACTS,
    SIGNED_IN,
    Act,
    Code,
    Consent,
    Help,
    HelpEndedBy,
    Helper,
    LetIn,
    Scope,
    plain,
)
from chalicelib.people.families import keys
from chalicelib.people.families.identity import keyed_id
from chalicelib.people.families.keys import PARTITION as FAMILIES

TRIES, CODES, CODE = "HELPTRIES#", "HELPCODE#", "CODE"
HELPED, DAYS = "HELPED#", "HELPDAY#"
DIGEST = 24

Item = Mapping[str, Any]


@dataclass(frozen=True)
class SignIn:
    """A link that is on its way: `nonce` stands in it, signed; used once, until `ends_at`."""

    helper: Helper
    nonce: str
    ends_at: datetime


@dataclass(frozen=True)
class DayLine:
    """A help that began on a day. `looked_name`: of the auditor who looked at it; `finding`: what they wrote."""

    family_id: str
    help_id: str
    helper_id: str
    looked_name: str = ""
    looked_at: datetime | None = None
    finding: str = ""


# Helpers.


def every() -> list[Helper]:
    """By organisation and name."""
    found = table.query("pk = :pk", {":pk": {"S": HELPERS}}, ConsistentRead=True)
    return sorted(map(_helper, found), key=lambda one: (one.organisation.casefold(), one.name.casefold()))


def get(helper_id: str) -> Helper | None:
    item = _item(HELPERS, HELPER + helper_id)
    return _helper(item) if item else None


def name(new: Helper, today: date) -> bool:
    """Names a helper. False: there is one with this mailbox who still is one."""
    item = {
        **table.key(HELPERS, HELPER + new.helper_id),
        **_texts(
            name=new.name,
            organisation=new.organisation,
            email=new.email,
            language=new.language,
            last_day=new.until.isoformat(),
            entered_by=new.entered_by,
            entered_name=new.entered_name,
            entered_at=new.entered_at.isoformat(),
        ),
        "expires": _epoch(datetime(new.until.year, new.until.month, new.until.day, tzinfo=UTC) + KEPT),
    }
    return went_through(
        lambda: table.call(
            "PutItem",
            Item=item,
            ConditionExpression="attribute_not_exists(pk) OR last_day < :today",
            ExpressionAttributeValues={":today": {"S": today.isoformat()}},
        )
    )


def end_helper(helper_id: str, last_day: date) -> tuple[str, str] | None:
    """The helper is none any more: no link, no code and no page of theirs works from now on. Answers whom they help;
    again, the same, should it have broken off before that help was ended."""
    try:
        answer = table.call(
            "UpdateItem",
            Key=table.key(HELPERS, HELPER + helper_id),
            UpdateExpression="SET last_day = :day REMOVE nonce, nonce_ends, browser, browser_ends",
            ConditionExpression="attribute_exists(pk) AND last_day > :day",
            ExpressionAttributeValues={":day": {"S": last_day.isoformat()}},
            ReturnValues="ALL_NEW",
        )
    except Refused:
        ended = get(helper_id)
        return ended.helps if ended else None
    return _helper(answer["Attributes"]).helps


def ask_link(helper_id: str, today: date, now: datetime, ends_at: datetime) -> bool:
    """Makes a link, which its mail carries; the one before works no more. False: nobody is such a helper, or one was
    asked for within the last minute."""
    return went_through(
        lambda: table.call(
            "UpdateItem",
            Key=table.key(HELPERS, HELPER + helper_id),
            UpdateExpression="SET nonce = :nonce, nonce_ends = :end, asked_at = :now",
            ConditionExpression="attribute_exists(pk) AND last_day >= :today AND "
            "(attribute_not_exists(asked_at) OR asked_at < :before)",
            ExpressionAttributeValues={
                ":nonce": {"S": by_chance(16)},
                ":end": _epoch(ends_at),
                ":now": _epoch(now),
                ":before": _epoch(now - timedelta(minutes=1)),
                ":today": {"S": today.isoformat()},
            },
        )
    )


def link_of(helper_id: str) -> SignIn | None:
    """The link that its mail is to carry; None: it was used, or there is none."""
    item = _item(HELPERS, HELPER + helper_id)
    if item is None or "nonce" not in item:
        return None
    return SignIn(_helper(item), item["nonce"]["S"], _moment(item["nonce_ends"]))


def use_link(helper_id: str, nonce: str, secret: str, today: date, now: datetime) -> bool:
    """Signs the browser in that has `secret`, and any other one out. False: the link was used before, or is over, or
    the helper is none any more."""
    return went_through(
        lambda: table.call(
            "UpdateItem",
            Key=table.key(HELPERS, HELPER + helper_id),
            UpdateExpression="SET browser = :browser, browser_ends = :end REMOVE nonce, nonce_ends, unreached",
            ConditionExpression="nonce = :nonce AND nonce_ends > :now AND last_day >= :today",
            ExpressionAttributeValues={
                ":browser": {"S": _digest(secret)},
                ":end": _epoch(now + SIGNED_IN),
                ":nonce": {"S": nonce},
                ":now": _epoch(now),
                ":today": {"S": today.isoformat()},
            },
        )
    )


def signed_in(helper_id: str, secret: str, today: date, now: datetime) -> Helper | None:
    """The helper whose browser has this secret; None: nobody's, or not any more."""
    item = _item(HELPERS, HELPER + helper_id)
    if item is None or item.get("browser", {}).get("S") != _digest(secret) or _moment(item["browser_ends"]) <= now:
        return None
    helper = _helper(item)
    return helper if helper.works_on(today) else None


def sign_out(helper_id: str, secret: str) -> None:
    went_through(
        lambda: table.call(
            "UpdateItem",
            Key=table.key(HELPERS, HELPER + helper_id),
            UpdateExpression="REMOVE browser, browser_ends",
            ConditionExpression="browser = :browser",
            ExpressionAttributeValues={":browser": {"S": _digest(secret)}},
        )
    )


def count(who: str, period: str, most: int, ends_at: datetime) -> bool:
    """Counts a try of `who` in this hour or day; False, and not counted, if there were `most` before. One write."""
    return went_through(
        lambda: table.call(
            "UpdateItem",
            Key=table.key(TRIES + who, period),
            UpdateExpression="ADD tries :one SET expires = :end",
            ConditionExpression="attribute_not_exists(tries) OR tries < :most",
            ExpressionAttributeValues={":one": {"N": "1"}, ":most": {"N": str(most)}, ":end": _epoch(ends_at)},
        )
    )


# Codes.


def put_code(code: str, new: Code) -> None:
    """Over an old one that says the same, which nobody used."""
    table.call(
        "PutItem",
        Item={
            **_code_key(code),
            **_texts(
                family_id=new.family_id,
                pass_id=new.pass_id,
                let_in=new.let_in.value,
                made_at=new.made_at.isoformat(),
            ),
            "scope": {"SS": sorted(new.scope)},
            "minutes": {"N": str(new.minutes)},
            "expires": _epoch(new.ends_at),
        },
    )


def code(typed: str, now: datetime) -> Code | None:
    """What a code is for; None: there is no such code, or it was used, or is over."""
    item = table.call("GetItem", Key=_code_key(plain(typed)), ConsistentRead=True).get("Item")
    if item is None or _moment(item["expires"]) <= now:
        return None
    return Code(
        item["family_id"]["S"],
        item["pass_id"]["S"],
        LetIn(item["let_in"]["S"]),
        frozenset(map(Scope, item["scope"]["SS"])),
        int(item["minutes"]["N"]),
        datetime.fromisoformat(item["made_at"]["S"]),
        _moment(item["expires"]),
    )


# Who helps whom.


def begin(new: Help, secret: str, today: date, now: datetime, typed: str | None) -> bool:
    """Begins a help, and uses the code up (`typed`). False, and nothing is written: the code was used or is over, the
    helper is none any more or helps somebody else now, or the family's pass is gone."""
    used = [{"Delete": _still(typed, now)}] if typed is not None else []
    begun = {"Put": {"Item": _written(new, secret), "ConditionExpression": "attribute_not_exists(pk)"}}
    is_there = {
        "ConditionCheck": {
            "Key": keys.of_pass(new.family_id, new.pass_id),
            "ConditionExpression": "attribute_exists(pk)",
        }
    }
    line = {
        **table.key(DAYS + today.isoformat(), new.help_id),
        **_texts(family_id=new.family_id, helper_id=new.helper_id),
        "expires": _epoch(new.begun_at + KEPT),
    }
    return went_through(
        lambda: table.transact_write_patiently(
            [{"Update": _helps(new, today, now)}, is_there, begun, {"Put": {"Item": line}}, *used]
        )
    )


def find(family_id: str, help_id: str) -> Help | None:
    item = _item(FAMILIES + family_id, HELP + help_id)
    return _help(item) if item else None


def present(family_id: str, help_id: str, secret: str, now: datetime) -> Help | None:
    """The help that a browser with this secret gives now; None: it is over. One consistent read."""
    item = _item(FAMILIES + family_id, HELP + help_id)
    if item is None or item["secret"]["S"] != _digest(secret):
        return None
    found = _help(item)
    return None if found.is_over(now) else found


def write_down(family_id: str, help_id: str, secret: str, act: Act, now: datetime) -> Help | None:
    """Writes down what the helper asks for, before it is done, if the help still goes on: that is a condition of this
    very transaction. None: it is over, or has had MOST_ACTS, and nothing is written."""
    going_on = {
        "Key": table.key(FAMILIES + family_id, HELP + help_id),
        "UpdateExpression": "ADD acts :one",
        "ConditionExpression": "secret = :secret AND attribute_not_exists(ended_at) AND ends_at > :now "
        "AND (attribute_not_exists(acts) OR acts < :most)",
        "ExpressionAttributeValues": {
            ":one": {"N": "1"},
            ":most": {"N": str(MOST_ACTS)},
            ":secret": {"S": _digest(secret)},
            ":now": _epoch(now),
        },
    }
    item = {
        **table.key(FAMILIES + family_id, acts_of(help_id) + act.act_id),
        **_texts(at=act.at.isoformat(), method=act.method, address=act.address),
        "about": {"M": {key: {"S": value} for key, value in act.about.items()}},
        "expires": _epoch(now + KEPT),
    }
    if went_through(lambda: table.transact_write_patiently([{"Update": going_on}, {"Put": {"Item": item}}])):
        return find(family_id, help_id)
    return None


def note_status(family_id: str, help_id: str, act_id: str, status: int) -> None:
    """How it was answered. Nothing if the family is erased meanwhile."""
    went_through(
        lambda: table.call(
            "UpdateItem",
            Key=table.key(FAMILIES + family_id, acts_of(help_id) + act_id),
            UpdateExpression="SET #status = :status",
            ConditionExpression="attribute_exists(pk)",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues={":status": {"N": str(status)}},
        )
    )


def note_receipt(family_id: str, help_id: str, act_id: str, receipt: str) -> None:
    """Of the case that was sent by it. Nothing if the family is erased meanwhile."""
    went_through(
        lambda: table.call(
            "UpdateItem",
            Key=table.key(FAMILIES + family_id, acts_of(help_id) + act_id),
            UpdateExpression="SET about.receipt = :receipt",
            ConditionExpression="attribute_exists(pk)",
            ExpressionAttributeValues={":receipt": {"S": receipt}},
        )
    )


def end(family_id: str, help_id: str, by: HelpEndedBy, now: datetime) -> None:
    """From now on the server refuses the helper. Again, and after its end, is the same."""
    went_through(
        lambda: table.call(
            "UpdateItem",
            Key=table.key(FAMILIES + family_id, HELP + help_id),
            UpdateExpression="SET ended_at = :now, ended_by = :by",
            ConditionExpression="attribute_exists(pk) AND attribute_not_exists(ended_at) AND ends_at > :epoch",
            ExpressionAttributeValues={
                ":now": {"S": now.isoformat()},
                ":by": {"S": by.value},
                ":epoch": _epoch(now),
            },
        )
    )


def let_go(helper_id: str, help_id: str) -> None:
    """The helper may help somebody else, if this is whom they helped."""
    went_through(
        lambda: table.call(
            "UpdateItem",
            Key=table.key(HELPERS, HELPER + helper_id),
            UpdateExpression="REMOVE helps, helps_family, helps_until",
            ConditionExpression="helps = :help",
            ExpressionAttributeValues={":help": {"S": help_id}},
        )
    )


def of_family(family_id: str) -> list[Help]:
    """The newest first."""
    found = table.query(
        "pk = :pk AND begins_with(sk, :help)",
        {":pk": {"S": FAMILIES + family_id}, ":help": {"S": HELP}},
        ConsistentRead=True,
    )
    return sorted(map(_help, found), key=lambda one: one.begun_at, reverse=True)


def acts(family_id: str, help_id: str) -> list[Act]:
    """In the order in which they were asked for."""
    found = table.query(
        "pk = :pk AND begins_with(sk, :help)",
        {":pk": {"S": FAMILIES + family_id}, ":help": {"S": acts_of(help_id)}},
        ConsistentRead=True,
    )
    return [read_act(item) for item in found]


def acts_of(help_id: str) -> str:
    """What the sort keys begin with of all that was done."""
    return f"{HELPED}{help_id}#"


def is_told(family_id: str, help_id: str, what: str) -> bool:
    item = _item(FAMILIES + family_id, HELP + help_id)
    return item is not None and what in item.get("told", {}).get("SS", ())


def mark_told(family_id: str, help_id: str, what: str) -> None:
    went_through(
        lambda: table.call(
            "UpdateItem",
            Key=table.key(FAMILIES + family_id, HELP + help_id),
            UpdateExpression="ADD told :what",
            ConditionExpression="attribute_exists(pk)",
            ExpressionAttributeValues={":what": {"SS": [what]}},
        )
    )


def erase_lines(days: Iterable[tuple[date, str]]) -> None:
    """Of a family that is erased."""
    for day, help_id in days:
        table.call("DeleteItem", Key=table.key(DAYS + day.isoformat(), help_id))


# Looking at what helpers did.


def of_day(day: date) -> list[DayLine]:
    found = table.query("pk = :pk", {":pk": {"S": DAYS + day.isoformat()}}, ConsistentRead=True)
    return [_line(item) for item in found]


def line(day: date, help_id: str) -> DayLine | None:
    item = _item(DAYS + day.isoformat(), help_id)
    return _line(item) if item else None


def note_look(day: date, help_id: str, staff_id: str, staff_name: str, finding: str, now: datetime) -> bool:
    """False: somebody noted one before."""
    return went_through(
        lambda: table.call(
            "UpdateItem",
            Key=table.key(DAYS + day.isoformat(), help_id),
            UpdateExpression="SET looked_by = :by, looked_name = :name, looked_at = :now, finding = :finding",
            ConditionExpression="attribute_exists(pk) AND attribute_not_exists(looked_at)",
            ExpressionAttributeValues={
                ":by": {"S": staff_id},
                ":name": {"S": staff_name},
                ":now": {"S": now.isoformat()},
                ":finding": {"S": finding},
            },
        )
    )


def read_help(item: Item) -> Help:
    return _help(item)


def read_act(item: Item) -> Act:
    status = item.get("status")
    return Act(
        item["sk"]["S"].rpartition("#")[2],
        datetime.fromisoformat(item["at"]["S"]),
        item["method"]["S"],
        item["address"]["S"],
        {key: value["S"] for key, value in item["about"]["M"].items()},
        int(status["N"]) if status else None,
    )


def _helps(new: Help, today: date, now: datetime) -> dict[str, Any]:
    return {
        "Key": table.key(HELPERS, HELPER + new.helper_id),
        "UpdateExpression": "SET helps = :help, helps_family = :family, helps_until = :end",
        "ConditionExpression": "last_day >= :today AND (attribute_not_exists(helps) OR helps_until <= :now)",
        "ExpressionAttributeValues": {
            ":help": {"S": new.help_id},
            ":family": {"S": new.family_id},
            ":end": _epoch(new.ends_at),
            ":today": {"S": today.isoformat()},
            ":now": _epoch(now),
        },
    }


def _still(typed: str, now: datetime) -> dict[str, Any]:
    return {
        "Key": _code_key(plain(typed)),
        "ConditionExpression": "attribute_exists(pk) AND expires > :now",
        "ExpressionAttributeValues": {":now": _epoch(now)},
    }


def _written(new: Help, secret: str) -> dict[str, Any]:
    said = new.consent
    return {
        **table.key(FAMILIES + new.family_id, HELP + new.help_id),
        **_texts(
            pass_id=new.pass_id,
            helper_id=new.helper_id,
            helper_name=new.helper_name,
            organisation=new.organisation,
            let_in=new.let_in.value,
            begun_at=new.begun_at.isoformat(),
            secret=_digest(secret),
            said_by=said.who if said else "",
            said_on=said.number if said else "",
            said_why=said.why if said else "",
        ),
        "scope": {"SS": sorted(new.scope)},
        "ends_at": _epoch(new.ends_at),
        "expires": _epoch(new.begun_at + KEPT),
    }


def _help(item: Item) -> Help:
    ended = item.get("ended_at")
    said = item.get("said_by")
    return Help(
        family_id=item["pk"]["S"].removeprefix(FAMILIES),
        help_id=item["sk"]["S"].removeprefix(HELP),
        pass_id=item["pass_id"]["S"],
        helper_id=item["helper_id"]["S"],
        helper_name=item["helper_name"]["S"],
        organisation=_text(item, "organisation"),
        let_in=LetIn(item["let_in"]["S"]),
        scope=frozenset(map(Scope, item["scope"]["SS"])),
        begun_at=datetime.fromisoformat(item["begun_at"]["S"]),
        ends_at=_moment(item["ends_at"]),
        consent=Consent(said["S"], _text(item, "said_on"), _text(item, "said_why")) if said else None,
        ended_at=datetime.fromisoformat(ended["S"]) if ended else None,
        ended_by=HelpEndedBy(item["ended_by"]["S"]) if ended else None,
        unreached=_text(item, "unreached"),
    )


def _helper(item: Item) -> Helper:
    return Helper(
        helper_id=item["sk"]["S"].removeprefix(HELPER),
        name=item["name"]["S"],
        organisation=_text(item, "organisation"),
        email=item["email"]["S"],
        language=item["language"]["S"],
        until=date.fromisoformat(item["last_day"]["S"]),
        entered_by=item["entered_by"]["S"],
        entered_name=item["entered_name"]["S"],
        entered_at=datetime.fromisoformat(item["entered_at"]["S"]),
        helps=(item["helps_family"]["S"], item["helps"]["S"]) if "helps" in item else None,
        unreached=_text(item, "unreached"),
    )


def _line(item: Item) -> DayLine:
    looked = item.get("looked_at")
    return DayLine(
        item["family_id"]["S"],
        item["sk"]["S"],
        item["helper_id"]["S"],
        _text(item, "looked_name"),
        datetime.fromisoformat(looked["S"]) if looked else None,
        _text(item, "finding"),
    )


def _item(pk: str, sk: str) -> Item | None:
    found: Item | None = table.call("GetItem", Key=table.key(pk, sk), ConsistentRead=True).get("Item")
    return found


def _code_key(code: str) -> dict[str, Any]:
    """The table has no code, only what follows from one by a key of ours."""
    return table.key(CODES + keyed_id("code of a helper", code, DIGEST), CODE)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _texts(**values: str) -> dict[str, Any]:
    return {name: {"S": text} for name, text in values.items() if text}


def _text(item: Item, name: str) -> str:
    text: str = item.get(name, {}).get("S", "")
    return text


def _epoch(moment: datetime) -> dict[str, str]:
    return {"N": str(int(moment.timestamp()))}


def _moment(value: Item) -> datetime:
    return datetime.fromtimestamp(int(value["N"]), UTC)
