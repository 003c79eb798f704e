"""Parts of what a family pays whose prices do not depend on each other, but for the order of its children.

The stay of an item is cut into days; into weeks where there is a price for a week; it is one piece where there is a
price for several of its days, or a discount once a registration. Extras of a day, and what counts once a registration,
are pieces of their own.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations
from typing import NamedTuple

from chalicelib.money.tariffs.circle import Circle, Number
from chalicelib.money.tariffs.conditions import Among, By, Facts, Space
from chalicelib.money.tariffs.families import ItemDay, QuoteItem, minutes, week_of
from chalicelib.money.tariffs.orders import CostShare, Ranks
from chalicelib.money.tariffs.pricing import FactsKey, Priced
from chalicelib.money.tariffs.rules import Discount, Line, Per, PriceRole, Unit

OF_A_DAY = (Unit.DAY, Unit.SLICE)
OF_SEVERAL_DAYS = (Unit.BLOCK, Unit.CAMP)
MOST_WEEKS = 9
NEVER = 10**15  # cents: more than anything costs
_OF_SEVERAL = (Among.WEEK, Among.CAMP, Among.SEASON)


class NoPrice(Exception):
    """No line of the tariff fits `what`: a day, or the name of an extra or a fine."""

    def __init__(self, item: QuoteItem, what: str) -> None:
        super().__init__(f"{item.session_id} {item.child_id} {what}")
        self.session_id, self.child_id, self.what = item.session_id, item.child_id, what


class PricedDays(NamedTuple):
    """One line's price, so many times, for these days of an item."""

    item: QuoteItem
    days: tuple[date, ...]
    priced: Priced
    times: int = 1


class Once(NamedTuple):
    """A surcharge, or a discount (below 0), that counts once a registration."""

    item: QuoteItem
    code: str
    cents: int


class PieceBill(NamedTuple):
    cents: int
    ways: tuple[PricedDays, ...]
    once: tuple[Once, ...] = ()


class _Asked(NamedTuple):
    """The facts with which a price is asked. `orders`: in which the child has a rank, as far as the price depends on
    it."""

    facts: Facts
    key: FactsKey
    orders: tuple[tuple[Space, Number], ...]


class Piece:
    """Of one item. `groups`: the orders on which its bill depends and that are still to be decided."""

    def __init__(self, circle: Circle, item: QuoteItem) -> None:
        self.circle, self.item, self.rates = circle, item, circle.rates[item.key]
        self.child = circle.numbers[item.child_id]
        self.groups: tuple[Number, ...] = ()
        self._bills: dict[Ranks, PieceBill] = {}

    @property
    def share(self) -> CostShare:
        return CostShare(self.child, self.groups, self.cents)

    def cents(self, ranks: Ranks) -> int:
        """Of its bill. What has no price is not refused here, but costs more than anything: another child may get the
        rank for which there is none."""
        try:
            return self.bill(ranks).cents
        except NoPrice:
            return NEVER

    def bill(self, ranks: Ranks) -> PieceBill:
        """The cheapest, when the child has these ranks in `groups`. Raises NoPrice."""
        if ranks not in self._bills:
            self._bills[ranks] = self._bill(dict(zip(self.groups, ranks, strict=True)))
        return self._bills[ranks]

    def _bill(self, ranks: Mapping[Number, int]) -> PieceBill:
        raise NotImplementedError

    def _ask(self, days: Sequence[ItemDay], lines: Sequence[Line], *, as_one: bool) -> _Asked:
        """About a day, or about days that are paid `as_one`: no order within a day is theirs. Notes the orders."""
        facts = self.circle.facts_as_one(self.item, days) if as_one else self.circle.facts(self.item, days[0])
        key = (as_one, *self.rates.key(facts))
        spaces = self.rates.undecided(facts, key, lines)
        return _Asked(facts, key, self._orders(spaces, days[0].day, as_one=as_one))

    def _orders(self, spaces: Iterable[Space], day: date, *, as_one: bool = False) -> tuple[tuple[Space, Number], ...]:
        orders = []
        for space in spaces:
            number = self.circle.group(space, self.item, day)
            if number is not None and (not as_one or space.within in _OF_SEVERAL):
                orders.append((space, number))
                if space.by == By.BEST and number not in self.groups:
                    self.groups = (*self.groups, number)
        return tuple(orders)

    def _ranks(self, orders: Sequence[tuple[Space, Number]], ranks: Mapping[Number, int]) -> dict[Space, int]:
        fixed = self.circle.fixed
        return {space: ranks[name] if name in ranks else fixed[name][self.child] for space, name in orders}

    def _lowest(
        self,
        asked: _Asked,
        days: Sequence[date],
        among: Sequence[tuple[Line, int]],
        ranks: Mapping[Number, int],
        beside: tuple[str, ...] = (),
    ) -> PricedDays | None:
        of_asked = self._ranks(asked.orders, ranks)
        priced = self.rates.lowest(asked.facts, asked.key, of_asked, among, beside)
        return None if priced is None else PricedDays(self.item, tuple(days), priced)


