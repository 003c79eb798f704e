"""Given: a summer in which everything is going on at once, as staff and families brought it about through the API.

It takes a second to make, so it is made once and put back from a copy.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest import mock

import boto3
import time_machine
from chalice.test import HTTPResponse
from moto import mock_aws

from chalicelib.booking.draw import drawing
from chalicelib.booking.offers import links
from chalicelib.booking.offers.advance import advance
from chalicelib.booking.registrations.rules import registration_id
from chalicelib.booking.wishes import preparing
from chalicelib.booking.wishes.rules import WantedSession
from chalicelib.core import settings
from chalicelib.core import table as stormloop_table
from chalicelib.core.languages import LANGUAGES
from chalicelib.money.online import provider as providers
from chalicelib.money.orders import table as orders
from chalicelib.money.orders.references import belgian
from chalicelib.money.orders.rules import Order, OrderLine
from chalicelib.money.refunds import table as refunds
from chalicelib.money.refunds.rules import Destination, Refund, RefundState
from chalicelib.money.tariffs.rules import Labels
from chalicelib.people.families import identities, mailboxes, proving, tokens
from chalicelib.people.families import table as families
from chalicelib.people.families.identity import family_id
from chalicelib.people.families.rules import Pass, child
from chalicelib.people.staff.rules import Role
from chalicelib.programme.openings import table as openings
from chalicelib.programme.questions import table as questions
from chalicelib.programme.questions.rules import QuestionSet
from chalicelib.programme.sessions.rules import identify
from infra.local.payments import KEY as PROVIDERS_KEY
from infra.local.payments import Standin
from tests import dynamodb_local as local
from tests.camps import BOUWKAMP, JEF, LOU, NOOR, Family, family, named_by, post, published, signed_in
from tests.camps import TOO_OLD as ROBBE
from tests.containers import forget
from tests.front_door import city
from tests.front_door.counter import given as counter
from tests.front_door.watching.city import a_watch
from tests.insight.cost import days
from tests.money.certificates.given import certified
from tests.money.online.given import InProcess
from tests.programme.openings import plans
from tests.programme.openings.plans import DRAW, MANAGER, approve, publish, put
from tests.programme.questions.examples import ALLERGENS, AN, EVERY, WHY

NOW = datetime(2027, 3, 6, 18, tzinfo=UTC)
PREPARED = NOW - timedelta(days=4)
YESTERDAY = NOW.date() - timedelta(days=1)
EVERYBODY = signed_in(*Role, name="Wim Willems", email=city.WIM)
REASON = "Mevrouw Claeys heeft geen internet en kwam langs."
TEXTS = dict.fromkeys(LANGUAGES, "Wat er is, en wat volgt.")

CLAEYS = Pass(
    pass_id="3k9rtgw5mxpa",
    family_id=family_id("an.claeys@example.be"),
    email="an.claeys@example.be",
    language="nl",
    postcode="9970",
    children=(LOU, JEF, ROBBE),
    created_at=PREPARED,
    namings=named_by(family_id("an.claeys@example.be"), *(one.child_id for one in (LOU, JEF, ROBBE)), at=PREPARED),
)
# A token has its moment in it, and a test its token: each process that runs the tests must call them the same.
with time_machine.travel(PREPARED, tick=False):
    OWN = Family(CLAEYS, tokens.sign(CLAEYS))


def called(title: str, starts_on: date = BOUWKAMP.starts_on) -> str:
    """The id of a session of Kaprijke."""
    return identify("Kaprijke", title, starts_on)


OPEN = BOUWKAMP.session_id
FULL, OFFERED, ANNOUNCED, CLOSED = (
    called("Danskamp"),
    called("Muziekkamp"),
    called("Kleutersportkamp"),
    called("Beestenboel", YESTERDAY),
)
# Openings, each with a session of its own. Nobody can guess their ids: here we name them.
HELD, LATER, PAUSED, ELSEWHERE, WISHED, CLOSING, DRAWN, DRAFT, APPROVED = (
    f"2027-{name}"
    for name in ("heldab", "laterb", "pausee", "edewhe", "wished", "cedeng", "drawnb", "draftb", "apprev")
)
SESSIONS = {
    HELD: called("Kookkamp"),
    LATER: called("Waterkamp"),
    PAUSED: called("Paardenkamp"),
    ELSEWHERE: called("Stadskamp"),
    WISHED: called("Circuskamp"),
    CLOSING: called("Ruimtekamp"),
    DRAWN: called("Boskamp"),
    DRAFT: called("Techniekkamp"),
    APPROVED: called("Boerderijkamp"),
}
TITLES = {
    HELD: "Kookkamp",
    LATER: "Waterkamp",
    PAUSED: "Paardenkamp",
    ELSEWHERE: "Stadskamp",
    WISHED: "Circuskamp",
    CLOSING: "Ruimtekamp",
    DRAWN: "Boskamp",
    DRAFT: "Techniekkamp",
    APPROVED: "Boerderijkamp",
}
# A child that two families name, the first one first.
# Until a draw's result is there the desk joins no child and tells none apart: these it had before.
JOINED, TOLD_APART = "otherchild", "itsownchld"
TWICE_NAMED, NAMERS = child("Mila", "Peeters", date(2022, 6, 1)), ("els@example.be", "youssef@example.be")
# The registrations of CLAEYS.
CONFIRMED_ID, HELD_ID, OFFERED_ID, WAITING_ID, CANCELLED_ID = OWN_IDS = tuple(
    registration_id(CLAEYS.family_id, key) for key in ("confirmed", "held", "offered", "waiting", "cancelled")
)
ORDER = Order(
    order_id=CONFIRMED_ID,
    municipality="Kaprijke",
    reference=belgian(1),
    amount_cents=4500,
    received_cents=0,
    returned_cents=0,
    due_on=date(2027, 3, 20),
    last_day=BOUWKAMP.ends_on,
    lines=(OrderLine(OPEN, LOU.child_id, Labels("Prijs", "Prix", "Price"), 1, 4500, 4500, "price", "", "camp"),),
    made_at=NOW,
)
# What is required of HELD_ID's child, answered.
ANSWERED = {"photo_consent": True, "lunch": "own"}
with time_machine.travel(PREPARED, tick=False):
    OFFER_TOKEN = links.sign(OFFERED_ID, CLAEYS.pass_id)


@contextmanager
def summer() -> Iterator[None]:
    """At moto, while it lasts."""
    with mock_aws(), nobody_is_called(), a_provider():
        local.create_tables(_dynamodb())
        boto3.client("logs").create_log_group(logGroupName=settings.access_log())
        if not _copy:
            _make()
            _copy.extend(stored())
            _ledger.extend(_dynamodb().scan(TableName=settings.ledger_table())["Items"])
        again()
        yield
    forget()


_copy: list[dict[str, Any]] = []
_ledger: list[dict[str, Any]] = []


@contextmanager
def nobody_is_called() -> Iterator[None]:
    """The functions for draws and announcements are other functions: here nobody answers for them. The one that reads
    a bank's file answers as it does."""
    from chalicelib.booking.draw import starting as draw
    from chalicelib.money.statements import handlers, uploading
    from chalicelib.office.incidents import reporting as incidents

    with (
        mock.patch.object(draw, "_lambda"),
        mock.patch.object(incidents, "_lambda"),
        mock.patch.object(uploading, "_ask", handlers.bank),
    ):
        yield


