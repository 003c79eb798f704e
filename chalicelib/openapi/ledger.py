from typing import Any

from chalicelib.api import problems
from chalicelib.ledger.handlers import ABOUT_HEAD, LEDGER_QUERY, PublicEntry, PublicLedger, WholeEntry, WholeLedger
from chalicelib.ledger.rules import Head
from chalicelib.openapi.examples import COMMITMENT, OPENING_ID, PUBLISHED_AT
from chalicelib.openapi.operations import Operation, Part, query_parameters
from chalicelib.openapi.schemas import schema_of

HEAD = {**schema_of(Head, {}), "description": ABOUT_HEAD}
AN_ENTRY: dict[str, Any] = {
    "number": 1,
    "previous": "0" * 64,
    "public": {
        "at": PUBLISHED_AT,
        "what": "published",
        "opening_id": OPENING_ID,
        "session_id": None,
        "details": {"version": 3, "commitment": COMMITMENT},
    },
    "seal": "a3" * 32,
    "hash": "7c" * 32,
}
_WHOLE = {
    **AN_ENTRY,
    "private": {
        "by": {"staff_id": "5f2a0c3e-8a55", "name": "Els Maes"},
        "reason": "Version 3 was approved by 2 different people and published.",
        "registration_id": None,
        "details": {},
    },
    "salt": "0f" * 16,
}
_REST = {"head": {"number": 1, "hash": AN_ENTRY["hash"]}, "next": None}
PART = Part(
    tag="ledger",
    about="The ledger of exceptions: each act out of the ordinary, with its author, moment and reason, as a "
    "chain of hashes.",
    schemas={
        "LedgerEntry": PublicEntry,
        "Ledger": PublicLedger,
        "WholeLedgerEntry": WholeEntry,
        "WholeLedger": WholeLedger,
    },
    examples={"Ledger": {"entries": [AN_ENTRY], **_REST}, "WholeLedger": {"entries": [_WHOLE], **_REST}},
    paths={
        "/api/ledger": {
            "get": Operation(
                "getLedger",
                "Read the ledger without names and reasons, enough to verify that nothing was changed",
                {200: "Ledger"},
                [problems.INVALID],
                parameters=query_parameters(LEDGER_QUERY),
            )
        },
        "/api/staff/ledger": {
            "get": Operation(
                "getWholeLedger",
                "Read the ledger with names and reasons",
                {200: "WholeLedger"},
                [problems.INVALID],
                parameters=query_parameters(LEDGER_QUERY),
            )
        },
    },
)
