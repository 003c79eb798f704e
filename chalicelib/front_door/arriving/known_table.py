"""Known answers in the table, all under one key.

| pk    | sk        | what                                      |
| ----- | --------- | ----------------------------------------- |
| KNOWN | answer_id | a question that the city can answer at once |
"""

from pynamodb.attributes import JSONAttribute, NumberAttribute

from chalicelib.core import table
from chalicelib.core.memory import Memory
from chalicelib.core.refusals import unless_interfered
from chalicelib.front_door.arriving.known import KnownAnswer

PK = "KNOWN"
# Staff who change one see it in their own answer at once, and others within this.
_remembered: Memory[str, dict[str, KnownAnswer]] = Memory(60.0)


class KnownItem(table.Item):
    said = JSONAttribute()
    edition = NumberAttribute()


def every() -> dict[str, KnownAnswer]:
    """All of them as they are now, by answer_id."""
    return {one.answer_id: one for one in map(_read, KnownItem.query(PK, consistent_read=True))}


def remembered() -> dict[str, KnownAnswer]:
    """All of them, as they were at most a minute ago."""
    return _remembered.get(PK, every)


def get(answer_id: str) -> KnownAnswer | None:
    """One consistent read."""
    item = KnownItem.find(PK, answer_id)
    return _read(item) if item else None


def put(one: KnownAnswer) -> None:
    """In the place of the edition before. Raises Interfered if that is not as it was read."""
    said = {"question": dict(one.question), "answer": dict(one.answer), "words": one.words}
    item = KnownItem(PK, one.answer_id, said=said, edition=one.edition)
    is_as_read = KnownItem.edition == one.edition - 1 if one.edition > 1 else KnownItem.pk.does_not_exist()
    with unless_interfered():
        item.save(condition=is_as_read)
    forget()


def remove(one: KnownAnswer) -> None:
    """Raises Interfered if it is not as it was read."""
    with unless_interfered():
        KnownItem(PK, one.answer_id).delete(condition=KnownItem.edition == one.edition)
    forget()


def forget() -> None:
    """This container reads them anew."""
    _remembered.forget()


def _read(item: KnownItem) -> KnownAnswer:
    said = item.said
    return KnownAnswer(item.sk, said["question"], said["answer"], said["words"], int(item.edition))
