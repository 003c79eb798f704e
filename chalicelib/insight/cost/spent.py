"""The cost: use at list price, exactly, and the deductions of AWS. Plain rules.

Whatever it is looked at by (activity, opening, municipality, day, service), the rows add up: each is priced at the
first tier of its meters, and what the free tier and tiers of volume take off the whole is a line of its own, because it
belongs to no activity. What has no line in a log (a queue that is asked, alarms, storage) is the system's.
"""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, localcontext
from functools import cached_property
from typing import Generic, TypeVar

from chalicelib.core.activities import Activity
from chalicelib.core.languages import N_
from chalicelib.insight.cost import usage
from chalicelib.insight.cost.figures import EXACT, CostFigure, HowCounted, charge, exact_sum, how, in_cents, rounded
from chalicelib.insight.cost.idle import RUNS, Idle
from chalicelib.insight.cost.prices import Meter, PriceList
from chalicelib.insight.cost.usage import Usage, UsageKey, billed

REPORT = N_("FilterLogEvents, each function's group, REPORT: {how}")
OURS = N_("FilterLogEvents, each function's group, {field}: {how}")
# Each meter in words, and the query of the logs that gives its quantity.
WHAT: Mapping[Meter, tuple[str, HowCounted]] = {
    usage.API_REQUEST: (
        N_("requests of programs"),
        how(N_("FilterLogEvents, group {group}, REPORT: how many without {field}"), group="api", field="door"),
    ),
    usage.PAGES_REQUEST: (
        N_("requests of browsers"),
        how(N_("FilterLogEvents, group {group}, REPORT: how many with {field}"), group="api", field="door http"),
    ),
    usage.LAMBDA_REQUEST: (N_("invocations of functions"), how(REPORT, how=how(N_("how many")))),
    usage.LAMBDA_DURATION: (
        N_("time that functions ran"),
        how(REPORT, how="Billed Duration / 1000 x Memory Size / 1024"),
    ),
    usage.READ_UNIT: (
        N_("reads of the table"),
        how(OURS, field="used.read", how=how(N_("CapacityUnits as DynamoDB answered"))),
    ),
    usage.WRITE_UNIT: (
        N_("writes to the table"),
        how(OURS, field="used.write", how=how(N_("CapacityUnits as DynamoDB answered"))),
    ),
    usage.QUEUE_REQUEST: (
        N_("requests to the queue"),
        how(OURS, field="used.queue", how=how(N_("calls; and 2 for each REPORT of group mails"))),
    ),
    usage.MAIL: (N_("mails"), how(OURS, field="used.mail", how=how(N_("SendEmail that SES took")))),
    usage.LOG: (
        N_("lines of log"),
        how(N_("FilterLogEvents, each function's group: bytes + 26 for each event, / 10^9")),
    ),
    usage.SENT: (
        N_("data sent to browsers"),
        how(OURS, field="used.sent", how=how(N_("bytes of the body / 10^9"))),
    ),
    usage.TIMER: (N_("timers of offers"), how(OURS, field="used.timer", how="CreateSchedule")),
    usage.METRIC_READ: (
        N_("metrics that were read"),
        how(OURS, field="used.metric", how=how(N_("GetMetricData, metrics"))),
    ),
}
NOTHING = N_(
    "Nothing is known from {first} until {last}: none of these days was counted. The function Cost counts every night "
    "at 03:20 UTC; `python -m chalicelib cost MONTH --now` counts at once. Logs are kept for 30 days."
)
MISSING = N_("Not counted, and not in these totals: {days}.")
SO_FAR = N_("Counted until {until}.")

K = TypeVar("K")


class NothingKnown(Exception):
    """No day of the time was counted: there is no figure, which is not a figure of zero."""

    def __init__(self, first: date, last: date) -> None:
        self.text, self.values = NOTHING, {"first": first.isoformat(), "last": last.isoformat()}
        super().__init__(self.text.format(**self.values))


@dataclass(frozen=True)
class Used:
    """So many of a meter, for something. `what`, `query`: as of a Figure."""

    key: UsageKey
    what: str
    meter: Meter
    quantity: Decimal
    query: HowCounted


@dataclass(frozen=True)
class CostPart(Generic[K]):
    """A row: its figures add up to `usd`, exactly; the `cents` of all rows to those of the whole."""

    key: K
    figures: tuple[CostFigure, ...]
    usd: Decimal
    cents: Decimal
    registrations: Decimal


@dataclass(frozen=True)
class TakenOff:
    """The part of a meter's list price that AWS does not ask: the always-free tier, and volume tiers."""

    meter: Meter
    usd: Decimal


