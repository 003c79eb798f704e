"""Hypothesis without what it works out anew for each strategy that follows a pattern: no example changes by it.

It goes through each letter of each range of a pattern, and names may have letters of all of Unicode. A strategy keeps
nothing of what it drew: whoever asks for the same pattern and the same alphabet gets the one that is there already.
Imported by conftest.py once pytest collects: Hypothesis wants nobody to load so much before.
"""

import re
from typing import Any

from hypothesis.strategies import SearchStrategy
from hypothesis.strategies._internal import regex as patterns
from hypothesis.strategies._internal.lazy import unwrap_strategies

_as_hypothesis_makes_it = patterns.regex_strategy
_made: dict[tuple[Any, ...], SearchStrategy[Any]] = {}


def _strategy(regex: Any, fullmatch: bool, *, alphabet: SearchStrategy[Any] | None, **more: Any) -> SearchStrategy[Any]:
    pattern = re.compile(regex)
    letters = None if alphabet is None else unwrap_strategies(alphabet).intervals.intervals
    key = (pattern, fullmatch, letters, *more.items())
    if key not in _made:
        _made[key] = _as_hypothesis_makes_it(pattern, fullmatch, alphabet=alphabet, **more)
    return _made[key]


patterns.regex_strategy = _strategy
