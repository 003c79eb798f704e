"""The configuration check: each thing that can be wrong is found, and named where it stands."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.core.http.fields import check
from chalicelib.core.languages import LANGUAGES, translate
from chalicelib.programme.openings.check import SOONEST, Circumstances, findings, passes
from chalicelib.programme.openings.plans import PLAN, plan_of
from tests.camps import BOUWKAMP
from tests.programme.openings import plans
from tests.programme.openings.plans import DRAW

NOW = datetime(2027, 3, 6, 18, 0, tzinfo=UTC)
KNOWN = Circumstances(
    now=NOW,
    sessions={BOUWKAMP.session_id: BOUWKAMP},
    free={BOUWKAMP.session_id: 20},
    taken={},
    holidays={date(2027, 5, 6): "Ascension", date(2027, 8, 15): "Assumption"},
    untranslated=dict.fromkeys(LANGUAGES, 0),
    mails_a_second=14,
)


def found(known=KNOWN, **changed):
    """The codes of what is found, and where."""
    plan = plan_of(check(PLAN, plans.PLAN | changed))
    return {(one.code, one.session_id or one.field) for one in findings(plan, known)}


def session(**changed):
    """What is known when the Bouwkamp is like this."""
    return replace(KNOWN, sessions={BOUWKAMP.session_id: replace(BOUWKAMP, **changed)})


def window(opens_at="2027-05-07T19:00", minutes=30, *postcodes):
    return {"opens_at": opens_at, "spread_minutes": minutes, "postcodes": list(postcodes)}


BOUW = BOUWKAMP.session_id


def test_a_plan_as_it_should_be_has_no_findings():
    assert found() == set()
    assert found(**DRAW) == set()


@pytest.mark.parametrize(
    ("known", "code"),
    [
        (replace(KNOWN, sessions={}), "unknown-session"),
        (session(capacity=None), "no-seats"),
        (session(capacity=0), "no-seats"),
        (session(price_cents=None), "no-price"),
        (session(age_min=None), "incomplete"),
        (session(opens_at=NOW - timedelta(days=1)), "already-open"),
        (session(starts_on=date(2027, 5, 7), ends_on=date(2027, 5, 8)), "closes-early"),
        (session(deadline=datetime(2027, 5, 7, 17, 5, tzinfo=UTC)), "closes-early"),
        (session(starts_on=date(2027, 8, 15)), "on-holiday"),
        (session(ends_on=date(2027, 8, 15)), "on-holiday"),
        (replace(KNOWN, taken={BOUW: "2027-abcdef"}), "in-another-opening"),
    ],
)
def test_a_session_that_cannot_be_given_is_named(known, code):
    assert found(known) == {(code, BOUW)}


def test_a_session_for_free_has_a_price():
    assert found(session(price_cents=0)) == set()


def test_windows_lie_in_the_future_on_a_working_day_and_in_order():
    soonest = NOW + SOONEST
    for opens_at, wrong in ((soonest, set()), (soonest - timedelta(seconds=1), {("too-soon", "windows[0].opens_at")})):
        known = found(windows=[window(opens_at.isoformat())], passes_until="2027-03-06T19:01")
        assert known == wrong
    assert found(windows=[window("2027-05-06T21:00")]) == {("on-holiday", "windows[0].opens_at")}
    residents, everyone = window("2027-05-07T19:00", 30, "9970"), window("2027-05-07T19:30")
    assert found(windows=[residents, everyone]) == set()
    assert found(windows=[residents, window("2027-05-07T19:29")]) == {("windows-overlap", "windows[1].opens_at")}
    assert found(windows=[window(), window("2027-05-07T20:00", 30, "9970")]) == {
        ("never-reached", "windows[1]"),
        ("residents-only", "windows[1].postcodes"),
    }


def test_the_last_holiday_minute_is_by_the_clocks_of_brussels():
    # 22:30 UTC on the eve is half past midnight on the day of the Ascension.
    assert found(windows=[window("2027-05-05T22:30Z")], passes_until="2027-05-01T20:00") == {
        ("on-holiday", "windows[0].opens_at")
    }


def test_an_opening_for_residents_only_is_allowed_and_said():
    plan = plan_of(check(PLAN, plans.PLAN | {"windows": [window("2027-05-07T19:00", 30, "9970")]}))

    (only,) = findings(plan, KNOWN)

    assert (only.code, only.is_notice) == ("residents-only", True)
    assert passes([only])


def test_passes_are_asked_for_before_the_first_window_and_not_in_the_past():
    assert found(passes_until="2027-05-07T19:00") == {("passes-until-late", "passes_until")}
    assert found(passes_until="2027-03-06T19:00") == {("passes-until-past", "passes_until")}


def test_a_draw_has_an_end_and_no_spread():
    assert found(**DRAW | {"wishes_until": None}) == {("wishes-until-missing", "wishes_until")}
    assert found(**DRAW | {"wishes_until": "2027-05-07T19:00"}, expected_families=10) == {
        ("wishes-until-early", "wishes_until")
    }
    assert found(**DRAW | {"windows": [window()]}) == {("draw-with-spread", "windows[0].spread_minutes")}
    residents, everyone = window("2027-05-07T19:00", 0, "9970"), window("2027-05-08T19:00", 0)
    assert found(**DRAW | {"windows": [residents, everyone]}) == {("draw-with-windows", "windows")}
    assert found(**DRAW | {"wishes_until": "2027-08-16T19:00"}) == {("closes-early", BOUW)}


def test_what_only_a_draw_has_is_not_forgotten_in_another_plan():
    assert found(wishes_until="2027-05-14T19:00", beacon="Lotto") == {
        ("only-of-a-draw", "wishes_until"),
        ("only-of-a-draw", "beacon"),
    }


def test_texts_are_there_in_each_language():
    assert found(titles={"nl": "Kampen"}) == {("text-missing", "titles.fr"), ("text-missing", "titles.en")}
    assert found(incident_rule=plans.PLAN["incident_rule"] | {"fr": None}) == {("text-missing", "incident_rule.fr")}
    assert found(replace(KNOWN, untranslated={"nl": 0, "fr": 3})) == {("mails-untranslated", "fr")}


def test_families_are_left_a_seat():
    assert found(held_back=[{"session_id": BOUW, "staff": 15, "reduced": 4}]) == set()
    assert found(held_back=[{"session_id": BOUW, "staff": 15, "reduced": 5}]) == {("held-back-too-many", BOUW)}
    assert found(replace(KNOWN, free={BOUW: 0})) == {("full", BOUW)}


def test_too_many_families_are_told_a_spread_that_would_do():
    plan = plan_of(check(PLAN, plans.PLAN | {"expected_families": 300_000}))

    fast = replace(KNOWN, mails_a_second=1_000)
    (load,) = findings(plan, fast)

    assert (load.code, load.field, load.values["enough"]) == ("too-many-families", "windows[0].spread_minutes", 60)
    assert found(fast, expected_families=300_000, windows=[window(minutes=60)]) == set()
    assert found(fast, **DRAW | {"wishes_until": "2027-05-07T19:30"}, expected_families=300_000) == {
        ("too-many-families", "wishes_until")
    }


def test_seats_are_held_long_enough_for_their_mails_to_arrive():
    """2,000 families have 4,000 mails: at 14 a second the last leaves after five minutes."""
    at_once = {"windows": [window(minutes=0)], "expected_families": 150}
    assert found(hold_minutes=15) == set()  # over half an hour there is time for all of them
    assert found(hold_minutes=9, **DRAW) == {("hold-too-short", "hold_minutes")}
    assert found(hold_minutes=10, **DRAW) == set()
    assert found(hold_minutes=1, **at_once) == set()  # 21 seconds
    sandbox = replace(KNOWN, mails_a_second=1)
    assert found(sandbox, hold_minutes=70) == {("hold-too-short", "hold_minutes")}

    plan = plan_of(check(PLAN, plans.PLAN | {"hold_minutes": 70}))
    (short,) = findings(plan, sandbox)
    assert (short.values["late"], short.values["enough"]) == (37, 74)


def test_offers_last_long_enough_for_their_mails_to_arrive():
    """An offer for the same day may be one for a minute; one until 20:00 the next day lasts 20 hours."""
    many = {"expected_families": 50_000, "windows": [window(minutes=30)]}  # the last mail is 90 minutes late
    assert found(**many) == set()
    assert found(**many, offer_days=1, offer_hour=2) == {("offer-too-short", "offer_days")}
    assert found(**many, offer_days=0) == {("offer-too-short", "offer_days")}
    assert found(replace(KNOWN, mails_a_second=100), **many, offer_days=0) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_can_be_said_in_each_language(language):
    known = replace(session(capacity=None, price_cents=None, age_min=None), untranslated={"nl": 1})
    known = replace(known, taken={BOUW: "2027-abcdef"})
    wrong = [window("2027-05-06T21:00", 30, "9970"), window("2027-05-06T21:01"), window("2027-05-06T21:02")]
    plan = plan_of(
        check(
            PLAN,
            plans.PLAN | {"windows": wrong, "expected_families": 300_000, "hold_minutes": 5, "titles": {"nl": "x"}},
        )
    )

    for one in findings(plan, known):
        assert "{" not in translate(one.message, language, **one.values)
