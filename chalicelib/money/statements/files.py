"""A file of a bank as somebody hands it in: which of the formats it is, and whether it is packed."""

import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterable
from datetime import date

from chalicelib.core.languages import N_
from chalicelib.money.statements import camt, coda
from chalicelib.money.statements.rules import NEITHER, NOTHING_IN_IT, Statement, Unreadable

# Unpacked: more than 10,000 entries of camt.053, and what a small file that unfolds may take of the memory.
MOST_BYTES = 25_000_000
# A statement of every day of a year, and some.
MOST_STATEMENTS = 400

TOO_LARGE = N_("Unpacked the file is larger than {most} MB. Ask the bank for shorter statements.")
SEVERAL = N_("There are {number} files in this one. Unpack it and hand them in one by one.")
NOT_UNPACKED = N_("The file cannot be unpacked: it is damaged. Download it again.")
TOO_MANY = N_("There are more than {most} statements in this file. Hand them in in several ones.")


def read(data: bytes, accounts: Iterable[str], today: date) -> list[Statement]:
    """All statements of a file, CODA or camt.053, as it is or packed (gzip, zip); raises Unreadable if there is one
    that cannot be counted, and then none of them is."""
    plain = _unpacked(data)
    known = frozenset(accounts)
    if not plain.strip():
        raise Unreadable(NOTHING_IN_IT)
    if camt.is_xml(plain):
        statements = camt.read(plain, known, today)
    elif coda.is_coda(plain):
        statements = coda.read(plain, known, today)
    else:
        raise Unreadable(NEITHER)
    if len(statements) > MOST_STATEMENTS:
        raise Unreadable(TOO_MANY, most=MOST_STATEMENTS)
    return statements


def _unpacked(data: bytes) -> bytes:
    try:
        if data.startswith(b"\x1f\x8b"):
            with gzip.open(io.BytesIO(data)) as packed:
                plain = packed.read(MOST_BYTES + 1)
        elif data.startswith(b"PK\x03\x04"):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                names = [one for one in archive.infolist() if not one.is_dir()]
                if len(names) != 1:
                    raise Unreadable(SEVERAL, number=len(names))
                with archive.open(names[0]) as packed_one:
                    plain = packed_one.read(MOST_BYTES + 1)
        else:
            plain = data
    except (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, RuntimeError, NotImplementedError):
        raise Unreadable(NOT_UNPACKED) from None
    if len(plain) > MOST_BYTES:
        raise Unreadable(TOO_LARGE, most=MOST_BYTES // 1_000_000)
    return plain
