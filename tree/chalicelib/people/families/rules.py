"""Passes: which family, which children. Made days ahead, so that the opening needs no login and no read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from chalicelib.people.families.identity import child_id

VALID_DAYS = 180
# A proven pass keeps the names that mails need; a year after its token ended nobody needs them. One that nobody proved
# is gone when its token ends.
KEPT_DAYS = VALID_DAYS + 365


@dataclass(frozen=True)
class Child:
    child_id: str
    first_name: str
    last_name: str
    birth_date: date


# That another family named a child first, of which nothing else is known yet.
UNREAD = ""


@dataclass(frozen=True)
class Naming:
    """That a family names a child in a pass. In every opening the child draws with it, and, if another family named it
    before, never before that one.

    So one family draws once, however many children it has, and one child draws once, however many passes name it.
    `since`: epoch seconds, when this family first proved a pass with the child; after an opening's deadline for passes
    the child comes after the spread. `first`: the family that named the child before this one, if one did; in what the
    family sees or has in its token it is UNREAD.
    """

    family_id: str
    since: int
    first: str | None = None


@dataclass(frozen=True)
class Pass:
    """`email`: empty for a family without one, which registers at the desk and gets letters. `namings`: of each child,
    once the mailbox is proven; until then none. `moves`: its mail address becomes the family's when its link is used,
    and is nobody's until then. `invited_by`: the family that invited this one to see what it registers for the children
    (sharing.py)."""

    pass_id: str
    family_id: str
    email: str
    language: str
    postcode: str
    children: tuple[Child, ...]
    created_at: datetime
    namings: Mapping[str, Naming]
    moves: bool = False
    invited_by: str | None = None

    @property
    def is_proven(self) -> bool:
        """Whether the link in its mail was used, or a colleague saw the family; without children there is no need."""
        return len(self.namings) == len(self.children) and not self.moves

    @property
    def bearer(self) -> "Bearer":
        """The content of its token."""
        births = {one.child_id: one.birth_date for one in self.children}
        return Bearer(self.pass_id, self.family_id, self.language, self.postcode, births, self.namings)


@dataclass(frozen=True)
class Bearer:
    """Content of a token: enough to register without reading anything. `children`: child_id to birth date; `namings`:
    child_id to how this family names it, unless the token is older than the proof (proving.py). `signed_at`: when it
    was signed, epoch seconds; None: it comes from no token."""

    pass_id: str
    family_id: str
    language: str
    postcode: str
    children: dict[str, date]
    namings: Mapping[str, Naming]
    signed_at: int | None = field(default=None, compare=False)

    @property
    def is_proven(self) -> bool:
        return len(self.namings) == len(self.children)


def child(first_name: str, last_name: str, birth_date: date) -> Child:
    return Child(child_id(first_name, last_name, birth_date.isoformat()), first_name, last_name, birth_date)


def asked_until(created_at: datetime) -> int:
    """How long a pass that was asked for then is kept if nobody proves it, in epoch seconds."""
    return int((created_at + timedelta(days=VALID_DAYS)).timestamp())


def kept_until(created_at: datetime) -> int:
    """How long a proven pass that was asked for then is kept, in epoch seconds."""
    return int((created_at + timedelta(days=KEPT_DAYS)).timestamp())


def twice_named(children: tuple[Child, ...]) -> int | None:
    """The place in the list of the first child that stands in it a second time."""
    seen: set[str] = set()
    for place, one in enumerate(children):
        if one.child_id in seen:
            return place
        seen.add(one.child_id)
    return None
