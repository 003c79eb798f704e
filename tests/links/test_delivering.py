"""From an event to the city's other system and, if that does not take it, to the list of what was given up."""

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.core import table as core_table
from chalicelib.core.http.problems import Problem
from chalicelib.links import calling, changing, deliveries, delivering, table
from chalicelib.links.calling import Post
from chalicelib.links.delivering import Next
from chalicelib.links.rules import Event, EventType, Failure, Outcome, Webhook, WebhookState, event
from chalicelib.people.staff.rules import EVERYWHERE, Role, Staff
from tests.booking.registrations.callers import Crash
from tests.interrupting import before_write, crash
from tests.office.desk.counter import entries

pytestmark = pytest.mark.usefixtures("table")

NOW = datetime(2027, 3, 6, 18, tzinfo=UTC)
WIM = Staff("wim", "Wim Willems", frozenset({Role.MANAGER}), municipalities=frozenset({EVERYWHERE}))
INE = Staff("ine", "Ine Janssens", frozenset({Role.MANAGER}), municipalities=frozenset({EVERYWHERE}))
REASON = "De boekhouding van de stad wil weten wat betaald is."
ERP = {"name": "ERP", "address": "https://erp.example.be/stormloop", "events": ["order.paid"], "reason": REASON}
CRM = {**ERP, "name": "CRM", "address": "https://crm.example.be/in"}


