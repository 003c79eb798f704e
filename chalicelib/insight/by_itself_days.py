"""Sums of days for what runs by itself: the daily run makes them, whoever looks reads them.

A day of the books does not change once it is over, so it is counted once. A day of the daybook changes as long as one
of its cases is in hand or may be opened again, so it is counted again as long; written only if it became another.

| pk             | sk    | what                                                                  |
| -------------- | ----- | --------------------------------------------------------------------- |
| BY-ITSELF#year | MM-DD | a day's counts of payments and refunds, and how late orders were paid |
| CASE-HANDS#year | MM-DD | of the cases that came on a day, by kind: hands, minutes, sent back  |

A year is about 25 read units of each.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar

from pynamodb.attributes import JSONAttribute, NumberAttribute

from chalicelib.core import metering, table
from chalicelib.core.moments import today
from chalicelib.core.observability import log, naming_nobody
from chalicelib.front_door.cases.ending import FIRST_DAY
from chalicelib.front_door.daybook import table as daybook
from chalicelib.front_door.daybook.rules import DaybookLine, DaybookState
from chalicelib.front_door.forms import table as forms
from chalicelib.front_door.forms.rules import FormKind
from chalicelib.insight import history
from chalicelib.money.books import table as books
from chalicelib.money.books.rules import BookAccount, BookAct, BookEntry
from chalicelib.money.orders import table as orders
from chalicelib.money.payees import table as payees
from chalicelib.money.refunds import table as refunds
from chalicelib.money.refunds.rules import Refund, of_reference

MONEY, CASES = "BY-ITSELF#", "CASE-HANDS#"
# Books are closed by then; until then a day is counted for who looks, and not kept.
OVER_AFTER = timedelta(days=2)
# A citizen opens a case again within 60 days, and answers come in a month.
AGAIN = timedelta(days=93)
# Days that one run counts, of each kind: some two seconds.
MOST_AT_ONCE = 150
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class MoneyDay:
    """A day's counts, by the names of MONEY. `late`: how many payments came so many days after the order was due."""

    day: date
    sums: Mapping[str, int]
    late: Mapping[int, int]


@dataclass(frozen=True)
class KindSum:
    """Of the cases of one kind that came on a day. `answered`: of these it is known what they took; the others are in
    hand. `by_itself`: answered without a hand. `minutes`: until the first hand, of each that had one."""

    number: int = 0
    answered: int = 0
    by_itself: int = 0
    hands: int = 0
    sent_back: int = 0
    minutes: tuple[int, ...] = ()


@dataclass(frozen=True)
class CaseDay:
    """`in_hand`: to how many of that day somebody still owes an answer."""

    day: date
    kinds: Mapping[FormKind, KindSum]
    in_hand: int


class _Day(Protocol):
    @property
    def day(self) -> date: ...


D = TypeVar("D", bound=_Day)


@dataclass(frozen=True)
class Days(Generic[D]):
    """`behind`: the latest day that is not summed yet; None: all are."""

    days: Sequence[D]
    behind: date | None = None


class MoneyDayItem(table.Item):
    sums = JSONAttribute()
    late = JSONAttribute()


class CaseDayItem(table.Item):
    kinds = JSONAttribute()
    in_hand = NumberAttribute()


def run(event: Mapping[str, Any], context: Any = None) -> dict[str, int]:
    """The timer calls this, each day."""
    with naming_nobody(), metering.line(context, "worked"):
        return sum_up(datetime.now(UTC))


def sum_up(now: datetime) -> dict[str, int]:
    """Counts the days that are due; the number of them. A city that takes no money here, and one without a form, pays
    for no look at them. Two runs at once write the same."""
    history.stretch(now.astimezone(UTC).date() - YEAR, now)
    first = date(today(now).year - 1, 1, 1)
    counted = {"money": _sum_up_money(first, now), "cases": _sum_up_cases(max(first, FIRST_DAY), now)}
    log.info("summed", money=counted["money"], cases=counted["cases"])
    return counted


def money_days(first: date, last: date, now: datetime) -> Days[MoneyDay]:
    if not payees.remembered():
        return Days([])
    return _read(first, last, now, _kept_money(first, last), count_money)


def case_days(first: date, last: date, now: datetime) -> Days[CaseDay]:
    if not _has_forms():
        return Days([])
    return _read(max(first, FIRST_DAY), last, now, _kept_cases(first, last), count_cases)


def _read(first: date, last: date, now: datetime, kept: Mapping[date, D], count: Callable[[date], D]) -> Days[D]:
    """The days that are kept, and those that are not over, as they are now."""
    found: list[D] = []
    behind = None
    for day in reversed(_dates(first, last)):
        if day in kept:
            found.append(kept[day])
        elif today(now) - day < OVER_AFTER:
            found.append(count(day))
        else:
            behind = behind or day
    return Days(found, behind)


