"""Anybody can verify a ledger with nothing but the file."""

import json
import os
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from chalicelib.city.ledger.commands import verify_ledger
from tests.city.ledger.chains import chain
from tests.city.ledger.published import as_public

ROOT = Path(__file__).parents[3]


def exported(folder: Path, entries, head=None, name: str = "ledger.json") -> str:
    head = head or entries[-1].head
    file = folder / name
    shown = [as_public(entry) for entry in entries]
    file.write_text(json.dumps({"entries": shown, "head": {"number": head.number, "hash": head.hash}, "next": None}))
    return str(file)


def test_an_unbroken_chain_is_said_to_be_so(tmp_path):
    done = CliRunner().invoke(verify_ledger, [exported(tmp_path, chain(3))])

    assert done.exit_code == 0
    assert done.output == f"The chain is unbroken: 3 entries, the last one with the hash {chain(3)[-1].hash}.\n"


def test_pages_are_verified_together(tmp_path):
    entries = chain(5)
    pages = [exported(tmp_path, entries[:3], entries[-1].head, "1"), exported(tmp_path, entries[3:], name="2")]

    assert CliRunner().invoke(verify_ledger, pages).exit_code == 0
    assert CliRunner().invoke(verify_ledger, pages[:1]).exit_code == 1
    assert CliRunner().invoke(verify_ledger, pages[::-1]).exit_code == 1


def test_a_broken_chain_is_told_entry_by_entry(tmp_path):
    entries = chain(4)
    del entries[1]

    done = CliRunner().invoke(verify_ledger, [exported(tmp_path, entries)])

    assert done.exit_code == 1
    assert "The chain is broken." in done.output
    assert "Entry 2: it does not follow the entry before it" in done.output


def test_a_file_that_is_no_ledger_is_said_to_be_none(tmp_path):
    file = tmp_path / "photo.jpg"
    file.write_bytes(b"\xff\xd8\xff")

    done = CliRunner().invoke(verify_ledger, [str(file)])

    assert done.exit_code == 2
    assert "photo.jpg is not what /api/ledger answers." in done.output


def test_it_needs_no_table_no_secret_and_no_account(tmp_path):
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "chalicelib", "verify-ledger", exported(tmp_path, chain(2))]

    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert "unbroken" in done.stdout
