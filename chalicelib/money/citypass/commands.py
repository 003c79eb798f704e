"""`python -m chalicelib city-pass`: paper coupons, and entering those that were made without the system."""

import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import click

from chalicelib.core.languages import LANGUAGES, N_, in_words, translate
from chalicelib.core.moments import today
from chalicelib.money.citypass import coupons
from chalicelib.money.citypass.coupons import Batch, NotCoupons
from chalicelib.money.citypass.rules import BudgetUnit
from chalicelib.money.tariffs.document import NotAnAmount, cents_of

UNTIL = N_("Valid until {day}.")
ONCE = N_("Redeemed once, by shops and clubs that take the city pass.")
RULE = N_("Rule: version {number}.")


@click.group("city-pass")
def city_pass() -> None:
    """Paper coupons of the city pass."""


@city_pass.command("coupons")
@click.argument("sheet", type=click.Path(path_type=Path))
@click.option("--budget", required=True, help="Its short name in the rule, for example sport.")
@click.option("--value", required=True, help="Euros of each coupon, or its pieces.")
@click.option("--count", required=True, type=click.IntRange(1, coupons.MOST))
@click.option("--until", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The last day, as 2027-12-31.")
@click.option("--language", type=click.Choice(LANGUAGES), default="nl", show_default=True)
@click.option("--rule", type=int, help="Without the system: the number of the version.")
@click.option("--title", default="", help="Without the system: what it is for, in words.")
@click.option("--piece", default="", help="Without the system, of pieces: euros that a provider is paid for one.")
def make_coupons(  # noqa: PLR0913, PLR0917 an option each
    sheet: Path,
    budget: str,
    value: str,
    count: int,
    until: datetime,
    language: str,
    rule: int | None,
    title: str,
    piece: str,
) -> None:
    """Writes SHEET (PDF) and the file of its codes beside it (.json), and enters them if the system answers.

    With --rule nothing is read: enter the file when the system is back (city-pass enter).
    """
    try:
        amount, each = cents_of(value), cents_of(piece) if piece else 0
    except NotAnAmount:
        raise click.ClickException("Give amounts in euros, with two decimals at most.") from None
    now = datetime.now(UTC)
    if rule is None:
        rule, amount, cents, title, is_pieces = _by_rule(budget, amount, now, language)
    else:
        is_pieces = bool(piece)
        amount = amount // 100 if is_pieces else amount
        cents = amount * each if is_pieces else amount
    batch = coupons.made(rule, budget, amount, cents, until.date(), count, now)
    file = sheet.with_suffix(".json")
    if file.exists() or sheet.exists():
        raise click.ClickException(f"{sheet} or {file} is there already. Choose another name.")
    # Before anything is printed: without it nobody could enter the codes.
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(coupons.written(batch))
    is_entered = _enter(batch)
    worth = f"{amount} ×" if is_pieces else in_words.money(cents, language)
    small = (
        translate(UNTIL, language, day=until.date()),
        translate(ONCE, language),
        translate(RULE, language, number=rule),
    )
    address = os.environ.get("PUBLIC_URL", "").rstrip("/")
    where = f"{address}/citypass/redeem?code=" if address else ""
    sheet.write_bytes(coupons.sheets(batch, title or budget, worth, small, where, language))
    click.echo(f"{count} coupons: {sheet}. Their codes: {file}; keep it where nobody else reads it.")
    if not is_entered:
        click.echo(f"They are not entered yet. Once the system is back: python -m chalicelib city-pass enter {file}")


@city_pass.command("enter")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def enter_coupons(file: Path) -> None:
    """Enters the coupons of FILE, so that they can be redeemed. Again is the same."""
    try:
        batch = coupons.read(file.read_text(encoding="utf-8"))
        new = _entered(batch)
    except NotCoupons as wrong:
        raise click.ClickException(str(wrong)) from None
    click.echo(f"{new} of {len(batch.codes)} coupons were entered now; the others were there.")


def _by_rule(budget: str, amount: int, now: datetime, language: str) -> tuple[int, int, int, str, bool]:
    """The number of the version that counts today, amount, cents, and what it is for, by that version."""
    from chalicelib.money.citypass import versions  # noqa: PLC0415 its import connects

    version = versions.of_today(today(now))
    found = version.rule.budget(budget) if version else None
    if version is None or found is None:
        raise click.ClickException(f"No rule counts today, or it has no budget {budget}.")
    is_pieces = found.unit is BudgetUnit.PIECES
    amount = amount // 100 if is_pieces else amount
    if not 0 < amount <= found.amount:
        raise click.ClickException("A coupon is worth something, and not more than the whole budget.")
    return version.number, amount, found.worth(amount), getattr(found.label, language), is_pieces


def _has_table() -> bool:
    return "TABLE" in os.environ


def _enter(batch: Batch) -> bool:
    """False: the system does not answer now."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

    from chalicelib.core.refusals import Busy  # noqa: PLC0415

    if not _has_table():
        return False
    with suppress(BotoCoreError, ClientError, Busy):
        try:
            _entered(batch)
        except NotCoupons as wrong:
            raise click.ClickException(str(wrong)) from None
        return True
    return False


def _entered(batch: Batch) -> int:
    """How many were new. Raises NotCoupons for what the version of the rule does not give."""
    from chalicelib.money.citypass import versions, voucher_table  # noqa: PLC0415 their import connects

    version = versions.get(batch.rule)
    coupons.must_follow(batch, version.rule.budget(batch.budget) if version and version.is_accepted else None)
    return voucher_table.enter_coupons(batch.vouchers(), datetime.now(UTC))
