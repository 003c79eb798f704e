"""What ran by itself, counted from the books, who released a refund, and the histories of cases."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.core import table as core_table
from chalicelib.core.counters import counting
from chalicelib.core.metering import WRITING
from chalicelib.front_door.cases.rules import Act, CaseStatus, HistoryEntry, Way
from chalicelib.front_door.daybook.rules import DaybookLine, DaybookState, Handling, handling_of
from chalicelib.front_door.forms.rules import FormKind
from chalicelib.insight import by_itself, by_rule
from chalicelib.insight import by_itself_days as days
from chalicelib.insight.by_itself import Step
from chalicelib.insight.by_itself_days import CaseDay, Days, KindSum, MoneyDay
from chalicelib.money.books import table as books
from chalicelib.money.books.rules import BookAccount, BookAct, BookEntry, moved
from chalicelib.money.payees import table as payees
from chalicelib.money.refunds import rules as refund_rules
from chalicelib.money.refunds import table as refunds
from chalicelib.money.refunds.rules import Destination, Refund, RefundState
from chalicelib.people.staff.rules import Role
from tests.money.payees.given import KAPRIJKE
from tests.money.refunds.given import ELS, JAN, MIA, NOW, given_order
from tests.pages.frame.browsing import Browser

pytestmark = pytest.mark.usefixtures("table")

TODAY = NOW.date()
BANK, OWED = (BookAccount.BANK, KAPRIJKE.iban), (BookAccount.RECEIVABLE, KAPRIJKE.municipality)
UNSETTLED = (BookAccount.UNSETTLED, KAPRIJKE.iban)


@pytest.fixture(autouse=True)
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Days are many, and moto slow."""
    monkeypatch.setattr(days, "MOST_AT_ONCE", 9)
    monkeypatch.setattr(days.history.stretch, "__kwdefaults__", {"last": None, "most": 9})


@pytest.fixture
def payee(table: None) -> None:
    core_table.transact_write([payees.putting(replace(KAPRIJKE, edition=1))])
    payees.forget()


COMPLAINT = DaybookLine(
    TODAY, "ACDEFGHJKMNPR", "complaint", FormKind.COMPLAINT, Way.PAGE, "office", DaybookState.ANSWERED, "0" * 64,
    TODAY, TODAY, 0, None, False, 3,
)  # fmt: skip


@pytest.fixture
def daybook_lines(table: None, monkeypatch: pytest.MonkeyPatch) -> dict[date, list[DaybookLine]]:
    """Of a city with forms, by day."""
    lines: dict[date, list[DaybookLine]] = {}
    monkeypatch.setattr(days, "_has_forms", lambda: True)
    monkeypatch.setattr(days.daybook, "of_day", lambda day: iter(lines.get(day, [])))
    return lines


def entry(name: str, act: BookAct, source: tuple[BookAccount, str], **about: str) -> BookEntry:
    return BookEntry(name, NOW, act, moved(BANK, source, 4500), about)


def figures(step: Step, year: int = 2027) -> by_itself.StepFigures:
    """As on the third day after; the daily run was there."""
    later = NOW + timedelta(days=3)
    days.sum_up(later)
    return next(one for one in by_itself.of_year(year, later).figures if one.step is step)


def test_a_payment_ran_by_itself_if_it_was_booked_to_its_order_at_once(payee):
    for number, source in enumerate((OWED, OWED, OWED, UNSETTLED)):
        core_table.transact_write([books.putting(entry(f"bank#{number}", BookAct.RECEIVED, source))])
    core_table.transact_write([books.putting(entry("settled#3#1", BookAct.SETTLED, OWED))])

    found = figures(Step.PAYMENT)

    assert (found.number, found.by_itself, found.hands, found.share, found.hands_each) == (4, 3, 1, 75.0, 0.25)
    assert found.minutes is None  # nothing records it


def test_a_refund_has_the_hands_of_who_typed_its_account_and_of_the_two_who_released_it(payee):
    order = given_order(4500, 9000)
    released = Refund(
        order.order_id,
        1,
        order.municipality,
        4500,
        Destination("BE71096123456769", "An Claeys"),
        RefundState.RELEASED,
        given_by=(MIA.staff_id,),
        first_by=ELS.staff_id,
        second_by=JAN.staff_id,
        from_iban=KAPRIJKE.iban,
        changed_at=NOW,
        edition=1,
    )
    core_table.transact_write(
        [refunds.putting(replace(released, edition=0), NOW), books.putting(refund_rules.released_entry(released, NOW))]
    )

    found = figures(Step.REFUND)

    assert (found.number, found.by_itself, found.hands, found.hands_each, found.sent_back) == (1, 0, 3, 3.0, 0)


