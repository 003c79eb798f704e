"""What a request may contain: the same models check it and describe it in the OpenAPI document.

Each field has one sentence that says what is expected; it is the message whatever was wrong with the value.
"""

import json
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, ClassVar

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from chalicelib.api.problems import INVALID, FieldError, Problem, invalid
from chalicelib.languages import N_

MAX_BODY_BYTES = 64 * 1024

MISSING = N_("This is missing.")
UNKNOWN = N_("This is not part of the request.")
BODY_TOO_LARGE = N_("The request is larger than 64 KB.")
BODY_NOT_JSON = N_("The request is not JSON in UTF-8.")
BODY_NOT_OBJECT = N_("The request must be a JSON object.")
AS_TRUE_OR_FALSE = N_("Give true or false.")
AS_DATE = N_("Give a date as year-month-day, for example 2019-04-30.")


def _always(message: str) -> dict[str, str]:
    return dict.fromkeys(
        ("invalid", "invalid_utf8", "validator_failed", "null", "type", "format", "too_large"), message
    ) | {"required": MISSING, "null": MISSING}


class Text(fields.String):
    """Text that matches `pattern` (a regular expression for the whole text), as it is after trimming and NFC."""

    def __init__(self, expects: str, pattern: str, max_length: int, min_length: int = 1, **options: Any) -> None:
        super().__init__(
            required=options.pop("required", True),
            error_messages=_always(expects),
            validate=[
                validate.Length(min_length, max_length, error=expects),
                validate.Regexp(f"^(?:{pattern})$", error=expects),
            ],
            **options,
        )

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        return unicodedata.normalize("NFC", str(super()._deserialize(value, attr, data, **kwargs)).strip())


class Choice(fields.String):
    def __init__(self, expects: str, choices: tuple[str, ...], **options: Any) -> None:
        super().__init__(
            required=options.pop("required", True),
            error_messages=_always(expects),
            validate=validate.OneOf(choices, error=expects),
            **options,
        )


class Day(fields.Date):
    """A date as ISO 8601 writes it, `YYYY-MM-DD` and nothing else."""

    def __init__(self, expects: str = AS_DATE, **options: Any) -> None:
        super().__init__(
            format="iso", required=options.pop("required", True), error_messages=_always(expects), **options
        )

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> date:
        # Python's parser also takes 20190430 and 2019-W18-2; other programs would not read those back.
        if not isinstance(value, str) or len(value) != 10 or not value.isascii():
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
            error_messages=_always(expects),
            validate=validate.Range(least, most, error=expects),
            **options,
        )


class Several(fields.List):
    def __init__(self, expects: str, each: fields.Field[Any], most: int, **options: Any) -> None:
        super().__init__(
            each,
            required=True,
            error_messages=_always(expects),
            validate=validate.Length(1, most, error=expects),
            **options,
        )


class Model(Schema):
    """The base of every request model; a field that is not named in it is an error, so that a typing slip is seen."""

    class Meta:
        unknown = RAISE

    error_messages: ClassVar[dict[str, str]] = {"unknown": UNKNOWN, "type": BODY_NOT_OBJECT}


def read_json(model: Model, body: bytes) -> Any:
    """The checked content of a JSON body; raises Problem `invalid` that names each wrong field."""
    if len(body) > MAX_BODY_BYTES:
        raise invalid("body", BODY_TOO_LARGE)
    try:
        content = json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise invalid("body", BODY_NOT_JSON) from None
    return check(model, content)


def check(model: Model, content: Any) -> Any:
    try:
        return model.load(content)
    except ValidationError as error:
        raise Problem(INVALID, errors=list(_flat(error.normalized_messages()))) from None


def _refuse_constant(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity are Python's, not JSON's


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