@contextmanager
def a_provider() -> Iterator[None]:
    """Of payments on line, in this process; it calls nobody."""
    provider = InProcess(Standin(deliver=lambda *_: None))
    with (
        mock.patch.dict(os.environ, PAYMENTS_KEY=PROVIDERS_KEY),
        mock.patch.object(providers, "_made", return_value=provider),
    ):
        yield


def again() -> None:
    """Everything as it was made; nothing else."""
    local.renew_tables(_dynamodb())
    stormloop_table.batch_put(_copy)
    for entry in _ledger:
        _dynamodb().put_item(TableName=settings.ledger_table(), Item=entry)
    forget()


def nothing() -> None:
    """A table in which there is nothing."""
    local.renew_tables(_dynamodb())
    forget()


def stored() -> list[dict[str, Any]]:
    """Everything in the table."""
    items: list[dict[str, Any]] = _dynamodb().scan(TableName="stormloop")["Items"]
    return sorted(items, key=lambda item: (item["pk"]["S"], item["sk"]["S"]))


def made() -> list[dict[str, Any]]:
    """Everything that was in it at the beginning."""
    return _copy


def _dynamodb() -> Any:
    return stormloop_table.Item._get_connection().connection.client


def _make() -> None:
    forget()
    families.put(CLAEYS)
    with time_machine.travel(PREPARED, tick=True):
        for opening_id, changed in _plans().items():
            _opening(opening_id, **changed)
    forget()
    stormloop_table.transact_write(
        [
            identities.knowing(JOINED, TWICE_NAMED.child_id, datetime.now(UTC)),
            identities.knowing(TWICE_NAMED.child_id, TOLD_APART, datetime.now(UTC), family_id("karim@example.be")),
        ]
    )
    joined = family(child("Karim", "Peeters", date(2021, 3, 1)), email="karim@example.be").pass_
    stormloop_table.transact_write(mailboxes.leading(joined.email, CLAEYS.family_id, datetime.now(UTC)))
    for namer in NAMERS:
        one = family(TWICE_NAMED, email=namer).pass_
        proving.naming(one, one.created_at)
    elamrani = family(NOOR, email="fatima@example.be")
    for session in (published(), published(title="Danskamp", capacity=1), published(title="Muziekkamp", capacity=1)):
        _made(elamrani.register(session, NOOR, key=session.session_id))
    published(title="Kleutersportkamp", opens_at=None)
    published(title="Beestenboel", starts_on=YESTERDAY, ends_on=YESTERDAY)
    forget()
    _made(register(OPEN, LOU, key="confirmed"))
    _made(register(SESSIONS[HELD], LOU, key="held"))
    _made(register(OFFERED, LOU, key="offered"))
    _made(register(FULL, LOU, key="waiting"))
    _made(register(SESSIONS[HELD], JEF, key="cancelled"))
    OWN.cancel(CANCELLED_ID)
    elamrani.cancel(registration_id(elamrani.pass_.family_id, OFFERED))
    advance(OFFERED, datetime.now(UTC) + timedelta(seconds=10))
    _questions()
    _incidents()
    _draws()
    _desk()
    _wishes()
    _orders()
    city.a_summer(datetime.now(UTC), CONFIRMED_ID)
    counter.a_summer(datetime.now(UTC))
    a_watch(datetime.now(UTC))
    forget()
    _days()
    certified(CLAEYS.family_id)


