"""What the worst stranger with twenty real mailboxes can do to a family in an opening, and what twenty mailboxes gain
their owner: `python -m tests.programme.openings.strangers` prints it for docs/opening.md (half a minute).

The family of Lou, Jef and Noor registers the three together. 0 is the beginning of the spread, 1 its end.
"""

import statistics
from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.people.families.rules import Naming
from chalicelib.programme.openings.admission import admission
from chalicelib.programme.openings.rules import Opening
from tests.programme.openings.chances import T0, named, opening

TOWNS = 1_500
CHILDREN, MAILBOXES = 3, 20
FAMILY = "claeys"
Moment = Callable[[Opening], float]


@dataclass(frozen=True)
class Try:
    words: str
    moment: Moment


def behind(first: str | None = None, family: str = FAMILY) -> Naming:
    """How the family names a child that `first` named before it."""
    own = named(family)
    return Naming(own.family_id, own.since, first)


def together(*namings: Naming) -> Moment:
    """When these children are admitted together, as a part of the spread."""

    def at(given: Opening) -> float:
        found = admission(given, namings, "9970")
        assert found
        return (found.at - T0) / given.plan.windows[0].spread

    return at


def one_by_one(*namings: Naming) -> Moment:
    """The mean of the children, each registered by itself."""
    return lambda given: statistics.mean(together(one)(given) for one in namings)


def first_of(*moments: Moment) -> Moment:
    return lambda given: min(one(given) for one in moments)


OWN = [behind()] * CHILDREN
STRANGERS = [f"stranger{number:02d}" for number in range(MAILBOXES)]
TAKEN = [behind(one) for one in STRANGERS[:CHILDREN]]
TRIES = (
    Try("a family of three children, left alone", together(*OWN)),
    Try("20 strangers' passes name its children, and nobody uses their links", together(*OWN)),
    Try("20 strangers name its children after it did", together(*OWN)),
    Try(
        "one stranger named one of the three before it did; all three together",
        together(behind(STRANGERS[0]), *OWN[1:]),
    ),
    Try("three strangers named one each before it did; all three together", together(*TAKEN)),
    Try("the same, the children registered one by one: the mean", one_by_one(*TAKEN)),
    Try(
        "20 mailboxes of its own name one child: the earliest of them",
        first_of(together(behind()), *(together(behind(FAMILY, one)) for one in STRANGERS)),
    ),
    Try(
        "20 mailboxes with an invented child each: the earliest of them",
        first_of(*(together(behind(family=one)) for one in STRANGERS)),
    ),
)


def means(towns: int = TOWNS) -> list[float]:
    """For each of TRIES, on average over so many openings."""
    given = [opening(name=f"2027-zomer{number}", seed=number + 1) for number in range(towns)]
    return [statistics.mean(one.moment(each) for each in given) for one in TRIES]


if __name__ == "__main__":
    print("| what is tried | admitted on average at |\n| --- | ---: |")
    for one, mean in zip(TRIES, means(), strict=True):
        print(f"| {one.words} | {mean:.2f} |")
