from typing import Any

from chalicelib.api import problems
from chalicelib.openapi.examples import OPENS_AT, SESSION_ID
from chalicelib.openapi.operations import Operation, Part, path_parameter, query_parameters
from chalicelib.openapi.schemas import a_list, an_object, ref
from chalicelib.programme.handlers import SESSION_QUERY, PublicSession

A_SESSION: dict[str, Any] = {
    "session_id": SESSION_ID,
    "municipality": "Kaprijke",
    "title": "Bouwkamp (Lembeke)",
    "starts_on": "2027-08-16",
    "ends_on": "2027-08-18",
    "age_min": 3,
    "age_max": 6,
    "price_cents": 4500,
    "currency": "EUR",
    "capacity": 20,
    "seats_left": 7,
    "opens_at": OPENS_AT,
    "status": "open",
    "place": "Lembeke",
    "daily_from": "09:00",
    "daily_until": "16:00",
    "note": "kansentarief 15.00",
    "opening_id": None,
    "kind": "kleuters",
}
PART = Part(
    tag="programme",
    about="The sessions of the programme.",
    schemas={
        "Session": PublicSession,
        "Sessions": an_object({"sessions": a_list(ref("schemas", "Session"))}),
    },
    examples={"Session": A_SESSION, "Sessions": {"sessions": [A_SESSION]}},
    paths={
        "/api/sessions": {
            "get": Operation(
                "listSessions",
                "List the published sessions, in the order of their first day",
                {200: "Sessions"},
                [problems.INVALID],
                parameters=query_parameters(SESSION_QUERY),
            )
        },
        "/api/sessions/{session_id}": {
            "get": Operation(
                "getSession",
                "One session",
                {200: "Session"},
                [problems.NOT_FOUND],
                parameters=[path_parameter("session_id", SESSION_ID)],
            )
        },
    },
)
