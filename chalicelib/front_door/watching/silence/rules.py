"""When a form falls silent: from how many cases came on each day, whether fewer come now than chance explains.

Three looks, each with a threshold that a number of false alarms in 25 quiet years gives (`FALSE_ALARMS`: together one):

- **gap**: since the last case so many were expected that chance hardly leaves them all out. Of `n` cases in an exposure
  of `t` days, none in the next `e` has the probability (t / (t + e))^n, so the evidence is n ln(1 + e/t); for a rate
  that is known well it is the number of cases that were expected meanwhile. A gap begins on each day with a case, so on
  25 × 365.25 × (1 - exp(-rate)) days, and the threshold is the logarithm of these days by their false alarms;
- **fall**: a CUSUM over days, of the logarithm of how much likelier FALLEN of what is expected would make what came.
  What a day expects, by week of the year and weekday, is its clock: with the threshold h it rings falsely about once
  while e^h / (1 - FALLEN + FALLEN ln FALLEN) cases are expected (`_fall_threshold`);
- **way**: a CUSUM over days, of whether a way has a tenth of its share of what came. What comes by the other ways is
  its clock, so it rings for a mail form that is dead while the phone takes over; the same bound. And its own count
  must be low by the calendar too, so that a flood of another way does not ring for it.

Expected is what earlier years say: the rate, the week of the year and the day of the week, each as far as it is more
than chance. Days on which nothing could come, or that are no common days (a public holiday, a dark form, a fault that
somebody found), are no exposure. The last half year is never what is expected of itself: a slow fall does not make
itself normal. A new form has what its owner said, which counts as half a year until it has a year of its own.
Plain rules.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from math import exp, log, sqrt

YEAR = 365.25
QUIET_YEARS = 25
WEEK = 7
WEEKS_IN_SEASON = 52
# A week of the year is known by so many cases of all years, else together with up to three weeks before and after it.
ENOUGH_CASES = 40
MOST_SMOOTHED = 3
# The last weeks are evidence, what was before them says what is expected.
EVIDENCE_WEEKS = 26
MOST_YEARS = 4
# From so many days of exposure on there is a season.
DAYS_OF_A_YEAR = 300
# Before, a form of which nobody said what is expected has no fall, only a gap.
YOUNG_WEEKS = 39
# As so many days of the form's own cases counts what its owner said.
SAID_DAYS = 182.0
# The fall that is looked for, from 245 cases a year to 106: what is lost to more is seen sooner, to less later.
FALLEN = 106 / 245
TENTH = 0.1
# A way with a smaller share is watched as part of the whole only.
LEAST_SHARE = 0.05
LEAST_CASES = 20
# By the calendar, how unlikely so few of a way must be.
RARE = 0.001
# However few gaps a form has, none rings on less.
LEAST_ODDS = 100.0
# Factors must vary by so much of what chance makes them vary, before they count.
BEYOND_CHANCE = 2.0


class Look(StrEnum):
    GAP = "gap"
    FALL = "fall"
    WAY = "way"


# In 25 quiet years of one form; one in all.
FALSE_ALARMS: Mapping[Look, float] = {Look.GAP: 0.65, Look.FALL: 0.3, Look.WAY: 0.05}


@dataclass(frozen=True)
class Past:
    """What came of one form. `first`: the day of the first count; `by_way`: for each way, a count for each day since;
    `is_exposed`: for each of these days, whether something would have come as always; `said`: cases a year as its owner
    expects, None: nobody said; `judged_from`: the day from which on there is evidence: somebody looked at what was
    before it."""

    first: date
    by_way: Mapping[str, Sequence[int]]
    is_exposed: Sequence[bool]
    said: float | None = None
    judged_from: date = date.min

    @property
    def totals(self) -> list[int]:
        return [sum(day) for day in zip(*self.by_way.values(), strict=True)] or [0] * len(self.is_exposed)

    @property
    def last(self) -> date:
        return self.first + timedelta(len(self.is_exposed) - 1)


@dataclass(frozen=True)
class Expected:
    """`cases` in `exposure` days, as they were before the evidence. `season`, `weekdays`: factors around 1.
    `season_error`: the standard error of a factor of the season, which so many weeks (`season_weeks`) share.
    `bunching`: how much more than chance weeks vary, 1 and up. `shares`: of each way that is worth a look, less a
    standard error. `is_well_known`: long enough to tell a fall from chance."""

    cases: float
    exposure: float
    season: Sequence[float]
    weekdays: Sequence[float]
    season_error: float = 0.0
    season_weeks: int = 1
    bunching: float = 1.0
    shares: Mapping[str, float] = field(default_factory=dict)
    is_well_known: bool = True

    @property
    def rate(self) -> float:
        """Cases on a day of exposure."""
        return self.cases / self.exposure if self.exposure else 0.0

    def weight(self, day: date) -> float:
        return self.season[_week(day)] * self.weekdays[day.weekday()]


@dataclass(frozen=True)
class Ring:
    """`look`: what saw it; `way`: of which way, "": of the form. `since`: the first day of what is missing; `expected`
    and `came` since then. `evidence`, `threshold`: natural logarithms."""

    look: Look
    way: str
    since: date
    expected: float
    came: int
    evidence: float
    threshold: float


def rings(past: Past) -> list[Ring]:
    """What is silent on the last day of the past; nothing of a form of which nothing is known."""
    return looked(past, expected_of(past))


def looked(past: Past, expected: Expected) -> list[Ring]:
    found = [gap(past, expected), fall(past, expected), *ways(past, expected)]
    return [one for one in found if one is not None and one.evidence >= one.threshold]


def rings_on(past: Past, is_exposed: Callable[[date], bool], most_days: int = 2000) -> date | None:
    """The day on which the gap rings if nothing comes any more; None: not within the days, or nothing is expected."""
    expected, totals, evidence = expected_of(past), past.totals, 0.0
    if not expected.cases:
        return None
    threshold, day = gap_threshold(expected), past.last
    exposure = sum(_exposures(past, expected, _after_last(past, totals)))
    for _ in range(most_days):
        evidence = none_came(expected, exposure)
        if evidence >= threshold:
            return day
        day += timedelta(1)
        exposure += expected.weight(day) if is_exposed(day) else 0.0
    return None


def expected_of(past: Past) -> Expected:
    """By what was before the evidence: 26 whole weeks, or since the last case, whichever is longer."""
    totals = past.totals
    known = _known(past)
    until = min(known.stop, _after_last(past, totals))
    is_well_known = past.said is not None or len(totals) >= YOUNG_WEEKS * WEEK
    return replace(_rate(past, totals, known.start, until), shares=_shares(past, known), is_well_known=is_well_known)


def _known(past: Past) -> range:
    """The places of the days that say what is expected."""
    this_week = past.last - timedelta(past.last.weekday())
    until = max(0, (this_week - timedelta(EVIDENCE_WEEKS * WEEK) - past.first).days)
    return range(max(0, until - round(MOST_YEARS * YEAR)), until)


def _rate(past: Past, totals: Sequence[int], since: int, until: int) -> Expected:
    said_cases = past.said * SAID_DAYS / YEAR if past.said else 0.0
    if until < 1:
        return flat(said_cases, SAID_DAYS) if past.said is not None else flat(*_until_last(past, totals))
    days = [(past.first + timedelta(at), totals[at]) for at in range(since, until) if past.is_exposed[at]]
    cases, exposure = float(sum(count for _, count in days)), float(len(days))
    if len(days) < DAYS_OF_A_YEAR:
        return flat(cases + said_cases, exposure + (SAID_DAYS if past.said is not None else 0.0))
    return _by_calendar(days, cases, exposure) if cases else flat(0.0, exposure)


def _shares(past: Past, known: range) -> dict[str, float]:
    of_way = {way: sum(counts[known.start : known.stop]) for way, counts in past.by_way.items()}
    every = sum(of_way.values())
    found = {}
    for way, cases in of_way.items():
        if cases >= LEAST_CASES and cases >= LEAST_SHARE * every:
            share = (cases + 0.5) / (every + 1)
            found[way] = share - sqrt(share * (1 - share) / (every + 1))
    return found


def _until_last(past: Past, totals: Sequence[int]) -> tuple[float, float]:
    """Of a young form of which nobody said what is expected: what came until its last case."""
    until = max(0, _after_last(past, totals))
    return float(sum(totals[:until])), float(sum(past.is_exposed[:until]))


def flat(cases: float, exposure: float) -> Expected:
    return Expected(cases, exposure, [1.0] * WEEKS_IN_SEASON, [1.0] * WEEK)


def _by_calendar(days: Sequence[tuple[date, int]], cases: float, exposure: float) -> Expected:
    rate = cases / exposure
    came, due = [0.0] * WEEK, [0.0] * WEEK
    for day, count in days:
        came[day.weekday()] += count
        due[day.weekday()] += rate
    weekdays, _ = _beyond_chance(came, due)
    came, due = [0.0] * WEEKS_IN_SEASON, [0.0] * WEEKS_IN_SEASON
    weeks: dict[int, list[float]] = {}
    for day, count in days:
        week = _week(day)
        came[week] += count
        due[week] += rate * weekdays[day.weekday()]
        pair = weeks.setdefault(day.toordinal() // WEEK, [0.0, 0.0])
        pair[0] += count
    by = next(
        (by for by in range(MOST_SMOOTHED) if (2 * by + 1) * cases / WEEKS_IN_SEASON >= ENOUGH_CASES), MOST_SMOOTHED
    )
    season, error = _beyond_chance(_smooth(came, by), _smooth(due, by))
    weight = 0.0
    for day, _ in days:
        each = season[_week(day)] * weekdays[day.weekday()]
        weight += each
        weeks[day.toordinal() // WEEK][1] += each
    rate = cases / weight
    bunching = _bunching([(count, each * rate) for count, each in weeks.values()])
    return Expected(cases, weight, season, weekdays, error, 2 * by + 1, bunching)


def _smooth(weeks: Sequence[float], most: int) -> list[float]:
    return [sum(weeks[(at + by) % len(weeks)] for by in range(-most, most + 1)) for at in range(len(weeks))]


def _beyond_chance(came: Sequence[float], due: Sequence[float]) -> tuple[list[float], float]:
    """Factors around 1: each ratio of what came to what was due, as far as ratios vary more than chance does. And the
    standard error of such a factor, on average."""
    known = [at for at, each in enumerate(due) if each > 0]
    chance = sum(1 / due[at] for at in known) / len(known)
    varied = sum((came[at] / due[at] - 1) ** 2 for at in known) / len(known)
    real = varied - chance if varied > BEYOND_CHANCE * chance else 0.0
    factors = [1.0] * len(due)
    for at in known:
        factors[at] = max(0.0, 1 + (came[at] / due[at] - 1) * real / (real + 1 / due[at]))
    return factors, sqrt(sum(real / (real * due[at] + 1) for at in known) / len(known))


def _bunching(weeks: Sequence[tuple[float, float]]) -> float:
    """Of (came, expected) of weeks: the variance by what chance gives, where it is more than chance could make it."""
    due = [(came, each) for came, each in weeks if each > 0]
    if len(due) < EVIDENCE_WEEKS:
        return 1.0
    found = sum((came - each) ** 2 / each for came, each in due) / len(due)
    error = sqrt(sum(2 + 1 / each for _, each in due)) / len(due)
    return found if found > 1 + 3 * error else 1.0


def gap(past: Past, expected: Expected) -> Ring | None:
    if not expected.cases:
        return None
    totals = past.totals
    after = max(_after_last(past, totals), _judged(past))
    exposure = sum(_exposures(past, expected, after))
    evidence = none_came(expected, exposure)
    since = past.first + timedelta(after)
    return Ring(Look.GAP, "", since, expected.rate * exposure, 0, evidence, gap_threshold(expected))


def none_came(expected: Expected, exposure: float) -> float:
    return expected.cases * log(1 + exposure / expected.exposure) / expected.bunching


def gap_threshold(expected: Expected) -> float:
    """That the rate is known by so many cases only, the evidence says itself; the season's error is added."""
    beginnings = QUIET_YEARS * YEAR * (1 - exp(-expected.rate))
    return _beyond_error(log(max(beginnings / FALSE_ALARMS[Look.GAP], LEAST_ODDS)), expected.season_error)