class _Terms:
    """The price of a day, for all days of an item between which no condition tells a difference."""

    def __init__(self, circle: Circle, item: QuoteItem, day: ItemDay, facts: Facts) -> None:
        self.rates, self.facts = circle.rates[item.key], facts
        self.key = (False, *self.rates.key(facts))
        lines = self.rates.could_fit(facts, self.key, OF_A_DAY)
        self.among = [(line, number) for line in lines if (number := _quantity(line, day)) is not None]
        self.spaces = self.rates.undecided(facts, self.key, [line for line, _ in self.among])
        self._cents: dict[Ranks, int] = {}
        self._priced: dict[tuple[object, ...], Priced | None] = {}
        self._times: dict[int, Callable[[Ranks], int]] = {1: self.cents}

    def cents_of(self, days: int) -> Callable[[Ranks], int]:
        """The same function each time, so that who is asked for the same twice can see it."""
        if days not in self._times:
            self._times[days] = lambda ranks: days * self.cents(ranks)
        return self._times[days]

    def cents(self, ranks: Ranks) -> int:
        """For ranks in `spaces`; NEVER if there is no price."""
        if ranks not in self._cents:
            priced = self.priced(dict(zip(self.spaces, ranks, strict=True)))
            self._cents[ranks] = NEVER if priced is None else priced.cents
        return self._cents[ranks]

    def priced(self, ranks: Mapping[Space, int], beside: tuple[str, ...] = ()) -> Priced | None:
        known = *ranks.values(), beside
        if known not in self._priced:
            self._priced[known] = self.rates.lowest(self.facts, self.key, ranks, self.among, beside)
        return self._priced[known]


class _Single(NamedTuple):
    """The stay on one day; `orders` as in _Asked."""

    day: date
    terms: _Terms
    orders: tuple[tuple[Space, Number], ...]

    @property
    def groups(self) -> tuple[Number, ...]:
        return tuple(number for space, number in self.orders if space.by == By.BEST)


class Days(Piece):
    """The stay on days of an item that cost the same, each by itself."""

    def __init__(self, circle: Circle, item: QuoteItem, days: Sequence[_Single]) -> None:
        super().__init__(circle, item)
        self.days, self.terms, self.orders = days, days[0].terms, days[0].orders
        self.groups = days[0].groups

    @property
    def share(self) -> CostShare:
        """Days with the same terms are the same share of different groups, which orders.py then solves once."""
        if len(self.groups) < len(self.terms.spaces):
            return super().share
        return CostShare(self.child, self.groups, self.terms.cents_of(len(self.days)))

    def _bill(self, ranks: Mapping[Number, int]) -> PieceBill:
        priced = self.terms.priced(self._ranks(self.orders, ranks))
        if priced is None:
            raise NoPrice(self.item, self.days[0].day.isoformat())
        times = len(self.days)
        return PieceBill(
            times * priced.cents, (PricedDays(self.item, tuple(each.day for each in self.days), priced, times),)
        )


