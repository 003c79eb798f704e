from typing import Any

from chalicelib.api import problems
from chalicelib.openapi.examples import OPENS_AT, SESSION_ID
from chalicelib.openapi.operations import Operation, Part, path_parameter, query_parameters
from chalicelib.openapi.schemas import COUNT, DAY, HOUR, MOMENT, TEXT, a_list, an_object, one_of, or_null, ref
from chalicelib.programme.handlers import SESSION_QUERY

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
        "Session": an_object(
            {
                "session_id": TEXT,
                "municipality": TEXT,
                "title": TEXT,
                "starts_on": {**DAY, "description": "The first day."},
                "ends_on": {**DAY, "description": "The last day."},
                "age_min": {**COUNT, "description": "In whole years, on the first day."},
                "age_max": COUNT,
                "price_cents": COUNT,
                "currency": {"const": "EUR"},
                "capacity": COUNT,
                "seats_left": {**COUNT, "description": "Seats for families that register now; 0 if somebody waits."},
                "opens_at": {
                    **or_null(MOMENT),
                    "description": "The moment at which registration opens; null as long as unknown. In "
                    "an opening each "
                    "family has its own moment from then on (GET /api/pass).",
                },
                "status": one_of(["announced", "open", "full", "closed"]),
                "place": or_null(TEXT),
                "daily_from": or_null(HOUR),
                "daily_until": or_null(HOUR),
                "note": {**or_null(TEXT), "description": "The city's note on the price."},
                "opening_id": {**or_null(TEXT), "description": "The opening that decides when it opens, and for whom."},
                "kind": {**or_null(TEXT), "description": "One word of the city, which families can search for."},
            }
        ),
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
