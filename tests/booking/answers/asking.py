"""Given: a camp that asks something."""

from datetime import UTC, datetime

from chalicelib.programme.questions import table as questions
from chalicelib.programme.questions.rules import Question, QuestionSet
from chalicelib.programme.sessions.rules import Session
from chalicelib.seats import table as seats
from tests.programme.questions.examples import AN, LUNCH, PHOTOS


def asks(session: Session, *asked: Question, version: int = 1, retired: tuple[Question, ...] = ()) -> None:
    """From now on it asks this, photos and lunch if nothing is said, as staff store it."""
    new = QuestionSet(session.session_id, version, asked or (PHOTOS, LUNCH), datetime.now(UTC), AN, retired)
    questions.store(new, list(seats.get([session.session_id]).values()))
    seats.forget()
