"""A memory reads once for everybody who asks in its seconds, and never holds what is too old."""

from collections.abc import Sequence

import pytest

from chalicelib.core import memory
from chalicelib.core.memory import Memory


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(memory, "monotonic", lambda: now[0])
    return now


def test_it_reads_once_in_its_seconds(clock: list[float]) -> None:
    reads = iter(["first", "second"])
    names: Memory[str, str] = Memory(5)

    assert names.get("one", lambda: next(reads)) == "first"
    clock[0] += 4.999
    assert names.get("one", lambda: next(reads)) == "first"
    clock[0] += 0.001
    assert names.get("one", lambda: next(reads)) == "second"


def test_it_remembers_that_there_is_nothing(clock: list[float]) -> None:
    reads = iter([None])
    names: Memory[str, str | None] = Memory(5)

    assert [names.get("one", lambda: next(reads)) for _ in range(3)] == [None, None, None]


def test_a_read_that_fails_is_not_remembered() -> None:
    names: Memory[str, int] = Memory(5)

    with pytest.raises(ZeroDivisionError):
        names.get("one", lambda: 1 // 0)

    assert names.get("one", lambda: 1) == 1


def test_several_are_one_read_of_those_that_it_does_not_know(clock: list[float]) -> None:
    # Given one that is known
    asked: list[list[str]] = []

    def lengths(words: Sequence[str]) -> dict[str, int]:
        asked.append(list(words))
        return {word: len(word) for word in words if word != "unknown"}

    known: Memory[str, int] = Memory(1)
    known.put("a", 1)
    # When it is asked for among others
    found = known.several(["a", "bb", "unknown"], lengths)
    again = known.several(["a", "bb"], lengths)
    # Then the others were read together, and only once
    assert found == {"a": 1, "bb": 2}
    assert again == {"a": 1, "bb": 2}
    assert asked == [["bb", "unknown"]]


def test_what_is_too_old_is_not_fresh_but_still_the_last(clock: list[float]) -> None:
    names: Memory[str, str] = Memory(5)
    names.put("one", "first")
    assert names.fresh("one") == "first"

    clock[0] += 5

    assert names.fresh("one") is None
    assert names.last("one") == "first"
    assert names.last("other") is None


def test_one_is_forgotten_or_all_or_those_of_every_memory() -> None:
    names, others = (Memory[str, int](5) for _ in range(2))
    for one in (names, others):
        one.put("a", 1)
        one.put("b", 2)

    names.forget("a")
    assert (names.fresh("a"), names.fresh("b"), others.fresh("a")) == (None, 2, 1)
    others.forget()
    assert (names.fresh("b"), others.fresh("a"), others.fresh("b")) == (2, None, None)
    memory.forget_all()
    assert names.fresh("b") is None


def test_keys_from_outside_do_not_fill_it(clock: list[float]) -> None:
    numbers: Memory[int, int] = Memory(1)

    for number in range(100 * memory.ROOM):
        clock[0] += 0.01
        numbers.put(number, number)

    assert len(numbers._kept) <= memory.ROOM
    assert numbers.fresh(100 * memory.ROOM - 1) == 100 * memory.ROOM - 1


def test_more_keys_than_that_are_kept_while_they_are_good(clock: list[float]) -> None:
    numbers: Memory[int, int] = Memory(1)

    for number in range(3 * memory.ROOM):
        numbers.put(number, number)

    assert all(numbers.fresh(number) == number for number in range(3 * memory.ROOM))
