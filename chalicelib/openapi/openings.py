from typing import Any

from chalicelib.api import problems
from chalicelib.openapi.examples import (
    COMMITMENT,
    KEY,
    OPENING_ID,
    OPENS_AT,
    PASSES_UNTIL,
    PUBLISHED_AT,
    SEED,
    SESSION_ID,
    SPREAD_ENDS_AT,
    TEXTS,
)
from chalicelib.openapi.incidents import AN_INCIDENT
from chalicelib.openapi.ledger import AN_ENTRY, HEAD
from chalicelib.openapi.operations import Operation, Part, path_parameter
from chalicelib.openapi.schemas import (
    COUNT,
    FROM_ONE,
    MOMENT,
    SHA_256,
    TEXT,
    YES_OR_NO,
    a_list,
    an_object,
    one_of,
    or_null,
    ref,
)
from chalicelib.openings.published import COLUMNS
from chalicelib.openings.rules import Kind
from chalicelib.publication.public import WAYS, OpeningPage, PublicOpening
from chalicelib.registrations.rules import Status

BY_ID = path_parameter("opening_id", OPENING_ID)
STATUSES = [status.value for status in Status if status is not Status.CANCELLED]
MILLISECONDS = {"type": "integer", "description": "Since 1970."}
SHIFT = an_object({"after": MOMENT, "seconds": {"type": "integer"}})
ROW = {
    "type": "array",
    "prefixItems": [
        a_list(
            TEXT,
            description="Draw keys: the same keys are the same family. An empty list: not admitted by the opening.",
        ),
        {**or_null(COUNT), "description": "The number of its window."},
        {**YES_OR_NO, "description": "True if the family was known too late for the draw."},
        {**or_null(MILLISECONDS), "description": "The moment from which it was admitted, in ms since 1970."},
        {**MILLISECONDS, "description": "The moment at which it registered, in ms since 1970."},
        {**TEXT, "description": "The session."},
        {**one_of([*WAYS]), "description": "How it came by its seat, or waits for one."},
        {**FROM_ONE, "description": "How many children."},
        one_of(STATUSES),
    ],
    "minItems": len(COLUMNS),
}
AN_OPENING: dict[str, Any] = {
    "opening_id": OPENING_ID,
    "kind": "first-come",
    "title": TEXTS["nl"],
    "titles": TEXTS,
    "state": "published",
    "why": None,
    "opens_at": OPENS_AT,
    "spread_ends_at": SPREAD_ENDS_AT,
    "windows": [
        {
            "opens_at": OPENS_AT,
            "ends_at": SPREAD_ENDS_AT,
            "planned_for": OPENS_AT,
            "spread_minutes": 30,
            "postcodes": [],
        }
    ],
    "passes_until": PASSES_UNTIL,
    "wishes_until": None,
    "bundles": None,
    "beacon": None,
    "shifts": [],
    "hold_minutes": 30,
    "offer_days": 1,
    "offer_hour": 20,
    "version": 3,
    "approvals": {"number": 2, "at": [PUBLISHED_AT, PUBLISHED_AT]},
    "published_at": PUBLISHED_AT,
    "commitment": COMMITMENT,
    "seed": SEED,
    "session_ids": [SESSION_ID],
    "incident_rule": {
        "nl": "Valt het systeem uit, dan begint de opening opnieuw en telt elke poging.",
        "fr": "En cas de panne, l’ouverture recommence et chaque tentative compte.",
        "en": "If the system fails, the opening begins anew and every attempt counts.",
    },
}
A_LIST: dict[str, Any] = {
    "opening": {
        "opening_id": OPENING_ID,
        "kind": "first-come",
        "version": 3,
        "commitment": COMMITMENT,
        "seed": SEED,
        "windows": [{"opens_at": "2027-03-06T18:00:00+00:00", "spread_minutes": 30, "postcodes": []}],
        "passes_until": "2027-03-05T19:00:00+00:00",
        "shifts": [],
    },
    "columns": list(COLUMNS),
    "rows": [[[KEY], 0, False, 1804357924117, 1804357931402, SESSION_ID, "opening", 1, "confirmed"]],
    "as_of": "2027-03-06T18:40:00+00:00",
    "hash": "5d41402abc4b2a76b9719d911017c5925d41402abc4b2a76b9719d911017c592",
    "ledger": {"entries": [AN_ENTRY], "head": {"number": 1, "hash": AN_ENTRY["hash"]}},
}
PART = Part(
    tag="openings",
    about="Openings as everybody may see them: the published rules, the events, and the proof.",
    schemas={
        "Opening": PublicOpening,
        "Openings": an_object({"openings": a_list(ref("schemas", "Opening"))}),
        "OpeningPage": OpeningPage,
        "OpeningList": an_object(
            {
                "opening": an_object(
                    {
                        "opening_id": TEXT,
                        "kind": one_of([kind.value for kind in Kind]),
                        "version": FROM_ONE,
                        "commitment": SHA_256,
                        "seed": SHA_256,
                        "windows": a_list(
                            an_object({"opens_at": MOMENT, "spread_minutes": COUNT, "postcodes": a_list(TEXT)})
                        ),
                        "passes_until": MOMENT,
                        "shifts": a_list(SHIFT),
                    }
                ),
                "columns": {"const": list(COLUMNS), "description": "The columns of a row, in this order."},
                "rows": a_list(ROW, description="The registrations without names, in the order in which they came."),
                "as_of": MOMENT,
                "hash": {**SHA_256, "description": "The hash of opening, columns and rows as canonical JSON."},
                "ledger": an_object({"entries": a_list(ref("schemas", "LedgerEntry")), "head": HEAD}),
            }
        ),
    },
    examples={
        "Openings": {"openings": [AN_OPENING]},
        "OpeningPage": {
            **AN_OPENING,
            "counts": {
                "seats": {
                    "opening": 11,
                    "waiting-list": 1,
                    "desk": 2,
                    "exception": 1,
                    "held-back": 2,
                    "free": 3,
                },
                "capacity": 20,
                "registrations": 13,
                "with_waiting_list": 0,
            },
            "ledger": {"desk-registration": 2, "published": 1, "seat-granted": 1},
            "log": [AN_INCIDENT],
        },
        "OpeningList": A_LIST,
    },
    paths={
        "/api/openings": {
            "get": Operation("listOpenings", "List the published openings of this year and the last", {200: "Openings"})
        },
        "/api/openings/{opening_id}": {
            "get": Operation(
                "getOpening",
                "Read one opening: rules, commitment, seats by channel, log; afterwards the seed",
                {200: "OpeningPage"},
                [problems.NOT_FOUND],
                parameters=[BY_ID],
            )
        },
        "/api/openings/{opening_id}/list": {
            "get": Operation(
                "getOpeningList",
                "Read the list without names from which anybody can recompute every admission",
                {200: "OpeningList"},
                [problems.NOT_FOUND, problems.NOT_NOW],
                about="`python -m chalicelib verify-opening FILE` recomputes it. The list is published "
                "together with the seed.",
                parameters=[BY_ID],
            )
        },
    },
)
