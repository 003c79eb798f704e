"""The same year on other machinery: what it would cost to keep it ready all year. Plain rules.

Everything is at full price, so that nobody's free tier decides. The needs of an alternative are here, line by line;
their prices are in the price list, where a reader can change them. Tiers of volume are those of one month; a year's
quantity comes nowhere near their ends.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal

from chalicelib.core.languages import N_
from chalicelib.insight.cost.estimate import Case, EstimateStep, PlannedLoad, StepName, counts, estimate
from chalicelib.insight.cost.figures import CostFigure, HowCounted, figure, how, total
from chalicelib.insight.cost.idle import CAPACITY, KEPT_WARM, LOGS, PROVISIONED, Idle
from chalicelib.insight.cost.prices import Meter, Price, PriceList

HOURS = Decimal(8_760)
MONTHS = Decimal(12)

OURS = N_("As it is now: paid by use")
SERVERS = N_("Two small servers, a load balancer and a managed database")
PROVISIONED_PEAK = N_("The same functions and table, provisioned for the peak")

# The smallest that two zones can do with: if one burns down, the other one serves.
MACHINES = Decimal(2)
DISK = Decimal(8)  # GB, of each
ADDRESSES = Decimal(4)  # public ones: of each machine, and of the balancer in each zone
DATABASE_DISK = Decimal(20)  # GB, the least that is sold
# One unit of the balancer's capacity is 25 new connections a second.
CONNECTIONS_AN_HOUR = Decimal(25 * 3600)

# The peak: all families try in the first minute, and each looks at three pages in it.
RUSH_SECONDS = Decimal(60)
RUSH_PAGES = Decimal(3)
MEMORY = Decimal("0.5")  # GB, of the function that answers (.chalice/config.json)

SERVER = N_("servers, running all year")
DISKS = N_("their disks")
PUBLIC = N_("public addresses")
BALANCER = N_("a load balancer, running all year")
BALANCED = N_("traffic through the load balancer")
DATABASE = N_("a database in two zones, running all year")
DATABASE_DISKS = N_("its disk, in both zones")
WARM_RUNS = N_("work of the warm functions")
FOR_HOURS = N_("{number} x {hours} hours")
PEAK = N_("{how}; a minute in which {families} families look at {pages} pages each and register")


@dataclass(frozen=True)
class Year:
    """So many openings like this one, and the rest of the time nobody."""

    plan: PlannedLoad = field(default_factory=PlannedLoad)
    openings: Decimal = Decimal(3)


@dataclass(frozen=True)
class SetUp:
    name: str
    figures: tuple[CostFigure, ...]

    @property
    def usd(self) -> Decimal:
        return total(self.figures)

    @property
    def prices(self) -> tuple[Price, ...]:
        """Its own price lines, each once."""
        return tuple(dict.fromkeys(one.price for one in self.figures))


def alternatives(
    year: Year, steps: Sequence[EstimateStep], billed: Sequence[Idle], prices: PriceList
) -> tuple[SetUp, SetUp, SetUp]:
    """Ours first. `billed`: what turns a meter by itself (idle.py). Raises PriceMissing."""
    used = tuple(_used(year, steps, prices))
    kept = tuple(_kept(billed, prices))
    logs = [one for one in kept if one.what == LOGS]
    standing = [one for one in kept if one.meter not in ON_DEMAND]
    return (
        SetUp(OURS, used + kept),
        SetUp(SERVERS, (*_servers(year, prices), *_same(used, SHARED), *logs)),
        SetUp(PROVISIONED_PEAK, (*_provisioned(year, steps, used, prices), *_same(used, OTHERS), *standing)),
    )


# Meters that provisioned capacity replaces.
ON_DEMAND = frozenset({("dynamodb", "write-request-unit"), ("dynamodb", "read-request-unit")})
# Meters that are paid by use there too.
SHARED = frozenset({("ses", "mail"), ("transfer", "out"), ("cloudwatch", "logs-ingest")})
OTHERS = SHARED | {
    ("apigateway", "http-request"),
    ("apigateway", "rest-request"),
    ("lambda", "request"),
    ("sqs", "standard-request"),
}


def _used(year: Year, steps: Sequence[EstimateStep], prices: PriceList) -> Iterator[CostFigure]:
    """Of all openings together."""
    for one in estimate(year.plan, steps, prices)[Case.EXPECTED]:
        query = how(N_("{openings} openings x {how}"), openings=year.openings, how=one.query)
        yield figure(one.what, one.meter, one.quantity * year.openings, prices, query)


def _kept(billed: Iterable[Idle], prices: PriceList) -> Iterator[CostFigure]:
    for one in billed:
        query = how(N_("{months} months x {how}"), months=MONTHS, how=one.query)
        yield figure(one.what, one.meter, one.quantity * MONTHS, prices, query)


def _same(used: Iterable[CostFigure], meters: frozenset[Meter]) -> list[CostFigure]:
    return [one for one in used if one.meter in meters]


def _servers(year: Year, prices: PriceList) -> Iterator[CostFigure]:
    requests = sum(counts(year.plan, Case.EXPECTED)[name] for name in ASKING) * year.openings
    units = (requests / CONNECTIONS_AN_HOUR).quantize(Decimal("0.01"), ROUND_CEILING)
    all_year = how(N_("{hours} hours"), hours=HOURS)
    disks = how(N_("{number} x {size} GB x {months} months"), number=MACHINES, size=DISK, months=MONTHS)
    database_disk = how(N_("{size} GB x {months} months"), size=DATABASE_DISK, months=MONTHS)
    balanced = how(N_("{requests} requests / {an_hour}"), requests=requests, an_hour=CONNECTIONS_AN_HOUR)
    lines: Sequence[tuple[str, Meter, Decimal, HowCounted]] = (
        (SERVER, ("ec2", "t4g-micro"), MACHINES * HOURS, how(FOR_HOURS, number=MACHINES, hours=HOURS)),
        (DISKS, ("ec2", "disk-gp3"), MACHINES * DISK * MONTHS, disks),
        (PUBLIC, ("vpc", "public-ipv4"), ADDRESSES * HOURS, how(FOR_HOURS, number=ADDRESSES, hours=HOURS)),
        (BALANCER, ("elb", "application-hour"), HOURS, all_year),
        (BALANCED, ("elb", "application-lcu"), units, balanced),
        (DATABASE, ("rds", "t4g-micro-multi-az"), HOURS, all_year),
        (DATABASE_DISKS, ("rds", "disk-multi-az"), DATABASE_DISK * MONTHS, database_disk),
    )
    for what, meter, quantity, query in lines:
        yield figure(what, meter, quantity, prices, query)


ASKING = (StepName.PAGE, StepName.PASS, StepName.REGISTRATION, StepName.REFUSAL)


def _provisioned(
    year: Year, steps: Sequence[EstimateStep], used: Sequence[CostFigure], prices: PriceList
) -> Iterator[CostFigure]:
    """Scaling by itself takes minutes and the rush is one, so what the peak needs is there all year."""
    families = year.plan.families
    rush: Mapping[StepName, Decimal] = {
        StepName.PAGE: families * RUSH_PAGES,
        StepName.REGISTRATION: families * year.plan.registrations,
        StepName.REFUSAL: families * year.plan.refusals,
    }

    def a_second(meter: Meter) -> Decimal:
        uses = (rush.get(step.name, Decimal(0)) * step.uses[Case.EXPECTED] for step in steps if step.meter == meter)
        return sum(uses, Decimal(0)) / RUSH_SECONDS

    def of_peak(query: HowCounted) -> HowCounted:
        return how(PEAK, how=query, families=families, pages=RUSH_PAGES)

    for unit, item in (("write-request-unit", "write-capacity-hour"), ("read-request-unit", "read-capacity-hour")):
        units = _whole(a_second(("dynamodb", unit)))
        query = how(N_("{units} a second x {hours} hours"), units=units, hours=HOURS)
        yield figure(CAPACITY, ("dynamodb", item), units * HOURS, prices, of_peak(query))
    warm = _whole(a_second(DURATION) / MEMORY)
    seconds = warm * MEMORY * HOURS * 3600
    query = how(KEPT_WARM, number=warm, memory=MEMORY, hours=HOURS)
    yield figure(PROVISIONED, ("lambda", "provisioned-concurrency-arm64"), seconds, prices, of_peak(query))
    ran = [one for one in used if one.meter == DURATION]
    done = sum((one.quantity for one in ran), Decimal(0))
    query = how(N_("{seconds} GB-seconds, as many as ours"), seconds=done)
    yield figure(WARM_RUNS, ("lambda", "provisioned-duration-arm64"), done, prices, query)


DURATION: Meter = ("lambda", "duration-arm64")


def _whole(number: Decimal) -> Decimal:
    return number.quantize(Decimal(1), ROUND_CEILING)