def _after_last(past: Past, totals: Sequence[int]) -> int:
    """The place of the first day after the last case."""
    return next((at + 1 for at in range(len(totals) - 1, -1, -1) if totals[at]), 0)


def _judged(past: Past) -> int:
    return max(0, (past.judged_from - past.first).days)


def _exposures(past: Past, expected: Expected, since: int) -> list[float]:
    return [
        expected.weight(past.first + timedelta(at)) for at in range(since, len(past.is_exposed)) if past.is_exposed[at]
    ]


def fall(past: Past, expected: Expected) -> Ring | None:
    if not expected.cases or not expected.is_well_known:
        return None
    totals, evidence, began = past.totals, 0.0, 0
    due, came = 0.0, 0
    for at in _evidence_days(past):
        if not evidence:
            began, due, came = at, 0.0, 0
        if past.is_exposed[at]:
            weight = expected.weight(past.first + timedelta(at))
            due, came = due + expected.rate * weight, came + totals[at]
            evidence = fallen(evidence, expected, weight, totals[at])
    return Ring(Look.FALL, "", past.first + timedelta(began), due, came, evidence, fall_threshold(expected))


def fallen(evidence: float, expected: Expected, weight: float, came: int) -> float:
    """The evidence for a fall after one more day."""
    return max(0.0, evidence + (expected.rate * weight * (1 - FALLEN) - came * log(1 / FALLEN)) / expected.bunching)


