from typing import Any

from chalicelib.api import problems
from chalicelib.ledger.handlers import LEDGER_QUERY
from chalicelib.ledger.rules import What
from chalicelib.openapi.examples import COMMITMENT, OPENING_ID, PUBLISHED_AT
from chalicelib.openapi.operations import Operation, Part, query_parameters
from chalicelib.openapi.schemas import COUNT, FROM_ONE, MOMENT, SHA_256, TEXT, a_list, an_object, one_of, or_null, ref

HEAD = {
    **an_object({"number": COUNT, "hash": SHA_256}),
    "description": "The last entry of all: note it down, and nobody can drop entries at the end unnoticed.",
}
_PUBLIC = {
    "number": FROM_ONE,
    "previous": {**SHA_256, "description": "The hash of the entry before it; zeros before the first."},
    "public": an_object(
        {
            "at": MOMENT,
            "what": one_of([what.value for what in What]),
            "opening_id": or_null(TEXT),
            "session_id": or_null(TEXT),
            "details": {"type": "object", "description": "Numbers and moments, and nothing about a person."},
        }
    ),
    "seal": {**SHA_256, "description": "The hash of the private part, with a salt."},
    "hash": {**SHA_256, "description": "The hash of number, previous, public and seal as canonical JSON."},
}
_NEXT = {**or_null(FROM_ONE), "description": "The value of `after` for the next part; null after the last one."}
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
        "LedgerEntry": an_object(_PUBLIC),
        "Ledger": an_object({"entries": a_list(ref("schemas", "LedgerEntry")), "head": HEAD, "next": _NEXT}),
        "WholeLedgerEntry": an_object(
            {
                **_PUBLIC,
                "private": an_object(
                    {
                        "by": an_object({"staff_id": TEXT, "name": TEXT}),
                        "reason": TEXT,
                        "registration_id": or_null(TEXT),
                        "details": {"type": "object"},
                    }
                ),
                "salt": TEXT,
            }
        ),
        "WholeLedger": an_object({"entries": a_list(ref("schemas", "WholeLedgerEntry")), "head": HEAD, "next": _NEXT}),
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
