"""`python -m chalicelib cost 2027-05`: what a month cost, from what was used."""

import csv
import sys
from collections.abc import Iterable
from datetime import UTC, date, datetime

import click

from chalicelib.insight.cost import explorer
from chalicelib.insight.cost.chargeback import NobodyToCharge
from chalicelib.insight.cost.figures import CostFigure, dollars, exact_sum
from chalicelib.insight.cost.prices import NoPriceList, PriceMissing
from chalicelib.insight.cost.reading import bills, cost_of
from chalicelib.insight.cost.spent import MISSING, SO_FAR, CostPart, NothingKnown, Spent, month
from chalicelib.insight.cost.usage import UsageKey

COLUMNS = (
    *("day", "activity", "opening", "municipality", "what", "service", "item", "quantity", "unit"),
    *("price", "price_for", "price_published", "usd", "query"),
)
NO_MONTH = "{value!r} is no month such as 2027-05."


def _month(context: click.Context, parameter: click.Parameter, value: str) -> tuple[date, date]:
    try:
        found = datetime.strptime(value, "%Y-%m").replace(tzinfo=UTC)
    except ValueError:
        raise click.BadParameter(NO_MONTH.format(value=value)) from None
    return month(found.year, found.month)


@click.command("cost")
@click.argument("time", metavar="MONTH", callback=_month)
@click.option("--opening", metavar="ID", help="The use for this opening alone.")
@click.option("--csv", "as_csv", is_flag=True, help="Each figure with all that it comes from.")
@click.option("--explorer", "is_compared", is_flag=True, help="Beside what AWS says, which costs $0.01.")
@click.option("--now", "counts_now", is_flag=True, help="First read the logs until this moment.")
def what_it_cost(
    time: tuple[date, date], opening: str | None, as_csv: bool, is_compared: bool, counts_now: bool
) -> None:
    """The cost of MONTH, such as 2027-05: by activity, opening and municipality, for each registration."""
    if counts_now:
        from chalicelib.insight.cost.gathering import gather  # noqa: PLC0415 - asks for the logs

        gather(datetime.now(UTC))
    try:
        found = cost_of(*time)
        if opening:
            found = found.only(lambda key: key.opening_id == opening)
            if not found.used:
                raise click.ClickException(f"For the opening {opening} nothing was used in this month.")
        if as_csv:
            _write_csv(found)
            return
        _show(found, opening)
        if is_compared:
            _compare(found)
    except (NothingKnown, PriceMissing, NoPriceList) as missing:
        raise click.ClickException(str(missing)) from None


def _show(found: Spent, opening: str | None) -> None:
    whose = f", opening {opening}" if opening else ""
    click.echo(f"{found.first:%Y-%m}{whose}, US dollars without tax, at list price.")
    click.echo(SO_FAR.format(until=f"{found.until:%Y-%m-%d %H:%M} UTC"))
    if found.missing:
        click.echo(MISSING.format(days=", ".join(map(str, found.missing))))
    _figures(found.figures)
    click.echo(f"\n{'all of it':44} {dollars(found.usd):>14}")
    if not opening:
        for one in found.taken_off:
            click.echo(f"  {'taken off: ' + ', '.join(one.meter):42} {dollars(one.usd):>14}")
        click.echo(f"{'what AWS asks, if nothing else is free':44} {dollars(found.billed):>14}")
    each = found.per_registration
    click.echo(
        f"{f'for each of {found.registrations:f} registrations':44} {dollars(each):>14}"
        if each is not None
        else "Nobody registered: there is no price of a registration."
    )
    _rows("activity", found.by(lambda key: key.activity.value))
    _rows("opening", found.by(lambda key: key.opening_id or "of no opening"))
    if not opening:
        _bills(found)


def _figures(figures: Iterable[CostFigure]) -> None:
    click.echo("")
    for one in figures:
        price = f"${one.price.usd:f} for {one.price.unit}, {one.price.published}"
        click.echo(f"{one.what:44} {dollars(one.usd):>14}  {one.quantity.normalize():,f} {one.unit} at {price}")
        click.echo(f"{'':61}{one.query.said('en')}")


def _rows(by: str, parts: Iterable[CostPart[str]]) -> None:
    click.echo(f"\nby {by}")
    for part in parts:
        click.echo(f"  {part.key:42} {dollars(part.usd):>14}  {part.cents:>8} to the cent")


def _bills(found: Spent) -> None:
    try:
        charged = bills(found)
    except NobodyToCharge:
        click.echo("\nThere is no municipality in the programme, and nobody to charge.")
        return
    click.echo(f"\nby municipality. {charged.rule} It is {dollars(charged.shared_usd)}.")
    for bill in charged.bills:
        click.echo(
            f"  {bill.municipality:42} {f'${bill.cents}':>14}  own {dollars(bill.own_usd)}, "
            f"shared ${bill.shared_cents} ({bill.share}), {bill.registrations:f} registrations"
        )


def _compare(found: Spent) -> None:
    click.echo("\nbeside what AWS says")
    try:
        lines = explorer.compared(found, explorer.ask(found.first, found.last))
    except explorer.Unknown as why:
        click.echo(f"  Not known: {why}")
        return
    for line in lines:
        click.echo(f"  {line.what:42} {dollars(line.our_usd):>14}  AWS {dollars(line.their_usd)}")
        for text, values, usd in line.because:
            click.echo(f"  {'':42} {dollars(usd):>14}  {text.format(**values)}")
    click.echo(f"  {'all of it':42} {dollars(found.usd):>14}  AWS {dollars(exact_sum(one.their_usd for one in lines))}")


def _write_csv(found: Spent) -> None:
    rows = csv.writer(sys.stdout, lineterminator="\n")
    rows.writerow(COLUMNS)

    def by_all(key: UsageKey) -> UsageKey:
        return key

    for part in sorted(found.by(by_all), key=lambda part: (part.key.day, part.key.activity, str(part.key))):
        key = part.key
        for one in part.figures:
            place = (key.day, key.activity.value, key.opening_id or "", key.municipality or "")
            price = (f"{one.price.usd:f}", one.price.unit, one.price.published)
            rows.writerow(
                (
                    *place,
                    one.what,
                    *one.meter,
                    f"{one.quantity:f}",
                    one.unit,
                    *price,
                    f"{one.usd:f}",
                    one.query.said("en"),
                )
            )
