"""Prices asked anew: what AWS answers, what is shown of it, and what is refused.

documented/products.json has three products in the shape that the Price List API documents, each a text of JSON:
Ireland's, by the offer files that AWS published in September and October 2026. Written by hand, not recorded.
"""

import copy
import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from click.testing import CliRunner, Result

from chalicelib.insight.cost import asking, commands, prices
from chalicelib.insight.cost.answers import AnswerRefused, PriceSource, answered, refresh, source_of
from tests.insight.cost.lists import MAILS, TODAY
from tests.insight.cost.lists import prices as listing

DOCUMENTED = json.loads((Path(__file__).parent / "documented" / "products.json").read_text())
STORAGE = "dynamodb,storage,GB-month,0.283,25,0,2026-08-01,AmazonDynamoDB EU-TimedStorage-ByteHrs,ours"
ON_DEMAND = "AmazonDynamoDB EU-WriteRequestUnits PayPerRequestThroughput"
WRITES = f"dynamodb,write-request-unit,1M units,0.705,0,0,2026-09-11,{ON_DEMAND},"
ARM = (
    "lambda,duration-arm64,GB-second,0.0000133334,400000,0,2026-10-01,AWSLambda EU-Lambda-GB-Second-ARM,first",
    "lambda,duration-arm64,GB-second,0.0000120001,0,7500000000,2026-10-01,AWSLambda EU-Lambda-GB-Second-ARM,",
)
WRITE = ("dynamodb", "write-request-unit")


def document(name: str, change: Callable[[Any], object] = lambda _: None) -> str:
    product = copy.deepcopy(DOCUMENTED[name])
    change(product)
    return json.dumps(product)


def on_demand(product: Any) -> Any:
    return product["terms"]["OnDemand"]


def term(product: Any) -> Any:
    (found,) = on_demand(product).values()
    return found


def dimension(product: Any) -> Any:
    """The first price of a product."""
    return next(iter(term(product)["priceDimensions"].values()))


def priced(usd: str) -> Callable[[Any], object]:
    return lambda product: dimension(product)["pricePerUnit"].update(USD=usd)


def asked(line: str, *documents: str) -> tuple[prices.Price, ...]:
    (price,) = listing(line).prices
    source = source_of(price)
    assert source
    return answered(documents, source, (price,), TODAY)


def test_a_price_for_one_becomes_the_lists_price_for_a_million() -> None:
    (price,) = asked(WRITES, document("dynamodb-write"))
    assert (price.usd, price.unit, price.published) == (Decimal("0.705"), "1M units", date(2026, 9, 11))


def test_a_first_tier_that_is_free_is_the_lists_free_tier() -> None:
    (price,) = asked(STORAGE, document("dynamodb-storage"))
    assert (price.usd, price.free, price.begins, price.note) == (Decimal("0.283"), 25, 0, "ours")
    assert price.published == date(2026, 9, 11)


def test_what_is_free_elsewhere_stays_and_a_new_tier_is_a_difference() -> None:
    found = refresh(listing(*ARM), lambda _: [document("lambda-arm64")], TODAY)
    tiers = found.prices.of(("lambda", "duration-arm64"))
    assert [(one.begins, one.free) for one in tiers] == [(0, 400_000), (7_500_000_000, 0), (18_750_000_000, 0)]
    ((old, new),) = ((one.old, one.new) for one in found.differences)
    assert old is None
    assert new is not None
    assert (new.usd, new.begins) == (Decimal("0.0000106667"), 18_750_000_000)


def test_a_price_that_changed_is_shown_old_and_new() -> None:
    found = refresh(listing(WRITES), lambda _: [document("dynamodb-write", priced("0.0000008000"))], TODAY)
    ((old, new),) = ((one.old, one.new) for one in found.differences)
    assert old is not None
    assert new is not None
    assert (old.usd, new.usd) == (Decimal("0.705"), Decimal("0.80"))
    assert found.prices.of(WRITE) == (new,)


def test_a_line_without_a_source_is_kept_by_hand_and_named() -> None:
    listed = listing(MAILS)
    found = refresh(listed, lambda source: pytest.fail(f"asked for {source}"), TODAY)
    assert (found.prices, found.by_hand) == (listed, listed.prices)


@pytest.mark.parametrize(
    ("documents", "why"),
    [
        ([], "AWS lists nothing for AmazonDynamoDB EU-WriteRequestUnits PayPerRequestThroughput"),
        ([document("dynamodb-write", priced("-0.0000007050"))], "costs -7.050E-7, which cannot be"),
        ([document("dynamodb-write", priced("NaN"))], "costs NaN"),
        (
            [document("dynamodb-write", priced("0.0000071000"))],
            "From 0.705 to 7.10 USD for 1M units: more than 10",
        ),
        ([document("dynamodb-write", priced("0.0000000700"))], "less than a tenth"),
        ([document("dynamodb-write", priced("0.0000000000"))], "less than a tenth"),
        ([document("dynamodb-write", lambda one: dimension(one).update(pricePerUnit={"CNY": "0.1"}))], "priced in CNY"),
        ([document("dynamodb-write", lambda one: one.update(publicationDate="2027-01-01T00:00:00Z"))], "in the future"),
        ([document("dynamodb-write", lambda one: one.pop("publicationDate"))], "cannot be read: KeyError"),
        ([document("dynamodb-write", lambda one: dimension(one).update(beginRange="some"))], "cannot be read"),
        ([document("dynamodb-write", lambda one: dimension(one).update(beginRange="5"))], "first tier begins at 5"),
        (
            [document("dynamodb-write", lambda one: one["terms"]["OnDemand"].update(later=term(one)))],
            "two prices for one",
        ),
        (["<html>"], "cannot be read: JSONDecodeError"),
        ([document("dynamodb-storage")], "AWS answered EU-TimedStorage-ByteHrs when asked for"),
        (
            [document("dynamodb-write"), document("dynamodb-write", priced("0.0000008000"))],
            "AWS lists 2 different prices for",
        ),
        ([document("dynamodb-write", lambda one: one.update(terms={"Reserved": {}}))], "AWS lists nothing for"),
    ],
)
def test_an_answer_that_looks_wrong_is_refused_with_its_reason(documents: list[str], why: str) -> None:
    with pytest.raises(AnswerRefused, match=why):
        asked(WRITES, *documents)
    listed = listing(WRITES, STORAGE)
    both = {"EU-WriteRequestUnits": documents, "EU-TimedStorage-ByteHrs": [document("dynamodb-storage")]}
    found = refresh(listed, lambda source: both[source.usage_type], TODAY)
    assert set(found.refused) == {WRITE}
    assert found.prices.of(WRITE) == listed.of(WRITE)
    assert found.confirmed == 1


