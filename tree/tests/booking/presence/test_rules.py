"""Groups of a session: split evenly by age, by hand, and never with somebody who has no seat."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.booking.presence.rules import Groups, Mark, Presence, divided, kept_until, moved, named

TWO = Groups(1, {"g1": "Kapoenen", "g2": "Zeehonden"})
BIRTHS = st.dates(date(2012, 1, 1), date(2024, 12, 31))
CHILDREN = st.lists(BIRTHS, max_size=60).map(
    lambda all_: [(born, f"child{n}", f"reg{n}") for n, born in enumerate(all_)]
)


@given(CHILDREN, st.integers(1, 20))
def test_a_split_is_even_and_by_age(children, number):
    groups = divided(Groups(1, {f"g{one}": f"Groep {one}" for one in range(1, number + 1)}), children)

    births = {child: born for born, child, _ in children}
    found = [[births[child] for child, (group, _) in groups.members.items() if group == one] for one in groups.names]
    assert sum(map(len, found)) == len(children)
    assert max(map(len, found)) - min(map(len, found)) <= 1
    filled = [one for one in found if one]
    assert all(max(older) <= min(younger) for older, younger in zip(filled[1:], filled, strict=False))


def test_a_split_without_groups_puts_nobody_into_one():
    assert divided(Groups(), [(date(2020, 1, 1), "lou", "r1")]).members == {}


def test_who_comes_later_is_not_yet_in_a_group_and_who_cancels_is_in_none():
    groups = moved(TWO, {"lou": "g1", "jef": "g2"}, {"lou": "r1", "jef": "r2"})

    assert groups.name_of("lou", "r1") == "Kapoenen"
    assert groups.name_of("noor", "r3") is None
    # Lou's family cancelled, and registered anew.
    assert groups.name_of("lou", "r4") is None


def test_a_move_forgets_who_has_no_seat_any_more_and_takes_in_nobody_without_one():
    groups = moved(TWO, {"lou": "g1", "jef": "g2"}, {"lou": "r1", "jef": "r2"})

    again = moved(groups, {"lou": "g2", "stranger": "g1", "noor": "g9"}, {"lou": "r1", "noor": "r3"})

    assert again.members == {"lou": ("g2", "r1")}
    assert moved(again, {"lou": ""}, {"lou": "r1"}).members == {}


def test_groups_are_renamed_made_and_ended():
    groups = moved(TWO, {"lou": "g1", "jef": "g2"}, {"lou": "r1", "jef": "r2"})

    now = named(groups, [("g1", "Bevers"), ("g2", ""), ("", "Wolven"), ("g7", "never there")])

    assert now.names == {"g1": "Bevers", "g3": "Wolven"}
    assert now.members == {"lou": ("g1", "r1")}


@pytest.mark.parametrize(
    ("mark", "before", "back"),
    [
        (Mark.PRESENT, Mark.UNMARKED, Mark.UNMARKED),
        (Mark.ABSENT, Mark.PRESENT, Mark.UNMARKED),
        (Mark.FETCHED, Mark.LATE, Mark.LATE),  # it is still there, and came late
        (Mark.FETCHED, Mark.ABSENT, Mark.UNMARKED),
        (Mark.FETCHED, Mark.UNMARKED, Mark.UNMARKED),
    ],
)
def test_a_second_tap_takes_a_mark_back(mark, before, back):
    assert Presence("lou", mark, 2, before).back is back


def test_a_day_is_kept_for_seven_years_after_its_own():
    assert kept_until(date(2027, 8, 16)) == datetime(2035, 1, 1, tzinfo=UTC).timestamp()
