from chalicelib.core.http.problems import CHANGED, NOT_NOW
from chalicelib.office.camps.cancelling import CancelledSession
from chalicelib.office.camps.handlers import CANCELLATION, CHANGES, CorrectedSession
from chalicelib.openapi.examples import SESSION_ID, at
from chalicelib.openapi.operations import Operation, Part
from chalicelib.openapi.programme import A_SESSION

MESSAGE = {
    "nl": "De begeleider is ziek en we vonden niemand anders.",
    "fr": "L'animatrice est malade et nous n'avons trouvé personne d'autre.",
    "en": "The leader is ill, and we found nobody else.",
}
PART = Part(
    tag="camps",
    about="Staff correct a published camp, or cancel it. Each is in the ledger; families are told by mail.",
    answers={
        "CorrectedSession": CorrectedSession(session=A_SESSION, edition="3f1c2a9be07d4415", told=True),
        "CancelledSession": CancelledSession(SESSION_ID, at("2027-08-10T07:30:00+02:00"), 14, MESSAGE),
    },
    requests={
        "ChangesRequest": (
            CHANGES,
            {
                "place": "Sporthal Lembeke",
                "daily_from": "09:00",
                "daily_until": "16:00",
                "reason": "De zaal is bekend.",
            },
        ),
        "CampCancellationRequest": (CANCELLATION, {"message": MESSAGE, "reason": "De begeleider is ziek."}),
    },
    operations={
        "POST /api/staff/sessions/{session_id}/changes": Operation(
            "changeSession",
            "Correct a published camp",
            "CorrectedSession",
            [NOT_NOW, CHANGED],
            about="What is left out stays. Families always hear of another place, other hours or other days; of the "
            "rest with `tell`. Children who do not fit the ages any more are named in `child_ids` of the refusal: name "
            "in `keep` those who stay, or change nothing. Days, ages and price of a camp in a published opening stay "
            "as announced until the opening is held.",
            body="ChangesRequest",
        ),
        "POST /api/staff/sessions/{session_id}/cancellation": Operation(
            "cancelSession",
            "Cancel a camp, and tell every family",
            "CancelledSession",
            [NOT_NOW],
            about="Ends its registrations, offers and waiting places; it cannot be undone. Repeating is harmless: what "
            "was said first stays.",
            body="CampCancellationRequest",
        ),
    },
)
