from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import table as items
from chalicelib.core.http.problems import CHANGED, NOT_FOUND, Problem, existing
from chalicelib.core.refusals import Interfered
from chalicelib.front_door.cases import following, sending, table
from chalicelib.front_door.cases.rules import CITIZEN, Act, Case, CaseStatus, Way
from chalicelib.front_door.deadlines import DayCount, DeadlineRule, when_worked
from chalicelib.front_door.forms.rules import FormKind
from chalicelib.front_door.handling import handling
from chalicelib.front_door.handling.inbox import MINE, NOBODYS, Wanted, part
from chalicelib.front_door.handling.rules import lengthened
from chalicelib.front_door.reports import showing
from chalicelib.front_door.reports import table as reports
from chalicelib.front_door.units import table as units
from chalicelib.people.staff.rules import Staff
from tests.front_door import city
from tests.front_door.city import KOEN, NADIA, NOW, OFFICE, RIA, STREETS
from tests.interrupting import before_write

LATER = NOW + timedelta(days=1)
SAM = city.handler("Sam Peeters", "sam.peeters@kaprijke.example")
A_CASE = Case(
    *("ACDEFGHJKMNPR", city.SECRET, "complaint", 1, FormKind.COMPLAINT, Way.PAGE, {}, city.AN, None, ()),
    *("office", CaseStatus.RECEIVED, NOW, NOW.date()),
)


@pytest.fixture
def report(table: None) -> Case:
    city.a_city()
    put(replace(STREETS, people=(NADIA.email, SAM.email), edition=2))
    return sending.send(city.report(), NOW).case


@pytest.fixture
def complaint(report: Case) -> Case:
    return sending.send(city.complaint(), NOW).case


def put(unit: object) -> None:
    items.transact_write([units.putting(unit)])  # type: ignore[arg-type]
    units.forget()


def fields(refused: Problem) -> list[str]:
    return [error.field for error in refused.errors]


def refusal(ask: object) -> Problem:
    with pytest.raises(Problem) as refused:
        ask()  # type: ignore[operator]
    return refused.value


def test_whoever_takes_it_has_it(report: Case) -> None:
    after = handling.take(NADIA, report.case_id, 1, LATER)

    assert (after.status, after.assignee) == (CaseStatus.IN_PROGRESS, NADIA.email)
    assert [entry.assignee for entry in table.inbox("streets")] == [NADIA.email]


def test_it_is_given_to_somebody_of_the_unit_and_to_nobody_else(report: Case) -> None:
    assert handling.assign(NADIA, report.case_id, 1, SAM.email, LATER).status is CaseStatus.ASSIGNED
    assert fields(refusal(lambda: handling.assign(NADIA, report.case_id, 2, KOEN.email, LATER))) == ["assignee"]


def test_two_who_answer_at_once_give_one_answer(report: Case) -> None:
    handling.answer(NADIA, report.case_id, 1, "De tegel ligt vast.", LATER)

    assert refusal(lambda: handling.answer(SAM, report.case_id, 1, "We komen morgen.", LATER)).kind is CHANGED
    assert [entry.text for entry in table.history(report)] == ["", "De tegel ligt vast."]


def test_while_it_waits_for_the_citizen_the_deadline_goes_on(report: Case) -> None:
    after = handling.ask(NADIA, report.case_id, 1, "Welke kant van de straat?", LATER)

    assert (after.status, after.answer_by) == (CaseStatus.WAITING_FOR_CITIZEN, report.answer_by)
    assert [entry.case_id for entry in table.inbox("streets")] == [report.case_id]


def test_what_is_forwarded_keeps_its_deadline_and_is_nobodys_yet(report: Case) -> None:
    handling.take(NADIA, report.case_id, 1, LATER)

    after = handling.forward(NADIA, report.case_id, 2, "office", "Dit gaat over subsidies.", False, LATER)

    assert (after.unit_id, after.assignee, after.answer_by) == ("office", "", report.answer_by)
    assert refusal(lambda: handling.look(NADIA, report.case_id, LATER)).kind is NOT_FOUND
    assert handling.look(KOEN, report.case_id, LATER).case == after


