"""A finance officer looks at what it did cost, will cost and would cost."""

import csv
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from html import unescape
from io import BytesIO, StringIO
from itertools import pairwise
from unittest import mock

import pytest
import time_machine
from openpyxl import load_workbook

from chalicelib.core.languages import has
from chalicelib.insight.cost import explorer, so_far
from chalicelib.insight.cost.prices import PriceList, shipped
from chalicelib.pages.staff import cost_tables
from chalicelib.people.staff.rules import Role
from tests.core.http import summer as summers
from tests.insight.cost import days
from tests.insight.cost.test_gathering import Logs
from tests.insight.cost.test_lines import invocation, line
from tests.pages.frame.browsing import Browser, Shown

PAGES = ("/office/cost", "/office/cost/estimate", "/office/cost/alternatives", "/office/cost/prices")
# Words that join others in English, and mean nothing in Dutch or French.
JOINING = {"and", "at", "by", "each", "for", "from", "how", "many", "that", "the", "their", "which", "with", "without"}
DOLLARS = re.compile(r"\$([\d.,]+)")


@pytest.fixture(autouse=True)
def _summer() -> Iterator[None]:
    with summers.summer(), time_machine.travel(datetime(2027, 3, 8, 12, tzinfo=UTC)):
        yield


@pytest.fixture
def luc() -> Browser:
    return Browser("en").sign_in(Role.FINANCE)


def rows(shown: Shown) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(shown.body.decode("utf-8-sig")), delimiter=";"))


def number(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.FINANCE])
@pytest.mark.parametrize("path", [*PAGES, *(f"{path}.xlsx" for path in PAGES)])
def test_it_is_for_finance_alone(role: Role, path: str) -> None:
    assert Browser("en").sign_in(role).get(path).status == 403


@pytest.mark.parametrize("path", PAGES)
def test_each_page_leads_to_the_others_and_has_its_files(luc: Browser, path: str) -> None:
    shown = luc.get(path)

    assert shown.status == 200
    for other in PAGES:
        assert luc.get(other).status == 200
    for ending, begins in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")):
        assert luc.get(f"{path}.{ending}").body.startswith(begins)


def test_a_month_of_which_nothing_was_counted_has_no_figure_that_looks_like_nought(luc: Browser) -> None:
    shown = luc.get("/office/cost?month=2026-05")

    assert "There is no figure" in shown.text
    assert "none of these days was counted" in shown.text
    assert "$" not in shown.text


def test_the_rows_of_a_month_add_up_to_its_sum_to_the_cent(luc: Browser) -> None:
    shown = luc.get("/office/cost?month=2027-03")

    total = shown.text.partition("At list price ")[2]
    whole = Decimal(DOLLARS.match(total)[1])  # type: ignore[index]
    captions = ("By service", "By activity", "By opening", "Who pays what")
    for caption, after in pairwise(captions):
        table = shown.text.rpartition(f"{caption} What Cost")[2].partition(after)[0]
        # Of each row the cents stand first and the exact sum behind them.
        assert sum(Decimal(one) for one in DOLLARS.findall(table)[::2]) == whole, caption


def test_a_month_says_as_far_as_it_was_counted_and_which_days_are_missing(luc: Browser) -> None:
    shown = luc.get("/office/cost?month=2027-03")

    assert "Counted until 1:00 on Saturday 6 March 2027." in shown.text
    assert "Not counted, and not in these totals: 1 March 2027" in shown.text


