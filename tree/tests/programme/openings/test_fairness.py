"""Everyone has the same odds, by simulation: 20,000 families each, and a chi-square test at p = 0.001.

The seeds are fixed, so a test gives the same answer every time; each is followed by one that shows that it would reject
a rule that is not fair.
"""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.booking.registrations import register
from chalicelib.booking.registrations.register import RegistrationRequest
from chalicelib.booking.registrations.rules import RegistrationStatus
from chalicelib.core.http.problems import Problem
from chalicelib.people.families import table as families
from chalicelib.people.families import tokens
from chalicelib.people.families.identity import family_id
from chalicelib.people.families.proving import resolved, worth
from chalicelib.people.families.rules import UNREAD, Bearer, Child, Naming, child
from chalicelib.programme.openings import admission as admissions
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.admission import admission, draw_key, drawn, moment
from chalicelib.seats import table as seats
from tests.camps import JEF, LOU, family, post, published
from tests.programme.openings import strangers
from tests.programme.openings.chances import (
    CRITICAL,
    DECILES,
    SPREAD,
    T0,
    admitted,
    alike,
    decile,
    named,
    opening,
    uniform,
)

FAMILIES = 20_000
ONE_CHILD = [f"one{number:08d}" for number in range(FAMILIES)]
THREE_CHILDREN = [f"three{number:06d}" for number in range(FAMILIES)]
ZOMER = opening()


def own_draws(name: str, children: int = 3) -> list[datetime]:
    """What each child of a family would draw if it drew by itself: not our rule."""
    keys = [draw_key(ZOMER.opening_id, f"{name}-{number}") for number in range(children)]
    return [moment(ZOMER.plan.windows[0], drawn(ZOMER.seed, key)) for key in keys]


def test_every_tenth_of_the_spread_gets_as_many_families():
    deciles = [decile(ZOMER, admitted(ZOMER, one)) for one in ONE_CHILD]

    assert uniform(deciles, DECILES) < CRITICAL[9]


@pytest.mark.parametrize("seed", range(5))
def test_three_children_have_the_odds_of_one(seed):
    """Two groups, ten deciles: 9 degrees of freedom."""
    given = opening(seed=seed)
    one = [decile(given, admitted(given, name)) for name in ONE_CHILD]
    three = [decile(given, admitted(given, name, name, name)) for name in THREE_CHILDREN]

    assert alike(one, three) < CRITICAL[9]
    assert uniform(three, DECILES) < CRITICAL[9]


@pytest.mark.parametrize("rule", [min, max], ids=["their best draw", "their worst draw"])
def test_the_test_rejects_a_rule_by_which_each_child_draws_and_the_family_takes(rule):
    one = [decile(ZOMER, admitted(ZOMER, name)) for name in ONE_CHILD]
    three = [decile(ZOMER, rule(own_draws(name))) for name in THREE_CHILDREN]

    assert alike(one, three) > 100 * CRITICAL[9]
    assert uniform(three, DECILES) > 100 * CRITICAL[9]


def test_the_test_rejects_a_rule_that_favours_by_a_twentieth():
    """Who would come in the last tenth comes in the first if chance, once in two, will have it so."""
    chance = random.Random(1)
    honest = [decile(ZOMER, admitted(ZOMER, name)) for name in ONE_CHILD]

    favoured = [0 if one == DECILES - 1 and chance.random() < 0.5 else one for one in honest]

    assert uniform(favoured, DECILES) > CRITICAL[9]


def test_another_opening_is_another_draw_also_under_the_same_seed():
    """Pairs of deciles: 100 cells, 99 degrees of freedom."""
    winter = opening(name="2027-winter")

    pairs = [DECILES * decile(ZOMER, admitted(ZOMER, one)) + decile(winter, admitted(winter, one)) for one in ONE_CHILD]

    assert uniform(pairs, DECILES**2) < CRITICAL[99]


def test_the_test_rejects_openings_in_which_a_family_draws_with_one_key():
    same = [decile(ZOMER, admitted(ZOMER, one)) for one in ONE_CHILD]

    assert uniform([DECILES * one + one for one in same], DECILES**2) > 100 * CRITICAL[99]