def _sum_up_money(first: date, now: datetime) -> int:
    if not payees.remembered():
        return 0
    last = today(now) - OVER_AFTER
    kept = _kept_money(first, last)
    missing = [day for day in reversed(_dates(first, last)) if day not in kept][:MOST_AT_ONCE]
    for day in missing:
        _keep_money(count_money(day))
    return len(missing)


def _sum_up_cases(first: date, now: datetime) -> int:
    if not _has_forms():
        return 0
    on = today(now)
    kept = _kept_cases(first, on)
    now_due = due(_dates(first, on - timedelta(days=1)), kept, on, MOST_AT_ONCE)
    for day in now_due:
        if (one := count_cases(day)) != kept.get(day):
            _keep_cases(one)
    return len(now_due)


def due(days: Iterable[date], kept: Mapping[date, CaseDay], on: date, most: int) -> list[date]:
    """Which of these days are counted on a day: those that never were, the latest first; then those that may have
    changed, and if they are too many for one run, in turns."""
    new = sorted((day for day in days if day not in kept), reverse=True)[:most]
    again = [day for day, one in kept.items() if day < on and (one.in_hand or on - day <= AGAIN)]
    turns = -(-len(again) // max(1, most - len(new)))
    mine = [day for day in again if turns and day.toordinal() % turns == on.toordinal() % turns]
    return [*new, *mine[: most - len(new)]]


def count_cases(day: date) -> CaseDay:
    return case_day(day, list(daybook.of_day(day)))


def case_day(day: date, lines: Iterable[DaybookLine]) -> CaseDay:
    by_kind: dict[FormKind, list[DaybookLine]] = {}
    for line in lines:
        by_kind.setdefault(line.kind, []).append(line)
    in_hand = sum(line.state is not DaybookState.ANSWERED for of_kind in by_kind.values() for line in of_kind)
    return CaseDay(day, {kind: _sum_of(of_kind) for kind, of_kind in by_kind.items()}, in_hand)


def _sum_of(lines: Sequence[DaybookLine]) -> KindSum:
    done = [one.handling for one in lines if one.state is DaybookState.ANSWERED and one.handling]
    return KindSum(
        number=len(lines),
        answered=len(done),
        by_itself=sum(not one.hands for one in done),
        hands=sum(one.hands for one in done),
        sent_back=sum(one.sent_back for one in done),
        minutes=tuple(sorted(one.minutes for one in done if one.minutes is not None)),
    )


def count_money(day: date) -> MoneyDay:
    """One query, a read unit for each 4 KB of it, and one for each refund and payment."""
    return money_day(day, list(books.of_day(day)))


def money_day(day: date, entries: Sequence[BookEntry]) -> MoneyDay:
    """The sums of a day. Refunds are read for who released them, orders for when they were due."""
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


def _has_forms() -> bool:
    """A city that never published one has no daybook."""
    return any(one.published for one in forms.remembered_heads().values())


def _kept_money(first: date, last: date) -> dict[date, MoneyDay]:
    return {
        day: MoneyDay(day, item.sums, {int(days): number for days, number in item.late.items()})
        for year in range(first.year, last.year + 1)
        for item in MoneyDayItem.query(f"{MONEY}{year}")
        for day in [date.fromisoformat(f"{year}-{item.sk}")]
    }


def _keep_money(one: MoneyDay) -> None:
    late: dict[str, Any] = {str(days): number for days, number in one.late.items()}
    MoneyDayItem(f"{MONEY}{one.day.year}", f"{one.day:%m-%d}", sums=dict(one.sums), late=late).save()


def _kept_cases(first: date, last: date) -> dict[date, CaseDay]:
    return {
        day: CaseDay(
            day,
            {FormKind(kind): _kind_sum(*counts) for kind, counts in item.kinds.items()},
            int(item.in_hand),
        )
        for year in range(first.year, last.year + 1)
        for item in CaseDayItem.query(f"{CASES}{year}")
        for day in [date.fromisoformat(f"{year}-{item.sk}")]
    }


def _kind_sum(number: int, answered: int, by_itself: int, hands: int, sent_back: int, minutes: list[int]) -> KindSum:
    return KindSum(number, answered, by_itself, hands, sent_back, tuple(minutes))


def _keep_cases(one: CaseDay) -> None:
    kinds = {
        kind.value: [of.number, of.answered, of.by_itself, of.hands, of.sent_back, list(of.minutes)]
        for kind, of in one.kinds.items()
    }
    CaseDayItem(f"{CASES}{one.day.year}", f"{one.day:%m-%d}", kinds=kinds, in_hand=one.in_hand).save()


def _dates(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