def test_what_was_used_today_is_counted_when_the_page_is_asked_for(
    luc: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    logs = Logs()
    logs.write(
        "api", datetime(2027, 3, 8, 11, tzinfo=UTC), *invocation("0a", line("0a", route="/programme", method="GET"))
    )
    monkeypatch.setattr(so_far, "_logs", lambda: logs)

    shown = luc.get("/office/cost?month=2027-03")

    assert "Counted until 12:59 on Monday 8 March 2027." in shown.text
    assert "could not be read in time" not in shown.text
    assert {one["activity"] for one in rows(luc.get("/office/cost.csv?month=2027-03"))} >= {"looking", "system"}


def test_logs_that_cannot_be_read_are_said_and_are_no_error(luc: Browser) -> None:
    shown = luc.get("/office/cost?month=2027-03")

    assert shown.status == 200
    assert (
        "Counted until 1:00 on Saturday 6 March 2027. What was used since then could not be read in time" in shown.text
    )


def test_each_municipality_pays_its_own_and_its_part_of_what_is_shared(luc: Browser) -> None:
    shown = luc.get("/office/cost?month=2027-03")

    assert "by each municipality's share of the registrations" in shown.text
    bills = shown.text.partition("By municipality")[2]
    assert "Kaprijke" in bills
    assert "Zoersel" in bills


def test_an_opening_is_asked_for_by_itself(luc: Browser) -> None:
    shown = luc.get(f"/office/cost?opening={summers.HELD}")

    assert f"({summers.HELD})" in shown.heading
    assert "Registering" in shown.text
    assert "Swimming: lanes" not in shown.text
    assert "For each registration, at list price $" in shown.text


def test_every_figure_of_the_file_is_its_quantity_times_its_price(luc: Browser) -> None:
    found = rows(luc.get("/office/cost.csv?month=2027-03"))

    assert {one["activity"] for one in found} >= {"looking", "registering", "mails", "swimming", "system"}
    per = {price.unit: price.per for price in shipped().prices}
    for one in found:
        assert number(one["usd"]) == number(one["quantity"]) * number(one["price"]) / per[one["for"]]
        assert one["query"]
        assert one["published"]


@pytest.mark.parametrize("language", ["nl", "fr"])
def test_no_figure_is_half_in_english_on_a_page_or_in_its_file(language: str) -> None:
    luc = Browser(language).sign_in(Role.FINANCE)

    for path, query in zip(PAGES[:3], ("?month=2027-03", "", ""), strict=True):
        cells = re.findall(r"<t[dh]\b[^>]*>(.*?)</t[dh]>", luc.get(path + query).html, re.DOTALL)
        shown = {unescape(cell) for cell in cells}
        in_file = [(one["what"], one["query"]) for one in rows(luc.get(f"{path}.csv{query}"))]
        assert shown & {how for _, how in in_file}
        for said in shown.union(*in_file):
            assert not JOINING.intersection(re.findall(r"\w+", said)), said
            without_commands = said.replace("make bench: ", "")
            assert language == "nl" or not re.search(r"[^\u00a0]: ", without_commands), said


def test_the_bills_come_as_a_file_whose_cents_add_up(luc: Browser) -> None:
    bills = rows(luc.get("/office/cost.csv?month=2027-03&table=municipality"))

    assert [one["municipality"] for one in bills] == ["Kaprijke", "Zoersel"]
    whole = sum(number(one["in_cents"]) for one in rows(luc.get("/office/cost.csv?month=2027-03&table=service")))
    assert sum(number(one["in_cents"]) for one in bills) == whole
    for one in bills:
        assert number(one["in_cents"]) == number(one["own_in_cents"]) + number(one["shared_in_cents"])
    assert sum(number(one["share"]) for one in bills) == 1


TABLES = [
    *(f"/office/cost?month=2027-03&table={name}" for name in cost_tables.TABLES),
    "/office/cost/estimate?table=sums",
    "/office/cost/estimate?table=steps",
    "/office/cost/alternatives?table=years",
]


@pytest.mark.parametrize("table", TABLES)
def test_beside_each_table_stand_its_files(luc: Browser, table: str) -> None:
    path, _, query = table.partition("?")
    page = luc.get(f"{path}?{query.rpartition('table=')[0]}")

    for ending, begins in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")):
        link = f"{path}.{ending}?{query}"
        assert f'{link.replace("&", "&amp;")}"' in page.html
        file = luc.get(link)
        assert file.body.startswith(begins)
        assert file.body != luc.get(f"{path}.{ending}").body


def test_who_used_what_can_be_followed_figure_by_figure(luc: Browser) -> None:
    shown = luc.get("/office/cost?month=2027-03")

    by_municipality = shown.text.rpartition("Every figure by municipality")[2]
    kaprijke = re.search(
        r"Kaprijke SES: mails ([\d\s]+) mails \$0.16 for 1.000 mails 22 July 2026 \$(\S+)", by_municipality
    )
    assert kaprijke
    assert Decimal(kaprijke[2]) == round(Decimal("".join(kaprijke[1].split())) * Decimal("0.16") / 1000, 2)
    assert "Shared CloudWatch: alarms" in by_municipality


def test_in_excel_a_figure_is_a_number(luc: Browser) -> None:
    sheet = load_workbook(BytesIO(luc.get("/office/cost.xlsx?month=2027-03").body)).active

    head, first, *_ = sheet.iter_rows(values_only=True)
    assert isinstance(dict(zip(head, first, strict=True))["usd"], int | float)


@pytest.mark.parametrize(
    ("typed", "field"),
    [("families=x", "families"), ("families=-1", "families"), ("pages=1e99", "pages"), ("mails=NaN", "mails"),
     ("refusals=0.0001", "refusals"), ("families=", "families")],
)  # fmt: skip
def test_what_cannot_be_planned_is_said_beside_its_field(luc: Browser, typed: str, field: str) -> None:
    shown = luc.get(f"/office/cost/estimate?{typed}")

    assert shown.status == 422
    assert f'id="f-{field}-error"' in shown.html
    assert "The opening, at full price" not in shown.text


def test_twice_the_families_cost_twice_as_much(luc: Browser) -> None:
    def expected(families: int) -> Decimal:
        found = rows(luc.get(f"/office/cost/estimate.csv?families={families}"))
        of_opening = [one for one in found if (one["of"], one["case"]) == ("opening", "expected")]
        return sum((number(one["usd"]) for one in of_opening), Decimal(0))

    assert expected(2_000) == 2 * expected(1_000) > 0


def test_a_decimal_comma_is_one(luc: Browser) -> None:
    assert luc.get("/office/cost/estimate?registrations=1,5").html.count('value="1.5"') == 1


def test_other_machinery_is_compared_with_ours_by_the_year(luc: Browser) -> None:
    shown = luc.get("/office/cost/alternatives?openings=2")

    assert "Two small servers, a load balancer and a managed database" in shown.text
    assert "python -m chalicelib alternatives --price-lines" in shown.text
    assert luc.get("/office/cost/alternatives?openings=0").status == 422


def test_a_reader_who_knows_another_price_of_the_servers_sees_what_it_changes(luc: Browser) -> None:
    def by_name(query: str) -> dict[str, Decimal]:
        found = rows(luc.get(f"/office/cost/alternatives.csv?table=years&{query}"))
        return {one["alternative"]: number(one["usd"]) for one in found}

    listed, changed = by_name(""), by_name("price-ec2-t4g-micro=0,02")

    ours, servers, provisioned = listed
    assert changed[ours] == listed[ours]
    assert changed[provisioned] == listed[provisioned]
    two_for_a_year = 2 * 12 * 730 * (Decimal("0.02") - Decimal("0.0092"))
    assert changed[servers] == listed[servers] + two_for_a_year
    shown = luc.get("/office/cost/alternatives?price-ec2-t4g-micro=0,02")
    assert "$0.02 for 1 hour 8 March 2027" in shown.text  # a price of today


@pytest.mark.parametrize("typed", ["cheap", "-1", "NaN", "1e99", ""])
def test_what_can_be_no_price_is_said_beside_its_field(luc: Browser, typed: str) -> None:
    shown = luc.get(f"/office/cost/alternatives?price-ec2-t4g-micro={typed}")

    assert shown.status == 422
    assert 'id="f-price-ec2-t4g-micro-error"' in shown.html
    assert "Compared with ours" not in shown.text


@pytest.mark.parametrize("path", PAGES[:3])
def test_a_price_that_is_missing_is_named(luc: Browser, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    without = tuple(one for one in shipped().prices if one.service != "apigateway")
    for module in ("insight.cost.reading", "pages.staff.estimate", "pages.staff.alternatives"):
        monkeypatch.setattr(f"chalicelib.{module}.shipped", lambda: PriceList("eu-west-1", without))

    shown = luc.get(f"{path}?month=2027-03")

    assert re.search("There is no price for apigateway, (rest|http)-request", shown.text)
    assert "There is no figure" in shown.text


@pytest.mark.parametrize("language", ["nl", "fr"])
def test_what_is_counted_is_called_as_people_there_call_it(language: str) -> None:
    counted = {price.counted for price in shipped().prices} - {"MAU"}

    assert {one for one in counted if not has(one, language)} == set()


def test_the_price_list_says_when_each_price_was_published(luc: Browser) -> None:
    shown = luc.get("/office/cost/prices")

    assert "DynamoDB: write-request-unit" in shown.text
    assert "$0.705 for 1 000 000 units" in shown.text
    assert "more than a year old" in shown.text  # Cognito's, of 2024
    assert len(rows(luc.get("/office/cost/prices.csv"))) == len(shipped().prices)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (explorer.Unknown(explorer.NOT_ENABLED), "Cost Explorer is not enabled in this account"),
        (
            explorer.Unknown(explorer.REFUSES, code="AccessDenied"),
            "The role needs leave to ce:GetCostAndUsage",
        ),
        (explorer.Unknown(explorer.NO_LINE, first="2027-03-01", last="2027-03-31"), "for 1 March 2027 until 31 March"),
    ],
)
def test_what_aws_does_not_say_is_said_and_is_no_nought(
    luc: Browser, monkeypatch: pytest.MonkeyPatch, answer: Exception, said: str
) -> None:
    monkeypatch.setattr(explorer, "ask", mock.Mock(side_effect=answer))
    luc.get("/office/cost?month=2027-03")

    shown = luc.submit(button="Ask AWS for its own figures ($0.01)")

    assert said in shown.text
    assert "Compared with AWS's own figures" not in shown.text


