"""Nothing that is written down says who it was about.

A whole story, told in a process of its own: everything that it writes, by whatever logger or print, to stdout or
stderr, is searched for whatever the family typed or was sent.
"""

import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from email.message import EmailMessage
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from chalicelib.booking.registrations import register
from chalicelib.core import table as stormloop_table
from chalicelib.core.observability import log
from chalicelib.mail import mails, outbox, sending
from chalicelib.people.families import table as families
from chalicelib.people.families.identity import child_id, family_id
from chalicelib.people.staff.rules import Role
from chalicelib.seats import table as seats
from tests import dynamodb_local as local
from tests.camps import Family, family, post, published, request
from tests.mail.conftest import City, part
from tests.pages.frame.browsing import Browser, family_browser
from tests.swimming import pool

pytestmark = pytest.mark.needs_moto  # in a process of its own

FIRST, SECOND, LAST = "Zebedeus", "Quintijn", "Vanwonterghem"
EMAIL = "zeb.vanwonterghem@example.be"
KEY = "sleutel-van-zebedeus"
POSTCODE = "9973 QX"
TYPED: dict[str, Any] = {
    "email": EMAIL,
    "language": "fr",
    "postcode": POSTCODE,
    "children": [
        {"first_name": FIRST, "last_name": LAST, "birth_date": "2022-05-17"},
        {"first_name": SECOND, "last_name": LAST, "birth_date": "2013-11-29"},
    ],
}
SAID = re.compile(rf"{FIRST}|{SECOND}|{LAST}|vanwonterghem|sleutel-van|2022-05-17|2013-11-29|9973 ?QX", re.IGNORECASE)


class Bug(Exception):
    """Quotes what a family typed, as errors do."""


def tell_the_story() -> list[str]:
    """Answers what else may be written nowhere: tokens, ids, the secret."""
    with a_city() as city:
        zeb = a_pass_is_asked_for(city)
        registered = seats_are_taken(city, zeb)
        requests_are_refused(zeb)
        dynamodb_is_busy(zeb)
        bugs_happen(zeb)
        mails_fail(city, zeb)
        they_swim(zeb)
        they_use_pages(zeb)
        the_desk_helps_them()
        zeb.cancel(registered)
        city.run()
        assert {mail["To"] for mail in city.mailbox} >= {EMAIL}
    secrets = [os.environ[one].partition(":")[2] for one in ("IDS_KEY", "LINK_KEYS", "FORM_KEYS")]
    ids = [child_id(FIRST, LAST, "2022-05-17"), family_id(EMAIL), zeb.pass_.pass_id, registered]
    return [zeb.token, *zeb.token.split("."), *ids, *secrets]


@contextmanager
def a_city() -> Iterator[City]:
    with mock_aws():
        local.create_tables(boto3.client("dynamodb"))
        stormloop_table.connect()
        queue_url = boto3.client("sqs").create_queue(QueueName="mails")["QueueUrl"]
        os.environ["QUEUE_URL"] = os.environ["LATER_URL"] = queue_url
        boto3.client("sesv2").create_email_identity(EmailIdentity=os.environ["SENDER"])
        yield City(queue_url)


def a_pass_is_asked_for(city: City) -> Family:
    pass_id = post("/api/passes", TYPED).json_body["pass_id"]
    (mail,) = city.run()
    stored = families.get(family_id(EMAIL), pass_id)
    assert stored
    zeb = Family(stored, token_in(mail))
    assert request("GET", f"/api/pass?token={zeb.token}").json_body["children"][0]["first_name"] == FIRST
    return zeb


def they_swim(zeb: Family) -> None:
    """On the pages: a link is asked for, an hour is booked, what is wrong is said, it is cancelled."""
    pool.opened()
    browser = family_browser(zeb.token)
    browser.get("/swimming/pass")
    browser.submit({"email": EMAIL}, button="Mail me de link")
    slot_id = pool.THIS_SATURDAY
    browser.get(f"/swimming/{slot_id}")
    browser.submit({"people": LAST}, button="Bevestigen")
    browser.submit({"people": "3"}, button="Bevestigen")
    browser.get(f"/swimming/bookings/{slot_id}")
    assert "geannuleerd" in browser.submit(button="Deze reservatie annuleren").text.lower()


