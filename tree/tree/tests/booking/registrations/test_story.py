"""Any order of claims, cancellations, retries and crashes, between any two AWS calls, of several families at once.

Each caller is a thread that stops before every AWS call until the machine lets it go on, so Hypothesis chooses the
interleaving as well as the moments at which a container dies. It runs on DynamoDB Local, and after every step asks the
table whether what was promised holds.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

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
from chalicelib.booking.registrations import register
from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.register import RegistrationRequest
from chalicelib.booking.registrations.rules import RegistrationStatus, registration_id
from chalicelib.people.families import table as families
from chalicelib.people.families.rules import Bearer, Child, Pass
from chalicelib.programme.sessions import table as programme
from chalicelib.seats import item as seats_item
from chalicelib.seats import table as seats_table
from chalicelib.seats.rules import Seats
from chalicelib.seats.waiting_list import table as waiting_list
from tests import dynamodb_local
from tests.booking.registrations.callers import Caller, halting_before_each_call
from tests.booking.registrations.posting import Post, posting
from tests.camps import BOUWKAMP, named_by, without_openings

NOW = datetime(2027, 5, 7, 19, tzinfo=UTC)
CLOSES = NOW + timedelta(days=90)
BORN = date(2022, 5, 1)
SESSION = "k7mxfar3ct"
# Lou has two homes: both families may register her.
FAMILIES = {
    "claeys23456": Bearer(
        "pass-claeys", "claeys23456", "nl", "9970", {"lou": BORN, "jef": BORN}, named_by("claeys23456", "lou", "jef")
    ),
    "peeters2345": Bearer(
        "pass-peeters", "peeters2345", "nl", "9970", {"lou": BORN, "noor": BORN}, named_by("peeters2345", "lou", "noor")
    ),
}
WISHES = st.sampled_from(sorted(FAMILIES)).flatmap(
    lambda family: st.tuples(
        st.just(family),
        st.lists(st.sampled_from(sorted(FAMILIES[family].children)), min_size=1, unique=True).map(
            lambda c: tuple(sorted(c))
        ),
        st.booleans(),
        st.sampled_from(["key-1", "key-2"]),
    )
)
KEYS = {registration_id(family, key): key for family in FAMILIES for key in ("key-1", "key-2")}


def a_pass(who: Bearer) -> Pass:
    children = tuple(Child(child, child.capitalize(), "Claeys", born) for child, born in who.children.items())
    return Pass(
        who.pass_id,
        who.family_id,
        f"{who.family_id}@example.be",
        who.language,
        who.postcode,
        children,
        NOW,
        who.namings,
    )


class Story(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.callers: dict[Caller, tuple[str, ...]] = {}
        self.confirmed: set[str] = set()  # answered as confirmed, and nobody asked to cancel it since
        self.waitlisted: set[str] = set()
        self.cancelled: set[str] = set()  # somebody asked to
        self.wishes: dict[str, tuple[str, ...]] = {}
        self.capacity = 0
        self.post = Post()
        self.now = NOW
        Story.now_playing = self

    now_playing: "Story"

    @initialize(capacity=st.sampled_from([1, 1, 2, 3]))
    def a_session_opens(self, capacity):
        self.capacity = capacity
        dynamodb_local.empty()
        without_openings()
        for who in FAMILIES.values():
            families.put(a_pass(who))
        programme.SessionItem.of(replace(BOUWKAMP, session_id=SESSION, capacity=capacity)).save()
        dynamodb_local.client().put_item(
            TableName="stormloop",
            Item=seats_item.item_of(
                Seats(
                    SESSION,
                    capacity,
                    capacity,
                    {},
                    int(NOW.timestamp()) - 60,
                    int(CLOSES.timestamp()),
                    BORN - timedelta(365),
                    BORN + timedelta(365),
                )
            ),
        )

    @rule(wish=WISHES, at_once=st.booleans())
    def a_family_registers(self, wish, at_once):
        family, children, waitlist, key = wish
        id_ = registration_id(family, key)
        if self.wishes.setdefault(id_, children) != children:
            return  # one key is for one wish; another test tries what the API says to that
        self._register(id_, waitlist, at_once)

    @precondition(lambda self: self.wishes)
    @rule(data=st.data(), waitlist=st.booleans(), at_once=st.booleans())
    def a_family_tries_again(self, data, waitlist, at_once):
        id_ = data.draw(st.sampled_from(sorted(self.wishes)))
        self._register(id_, waitlist, at_once)

    @precondition(lambda self: self.wishes)
    @rule(data=st.data(), at_once=st.booleans())
    def a_family_cancels(self, data, at_once):
        id_ = data.draw(st.sampled_from(sorted(self.wishes)))
        who = FAMILIES[id_[:11]]
        self.cancelled.add(id_)
        self.confirmed.discard(id_)
        self.waitlisted.discard(id_)
        self._call(("cancel", id_), lambda: register.cancel(who, id_, self.now), at_once)

    @precondition(lambda self: self.callers)
    @rule(data=st.data(), steps=st.sampled_from([1, 1, 2, 20]))
    def a_request_gets_on(self, data, steps):
        caller = data.draw(st.sampled_from(list(self.callers)), label="caller")
        for _ in range(steps):
            if not caller.is_over:
                caller.go_on()
        self._hear(caller)

    @precondition(lambda self: self.callers)
    @rule(data=st.data())
    def a_container_dies(self, data):
        caller = data.draw(st.sampled_from(list(self.callers)), label="caller")
        caller.go_on(is_doomed=True)
        self._hear(caller)

    @rule()
    def a_moment_passes(self):
        seats_table.forget()

    @rule()
    def the_outbox_reads_on(self):
        self.post.collect()

    @precondition(lambda self: self.post.queue)
    @rule(data=st.data(), comes_again=st.booleans())
    def a_message_becomes_a_mail(self, data, comes_again):
        place = data.draw(st.integers(0, len(self.post.queue) - 1), label="message")
        self._deliver(place, keeps_it=comes_again)

    @invariant()
    def free_and_held_seats_are_all_seats(self):
        seats = self._seats()
        assert seats.free + len(seats.holders) == self.capacity
        assert seats.free >= 0

    @invariant()
    def each_held_seat_has_exactly_one_registration(self):
        for child, id_ in self._seats().holders.items():
            record = registrations.get(id_)
            assert record is not None, f"{child} has a seat by {id_}, which has no record"
            assert record.session_id == SESSION
            assert child in record.child_ids

    @invariant()
    def what_was_answered_as_confirmed_has_its_seats(self):
        holders = self._seats().holders
        for id_ in self.confirmed:
            assert all(holders.get(child) == id_ for child in self.wishes[id_])

    @invariant()
    def what_was_answered_as_waitlisted_has_its_place(self):
        """Until one of its children has a seat after all, by whichever registration."""
        waiting = {place.registration_id for place in waiting_list.places(SESSION)} if self.waitlisted else set()
        holders = self._seats().holders
        assert {id_ for id_ in self.waitlisted if not set(self.wishes[id_]) & set(holders)} <= waiting

    def teardown(self):
        for caller in list(self.callers):
            while not caller.is_over:
                caller.go_on(is_doomed=True)
        try:
            if self.capacity:
                self._whoever_was_cut_off_asks_again()
                self._every_mail_is_out()
        finally:
            super().teardown()

    def _whoever_was_cut_off_asks_again(self):
        seats_table.forget()
        for id_, children in self.wishes.items():
            again = self._tries_again(FAMILIES[id_[:11]], RegistrationRequest(SESSION, children, True, KEYS[id_]))
            if again.problem:
                assert again.problem.kind.slug in {"already-registered", "sold-out"}
            else:
                assert id_ in self.cancelled or again.result.standing.status is not RegistrationStatus.CANCELLED
                self._note(("register", id_), again.result)
            self.free_and_held_seats_are_all_seats()
            self.what_was_answered_as_confirmed_has_its_seats()

    def _every_mail_is_out(self):
        """And then each seat belongs to a registration that nobody cancelled, settled and told; once each."""
        self.post.run_dry()
        for id_ in set(self._seats().holders.values()):
            record = registrations.get(id_)
            assert record.cancelled_at is None
            assert "confirmed" in record.mailed
        waiting = {place.registration_id for place in waiting_list.places(SESSION)}
        for record in filter(None, map(registrations.get, self.wishes)):
            id_ = record.registration_id
            if record.cancelled_at:
                assert id_ not in self._seats().holders.values()
                assert id_ not in waiting
            elif "confirmed" in record.mailed:
                assert id_ in self._seats().holders.values()
        self.free_and_held_seats_are_all_seats()
        self.what_was_answered_as_confirmed_has_its_seats()
        assert max(self.post.mails.values(), default=0) <= 1

    def _tries_again(self, who: Bearer, wish: RegistrationRequest) -> Caller:
        caller = Caller(lambda: register.register(who, wish, self.now))
        caller.begin()
        while not caller.is_over:
            caller.go_on()
        return caller

    def _register(self, id_: str, waitlist: bool, at_once: bool) -> None:
        who, wish = FAMILIES[id_[:11]], RegistrationRequest(SESSION, self.wishes[id_], waitlist, KEYS[id_])
        self._call(("register", id_), lambda: register.register(who, wish, self.now), at_once)

    def _deliver(self, place: int, *, keeps_it: bool) -> None:
        self.post.deliver(place, keeps_it=keeps_it)

    def _seats(self) -> Seats:
        return seats_table.get([SESSION])[SESSION]

    def _call(self, what: tuple[str, str], request: Callable[[], object], at_once: bool) -> None:
        caller = Caller(request)
        self.callers[caller] = what
        caller.begin()
        while at_once and not caller.is_over:
            caller.go_on()
        self._hear(caller)

    def _hear(self, caller: Caller) -> None:
        if caller.is_over:
            what = self.callers.pop(caller)
            if caller.problem is None and caller.result is not None:
                self._note(what, caller.result)

    def _note(self, what, outcome) -> None:
        kind, id_ = what
        # A cancellation that is still on its way may come after this answer.
        if kind == "register" and id_ not in self.cancelled:
            if outcome.standing.status is RegistrationStatus.CONFIRMED:
                self.confirmed.add(id_)
                self.waitlisted.discard(id_)
            elif outcome.standing.status is RegistrationStatus.WAITLISTED:
                self.waitlisted.add(id_)


def run_story(examples: int, steps: int) -> None:
    with (
        halting_before_each_call(),
        posting(lambda: Story.now_playing.post),
        pytest.MonkeyPatch.context() as patch,
    ):
        # No time passes here; tests/booking/offers has a story in which it does.
        patch.setattr(timers, "send_at", lambda *_: None)
        run_state_machine_as_test(
            Story,
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                deadline=None,
                print_blob=True,
                suppress_health_check=list(HealthCheck),
            ),
        )


@pytest.mark.usefixtures("real_table")
def test_in_any_story_the_seats_add_up():
    run_story(examples=20, steps=30)


if __name__ == "__main__":  # `make search`: an hour of it
    with dynamodb_local.running() as url, dynamodb_local.patient(url):
        run_story(examples=3000, steps=60)
