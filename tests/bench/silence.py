"""How soon silence rings, and how often for nothing: `python -m tests.bench.silence`, about a quarter of an hour;
`--years 500` is quicker. Every line says its seed's arithmetic again with the same seed.

Quiet data is Poisson with a season, weekends and public holidays that the rules do not know beforehand: each form has
four years of past first, from which the rules learn what is expected. A ring is looked at on its day, by somebody who
finds nothing, so that the next one begins from there.
"""

import argparse
import math
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count
from statistics import quantiles

from chalicelib.front_door.watching.silence.rules import (
    Expected,
    Look,
    Past,
    Ring,
    expected_of,
    fall,
    flat,
    gap,
    gap_threshold,
    none_came,
    rings,
    ways,
)

FIRST = date(2022, 1, 3)
YEAR = 365.25
PAST_DAYS = 1461 + 182
QUIET_YEARS = 25


@dataclass(frozen=True)
class Form:
    """`a_day`: cases on a common day. `season`: by how much of it summer and winter differ. `weekend`: of a weekday's
    cases, how many come on a day of the weekend. `ways`: their shares."""

    name: str
    a_day: float
    season: float = 0.0
    weekend: float = 1.0
    ways: tuple[tuple[str, float], ...] = (("page", 1.0),)


FORMS = (
    Form("0.7 a day, all alike", 0.7),
    Form("0.7 a day, season 40 %, weekend half", 0.7, 0.4, 0.5),
    Form("245 a year by page, phone and mail", 245 / YEAR, 0.3, 0.5, (("page", 0.5), ("phone", 0.3), ("mail", 0.2))),
    Form("2 a month", 24 / YEAR),
    Form("12 a day, season 40 %, weekend a fifth", 12, 0.4, 0.2, (("page", 0.6), ("phone", 0.4))),
)


def poisson(chance: random.Random, mean: float) -> int:
    """Knuth's, in pieces of at most 30."""
    count = 0
    while mean > 30:
        count, mean = count + poisson(chance, 30), mean - 30
    limit, each = math.exp(-mean), chance.random()
    while each > limit:
        count, each = count + 1, each * chance.random()
    return count


def holidays(day: date) -> bool:
    """New Year, 1 May, 21 July, 15 August, 1 and 11 November, Christmas: those that stand still are enough here."""
    return (day.month, day.day) in {(1, 1), (5, 1), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25)}


def mean_of(form: Form, day: date) -> float:
    season = 1 + form.season * math.sin(2 * math.pi * (day.timetuple().tm_yday - 60) / YEAR)
    mean = 0.0 if holidays(day) else form.a_day * season * (form.weekend if day.weekday() > 4 else 1.0)
    return mean * 7 / (5 + 2 * form.weekend)


class Stream:
    """Cases of a form, a day at a time. `factors`: by which each way rises or falls after the past."""

    def __init__(self, form: Form, seed: int, factors: Mapping[str, float] | float = 1.0) -> None:
        self.form, self.chance = form, random.Random(seed)
        self.factors = factors if isinstance(factors, Mapping) else {way: factors for way, _ in form.ways}
        self.by_way: dict[str, list[int]] = {way: [] for way, _ in form.ways}
        self.exposed: list[bool] = []
        self.day = FIRST

    def go_on(self, days: int) -> None:
        for _ in range(days):
            mean = mean_of(self.form, self.day)
            for way, share in self.form.ways:
                factor = self.factors.get(way, 1.0) if len(self.exposed) >= PAST_DAYS else 1.0
                self.by_way[way].append(poisson(self.chance, mean * share * factor))
            self.exposed.append(not holidays(self.day))
            self.day += timedelta(1)

    def past(self, judged_from: date = date.min, days: int = 0) -> Past:
        """`days`: only so many of the last ones."""
        since = len(self.exposed) - days if days else 0
        by_way = {way: counts[since:] for way, counts in self.by_way.items()}
        return Past(FIRST + timedelta(since), by_way, self.exposed[since:], judged_from=judged_from)


def watched(stream: Stream, days: int) -> Iterator[tuple[date, list[Ring]]]:
    """Each day with its rings; a ring is looked at on its day. What is expected is asked anew each week: it changes
    only then, but for a gap of half a year."""
    judged, expected, last = stream.day, expected_of(stream.past()), len(stream.exposed) - 1
    for _ in range(days):
        stream.go_on(1)
        if stream.day.weekday() == 1:
            expected = expected_of(stream.past(days=PAST_DAYS + 7))
        last = len(stream.exposed) if any(counts[-1] for counts in stream.by_way.values()) else last
        silent = len(stream.exposed) - last
        past = stream.past(judged, max(190, silent + 2))
        ringing = list(_worth_a_look(past, expected, is_monday=stream.day.weekday() == 0, is_silent=silent > 0))
        yield stream.day - timedelta(1), ringing
        if ringing:
            judged = stream.day


