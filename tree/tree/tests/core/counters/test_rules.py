from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.counters.rules import (
    EVERY,
    MOST_NAMES,
    MOST_SLOTS,
    Answered,
    UnwrittenCounts,
    added,
    counters,
    refusals,
    slot_of,
    visits,
)

SEVEN = datetime(2027, 5, 7, 17, tzinfo=UTC)
OPENING = "2027-k7m2xq"

TOO_EARLY = Answered("/api/registrations", "POST", 425, refusals=(("too-early", OPENING),))
REGISTERED = Answered("/api/registrations", "POST", 201)
LOOKED_AT = Answered("/openings/{opening_id}", "GET", 200, is_page=True, opening_id=OPENING)
BROKEN = Answered("/api/sessions", "GET", 500, refusals=(("unexpected", None),))


def test_a_refusal_counts_by_its_reason_and_its_opening():
    assert counters(TOO_EARLY) == ["answers", f"refused#too-early@{OPENING}"]


def test_a_page_and_an_answer_of_the_api_are_visits_of_different_kinds():
    assert counters(LOOKED_AT) == ["answers", f"pages@{OPENING}"]
    assert counters(Answered("/api/sessions", "GET", 200)) == ["answers", "reads"]


def test_a_registration_is_in_the_table_and_not_counted_again():
    assert counters(REGISTERED) == ["answers"]


def test_staff_at_work_and_whoever_asks_for_our_health_are_no_visitors():
    for route in ("/office/statistics", "/api/staff/ledger", "/api/health"):
        assert counters(Answered(route, "GET", 200)) == ["answers"]
        assert counters(Answered(route, "POST", 422, refusals=(("invalid", None),))) == ["answers"]


def test_a_page_that_registers_several_wishes_counts_each_that_was_refused():
    asked = Answered("/openings/{opening_id}/register", "POST", 303, refusals=(("sold-out", OPENING), ("closed", None)))
    assert counters(asked) == ["answers", f"refused#sold-out@{OPENING}", "refused#closed"]
    assert asked.may_write


def test_a_failure_counts_as_one_and_by_its_reason():
    assert counters(BROKEN) == ["answers", "failed", "refused#unexpected"]


def test_what_was_granted_and_what_failed_is_not_followed_by_a_write():
    assert [one.may_write for one in (REGISTERED, BROKEN, TOO_EARLY, LOOKED_AT)] == [False, False, True, True]


def test_the_first_request_after_quiet_is_written_at_once_and_the_next_waits():
    memory = UnwrittenCounts()
    memory.count(SEVEN, ["reads"])

    assert memory.due(1000.0) == (SEVEN, {"reads": 1})

    memory.count(SEVEN + timedelta(seconds=1), ["reads"])
    assert memory.due(1001.0) is None
    assert memory.due(1000.0 + EVERY) == (SEVEN, {"reads": 1})


def test_whoever_cannot_write_for_ten_minutes_gives_up_the_oldest():
    memory = UnwrittenCounts()
    lost = [memory.count(SEVEN + timedelta(seconds=10 * number), ["reads"]) for number in range(MOST_SLOTS + 2)]

    assert sum(lost) == 2
    assert len(memory.slots) == MOST_SLOTS


def test_nobody_makes_a_write_large_by_names_of_openings():
    memory = UnwrittenCounts()
    lost = [memory.count(SEVEN, [f"pages@2027-{number:06d}"]) for number in range(MOST_NAMES + 5)]

    assert sum(lost) == 5
    assert memory.count(SEVEN, ["pages@2027-000000"]) == 0


happenings = st.lists(
    st.tuples(
        st.floats(0, 40),  # seconds since the one before
        st.sampled_from([TOO_EARLY, REGISTERED, LOOKED_AT, BROKEN]),
        st.sampled_from(["written", "refused", "unknown"]),  # what the table says, should it be asked
    ),
    max_size=80,
)


@given(happenings)
def test_no_count_is_lost_or_doubled_between_memory_and_table(happened):
    memory, clock, writes = UnwrittenCounts(), 0.0, []
    written: Counter[str] = Counter()
    counted: Counter[str] = Counter()
    unknown, lost = 0, 0
    for seconds, one, outcome in happened:
        clock += seconds
        counted.update(counters(one))
        lost += memory.count(SEVEN + timedelta(seconds=clock), counters(one))
        due = memory.due(clock) if one.may_write else None
        if due:
            slot, sums = due
            writes.append(clock)
            if outcome == "written":
                written.update(sums)
            else:
                unknown += sum(sums.values()) if outcome == "unknown" else 0
                memory.put_back(slot, sums if outcome == "refused" else {}, clock)

    waiting = added(memory.slots.values())
    assert written + waiting <= counted
    assert (written + waiting).total() + unknown + lost == counted.total()
    assert all(later - earlier >= EVERY for earlier, later in pairwise(writes))
    assert all(sums for sums in memory.slots.values())


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_moment_is_in_its_slot(moment):
    assert timedelta() <= moment - slot_of(moment) < timedelta(seconds=10)


def test_refusals_and_visits_of_one_opening_are_a_part_of_all():
    sums = {
        f"refused#too-early@{OPENING}": 7,
        "refused#too-early@2027-zzzzzz": 2,
        "refused#sold-out": 3,
        "pages": 5,
        f"reads@{OPENING}": 4,
        "answers": 30,
    }

    assert refusals(sums) == {"too-early": 9, "sold-out": 3}
    assert refusals(sums, OPENING) == {"too-early": 7}
    assert visits(sums) == {"pages": 5, "reads": 4}
    assert visits(sums, OPENING) == {"pages": 0, "reads": 4}
