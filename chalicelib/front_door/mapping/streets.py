"""Places by name: the streets of the city, as its map has them. Plain rules."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Street:
    """`lat`, `long`: about its middle."""

    name: str
    lat: float
    long: float


def find(streets: Sequence[Street], typed: str) -> Street | None:
    """The street that an address names, `veldstraat 12, Kaprijke`: of several, the one with the longest name."""
    words = folded(typed)
    named = [street for street in streets if _is_in(folded(street.name), words)]
    return max(named, key=lambda street: len(street.name), default=None)


def near(streets: Sequence[Street], lat: float, long: float) -> Street | None:
    """Whose middle is nearest."""
    return min(streets, key=lambda one: (one.lat - lat) ** 2 + ((one.long - long) * 0.63) ** 2, default=None)


def folded(text: str) -> list[str]:
    """Its words in plain small letters; `St.-Jansstraat` is `st`, `jansstraat`."""
    plain = "".join(one for one in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(one))
    return re.findall(r"\w+", plain)


def _is_in(name: Sequence[str], words: Sequence[str]) -> bool:
    return bool(name) and any(list(name) == list(words[at : at + len(name)]) for at in range(len(words)))
