"""JSON Schemas of what is answered, made from the dataclasses that answer (core/http/answers.py)."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime, time
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from chalicelib.core.http.answers import Absent
from chalicelib.core.http.fields import JsonSchema

# Dataclass to its name in the document.
Names = Mapping[type, str]

_PLAIN: dict[Any, JsonSchema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
    time: {"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]$"},
    object: {},
}


def schema_of(answer: type, names: Names) -> JsonSchema:
    """Of a dataclass that is answered: a field that may be absent is not required. Fields may be added, so none is
    forbidden. A dataclass within it that has a name in the document is referred to by it."""
    hints = get_type_hints(answer, include_extras=True)
    described = {one.name.removesuffix("_"): hints[one.name] for one in fields(answer)}
    required = [name for name, hint in described.items() if not _may_be_absent(hint)]
    properties = {name: _schema(hint, names) for name, hint in described.items()}
    return {"type": "object", "properties": properties, "required": required}


def schema_by_example(example: Mapping[str, Any], names: Names) -> JsonSchema:
    """Of what is answered as a mapping: of texts, of dataclasses that have a name, or of lists of these."""
    properties = {
        name: {"type": "array", "items": _schema(type(value[0]), names)}
        if isinstance(value, list)
        else _schema(type(value), names)
        for name, value in example.items()
    }
    return {"type": "object", "properties": properties, "required": list(example)}


def ref(kind: str, name: str) -> dict[str, str]:
    return {"$ref": f"#/components/{kind}/{name}"}


def _schema(hint: Any, names: Names) -> JsonSchema:
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Annotated:
        made = _schema(inner[0], names)
        for more in inner[1:]:
            made = {**made, "description": more} if isinstance(more, str) else {**made, **more}
        return made
    if origin in (Union, UnionType):
        return _one_of([one for one in inner if one is not Absent], names)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _schema(inner[1], names)}
    if origin is tuple and Ellipsis not in inner:
        # Not `prefixItems`: tools that know OpenAPI 3.0 take it for a list of `items`, which is no schema.
        every = [_schema(one, names) for one in inner]
        kinds = [one for place, one in enumerate(every) if one not in every[:place]]
        return {"type": "array", "items": kinds[0] if len(kinds) == 1 else {"anyOf": kinds}, "minItems": len(inner)}
    if isinstance(origin, type) and issubclass(origin, Sequence):
        return {"type": "array", "items": _schema(inner[0], names)}
    if hint in names:
        return ref("schemas", names[hint])
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {"type": "string", "enum": [one.value for one in hint]}
    return dict(_PLAIN[hint]) if hint in _PLAIN else schema_of(hint, names)


def _one_of(hints: Sequence[Any], names: Names) -> JsonSchema:
    """One thing, or null beside it."""
    known = [_schema(one, names) for one in hints if one is not NoneType]
    assert len(known) == 1, hints
    schema = known[0]
    if NoneType not in hints:
        return schema
    if "type" not in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    nullable = {**schema, "type": [schema["type"], "null"]}
    return {**nullable, "enum": [*schema["enum"], None]} if "enum" in schema else nullable


def _may_be_absent(hint: Any) -> bool:
    return Absent in get_args(get_args(hint)[0] if get_origin(hint) is Annotated else hint)
