"""AWS's Price List API. It is asked by whoever keeps the list, never by a function."""

from collections.abc import Callable, Sequence
from typing import Any

import boto3

from chalicelib.insight.cost.answers import PriceSource

REGION = "us-east-1"  # one of the few where the API itself lives; it answers for all


def asking() -> Callable[[PriceSource], Sequence[str]]:
    """Needs leave to `pricing:GetProducts`. What it gives raises botocore's errors."""
    client: Any = boto3.client("pricing", region_name=REGION)

    def ask(source: PriceSource) -> list[str]:
        fields = {"usagetype": source.usage_type, "operation": source.operation}
        pages = client.get_paginator("get_products").paginate(
            ServiceCode=source.service_code,
            FormatVersion="aws_v1",
            Filters=[{"Type": "TERM_MATCH", "Field": name, "Value": value} for name, value in fields.items() if value],
        )
        return [document for page in pages for document in page["PriceList"]]

    return ask