def test_it_is_not_forwarded_to_a_unit_that_nobody_reads(report: Case) -> None:
    put(replace(OFFICE, people=(), edition=2))

    assert fields(refusal(lambda: handling.forward(NADIA, report.case_id, 1, "office", "Daarom.", False, LATER))) == [
        "unit_id"
    ]


def test_what_a_unit_without_people_has_is_the_work_of_the_unit_above(report: Case) -> None:
    put(replace(STREETS, people=(), edition=3))

    assert [entry.case_id for entry in part(KOEN, Wanted()).entries] == [report.case_id]
    assert handling.take(KOEN, report.case_id, 1, LATER).assignee == KOEN.email


def test_a_deadline_is_lengthened_as_far_as_the_law_lets_it_and_the_citizen_reads_why(complaint: Case) -> None:
    first = handling.lengthen(KOEN, complaint.case_id, 1, 20, "We wachten op de leverancier.", LATER)

    too_much = refusal(lambda: handling.lengthen(KOEN, complaint.case_id, 2, 11, "Nog wat.", LATER))
    again = handling.lengthen(KOEN, complaint.case_id, 2, 10, "Nog tien dagen.", LATER)
    assert fields(too_much) == ["days"]
    assert again.answer_by > first.answer_by > complaint.answer_by
    assert again.more_days == 30
    assert table.history(complaint)[1].text == "We wachten op de leverancier."
    assert fields(refusal(lambda: handling.lengthen(KOEN, complaint.case_id, 3, 1, "Meer.", LATER))) == ["days"]


def test_a_report_whose_form_allows_no_more_time_gets_none(report: Case) -> None:
    assert fields(refusal(lambda: handling.lengthen(NADIA, report.case_id, 1, 1, "Druk.", LATER))) == ["days"]


def test_the_citizen_never_sees_a_note(report: Case) -> None:
    from chalicelib.front_door.cases.handlers import shown_case

    handling.note(NADIA, report.case_id, 1, "Belt elke week.", LATER)

    assert "Belt" not in str(shown_case(report, table.history(report)))
    assert table.history(report)[1].note == "Belt elke week."


def test_a_duplicate_gets_the_answer_of_the_one_that_stays(report: Case) -> None:
    second = sending.send(city.report("another"), NOW).case

    merged = handling.merge(NADIA, second.case_id, 1, report.receipt, LATER)

    assert (merged.status, merged.merged_into) == (CaseStatus.CLOSED, report.case_id)
    found = handling.look(NADIA, report.case_id, LATER)
    assert found.duplicates == [second.case_id]
    assert [entry.case_id for entry in table.inbox("streets")] == [report.case_id]


def test_the_answer_of_the_case_that_stays_is_given_to_its_duplicate_once(report: Case) -> None:
    second = sending.send(city.report("another"), NOW).case
    handling.merge(NADIA, second.case_id, 1, report.receipt, LATER)
    answered = handling.answer(NADIA, report.case_id, 2, "De tegel ligt vast.", LATER)

    handling.answer_duplicates(answered, LATER)
    handling.answer_duplicates(answered, LATER)

    texts = [entry.text for entry in table.history(second) if entry.act is Act.ANSWERED]
    assert texts == ["De tegel ligt vast."]


def test_a_duplicate_that_its_citizen_opened_again_stands_by_itself(report: Case) -> None:
    second = sending.send(city.report("another"), NOW).case
    merged = handling.merge(NADIA, second.case_id, 1, report.receipt, LATER)
    following.reopen(merged, "Het is een andere tegel.", LATER)

    answered = handling.answer(NADIA, report.case_id, 2, "De tegel ligt vast.", LATER)
    handling.answer_duplicates(answered, LATER)

    assert handling.look(NADIA, report.case_id, LATER).duplicates == []
    assert [entry.case_id for entry in table.inbox("streets")] == [second.case_id]
    assert Act.ANSWERED not in [entry.act for entry in table.history(second)]


