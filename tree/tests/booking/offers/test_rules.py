"""Who is next on a waiting list, for how long seats are kept for a family that needs more of them, and until when."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.booking.offers.rules import Turn, terms, turn, until_of
from chalicelib.core.moments import brussels
from chalicelib.seats.rules import Seats
from chalicelib.seats.waiting_list.rules import WaitingPlace

NOW = 1_800_000_000
DAY = timedelta(hours=24)
SECONDS = 24 * 3600


def waiting(*needs: int) -> list[WaitingPlace]:
    """A list of registrations `r1`, `r2` … with so many children each."""
    return [
        WaitingPlace(f"child{number}{child}", f"r{number}", number)
        for number, children in enumerate(needs, 1)
        for child in range(children)
    ]


def session(free: int, blocked: int | None = None, kept_for: int = 0, capacity: int = 20) -> Seats:
    taken = {f"taken{number}": f"other{number}" for number in range(capacity - free)}
    day = date(2020, 1, 1)
    return Seats("bouwkamp", capacity, free, taken, NOW, NOW, day, day, blocked=blocked, kept_for=kept_for)


def test_free_seats_are_offered_in_the_order_of_the_list():
    assert turn(session(2), waiting(1, 1, 1), DAY, NOW) == Turn(("r1", "r2"))


def test_siblings_get_seats_together():
    assert turn(session(3), waiting(2, 1), DAY, NOW) == Turn(("r1", "r2"))


def test_nobody_is_offered_what_is_not_free():
    assert turn(session(0), waiting(1), DAY, NOW) == Turn(())
    assert turn(session(1), [], DAY, NOW) == Turn(())


def test_a_family_of_two_is_waited_for_while_one_seat_is_free():
    assert turn(session(1), waiting(2, 1), DAY, NOW) == Turn((), NOW, 1, again=NOW + SECONDS)


def test_it_blocks_those_behind_it_for_no_longer_than_the_opening_says():
    seats, places = session(1, NOW, 1), waiting(2, 1, 1)
    assert turn(seats, places, DAY, NOW + SECONDS - 1).offers == ()
    assert turn(seats, places, DAY, NOW + SECONDS) == Turn(("r2",), kept_for=1)


def test_the_more_seats_a_group_lacks_the_shorter_it_is_waited_for():
    assert turn(session(1), waiting(10, 1), DAY, NOW) == Turn((), NOW, 1, again=NOW + SECONDS // 9)
    assert turn(session(4, NOW, 1), waiting(10, 1), DAY, NOW + SECONDS // 9) == Turn((), NOW, 1, NOW + SECONDS // 6)


def test_seats_are_kept_for_a_group_once_and_later_only_given_when_enough_are_free():
    had_its_time = session(1, kept_for=1)
    assert turn(had_its_time, waiting(2, 1), DAY, NOW) == Turn(("r2",), kept_for=1)
    assert turn(session(2, kept_for=1), waiting(2, 1), DAY, NOW) == Turn(("r1",), kept_for=1)


def test_the_next_group_has_its_own_time():
    assert turn(session(1, kept_for=1), waiting(2, 2, 1), DAY, NOW) == Turn((), NOW, 2, again=NOW + SECONDS)


def test_nothing_is_kept_for_more_children_than_the_session_could_ever_seat():
    held_back = {"~staff-1": "~staff", "~staff-2": "~staff"}
    seats = replace(session(1, capacity=10), holders={**session(1, capacity=8).holders, **held_back})
    assert turn(seats, waiting(9, 1), DAY, NOW) == Turn(("r2",))
    assert turn(seats, waiting(8, 1), DAY, NOW) == Turn((), NOW, 1, again=NOW + SECONDS // 7)


def test_when_its_second_seat_becomes_free_it_is_first():
    assert turn(session(2, NOW, 1), waiting(2, 1), DAY, NOW + 3600) == Turn(("r1",), kept_for=1)


def test_where_nobody_is_blocked_there_is_nothing_to_look_at_again():
    assert turn(session(1), waiting(2), DAY, NOW) == Turn((), NOW, 1)
    assert turn(session(1, NOW, 1), waiting(2, 2), DAY, NOW + SECONDS) == Turn((), NOW, 1)


def test_who_comes_after_it_was_waited_for_long_enough_is_not_blocked():
    assert turn(session(1, NOW, 1), waiting(2, 1), DAY, NOW + 3 * SECONDS) == Turn(("r2",), kept_for=1)


def test_the_next_family_that_needs_more_does_not_block_anew():
    """Else a list of large families would keep a seat from a single child for ever."""
    found = turn(session(3, NOW, 1), waiting(2, 2, 1), DAY, NOW + SECONDS - 1)
    assert found == Turn(("r1",), NOW, 1, again=NOW + SECONDS)


NEEDS = st.lists(st.integers(1, 3), max_size=6)


@given(NEEDS, st.integers(0, 6), st.none() | st.integers(NOW - 2 * SECONDS, NOW), st.integers(0, 6))
def test_no_more_is_offered_than_is_free_each_once_and_none_before_one_that_it_would_have_sufficed(
    needs, free, blocked, kept_for
):
    found = turn(session(free, blocked, kept_for), waiting(*needs), DAY, NOW)
    sizes = {f"r{number}": size for number, size in enumerate(needs, 1)}
    left = free - sum(sizes[one] for one in found.offers)
    assert left >= 0
    assert len(set(found.offers)) == len(found.offers)
    for one, size in sizes.items():
        if one not in found.offers and size <= left:  # kept from it for a family before it, and not for ever
            assert found.again is not None
            assert NOW < found.again <= (NOW if blocked is None else blocked) + SECONDS


@given(NEEDS, st.integers(0, 6))
def test_after_its_patience_nobody_waits_whom_the_free_seats_suffice(needs, free):
    found = turn(session(free, NOW - SECONDS), waiting(*needs), DAY, NOW)
    left = free - sum(needs[int(one[1:]) - 1] for one in found.offers)
    assert all(size > left for number, size in enumerate(needs, 1) if f"r{number}" not in found.offers)
    assert found.again is None


@given(st.data())
def test_whatever_happens_free_seats_are_kept_from_nobody_for_longer_and_for_no_group_twice(data):
    """Given seats that become free at any time, and families of any size that join, leave and take what they get."""
    capacity, now, ticket = 8, NOW, 0
    seats, places = session(0, capacity=capacity), list[WaitingPlace]()
    idle_since: int | None = None  # while somebody waits whom the free seats suffice
    times_kept = Counter[int]()
    for _ in range(data.draw(st.integers(1, 25))):
        match data.draw(st.sampled_from(["join", "leave", "free", "later"])):
            case "join":
                ticket += 1
                size = data.draw(st.integers(1, 10))
                places += [WaitingPlace(f"c{ticket}-{one}", f"r{ticket}", ticket) for one in range(size)]
            case "leave" if places:
                gone = data.draw(st.sampled_from(places)).ticket
                places = [place for place in places if place.ticket != gone]
            case "free" if seats.free < capacity:
                seats = session(seats.free + 1, seats.blocked, seats.kept_for, capacity)
            case "later":
                now += data.draw(st.integers(1, SECONDS))
        while True:  # what booking/offers/advance.py does, and its timer
            found = turn(seats, places, DAY, now)
            if found.kept_for != seats.kept_for:
                times_kept[found.kept_for] += 1
            taken = [place for place in places if place.registration_id in found.offers]
            places = [place for place in places if place not in taken]
            blocked = seats.blocked if found.offers else found.blocked
            seats = session(seats.free - len(taken), blocked, found.kept_for, capacity)
            if not found.offers:
                break
        sizes = Counter(place.ticket for place in places)
        if any(size <= seats.free for size in sizes.values()):
            idle_since = now if idle_since is None else idle_since
            assert found.again is not None
            assert idle_since <= now < found.again <= idle_since + SECONDS
        else:
            idle_since = None
        if found.kept_for in sizes:
            assert sizes[found.kept_for] <= capacity
    assert max(times_kept.values(), default=0) <= 1


def test_without_an_opening_an_offer_lasts_until_eight_the_next_evening():
    found = terms(None)
    assert (found.days, found.hour, found.patience) == (1, 20, DAY)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2027-05-07T19:00+02:00", "2027-05-08T20:00+02:00"),
        ("2027-05-07T00:01+02:00", "2027-05-08T20:00+02:00"),
        ("2027-05-07T23:59+02:00", "2027-05-08T20:00+02:00"),
        # Summer time begins on 28 March 2027, and ends on 31 October.
        ("2027-03-27T20:00+01:00", "2027-03-28T20:00+02:00"),
        ("2027-10-30T20:00+02:00", "2027-10-31T20:00+01:00"),
    ],
)
def test_an_offer_ends_at_eight_by_the_clocks_in_brussels(now, until):
    assert until_of(datetime.fromisoformat(now), 1, 20) == datetime.fromisoformat(until)


def test_an_hour_that_the_clocks_skip_is_the_one_after_it():
    now = datetime(2027, 3, 27, 12, tzinfo=UTC)
    assert until_of(now, 1, 2).astimezone(brussels()).isoformat() == "2027-03-28T03:00:00+02:00"


def test_an_hour_that_comes_twice_is_meant_the_second_time():
    now = datetime(2027, 10, 30, 12, tzinfo=UTC)
    assert until_of(now, 1, 2).astimezone(brussels()).isoformat() == "2027-10-31T02:00:00+01:00"


def test_no_offer_ends_before_it_is_made():
    now = datetime(2027, 5, 7, 19, tzinfo=UTC)  # 21 o'clock
    assert until_of(now, 0, 20) == datetime(2027, 5, 8, 18, tzinfo=UTC)


@given(st.integers(0, 2 * 365 * 24 * 60), st.integers(0, 3), st.integers(0, 23))
def test_an_offer_always_has_an_end_after_now_at_that_hour_or_the_one_after_it(minutes, days, hour):
    now = datetime(2027, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    end = until_of(now, days, hour)
    assert now < end <= now + timedelta(days=days + 2)
    assert end.astimezone(brussels()).hour in (hour, hour + 1)