def _plans() -> dict[str, dict[str, Any]]:
    in_the_evening = {"windows": [window("2027-03-06T18:00", 30)], "passes_until": "2027-03-05T20:00"}
    draw = DRAW | {"windows": [window("2027-03-04T19:00", 0)], "passes_until": "2027-03-03T20:00"}
    over = draw | {"wishes_until": "2027-03-06T18:30"}
    return {
        HELD: in_the_evening | {"hold_minutes": 30, "held_back": [{"session_id": SESSIONS[HELD], "staff": 2}]},
        LATER: {},
        PAUSED: in_the_evening,
        ELSEWHERE: in_the_evening | {"windows": [window("2027-03-06T18:00", 30, "1000")]},
        WISHED: draw | {"wishes_until": "2027-03-13T19:00", "beacon": "Lotto van 13 maart 2027"},
        CLOSING: over | {"beacon": "Lotto van 6 maart 2027"},
        DRAWN: over,
        DRAFT: {"titles": {"nl": "Techniek"}},
        APPROVED: {},
    }


def window(opens_at: str, minutes: int, *postcodes: str) -> dict[str, Any]:
    return {"opens_at": opens_at, "spread_minutes": minutes, "postcodes": list(postcodes)}


def _opening(opening_id: str, **changed: Any) -> None:
    published(title=TITLES[opening_id], opens_at=None)
    with mock.patch.object(openings, "new_id", return_value=opening_id):
        _made(post("/api/staff/openings", plans.PLAN | {"session_ids": [SESSIONS[opening_id]]} | changed, MANAGER))
    if opening_id == DRAFT:
        return
    for by in (plans.ANNA, plans.BRAM):
        _made(approve(opening_id, by))
    if opening_id != APPROVED:
        _made(publish(opening_id))


