"""The price list: what it says, and what it must not say."""

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.insight.cost.prices import (
    NEEDED,
    NoPriceList,
    PriceList,
    PriceMissing,
    PricesWrong,
    file_of,
    read,
    shipped,
    written,
)
from tests.insight.cost.lists import HEADER, MAILS, REQUESTS, TIERS, TODAY, prices, text


def wrong(*lines: str, header: str = HEADER, needed: frozenset[tuple[str, str]] = frozenset()) -> list[str]:
    """What is said of these lines; line 1 is the header."""
    with pytest.raises(PricesWrong) as refused:
        read(text(lines, header), "eu-west-1", TODAY, needed)
    return [str(error) for error in refused.value.errors]


def test_a_price_is_for_so_many() -> None:
    (price,) = prices(MAILS).of(("ses", "mail"))
    assert (price.usd, price.per, price.counted, price.unit) == (Decimal("0.10"), 1000, "mails", "1000 mails")
    assert (price.published, price.source) == (date(2026, 10, 1), "AWS's page")


def test_tiers_come_in_their_order() -> None:
    assert [price.usd for price in prices(*reversed(TIERS)).of(REQUESTS)] == [
        Decimal("0.40"),
        Decimal("0.30"),
        Decimal("0.20"),
    ]


def test_what_has_no_price_is_named() -> None:
    with pytest.raises(PriceMissing, match="There is no price for sqs, fifo-request in the price list of eu-west-1"):
        prices(MAILS).of(("sqs", "fifo-request"))


def test_a_missing_line_is_named() -> None:
    assert wrong(MAILS, needed=frozenset({("ses", "mail"), ("dynamodb", "storage")})) == [
        "There is no line for dynamodb, storage, which is needed."
    ]


def test_a_line_that_is_wrong_is_not_missing_too() -> None:
    assert wrong("ses,mail,1000 mails,-0.10,0,0,2026-10-01,,", needed=frozenset({("ses", "mail")})) == [
        "line 2: The cell usd says -0.10. It cannot be negative."
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("ses,mail,1000 mails,0.10,-5,0,2026-10-01,,", "The cell free_per_month says -5. It cannot be negative."),
        (
            "ses,mail,1000 mails,€0.10,0,0,2026-10-01,,",
            'The cell usd says "€0.10", in another currency. AWS bills in US dollars.',
        ),
        (
            "ses,mail,1000 mails,0.10 EUR,0,0,2026-10-01,,",
            'The cell usd says "0.10 EUR", in another currency. AWS bills in US dollars.',
        ),
        (
            "ses,mail,1000 mails,a lot,0,0,2026-10-01,,",
            'The cell usd says "a lot", which is not a number such as 0.20.',
        ),
        ("ses,mail,1000 mails,NaN,0,0,2026-10-01,,", None),
        ("ses,mail,1000 mails,1e9,0,0,2026-10-01,,", 'The cell usd says "1e9", which is not a number such as 0.20.'),
        ("ses,mail,1000 mails,,0,0,2026-10-01,,", "The cell usd is empty."),
        (",mail,1000 mails,0.10,0,0,2026-10-01,,", "The cell service is empty."),
        (
            "ses,mail,12 mails,0.10,0,0,2026-10-01,,",
            'The unit "12 mails" is not known. Examples: "1M requests", "1000 mails", "GB-month".',
        ),
        (
            "ses,mail,1000 mails,0.10,0,0,1 October,,",
            'The cell published says "1 October", which is not a date such as 2026-10-01.',
        ),
        (
            "ses,mail,1000 mails,0.10,0,0,2026-11-27,,",
            "Published on 2026-11-27: that is in the future, today is 2026-11-26.",
        ),
        ("ses,mail", "This row has 2 cells, and the first line names 9 columns."),
        ("ses,mail,1000 mails,0.10,0,500,2026-10-01,,", "ses, mail has no line that begins at 0."),
    ],
)
def test_a_bad_line_is_refused_and_named(line: str, said: str | None) -> None:
    (error,) = wrong(line)
    assert error.startswith("line 2: ")
    assert said is None or error == f"line 2: {said}"


def test_every_mistake_is_told_at_once() -> None:
    errors = wrong("ses,mail,1000 mails,-1,0,0,2027-01-01,,", "sqs,standard-request,1M requests,free,0,0,2026-10-01,,")
    assert [error.split(":")[0] for error in errors] == ["line 2", "line 2", "line 3"]


def test_a_price_stands_there_once() -> None:
    assert wrong(MAILS, MAILS) == ["line 3: The price of ses, mail from 0 on is already on line 2."]


def test_the_tiers_of_a_meter_count_the_same_thing() -> None:
    other = "sqs,standard-request,1000 requests,0.30,0,100000000,2026-10-01,,"
    assert wrong(TIERS[0], other) == [
        "line 3: sqs, standard-request is counted in 1000 requests here and in 1M requests on line 2."
    ]


def test_what_is_free_is_said_once() -> None:
    other = "sqs,standard-request,1M requests,0.30,1000000,100000000,2026-10-01,,"
    assert wrong(TIERS[0], other) == [
        "line 3: sqs, standard-request: the free amount must be on the line that begins at 0."
    ]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("service,item,unit,eur,free_per_month,published", "The prices are in EUR. AWS bills in US dollars"),
        ("service,item,unit,usd,free_per_month", "The column published is missing."),
        ("", "The price list is empty."),
        ("service,item,unit,usd,free_per_month,published,usd", "The column usd is there twice."),
    ],
)
def test_a_header_says_what_the_columns_are(header: str, said: str) -> None:
    (error,) = wrong(header=header)
    assert error.startswith(f"line 1: {said}")


def test_what_is_no_csv_is_no_price_list() -> None:
    (error,) = wrong("a\rb")
    assert error.startswith("This is no CSV file")


@given(st.lists(st.text(alphabet='seqmail,1.0-€"\n\r\0', max_size=40), max_size=4))
def test_whatever_stands_in_a_file_is_a_list_or_is_said_to_be_wrong(lines: list[str]) -> None:
    with suppress(PricesWrong):
        read(text([*lines, MAILS]), "eu-west-1", TODAY, needed=())


def test_a_readers_own_lines_take_the_place_of_the_lists() -> None:
    ours = prices("ses,mail,1000 mails,0.25,0,0,2026-10-01,our contract,")
    changed = prices(MAILS, *TIERS).changed_by(ours)
    assert [price.usd for price in changed.of(("ses", "mail"))] == [Decimal("0.25")]
    assert len(changed.of(REQUESTS)) == 3


def test_a_list_reads_as_it_was_written() -> None:
    assert read(written(shipped().prices), "eu-west-1", TODAY) == shipped()


def test_the_shipped_list_has_what_we_are_billed_by_with_source_or_reason() -> None:
    listed = shipped()
    assert isinstance(listed, PriceList)
    assert (listed.region, listed.currency) == ("eu-west-1", "USD")
    assert listed.meters >= NEEDED
    for price in listed.prices:
        assert price.source or price.note, price


def test_another_region_has_no_list_and_no_prices_of_a_neighbour() -> None:
    with pytest.raises(NoPriceList, match=r"There is no price list for eu-central-1\. There is one for: eu-west-1"):
        shipped("eu-central-1")
    assert file_of("eu-west-1").exists()
