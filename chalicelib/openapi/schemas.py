"""JSON Schemas of what is answered, made from the dataclasses that answer (api/answers.py)."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime, time
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from chalicelib.api.answers import Absent
from chalicelib.api.fields import JsonSchema
from chalicelib.languages import LANGUAGES

# Dataclass to its name in the document.
Names = Mapping[type, str]


def schema_of(answer: type, names: Names) -> JsonSchema:
    """Of a dataclass that is answered: a field that may be absent is not required. Fields may be added, so none is
    forbidden. A dataclass within it that has a name in the document is referred to by it."""
    hints = get_type_hints(answer, include_extras=True)
    described = {one.name.removesuffix("_"): hints[one.name] for one in fields(answer)}
    required = [name for name, hint in described.items() if not _may_be_absent(hint)]
    properties = {name: _schema(hint, names) for name, hint in described.items()}
    return {"type": "object", "properties": properties, "required": required}


def _schema(hint: Any, names: Names) -> JsonSchema:
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Annotated:
        made = _schema(inner[0], names)
        for more in inner[1:]:
            made = {**made, "description": more} if isinstance(more, str) else {**made, **more}
        return made
    if origin in (Union, UnionType):
        return _one_of([one for one in inner if not _is_absence(one)], names)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _schema(inner[1], names)}
    if isinstance(origin, type) and issubclass(origin, Sequence):
        return a_list(_schema(inner[0], names))
    if hint in names:
        return ref("schemas", names[hint])
    if isinstance(hint, type) and issubclass(hint, Enum):
        return one_of([one.value for one in hint])
    return dict(_PLAIN[hint]) if hint in _PLAIN else schema_of(hint, names)


def _one_of(hints: Sequence[Any], names: Names) -> JsonSchema:
    """One thing, or null beside it."""
    known = [_schema(one, names) for one in hints if one is not NoneType]
    assert len(known) == 1, hints
    if NoneType not in hints:
        return known[0]
    return or_null(known[0]) if "type" in known[0] else {"anyOf": [known[0], {"type": "null"}]}


def _may_be_absent(hint: Any) -> bool:
    inner = get_args(hint)[0] if get_origin(hint) is Annotated else hint
    return any(_is_absence(one) for one in get_args(inner))


def _is_absence(hint: Any) -> bool:
    return hint is Absent


def or_null(schema: JsonSchema) -> JsonSchema:
    nullable = {**schema, "type": [schema["type"], "null"]}
    return {**nullable, "enum": [*schema["enum"], None]} if "enum" in schema else nullable


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
_PLAIN: dict[Any, JsonSchema] = {
    str: TEXT,
    int: {"type": "integer"},
    bool: YES_OR_NO,
    date: DAY,
    datetime: MOMENT,
    time: HOUR,
    object: {},
}
TEXTS: JsonSchema = {
    "type": "object",
    "properties": dict.fromkeys(LANGUAGES, TEXT),
    "description": "Language to text.",
}

# Until every part is made from its dataclasses:


def an_object(required: dict[str, JsonSchema], optional: dict[str, JsonSchema] | None = None) -> JsonSchema:
    """What is answered. Fields may be added, so none is forbidden."""
    return {"type": "object", "properties": {**required, **(optional or {})}, "required": list(required)}


COUNT: JsonSchema = {"type": "integer", "minimum": 0}
FROM_ONE: JsonSchema = {"type": "integer", "minimum": 1}
SHA_256: JsonSchema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