def test_nothing_is_merged_twice_or_in_a_circle(report: Case) -> None:
    second, third = (sending.send(city.report(key), NOW).case for key in ("2", "3"))
    handling.merge(NADIA, second.case_id, 1, report.receipt, LATER)

    circle = refusal(lambda: handling.merge(NADIA, report.case_id, 2, second.receipt, LATER))
    holds = refusal(lambda: handling.merge(NADIA, report.case_id, 2, third.receipt, LATER))
    twice = refusal(lambda: handling.merge(NADIA, second.case_id, 2, third.receipt, LATER))
    itself = refusal(lambda: handling.merge(NADIA, third.case_id, 1, third.receipt, LATER))

    assert [fields(circle), holds.kind.slug, twice.kind.slug, fields(itself)] == [
        ["receipt"],
        "not-now",
        "not-now",
        ["receipt"],
    ]


def test_of_two_merges_at_once_that_would_make_a_circle_one_is_refused(report: Case) -> None:
    """The second one read both before the first one wrote."""
    second = sending.send(city.report("2"), NOW).case
    late = handling.look(NADIA, report.case_id, LATER)
    handling.merge(NADIA, second.case_id, 1, report.receipt, LATER)

    assert late.case.edition == 1
    assert refusal(lambda: handling.merge(SAM, report.case_id, 1, second.receipt, LATER)).kind is CHANGED


def test_a_complaint_is_answered_by_nobody_whom_it_is_about(complaint: Case) -> None:
    put(replace(OFFICE, people=(KOEN.email, NADIA.email), edition=2))
    assert refusal(lambda: handling.answer(NADIA, complaint.case_id, 1, "Sorry.", LATER)).kind.slug == "not-now"

    handling.say_concerned(KOEN, complaint.case_id, 1, ["streets"], "", LATER)

    assert not handling.look(NADIA, complaint.case_id, LATER).is_independent
    for act in (
        lambda: handling.take(NADIA, complaint.case_id, 2, LATER),
        lambda: handling.answer(NADIA, complaint.case_id, 2, "Sorry.", LATER),
        lambda: handling.close(NADIA, complaint.case_id, 2, "Onzin.", LATER),
        lambda: handling.assign(KOEN, complaint.case_id, 2, NADIA.email, LATER),
    ):
        assert refusal(act).kind.slug == "not-now"
    assert handling.answer(KOEN, complaint.case_id, 2, "Het spijt ons.", LATER).status is CaseStatus.ANSWERED


def test_a_complaint_is_closed_or_merged_away_by_nobody_before_it_is_said_whom_it_is_about(complaint: Case) -> None:
    other = sending.send(city.complaint("klacht-2"), NOW).case

    closed = refusal(lambda: handling.close(KOEN, complaint.case_id, 1, "Onzin.", LATER))
    merged = refusal(lambda: handling.merge(KOEN, complaint.case_id, 1, other.receipt, LATER))

    assert [closed.kind.slug, merged.kind.slug] == ["not-now", "not-now"]
    assert table.get(complaint.case_id) == complaint


def test_a_complaint_is_merged_into_none_that_whoever_it_is_about_may_answer(complaint: Case) -> None:
    """The answer of the one that stays is the answer of both."""
    other = sending.send(city.complaint("klacht-2"), NOW).case
    handling.say_concerned(KOEN, complaint.case_id, 1, ["streets"], "", LATER)
    handling.say_concerned(KOEN, other.case_id, 1, [], "", LATER)

    refused = refusal(lambda: handling.merge(KOEN, complaint.case_id, 2, other.receipt, LATER))

    assert fields(refused) == ["receipt"]
    handling.say_concerned(KOEN, other.case_id, 2, ["streets"], "", LATER)
    assert handling.merge(KOEN, complaint.case_id, 2, other.receipt, LATER).merged_into == other.case_id


