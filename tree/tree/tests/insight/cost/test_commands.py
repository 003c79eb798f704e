"""What will it cost, and what else could it: two commands."""

import csv
import io
import os
import re
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner, Result

from chalicelib.insight.cost.alternatives import OURS, PROVISIONED_PEAK, SERVERS
from chalicelib.insight.cost.commands import compare_alternatives, estimate_opening
from chalicelib.insight.cost.estimate import Case
from tests.insight.cost.lists import HEADER


def run(command, *arguments: str) -> Result:
    return CliRunner().invoke(command, arguments, env={"COLUMNS": "200"})


def test_an_estimate_has_three_cases_and_the_idle_month() -> None:
    done = run(estimate_opening, "--families", "1000", "--pages", "10")
    assert done.exit_code == 0, done.output
    assert "In all, at full price: low $0." in done.output
    assert "expected $0." in done.output
    assert "nobody comes, at full price: low $0.7" in done.output
    assert "nobody comes, in the free tier: low $0.00, expected $0.00, high $0.01." in done.output
    assert "ses, mail                     $0.16 for 1000 mails (2026-07-22)" in done.output


def test_as_csv_each_figure_has_quantity_price_date_and_query() -> None:
    rows = list(csv.DictReader(io.StringIO(run(estimate_opening, "--csv").output)))
    assert {row["case"] for row in rows} == {*Case, *(f"idle {case}" for case in Case)}
    mail = next(row for row in rows if row["case"] == "expected" and row["service"] == "ses")
    assert (mail["quantity"], mail["unit"], mail["usd"], mail["published"]) == ("12500", "mails", "2", "2026-07-22")
    assert mail["query"].startswith("12,500 x 1:")
    assert all(all(row.values()) for row in rows)


def test_alternatives_stand_beside_each_other() -> None:
    done = run(compare_alternatives, "--openings", "1")
    assert done.exit_code == 0, done.output
    first_lines = re.findall(r"^(\w.*): \$([\d,.]+) a year$", done.output, re.MULTILINE)
    names, dollars = zip(*first_lines, strict=True)
    assert names == (OURS, SERVERS, PROVISIONED_PEAK)
    ours, servers, provisioned = (float(usd.replace(",", "")) for usd in dollars)
    assert ours < servers / 10 < provisioned / 10


def test_a_readers_own_prices(tmp_path: Path) -> None:
    file = tmp_path / "ours.csv"
    file.write_text(f"{HEADER}\nses,mail,1000 mails,0.00,0,0,2026-10-01,our contract,\n")
    rows = csv.DictReader(io.StringIO(run(compare_alternatives, "--csv", "--prices", str(file)).output))
    assert {float(row["usd"]) for row in rows if row["service"] == "ses"} == {0}


def test_the_price_lines_of_the_alternatives_can_be_handed_back(tmp_path: Path) -> None:
    file = tmp_path / "ours.csv"
    file.write_text(run(compare_alternatives, "--price-lines").output)
    assert "rds,t4g-micro-multi-az,hour," in file.read_text()
    assert run(compare_alternatives, "--prices", str(file)).output == run(compare_alternatives).output


def test_a_readers_prices_with_mistakes_are_refused_line_by_line(tmp_path: Path) -> None:
    file = tmp_path / "ours.csv"
    file.write_text(f"{HEADER}\nses,mail,1000 mails,-1,0,0,2026-10-01,,\nses,mail,1000 mails,1 EUR,0,5,2026-10-01,,\n")
    done = run(estimate_opening, "--prices", str(file))
    assert done.exit_code == 1
    assert done.stderr.splitlines() == [
        f"{file}: line 2: The cell usd says -1. It cannot be negative.",
        f'{file}: line 3: The cell usd says "1 EUR", in another currency. AWS bills in US dollars.',
    ]


def test_what_is_no_text_is_no_price_list(tmp_path: Path) -> None:
    file = tmp_path / "ours.csv"
    file.write_bytes(b"\xff\xfe")
    assert run(estimate_opening, "--prices", str(file)).exit_code == 1


def test_a_plan_that_cannot_be_is_refused() -> None:
    assert "--families -5: there cannot be so many" in run(estimate_opening, "--families", "-5").stderr
    assert '"many" is no number' in run(estimate_opening, "--families", "many").output


def test_they_need_no_table_no_secret_and_no_account(tmp_path: Path) -> None:
    root = Path(__file__).parents[3]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(root), "HOME": str(tmp_path)}
    for command in ("estimate", "alternatives"):
        done = subprocess.run(
            [sys.executable, "-m", "chalicelib", command, "--csv"],
            cwd=tmp_path,
            env=environment,
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
