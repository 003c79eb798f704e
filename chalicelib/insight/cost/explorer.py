"""Beside what we reckon, what AWS itself says: Cost Explorer, by cost-allocation tag, each difference explained.

AWS sells each answer for $0.01 a page, so it is asked only when somebody asks. What it does not answer is said, never
shown as nothing: that it is not enabled, that it refuses, that it has no line under our tag.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.core.languages import N_
from chalicelib.insight.cost.figures import EXACT, exact_sum
from chalicelib.insight.cost.prices import Meter, PriceList
from chalicelib.insight.cost.spent import WHAT, Spent

TAG = {"Key": "app", "Values": ["stormloop"]}
MOST_PAGES = 20

NOT_ENABLED = N_(
    "Cost Explorer is not enabled in this account: somebody opens it once in the Billing console, and it has figures a "
    "day later."
)
REFUSES = N_("Cost Explorer refuses: {code}. The role needs leave to ce:GetCostAndUsage.")
NO_DATA = N_("Cost Explorer has no data for {first} until {last}. It is a day behind, and knows the last 13 months.")
NO_LINE = N_(
    "Cost Explorer has no line under the tag app=stormloop for {first} until {last}. The tag must be activated as a "
    "cost-allocation tag, and counts from then on (docs/deploy.md says how)."
)
NO_ANSWER = N_("Cost Explorer does not answer: {code}.")

COUNTED_OTHERWISE = N_("AWS counted {theirs} and we counted {ours}")
WITHIN_FREE = N_("within the always-free tier, or a volume tier")
OTHER_PRICE = N_("another price, tax, a credit, or rounding")
NOT_METERED = N_("not metered by us: it belongs to no request")
NOT_SHOWN = N_("AWS shows no such line: it is free, or cannot be tagged")

# Cost Explorer's names of services whose usage types others have too (TimedStorage-ByteHrs is three things).
SERVICES = {
    "Amazon DynamoDB": "dynamodb",
    "AmazonCloudWatch": "cloudwatch",
    "Amazon Simple Storage Service": "s3",
}

Because = tuple[str, Mapping[str, object], Decimal]


class Unknown(Exception):
    """The figures of AWS are not known; `text` in English with `values`, to be translated, says why."""

    def __init__(self, text: str, **values: object) -> None:
        self.text, self.values = text, values
        super().__init__(text.format(**values))


@dataclass(frozen=True)
class Billed:
    """A line of AWS's: as it calls the service and the use."""

    service: str
    usage_type: str
    quantity: Decimal
    usd: Decimal


@dataclass(frozen=True)
class ComparedLine:
    """One meter of ours, or use of theirs. `because`: what the difference is made of; it adds up to it exactly. A
    quantity is None where one of us has no such line."""

    what: str
    meter: Meter | None
    ours: Decimal | None
    theirs: Decimal | None
    our_usd: Decimal
    their_usd: Decimal
    because: tuple[Because, ...]

    @property
    def difference(self) -> Decimal:
        return EXACT.subtract(self.their_usd, self.our_usd)


def ask(first: date, last: date, client: Any = None) -> list[Billed]:
    """The bill of AWS for these days, both included. Raises Unknown."""
    found: list[Billed] = []
    more: dict[str, Any] = {}
    try:
        for _ in range(MOST_PAGES):
            answer = (client or _client()).get_cost_and_usage(
                TimePeriod={"Start": first.isoformat(), "End": (last + timedelta(days=1)).isoformat()},
                Granularity="MONTHLY",
                Filter={"Tags": TAG},
                Metrics=["UnblendedCost", "UsageQuantity"],
                GroupBy=[{"Type": "DIMENSION", "Key": name} for name in ("SERVICE", "USAGE_TYPE")],
                **more,
            )
            found += _read(answer)
            if not answer.get("NextPageToken"):
                break
            more = {"NextPageToken": answer["NextPageToken"]}
    except ClientError as error:
        raise _why(error, first, last) from None
    except BotoCoreError as error:
        raise Unknown(NO_ANSWER, code=type(error).__name__) from None
    if not found:
        raise Unknown(NO_LINE, first=first, last=last)
    return found