def register(session_id: str, *children: Any, key: str, by: Family = OWN) -> HTTPResponse:
    wish = {"session_id": session_id, "child_ids": [one.child_id for one in children]}
    return post("/api/registrations", wish, {**by.authorization, "Idempotency-Key": key})


def _questions() -> None:
    """Of the session whose seat is held, where some must be answered before it is accepted; and of one that is open,
    which need not be, and one of which is answered. No seats know of it: whoever else registers is not held up."""
    for session_id, asked in ((SESSIONS[HELD], EVERY), (OPEN, (ALLERGENS, WHY))):
        questions.store(QuestionSet(session_id, 1, asked, PREPARED, AN), [])
    _made(put(f"/api/registrations/{CONFIRMED_ID}/answers", {LOU.child_id: {"why": "Via oma."}}, OWN.authorization))


def _incidents() -> None:
    """One that needs a second person, in an opening that goes on, and one that holds since five minutes."""
    with time_machine.travel(NOW - timedelta(minutes=5), tick=True):
        _made(incident(LATER, "restart", opens_at="2027-05-08T19:00"))
        _made(incident(PAUSED, "pause"))
    openings.forget()


def incident(opening_id: str, action: str, by: Mapping[str, str] = MANAGER, **more: Any) -> HTTPResponse:
    sent = {"action": action, "why": TEXTS, "cause": TEXTS, "reason": REASON, **more}
    return post(f"/api/staff/openings/{opening_id}/incidents", sent, dict(by))


def _draws() -> None:
    with time_machine.travel(NOW - timedelta(hours=2), tick=True):
        forget()
        both = OWN, family(NOOR, email="samira@example.be")
        for opening_id in (WISHED, CLOSING, DRAWN):
            for one in both:
                wish = {"child_id": one.pass_.children[0].child_id, "session_id": SESSIONS[opening_id]}
                _made(
                    put(
                        f"/api/openings/{opening_id}/wishes",
                        {"wishes": [{"children_sessions": [wish]}]},
                        one.authorization,
                    )
                )
    forget()
    for opening_id in (CLOSING, DRAWN):
        drawing.hold(opening_id, datetime.now(UTC))
    _made(post(f"/api/staff/openings/{CLOSING}/beacon", {"value": "3 8 17 22 30 41"}, MANAGER))


def _wishes() -> None:
    """What OWN prepared, for an opening in which its moment comes soon, and for one that is paused."""
    for opening_id in (HELD, PAUSED):
        wishes = [WantedSession(SESSIONS[opening_id], (child.child_id,)) for child in (JEF, LOU)]
        preparing.save(CLAEYS.bearer, opening_id, wishes, False, datetime.now(UTC))


def _orders() -> None:
    """Of OWN's first registration, which is not paid; ten euros of it were released to go back."""
    back = Destination("BE71096123456769", "An Claeys")
    refund = Refund(ORDER.order_id, 1, "Kaprijke", 1000, back, RefundState.RELEASED, from_iban="BE68539007547034")
    released = [refunds.putting(refund, NOW), refunds.listing(refund)]
    stormloop_table.transact_write([*orders.putting(None, ORDER), *released])


def _desk() -> None:
    """A family without a mail address."""
    sent = {
        "language": "nl",
        "postcode": "9970",
        "children": [{"first_name": "Mila", "last_name": "Baert", "birth_date": "2022-06-01"}],
        "session_id": OPEN,
        "reason": REASON,
    }
    _made(post("/api/staff/registrations", sent, {**signed_in(Role.DESK), "Idempotency-Key": "at the desk"}))


def _days() -> None:
    """What was used on three days, as the function that counts at night kept it."""
    days.counted(HELD)


def _made(answer: HTTPResponse) -> None:
    assert answer.status_code < 300, answer.body