def test_a_day_that_is_over_is_counted_once(payee, monkeypatch):
    core_table.transact_write([books.putting(entry("bank#1", BookAct.RECEIVED, OWED))])
    later = NOW + timedelta(days=3)
    days.sum_up(later)
    read: list[date] = []
    monkeypatch.setattr(books, "of_day", lambda day: iter(read.append(day) or ()))

    days.sum_up(later)
    assert TODAY not in read
    assert days.money_days(TODAY, TODAY, later) == Days(
        [MoneyDay(TODAY, {"payments": 1, "direct": 1, "released": 0, "hands": 0}, {})]
    )


def test_a_day_that_is_not_over_is_counted_for_who_looks(payee):
    days.sum_up(NOW)
    core_table.transact_write([books.putting(entry("bank#1", BookAct.RECEIVED, OWED))])

    (found,) = days.money_days(TODAY, TODAY, NOW).days

    assert found.sums["payments"] == 1


def test_an_old_year_is_counted_in_parts_and_says_how_far(payee, monkeypatch):
    monkeypatch.setattr(days, "MOST_AT_ONCE", 3)
    later = NOW + timedelta(days=3)
    days.sum_up(later)
    first = days.money_days(date(2027, 6, 1), TODAY, later)
    days.sum_up(later)

    assert (len(first.days), first.behind) == (2, TODAY - timedelta(days=2))
    assert len(days.money_days(date(2027, 6, 1), TODAY, later).days) == 5


def test_a_day_of_cases_follows_its_cases_and_is_read_as_a_sum(daybook_lines, monkeypatch):
    """It is answered later; its day is counted again, and no page reads the daybook for it."""
    daybook_lines[TODAY] = [replace(COMPLAINT, state=DaybookState.RECEIVED, handling=None)]
    monkeypatch.setattr(days, "FIRST_DAY", TODAY - timedelta(days=1))
    soon, later = NOW + timedelta(days=3), NOW + timedelta(days=5)
    days.sum_up(soon)
    assert days.case_days(TODAY, TODAY, soon).days[0].in_hand == 1
    daybook_lines[TODAY] = [replace(COMPLAINT, handling=Handling(2, 90, 1))]

    days.sum_up(later)

    daybook_lines[TODAY] = []
    (found,) = days.case_days(TODAY, TODAY, later).days
    assert found == CaseDay(TODAY, {FormKind.COMPLAINT: KindSum(1, 1, 0, 2, 1, (90,))}, in_hand=0)
    complaint = next(one for one in by_itself.of_year(2027, later).figures if one.step is Step.COMPLAINT)
    assert (complaint.number, complaint.hands, complaint.minutes) == (1, 2, 90)


def case_day(day: date, in_hand: int = 0) -> CaseDay:
    return CaseDay(day, {}, in_hand)


def test_a_day_is_due_until_it_cannot_change():
    new, recent, open_, old = (TODAY - timedelta(days=ago) for ago in (1, 90, 200, 201))
    kept = {day: case_day(day, in_hand=day == open_) for day in (recent, open_, old)}

    assert days.due([old, open_, recent, new], kept, TODAY, 9) == [new, recent, open_]


def test_days_that_are_too_many_for_one_run_take_turns():
    many = [TODAY - timedelta(days=ago) for ago in range(1, 91)]
    kept = {day: case_day(day, in_hand=1) for day in many}
    counted = [days.due(many, kept, TODAY + timedelta(days=after), 40) for after in range(3)]

    assert max(map(len, counted)) <= 40
    assert {day for one in counted for day in one} == set(many)


