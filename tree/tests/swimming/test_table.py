"""Claims and entries as DynamoDB evaluates them, on DynamoDB Local."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.core import table as stormloop
from chalicelib.swimming import rules, table
from chalicelib.swimming.rules import BookingRefusal, Timetable
from chalicelib.swimming.table import Taken
from tests import dynamodb_local
from tests.containers import forget
from tests.swimming.pool import CLAEYS, LATE, NOW, PEETERS, SATURDAY, SUNDAY, on

TIMETABLE = Timetable(patterns=(SATURDAY, LATE, SUNDAY))
SLOT = rules.slot(TIMETABLE, on(SATURDAY, date(2027, 6, 5)))
EVENING = rules.slot(TIMETABLE, on(LATE, date(2027, 6, 5)))
SUNDAYS = rules.slot(TIMETABLE, on(SUNDAY, date(2027, 6, 6)))


def now(slot=SLOT) -> Taken:
    return table.taken([slot.slot_id])[slot.slot_id]


def test_the_first_booking_makes_the_slot(real_table):
    assert now() == Taken()

    assert table.claim(CLAEYS, SLOT, 3) is None

    assert now() == Taken(3, {CLAEYS: 3})


def test_the_same_claim_again_takes_no_more(real_table):
    table.claim(CLAEYS, SLOT, 3)

    assert table.claim(CLAEYS, SLOT, 3) == Taken(3, {CLAEYS: 3})

    assert now().places == 3


def test_places_are_given_all_or_none(real_table):
    table.claim(CLAEYS, SLOT, 10)
    table.claim(PEETERS, SLOT, 9)

    assert table.claim("third234567", SLOT, 2) == now()

    assert now() == Taken(19, {CLAEYS: 10, PEETERS: 9})


def test_more_people_than_a_small_slot_has_places(real_table):
    assert table.claim(CLAEYS, replace(SLOT, places=2), 3) == Taken()
    assert now() == Taken()


def test_what_is_given_back_is_free_at_once(real_table):
    table.claim(CLAEYS, SLOT, 3)
    table.claim(PEETERS, SLOT, 2)

    assert table.release(CLAEYS, SLOT)
    assert not table.release(CLAEYS, SLOT)

    assert now() == Taken(2, {PEETERS: 2})


def test_another_number_of_people(real_table):
    small = replace(SLOT, places=5)
    table.claim(CLAEYS, small, 3)
    table.claim(PEETERS, small, 1)

    assert table.change(CLAEYS, small, 4, held=3) is None
    assert table.change(CLAEYS, small, 5, held=4) == Taken(5, {CLAEYS: 4, PEETERS: 1})
    assert table.change(CLAEYS, small, 2, held=3) == Taken(5, {CLAEYS: 4, PEETERS: 1})

    assert now() == Taken(5, {CLAEYS: 4, PEETERS: 1})


def test_fewer_people_may_come_where_the_city_took_places_away(real_table):
    table.claim(CLAEYS, SLOT, 5)

    assert table.change(CLAEYS, replace(SLOT, places=2), 4, held=5) is None


def test_a_week_takes_so_many_visits(real_table):
    assert table.enter(CLAEYS, SLOT, 2, "1-a", most=2) is None
    assert table.enter(CLAEYS, EVENING, 2, "1-b", most=2) is None

    full = table.enter(CLAEYS, SUNDAYS, 2, "1-c", most=2)

    assert full == table.week(CLAEYS, SLOT.week)
    assert full.entries == {SLOT.slot_id: "1-a", EVENING.slot_id: "1-b"}


def test_a_visit_is_entered_once(real_table):
    table.enter(CLAEYS, SLOT, 2, "1-a", most=2)

    assert table.enter(CLAEYS, SLOT, 2, "1-b", most=2).entries == {SLOT.slot_id: "1-a"}


def test_an_entry_is_taken_away_by_the_try_that_has_it_only(real_table):
    table.enter(CLAEYS, SLOT, 2, "1-a", most=1)
    assert table.join_in(CLAEYS, SLOT, 2, "1-b", "1-a")
    assert not table.join_in(CLAEYS, SLOT, 2, "1-c", "1-a")

    assert not table.withdraw(CLAEYS, SLOT.slot_id, "1-a")
    assert table.withdraw(CLAEYS, SLOT.slot_id, "1-b")

    assert table.week(CLAEYS, SLOT.week).entries == {}
    assert table.enter(CLAEYS, EVENING, 2, "1-d", most=1) is None


def test_the_latest_number_of_people_is_remembered(real_table):
    table.enter(CLAEYS, SLOT, 2, "1-a", most=3)
    table.enter(CLAEYS, EVENING, 4, "1-b", most=3)

    assert table.week(CLAEYS, SLOT.week).people == 4


def test_a_week_shows_what_was_taken(real_table):
    forget()
    table.claim(CLAEYS, SLOT, 3)
    table.claim(PEETERS, SUNDAYS, 1)

    assert table.taken_in("2027-W22") == {SLOT.slot_id: Taken(3, {CLAEYS: 3}), SUNDAYS.slot_id: Taken(1, {PEETERS: 1})}
    assert table.taken_in("2027-W23") == {}


def test_a_full_week_shows_every_slot_however_many_pages_it_has(real_table):
    forget()
    families = {table.HELD + f"{number:011}": {"N": "1"} for number in range(150)}
    slots = [f"2027-06-05-{number:03}" for number in range(600)]
    stormloop.batch_put(
        [{**stormloop.key(table.SLOTS + "2027-W22", slot), "taken": {"N": "150"}, **families} for slot in slots]
    )

    found = table.taken_in("2027-W22")

    assert [slot for slot in slots if slot not in found or found[slot].places != 150] == []


def test_it_all_ends_by_itself_two_months_after_the_slot(real_table):
    table.enter(CLAEYS, SLOT, 2, "1-a", most=3)
    table.claim(CLAEYS, SLOT, 2)

    items = dynamodb_local.client().scan(TableName="stormloop")["Items"]

    assert [int(item["expires"]["N"]) for item in items] == [SLOT.expires, SLOT.expires]
    assert datetime.fromtimestamp(SLOT.expires, UTC).date() == date(2027, 8, 4)


FAMILIES = st.sampled_from([CLAEYS, PEETERS, "third234567"])
DEEDS = st.one_of(
    st.tuples(st.just("claim"), FAMILIES, st.integers(1, 10)),
    st.tuples(st.just("change"), FAMILIES, st.integers(1, 10)),
    st.tuples(st.just("release"), FAMILIES, st.just(0)),
)


@settings(max_examples=40)
@given(places=st.integers(1, 12), deeds=st.lists(DEEDS, max_size=12))
def test_dynamodb_gives_what_the_rules_give_and_the_sum_is_right(real_table, places, deeds):
    dynamodb_local.client().delete_item(TableName="stormloop", Key=table._slot_key(SLOT.slot_id))
    slot = replace(SLOT, places=places)
    expected: dict[str, int] = {}
    for deed, family, people in deeds:
        held, total = expected.get(family, 0), sum(expected.values())
        match deed:
            case "claim":
                refused = table.claim(family, slot, people)
                if not held and not rules.refusal(slot, total, held, people):
                    assert refused is None
                    expected[family] = people
                else:
                    assert refused == Taken(total, expected)
                    assert rules.refusal(slot, total, held, people) in (
                        None,
                        BookingRefusal.FULL,
                        BookingRefusal.HAS_ONE,
                    )
            case "change" if held:
                refused = table.change(family, slot, people, held)
                if people <= held or total - held + people <= places:
                    assert refused is None
                    expected[family] = people
                else:
                    assert refused == Taken(total, expected)
            case "release":
                assert table.release(family, slot) == bool(expected.pop(family, 0))
        assert now() == Taken(sum(expected.values()), expected)
        assert now().places <= places


def test_a_rush_on_20_places_gives_20_and_none_twice(real_table):
    slot = SLOT

    with ThreadPoolExecutor(40) as families:
        outcomes = list(families.map(lambda number: table.claim(f"family{number:05}", slot, 2), range(60)))

    assert outcomes.count(None) == 10
    assert now().places == 20
    assert set(now().by) == {f"family{number:05}" for number, outcome in enumerate(outcomes) if outcome is None}


def test_two_visits_at_once_do_not_pass_the_limit(real_table):
    slots = [replace(SLOT, slot_id=f"20270605pattern{number}") for number in range(8)]

    with ThreadPoolExecutor(8) as tabs:
        outcomes = list(tabs.map(lambda slot: table.enter(CLAEYS, slot, 2, f"1-{slot.slot_id}", 3), slots))

    assert outcomes.count(None) == 3
    assert len(table.week(CLAEYS, SLOT.week).entries) == 3


@pytest.mark.parametrize(("families", "units"), [(40, 1.0), (90, 2.0)])
def test_what_a_claim_costs(real_table, families, units):
    """The figures of docs/swimming.md: a unit up to 40 families in a slot, two up to 90."""
    slot = replace(SLOT, places=1000)
    for number in range(families - 1):
        table.claim(f"family{number:05}", slot, 2)
    spent = []
    client = stormloop.Item._get_connection().connection.client
    original = client._make_api_call

    def counting(operation, arguments):
        answer = original(operation, {**arguments, "ReturnConsumedCapacity": "TOTAL"})
        spent.append(answer["ConsumedCapacity"]["CapacityUnits"])
        return answer

    client._make_api_call = counting
    try:
        table.claim(CLAEYS, slot, 2)
    finally:
        del client._make_api_call

    assert spent == [units]


def test_a_young_try_may_be_under_way_an_old_one_not():
    young = table.attempt(NOW)
    assert not table.is_settled(young, NOW)
    assert not table.is_settled(young, NOW.replace(minute=1))
    assert table.is_settled(young, NOW.replace(minute=1, second=1))
