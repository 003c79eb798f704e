"""What an action does to everybody's moment, and when it makes no sense."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.http import fields
from chalicelib.core.http.problems import Problem
from chalicelib.mail.households import is_concerned
from chalicelib.office.incidents.rules import KNOWN_AFTER, Action, ProposedIncident, applied, in_effect
from chalicelib.office.incidents.rules import given as given_seats
from chalicelib.people.families.rules import Naming
from chalicelib.programme.openings import plans
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.admission import admission, failed_through_us
from chalicelib.programme.openings.rules import Opening, OpeningKind, State
from chalicelib.seats.rules import Channel, Seats
from tests.programme.openings.plans import DRAW, OPENS_AT, PLAN

WHY = {"nl": "Storing", "fr": "Panne", "en": "Outage"}
START = OPENS_AT.astimezone(UTC)


def opening(**changed: object) -> Opening:
    plan = plans.plan_of(fields.check(plans.PLAN, PLAN))
    return replace(Opening("2027-abcdef", 1, plan, State.PUBLISHED, bytes(32)), **changed)


def a_draw() -> Opening:
    return opening(plan=plans.plan_of(fields.check(plans.PLAN, PLAN | DRAW)))


def asked(action: Action, **more: object) -> ProposedIncident:
    return ProposedIncident(action, WHY, **more)


def refusal(one: Opening, what: ProposedIncident, now: datetime) -> str:
    with pytest.raises(Problem) as refused:
        applied(one, what, now)
    assert refused.value.kind.slug == "not-now"
    return str(refused.value.document("en")["detail"])


def moments(one: Opening) -> list[datetime]:
    """When thirty families are admitted, three of them late."""
    since = int((one.plan.passes_until - timedelta(days=1)).timestamp())
    named = [Naming(f"family{number:05d}", since if number > 2 else since + 2 * 86400) for number in range(30)]
    found = [admission(one, [naming], "9970") for naming in named]
    return [each.at for each in found if each]


SECONDS = st.integers(-3600, 3600).map(lambda seconds: START + timedelta(seconds=seconds))
LENGTHS = st.integers(1, 7200).map(lambda seconds: timedelta(seconds=seconds))


def paused_and_resumed(one: Opening, at: datetime, length: timedelta) -> Opening:
    return applied(applied(one, asked(Action.PAUSE), at), asked(Action.RESUME), at + length)


# Pause and resume.


@given(at=SECONDS, length=LENGTHS)
def test_a_pause_moves_what_was_to_happen_since_by_its_length_and_nothing_else(at, length):
    before, after = opening(), paused_and_resumed(opening(), at, length)
    paused_at, resumed_at = in_effect(at), in_effect(at + length)
    for old, new in zip(moments(before), moments(after), strict=True):
        assert new == (old if old < paused_at else old + (resumed_at - paused_at))
        assert not paused_at <= new < resumed_at  # nobody is admitted while it is paused


@given(pauses=st.lists(st.tuples(LENGTHS, LENGTHS), max_size=4), restart=st.booleans(), extension=st.integers(0, 60))
def test_whatever_happens_the_order_stays_and_nobody_is_admitted_earlier(pauses, restart, extension):
    one, now = opening(), START
    for wait, length in pauses:
        now += wait
        one = paused_and_resumed(one, now, length)
        now += length
    if extension and now + KNOWN_AFTER < one.spread_ends_at:
        one = applied(one, asked(Action.EXTEND, minutes=extension), now)
    if restart:
        one = applied(one, asked(Action.RESTART, moment=now + timedelta(days=1)), now)
    before, after = moments(opening()), moments(one)
    ordered = [number for number, _ in sorted(enumerate(before), key=lambda each: (each[1], each[0]))]
    assert [number for number, _ in sorted(enumerate(after), key=lambda each: (each[1], each[0]))] == ordered
    assert all(new >= old for old, new in zip(before, after, strict=True))


def test_a_pause_holds_when_every_container_knows_of_it():
    paused = applied(opening(), asked(Action.PAUSE), START)
    assert paused.paused_at == START + KNOWN_AFTER
    assert not paused.is_paused(START + timedelta(seconds=9.999))
    assert paused.is_paused(START + timedelta(seconds=10))
    assert KNOWN_AFTER.total_seconds() > openings.SECONDS_REMEMBERED


def test_what_families_are_told_goes_with_the_pause():
    paused = applied(opening(), asked(Action.PAUSE), START)
    assert paused.why == WHY
    assert applied(paused, asked(Action.RESUME), START + timedelta(minutes=5)).why == {}


def test_a_pause_that_ends_in_the_second_it_began_moves_nothing():
    assert paused_and_resumed(opening(), START, timedelta(0)).shifts == ()


# Extending.


def test_an_extension_moves_whoever_is_not_admitted_yet():
    now = START + timedelta(minutes=10)
    after = applied(opening(), asked(Action.EXTEND, minutes=15), now)
    for old, new in zip(moments(opening()), moments(after), strict=True):
        assert new == (old if old < in_effect(now) else old + timedelta(minutes=15))


def test_an_extension_of_a_draw_moves_the_end_of_its_wishes_alone():
    one = a_draw()
    after = applied(one, asked(Action.EXTEND, minutes=60), START - timedelta(days=1))
    assert after.wishes_until == one.wishes_until + timedelta(hours=1)
    assert after.opens_at == one.opens_at


def test_an_opening_that_became_a_draw_is_extended_like_a_draw():
    until = START + timedelta(days=3)
    drawn = applied(opening(), asked(Action.TURN_INTO_DRAW, moment=until), START)
    assert applied(drawn, asked(Action.EXTEND, minutes=60), START).wishes_until == until + timedelta(hours=1)


# A new moment.


def test_a_new_moment_moves_the_whole_plan_and_keeps_seed_and_order():
    moment = START + timedelta(days=7)
    one = paused_and_resumed(opening(), START + timedelta(minutes=5), timedelta(minutes=20))
    after = applied(one, asked(Action.RESTART, moment=moment), START + timedelta(hours=1))
    assert after.opens_at == moment
    assert [new - old for old, new in zip(moments(opening()), moments(after), strict=True)] == [timedelta(days=7)] * 30
    assert (after.seed, after.plan) == (one.seed, one.plan)


def test_a_paused_opening_can_begin_anew_at_once():
    paused = applied(opening(), asked(Action.PAUSE), START)
    after = applied(paused, asked(Action.RESTART, moment=START + timedelta(days=1)), START + timedelta(minutes=1))
    assert (after.state, after.paused_at) == (State.PUBLISHED, None)


# A draw instead.


def test_it_becomes_a_draw_until_the_moment_that_was_set_whatever_moved_it_before():
    until = START + timedelta(hours=3)
    one = paused_and_resumed(opening(), START + timedelta(minutes=5), timedelta(minutes=20))
    after = applied(one, asked(Action.TURN_INTO_DRAW, moment=until), START + timedelta(minutes=28))
    assert (after.kind, after.wishes_until) == (OpeningKind.DRAW, until)


def test_a_paused_opening_becomes_a_draw_and_is_paused_no_more():
    paused = applied(opening(), asked(Action.PAUSE), START)
    after = applied(paused, asked(Action.TURN_INTO_DRAW, moment=START + timedelta(days=1)), START + timedelta(hours=1))
    assert (after.state, after.wishes_until) == (State.PUBLISHED, START + timedelta(days=1))


def test_a_seed_that_is_public_makes_no_draw_unless_a_beacon_is_mixed_in():
    over, later = START + timedelta(minutes=31), START + timedelta(days=2)
    assert "seed" in refusal(opening(), asked(Action.TURN_INTO_DRAW, moment=later), over)
    with_beacon = opening(plan=replace(opening().plan, beacon="Lotto, 8 May 2027"))
    assert applied(with_beacon, asked(Action.TURN_INTO_DRAW, moment=later), over).kind is OpeningKind.DRAW


@pytest.mark.parametrize(
    "what", [asked(Action.PAUSE), asked(Action.RESTART, moment=START + timedelta(days=2))], ids=lambda what: what.action
)
def test_a_seed_that_was_public_is_no_secret_again_because_another_incident_hides_it(what):
    since = applied(opening(), what, START + timedelta(minutes=31))
    turned = asked(Action.TURN_INTO_DRAW, moment=START + timedelta(days=4))
    assert "seed" in refusal(since, turned, START + timedelta(minutes=40))


def test_a_seed_that_some_containers_show_before_they_hear_of_the_incident_is_public():
    turned = asked(Action.TURN_INTO_DRAW, moment=START + timedelta(days=4))
    assert "seed" in refusal(opening(), turned, START + timedelta(minutes=29, seconds=58))


# What makes no sense.


PAUSED = applied(opening(), asked(Action.PAUSE), START)
DRAWN_INSTEAD = applied(opening(), asked(Action.TURN_INTO_DRAW, moment=START + timedelta(days=1)), START)
NEXT_WEEK, IN_HALF_AN_HOUR = START + timedelta(days=7), START + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("one", "what", "says"),
    [
        (opening(state=State.DRAFT), asked(Action.PAUSE), "not published"),
        (opening(state=State.DRAWN), asked(Action.PAUSE), "The draw is over"),
        (PAUSED, asked(Action.PAUSE), "paused already"),
        (opening(), asked(Action.RESUME), "not paused"),
        (PAUSED, asked(Action.EXTEND, minutes=5), "Resume it"),
        (opening(), asked(Action.RESTART, moment=START - timedelta(days=1)), "at least an hour"),
        (opening(), asked(Action.RESTART, moment=IN_HALF_AN_HOUR), "at least an hour"),
        (DRAWN_INSTEAD, asked(Action.RESTART, moment=NEXT_WEEK), "a draw already"),
        (a_draw(), asked(Action.TURN_INTO_DRAW, moment=NEXT_WEEK), "a draw already"),
        (DRAWN_INSTEAD, asked(Action.TURN_INTO_DRAW, moment=NEXT_WEEK), "a draw already"),
        (opening(), asked(Action.TURN_INTO_DRAW, moment=IN_HALF_AN_HOUR), "at least an hour"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_reason(one, what, says):
    assert says in refusal(one, what, START + timedelta(minutes=1))


def test_nobody_is_admitted_earlier_by_a_new_moment():
    week_before = START - timedelta(days=7)
    assert "earlier" in refusal(opening(), asked(Action.RESTART, moment=START - timedelta(days=1)), week_before)


def test_a_draw_before_its_opening_takes_wishes_after_it():
    what = asked(Action.TURN_INTO_DRAW, moment=START - timedelta(days=1))
    assert "later" in refusal(opening(), what, START - timedelta(days=7))


def test_when_everybody_is_admitted_nothing_is_left_to_extend():
    assert "nothing left" in refusal(opening(), asked(Action.EXTEND, minutes=5), START + timedelta(minutes=30))


def test_wishes_that_are_closed_are_not_opened_again():
    one = a_draw()
    assert "nothing left" in refusal(one, asked(Action.EXTEND, minutes=5), one.wishes_until - timedelta(seconds=5))


# Who is concerned.


SEATS = Seats(
    "s",
    20,
    14,
    {"a": "opened", "b": "waited", "c": "desked", "d": "granted", "e": "granted", "~staff-1": "~staff"},
    0,
    1,
    date(2020, 8, 17),
    date(2024, 8, 16),
    channels={"waited": Channel.WAITING_LIST, "desked": Channel.DESK, "granted": Channel.EXCEPTION},
)


def test_what_came_by_the_order_is_taken_back_and_what_was_granted_out_of_it_stays():
    assert given_seats(SEATS) == ["opened", "waited", "desked"]


@pytest.mark.parametrize(("born", "is_one"), [("2020-08-17", True), ("2024-08-16", True), ("2020-08-16", False)])
def test_a_family_is_concerned_by_the_age_of_a_child(born, is_one):
    assert is_concerned(["2001-01-01", born], [SEATS]) is is_one


@given(at=SECONDS, length=LENGTHS, tried=SECONDS)
def test_an_attempt_failed_through_us_if_it_came_during_the_pause(at, length, tried):
    one = paused_and_resumed(opening(), at, length)
    assert failed_through_us(one, tried) == (in_effect(at) <= tried < in_effect(at + length))


def test_every_attempt_at_an_opening_that_was_void_failed_through_us():
    one = applied(opening(), asked(Action.RESTART, moment=START + timedelta(days=7)), START + timedelta(hours=1))
    assert failed_through_us(one, START + timedelta(minutes=45))
    assert not failed_through_us(one, START + timedelta(days=7))