@pytest.mark.parametrize("path", ["/office/by-itself", "/office/by-itself/rules?days=30", "/office/by-itself.csv"])
def test_looking_writes_nothing(payee, daybook_lines, path, monkeypatch):
    at = Browser("en").sign_in(Role.MANAGER)
    written: list[str] = []
    client = core_table.Item._get_connection().connection.client
    make = client._make_api_call

    def seen(operation: str, asked: object) -> object:
        written.extend([operation] if operation in WRITING else [])
        return make(operation, asked)

    monkeypatch.setattr(client, "_make_api_call", seen)

    assert at.get(path).status == 200
    assert written == []


def test_a_city_that_takes_no_money_here_is_asked_no_books(monkeypatch):
    monkeypatch.setattr(books, "of_day", lambda _: pytest.fail("read"))

    assert figures(Step.PAYMENT).number is None


def test_the_citys_own_count_stands_beside_it():
    by_itself.put_hand_count(Step.REFUND, 4, 35, "40 terugbetalingen van mei 2026.", ELS, NOW)
    by_itself.put_hand_count(Step.REFUND, 5, 40, "50 terugbetalingen van juni 2026.", ELS, NOW)

    before = figures(Step.REFUND).before

    assert before
    assert (before.hands, before.minutes, before.by_name) == (5, 40, ELS.name)


def test_a_complaint_has_the_hands_of_who_touched_it_and_the_minutes_until_the_first():
    lines = [
        replace(COMPLAINT, handling=Handling(2, 90, 1)),
        replace(COMPLAINT, handling=Handling(1, 30, 0)),
        replace(COMPLAINT, handling=Handling(0, None, 0)),  # the citizen closed it
        replace(COMPLAINT, state=DaybookState.RECEIVED, handling=None),
        replace(COMPLAINT, kind=FormKind.REPORT),
    ]

    found = by_itself.of_cases(FormKind.COMPLAINT, [days.case_day(TODAY, lines).kinds[FormKind.COMPLAINT]])

    assert (found.number, found.touched, found.by_itself, found.hands, found.minutes, found.sent_back) == (
        *(4, 3, 1, 3),
        *(60, 1),
    )


def test_hands_are_people_of_the_city_and_not_the_citizen_or_the_system():
    came = NOW

    def done(number: int, minutes: int, act: Act, by: str) -> HistoryEntry:
        return HistoryEntry(number, came + timedelta(minutes=minutes), act, by, CaseStatus.IN_PROGRESS)

    history = [
        done(1, 0, Act.RECEIVED, "citizen"),
        done(2, 20, Act.TAKEN, "sub-nadia"),
        done(3, 30, Act.FORWARDED, "sub-nadia"),
        done(4, 50, Act.ANSWERED, "sub-koen"),
        done(5, 60, Act.CLOSED, "stormloop"),
    ]

    class Came:
        received_at = came

    assert handling_of(Came(), history) == Handling(2, 20, 1)  # type: ignore[arg-type]
    by_desk = [replace(history[0], by="sub-ria"), *history[1:]]
    assert handling_of(Came(), by_desk) == Handling(3, 20, 1)  # type: ignore[arg-type]


def test_a_rule_that_acted_says_how_often_and_when_last():
    counting.forget()
    counting.did("offered", NOW)
    counting.forget()
    counting.did("offered", NOW + timedelta(days=1))

    days.sum_up(NOW + timedelta(days=9))
    by_name = {one.rule.name: one for one in by_rule.acted(NOW + timedelta(days=9))}

    offers = by_name["Offers move on"]
    assert (offers.times, offers.last) == (2, TODAY + timedelta(days=1))
    assert (by_name["Unpaid orders end"].times, by_name["Unpaid orders end"].last) == (0, None)
    assert by_name["Books are closed"].times is None  # nothing records it


def test_a_dry_run_says_who_would_have_lost_a_seat_and_changes_nothing(payee, monkeypatch):
    order = given_order(4500, 0)  # due on 19 July
    late = order.due_on + timedelta(days=12)
    when = NOW.replace(month=late.month, day=late.day)
    paid = BookEntry("bank#1", when, BookAct.RECEIVED, moved(BANK, OWED, 4500), {"order_id": order.order_id})
    core_table.transact_write([books.putting(paid)])
    later = when + timedelta(days=5)
    days.sum_up(later)

    assert [by_rule.dry_run(days, later).late for days in (10, 11, 12, 30)] == [1, 1, 0, 0]
    assert [by_rule.dry_run(days, later).owed for days in (10, 16, 17)] == [1, 1, 0]