def compared(spent: Spent, billed: Iterable[Billed]) -> list[ComparedLine]:
    """Line by line, the greatest difference first; what both have, what only we have, what only AWS has."""
    taken_off = {one.meter: one.usd for one in spent.taken_off}
    meters = _meters(spent.prices)
    theirs: dict[Meter, list[Billed]] = defaultdict(list)
    lines = []
    for one in billed:
        meter = meters.get((SERVICES.get(one.service), one.usage_type)) or meters.get((None, one.usage_type))
        if meter is None or not any(figure.meter == meter for figure in spent.figures):
            what = f"{one.service}, {one.usage_type}"
            because: tuple[Because, ...] = ((NOT_METERED, {}, one.usd),)
            lines.append(ComparedLine(what, None, None, one.quantity, Decimal(0), one.usd, because))
        else:
            theirs[meter].append(one)
    for meter in dict.fromkeys(figure.meter for figure in spent.figures):
        figures = [figure for figure in spent.figures if figure.meter == meter]
        lines.append(_line(meter, figures, theirs[meter], taken_off.get(meter, Decimal(0))))
    return sorted(lines, key=lambda line: (-abs(line.difference), line.what))


def _line(meter: Meter, figures: list[Any], theirs: list[Billed], taken_off: Decimal) -> ComparedLine:
    ours, our_usd = exact_sum(one.quantity for one in figures), exact_sum(one.usd for one in figures)
    what = WHAT[meter][0] if meter in WHAT else figures[0].what
    if not theirs:
        return ComparedLine(what, meter, ours, None, our_usd, Decimal(0), ((NOT_SHOWN, {}, -our_usd),))
    quantity, usd = exact_sum(one.quantity for one in theirs), exact_sum(one.usd for one in theirs)
    because: list[Because] = []
    counted = EXACT.multiply(EXACT.subtract(quantity, ours), figures[0].price.usd) / figures[0].price.per
    if counted:
        because.append((COUNTED_OTHERWISE, {"theirs": f"{quantity:f}", "ours": f"{ours:f}"}, counted))
    rest = EXACT.subtract(EXACT.subtract(usd, our_usd), counted)
    if taken_off and rest < 0:
        free = max(taken_off, rest)
        because.append((WITHIN_FREE, {}, free))
        rest = EXACT.subtract(rest, free)
    if rest:
        because.append((OTHER_PRICE, {}, rest))
    return ComparedLine(what, meter, ours, quantity, our_usd, usd, tuple(because))


def _meters(prices: PriceList) -> dict[tuple[str | None, str], Meter]:
    """By our service and AWS's usage type, which is the second word of a price's source; also by the usage type alone
    where only one of our services has it, because AWS books what is sent on whichever service sends it."""
    found: dict[tuple[str | None, str], Meter] = {}
    named: dict[str, set[Meter]] = defaultdict(set)
    for price in prices.prices:
        _, _, rest = price.source.partition(" ")
        if usage_type := rest.partition(" ")[0]:
            found[price.service, usage_type] = price.meter
            named[usage_type].add(price.meter)
    return found | {(None, usage_type): meter for usage_type, (meter, *others) in named.items() if not others}


def _read(answer: Mapping[str, Any]) -> Iterator[Billed]:
    for time in answer["ResultsByTime"]:
        for group in time["Groups"]:
            (service, usage_type), metrics = group["Keys"], group["Metrics"]
            cost = metrics["UnblendedCost"]
            if cost["Unit"] != "USD":
                raise Unknown(NO_ANSWER, code=f"in {cost['Unit']}")
            yield Billed(service, usage_type, Decimal(metrics["UsageQuantity"]["Amount"]), Decimal(cost["Amount"]))


def _why(error: ClientError, first: date, last: date) -> Unknown:
    code, message = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
    if "not enabled for cost explorer" in message.lower():
        return Unknown(NOT_ENABLED)
    if code == "DataUnavailableException":
        return Unknown(NO_DATA, first=first, last=last)
    return Unknown(REFUSES if "AccessDenied" in code else NO_ANSWER, code=code)


def _client() -> Any:
    import boto3  # noqa: PLC0415 - only who asks needs it

    return boto3.client("ce", region_name="us-east-1")  # there is one, for all regions
