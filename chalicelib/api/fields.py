"""What a request may contain: the same models check it and describe it in the OpenAPI document.

Each field has one sentence that says what is expected; it is the message whatever was wrong with the value.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from chalicelib.api.problems import INVALID, FieldError, Problem, invalid
from chalicelib.languages import N_

MAX_BODY_BYTES = 64 * 1024
# What stands in a JSON object more than once: no field takes it. Python would keep the last, other programs the first.
_REPEATED = object()

MISSING = N_("This is missing.")
UNKNOWN = N_("This is not part of the request.")
BODY_TOO_LARGE = N_("The request is larger than 64 KB.")
BODY_NOT_JSON = N_("The request is not JSON in UTF-8.")
BODY_NOT_OBJECT = N_("The request must be a JSON object.")
AS_TRUE_OR_FALSE = N_("Give true or false.")
AS_DATE = N_("Give a date as year-month-day, for example 2019-04-30.")


def _always(message: str) -> dict[str, Any]:
    return dict.fromkeys(
        ("invalid", "invalid_utf8", "validator_failed", "null", "type", "format", "too_large"), message
    ) | {"required": MISSING, "null": MISSING}


class Text(fields.String):
    """Text that matches `pattern` (a regular expression for the whole text), as it is after trimming and NFC."""

    def __init__(self, expects: str, pattern: str, max_length: int, min_length: int = 1, **options: Any) -> None:
        self.max_length = max_length
        super().__init__(
            required=options.pop("required", True),
            metadata={"description": expects},
            error_messages=_always(expects),
            validate=[
                validate.Length(min_length, max_length, error=expects),
                validate.Regexp(f"^(?:{pattern})$", error=expects),
            ],
            **options,
        )

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **kwargs))
        if len(text) > 4 * self.max_length:  # NFC takes seconds for 64 KB of accents; it shortens a letter to a third
            raise self.make_error("invalid", input=value)
        return unicodedata.normalize("NFC", text.strip())


class Choice(fields.String):
    def __init__(self, expects: str, choices: tuple[str, ...], **options: Any) -> None:
        super().__init__(
            required=options.pop("required", True),
            metadata={"description": expects},
            error_messages=_always(expects),
            validate=validate.OneOf(choices, error=expects),
            **options,
        )


class Day(fields.Date):
    """A date as ISO 8601 writes it, `YYYY-MM-DD` and nothing else."""

    def __init__(self, expects: str = AS_DATE, **options: Any) -> None:
        super().__init__(
            format="iso",
            required=options.pop("required", True),
            metadata={"description": expects},
            error_messages=_always(expects),
            **options,
        )

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> date:
        # Python's parser also takes 20190430 and 2019-W18-2; other programs would not read those back.
        if not isinstance(value, str) or not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            raise self.make_error("invalid", input=value, obj_type="date")
        return super()._deserialize(value, attr, data, **kwargs)


class TrueOrFalse(fields.Boolean):
    """JSON's true or false; not 1, "yes" or "on"."""

    def __init__(self, **options: Any) -> None:
        super().__init__(truthy={True}, falsy={False}, error_messages=_always(AS_TRUE_OR_FALSE), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Whole(fields.Integer):
    """A whole number, also as it stands in a query string."""

    def __init__(self, expects: str, least: int, most: int, **options: Any) -> None:
        super().__init__(
            required=options.pop("required", True),
            metadata={"description": expects},
            error_messages=_always(expects),
            validate=validate.Range(least, most, error=expects),
            **options,
        )

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> int:
        # Python's int() also takes 1_0, " 10" and Arabic digits.
        if not re.fullmatch("-?[0-9]{1,9}", str(value)):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class Several(fields.List[Any]):
    """One to `most` values, none of them twice (which whoever asked for them sees to). How many they are is looked at
    first: thousands of errors would be an answer of megabytes."""

    def __init__(self, expects: str, each: fields.Field[Any], most: int, **options: Any) -> None:
        self.most = most
        super().__init__(
            each,
            required=True,
            metadata={"description": expects, "uniqueItems": True},
            error_messages=_always(expects),
            validate=validate.Length(1, most, error=expects),
            **options,
        )

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> list[Any]:
        if isinstance(value, list) and len(value) > self.most:
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class Model(Schema):
    """The base of every request model; a field that is not named in it is an error, so that a typing slip is seen."""

    class Meta:
        unknown = RAISE

    error_messages = {"unknown": UNKNOWN, "type": BODY_NOT_OBJECT}  # noqa: RUF012 marshmallow says how it is declared


def read_json(model: Model, body: bytes) -> Any:
    """The checked content of a JSON body; raises Problem `invalid` that names each wrong field."""
    if len(body) > MAX_BODY_BYTES:
        raise invalid("body", BODY_TOO_LARGE)
    try:
        content = json.loads(body.decode(), parse_constant=_refuse_constant, object_pairs_hook=_as_object)
    except (ValueError, RecursionError):
        raise invalid("body", BODY_NOT_JSON) from None
    return check(model, content)


def check(model: Model, content: Any) -> Any:
    try:
        return model.load(content)
    except ValidationError as error:
        messages = error.normalized_messages()  # type: ignore[no-untyped-call]
        raise Problem(INVALID, errors=list(_flat(messages))) from None


def _refuse_constant(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity are Python's, not JSON's


def _as_object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for name, value in pairs:
        content[name] = _REPEATED if name in content else value
    "".join(content).encode()  # a ValueError for half of a surrogate pair, which no answer could repeat
    return content


def _flat(messages: Mapping[Any, Any], path: str = "") -> Iterator[FieldError]:
    for key, value in messages.items():
        if key == "_schema":
            here = path or "body"
        elif isinstance(key, int):
            here = f"{path}[{key}]"
        else:
            here = f"{path}.{key}" if path else str(key)
        if isinstance(value, Mapping):
            yield from _flat(value, here)
        else:
            yield FieldError(here, value[0])
