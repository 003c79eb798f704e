"""A case: what somebody sent by a form, and how it stands. Plain rules."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from chalicelib.core import spoken
from chalicelib.front_door.forms.rules import FormKind

# Of a case's id without its check character: 1 in 25,000 that two of a million cases would share one, and then the
# write of the second is refused.
ID_LENGTH = 12
# Of the secret: 71 bits. Nobody guesses it in a lifetime, however often they ask.
SECRET_LENGTH = 16
# By a person of the city: their staff_id. By others:
CITIZEN, STORMLOOP = "citizen", "stormloop"
# What became of a mail about an entry, beside CITIZEN, who was told: not sent, because that mailbox got many within an
# hour, or takes none; sent, but it came back, and the unit was told.
LIMITED, LEFT_ALONE, RETURNED = "limited", "left-alone", "returned"
# With one of these, what became of a mail about an entry is known.
MARKS = frozenset({CITIZEN, LIMITED, LEFT_ALONE, RETURNED})
# A mail that is not out after so long waits for somebody: its message comes again every few minutes, and ends after
# five times.
UNSENT = timedelta(hours=1)
# That whom a complaint concerns was told to a head of the city (mail/of_cases.py).
HEAD = "head"


class CaseStatus(StrEnum):
    RECEIVED = "received"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in-progress"
    WAITING_FOR_CITIZEN = "waiting-for-citizen"
    ANSWERED = "answered"
    REOPENED = "reopened"
    CLOSED = "closed"


# What a case may become. A change that leaves the status as it is (a note, another unit) is no transition. The city
# asks only what somebody can answer: what is closed without an answer is a duplicate, or the citizen closed it.
TRANSITIONS: Mapping[CaseStatus, frozenset[CaseStatus]] = {
    CaseStatus.RECEIVED: frozenset(
        {
            *(CaseStatus.ASSIGNED, CaseStatus.IN_PROGRESS, CaseStatus.WAITING_FOR_CITIZEN),
            *(CaseStatus.ANSWERED, CaseStatus.CLOSED),
        }
    ),
    CaseStatus.ASSIGNED: frozenset(
        {
            *(CaseStatus.RECEIVED, CaseStatus.IN_PROGRESS, CaseStatus.WAITING_FOR_CITIZEN),
            *(CaseStatus.ANSWERED, CaseStatus.CLOSED),
        }
    ),
    CaseStatus.IN_PROGRESS: frozenset(
        {
            *(CaseStatus.RECEIVED, CaseStatus.ASSIGNED, CaseStatus.WAITING_FOR_CITIZEN),
            *(CaseStatus.ANSWERED, CaseStatus.CLOSED),
        }
    ),
    CaseStatus.WAITING_FOR_CITIZEN: frozenset({CaseStatus.IN_PROGRESS, CaseStatus.ANSWERED, CaseStatus.CLOSED}),
    CaseStatus.ANSWERED: frozenset({CaseStatus.REOPENED, CaseStatus.CLOSED}),
    CaseStatus.REOPENED: frozenset(
        {
            *(CaseStatus.ASSIGNED, CaseStatus.IN_PROGRESS, CaseStatus.WAITING_FOR_CITIZEN),
            *(CaseStatus.ANSWERED, CaseStatus.CLOSED),
        }
    ),
    CaseStatus.CLOSED: frozenset({CaseStatus.REOPENED}),
}
# The city owes an answer, or the citizen a word: it is in its unit's inbox.
IN_HAND = frozenset(CaseStatus) - {CaseStatus.ANSWERED, CaseStatus.CLOSED}


class Way(StrEnum):
    """The ways in which a case comes."""

    PAGE = "page"
    API = "api"
    OPEN311 = "open311"
    PHONE = "phone"
    DESK = "desk"
    MAIL = "mail"
    POST = "post"


class Act(StrEnum):
    """The deeds in a case's history."""

    RECEIVED = "received"
    TAKEN = "taken"
    ASSIGNED = "assigned"
    ASKED = "asked"
    REPLIED = "replied"
    ANSWERED = "answered"
    FORWARDED = "forwarded"
    LENGTHENED = "lengthened"
    MERGED = "merged"
    REOPENED = "reopened"
    CLOSED = "closed"
    HELPED = "helped"
    NOTED = "noted"
    CONCERNS = "concerns"
    SHOWN = "shown"


# The citizen never sees that these were done.
INTERNAL = frozenset({Act.NOTED, Act.CONCERNS})
# Of these the citizen hears by mail (mail/case_mails.py).
MAILED = frozenset(
    {
        *(Act.RECEIVED, Act.ASKED, Act.ANSWERED, Act.FORWARDED, Act.LENGTHENED),
        *(Act.MERGED, Act.REOPENED, Act.CLOSED),
    }
)


@dataclass(frozen=True)
class Contact:
    """The person who is told, and the ways to reach them: empty where they said nothing. `address`: for paper."""

    email: str = ""
    phone: str = ""
    name: str = ""
    address: str = ""
    language: str = "nl"

    @property
    def is_reachable(self) -> bool:
        return bool(self.email or self.phone or self.address)


@dataclass(frozen=True)
class Place:
    """Degrees of WGS 84, both or neither: who has no map says an `address` alone."""

    lat: float | None
    long: float | None
    address: str = ""

    @property
    def is_located(self) -> bool:
        return self.lat is not None and self.long is not None


