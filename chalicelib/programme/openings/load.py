"""Which spread for how many families: what one family asks for, against what the account takes. Plain rules.

Families whose moments are drawn come evenly, so a rate is all that this needs; docs/spread.md has the simulation, with
those who come early and those who press again.
"""

from dataclasses import dataclass
from datetime import timedelta

from chalicelib.programme.openings import limits

# The requests of one family around its moment: the programme twice, its pass, two registrations, and how they stand.
REQUESTS_A_FAMILY = 6
# Two registrations, each of a record (1) and a claim in a session more than half of which is taken (2), and the marks
# of their two mails.
WRITES_A_FAMILY = 8
# Their mails.
MAILS_A_FAMILY = 2
# A request with DynamoDB's two writes, cold starts counted in; the bench measures less.
SECONDS_A_REQUEST = 0.2
# Of each limit this much is for families who come at their moment. The rest is for those who reload, for chance (in
# some second more moments are drawn than in another) and for the mails.
USED = 0.5


@dataclass(frozen=True)
class Limit:
    """`families`: how many can come in each second before it is reached."""

    name: str
    families: float


LIMITS = (
    Limit("API Gateway, requests a second of our stage", limits.STAGE_REQUESTS_PER_SECOND / REQUESTS_A_FAMILY),
    Limit("API Gateway, requests a second", limits.ACCOUNT_REQUESTS_PER_SECOND / REQUESTS_A_FAMILY),
    Limit("Lambda, environments at once", limits.ENVIRONMENTS_AT_ONCE / SECONDS_A_REQUEST / REQUESTS_A_FAMILY),
    Limit("DynamoDB, write units a second of a new table", limits.TABLE_WRITE_UNITS_PER_SECOND / WRITES_A_FAMILY),
    # The worst case: everybody wants the same session, whose claim costs two units.
    Limit("DynamoDB, write units a second of one session", limits.ITEM_WRITE_UNITS_PER_SECOND / 2),
)
TIGHTEST = min(LIMITS, key=lambda limit: limit.families)


def is_enough(families: int, spread: timedelta) -> bool:
    """Whether so many families, evenly over `spread`, stay within USED of every limit. Without a spread they all come
    at once, and the bucket of our stage is what takes them."""
    if not spread:
        return families * REQUESTS_A_FAMILY <= limits.STAGE_BUCKET * USED
    return families <= TIGHTEST.families * USED * spread.total_seconds()


def spread_for(families: int) -> timedelta:
    """The shortest spread, in whole minutes, that is enough for so many families."""
    if is_enough(families, timedelta()):
        return timedelta()
    return timedelta(minutes=-(-families // (TIGHTEST.families * USED * 60)))


def mails_late(families: int, spread: timedelta, a_second: float) -> timedelta:
    """How long after a registration its mail leaves, at worst, if so many families come evenly over `spread` and SES
    takes `a_second` mails in a second."""
    return max(timedelta(), timedelta(seconds=families * MAILS_A_FAMILY / a_second) - spread)
