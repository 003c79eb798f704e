from chalicelib.api import problems
from chalicelib.openapi.operations import PASS, Operation, Parameter, Part
from chalicelib.openapi.registrations import BY_ID
from chalicelib.openapi.schemas import TEXT, an_object, one_of

TOKEN: Parameter = {
    "in": "query",
    "name": "token",
    "required": True,
    "description": "As the link in the mail carries it: for this one registration.",
    "schema": {"type": "string", "minLength": 1},
    "example": "WyJrN214ZmFyM2N0OTRnaHg3cjJwIiwiM2s5cnRndzVteHBhIl0.ZkPz1A.c2lnbmF0dXJl",
}
NOT_HELD = (problems.NOT_FOUND, problems.NOT_NOW, problems.OFFER_OVER)
PART = Part(
    tag="offers",
    about="Seats that are held for a family: an offer from the waiting list, or a hold for payment or more data. "
    "Declining is cancelling the registration.",
    schemas={
        "OfferForm": {
            **an_object({"token": TEXT, "answer": one_of(["accept", "decline", "extend"])}),
            "additionalProperties": TEXT,
            "maxProperties": 4,
        }
    },
    examples={"OfferForm": {"token": TOKEN["example"], "answer": "accept"}},
    paths={
        "/api/registrations/{registration_id}/acceptance": {
            "post": Operation(
                "accept",
                "Accept the seats that are held for you; again and again is the same",
                {200: "Registration"},
                NOT_HELD,
                parameters=[BY_ID],
                security=[PASS],
            )
        },
        "/api/registrations/{registration_id}/extension": {
            "post": Operation(
                "askForMoreTime",
                "Ask for more time, once: as long again for a hold, a day for an offer",
                {200: "Registration"},
                NOT_HELD,
                parameters=[BY_ID],
                security=[PASS],
            )
        },
        "/offer": {
            "get": Operation(
                "showOffer",
                "The page behind the link in the mail; looking at it changes nothing",
                {200: None},
                [problems.UNAUTHORIZED, problems.NOT_FOUND, problems.OFFER_OVER],
                parameters=[TOKEN],
                is_page=True,
            ),
            "post": Operation(
                "answerOffer",
                "The page's form: accept, decline, or ask for more time",
                {200: None},
                [problems.INVALID, problems.UNAUTHORIZED, *NOT_HELD],
                body="OfferForm",
                is_page=True,
            ),
        },
    },
)
