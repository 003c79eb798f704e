from chalicelib.city.ledger.handlers import (
    LEDGER_QUERY,
    EntryAuthor,
    PrivatePart,
    PublicEntry,
    PublicLedger,
    PublicPart,
    WholeEntry,
    WholeLedger,
)
from chalicelib.city.ledger.rules import Head, LedgerAct
from chalicelib.openapi.examples import COMMITMENT, OPENING_ID, PUBLISHED_AT
from chalicelib.openapi.operations import Operation, Part, query_parameters

AN_ENTRY = PublicEntry(
    number=1,
    previous="0" * 64,
    public=PublicPart(PUBLISHED_AT, LedgerAct.PUBLISHED, OPENING_ID, None, {"version": 3, "commitment": COMMITMENT}),
    seal="a3" * 32,
    hash="7c" * 32,
)
_PRIVATE = PrivatePart(
    by=EntryAuthor("5f2a0c3e-8a55", "Els Maes"),
    reason="Version 3 was approved by 2 different people and published.",
    registration_id=None,
    details={},
)
_WHOLE = WholeEntry(**vars(AN_ENTRY), private=_PRIVATE, salt="0f" * 16)
THE_HEAD = Head(AN_ENTRY.number, AN_ENTRY.hash)
PART = Part(
    tag="ledger",
    about="The ledger of exceptions: each act out of the ordinary, with its author, moment and reason, as a "
    "chain of hashes.",
    answers={
        "LedgerEntry": PublicEntry,
        "Ledger": PublicLedger([AN_ENTRY], THE_HEAD, next=None),
        "WholeLedgerEntry": WholeEntry,
        "WholeLedger": WholeLedger([_WHOLE], THE_HEAD, next=None),
    },
    operations={
        "GET /api/ledger": Operation(
            "getLedger",
            "Read the ledger without names and reasons, enough to verify that nothing was changed",
            "Ledger",
            parameters=query_parameters(LEDGER_QUERY),
        ),
        "GET /api/staff/ledger": Operation(
            "getWholeLedger",
            "Read the ledger with names and reasons",
            "WholeLedger",
            parameters=query_parameters(LEDGER_QUERY),
        ),
    },
)
