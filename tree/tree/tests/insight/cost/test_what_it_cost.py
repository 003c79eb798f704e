"""`python -m chalicelib cost`: a month, as finance reads it on the command line."""

import csv
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO

import pytest
from click.testing import CliRunner, Result

from chalicelib.core.activities import Activity
from chalicelib.insight.cost import explorer, usage
from chalicelib.insight.cost import table as costs
from chalicelib.insight.cost.explorer import NOT_ENABLED, Billed, Unknown
from chalicelib.insight.cost.usage import UsageKey
from chalicelib.insight.cost.what_it_cost import what_it_cost
from tests.camps import published

FRIDAY = date(2027, 2, 5)
NIGHT = datetime(2027, 2, 6, 3, 20, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("table")


def asked(*arguments: str) -> Result:
    return CliRunner().invoke(what_it_cost, arguments)


@pytest.fixture
def a_day(table: None) -> None:
    published()  # in Kaprijke
    registering = UsageKey(FRIDAY, Activity.REGISTERING, "2027-k7m2xq", "Kaprijke")
    used = {
        registering: {usage.API_REQUEST: Decimal(3000), usage.REGISTRATION: Decimal(1000)},
        UsageKey(FRIDAY, Activity.MAILS): {usage.MAIL: Decimal(2000)},
    }
    costs.keep(FRIDAY, used, NIGHT)


@pytest.mark.usefixtures("a_day")
def test_it_says_what_each_thing_cost_and_where_the_figure_is_from():
    said = asked("2027-02").output

    assert "2,000 mails at $0.16 for 1000 mails, 2026-07-22" in said
    assert "Counted until 2027-02-06 03:20 UTC." in said
    assert "for each of 1000 registrations" in said
    assert "Kaprijke" in said
    assert "The shared remainder is split by each municipality's share of the registrations." in said


@pytest.mark.usefixtures("a_day")
def test_days_that_were_not_counted_are_named():
    assert "Not counted, and not in these totals: 2027-02-01, " in asked("2027-02").output


@pytest.mark.usefixtures("a_day")
def test_one_opening_alone():
    assert "mails" not in asked("2027-02", "--opening", "2027-k7m2xq").output.replace("group mails", "")
    assert asked("2027-02", "--opening", "2027-nothin").exit_code == 1


@pytest.mark.usefixtures("a_day")
def test_as_csv_each_figure_has_all_that_it_comes_from():
    rows = list(csv.DictReader(StringIO(asked("2027-02", "--csv").output)))

    mails = next(row for row in rows if row["item"] == "mail")
    assert (mails["quantity"], mails["price"], mails["price_for"], mails["usd"]) == (
        "2000",
        "0.16",
        "1000 mails",
        "0.32",
    )
    assert mails["price_published"] == "2026-07-22"


def test_a_month_without_data_is_said_and_no_zero():
    result = asked("2027-02")

    assert result.exit_code == 1
    assert "none of these days was counted" in result.output
    assert "$0" not in result.output


@pytest.mark.parametrize("typed", ["May", "2027-13", "2027", "2027-05-07"])
def test_what_is_no_month_is_named(typed: str):
    result = asked(typed)

    assert result.exit_code == 2
    assert "is no month such as 2027-05" in result.output


@pytest.mark.usefixtures("a_day")
def test_beside_what_aws_says(monkeypatch: pytest.MonkeyPatch):
    theirs = [Billed("Amazon API Gateway", "EU-ApiGatewayRequest", Decimal(3000), Decimal("0.0105"))]
    monkeypatch.setattr(explorer, "ask", lambda *_: theirs)

    said = " ".join(asked("2027-02", "--explorer").output.split())
    assert "requests of programs $0.0105 AWS $0.0105" in said


@pytest.mark.usefixtures("a_day")
def test_what_aws_does_not_say_is_not_known(monkeypatch: pytest.MonkeyPatch):
    def not_enabled(first: date, last: date) -> None:
        raise Unknown(NOT_ENABLED)

    monkeypatch.setattr(explorer, "ask", not_enabled)

    assert "Not known: Cost Explorer is not enabled in this account" in asked("2027-02", "--explorer").output
