"""The fields of a request: the same models check it and describe it in the OpenAPI document.

Each field has one sentence that says what is expected; it is the message whatever was wrong with the value. Our own few
lines, because a library would cost more at a cold start than all of this folder: docs/decisions.md, 14.
"""

import json
import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from chalicelib.core.http.problems import INVALID, FieldError, Problem, invalid
from chalicelib.core.languages import N_
from chalicelib.core.moments import ClocksChange, read_moment

MAX_BODY_BYTES = 64 * 1024
# Enough for whoever types; thousands, for thousands of unknown fields, would be an answer of many times the request.
MOST_ERRORS = 20
# The value of a name that an object has twice: no field takes it. Python would keep the last, other programs the first.
_REPEATED = object()

MISSING = N_("This is missing.")
UNKNOWN = N_("This is not part of the request.")
BODY_TOO_LARGE = N_("The request is larger than 64 KB.")
BODY_NOT_JSON = N_("The request is not JSON in UTF-8.")
BODY_NOT_OBJECT = N_("The request must be a JSON object.")
AS_TRUE_OR_FALSE = N_("Give true or false.")
AS_DATE = N_("Give a date as year-month-day, for example 2019-04-30.")
AS_MOMENT = N_(
    "Give a moment as 2027-05-07T19:00 by the clocks in Brussels, or with its offset: 2027-05-07T19:00+02:00."
)
CLOCKS_CHANGE = N_("The clocks skip or repeat that moment. Add the offset, for example +02:00.")

# Patterns of Text: without control characters, but for line breaks in the second; and an id, as we make them or not.
LINE = r"[^\x00-\x1f\x7f]+"
LINES = r"[^\x00-\x09\x0b-\x1f\x7f]+"
ID = "[0-9A-Za-z_-]+"

JsonSchema = dict[str, Any]


