"""Every combination of answers and place goes a way that a canary went; rules that never fire are found."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chalicelib.front_door.forms.rules import Form, PlaceRule, RoutingRule
from chalicelib.front_door.routing.areas import Area
from chalicelib.front_door.routing.branches import EVERY_CASE, NEVER, NO_AREA, NO_QUESTION, SOMEWHERE, branches
from chalicelib.front_door.routing.geometry import Polygon, is_in, point
from chalicelib.front_door.routing.rules import unit_for
from chalicelib.programme.questions.rules import Choice, Purpose, Question, QuestionKind
from tests.front_door.city import SORT, STREET, WHAT, said
from tests.front_door.routing.test_geometry import box

ALSO = Question(
    "also",
    QuestionKind.SEVERAL,
    said("Ook"),
    False,
    Purpose.CASE,
    choices=(Choice("a", said("A")), Choice("b", said("B"))),
)
DANGER = Question("danger", QuestionKind.YES_NO, said("Gevaar?"), True, Purpose.CASE)
FORM = replace(STREET, questions=(SORT, WHAT, ALSO, DANGER), routing=())
UNITS = ("streets", "office", "youth", "parks")


def area(area_id: str, west: float, east: float) -> Area:
    (west, south), (east, north) = point(west, 51.0), point(east, 51.1)
    return Area(area_id, said(area_id), ((box(west, south, east, north),),), 1)


# West and middle overlap; east is apart.
AREAS = {one.area_id: one for one in (area("west", 3.0, 3.2), area("middle", 3.1, 3.3), area("east", 4.0, 4.1))}


def routed(*rules: RoutingRule, place: PlaceRule = PlaceRule.REQUIRED) -> Form:
    return replace(FORM, routing=rules, place=place)


def faults(form: Form, areas: Mapping[str, Area] = AREAS) -> dict[str, str]:
    return {one.field: one.message for one in branches(form, areas, ())[1]}


def test_each_rule_has_a_way_and_so_has_the_owner() -> None:
    form = routed(RoutingRule("office", {"sort": ("lamp",)}), RoutingRule("parks", {}, ("west",)))

    found, wrong = branches(form, AREAS, ())

    assert wrong == []
    assert [(one.rule, one.unit_id) for one in found] == [(0, "office"), (1, "parks"), (None, "streets")]
    assert found[0].answers["sort"] == "lamp"
    assert found[2].place is not None


@pytest.mark.parametrize(
    ("rules", "place", "wrong"),
    [
        ([RoutingRule("office")], PlaceRule.NONE, {"routing[0]": EVERY_CASE}),
        ([RoutingRule("office", {"colour": ("red",)})], PlaceRule.NONE, {"routing[0]": NO_QUESTION}),
        ([RoutingRule("office", {"what": ("a",)})], PlaceRule.NONE, {"routing[0]": NO_QUESTION}),
        ([RoutingRule("office", {"sort": ("bench",)})], PlaceRule.NONE, {"routing[0]": NO_QUESTION}),
        ([RoutingRule("office", {"sort": ()})], PlaceRule.NONE, {"routing[0]": NO_QUESTION}),
        ([RoutingRule("office", {}, ("west",))], PlaceRule.NONE, {"routing[0]": NO_AREA}),
        ([RoutingRule("office", {}, ("north",))], PlaceRule.REQUIRED, {"routing[0]": NO_AREA}),
        (
            [RoutingRule("office", {"sort": ("lamp",)}), RoutingRule("parks", {"sort": ("lamp",), "danger": ("yes",)})],
            PlaceRule.NONE,
            {"routing[1]": NEVER},
        ),
        (
            [RoutingRule("office", {"danger": ("yes",)}), RoutingRule("parks", {"danger": ("no",)}),
             RoutingRule("youth", {"sort": ("lamp",)})],
            PlaceRule.NONE,
            {"routing[2]": NEVER},  # two together shadow the third
        ),
        (
            [RoutingRule("office", {}, ("west", "middle")), RoutingRule("parks", {"sort": ("lamp",)}, ("middle",))],
            PlaceRule.REQUIRED,
            {"routing[1]": NEVER},
        ),
    ],
)  # fmt: skip
def test_a_rule_that_never_fires_is_found(rules: list[RoutingRule], place: PlaceRule, wrong: dict[str, str]) -> None:
    assert faults(routed(*rules, place=place)) == wrong


def test_a_rule_for_what_two_areas_share_fires_in_the_piece_that_is_left() -> None:
    form = routed(RoutingRule("office", {}, ("west",)), RoutingRule("parks", {}, ("middle",)))

    found, wrong = branches(form, AREAS, ())

    assert wrong == []
    middle = found[1].place
    assert middle is not None
    assert 3.2 < middle.long < 3.3


def test_a_place_outside_of_every_area_is_the_owners() -> None:
    everywhere = routed(RoutingRule("office", {}, ("west", "middle", "east")))

    owner = branches(everywhere, AREAS, ())[0][-1]

    assert owner.place is not None
    assert not any(one.has(point(owner.place.long, owner.place.lat)) for one in AREAS.values())


def border(west: float, south: float, east: float, north: float) -> tuple[Polygon, ...]:
    return ((box(*point(west, south), *point(east, north)),),)


def test_a_rule_for_an_area_outside_the_border_never_fires() -> None:
    form = routed(RoutingRule("office", {}, ("west",)), RoutingRule("parks", {}, ("east",)))

    found, wrong = branches(form, AREAS, border(2.9, 50.9, 3.5, 51.2))

    assert [(one.field, one.message) for one in wrong] == [("routing[1]", NEVER)]
    assert [one.rule for one in found] == [0, None]


def test_what_is_in_two_areas_outside_the_border_alone_is_no_way() -> None:
    both = routed(RoutingRule("office", {}, ("west",)), RoutingRule("parks", {}, ("middle",)))

    assert branches(both, AREAS, border(2.9, 50.9, 3.15, 51.2))[1][0].message == NEVER  # all of middle there is west


def test_in_a_city_that_is_all_areas_an_address_that_nobody_knows_is_the_owners() -> None:
    owner = branches(routed(RoutingRule("office", {}, ("west",))), AREAS, border(3.0, 51.0, 3.2, 51.1))[0][-1]

    assert (owner.rule, owner.place) == (None, SOMEWHERE)


VALUES = {"sort": ("paving", "lamp"), "also": ("a", "b"), "danger": ("yes", "no")}
RULES = st.lists(
    st.builds(
        RoutingRule,
        st.sampled_from(UNITS),
        st.fixed_dictionaries(
            {},
            optional={
                key: st.lists(st.sampled_from(values), min_size=1, unique=True).map(tuple)
                for key, values in VALUES.items()
            },
        ),
        st.lists(st.sampled_from(sorted(AREAS)), max_size=2, unique=True).map(tuple),
    ),
    max_size=5,
)
ANSWERS = st.fixed_dictionaries(
    {"danger": st.booleans(), "what": st.just("x")},
    optional={
        "sort": st.sampled_from(VALUES["sort"]),
        "also": st.lists(st.sampled_from(VALUES["also"]), unique=True),
    },
)
LONGS, LATS = st.floats(2.8, 4.3), st.floats(50.85, 51.25)
DRAWN = st.builds(
    lambda west, wide, south, high: border(west, south, west + wide, south + high),
    *(LONGS, st.floats(0.02, 0.6), LATS, st.floats(0.02, 0.2)),
)


@given(RULES, DRAWN, st.one_of(st.just(()), DRAWN), st.lists(st.tuples(ANSWERS, LONGS, LATS), min_size=40, max_size=40))
def test_whatever_is_sent_by_a_form_that_can_be_published_goes_a_way_that_a_canary_went(
    rules: list[RoutingRule],
    redrawn: tuple[Polygon, ...],
    city: tuple[Polygon, ...],
    sent: list[tuple[dict[str, Any], float, float]],
) -> None:
    form, areas = routed(*rules), AREAS | {"middle": Area("middle", said("middle"), redrawn, 2)}

    ways, wrong = branches(form, areas, city)

    taken = [(answers, point(long, lat)) for answers, long, lat in sent if not city or is_in(point(long, lat), city)]
    routes = [(answers, tuple(name for name, area in areas.items() if area.has(at))) for answers, at in taken]
    assert {unit_for(form, answers, inside) for answers, inside in routes} <= set(form.units)
    for way in ways:
        assert way.place
        assert not city or not way.place.is_located or is_in(point(way.place.long, way.place.lat), city)
    assume(not wrong)
    found = {way.rule for way in ways}
    assert {_rule(form, answers, inside) for answers, inside in routes} <= found
    assert found >= set(range(len(rules)))  # and each rule is one of them


def _rule(form: Form, answers: Mapping[str, Any], areas: tuple[str, ...]) -> int | None:
    """The first rule by which it goes; told apart by units of their own."""
    alone = replace(form, owner="-", routing=tuple(replace(one, unit_id=str(n)) for n, one in enumerate(form.routing)))
    unit_id = unit_for(alone, answers, areas)
    return None if unit_id == "-" else int(unit_id)
