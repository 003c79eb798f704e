"""The price of all that a family books, line by line, with reasons.

The total does not depend on the order in which anything was chosen: children and items are sorted first, and where a
rule asks which child is the first, `orders.py` finds the order by which the family pays least. A discount that one of
several children gets is so given to whom it helps most, over all that the family has.

1. Each item is cut into pieces (`pieces.py`). A piece costs, for ranks of its child, the cheapest way to pay its days:
   each by itself, by weeks, blocks of days or the whole camp; each by the cheapest line that fits (`pricing.py`).
2. `orders.py` gives the ranks; the pieces' bills become the quote's lines.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from chalicelib.core.moments import today
from chalicelib.money.tariffs.circle import Circle
from chalicelib.money.tariffs.conditions import Space
from chalicelib.money.tariffs.families import Family, ItemDay, QuoteItem
from chalicelib.money.tariffs.orders import Group, assign
from chalicelib.money.tariffs.pieces import NoPrice, PieceBill, PricedDays, pieces
from chalicelib.money.tariffs.pricing import Rates
from chalicelib.money.tariffs.rules import CURRENCY, Labels, PriceRole, Tariff, Unit


@dataclass(frozen=True)
class QuoteLine:
    """`rule`: the code of a line, surcharge or discount of the tariff; `article`: of the council's decision.
    `unit_cents` and `amount_cents` are below 0 for a discount. `amount_cents` is `quantity * unit_cents`, unless
    `is_published` (a published price stands for this quantity) or `is_limited` (a day costs no more than that). `days`:
    that it is for; `size`: minutes, days or turns of a unit. `instead_of`: rules that fit too, and by which the family
    would pay more. `role`: of the price that it is or changes; what counts once a registration is of the stay."""

    session_id: str
    child_id: str
    rule: str
    article: str
    label: Labels
    unit: Unit
    size: int
    quantity: int
    unit_cents: int
    amount_cents: int
    days: tuple[date, ...] = ()
    is_published: bool = False
    is_limited: bool = False
    instead_of: tuple[str, ...] = ()
    role: PriceRole = PriceRole.STAY


@dataclass(frozen=True)
class Quote:
    """`is_best`: no order of the children makes it less; False only where looking for it would take too long."""

    total_cents: int
    lines: tuple[QuoteLine, ...]
    is_best: bool = True
    currency: str = CURRENCY


class NoTariff(Exception):
    """No version of the tariff holds for whoever registers on `day`."""

    def __init__(self, day: date) -> None:
        super().__init__(day.isoformat())
        self.day = day


class NotAnItem(ValueError):
    """The same twice, a child that the family does not have, a day that the session does not have, hours that end
    before they begin, a moment without its offset."""


@dataclass(frozen=True)
class Change:
    """The price of one item `before` and `after`, in cents."""

    session_id: str
    child_id: str
    before_cents: int
    after_cents: int


@dataclass(frozen=True)
class QuoteDifference:
    """`cents`: more than before; below 0: less. `changes`: the items whose amounts differ."""

    cents: int
    changes: tuple[Change, ...]


def difference(before: Quote, after: Quote) -> QuoteDifference:
    """The changes of price when a registration is added, goes, or is another; also for the items that stay."""
    amounts = [_by_item(quote) for quote in (before, after)]
    keys = sorted(amounts[0].keys() | amounts[1].keys())
    changes = [Change(*key, amounts[0].get(key, 0), amounts[1].get(key, 0)) for key in keys]
    return QuoteDifference(
        after.total_cents - before.total_cents,
        tuple(change for change in changes if change.before_cents != change.after_cents),
    )


def _by_item(quote: Quote) -> dict[tuple[str, str], int]:
    amounts: dict[tuple[str, str], int] = {}
    for line in quote.lines:
        key = line.session_id, line.child_id
        amounts[key] = amounts.get(key, 0) + line.amount_cents
    return amounts


def as_proven(family: Family) -> Family:
    """The same, as if everything that it declared were proven already: what it would pay then."""
    children = (
        replace(child, entitlements=tuple(replace(entitlement, is_proven=True) for entitlement in child.entitlements))
        for child in family.children
    )
    entitlements = tuple(replace(entitlement, is_proven=True) for entitlement in family.entitlements)
    return replace(family, children=tuple(children), entitlements=entitlements)


def quote(family: Family, items: Sequence[QuoteItem], tariff: Tariff, registered_at: datetime) -> Quote:
    """All that the family has and wants, by the version that holds at `registered_at` (aware); an item that was
    registered before says so itself. Raises NotAnItem, NoTariff and NoPrice."""
    children = {child.child_id: child for child in family.children}
    _check(items, children, registered_at)
    first = {item.key: min((day.day for day in item.days), default=date.max) for item in items}
    ordered = sorted(
        items,
        key=lambda item: (children[item.child_id].born, item.child_id, first[item.key], item.session_id),
    )
    moments = {item.key: item.registered_at or registered_at for item in ordered}
    rates = _rates(tariff, moments)
    circle = Circle(family, ordered, rates, moments)
    parts = [piece for item in ordered for piece in pieces(circle, item)]
    cuts = {space: _cuts(space, rates.values()) for space in circle.spaces}
    numbers = {number for piece in parts for number in piece.groups}
    assigned = assign(
        [piece.share for piece in parts],
        {number: Group(circle.members[number], cuts[circle.groups[number]]) for number in numbers},
    )
    bills = [piece.bill(tuple(assigned.ranks[number][piece.child] for number in piece.groups)) for piece in parts]
    order = {item.key: number for number, item in enumerate(ordered)}
    lines = [*_merged(_lines(bills, rates)), *_cards(circle, ordered)]
    lines.sort(key=lambda line: order[line.session_id, line.child_id])
    return Quote(sum(line.amount_cents for line in lines), tuple(lines), assigned.is_best)


def _rates(tariff: Tariff, moments: Mapping[tuple[str, str], datetime]) -> dict[tuple[str, str], Rates]:
    """Of each item, those of the version that held when it was registered."""
    by_day: dict[date, Rates] = {}
    by_first_day: dict[date, Rates] = {}
    for day in {today(moment) for moment in moments.values()}:
        version = tariff.version(day)
        if version is None:
            raise NoTariff(day)
        by_day[day] = by_first_day.setdefault(version.first_day, by_first_day.get(version.first_day) or Rates(version))
    return {key: by_day[today(moment)] for key, moment in moments.items()}


def _cuts(space: Space, several: Iterable[Rates]) -> tuple[int, ...]:
    """The ranks at which a rule begins to tell apart."""
    orders = [order for rates in several for order in rates.orders if order.space == space]
    ends = [order.most + 1 for order in orders if order.most is not None]
    return tuple(sorted({1, *(order.least for order in orders), *ends}))


def _lines(bills: Sequence[PieceBill], rates: Mapping[tuple[str, str], Rates]) -> Iterator[QuoteLine]:
    alike: dict[tuple[tuple[str, str], int], list[PricedDays]] = {}
    for way in (way for bill in bills for way in bill.ways):
        alike.setdefault((way.item.key, id(way.priced)), []).append(way)
    for ways in alike.values():
        days = tuple(sorted({day for way in ways for day in way.days}))
        yield from _of_way(ways[0]._replace(days=days), rates[ways[0].item.key], sum(way.times for way in ways))
    for bill in bills:
        for item, code, cents in bill.once:
            step = rates[item.key].surcharges.get(code) or rates[item.key].discounts[code]
            yield QuoteLine(*item.key, code, step.article, step.label, Unit.CAMP, 1, 1, cents, cents)


def _of_way(way: PricedDays, rates: Rates, times: int = 1) -> Iterator[QuoteLine]:
    """A line for the price, and one for each surcharge and discount; `times`: on so many days, each the same."""
    priced = way.priced
    line = rates.lines[priced.code]
    is_limited = not priced.is_published and priced.amount_cents != priced.quantity * priced.unit_cents
    whole = QuoteLine(
        *way.item.key,
        rule=line.code,
        article=line.article,
        label=line.label,
        unit=line.unit,
        size=line.size,
        quantity=times * priced.quantity,
        unit_cents=priced.unit_cents,
        amount_cents=times * priced.amount_cents,
        days=way.days,
        is_published=priced.is_published,
        is_limited=is_limited,
        instead_of=priced.instead_of,
        role=line.role,
    )
    yield whole
    for each in priced.steps:
        step = rates.surcharges.get(each.code) or rates.discounts[each.code]
        yield replace(
            whole,
            rule=each.code,
            article=step.article,
            label=step.label,
            quantity=times * each.quantity,
            unit_cents=each.unit_cents,
            amount_cents=times * each.amount_cents,
            is_published=False,
            is_limited=False,
            instead_of=(),
        )


def _cards(circle: Circle, items: Sequence[QuoteItem]) -> Iterator[QuoteLine]:
    """Cards of turns: for each child as many as its turns need, by the version of the first of them."""
    turns: dict[tuple[str, str], list[QuoteItem]] = {}
    for item in items:
        if item.by_card and item.days:
            turns.setdefault((item.child_id, item.kind), []).append(item)
    for several in turns.values():
        first = several[0]
        rates = circle.rates[first.key]
        facts = circle.facts_as_one(first, sorted(first.days, key=lambda day: day.day))
        days = tuple(sorted(day.day for item in several for day in item.days))
        cards = [
            (line, -(-len(days) // line.size))
            for line in rates.version.lines
            if line.unit == Unit.CARD and line.role == PriceRole.STAY
        ]
        priced = rates.lowest(facts, rates.key(facts), {}, cards)
        if priced is None:
            raise NoPrice(first, Unit.CARD)
        yield from _of_way(PricedDays(first, days, priced), rates)


def _merged(lines: Iterable[QuoteLine]) -> list[QuoteLine]:
    """Lines that say the same for several days are one."""
    merged: dict[tuple[Hashable, ...], QuoteLine] = {}
    for line in lines:
        key = (
            line.session_id,
            line.child_id,
            line.rule,
            line.role,
            line.unit_cents,
            line.is_published,
            line.is_limited,
            line.instead_of,
        )
        before = merged.get(key)
        if before is not None:
            days = tuple(sorted({*before.days, *line.days}))
            quantity, cents = before.quantity + line.quantity, before.amount_cents + line.amount_cents
            line = replace(before, quantity=quantity, amount_cents=cents, days=days)  # noqa: PLW2901
        merged[key] = line
    return list(merged.values())


def _check(items: Sequence[QuoteItem], children: Iterable[str], registered_at: datetime) -> None:
    if len({item.key for item in items}) < len(items):
        raise NotAnItem("the same child twice in one session")
    for item in items:
        days = [day.day for day in item.days]
        hours = [day for day in item.days if (day.begins is None) != (day.ends is None) or not _is_in_order(day)]
        if item.child_id not in children:
            raise NotAnItem("a child that the family does not have")
        if not item.session_days or len(set(days)) < len(days) or not set(days) <= set(item.session_days):
            raise NotAnItem("a day twice, or one that the session does not have")
        if hours or any(event.minutes < 0 for event in item.events):
            raise NotAnItem("hours that end before they begin")
        if (item.registered_at or registered_at).tzinfo is None:
            raise NotAnItem("a moment without its offset")


def _is_in_order(day: ItemDay) -> bool:
    begins, ends = day.interval
    return begins < ends
