"""A session without an opening: staff say when it opens, and close it again until somebody has registered."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.city.ledger.rules import LedgerAct
from chalicelib.core.http.problems import INVALID, NOT_FOUND, NOT_NOW, Problem
from chalicelib.core.refusals import Refused
from chalicelib.core.table import transact_write
from chalicelib.office.desk import exceptions
from chalicelib.office.desk.exceptions import Deed, hold_back, set_opening
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.openings import table as openings
from chalicelib.programme.sessions import table as programme
from chalicelib.programme.sessions.rules import Session
from chalicelib.seats.changing import opening
from chalicelib.seats.rules import HeldFor
from tests.camps import JEF, LOU, family, published
from tests.interrupting import before_write
from tests.office.desk.counter import entries, seats_of, slug
from tests.programme.openings.plans import approved, publish

pytestmark = pytest.mark.usefixtures("table")

NOW = datetime.now(UTC).replace(microsecond=0)
LATER = NOW + timedelta(days=7)
DEED = Deed(Staff("sub-Els", "Els Maes", frozenset()), "Er zijn plaatsen genoeg voor iedereen.", NOW)


def opens(session: Session) -> tuple[datetime | None, int | None]:
    """As families read it, and as a claim is held to it."""
    found = programme.get(session.session_id)
    assert found
    return found.opens_at, seats_of(session).opens


def test_it_opens_now_and_families_register():
    session = published(opens_at=None)
    an = family(LOU)
    assert slug(an.register(session, LOU)) == "too-early"

    set_opening(DEED, session.session_id, NOW)

    assert opens(session) == (NOW, int(NOW.timestamp()))
    assert an.register(session, LOU, key="again").status_code == 201
    (entry,) = entries()
    assert (entry.what, entry.session_id) == (LedgerAct.REGISTRATION_OPENED, session.session_id)
    assert entry.details == {"from": "not-set", "to": NOW.isoformat()}


def test_a_moment_is_moved_and_taken_away_again():
    session = published(opens_at=None)

    for at in (LATER, LATER + timedelta(hours=1), None):
        set_opening(DEED, session.session_id, at)
        assert opens(session) == (at, int(at.timestamp()) if at else None)

    assert len(entries()) == 3


def test_the_same_again_is_no_entry_and_what_is_open_stays_open():
    session = published(opens_at=NOW - timedelta(days=1))

    set_opening(DEED, session.session_id, NOW)
    assert opens(session)[0] == NOW - timedelta(days=1)

    set_opening(DEED, session.session_id, LATER)
    set_opening(DEED, session.session_id, LATER)
    assert len(entries()) == 1


def test_it_closes_again_only_as_long_as_nobody_registered():
    session, empty = published(), published(title="Zeekamp")
    family(LOU).register(session, LOU)
    hold_back(DEED, empty.session_id, HeldFor.STAFF, 2)  # of nobody's child

    set_opening(DEED, empty.session_id, None)
    with pytest.raises(Problem) as refused:
        set_opening(DEED, session.session_id, None)

    assert refused.value.kind is NOT_NOW
    assert opens(empty) == (None, None)
    assert opens(session) == (session.opens_at, int(session.opens_at.timestamp()))


def test_whoever_registers_between_look_and_write_keeps_it_open():
    session = published()
    seen = seats_of(session)
    family(JEF).register(session, JEF)

    with pytest.raises(Refused):
        transact_write([opening(seen, None)])
    assert seats_of(session).opens == seen.opens


def test_an_opening_decides_alone():
    session = published(opens_at=None)
    assert programme.join_opening(session.session_id, "2027-abcdef", LATER)

    with pytest.raises(Problem) as refused:
        set_opening(DEED, session.session_id, NOW)
    with pytest.raises(Refused):  # also where it was published since the look
        transact_write([programme.opening(session.session_id, NOW)])

    assert refused.value.kind is NOT_NOW
    assert opens(session)[0] == LATER


def test_no_moment_behind_its_deadline_and_no_draft():
    session = published(opens_at=None)
    draft = published(opens_at=None, title="Zeekamp", capacity=None)

    with pytest.raises(Problem) as late:
        set_opening(DEED, session.session_id, datetime(2027, 8, 15, 22, tzinfo=UTC))
    with pytest.raises(Problem) as unfinished:
        set_opening(DEED, draft.session_id, NOW)
    with pytest.raises(Problem) as wordless:
        set_opening(replace(DEED, reason="ok"), session.session_id, NOW)

    assert (late.value.kind, unfinished.value.kind, wordless.value.kind) == (INVALID, NOT_FOUND, INVALID)
    assert "maandag 16 augustus 2027 om 0.00 uur" in late.value.document("nl")["errors"][0]["message"]
    assert entries() == []


def test_what_opens_while_an_opening_with_it_is_published_stops_the_publication():
    session = published(opens_at=None)
    opening_id = approved(session_ids=[session.session_id])

    with before_write(0, lambda: set_opening(replace(DEED, now=datetime.now(UTC)), session.session_id, NOW)):
        assert slug(publish(opening_id)) == "not-now"

    found = openings.get(opening_id)
    assert found
    assert not found[0].is_live
    assert family(LOU).register(session, LOU).status_code == 201


def test_and_so_does_what_opens_when_it_owns_its_sessions_already():
    session = published(opens_at=None)
    opening_id = approved(session_ids=[session.session_id])

    with before_write(1, lambda: set_opening(DEED, session.session_id, NOW)):
        assert slug(publish(opening_id)) == "changed"

    assert opens(session)[0] == NOW
    assert slug(publish(opening_id)) == "not-now"


def test_it_is_refused_as_soon_as_the_opening_is_published_before_the_session_knows(monkeypatch):
    session = published(opens_at=None)
    opening_id = approved(session_ids=[session.session_id])

    def meanwhile() -> None:
        monkeypatch.setattr(exceptions, "opening_of", lambda *_: None)  # whoever looked a moment before
        with pytest.raises(Problem) as refused:
            set_opening(DEED, session.session_id, NOW)
        assert refused.value.kind is NOT_NOW

    with before_write(2, meanwhile):
        assert publish(opening_id).status_code == 200

    assert programme.get(session.session_id).opening_id == opening_id