def they_use_pages(zeb: Family) -> None:
    """They come by the link, say who they are with mistakes and without, register, look, and cancel."""
    session, child = published(title="Circuskamp"), zeb.pass_.children[0]
    browser = family_browser("")
    browser.get(f"/enter?token={zeb.token}")
    browser.get("/prepare?language=nl")
    assert browser.submit({"email": f"{EMAIL} {LAST}"}, button="Stuur me de link").status == 422
    assert browser.submit({"email": EMAIL, "postcode": POSTCODE}, button="Stuur me de link").status == 200
    browser.get(f"/sessions/{session.session_id}")
    receipt = browser.submit({"child_ids": [child.child_id]}, button="Nu inschrijven")
    assert FIRST in receipt.text
    assert FIRST in browser.get("/family").text
    browser.get(f"{receipt.path}/cancel")
    assert browser.submit(button="Ja, annuleren").heading == "Deze inschrijving is geannuleerd"
    assert browser.get(f"/sessions/{quote(FIRST)}").status == 404


def the_desk_helps_them() -> None:
    """They call: they are looked for by name and address, registered, and found."""
    session = published(title="Kookkamp", starts_on=date(2027, 7, 5), ends_on=date(2027, 7, 7))
    browser = Browser("en").sign_in(Role.DESK, Role.LEADER)
    for typed in (LAST, EMAIL):
        browser.get("/office/desk")
        assert browser.submit({"q": typed}, button="Search").status == 200
    browser.get("/office/desk/register")
    family_ = {f"children[0].{name}": value for name, value in TYPED["children"][0].items()}
    about = {"session_id": session.session_id, "email": EMAIL, "language": "fr", "postcode": POSTCODE, **family_}
    assert browser.submit({**about, "children[0].birth_date": LAST}, button="Register").status == 422
    assert LAST in browser.submit(about, button="Register").text
    assert LAST in browser.get(f"/office/attendance/{session.session_id}?day={session.starts_on}").text


def token_in(mail: EmailMessage) -> str:
    link = re.search(r"token=(\S+)", part(mail, "plain"))
    assert link
    return link[1]


def seats_are_taken(city: City, zeb: Family) -> str:
    """A seat, the same again, a place on a waiting list, a seat given back; with their mails."""
    child = zeb.pass_.children[0]
    bouwkamp, full = published(), published(title="Danskamp", capacity=1)
    other = family(email="fatima@example.be")
    other.register(full, other.pass_.children[0])
    first = zeb.register(bouwkamp, child, key=KEY)
    assert first.status_code == 201
    assert zeb.register(bouwkamp, child, key=KEY).status_code == 200
    waiting = zeb.register(full, child, key=f"{KEY}-2")
    assert waiting.json_body["status"] == "waitlisted"
    city.run()
    assert zeb.cancel(waiting.json_body["registration_id"]).status_code == 204
    assert len(city.run()) >= 1
    assert zeb.get("/api/registrations").status_code == 200
    return str(first.json_body["registration_id"])


def requests_are_refused(zeb: Family) -> None:
    """With what was typed in every place where a request has one."""
    elder = zeb.pass_.children[1]
    odd = quote(f"{FIRST} {LAST}")
    named = {"Accept-Language": FIRST, "X-Name": LAST, "User-Agent": EMAIL, "Cookie": f"name={FIRST}"}
    statuses = [
        post("/api/passes", TYPED | {FIRST: LAST, "children": EMAIL}, named),
        post("/api/passes", TYPED | {"email": f"{EMAIL}, {EMAIL}"}, named),
        request("POST", "/api/passes", json.dumps(TYPED).encode()[:-1], named),
        request("POST", "/api/passes", json.dumps(TYPED).encode("utf-16"), named),
        request("POST", "/api/passes", json.dumps(TYPED).encode() * 1000, named),
        request("GET", f"/api/sessions?municipality={odd}&{odd}={odd}", headers=named),
        request("GET", f"/api/sessions/{odd}", headers=named),
        request("GET", f"/api/pass?token={zeb.token}x", headers=named),
        request("GET", "/api/pass", headers=named | {"Authorization": f"Basic {EMAIL}"}),
        zeb.get(f"/api/registrations/{odd}", **named),
        zeb.cancel(odd),
        zeb.register(published(), elder, key=f"{KEY}-3"),
        zeb.register(published(), zeb.pass_.children[0], key=f"{KEY}-4"),
        zeb.register(published(), zeb.pass_.children[0], key=KEY, **{FIRST: LAST}),
    ]
    assert {answer.status_code for answer in statuses} == {200, 401, 403, 404, 409, 422}


def dynamodb_is_busy(zeb: Family) -> None:
    with failing_calls("ThrottlingException"):
        assert zeb.get("/api/registrations").status_code == 503
        assert post("/api/passes", TYPED).status_code == 503
    with failing_calls("ValidationException"):
        assert zeb.get("/api/pass").status_code == 500