def test_each_difference_from_aws_has_its_reasons(luc: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    api = explorer.Billed("Amazon API Gateway", "EU-ApiGatewayRequest", Decimal(60_000), Decimal("0.21"))
    monkeypatch.setattr(explorer, "ask", mock.Mock(return_value=[api]))
    luc.get("/office/cost?month=2027-03")

    shown = luc.submit(button="Ask AWS for its own figures ($0.01)")

    assert "Compared with AWS's own figures" in shown.text
    assert "AWS counted 60000 and we" in shown.text


def test_the_page_beside_aws_stays_at_its_month_and_comes_as_a_file(
    luc: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = explorer.Billed("Amazon API Gateway", "EU-ApiGatewayRequest", Decimal(60_000), Decimal("0.21"))
    monkeypatch.setattr(explorer, "ask", mock.Mock(return_value=[api]))
    with time_machine.travel(datetime(2027, 4, 2, 12, tzinfo=UTC)):
        luc = Browser("en").sign_in(Role.FINANCE)
        luc.get("/office/cost?month=2027-03")
        shown = luc.submit(button="Ask AWS for its own figures ($0.01)")
        assert shown.heading == "Costs: March 2027"
        assert "/office/cost.csv?month=2027-03" in shown.html

        found = rows(luc.submit(button="Ask AWS again, for a CSV file ($0.01)"))

    line = next(one for one in found if one["what"] == "requests of programs")
    assert number(line["aws_quantity"]) == 60_000
    assert number(line["difference_usd"]) == number(line["aws_usd"]) - number(line["our_usd"])


def test_looking_at_the_page_asks_aws_for_nothing(luc: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = mock.Mock()
    monkeypatch.setattr(explorer, "ask", asked)

    luc.get("/office/cost?month=2027-03")

    assert not asked.called


def test_what_is_counted_stays_what_was_kept(luc: Browser) -> None:
    """Given the days, each quantity comes back."""
    kept = days.counted(summers.HELD)
    found = rows(luc.get("/office/cost.csv?month=2027-03"))

    mails = sum(number(one["quantity"]) for one in found if one["item"] == "mail")
    assert mails == sum(one.get(("ses", "mail"), Decimal(0)) for one in kept.values())
