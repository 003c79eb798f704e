"""What becomes of prepared wishes when they are registered in their order."""

from datetime import UTC, date, datetime

import pytest

from chalicelib.booking.registrations import register
from chalicelib.booking.registrations.rules import registration_id
from chalicelib.booking.wishes.registering import granted_instead
from chalicelib.booking.wishes.rules import WishProgress, outcomes
from tests.booking.wishes.opened import look_up, opened, save, wanted
from tests.camps import JEF, LOU, NOOR, family, post, published

pytestmark = pytest.mark.usefixtures("table")


def camp(title: str = "Bouwkamp", **more):
    return published(title=title, **more)


def later(title: str = "Kookkamp", **more):
    return camp(title, starts_on=date(2027, 8, 23), ends_on=date(2027, 8, 25), **more)


def now() -> datetime:
    return datetime.now(UTC)


def run(by, opening) -> None:
    """All of the family's wishes, one after the other."""
    prepared = look_up(by, opening)
    for wish in prepared.wishes:
        if granted_instead(prepared, wish, int(now().timestamp())) is None:
            body = {"session_id": wish.session_id, "child_ids": list(wish.child_ids)}
            post("/api/registrations", body, {**by.authorization, "Idempotency-Key": wish.key})


def reached(by, opening, *sessions) -> list[WishProgress]:
    prepared = look_up(by, opening)
    by_id = {one.registration_id: stands for one, stands in register.all_of(by.pass_.bearer, now())}
    standings = {
        one.key: by_id[registration_id(by.pass_.family_id, one.key)]
        for one in prepared.wishes
        if registration_id(by.pass_.family_id, one.key) in by_id
    }
    found = outcomes(prepared, standings, {one.session_id: one for one in sessions})
    return [one.reached for one in found]


def test_every_wish_is_wished():
    bouwkamp, kook = camp(), later()
    opening, claeys = opened(bouwkamp, kook), family(LOU, JEF)
    save(claeys, opening, wanted(bouwkamp, LOU, JEF), wanted(kook, LOU))

    assert reached(claeys, opening, bouwkamp, kook) == [WishProgress.OPEN, WishProgress.OPEN]
    run(claeys, opening)

    assert reached(claeys, opening, bouwkamp, kook) == [WishProgress.GRANTED, WishProgress.GRANTED]


def test_what_is_on_the_same_days_as_a_granted_wish_of_that_child_is_skipped():
    bouwkamp, dans = camp(), camp("Danskamp")
    opening, claeys = opened(bouwkamp, dans), family(LOU, JEF)
    save(claeys, opening, wanted(bouwkamp, LOU), wanted(dans, LOU), wanted(dans, JEF))

    run(claeys, opening)

    assert reached(claeys, opening, bouwkamp, dans) == [
        WishProgress.GRANTED,
        WishProgress.SKIPPED,
        WishProgress.GRANTED,
    ]


def test_a_full_session_does_not_stop_the_next_wish_on_the_same_days():
    bouwkamp, dans = camp(capacity=1), camp("Danskamp")
    opening, claeys = opened(bouwkamp, dans), family(LOU)
    family(NOOR, email="fatima@example.be").register(bouwkamp, NOOR)
    save(claeys, opening, wanted(bouwkamp, LOU), wanted(dans, LOU))

    run(claeys, opening)

    assert reached(claeys, opening, bouwkamp, dans) == [WishProgress.WAITING, WishProgress.GRANTED]


def test_when_the_granted_one_is_cancelled_the_skipped_one_is_open_again():
    bouwkamp, dans = camp(), camp("Danskamp")
    opening, claeys = opened(bouwkamp, dans), family(LOU)
    first = save(claeys, opening, wanted(bouwkamp, LOU), wanted(dans, LOU)).wishes[0]
    run(claeys, opening)

    claeys.cancel(registration_id(claeys.pass_.family_id, first.key))

    assert reached(claeys, opening, bouwkamp, dans) == [WishProgress.CANCELLED, WishProgress.OPEN]


def test_running_all_of_it_again_changes_nothing():
    bouwkamp, dans = camp(), camp("Danskamp")
    opening, claeys = opened(bouwkamp, dans), family(LOU)
    save(claeys, opening, wanted(bouwkamp, LOU), wanted(dans, LOU))
    run(claeys, opening)
    before = claeys.get("/api/registrations").json_body

    run(claeys, opening)

    assert claeys.get("/api/registrations").json_body == before
