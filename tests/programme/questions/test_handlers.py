"""What anybody may read of a session's questions."""

import pytest

from chalicelib.programme.questions import table as questions
from chalicelib.seats import table as seats
from tests.camps import BOUWKAMP, published, request
from tests.programme.questions.examples import ALLERGENS, EVERY, LUNCH, PHOTOS, asked

pytestmark = pytest.mark.usefixtures("table")
ADDRESS = f"/api/sessions/{BOUWKAMP.session_id}/questions"


def test_a_session_s_questions_are_json_schema_with_their_texts():
    published()
    questions.store(asked(*EVERY, of=BOUWKAMP.session_id), list(seats.get([BOUWKAMP.session_id]).values()))

    answer = request("GET", ADDRESS)

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=5"
    lunch, allergens = answer.json_body["questions"][1:3]
    assert lunch == {
        "type": "string",
        "enum": ["own", "soup"],
        "x-key": "lunch",
        "x-label": dict(LUNCH.label),
        "x-required": True,
        "x-purpose": "kitchen",
        "x-choices": {one.value: dict(one.label) for one in LUNCH.choices},
    }
    assert allergens["items"] == {"type": "string", "enum": list(ALLERGENS.values)}
    assert answer.json_body["versions"] == {BOUWKAMP.session_id: 1}
    assert "An Peeters" not in answer.body.decode()  # nobody is told who of staff asks


def test_a_session_that_asks_nothing_says_so_and_one_that_is_not_published_is_unknown():
    assert request("GET", ADDRESS).status_code == 404
    published(price_cents=None, opens_at=None)
    assert request("GET", ADDRESS).status_code == 404
    published()
    assert request("GET", ADDRESS).json_body == {"questions": [], "versions": {}}


def test_what_is_retired_is_asked_no_more():
    published()
    gone = asked(PHOTOS, of=BOUWKAMP.session_id, retired=(LUNCH,))
    questions.store(gone, list(seats.get([BOUWKAMP.session_id]).values()))

    assert [one["x-key"] for one in request("GET", ADDRESS).json_body["questions"]] == ["photo_consent"]
