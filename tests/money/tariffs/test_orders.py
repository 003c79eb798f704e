"""The order of children that costs least: what the search finds is what trying every order finds."""

from itertools import permutations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.money.tariffs import orders
from chalicelib.money.tariffs.orders import CostShare, Group, assign


def cost_in(costs):
    return lambda ranks: costs[ranks]


def by_trying_everything(shares, groups):
    """Each order of each group, one after the other."""
    best = None
    for chosen in product(*(permutations(group.members) for group in groups.values())):
        ranks = {
            name: {child: max(cut for cut in group.cuts if cut <= place) for place, child in enumerate(order, start=1)}
            for (name, group), order in zip(groups.items(), chosen, strict=True)
        }
        cents = sum(share.cost(tuple(ranks[name][share.child] for name in share.groups)) for share in shares)
        best = cents if best is None else min(best, cents)
    return best


def test_each_group_gives_its_second_place_to_the_child_whom_it_helps_most():
    groups = {"monday": Group((0, 1), (1, 2)), "tuesday": Group((0, 1, 2), (1, 2))}
    shares = [
        CostShare(0, ("monday",), cost_in({(1,): 1000, (2,): 500})),
        CostShare(1, ("monday",), cost_in({(1,): 2000, (2,): 1000})),
        *(CostShare(child, ("tuesday",), cost_in({(1,): 900, (2,): 100 * child})) for child in range(3)),
    ]

    found = assign(shares, groups)

    assert found.cents == (1000 + 1000) + (900 + 0 + 100)
    assert found.ranks["monday"] == {0: 1, 1: 2}
    assert found.ranks["tuesday"] == {0: 2, 1: 2, 2: 1}


def test_of_orders_that_cost_the_same_the_oldest_child_comes_first():
    same = [CostShare(child, ("camp",), cost_in({(1,): 10, (2,): 5, (3,): 1})) for child in range(4)]

    assert assign(same, {"camp": Group((0, 1, 2, 3), (1, 2, 3))}).ranks["camp"] == {0: 1, 1: 2, 2: 3, 3: 3}


@st.composite
def puzzles(draw, most_groups=3, most_children=4):
    """Shares of up to four children that join up to three groups each, with any prices."""
    children = tuple(range(draw(st.integers(1, most_children))))
    groups = {}
    for name in range(draw(st.integers(1, most_groups))):
        members = draw(st.sets(st.sampled_from(children), min_size=1))
        cuts = draw(st.sampled_from([(1, 2), (1, 2, 3), (1, 3), (1, 2, 3, 4), (1, 9)]))
        groups[name] = Group(tuple(sorted(members)), cuts)
    shares = []
    for _ in range(draw(st.integers(1, 7))):
        child = draw(st.sampled_from(children))
        of_child = [name for name, group in groups.items() if child in group.members]
        names = tuple(sorted(draw(st.sets(st.sampled_from(of_child), max_size=3)))) if of_child else ()
        costs = {ranks: draw(st.integers(0, 30)) for ranks in product(*(groups[name].cuts for name in names))}
        shares.append(CostShare(child, names, cost_in(costs)))
    return shares, groups


@given(puzzles())
@settings(max_examples=100)
def test_no_order_is_cheaper(puzzle):
    shares, groups = puzzle
    used = {name: group for name, group in groups.items() if any(name in share.groups for share in shares)}

    found = assign(shares, groups)

    assert found.is_best
    assert found.cents == by_trying_everything(shares, used)
    named = [[found.ranks[name][share.child] for name in share.groups] for share in shares]
    assert found.cents == sum(share.cost(tuple(ranks)) for share, ranks in zip(shares, named, strict=True))


def test_a_search_that_takes_too_long_ends_and_says_so(monkeypatch):
    monkeypatch.setattr(orders, "MOST_STEPS", 3)
    groups = {name: Group((0, 1, 2), (1, 2, 3)) for name in range(4)}
    shares = [
        CostShare(child, (0, 1, 2, 3), cost_in({ranks: hash(ranks) % 97 for ranks in product((1, 2, 3), repeat=4)}))
        for child in range(3)
    ]

    found = assign(shares, groups)

    assert not found.is_best
    assert found.cents >= by_trying_everything(shares, groups)
