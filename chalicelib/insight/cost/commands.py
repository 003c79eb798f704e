"""Commands about prices and costs; chalicelib/__main__.py adds it. None of it needs
a table."""

import csv
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, NoReturn

import click

from chalicelib.insight.cost import answers, idle
from chalicelib.insight.cost.alternatives import Year, alternatives
from chalicelib.insight.cost.estimate import Case, PlanImpossible, PlannedLoad, measured, outlook
from chalicelib.insight.cost.figures import FOLLOWED, dollars, followed, rounded, total, unit_price
from chalicelib.insight.cost.prices import (
    HOME,
    Price,
    PriceList,
    PriceMissing,
    PricesWrong,
    file_of,
    read,
    shipped,
    written,
)


@click.command("prices")
@click.option("--write", is_flag=True, help="Change the list, after you have seen what would change.")
def refresh_prices(write: bool) -> None:
    """Ask AWS what it charges now, and show how that differs from our list.

    Needs an AWS account with leave to pricing:GetProducts, which is free. Lines whose answer looks wrong stay as they
    are, and are named.
    """
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - the other commands need no AWS

    from chalicelib.insight.cost.asking import asking  # noqa: PLC0415

    listed = shipped()
    try:
        found = answers.refresh(listed, asking(), datetime.now(UTC).date())
    except (ClientError, BotoCoreError) as error:
        click.echo(f"AWS's Price List API cannot be asked, and nothing was changed: {error}", err=True)
        sys.exit(2)
    for one in found.differences:
        click.echo(f"{', '.join(one.meter)}{_tier(one.new or one.old)}: {_price(one.old)} → {_price(one.new)}")
    click.echo(f"Meters that cost what the list says: {found.confirmed}. Lines that differ: {len(found.differences)}.")
    if found.by_hand:
        click.echo("Kept by hand, because AWS's price list cannot be asked for them:")
        for price in found.by_hand:
            click.echo(f"  {', '.join(price.meter)}: {_price(price)} {price.note}")
    for meter, reason in found.refused.items():
        click.echo(f"Refused, and left as it is: {', '.join(meter)}: {reason}", err=True)
    if write:
        file_of(HOME).write_text(written(found.prices.prices), encoding="utf-8")
        click.echo(f"Written: {file_of(HOME)}. Run the tests, and see what it does to the idle bill.")
    else:
        click.echo("Nothing was written. --write changes the list.")
    sys.exit(1 if found.refused else 0)


def _tier(price: Price | None) -> str:
    return f" from {price.begins:,f} on" if price and price.begins else ""


def _price(price: Price | None) -> str:
    if price is None:
        return "no such tier"
    free = f", {price.free:,f} a month free" if price.free else ""
    return f"${price.usd:f} for {price.unit}{free} ({price.published})"


class Amount(click.ParamType[Decimal]):
    """A number of something, 5000 or 1.5."""

    name = "number"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        try:
            return Decimal(str(value))
        except InvalidOperation:
            self.fail(f'"{value}" is no number.', param, ctx)


