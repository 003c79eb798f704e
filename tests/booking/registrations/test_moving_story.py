"""Any order of registrations, moves to another session, children that leave, cancellations and crashes, between any two
AWS calls, of two families that both name one child: no seat is sold twice and none is lost.

As in test_story.py, of two sessions.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from chalicelib.booking.offers import timers
from chalicelib.booking.offers.accept import accept
from chalicelib.booking.registrations import moving, register
from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.moving import Transfer
from chalicelib.booking.registrations.register import RegistrationRequest
from chalicelib.booking.registrations.rules import RegistrationStatus, registration_id
from chalicelib.core import table as core_table
from chalicelib.people.families import table as families
from chalicelib.programme.sessions import table as programme
from chalicelib.seats import item as seats_item
from chalicelib.seats import table as seats_table
from chalicelib.seats.rules import Seats
from tests import dynamodb_local
from tests.booking.registrations.callers import Caller, halting_before_each_call
from tests.booking.registrations.posting import Post, posting
from tests.booking.registrations.test_story import BORN, CLOSES, FAMILIES, NOW, a_pass
from tests.camps import BOUWKAMP, without_openings

HERE, THERE = "k7mxfar3ct", "k7mxfar3cv"
OTHER = {HERE: THERE, THERE: HERE}
OF_A_FAMILY = st.sampled_from(sorted(FAMILIES)).flatmap(
    lambda family: st.tuples(
        st.just(family),
        st.lists(st.sampled_from(sorted(FAMILIES[family].children)), min_size=1, unique=True).map(
            lambda children: tuple(sorted(children))
        ),
        st.sampled_from([HERE, THERE]),
        st.sampled_from(["key-1", "key-2"]),
    )
)


class MovingStory(RuleBasedStateMachine):
    """`lines`: a registration and those that continue it, by the first of them. `seated`: lines that were answered as
    confirmed, of which nobody cancelled anything since."""

    now_playing: "MovingStory"

    def __init__(self) -> None:
        super().__init__()
        self.callers: dict[Caller, tuple[str, str]] = {}
        self.wishes: dict[str, tuple[tuple[str, ...], str, str]] = {}
        self.lines: dict[str, list[str]] = {}
        self.moves: dict[str, tuple[str, Transfer]] = {}
        self.seated: set[str] = set()
        self.given_up: set[str] = set()
        self.capacity = 0
        self.post = Post()
        MovingStory.now_playing = self

    @initialize(capacity=st.sampled_from([1, 2, 3]))
    def two_sessions_open(self, capacity):
        self.capacity = capacity
        dynamodb_local.empty()
        without_openings()
        for who in FAMILIES.values():
            families.put(a_pass(who))
        opens, closes = int(NOW.timestamp()) - 60, int(CLOSES.timestamp())
        for session_id, days in ((HERE, 0), (THERE, 7)):
            session = replace(BOUWKAMP, session_id=session_id, capacity=capacity)
            first, last = (one + timedelta(days) for one in (session.starts_on, session.ends_on))
            programme.SessionItem.of(replace(session, starts_on=first, ends_on=last)).save()
            ages = BORN - timedelta(365), BORN + timedelta(365)
            seats = Seats(session_id, capacity, capacity, {}, opens, closes, *ages)
            dynamodb_local.client().put_item(TableName="stormloop", Item=seats_item.item_of(seats))

    @rule(wish=OF_A_FAMILY, at_once=st.booleans())
    def a_family_registers(self, wish, at_once):
        family, children, session_id, key = wish
        id_ = registration_id(family, key)
        if self.wishes.setdefault(id_, (children, session_id, key)) != (children, session_id, key):
            return
        self.lines.setdefault(id_, [id_])
        request = RegistrationRequest(session_id, children, True, key)
        self._call(("register", id_), lambda: register.register(FAMILIES[family], request, NOW), at_once)

    @precondition(lambda self: self.lines)
    @rule(data=st.data(), waitlist=st.booleans(), at_once=st.booleans())
    def a_family_moves(self, data, waitlist, at_once):
        """The whole registration; or, where it has siblings, perhaps one of them."""
        root = data.draw(st.sampled_from(sorted(self.lines)), label="line")
        id_ = self.lines[root][-1]
        record = registrations.get(id_)
        if record is None or len(self.lines[root]) > 4:
            return
        who = FAMILIES[id_[:11]]
        key = f"move-{id_[11:]}"
        new = registration_id(who.family_id, key)
        children = data.draw(st.sampled_from([(), record.child_ids[:1]]), label="who moves")
        if len(record.child_ids) > 1 and children:
            self.given_up.add(root)  # a line that parts is looked at by its seats alone
            self.seated.discard(root)
        wish = Transfer(OTHER[record.session_id], children, waitlist, key)
        _, wish = self.moves.setdefault(new, (id_, wish))
        if new not in self.lines[root]:
            self.lines[root].append(new)
        self._call(("move", root), lambda: moving.transfer(who, id_, wish, NOW), at_once)

    @precondition(lambda self: self.moves)
    @rule(data=st.data(), at_once=st.booleans())
    def a_family_sends_its_move_again(self, data, at_once):
        new = data.draw(st.sampled_from(sorted(self.moves)), label="move")
        before, wish = self.moves[new]
        who, root = FAMILIES[new[:11]], self._root(new)
        self._call(("move", root), lambda: moving.transfer(who, before, wish, NOW), at_once)

    @precondition(lambda self: self.lines)
    @rule(data=st.data(), whole=st.booleans(), at_once=st.booleans())
    def a_family_cancels(self, data, whole, at_once):
        root = data.draw(st.sampled_from(sorted(self.lines)), label="line")
        id_ = data.draw(st.sampled_from(self.lines[root]), label="registration")
        who = FAMILIES[id_[:11]]
        child = data.draw(st.sampled_from(self.wishes[root][0]), label="child")
        self.given_up.add(root)
        self.seated.discard(root)
        one = (lambda: register.cancel(who, id_, NOW)) if whole else lambda: register.cancel_child(who, id_, child, NOW)
        self._call(("cancel", root), one, at_once)

    @precondition(lambda self: self.lines)
    @rule(data=st.data(), at_once=st.booleans())
    def a_family_accepts(self, data, at_once):
        root = data.draw(st.sampled_from(sorted(self.lines)), label="line")
        id_ = data.draw(st.sampled_from(self.lines[root]), label="registration")
        self._call(("accept", root), lambda: accept(FAMILIES[id_[:11]], id_, NOW), at_once)

    @precondition(lambda self: self.callers)
    @rule(data=st.data(), steps=st.sampled_from([1, 2, 20]), is_doomed=st.booleans())
    def a_request_gets_on(self, data, steps, is_doomed):
        caller = data.draw(st.sampled_from(list(self.callers)), label="caller")
        for _ in range(steps):
            if not caller.is_over:
                caller.go_on()
        if is_doomed and not caller.is_over:
            caller.go_on(is_doomed=True)
        self._hear(caller)

    @rule()
    def mails_go_out(self):
        seats_table.forget()
        self.post.collect()
        for _ in range(3):
            if self.post.queue:
                self.post.deliver(0)

    @invariant()
    def free_and_held_seats_are_all_seats(self):
        for seats in self._seats().values():
            assert seats.free + len(seats.holders) == self.capacity
            assert seats.free >= 0

    @invariant()
    def each_held_seat_is_of_a_record_that_is_for_the_child(self):
        for seats in self._seats().values():
            for child, id_ in seats.holders.items():
                record = registrations.get(id_)
                assert record is not None
                assert record.session_id == seats.session_id
                assert child in record.every_child

    @invariant()
    def whoever_was_told_of_a_seat_has_one_final_seat_whatever_moved(self):
        seats = self._seats()
        for root in self.seated:
            for child in self.wishes[root][0]:
                held = [
                    one.session_id
                    for one in seats.values()
                    if one.holders.get(child) in self.lines[root] and one.holders[child] not in one.until
                ]
                assert len(held) == 1, f"{child} of {root} has {held}"

    def teardown(self):
        for caller in list(self.callers):
            while not caller.is_over:
                caller.go_on(is_doomed=True)
        try:
            if self.capacity:
                self._whoever_was_cut_off_asks_again()
        finally:
            super().teardown()

    def _whoever_was_cut_off_asks_again(self):
        seats_table.forget()
        for new, (before, wish) in self.moves.items():
            again = Caller(lambda who=FAMILIES[new[:11]], one=before, wish=wish: moving.transfer(who, one, wish, NOW))
            again.begin()
            while not again.is_over:
                again.go_on()
        self.post.run_dry()
        self.free_and_held_seats_are_all_seats()
        self.whoever_was_told_of_a_seat_has_one_final_seat_whatever_moved()
        for seats in self._seats().values():
            for child, id_ in seats.holders.items():
                record = registrations.get(id_)
                assert record.cancelled_at is None
                assert child in record.child_ids
                assert id_ in seats.until or "confirmed" in record.mailed
        moved = [one for ids in self.lines.values() for one in map(registrations.get, ids) if one and one.moved_to]
        for one in moved:
            assert not {f"<{kind}.{one.registration_id}@" for kind in ("cancelled", "declined")} & {
                mail.split("@")[0] + "@" for mail in self.post.mails
            }
        assert max(self.post.mails.values(), default=0) <= 1

    def _root(self, id_: str) -> str:
        return next(root for root, ids in self.lines.items() if id_ in ids)

    def _seats(self) -> dict[str, Seats]:
        return seats_table.get([HERE, THERE])

    def _call(self, what: tuple[str, str], request: Callable[[], object], at_once: bool) -> None:
        caller = Caller(request)
        self.callers[caller] = what
        caller.begin()
        while at_once and not caller.is_over:
            caller.go_on()
        self._hear(caller)

    def _hear(self, caller: Caller) -> None:
        if not caller.is_over:
            return
        what, root = self.callers.pop(caller)
        if caller.problem is None and caller.result is not None and what != "cancel" and root not in self.given_up:
            standing = caller.result[1] if isinstance(caller.result, tuple) else caller.result.standing
            if standing.status is RegistrationStatus.CONFIRMED:
                self.seated.add(root)


def run_story(examples: int, steps: int) -> None:
    with (
        halting_before_each_call(),
        posting(lambda: MovingStory.now_playing.post),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(timers, "send_at", lambda *_: None)
        patch.setattr(core_table, "sleep", lambda _: None)
        run_state_machine_as_test(
            MovingStory,
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                deadline=None,
                print_blob=True,
                suppress_health_check=list(HealthCheck),
            ),
        )


@pytest.mark.usefixtures("real_table")
def test_in_any_story_of_moves_the_seats_add_up():
    run_story(examples=6, steps=20)


if __name__ == "__main__":  # a longer search
    with dynamodb_local.running() as url, dynamodb_local.patient(url):
        run_story(examples=1000, steps=50)