def singles(circle: Circle, item: QuoteItem, days: Sequence[ItemDay]) -> list[_Single]:
    """The days, each by itself."""
    known: dict[int, _Terms] = {}
    found = []
    for day in days:
        facts = circle.facts(item, day)  # which the circle keeps: its id stays its own
        terms = known.get(id(facts))
        if terms is None:
            terms = known[id(facts)] = _Terms(circle, item, day, facts)
        orders = tuple(
            (space, number) for space in terms.spaces if (number := circle.group(space, item, day.day)) is not None
        )
        found.append(_Single(day.day, terms, orders))
    return found


def alike(circle: Circle, item: QuoteItem, days: Sequence[ItemDay]) -> Iterator[Days]:
    """The days, with those together that cost the same whatever the order of the children."""
    found: dict[tuple[int, tuple[tuple[Space, Number], ...]], list[_Single]] = {}
    for each in singles(circle, item, days):
        found.setdefault((id(each.terms), each.orders), []).append(each)
    for several in found.values():
        yield Days(circle, item, several)


class Stay(Piece):
    """The stay on several days, that may be paid together."""

    def __init__(self, circle: Circle, item: QuoteItem, days: Sequence[ItemDay]) -> None:
        super().__init__(circle, item)
        self.days = days
        self.is_item = len(days) == len(item.days)
        self.singles = singles(circle, item, days) if self.rates.has_days else []
        self.weeks = [
            (week, lines, self._ask(week, lines, as_one=True))
            for week in whole_weeks(item, days)
            if (lines := self._several(week, Unit.WEEK))
        ]
        self.lines: list[Line] = []
        if self.is_item:
            self.lines += self._several(days, Unit.BLOCK)
            self.lines += self._several(days, Unit.CAMP) if item.is_whole else ()
        self.asked = self._ask(days, self.lines, as_one=True) if self.is_item else None
        self.groups = tuple(dict.fromkeys((*self.groups, *(name for each in self.singles for name in each.groups))))

    @property
    def share(self) -> CostShare:
        """With its ways to pay as options, so that orders by the day fall apart once a way is chosen."""
        once = any(each.per == Per.ITEM for each in self.rates.version.discounts)
        if once or len(self.groups) < 2 or any(line.unit == Unit.BLOCK for line in self.lines):
            return super().share
        in_weeks = {day.day for week, _, _ in self.weeks for day in week}
        day_by_day = (*map(self._share_of_week, self.weeks), *self._shares_alone(in_weeks))
        if self.lines and self.asked is not None:
            whole = self._share_of(self.lines, self.asked, self.days)
            return CostShare(self.child, self.groups, self.cents, ((whole,), day_by_day))
        return CostShare(self.child, self.groups, self.cents, (day_by_day,))

    def _share_of_week(self, known: tuple[list[ItemDay], tuple[Line, ...], _Asked]) -> CostShare:
        """By the week, or day by day."""
        week, lines, asked = known
        as_one = self._share_of(lines, asked, week)
        others = {day.day for day in self.days} - {day.day for day in week}
        alone = self._shares_alone(others)
        groups = tuple(dict.fromkeys(number for share in (as_one, *alone) for number in share.groups))

        def cost(ranks: Ranks) -> int:
            of = dict(zip(groups, ranks, strict=True))

            def cents(share: CostShare) -> int:
                return share.cost(tuple(of[number] for number in share.groups))

            return min(cents(as_one), sum(cents(share) for share in alone))

        return CostShare(self.child, groups, cost, ((as_one,), tuple(alone)))

    def _shares_alone(self, paid: Collection[date]) -> list[CostShare]:
        """Of the days that are not paid yet, each by itself."""
        if len(paid) < len(self.days) and not self.singles:
            return [CostShare(self.child, (), lambda _: NEVER)]
        return [self._share_alone(each) for each in self.singles if each.day not in paid]

    def _share_alone(self, each: _Single) -> CostShare:
        groups = each.groups

        def cost(ranks: Ranks) -> int:
            way = self._single(each, dict(zip(groups, ranks, strict=True)), ())
            return NEVER if way is None else way.priced.cents

        return CostShare(self.child, groups, each.terms.cents if len(groups) == len(each.terms.spaces) else cost)

    def _share_of(self, lines: Sequence[Line], asked: _Asked, days: Sequence[ItemDay]) -> CostShare:
        groups = tuple(name for space, name in asked.orders if space.by == By.BEST)
        among = [(line, 1) for line in lines if line.unit != Unit.BLOCK]

        def cost(ranks: Ranks) -> int:
            way = self._lowest(asked, [day.day for day in days], among, dict(zip(groups, ranks, strict=True)))
            return NEVER if way is None else way.priced.cents

        return CostShare(self.child, groups, cost)

    def _several(self, days: Sequence[ItemDay], unit: Unit) -> tuple[Line, ...]:
        facts = self.circle.facts_as_one(self.item, days)
        return self.rates.could_fit(facts, (True, *self.rates.key(facts)), (unit,))

    def _bill(self, ranks: Mapping[Number, int]) -> PieceBill:
        sets: list[tuple[Discount, ...]] = [()]
        if self.asked is not None:
            facts = replace(self.asked.facts, ranks=self._ranks(self.asked.orders, ranks))
            sets = self.rates.discounts_once(facts)
        bills = []
        for discounts in sets:
            ways = self._ways(ranks, tuple(each.code for each in discounts))
            left = sum(way.priced.cents for way in ways)
            once = []
            for each in discounts:
                once.append(Once(self.item, each.code, -min(left, each.cents)))
                left -= min(left, each.cents)
            bills.append(PieceBill(left, ways, tuple(once)))
        return min(bills, key=lambda bill: bill.cents)

    def _ways(self, ranks: Mapping[Number, int], beside: tuple[str, ...]) -> tuple[PricedDays, ...]:
        """The cheapest: the whole camp, or some whole weeks by the week and of the other days the dearest in blocks."""
        single: dict[date, PricedDays | None] = dict.fromkeys(day.day for day in self.days)
        single.update((each.day, self._single(each, ranks, beside)) for each in self.singles)
        weeks = [
            way
            for week, lines, asked in self.weeks
            for way in self._as_one(asked, [day.day for day in week], lines, ranks, beside)
        ]
        days = [day.day for day in self.days]
        whole: list[PricedDays] = []
        blocks: list[PricedDays] = []
        if self.asked is not None:
            for way in self._as_one(self.asked, days, self.lines, ranks, beside):
                (whole if self.rates.lines[way.priced.code].unit == Unit.CAMP else blocks).append(way)
        possible: list[tuple[PricedDays, ...]] = [(way,) for way in whole]
        for chosen in self._sets_of_weeks(single, weeks, blocks):
            ways = self._days(single, chosen, blocks)
            if ways is not None:
                possible.append(ways)
        if not possible:
            missing = next(day for day, way in single.items() if way is None)
            raise NoPrice(self.item, missing.isoformat())
        return min(possible, key=lambda ways: sum(way.priced.cents for way in ways))

    def _sets_of_weeks(
        self, single: Mapping[date, PricedDays | None], weeks: Sequence[PricedDays], blocks: Sequence[PricedDays]
    ) -> Iterator[Sequence[PricedDays]]:
        """Which weeks may be paid by the week. Without blocks, those that are cheaper so. With blocks any; of more than
        `MOST_WEEKS`, those that save most, one more each time."""

        def saves(week: PricedDays) -> int:
            alone = [NEVER if (way := single[day]) is None else way.priced.cents for day in week.days]
            return sum(alone) - week.priced.cents

        if not blocks:
            yield [week for week in weeks if saves(week) > 0]
        elif len(weeks) <= MOST_WEEKS:
            for size in range(len(weeks) + 1):
                yield from combinations(weeks, size)
        else:
            ordered = sorted(weeks, key=saves, reverse=True)
            for size in range(len(ordered) + 1):
                yield ordered[:size]

    def _single(self, each: _Single, ranks: Mapping[Number, int], beside: tuple[str, ...]) -> PricedDays | None:
        priced = each.terms.priced(self._ranks(each.orders, ranks), beside)
        return None if priced is None else PricedDays(self.item, (each.day,), priced)

    def _as_one(
        self,
        asked: _Asked,
        days: Sequence[date],
        lines: Sequence[Line],
        ranks: Mapping[Number, int],
        beside: tuple[str, ...],
    ) -> Iterator[PricedDays]:
        """The cheapest price for each size that there is: of a camp, a week, blocks of so many days."""
        for unit, size in sorted({(line.unit, line.size) for line in lines}):
            among = [(line, 1) for line in lines if (line.unit, line.size) == (unit, size)]
            way = self._lowest(asked, days, among, ranks, beside)
            if way is not None:
                yield way

    def _days(
        self, single: Mapping[date, PricedDays | None], weeks: Sequence[PricedDays], blocks: Sequence[PricedDays]
    ) -> tuple[PricedDays, ...] | None:
        """These weeks, and the days outside of them: the dearest in blocks, where that costs less. None: a day has no
        price."""
        paid = {day for week in weeks for day in week.days}
        rest = [(day, way) for day, way in single.items() if day not in paid]
        rest.sort(key=lambda each: 1 if each[1] is None else -each[1].priced.cents)
        rest.sort(
            key=lambda each: each[1] is not None
        )  # days without a price of their own first: blocks must have them
        best: tuple[int, tuple[PricedDays, ...]] | None = None
        for count, (cents, chosen) in self._in_blocks(len(rest), blocks).items():
            alone = [way for _, way in rest[count:] if way is not None]
            total = cents + sum(way.priced.cents for way in alone)
            if len(alone) == len(rest) - count and (best is None or total < best[0]):
                best = total, (*self._with_days(chosen, [day for day, _ in rest]), *alone)
        return None if best is None else (*weeks, *best[1])

    def _in_blocks(self, days: int, blocks: Sequence[PricedDays]) -> dict[int, tuple[int, tuple[PricedDays, ...]]]:
        """How so many days, or fewer, are paid by blocks alone: cents, and the blocks."""
        found: dict[int, tuple[int, tuple[PricedDays, ...]]] = {0: (0, ())}
        for count in range(1, days + 1) if blocks else ():
            for block in blocks:
                before = found.get(count - self.rates.lines[block.priced.code].size)
                if before is not None:
                    cents = before[0] + block.priced.cents
                    if count not in found or cents < found[count][0]:
                        found[count] = cents, (*before[1], block)
        return found

    def _with_days(self, blocks: Sequence[PricedDays], days: Sequence[date]) -> Iterator[PricedDays]:
        begin = 0
        for block in blocks:
            end = begin + self.rates.lines[block.priced.code].size
            yield block._replace(days=tuple(sorted(days[begin:end])))
            begin = end


