from datetime import date, time

from chalicelib.openapi.examples import OPENS_AT, SESSION_ID
from chalicelib.openapi.operations import Operation, Part, query_parameters
from chalicelib.programme.questions.examples import LUNCH
from chalicelib.programme.questions.handlers import SessionQuestions, public
from chalicelib.programme.sessions.handlers import SESSION_QUERY, PublicSession
from chalicelib.programme.sessions.rules import SessionStatus

A_SESSION = PublicSession(
    session_id=SESSION_ID,
    municipality="Kaprijke",
    title="Bouwkamp (Lembeke)",
    starts_on=date(2027, 8, 16),
    ends_on=date(2027, 8, 18),
    age_min=3,
    age_max=6,
    price_cents=4500,
    currency="EUR",
    capacity=20,
    seats_left=7,
    opens_at=OPENS_AT,
    status=SessionStatus.OPEN,
    place="Lembeke",
    daily_from=time(9),
    daily_until=time(16),
    note="kansentarief 15.00",
    opening_id=None,
    kind="kleuters",
    contact="09 377 12 34",
    cancelled_at=None,
)
PART = Part(
    tag="programme",
    about="The sessions of the programme.",
    answers={
        "Session": A_SESSION,
        "Sessions": {"sessions": [A_SESSION]},
        "SessionQuestions": SessionQuestions([public(LUNCH)], {SESSION_ID: 1}),
    },
    operations={
        "GET /api/sessions": Operation(
            "listSessions",
            "List the published sessions, in the order of their first day",
            "Sessions",
            parameters=query_parameters(SESSION_QUERY),
        ),
        "GET /api/sessions/{session_id}": Operation("getSession", "One session", "Session"),
        "GET /api/sessions/{session_id}/questions": Operation(
            "listQuestions",
            "What the city asks about each child that is registered in this session",
            "SessionQuestions",
            about="Where one of them must be answered, a family's own registration is `offered` until it has answered.",
        ),
    },
)
