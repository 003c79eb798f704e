"""What the command line offers about prices and what things will cost; chalicelib/__main__.py adds it. None of it needs
a table."""

import sys
from datetime import UTC, datetime

import click

from chalicelib.cost import answers
from chalicelib.cost.prices import HOME, Price, file_of, shipped, written


@click.command("prices")
@click.option("--write", is_flag=True, help="Change the list, after you have seen what would change.")
def refresh_prices(write: bool) -> None:
    """Ask AWS what it charges now, and show how that differs from our list.

    Needs an AWS account with leave to pricing:GetProducts, which is free. Lines whose answer looks wrong stay as they
    are, and are named.
    """
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - the other commands need no AWS

    from chalicelib.cost.asking import asking  # noqa: PLC0415

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
