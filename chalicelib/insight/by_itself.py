"""What runs by itself: for each kind of work how many there were, how many nobody of the city touched, how many hands
touched the others, how long somebody waited for a hand, and how many were sent back; beside the same steps as they were
done by hand before, as the city counted them itself.

Counted from what happened and never estimated. What nothing records is None, and the page says so.

| step         | from                                                                                            |
| ------------ | ----------------------------------------------------------------------------------------------- |
| registration | the seats of the year's sessions, by how each was given; the ledger's entries of the desk        |
| payment      | the books: booked at once to its order, or to what a person had to settle                       |
| refund       | the books, and who released each refund                                                         |
| certificate  | the numbers that were given, and who set and accepted the year's maximum                         |
| a case       | the daybook: who of the city touched it, by its history, when it was answered                    |

A day of the books does not change once it is over, so each is counted once and kept: MOST_AT_ONCE days when somebody
looks. One query and a read unit for each 4 KB of it, and one for each refund and payment; a kept year is 25 read units.

| pk             | sk    | what                                                               |
| -------------- | ----- | ------------------------------------------------------------------ |
| BY-ITSELF#year | MM-DD | a day's counts of payments and refunds, and how late orders were paid |
| BY-HAND        | step  | how it was done before, as the city counted: hands, minutes, where  |
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from statistics import median
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.city.ledger import table as ledger
from chalicelib.city.ledger.rules import LedgerAct
from chalicelib.core import table
from chalicelib.core.languages import N_
from chalicelib.core.moments import today
from chalicelib.front_door.daybook import table as daybook
from chalicelib.front_door.daybook.rules import DaybookLine, DaybookState
from chalicelib.front_door.forms import table as forms
from chalicelib.front_door.forms.rules import FormKind
from chalicelib.money.books import table as books
from chalicelib.money.books.rules import BookAccount, BookAct, BookEntry
from chalicelib.money.certificates import table as certificates
from chalicelib.money.orders import table as orders
from chalicelib.money.payees import table as payees
from chalicelib.money.refunds import table as refunds
from chalicelib.money.refunds.rules import Refund, of_reference
from chalicelib.office.publication.public import WAYS, counted
from chalicelib.people.staff.rules import Staff
from chalicelib.programme.openings.published import BY_LIST, BY_OPENING
from chalicelib.programme.sessions import table as programme
from chalicelib.seats import table as seats_table

KEPT, BY_HAND = "BY-ITSELF#", "BY-HAND"
OVER_AFTER = timedelta(days=2)
MOST_AT_ONCE = 60


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
    """How a step was done before, each time: as the city counted it, and where it says so."""

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
    """`behind`: the latest day of the books that was not counted yet: ask again."""

    year: int
    figures: tuple[StepFigures, ...]
    behind: date | None = None


@dataclass(frozen=True)
class MoneyDay:
    """A day's counts, by the names of MONEY. `late`: how many payments came so many days after the order was due."""

    day: date
    sums: Mapping[str, int]
    late: Mapping[int, int]


class MoneyDayItem(table.Item):
    sums = JSONAttribute()
    late = JSONAttribute()


class HandCountItem(table.Item):
    hands = NumberAttribute()
    minutes = NumberAttribute()
    source = UnicodeAttribute()
    by_name = UnicodeAttribute()
    at = NumberAttribute()


def of_year(year: int, now: datetime) -> ByItself:
    first, last = date(year, 1, 1), min(date(year, 12, 31), today(now))
    days, behind = money_days(first, last, now)
    money = sum((Counter(one.sums) for one in days), Counter[str]())
    lines = [line for day in _dates(first, last) for line in daybook.of_day(day)] if _has_forms() else []
    before = hand_counts()
    found = (
        _registrations(year, now),
        *((_payments(money), _refunds(money)) if payees.remembered() else (_none(Step.PAYMENT), _none(Step.REFUND))),
        _certificates(year),
        *(of_cases(kind, lines) for kind in FormKind),
    )
    return ByItself(year, tuple(replace(one, before=before.get(one.step)) for one in found), behind)


