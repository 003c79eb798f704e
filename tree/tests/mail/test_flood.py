"""A flood of mails: passes that nobody needs, an announcement to everybody. The others hardly notice."""

from dataclasses import replace

import pytest

from chalicelib.mail.more import how_many
from chalicelib.mail.rules import MailKind
from tests.mail.flood import CASES, FIRST, FloodCase, longest, simulate


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_no_flood_delays_a_confirmation_an_offer_or_a_pass_by_a_minute(case: FloodCase):
    case = replace(case, announced=min(case.announced, 10_000))  # how many more there are makes no difference
    sent = simulate(case.mails(), case.a_second, case.at_once)

    assert longest(sent, *FIRST) < 60
    assert longest(sent, MailKind.PASS) < 60
    assert len(sent) == len(case.mails())


def test_nor_where_registrations_take_two_thirds_of_the_rate():
    case = FloodCase("", 10_000, is_flooded=True, busy=0.67)

    assert longest(simulate(case.mails(), case.a_second, case.at_once), *FIRST, MailKind.PASS) < 60


def test_in_one_queue_they_would_stand_behind_all_of_an_announcement():
    case = FloodCase("", 5_000, is_flooded=False)

    sent = simulate(case.mails(), case.a_second, case.at_once, in_turn=False)

    assert longest(sent, *FIRST) > 300


def test_what_waits_already_takes_the_room_of_mails_to_many():
    assert [how_many(14, waiting) for waiting in (0, 20, 336, 5_000)] == [336, 316, 0, 0]
