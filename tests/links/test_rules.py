"""What a webhook may be, how it is signed, and when it is tried again."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.core.public_numbers import is_public
from chalicelib.links import rules
from chalicelib.links.rules import Event, EventType, Failure, Health, after, is_address, is_over, next_try

NOW = datetime(2027, 3, 6, 18, tzinfo=UTC)
PAID = {"order_id": "3k9rtgw5mxpa2345678", "amount_cents": 4500}


def test_it_is_signed_as_standard_webhooks_signs():
    """The example of its own libraries (standardwebhooks 1.1.0 at PyPI makes the same)."""
    made = rules.signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
    )
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_an_event_has_one_id_however_often_its_record_comes():
    first = rules.event("100", NOW, EventType.PAID, PAID)

    assert rules.event("100", NOW, EventType.PAID, dict(reversed(PAID.items()))).event_id == first.event_id
    assert rules.event("101", NOW, EventType.PAID, PAID).event_id != first.event_id
    assert rules.event("100", NOW, EventType.PAID, {**PAID, "amount_cents": 1}).event_id != first.event_id


def test_an_event_comes_back_from_its_message_as_it_was():
    event = rules.event("100", NOW, EventType.PAID, PAID)

    assert Event.from_document(json.loads(json.dumps(event.to_document()))) == event


def test_a_payload_says_what_happened_and_where_to_ask():
    event = rules.event("1", NOW, EventType.CONFIRMED, {"registration_id": "r1", "session_id": "k7mx"})

    assert json.loads(rules.body(event, "https://kampen.example.be")) == {
        "type": "registration.confirmed",
        "timestamp": "2027-03-06T18:00:00Z",
        "data": {
            "registration_id": "r1",
            "session_id": "k7mx",
            "links": {"session": "https://kampen.example.be/api/sessions/k7mx"},
        },
    }


@pytest.mark.parametrize(
    "text",
    [
        "https://erp.example.be/stormloop",
        "https://erp.example.be",
        "https://erp.example.be:443/a?key=1",
        "https://a.b.be/x",
    ],
)
def test_an_address_of_another_system(text):
    assert is_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "http://erp.example.be/",
        "ftp://erp.example.be/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://2130706433/",
        "https://0x7f.0.0.1/",
        "https://localhost/",
        "https://user:secret@erp.example.be/",
        "https://erp.example.be@169.254.169.254/",
        "https://erp.example.be:8443/",
        "https://erp.example.be/#part",
        "https://erp.example.be/a b",
        "https://erp.example.be/\r\nHost: other",
        "https://erp.example.be\\@127.0.0.1/",
        "https://erp.example.be:x/",
        "https://érp.example.be/",
        "https://erp.example.be./",
        "//erp.example.be",
        "",
        "https://erp.example.be/" + "a" * 500,
    ],
)
def test_what_is_no_address_for_a_webhook(text):
    assert not is_address(text)


@pytest.mark.parametrize("address", ["93.184.216.34", "2a00:1450:4009:81f::200e"])
def test_an_address_of_the_internet(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *(
            "127.0.0.1",
            "10.0.0.8",
            "172.16.3.4",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
        ),
        *(
            "255.255.255.255",
            "192.0.2.1",
            "198.18.0.1",
            "240.0.0.1",
            "::1",
            "::",
            "fe80::1",
            "fec0::1",
            "fc00::1",
            "fd00:ec2::254",
        ),
        *(
            "::ffff:127.0.0.1",
            "::ffff:93.184.216.34",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:0:7f00:1::",
        ),
        *("ff02::1", "2001:db8::1", "fe80::1%eth0", "erp.example.be", ""),
    ],
)
def test_what_is_not_the_internet_is_not_called(address):
    assert not is_public(address)


def test_a_delivery_is_tried_nine_times_within_a_day():
    at, tries = NOW, 1
    while again := next_try(tries, at):
        at, tries = again, tries + 1

    assert tries == 9
    assert timedelta(hours=23) < at - NOW < timedelta(days=1)


def test_after_three_failures_in_a_row_an_address_is_left_alone_longer_and_longer_and_at_most_an_hour():
    health, held = Health(), []
    for _ in range(8):
        health = after(health, [503], NOW)
        held.append(health.held_until and int((health.held_until - NOW).total_seconds() // 60))

    assert held == [None, None, 1, 5, 15, 60, 60, 60]


def test_one_answer_says_that_it_works_again():
    failing = Health(failing=7, failing_since=NOW, held_until=NOW, delivered=3)

    assert after(failing, [204, 503], NOW) == Health(last="503", tried_at=NOW, delivered=4)


@pytest.mark.parametrize("status", [400, 409, 422])
def test_an_event_that_is_not_taken_holds_up_no_other(status):
    health = Health()
    for _ in range(20):
        health = after(health, [status], NOW)

    assert (health.failing, health.held_until, health.last) == (0, None, str(status))


@pytest.mark.parametrize("outcome", [301, 401, 404, 429, 500, Failure.TOO_SLOW, Failure.PRIVATE])
def test_an_address_that_answers_nothing_for_a_day_is_stopped(outcome):
    day_before = Health(failing=20, failing_since=NOW - timedelta(days=1))

    assert is_over(after(day_before, [outcome], NOW), [outcome], NOW)
    assert not is_over(
        after(Health(failing=20, failing_since=NOW - timedelta(hours=23)), [outcome], NOW), [outcome], NOW
    )


def test_an_address_that_says_that_it_is_gone_is_stopped_at_once():
    assert is_over(after(Health(), [410], NOW), [410], NOW)
