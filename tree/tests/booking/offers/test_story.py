"""The story of tests/booking/registrations goes on to the waiting list: seats are offered and held, families answer or
do not, hours pass, timers ring or are late, and the function that makes offers dies between any two AWS calls."""

import math
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule, run_state_machine_as_test

from chalicelib.booking.offers import timers
from chalicelib.booking.offers.accept import accept, extend
from chalicelib.booking.offers.advance import MARGIN, advance
from chalicelib.booking.registrations import register
from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.register import RegistrationRequest
from chalicelib.booking.registrations.rules import Registration, RegistrationStatus
from chalicelib.people.families import table as families
from chalicelib.people.families.rules import Bearer
from chalicelib.programme.openings import table as openings
from chalicelib.programme.openings.rules import Opening, OpeningKind, Plan, State, Window
from chalicelib.seats import table as seats_table
from chalicelib.seats.waiting_list import table as waiting_list
from tests import dynamodb_local
from tests.booking.offers.conftest import Timers
from tests.booking.registrations.callers import halting_before_each_call
from tests.booking.registrations.posting import posting
from tests.booking.registrations.test_story import BORN, FAMILIES, NOW, SESSION, WISHES, Story, a_pass
from tests.camps import named_by

PATIENCE = timedelta(hours=24)
HOLD = timedelta(hours=2)
CHILDREN = ("ada", "bas", "cas")
OTHERS = Bearer(
    "pass-others", "others23456", "nl", "9970", dict.fromkeys(CHILDREN, BORN), named_by("others23456", *CHILDREN)
)


