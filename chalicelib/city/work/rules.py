"""Work of the city: what somebody at the desk has to do for a family, whoever of the system found it out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

# Where work stands in its list, as `table.place` writes it.
WORK_PLACE = "[0-9]{4}-[0-9]{2}-[0-9]{2}#[^\\x00-\\x1f\\x7f]+"
# As long as work that is done is kept: so long nobody hands it in again, and the family's file says that it was done.
DONE_KEPT = timedelta(days=365)
# And work that nobody did: longer than anything that it is about is kept.
OPEN_KEPT = timedelta(days=2 * 365)


class WorkKind(StrEnum):
    """LETTER: to print, for a family without mail. CALL: a family without mail whose offer ends soon. UNREACHED: a mail
    came back or never went out. TWICE_NAMED: several families name a child. CARE_MISSING: the camp begins soon, and
    nobody said what it must know of a child. ANSWERS_MISSING: it begins soon, and a required question about a child is
    unanswered. PAY_BACK: money is to go back to a family. AGE_NO_LONGER_FITS: a camp was
    changed, and a child of it is too young or too old now. DISSATISFIED: a family waits for an answer. PROOF_REFUSED: a
    family is to hear why its proof was refused, and how to object.
    CITY_PASS: an application for a city pass, or an objection, to be decided. CITY_PASS_LETTER: how it was decided, to
    print, for who got no mail. HELP_LETTER: that somebody helps a family, or what was done, to print for it."""

    LETTER = "letter"
    CALL = "call"
    UNREACHED = "unreached"
    TWICE_NAMED = "twice-named"
    CARE_MISSING = "care-missing"
    ANSWERS_MISSING = "answers-missing"
    PAY_BACK = "pay-back"
    AGE_NO_LONGER_FITS = "age-no-longer-fits"
    DISSATISFIED = "dissatisfied"
    PROOF_REFUSED = "proof-refused"
    CITY_PASS = "city-pass"  # noqa: S105 not a password
    CITY_PASS_LETTER = "city-pass-letter"  # noqa: S105
    HELP_LETTER = "help-letter"


@dataclass(frozen=True)
class WorkId:
    """One piece of work. `key`: which one of its kind for this family; one occasion, one key: what is done once is done
    for good, so work that may come again has what it is about in its key (`registration_id`, `registration_id#day`).
    `family_id`: empty for work about no single family, a child whom several name."""

    kind: WorkKind
    key: str
    family_id: str = ""

    def __str__(self) -> str:
        """As forms and answers have it, and as `work_id` reads it."""
        return f"{self.kind}/{self.family_id}/{self.key}"


@dataclass(frozen=True)
class Work:
    """`about`: ids by their names (`family_id`, and `registration_id`, `session_id`, `child_id`, `pass_id` as far as
    there are any), never a name, an address or a text: pages read those where they are. `due`: the day on which it must
    be done; None: as soon as can be. `since`: when it came up."""

    kind: WorkKind
    key: str
    municipality: str
    about: Mapping[str, str]
    due: date | None
    since: datetime

    @property
    def id(self) -> WorkId:
        """Raises KeyError for work that says no family."""
        return WorkId(self.kind, self.key, self.about["family_id"])


@dataclass(frozen=True)
class Worker:
    """Who of the city; `name`: for colleagues."""

    staff_id: str
    name: str


@dataclass(frozen=True)
class Handling:
    """How people handled a piece of work. `edition` counts their changes: who changes it says which one they saw."""

    taken_by: Worker | None = None
    taken_at: datetime | None = None
    note: str = ""
    done_by: Worker | None = None
    done_at: datetime | None = None
    edition: int = 0


@dataclass(frozen=True)
class ListedWork:
    work: Work
    handling: Handling = field(default_factory=Handling)


def work_id(text: str) -> WorkId:
    """Raises ValueError for what `str(WorkId)` does not write."""
    kind, family_id, key = text.split("/", 2)
    if not key:
        raise ValueError("work has a key")
    return WorkId(WorkKind(kind), key, family_id)


def day(work: Work) -> date:
    """The day by which work stands in its order: what has none is as urgent as it is old."""
    return work.due or work.since.date()