def fall_threshold(expected: Expected) -> float:
    """In the time that what is expected takes, the evidence rises evenly, falls with each case and is never below 0: a
    spectrally negative Lévy process, reflected. From 0 it takes the integral of its scale function to h, which is about
    e^h divided by the drift that it has while the fall is real. Looking only once a day makes it longer. While it rises
    to h, h / drift cases are expected, with the error that what is known of rate and season has over that time."""
    drift = 1 - FALLEN + FALLEN * log(FALLEN)
    odds = log(max(expected.rate * QUIET_YEARS * YEAR * drift / FALSE_ALARMS[Look.FALL], LEAST_ODDS))
    weeks = odds / drift / (expected.rate * WEEK)
    of_season = expected.season_error**2 * min(1.0, expected.season_weeks / weeks)
    return _beyond_error(odds, sqrt(1 / expected.cases + of_season) * (1 - FALLEN) / drift)


def _beyond_error(odds: float, error: float) -> float:
    """With half the variance that an error of what is expected adds to the evidence: by so much the average of
    e^evidence is more. `error`: as a part of the evidence."""
    return odds + (odds * error) ** 2 / 2


def _evidence_days(past: Past) -> range:
    """The places of the last days that are judged."""
    days = len(past.is_exposed)
    return range(max(0, days - EVIDENCE_WEEKS * WEEK, _judged(past)), days)


