"""Some of what helpers do is looked at, by chance: which, follows from the day and a key of ours, so that nobody picks
and everybody sees the same ones, however often they ask."""

from collections.abc import Iterable
from datetime import date

from chalicelib.people.assistance import table
from chalicelib.people.assistance.rules import LOOKED_AT
from chalicelib.people.assistance.table import DayLine
from chalicelib.people.families.identity import keyed_id

LENGTH = 20


def drawn(day: date) -> list[DayLine]:
    """The helps of a day, which must be over, that are looked at."""
    lines = {one.help_id: one for one in table.of_day(day)}
    return [lines[one] for one in by_chance(day, lines)]


def by_chance(day: date, help_ids: Iterable[str]) -> list[str]:
    """LOOKED_AT of them, or all. Whoever makes a help cannot make one that is not drawn: its id is made by us, and the
    order by a key."""
    return sorted(help_ids, key=lambda one: keyed_id("look at a help", f"{day} {one}", LENGTH))[:LOOKED_AT]
