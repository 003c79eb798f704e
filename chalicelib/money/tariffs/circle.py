"""Who of a family comes when, and what conditions ask about a child in one session: `Facts` without ranks."""

from collections.abc import Hashable, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple

from chalicelib.money.tariffs.conditions import Among, By, Company, Facts, Measure, Space
from chalicelib.money.tariffs.families import DayPart, Family, FamilyChild, ItemDay, QuoteItem, age, days_ahead, week_of
from chalicelib.money.tariffs.pricing import Rates


class DayPresence(NamedTuple):
    """A child's day, for counting who comes when."""

    child: int
    item: QuoteItem
    day: ItemDay


Number = int  # of a group: children who are put in an order, in a space, for one day, week, camp or season


class Circle:
    """A family with all that it has and wants. `children`: the oldest first; of twins, the one whose id comes first.
    `rates`, `registered_at`: of each item, by its key."""

    def __init__(
        self,
        family: Family,
        items: Sequence[QuoteItem],
        rates: Mapping[tuple[str, str], Rates],
        registered_at: Mapping[tuple[str, str], datetime],
    ) -> None:
        self.items = items
        self.family, self.rates, self.registered_at = family, rates, registered_at
        self.children = sorted(family.children, key=lambda child: (child.born, child.child_id))
        self.numbers = {child.child_id: number for number, child in enumerate(self.children)}
        self.presences = [DayPresence(self.numbers[item.child_id], item, day) for item in items for day in item.days]
        several = list(rates.values())
        self.spaces = tuple(sorted({space for each in several for space in each.spaces}))
        self.companies = tuple(sorted({company for each in several for company in each.companies}))
        self._entitlements: dict[tuple[int, date, tuple[str, ...]], frozenset[str]] = {}
        self.groups: list[Space] = []  # the space of each, by its number
        self._numbers: dict[tuple[Space, Hashable], Number] = {}
        self._changes_by_day = any(
            entitlement.since or entitlement.until
            for entitlements in (family.entitlements, *(child.entitlements for child in family.children))
            for entitlement in entitlements
        )
        self._facts: dict[tuple[object, ...], Facts] = {}
        self._together: dict[tuple[object, ...], int] = {}

    @cached_property
    def by_day(self) -> dict[date, list[DayPresence]]:
        found: dict[date, list[DayPresence]] = {}
        for presence in self.presences:
            found.setdefault(presence.day.day, []).append(presence)
        return found

    @cached_property
    def patterns(self) -> dict[date, int]:
        """The same number for days on which the same children come at the same hours to sessions of the same kinds."""
        known: dict[tuple[tuple[int, str, tuple[int, int]], ...], int] = {}
        found = {}
        for day, presences in self.by_day.items():
            pattern = tuple((each.child, each.item.kind, each.day.interval) for each in presences)
            found[day] = known.setdefault(pattern, len(known))
        return found

    @cached_property
    def stretches(self) -> dict[tuple[tuple[str, ...], tuple[str, str], date], int]:
        """For each item and day, the number of the stretch of time in which children of the family are there without a
        break, by the kinds of sessions that count."""
        found = {}
        for kinds in dict.fromkeys(space.kinds for space in self.spaces if space.within == Among.AT_ONCE):
            for day, presences in self.by_day.items():
                until, number = -1, 0
                for each in sorted(presences, key=lambda presence: presence.day.interval):
                    if kinds and each.item.kind not in kinds:
                        continue
                    begins, ends = each.day.interval
                    number += begins >= until
                    until = max(until, ends)
                    found[kinds, each.item.key, day] = number
        return found

    def group(self, space: Space, item: QuoteItem, day: date) -> Number | None:
        """The children among whom this item's child has its place, on that day; None: its kind does not count."""
        if space.kinds and item.kind not in space.kinds:
            return None
        of = _name(space.within, item, day)
        name = space, (of, self.stretches[space.kinds, item.key, day]) if space.within == Among.AT_ONCE else of
        number = self._numbers.get(name)
        if number is None:
            number = self._numbers[name] = len(self.groups)
            self.groups.append(space)
        return number

    @cached_property
    def members(self) -> dict[Number, tuple[int, ...]]:
        found: dict[Number, set[int]] = {}
        for child, item, day in self.presences:
            for space in self.spaces:
                number = self.group(space, item, day.day)
                if number is not None:
                    found.setdefault(number, set()).add(child)
        return {number: tuple(sorted(children)) for number, children in found.items()}

    @cached_property
    def fixed(self) -> dict[Number, dict[int, int]]:
        """Ranks that no choice decides: by age. Of twins, the one whose id comes first is the older."""
        ranks = {}
        for number, children in self.members.items():
            by = self.groups[number].by
            if by != By.BEST:
                ordered = children if by == By.OLDEST else children[::-1]
                ranks[number] = {child: rank for rank, child in enumerate(ordered, start=1)}
        return ranks

    @cached_property
    def coming(self) -> dict[tuple[Company, Hashable], set[int]]:
        found: dict[tuple[Company, Hashable], set[int]] = {}
        for child, item, day in self.presences:
            for company in self.companies:
                if company.within != Among.AT_ONCE and (not company.kinds or item.kind in company.kinds):
                    found.setdefault((company, _name(company.within, item, day.day)), set()).add(child)
        return found

    def together(self, company: Company, item: QuoteItem, day: ItemDay) -> int:
        """How many children of the family come, on that day or at most at one moment of the child's own hours."""
        if company.kinds and item.kind not in company.kinds:
            return 0
        if company.within != Among.AT_ONCE:
            return len(self.coming.get((company, _name(company.within, item, day.day)), ()))
        begins, ends = day.interval
        known = company, begins, ends, self.patterns.get(day.day)
        if known not in self._together:
            self._together[known] = self._at_once(company, day)
        return self._together[known]

    def _at_once(self, company: Company, day: ItemDay) -> int:
        begins, ends = day.interval
        there = [
            (max(begins, each.day.interval[0]), min(ends, each.day.interval[1]), each.child)
            for each in self.by_day.get(day.day, ())
            if not company.kinds or each.item.kind in company.kinds
        ]
        moments = {start for start, end, _ in there if start < end}
        return max((len({child for start, end, child in there if start <= now < end}) for now in moments), default=0)

    def facts(self, item: QuoteItem, day: ItemDay) -> Facts:
        """About one day, without ranks. For days of an item between which no condition tells a difference, the same
        object."""
        child = self.children[self.numbers[item.child_id]]
        rates = self.rates[item.key]
        known = (
            item.key,
            day.part,
            day.begins,
            day.ends,
            self.entitlements(child, day.day, rates.version.unproven) if self._changes_by_day else None,
            (self.patterns[day.day], week_of(day.day)) if rates.companies else None,
            day.day if rates.asks_for_days else None,
        )
        if known not in self._facts:
            self._facts[known] = self._about(child, item, [day], is_half=day.part != DayPart.DAY)
        return self._facts[known]

    def facts_as_one(self, item: QuoteItem, days: Sequence[ItemDay]) -> Facts:
        """About days of an item, in their order and none left out, that are paid together; without ranks. Claims are
        those of the first of them."""
        known = item.key, days[0].day, days[-1].day
        if known not in self._facts:
            child = self.children[self.numbers[item.child_id]]
            self._facts[known] = self._about(child, item, days, is_half=False)
        return self._facts[known]

    def _about(self, child: FamilyChild, item: QuoteItem, days: Sequence[ItemDay], *, is_half: bool) -> Facts:
        registered_at = self.registered_at[item.key]
        rates = self.rates[item.key]
        first = days[0]
        return Facts(
            kind=item.kind,
            starts_on=min(item.session_days),
            registered_at=registered_at,
            level=item.level or child.level,
            entitlements=self.entitlements(child, first.day, rates.version.unproven),
            measures={
                measure: value
                for measure in rates.measures
                if (value := self._measure(measure, child, item, days)) is not None
            },
            together={company: min(self.together(company, item, day) for day in days) for company in rates.companies},
            is_half=is_half,
            is_whole=item.is_whole,
        )

    def entitlements(self, child: FamilyChild, day: date, unproven: tuple[str, ...]) -> frozenset[str]:
        known = (self.numbers[child.child_id], day if self._changes_by_day else date.min, unproven)
        if known not in self._entitlements:
            entitlements = (*self.family.entitlements, *child.entitlements)
            self._entitlements[known] = frozenset(
                entitlement.name for entitlement in entitlements if entitlement.counts(day, unproven)
            )
        return self._entitlements[known]

    def _measure(self, measure: Measure, child: FamilyChild, item: QuoteItem, days: Sequence[ItemDay]) -> int | None:
        match measure:
            case Measure.AGE:
                return age(child.born, min(item.session_days))
            case Measure.BIRTH_YEAR:
                return child.born.year
            case Measure.INCOME:
                return self.family.income_cents if item.income_cents is None else item.income_cents
            case Measure.MINUTES:
                begins, ends = days[0].interval
                return ends - begins if len(days) == 1 and days[0].has_hours else None
            case Measure.DAYS_TAKEN:
                return len(item.days)
            case Measure.CAMP_DAYS:
                return len(item.session_days)
            case Measure.DAYS_AHEAD:
                return days_ahead(self.registered_at[item.key], days[0].day)
            case Measure.WEEKDAY:
                return days[0].day.isoweekday()
            case Measure.SESSIONS:
                return len(self._sessions(item))
            case Measure.NTH_SESSION:
                sessions = self._sessions(item)
                return 1 + sessions.index(item.session_id) if item.days else None

    def _sessions(self, item: QuoteItem) -> list[str]:
        """Those of the same kind to which the child comes in the season, by their first days."""
        return [
            other.session_id
            for other in self.items
            if other.days and (other.child_id, other.kind, other.season) == (item.child_id, item.kind, item.season)
        ]


def _name(within: Among, item: QuoteItem, day: date) -> Hashable:
    match within:
        case Among.WEEK:
            return week_of(day)
        case Among.CAMP:
            return item.session_id
        case Among.SEASON:
            return item.season
        case _:
            return day