@contextmanager
def failing_calls(code: str) -> Iterator[None]:
    client: Any = stormloop_table.Item._get_connection().connection.client
    with patch.object(client, "_make_api_call", side_effect=refusal(code)):
        yield


def bugs_happen(zeb: Family) -> None:
    session, child = published(title="Kleutersportkamp"), zeb.pass_.children[0]
    with patch.object(register, "register", side_effect=chained):
        assert zeb.register(session, child, key=f"{KEY}-5").status_code == 500
    with patch.object(families, "put", side_effect=KeyError(EMAIL)):
        assert post("/api/passes", TYPED).status_code == 500
    with patch.object(seats, "get", side_effect=UnicodeEncodeError("utf-8", LAST, 0, 1, FIRST)):
        assert zeb.get("/api/registrations").status_code == 500


def chained(*_: object) -> None:
    try:
        raise KeyError(FIRST)
    except KeyError as error:
        raise Bug(f"{EMAIL} has {KEY}") from error


def mails_fail(city: City, zeb: Family) -> None:
    """SES refuses and names the address; a mail cannot be written; messages are not what they should be."""
    zeb.register(
        published(title="Danskamp 2", starts_on=date(2027, 8, 23), ends_on=date(2027, 8, 25)),
        zeb.pass_.children[0],
        key=f"{KEY}-6",
    )
    city.outbox()
    # Not the records that refused tries took away themselves: the template's filter lets only time to live's through.
    queued = [message for message in city.queued() if message["kind"] != "expired"]
    assert queued
    with patch.object(sending, "_ses") as ses:
        ses.return_value.send_email.side_effect = refusal("MessageRejected")
        assert city.deliver(queued) == [0]
    with patch.object(mails, "confirmation", side_effect=Bug(f"{FIRST} {LAST} {EMAIL}")):
        assert city.deliver(queued) == [0]
    assert city.deliver([f"{FIRST} {LAST}", json.dumps({"kind": FIRST, "id": EMAIL})]) == [0, 1]
    assert city.deliver(queued) == []
    third = published(title="Danskamp 3", starts_on=date(2027, 8, 26), ends_on=date(2027, 8, 27))
    zeb.register(third, zeb.pass_.children[0], key=f"{KEY}-7")
    place = city.place_in_stream
    with patch.object(outbox, "_sqs") as sqs:
        sqs.return_value.send_message_batch.side_effect = refusal("ServiceUnavailable")
        assert city.outbox()["batchItemFailures"]
    city.place_in_stream = place


def refusal(code: str) -> ClientError:
    response: Any = {
        "Error": {"Code": code, "Message": f"{EMAIL} {FIRST} {KEY}"},
        "ResponseMetadata": {"HTTPStatusCode": 400},
    }
    return ClientError(response, "AnyOperation")


LEAKS: dict[str, Callable[[], object]] = {
    "log": lambda: log.info("registered", child=FIRST),
    "another logger": lambda: logging.getLogger("botocore").info("body: %s", TYPED),
    "stdout": lambda: print(date.fromisoformat("2022-05-17")),
    "stderr": lambda: sys.stderr.write(KEY.upper()),
}


def told(*leak: str) -> tuple[str, list[str]]:
    """What a process wrote that told the story, and what it may not have written."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.test_privacy", *leak], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    written, _, secrets = (done.stdout + done.stderr).rpartition("SECRETS")
    return (written, json.loads(secrets)) if secrets else ("", [])


def test_nothing_that_is_written_down_says_who_it_was_about():
    written, secrets = told()

    assert len(secrets) > 6
    assert not SAID.findall(written)
    assert [secret for secret in secrets if secret and secret in written] == []
    # It was all there to be written down.
    messages = [json.loads(line)["message"] for line in written.splitlines() if line.startswith('{"level"')]
    assert messages.count("answered") > 30
    assert messages.count("unexpected") == 4
    assert messages.count("mail_failed") == 4
    assert messages.count("queue_unreachable") == 1


@pytest.mark.parametrize("leak", LEAKS)
def test_the_search_finds_what_is_written_down(leak):
    written, _ = told(leak)
    assert SAID.search(written)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    log.setLevel(logging.DEBUG)
    if sys.argv[1:]:
        LEAKS[sys.argv[1]]()
        kept: list[str] = []
    else:
        kept = tell_the_story()
    sys.stdout.flush()
    sys.stderr.write("SECRETS" + json.dumps(kept))