@dataclass(frozen=True)
class Spent:
    """`days` were counted, `missing` were not, of `first` until `last`. `until`: as far as the last of them was."""

    first: date
    last: date
    days: tuple[date, ...]
    missing: tuple[date, ...]
    until: datetime
    used: tuple[Used, ...]
    registered: Mapping[UsageKey, Decimal]
    prices: PriceList

    @property
    def figures(self) -> tuple[CostFigure, ...]:
        """One for each meter and what it was used for."""
        return self._figures(self.used)

    @cached_property
    def usd(self) -> Decimal:
        """At list price, exactly."""
        return exact_sum(one.usd for one in self.figures)

    @property
    def cents(self) -> Decimal:
        return rounded(self.usd)

    @property
    def registrations(self) -> Decimal:
        return sum(self.registered.values(), Decimal(0))

    @property
    def per_registration(self) -> Decimal | None:
        """None where nobody registered: there is nothing to divide by."""
        return self.usd / self.registrations if self.registrations else None

    @property
    def taken_off(self) -> tuple[TakenOff, ...]:
        """If nothing else in the account uses the free tier; of a whole month."""
        quantities: dict[Meter, Decimal] = defaultdict(Decimal)
        for one in self.used:
            quantities[one.meter] += one.quantity
        found = [
            TakenOff(meter, charge(meter, quantity, self.prices, free=True) - self._at_list(meter, quantity))
            for meter, quantity in quantities.items()
        ]
        return tuple(one for one in found if one.usd)

    @property
    def billed(self) -> Decimal:
        """The amount that AWS asks, by this calculation."""
        return exact_sum([self.usd, *(one.usd for one in self.taken_off)])

    def by(self, of: Callable[[UsageKey], K]) -> list[CostPart[K]]:
        """Rows, the dearest first."""
        groups: dict[K, list[Used]] = defaultdict(list)
        for one in self.used:
            groups[of(one.key)].append(one)
        registrations: dict[K, Decimal] = defaultdict(Decimal)
        for key, number in self.registered.items():
            registrations[of(key)] += number
        return self._parts(groups, registrations)

    def by_service(self) -> list[CostPart[str]]:
        groups: dict[str, list[Used]] = defaultdict(list)
        for one in self.used:
            groups[one.meter[0]].append(one)
        return self._parts(groups, {})

    def by_day_and_service(self) -> dict[date, dict[str, Decimal]]:
        """For a picture: each day that was counted, in order."""
        found: dict[date, dict[str, Decimal]] = {day: defaultdict(Decimal) for day in self.days}
        for one in self.used:
            found[one.key.day][one.meter[0]] += self._at_list(one.meter, one.quantity)
        return {day: dict(services) for day, services in found.items()}

    def only(self, wanted: Callable[[UsageKey], bool]) -> "Spent":
        """Of these keys alone."""
        used = tuple(one for one in self.used if wanted(one.key))
        registered = {key: number for key, number in self.registered.items() if wanted(key)}
        rest = (self.first, self.last, self.days, self.missing, self.until)
        return Spent(*rest, used, registered, self.prices)

    def _parts(self, groups: Mapping[K, Sequence[Used]], registrations: Mapping[K, Decimal]) -> list[CostPart[K]]:
        figures = {key: self._figures(ones) for key, ones in groups.items()}
        sums = {key: exact_sum(one.usd for one in ones) for key, ones in figures.items()}
        cents = in_cents(sums)
        nothing = Decimal(0)
        parts = [
            CostPart(key, figures[key], usd, cents[key], registrations.get(key, nothing)) for key, usd in sums.items()
        ]
        return sorted(parts, key=lambda part: (-part.usd, str(part.key)))

    def _figures(self, used: Iterable[Used]) -> tuple[CostFigure, ...]:
        quantities: dict[tuple[str, Meter, HowCounted], Decimal] = defaultdict(Decimal)
        for one in used:
            quantities[one.what, one.meter, one.query] += one.quantity
        found = [self._figure(what, meter, quantity, query) for (what, meter, query), quantity in quantities.items()]
        return tuple(sorted(found, key=lambda one: (-one.usd, one.meter)))

    def _figure(self, what: str, meter: Meter, quantity: Decimal, query: HowCounted) -> CostFigure:
        first = self.prices.of(meter)[0]
        return CostFigure(what, meter, quantity, first.counted, first, self._at_list(meter, quantity), query)

    def _at_list(self, meter: Meter, quantity: Decimal) -> Decimal:
        """At the first tier's price, so that parts add up."""
        first = self.prices.of(meter)[0]
        with localcontext(EXACT):
            return quantity * first.usd / first.per


def spent(
    time: tuple[date, date],
    found: Mapping[UsageKey, Usage],
    counted: Mapping[date, datetime],
    standing: Iterable[Idle],
    prices: PriceList,
    today: date,
) -> Spent:
    """`time`: first and last day. `standing`: what turns a meter without a line in a log, of a month. Raises
    NothingKnown, and PriceMissing for what was used and has no price."""
    first, last = time
    days = tuple(sorted(counted))
    if not days:
        raise NothingKnown(first, last)
    due = (first + timedelta(days=number) for number in range((min(last, today) - first).days + 1))
    measured = [_used(key, meter, quantity) for key, used in found.items() for meter, quantity in billed(used).items()]
    registered = {key: used[usage.REGISTRATION] for key, used in found.items() if usage.REGISTRATION in used}
    return Spent(
        first,
        last,
        days,
        tuple(day for day in due if day not in counted),
        max(counted.values()),
        (*measured, *_standing(standing, days, counted)),
        registered,
        prices,
    )


def month(year: int, number: int) -> tuple[date, date]:
    return date(year, number, 1), date(year, number, monthrange(year, number)[1])


def _used(key: UsageKey, meter: Meter, quantity: Decimal) -> Used:
    what, query = WHAT.get(meter, ("", how("FilterLogEvents")))
    return Used(key, what, meter, quantity, query)


def _standing(standing: Iterable[Idle], days: Sequence[date], counted: Mapping[date, datetime]) -> Iterator[Used]:
    """Day by day, as much as there was of the day when it was counted. Without what has a line: scheduled runs."""
    for one in standing:
        if one.what == RUNS:
            continue
        for day in days:
            start = datetime(day.year, day.month, day.day, tzinfo=UTC)
            part = min(Decimal((counted[day] - start) / timedelta(days=1)), Decimal(1))
            quantity = one.quantity * part / monthrange(day.year, day.month)[1]
            # Of a month: the last digits do not matter, and the sum of the parts is what counts.
            quantity = quantity.quantize(Decimal("1e-12"))
            yield Used(UsageKey(day, Activity.SYSTEM), one.what, one.meter, quantity, one.query)