def _worth_a_look(past: Past, expected: Expected, *, is_monday: bool, is_silent: bool) -> Iterator[Ring]:
    """As `looked`, without the looks that cannot ring on this day: a fall only does when a week is over."""
    found = [gap(past, expected) if is_silent else None, fall(past, expected) if is_monday else None]
    found += ways(past, expected) if len(past.by_way) > 1 else []
    yield from (one for one in found if one is not None and one.evidence >= one.threshold)


def false_alarms(form: Form, years: float, seed: int) -> Counter[Look]:
    stream = Stream(form, seed)
    stream.go_on(PAST_DAYS)
    days = watched(stream, round(years * YEAR))
    return Counter(look for _, ringing in days for look in {one.look for one in ringing})


def first_ring(form: Form, seed: int, factors: Mapping[str, float] | float) -> tuple[int, Look] | None:
    """After how many days, the first being 1, and by what; None: not within a year."""
    stream = Stream(form, seed, factors)
    stream.go_on(PAST_DAYS)
    for after, (_, ringing) in enumerate(watched(stream, 365), 1):
        if ringing:
            return after, ringing[0].look
    return None


def quiet(years: float, seed: int) -> Iterator[str]:
    for form in FORMS:
        found: Counter[Look] = Counter()
        for part in range(math.ceil(years / QUIET_YEARS)):
            found.update(false_alarms(form, min(years, QUIET_YEARS), seed + part))
        a_quarter_century = sum(found.values()) / years * QUIET_YEARS
        looks = ", ".join(f"{look.value} {found[look]}" for look in Look)
        yield f"{form.name}: {sum(found.values())} false in {years:g} years ({looks}) = {a_quarter_century:.2f} in 25"


def soon(name: str, form: Form, factors: Mapping[str, float] | float, tries: int, seed: int, by: int) -> str:
    found = [first_ring(form, seed + each, factors) for each in range(tries)]
    days = sorted(one[0] if one else 366 for one in found)
    looks = Counter(one[1].value for one in found if one)
    tenths = quantiles(days, n=10)
    within = sum(day <= by for day in days)
    return (
        f"{name}: half ring by day {tenths[4]:.0f}, nine of ten by day {tenths[8]:.0f}, all by day {days[-1]}; "
        f"by day {by}: {within} of {tries} ({', '.join(f'{look} {n}' for look, n in looks.most_common())})"
    )


def as_said(a_year: float, days: int) -> int | None:
    """The day on which a new form rings to which nothing ever comes."""
    for length in range(1, days):
        if rings(Past(FIRST, {"page": [0] * length}, [True] * length, said=a_year)):
            return length
    return None


def known(a_day: float) -> str:
    """By how many silent days a form rings whose rate is known, and how often chance does that."""
    expected = flat(a_day * 4 * YEAR, 4 * YEAR)
    day = next(day for day in count(1) if none_came(expected, day) >= gap_threshold(expected))
    in_25 = QUIET_YEARS * YEAR * (1 - math.exp(-a_day)) * math.exp(-a_day * day)
    lost = f"rings on day {day}, {a_day * day:.1f} lost"
    return f"{a_day:g} a day is known and falls to 0: {lost}; by chance {in_25:.2f} times in 25 years"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--years", type=float, default=250, help="quiet years for each form")
    parser.add_argument("--tries", type=int, default=200, help="seeds for each fall")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    tries, seed = options.tries, options.seed
    plain, seasonal, three_ways = FORMS[0], FORMS[1], FORMS[2]
    print(known(0.7))
    print(known(169 / 243))
    print(f"new form, 255 a year expected, nothing ever comes: rings on day {as_said(255, 60)}")
    for name, form, factors, by in (
        ("0.7 a day falls to 0", plain, 0.0, 14),
        ("0.7 a day with a season falls to 0", seasonal, 0.0, 14),
        ("169 in 243 days, none received", Form("", 169 / 243), 0.0, 14),
        ("245 a year falls to 106", Form("", 245 / YEAR), 106 / 245, 91),
        ("the same before its low season", replace(three_ways, ways=plain.ways), 106 / 245, 91),
        ("page is dead, phone takes over", three_ways, {"page": 0.0, "phone": 8 / 3}, 28),
        ("page is dead, mail is flooded tenfold", three_ways, {"page": 0.0, "mail": 10.0}, 28),
        ("nothing but a flood: mail tenfold", three_ways, {"mail": 10.0}, 28),
    ):
        print(soon(name, form, factors, tries, seed, by), flush=True)
    for line in quiet(options.years, seed):
        print(line, flush=True)


if __name__ == "__main__":
    main()
