"""Which child of a family is the first, so that the family pays least: the algorithm, knowing nothing of prices.

Children are put in an order within a *group*: those who come on one day, to one camp, in one season. A *share* is a
part of what the family pays, for one child; it depends on the child's rank in one group, or in several. Ranks that no
rule tells apart are one class, so that not every order is looked at.

1. Shares that have no group in common are solved apart.
2. One group alone is solved by dynamic programming over the children, from the oldest to the youngest, and the places
   that are left in each class: exact, because a child's cost depends on its own class only.
3. Where a share joins several groups (a price for the week next to an order by the day), each way to pay it is tried;
   where it has one way only, each assignment of the group that most shares have. What is left falls apart into 1 and
   2. A branch that cannot become cheaper than the cheapest known is left.

All of it is exact. 3 can take long for tariffs that nobody published yet; after `MOST_STEPS` the cheapest that was
found counts, and the answer says that it may not be the best.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

MOST_STEPS = 5_000

Ranks = tuple[int, ...]  # of each member of a group


@dataclass(frozen=True, eq=False)
class CostShare:
    """Of one child. `cost`: cents, for its ranks in `groups`, in their order. `options`: ways to pay it, each by shares
    of their own, the cheapest of which is `cost`; none where there is one way only."""

    child: int
    groups: tuple[Hashable, ...]
    cost: Callable[[Ranks], int]
    options: tuple[tuple["CostShare", ...], ...] = ()


@dataclass(frozen=True)
class Group:
    """`members`: the children, by their numbers, the oldest first. `cuts`: the ranks at which a rule begins to tell
    apart, the first of them 1."""

    members: tuple[int, ...]
    cuts: tuple[int, ...]

    @property
    def places(self) -> tuple[int, ...]:
        """How many members have their rank in each class."""
        ends = (*self.cuts[1:], len(self.members) + 1)
        return tuple(
            max(0, min(end, len(self.members) + 1) - begin) for begin, end in zip(self.cuts, ends, strict=True)
        )


@dataclass(frozen=True)
class Assigned:
    """`ranks`: for each group the rank of each member, as the first rank of its class."""

    cents: int
    ranks: Mapping[Hashable, Mapping[int, int]]
    is_best: bool


def assign(shares: Sequence[CostShare], groups: Mapping[Hashable, Group]) -> Assigned:
    """The ranks by which all shares together cost least."""
    search = _Search(groups)
    cents, ranks = search.solve(shares, {})
    for name in groups.keys() - ranks.keys():  # no share depends on it in the cheapest way: by age
        group = groups[name]
        ranks[name] = {
            child: max(cut for cut in group.cuts if cut <= place) for place, child in enumerate(group.members, start=1)
        }
    return Assigned(cents, ranks, search.steps <= MOST_STEPS)


_Solved = tuple[int, dict[Hashable, Mapping[int, int]]]


class _Search:
    def __init__(self, groups: Mapping[Hashable, Group]) -> None:
        self.groups = groups
        self.steps = 0
        self._solved: dict[Hashable, tuple[int, tuple[int, ...]]] = {}
        self._lowest: dict[Hashable, int] = {}

    def solve(self, shares: Sequence[CostShare], fixed: Mapping[Hashable, Mapping[int, int]]) -> _Solved:
        cents = 0
        ranks: dict[Hashable, Mapping[int, int]] = {}
        for open_groups, joined in _apart(shares, fixed):
            found: dict[Hashable, Mapping[int, int]]
            if not open_groups:
                more, found = sum(_cost(share, fixed) for share in joined), {}
            elif len(open_groups) == 1:
                more, found = self._one(open_groups[0], joined, fixed)
            else:
                more, found = self._several(open_groups, joined, fixed)
            cents += more
            ranks.update(found)
        return cents, ranks

    def _one(self, name: Hashable, shares: Sequence[CostShare], fixed: Mapping[Hashable, Mapping[int, int]]) -> _Solved:
        self.steps += 1
        group = self.groups[name]
        alone = all(len(share.groups) == 1 for share in shares)
        known = (group, tuple((share.child, share.cost) for share in shares)) if alone else None
        if known is None or known not in self._solved:
            solved = _cheapest(self._rows(name, group, shares, fixed), group.places)
            if known is not None:
                self._solved[known] = solved
        else:
            solved = self._solved[known]
        cents, classes = solved
        return cents, {name: {child: group.cuts[each] for child, each in zip(group.members, classes, strict=True)}}

    def _rows(
        self, name: Hashable, group: Group, shares: Sequence[CostShare], fixed: Mapping[Hashable, Mapping[int, int]]
    ) -> tuple[tuple[int, ...], ...]:
        """The cost of each member in each class."""
        costs = {child: [0] * len(group.cuts) for child in group.members}
        for share in shares:
            row = costs[share.child]
            known = [fixed[each][share.child] if each in fixed else 0 for each in share.groups]
            place = share.groups.index(name)
            for number, rank in enumerate(group.cuts):
                known[place] = rank
                row[number] += share.cost(tuple(known))
        return tuple(tuple(costs[child]) for child in group.members)

    def _several(
        self, names: Sequence[Hashable], shares: Sequence[CostShare], fixed: Mapping[Hashable, Mapping[int, int]]
    ) -> _Solved:
        splits = [share for share in shares if share.options]
        if splits:
            split = max(splits, key=lambda share: len(share.groups))  # what it joins falls apart soonest
            return self._options(split, [share for share in shares if share is not split], fixed)
        name = max(names, key=lambda each: sum(each in share.groups for share in shares))
        group = self.groups[name]
        best: _Solved | None = None
        for classes in _assignments(len(group.members), group.places):
            if best is not None and self.steps > MOST_STEPS:
                break
            ranks = {child: group.cuts[number] for child, number in zip(group.members, classes, strict=True)}
            now = {**fixed, name: ranks}
            if best is not None and sum(self._least(share, now) for share in shares) >= best[0]:
                self.steps += 1
                continue
            cents, found = self.solve(shares, now)
            if best is None or cents < best[0]:
                best = cents, {name: ranks, **found}
        assert best is not None, "a group has members"
        return best

    def _options(
        self, split: CostShare, others: Sequence[CostShare], fixed: Mapping[Hashable, Mapping[int, int]]
    ) -> _Solved:
        """Each way to pay for `split`, that which can be cheapest first."""
        rest = sum(self._least(share, fixed) for share in others)
        options = sorted(split.options, key=lambda option: sum(self._least(share, fixed) for share in option))
        best: _Solved | None = None
        for option in options:
            if best is not None and (
                self.steps > MOST_STEPS or rest + sum(self._least(share, fixed) for share in option) >= best[0]
            ):
                break
            solved = self.solve([*option, *others], fixed)
            if best is None or solved[0] < best[0]:
                best = solved
        assert best is not None, "a share with options has one"
        return best

    def _least(self, share: CostShare, fixed: Mapping[Hashable, Mapping[int, int]]) -> int:
        """The least cost of the share, whatever the ranks in groups that are still open."""
        if share.options:
            return min(sum(self._least(each, fixed) for each in option) for option in share.options)
        cuts = tuple((fixed[name][share.child],) if name in fixed else self.groups[name].cuts for name in share.groups)
        known = share.cost, cuts
        if known not in self._lowest:
            self._lowest[known] = min(share.cost(ranks) for ranks in product(*cuts))
        return self._lowest[known]


def forget() -> None:
    """Forgets the results of earlier searches, for measurements."""
    _cheapest.cache_clear()


def _cost(share: CostShare, fixed: Mapping[Hashable, Mapping[int, int]]) -> int:
    return share.cost(tuple(fixed[name][share.child] for name in share.groups))


def _apart(
    shares: Sequence[CostShare], fixed: Mapping[Hashable, Mapping[int, int]]
) -> Iterator[tuple[list[Hashable], list[CostShare]]]:
    """Shares that have an open group in common, with their open groups, in the order of their first."""
    together: dict[Hashable, list[CostShare]] = {}
    names: dict[Hashable, list[Hashable]] = {}
    home: dict[Hashable, Hashable] = {}
    decided = []
    for share in shares:
        still_open = [name for name in share.groups if name not in fixed]
        if not still_open:
            decided.append(share)
            continue
        homes = list(dict.fromkeys(home.get(name, name) for name in still_open))
        first = homes[0]
        into, called = together.setdefault(first, []), names.setdefault(first, [])
        for other in homes[1:]:
            into.extend(together.pop(other, []))
            for name in names.pop(other, []):
                called.append(name)
                home[name] = first
        for name in still_open:
            if name not in called:
                called.append(name)
                home[name] = first
        into.append(share)
    if decided:
        yield [], decided
    for first, joined in together.items():
        yield names[first], joined


@lru_cache(maxsize=4096)
def _cheapest(costs: tuple[tuple[int, ...], ...], places: tuple[int, ...]) -> tuple[int, tuple[int, ...]]:
    """Cents, and the class of each child; `costs`: of each child, the oldest first, in each class. Of ways that cost
    the same, the one in which older children come first."""
    if not costs:
        return 0, ()
    best: tuple[int, tuple[int, ...]] | None = None
    for number, left in enumerate(places):
        if not left:
            continue
        rest, classes = _cheapest(costs[1:], (*places[:number], left - 1, *places[number + 1 :]))
        if best is None or costs[0][number] + rest < best[0]:
            best = costs[0][number] + rest, (number, *classes)
    assert best is not None, "there are as many places as children"
    return best


def _assignments(children: int, places: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Each way to give each child a class."""
    if not children:
        yield ()
        return
    for number, left in enumerate(places):
        if left:
            for rest in _assignments(children - 1, (*places[:number], left - 1, *places[number + 1 :])):
                yield (number, *rest)
