"""A family that asks for it is erased everywhere: table, queue, log; and what it had is given back."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from typing import Any
from unittest.mock import patch

import pytest
import time_machine

from chalicelib.booking.draw import drawing
from chalicelib.booking.draw import table as draws
from chalicelib.core import table as stormloop_table
from chalicelib.mail import of_families, sending
from chalicelib.mail.rules import ALONE, DELAYS, NAMES, MailKind
from chalicelib.people.child_info import table as cares
from chalicelib.people.child_info.rules import Care, Contact
from chalicelib.people.families import changes, leaving, namings, tokens
from chalicelib.people.families.rules import child, kept_until
from chalicelib.programme.sessions.rules import Session
from chalicelib.rights import erasing
from chalicelib.seats import table as seats_table
from chalicelib.seats.rules import Seats
from chalicelib.seats.waiting_list import table as waiting_list
from chalicelib.swimming import booking
from tests.booking.draw.lots import AFTER, drawn_opening, enter, hold
from tests.camps import LOU, Family, family, post, published, request
from tests.containers import forget
from tests.core.http.conftest import stored
from tests.mail.conftest import City
from tests.swimming import pool
from tests.test_privacy import a_city

ZEB = child("Zebedeus", "Vanwonterghem", date(2022, 5, 17))
ADA = child("Adalgisa", "Vanwonterghem", date(2022, 6, 18))
EMAIL = "zeb.vanwonterghem@example.be"
SAID = re.compile("Zebedeus|Adalgisa|Vanwonterghem|2022-05-17|2022-06-18|Zwaantje|gluten", re.IGNORECASE)
CARE = Care((Contact("Oma Zwaantje", "0499 77 66 55"),), "Coeliakie: geen gluten", (), datetime.now(UTC))


@pytest.fixture
def city(monkeypatch: pytest.MonkeyPatch) -> Iterator[City]:
    monkeypatch.setitem(DELAYS, MailKind.ERASE, 0)  # nothing is under way here
    with a_city() as city:
        forget()
        yield city


def settle(city: City) -> list[EmailMessage]:
    """Everything that follows, until nothing does; answers the mails that it brought."""
    before = len(city.mailbox)
    while True:
        assert city.outbox() == {"batchItemFailures": []}
        due = city.queued()
        if not due:
            return city.mailbox[before:]
        assert city.deliver(due) == []


def a_family_with_all_of_it(city: City) -> tuple[Family, Session, Session]:
    """Given a family that has a seat, a place on a waiting list, two passes, notes, and hours in the pool."""
    zeb, other = family(ZEB, ADA, email=EMAIL), family(LOU, email="fatima@example.be")
    namings.name([ZEB.child_id, ADA.child_id], zeb.pass_.family_id, datetime.now(UTC), kept_until(datetime.now(UTC)))
    cares.replace(zeb.pass_.family_id, ZEB.child_id, None, CARE, kept_until(datetime.now(UTC)))
    camp, full = published(), published(title="Danskamp", capacity=1)
    assert other.register(full, LOU).status_code == 201
    assert zeb.register(camp, ZEB, ADA).json_body["status"] == "confirmed"
    assert zeb.register(full, ZEB).json_body["status"] == "waitlisted"
    assert post("/api/passes", asked_for(EMAIL)).status_code == 202
    pool.opened()
    booking.book(zeb.pass_.family_id, pool.THIS_SATURDAY, 3, datetime.now(UTC))
    settle(city)
    return zeb, camp, full


def asked_for(email: str) -> dict[str, Any]:
    children = [
        {"first_name": one.first_name, "last_name": one.last_name, "birth_date": one.birth_date.isoformat()}
        for one in (ZEB, ADA)
    ]
    return {"email": email, "language": "fr", "postcode": "9973", "children": children}


def erased(zeb: Family) -> None:
    answer = request("DELETE", "/api/family", headers=zeb.authorization)
    assert answer.status_code == 202


def left_of(zeb: Family) -> list[str]:
    """The items in which something of the family stands, by their keys; not that its tokens are revoked."""
    ids = [zeb.pass_.family_id, ZEB.child_id, ADA.child_id]
    return [
        f"{item['pk']['S']} / {item['sk']['S']}"
        for item in stored()
        if item["pk"]["S"] != "CHANGES" and (SAID.search(str(item)) or any(one in str(item) for one in ids))
    ]


def seats_of(session: Session) -> Seats:
    return seats_table.get([session.session_id])[session.session_id]


def test_an_erased_family_is_nowhere(city: City, logged: io.StringIO) -> None:
    zeb, camp, full = a_family_with_all_of_it(city)
    assert len(left_of(zeb)) > 8

    erased(zeb)
    mails = settle(city)

    assert left_of(zeb) == []
    assert seats_of(camp).holders == {}
    assert seats_of(camp).free == camp.capacity
    assert waiting_list.places(full.session_id) == []
    # One last mail, and none about what was given back.
    assert [mail["To"] for mail in mails] == [EMAIL]
    assert not SAID.search(logged.getvalue())
    assert zeb.pass_.family_id not in logged.getvalue()
    assert zeb.get("/api/registrations").status_code == 401


def test_the_seat_goes_to_who_is_next(city: City) -> None:
    zeb, other = family(ZEB, email=EMAIL), family(LOU, email="fatima@example.be")
    full = published(capacity=1)
    zeb.register(full, ZEB)
    waiting = other.register(full, LOU).json_body["registration_id"]
    settle(city)

    erased(zeb)
    settle(city)
    settle(city)

    assert set(seats_of(full).holders.values()) == {waiting}


def test_it_goes_on_wherever_it_broke_off(city: City) -> None:
    """Each try dies right after the first write that none before it came to."""
    zeb, camp, _ = a_family_with_all_of_it(city)
    erased(zeb)
    city.outbox()
    (message,) = [one for one in city.queued() if one["kind"] == "erase"]

    written: set[str] = set()
    with dying_after_each(written):
        for _ in range(100):
            if not city.deliver([message]):
                break

    assert 10 < len(written) < 100
    assert left_of(zeb) == []
    assert seats_of(camp).free == camp.capacity
    assert [mail["To"] for mail in settle(city)] == []


@contextmanager
def dying_after_each(written: set[str]) -> Iterator[None]:
    client: Any = stormloop_table.Item._get_connection().connection.client
    call = client._make_api_call

    def counted(operation: str, arguments: Any) -> Any:
        answer = call(operation, arguments)
        what = f"{operation} {arguments.get('Key')} {arguments.get('UpdateExpression')}"
        if operation in ("PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems") and what not in written:
            written.add(what)
            raise RuntimeError("the container is gone")
        return answer

    with patch.object(client, "_make_api_call", counted):
        yield


def test_a_large_family_is_erased_in_parts(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    zeb, camp, _ = a_family_with_all_of_it(city)
    monkeypatch.setattr(erasing, "MOST_REGISTRATIONS", 1)
    monkeypatch.setattr(erasing, "MOST_ITEMS", 2)
    timers: list[Any] = []
    monkeypatch.setattr(of_families.timers, "send_at", lambda *asked: timers.append(asked[-1]))
    erased(zeb)
    settle(city)

    while timers:
        assert city.deliver([timers.pop()]) == []

    assert left_of(zeb) == []
    assert seats_of(camp).free == camp.capacity


def test_a_child_that_another_family_named_first_stays_its(city: City) -> None:
    first = family(ZEB, email="fatima@example.be")
    now = datetime.now(UTC)
    namings.name([ZEB.child_id], first.pass_.family_id, now, kept_until(now))
    zeb = family(ZEB, email=EMAIL)
    erased(zeb)
    settle(city)

    assert namings.firsts([ZEB.child_id]) == {ZEB.child_id: first.pass_.family_id}


def test_of_a_session_that_is_over_the_count_stays_and_nobody_is_named(city: City) -> None:
    zeb, camp, _ = a_family_with_all_of_it(city)
    with time_machine.travel(datetime(2027, 8, 19, 12, tzinfo=UTC)):
        forget()
        erased(zeb)
        settle(city)
        settle(city)

        assert left_of(zeb) == []
        assert (seats_of(camp).free, len(seats_of(camp).holders)) == (camp.capacity - 2, 2)
        assert seats_of(camp).registrations == []


def test_whatever_is_still_on_a_queue_does_nothing(city: City) -> None:
    """Also what comes back from the dead letters."""
    zeb, _, _ = a_family_with_all_of_it(city)
    records = zeb.get("/api/registrations").json_body["registrations"]
    erased(zeb)
    settle(city)
    before = stored()
    family_pass = f"{zeb.pass_.family_id}/{zeb.pass_.pass_id}"
    messages = [{"kind": "pass", "id": family_pass}, {"kind": "erase", "id": zeb.pass_.family_id}]
    messages += [{"kind": "result", "id": f"2027-aaaaaa/{zeb.pass_.family_id}"}]
    messages += [{"kind": "announcement", "id": family_pass, "session_id": "2027-aaaaaa#1"}]
    messages += [{"kind": "wish-off", "id": f"2027-aaaaaa/{zeb.pass_.family_id}", "session_id": "2027-bbbbbb"}]
    messages += [{"kind": "moment", "id": family_pass, "session_id": "2027-aaaaaa"}]
    messages += [{"kind": "certificates", "id": f"{zeb.pass_.family_id}/2026"}]
    messages += [{"kind": "moment-soon", "id": family_pass, "session_id": "2027-aaaaaa#2027-05-07"}]
    for one in records:
        about = {"session_id": one["session_id"]}
        messages += [{"kind": "expired", "id": f"{one['registration_id']}/{zeb.pass_.pass_id}", **about}]
        messages += [
            {"kind": kind.value, "id": one["registration_id"], **about}
            for kind in MailKind
            if kind.value not in {other["kind"] for other in messages} | ALONE | NAMES
        ]

    assert city.deliver(messages) == []

    assert stored() == before
    assert settle(city) == []


def test_a_draw_keeps_what_it_published_and_the_family_goes_afterwards(city: City) -> None:
    zeb, camp = family(ZEB, email=EMAIL), published()
    opening = drawn_opening(camp)
    assert enter(zeb, opening, [(ZEB, camp)]).status_code == 200
    with time_machine.travel(AFTER):
        frozen = list(draws.entries(opening.opening_id))
        drawing._freeze(opening, frozen, AFTER)
        forget()
        with patch.object(of_families.timers, "send_at") as timer:
            erased(zeb)
            settle(city)
            assert timer.call_count == 1
        kept = [one for one in left_of(zeb) if not one.endswith("ERASING")]
        assert [one.split("#")[0] for one in kept] == ["O"]

        assert hold(opening, datetime.now(UTC))
        with patch.object(of_families.timers, "send_at"):
            settle(city)
        assert city.deliver([{"kind": "erase", "id": zeb.pass_.family_id}]) == []
        settle(city)

    assert left_of(zeb) == []
    assert seats_of(camp).free == camp.capacity


def test_wishes_of_a_draw_are_withdrawn_while_it_takes_them(city: City) -> None:
    zeb, camp = family(ZEB, email=EMAIL), published()
    opening = drawn_opening(camp)
    enter(zeb, opening, [(ZEB, camp)])

    erased(zeb)
    settle(city)

    assert list(draws.entries(opening.opening_id)) == []
    assert left_of(zeb) == []


def test_whoever_asks_twice_is_erased_once(city: City) -> None:
    zeb = family(ZEB, email=EMAIL)
    leaving.ask(zeb.pass_.family_id, datetime.now(UTC))
    leaving.ask(zeb.pass_.family_id, datetime.now(UTC))

    assert [mail["To"] for mail in settle(city)].count(EMAIL) <= 2  # the pass's, and the last one
    assert left_of(zeb) == []


def test_an_erased_family_may_come_back(city: City) -> None:
    with time_machine.travel(datetime(2027, 3, 6, 18, tzinfo=UTC), tick=False) as now:
        zeb = family(ZEB, email=EMAIL)
        erased(zeb)
        settle(city)
        now.shift(60)
        forget()

        again = family(ZEB, email=EMAIL)

        assert again.get("/api/pass").status_code == 200
        assert zeb.get("/api/pass").status_code == 401


def test_its_address_need_not_work(city: City) -> None:
    zeb = family(ZEB, email=EMAIL)
    settle(city)
    erased(zeb)
    refused = sending.MailRefused("MessageRejected", is_for_now=False)
    with patch.object(of_families, "send", side_effect=refused):
        city.outbox()
        assert city.deliver(city.queued()) == []

    assert left_of(zeb) == []


def test_links_that_are_forgotten_leave_everything_else(city: City) -> None:
    with time_machine.travel(datetime(2027, 3, 6, 18, tzinfo=UTC), tick=False) as now:
        zeb = family(ZEB, email=EMAIL)
        camp = published()
        zeb.register(camp, ZEB)
        now.shift(1)

        assert request("DELETE", "/api/pass", headers=zeb.authorization).status_code == 204

        assert zeb.get("/api/registrations").status_code == 401
        now.shift(1)
        again = Family(zeb.pass_, tokens.sign(zeb.pass_))
        assert [one["status"] for one in again.get("/api/registrations").json_body["registrations"]] == ["confirmed"]


def test_it_waits_until_every_container_knows() -> None:
    """Ten seconds for that, ten for a request that began before it: nothing is stored behind its back."""
    api_seconds = timedelta(seconds=10)
    assert timedelta(seconds=DELAYS[MailKind.ERASE]) > timedelta(seconds=changes.KNOWS_FOR) + 2 * api_seconds
