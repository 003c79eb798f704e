"""The nearest session that fits, for whoever got none of what they wished for."""

from datetime import date, timedelta

from chalicelib.programme.sessions.nearest import Camp, by_distance, nearest

BORN = {"lou": date(2022, 5, 1), "jef": date(2021, 5, 1)}
MONDAY = date(2027, 7, 12)


def camp(session_id: str, *, weeks: int = 0, town: str = "Kaprijke", left: int = 5, born_from=date(2020, 1, 1)) -> Camp:
    first = MONDAY + timedelta(weeks=weeks)
    return Camp(session_id, town, first, first + timedelta(days=4), born_from, date(2024, 12, 31), left)


WANTED = camp("wanted", left=0)


def found(*others: Camp, births=BORN, seated=None) -> str | None:
    camps = {one.session_id: one for one in (WANTED, *others)}
    one = nearest("wanted", births, seated or {}, camps, by_distance(camps))
    return one and one.session_id


def test_the_same_town_comes_before_an_earlier_day():
    assert found(camp("far", town="Zelzate"), camp("later", weeks=3)) == "later"


def test_the_nearest_day_comes_first():
    assert found(camp("three", weeks=3), camp("before", weeks=-1), camp("two", weeks=2)) == "before"


def test_there_is_a_seat_for_each_child_or_it_does_not_fit():
    assert found(camp("one seat", left=1), camp("later", weeks=4, left=2)) == "later"
    assert found(camp("one seat", left=1), births={"lou": BORN["lou"]}) == "one seat"


def test_all_children_are_of_age_there():
    assert found(camp("for the young", born_from=date(2022, 1, 1)), camp("for all", weeks=2)) == "for all"


def test_no_child_has_a_seat_at_that_time():
    other = camp("other", weeks=1)

    assert found(other, camp("same week", weeks=1), camp("next", weeks=2), seated={"jef": {"other"}}) == "next"


def test_nothing_fits():
    assert found(camp("full", left=0)) is None