class Unexpected(ValueError):
    """The fault of a value, where more can be said than what is expected. `message`: marked with N_; `values` for its
    {names}."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message)
        self.message, self.values = message, values


class Field(ABC):
    """`expects`: what to say when the value is not as it should be. `default`: of a field that may be left out."""

    def __init__(self, expects: str, *, is_required: bool = True, default: Any = None) -> None:
        self.expects = expects
        self.is_required = is_required
        self.default = default

    def read(self, value: Any, path: str, errors: list[FieldError]) -> Any:
        """The checked value; what is wrong is added to `errors` instead."""
        try:
            return self.parse(value)
        except Unexpected as wrong:
            errors.append(FieldError(path, wrong.message, wrong.values))
            return None
        except ValueError:
            errors.append(FieldError(path, MISSING if value is None else self.expects))
            return None

    @abstractmethod
    def parse(self, value: Any) -> Any:
        """Raises ValueError for anything but what is expected."""

    @abstractmethod
    def json_schema(self) -> JsonSchema: ...

    def typed(self, text: Any) -> Any:
        """The JSON of a value that was typed into a form; `read` says what is wrong with it."""
        return text


class Text(Field):
    """Text that matches `pattern` (a regular expression for the whole text), as it is after trimming and NFC."""

    def __init__(self, expects: str, pattern: str, max_length: int, *, is_required: bool = True) -> None:
        super().__init__(expects, is_required=is_required)
        self.pattern = pattern
        self.max_length = max_length

    def parse(self, value: Any) -> str:
        # NFC takes seconds for 64 KB of accents; it shortens a letter to a third at most.
        if not isinstance(value, str) or len(value) > 4 * self.max_length:
            raise ValueError
        text = unicodedata.normalize("NFC", value.strip())
        text.encode()  # a ValueError for half of a surrogate pair, which nothing can store, nor ECMA's patterns name
        if len(text) > self.max_length or not re.fullmatch(self.pattern, text):
            raise ValueError
        return text

    def json_schema(self) -> JsonSchema:
        return {
            "type": "string",
            "minLength": 1,
            "maxLength": self.max_length,
            "pattern": f"^(?:{self.pattern})$",
            "description": self.expects,
        }


class Choice(Field):
    def __init__(self, expects: str, choices: Sequence[str]) -> None:
        super().__init__(expects)
        self.choices = choices

    def parse(self, value: Any) -> str:
        if not isinstance(value, str) or value not in self.choices:
            raise ValueError
        return value

    def json_schema(self) -> JsonSchema:
        return {"type": "string", "enum": list(self.choices), "description": self.expects}


class Day(Field):
    """A date as ISO 8601 writes it, `YYYY-MM-DD` and nothing else."""

    def __init__(self, expects: str = AS_DATE, *, is_required: bool = True) -> None:
        super().__init__(expects, is_required=is_required)

    def parse(self, value: Any) -> date:
        # Python's parser also takes 20190430 and 2019-W18-2; other programs would not read those back.
        if not isinstance(value, str) or not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            raise ValueError
        return date.fromisoformat(value)

    def json_schema(self) -> JsonSchema:
        return {"type": "string", "format": "date", "description": self.expects}


class Moment(Field):
    """A moment as staff write it; inside it is aware and in UTC, whole seconds."""

    def __init__(self) -> None:
        super().__init__(AS_MOMENT)

    def read(self, value: Any, path: str, errors: list[FieldError]) -> Any:
        try:
            return super().read(value, path, errors)
        except _Unclear:
            errors.append(FieldError(path, CLOCKS_CHANGE))
            return None

    def parse(self, value: Any) -> datetime:
        # Python's parser also takes 20270507T19 and a day without an hour.
        if not isinstance(value, str) or not re.fullmatch(_MOMENT, value):
            raise ValueError
        try:
            return read_moment(value)
        except ClocksChange:
            raise _Unclear from None

    def json_schema(self) -> JsonSchema:
        return {"type": "string", "pattern": f"^{_MOMENT}$", "description": self.expects}


class _Unclear(Exception):
    """A moment that the clocks skip or repeat: no ValueError, because its sentence is another one."""


# Of this century: what lies at the ends of time cannot be moved by an hour.
_MOMENT = "20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.][0-9]{1,6})?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?"


class OrNull(Field):
    """A field that may be null, or left out, which is the same."""

    def __init__(self, field: Field) -> None:
        super().__init__(field.expects, is_required=False)
        self.field = field

    def read(self, value: Any, path: str, errors: list[FieldError]) -> Any:
        return None if value is None else self.field.read(value, path, errors)

    def parse(self, value: Any) -> Any:
        return None if value is None else self.field.parse(value)

    def typed(self, text: Any) -> Any:
        return None if isinstance(text, str) and not text.strip() else self.field.typed(text)

    def json_schema(self) -> JsonSchema:
        return {"anyOf": [self.field.json_schema(), {"type": "null"}]}


class TrueOrFalse(Field):
    """JSON's true or false; not 1, "yes" or "on"."""

    def __init__(self, *, default: bool) -> None:
        super().__init__(AS_TRUE_OR_FALSE, is_required=False, default=default)

    def parse(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise ValueError
        return value

    def json_schema(self) -> JsonSchema:
        return {"type": "boolean", "default": self.default}


class Whole(Field):
    """A whole number from `least` to `most`, as JSON has it: 5 and 5.0 are the same, "5" is a text."""

    def __init__(self, expects: str, least: int, most: int, *, is_required: bool = True) -> None:
        super().__init__(expects, is_required=is_required)
        self.least, self.most = least, most

    def parse(self, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError
        if not self.least <= value <= self.most or value != int(value):
            raise ValueError
        return int(value)

    def json_schema(self) -> JsonSchema:
        return {"type": "integer", "minimum": self.least, "maximum": self.most, "description": self.expects}

    def typed(self, text: Any) -> Any:
        return int(text) if isinstance(text, str) and re.fullmatch("-?[0-9]{1,9}", text.strip()) else text


class WholeInQuery(Whole):
    """The same as it stands in a query string."""

    def parse(self, value: Any) -> int:
        # Python's int() also takes 1_0, " 10" and Arabic digits.
        if not re.fullmatch("-?[0-9]{1,9}", value):
            raise ValueError
        return super().parse(int(value))


class Several(Field):
    """`least` to `most` values. How many they are is looked at first: thousands of errors would be an answer of
    megabytes. `may_repeat`: one may be there twice; if none may, whoever asked for them sees to it."""

    def __init__(self, expects: str, each: Field, most: int, least: int = 1, *, may_repeat: bool = False) -> None:
        super().__init__(expects)
        self.each = each
        self.most, self.least = most, least
        self.may_repeat = may_repeat

    def read(self, value: Any, path: str, errors: list[FieldError]) -> Any:
        values = super().read(value, path, errors) or []
        return [self.each.read(one, f"{path}[{place}]", errors) for place, one in enumerate(values)]

    def parse(self, value: Any) -> list[Any]:
        if not isinstance(value, list) or not self.least <= len(value) <= self.most:
            raise ValueError
        return value

    def json_schema(self) -> JsonSchema:
        return {
            "type": "array",
            "minItems": self.least,
            "maxItems": self.most,
            "uniqueItems": not self.may_repeat,
            "items": self.each.json_schema(),
            "description": self.expects,
        }

    def typed(self, text: Any) -> Any:
        return [self.each.typed(one) for one in text] if isinstance(text, list) else text


class Model(Field):
    """Named fields; a name that is not among them is an error, so that a typing slip is seen."""

    def __init__(self, fields: Mapping[str, Field], expects: str = BODY_NOT_OBJECT) -> None:
        super().__init__(expects)
        self.fields = fields

    def read(self, value: Any, path: str, errors: list[FieldError]) -> Any:
        given = super().read(value, path or "body", errors)
        if given is None:
            return None
        before = f"{path}." if path else ""
        content = {}
        for name, field in self.fields.items():
            if name in given:
                content[name] = field.read(given[name], before + name, errors)
            elif field.is_required:
                errors.append(FieldError(before + name, MISSING))
            else:
                content[name] = field.default
        errors += [FieldError(before + name, UNKNOWN) for name in given if name not in self.fields]
        return content

    def parse(self, value: Any) -> Mapping[str, Any]:
        if not isinstance(value, Mapping):
            raise ValueError
        return value

    def json_schema(self) -> JsonSchema:
        return {
            "type": "object",
            "properties": {name: field.json_schema() for name, field in self.fields.items()},
            "required": [name for name, field in self.fields.items() if field.is_required],
            "additionalProperties": False,
        }

    def typed(self, text: Any) -> Any:
        """A box that is not ticked is not sent: it is false, whatever stands for what a program leaves out."""
        if not isinstance(text, Mapping):
            return text
        boxes = {name: name in text for name, field in self.fields.items() if isinstance(field, TrueOrFalse)}
        known = {name: self.fields[name].typed(one) for name, one in text.items() if name in self.fields}
        return {**text, **known, **boxes}


def document(body: bytes) -> Any:
    """A JSON body, not checked yet; raises Problem `invalid`."""
    if len(body) > MAX_BODY_BYTES:
        raise invalid("body", BODY_TOO_LARGE)
    try:
        return json.loads(body.decode(), parse_constant=_refuse_constant, object_pairs_hook=_as_object)
    except (ValueError, RecursionError):
        raise invalid("body", BODY_NOT_JSON) from None


def queried(model: Model, query: Mapping[str, str]) -> Any:
    """The checked parameters of an address: what is empty is not asked for, as a form sends it, and other names are
    none of our business, because people share links with trackers on them. Raises Problem `invalid`."""
    return check(model, {name: value for name, value in query.items() if value and name in model.fields})


def check(model: Model, content: Any) -> Any:
    """The checked content; raises Problem `invalid` that names each wrong field, or the first MOST_ERRORS of them."""
    if content is None:
        raise invalid("body", model.expects)
    errors: list[FieldError] = []
    checked = model.read(content, "", errors)
    if errors:
        raise Problem(INVALID, errors=errors[:MOST_ERRORS])
    return checked


def _refuse_constant(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity are Python's, not JSON's


def _as_object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for name, value in pairs:
        content[name] = _REPEATED if name in content else value
    "".join(content).encode()  # a ValueError for half of a surrogate pair, which no answer could repeat
    return content
