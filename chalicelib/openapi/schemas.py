"""The JSON Schemas of answers."""

from typing import Any

from chalicelib.api.fields import JsonSchema
from chalicelib.languages import LANGUAGES


def an_object(required: dict[str, JsonSchema], optional: dict[str, JsonSchema] | None = None) -> JsonSchema:
    """The schema of an answer. Fields may be added, so none is forbidden."""
    return {"type": "object", "properties": {**required, **(optional or {})}, "required": list(required)}


def or_null(schema: JsonSchema) -> JsonSchema:
    return {**schema, "type": [schema["type"], "null"]}


def ref_or_null(name: str) -> JsonSchema:
    return {"anyOf": [ref("schemas", name), {"type": "null"}]}


def a_list(schema: JsonSchema, **more: Any) -> JsonSchema:
    return {"type": "array", "items": schema, **more}


def ref(kind: str, name: str) -> dict[str, str]:
    return {"$ref": f"#/components/{kind}/{name}"}


def one_of(values: list[str]) -> JsonSchema:
    return {"type": "string", "enum": values}


TEXT: JsonSchema = {"type": "string"}
YES_OR_NO: JsonSchema = {"type": "boolean"}
DAY: JsonSchema = {"type": "string", "format": "date"}
MOMENT: JsonSchema = {"type": "string", "format": "date-time"}
HOUR: JsonSchema = {"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]$"}
COUNT: JsonSchema = {"type": "integer", "minimum": 0}
FROM_ONE: JsonSchema = {"type": "integer", "minimum": 1}
SHA_256: JsonSchema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
TEXTS: JsonSchema = {
    "type": "object",
    "properties": dict.fromkeys(LANGUAGES, TEXT),
    "description": "Language to text.",
}
