"""How money is shown on the pages of finance: US dollars as AWS bills, each figure with what it comes from."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from chalicelib.core.http.answering import Answer
from chalicelib.core.languages import N_, in_words, translate
from chalicelib.core.printing import sheets
from chalicelib.insight.cost.figures import FOLLOWED, CostFigure, dollars, followed
from chalicelib.insight.cost.prices import Price
from chalicelib.pages.frame.visit import Visit
from chalicelib.people.staff.rules import Staff

TABLE = "table"  # which of a page's tables a file is asked of; without it, every figure
# As AWS calls them.
SERVICES = {
    "apigateway": "API Gateway",
    "budgets": "Budgets",
    "cloudwatch": "CloudWatch",
    "cognito": "Cognito",
    "costexplorer": "Cost Explorer",
    "dynamodb": "DynamoDB",
    "ec2": "EC2",
    "elb": "Elastic Load Balancing",
    "lambda": "Lambda",
    "rds": "RDS",
    "scheduler": "EventBridge Scheduler",
    "secretsmanager": "Secrets Manager",
    "ses": "SES",
    "sqs": "SQS",
    "transfer": N_("Data transfer"),
    "vpc": "VPC",
}
# Of the columns of FOLLOWED, in characters.
WIDTHS = (34, 14, 26, 16, 12, 16, 14, 16, 12, 34, 60)
UNIT_PRICE = N_("{price} for {number} {unit}")
# What the price list counts, in words; another unit stands there as AWS writes it.
UNITS = {
    "requests": N_("requests"),
    "units": N_("units"),
    "mails": N_("mails"),
    "GB-second": N_("GB-second"),
    "GB-month": N_("GB-month"),
    "alarm-month": N_("alarm-month"),
    "metric-month": N_("metric-month"),
    "secret-month": N_("secret-month"),
    "GB": N_("GB"),
    "hour": N_("hour"),
    "unit-hour": N_("unit-hour"),
    "LCU-hour": N_("LCU-hour"),
    "budget-day": N_("budget-day"),
    "invocations": N_("invocations"),
    "metrics": N_("metrics"),
    "request": N_("request"),
}

Row = tuple[str, ...]
Downloading = Callable[[Visit, Staff], Answer]
# The names of the columns, as files have them, and the rows, exactly.
Table = tuple[tuple[str, ...], Sequence[tuple[str | Decimal, ...]]]


def service(name: str, language: str) -> str:
    return translate(SERVICES.get(name, name), language)


def quantity(number: Decimal) -> str:
    """With three digits that say something, and narrow spaces between thousands: `1 234 567`, `0.0412`."""
    if number and abs(number) < 100:
        text = f"{number:.{max(0, 2 - number.adjusted())}f}".rstrip("0").rstrip(".")
    else:
        text = f"{number:,.0f}".replace(",", "\u202f")
    return text


def at_bar(usd: float) -> str:
    """At the end of a bar, where there is little room: from a hundred dollars on without cents."""
    return f"${usd:,.0f}" if usd >= 100 else f"${usd:,.2f}"


def unit_price(price: Price, language: str) -> str:
    return translate(
        UNIT_PRICE,
        language,
        price=f"${price.usd:f}",
        number=quantity(Decimal(price.per)),
        unit=unit(price.counted, language),
    )


def labelled(label: str, value: str, language: str) -> str:
    """Both in `language` already. French has a space before its colon."""
    return translate(N_("{label}: {value}"), language, label=label, value=value)


def unit(counted: str, language: str) -> str:
    return translate(UNITS.get(counted, counted), language)


def followed_rows(figures: Iterable[CostFigure], language: str) -> list[Row]:
    """The dearest first; what each is and how much of it, its unit price and that price's day, what it costs, and the
    query that gave the quantity."""
    return [
        (
            labelled(service(one.meter[0], language), translate(one.what, language), language),
            f"{quantity(one.quantity)} {unit(one.unit, language)}",
            unit_price(one.price, language),
            in_words.day(one.price.published, language, weekday=False),
            dollars(one.usd),
            one.query.said(language),
        )
        for one in sorted(figures, key=lambda one: -one.usd)
    ]


def downloads(download: Callable[[Visit, Staff, str], Answer]) -> tuple[Downloading, Downloading]:
    """A page's files: as CSV, and as XLSX."""

    def as_csv(visit: Visit, by: Staff) -> Answer:
        return download(visit, by, "csv")

    def as_xlsx(visit: Visit, by: Staff) -> Answer:
        return download(visit, by, "xlsx")

    return as_csv, as_xlsx


def table_as_file(name: str, ending: str, table: Table) -> Answer:
    """The file of a table of the page, its sums not rounded."""
    head, rows = table
    return Answer(200, sheets.as_file(name, ending, head, rows, (40, *(18 for _ in head[1:]))))


def as_file(
    name: str, ending: str, key: Sequence[str], groups: Iterable[tuple[Sequence[str], CostFigure]], language: str
) -> Answer:
    """`key`: names of the columns that say of which group a figure is. With the names that the command line has too;
    what a figure is and how it was counted is in `language`."""
    rows = [(*group, *followed(one, language)) for group, one in groups]
    return Answer(200, sheets.as_file(name, ending, (*key, *FOLLOWED), rows, (*(16 for _ in key), *WIDTHS)))
