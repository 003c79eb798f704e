"""How soon silence rings, and how often for nothing, beside what must be reached: `python -m tests.bench.silence`, some
three minutes. Every line says its seed's arithmetic again with the same seed.

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
    FALSE_ALARMS,
    Expected,
    Look,
    Past,
    Ring,
    expected_of,
    fall,
    fall_threshold,
    fallen,
    flat,
    gap,
    gap_threshold,
    missed,
    none_came,
    rings,
    way_threshold,
    ways,
)

FIRST = date(2022, 1, 3)
YEAR = 365.25
PAST_DAYS = 1461 + 182
QUIET_YEARS = 25


@dataclass(frozen=True)
class Form:
    """`a_day`: cases on a common day. `season`: by how much of it summer and winter differ. `weekend`: of a weekday's
    cases, how many come on a day of the weekend. `ways`: their shares. `said`: as Past."""

    name: str
    a_day: float
    season: float = 0.0
    weekend: float = 1.0
    ways: tuple[tuple[str, float], ...] = (("page", 1.0),)
    said: float | None = None


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

    def __init__(
        self, form: Form, seed: int, factors: Mapping[str, float] | float = 1.0, past_days: int = PAST_DAYS
    ) -> None:
        self.form, self.chance, self.past_days = form, random.Random(seed), past_days
        self.factors = factors if isinstance(factors, Mapping) else {way: factors for way, _ in form.ways}
        self.by_way: dict[str, list[int]] = {way: [] for way, _ in form.ways}
        self.exposed: list[bool] = []
        self.day = FIRST

    def go_on(self, days: int) -> None:
        for _ in range(days):
            mean = mean_of(self.form, self.day)
            for way, share in self.form.ways:
                factor = self.factors.get(way, 1.0) if len(self.exposed) >= self.past_days else 1.0
                self.by_way[way].append(poisson(self.chance, mean * share * factor))
            self.exposed.append(not holidays(self.day))
            self.day += timedelta(1)

    def past(self, judged_from: date = date.min, days: int = 0) -> Past:
        """`days`: only so many of the last ones."""
        since = max(0, len(self.exposed) - days) if days else 0
        by_way = {way: counts[since:] for way, counts in self.by_way.items()}
        return Past(FIRST + timedelta(since), by_way, self.exposed[since:], self.form.said, judged_from)


# A look is worth it when the evidence that is kept from day to day comes so near to its threshold.
NEAR = 1.0
KEPT_DAYS = 28


class Kept:
    """Evidence kept from day to day, by what was expected some weeks ago at most: a day takes microseconds. The rules
    work it out anew from half a year, by what is expected now; this only says on which days that is worth it."""

    def __init__(self, expected: Expected) -> None:
        self.expected = expected
        self.judged()

    def judged(self) -> None:
        self.fall = self.silent = 0.0
        self.missed = dict.fromkeys(self.expected.shares, 0.0)

    def goes_on(self, day: date, counts: Mapping[str, int]) -> None:
        total, weight = sum(counts.values()), self.expected.weight(day)
        self.silent = 0.0 if total else self.silent + weight
        self.fall = fallen(self.fall, self.expected, weight, total)
        for way, share in self.expected.shares.items():
            self.missed[way] = missed(self.missed.get(way, 0.0), share, counts[way], total)

    def is_near(self) -> Iterator[Look]:
        expected = self.expected
        if expected.cases and none_came(expected, self.silent) >= gap_threshold(expected) - NEAR:
            yield Look.GAP
        if self.fall >= fall_threshold(expected) - NEAR:
            yield Look.FALL
        if max(self.missed.values(), default=0.0) >= way_threshold(expected) - NEAR:
            yield Look.WAY


def watched(stream: Stream, days: int) -> Iterator[tuple[date, list[Ring]]]:
    """Each day with its rings; a ring is looked at on its day."""
    judged, kept = stream.day, Kept(expected_of(stream.past()))
    expected, asked_in = kept.expected, date.min
    for at in range(days):
        day = stream.day
        stream.go_on(1)
        if at % KEPT_DAYS == 0:
            kept.expected = expected_of(stream.past(days=PAST_DAYS + 7))
        if stream.exposed[-1]:
            kept.goes_on(day, {way: counts[-1] for way, counts in stream.by_way.items()})
        ringing: list[Ring] = []
        if near := list(kept.is_near()):
            past, monday = stream.past(judged, PAST_DAYS + 7), day - timedelta(day.weekday())
            if monday != asked_in:  # it is another each week
                expected, asked_in = expected_of(past), monday
            ringing = _looked(near, past, expected)
        yield day, ringing
        if ringing:
            judged = stream.day
            kept.judged()


def _looked(near: Sequence[Look], past: Past, expected: Expected) -> list[Ring]:
    """As `rings`, without the looks that cannot ring on this day."""
    found = [gap(past, expected)] if Look.GAP in near else []
    found += [fall(past, expected)] if Look.FALL in near else []
    found += ways(past, expected) if Look.WAY in near else []
    return [one for one in found if one is not None and one.evidence >= one.threshold]


def false_alarms(form: Form, years: float, seed: int) -> Counter[Look]:
    stream = Stream(form, seed)
    stream.go_on(PAST_DAYS)
    days = watched(stream, round(years * YEAR))
    return Counter(look for _, ringing in days for look in {one.look for one in ringing})


def first_ring(
    form: Form, seed: int, factors: Mapping[str, float] | float, past_days: int = PAST_DAYS
) -> tuple[int, Look] | None:
    """After how many days, the first being 1, and by what; None: not within a year."""
    stream = Stream(form, seed, factors, past_days)
    stream.go_on(past_days)
    for after, (_, ringing) in enumerate(watched(stream, 365), 1):
        if ringing:
            return after, ringing[0].look
    return None


def quiet(years: float, seed: int) -> Iterator[str]:
    every = 0
    for form in FORMS:
        found: Counter[Look] = Counter()
        for part in range(math.ceil(years / QUIET_YEARS)):
            found.update(false_alarms(form, min(years, QUIET_YEARS), seed + part))
        every += sum(found.values())
        looks = ", ".join(f"{look.value} {found[look]}" for look in Look)
        yield f"  {form.name}: {sum(found.values())} ({looks}) = {sum(found.values()) / years * QUIET_YEARS:.2f} in 25"
    yield f"  all five: {every} in {years * len(FORMS):g} years = {every / years / len(FORMS) * QUIET_YEARS:.2f} in 25"


def soon(name: str, found: Sequence[tuple[int, Look] | None], *by: int) -> str:
    days = sorted(one[0] if one else 366 for one in found)
    looks = Counter(one[1].value for one in found if one)
    tenths = quantiles(days, n=10)
    within = "".join(f"by day {one} {sum(day <= one for day in days)}, " for one in by)
    return (
        f"{name}, of {len(days)}: {within}half by day {tenths[4]:.0f}, nine of ten by day {tenths[8]:.0f}, "
        f"all by day {days[-1]} "
        f"({', '.join(f'{look} {n}' for look, n in looks.most_common())})"
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
    return f"  known and evenly spread: {lost}; by chance {in_25:.2f} times in 25 years"


def least_days(form: Form, factor: float, false_alarms: float) -> tuple[float, float]:
    """Of a fall of a form whose rate is known beforehand, and of the best look for just this fall (a CUSUM of the
    likelihood ratio) with so many false alarms in 25 years: the days until half have rung, and nine of ten; simulated
    from the evidence's common state, day by day."""
    drift, step = 1 - factor + factor * math.log(factor), math.log(1 / factor)
    threshold = math.log(form.a_day * QUIET_YEARS * YEAR * drift / false_alarms)
    chance, days = random.Random(1), []
    for _ in range(4000):
        evidence, day = 0.0, -100
        while evidence < threshold:
            mean = form.a_day * (1 if day < 0 else factor)
            evidence = max(0.0, evidence + form.a_day * (1 - factor) - poisson(chance, mean) * step)
            day += 1
        days.append(max(day, 0))
    tenths = quantiles(days, n=10)
    return tenths[4], tenths[8]


