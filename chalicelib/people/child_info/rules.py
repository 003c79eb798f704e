"""Information about a child that the camp needs, and the roles that may read each part. Plain rules."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.people.staff.rules import Role

MOST_CONTACTS = 4
MOST_PICKING_UP = 6
MOST_OF_A_NAME = 80
# A page's third at the size of the printed list: enough for an allergy and what to do, too short for a file.
MOST_OF_MEDICAL = 1000

# After the child's last session: long enough for a question of the camp's doctor or insurer. Without a session, notes
# are kept for a year.
NOTES_KEPT = timedelta(weeks=4)
NOTES_WITHOUT_SESSION = timedelta(days=365)

# The roles that look after the child, or type for a family on the phone. Nobody else reads medical notes.
READ_MEDICAL = (Role.LEADER, Role.DESK)


@dataclass(frozen=True)
class Contact:
    """The people to call, in the order in which to try."""

    name: str
    phone: str


@dataclass(frozen=True)
class Editor:
    """Somebody of the city who typed it."""

    staff_id: str
    name: str


@dataclass(frozen=True)
class Care:
    """`medical`: in the family's own words, lines and all; empty: nothing to know. `pick_up`: who may take the child
    home. `entered_at`: when it was last said that it is so, in UTC; `entered_by`: at the desk, or None: the family."""

    contacts: tuple[Contact, ...]
    medical: str
    pick_up: tuple[str, ...]
    entered_at: datetime
    entered_by: Editor | None = None

    def says_the_same(self, other: "Care | None") -> bool:
        return other is not None and self.content == other.content

    @property
    def content(self) -> tuple[tuple[Contact, ...], str, tuple[str, ...]]:
        return self.contacts, self.medical, self.pick_up

    @property
    def is_empty(self) -> bool:
        return not (self.contacts or self.medical or self.pick_up)


@dataclass(frozen=True)
class FormerCare:
    """Notes that stood there until somebody changed them or took them away: when, in UTC, and who; None: the family."""

    care: Care
    until: datetime
    by: Editor | None


def reads_medical(roles: Iterable[Role]) -> bool:
    """Whether somebody with these roles may read medical notes."""
    return bool(set(READ_MEDICAL).intersection(roles))
