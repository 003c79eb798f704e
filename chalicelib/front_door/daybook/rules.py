"""A line for each case on the day that it came, without a word about a person: counts and the public list are made of
it. Plain rules."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chalicelib.core.moments import today
from chalicelib.front_door.cases.rules import Case, Way
from chalicelib.front_door.forms.rules import FormKind


class DaybookState(StrEnum):
    RECEIVED = "received"
    ANSWERED = "answered"


@dataclass(frozen=True)
class DaybookLine:
    """`day`: on which it came, in Brussels. `state`: received while its unit has it in hand. `digest`: as
    `Case.digest`. `answered_on`: the day of the last answer or closing; None: not yet. `edition`: of the case, as it
    was written down."""

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

    @property
    def is_late(self) -> bool:
        """Whether the answer came after the day by which it was due."""
        return self.answered_on is not None and self.answered_on > self.answer_by


def line_of(case: Case) -> DaybookLine:
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
    )
