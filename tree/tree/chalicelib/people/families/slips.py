"""How far a family corrects itself: a few letters of a name, or one part of a birth date. Plain rules.

What is more than a slip may be another child, and is for the desk. A slip is measured from the child as it was before
the family corrected anything itself, so that many small steps do not lead to another child.
"""

from datetime import date

from chalicelib.people.families.names import same
from chalicelib.people.families.rules import Child

# Letters of one part of a name; and no more than one of each three that it has: `Tom` is not a slip of `Lea`.
MOST_LETTERS = 3
# How often a family corrects names and dates by itself, from one September to the next.
MOST_A_SEASON = 5


def is_slip(was: Child, now: Child) -> bool:
    """Whether a family may correct this by itself: its name or its date, and a small step of it."""
    if was.birth_date == now.birth_date:
        return _is_slip_of_names(was, now)
    return _have_the_same_name(was, now) and _is_slip_of_date(was.birth_date, now.birth_date)


def says_another(was: Child, now: Child) -> bool:
    """Whether this is another child by name and date, accents and capitals aside."""
    return was.birth_date != now.birth_date or not _have_the_same_name(was, now)


def edits(one: str, other: str) -> int:
    """How many letters must be typed, left out, replaced, or swapped with their neighbour to make one text of the
    other."""
    before: list[int] = []
    above = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        line = [row]
        for column, theirs in enumerate(other, 1):
            least = min(above[column] + 1, line[-1] + 1, above[column - 1] + (letter != theirs))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == theirs:
                least = min(least, before[column - 2] + 1)
            line.append(least)
        before, above = above, line
    return above[-1]


def _have_the_same_name(was: Child, now: Child) -> bool:
    return _names(was) == _names(now)


def _is_slip_of_names(was: Child, now: Child) -> bool:
    """Also where the first name stood in the field of the last one."""
    first, last = _names(was)
    return any(_are_near(first, a) and _are_near(last, b) for a, b in (_names(now), _names(now)[::-1]))


def _are_near(one: str, other: str) -> bool:
    length = max(len(one), len(other))
    return edits(one, other) <= min(MOST_LETTERS, max(1, length // 3))


def _is_slip_of_date(was: date, now: date) -> bool:
    """The day, the month or the year; or day and month in the other's place."""
    differ = [a != b for a, b in zip(was.timetuple()[:3], now.timetuple()[:3], strict=True)]
    return sum(differ) <= 1 or (was.year == now.year and (was.month, was.day) == (now.day, now.month))


def _names(child: Child) -> tuple[str, str]:
    return same(child.first_name), same(child.last_name)
