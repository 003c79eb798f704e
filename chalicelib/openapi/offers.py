from chalicelib.api import problems
from chalicelib.openapi.operations import Operation, Part
from chalicelib.openapi.registrations import BY_ID

NOT_HELD = (problems.NOT_FOUND, problems.NOT_NOW, problems.OFFER_OVER)
PART = Part(
    tag="offers",
    about="Seats that are held for a family: an offer from the waiting list, or a hold for payment or more data. "
    "To decline, cancel the registration.",
    paths={
        "/api/registrations/{registration_id}/acceptance": {
            "post": Operation(
                "accept",
                "Accept the seats that are held for you; repeating is harmless",
                {200: "Registration"},
                NOT_HELD,
                parameters=[BY_ID],
            )
        },
        "/api/registrations/{registration_id}/extension": {
            "post": Operation(
                "askForMoreTime",
                "Ask for more time, once: the same time again for a hold, a day for an offer",
                {200: "Registration"},
                NOT_HELD,
                parameters=[BY_ID],
            )
        },
    },
)
