"""Paper coupons: made with or without the system, each traced to its rule, redeemed once it is back."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from chalicelib.core.http.problems import Problem
from chalicelib.money.citypass import coupons, figures, redeeming, voucher_table
from chalicelib.money.citypass.commands import city_pass
from chalicelib.money.citypass.coupons import NotCoupons
from tests.money.citypass.examples import NOW, RULE, SPORT, SWIMMING, accepted
from tests.money.citypass.test_vouchers import club

BATCH = coupons.made(1, "sport", 1_000, 1_000, date(2027, 12, 31), 12, NOW)


def run(*arguments: str) -> str:
    done = CliRunner().invoke(city_pass, arguments, catch_exceptions=False)
    return done.output if done.exit_code == 0 else f"refused: {done.output}"


def test_a_file_of_coupons_is_read_as_it_was_written():
    assert coupons.read(coupons.written(BATCH)) == BATCH


@pytest.mark.parametrize(
    "changed",
    [{"codes": []}, {"codes": ["2345"]}, {"codes": ["a" * 12] * 2}, {"cents": "10"}, {"until": "x"}, {"x": 1}],
)
def test_what_is_no_file_of_coupons_is_refused(changed):
    with pytest.raises(NotCoupons):
        coupons.read(json.dumps({**json.loads(coupons.written(BATCH)), **changed}))
    with pytest.raises(NotCoupons):
        coupons.read("[]")


@pytest.mark.parametrize(
    ("batch", "budget"),
    [
        (BATCH, None),
        (replace(BATCH, cents=2_000), SPORT),
        (replace(BATCH, amount=20_000, cents=20_000), SPORT),
        (replace(BATCH, amount=2, cents=1_000), SWIMMING),
        (replace(BATCH, amount=0, cents=0), SPORT),
    ],
)
def test_coupons_that_the_rule_does_not_give_are_not_entered(batch, budget):
    with pytest.raises(NotCoupons):
        coupons.must_follow(batch, budget)


def test_the_sheets_are_a_pdf_of_ten_coupons_a_page():
    pdf = coupons.sheets(BATCH, "Sport", "€ 10,00", ("Geldig tot …",), "https://city.example/?code=", "nl")

    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/MediaBox") == 2


@pytest.mark.usefixtures("table")
def test_one_command_prints_and_enters_them_and_each_leads_to_its_rule(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("TABLE", "stormloop")
    accepted(replace(RULE, first_day=date(2026, 1, 1)))
    sheet = tmp_path / "sport.pdf"

    said = run("coupons", str(sheet), "--budget", "sport", "--value", "10", "--count", "3", "--until", "2999-12-31")

    assert "not entered" not in said
    codes = coupons.read(sheet.with_suffix(".json").read_text()).codes
    mine = club("sport")
    redeeming.redeem(mine, codes[0], datetime.now(UTC))
    with pytest.raises(Problem, match="not-now"):
        redeeming.redeem(mine, codes[0], datetime.now(UTC))
    found = [voucher_table.get(one) for one in codes]
    assert {(one.rule, one.is_coupon, one.initial) for one in found if one} == {(1, True, "")}
    assert figures.of_year(datetime.now(UTC).year)["coupons"] == 3
    assert "there already" in run(
        "coupons", str(sheet), "--budget", "sport", "--value", "10", "--count", "3", "--until", "2999-12-31"
    )


@pytest.mark.usefixtures("table")
def test_without_the_system_they_are_printed_and_entered_later_once(tmp_path: Path, monkeypatch):
    monkeypatch.delenv("TABLE", raising=False)
    sheet = tmp_path / "sport.pdf"
    options = ("--budget", "sport", "--value", "10", "--count", "30", "--until", "2027-12-31", "--rule", "1")
    said = run("coupons", str(sheet), *options, "--title", "Sport")
    assert "not entered yet" in said
    file = str(sheet.with_suffix(".json"))

    assert "version 1 of the rule is not accepted" in run("enter", file)
    accepted()
    assert run("enter", file).startswith("30 of 30")
    assert run("enter", file).startswith("0 of 30")
    assert len(list(voucher_table.issued_in(f"{datetime.now(UTC):%Y-%m}"))) == 30
