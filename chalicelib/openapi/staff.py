from chalicelib.openapi.operations import Operation, Part
from chalicelib.openapi.schemas import TEXT, a_list, an_object, one_of
from chalicelib.staff.rules import Role

PART = Part(
    tag="staff",
    about="The staff of the city, and their roles.",
    schemas={"Me": an_object({"name": TEXT, "roles": a_list(one_of([role.value for role in Role]), minItems=1)})},
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
