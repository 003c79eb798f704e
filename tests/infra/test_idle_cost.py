"""docs/idle-cost.md against the packaged template and the price list: nothing costs money in silence."""

import csv
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from infra.local.package import ROOT

LIST = ROOT / "docs" / "idle-cost.md"
PRICES = ROOT / "chalicelib" / "cost" / "eu-west-1.csv"

BILLED_WHILE_IDLE = {
    "AWS::CloudWatch::Alarm",
    "AWS::DynamoDB::Table",
    "AWS::Logs::LogGroup",
    "event source SQS",
}
FREE_WHILE_IDLE = {
    "AWS::Cognito::UserPool",
    "AWS::Cognito::UserPoolClient",
    "AWS::Cognito::UserPoolDomain",
    "AWS::Cognito::UserPoolGroup",
    "AWS::IAM::Role",
    "AWS::Lambda::Permission",
    "AWS::SNS::Topic",
    "AWS::SQS::Queue",
    "AWS::Serverless::Api",
    "AWS::Serverless::Function",
    "event source DynamoDB",
}
# What would make something of a free kind cost money while idle.
COSTLY = {"ProvisionedConcurrencyConfig", "CacheClusterEnabled", "ProvisionedThroughput", "WarmThroughput", "SnapStart"}
UNITS = {"1M requests": 1_000_000, "alarm-month": 1, "GB-month": 1}
ROW = re.compile(r"^\| (?P<names>`.+?) \| .+? \| (?P<amount>[\d.,]+) .+? \| (?P<price>\w+, [\w-]+) "
                 r"\| \$(?P<full>[\d.]+) \| \$(?P<free>[\d.]+) \|$")  # fmt: skip


@dataclass(frozen=True)
class Line:
    names: frozenset[str]
    amount: Decimal
    price: tuple[str, str]
    full: Decimal
    free: Decimal


def lines() -> list[Line]:
    found = []
    for match in filter(None, map(ROW.match, LIST.read_text(encoding="utf-8").splitlines())):
        service, item = match["price"].split(", ")
        found.append(
            Line(
                frozenset(re.findall(r"`(\w+)`", match["names"])),
                Decimal(match["amount"].replace(",", "")),
                (service, item),
                Decimal(match["full"]),
                Decimal(match["free"]),
            )
        )
    return found


def kinds(resources: dict[str, Any]) -> dict[str, str]:
    """What is deployed, by name; also what SAM makes of a function's events."""
    found = {name: resource["Type"] for name, resource in resources.items()}
    for resource in resources.values():
        for name, source in resource["Properties"].get("Events", {}).items():
            found[name] = f"event source {source['Type']}"
    return found


def rounded(dollars: Decimal) -> Decimal:
    return dollars.quantize(Decimal("0.001"))


def test_every_kind_of_resource_is_known(resources: dict[str, Any]) -> None:
    unknown = {name: kind for name, kind in kinds(resources).items() if kind not in BILLED_WHILE_IDLE | FREE_WHILE_IDLE}
    assert not unknown, (
        f"Find out whether these are billed while idle, and name them here and in {LIST.name}: {unknown}"
    )


def test_what_is_billed_while_idle_is_named(resources: dict[str, Any]) -> None:
    billed = {name for name, kind in kinds(resources).items() if kind in BILLED_WHILE_IDLE}
    assert {name for line in lines() for name in line.names} == billed


def test_one_queue_alone_is_polled(resources: dict[str, Any]) -> None:
    assert list(kinds(resources).values()).count("event source SQS") == 1


def test_nothing_is_provisioned(resources: dict[str, Any]) -> None:
    costly = {name: COSTLY & set(resource["Properties"]) for name, resource in resources.items()}
    assert not {name: found for name, found in costly.items() if found}


def test_the_sums_follow_from_the_prices() -> None:
    with PRICES.open(encoding="utf-8", newline="") as file:
        prices = {(row["service"], row["item"]): row for row in csv.DictReader(file) if row["begins"] == "0"}
    assert len({line.price for line in lines()}) == len(lines())  # a free tier is not counted twice
    for line in lines():
        price = prices[line.price]
        dollars = Decimal(price["usd"]) / UNITS[price["unit"]]
        assert line.full == rounded(line.amount * dollars), line.price
        beyond = max(Decimal(0), line.amount - Decimal(price["free_per_month"]))
        assert line.free == rounded(beyond * dollars), line.price


def test_the_total_is_the_sum_of_the_lines() -> None:
    full, free = sum(line.full for line in lines()), sum(line.free for line in lines())
    text = LIST.read_text(encoding="utf-8")
    assert f"| **sum** | | | | **${full}** | **${free}** |" in text
    assert f"**${full:.2f} a month at full price; ${free:.2f} within the always-free tier.**" in text
