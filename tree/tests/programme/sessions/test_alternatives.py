"""Where else there are seats, for a family whose wish was refused or has to wait."""

from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.programme.sessions.alternatives import alternatives
from chalicelib.programme.sessions.rules import Session
from tests.camps import JEF, LOU, NOOR, family, published

pytestmark = pytest.mark.usefixtures("table")

MAY = datetime(2027, 5, 8, 10, tzinfo=UTC)
FIRST_DAY = date(2027, 8, 16)


@pytest.fixture
def wanted() -> Session:
    return published(capacity=1)


def camp(title: str, *, days_later: int = 7, **more: object) -> Session:
    first = FIRST_DAY + timedelta(days=days_later)
    return published(title=title, starts_on=first, ends_on=first + timedelta(days=2), **more)


def titles(wanted: Session, *children, taken=()) -> list[str]:
    births = [one.birth_date for one in children or (LOU,)]
    return [one.session.title for one in alternatives(wanted, births, taken, MAY)]


def test_the_nearest_with_a_free_seat_come_first(wanted: Session):
    camp("Danskamp", days_later=14)
    camp("Muziekkamp", days_later=-7)
    camp("Waterkamp", days_later=7, municipality="Zelzate")

    assert titles(wanted) == ["Muziekkamp", "Danskamp", "Waterkamp"]


def test_there_are_at_most_three(wanted: Session):
    for number in range(5):
        camp(f"Kamp {number}", days_later=7 + number)

    assert titles(wanted) == ["Kamp 0", "Kamp 1", "Kamp 2"]


def test_the_wanted_one_is_none_of_them_nor_what_is_full_or_not_open(wanted: Session):
    full = camp("Danskamp", capacity=1)
    assert family(NOOR, email="fatima@example.be").register(full, NOOR).status_code == 201
    camp("Muziekkamp", opens_at=None)
    camp("Waterkamp", opens_at=MAY + timedelta(seconds=1))

    assert titles(wanted) == []


def test_it_suits_all_of_the_children(wanted: Session):
    camp("Danskamp", capacity=1)
    camp("Muziekkamp", age_min=5, days_later=8)
    camp("Waterkamp", days_later=9)

    assert titles(wanted, LOU, JEF) == ["Waterkamp"]


def test_not_at_a_time_at_which_a_child_has_a_seat(wanted: Session):
    danskamp = camp("Danskamp")
    camp("Muziekkamp", days_later=8)
    camp("Waterkamp", days_later=14)

    assert titles(wanted, taken=[danskamp.session_id]) == ["Waterkamp"]


def test_at_the_same_time_as_the_wanted_one_is_the_nearest_of_all(wanted: Session):
    """It was not granted, so its time is free."""
    camp("Danskamp", days_later=0)

    assert titles(wanted, taken=[wanted.session_id]) == ["Danskamp"]