def test_nobody_whom_a_complaint_is_about_writes_that_it_is_not(complaint: Case) -> None:
    put(replace(OFFICE, people=(KOEN.email, NADIA.email), edition=2))
    handling.say_concerned(KOEN, complaint.case_id, 1, ["streets"], "", LATER)

    assert refusal(lambda: handling.say_concerned(NADIA, complaint.case_id, 2, [], "", LATER)).kind.slug == "not-now"

    assert handling.say_concerned(NADIA, complaint.case_id, 2, ["streets", "youth"], "", LATER).concerns == (
        "streets",
        "youth",
    )
    assert handling.say_concerned(KOEN, complaint.case_id, 3, [], "", LATER).concerns == ()


def test_a_complaint_about_what_somebody_did_is_not_for_them(report: Case) -> None:
    handling.answer(NADIA, report.case_id, 1, "Kan niet.", LATER)
    put(replace(OFFICE, people=(KOEN.email, NADIA.email), edition=2))
    about = sending.send(city.complaint(about=report.case_id), NOW).case

    assert handling.look(KOEN, about.case_id, LATER).is_independent
    assert not handling.look(NADIA, about.case_id, LATER).is_independent


def test_a_complaint_about_the_whole_unit_goes_to_the_unit_above_in_the_same_write(complaint: Case) -> None:
    put(replace(OFFICE, above="board", edition=2))
    put(replace(OFFICE, unit_id="board", people=(RIA.email,), edition=1))

    after = handling.say_concerned(KOEN, complaint.case_id, 1, ["office"], "", LATER)

    assert (after.unit_id, after.concerns) == ("board", ("office",))
    assert [entry.case_id for entry in part(RIA, Wanted(unit_id="board")).entries] == [complaint.case_id]


def test_whoever_took_a_complaint_that_turns_out_to_be_about_them_has_it_no_more(complaint: Case) -> None:
    put(replace(OFFICE, people=(KOEN.email, NADIA.email), edition=2))
    handling.take(NADIA, complaint.case_id, 1, LATER)

    after = handling.say_concerned(KOEN, complaint.case_id, 2, ["streets"], "", LATER)

    assert (after.unit_id, after.assignee) == ("office", "")


def test_a_confidential_complaint_leaves_its_unit_for_no_other_by_itself(report: Case) -> None:
    city.publish(replace(city.COMPLAINT, form_id="youth-complaint", owner="youth"))
    asked = replace(city.complaint("stil"), form_id="youth-complaint")
    case = sending.send(asked, NOW).case

    refused = refusal(lambda: handling.say_concerned(RIA, case.case_id, 1, ["youth"], "", LATER))

    assert refused.extra["why"]["en"] == handling.MAY_TELL
    assert [entry.case_id for entry in table.inbox("youth")] == [case.case_id]


def test_a_complaint_that_leaves_nobody_is_not_written_down_so(complaint: Case) -> None:
    assert (
        refusal(lambda: handling.say_concerned(KOEN, complaint.case_id, 1, ["office"], "", LATER)).kind.slug
        == "not-now"
    )
    assert table.get(complaint.case_id) == complaint


def test_a_confidential_case_goes_to_a_unit_that_is_not_only_when_somebody_says_so(report: Case) -> None:
    asked = replace(city.complaint("zorg"), form_id="youth-care", answers={"ask": "Wie helpt mij?"})
    case = sending.send(asked, NOW).case

    silent = refusal(lambda: handling.forward(RIA, case.case_id, 1, "office", "Voor jullie.", False, LATER))
    after = handling.forward(RIA, case.case_id, 1, "office", "Voor jullie.", True, LATER)

    assert fields(silent) == ["is_told"]
    assert after.is_confidential


def test_what_becomes_a_duplicate_or_confidential_is_taken_off_the_public_map(report: Case) -> None:
    other, stays = (sending.send(city.report(key), NOW).case for key in ("2", "3"))
    for case in (report, other):
        showing.show(case, NADIA, 1, "", [], NOW)
    day = NOW.date()
    assert len([*reports.newest(day, day, 9)]) == 2

    merged = handling.merge(NADIA, report.case_id, 2, stays.receipt, LATER)
    hidden = handling.forward(NADIA, other.case_id, 2, "youth", "Er staat iets over een kind in.", False, LATER)

    assert [*reports.newest(day, day, 9)] == []
    assert (merged.is_public, hidden.is_public) == (False, False)


