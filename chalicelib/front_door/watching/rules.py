"""Counts of cases by form and way, of a month by form and unit, and what rings. Plain rules."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from chalicelib.front_door.cases.rules import InboxEntry, Way
from chalicelib.front_door.daybook.rules import DaybookLine, DaybookState

WEEK = timedelta(days=7)
# Whoever looked at a ring does not look at the next one of the same thing alone, for so long.
ANOTHER_LOOKS = timedelta(days=90)
LEAST_WORDS, MOST_WORDS = 10, 1000
# Below so many, a month of a form is shown together with its year.
LEAST_SHOWN = 5


class RingKind(StrEnum):
    """Why somebody must look. GAP, FALL, WAY: silence (silence/rules.py). COUNT: a case that one record has and the
    other cannot get back. INDEPENDENT: a complaint that nobody may answer. UNSENT: citizens
    were not told. MAILS: mails wait that became no case.
    UNSAID: nobody said how many cases a new form expects."""

    GAP = "gap"
    FALL = "fall"
    WAY = "way"
    COUNT = "count"
    PEOPLE = "people"
    ADDRESS = "address"
    LINK = "link"
    CANARY = "canary"
    INDEPENDENT = "independent"
    UNSENT = "unsent"
    MAILS = "mails"
    UNSAID = "unsaid"


SILENCES = frozenset({RingKind.GAP, RingKind.FALL, RingKind.WAY})
# What nobody can put right. Once somebody looked at it, it rings again only if it was well in between.
LASTING = frozenset({RingKind.COUNT})
OF_NO_FORM = frozenset({RingKind.LINK, RingKind.COUNT, RingKind.INDEPENDENT, RingKind.UNSENT, RingKind.MAILS})


class Finding(StrEnum):
    """What whoever looked found. FAULT: cases were lost, and it is mended; the days are no exposure. FEWER: there
    really are fewer, and this is expected from now on. NOTHING: as far as anybody can see it is as it was."""

    FAULT = "fault"
    FEWER = "fewer"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Ring:
    """`subject`: a form_id (with `/` and a way, of WAY; of UNSAID, GAP …), a link's id, a case_id. `since`: the first
    day of what is wrong. `said`: figures and names for its sentence. `not_by`: the staff_id of who looked at the last
    one of the same subject; "": anybody may look. `gone_on`: the day on which it was not seen any more; None: it still
    is. `edition` counts its changes. `looked_at` and what follows: once somebody did."""

    kind: RingKind
    subject: str
    since: date
    rang_on: date
    said: Mapping[str, str]
    not_by: str = ""
    gone_on: date | None = None
    edition: int = 0
    looked_at: datetime | None = None
    looked_by: str = ""
    looked_name: str = ""
    finding: Finding | None = None
    words: str = ""

    @property
    def ring_id(self) -> str:
        return f"{self.kind}~{self.subject}"

    @property
    def form_id(self) -> str:
        """ "" of what is about no form."""
        return "" if self.kind in OF_NO_FORM else self.subject.partition("/")[0]


@dataclass(frozen=True)
class Sum:
    received: int = 0
    answered: int = 0
    in_hand: int = 0

    @property
    def is_even(self) -> bool:
        return self.received == self.answered + self.in_hand


def sums(lines: Iterable[DaybookLine], entries: Iterable[InboxEntry]) -> dict[tuple[str, Way], Sum]:
    """By form and way: received and answered as the daybook has them, in hand as the inboxes have it."""
    received, answered, in_hand = Counter[tuple[str, Way]](), Counter[tuple[str, Way]](), Counter[tuple[str, Way]]()
    for line in lines:
        received[line.form_id, line.way] += 1
        answered[line.form_id, line.way] += line.state is DaybookState.ANSWERED
    for entry in entries:
        in_hand[entry.form_id, entry.way] += 1
    return {one: Sum(received[one], answered[one], in_hand[one]) for one in sorted({*received, *in_hand})}


@dataclass(frozen=True)
class Apart:
    """Case_ids. `only_in_hand`: the daybook does not have them in hand; `only_noted`: they are in nobody's inbox."""

    only_in_hand: frozenset[str]
    only_noted: frozenset[str]

    @property
    def any(self) -> frozenset[str]:
        return self.only_in_hand | self.only_noted


def apart(lines: Iterable[DaybookLine], entries: Iterable[InboxEntry]) -> Apart:
    noted = {line.case_id for line in lines if line.state is DaybookState.RECEIVED}
    in_hand = {entry.case_id for entry in entries}
    return Apart(frozenset(in_hand - noted), frozenset(noted - in_hand))


@dataclass(frozen=True)
class MonthSum:
    """Of the cases of a form that came to a unit in a month (`month`: its first day). `in_time`, `late`: answered, by
    the day that they were due; `overdue`: in hand, and due before the day of the count. `silent`: days of the month on
    which the form was silent, for its unit's row of the most cases alone."""

    month: date
    form_id: str
    unit_id: str
    received: int = 0
    in_time: int = 0
    late: int = 0
    overdue: int = 0
    reopened: int = 0
    silent: int = 0
    is_confidential: bool = False

    @property
    def in_hand(self) -> int:
        return self.received - self.in_time - self.late


def month_sums(lines: Iterable[DaybookLine], on: date) -> list[MonthSum]:
    """By form and unit. `on`: the day of the count."""
    found: dict[tuple[date, str, str], MonthSum] = {}
    for line in lines:
        key = (line.day.replace(day=1), line.form_id, line.unit_id)
        one = found.get(key) or MonthSum(*key)
        is_answered = line.state is DaybookState.ANSWERED
        found[key] = replace(
            one,
            received=one.received + 1,
            in_time=one.in_time + (is_answered and not line.is_late),
            late=one.late + (is_answered and line.is_late),
            overdue=one.overdue + (not is_answered and line.answer_by < on),
            reopened=one.reopened + line.reopened,
            is_confidential=one.is_confidential or line.is_confidential,
        )
    return [found[key] for key in sorted(found)]


def is_settled(month: date, on: date, rows: Iterable[MonthSum]) -> bool:
    """Whether nothing of a month is in hand any more, and it is over."""
    return next_month(month) <= on and not any(row.in_hand for row in rows)


def next_month(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def days_of(month: date, until: date) -> list[date]:
    """Of a month, to `until` at most."""
    end = min(next_month(month) - timedelta(1), until)
    return [month + timedelta(at) for at in range((end - month).days + 1)]


@dataclass(frozen=True)
class Overdue:
    """What a unit has in hand beyond its day. `new`: since the last look; `weeks`: of these, since a week or more, and
    again each week: the unit above is told too."""

    unit_id: str
    entries: tuple[InboxEntry, ...]
    new: int
    weeks: int


def overdue(unit_id: str, entries: Iterable[InboxEntry], on: date, last: date) -> Overdue:
    """On a day; `last`: the day of the look before it."""
    late = tuple(entry for entry in entries if entry.answer_by < on)
    new = sum(entry.answer_by >= last for entry in late)
    weeks = sum(_weeks(entry, on) > _weeks(entry, last) for entry in late)
    return Overdue(unit_id, late, new, weeks)


def _weeks(entry: InboxEntry, on: date) -> int:
    return max(0, (on - entry.answer_by) // WEEK)
