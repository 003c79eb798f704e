"""Which wish keeps its key, in what order, and which one another stands in the way of."""

from dataclasses import replace
from datetime import date
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.booking.wishes.rules import Prepared, WantedSession, Wish, in_the_way, moved, renewed, saved
from tests.camps import BOUWKAMP

LATER = replace(BOUWKAMP, session_id="later", starts_on=date(2027, 8, 23), ends_on=date(2027, 8, 25))
SAME_DAY = replace(BOUWKAMP, session_id="same", starts_on=date(2027, 8, 18), ends_on=date(2027, 8, 20))
SESSIONS = {one.session_id: one for one in (BOUWKAMP, LATER, SAME_DAY)}


def wish(session, *children: str, key: str = "key") -> Wish:
    return Wish(key, WantedSession(session.session_id, children))


def keys():
    numbers = count(1)
    return lambda: f"new-{next(numbers)}"


def test_what_is_saved_again_keeps_its_key_wherever_it_stands_and_in_whichever_order_its_children_are():
    before = (wish(BOUWKAMP, "lou", "jef", key="first"), wish(LATER, "lou", key="second"))

    after = saved(
        before, [WantedSession("later", ("lou",)), WantedSession(BOUWKAMP.session_id, ("jef", "lou"))], (), keys()
    )

    assert [one.key for one in after] == ["second", "first"]


def test_other_children_or_another_session_is_another_registration():
    before = (wish(BOUWKAMP, "lou", key="first"),)

    after = saved(
        before, [WantedSession(BOUWKAMP.session_id, ("lou", "jef")), WantedSession("later", ("lou",))], (), keys()
    )

    assert [one.key for one in after] == ["new-1", "new-2"]


def test_what_is_cancelled_becomes_a_new_registration_when_it_is_saved_again():
    before = (wish(BOUWKAMP, "lou", key="cancelled"),)

    assert [one.key for one in saved(before, [before[0].wanted], {"cancelled"}, keys())] == ["new-1"]


def test_the_same_twice_is_one_wish():
    wanted = WantedSession(BOUWKAMP.session_id, ("lou",))

    assert saved((), [wanted, wanted], (), keys()) == (Wish("new-1", wanted),)


WANTED = st.builds(
    WantedSession, st.sampled_from("abc"), st.lists(st.sampled_from("xyz"), min_size=1, unique=True).map(tuple)
)
WISHED = st.lists(WANTED, max_size=6)


@given(WISHED, WISHED)
def test_however_it_is_saved_no_two_wishes_have_one_key_and_none_loses_its_own(first, then):
    new_key = keys()
    before = saved((), first, (), new_key)

    after = saved(before, then, (), new_key)

    assert len({one.key for one in after}) == len(after)
    for old in before:
        for new in after:
            assert (old.key == new.key) is old.wanted.is_same(new.wanted)
    assert saved(after, [one.wanted for one in after], (), new_key) == after


def test_what_an_incident_took_back_is_a_new_registration_by_itself():
    before = Prepared("2027-abcdef", "family", (wish(BOUWKAMP, "lou", key="back"), wish(LATER, "lou", key="stays")))

    after = renewed(before, {"back"}, keys())

    assert [(one.key, one.wanted) for one in after.wishes] == [
        ("new-1", before.wishes[0].wanted),
        ("stays", before.wishes[1].wanted),
    ]


def test_a_wish_goes_up_and_down_as_far_as_there_are_others():
    assert moved(["a", "b", "c"], "b", -1) == ["b", "a", "c"]
    assert moved(["a", "b", "c"], "b", 1) == ["a", "c", "b"]
    assert moved(["a", "b", "c"], "a", -1) == moved(["a", "b", "c"], "gone", 1) == ["a", "b", "c"]


def test_a_child_that_has_a_seat_on_a_day_of_the_wish_is_in_the_way():
    granted = wish(BOUWKAMP, "lou", "jef", key="granted")

    assert in_the_way(wish(SAME_DAY, "jef"), [granted], SESSIONS) == granted
    assert in_the_way(wish(LATER, "jef"), [granted], SESSIONS) is None
    assert in_the_way(wish(SAME_DAY, "noor"), [granted], SESSIONS) is None
    assert in_the_way(granted, [granted], SESSIONS) is None