def ways(past: Past, expected: Expected) -> Iterator[Ring]:
    threshold = way_threshold(expected)
    for way, share in expected.shares.items():
        ring = _way(past, expected, way, share, threshold)
        if poisson_at_most(ring.came, ring.expected / expected.bunching) <= RARE:
            yield ring


def way_threshold(expected: Expected) -> float:
    """Lorden's bound: at the threshold h it rings falsely at most once in e^h days, whatever each day brings."""
    return log(QUIET_YEARS * YEAR * max(1, len(expected.shares)) / FALSE_ALARMS[Look.WAY])


def _way(past: Past, expected: Expected, way: str, share: float, threshold: float) -> Ring:
    counts, totals, evidence, began = past.by_way[way], past.totals, 0.0, 0
    due, came = 0.0, 0
    for at in _evidence_days(past):
        if not evidence:
            began, due, came = at, 0.0, 0
        if past.is_exposed[at]:
            due += share * expected.rate * expected.weight(past.first + timedelta(at))
            came += counts[at]
            evidence = missed(evidence, share, counts[at], totals[at])
    return Ring(Look.WAY, way, past.first + timedelta(began), due, came, evidence, threshold)


def missed(evidence: float, share: float, came: int, in_all: int) -> float:
    """The evidence that a way with a share is dead after one more day."""
    by_others = log((1 - TENTH * share) / (1 - share))
    return max(0.0, evidence + came * log(TENTH) + (in_all - came) * by_others)


def poisson_at_most(count: int, mean: float) -> float:
    """The probability of so many or fewer."""
    if mean > 700:
        return 0.0 if count < mean / 2 else 1.0
    each = total = exp(-mean)
    for number in range(1, count + 1):
        each *= mean / number
        total += each
    return total


@lru_cache(4096)
def _week(day: date) -> int:
    """0 to 51 by the day of the year: New Year's Eve and a leap year's last day belong to the last one."""
    return min(WEEKS_IN_SEASON - 1, (day.timetuple().tm_yday - 1) // WEEK)
