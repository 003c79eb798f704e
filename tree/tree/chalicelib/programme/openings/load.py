"""Which spread for how many families: what one family asks for, against what the account takes. Plain rules.

Families whose moments are drawn come evenly, so a rate is all that this needs; docs/spread.md has the simulation, with
those who come early and those who press again. Fractions, because a float's last digit can make a minute more.
"""

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from math import ceil

from chalicelib.programme.openings import limits

# The requests of one family around its moment: the programme twice, its pass, two registrations, and how they stand.
REQUESTS_A_FAMILY = 6
# Of these, those that register; each writes its record (1 unit), a claim, and behind the queue the days of its child
# and the mark of its mail (1 each).
REGISTRATIONS_A_FAMILY = 2
WRITES_BESIDE_A_CLAIM = 3
# Each with its mail.
MAILS_A_FAMILY = 2
# A request with DynamoDB's two writes, cold starts counted in; the bench measures less.
SECONDS_A_REQUEST = Fraction(1, 5)
# Of each limit this much is for families who come at their moment. The rest is for those who reload, for chance (in
# some second more moments are drawn than in another) and for the mails.
USED = Fraction(1, 2)


@dataclass(frozen=True)
class Limit:
    """`families`: how many can come in each second before it is reached."""

    name: str
    families: Fraction


def limits_of(units: int) -> tuple[Limit, ...]:
    """`units`: what the claim of the last seat costs in the largest session (seats/rules.py: units_of_a_claim)."""
    writes = REGISTRATIONS_A_FAMILY * (WRITES_BESIDE_A_CLAIM + units)
    return (
        Limit(
            "API Gateway, requests a second of our stage", Fraction(limits.STAGE_REQUESTS_PER_SECOND, REQUESTS_A_FAMILY)
        ),
        Limit("API Gateway, requests a second", Fraction(limits.ACCOUNT_REQUESTS_PER_SECOND, REQUESTS_A_FAMILY)),
        Limit("Lambda, environments at once", limits.ENVIRONMENTS_AT_ONCE / SECONDS_A_REQUEST / REQUESTS_A_FAMILY),
        Limit("DynamoDB, write units a second of a new table", Fraction(limits.TABLE_WRITE_UNITS_PER_SECOND, writes)),
        # The worst case: everybody wants the largest session. A claim that is refused costs as much as one that is not.
        Limit("DynamoDB, write units a second of one session", Fraction(limits.ITEM_WRITE_UNITS_PER_SECOND, units)),
    )


def is_enough(families: int, spread: timedelta, units: int) -> bool:
    """Whether so many families, evenly over `spread`, stay within USED of every limit. Without a spread they all come
    at once, and the bucket of our stage is what takes them. `units`: as of `limits_of`."""
    if not spread:
        return families * REQUESTS_A_FAMILY <= limits.STAGE_BUCKET * USED
    return families <= _most_a_second(units) * Fraction(spread.total_seconds())


def spread_for(families: int, units: int) -> timedelta:
    """The shortest spread, in whole minutes, that is enough for so many families. `units`: as of `limits_of`."""
    if is_enough(families, timedelta(), units):
        return timedelta()
    return timedelta(minutes=ceil(families / (_most_a_second(units) * 60)))


def mails_late(families: int, spread: timedelta, a_second: float) -> timedelta:
    """How long after a registration its mail leaves, at worst, if so many families come evenly over `spread` and SES
    takes `a_second` mails in a second."""
    return max(timedelta(), timedelta(seconds=families * MAILS_A_FAMILY / a_second) - spread)


def _most_a_second(units: int) -> Fraction:
    return min(limit.families for limit in limits_of(units)) * USED
