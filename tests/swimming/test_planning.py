"""What the programme manager makes of the timetable, and what is wrong beside each field."""

from datetime import date, timedelta

import pytest

from chalicelib.core.http.problems import Problem
from chalicelib.swimming import booking, planning, rules, timetable
from chalicelib.swimming.rules import MOST_PATTERNS, SwimmingTerms
from tests.camps import family
from tests.swimming.pool import CLAEYS, NOW, PEETERS, SATURDAY, THIS_SATURDAY, on, opened, pattern

SATURDAYS = {
    "lane": "Lane 1",
    "weekday": "5",
    "starts": "10:00",
    "ends": "11:00",
    "places": "20",
    "valid_from": "2027-06-01",
    "valid_until": "2027-08-31",
}
WHY = {"nl": "Onderhoud", "fr": "Entretien", "en": "Maintenance"}


def wrong(use) -> dict[str, str]:
    with pytest.raises(Problem) as refused:
        use()
    return {one["field"]: one["message"] for one in refused.value.document("en")["errors"]}


def test_a_pattern_is_made(table):
    planning.add_pattern(SATURDAYS, NOW)

    assert timetable.current().patterns == (SATURDAY,)
    assert [one.slot.day for one in planning.occupancy(date(2027, 5, 31))] == [date(2027, 6, 5)]


def test_the_same_form_twice_makes_one(table):
    planning.add_pattern(SATURDAYS, NOW)
    planning.add_pattern(SATURDAYS, NOW)

    assert timetable.current().patterns == (SATURDAY,)


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"lane": ""}, "lane", "Say where"),
        ({"weekday": "7"}, "weekday", "Choose a day"),
        ({"starts": "25:00"}, "starts", "Give an hour"),
        ({"ends": "10:00"}, "ends", "This must be after"),
        ({"places": "0"}, "places", "Give the number of places"),
        ({"places": "1000"}, "places", "Give the number of places"),
        ({"places": "twenty"}, "places", "Give the number of places"),
        ({"valid_from": "2027-02-30"}, "valid_from", "Give a date"),
        ({"valid_until": "2027-05-01"}, "valid_until", "This must not be before the first day."),
        ({"valid_until": "2027-06-03"}, "weekday", "There is no such day"),
        ({"valid_until": "2028-06-10"}, "valid_until", "A pattern is for 366 days"),
        (
            {"weekday": "6", "starts": "02:30", "ends": "05:00", "valid_until": "2027-10-31"},
            "starts",
            "On Sunday 31 October 2027 the clocks skip or repeat one of these hours.",
        ),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(table, changed, field, words):
    errors = wrong(lambda: planning.add_pattern({**SATURDAYS, **changed}, NOW))

    assert list(errors) == [field]
    assert errors[field].startswith(words)
    assert timetable.current().patterns == ()


def test_what_overlaps_is_refused_and_named(table):
    planning.add_pattern(SATURDAYS, NOW)

    errors = wrong(lambda: planning.add_pattern({**SATURDAYS, "starts": "10:30", "ends": "12:00"}, NOW))

    assert errors == {
        "starts": "This overlaps with another hour there: 10:00 to 11:00, from 2027-06-01 until 2027-08-31."
    }


def test_another_end_for_the_same_hour_is_an_overlap_too(table):
    planning.add_pattern(SATURDAYS, NOW)
    assert list(wrong(lambda: planning.add_pattern({**SATURDAYS, "ends": "12:00"}, NOW))) == ["starts"]


def test_there_is_an_end_to_patterns(table):
    opened(*(pattern(lane=f"Lane {number}") for number in range(MOST_PATTERNS)))

    assert list(wrong(lambda: planning.add_pattern({**SATURDAYS, "lane": "One more"}, NOW))) == ["lane"]