class Extras(Piece):
    """Extras that are taken on one day beside the stay."""

    def __init__(self, circle: Circle, item: QuoteItem, day: ItemDay) -> None:
        super().__init__(circle, item)
        self.day = day
        self.wanted = [
            (name, [(line, number) for line in lines if (number := _quantity(line, day)) is not None])
            for name in day.extras
            for lines in [named(self.rates.version.lines, PriceRole.EXTRA, name, OF_A_DAY)]
        ]
        self.asked = self._ask([day], [line for _, among in self.wanted for line, _ in among], as_one=False)

    def _bill(self, ranks: Mapping[Number, int]) -> PieceBill:
        ways = []
        for name, among in self.wanted:
            if among and not any(number for _, number in among):
                continue  # care was chosen, and the child came and went outside its hours
            way = self._lowest(self.asked, (self.day.day,), among, ranks)
            if way is None:
                raise NoPrice(self.item, name)
            ways.append(way)
        return PieceBill(sum(way.priced.cents for way in ways), tuple(ways))


class Beside(Piece):
    """Extras and surcharges that count once a registration."""

    def __init__(self, circle: Circle, item: QuoteItem) -> None:
        super().__init__(circle, item)
        self.days = sorted(item.days, key=lambda day: day.day)
        lines = self.rates.version.lines
        self.extras = [(name, named(lines, PriceRole.EXTRA, name, (Unit.CAMP,))) for name in item.extras]
        self.asked = self._ask(self.days, [line for _, several in self.extras for line in several], as_one=True)

    def _bill(self, ranks: Mapping[Number, int]) -> PieceBill:
        ways = []
        for name, several in self.extras:
            way = self._lowest(self.asked, [day.day for day in self.days], [(line, 1) for line in several], ranks)
            if way is None:
                raise NoPrice(self.item, name)
            ways.append(way)
        facts = replace(self.asked.facts, ranks=self._ranks(self.asked.orders, ranks))
        once = tuple(Once(self.item, each.code, each.cents) for each in self.rates.surcharges_once(facts))
        return PieceBill(sum(way.priced.cents for way in ways) + sum(each.cents for each in once), tuple(ways), once)