def test_reopened_by_staff_it_has_the_days_that_were_left(report: Case) -> None:
    """Answered on the second day, 13 days before it was due."""
    handling.answer(NADIA, report.case_id, 1, "Gemaakt.", LATER)

    after = handling.reopen(NADIA, report.case_id, 2, "Ze ligt weer los.", NOW + timedelta(days=30))

    assert (after.status, after.reopened) == (CaseStatus.REOPENED, 1)
    assert after.answer_by == city.day("2027-04-20")


def test_nobody_wins_time_by_closing_and_opening_again(complaint: Case) -> None:
    handling.say_concerned(KOEN, complaint.case_id, 1, [], "", LATER)
    handling.lengthen(KOEN, complaint.case_id, 2, 30, "We wachten op de leverancier.", LATER)
    lengthened = existing(table.get(complaint.case_id))
    last_day = LATER + (lengthened.answer_by - LATER.date())
    for edition in (3, 5):
        handling.close(KOEN, complaint.case_id, edition, "Even dicht.", last_day)
        after = handling.reopen(KOEN, complaint.case_id, edition + 1, "Toch niet.", last_day)

    assert (after.answer_by, after.more_days) == (lengthened.answer_by, 30)
    assert fields(refusal(lambda: handling.lengthen(KOEN, complaint.case_id, 7, 1, "Meer.", last_day))) == ["days"]


@given(
    st.dates(date(2027, 12, 1), date(2028, 3, 10)),
    st.lists(st.integers(1, 9), min_size=1, max_size=6),
    st.sampled_from(DayCount),
)
def test_a_deadline_that_is_lengthened_bit_by_bit_is_no_later_than_at_once(
    due: date, parts: list[int], counted: DayCount
) -> None:
    """Over New Year and a 29 February."""
    rule = DeadlineRule(42, counted, "NL", 56)
    case = replace(A_CASE, answer_by=when_worked(rule, due))
    at_once = lengthened(case, rule, sum(parts))
    for days in parts:
        more = {"more_days": case.more_days + days, "first_due": case.first_due or case.answer_by}
        case = replace(case, answer_by=lengthened(case, rule, days), **more)

    assert case.answer_by == at_once


# What each of two clerks may do with a case that both have on their screens.
IN_A_TAB: tuple[Callable[[str, str], Case], ...] = (
    lambda case_id, _: handling.take(NADIA, case_id, 1, LATER),
    lambda case_id, _: handling.assign(NADIA, case_id, 1, SAM.email, LATER),
    lambda case_id, _: handling.ask(NADIA, case_id, 1, "Welke tegel?", LATER),
    lambda case_id, _: handling.answer(NADIA, case_id, 1, "Gemaakt.", LATER),
    lambda case_id, _: handling.forward(NADIA, case_id, 1, "office", "Voor jullie.", False, LATER),
    lambda case_id, other: handling.merge(NADIA, case_id, 1, other, LATER),
    lambda case_id, _: handling.note(NADIA, case_id, 1, "Gebeld.", LATER),
    lambda case_id, _: handling.close(NADIA, case_id, 1, "Dubbel.", LATER),
)


def test_of_two_who_do_anything_at_once_the_second_one_is_told(report: Case) -> None:
    """The second one read the case before the first one wrote: each act, and the one before it in the list."""
    for number, (first, second) in enumerate(zip(IN_A_TAB, [*IN_A_TAB[1:], IN_A_TAB[0]], strict=True)):
        case = sending.send(city.report(f"tab {number}"), NOW).case
        with before_write(0, partial(first, case.case_id, report.receipt)) as writes:
            told = refusal(partial(second, case.case_id, report.receipt))
        assert (told.kind, len(writes)) == (CHANGED, 1)
        assert existing(table.get(case.case_id)).edition == 2