def test_two_products_at_one_price_are_one_answer() -> None:
    assert len(asked(WRITES, document("dynamodb-write"), document("dynamodb-write"))) == 1


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Stubber:
    """The API's client, which answers what a test adds; botocore checks that the questions are as AWS wants them."""
    client = boto3.client("pricing", region_name="us-east-1")
    monkeypatch.setattr(asking.boto3, "client", lambda *_, **__: client)
    stub = Stubber(client)
    stub.activate()
    return stub


def question(service_code: str, **fields: str) -> dict[str, Any]:
    filters = [{"Type": "TERM_MATCH", "Field": field, "Value": value} for field, value in fields.items()]
    return {"ServiceCode": service_code, "FormatVersion": "aws_v1", "Filters": filters}


def test_it_asks_for_one_usage_type_page_by_page(api: Stubber) -> None:
    wanted = question("AmazonDynamoDB", usagetype="EU-WriteRequestUnits", operation="PayPerRequestThroughput")
    first = {"FormatVersion": "aws_v1", "PriceList": [document("dynamodb-write")], "NextToken": "more"}
    api.add_response("get_products", first, wanted)
    api.add_response("get_products", {"FormatVersion": "aws_v1", "PriceList": []}, {**wanted, "NextToken": "more"})
    source = PriceSource("AmazonDynamoDB", "EU-WriteRequestUnits", "PayPerRequestThroughput")
    assert asking.asking()(source) == [document("dynamodb-write")]
    api.assert_no_pending_responses()


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A list of three lines where the shipped one is."""
    file = tmp_path / "eu-west-1.csv"
    listed = listing(MAILS, WRITES, STORAGE)
    file.write_text(prices.written(listed.prices))
    monkeypatch.setattr(commands, "file_of", lambda _: file)
    monkeypatch.setattr(commands, "shipped", lambda: listed)
    return file


def run(*arguments: str) -> Result:
    return CliRunner().invoke(commands.refresh_prices, arguments)


def answering(api: Stubber, writes: str) -> None:
    for name in (writes, document("dynamodb-storage")):
        api.add_response("get_products", {"FormatVersion": "aws_v1", "PriceList": [name]})


def test_the_command_shows_what_differs_and_writes_nothing(api: Stubber, shipped: Path) -> None:
    before = shipped.read_text()
    answering(api, document("dynamodb-write", priced("0.0000008000")))
    done = run()
    change = "$0.705 for 1M units (2026-09-11) → $0.80 for 1M units (2026-09-11)"
    assert f"dynamodb, write-request-unit: {change}" in done.output
    assert "Meters that cost what the list says: 1. Lines that differ: 1." in done.output
    assert "ses, mail: $0.10 for 1000 mails (2026-10-01)" in done.output
    assert "Nothing was written" in done.output
    assert shipped.read_text() == before
    assert done.exit_code == 0


def test_the_command_writes_when_it_is_told_to(api: Stubber, shipped: Path) -> None:
    answering(api, document("dynamodb-write", priced("0.0000008000")))
    done = run("--write")
    assert done.exit_code == 0
    now = prices.read(shipped.read_text(), "eu-west-1", TODAY, needed=())
    assert [price.usd for price in now.prices] == [Decimal("0.10"), Decimal("0.80"), Decimal("0.283")]
    assert now.of(("dynamodb", "storage"))[0].published == date(2026, 9, 11)


def test_the_command_names_what_it_refuses_and_leaves_it(api: Stubber, shipped: Path) -> None:
    answering(api, document("dynamodb-write", priced("-1")))
    done = run("--write")
    assert done.exit_code == 1
    assert "Refused, and left as it is: dynamodb, write-request-unit:" in done.stderr
    assert "0.705" in shipped.read_text()


def test_the_command_says_when_aws_does_not_answer(api: Stubber, shipped: Path) -> None:
    api.add_client_error("get_products", "AccessDeniedException", "not authorized to perform: pricing:GetProducts")
    done = run("--write")
    assert done.exit_code == 2
    assert "cannot be asked, and nothing was changed" in done.stderr
    assert "pricing:GetProducts" in done.stderr


def test_every_source_in_the_shipped_list_can_be_asked_for() -> None:
    for price in prices.shipped().prices:
        assert not price.source or source_of(price), price
