from chalicelib.api.problems import NOT_NOW
from chalicelib.ledger.rules import What
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
    at,
)
from chalicelib.openapi.incidents import AN_INCIDENT
from chalicelib.openapi.ledger import AN_ENTRY, THE_HEAD
from chalicelib.openapi.operations import Operation, Part
from chalicelib.openings.published import COLUMNS
from chalicelib.openings.rules import Kind, State
from chalicelib.publication.public import (
    ApprovedAt,
    ListedLedger,
    ListedTerms,
    ListedWindow,
    OpeningList,
    OpeningPage,
    PublicOpening,
    PublicWindow,
    SeatCounts,
)
from chalicelib.registrations.rules import Status

AN_OPENING = PublicOpening(
    opening_id=OPENING_ID,
    kind=Kind.FIRST_COME,
    title=TEXTS["nl"],
    titles=TEXTS,
    state=State.PUBLISHED,
    why=None,
    opens_at=OPENS_AT,
    spread_ends_at=SPREAD_ENDS_AT,
    windows=[PublicWindow(OPENS_AT, SPREAD_ENDS_AT, planned_for=OPENS_AT, spread_minutes=30, postcodes=[])],
    passes_until=PASSES_UNTIL,
    wishes_until=None,
    bundles=None,
    beacon=None,
    shifts=[],
    hold_minutes=30,
    offer_days=1,
    offer_hour=20,
    version=3,
    approvals=ApprovedAt(2, [PUBLISHED_AT, PUBLISHED_AT]),
    published_at=PUBLISHED_AT,
    commitment=COMMITMENT,
    seed=SEED,
    session_ids=[SESSION_ID],
    incident_rule={
        "nl": "Valt het systeem uit, dan begint de opening opnieuw en telt elke poging.",
        "fr": "En cas de panne, l’ouverture recommence et chaque tentative compte.",
        "en": "If the system fails, the opening begins anew and every attempt counts.",
    },
)
A_PAGE = OpeningPage(
    **vars(AN_OPENING),
    counts=SeatCounts(
        seats={"opening": 11, "waiting-list": 1, "desk": 2, "exception": 1, "held-back": 2, "free": 3},
        capacity=20,
        registrations=13,
        with_waiting_list=0,
    ),
    ledger={What.DESK_REGISTRATION: 2, What.PUBLISHED: 1, What.SEAT_GRANTED: 1},
    log=[AN_INCIDENT],
)
A_LIST = OpeningList(
    opening=ListedTerms(
        opening_id=OPENING_ID,
        kind=Kind.FIRST_COME,
        version=3,
        commitment=COMMITMENT,
        seed=SEED,
        windows=[ListedWindow(at("2027-03-06T18:00:00+00:00"), spread_minutes=30, postcodes=[])],
        passes_until=at("2027-03-05T19:00:00+00:00"),
        shifts=[],
    ),
    columns=COLUMNS,
    rows=[([KEY], 0, False, 1804357924117, 1804357931402, SESSION_ID, "opening", 1, Status.CONFIRMED)],
    as_of=at("2027-03-06T18:40:00+00:00"),
    hash="5d41402abc4b2a76b9719d911017c5925d41402abc4b2a76b9719d911017c592",
    ledger=ListedLedger([AN_ENTRY], THE_HEAD),
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
        ),
    },
)