class Fines(Piece):
    """Fines for deeds of the family against the rules: outside of orders, surcharges and discounts, and also where
    nothing is left of the registration."""

    def _bill(self, ranks: Mapping[Number, int]) -> PieceBill:
        item = self.item
        days = sorted(item.days, key=lambda day: day.day) or [ItemDay(min(item.session_days))]
        facts = self.circle.facts_as_one(item, days)
        asked = _Asked(facts, (True, *self.rates.key(facts)), ())
        ways = []
        for event in item.events:
            lines = named(self.rates.version.lines, PriceRole.FINE, event.name, (*OF_A_DAY, Unit.CAMP))
            among = [(line, _started(event.minutes, line) if line.unit == Unit.SLICE else 1) for line in lines]
            way = self._lowest(asked, [event.day], among, ranks)
            if way is None:
                raise NoPrice(item, event.name)
            ways.append(way)
        return PieceBill(sum(way.priced.cents for way in ways), tuple(ways))


def pieces(circle: Circle, item: QuoteItem) -> Iterator[Piece]:
    """All that is paid for an item, but the card that its days are turns of."""
    if item.events:
        yield Fines(circle, item)
    days = sorted(item.days, key=lambda day: day.day)
    if not days:
        return
    rates = circle.rates[item.key]
    if item.extras or any(each.per == Per.ITEM for each in rates.version.surcharges):
        yield Beside(circle, item)
    for day in days:
        if day.extras:
            yield Extras(circle, item, day)
    if item.by_card:
        return
    once = any(each.per == Per.ITEM for each in rates.version.discounts)
    if once or rates.has_several:
        facts = circle.facts_as_one(item, days)
        key = (True, *rates.key(facts))
        if rates.could_fit(facts, key, OF_SEVERAL_DAYS) or rates.could_take_once(facts):
            yield Stay(circle, item, days)
            return
        if rates.could_fit(facts, key, (Unit.WEEK,)):
            for week in weeks(days):
                yield Stay(circle, item, week)
            return
    yield from alike(circle, item, days)


