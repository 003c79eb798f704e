"""`make spread`: one opening without and with a spread, and the shortest spread that turns nobody away. A minute or two
for 50,000 families. `make spread-table`: the same question for 1,000 to 100,000 families.

Prints tables, writes .build/spread.json and .build/spread.svg. docs/spread.md says what it means and what it assumes.
"""

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from multiprocessing import Pool
from pathlib import Path
from statistics import mean, pvariance
from typing import Any

from chalicelib.programme.openings.load import spread_for
from tests.bench.spread import picture
from tests.bench.spread.simulation import Answer, Crowd, Outcome, Result, percentile, simulate, without_spread

BUILD = Path(__file__).parent.parent.parent.parent / ".build"
FAMILIES = (1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000)
MINUTES = (0, 1, 2, 5, 10, 15, 30, 60)
EARLY = (0.0, 0.1, 0.3, 0.5, 1.0)


def main() -> None:
    asked = argparse.ArgumentParser(prog="make spread")
    asked.add_argument("--families", type=int, default=50_000)
    asked.add_argument("--spread", type=float, default=15.0, help="minutes")
    asked.add_argument("--sessions", type=int, default=300)
    asked.add_argument("--seats", type=int, default=20)
    asked.add_argument("--table", action="store_true", help="many numbers of families instead of one")
    wanted = asked.parse_args()
    crowd = Crowd(wanted.families, wanted.spread * 60, wanted.sessions, wanted.seats)
    if min(crowd.families, crowd.sessions, crowd.seats) < 1 or crowd.spread <= 0:
        asked.error("FAMILIES, SESSIONS and SEATS are at least 1, SPREAD is more than 0 minutes.")
    BUILD.mkdir(exist_ok=True)
    with Pool() as pool:
        if wanted.table:
            table(crowd, pool)
        else:
            one_opening(crowd, pool)


def one_opening(crowd: Crowd, pool: Any) -> None:
    print(f"simulating {crowd.families:,} families without and with a spread ...", flush=True)
    without, spread = pool.map(simulate, [without_spread(crowd), crowd], chunksize=1)
    columns = (measured(without), measured(spread))
    names = [*columns[0], *(name for name in columns[1] if name not in columns[0])]
    shown(
        [["", "without a spread", f"over {crowd.spread / 60:g} minutes"]]
        + [[name, *(column.get(name, "") for column in columns)] for name in names]
    )
    print("looking for the shortest spread that turns nobody away ...", flush=True)
    fewest = fewest_minutes(crowd)
    planned = minutes(spread_for(crowd.families, crowd.units))
    print(f"shortest, in whole minutes: {fewest}; the check of an opening asks for {planned}")
    target = BUILD / "spread.json"
    target.write_text(
        json.dumps(
            {
                "crowd": vars(crowd),
                "without": {**columns[0], "seats_by_second": seats_by_second(without)},
                "with": {**columns[1], "seats_by_second": seats_by_second(spread)},
                "fewest_minutes": fewest,
                "planned_minutes": planned,
            },
            indent=1,
        )
        + "\n"
    )
    (BUILD / "spread.svg").write_text(picture.drawn(without, spread))
    print("written: .build/spread.json, .build/spread.svg")


def table(crowd: Crowd, pool: Any) -> None:
    print("simulating, some five minutes on two cores ...", flush=True)
    cells = [(replace(crowd, families=families), spread) for families in reversed(FAMILIES) for spread in MINUTES]
    found, short, enough = {}, dict.fromkeys(FAMILIES, -1), dict.fromkeys(FAMILIES)
    for families, spread, cell, refuses in sorted(pool.imap_unordered(in_short, cells), reverse=True):
        found[families, spread] = cell
        if refuses:
            short[families] = max(short[families], spread)
        else:
            enough[families] = spread
    brackets = [(replace(crowd, families=families), short[families], enough[families]) for families in FAMILIES]
    fewest = pool.map(_fewest, brackets, chunksize=1)
    rows = [["families", *[f"{spread} min" for spread in MINUTES], "shortest", "the check asks for"]]
    for families, shortest in zip(FAMILIES, fewest, strict=True):
        asked_for = minutes(spread_for(families, crowd.units))
        own = [found[families, spread] for spread in MINUTES]
        rows.append([f"{families:,}", *own, f"{shortest} min", f"{asked_for} min"])
    shown(rows)
    print("Each cell: requests refused to families whose moment had come; p99 of a family's wait.\n")
    crowds = [
        replace(crowd, families=50_000, spread=60.0 * minutes(spread_for(50_000, crowd.units)), early=early)
        for early in EARLY
    ]
    shown(
        [
            [
                "of 50,000 families, come in the first minute all the same",
                "refused in time; p99",
                "early tries refused too",
            ],
            *[
                [f"{100 * result.crowd.early:.0f}%", _cell(result), f"{result.refused - result.refused_in_time:,}"]
                for result in pool.map(simulate, crowds, chunksize=1)
            ],
        ]
    )
    (BUILD / "spread-table.json").write_text(json.dumps({"header": rows[0], "rows": rows[1:]}, indent=1) + "\n")
    print("written: .build/spread-table.json")


