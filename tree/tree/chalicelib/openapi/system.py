from chalicelib import VERSION
from chalicelib.core.http.health import Health
from chalicelib.openapi.operations import Operation, Part
from chalicelib.people.staff.handlers import Me
from chalicelib.people.staff.rules import Role

STAFF = Part(
    tag="staff",
    about="The staff of the city, and their roles.",
    answers={"Me": Me("Els Maes", [Role.DESK, Role.MANAGER])},
    operations={
        "GET /api/staff/me": Operation("getMe", "Read your name, as the ledger shows it, and your roles", "Me")
    },
)
PART = Part(
    tag="system",
    about="About this API itself.",
    answers={"Health": Health("ok", VERSION)},
    operations={
        "GET /api/health": Operation("getHealth", "Check that the system answers", "Health"),
        "GET /api/openapi.json": Operation("getOpenapi", "This document"),
    },
)
