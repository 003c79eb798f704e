"""Counts add up, whatever was done to the cases, and in whatever order the daybook heard of it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.core.moments import today
from chalicelib.front_door.cases.rules import TRANSITIONS, Case, CaseStatus, Contact, Way
from chalicelib.front_door.cases.table import entry_of
from chalicelib.front_door.daybook.rules import DaybookLine, line_of
from chalicelib.front_door.forms.rules import FormKind
from chalicelib.front_door.watching.rules import MonthSum, apart, month_sums, sums
from chalicelib.insight.front_door import figures

S = CaseStatus
ON = date(2027, 5, 3)
# What the people of a unit, a citizen or Stormloop do: the status after it, and what else is another.
DEEDS: Mapping[str, tuple[CaseStatus | None, Mapping[str, Any]]] = {
    "take": (S.IN_PROGRESS, {"assignee": "nadia.baert@kaprijke.example"}),
    "ask": (S.WAITING_FOR_CITIZEN, {}),
    "answer": (S.ANSWERED, {"answered_on": None}),
    "close": (S.CLOSED, {"answered_on": None}),
    "merge": (S.CLOSED, {"answered_on": None, "merged_into": "CDEFGHJKMNPQR"}),
    "reopen": (S.REOPENED, {"merged_into": ""}),
    "forward to the office": (None, {"unit_id": "office"}),
    "forward to youth care": (None, {"unit_id": "youth", "is_confidential": True}),
    "lengthen": (None, {"answer_by": date(2027, 6, 1), "more_days": 30}),
    "say that it helped": (None, {"helped": True}),
}


def came(number: int, form_id: str, way: Way, day: int) -> Case:
    """On a day of March or April."""
    at = datetime(2027, 3, 1, 9, tzinfo=UTC) + timedelta(day)
    return Case(
        f"{number:013}", "C" * 16, form_id, 1, FormKind.REPORT, way, {}, Contact(), None, (), "streets",
        S.RECEIVED, at, at.date() + timedelta(14),
    )  # fmt: skip


def done(case: Case, deed: str, after_days: int) -> Case:
    """As it is after a deed, or as it was if that cannot be done to it now."""
    status, changes = DEEDS[deed]
    if status and status is not case.status and status not in TRANSITIONS[case.status]:
        return case
    day = today(case.received_at) + timedelta(after_days)
    new = {name: day if name == "answered_on" else value for name, value in changes.items()}
    if deed == "reopen":
        new |= {"reopened": case.reopened + 1, "answer_by": day + timedelta(14)}
    return replace(case, status=status or case.status, edition=case.edition + 1, **new)


CASES = st.lists(
    st.tuples(
        st.sampled_from(["street", "waste"]),
        st.sampled_from([Way.PAGE, Way.PHONE]),
        st.integers(0, 60),
        st.lists(st.tuples(st.sampled_from(sorted(DEEDS)), st.integers(0, 40)), max_size=6),
    ),
    max_size=12,
)


def editions_of(cases: list[tuple[str, Way, int, list[tuple[str, int]]]]) -> list[list[Case]]:
    """Of each case, how it stood after each deed."""
    every = []
    for number, (form_id, way, day, deeds) in enumerate(cases):
        editions = [came(number, form_id, way, day)]
        for deed, after_days in deeds:
            editions.append(done(editions[-1], deed, after_days))
        every.append(editions)
    return every


def heard(messages: list[Case]) -> dict[str, DaybookLine]:
    """As the daybook stands after messages: a line gives way to a later edition alone (daybook/table.py)."""
    lines: dict[str, DaybookLine] = {}
    for case in messages:
        if case.case_id not in lines or lines[case.case_id].edition < case.edition:
            lines[case.case_id] = line_of(case, 12)
    return lines


def months(lines: Mapping[str, DaybookLine]) -> list[MonthSum]:
    return month_sums(lines.values(), ON)


@settings(max_examples=40)
@given(CASES, st.randoms(use_true_random=False))
def test_received_is_answered_and_in_hand_in_whatever_order_the_daybook_heard(
    cases: list[tuple[str, Way, int, list[tuple[str, int]]]], chance: Random
) -> None:
    """An answer before its receipt, some messages twice, of each case at least the last one."""
    every = editions_of(cases)
    messages = [case for editions in every for case in [*chance.choices(editions, k=3), editions[-1]]]
    chance.shuffle(messages)
    now = [editions[-1] for editions in every]
    lines, entries = heard(messages), [entry_of(case) for case in now if case.is_in_hand]

    found = sums(lines.values(), entries)

    assert not apart(lines.values(), entries).any
    assert all(one.is_even for one in found.values())
    assert {key: one.received for key, one in found.items()} == Counter((case.form_id, case.way) for case in now)
    assert sum(one.answered for one in found.values()) == sum(not case.is_in_hand for case in now)

    rows = months(lines)
    assert sum(row.received for row in rows) == len(now)
    assert sum(row.in_hand for row in rows) == len(entries)
    assert all(0 <= row.overdue <= row.in_hand for row in rows)
    assert sum(row.reopened for row in rows) == sum(case.reopened for case in now)
    # Of two orders one is not better than the other: a case is told by its unit of now, once.
    assert rows == months(heard(now))


@settings(max_examples=40)
@given(CASES, st.randoms(use_true_random=False))
def test_what_is_uneven_is_said_case_by_case(
    cases: list[tuple[str, Way, int, list[tuple[str, int]]]], chance: Random
) -> None:
    """Any messages may be missing."""
    every = editions_of(cases)
    messages = [case for editions in every for case in editions if chance.random() < 0.5]
    now = [editions[-1] for editions in every]
    lines, entries = heard(messages), [entry_of(case) for case in now if case.is_in_hand]

    wrong = apart(lines.values(), entries)

    uneven = sum(one.received - one.answered - one.in_hand for one in sums(lines.values(), entries).values())
    assert uneven == len(wrong.only_noted) - len(wrong.only_in_hand)
    mended = {**lines, **{case.case_id: line_of(case, 12) for case in now if case.case_id in wrong.any}}
    assert all(one.is_even for one in sums(mended.values(), entries).values())


@settings(max_examples=40)
@given(CASES)
def test_the_public_figures_are_the_same_sums(cases: list[tuple[str, Way, int, list[tuple[str, int]]]]) -> None:
    """Also where cases of a form went to a confidential unit, and the form is told by year: nothing is told twice. What
    is hidden is fewer than five, and no part of another row."""
    rows = months(heard([editions[-1] for editions in editions_of(cases)]))

    told = figures(rows, {}, {}, 2027)

    for form_id in {row.form_id for row in rows}:
        of_form = [one for one in told if one.form_id == form_id]
        received = sum(row.received for row in rows if row.form_id == form_id)
        if any(one.is_hidden for one in of_form):
            assert (len(of_form), received < 5) == (1, True)
        else:
            assert sum(one.received for one in of_form) == received
        assert all(one.received == one.in_time + one.late + one.in_hand for one in of_form)