def named(lines: Iterable[Line], role: PriceRole, name: str, units: tuple[Unit, ...]) -> list[Line]:
    return [line for line in lines if line.role == role and line.name == name and line.unit in units]


def weeks(days: Sequence[ItemDay]) -> list[list[ItemDay]]:
    """The days, by the weeks of the calendar."""
    found: dict[int, list[ItemDay]] = {}
    for day in days:
        found.setdefault(week_of(day.day), []).append(day)
    return list(found.values())


def whole_weeks(item: QuoteItem, days: Sequence[ItemDay]) -> list[list[ItemDay]]:
    """Those in which the child comes on all days that the session has in them."""
    has: dict[int, int] = {}
    for day in item.session_days:
        has[week_of(day)] = has.get(week_of(day), 0) + 1
    return [week for week in weeks(days) if len(week) == has[week_of(week[0].day)]]


def _quantity(line: Line, day: ItemDay) -> int | None:
    """Units of the line on this day; None: the hours that it counts are not known."""
    if line.unit == Unit.DAY:
        return 1
    if not day.has_hours:
        return None
    begins, ends = day.interval
    if not line.windows:
        return _started(ends - begins, line)
    return sum(
        _started(max(0, min(ends, minutes(window.ends)) - max(begins, minutes(window.begins))), line)
        for window in line.windows
    )


def _started(duration: int, line: Line) -> int:
    """Slices of so many minutes that have begun."""
    return -(-duration // line.size)
