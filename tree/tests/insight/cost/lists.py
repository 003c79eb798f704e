"""Price lists for tests: small ones, with round prices."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from chalicelib.insight.cost.prices import PriceList, read

TODAY = date(2026, 11, 26)
HEADER = "service,item,unit,usd,free_per_month,begins,published,source,note"


def text(lines: Iterable[str], header: str = HEADER) -> str:
    return "\n".join([header, *lines]) + "\n"


def prices(*lines: str) -> PriceList:
    return read(text(lines), "eu-west-1", TODAY, needed=())


MAILS = "ses,mail,1000 mails,0.10,0,0,2026-10-01,AWS's page,"
TIERS = (
    "sqs,standard-request,1M requests,0.40,1000000,0,2026-10-01,AWSQueueService EU-Requests-Tier1,",
    "sqs,standard-request,1M requests,0.30,0,100000000,2026-10-01,AWSQueueService EU-Requests-Tier1,",
    "sqs,standard-request,1M requests,0.20,0,200000000,2026-10-01,AWSQueueService EU-Requests-Tier1,",
)
REQUESTS = ("sqs", "standard-request")
MILLION = Decimal(1_000_000)
