"""A camp is cancelled, or withdrawn: what is refused from then on, and what is refused to whoever asks for it. What its
families are told: tests/mail/test_camps.py."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.booking.draw import table as draws
from chalicelib.booking.draw.table import Entered
from chalicelib.city.ledger import table as ledger
from chalicelib.city.ledger.rules import LedgerAct
from chalicelib.core import table as stormloop_table
from chalicelib.core.http.problems import Problem
from chalicelib.core.refusals import Refused
from chalicelib.office.camps import cancelling
from chalicelib.people.staff.rules import Role, Staff
from chalicelib.programme.sessions import editing, handlers, table
from chalicelib.programme.sessions.cells import cells_of
from chalicelib.programme.sessions.handlers import public_session
from chalicelib.programme.sessions.rules import Session, SessionStatus
from chalicelib.seats import table as seats
from chalicelib.seats.opening import giving
from chalicelib.seats.waiting_list import table as waiting_list
from tests.camps import BOUWKAMP, JEF, LOU, NOOR, family, post, published, request, signed_in
from tests.office.desk import counter
from tests.office.desk.counter import MANAGER, seats_of, slug
from tests.office.incidents.conftest import given_opening
from tests.pages.frame.browsing import Browser

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
ELS = Staff("sub-els", "Els Maes", frozenset({Role.MANAGER}))
REASON = "De begeleider is ziek en niemand kan haar vervangen."
MESSAGE = {"nl": "Onze begeleider is ziek.", "fr": "Notre animatrice est malade.", "en": "Our leader is ill."}

pytestmark = pytest.mark.usefixtures("table")


def cancelled(session: Session) -> Session:
    cancelling.cancel(session.session_id, MESSAGE, REASON, ELS, NOW)
    return session


def ask(session: Session, by: dict[str, str] = MANAGER, **sent: Any) -> Any:
    body = {"message": MESSAGE, "reason": REASON, **sent}
    return post(f"/api/staff/sessions/{session.session_id}/cancellation", body, by)


def test_the_act_and_its_entry_are_one() -> None:
    session = published()
    family(LOU).register(session, LOU)

    answer = ask(session)

    assert answer.status_code == 200, answer.json_body
    assert answer.json_body["families"] == 1
    entry = ledger.entries()[-1]
    assert (entry.what, entry.session_id, entry.reason) == (
        LedgerAct.SESSION_CANCELLED,
        session.session_id,
        REASON,
    )
    assert entry.details == {"registrations": 1, "offers": 0, "waiting": 0}
    found = table.get(session.session_id)
    assert found is not None
    assert (found.sequence, seats_of(session).called_off) == (1, int(found.cancelled_at.timestamp()))


def test_again_is_the_same_and_what_was_said_first_stays() -> None:
    session = published()
    first = ask(session).json_body

    again = ask(session, message={"nl": "Toch iets anders.", "fr": None, "en": None})

    assert again.status_code == 200
    assert again.json_body == first | {"families": None}
    assert len(ledger.entries()) == 1


def test_it_goes_from_the_lists_and_its_page_says_so() -> None:
    session = cancelled(published())
    handlers.forget()

    assert session.session_id not in [one.session_id for one in handlers.public_sessions(NOW)]
    shown = public_session(session.session_id, NOW)
    assert shown.status is SessionStatus.CLOSED
    assert shown.cancelled_at == NOW
    page = request("GET", f"/sessions/{session.session_id}", headers={"Accept-Language": "nl"})
    assert "Onze begeleider is ziek." in str(page.body)


@pytest.mark.parametrize(
    "act",
    [
        lambda one: family(NOOR, email="noor@example.be").register(one, NOOR),
        lambda one: family(NOOR, email="noor@example.be").register(one, NOOR, waitlist=True),
        lambda one: counter.register(one, NOOR),
        lambda one: counter.grant(one, NOOR),
        lambda one: counter.reserve(one, 1),
        lambda one: counter.resize(one, 30),
        lambda one: counter.close(one, "2027-08-01T12:00"),
    ],
    ids=["register", "wait", "desk", "grant", "hold back", "resize", "deadline"],
)
def test_nobody_gets_a_seat_any_more_by_whichever_way(act: Callable[[Session], Any]) -> None:
    session = cancelled(published())
    before = seats_of(session)

    answer = act(session)

    assert slug(answer) in ("closed", "not-now")
    assert seats_of(session) == before
    assert waiting_list.is_empty(session.session_id)


def test_no_draw_gives_one_either() -> None:
    session = cancelled(published())

    with pytest.raises(Refused):
        stormloop_table.transact_write([giving(session.session_id, {LOU.child_id: "an.claeys2345abcdefg"})])


def test_an_offer_is_not_accepted_any_more() -> None:
    session = published(capacity=1)
    own = family(LOU)
    held = own.register(session, LOU).json_body["registration_id"]
    until = {":until": {"N": str(int(NOW.timestamp()) + 10**8)}}
    stormloop_table.call(
        "UpdateItem",
        Key=stormloop_table.key(f"S#{session.session_id}", "SEATS"),
        UpdateExpression="SET #u = :until",
        ExpressionAttributeNames={"#u": f"u#{held}"},
        ExpressionAttributeValues=until,
    )
    cancelled(session)

    post(f"/api/registrations/{held}/acceptance", {}, own.authorization)

    assert held in seats_of(session).until


def test_while_it_is_being_drawn_it_waits_for_the_result() -> None:
    given_opening(
        kind="draw",
        windows=[{"opens_at": "2027-02-01T19:00", "spread_minutes": 0}],
        passes_until="2027-01-31T19:00",
        wishes_until="2027-02-08T19:00",
    )

    answer = ask(BOUWKAMP)

    assert slug(answer) == "not-now"
    assert seats_of(BOUWKAMP).called_off is None


def test_who_only_wishes_for_it_in_a_draw_to_come_is_counted_too() -> None:
    opening = given_opening(
        kind="draw",
        windows=[{"opens_at": "2027-06-01T19:00", "spread_minutes": 0}],
        passes_until="2027-05-31T19:00",
        wishes_until="2027-06-08T19:00",
    )
    own = family(LOU).pass_
    wish = (((LOU.child_id, BOUWKAMP.session_id),),)
    draws.put_entry(Entered(opening.opening_id, own.family_id, own.pass_id, {LOU.child_id: LOU.birth_date}, wish, NOW))

    shown = Browser("en").sign_in(Role.MANAGER).get(f"/office/sessions/{BOUWKAMP.session_id}/cancellation")

    assert "1 family hears of it" in shown.text
    assert "1 family wishes for it in a draw to come" in shown.text
    assert "What families read" in shown.text
    assert ask(BOUWKAMP).json_body["families"] == 1


class TestWithdrawing:
    def test_a_session_without_anybody_goes_without_a_message(self) -> None:
        session = published()

        cancelling.withdraw(session.session_id, REASON, ELS, NOW)

        assert ledger.entries()[-1].what is LedgerAct.SESSION_WITHDRAWN
        assert family(LOU).register(session, LOU).status_code != 201

    def test_not_where_somebody_is_in(self) -> None:
        session = published()
        family(LOU).register(session, LOU)

        with pytest.raises(Problem) as raised:
            cancelling.withdraw(session.session_id, REASON, ELS, NOW)

        assert raised.value.kind.slug == "not-now"
        assert not ledger.entries()

    def test_who_comes_at_the_same_moment_is_first(self, monkeypatch: pytest.MonkeyPatch) -> None:
        session = published()
        stale = seats.get([session.session_id])
        family(JEF).register(session, JEF)
        reads = iter([stale])
        real = seats.get
        monkeypatch.setattr(seats, "get", lambda *given, **more: next(reads, None) or real(*given, **more))

        with pytest.raises(Problem) as raised:
            cancelling.withdraw(session.session_id, REASON, ELS, NOW)

        assert raised.value.kind.slug == "not-now"
        assert not ledger.entries()


def test_a_draft_is_deleted_and_not_cancelled() -> None:
    draft = editing.create({**cells_of(BOUWKAMP), "capacity": ""}, {column: column for column in cells_of(BOUWKAMP)})

    assert slug(ask(draft)) == "not-now"


def test_it_asks_for_a_reason_and_for_a_manager() -> None:
    session = published()

    assert counter.errors(ask(session, reason="ziek")) == ["reason"]
    assert slug(ask(session, by=signed_in(Role.DESK))) == "not-allowed"
    assert seats_of(session).called_off is None
