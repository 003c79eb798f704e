"""Anybody looks their receipt up in a list that they downloaded."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from chalicelib.front_door.cases.rules import digest_of, id_of, receipt_of
from chalicelib.front_door.daybook.commands import verify_receipt

CASE_ID = id_of("ACDEFGHJKMNP".replace("D", "E"))
RECEIPT, SECRET = receipt_of(CASE_ID), "ACEFGHJKMNPRTVWX"


@pytest.mark.parametrize(
    ("rows", "typed", "exit_code", "says"),
    [
        (f"{digest_of(CASE_ID, SECRET)},answered", RECEIPT, 0, "It is in the list: answered."),
        (f"{digest_of(CASE_ID, SECRET)},received", RECEIPT.lower(), 0, "It is in the list: received."),
        (f"{'0' * 64},answered", RECEIPT, 1, "It is not in the list."),
        ("", RECEIPT[:-1] + "3", 2, "This reads like no number of a receipt"),
    ],
)
def test_a_receipt_is_looked_up(tmp_path: Path, rows: str, typed: str, exit_code: int, says: str) -> None:
    file = tmp_path / "list.csv"
    file.write_text(f"digest,state\r\n{rows}\r\n", encoding="utf-8")

    result = CliRunner().invoke(verify_receipt, [typed, str(file)], input=f"{SECRET[:4]} {SECRET[4:].lower()}\n")

    assert (result.exit_code, says in result.output) == (exit_code, True)
    assert SECRET not in result.output


def test_what_is_no_list_is_told(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("<html>", encoding="utf-8")

    assert CliRunner().invoke(verify_receipt, [RECEIPT, str(file), "--secret", SECRET]).exit_code == 2
    assert CliRunner().invoke(verify_receipt, [RECEIPT, str(file), "--secret", "X"]).exit_code == 2
