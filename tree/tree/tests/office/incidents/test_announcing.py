"""The work that follows an incident: seats taken back, attempts kept or entered as wishes, families told."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from chalicelib.booking.draw import table as draw
from chalicelib.booking.registrations import table as registrations
from chalicelib.booking.registrations.rules import Registration
from chalicelib.core import table
from chalicelib.core.observability import Unforeseen
from chalicelib.mail import households, outbox, sending
from chalicelib.office.incidents import announcing
from chalicelib.office.incidents.handlers import announce
from chalicelib.people.families import table as families
from chalicelib.people.families import tokens
from chalicelib.programme.openings import log
from chalicelib.programme.sessions import table as programme
from chalicelib.seats import item as seats_item
from chalicelib.seats import table as seats
from chalicelib.seats.rules import Channel, Claim
from chalicelib.seats.waiting_list import table as waiting_list
from tests import dynamodb_local
from tests.camps import BOUWKAMP, JEF, LOU, NOOR, TOO_OLD, Family, family
from tests.mail.conftest import City, part
from tests.office.incidents.conftest import after, approved, at, done, given_opening, queued, report

NEXT_WEEK = "2027-05-14T19:00"
EVENING = 60  # minutes after seven: everybody is admitted


def told(queue_url: str) -> list[str]:
    """The families of the announcements on the queue."""
    return [one["id"].split("/")[0] for one in queued(queue_url) if one["kind"] == "announcement"]


def family_id(who: Family) -> str:
    return who.pass_.family_id


def run(number: int = 1) -> dict[str, Any]:
    return announce({"opening_id": "2027-kampen", "number": number})


def restarted() -> None:
    """Given an opening that is void and begins anew in a week."""
    with at(after(EVENING)):
        approved("2027-kampen", "restart", opens_at=NEXT_WEEK)


def drawn_instead(*, keep_given: bool) -> int:
    """Given an opening that was paused before its seed became public; the number of the draw in its log."""
    with at(after(29.5)):
        done(report("2027-kampen", "pause"))
    with at(after(EVENING)):
        made = approved("2027-kampen", "turn-into-draw", wishes_until=NEXT_WEEK, keep_given=keep_given)
    return int(made["number"])


def registered(who: Family, *children: object, key: str = "key-1", minutes: float = 40) -> str:
    with at(after(minutes)):
        answer = who.register(BOUWKAMP, *(children or who.pass_.children), key=key)
    assert answer.status_code == 201, answer.json_body
    return str(answer.json_body["registration_id"])


def known(*children: object, email: str, **changed: Any) -> Family:
    """Given a family whose pass is from the week before the opening."""
    made = family(*children, email=email)
    pass_ = replace(made.pass_, created_at=after(-7 * 1440), **changed)
    families.put(pass_)
    with at(after(-7 * 1440)):
        return Family(pass_, tokens.sign(pass_))


@pytest.fixture
def claeys(opening):
    return known(LOU, email="an.claeys@example.be")


@pytest.fixture
def amrani(opening):
    return known(NOOR, email="m.elamrani@example.be")


def seat_of(session: str = BOUWKAMP.session_id):
    return seats.get([session])[session]


# Who is told.


def test_who_holds_a_pass_for_a_child_of_that_age_is_told_and_nobody_else(opening, claeys, queue_url):
    known(TOO_OLD, email="robbe@example.be")
    with at(after(4)):
        done(report(opening.opening_id, "pause"))
        assert run() == {"families": 1}
    assert told(queue_url) == [family_id(claeys)]


def test_a_message_names_the_newest_pass_and_the_entry_of_the_log(opening, claeys, queue_url):
    newer = replace(claeys.pass_, pass_id="passnewer234", created_at=after(-30))
    families.put(newer)
    with at(after(4)):
        done(report(opening.opening_id, "pause"))
        run()
    (message,) = queued(queue_url)
    assert message == {
        "kind": "announcement",
        "id": f"{family_id(claeys)}/passnewer234",
        "session_id": "2027-kampen#1",
    }


def test_a_pass_that_is_over_tells_nobody(opening, queue_url):
    known(LOU, email="last.year@example.be")
    with at(after(1440 * 200)):
        done(report(opening.opening_id, "pause"))
        assert run() == {"families": 0}


def test_who_cannot_come_by_postcode_is_not_told(table, called, queue_url):
    given_opening(windows=[{"opens_at": "2027-05-07T19:00", "spread_minutes": 30, "postcodes": ["9971"]}])
    known(LOU, email="an.claeys@example.be")
    with at(after(4)):
        done(report("2027-kampen", "pause"))
        assert run() == {"families": 0}


def test_who_registered_waits_or_tried_is_told_whatever_its_pass(table, called, queue_url):
    given_opening(capacity=1)
    first, second = known(LOU, email="first@example.be"), known(NOOR, email="second@example.be")
    third = known(JEF, email="third@example.be")
    registered(first, LOU)
    registered(second, NOOR)
    with at(after(50)):
        done(report("2027-kampen", "pause"))
    with at(after(51)):
        assert third.register(BOUWKAMP, JEF, key="key-1").status_code == 425
    with at(after(1440 * 200)):  # their passes are over
        run()
    assert sorted(told(queue_url)) == sorted(map(family_id, (first, second, third)))


def test_who_cancelled_before_holds_no_pass_for_it_any_more_once_that_is_over(opening, claeys, queue_url):
    number = registered(claeys)
    with at(after(45)):
        assert claeys.cancel(number).status_code == 204
    with at(after(1440 * 200)):
        done(report(opening.opening_id, "pause"))
        assert run() == {"families": 0}


# A new moment.


def test_what_the_opening_gave_is_taken_back_and_it_opens_anew(table, called, queue_url):
    given_opening(capacity=2)
    claeys, amrani = known(LOU, email="an.claeys@example.be"), known(NOOR, email="m.elamrani@example.be")
    waits = known(JEF, email="third@example.be")
    numbers = [registered(claeys), registered(amrani), registered(waits)]
    assert waiting_list.position(BOUWKAMP.session_id, [JEF.child_id], numbers[2]) == 1
    restarted()
    run()
    now = seat_of()
    assert (now.holders, now.free, now.queued) == ({}, 2, False)
    assert waiting_list.places(BOUWKAMP.session_id) == []
    assert {registrations.get(number).taken_back for number in numbers} == {"2027-kampen#1"}
    assert programme.get(BOUWKAMP.session_id).opens_at == datetime(2027, 5, 14, 17, tzinfo=UTC)
    with at(after(EVENING + 1)):
        assert claeys.register(BOUWKAMP, LOU, key="key-2").status_code == 425
    with at(after(7 * 1440 + 31)):
        assert waits.register(BOUWKAMP, JEF, key="key-2").json_body["status"] == "confirmed"


def test_the_desk_joined_the_same_order_and_what_was_granted_out_of_it_stays(opening, claeys, amrani):
    other = known(JEF, email="third@example.be")
    for who, channel in ((claeys, Channel.DESK), (amrani, Channel.EXCEPTION), (other, Channel.WAITING_LIST)):
        (one,) = who.pass_.children
        number = f"{family_id(who)}12345678"
        record = Registration(number, BOUWKAMP.session_id, (one.child_id,), who.pass_.pass_id, after(40))
        registrations.begin(record, "attempt")
        now = int(after(40).timestamp())
        wish = Claim(BOUWKAMP.session_id, number, {one.child_id: one.birth_date}, now, channel=channel)
        assert seats.claim(wish) is None
    restarted()
    run()
    assert list(seat_of().holders) == [NOOR.child_id]
    assert registrations.get(f"{family_id(amrani)}12345678").cancelled_at is None


def test_what_the_opening_holds_back_stays_held_back(opening):
    table.call(
        "UpdateItem",
        Key=seats_item.key(BOUWKAMP.session_id),
        UpdateExpression="SET holders.#one = :staff, #free = #free - :n",
        ExpressionAttributeNames={"#one": "~staff-1", "#free": "free"},
        ExpressionAttributeValues={":staff": {"S": "~staff"}, ":n": {"N": "1"}},
    )
    restarted()
    run()
    assert seat_of().holders == {"~staff-1": "~staff"}


def test_a_run_that_comes_late_takes_nothing_that_was_given_anew(opening, claeys):
    registered(claeys)
    restarted()
    run()
    with at(after(7 * 1440 + 31)):
        assert claeys.register(BOUWKAMP, LOU, key="key-2").status_code == 201
    again = log.get(opening.opening_id, 1)
    log.note_progress(again, {})  # as if the run had broken off before it noted anything
    run()
    assert list(seat_of().holders) == [LOU.child_id]


def test_an_attempt_that_broke_off_lives_as_long_as_its_pass(opening, claeys):
    number = f"{family_id(claeys)}12345678"
    record = Registration(number, BOUWKAMP.session_id, (LOU.child_id,), claeys.pass_.pass_id, after(40).astimezone(UTC))
    registrations.begin(record, "attempt")
    restarted()
    run()
    item = registrations.RegistrationItem.get(f"F#{number[:11]}", f"R#{number[11:]}")
    assert item.expires == int((after(40) + timedelta(days=180)).timestamp())


# A draw instead.


def wishes_of(who: Family) -> list[tuple[str, str]]:
    entered = draw.entry_of("2027-kampen", family_id(who))
    return [pair for wish in entered.all_wishes for pair in wish] if entered else []


def test_what_was_given_becomes_a_wish_when_it_is_taken_back(opening, claeys):
    registered(claeys, minutes=29)
    run(drawn_instead(keep_given=False))
    assert seat_of().holders == {}
    assert wishes_of(claeys) == [(LOU.child_id, BOUWKAMP.session_id)]


def test_what_was_given_stays_when_the_rule_says_so_and_attempts_become_wishes(opening, claeys, amrani):
    registered(claeys, minutes=29)
    number = drawn_instead(keep_given=True)
    attempt = f"{family_id(amrani)}12345678"
    made = Registration(attempt, BOUWKAMP.session_id, (NOOR.child_id,), amrani.pass_.pass_id, after(35).astimezone(UTC))
    registrations.begin(made, "attempt")
    run(number)
    assert list(seat_of().holders) == [LOU.child_id]
    assert wishes_of(claeys) == []
    assert wishes_of(amrani) == [(NOOR.child_id, BOUWKAMP.session_id)]


# What breaks off.


class Crash(BaseException):
    """The function is gone."""


def crashing(monkeypatch: pytest.MonkeyPatch, calls: int) -> list[str]:
    """From now on the call of DynamoDB after so many is the last; answers the names of those that were made."""
    made: list[str] = []
    client = table.Item._get_connection().connection.client
    original = type(client)._make_api_call

    def call(operation: str, arguments: dict[str, Any]) -> Any:
        if len(made) == calls:
            raise Crash
        made.append(operation)
        return original(client, operation, arguments)

    monkeypatch.setattr(client, "_make_api_call", call)
    return made


def scanning_in_pages_of(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(households._SCAN, "Limit", most)


def test_a_crash_at_any_call_is_finished_by_the_next_run(table, called, queue_url, monkeypatch):
    given_opening(capacity=2)
    three = [known(one, email=f"{one.child_id}@example.be") for one in (LOU, NOOR, JEF)]
    scanning_in_pages_of(3, monkeypatch)
    client = dynamodb_local.client()
    calls = 0
    while True:
        _put_back(client, three)
        made = crashing(monkeypatch, calls)
        try:
            run()
        except Crash:
            crashing(monkeypatch, 10_000)
            run()
        else:
            break
        finally:
            crashing(monkeypatch, 10_000)
        assert (seat_of().holders, seat_of().free, seat_of().queued) == ({}, 2, False), calls
        assert waiting_list.places(BOUWKAMP.session_id) == [], calls
        assert set(told(queue_url)) == set(map(family_id, three)), calls
        assert log.get("2027-kampen", 1).progress["is_over"], calls
        calls += 1
    assert calls == len(made) > 20


_KEPT: dict[str, list[Any]] = {}


def _put_back(client: Any, three: list[Family]) -> None:
    """The table as it was after the incident and before the work; made once, then put back."""
    if not _KEPT:
        for who in three:
            registered(who)
        restarted()
        _KEPT["items"] = client.scan(TableName="stormloop")["Items"]
        return
    for item in client.scan(TableName="stormloop")["Items"]:
        client.delete_item(TableName="stormloop", Key={"pk": item["pk"], "sk": item["sk"]})
    for item in _KEPT["items"]:
        client.put_item(TableName="stormloop", Item=item)
    seats.forget()


def test_a_run_goes_on_where_the_one_before_broke_off(opening, queue_url, monkeypatch):
    for number in range(12):
        known(replace(LOU, child_id=f"child{number}"), email=f"{number}@example.be")
    scanning_in_pages_of(4, monkeypatch)
    with at(after(4)):
        done(report(opening.opening_id, "pause"))
    sent: list[str] = []
    refusing = {"after": 6}

    def queue(messages):
        if len(sent) >= refusing["after"]:
            return len(messages)
        sent.extend(message.id for message in messages)
        return 0

    monkeypatch.setattr(outbox, "queue", queue)
    with pytest.raises(Unforeseen):
        run()
    first = list(sent)
    refusing["after"] = 100
    run()
    assert len(first) < 12
    assert len(sent) == len(set(sent)) == 12


def test_what_is_over_is_not_done_again(opening, claeys, queue_url):
    with at(after(4)):
        done(report(opening.opening_id, "pause"))
        assert run() == {"families": 1}
        assert run() == {"families": 1}
    assert told(queue_url) == [family_id(claeys)]


def test_an_incident_that_waits_for_a_second_person_tells_nobody(opening, claeys, queue_url):
    with at(after(EVENING)):
        done(report(opening.opening_id, "restart", opens_at=NEXT_WEEK))
        assert run() == {"families": 0}
    assert told(queue_url) == []


def test_the_work_waits_for_whoever_began_before(opening, claeys, monkeypatch):
    waited: list[float] = []
    monkeypatch.setattr(announcing, "sleep", waited.append)
    restarted()
    with at(after(EVENING)):
        run()
    assert waited == [40.0]


# What families read.


@pytest.fixture
def city(queue_url: str, opening) -> City:
    boto3.client("sesv2").create_email_identity(EmailIdentity="sport@kaprijke.example")
    return City(queue_url)


def test_the_mail_says_what_happened_what_follows_and_what_was_promised(city, claeys):
    city.outbox()
    city.queued()
    restarted()
    with at(after(EVENING)):
        run()
        (mail,) = [one for one in city.run() if "announcement" in one["Message-ID"]]
    assert mail["To"] == "an.claeys@example.be"
    assert mail["Subject"] == "De inschrijvingen beginnen opnieuw: Kampen zomer 2027"
    for text in (part(mail, "plain"), part(mail, "html")):
        assert "Wat er is." in text
        assert "vrijdag 14 mei 2027 om 19.00 uur" in text
        assert "dan begint de opening opnieuw" in text
        own = text.partition("Jouw eigen moment")[2]
        assert re.search(r"vrijdag 14 mei 2027 om 19\.[0-2][0-9]\.[0-9]{2} uur", own)
        assert "/enter?token=" in text
        assert "to=/opening/2027-kampen" in text


def test_during_a_pause_the_mail_says_no_moment_and_links_what_everybody_may_read(city, claeys):
    city.outbox()
    city.queued()
    with at(after(4)):
        done(report("2027-kampen", "pause"))
        run()
        (mail,) = [one for one in city.run() if "announcement" in one["Message-ID"]]
    text = part(mail, "plain")
    assert "Jouw eigen moment" not in text
    assert "https://kamp.kaprijke.example/openings/2027-kampen\r\n" in text
    assert "token" not in text


def test_where_the_seats_are_drawn_the_mail_leads_to_where_wishes_are_entered(city, claeys):
    city.outbox()
    city.queued()
    number = drawn_instead(keep_given=True)
    with at(after(EVENING)):
        assert run(number) == {"families": 1}
        (mail,) = [one for one in city.run() if "announcement" in one["Message-ID"]]
    assert "Wensen tot" in part(mail, "plain")
    assert "to=/wishes/2027-kampen" in part(mail, "plain")


def test_a_message_that_comes_twice_is_one_mail(city, claeys):
    city.outbox()
    with at(after(4)):
        done(report("2027-kampen", "pause"))
        run()
    (message,) = [one for one in city.queued() if one["kind"] == "announcement"]
    assert city.deliver([message]) == []
    assert city.deliver([message]) == []
    assert len(city.mailbox) == 1


def test_each_incident_is_a_mail_of_its_own_and_none_takes_the_place_of_the_pass(city, claeys):
    with at(after(4)):
        done(report("2027-kampen", "pause"))
        run()
    with at(after(14)):
        done(report("2027-kampen", "resume"))
        run(2)
    kinds = sorted(one["Message-ID"].strip().split(".")[0] for one in city.run())
    assert kinds == ["<announcement", "<announcement", "<pass"]


def test_who_lost_a_seat_is_told_why_and_the_camp_leaves_the_calendar(city, claeys):
    registered(claeys)
    city.run()
    restarted()
    run()
    (mail,) = [one for one in city.run() if "cancelled" in one["Message-ID"]]
    text = part(mail, "plain")
    assert "We moesten de plaats van Lou terugnemen" in text
    assert "Wat er is." in text
    assert "plaats voor een ander gezin" not in text
    assert "CANCELLED" in part(mail, "calendar")


def test_a_mail_that_ses_refuses_stays_on_the_queue(city, claeys, monkeypatch):
    class Refusing:
        def send_email(self, **_: Any) -> None:
            response: Any = {"Error": {"Code": "TooManyRequestsException"}, "ResponseMetadata": {"HTTPStatusCode": 429}}
            raise ClientError(response, "SendEmail")

    with at(after(4)):
        done(report("2027-kampen", "pause"))
        run()
    (message,) = [one for one in city.queued() if one["kind"] == "announcement"]
    monkeypatch.setattr(sending, "_ses", Refusing)
    assert city.deliver([message]) == [0]
    assert not families.is_mailed(family_id(claeys), claeys.pass_.pass_id, "announcement:2027-kampen:1")


def test_a_function_that_is_late_opens_no_session_at_a_moment_that_a_later_incident_moved(opening, monkeypatch):
    restarted()
    all_sessions = programme.all_sessions

    def meanwhile(**asked):
        monkeypatch.setattr(programme, "all_sessions", all_sessions)
        found = all_sessions(**asked)
        with at(after(EVENING + 1)):
            approved("2027-kampen", "restart", opens_at="2027-05-21T19:00")
        return found

    monkeypatch.setattr(programme, "all_sessions", meanwhile)
    run(1)

    assert programme.get(BOUWKAMP.session_id).opens_at == datetime(2027, 5, 21, 17, tzinfo=UTC)
