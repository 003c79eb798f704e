"""The tables of what it did cost, as files: the same rows, their sums exact, under the command line's names."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

from chalicelib.core.languages import translate
from chalicelib.insight.cost.chargeback import NobodyToCharge
from chalicelib.insight.cost.explorer import ComparedLine
from chalicelib.insight.cost.figures import exact_sum
from chalicelib.insight.cost.prices import Meter
from chalicelib.insight.cost.reading import bills
from chalicelib.insight.cost.spent import CostPart, Spent
from chalicelib.pages.staff.money import Table

SHARED = "shared"


def by_service(found: Spent) -> Table:
    return _sums("service", found.by_service())


def by_activity(found: Spent) -> Table:
    return _sums("activity", found.by(lambda key: key.activity.value))


def by_opening(found: Spent) -> Table:
    return _sums("opening", found.by(lambda key: key.opening_id))


def by_municipality(found: Spent) -> Table:
    """The bills. What is shared has a line for each municipality's part of it, in the column of that name."""
    head = ("municipality", "registrations", "own_usd", "own_in_cents", "share", "shared_in_cents", "in_cents")
    try:
        charged = bills(found)
    except NobodyToCharge:
        return head, []
    return head, [
        (
            bill.municipality,
            bill.registrations,
            bill.own_usd,
            bill.own_cents,
            round(Decimal(bill.share.numerator) / bill.share.denominator, 9),
            bill.shared_cents,
            bill.cents,
        )
        for bill in charged.bills
    ]


def taken_off(found: Spent) -> Table:
    rows = [(", ".join(meter), quantity, free, usd) for meter, quantity, free, usd in free_of_charge(found)]
    return ("meter", "quantity", "free_per_month", "usd"), [tuple(row) for row in rows]


def beside(lines: Iterable[ComparedLine], language: str) -> Table:
    """Ours and AWS's; what only one of us has leaves the other's quantity empty."""
    head = ("what", "our_quantity", "aws_quantity", "our_usd", "aws_usd", "difference_usd", "because")
    return head, [
        (
            translate(line.what, language),
            "" if line.ours is None else line.ours,
            "" if line.theirs is None else line.theirs,
            line.our_usd,
            line.their_usd,
            line.difference,
            "; ".join(f"{usd:f}: {translate(text, language, **values)}" for text, values, usd in line.because),
        )
        for line in lines
    ]


def free_of_charge(found: Spent) -> list[tuple[Meter, Decimal, Decimal, Decimal]]:
    """Of which meter how much was used, how much of it is free each month, and what AWS therefore does not ask."""
    return [
        (
            one.meter,
            exact_sum(figure.quantity for figure in found.figures if figure.meter == one.meter),
            found.prices.of(one.meter)[0].free,
            one.usd,
        )
        for one in found.taken_off
    ]


TABLES: Mapping[str, Callable[[Spent], Table]] = {
    "service": by_service,
    "activity": by_activity,
    "opening": by_opening,
    "municipality": by_municipality,
    "taken-off": taken_off,
}


def _sums(name: str, parts: Sequence[CostPart[str]] | Sequence[CostPart[str | None]]) -> Table:
    return (name, "in_cents", "usd", "registrations"), [
        (part.key or "", part.cents, part.usd, part.registrations) for part in parts
    ]
