"""An application: a machine may grant it, only a person refuses it, and another person looks at an objection."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from unittest.mock import patch

import pytest

from chalicelib.city.work import table as works
from chalicelib.city.work.rules import WorkKind
from chalicelib.core.http.problems import Problem
from chalicelib.core.moments import today
from chalicelib.core.refusals import Interfered
from chalicelib.money.citypass import applying, entitled, figures, table
from chalicelib.money.citypass.applications import Application, Decider, PassStatus, ProofKind, Proven, follows
from chalicelib.money.citypass.applying import Wanted
from tests.money.citypass.examples import (
    ANN,
    ELS,
    FAMILY,
    JAN,
    LOU,
    MIA,
    NOW,
    OTHER_FAMILY,
    RULE,
    TODAY,
    accepted,
    applied,
    granted,
)

pytestmark = pytest.mark.usefixtures("table")
HOUSEHOLD, INCOME = ProofKind.HOUSEHOLD, ProofKind.INCOME
WHY = "Het inkomen is te hoog volgens artikel 4."


def open_work() -> list[WorkKind]:
    return [one.work.kind for one in works.open_work(["Kaprijke"])[0]]


def test_it_is_the_desks_until_it_is_decided():
    accepted()
    one = applied()

    assert list(table.undecided()) == [(FAMILY, "1")]
    assert open_work() == [WorkKind.CITY_PASS]
    assert one.due_on == TODAY + timedelta(days=30)

    applying.refuse(MIA, one, WHY, NOW)

    assert list(table.undecided()) == []
    assert open_work() == []


def test_a_machine_grants_it_as_soon_as_the_rule_follows_from_what_was_seen():
    accepted()
    one = applying.see(MIA, applied(), [HOUSEHOLD], Proven(), NOW)
    assert one.status is PassStatus.OPEN

    one = applying.see(MIA, one, [HOUSEHOLD, INCOME], Proven({}, 12 * 195_000), NOW)

    assert (one.status, one.granted and one.granted.staff_id) == (PassStatus.GRANTED, "")
    assert (one.since, one.until) == (TODAY, date(2028, 3, 9))
    assert len(one.number) == 12
    assert table.by_number(one.number) == one
    assert figures.of_year(2027)["granted_by_machine"] == 1


@pytest.mark.parametrize("month", [195_001, 900_000])
def test_a_machine_never_refuses(month):
    accepted()
    one = applying.see(MIA, applied(), [HOUSEHOLD, INCOME], Proven({}, 12 * month), NOW)

    assert one.status is PassStatus.OPEN
    assert figures.of_year(2027)["refused"] == 0


def test_what_is_declared_decides_nothing():
    accepted()
    one = applied(income_cents=0, benefits=frozenset({"leefloon"}))

    assert not follows(RULE, one)


def test_who_refused_is_never_who_looks_at_the_objection_as_a_condition_of_the_write():
    accepted()
    refused = applying.refuse(MIA, applied(), WHY, NOW)
    objected = applying.object_to(refused, "Mijn inkomen is verkeerd gelezen.", NOW)
    assert open_work() == [WorkKind.CITY_PASS]

    with pytest.raises(Problem, match="not-now"):
        applying.refuse(MIA, objected, WHY, NOW)
    with pytest.raises(Interfered):  # past the check
        table.decide(objected, replace(objected, status=PassStatus.UPHELD), {"x": 1}, MIA.staff_id, NOW)
    with pytest.raises(Interfered):
        table.grant(objected, _as_granted(objected), {"x": 1}, MIA.staff_id, NOW)

    seen = applying.see(ELS, objected, [HOUSEHOLD], Proven(), NOW)
    won = applying.grant(ELS, seen, "Het loonbriefje was van een ander jaar.", NOW)

    assert won.status is PassStatus.GRANTED
    assert figures.of_year(2027)["overturned"] == 1


def _as_granted(one: Application) -> Application:
    return replace(one, status=PassStatus.GRANTED, number="2" * 12, since=TODAY, until=TODAY)


def test_proof_that_comes_with_an_objection_is_for_a_person_too():
    accepted()
    objected = applying.object_to(applying.refuse(MIA, applied(), WHY, NOW), "Ik bracht het niet mee.", NOW)

    seen = applying.see(MIA, objected, [HOUSEHOLD, INCOME], Proven({}, 0), NOW)

    assert seen.status is PassStatus.OBJECTED


def test_there_is_a_day_after_which_nobody_objects():
    accepted()
    refused = applying.refuse(MIA, applied(), WHY, NOW)
    assert refused.object_until == TODAY + timedelta(days=30)

    with pytest.raises(Problem, match="not-now"):
        applying.object_to(refused, "Toch niet akkoord.", NOW + timedelta(days=31))


def test_nothing_lapses_what_waits_too_long_is_late():
    accepted()
    one = applied()

    assert not one.is_late(TODAY + timedelta(days=30))
    assert one.is_late(TODAY + timedelta(days=31))
    later = applying.refuse(MIA, one, WHY, NOW + timedelta(days=40))
    assert later.status is PassStatus.REFUSED
    assert figures.of_year(2027) == {"applied": 1, "refused": 1, "decided": 1, "days": 40, "late": 1}


def test_a_family_has_one_application_at_a_time_and_one_pass_until_it_is_about_to_end():
    accepted()
    applied()
    with pytest.raises(Problem, match="not-now"):
        applied()

    one = table.of_family(FAMILY)[0]
    applying.grant(ELS, applying.see(ELS, one, [HOUSEHOLD], Proven(), NOW), "Gezien aan het loket.", NOW)
    with pytest.raises(Problem, match="not-now"):
        applied()
    again = applying.apply(FAMILY, _wanted(), NOW + timedelta(days=330))
    assert again.application_id == "2"


def _wanted(*members) -> Wanted:
    return Wanted("9970", members or (ANN, LOU), None, frozenset())


def test_a_child_is_in_the_pass_of_one_household():
    accepted()
    first = granted()
    other = applying.apply(OTHER_FAMILY, _wanted(replace(ANN, person_id="an0ther"), LOU), NOW)
    seen = applying.see(ELS, other, [HOUSEHOLD, INCOME], Proven({}, 0), NOW)
    assert seen.status is PassStatus.OPEN  # for a person: the machine does not choose between two parents

    with pytest.raises(Problem, match="not-now"):
        applying.grant(ELS, seen, "Woont hier.", NOW)
    applying.end(JAN, first, "Het kind woont er niet meer.", NOW)

    assert applying.grant(ELS, seen, "Woont hier.", NOW).status is PassStatus.GRANTED


def test_a_pass_that_was_ended_comes_back_as_it_was_when_another_person_says_so():
    accepted()
    one = granted()
    ended = applying.end(JAN, one, "Verhuisd naar een andere gemeente.", NOW)
    assert not ended.is_valid(TODAY)

    objected = applying.object_to(ended, "Wij wonen er nog.", NOW)
    back = applying.grant(ELS, objected, "Het register zegt hetzelfde.", NOW)

    assert (back.number, back.until, back.status) == (one.number, one.until, PassStatus.GRANTED)


def test_two_who_decide_at_once_decide_once():
    accepted()
    one = applying.see(ELS, applied(), [HOUSEHOLD], Proven(), NOW)
    applying.grant(ELS, one, "Gezien aan het loket.", NOW)

    with pytest.raises(Problem, match="changed"):
        applying.refuse(JAN, one, WHY, NOW)


def test_who_names_no_adult_or_somebody_twice_or_a_child_to_come_is_told():
    accepted()
    to_come = replace(LOU, born=today(NOW) + timedelta(1))
    for members in ((LOU,), (ANN, LOU, LOU), (ANN, to_come)):
        with pytest.raises(Problem, match="invalid"):
            applying.apply(FAMILY, _wanted(*members), NOW)


def test_erased_nothing_leads_to_the_family():
    accepted()
    one = granted()
    table.erase(FAMILY)

    assert table.by_number(one.number) is None
    assert list(table.undecided()) == []


def test_who_refused_once_may_end_a_pass_that_another_person_gave_back():
    accepted()
    objected = applying.object_to(applying.refuse(MIA, applied(), WHY, NOW), "Ik bracht het niet mee.", NOW)
    seen = applying.see(ELS, objected, [HOUSEHOLD], Proven(), NOW)
    won = applying.grant(ELS, seen, "Het is nu gezien.", NOW)

    ended = applying.end(MIA, won, "Verhuisd naar een andere gemeente.", NOW)

    assert ended.status is PassStatus.REFUSED
    assert ended.may_object(TODAY)


def test_a_pass_that_a_person_ended_counted_until_then():
    """What a camp in April cost by it stays, whatever is found out in May."""
    accepted()
    may = datetime(2027, 5, 2, 9, 0, tzinfo=UTC)
    ended = applying.end(JAN, granted(), "Verhuisd naar een andere gemeente.", may)

    (had,) = entitled.by_pass(table.of_family(FAMILY))[LOU.person_id]
    assert (had.since, had.until) == (TODAY, date(2027, 5, 1))

    objected = applying.object_to(ended, "Wij wonen er nog.", may)
    back = applying.grant(ELS, objected, "Zij wonen er nog.", may)
    (has,) = entitled.by_pass(table.of_family(FAMILY))[LOU.person_id]
    assert (back.until, has.until) == (date(2028, 3, 9), date(2028, 3, 9))


def test_how_old_they_are_is_said_by_the_day_in_brussels():
    """At 23:30 UTC it is the day on which Lou is 18: two adults may have more than one and a child."""
    lou = replace(LOU, born=date(2009, 3, 11))
    late = datetime(2027, 3, 10, 23, 30, tzinfo=UTC)
    proven = Proven({HOUSEHOLD: Decider("", "", NOW), INCOME: Decider("", "", NOW)}, 12 * 220_000)
    one = Application(FAMILY, "1", 1, PassStatus.OPEN, late, "9970", (ANN, lou), None, frozenset(), TODAY, proven)

    assert follows(RULE, one)


def test_nobody_is_let_go_of_by_a_pass_that_comes_back_at_that_moment():
    """Another household asks while a second person agrees with the objection: what was read is no longer so."""
    accepted()
    ended = applying.end(JAN, granted(), "Verhuisd naar een andere gemeente.", NOW)
    objected = applying.object_to(ended, "Wij wonen er nog.", NOW)
    applying.grant(ELS, objected, "Zij wonen er nog.", NOW)
    with patch.object(table, "several", return_value={(FAMILY, "1"): ended}):
        table.free_stale([LOU], TODAY)

    other = applying.apply(OTHER_FAMILY, Wanted("9970", (ANN, LOU), None, frozenset()), NOW)
    seen = applying.see(MIA, other, [HOUSEHOLD], Proven(), NOW)
    with pytest.raises(Problem, match="not-now"):
        applying.grant(JAN, seen, "Lou woont hier.", NOW)