def test_children_whom_two_families_named_wait_for_the_later_one():
    for one, three in zip(ONE_CHILD[:1000], THREE_CHILDREN, strict=False):
        together = admitted(ZOMER, one, three)

        assert together == max(admitted(ZOMER, one), admitted(ZOMER, three))


def test_splitting_children_over_passes_gives_each_child_the_odds_of_one_and_both_together_worse_ones():
    first = [decile(ZOMER, admitted(ZOMER, f"{name}-a")) for name in ONE_CHILD]
    second = [decile(ZOMER, admitted(ZOMER, f"{name}-b")) for name in ONE_CHILD]
    both = [decile(ZOMER, admitted(ZOMER, f"{name}-a", f"{name}-b")) for name in ONE_CHILD]

    assert uniform(first, DECILES) < CRITICAL[9]
    assert uniform(second, DECILES) < CRITICAL[9]
    assert uniform(both, DECILES) > 100 * CRITICAL[9]
    # The later of two: the first half of the spread has a quarter of them, not a half.
    assert sum(one < DECILES // 2 for one in both) / FAMILIES == pytest.approx(0.25, abs=0.01)


ASKED = {"email": "an.claeys@example.be", "language": "nl", "postcode": "9970"}
AS_CHILD = {
    one.child_id: {
        "first_name": one.first_name,
        "last_name": one.last_name,
        "birth_date": one.birth_date.isoformat(),
    }
    for one in (LOU, JEF)
}


def bearer(*children, **changed) -> Bearer:
    """What the token of a pass is worth that is asked for now, by the API, and whose link is used at once."""
    asked = {**ASKED, **changed, "children": [AS_CHILD[one.child_id] for one in children]}
    answer = post("/api/passes", asked)
    assert answer.status_code == 202, answer.json_body
    stored = families.get(family_id(asked["email"]), answer.json_body["pass_id"])
    assert stored
    return worth(tokens.sign(stored), datetime.now(UTC))


def admission_of(who: Bearer, *children):
    return admission(ZOMER, resolved(who, [one.child_id for one in children]), who.postcode)


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize(
    "again",
    [{}, {"email": "An.Claeys@Example.be"}, {"email": "an.claeys+kamp@example.be", "postcode": "9000"}],
    ids=["same address", "other capitals", "with a tag"],
)
def test_a_second_pass_of_a_mailbox_is_no_second_chance(again):
    first = bearer(LOU)

    second = bearer(LOU, **again)

    assert second.pass_id != first.pass_id
    assert admission_of(second, LOU) == admission_of(first, LOU)


@pytest.mark.usefixtures("table")
def test_naming_a_child_from_ten_other_mailboxes_finds_no_better_moment():
    """Nor a much worse one, and no key that tells which family it follows."""
    first = admission_of(bearer(LOU), LOU)

    later = [admission_of(bearer(LOU, email=f"parent{number}@example.be"), LOU) for number in range(10)]

    assert all(first.at <= one.at <= first.at + SPREAD / 16 for one in later)
    assert len({first.keys, *(one.keys for one in later)}) == 11


def test_whoever_follows_another_family_is_never_earlier_and_hardly_later():
    behind = []
    for one, other in zip(ONE_CHILD[:500], THREE_CHILDREN, strict=False):
        follows = admission(ZOMER, [following(other, one)], "9970")
        behind.append((follows.at - admitted(ZOMER, one)) / SPREAD)
        assert admission(ZOMER, [following(other, one)], "9970") == follows
        assert not {draw_key(ZOMER.opening_id, one), draw_key(ZOMER.opening_id, other)} & set(follows.keys)

    assert all(0 <= one <= 1 / 16 for one in behind)
    assert sum(behind) / len(behind) == pytest.approx(1 / 32, abs=0.003)


def test_whoever_follows_a_family_at_the_very_end_comes_after_the_spread(monkeypatch):
    monkeypatch.setattr(admissions, "MOST_PSEUDONYMS", 0)
    admissions._follow_key.cache_clear()

    follows = admission(ZOMER, [following("piet", "an")], "9970", has_tried=True)

    admissions._follow_key.cache_clear()
    assert (follows.is_late, follows.at) == (True, ZOMER.spread_ends_at)
    assert follows.keys == (draw_key(ZOMER.opening_id, "piet"),)


def test_nobody_is_told_a_moment_while_it_is_not_known_whom_they_follow():
    with pytest.raises(LookupError):
        admission(ZOMER, [following("piet", UNREAD)], "9970")


def test_the_worst_stranger_delays_as_far_as_the_docs_say_and_no_further():
    """docs/opening.md has the figures of more openings."""
    alone, unproven, later, one_of_three, three, one_by_one, own, invented = strangers.means(300)

    assert alone == unproven == later
    assert alone < one_by_one < alone + 1 / 16
    assert alone < one_of_three < three < 0.85
    assert abs(own - alone) < 0.05
    assert invented < 0.1


def test_in_a_draw_naming_has_no_effect():
    """Everybody draws under pseudonyms of their own: a beacon decides that nobody can search by."""
    drawn_instead = replace(ZOMER, drawn_instead=T0)

    assert admission(drawn_instead, [following("piet", "an")], "9970").keys == (draw_key(ZOMER.opening_id, "piet"),)


def following(family: str, first: str) -> Naming:
    return replace(named(family), first=first)


@pytest.mark.usefixtures("table")
def test_a_sibling_added_later_under_the_same_address_draws_with_the_family():
    alone = admission_of(bearer(LOU), LOU)

    both = bearer(LOU, JEF)

    assert admission_of(both, LOU, JEF) == alone
    assert admission_of(both, JEF) == alone


@pytest.mark.usefixtures("table")
def test_siblings_named_under_two_addresses_wait_for_the_later_draw_in_whichever_pass():
    lou, jef = admission_of(bearer(LOU), LOU), admission_of(bearer(JEF, email="piet.claeys@example.be"), JEF)

    both = [bearer(LOU, JEF, email=email) for email in (ASKED["email"], "piet.claeys@example.be", "oma@example.be")]

    latest = max(lou.at, jef.at)
    assert all(latest <= admission_of(one, LOU, JEF).at <= latest + SPREAD / 16 for one in both)


@pytest.mark.usefixtures("table")
def test_the_seats_go_to_those_admitted_first_however_often_the_others_try():
    """Sixty families for twenty seats, each of which tries at the moment of every other one, in whatever order."""
    session = published(opens_at=T0 - timedelta(days=1), capacity=20)
    given = opening(session.session_id, seed=7)
    openings.create(given)
    order, waiting = {}, {}
    for number in range(60):
        own, email = child_of(number), f"ouder{number}@example.be"
        who = tokens.read(family(own, email=email).token)
        order[email] = admission(given, [who.namings[own.child_id]], "9970").at
        waiting[email] = who, RegistrationRequest(session.session_id, (own.child_id,), False, f"key-{number}")
    chance = random.Random(3)

    ended = {"confirmed": [], "sold-out": []}
    for now in sorted(order.values()):
        for email in chance.sample(sorted(waiting), len(waiting)):
            seats.forget()
            ending = outcome_of(*waiting[email], now)
            if ending != "too-early":
                ended[ending].append(email)
                del waiting[email]

    by_admission = sorted(order, key=order.__getitem__)
    assert ended == {"confirmed": by_admission[:20], "sold-out": by_admission[20:]}
    assert seats.get([session.session_id])[session.session_id].free == 0


def outcome_of(who: Bearer, wish: RegistrationRequest, now: datetime) -> str:
    try:
        return register.register(who, wish, now).standing.status.value
    except Problem as problem:
        return problem.kind.slug


@pytest.mark.usefixtures("table")
def test_a_millisecond_before_its_moment_a_family_is_too_early_and_at_its_moment_it_is_not():
    session = published(opens_at=T0 - timedelta(days=1))
    given = opening(session.session_id)
    openings.create(given)
    who = tokens.read(family(LOU).token)
    at = admission(given, who.namings.values(), who.postcode).at
    wish = RegistrationRequest(session.session_id, (LOU.child_id,), False, "key")

    with pytest.raises(Problem, match="too-early"):
        register.register(who, wish, at - timedelta(milliseconds=1))
    assert register.register(who, wish, at).standing.status is RegistrationStatus.CONFIRMED


def child_of(number: int) -> Child:
    """Names are letters."""
    letters = "".join(chr(ord("a") + int(digit)) for digit in f"{number:04d}")
    return child(f"Lou {letters}", "Claeys", LOU.birth_date)
