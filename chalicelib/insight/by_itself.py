"""Figures of what runs by itself: for each kind of work how many there were, how many nobody of the city touched, how
many hands touched the others, how long somebody waited for a hand, and how many were sent back; beside the same steps
as they were done by hand before, as the city counted them itself.

Counted from what happened and never estimated. What nothing records is None, and the page says so.

| step         | from                                                                                            |
| ------------ | ----------------------------------------------------------------------------------------------- |
| registration | the seats of the year's sessions, by how each was given; the ledger's entries of the desk        |
| payment      | the books: booked at once to its order, or to what a person had to settle                       |
| refund       | the books, and who released each refund                                                         |
| certificate  | the numbers that were given, and who set and accepted the year's maximum                         |
| a case       | the daybook: who of the city touched it, by its history, when it was answered                    |

Days are summed by the daily run (by_itself_days.py): who looks reads the sums.

| pk      | sk   | what                                                               |
| ------- | ---- | ------------------------------------------------------------------ |
| BY-HAND | step | how it was done before, as the city counted: hands, minutes, where |
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from statistics import median

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.city.ledger import table as ledger
from chalicelib.city.ledger.rules import LedgerAct
from chalicelib.core import table
from chalicelib.core.languages import N_
from chalicelib.core.moments import today
from chalicelib.front_door.forms.rules import FormKind
from chalicelib.insight.by_itself_days import KindSum, case_days, money_days
from chalicelib.money.certificates import table as certificates
from chalicelib.money.payees import table as payees
from chalicelib.office.publication.public import WAYS, counted
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.openings.published import BY_LIST, BY_OPENING
from chalicelib.programme.sessions import table as programme
from chalicelib.seats import table as seats_table

BY_HAND = "BY-HAND"


class Step(StrEnum):
    """A kind of work. Cases are steps by the kind of their form."""

    REGISTRATION = "registration"
    PAYMENT = "payment"
    REFUND = "refund"
    TAX_CERTIFICATE = "tax-certificate"
    COMPLAINT = "case-complaint"
    REPORT = "case-report"
    QUESTION = "case-question"
    SUGGESTION = "case-suggestion"
    CERTIFICATE = "case-certificate"
    APPLICATION = "case-application"


STEPS = {
    Step.REGISTRATION: N_("Registration (a seat)"),
    Step.PAYMENT: N_("Payment"),
    Step.REFUND: N_("Refund"),
    Step.TAX_CERTIFICATE: N_("Tax certificate"),
    Step.COMPLAINT: N_("Complaint"),
    Step.REPORT: N_("Report"),
    Step.QUESTION: N_("Question"),
    Step.SUGGESTION: N_("Suggestion"),
    Step.CERTIFICATE: N_("Certificate of the home counter"),
    Step.APPLICATION: N_("Application"),
}
# How a seat was given without a hand of the city.
WITHOUT_A_HAND = (BY_OPENING, BY_LIST)
OF_REGISTRATIONS = (
    *(LedgerAct.DESK_REGISTRATION, LedgerAct.DESK_CANCELLATION, LedgerAct.DESK_TRANSFER),
    *(LedgerAct.OFFER_ACCEPTED, LedgerAct.SEAT_GRANTED),
)


@dataclass(frozen=True)
class HandCount:
    """A step as it was done by hand before, each time: as the city counted it, and where it says so."""

    step: Step
    hands: int
    minutes: int
    source: str
    by_name: str
    at: datetime


@dataclass(frozen=True)
class StepFigures:
    """`number`: how many there were. `by_itself`: how many of them from end to end without a hand. `hands`: how often
    somebody of the city touched one, in all, and `touched`: of how many that is known. `minutes`: the median until the
    first hand. `sent_back`: how often one went back. None: nothing records it."""

    step: Step
    number: int | None = None
    by_itself: int | None = None
    hands: int | None = None
    touched: int | None = None
    minutes: int | None = None
    sent_back: int | None = None
    before: HandCount | None = None

    @property
    def hands_each(self) -> float | None:
        return None if self.hands is None or not self.touched else round(self.hands / self.touched, 2)

    @property
    def share(self) -> float | None:
        """Of those that ran by themselves, in percent."""
        return None if self.by_itself is None or not self.number else round(100 * self.by_itself / self.number, 1)


@dataclass(frozen=True)
class ByItself:
    """`behind`: the latest day that is not summed yet."""

    year: int
    figures: tuple[StepFigures, ...]
    behind: date | None = None


class HandCountItem(table.Item):
    hands = NumberAttribute()
    minutes = NumberAttribute()
    source = UnicodeAttribute()
    by_name = UnicodeAttribute()
    at = NumberAttribute()


def of_year(year: int, now: datetime) -> ByItself:
    """Reads what is summed already, and the last two days as they are now; writes nothing."""
    first, last = date(year, 1, 1), min(date(year, 12, 31), today(now))
    money, cases = money_days(first, last, now), case_days(first, last, now)
    sums = sum((Counter(one.sums) for one in money.days), Counter[str]())
    before = hand_counts()
    found = (
        _registrations(year, now),
        *((_payments(sums), _refunds(sums)) if payees.remembered() else (_none(Step.PAYMENT), _none(Step.REFUND))),
        _certificates(year),
        *(of_cases(kind, (one.kinds[kind] for one in cases.days if kind in one.kinds)) for kind in FormKind),
    )
    behind = max(filter(None, (money.behind, cases.behind)), default=None)
    return ByItself(year, tuple(replace(one, before=before.get(one.step)) for one in found), behind)


def of_cases(kind: FormKind, days: Iterable[KindSum]) -> StepFigures:
    """The figures of a kind of cases that came in the year. Hands and minutes are those of what is answered: the rest
    is still in hand."""
    of_kind = list(days)
    minutes = [each for one in of_kind for each in one.minutes]
    return StepFigures(
        Step(f"case-{kind.value}"),
        number=sum(one.number for one in of_kind),
        by_itself=sum(one.by_itself for one in of_kind),
        hands=sum(one.hands for one in of_kind),
        touched=sum(one.answered for one in of_kind),
        minutes=int(median(minutes)) if minutes else None,
        sent_back=sum(one.sent_back for one in of_kind),
    )


def hand_counts() -> dict[Step, HandCount]:
    return {
        Step(item.sk): HandCount(
            Step(item.sk),
            int(item.hands),
            int(item.minutes),
            item.source,
            item.by_name,
            datetime.fromtimestamp(int(item.at), UTC),
        )
        for item in HandCountItem.query(BY_HAND)
    }


def put_hand_count(step: Step, hands: int, minutes: int, source: str, by: Staff, now: datetime) -> None:
    HandCountItem(
        BY_HAND, step.value, hands=hands, minutes=minutes, source=source, by_name=by.name, at=int(now.timestamp())
    ).save()


def _registrations(year: int, now: datetime) -> StepFigures:
    sessions = [one.session_id for one in programme.all_sessions() if one.starts_on and one.starts_on.year == year]
    if not sessions:
        return _none(Step.REGISTRATION)
    seats = counted(seats_table.get(sessions, consistent=False).values(), int(now.timestamp())).seats
    number = sum(seats[way] for way in WAYS)
    hands = sum(entry.what in OF_REGISTRATIONS and entry.at.year == year for entry in ledger.remembered())
    by_itself = sum(seats[way] for way in WITHOUT_A_HAND)
    return StepFigures(Step.REGISTRATION, number, by_itself, hands, number)


def _payments(sums: Mapping[str, int]) -> StepFigures:
    number = sums["payments"]
    return StepFigures(Step.PAYMENT, number, sums["direct"], sums["settled"], number, sent_back=sums["payments_back"])


def _refunds(sums: Mapping[str, int]) -> StepFigures:
    """Two people release each: none runs by itself, and none is to."""
    return StepFigures(Step.REFUND, sums["refunds"], 0, sums["hands"], sums["released"], sent_back=sums["refunds_back"])


def _certificates(year: int) -> StepFigures:
    """Nobody touches a single one. The hands are those that set and accepted the year's maximum, once for all."""
    number, maximum = certificates.given(year), certificates.maximum(year)
    people = {one.staff_id for one in (maximum.by, maximum.accepted) if one} if maximum else set()
    return StepFigures(Step.TAX_CERTIFICATE, number, number, len(people), number)


def _none(step: Step) -> StepFigures:
    return StepFigures(step)
