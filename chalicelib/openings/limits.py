"""How many families can come in a second, and which spread makes so many of them. Plain rules.

The numbers are those of our own template and of an AWS account as it is new; whoever had theirs raised changes them
here. Sources: infra/template.yaml; AWS's "Lambda quotas" and "Lambda scaling behavior", "Amazon API Gateway quotas",
"Service, account, and table quotas in Amazon DynamoDB" and "DynamoDB on-demand capacity mode", as they stood in 2026.
"""

from dataclasses import dataclass
from datetime import timedelta

# MethodSettings of our stage in infra/template.yaml: requests a second, and how many may come at once.
STAGE_RATE = 1_000
STAGE_BURST = 2_000
# What API Gateway grants the whole account in a region.
ACCOUNT_RATE = 10_000
ACCOUNT_BURST = 5_000
# Environments of Lambda at the same time, and how many more of one function may start in each ten seconds.
LAMBDA_ENVIRONMENTS = 1_000
LAMBDA_MORE = 1_000
LAMBDA_MORE_EVERY = timedelta(seconds=10)
# Write units a second: of one item (a session's seats), and of an on-demand table that is new.
ITEM_WRITES = 1_000
TABLE_WRITES = 4_000

# What one family asks for around its moment: the programme twice, its pass, two registrations, and how they stand.
REQUESTS_A_FAMILY = 6
# Two registrations of three units (record, claim in a session that is more than half full), and the marks of their
# mails.
WRITES_A_FAMILY = 8
# An answer of ours with DynamoDB's two writes, cold starts counted in: the bench measures less.
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
    Limit("API Gateway, requests a second", min(STAGE_RATE, ACCOUNT_RATE) / REQUESTS_A_FAMILY),
    Limit("Lambda, environments at a time", LAMBDA_ENVIRONMENTS / SECONDS_A_REQUEST / REQUESTS_A_FAMILY),
    Limit("DynamoDB, write units a second of a new table", TABLE_WRITES / WRITES_A_FAMILY),
    # The worst case: everybody wants the same session, once.
    Limit("DynamoDB, write units a second of one session's seats", ITEM_WRITES / 2),
)
TIGHTEST = min(LIMITS, key=lambda limit: limit.families)


def requests_a_second(families: int, spread: timedelta) -> float:
    """How many requests arrive in a second when so many families come evenly over `spread` (more than nothing)."""
    return families * REQUESTS_A_FAMILY / spread.total_seconds()


def is_enough(families: int, spread: timedelta) -> bool:
    """Whether so many families, evenly over `spread`, stay within USED of every limit. Without a spread they all come
    at once, and the stage's burst is what it takes."""
    if not spread:
        return families * REQUESTS_A_FAMILY <= STAGE_BURST * USED
    return families <= TIGHTEST.families * USED * spread.total_seconds()


def spread_for(families: int) -> timedelta:
    """The shortest spread, in whole minutes, that is enough for so many families."""
    if is_enough(families, timedelta()):
        return timedelta()
    seconds = families / (TIGHTEST.families * USED)
    return timedelta(minutes=-(-seconds // 60))
