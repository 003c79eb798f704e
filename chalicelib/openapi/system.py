from chalicelib import VERSION
from chalicelib.openapi.operations import Operation, Part
from chalicelib.openapi.schemas import TEXT, an_object

PART = Part(
    tag="system",
    about="About this API itself.",
    schemas={"Health": an_object({"status": {"const": "ok"}, "version": TEXT})},
    examples={"Health": {"status": "ok", "version": VERSION}},
    paths={
        "/api/health": {"get": Operation("getHealth", "Check that the system answers", {200: "Health"})},
        "/api/openapi.json": {"get": Operation("getOpenapi", "This document", {200: None})},
    },
)
