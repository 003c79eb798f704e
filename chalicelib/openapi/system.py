from chalicelib import VERSION
from chalicelib.api.health import Health
from chalicelib.openapi.operations import Operation, Part

PART = Part(
    tag="system",
    about="About this API itself.",
    schemas={"Health": Health},
    examples={"Health": {"status": "ok", "version": VERSION}},
    paths={
        "/api/health": {"get": Operation("getHealth", "Check that the system answers", {200: "Health"})},
        "/api/openapi.json": {"get": Operation("getOpenapi", "This document", {200: None})},
    },
)