# Days in two and in three months.
TWO_MONTHS, THREE_MONTHS = 61, 92


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--years", type=float, default=250, help="quiet years for each form")
    parser.add_argument("--tries", type=int, default=200, help="seeds for each fall")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    plain, seasonal, three_ways = FORMS[0], FORMS[1], FORMS[2]
    a_year = Form("", 245 / YEAR)

    def says(name: str, form: Form, factors: Mapping[str, float] | float, *by: int, past_days: int = PAST_DAYS) -> None:
        seeds = range(options.seed, options.seed + options.tries)
        found = [first_ring(form, each, factors, past_days) for each in seeds]
        print("  " + soon(name, found, *by), flush=True)

    print("0.7 a day falls to 0; must ring on day 14 at the latest, about 9 lost")
    print(known(0.7))
    says("rate learnt", plain, 0.0, 14)
    says("rate, season and weekend learnt", seasonal, 0.0, 14)
    print("169 in 243 days, of which none was received")
    print(known(169 / 243))
    says("rate learnt", Form("", 169 / 243), 0.0, 14)
    print(f"  a new form of which its owner expects 255 a year, and nothing ever comes: day {as_said(255, 60)}")
    print("245 a year falls to 106; must ring within two to three months")
    half, nine = least_days(a_year, 106 / 245, FALSE_ALARMS[Look.FALL])
    print(f"  the least that this rate allows, known beforehand: half by day {half:.0f}, nine of ten by day {nine:.0f}")
    months = (TWO_MONTHS, THREE_MONTHS)
    says("rate learnt", a_year, 106 / 245, *months)
    says("rate and season learnt, before its low season", replace(three_ways, ways=plain.ways), 106 / 245, *months)
    says("the year of 245 is all that is known", replace(a_year, said=245), 106 / 245, *months, past_days=365)
    print("one way is dead, and others hide it; no figure to reach")
    says("page is dead, phone takes over", three_ways, {"page": 0.0, "phone": 8 / 3}, 28)
    says("page is dead, mail is flooded tenfold", three_ways, {"page": 0.0, "mail": 10.0}, 28)
    says("nothing but a flood: mail tenfold", three_ways, {"mail": 10.0}, 28)
    print(f"quiet, {options.years:g} years of each; at most one false alarm in 25")
    for line in quiet(options.years, options.seed):
        print(line, flush=True)


if __name__ == "__main__":
    main()
