from chalicelib.openapi.operations import Operation, Part
from chalicelib.staff.handlers import Me

PART = Part(
    tag="staff",
    about="Who works for the city, and as what.",
    schemas={"Me": Me},
    examples={"Me": {"name": "Els Maes", "roles": ["desk", "programme-manager"]}},
    paths={
        "/api/staff/me": {
            "get": Operation(
                "getMe",
                "Read your name, as the ledger shows it, and your roles",
                {200: "Me"},
            )
        }
    },
)
