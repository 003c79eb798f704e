"""The example programme: six municipalities' lists as published, and the same with their gaps filled, to try with."""

import csv
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import count
from pathlib import Path

from infra.local.emulator import EmulatorFailed
from infra.local.example_opening import MUNICIPALITY
from infra.local.package import ROOT, short

PUBLISHED = ROOT / "infra" / "example" / "programme.csv"

# Values of a row whose municipality published nothing.
MADE_UP = {"age_min": "6", "age_max": "12", "capacity": "20", "price_eur": "60.00"}
FIRST_WEEK = date(2019, 7, 1)  # a Monday; the import moves all dates to the coming summer
FRIDAY = timedelta(days=4)


def import_example(home: Path, environment: Mapping[str, str]) -> None:
    """The lists as they are, with what they lack; then completed; then open for registration, all but those that the
    example opening gives."""
    print("The example programme, as six municipalities published it:", flush=True)
    _stormloop(environment, "import", short(PUBLISHED), "--move-to-summer")

    completed = home / "completed.csv"
    rows = list(_completed())
    with completed.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    print(
        "\nThe same with its gaps filled, so that there is something to book. "
        f"What {short(completed)} adds is made up: 20 seats, 60.00 euro, 6 to 12 years, a week in July.",
        flush=True,
    )
    _stormloop(environment, "import", short(completed), "--move-to-summer")
    for municipality in sorted({row["municipality"] for row in rows} - {MUNICIPALITY}):
        _stormloop(environment, "open", "--at", "now", "--municipality", municipality)


def _completed() -> Iterator[dict[str, str]]:
    weeks = (FIRST_WEEK + timedelta(weeks=week) for week in count())
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            made_up = dict(MADE_UP)
            if not row["starts_on"]:
                monday = next(weeks)
                made_up |= {"starts_on": monday.isoformat(), "ends_on": (monday + FRIDAY).isoformat()}
            yield {name: value or made_up.get(name, "") for name, value in row.items()}


def _stormloop(environment: Mapping[str, str], *arguments: str) -> None:
    """`python -m chalicelib ...`, as staff type it."""
    done = subprocess.run(
        [sys.executable, "-m", "chalicelib", *arguments], cwd=ROOT, env={**os.environ, **environment}, check=False
    )
    if done.returncode:
        raise EmulatorFailed(f"python -m chalicelib {' '.join(arguments)} failed.")
