"""Answers in the family's own partition: `F#family_id / ANSWERS#suffix`, one item for each registration that has any.

They go to the family, to whoever may read a question's answers on a list, and nowhere else. The stream shows them to
nobody: no filter of the template lets `ANSWERS#` through.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.booking.answers.rules import Answers, ChildAnswers, GivenAnswer, renamed
from chalicelib.core import table
from chalicelib.people.child_info.rules import Editor
from chalicelib.people.families.identity import FAMILY_LENGTH
from chalicelib.people.families.rules import kept_until

PREFIX = "ANSWERS#"

Write = Mapping[str, Any]


class AnswersItem(table.Item):
    """`answers`: JSON, child_id to its answers. A time to live for what outlived its registration; sooner it goes with
    that one."""

    answers = UnicodeAttribute()
    edition = NumberAttribute()
    expires = NumberAttribute()


def get(registration_id: str) -> Answers:
    """As they are now; without any, those of edition 0."""
    item = AnswersItem.find(*_key(registration_id))
    return read(item.serialize()) if item else Answers(registration_id)


def several(registration_ids: Iterable[str]) -> dict[str, Answers]:
    """By registration_id; half a read unit for each 4 KB. What changed within the last second may be missing."""
    ids = list(dict.fromkeys(registration_ids))
    found = {one.registration_id: one for one in map(read, table.batch_get(list(map(key, ids)), consistent=False))}
    return {one: found.get(one) or Answers(one) for one in ids}


def putting(after: Answers, now: datetime) -> Write:
    """One write of a transaction: answers of a registration that comes with them."""
    return {"Put": {"Item": _item(after, now)}}


def replacing(after: Answers, now: datetime) -> Write:
    """One write of a transaction: in the place of the edition before it. Refused if that has gone."""
    return {"Put": {"Item": _item(after, now), **table.as_read("edition", after.edition - 1)}}


def standing(answers: Answers) -> Write:
    """One condition of a transaction: they are still as they were read."""
    condition = table.as_read("edition", answers.edition)
    return {"ConditionCheck": {"Key": key(answers.registration_id), **condition}}


def renaming(registration_id: str, old: str, new: str, now: datetime) -> list[Write]:
    """Writes of a transaction: what was answered about a child is about another id from now on."""
    known = get(registration_id)
    return [replacing(renamed(known, old, new), now)] if old in known.of else []


def delete(registration_id: str) -> None:
    """Again and again is the same."""
    table.call("DeleteItem", Key=key(registration_id))


def key(registration_id: str) -> dict[str, Any]:
    """As DynamoDB writes it, for a batch that reads more than this."""
    return table.key(*_key(registration_id))


def is_answers(item: Mapping[str, Any]) -> bool:
    return bool(item["sk"]["S"].startswith(PREFIX))


def read(item: Mapping[str, Any]) -> Answers:
    """From the item as DynamoDB writes it."""
    registration_id = item["pk"]["S"].removeprefix("F#") + item["sk"]["S"].removeprefix(PREFIX)
    of = {child: _child(stored) for child, stored in json.loads(item["answers"]["S"]).items()}
    return Answers(registration_id, of, int(item["edition"]["N"]))


def size(answers: Answers) -> int:
    """Bytes of what is stored."""
    return len(_text(answers).encode())


def _child(stored: Mapping[str, Any]) -> ChildAnswers:
    given = {name: GivenAnswer(value, version) for name, (value, version) in stored["given"].items()}
    by = stored.get("by")
    at = datetime.fromisoformat(stored["at"])
    return ChildAnswers(given, at, Editor(by["staff_id"], by["name"]) if by else None)


def _text(answers: Answers) -> str:
    of = {
        child: {
            "given": {name: [answer.value, answer.version] for name, answer in one.given.items()},
            "at": one.at.isoformat(),
            **({"by": {"staff_id": one.by.staff_id, "name": one.by.name}} if one.by else {}),
        }
        for child, one in answers.of.items()
    }
    return json.dumps(of, ensure_ascii=False, separators=(",", ":"))


def _item(answers: Answers, now: datetime) -> dict[str, Any]:
    item = AnswersItem(
        *_key(answers.registration_id), answers=_text(answers), edition=answers.edition, expires=kept_until(now)
    )
    return dict(item.serialize())


def _key(registration_id: str) -> tuple[str, str]:
    return f"F#{registration_id[:FAMILY_LENGTH]}", PREFIX + registration_id[FAMILY_LENGTH:]
