"""A family chooses extras until the day before the camp; somebody of the city fines it afterwards."""

from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.core.http.problems import Problem
from chalicelib.money.extras import choosing, fining, table
from chalicelib.money.extras.paid_stays import PaidStay, paid_stay
from chalicelib.people.staff.rules import Role, Staff
from tests.camps import BOUWKAMP, JEF, LOU, Family, family, published
from tests.money.extras.test_priced import CITY, FIRST_DAY, NOW
from tests.money.payees.given import pays_to
from tests.money.tariffs.stored import accepted

ELS = Staff("els", "Els Maes", frozenset({Role.DESK}))
WHY = "Fetched at 18:20, after two calls."
LATE = {"child_id": LOU.child_id, "name": "late", "day": FIRST_DAY.isoformat(), "minutes": 20}
IN_THE_CAMP = datetime(2027, 8, 17, 18, 0, tzinfo=UTC)


@pytest.fixture
def an(table) -> Family:
    pays_to()
    accepted(CITY)
    published()
    return family(LOU, JEF)


@pytest.fixture
def lou(an) -> str:
    registration_id: str = an.register(BOUWKAMP, LOU).json_body["registration_id"]
    return registration_id


def the_stay(lou: str, now: datetime = NOW) -> PaidStay:
    found = paid_stay(lou[:11], lou, now)
    assert found
    return found


def test_what_fits_is_offered_with_its_price(lou):
    [of_lou] = the_stay(lou).offered(NOW).values()

    assert [(one.name, one.is_daily, one.cents) for one in of_lou] == [("meal", True, 300), ("trip", False, 700)]


def test_where_no_tariff_says_what_it_costs_there_are_none(table):
    pays_to()
    published()
    registered = family(LOU).register(BOUWKAMP, LOU).json_body["registration_id"]

    assert paid_stay(registered[:11], registered, NOW) is None


def test_what_was_chosen_is_stored_and_again_is_the_same(an, lou):
    for _ in range(2):
        stay = the_stay(lou)
        choosing.choose(stay, choosing.chosen(stay, {LOU.child_id: {"meal": (FIRST_DAY,)}}, NOW), NOW)

    assert (table.get(lou).taken, table.get(lou).edition) == ({LOU.child_id: {"meal": (FIRST_DAY,)}}, 1)


@pytest.mark.parametrize(
    "taken",
    [
        {LOU.child_id: {"late": None}},  # a fine is no extra
        {JEF.child_id: {"meal": None}},  # not in this registration
        {LOU.child_id: {"meal": (date(2027, 1, 1),)}},
        {LOU.child_id: {"trip": (FIRST_DAY,)}},
    ],
)
def test_what_is_not_offered_cannot_be_chosen(lou, taken):
    with pytest.raises(Problem, match="invalid"):
        choosing.chosen(the_stay(lou), taken, NOW)


def test_from_the_first_day_on_nothing_can_be_chosen(lou):
    with pytest.raises(Problem, match="not-now"):
        choosing.chosen(the_stay(lou), {LOU.child_id: {"meal": None}}, datetime(2027, 8, 15, 23, 0, tzinfo=UTC))


def test_who_cancelled_meanwhile_chooses_nothing(an, lou):
    stay = the_stay(lou)
    an.cancel(lou)

    with pytest.raises(Problem, match="changed"):
        choosing.choose(stay, choosing.chosen(stay, {LOU.child_id: {"meal": None}}, NOW), NOW)
    with pytest.raises(Problem, match="not-now"):
        choosing.chosen(the_stay(lou), {LOU.child_id: {"meal": None}}, NOW)


def test_a_fine_is_entered_once_however_often_the_form_is_sent_and_undone_with_a_reason(lou):
    for _ in range(2):
        fining.enter(ELS, the_stay(lou), LATE, WHY, "key-1", IN_THE_CAMP)
    [fine] = table.get(lou).fines
    assert (fine.fine_id, fine.minutes, fine.by.name, fine.why) == ("key-1", 20, "Els Maes", WHY)

    fining.undo(ELS, the_stay(lou), "key-1", "The bus was late.", IN_THE_CAMP)

    [fine] = table.get(lou).fines
    assert fine.undone
    assert fine.undone.why == "The bus was late."
    assert list(table.get(lou).events()) == []
    with pytest.raises(Problem, match="not-now"):
        fining.undo(ELS, the_stay(lou), "key-1", "Once more.", IN_THE_CAMP)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"name": "meal"}, WHY),
        ({"child_id": JEF.child_id}, WHY),
        ({"day": "2027-08-18"}, WHY),  # tomorrow
        ({"day": "2027-08-15"}, WHY),
        ({"minutes": None}, WHY),
        ({"minutes": -20}, WHY),
        ({}, " "),
    ],
)
def test_a_fine_is_for_something_that_can_have_happened(lou, wrong, reason):
    with pytest.raises(Problem, match="invalid"):
        fining.enter(ELS, the_stay(lou), {**LATE, **wrong}, reason, "key-1", IN_THE_CAMP)


@pytest.mark.parametrize("now", [NOW, IN_THE_CAMP + timedelta(days=90)])
def test_before_the_camp_and_long_after_nobody_is_fined(lou, now):
    with pytest.raises(Problem, match="not-now"):
        fining.enter(ELS, the_stay(lou), LATE, WHY, "key-1", now)


def test_two_who_fine_at_once_do_not_overwrite_each_other(lou):
    both = [the_stay(lou), the_stay(lou)]
    fining.enter(ELS, both[0], LATE, WHY, "key-1", IN_THE_CAMP)

    with pytest.raises(Problem, match="changed"):
        fining.enter(ELS, both[1], LATE, WHY, "key-2", IN_THE_CAMP)
