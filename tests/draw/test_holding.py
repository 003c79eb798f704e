"""The draw from the first wish to the last result, at moto."""

from datetime import date

import pytest

from chalicelib.draw.verification import problems
from chalicelib.openings import table as openings
from chalicelib.openings.rules import Bundles, State
from chalicelib.seats import table as seats
from chalicelib.waiting_list import table as waiting_list
from tests import camps
from tests.camps import JEF, LOU, NOOR, family, request
from tests.draw.lots import drawn_opening, enter, hold, published, result_of

pytestmark = pytest.mark.usefixtures("table")


def camp(title: str = "Bouwkamp", **more):
    return camps.published(title=title, opens_at=None, **more)


def test_whoever_comes_first_in_the_order_has_the_seat_and_the_other_waits():
    bouwkamp = camp(capacity=1)
    opening = drawn_opening(bouwkamp)
    claeys, diallo = family(LOU), family(NOOR, email="fatima@example.be")
    assert enter(claeys, opening, [(LOU, bouwkamp)]).status_code == 200
    assert enter(diallo, opening, [(NOOR, bouwkamp)]).status_code == 200

    assert hold(opening)

    results = sorted((result_of(one, opening) for one in (claeys, diallo)), key=lambda one: one["place"])
    assert [one["wishes"][0]["outcome"] for one in results] == ["granted", "full"]
    assert results[1]["waiting"][0]["waitlist_position"] == 1
    now = seats.get([bouwkamp.session_id])[bouwkamp.session_id]
    assert (now.free, len(now.holders), now.queued) == (0, 1, True)
    assert len(waiting_list.places(bouwkamp.session_id)) == 1
    assert openings.get(opening.opening_id)[0].state is State.DRAWN


def test_anybody_can_recompute_it_from_what_is_published():
    bouwkamp, kook = camp(capacity=1), camp("Kookkamp", capacity=1, starts_on=date(2027, 7, 5), ends_on=date(2027, 7, 9))
    opening = drawn_opening(bouwkamp, kook, bundles=Bundles.SEVERAL)
    enter(family(LOU, JEF), opening, [(LOU, bouwkamp), (JEF, kook)], [(JEF, bouwkamp)])
    enter(family(NOOR, email="fatima@example.be"), opening, [(NOOR, bouwkamp)], [(NOOR, kook)])

    hold(opening)

    assert problems(published(opening)) == []