def of_cases(kind: FormKind, lines: Iterable[DaybookLine]) -> StepFigures:
    """What came in the year. Hands and minutes are those of what is answered: the rest is still in hand."""
    of_kind = [one for one in lines if one.kind is kind]
    done = [one.handling for one in of_kind if one.state is DaybookState.ANSWERED and one.handling]
    minutes = [one.minutes for one in done if one.minutes is not None]
    return StepFigures(
        Step(f"case-{kind.value}"),
        number=len(of_kind),
        by_itself=sum(not one.hands for one in done),
        hands=sum(one.hands for one in done),
        touched=len(done),
        minutes=int(median(minutes)) if minutes else None,
        sent_back=sum(one.sent_back for one in done),
    )


def money_days(first: date, last: date, now: datetime) -> tuple[list[MoneyDay], date | None]:
    """The days that are counted, and the latest that is not yet. At most MOST_AT_ONCE are counted now, the latest
    first."""
    if not payees.remembered():
        return [], None
    kept = {one.day: one for year in range(first.year, last.year + 1) for one in _kept(year)}
    found, behind, most = [], None, MOST_AT_ONCE
    for day in reversed(_dates(first, last)):
        one = kept.get(day)
        if one is None and most > 0:
            most -= 1
            one = count(day, list(books.of_day(day)))
            if today(now) - day >= OVER_AFTER:
                _keep(one)
        if one is None:
            behind = behind or day
        else:
            found.append(one)
    return found, behind


def count(day: date, entries: Sequence[BookEntry]) -> MoneyDay:
    """Who released a refund is read with it; when an order was due is read with the order."""
    sums: Counter[str] = Counter()
    paid: list[str] = []
    for entry in entries:
        match entry.act:
            case BookAct.RECEIVED:
                is_direct = any(one.account is BookAccount.RECEIVABLE for one in entry.postings)
                sums.update(["payments", *(["direct"] if is_direct else [])])
                paid += [entry.about["order_id"]] if is_direct and "order_id" in entry.about else []
            case BookAct.SETTLED:
                sums["settled"] += 1
            case BookAct.REVERSED if "refund" in entry.about:
                sums["refunds_back"] += 1
            case BookAct.REVERSED:
                sums["settled"] += 1
            case BookAct.RETURNED:
                sums["refunds_back" if "refund" in entry.about else "payments_back"] += 1
            case BookAct.PAID_BACK:
                sums["refunds"] += 1
    released = list(_released([one for one in entries if one.act is BookAct.PAID_BACK]))
    sums["released"] = len(released)
    sums["hands"] = sum(len({one.first_by, one.second_by, *one.given_by} - {""}) for one in released)
    due = {order.order_id: order.due_on for order in orders.several(paid).values()}
    late = Counter((day - due[one]).days for one in paid if one in due and due[one] < day)
    return MoneyDay(day, sums, late)


def _released(entries: Iterable[BookEntry]) -> Iterator[Refund]:
    """The refunds of which an entry says which; what the bank sent without one is nobody's release."""
    by_reference = [of for one in entries if (of := of_reference(one.about.get("refund", "")))]
    yield from refunds.several(by_reference)
    for one in entries:
        if payment_id := one.about.get("payment_id"):
            yield from (each for each in refunds.of_order(one.about["order_id"]) if each.to.payment_id == payment_id)


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


def _has_forms() -> bool:
    """A city that never published one has no daybook: a year of empty days is 365 queries."""
    return any(one.published for one in forms.remembered_heads().values())


def _kept(year: int) -> list[MoneyDay]:
    return [
        MoneyDay(
            date.fromisoformat(f"{year}-{item.sk}"),
            item.sums,
            {int(days): number for days, number in item.late.items()},
        )
        for item in MoneyDayItem.query(f"{KEPT}{year}")
    ]


def _keep(one: MoneyDay) -> None:
    late: dict[str, Any] = {str(days): number for days, number in one.late.items()}
    MoneyDayItem(f"{KEPT}{one.day.year}", f"{one.day:%m-%d}", sums=dict(one.sums), late=late).save()


def _dates(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
