"""Given: openings that have begun, families who were named, and the chi-square test that judges their odds."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from chalicelib.people.families.rules import Naming
from chalicelib.programme.openings.admission import admission
from chalicelib.programme.openings.rules import Opening, OpeningKind, Plan, State, Window

T0 = datetime(2027, 5, 7, 17, 0, tzinfo=UTC)
SPREAD = timedelta(minutes=15)
DECILES = 10
# Upper critical values of the chi-square distribution, by degrees of freedom, that a fair draw exceeds once in a
# thousand: NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.4,
# https://www.itl.nist.gov/div898/handbook/eda/section3/eda3674.htm
CRITICAL = {9: 27.877, 99: 148.230}


def opening(
    *session_ids: str, name: str = "2027-zomer1", seed: int = 1, opens_at: datetime = T0, spread: timedelta = SPREAD
) -> Opening:
    plan = Plan(
        kind=OpeningKind.FIRST_COME,
        titles={"nl": "Zomer", "fr": "Été", "en": "Summer"},
        country="BE",
        session_ids=session_ids,
        windows=(Window(opens_at, spread),),
        passes_until=opens_at - timedelta(days=1),
        expected_families=50_000,
        incident_rule={"nl": "Opnieuw.", "fr": "De nouveau.", "en": "Anew."},
    )
    return Opening(name, 1, plan, State.PUBLISHED, seed.to_bytes(32, "big"))


def named(family: str, since: datetime = T0 - timedelta(days=3)) -> Naming:
    return Naming(family, int(since.timestamp()))


def admitted(given: Opening, *families: str) -> datetime:
    """When children are admitted together whom these families named first, each child one."""
    found = admission(given, map(named, families), "9970")
    assert found
    return found.at


def decile(given: Opening, moment: datetime) -> int:
    """0 for who comes in the first tenth of the spread, 9 for the last."""
    window = given.plan.windows[0]
    return (moment - window.opens_at) * DECILES // window.spread


def uniform(cells: Iterable[int], number: int) -> float:
    """Pearson's statistic, the sum over `number` cells of (observed - expected)^2 / expected, where each cell is as
    likely as any other: number - 1 degrees of freedom."""
    counts = Counter(cells)
    expected = counts.total() / number
    return sum((counts[cell] - expected) ** 2 / expected for cell in range(number))


def alike(*groups: Sequence[int]) -> float:
    """The same for groups that are drawn from one distribution, whichever: (groups - 1) * (DECILES - 1) degrees of
    freedom."""
    counts = [Counter(group) for group in groups]
    together = sum(counts, Counter())
    statistic = 0.0
    for group in counts:
        for cell, total in together.items():
            expected = group.total() * total / together.total()
            statistic += (group[cell] - expected) ** 2 / expected
    return statistic
