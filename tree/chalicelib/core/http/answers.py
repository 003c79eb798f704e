"""Answers as frozen dataclasses: the JSON of the API and its OpenAPI schemas are made from the same ones.

A field's type says what its JSON is: text, numbers, moments and days in ISO 8601, hours as 09:30, other dataclasses,
sequences, mappings. `Annotated[…, "a sentence"]` describes it in the OpenAPI document, a `Schema` adds to its schema.
"""

from collections.abc import Mapping, Sequence
from dataclasses import is_dataclass
from datetime import date, datetime, time
from enum import Enum
from typing import Annotated, Any, Final

from chalicelib.core.languages import LANGUAGES


class Schema(dict[str, Any]):
    """The part of a field's schema beside its type. Hashable, so that there can be a `Count | None`."""

    def __hash__(self) -> int:  # type: ignore[override]
        return id(self)


Count = Annotated[int, Schema(minimum=0)]
FromOne = Annotated[int, Schema(minimum=1)]
Sha256 = Annotated[str, Schema(pattern="^[0-9a-f]{64}$")]
InLanguages = Annotated[
    Mapping[str, str], Schema(properties={language: {"type": "string"} for language in LANGUAGES}), "Language to text."
]


class Absent(Enum):
    """The value of a field that is not there."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT


def plain(value: object) -> Any:
    """JSON of values that `json.dumps` does not know by itself; raises TypeError for anything else. An ABSENT field is
    left out, and one that Python has a word for, `from_`, is called "from"."""
    if is_dataclass(value):
        named = {name: getattr(value, name) for name in value.__slots__} if hasattr(value, "__slots__") else vars(value)
        return {name.removesuffix("_"): one for name, one in named.items() if one is not ABSENT}
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence):
        return list(value)
    raise TypeError(type(value).__name__)
