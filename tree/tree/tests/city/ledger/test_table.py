"""An entry and what it is about are written together or not at all, and no two entries have one number."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.city.ledger import table as ledger
from chalicelib.city.ledger.rules import BEFORE_ALL, LedgerAct, verify
from chalicelib.core import memory, settings
from chalicelib.core import table as stormloop
from chalicelib.core.http.problems import Problem
from chalicelib.core.refusals import Refused, is_busy
from chalicelib.seats import item as seats_item
from chalicelib.seats import table as seats
from tests.camps import published
from tests.city.ledger.chains import ELS, NOON, REASON, TOM
from tests.city.ledger.published import as_public, as_whole


def closes_earlier(session_id: str, condition: str = "attribute_exists(pk)") -> dict[str, Any]:
    """An effect that can be seen."""
    return {
        "Update": {
            "Key": seats_item.key(session_id),
            "UpdateExpression": "SET closes = :one",
            "ConditionExpression": condition,
            "ExpressionAttributeValues": {":one": {"N": "1"}},
        }
    }


def verified() -> int:
    """How many entries there are; they follow each other."""
    entries = ledger.entries()
    assert verify([as_whole(entry) for entry in entries], ledger.head()) == []
    return len(entries)


def test_an_entry_is_read_as_it_was_written(table):
    written = ledger.record(
        LedgerAct.SEAT_GRANTED,
        ELS,
        f" {REASON} ",
        NOON,
        opening_id="2027-k7m2xq",
        session_id="s",
        registration_id="r",
        details={"seats": 2, "from": "free"},
        private={"children": ["Lou"]},
    )

    assert ledger.entries() == [written]
    assert (written.number, written.previous) == (1, BEFORE_ALL.hash)
    assert (written.staff_id, written.staff_name, written.reason) == ("sub-els", "Els Maes", REASON)
    assert (written.details, written.private) == ({"seats": 2, "from": "free"}, {"children": ["Lou"]})


def test_entries_follow_each_other(table):
    for _ in range(12):
        ledger.record(LedgerAct.PAUSED, ELS, REASON, NOON)

    assert verified() == 12
    assert [entry.number for entry in ledger.entries(after=9)] == [10, 11, 12]
    assert [entry.number for entry in ledger.entries(after=3, most=2)] == [4, 5]


def test_an_entry_comes_with_its_effect(table):
    session = published()

    ledger.record(LedgerAct.DEADLINE_MOVED, ELS, REASON, NOON, together_with=[closes_earlier(session.session_id)])

    assert seats.get([session.session_id])[session.session_id].closes == 1
    assert verified() == 1


@pytest.mark.parametrize("reason", ["", "   ", "wegens", "x" * 5000])
def test_without_a_reason_nothing_happens(table, reason):
    session = published()

    with pytest.raises(Problem) as refused:
        ledger.record(LedgerAct.DEADLINE_MOVED, ELS, reason, NOON, together_with=[closes_earlier(session.session_id)])

    assert [error.field for error in refused.value.errors] == ["reason"]
    assert seats.get([session.session_id])[session.session_id].closes > 1
    assert verified() == 0


def test_no_entry_is_written_about_what_did_not_happen(table):
    session = published()
    effects = [closes_earlier(session.session_id), closes_earlier("nowhere")]

    with pytest.raises(Refused) as refused:
        ledger.record(LedgerAct.DEADLINE_MOVED, ELS, REASON, NOON, together_with=effects)

    assert list(refused.value.items) == [1]
    assert seats.get([session.session_id])[session.session_id].closes > 1
    assert verified() == 0


def test_whoever_loses_the_race_for_a_number_takes_the_next(table, monkeypatch):
    ledger.record(LedgerAct.PAUSED, ELS, REASON, NOON)
    heads = iter([BEFORE_ALL, BEFORE_ALL])
    now = ledger.head
    monkeypatch.setattr(ledger, "head", lambda: next(heads, None) or now())

    assert ledger.record(LedgerAct.RESUMED, TOM, REASON, NOON).number == 2
    monkeypatch.undo()
    assert verified() == 2


def test_the_race_for_a_number_ends_some_day(table, monkeypatch):
    ledger.record(LedgerAct.PAUSED, ELS, REASON, NOON)
    monkeypatch.setattr(ledger, "head", lambda: BEFORE_ALL)
    monkeypatch.setattr(ledger, "PAUSE", 0)

    with pytest.raises(ledger.NumberTaken) as taken:
        ledger.record(LedgerAct.RESUMED, TOM, REASON, NOON)

    assert is_busy(taken.value)  # so it is answered as `busy`, with the moment for another try


def test_the_pauses_grow_and_leave_time_to_answer(table):
    """The function has ten seconds."""
    longest = [ledger.longest_pause(tries) for tries in range(1, ledger.TRIES)]

    assert longest == sorted(longest)
    assert sum(longest) / 2 < 5


def test_entries_are_counted_for_each_opening_by_kind(table):
    for what, opening_id in [
        (LedgerAct.PAUSED, "one"),
        (LedgerAct.PAUSED, "other"),
        (LedgerAct.RESUMED, "one"),
        (LedgerAct.PAUSED, "one"),
    ]:
        ledger.record(what, ELS, REASON, NOON, opening_id=opening_id)

    assert ledger.counts("one") == {LedgerAct.PAUSED: 2, LedgerAct.RESUMED: 1}
    assert ledger.counts("other") == {LedgerAct.PAUSED: 1}
    assert ledger.counts("unknown") == {}


def test_what_was_counted_is_remembered_for_a_second_and_not_read_again(table, monkeypatch):
    clock = [100.0]
    monkeypatch.setattr(memory, "monotonic", lambda: clock[0])
    ledger.record(LedgerAct.PAUSED, ELS, REASON, NOON, opening_id="one")
    assert ledger.counts("one") == {LedgerAct.PAUSED: 1}
    ledger.record(LedgerAct.PAUSED, ELS, REASON, NOON, opening_id="one")
    asked = []
    entries = ledger.entries
    monkeypatch.setattr(ledger, "entries", lambda after: asked.append(after) or entries(after))

    assert ledger.counts("one") == {LedgerAct.PAUSED: 1}
    clock[0] += ledger.SECONDS_REMEMBERED
    assert ledger.counts("one") == {LedgerAct.PAUSED: 2}
    assert asked == [1]


def test_many_who_append_at_once_make_one_chain(real_table):
    session = published()
    effect = closes_earlier(session.session_id)
    people = [ELS, TOM]

    def append(number: int) -> int:
        together = [effect] if number % 5 == 0 else []
        return ledger.record(LedgerAct.PAUSED, people[number % 2], REASON, NOON, together_with=together).number

    with ThreadPoolExecutor(4) as threads:
        numbers = list(threads.map(append, range(40)))

    assert sorted(numbers) == list(range(1, 41))
    assert verified() == 40


def test_a_hundred_entries_by_twenty_desks_at_once_are_all_written(real_table):
    with ThreadPoolExecutor(20) as desks:
        written = list(desks.map(lambda _: ledger.record(LedgerAct.PAUSED, ELS, REASON, NOON).number, range(100)))

    assert sorted(written) == list(range(1, 101))
    assert verified() == 100


def test_a_change_of_an_entry_in_the_table_is_found(table):
    for _ in range(3):
        ledger.record(LedgerAct.CAPACITY_CHANGED, ELS, REASON, NOON, details={"to": 20})
    changed = replace(ledger.entries()[1], details={"to": 2})
    item = ledger.LedgerEntryItem.of(changed).serialize()
    stormloop.call("PutItem", TableName=settings.ledger_table(), Item=item)  # without a condition

    faults = verify([as_public(entry) for entry in ledger.entries()], ledger.head())

    assert faults == ["Entry 2: it was changed; its hash is that of something else."]


def test_an_entry_costs_one_read_unit_and_two_write_units_and_so_does_its_effect(real_table, monkeypatch):
    session = published()
    ledger.record(LedgerAct.PAUSED, ELS, REASON, NOON)
    client: Any = stormloop.Item._get_connection().connection.client
    units = []

    def counted(operation, request, call=client._make_api_call):
        answer = call(operation, {**request, "ReturnConsumedCapacity": "TOTAL"})
        used = answer["ConsumedCapacity"]
        # DynamoDB Local says of each table what the whole transaction used.
        units.append(max(one["CapacityUnits"] for one in (used if isinstance(used, list) else [used])))
        return answer

    monkeypatch.setattr(client, "_make_api_call", counted)
    ledger.record(LedgerAct.DEADLINE_MOVED, ELS, REASON, NOON, together_with=[closes_earlier(session.session_id)])

    assert units == [1.0, 2.0 + 2.0]