@dataclass(frozen=True)
class Case:
    """`case_id`: the receipt without its dashes. `secret`: with the receipt, what opens it without an account.
    `answers`: by the question's key. `photos`: their keys. `unit_id`: whose it is. `assignee`: the mail address of one
    of its people; "": nobody's yet. `received_at`: UTC. `answer_by`: the last day that is in time. `more_days`: by how
    many its deadline was lengthened; `first_due`: what it was before; None: it was not. `about`: a registration_id; "":
    none. `merged_into`: the case_id of the one that it is a duplicate of; "": of none. `answered_on`: when it was
    answered last. `helped`: what the citizen says of the answer; None: nothing yet. `is_public`: staff let the public
    map show it. `returned`: mails that came back, as `number#why` of the entry of its history that they told.
    `is_canary`: sent by the system to see that the form leads somewhere; in no list and no count. `concerns`: of a
    complaint, the unit_ids that it is about; `concerned`: mail addresses of their people, as they were when that was
    written down. `files`: how many came with its mails or as scans, kept or not (front_door/files). `is_ending`: it is
    being deleted (ending.py). `edition` counts the changes, from 1."""

    case_id: str
    secret: str
    form_id: str
    form_version: int
    kind: FormKind
    way: Way
    answers: Mapping[str, Any]
    contact: Contact
    place: Place | None
    photos: tuple[str, ...]
    unit_id: str
    status: CaseStatus
    received_at: datetime
    answer_by: date
    assignee: str = ""
    more_days: int = 0
    first_due: date | None = None
    about: str = ""
    merged_into: str = ""
    reopened: int = 0
    answered_on: date | None = None
    helped: bool | None = None
    is_public: bool = False
    is_confidential: bool = False
    is_canary: bool = False
    concerns: tuple[str, ...] = ()
    concerned: tuple[str, ...] = ()
    returned: frozenset[str] = frozenset()
    files: int = 0
    is_ending: bool = False
    edition: int = 1

    @property
    def receipt(self) -> str:
        return receipt_of(self.case_id)

    @property
    def spelled(self) -> str:
        """Its receipt as people read it out, letter by letter: a screen reader pauses at each comma."""
        return ", ".join(self.case_id)

    @property
    def is_in_hand(self) -> bool:
        return self.status in IN_HAND

    @property
    def digest(self) -> str:
        """SHA-256 in hexadecimal, for the public list of its day: somebody with receipt and secret finds theirs, nobody
        else any."""
        return digest_of(self.case_id, self.secret)


@dataclass(frozen=True)
class HistoryEntry:
    """`number`: the case's edition after it. `by`: a staff_id, CITIZEN or STORMLOOP. `by_name`: for staff, never for
    citizens. `by_email`: the mail address of somebody of the city, in small letters. `text`: for the citizen; "":
    nothing. `note`: for staff alone. `status`: after it. `told`: what is known of mails about it (mail/of_cases.py)."""

    number: int
    at: datetime
    act: Act
    by: str
    status: CaseStatus
    by_name: str = ""
    by_email: str = ""
    text: str = ""
    note: str = ""
    told: tuple[str, ...] = field(default=())

    @property
    def is_for_citizen(self) -> bool:
        """Of notes that staff keep for themselves a citizen sees not even that there is one."""
        return self.act not in INTERNAL

    @property
    def is_to_be_mailed(self) -> bool:
        """Whether a mail about it is due, and nothing is known of one. What was opened again because a mail came back
        is told by no mail."""
        is_own_reopening = self.act is Act.REOPENED and self.by == STORMLOOP
        return self.act in MAILED and not is_own_reopening and not MARKS & set(self.told)


@dataclass(frozen=True)
class InboxEntry:
    """A case in its unit's inbox, shown without reading the case. `since`: when it came, UTC."""

    unit_id: str
    case_id: str
    answer_by: date
    form_id: str
    kind: FormKind
    way: Way
    status: CaseStatus
    since: datetime
    assignee: str
    is_canary: bool

    @property
    def place(self) -> str:
        """Its place in the unit's inbox: `2027-03-22#ACDEFGHJKMNPR`."""
        return f"{self.answer_by.isoformat()}#{self.case_id}"


def unsent(case: Case, history: Iterable[HistoryEntry]) -> list[HistoryEntry]:
    """The entries about which a mail is due that did not go out, as far as anybody knows."""
    if not case.contact.email or case.is_canary:
        return []
    return [entry for entry in history if entry.is_to_be_mailed]


def waits_too_long(entry: HistoryEntry, now: datetime) -> bool:
    return now - entry.at > UNSENT


def id_of(characters: str) -> str:
    """The case_id of ID_LENGTH characters: with the one that finds slips."""
    return spoken.with_check(characters)


def receipt_of(case_id: str) -> str:
    """As people read it and read it out: `ACDE-FGHJ-KMNPR`."""
    return f"{case_id[:4]}-{case_id[4:8]}-{case_id[8:]}"


def is_case_id(text: str) -> bool:
    """Whether a text is as long as a case's id: ids of other things are not."""
    return len(text) == ID_LENGTH + 1


def case_id_of(receipt: str) -> str | None:
    """The case_id that somebody typed, with or without dashes, in small letters or large; None: no receipt reads so."""
    return spoken.checked(receipt, ID_LENGTH)


def digest_of(case_id: str, secret: str) -> str:
    """SHA-256 of `receipt secret`, in hexadecimal; anybody can work it out from what their receipt says."""
    return hashlib.sha256(f"{receipt_of(case_id)} {secret}".encode()).hexdigest()
