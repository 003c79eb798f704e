"""The function Seal as it is packaged: with its own libraries, which nothing else here has."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from chalicelib.core.printing.pdf import PdfPage, document
from infra.local import alone
from infra.local.alone import Machine
from infra.local.package import ROOT
from infra.local.seal import self_signed

# Run with the function's libraries alone: this machine's own are not in its way.
PROGRAM = """
import json, os, sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import handler
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

folder = Path(sys.argv[1])
seal = handler.read((folder / "key").read_bytes(), (folder / "certificates").read_bytes())
sealed = seal.sealed((folder / "plain.pdf").read_bytes(), "certificate 4W3-KPA-9RTX")


def looked_at(pdf, trusted):
    signature = PdfFileReader(BytesIO(pdf)).embedded_signatures[0]
    status = validate_pdf_signature(signature, ValidationContext(trust_roots=trusted, allow_fetching=False))
    return {"intact": status.intact, "valid": status.valid, "trusted": status.trusted, "all": status.bottom_line,
            "covers": status.coverage.name, "field": signature.field_name}


changed = bytearray(sealed)
changed[sealed.index(b"/MediaBox") + 12] ^= 1
later = sealed + b"\\n%% something more"
handler._seal = lambda: seal
print(json.dumps({
    "said": seal.described(),
    "sealed": looked_at(sealed, [seal.own]),
    "of_a_stranger": looked_at(sealed, []),
    "changed": looked_at(bytes(changed), [seal.own]),
    "other": handler.handle({"pdf": "", "certificate": "0" * 64, "reason": ""}),
    "valid_in_2040": seal.is_valid(datetime(2040, 1, 1, tzinfo=UTC)),
    "begins_with_the_plain_one": sealed.startswith((folder / "plain.pdf").read_bytes()),
}))
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, object]]:
    folder = tmp_path_factory.mktemp("seal")
    page = PdfPage()
    page.text("Uittreksel", 70, 100, 11)
    (folder / "plain.pdf").write_bytes(document([page], "Uittreksel", "nl"))
    key, certificates = self_signed("Stad Voorbeeld, self-signed")
    (folder / "key").write_text(key)
    (folder / "certificates").write_text(certificates)
    places = [str(alone.libraries("seal", Machine.HERE)), str(ROOT / "infra" / "seal")]
    done = subprocess.run(
        [sys.executable, "-S", "-c", PROGRAM, str(folder)],
        env={"PYTHONPATH": os.pathsep.join(places)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, dict[str, object]] = json.loads(done.stdout)
    return answer


def test_a_sealed_file_is_whole_and_by_the_key_that_is_said(found):
    assert found["sealed"] == {
        "intact": True,
        "valid": True,
        "trusted": True,
        "all": True,
        "covers": "ENTIRE_FILE",
        "field": "Seal",
    }
    assert found["begins_with_the_plain_one"]


def test_one_changed_byte_breaks_it(found):
    assert not found["changed"]["intact"]
    assert not found["changed"]["all"]


def test_a_self_signed_seal_is_called_so_and_trusted_by_no_stranger(found):
    assert found["said"]["is_self_signed"] is True
    assert found["said"]["subject"] == found["said"]["issuer"] == "Common Name: Stad Voorbeeld, self-signed"
    assert found["of_a_stranger"]["intact"]
    assert not found["of_a_stranger"]["trusted"]


def test_a_seal_of_another_key_than_the_file_says_is_refused(found):
    assert found["other"] == {"refused": "another-certificate"}
    assert found["valid_in_2040"] is False


def test_every_distribution_is_pinned(found):
    """`found`: they are there."""
    pins = (ROOT / "infra" / "seal" / "requirements.txt").read_text()
    there = {file.name.rpartition(".")[0] for file in Path(alone.libraries("seal", Machine.HERE)).glob("*.dist-info")}
    pinned = {line.replace("==", "-") for line in pins.splitlines() if "==" in line}
    assert {one.lower().replace("_", "-") for one in there} == {one.lower().replace("_", "-") for one in pinned}