class Offers(Story):
    clock: time_machine.Traveller
    timers: Timers

    def __init__(self) -> None:
        super().__init__()
        self.opening: dict[str, Opening] = {}
        self.others: list[Registration] = []  # who took all seats at once
        self.held: set[str] = set()  # registrations that were seen to hold seats for a time
        Offers.clock.move_to(NOW)
        Offers.timers.waiting.clear()

    @initialize(capacity=st.sampled_from([1, 2, 3]), holds=st.booleans(), is_full=st.booleans())
    def a_session_opens(self, capacity, holds, is_full):
        Story.a_session_opens(self, capacity=capacity)
        families.put(a_pass(OTHERS))
        for child in list(OTHERS.children)[: capacity if is_full else 0]:
            self.others.append(
                register.register(OTHERS, RegistrationRequest(SESSION, (child,), False, child), NOW).registration
            )
        plan = Plan(
            kind=OpeningKind.FIRST_COME,
            titles={},
            country="BE",
            session_ids=(SESSION,),
            windows=(Window(NOW - timedelta(days=1), timedelta()),),
            passes_until=NOW - timedelta(days=2),
            expected_families=2,
            incident_rule={},
            hold=HOLD if holds else None,
        )
        self.opening = {SESSION: Opening("2027-k7m2xq", 1, plan, State.PUBLISHED, b"s" * 32)}

    @rule(wish=WISHES)
    def a_family_wants_a_seat_or_a_place(self, wish):
        family, children, _, key = wish
        Story.a_family_registers(self, wish=(family, children, True, key), at_once=True)

    @rule()
    def all_messages_are_out(self):
        self._everything_is_delivered()

    @precondition(lambda self: self.others)
    @rule()
    def a_seat_becomes_free(self):
        register.cancel(OTHERS, self.others.pop().registration_id, self.now)

    @precondition(lambda self: self.wishes)
    @rule(data=st.data(), at_once=st.booleans())
    def a_family_accepts(self, data, at_once):
        id_ = data.draw(st.sampled_from(sorted(self.wishes)))
        now = self.now
        self._call(("accept", id_), lambda: accept(FAMILIES[id_[:11]], id_, now), at_once)

    @precondition(lambda self: self.wishes)
    @rule(data=st.data(), at_once=st.booleans())
    def a_family_asks_for_more_time(self, data, at_once):
        id_ = data.draw(st.sampled_from(sorted(self.wishes)))
        now = self.now
        self._call(("extend", id_), lambda: extend(FAMILIES[id_[:11]], id_, now), at_once)

    @rule(at_once=st.booleans())
    def the_list_moves_on(self, at_once):
        now = self.now + MARGIN
        self._call(("advance", SESSION), lambda: advance(SESSION, now), at_once)

    @rule(minutes=st.sampled_from([119, 120, 23 * 60, 25 * 60]), rings=st.booleans())
    def hours_pass(self, minutes, rings):
        self._pass(timedelta(minutes=minutes))
        if rings:
            self.post.queue += self.timers.ring()

    @invariant()
    def a_seat_that_is_held_is_seen(self):
        if self.capacity:
            self._remember_openings()
            now = self._seats()
            self.held |= {one for one in now.until if one in now.holders.values()}

    def what_was_answered_as_waitlisted_has_its_place(self):
        self.a_seat_that_is_held_is_seen()
        self.waitlisted -= self.held
        super().what_was_answered_as_waitlisted_has_its_place()

    def _pass(self, time: timedelta) -> None:
        """No request or invocation lives that long."""
        for caller in list(self.callers):
            while not caller.is_over:
                caller.go_on(is_doomed=True)
            self._hear(caller)
        self.now += time
        Offers.clock.move_to(self.now)
        seats_table.forget()

    def _remember_openings(self) -> None:
        openings._remembered._keep(openings.PK, self.opening, math.inf)

    def _deliver(self, place: int, *, keeps_it: bool) -> None:
        """Of those who waited before and after it, none was passed over by somebody who needs as many seats or more."""
        before = waiting_list.places(SESSION)
        holders = set(self._seats().holders.values())
        super()._deliver(place, keeps_it=keeps_it)
        after = {one.registration_id for one in waiting_list.places(SESSION)}
        needs = Counter(one.registration_id for one in before)
        tickets = {one.registration_id: one.ticket for one in before}
        for offered in set(self._seats().holders.values()) - holders:
            for other in after & set(tickets):
                if tickets[other] < tickets[offered]:
                    assert needs[other] > needs[offered]

    def _note(self, what: tuple[str, str], outcome: Any) -> None:
        kind, id_ = what
        if kind == "accept" and id_ not in self.cancelled:
            assert outcome[1].status is RegistrationStatus.CONFIRMED
            self.confirmed.add(id_)
        elif kind == "register":
            if outcome.standing.status is RegistrationStatus.CANCELLED:
                assert id_ in self.cancelled | self.held
            super()._note(what, outcome)

    def _whoever_was_cut_off_asks_again(self) -> None:
        """Is about registrations that no time ended; tests/booking/registrations has it."""

    def _every_mail_is_out(self) -> None:
        while True:
            self._everything_is_delivered()
            self.free_and_held_seats_are_all_seats()
            seats = self._seats()
            waiting = Counter(one.registration_id for one in waiting_list.places(SESSION))
            assert seats.queued == bool(waiting) or not seats.free
            for id_, need in waiting.items():
                assert registrations.get(id_) is not None
                if need <= seats.free:  # kept for somebody, and not for longer than the opening says
                    assert seats.blocked is not None
                    assert self.now.timestamp() < seats.blocked + PATIENCE.total_seconds() + MARGIN.total_seconds()
                    assert self.timers.waiting
            for end in (seats.until[one] for one in seats.holders.values() if one in seats.until):
                assert self.now.timestamp() < end + MARGIN.total_seconds()
            if self.others:
                register.cancel(OTHERS, self.others.pop().registration_id, self.now)
                continue
            if not self.timers.waiting:
                break
            self._pass(self.timers.moments[0] - self.now)
        assert seats.until == {}
        super()._every_mail_is_out()

    def _everything_is_delivered(self) -> None:
        self._remember_openings()
        self.post.queue += self.timers.ring()
        self.post.collect()
        while self.post.queue:
            self._deliver(-1, keeps_it=False)
            self.post.collect()


def run_story(examples: int, steps: int) -> None:
    with (
        halting_before_each_call(),
        posting(lambda: Story.now_playing.post),
        pytest.MonkeyPatch.context() as patch,
        time_machine.travel(NOW, tick=False) as clock,
    ):
        Offers.clock, Offers.timers = clock, Timers()
        for name in ("QUEUE_ARN", "TIMER_ROLE", "TIMER_PREFIX"):
            patch.setenv(name, "here")
        patch.setattr(timers, "_scheduler", lambda: Offers.timers)
        run_state_machine_as_test(
            Offers,
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                deadline=None,
                print_blob=True,
                suppress_health_check=list(HealthCheck),
            ),
        )


@pytest.mark.usefixtures("real_table")
def test_in_any_story_every_seat_finds_the_next_family():
    run_story(examples=10, steps=30)


if __name__ == "__main__":  # part of `make search`
    with dynamodb_local.running() as url, dynamodb_local.patient(url):
        run_story(examples=3000, steps=60)
