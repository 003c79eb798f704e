"""Several sessions open without an opening, from one page."""

import pytest

from chalicelib.city.ledger import table as ledger
from chalicelib.people.staff.rules import Role
from chalicelib.programme.sessions import table as programme
from tests.camps import LOU, family, published, request
from tests.pages.frame.browsing import Browser

pytestmark = pytest.mark.usefixtures("table")

PAGE = "/office/programme/registration"
WHY = "Er zijn plaatsen genoeg voor iedereen."


@pytest.fixture
def els() -> Browser:
    return Browser("en").sign_in(Role.MANAGER)


def test_what_is_ticked_opens_now_and_the_programme_shows_it(els):
    one, other, left = (published(opens_at=None, title=title) for title in ("Bouwkamp", "Zeekamp", "Boskamp"))
    els.get(PAGE)

    shown = els.submit({"session": [one.session_id, other.session_id], "when": "now", "reason": WHY}, "Save")

    assert "Families can register now." in shown.text
    statuses = {one["session_id"]: one["status"] for one in request("GET", "/api/sessions").json_body["sessions"]}
    assert [statuses[session.session_id] for session in (one, other, left)] == ["open", "open", "announced"]
    assert len(ledger.entries()) == 2


def test_what_is_wrong_is_said_at_once_and_nothing_is_lost(els):
    session = published(opens_at=None)
    els.get(PAGE)

    shown = els.submit({"session": [], "when": "later", "opens_at": "2020-01-01T10:00", "reason": "ok"}, "Save")

    assert shown.status == 422
    for field in ("session", "opens_at", "reason"):
        assert f'href="#f-{field}"' in shown.html
    assert 'value="2020-01-01T10:00"' in shown.html
    assert programme.get(session.session_id).opens_at is None


def test_one_that_cannot_close_is_named_and_the_others_are_done(els):
    empty, taken = published(title="Arkkamp"), published(title="Zeekamp")
    family(LOU).register(taken, LOU)
    els.get(PAGE)

    shown = els.submit({"session": [empty.session_id, taken.session_id], "when": "never", "reason": WHY}, "Save")

    assert shown.status == 409
    assert "Zeekamp Families have seats here already" in shown.text
    assert "Done before that: 1." in shown.text
    assert programme.get(empty.session_id).opens_at is None
    assert programme.get(taken.session_id).opens_at is not None


def test_a_session_of_another_municipality_is_not_offered_and_not_opened():
    kaprijke, zelzate = published(opens_at=None), published(opens_at=None, municipality="Zelzate")
    anke = Browser("en").sign_in(Role.MANAGER, name="Anke", municipalities=["zelzate"])
    assert kaprijke.session_id not in anke.get(PAGE).html

    shown = anke.submit({"session": [zelzate.session_id, kaprijke.session_id], "when": "now", "reason": WHY}, "Save")

    assert shown.status == 404
    assert programme.get(kaprijke.session_id).opens_at is None
    assert programme.get(zelzate.session_id).opens_at is None
