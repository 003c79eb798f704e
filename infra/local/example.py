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
from infra.local.package import ROOT, short

PUBLISHED = ROOT / "infra" / "example" / "programme.csv"

# Values of a row whose municipality published nothing.
MADE_UP = {"age_min": "6", "age_max": "12", "capacity": "20", "price_eur": "60.00"}
# Whose camps are drawn by lot (example_summer.py), with fewer seats than children who want one; and a session with one
# seat, for which others wait (example_desk.py).
DRAWN, DRAWN_CAPACITY = "Buggenhout", "3"
SMALL, SMALL_TITLE, SMALL_CAPACITY = "Kaprijke", "Beestenboel (Lembeke)", "1"
FIRST_WEEK = date(2019, 7, 1)  # a Monday; the import moves all dates to the coming summer
FRIDAY = timedelta(days=4)


def import_example(home: Path, environment: Mapping[str, str]) -> None:
    """The lists as they are, with what they lack; then completed; then what example_summer.py makes of them."""
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
        f"What {short(completed)} adds is made up: 20 seats, 60.00 euro, 6 to 12 years, a week in July. "
        f"The camps of {DRAWN} and {SMALL_TITLE} have fewer seats than are wanted.",
        flush=True,
    )
    _stormloop(environment, "import", short(completed), "--move-to-summer")
    _run(environment, "infra.local.example_summer")
    _run(environment, "infra.local.example_forms")
    _run(environment, "infra.local.example_mails")
    _run(environment, "infra.local.example_links")


def _completed() -> Iterator[dict[str, str]]:
    weeks = (FIRST_WEEK + timedelta(weeks=week) for week in count())
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            made_up = MADE_UP | _seats(row)
            if not row["starts_on"]:
                monday = next(weeks)
                made_up |= {"starts_on": monday.isoformat(), "ends_on": (monday + FRIDAY).isoformat()}
            yield {name: value or made_up.get(name, "") for name, value in row.items()}


def _seats(row: Mapping[str, str]) -> dict[str, str]:
    if row["municipality"] == DRAWN:
        return {"capacity": DRAWN_CAPACITY}
    if (row["municipality"], row["title"]) == (SMALL, SMALL_TITLE):
        return {"capacity": SMALL_CAPACITY}
    return {}


def _stormloop(environment: Mapping[str, str], *arguments: str) -> None:
    """`python -m chalicelib ...`, as staff type it."""
    _run(environment, "chalicelib", *arguments)


def _run(environment: Mapping[str, str], *arguments: str) -> None:
    done = subprocess.run([sys.executable, "-m", *arguments], cwd=ROOT, env={**os.environ, **environment}, check=False)
    if done.returncode:
        raise EmulatorFailed(f"python -m {' '.join(arguments)} failed.")
