"""The city's questions in the table: what is asked now, all under one key, and each version that it ever had.

| pk           | sk                       | what                                             |
| ------------ | ------------------------ | ------------------------------------------------ |
| QUESTIONS    | session_id or opening_id | what is asked there now; absent: nothing ever was |
| QUESTIONS#id | 000001                   | a version of it, which never changes             |

Whether a session asks what must be answered before a seat is for good stands in its seats too, because the claim of a
seat reads nothing: `store` writes both in one transaction. Of an opening with more sessions than a transaction takes,
the seats ask before the set does, and stop after it: nobody gets a seat for good past a question that is there, and the
worst of a crash is that some are held although nothing is asked.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Self

from pynamodb.attributes import JSONAttribute, NumberAttribute

from chalicelib.core import table
from chalicelib.core.memory import Memory
from chalicelib.core.refusals import Refused
from chalicelib.programme.openings import table as openings
from chalicelib.programme.questions.rules import Asked, QuestionSet, schema_of, set_of
from chalicelib.programme.sessions.rules import is_session_id
from chalicelib.seats import changing
from chalicelib.seats.rules import AskedBy, Seats

PK = "QUESTIONS"
# A correction is on all pages by then.
SECONDS_REMEMBERED = 5.0
# Sessions in one transaction, beside the set, the opening and the ledger's entry: DynamoDB takes 100 writes.
MOST_AT_ONCE = 90
_remembered: Memory[str, QuestionSet | None] = Memory(SECONDS_REMEMBERED)
# Versions never change.
_versions: Memory[tuple[str, int], QuestionSet] = Memory(3600)

Write = Mapping[str, Any]


class QuestionsItem(table.Item):
    """`schema`: as `schema_of` writes it."""

    version = NumberAttribute()
    schema = JSONAttribute()

    @classmethod
    def of(cls, pk: str, sk: str, asked: QuestionSet) -> Self:
        return cls(pk, sk, version=asked.version, schema=schema_of(asked))


def get(of: str) -> QuestionSet | None:
    """What this session or opening itself asks now, by its id; None: nothing ever was. One consistent read."""
    item = QuestionsItem.find(PK, of)
    return set_of(item.schema) if item else None


def current(ids: Sequence[str]) -> dict[str, QuestionSet | None]:
    """The same of several, one batch of consistent reads."""
    found = map(_read, table.batch_get([table.key(PK, one) for one in ids]))
    return dict.fromkeys(ids) | {one.of: one for one in found}


def questions_of(session_id: str, now: datetime, *, is_fresh: bool = False) -> Asked:
    """What a session asks: its opening's questions, then its own, as they were at most SECONDS_REMEMBERED ago; no read
    meanwhile. `is_fresh`: as they are now (which opening it has is remembered all the same)."""
    return several([session_id], now, is_fresh=is_fresh)[session_id]


def several(session_ids: Iterable[str], now: datetime, *, is_fresh: bool = False) -> dict[str, Asked]:
    """The same of several sessions, with one read for all that is not remembered."""
    ids = {session_id: _ids(session_id, now) for session_id in session_ids}
    wanted = list(dict.fromkeys(one for several in ids.values() for one in several))
    found = current(wanted) if is_fresh else _remembered.several(wanted, current)
    return {session_id: Asked(tuple(filter(None, map(found.get, its)))) for session_id, its in ids.items()}


def versions(wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], QuestionSet]:
    """The sets that answers were given under, by id and version; those that there never were are left out."""
    return _versions.several(list(dict.fromkeys(wanted)), _load_versions)


def unchanged(of: str, version: int) -> Write:
    """One write of a transaction, which changes nothing: that the set still has this version; 0: that there is none."""
    return {"ConditionCheck": {"Key": table.key(PK, of), **table.as_read("version", version)}}


def still_asks(session_id: str, asked: Asked, now: datetime) -> list[Write]:
    """Conditions of a transaction: this session asks what `asked` says, and nothing else, or nothing still."""
    return [unchanged(one, asked.versions.get(one, 0)) for one in _ids(session_id, now)]


def store(
    new: QuestionSet,
    concerned: Sequence[Seats],
    provided: Sequence[Write] = (),
    carry_out: Callable[[Sequence[Write]], object] = table.transact_write_patiently,
    *,
    is_untouched: bool = False,
) -> None:
    """Writes the set as the next version, and into the seats of the sessions that it is asked in whether it must be
    answered. `provided`: further writes of the same transaction, which `carry_out` carries out, perhaps together with
    an entry in the ledger. `is_untouched`: only if nobody took a seat, gave one up or began to wait in these sessions
    since `concerned` was read.

    Raises Refused unless it is the next version after what is there, or something of `provided` fails; Busy.
    """
    puts = [
        {"Put": {"Item": QuestionsItem.of(PK, new.of, new).serialize(), **table.as_read("version", new.version - 1)}},
        {"Put": {"Item": QuestionsItem.of(_history(new.of), _sk(new.version), new).serialize(), **_NEW}},
    ]
    parts = _asking(new, concerned, is_untouched=is_untouched)
    if new.is_required:
        before, together, after = parts[:-1], parts[-1], []
    else:
        before, together, after = [], parts[0], parts[1:]
    for part in before:
        table.transact_write_patiently(part)
    carry_out([*puts, *together, *provided])
    with suppress(Refused):  # a later version came, which says it of the same seats
        _write_each(after, new)
    forget()


def repeat(current: QuestionSet, concerned: Sequence[Seats]) -> None:
    """Whether it must be answered, once more into the seats: for what broke off. `current`: of version 0, if nothing is
    asked. Raises Refused if there is a later version by now."""
    _write_each(_asking(current, concerned), current)


def _write_each(parts: Sequence[Sequence[Write]], current: QuestionSet) -> None:
    for part in parts:
        if part:
            table.transact_write_patiently([*part, unchanged(current.of, current.version)])


def forget() -> None:
    """For whoever wants them as they are now."""
    _remembered.forget()


_NEW = table.as_read("version", 0)


def _asking(new: QuestionSet, concerned: Sequence[Seats], *, is_untouched: bool = False) -> list[list[Write]]:
    """The writes of the seats, in parts that a transaction takes; one part at least, which may be empty."""
    by = AskedBy.SESSION if is_session_id(new.of) else AskedBy.OPENING
    writes: list[Write] = [
        changing.asking(one.session_id, by, is_required=new.is_required, untouched=one if is_untouched else None)
        for one in concerned
    ]
    return [writes[place : place + MOST_AT_ONCE] for place in range(0, len(writes), MOST_AT_ONCE)] or [[]]


def _ids(session_id: str, now: datetime) -> list[str]:
    """Of the sets that the session asks, in their order."""
    opening = openings.of_session(session_id, now)
    return [opening.opening_id, session_id] if opening else [session_id]


def _load_versions(wanted: Sequence[tuple[str, int]]) -> dict[tuple[str, int], QuestionSet]:
    found = map(_read, table.batch_get([table.key(_history(of), _sk(version)) for of, version in wanted]))
    return {(one.of, one.version): one for one in found}


def _read(item: Mapping[str, Any]) -> QuestionSet:
    return set_of(QuestionsItem.from_raw_data(dict(item)).schema)


def _history(of: str) -> str:
    return f"{PK}#{of}"


def _sk(number: int) -> str:
    return f"{number:06d}"