def test_a_pattern_ends_earlier_and_who_booked_beyond_must_be_told(table):
    claeys, peeters = family(email="an@example.be").pass_, family(email="piet@example.be").pass_
    opened(SATURDAY)
    beyond = on(SATURDAY, date(2027, 6, 12))
    booking.book(claeys.family_id, beyond, 3, NOW)
    booking.book(peeters.family_id, beyond, 2, NOW)
    booking.book(peeters.family_id, THIS_SATURDAY, 2, NOW)

    planning.change_pattern(SATURDAY.pattern_id, {"places": "20", "valid_until": "2027-06-06"})

    [one] = planning.to_tell(NOW)
    assert (one.slot.slot_id, one.families, one.people) == (beyond, 2, 5)
    assert one.addresses == ["an@example.be", "piet@example.be"]


def test_a_pattern_does_not_grow_into_another(table):
    opened(SATURDAY, pattern(starts="10:30", valid_from=date(2027, 9, 1), valid_until=date(2027, 12, 31)))

    errors = wrong(lambda: planning.change_pattern(SATURDAY.pattern_id, {"places": "20", "valid_until": "2027-09-30"}))

    assert list(errors) == ["valid_until"]


def test_an_unknown_pattern_is_not_found(table):
    opened()
    with pytest.raises(Problem) as refused:
        planning.change_pattern("unknown2", {"places": "20", "valid_until": "2027-09-30"})
    assert refused.value.kind.slug == "not-found"


def test_a_closed_day_says_who_must_be_told_and_how_many(table):
    claeys = family(email="an@example.be").pass_
    opened(SATURDAY)
    booking.book(claeys.family_id, THIS_SATURDAY, 3, NOW)
    booking.book(PEETERS, THIS_SATURDAY, 2, NOW)

    [one] = planning.close({"day": "2027-06-05", "why": WHY}, NOW)

    assert (one.families, one.people, one.addresses) == (2, 5, ["an@example.be"])
    assert booking.week(date(2027, 5, 31))[0].slot.why == WHY


def test_a_day_without_bookings_concerns_nobody_and_opens_again(table):
    opened(SATURDAY)

    assert planning.close({"day": "2027-06-05", "why": WHY}, NOW) == []
    planning.reopen(date(2027, 6, 5))
    planning.reopen(date(2027, 6, 5))

    assert booking.book(CLAEYS, THIS_SATURDAY, 3, NOW).people == 3


def test_what_a_family_gives_up_it_need_not_be_told(table):
    opened(SATURDAY)
    booking.book(CLAEYS, THIS_SATURDAY, 3, NOW)
    planning.close({"day": "2027-06-05", "why": WHY}, NOW)

    booking.cancel(CLAEYS, THIS_SATURDAY, NOW + timedelta(days=2, hours=15))

    assert planning.to_tell(NOW) == []


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"day": "2027-06-01", "why": WHY}, "day"),
        ({"day": "soon", "why": WHY}, "day"),
        ({"day": "2027-06-05", "why": {**WHY, "fr": ""}}, "why.fr"),
    ],
)
def test_what_is_wrong_with_a_closed_day(table, form, field):
    assert list(wrong(lambda: planning.close(form, NOW))) == [field]


def test_the_city_sets_its_terms(table):
    assert timetable.current().terms == SwimmingTerms(visits_a_week=3, cancel_hours=2)

    planning.set_terms({"visits_a_week": "1", "cancel_hours": "24"})

    assert timetable.remembered().terms == SwimmingTerms(1, 24)
    assert list(wrong(lambda: planning.set_terms({"visits_a_week": "0", "cancel_hours": "999"}))) == [
        "visits_a_week",
        "cancel_hours",
    ]


def test_two_managers_at_once_lose_nothing(table):
    def changed(before):
        if before.edition == 0:
            planning.set_terms({"visits_a_week": "5", "cancel_hours": "1"})
        return rules.with_pattern(before, SATURDAY)

    after = timetable.change(changed)

    assert (after.patterns, after.terms) == ((SATURDAY,), SwimmingTerms(5, 1))


def test_who_is_always_interrupted_is_told(table):
    def interrupted(before):
        planning.set_terms({"visits_a_week": str(before.edition + 1), "cancel_hours": "1"})
        return before

    with pytest.raises(Problem) as refused:
        timetable.change(interrupted)
    assert refused.value.kind.slug == "changed"