def planned(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say what is planned, and with which prices."""
    plan = PlannedLoad()
    for name, default, what in (
        ("mails", plan.mails, "Mails for each registration; a pass has its own besides."),
        ("refusals", plan.refusals, "Attempts of each family that are refused: too early, sold out."),
        ("registrations", plan.registrations, "Registrations of each family."),
        ("pages", plan.pages, "Pages that each family looks at."),
        ("families", plan.families, "Families that prepare."),
    ):
        command = click.option(f"--{name}", type=Amount(), default=default, show_default=True, help=what)(command)
    file = click.Path(exists=True, dir_okay=False, path_type=Path)
    what = (
        "Lines of a price list that take the place of ours, in the same columns "
        "(chalicelib/insight/cost/eu-west-1.csv)."
    )
    command = click.option("--prices", "changed", type=file, help=what)(command)
    return click.option("--csv", "as_csv", is_flag=True, help="As CSV, each figure with its quantity and price.")(
        command
    )


@click.command("estimate")
@planned
def estimate_opening(changed: Path | None, as_csv: bool, **plan: Decimal) -> None:
    """The cost of a planned opening, and of a month in which nobody comes.

    From measured use of each step (chalicelib/insight/cost/steps.csv). The least and the most also take half and twice
    the pages and refusals.
    """
    prices = prices_with(changed)
    wanted = planned_as(**plan)
    try:
        cases, all_free, quiet, quiet_and_free = outlook(wanted, prices)
    except PriceMissing as missing:
        give_up(str(missing))
    if as_csv:
        rows = [(case, *followed(one, "en")) for case, figures in cases.items() for one in figures]
        rows += [(f"idle {case}", *followed(one, "en")) for case, figures in quiet.items() for one in figures]
        write_csv(("case", *FOLLOWED), rows)
        return
    lines = {(one.what, one.meter): one for figures in cases.values() for one in figures}
    by_case = {case: {(one.what, one.meter): one for one in figures} for case, figures in cases.items()}
    show(
        ("what", "meter", "unit price", *Case),
        [
            (what, ", ".join(meter), unit_price(one.price), *(dollars(by_case[case][what, meter].usd) for case in Case))
            for (what, meter), one in lines.items()
        ],
    )
    for label, estimates in (
        ("In all, at full price", cases),
        ("Its month, with what turns by itself, in the free tier", all_free),
        ("A month in which nobody comes, at full price", quiet),
        ("A month in which nobody comes, in the free tier", quiet_and_free),
    ):
        sums = (f"{case} ${rounded(total(figures))}" for case, figures in estimates.items())
        click.echo(f"{label}: {', '.join(sums)}.")


@click.command("alternatives")
@planned
@click.option("--openings", type=Amount(), default=Year().openings, show_default=True, help="Such openings in a year.")
@click.option("--price-lines", is_flag=True, help="Their price lines, to be changed and handed back with --prices.")
def compare_alternatives(
    changed: Path | None, as_csv: bool, openings: Decimal, price_lines: bool, **plan: Decimal
) -> None:
    """The cost of the same year on servers, or provisioned for the peak. Everything at full price."""
    prices = prices_with(changed)
    year = Year(planned_as(**plan), openings)
    try:
        found = alternatives(year, measured(), idle.packaged().billed, prices)
    except PriceMissing as missing:
        give_up(str(missing))
    if price_lines:
        click.echo(written(dict.fromkeys(price for one in found for price in one.prices)), nl=False)
        return
    if as_csv:
        write_csv(
            ("alternative", *FOLLOWED), [(one.name, *followed(each, "en")) for one in found for each in one.figures]
        )
        return
    for one in found:
        click.echo(f"{one.name}: ${rounded(one.usd):,} a year")
        dearest = sorted(one.figures, key=lambda each: -each.usd)
        show(
            ("what", "meter", "how much", "unit price", "a year"),
            [
                (each.what, ", ".join(each.meter), each.query.said("en"), unit_price(each.price), dollars(each.usd))
                for each in dearest
                if rounded(each.usd)
            ],
        )
        click.echo(f"  and less than a cent each: {sum(not rounded(each.usd) for each in dearest)} lines\n")


def prices_with(changed: Path | None) -> PriceList:
    if changed is None:
        return shipped()
    try:
        ours = read(changed.read_text(encoding="utf-8"), HOME, datetime.now(UTC).date(), needed=())
    except UnicodeDecodeError:
        give_up(f"{changed}: this is no text file in UTF-8.")
    except PricesWrong as wrong:
        give_up("\n".join(f"{changed}: {error}" for error in wrong.errors))
    return shipped().changed_by(ours)


def planned_as(**plan: Decimal) -> PlannedLoad:
    try:
        return PlannedLoad(**plan)
    except PlanImpossible as impossible:
        give_up(f"--{impossible.name} {impossible.value}: there cannot be so many, or it has more than three decimals.")


def write_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    writer: Any = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)


def show(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """As columns, numbers at the right."""
    widths = [max(len(row[place]) for row in (header, *rows)) for place in range(len(header))]
    for row in (header, *rows):
        cells = [
            cell.rjust(width) if cell.lstrip("-").startswith("$") and " " not in cell else cell.ljust(width)
            for cell, width in zip(row, widths, strict=True)
        ]
        click.echo("  " + "  ".join(cells).rstrip())


def give_up(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(1)
