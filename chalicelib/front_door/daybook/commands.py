"""The command line's command about the public list; chalicelib/__main__.py adds it. It needs no table, and tells nobody
whose receipt is looked for."""

import csv
import sys
from pathlib import Path

import click

from chalicelib.core.languages import N_, translate
from chalicelib.core.spoken import without_marks
from chalicelib.front_door.cases.rules import SECRET_LENGTH, case_id_of, digest_of

LANGUAGE = "en"
NO_RECEIPT = N_("This reads like no number of a receipt: a letter is wrong, or one is missing.")
NO_SECRET = N_("The code of a receipt has {length} letters and digits.")
NOT_A_LIST = N_("{file} is no list of receipts, as /receipts/DAY/list.csv answers it.")
IS_IN = N_("It is in the list: {state}.")
IS_NOT_IN = N_("It is not in the list. Is it the list of the day on which the receipt was given?")


@click.command("verify-receipt")
@click.argument("receipt")
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("--secret", prompt="Code", hide_input=True, help="The code of the receipt; asked for if it is left out.")
def verify_receipt(receipt: str, file: str, secret: str) -> None:
    """Look a receipt up in the public list of its day.

    FILE is what /receipts/DAY/list.csv answered. Nothing leaves this machine.
    """
    case_id, code = case_id_of(receipt), without_marks(secret)
    if case_id is None:
        _give_up(NO_RECEIPT)
    if len(code) != SECRET_LENGTH:
        _give_up(NO_SECRET, length=SECRET_LENGTH)
    with Path(file).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))
    if not rows or rows[0] != ["digest", "state"]:
        _give_up(NOT_A_LIST, file=click.format_filename(file))
    state = dict(row for row in rows[1:] if len(row) == 2).get(digest_of(case_id or "", code))
    if state is None:
        click.echo(translate(IS_NOT_IN, LANGUAGE), err=True)
        sys.exit(1)
    click.echo(translate(IS_IN, LANGUAGE, state=state))


def _give_up(text: str, **values: object) -> None:
    click.echo(translate(text, LANGUAGE, **values), err=True)
    sys.exit(2)