def measured(result: Result) -> dict[str, str]:
    crowd, answered = result.crowd, result.answered
    own = {
        "families with a seat": f"{result.outcomes[Outcome.SEAT]:,}",
        "families on a waiting list": f"{result.outcomes[Outcome.WAITING]:,}",
        "families that gave up": f"{result.outcomes[Outcome.GAVE_UP]:,}",
        "requests": f"{result.requests:,}",
        "refused": f"{result.refused:,} ({100 * result.refused / result.requests:.1f}%)",
    }
    own |= {f"– by {refuser}": f"{count:,}" for refuser, count in result.refused_by.most_common()}
    own |= {
        "told too early, at no cost": f"{answered[Answer.TOO_EARLY]:,}",
        "a family's wait, p50": f"{percentile(result.waits, 50):.1f} s",
        "a family's wait, p99": f"{percentile(result.waits, 99):.1f} s",
        "one request, p50": f"{1000 * percentile(result.request_seconds, 50):.0f} ms",
        "one request, p99": f"{1000 * percentile(result.request_seconds, 99):.0f} ms",
        "requests in one second, at most": f"{max(sum(result.by_second.values(), Counter()).values()):,}",
        "environments at once, at most": f"{result.most_at_once:,}",
        "write units in one second, at most": f"{max(result.writes.values()):,.0f}",
        "seats sold in one second, at most": f"{max(result.by_second[Answer.SEAT].values()):,}",
        "the last seat, in second": f"{max(result.by_second[Answer.SEAT]):,}",
        "families that arrive in a second, at most": f"{max(result.arrivals.values()):,}",
    }
    if crowd.spread:
        own |= stationary(result)
    return own


def stationary(result: Result) -> dict[str, str]:
    """Whether families come evenly: by second, from a minute after the opening to a minute before the spread ends. A
    stream in which everyone comes by chance (Poisson's) varies as much as its mean."""
    last = int(result.crowd.spread) - 60
    counts = [result.arrivals[second] for second in range(60, last)]
    if len(counts) < 60:
        return {}
    by_minute = [mean(counts[start : start + 60]) for start in range(0, len(counts) - 59, 60)]
    even = result.crowd.families / result.crowd.spread
    return {
        "families that arrive in a second, mean": f"{mean(counts):.1f} (families / spread: {even:.1f})",
        "– in the quietest and the busiest minute": f"{min(by_minute):.1f} and {max(by_minute):.1f}",
        "– variance / mean (1: by chance alone)": f"{pvariance(counts) / mean(counts):.2f}",
    }


def fewest_minutes(crowd: Crowd, least: int = -1, enough: int | None = None) -> int:
    """The shortest spread, in whole minutes, with which no family whose moment has come is refused. `least` is known to
    be too short, `enough` to be long enough."""
    if enough is None:
        enough = max(1, minutes(spread_for(crowd.families, crowd.units)))
        while simulate(_over(crowd, enough)).refused_in_time:
            least, enough = enough, 2 * enough
    while enough - least > 1:
        middle = (least + enough) // 2
        if simulate(_over(crowd, middle)).refused_in_time:
            least = middle
        else:
            enough = middle
    return enough


def _over(crowd: Crowd, spread: int) -> Crowd:
    return replace(crowd, spread=60.0 * spread) if spread else without_spread(crowd)


def _fewest(asked: tuple[Crowd, int, int | None]) -> int:
    return fewest_minutes(*asked)


def in_short(asked: tuple[Crowd, int]) -> tuple[int, int, str, bool]:
    crowd, spread = asked
    result = simulate(_over(crowd, spread))
    return crowd.families, spread, _cell(result), bool(result.refused_in_time)


def _cell(result: Result) -> str:
    share = 100 * result.refused_in_time / result.requests
    few = "0" if not result.refused_in_time else f"{share:.1f}%" if share >= 0.05 else "<0.1%"
    return f"{few}; {percentile(result.waits, 99):.1f} s"


def seats_by_second(result: Result) -> list[int]:
    sold = result.by_second[Answer.SEAT]
    return [sold[second] for second in range(max(sold) + 1)]


def minutes(spread: timedelta) -> int:
    return int(spread.total_seconds()) // 60


def shown(rows: Sequence[Sequence[str]]) -> None:
    """As Markdown, so that it can go into the docs as it is."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    rule = " | ".join("-" * max(3, width) for width in widths)
    print("\n".join(f"| {line} |" for line in [lines[0], rule, *lines[1:]]), end="\n\n")


if __name__ == "__main__":
    main()
