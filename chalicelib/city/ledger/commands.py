"""The command line's commands about the ledger; chalicelib/__main__.py adds it. It needs no table."""

import sys
from pathlib import Path

import click

from chalicelib.city.ledger.rules import NotALedger, read_export, verify
from chalicelib.core.languages import N_, translate

LANGUAGE = "en"

UNBROKEN = N_("The chain is unbroken: {entries} entries, the last one with the hash {hash}.")
BROKEN = N_("The chain is broken.")
NOT_A_LEDGER = N_("{file} is not what /api/ledger answers.")


@click.command("verify-ledger")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False))
def verify_ledger(files: tuple[str, ...]) -> None:
    """Verify a ledger of exceptions.

    FILE is what /api/ledger answered; if there were several pages, all of them, in order. Finds every entry that was
    changed, dropped, put in or moved, and an end that is missing.
    """
    entries = []
    for file in files:
        try:
            page, head = read_export(Path(file).read_bytes())
        except NotALedger:
            click.echo(_say(NOT_A_LEDGER, file=click.format_filename(file)), err=True)
            sys.exit(2)
        entries += page
    faults = verify(entries, head)
    if faults:
        click.echo(_say(BROKEN), err=True)
        for fault in faults:
            click.echo(fault, err=True)
        sys.exit(1)
    click.echo(_say(UNBROKEN, entries=len(entries), hash=entries[-1]["hash"] if entries else "-"))


def _say(text: str, **values: object) -> str:
    return translate(text, LANGUAGE, **values)
