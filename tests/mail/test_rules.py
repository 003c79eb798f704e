"""Which change of the table calls for which mail."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.links.rules import EventType, event
from chalicelib.mail.rules import ALONE, LINKS, MORE, NAMES, MailKind, Message, messages

SEATS = {"pk": "S#k7mxfar3ct", "sk": "SEATS"}
PLACE = {"pk": "S#k7mxfar3ct", "sk": "W#lotte"}
PASS = {"pk": "F#peeters2345", "sk": "P#pass23456789"}
RECORD = {"pk": "F#peeters2345", "sk": "R#4ghx7r2p"}
PAID = event("100", datetime(2027, 3, 6, 18, tzinfo=UTC), EventType.PAID, {"order_id": "o1", "amount_cents": 4500})
IDS = st.text("abc", min_size=1, max_size=2)
HOLDERS = st.dictionaries(IDS, IDS, max_size=8)


ADVANCE = Message(MailKind.ADVANCE, "k7mxfar3ct")


def of_seats(old: dict[str, str], new: dict[str, str], before: Any = None, after: Any = None) -> list[Message]:
    """`before`, `after`: what else stands in the item."""
    return messages("MODIFY", SEATS, {"holders": old, **(before or {})}, {"holders": new, **(after or {})})


def of(kind: MailKind, registration: str) -> Message:
    return Message(kind, registration, "k7mxfar3ct")


def test_a_new_holder_is_confirmed():
    assert of_seats({"lotte": "r1"}, {"lotte": "r1", "noor": "r2"}) == [of(MailKind.CONFIRMED, "r2")]


def test_siblings_get_one_message():
    assert of_seats({}, {"lotte": "r1", "wout": "r1"}) == [of(MailKind.CONFIRMED, "r1")]
    assert of_seats({"lotte": "r1", "wout": "r1"}, {}) == [of(MailKind.CANCELLED, "r1")]


def test_a_child_of_several_that_loses_its_seat_is_news_and_not_the_end():
    both = {"lotte": "r1", "wout": "r1"}
    assert of_seats(both, {"wout": "r1"}) == [of(MailKind.CHILD_LEFT, "r1")]
    assert of_seats(both, {"wout": "r1"}, {"u#r1": 9}, {"u#r1": 9}) == [of(MailKind.CHILD_LEFT, "r1")]


def test_a_seat_that_changes_hands_at_once_is_news_for_both():
    assert of_seats({"lotte": "r1"}, {"lotte": "r2"}) == [of(MailKind.CONFIRMED, "r2"), of(MailKind.CANCELLED, "r1")]


def test_a_seat_that_is_held_for_a_time_is_no_confirmation_and_its_timer_is_made():
    assert of_seats({}, {"lotte": "r1"}, {}, {"u#r1": 9}) == [of(MailKind.HELD, "r1"), ADVANCE]
    assert of_seats({}, {"lotte": "r1"}, {}, {"u#r1": 9, "c#r1": "w"}) == [of(MailKind.OFFERED, "r1"), ADVANCE]


def test_what_ends_later_than_another_is_seen_to_when_that_ends():
    held = {"lotte": "r1"}
    assert of_seats(held, {**held, "noor": "r2"}, {"u#r1": 9}, {"u#r1": 9, "u#r2": 10}) == [of(MailKind.HELD, "r2")]
    assert of_seats(held, {**held, "noor": "r2"}, {"u#r1": 9}, {"u#r1": 9, "u#r2": 8}) == [
        of(MailKind.HELD, "r2"),
        ADVANCE,
    ]


def test_what_was_held_and_is_accepted_is_confirmed():
    held = {"lotte": "r1"}
    assert of_seats(held, held, {"u#r1": 9, "c#r1": "w"}, {"c#r1": "w"}) == [of(MailKind.CONFIRMED, "r1")]


def test_more_time_is_no_news():
    held = {"lotte": "r1"}
    assert of_seats(held, held, {"u#r1": 9}, {"u#r1": 19, "e#r1": True}) == []


def test_what_was_held_is_given_up_or_lapses_and_the_image_says_which():
    held = {"lotte": "r1"}
    assert of_seats(held, {}, {"u#r1": 9}, {}) == [of(MailKind.DECLINED, "r1")]
    assert of_seats(held, {}, {"u#r1": 9}, {"u#r1": 9}) == [of(MailKind.LAPSED, "r1")]
    assert of_seats({}, {}, {"u#r1": 9}, {}) == []  # the record says so by now


def test_a_list_moves_on_when_seats_become_free_that_are_its_own():
    queued = {"queued": True}
    assert of_seats({"lotte": "r1"}, {}, {"free": 0, **queued}, {"free": 1, **queued}) == [
        of(MailKind.CANCELLED, "r1"),
        ADVANCE,
    ]
    assert of_seats({}, {}, {"free": 1}, {"free": 1, **queued}) == [ADVANCE]
    assert of_seats({}, {}, {"free": 0}, {"free": 0, **queued}) == []
    assert of_seats({}, {}, {"free": 0, **queued}, {"free": 5, **queued}) == [ADVANCE]  # more seats than before


def test_a_list_with_free_seats_moves_on_when_its_session_opens_or_closes_at_another_moment():
    free = {"free": 1, "queued": True, "opens": 5, "closes": 9}
    assert of_seats({}, {}, {"free": 1, "queued": True, "closes": 9}, free) == [ADVANCE]
    assert of_seats({}, {}, {**free, "closes": 7}, free) == [ADVANCE]
    assert of_seats({}, {}, {**free, "free": 0, "closes": 7}, {**free, "free": 0}) == []


def test_a_seat_that_becomes_free_where_nobody_waits_moves_nothing():
    assert of_seats({"lotte": "r1"}, {}, {"free": 0}, {"free": 1}) == [of(MailKind.CANCELLED, "r1")]


def test_seats_that_an_opening_holds_back_are_nobody_s():
    assert of_seats({}, {"~1": "~staff"}) == []
    assert of_seats({"~1": "~staff"}, {}, {"free": 0, "queued": True}, {"free": 1, "queued": True}) == [ADVANCE]


def test_an_opening_that_is_set_is_no_news():
    assert messages("MODIFY", SEATS, {"holders": {"lotte": "r1"}}, {"holders": {"lotte": "r1"}, "opens": 1}) == []


@given(HOLDERS, HOLDERS)
def test_messages_are_the_difference_of_the_registrations(old, new):
    found = of_seats(old, new)
    assert len(found) == len(set(found))
    assert {one.id for one in found if one.kind is MailKind.CONFIRMED} == set(new.values()) - set(old.values())
    assert {one.id for one in found if one.kind is MailKind.CANCELLED} == set(old.values()) - set(new.values())
    fewer = {one for one in new.values() if list(new.values()).count(one) < list(old.values()).count(one)}
    assert {one.id for one in found if one.kind is MailKind.CHILD_LEFT} == fewer
    assert {one.kind for one in found} <= {MailKind.CONFIRMED, MailKind.CANCELLED, MailKind.CHILD_LEFT}


@pytest.mark.parametrize("change", ["INSERT", "REMOVE"])
def test_seats_that_come_from_a_backup_or_go_away_whole_mail_nobody(change):
    image = {"holders": {"lotte": "r1"}}
    assert messages(change, SEATS, {} if change == "INSERT" else image, image if change == "INSERT" else {}) == []


def test_the_waiting_list():
    image = {"registration_id": "r1", "ticket": 3}
    assert messages("INSERT", PLACE, {}, image) == [of(MailKind.WAITLISTED, "r1"), ADVANCE]
    assert messages("REMOVE", PLACE, image, {}) == [of(MailKind.LEFT, "r1"), ADVANCE]
    assert messages("INSERT", PLACE, {}, {**image, "drawn": True}) == [ADVANCE]  # the draw tells them
    assert messages("MODIFY", {"pk": "S#k7mxfar3ct", "sk": "WAITING"}, {"next": 1}, {"next": 2}) == []


def test_of_siblings_who_begin_to_wait_the_first_speaks():
    """The stream may show them to two runs, and each would have sent the mail."""
    first, second = {"registration_id": "r1", "ticket": 3}, {"registration_id": "r1", "ticket": 3, "sibling": True}
    assert messages("INSERT", PLACE, {}, first) == [of(MailKind.WAITLISTED, "r1"), ADVANCE]
    assert messages("INSERT", PLACE, {}, second) == []
    assert messages("REMOVE", PLACE, second, {}) == [of(MailKind.LEFT, "r1"), ADVANCE]  # one of them may leave alone


@pytest.mark.parametrize("change", ["INSERT", "MODIFY"])
def test_a_draft_and_what_needs_a_second_person_is_for_staff(change):
    opening, log = {"pk": "OPENINGS", "sk": "2027-k7m2xq"}, {"pk": "O#2027-k7m2xq", "sk": "LOG#0002"}
    assert messages(change, opening, {}, {"state": "draft", "version": 3}) == [
        Message(MailKind.APPROVAL, "2027-k7m2xq/3")
    ]
    assert messages(change, opening, {}, {"state": "published", "version": 3}) == []
    assert messages("REMOVE", opening, {"state": "draft", "version": 3}, {}) == []
    proposed = [Message(MailKind.INCIDENT, "2027-k7m2xq/2")] if change == "INSERT" else []
    assert messages(change, log, {}, {"action": "restart"}) == proposed
    assert messages(change, log, {}, {"action": "pause", "at": 1}) == []
    for sk in ("DRAW", "BEACON"):
        assert messages(change, {"pk": "O#2027-k7m2xq", "sk": sk}, {}, {}) == [Message(MailKind.BEACON, "2027-k7m2xq")]


def test_a_pass_is_mailed_when_it_is_made_and_not_when_it_is_marked_or_expires():
    assert messages("INSERT", PASS, {}, {"email": "an.peeters@example.be"}) == [
        Message(MailKind.PASS, "peeters2345/pass23456789")
    ]
    assert messages("MODIFY", PASS, {}, {"mailed": {"pass"}}) == []
    assert messages("REMOVE", PASS, {}, {}) == []


@pytest.mark.parametrize("change", ["INSERT", "MODIFY", "REMOVE"])
def test_a_record_alone_is_no_news(change):
    assert messages(change, RECORD, {"child_ids": ["lotte"]}, {"child_ids": ["lotte"]}) == []


KEYS = st.sampled_from(["PROGRAMME", "S#", "S#k", "F#f", "UNDELIVERED", "", "#"])
SORTS = st.sampled_from(["SEATS", "WAITING", "W#", "W#c", "P#p", "R#r", "k", "", "#", "SEATS#"])
IMAGES = st.dictionaries(st.sampled_from(["registration_id", "ticket"]), st.text(max_size=3) | st.none())


@given(st.sampled_from(["INSERT", "MODIFY", "REMOVE"]), KEYS, SORTS, IMAGES, IMAGES)
def test_no_item_of_the_table_can_block_the_stream(change, pk, sk, old, new):
    for message in messages(change, {"pk": pk, "sk": sk}, old, new):
        assert Message.from_json(message.to_json()) == message


@given(
    st.builds(Message, st.sampled_from([kind for kind in MailKind if kind not in ALONE | NAMES]), st.text(), st.text())
    | st.builds(
        lambda kind, one, two: Message(kind, f"{one}/{two}"),
        st.sampled_from(sorted(ALONE - {"more", "links", "events"})),
        IDS,
        IDS,
    )
    | st.just(MORE)
    | st.sampled_from([LINKS, Message(MailKind.EVENTS, "100", events=(PAID, PAID))])
)
def test_a_message_survives_the_queue(message):
    assert Message.from_json(message.to_json()) == message


def test_the_queue_carries_what_docs_say():
    assert Message.from_json('{"kind": "arrived", "id": "mails/a1"}') == Message(MailKind.ARRIVED, "mails/a1")
    assert json.loads(Message(MailKind.PASS, "f/p").to_json()) == {"kind": "pass", "id": "f/p"}
    assert json.loads(Message(MailKind.ADVANCE, "s").to_json()) == {"kind": "advance", "id": "s"}
    assert json.loads(Message(MailKind.LEFT, "r1", "s").to_json()) == {"kind": "left", "id": "r1", "session_id": "s"}


@pytest.mark.parametrize(
    "text",
    [
        "", "null", "[]", "{", "7", '"pass"', "{}",
        '{"kind": "pass"}',
        '{"kind": "pass", "id": "no-slash"}',
        '{"kind": "pass", "id": "a/b/c"}',
        '{"kind": "pass", "id": "a/b", "session_id": "s"}',
        '{"kind": "confirmed", "id": "r1"}',
        '{"kind": "confirmed", "id": 7, "session_id": "s"}',
        '{"kind": "granted", "id": "r1", "session_id": "s"}',
        '{"kind": "moved", "id": "r1", "session_id": "s"}',
        '{"kind": "advance"}',
        '{"kind": "advance", "id": "s", "session_id": "s"}',
        '{"kind": "confirmed", "id": "r1", "session_id": "s", "more": 1}',
    ],
)  # fmt: skip
def test_anything_else_is_unreadable(text):
    with pytest.raises(ValueError):  # noqa: PT011 any of them sends it to the dead letters
        Message.from_json(text)


class Compared(str):
    """A registration that counts how often it is compared with another."""

    times = 0

    def __eq__(self, other: object) -> bool:
        Compared.times += 1
        return super().__eq__(other)

    __hash__ = str.__hash__


def comparisons(registrations: int) -> int:
    before = {f"child{number}": Compared(f"r{number}") for number in range(registrations)}
    after = {child: Compared(str(holder)) for child, holder in before.items()} | {"lou": Compared("new")}
    Compared.times = 0
    assert of_seats(before, after) == [of(MailKind.CONFIRMED, "new")]
    return Compared.times


def test_a_change_of_four_times_as_many_seats_is_read_with_four_times_the_work():
    assert comparisons(400) <= 5 * comparisons(100)


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        ({}, {"status": "open"}, [MailKind.CITY_PASS]),
        ({"status": "open"}, {"status": "open"}, []),  # a proof was seen
        ({"status": "open"}, {"status": "granted"}, [MailKind.CITY_PASS, MailKind.ACCOUNT]),
        ({"status": "granted"}, {"status": "refused"}, [MailKind.CITY_PASS, MailKind.ACCOUNT]),
    ],
)
def test_a_family_hears_how_its_city_pass_stands_and_its_orders_are_measured(before, after, kinds):
    key = {"pk": "F#peeters2345", "sk": "CITYPASS#1"}
    found = messages("MODIFY" if before else "INSERT", key, before, after)

    assert [one.kind for one in found] == kinds
    assert all(one.id in ("peeters2345/1", "peeters2345") for one in found)