def test_an_answer_while_the_citizen_writes_loses_neither(report: Case) -> None:
    with (
        before_write(0, lambda: handling.answer(NADIA, report.case_id, 1, "Gemaakt.", LATER)),
        pytest.raises(Interfered),
    ):
        following.say(report, "Het is de tegel voor nummer 3.", LATER)
    answered = existing(table.get(report.case_id))
    assert refusal(lambda: following.say(answered, "Nummer 3.", LATER)).extra["why"]["en"] == following.IS_OVER

    again = following.reopen(answered, "Het is de tegel voor nummer 3.", LATER)

    assert [entry.case_id for entry in table.inbox(again.unit_id)] == [report.case_id]


def test_a_case_is_not_forwarded_to_a_unit_whose_last_person_leaves_meanwhile(report: Case) -> None:
    with before_write(0, lambda: put(replace(OFFICE, people=(), edition=2))):
        told = refusal(lambda: handling.forward(NADIA, report.case_id, 1, "office", "Voor jullie.", False, LATER))

    assert told.kind is CHANGED
    assert [entry.case_id for entry in table.inbox("streets")] == [report.case_id]


@pytest.mark.parametrize("by", [KOEN, RIA, replace(NADIA, email="")])
def test_nobody_else_does_anything_with_it(report: Case, by: Staff) -> None:
    for act in (
        lambda: handling.look(by, report.case_id, LATER),
        lambda: handling.take(by, report.case_id, 1, LATER),
        lambda: handling.answer(by, report.case_id, 1, "Gemaakt.", LATER),
        lambda: handling.note(by, report.case_id, 1, "Hm.", LATER),
    ):
        assert refusal(act).kind is NOT_FOUND


def test_an_inbox_of_hundreds_comes_in_parts_by_deadline(report: Case) -> None:
    for number in range(59):
        sending.send(city.report(f"nr-{number}"), NOW + timedelta(days=number % 7))

    first = part(NADIA, Wanted())
    with mock.patch.object(table, "_read_inbox", wraps=table._read_inbox) as read:
        second = part(NADIA, Wanted(after=first.next or ""))

    places = [(entry.answer_by, entry.case_id) for entry in (*first.entries, *second.entries)]
    assert (len(first.entries), len(second.entries), second.next) == (50, 10, None)
    assert places == sorted(set(places))
    assert read.call_count == 10, "nothing of the first part"
    assert part(NADIA, Wanted(after="x" * 5000)).entries == first.entries


def test_an_inbox_shows_mine_and_nobodys(report: Case) -> None:
    taken = handling.take(NADIA, sending.send(city.report("2"), NOW).case.case_id, 1, LATER)

    assert [entry.case_id for entry in part(NADIA, Wanted(whose=MINE)).entries] == [taken.case_id]
    assert [entry.case_id for entry in part(SAM, Wanted(whose=NOBODYS)).entries] == [report.case_id]
    assert part(SAM, Wanted(whose=MINE)).entries == []


def test_every_act_is_in_the_history(report: Case) -> None:
    handling.take(NADIA, report.case_id, 1, LATER)
    handling.note(NADIA, report.case_id, 2, "Foto gevraagd.", LATER)
    handling.answer(NADIA, report.case_id, 3, "Gemaakt.", LATER)

    assert [entry.act for entry in table.history(report)] == [Act.RECEIVED, Act.TAKEN, Act.NOTED, Act.ANSWERED]


def board() -> None:
    """Ria sits in a board above the office."""
    put(replace(OFFICE, above="board", people=(KOEN.email, NADIA.email), edition=2))
    put(replace(OFFICE, unit_id="board", people=(RIA.email,), head=RIA.email, edition=1))


