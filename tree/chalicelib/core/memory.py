"""A container's memory between requests, so that it asks once however many look: one class, one way to empty all.

A memory never makes anything true. What must not be wrong is a condition of a write, or is read anew.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from time import monotonic
from typing import Any, Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")

# From so many keys on, what is too old makes room: keys may come from outside.
ROOM = 1_000
_memories: list["Memory[Any, Any]"] = []


class Memory(Generic[K, V]):
    """Values by key, each good for `seconds` from the moment when it was read. A value may be None."""

    __slots__ = ("_kept", "_room", "seconds")

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._kept: dict[K, tuple[float, V]] = {}
        self._room = ROOM
        _memories.append(self)

    def get(self, key: K, load: Callable[[], V]) -> V:
        """The value, loaded if there is none that is good. What `load` raises is raised, and nothing is remembered."""
        kept = self._good(key, monotonic())
        if kept is None:
            self.put(key, value := load())
            return value
        return kept[1]

    def several(self, keys: Iterable[K], load: Callable[[Sequence[K]], Mapping[K, V]]) -> dict[K, V]:
        """The values of these keys; those that are not known are loaded together, and those that `load` does not know
        either are left out."""
        now, wanted = monotonic(), list(keys)
        found = {key: kept[1] for key in wanted if (kept := self._good(key, now))}
        if unknown := [key for key in wanted if key not in found]:
            loaded = load(unknown)
            now = monotonic()
            for key, value in loaded.items():
                self._keep(key, value, now)
            found |= loaded
        return found

    def fresh(self, key: K) -> V | None:
        """The value if there is one that is good."""
        kept = self._good(key, monotonic())
        return kept[1] if kept else None

    def last(self, key: K) -> V | None:
        """The value however old: for what only grows, or where an old one is better than none."""
        kept = self._kept.get(key)
        return kept[1] if kept else None

    def put(self, key: K, value: V) -> None:
        self._keep(key, value, monotonic())

    def forget(self, key: K | None = None) -> None:
        """Forgets one key, or all."""
        if key is None:
            self._kept.clear()
        else:
            self._kept.pop(key, None)

    def _good(self, key: K, now: float) -> tuple[float, V] | None:
        kept = self._kept.get(key)
        return kept if kept and now - kept[0] < self.seconds else None

    def _keep(self, key: K, value: V, now: float) -> None:
        if len(self._kept) >= self._room:
            for old in [one for one, kept in list(self._kept.items()) if now - kept[0] >= self.seconds]:
                self._kept.pop(old, None)
            self._room = max(ROOM, 2 * len(self._kept))
        self._kept[key] = now, value


def forget_all() -> None:
    """As if Lambda had started another container: for tests. Not the tally's counts: they are written, not read."""
    for one in _memories:
        one.forget()
