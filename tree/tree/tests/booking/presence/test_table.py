"""Two leaders at once do not undo each other, a tap that is sent twice counts once; and what is left of an erased
family."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.booking.presence import table as presences
from chalicelib.booking.presence.rules import Groups, Mark, Marker, Outcome, Tap, kept_until, moved
from chalicelib.core import table as stormloop_table
from chalicelib.core.refusals import Interfered
from tests.office.attendance.test_reading import counted

pytestmark = pytest.mark.usefixtures("table")

CAMP, MONDAY, TUESDAY = "bouwkamp", date(2027, 8, 16), date(2027, 8, 17)
NINE = datetime(2027, 8, 16, 7, tzinfo=UTC)
YUSUF, SOFIE = Marker("7d0c-41", "Yusuf Demir"), Marker("7d0c-44", "Sofie Maes")


def tap(mark: Mark = Mark.PRESENT, seen: int = 0, by: Marker = YUSUF, child: str = "lou", **more: Any) -> Tap:
    return Tap(child, f"reg-{child}", mark, seen, more.pop("at", NINE), by, **more)


def marked(*taps: Tap) -> list[tuple[Outcome, Mark, int]]:
    found = [presences.mark(CAMP, MONDAY, one) for one in taps]
    return [(one.outcome, one.presence.mark, one.presence.edition) for one in found]


def test_a_child_is_marked_and_fetched_and_it_stands_who_did_and_when():
    marked(tap(Mark.LATE), tap(Mark.FETCHED, 1, SOFIE, at=NINE + timedelta(hours=7), note="Door de buurvrouw"))

    found = presences.of_day(CAMP, MONDAY)["lou"]
    assert (found.mark, found.before, found.by, found.note) == (Mark.FETCHED, Mark.LATE, SOFIE, "Door de buurvrouw")
    assert (found.at, found.back) == (NINE + timedelta(hours=7), Mark.LATE)
    assert presences.of_day(CAMP, TUESDAY) == {}


def test_two_who_mark_otherwise_at_once_do_not_undo_each_other():
    assert marked(tap(Mark.PRESENT, by=YUSUF), tap(Mark.ABSENT, by=SOFIE)) == [
        (Outcome.STORED, Mark.PRESENT, 1),
        (Outcome.CONFLICT, Mark.PRESENT, 1),
    ]
    # Whoever then chooses has seen both.
    assert marked(tap(Mark.ABSENT, 1, SOFIE), tap(Mark.FETCHED, 1, YUSUF)) == [
        (Outcome.STORED, Mark.ABSENT, 2),
        (Outcome.CONFLICT, Mark.ABSENT, 2),
    ]


def test_the_same_mark_by_both_is_no_conflict_and_neither_is_sending_it_again():
    assert marked(tap(), tap(by=SOFIE), tap()) == [
        (Outcome.STORED, Mark.PRESENT, 1),
        (Outcome.SAME, Mark.PRESENT, 1),
        (Outcome.SAME, Mark.PRESENT, 1),
    ]


def test_a_tap_by_mistake_is_taken_back_and_then_anybody_marks():
    assert marked(tap(), tap(Mark.UNMARKED, 1), tap(Mark.LATE, by=SOFIE)) == [
        (Outcome.STORED, Mark.PRESENT, 1),
        (Outcome.STORED, Mark.UNMARKED, 2),
        (Outcome.STORED, Mark.LATE, 3),
    ]
    assert marked(tap(Mark.UNMARKED, child="jef")) == [(Outcome.SAME, Mark.UNMARKED, 0)]
    assert "jef" not in presences.of_day(CAMP, MONDAY)


def test_whose_answer_was_lost_marks_on_top_of_their_own_tap_but_of_no_later_one():
    later = tap(Mark.ABSENT, at=NINE + timedelta(minutes=5))

    assert marked(tap(), later, tap(Mark.LATE, at=NINE + timedelta(minutes=1))) == [
        (Outcome.STORED, Mark.PRESENT, 1),
        (Outcome.STORED, Mark.ABSENT, 2),
        (Outcome.CONFLICT, Mark.ABSENT, 2),
    ]


def test_a_note_stands_beside_the_mark_until_that_changes():
    assert marked(
        tap(Mark.FETCHED), tap(Mark.FETCHED, 1, note="Tante Els"), tap(Mark.FETCHED, 0, SOFIE, note="Oma")
    ) == [
        (Outcome.STORED, Mark.FETCHED, 1),
        (Outcome.STORED, Mark.FETCHED, 2),
        (Outcome.CONFLICT, Mark.FETCHED, 2),
    ]
    assert presences.of_day(CAMP, MONDAY)["lou"].note == "Tante Els"
    assert presences.of_day(CAMP, MONDAY)["lou"].back is Mark.UNMARKED  # what the mark took the place of
    marked(tap(Mark.FETCHED, 2, note=""))
    assert presences.of_day(CAMP, MONDAY)["lou"].note == ""
    marked(tap(Mark.UNMARKED, child="jef", note="Komt om tien uur"))
    assert presences.of_day(CAMP, MONDAY)["jef"].note == "Komt om tien uur"
    marked(tap(Mark.LATE, 1, child="jef"))
    assert presences.of_day(CAMP, MONDAY)["jef"].note == ""


def test_of_an_erased_family_the_days_attended_are_left_and_nothing_else():
    marked(tap(Mark.FETCHED, note="Tante Els"), tap(child="noor"))
    presences.mark(CAMP, TUESDAY, tap(Mark.ABSENT))

    presences.keep_days_alone(CAMP, "reg-lou")

    items = {item["sk"]["S"]: item for item in stored()}
    assert sorted(items) == ["2027-08-16#lou", "2027-08-16#noor"]
    assert items["2027-08-16#lou"] == {
        "pk": {"S": "PRESENCE#bouwkamp"},
        "sk": {"S": "2027-08-16#lou"},
        "mark": {"S": "present"},
        "edition": {"N": "1"},
        "expires": {"N": str(kept_until(MONDAY))},
    }
    assert "registration_id" in items["2027-08-16#noor"]
    presences.keep_days_alone(CAMP, "reg-lou")
    assert {item["sk"]["S"]: item for item in stored()} == items


def test_of_a_session_long_past_the_days_are_left_and_no_groups():
    marked(tap(), tap(child="noor"))
    presences.change_groups(CAMP, Groups(), Groups(0, {"g1": "Kapoenen"}), 2_000_000_000)

    presences.keep_days_alone(CAMP)

    assert [sorted(item) for item in stored()] == [["edition", "expires", "mark", "pk", "sk"]] * 2


def test_a_family_is_told_its_own_days():
    marked(tap(child="noor"), tap(Mark.LATE))
    presences.mark(CAMP, TUESDAY, tap())

    told = presences.of_registration(CAMP, "reg-lou")

    assert [(day, one.child_id, one.mark) for day, one in told] == [
        (MONDAY, "lou", Mark.LATE),
        (TUESDAY, "lou", Mark.PRESENT),
    ]


def test_groups_are_changed_by_one_at_a_time():
    first = moved(Groups(0, {"g1": "Kapoenen"}), {"lou": "g1"}, {"lou": "reg-lou"})
    presences.change_groups(CAMP, Groups(), first, 2_000_000_000)

    assert presences.groups_of(CAMP) == replace(first, edition=1)
    with pytest.raises(Interfered):
        presences.change_groups(CAMP, Groups(), first, 2_000_000_000)
    presences.leave_groups(CAMP, "reg-noor")
    assert presences.groups_of(CAMP).edition == 1
    presences.leave_groups(CAMP, "reg-lou")
    assert presences.groups_of(CAMP) == Groups(2, {"g1": "Kapoenen"})


def test_a_tap_is_one_call_and_a_day_one_query():
    with counted() as calls:
        marked(tap(), tap(child="noor"))
        presences.of_day(CAMP, MONDAY)

    assert calls == ["UpdateItem", "UpdateItem", "Query"]


def stored() -> list[dict[str, Any]]:
    return list(stormloop_table.query("pk = :pk", {":pk": {"S": f"PRESENCE#{CAMP}"}}))
