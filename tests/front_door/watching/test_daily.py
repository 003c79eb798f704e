"""The look of each day, over a city with a front door."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.core import table as items
from chalicelib.front_door.arriving import table as arriving
from chalicelib.front_door.cases import acting, following, sending, table
from chalicelib.front_door.cases.acting import Deed, actor
from chalicelib.front_door.cases.rules import CITIZEN, Act, Case, CaseStatus, Way
from chalicelib.front_door.daybook import table as daybook
from chalicelib.front_door.forms import canary
from chalicelib.front_door.forms import table as forms
from chalicelib.front_door.handling import handling
from chalicelib.front_door.units import table as units
from chalicelib.front_door.watching import daily
from chalicelib.front_door.watching import table as watching
from chalicelib.front_door.watching.addresses import Asked, Trouble
from chalicelib.front_door.watching.daily import Looked
from chalicelib.front_door.watching.rules import Finding, MonthSum, RingKind
from chalicelib.front_door.watching.table import FormWatch, Link, State
from tests.booking.registrations.callers import Crash
from tests.front_door import city
from tests.front_door.city import CARE, NADIA, NOW, STREET, STREETS
from tests.interrupting import before_write, crash

MORNING = NOW + timedelta(days=1)
fly = canary.fly


@pytest.fixture(autouse=True)
def _city(table: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://kaprijke.example")
    """It was looked at on the day before, and its forms are watched from today on."""
    city.a_city()
    for form in city.FORMS:
        watching.put_form(FormWatch(form.form_id, 255, NOW.date(), NOW.date(), edition=1))
    watching.put_state(State((date(2027, 3, 1),), NOW.date()))
    monkeypatch.setattr(canary, "fly", lambda *_: 1)


def web(url: str, must: str = "", language: str = "nl", *, is_ours: bool = False) -> Asked:
    """All is well."""
    return Asked(None, 200)


def looked(now: datetime = MORNING, ask: Any = web) -> Looked:
    found = daily.look(now, ask)
    assert found.failed == []
    return found


def rang(kind: RingKind) -> list[str]:
    return [one.subject for one in watching.rings() if one.kind is kind]


def sent(key: str, at: datetime = NOW, way: Way = Way.PAGE) -> Case:
    case = sending.send(city.report(key, way=way), at).case
    daybook.note(case)
    return case


def test_a_city_without_a_form_pays_for_one_read(table: None) -> None:
    for form in city.FORMS:
        items.transact_write([{"Delete": {"Key": items.key("FORMS", form.form_id)}}])

    assert looked().said == {}


def test_a_common_day_rings_for_nothing_and_is_kept() -> None:
    table.mark_told(sent("1"), 1, CITIZEN)

    found = looked()

    assert watching.rings() == []
    ((day, said),) = watching.days(2027, 5)
    assert (day, said["sums"]) == (date(2027, 3, 9), [["street", "page", 1, 0, 1]])
    assert (said["canaries"], said["asked"], said["failed"]) == (3, 3, [])
    assert found.late == []


def test_a_canary_that_broke_off_is_removed_by_the_next_look(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as gone:
        gone.setattr(canary, "_remove", lambda _: crash())  # a container that is gone tidies up nothing
        with before_write(1, crash), pytest.raises(Crash):
            fly(city.COMPLAINT, NOW)
    assert len(list(table.whole_inbox("office"))) == 1
    assert list(table.inbox("office")) == []

    looked()

    assert list(table.whole_inbox("office")) == []


def test_a_canary_that_is_stopped_rings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(canary, "fly", fly)
    monkeypatch.setattr(table, "in_inbox", lambda _: False)

    looked()

    assert rang(RingKind.CANARY) == ["complaint", "street", "youth-care"]
    assert watching.rings()[0].said == {"step": "inbox", "unit": "office"}


def test_a_form_whose_unit_lost_its_last_person_rings() -> None:
    items.transact_write([units.putting(replace(STREETS, people=(), edition=2))])

    looked()

    assert rang(RingKind.PEOPLE) == ["street/streets"]


def test_an_address_that_does_not_answer_rings_until_somebody_looked() -> None:
    watching.put_link(Link("1", "https://kaprijke.example/oud", "het infoblad", "Klachten", edition=1))

    def gone(url: str, must: str = "", language: str = "nl", *, is_ours: bool = False) -> Asked:
        return Asked(Trouble.STATUS, 404) if url.endswith(("/oud", "/complaint")) else Asked(None, 200)

    looked(ask=gone)
    assert (rang(RingKind.ADDRESS), rang(RingKind.LINK)) == (["complaint"], ["1"])
    assert [(one.is_well, one.why) for one in watching.links()] == [(False, "status 404")]

    looked(MORNING + timedelta(days=1))
    assert [one.gone_on for one in watching.rings()] == [date(2027, 3, 10)] * 2  # it is well again, and still rings


def test_what_waits_too_long_is_told_once_and_the_unit_above_after_a_week() -> None:
    sent("1")  # due on 22 March, a Monday
    looked(datetime(2027, 3, 22, 8, tzinfo=NOW.tzinfo))

    late = [looked(datetime(2027, 3, day, 8, tzinfo=NOW.tzinfo)).late for day in (23, 24, 28, 29, 30)]

    assert late == [[("streets", False)], [], [], [("streets", True)], []]
    assert watching.days(2027, 1)[0][1]["late"] == {"streets": 1}


def test_a_look_that_is_done_again_tells_the_same() -> None:
    sent("1")
    looked(datetime(2027, 3, 22, 8, tzinfo=NOW.tzinfo))

    late = [looked(datetime(2027, 3, 23, hour, tzinfo=NOW.tzinfo)).late for hour in (8, 9)]

    assert late == [[("streets", False)]] * 2


def test_a_missed_week_is_counted_when_the_next_look_comes() -> None:
    looked()
    for day in range(1, 7):
        sent(str(day), NOW + timedelta(days=day))

    looked(NOW + timedelta(days=8))

    counts = watching.days_of_form("street", [2027])[2027].counts
    assert {day.day: ways for day, ways in counts.items()} == {8 + day: {"page": 1} for day in range(1, 7)}


def test_months_are_summed_by_form_and_unit_and_settled_when_nothing_is_in_hand() -> None:
    first, second = sent("1"), sent("2")
    sent("lamp", NOW)
    changes = {"answered_on": city.day("2027-03-30")}
    answer = Deed(Act.ANSWERED, actor(NADIA), NOW, CaseStatus.ANSWERED, "Klaar.", changes=changes)
    daybook.note(acting.change(first, answer))

    looked(datetime(2027, 4, 2, 8, tzinfo=NOW.tzinfo))

    march = date(2027, 3, 1)
    assert watching.months(2027) == [MonthSum(march, "street", "streets", 3, 0, 1, 2)]
    assert march in watching.state().months

    for case in (second, sent("lamp")):
        daybook.note(acting.change(table.get(case.case_id), answer))  # type: ignore[arg-type]
    looked(datetime(2027, 4, 3, 8, tzinfo=NOW.tzinfo))
    assert watching.state().months == (date(2027, 4, 1),)


def test_what_was_opened_and_answered_again_between_two_looks_is_counted_on_monday() -> None:
    """In a month that is settled: no look of a day goes through it."""
    case = sent("1")
    answer = Deed(
        Act.ANSWERED, actor(NADIA), NOW, CaseStatus.ANSWERED, "Klaar.", changes={"answered_on": date(2027, 3, 9)}
    )
    answered = acting.change(case, answer)
    daybook.note(answered)
    looked(datetime(2027, 4, 1, 8, tzinfo=NOW.tzinfo))
    assert watching.state().months == (date(2027, 4, 1),)

    again = following.reopen(answered, "De tegel ligt weer los.", datetime(2027, 4, 1, 12, tzinfo=NOW.tzinfo))
    daybook.note(acting.change(again, answer))
    looked(datetime(2027, 4, 5, 8, tzinfo=NOW.tzinfo))

    march = [one for one in watching.months(2027) if (one.month.month, one.form_id) == (3, "street")]
    assert [(one.received, one.in_time, one.reopened) for one in march] == [(1, 1, 1)]


def test_a_new_form_that_gets_nothing_rings_after_14_days_of_exposure() -> None:
    """Its owner expects 255 a year. Easter is none of the days, nor is the day after it."""
    publish_anew = datetime(2027, 3, 22, 8, tzinfo=NOW.tzinfo)
    city.publish(replace(STREET, form_id="waste"), at=publish_anew)
    watching.put_form(FormWatch("waste", said=255, edition=1))
    looked(publish_anew)
    rung = [publish_anew + timedelta(days=day) for day in (14, 15, 16)]

    days = [at.date() for at in rung if "waste" in [one.form_id for one in looked(at).new_rings]]

    assert days == [date(2027, 4, 7)]  # 22 March to 6 April are 16 days, of which 14 count
    (ring,) = [one for one in watching.rings() if one.subject == "waste"]
    assert (ring.kind, ring.since, ring.said) == (RingKind.GAP, date(2027, 3, 22), {"expected": "9.8", "came": "0"})


def test_a_form_of_which_nobody_said_what_it_expects_rings() -> None:
    city.publish(replace(STREET, form_id="waste"), at=NOW)

    looked()

    assert rang(RingKind.UNSAID) == ["waste"]


def test_a_dark_form_is_not_silent() -> None:
    head = forms.head("youth-care")
    assert head
    items.transact_write([forms.putting_head(replace(head, dark_since=NOW, dark_why="leave", edition=2))])
    looked()
    looked(MORNING + timedelta(days=40))

    assert CARE.form_id not in rang(RingKind.GAP)
    assert date(2027, 4, 1) in watching.days_of_form("youth-care", [2027])[2027].dark


def test_whoever_looked_at_the_last_one_does_not_look_at_the_next_one() -> None:
    looked(MORNING, lambda *_, **__: Asked(Trouble.NO_ANSWER))
    ring = watching.rings()[0]
    done = replace(
        ring, looked_at=MORNING, looked_by="sub-wim", looked_name="Wim", finding=Finding.NOTHING, words="Niets gezien."
    )
    watching.look(done)

    looked(MORNING + timedelta(days=1), lambda *_, **__: Asked(Trouble.NO_ANSWER))

    (again,) = [one for one in watching.rings() if one.ring_id == ring.ring_id]
    assert again.not_by == "sub-wim"
    assert [one.words for one in watching.looked_at(2027)] == ["Niets gezien."]


def test_a_case_that_is_gone_rings_until_somebody_looked_and_not_each_day_anew() -> None:
    case, other = sent("1"), sent("2")
    stored = {"Put": {"Item": items.call("GetItem", Key=items.key(table.PREFIX + case.case_id, table.SK))["Item"]}}
    items.transact_write(table.removing(case, []))
    looked()
    look_at(RingKind.COUNT)

    looked(MORNING + timedelta(days=1))
    assert rang(RingKind.COUNT) == []

    items.transact_write(table.removing(other, []))
    looked(MORNING + timedelta(days=2))
    assert rang(RingKind.COUNT) == [other.case_id]  # it got worse
    look_at(RingKind.COUNT)

    items.transact_write([stored, table.putting_back(case)])  # from a backup
    looked(MORNING + timedelta(days=3))
    items.transact_write(table.removing(case, []))
    looked(MORNING + timedelta(days=4))
    assert rang(RingKind.COUNT) == [case.case_id]
    assert [one.not_by for one in watching.rings() if one.kind is RingKind.COUNT] == ["sub-wim"]


def look_at(kind: RingKind) -> None:
    """By Wim."""
    (ring,) = [one for one in watching.rings() if one.kind is kind]
    looked_at = replace(ring, looked_at=MORNING, looked_by="sub-wim", looked_name="Wim", finding=Finding.FAULT)
    watching.look(replace(looked_at, words="Verwijderd met de console."))


def test_one_part_that_fails_keeps_no_other_from_looking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daily, "reconcile", lambda *_: 1 / 0)
    items.transact_write([units.putting(replace(STREETS, people=(), edition=2))])

    found = daily.look(MORNING, web)

    assert found.failed == ["counts"]
    assert rang(RingKind.PEOPLE) == ["street/streets"]
    assert watching.days(2027, 1)[0][1]["failed"] == ["counts"]


def test_mails_that_became_no_case_ring_when_nobody_saw_to_them_over_a_weekend() -> None:
    arriving.leave("mails/1", "dark", "a" * 64, NOW - timedelta(days=1))
    looked(NOW + timedelta(days=1))
    assert rang(RingKind.MAILS) == []

    looked(NOW + timedelta(days=2))

    assert rang(RingKind.MAILS) == ["desk"]


def test_a_complaint_rings_that_nobody_may_answer_since_people_joined_a_unit() -> None:
    case = sending.send(city.complaint(), NOW).case
    handling.say_concerned(city.KOEN, case.case_id, 1, ["streets"], "", NOW)
    looked()
    assert rang(RingKind.INDEPENDENT) == []

    items.transact_write([units.putting(replace(STREETS, people=(city.KOEN.email,), edition=2))])
    looked(MORNING + timedelta(days=1))

    assert rang(RingKind.INDEPENDENT) == [case.case_id]


def test_a_receipt_that_did_not_go_out_rings_and_is_queued_again_also_once_it_is_answered() -> None:
    """Its message ended in the dead letters; the answer's too."""
    open_one, done = sent("1"), sent("2")
    deed = Deed(Act.ANSWERED, actor(NADIA), NOW, CaseStatus.ANSWERED, changes={"answered_on": NOW.date()})
    acting.change(done, deed)
    table.mark_told(sent("3"), 1, CITIZEN)

    found = looked()

    assert sorted(found.unsent) == sorted([open_one.case_id, done.case_id])
    (ring,) = [one for one in watching.rings() if one.kind is RingKind.UNSENT]
    assert (ring.since, ring.said["count"]) == (NOW.date(), "2")
    for number in (1, 2):
        table.mark_told(done, number, CITIZEN)
    table.mark_told(open_one, 1, CITIZEN)
    assert looked(MORNING + timedelta(days=1)).unsent == []


def test_a_receipt_of_this_minute_does_not_ring_yet() -> None:
    sent("1", MORNING)

    assert len(looked(MORNING + timedelta(minutes=30)).unsent) == 1
    assert rang(RingKind.UNSENT) == []
