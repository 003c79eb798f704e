"""Fifty leaders at once, on DynamoDB Local: of two marks for a child one stands, nobody waits, and what each costs."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any
from unittest.mock import patch

from chalicelib.booking.presence import table as presences
from chalicelib.booking.presence.rules import Mark, Marked, Marker, Outcome, Tap
from chalicelib.core import table as stormloop_table

MONDAY, NINE = date(2027, 8, 16), datetime(2027, 8, 16, 7, tzinfo=UTC)
CHILDREN, LEADERS = 10, 50
# As long as Cognito's ids are, and a usual name.
YUSUF = Marker("7d0c41aa-1b2c-4d5e-8f90-a1b2c3d4e5f6", "Yusuf Demir")


def test_of_fifty_who_mark_a_child_at_once_one_does_and_each_is_told_what_stands(real_table):
    def mark(number: int) -> Marked:
        by = Marker(f"7d0c-{number % LEADERS}", "Yusuf Demir")
        wish = (Mark.PRESENT, Mark.ABSENT)[number % 2]
        child = f"child{number // LEADERS:06d}"
        return presences.mark("bouwkamp", MONDAY, Tap(child, f"family23456{child[:8]}", wish, 0, NINE, by))

    with ThreadPoolExecutor(LEADERS) as leaders:
        marked = list(leaders.map(mark, range(CHILDREN * LEADERS)))

    day = presences.of_day("bouwkamp", MONDAY)
    assert {child: one.edition for child, one in day.items()} == dict.fromkeys(day, 1)
    assert Counter(one.outcome for one in marked)[Outcome.STORED] == len(day) == CHILDREN
    assert all(one.presence.mark is day[one.presence.child_id].mark for one in marked)


def test_a_tap_costs_one_write_unit_and_a_day_of_300_children_fourteen_read_units(real_table):
    used: list[float] = []
    client: Any = stormloop_table.Item._get_connection().connection.client
    original = client._make_api_call

    def metered(operation: str, arguments: Any) -> Any:
        answer = original(operation, {**arguments, "ReturnConsumedCapacity": "TOTAL"})
        used.append(answer["ConsumedCapacity"]["CapacityUnits"])
        return answer

    with patch.object(client, "_make_api_call", metered):
        for number in range(300):
            tap = Tap(f"child{number:05d}", f"family23456r{number:07d}", Mark.PRESENT, 0, NINE, YUSUF)
            presences.mark("bouwkamp", MONDAY, tap)
        assert set(used) == {1.0}
        used.clear()

        assert len(presences.of_day("bouwkamp", MONDAY)) == 300
        assert used == [14.0]
