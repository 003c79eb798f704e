from typing import Any

from chalicelib.booking.registrations.rules import RegistrationStatus
from chalicelib.city.ledger.rules import LedgerAct
from chalicelib.core.http.problems import NOT_NOW
from chalicelib.office.publication.public import PART as PART_QUERY
from chalicelib.office.publication.public import (
    ListedLedger,
    OpeningList,
    OpeningPage,
    PublicOpening,
    SeatCounts,
    as_everybody_sees,
)
from chalicelib.openapi.examples import (
    ADMITTED_AT,
    KEY,
    OPENING_ID,
    PUBLISHED_AT,
    SEED,
    SESSION_ID,
    SPREAD_ENDS_AT,
    TEXTS,
    at,
)
from chalicelib.openapi.incidents import AN_INCIDENT
from chalicelib.openapi.ledger import AN_ENTRY, THE_HEAD
from chalicelib.openapi.operations import Operation, Part, query_parameters
from chalicelib.programme.openings.plans import wanted
from chalicelib.programme.openings.published import PublishedRow, document
from chalicelib.programme.openings.rules import Approval, Opening, State

A_PLAN: dict[str, Any] = {
    "kind": "first-come",
    "titles": TEXTS,
    "country": "BE",
    "session_ids": [SESSION_ID],
    "windows": [{"opens_at": "2027-03-06T19:00+01:00", "spread_minutes": 30, "postcodes": []}],
    "passes_until": "2027-03-05T20:00+01:00",
    "expected_families": 2000,
    "incident_rule": {
        "nl": "Valt het systeem uit, dan begint de opening opnieuw en telt elke poging.",
        "fr": "En cas de panne, l’ouverture recommence et chaque tentative compte.",
        "en": "If the system fails, the opening begins anew and every attempt counts.",
    },
    "held_back": [{"session_id": SESSION_ID, "staff": 2, "reduced": 0}],
    "offer_days": 1,
    "offer_hour": 20,
    "patience_minutes": 1440,
    "hold_minutes": 30,
    "may_overlap": False,
    "wishes_until": None,
    "bundles": "one",
    "beacon": None,
}
OPENING = Opening(
    opening_id=OPENING_ID,
    version=3,
    plan=wanted(A_PLAN),
    state=State.PUBLISHED,
    seed=bytes.fromhex(SEED),
    approvals=(Approval("anna", PUBLISHED_AT, 3), Approval("bram", PUBLISHED_AT, 3)),
    published_at=PUBLISHED_AT,
)
AN_OPENING = as_everybody_sees(OPENING, SPREAD_ENDS_AT, "nl")
A_ROW = PublishedRow(
    keys=(KEY,),
    window=0,
    is_late=False,
    admitted_at=ADMITTED_AT,
    registered_at=at("2027-03-06T18:12:11.402000+00:00"),
    session_id=SESSION_ID,
    channel="opening",
    children=1,
    status=RegistrationStatus.CONFIRMED,
)
A_PAGE = OpeningPage(
    **vars(AN_OPENING),
    counts=SeatCounts(
        seats={"opening": 11, "waiting-list": 1, "desk": 2, "exception": 1, "held-back": 2, "free": 3},
        capacity=20,
        registrations=13,
        with_waiting_list=0,
    ),
    ledger={LedgerAct.DESK_REGISTRATION: 2, LedgerAct.PUBLISHED: 1, LedgerAct.SEAT_GRANTED: 1},
    log=[AN_INCIDENT],
)
A_LIST = OpeningList(
    **document(OPENING, [A_ROW], at("2027-03-06T18:40:00+00:00")), ledger=ListedLedger([AN_ENTRY], THE_HEAD)
)
PART = Part(
    tag="openings",
    about="Openings as everybody may see them: the published rules, the events, and the proof.",
    answers={
        "Opening": PublicOpening,
        "Openings": {"openings": [AN_OPENING]},
        "OpeningPage": A_PAGE,
        "OpeningList": A_LIST,
    },
    operations={
        "GET /api/openings": Operation(
            "listOpenings", "List the published openings of this year and the last", "Openings"
        ),
        "GET /api/openings/{opening_id}": Operation(
            "getOpening",
            "Read one opening: rules, commitment, seats by channel, log; afterwards the seed",
            "OpeningPage",
        ),
        "GET /api/openings/{opening_id}/list": Operation(
            "getOpeningList",
            "Read the list without names from which anybody can recompute every admission",
            "OpeningList",
            [NOT_NOW],
            about="`python -m chalicelib verify-opening FILE` recomputes it. The list is published "
            "together with the seed.",
            parameters=query_parameters(PART_QUERY),
        ),
    },
)
