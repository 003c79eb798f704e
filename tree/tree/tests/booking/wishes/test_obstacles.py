"""What would stop a registration later."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from chalicelib.booking.wishes.obstacles import STOPS, WORDS, Obstacle, ObstacleKind, WishFacts, obstacles
from chalicelib.people.families.rules import Bearer, Child, Naming
from chalicelib.programme.openings.rules import Opening, OpeningKind, Plan, State, Window
from chalicelib.programme.sessions.rules import all_free
from tests.camps import BOUWKAMP, JEF, LOU, NOOR, TOO_OLD

OPENS = datetime(2027, 5, 7, 17, tzinfo=UTC)
NOW = datetime(2027, 3, 6, 18, tzinfo=UTC)
KOOKKAMP = replace(
    BOUWKAMP, session_id="kookkamp99", title="Kookkamp", starts_on=date(2027, 8, 18), ends_on=date(2027, 8, 20)
)
IN_JULY = replace(BOUWKAMP, session_id="inzjuly999", starts_on=date(2027, 7, 5), ends_on=date(2027, 7, 9))
SESSIONS = {one.session_id: one for one in (BOUWKAMP, KOOKKAMP, IN_JULY)}
PLAN = Plan(
    kind=OpeningKind.FIRST_COME,
    titles={"nl": "Zomer"},
    country="BE",
    session_ids=tuple(SESSIONS),
    windows=(Window(OPENS, timedelta(minutes=30)),),
    passes_until=OPENS - timedelta(days=1),
    expected_families=100,
    incident_rule={"nl": "…"},
)


def opening(**plan) -> Opening:
    return Opening("2027-abcdef", 1, replace(PLAN, **plan), State.PUBLISHED, bytes(32))


def found(*wishes, who=None, taken=(), now=NOW, of=None, **seats) -> list[Obstacle]:
    """Of wishes as (session, child …)."""
    all_seats = {one: replace(all_free(session), **seats) for one, session in SESSIONS.items()}
    pairs = [[(child.child_id, session.session_id) for child in children] for session, *children in wishes]
    known = WishFacts(SESSIONS, all_seats, frozenset((child.child_id, session.session_id) for child, session in taken))
    return obstacles(who or bearer(LOU, JEF), of or opening(), pairs, known, now)


def bearer(*children: Child, postcode: str = "9970", known_since: datetime = NOW) -> Bearer:
    namings = {one.child_id: Naming("anclaeys234", int(known_since.timestamp())) for one in children}
    return Bearer("pass", "anclaeys234", "nl", postcode, {one.child_id: one.birth_date for one in children}, namings)


def kinds(several: list[Obstacle]) -> list[tuple[ObstacleKind, int | None]]:
    return [(one.what, one.wish) for one in several]


def test_nothing_stands_in_the_way_of_wishes_that_fit():
    assert found((BOUWKAMP, LOU, JEF), (IN_JULY, LOU)) == []


def test_a_child_of_another_age_on_the_first_day_is_named_with_the_ages():
    robbe = bearer(LOU, TOO_OLD)

    [age] = found((BOUWKAMP, LOU, TOO_OLD), who=robbe)

    assert (age.what, age.child_ids, age.stops) == (ObstacleKind.AGE, (TOO_OLD.child_id,), True)
    assert age.values == {"age_min": 3, "age_max": 6}


def test_a_session_that_begins_before_the_opening_is_closed_by_then():
    over = replace(PLAN.windows[0], opens_at=datetime(2027, 8, 17, 17, tzinfo=UTC))

    assert kinds(found((BOUWKAMP, LOU), of=opening(windows=(over,)))) == [(ObstacleKind.CLOSED, 0)]


def test_a_postcode_outside_every_window_is_about_all_wishes():
    window = replace(PLAN.windows[0], postcodes=("9000", "9050"))

    [postcode] = found((BOUWKAMP, LOU), of=opening(windows=(window,)))

    assert (postcode.what, postcode.wish) == (ObstacleKind.NOT_FROM_THERE, None)
    assert postcode.values == {"postcodes": "9000, 9050", "postcode": "9970"}


def test_who_is_registered_already_need_not_wish_for_it():
    assert kinds(found((BOUWKAMP, LOU, JEF), taken=[(JEF, BOUWKAMP)])) == [(ObstacleKind.REGISTERED, 0)]
    assert kinds(found((IN_JULY, JEF), taken=[(JEF, BOUWKAMP)])) == []


def test_two_wishes_for_one_child_on_the_same_days_are_told_of_but_stop_nothing():
    [overlaps] = found((BOUWKAMP, LOU, JEF), (IN_JULY, LOU), (KOOKKAMP, JEF))

    assert (overlaps.what, overlaps.wish, overlaps.child_ids) == (ObstacleKind.OVERLAPS, 2, (JEF.child_id,))
    assert (overlaps.session_id, overlaps.other_id) == (KOOKKAMP.session_id, BOUWKAMP.session_id)
    assert not overlaps.stops


def test_a_child_that_was_named_late_comes_after_all_others():
    late = bearer(LOU, known_since=OPENS)

    [told] = found((BOUWKAMP, LOU), who=late)

    assert (told.what, told.wish, told.child_ids, told.stops) == (ObstacleKind.LATE, None, (LOU.child_id,), False)
    assert found((BOUWKAMP, LOU), who=late, of=opening(kind=OpeningKind.DRAW, wishes_until=OPENS)) == []


def test_that_seats_are_only_held_at_first_is_good_to_know():
    [held] = found((BOUWKAMP, LOU), of=opening(hold=timedelta(minutes=30)))

    assert (held.what, held.values, held.stops) == (ObstacleKind.HELD, {"minutes": 30}, False)


def test_a_session_with_too_few_seats_left_is_wished_for_all_the_same():
    [full] = found((BOUWKAMP, LOU, JEF), free=1)

    assert (full.what, full.values, full.stops) == (ObstacleKind.FULL, {"seats_left": 1}, False)


def test_more_children_than_a_session_has_seats_never_get_any():
    assert kinds(found((BOUWKAMP, LOU, JEF), capacity=1, free=1)) == [(ObstacleKind.TOO_MANY, 0)]


def test_a_session_that_left_the_opening_and_a_child_that_left_the_pass_are_named():
    assert kinds(found((BOUWKAMP, LOU), of=opening(session_ids=()))) == [(ObstacleKind.GONE, 0)]
    assert kinds(found((BOUWKAMP, NOOR))) == [(ObstacleKind.NOT_IN_LIST, 0)]


def test_everything_has_words_for_what_is_so_and_what_to_do():
    assert set(WORDS) == set(ObstacleKind)
    assert set(ObstacleKind) >= STOPS
