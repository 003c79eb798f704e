"""Passes: which family, which children. Made days ahead, so that the opening needs no login and no read."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chalicelib.families.identity import child_id

VALID_DAYS = 180
# A pass that was asked for keeps the names that mails need; a year after its token ended nobody needs them.
KEPT_DAYS = VALID_DAYS + 365


@dataclass(frozen=True)
class Child:
    child_id: str
    first_name: str
    last_name: str
    birth_date: date


@dataclass(frozen=True)
class Pass:
    pass_id: str
    family_id: str
    email: str
    language: str
    postcode: str
    children: tuple[Child, ...]
    created_at: datetime

    @property
    def kept_until(self) -> int:
        """Epoch seconds."""
        return int((self.created_at + timedelta(days=KEPT_DAYS)).timestamp())


@dataclass(frozen=True)
class Bearer:
    """What a token says: enough to register without reading anything. `children`: child_id to birth date."""

    pass_id: str
    family_id: str
    language: str
    postcode: str
    children: dict[str, date]


def child(first_name: str, last_name: str, birth_date: date) -> Child:
    return Child(child_id(first_name, last_name, birth_date.isoformat()), first_name, last_name, birth_date)


def twice_named(children: tuple[Child, ...]) -> int | None:
    """The place in the list of the first child that stands in it a second time."""
    seen: set[str] = set()
    for place, one in enumerate(children):
        if one.child_id in seen:
            return place
        seen.add(one.child_id)
    return None