class City:
    """The other systems: by their host, what they answer from now on, and what they got."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Outcome]] = {}
        self.posts: list[Post] = []

    def several(self, posts: list[Post]) -> list[Outcome]:
        self.posts += posts
        return [self._answer(one) for one in posts]

    def _answer(self, one: Post) -> Outcome:
        answers = self.answers.get(one.address.split("/")[2], [204])
        return answers.pop(0) if len(answers) > 1 else answers[0]

    @property
    def ids(self) -> list[str]:
        return [one.headers["webhook-id"] for one in self.posts]


@pytest.fixture
def other(monkeypatch: pytest.MonkeyPatch) -> City:
    monkeypatch.setenv("PUBLIC_URL", "https://kampen.example.be")
    made = City()
    monkeypatch.setattr(calling, "several", made.several)
    return made


def confirmed(sent: dict[str, Any] = ERP) -> Webhook:
    webhook = changing.propose(sent, WIM, NOW)
    changing.confirm(webhook.webhook_id, REASON, INE, NOW)
    return webhook


def paid(number: int = 1, at: datetime = NOW) -> Event:
    return event(str(number), at, EventType.PAID, {"order_id": f"order{number}", "amount_cents": 4500})


def state(webhook: Webhook) -> WebhookState:
    found = table.get(webhook.webhook_id)
    assert found
    return found.state


def test_an_event_is_told_once_and_is_gone(other):
    webhook = confirmed()

    assert delivering.take([paid()], NOW)
    assert delivering.turn(NOW) == Next()
    assert delivering.turn(NOW) == Next()

    assert other.ids == [paid().event_id]
    assert json.loads(other.posts[0].content)["type"] == "order.paid"
    assert deliveries.waiting(webhook.webhook_id, 10) == 0
    assert table.get(webhook.webhook_id).health.delivered == 1


def test_nothing_is_kept_where_nobody_wants_it(other):
    confirmed({**ERP, "events": ["certificate.issued"]})
    changing.propose(CRM, WIM, NOW)  # nobody confirmed it yet

    assert not delivering.take([paid()], NOW)
    delivering.turn(NOW)

    assert other.posts == []


def test_two_people_make_a_webhook_and_both_are_in_the_ledger(other):
    webhook = changing.propose(ERP, WIM, NOW)
    with pytest.raises(Problem) as refused:
        changing.confirm(webhook.webhook_id, REASON, WIM, NOW)
    changing.confirm(webhook.webhook_id, REASON, INE, NOW)

    assert refused.value.kind.slug == "not-now"
    assert [(one.what, one.staff_name) for one in entries()[-2:]] == [
        ("webhook-proposed", "Wim Willems"),
        ("webhook-confirmed", "Ine Janssens"),
    ]
    assert webhook.secret not in str(entries())
    assert "/stormloop" not in str([one.details for one in entries()])


def test_that_nobody_confirms_their_own_is_a_condition_of_the_write(monkeypatch):
    webhook = changing.propose(ERP, WIM, NOW)
    another = Webhook(**{**webhook.__dict__, "by": "ine"})
    monkeypatch.setattr(changing, "_found", lambda _: another)  # as if it had been asked for by somebody else

    with pytest.raises(Problem) as refused:
        changing.confirm(webhook.webhook_id, REASON, WIM, NOW)

    assert refused.value.kind.slug == "changed"
    assert state(webhook) is WebhookState.PROPOSED


@pytest.mark.parametrize(
    "address", ["http://erp.example.be/", "https://169.254.169.254/", "https://a:b@erp.example.be/"]
)
def test_an_address_that_may_not_be_is_refused_when_it_is_entered(address):
    with pytest.raises(Problem) as refused:
        changing.propose({**ERP, "address": address}, WIM, NOW)

    assert [one.field for one in refused.value.errors] == ["address"]


def test_what_was_not_taken_comes_again_with_the_same_id_and_content(other):
    confirmed()
    other.answers["erp.example.be"] = [503, 204]
    delivering.take([paid()], NOW)

    assert delivering.turn(NOW) == Next(at=NOW + timedelta(minutes=1))
    assert delivering.turn(NOW + timedelta(minutes=1)) == Next()

    first, second = other.posts
    assert first.content == second.content
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.headers["webhook-signature"] != second.headers["webhook-signature"]  # each of its own moment


def test_a_message_that_comes_twice_keeps_an_event_once(other):
    webhook = confirmed()

    delivering.take([paid()], NOW)
    delivering.take([paid()], NOW)

    assert deliveries.waiting(webhook.webhook_id, 10) == 1


def test_an_event_that_is_never_taken_is_given_up_after_nine_tries_and_sent_again_by_a_button(other):
    webhook = confirmed()
    other.answers["erp.example.be"] = [422]
    delivering.take([paid()], NOW)
    at: datetime | None = NOW
    while at:
        last, at = at, delivering.turn(at).at
    given_up = deliveries.dead(webhook.webhook_id, 10)

    assert [(one.event, one.tries, one.last) for one in given_up] == [(paid(), 9, "422")]
    assert timedelta(hours=23) < last - NOW < timedelta(days=1)

    other.answers["erp.example.be"] = [204]
    assert changing.send_again(webhook.webhook_id, last) == 1
    delivering.turn(last)
    assert deliveries.dead(webhook.webhook_id, 10) == []
    assert other.ids == [paid().event_id] * 10
    assert state(webhook) is WebhookState.ON


def test_one_event_that_is_not_taken_holds_up_no_other(other):
    confirmed()
    other.answers["erp.example.be"] = [422, 204]
    delivering.take([paid(1), paid(2), paid(3)], NOW)

    delivering.turn(NOW)

    assert table.every()[0].health.delivered == 2


def test_an_address_that_is_dead_is_tried_by_one_delivery_at_a_time_and_stopped_after_a_day(other):
    webhook = confirmed()
    other.answers["erp.example.be"] = [Failure.TOO_SLOW]
    delivering.take([paid(number) for number in range(30)], NOW)
    calls, at = [], NOW
    while following := delivering.turn(at).at:
        calls.append(len(other.posts))
        at = following

    assert calls[0] == 4  # at once; then it is left alone
    assert len(other.posts) < 40
    assert timedelta(days=1) <= at - NOW < timedelta(days=1, hours=1, minutes=1)
    assert state(webhook) is WebhookState.HALTED
    assert deliveries.waiting(webhook.webhook_id, 100) == 30  # none of them is lost


def test_a_stopped_webhook_keeps_what_comes_and_gets_it_once_somebody_asks(other):
    webhook = confirmed()
    other.answers["erp.example.be"] = [410]
    delivering.take([paid(1)], NOW)
    delivering.turn(NOW)
    assert state(webhook) is WebhookState.HALTED
    table.forget()
    assert not delivering.take([paid(2)], NOW)

    other.answers["erp.example.be"] = [204]
    changing.send_again(webhook.webhook_id, NOW)
    table.forget()
    delivering.turn(NOW + timedelta(minutes=1))

    assert sorted(other.ids[1:]) == sorted([paid(1).event_id, paid(2).event_id])


def test_whoever_asks_although_nothing_waits_sees_it_told_again(other):
    webhook = confirmed()
    changing.send_again(webhook.webhook_id, NOW)

    delivering.turn(NOW)

    assert state(webhook) is WebhookState.ON


def test_a_dead_address_holds_up_no_other_one(other):
    confirmed()
    confirmed(CRM)
    table.forget()
    other.answers["erp.example.be"] = [Failure.NO_CONNECTION]
    delivering.take([paid(number) for number in range(9)], NOW)

    delivering.turn(NOW)

    assert sum("crm" in one.address for one in other.posts) == 9


def test_a_turn_ends_in_time_and_says_that_there_is_more(other, monkeypatch):
    confirmed()
    delivering.take([paid(number) for number in range(9)], NOW)
    clock = iter(range(0, 1000, 3))
    monkeypatch.setattr(delivering, "monotonic", lambda: next(clock))

    assert delivering.turn(NOW) == Next(at_once=True)
    assert len(other.posts) == 4


def test_one_turn_at_a_time_and_one_message_for_the_next(other):
    confirmed()
    assert delivering.take([paid(1)], NOW)
    assert not delivering.take([paid(2)], NOW)  # somebody is about to deliver
    assert delivering.take([paid(3)], NOW + timedelta(minutes=2))  # and did not come

    assert deliveries.begin(NOW)
    assert delivering.turn(NOW) == Next(at_once=True)  # what is under way may not see what is new
    assert other.posts == []

    assert delivering.turn(NOW + timedelta(minutes=1)) == Next()  # the other one broke off
    assert len(other.posts) == 3


def test_what_is_ended_is_told_nothing_and_nothing_of_it_is_kept(other):
    webhook = confirmed()
    delivering.take([paid()], NOW)
    changing.end(webhook.webhook_id, REASON, WIM, NOW)

    delivering.turn(NOW)

    assert other.posts == []
    left = core_table.query("pk = :pk", {":pk": {"S": f"WEBHOOK#{webhook.webhook_id}"}})
    assert list(left) == []


def test_what_a_turn_learned_is_not_written_over_what_somebody_asked_for_meanwhile(other, monkeypatch):
    webhook = confirmed()
    delivering.take([paid()], NOW)

    def while_somebody_asks(posts: list[Post]) -> list[Outcome]:
        changing.send_again(webhook.webhook_id, NOW)
        return [410 for _ in posts]

    monkeypatch.setattr(calling, "several", while_somebody_asks)
    delivering.turn(NOW)

    assert state(webhook) is WebhookState.AGAIN


def test_ten_webhooks_at_most():
    for number in range(10):
        changing.propose({**ERP, "name": str(number)}, WIM, NOW)

    with pytest.raises(Problem) as refused:
        changing.propose(ERP, WIM, NOW)
    assert refused.value.kind.slug == "not-now"


@pytest.mark.parametrize("number", range(9))
def test_wherever_it_breaks_off_each_event_is_told_and_nothing_is_left(other, number):
    """The queue hands both messages over again; what was called for by then is somebody's turn within a minute."""
    webhook = confirmed()
    other.answers["erp.example.be"] = [503, 204]
    events = [paid(1), paid(2)]
    with suppress(Crash), before_write(number, crash):
        delivering.take(events, NOW)
        delivering.turn(NOW)
    at: datetime | None = NOW + timedelta(minutes=6)
    delivering.take(events, at)

    while at:
        at = delivering.turn(at).at

    assert {one.event_id for one in events} <= set(other.ids)
    assert deliveries.waiting(webhook.webhook_id, 10) == 0