def test_a_complaint_that_came_by_mail_is_said_to_be_about_a_case_and_its_handlers_answer_it_by_no_name(
    report: Case,
) -> None:
    """Nadia answered the report; she is of the office now, and Koen, who knows only her address, gives it to her."""
    handling.answer(NADIA, report.case_id, 1, "Kan niet.", LATER)
    mailed = sending.send(replace(city.complaint("brief"), way=Way.MAIL), NOW).case
    put(replace(OFFICE, people=(KOEN.email, NADIA.email), edition=2))
    put(replace(STREETS, people=(SAM.email,), edition=3))

    wrong = refusal(lambda: handling.say_concerned(KOEN, mailed.case_id, 1, [], mailed.receipt, LATER))
    after = handling.say_concerned(KOEN, mailed.case_id, 1, [], report.receipt, LATER)

    assert (fields(wrong), after.about) == (["about"], report.case_id)
    assert refusal(lambda: handling.take(NADIA, mailed.case_id, 2, LATER)).kind.slug == "not-now"
    given = refusal(lambda: handling.assign(KOEN, mailed.case_id, 2, NADIA.email, LATER))
    assert given.extra["why"]["en"] == handling.NOT_INDEPENDENT
    assert not handling.look(SAM, report.case_id, LATER).concerned.emails, "a report is about nobody"
    assert {NADIA.email, SAM.email} <= handling.look(KOEN, mailed.case_id, LATER).concerned.emails


def test_whoever_was_of_the_unit_when_that_was_written_down_stays_concerned_when_they_leave_it(complaint: Case) -> None:
    handling.say_concerned(KOEN, complaint.case_id, 1, ["streets"], "", LATER)

    put(replace(STREETS, people=(SAM.email,), edition=3))
    put(replace(OFFICE, people=(KOEN.email, NADIA.email), edition=2))

    assert refusal(lambda: handling.answer(NADIA, complaint.case_id, 2, "Onzin.", LATER)).kind.slug == "not-now"


def test_whoever_joins_the_unit_later_has_the_complaint_about_it_no_more(complaint: Case) -> None:
    board()
    handling.say_concerned(KOEN, complaint.case_id, 1, ["streets"], "", LATER)
    handling.take(KOEN, complaint.case_id, 2, LATER)
    put(replace(STREETS, people=(NADIA.email, KOEN.email), edition=3))

    settled = handling.settle(existing(table.get(complaint.case_id)), LATER)
    again = handling.settle(settled.case, LATER)

    assert (settled.case.unit_id, settled.case.assignee, settled.is_stuck) == ("board", "", False)
    assert again.case == settled.case
    assert [entry.case_id for entry in table.inbox("board")] == [complaint.case_id]


def test_a_complaint_is_forwarded_to_no_unit_whose_people_it_is_about(complaint: Case) -> None:
    handling.say_concerned(KOEN, complaint.case_id, 1, ["streets"], "", LATER)

    refused = refusal(lambda: handling.forward(KOEN, complaint.case_id, 2, "streets", "Voor jullie.", False, LATER))

    assert fields(refused) == ["unit_id"]


def test_a_complaint_that_nobody_may_answer_any_more_is_said_to_be_stuck(complaint: Case) -> None:
    handling.say_concerned(KOEN, complaint.case_id, 1, ["streets"], "", LATER)
    put(replace(STREETS, people=(NADIA.email, KOEN.email), edition=3))
    case = existing(table.get(complaint.case_id))

    assert handling.settle(case, LATER) == handling.Settled(case, is_stuck=True)


def test_complaints_that_were_merged_stay_closed_to_whom_each_of_them_is_about(complaint: Case) -> None:
    other = sending.send(city.complaint("klacht-2"), NOW).case
    handling.say_concerned(KOEN, complaint.case_id, 1, ["streets"], "", LATER)
    handling.say_concerned(KOEN, other.case_id, 1, ["streets", "youth"], "", LATER)
    handling.merge(KOEN, complaint.case_id, 2, other.receipt, LATER)

    assert fields(refusal(lambda: handling.say_concerned(KOEN, other.case_id, 3, ["youth"], "", LATER))) == ["concerns"]


def test_a_mail_that_did_not_go_out_is_sent_again_behind_a_change_that_staff_make(report: Case) -> None:
    assert refusal(lambda: handling.mail_again(NADIA, report.case_id, 1, NOW)).kind.slug == "not-now", "not yet"

    after = handling.mail_again(NADIA, report.case_id, 1, LATER)

    assert after.edition == 2, "which the stream tells"
    table.mark_told(report, 1, CITIZEN)
    assert handling.look(NADIA, report.case_id, LATER).unsent == []
