"""What staff see of an opening while it runs."""

from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from chalicelib.booking.registrations import table as registrations
from chalicelib.core.counters import counting
from chalicelib.core.http.problems import Problem
from chalicelib.insight.live import LivePoint, live
from chalicelib.mail import undelivered
from chalicelib.mail.rules import MailKind, Message
from tests.bench.registration import spending
from tests.camps import BOUWKAMP, LOU, family, published
from tests.insight.conftest import at
from tests.programme.openings.plans import OPENS_AT, SPREAD, drafted, published_opening

pytestmark = pytest.mark.usefixtures("counting_clock")

# Everybody's moment has come, and nothing of the evening is over.
NOW = (OPENS_AT + SPREAD).astimezone(UTC)


@pytest.fixture
def opening():
    published(opens_at=None, capacity=4)
    made = published_opening()
    counting.forget()  # what staff asked meanwhile, perhaps on both sides of a slot's end
    return made


def registers(number, after=0, **more):
    """Given a family that registers its child so many seconds after the last one's moment."""
    lou = replace(LOU, child_id=f"child{number:05d}")
    claeys = family(lou, email=f"ouder{number}@example.be")
    with at(NOW + timedelta(seconds=after)):
        return claeys.register(BOUWKAMP, lou, **more)


def shown(opening, after):
    with at(NOW + timedelta(seconds=after)):
        return live(opening.opening_id, NOW + timedelta(seconds=after))


def test_seats_stand_at_the_second_in_which_they_were_registered(opening):
    for number, second in enumerate((0, 0, 3)):
        assert registers(number, second).status_code == 201

    seen = shown(opening, 5)

    assert seen.seats == [LivePoint(NOW, 2), LivePoint(NOW + timedelta(seconds=3), 1)]
    assert seen.counts.seats["opening"] == 3
    assert seen.counts.seats["free"] == 1
    assert (seen.start, seen.end) == (NOW - SPREAD - timedelta(minutes=15), NOW + timedelta(seconds=5))


def test_refusals_stand_by_their_reason_and_with_the_arrivals_of_everybody(opening):
    for second in (-3600, -3595, -3590, -1800 - 20):
        assert registers(1, second).status_code == 425  # the first three before the stretch that is shown
    for number in range(4):
        registers(number, 1)
    assert registers(9, 2, waitlist=False).status_code == 409

    seen = shown(opening, 11)

    assert seen.refusals == {"sold-out": 1, "too-early": 1}
    assert sum(one.number for one in seen.refused) == 2
    assert [(one.at, one.number) for one in seen.arrivals][-1] == (NOW, 5)
    assert seen.failures == []


def test_mails_lag_behind_by_the_oldest_registration_that_was_not_told(opening):
    ids = [registers(number, second).json_body["registration_id"] for number, second in enumerate((0, 2, 4, 7))]
    registrations.mark_mailed(ids[0], MailKind.CONFIRMED)
    undelivered.keep(Message(MailKind.CONFIRMED, ids[1], BOUWKAMP.session_id), undelivered.TO_PRINT, NOW)

    mails = shown(opening, 10).mails

    assert (mails.sent, mails.undelivered, mails.waiting) == (1, 1, 2)
    assert (mails.oldest, mails.lag) == (NOW + timedelta(seconds=4), timedelta(seconds=6))


def test_without_registrations_no_mail_is_late(opening):
    mails = shown(opening, 10).mails
    assert (mails.waiting, mails.oldest, mails.lag) == (0, None, timedelta())


def test_it_begins_with_the_moment_at_which_somebody_looks_if_that_is_earlier(opening):
    seen = shown(opening, -86400)
    assert seen.start == seen.end == NOW - timedelta(days=1)
    assert (seen.seats, seen.arrivals) == ([], [])


def test_however_many_look_it_is_read_once(opening):
    registers(1)
    shown(opening, 1)
    with spending() as spent:
        for _ in range(20):
            live(opening.opening_id, NOW)
    assert spent.calls == []


def test_drafts_and_unknown_openings_have_nothing_to_show(opening):
    for opening_id in (drafted(), "2027-aaaaaa", ""):
        with pytest.raises(Problem, match="not-found"):
            live(opening_id or "2027-bbbbbb", NOW)
