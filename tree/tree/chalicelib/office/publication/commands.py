"""Commands to check an opening; chalicelib/__main__.py adds it.

It needs no table, no secret and no network: only the file that everybody can fetch.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

import click

from chalicelib.core.canonical import each_once
from chalicelib.programme.openings.verification import NO_LIST, verify

# Of a list in which everything is wrong, so many lines say so.
MOST_SHOWN = 20

NO_LEDGER = "The ledger's entries are missing: nothing shows the commitment at the moment of publication."


@click.command("verify-opening")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify_opening(file: Path) -> None:
    """Recompute an opening from its published list.

    FILE is what GET /api/openings/{opening_id}/list answers, or GET /api/openings/{opening_id}/draw of a draw; the
    parts of a long one in a JSON list. Exits with 1 and the first lines that do not fit, if anything does not.
    """
    document = _read(file)
    parts = document if isinstance(document, list) else [document]
    if parts and all(isinstance(part, Mapping) and "results" in part for part in parts):
        from chalicelib.booking.draw.verification import problems  # noqa: PLC0415 for draws only

        found = problems(parts)
        number = 0 if found else sum(len(part["results"]) for part in parts)
        _end(found, f"{number} results of the draw recomputed")
    if not parts or not all(isinstance(part, Mapping) for part in parts):
        _end([NO_LIST], "")
    verified = verify(*parts)
    checked = [
        "the seed against its commitment",
        f"{verified.rows} rows against the list's hash",
        f"{verified.admissions} admissions recomputed from the seed",
        f"{verified.entries} entries of the ledger",
    ]
    _end([*verified.problems, *([] if "ledger" in parts[0] else [NO_LEDGER])], ", ".join(checked))


def _end(problems: Sequence[str], checked: str) -> NoReturn:
    if problems:
        for problem in problems[:MOST_SHOWN]:
            click.echo(problem, err=True)
        if len(problems) > MOST_SHOWN:
            click.echo(f"And {len(problems) - MOST_SHOWN} more.", err=True)
        sys.exit(1)
    click.echo(f"Everything fits. Checked: {checked}.")
    sys.exit(0)


def _read(file: Path) -> Any:
    """The JSON in it. A name that stands in an object twice is refused: two programs could read two different lists."""
    try:
        return json.loads(file.read_text(encoding="utf-8"), object_pairs_hook=each_once)
    except (ValueError, RecursionError):
        _end([NO_LIST], "")
