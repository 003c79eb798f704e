"""A line for each case on the day that it came, without a word about a person: counts and the public list are made of
it. Plain rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chalicelib.core.moments import today
from chalicelib.front_door.cases.rules import CITIZEN, STORMLOOP, Act, Case, HistoryEntry, Way
from chalicelib.front_door.forms.rules import FormKind


class DaybookState(StrEnum):
    RECEIVED = "received"
    ANSWERED = "answered"


@dataclass(frozen=True)
class Handling:
    """The work until a case was answered, from its history. `hands`: how many people of the city touched it.
    `minutes`: from its coming to what the first of them did; None: nobody did anything. `sent_back`: how often it went
    to another unit, or back to the citizen with a question."""

    hands: int
    minutes: int | None
    sent_back: int


@dataclass(frozen=True)
class DaybookLine:
    """`day`: on which it came, in Brussels. `state`: received while its unit has it in hand. `digest`: as
    `Case.digest`. `answered_on`: the day of the last answer or closing; None: not yet. `edition`: of the case, as it
    was written down. `ends_on`: the first day on which the case itself is kept no more, counted from the last answer or
    closing; None: it is in hand. `is_gone`: only this line is left of it. `handling`: None before it is answered."""

    day: date
    case_id: str
    form_id: str
    kind: FormKind
    way: Way
    unit_id: str
    state: DaybookState
    digest: str
    answer_by: date
    answered_on: date | None
    reopened: int
    helped: bool | None
    is_confidential: bool
    edition: int
    ends_on: date | None = None
    is_gone: bool = False
    handling: Handling | None = None

    @property
    def is_late(self) -> bool:
        """Whether the answer came after the day by which it was due."""
        return self.answered_on is not None and self.answered_on > self.answer_by


def handling_of(case: Case, history: Sequence[HistoryEntry]) -> Handling:
    by_people = [one for one in history if one.by not in (CITIZEN, STORMLOOP)]
    first = next((one.at for one in by_people if one.act is not Act.RECEIVED), None)
    return Handling(
        hands=len({one.by for one in by_people}),
        minutes=int((first - case.received_at).total_seconds()) // 60 if first else None,
        sent_back=sum(one.act in (Act.FORWARDED, Act.ASKED) for one in history),
    )


def line_of(case: Case, kept_months: int, handling: Handling | None = None) -> DaybookLine:
    """`kept_months`: as its form says."""
    return DaybookLine(
        day=today(case.received_at),
        case_id=case.case_id,
        form_id=case.form_id,
        kind=case.kind,
        way=case.way,
        unit_id=case.unit_id,
        state=DaybookState.RECEIVED if case.is_in_hand else DaybookState.ANSWERED,
        digest=case.digest,
        answer_by=case.answer_by,
        answered_on=case.answered_on,
        reopened=case.reopened,
        helped=case.helped,
        is_confidential=case.is_confidential,
        edition=case.edition,
        ends_on=None if case.is_in_hand else ends_on(case, kept_months),
        handling=handling,
    )


def ends_on(case: Case, kept_months: int) -> date:
    return months_after(case.answered_on or today(case.received_at), kept_months)


def months_after(day: date, months: int) -> date:
    """The same day of a later month; of a shorter month, the day behind its last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    try:
        return date(year, month + 1, day.day)
    except ValueError:
        return months_after(day.replace(day=1), months + 1)
