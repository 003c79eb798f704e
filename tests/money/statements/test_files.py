"""Files of banks, whole and broken: both formats give the same, and what is not whole is not counted."""

import gzip
import io
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import coda as febelfin_coda
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.money.statements import coda, files, rules
from chalicelib.money.statements.files import read
from chalicelib.money.statements.rules import MovementKind, Unreadable, alike, reference_in
from infra.local.banks import ACCOUNT, DAY, OTHER_ACCOUNT, OTHER_VCS, VCS, Book, Entry

TODAY = date(2027, 3, 8)
MANY = Entry(
    7000, batch=(Entry(3000, OTHER_VCS, bank="A1"), Entry(4000, text="kamp Lou +++090/9337/55493+++", bank="A2"))
)
COSTS = Entry(-500, text="Kosten", name="BANK", iban="", bank="C1", code="03501000")
BOOK = Book((Entry(5000, VCS), COSTS, MANY))


def written(book: Book, how: str) -> bytes:
    return book.coda() if how == "coda" else book.camt(how)


def refused(data: bytes, today: date = TODAY) -> Unreadable:
    with pytest.raises(Unreadable) as raised:
        read(data, {ACCOUNT}, today)
    return raised.value


each_format = pytest.mark.parametrize("how", ["coda", "02", "08"])


@each_format
def test_a_statement_has_its_account_its_balances_and_each_payment(how):
    (statement,) = read(written(BOOK, how), {ACCOUNT}, TODAY)

    assert (statement.account, statement.number, statement.opened_on, statement.closed_on) == (ACCOUNT, "41", DAY, DAY)
    assert (statement.opening_cents, statement.closing_cents) == (100_000, 111_500)
    assert [(one.cents, one.reference, one.name, one.iban) for one in statement.movements] == [
        (5000, VCS, "AN CLAEYS", "BE71096123456769"),
        (-500, None, "BANK", ""),
        (3000, OTHER_VCS, "AN CLAEYS", "BE71096123456769"),
        (4000, VCS, "AN CLAEYS", "BE71096123456769"),
    ]
    assert [one.bank_reference for one in statement.movements] == ["OL9456574JBBNEUBCRCL1", "C1", "A1", "A2"]


def test_an_entry_is_the_same_one_in_every_format():
    likenesses = {
        tuple(alike(ACCOUNT, one) for one in read(written(BOOK, how), {ACCOUNT}, TODAY)[0].movements)
        for how in ("coda", "02", "08")
    }

    assert len(likenesses) == 1


def test_febelfins_own_example_is_read():
    """The one that stands in the standard, with 59 entries of all kinds, some of them for many."""
    data = Path(febelfin_coda.__file__).with_name("CODA.txt").read_bytes()

    (statement,) = read(data, {coda._iban("435000000080")}, date(2006, 12, 8))

    assert (statement.closing_cents, statement.moved_cents) == (940_529_699, 940_529_699)
    assert len(statement.movements) > 59


def test_an_empty_statement_is_one():
    data = Path(febelfin_coda.__file__).with_name("CODA-empty.txt").read_bytes()
    data = data.replace(b"BE00000000000000", ACCOUNT.encode()).rstrip()[:-1] + b"2"

    (statement,) = read(data, {ACCOUNT}, date(2026, 8, 8))

    assert statement.movements == ()


def test_a_return_is_told_as_one():
    back = Book((Entry(-5000, VCS, r="2"),))

    for how in ("coda", "02", "08"):
        (statement,) = read(written(back, how), {ACCOUNT}, TODAY)
        assert [(one.kind, one.cents, one.iban) for one in statement.movements] == [
            (MovementKind.RETURN, -5000, "BE71096123456769")
        ]


def test_several_statements_in_one_file_are_several():
    next_day = replace(BOOK, number=42, opening=BOOK.end, opened_on=DAY, closed_on=date(2027, 3, 6))

    first, second = read(BOOK.coda(last=False) + next_day.coda(), {ACCOUNT}, TODAY)

    assert (first.closing_cents, second.opening_cents) == (111_500, 111_500)


@each_format
@pytest.mark.parametrize(
    ("book", "message"),
    [
        (replace(BOOK, account=OTHER_ACCOUNT), rules.OTHER_ACCOUNT),
        (replace(BOOK, currency="USD"), rules.OTHER_CURRENCY),
        (replace(BOOK, closing=111_499), rules.DO_NOT_ADD_UP),
        (replace(BOOK, closed_on=date(2027, 3, 10)), rules.FROM_THE_FUTURE),
        (replace(BOOK, closed_on=date(2027, 3, 4)), rules.BACKWARDS),
        (replace(BOOK, opened_on=date(2026, 1, 2), closed_on=date(2026, 1, 2)), rules.TOO_OLD),
        (Book((Entry(5000, VCS, day=date(2026, 3, 5)),)), rules.ASTRAY),
    ],
)
def test_what_is_not_ours_or_not_right_is_refused_and_says_where(how, book, message):
    raised = refused(written(book, how))

    assert raised.message == message
    assert raised.line


@each_format
@given(part=st.integers(1, 999))
@settings(max_examples=20)
def test_a_file_that_is_cut_off_anywhere_is_refused(how, part):
    data = written(BOOK, how)

    refused(data[: max(1, len(data.rstrip()) * part // 1000)])


def test_cut_off_is_said_so():
    data = BOOK.coda()
    assert refused(data[:700]).message == rules.CUT_OFF
    assert refused(b"\r\n".join(data.split(b"\r\n")[:-2])).message == rules.CUT_OFF
    assert refused(BOOK.coda(last=False)).message == coda.MORE_TO_COME
    assert refused(BOOK.camt()[:900]).message == rules.CUT_OFF


@given(line=st.integers(2, 12), place=st.integers(0, 127), letter=st.sampled_from("059X "))
@settings(max_examples=60)
def test_one_character_changes_no_sum_unseen(line, place, letter):
    """What a broken line may still change is a name, a text or a reference, but no cent of the statement."""
    lines = BOOK.coda().split(b"\r\n")
    lines[line] = lines[line][:place] + letter.encode() + lines[line][place + 1 :]
    try:
        (statement,) = read(b"\r\n".join(lines), {ACCOUNT}, TODAY)
    except Unreadable:
        return

    assert statement.moved_cents == 11_500


def test_three_decimals_are_refused_in_both():
    assert refused(BOOK.coda().replace(b"0000000000050000", b"0000000000050001")).message == rules.THREE_DECIMALS
    raised = refused(BOOK.camt().replace(b">50.00<", b">50.001<"))
    assert (raised.message, raised.values["amount"]) == (rules.THREE_DECIMALS, "50.001")
    read(BOOK.camt().replace(b">50.00<", b">50.0<"), {ACCOUNT}, TODAY)


def test_the_checks_do_not_depend_on_assertions():
    """`python -O` takes every assert away, the library's checks too."""
    book = replace(BOOK, closing=111_499)
    script = (
        "import sys; from datetime import date\n"
        "from chalicelib.money.statements.files import read, Unreadable\n"
        "assert False, 'assertions are on'\n"
        f"try: read(sys.stdin.buffer.read(), {{{ACCOUNT!r}}}, date(2027, 3, 8))\n"
        "except Unreadable as error: print(error.message)\n"
    )
    said = subprocess.run([sys.executable, "-O", "-c", script], input=book.coda(), capture_output=True, check=True)

    assert said.stdout.decode().strip() == rules.DO_NOT_ADD_UP


def test_letters_are_read_in_both_encodings_of_coda():
    book = Book((Entry(5000, VCS, name="ZOË DEPRÉ"),))

    for data in (book.coda(), book.coda().decode("cp1252").encode()):
        assert read(data, {ACCOUNT}, TODAY)[0].movements[0].name == "ZOË DEPRÉ"


def test_an_encoding_that_nobody_knows_is_refused():
    assert refused(BOOK.camt().replace(b"UTF-8", b"UTF-77")).message == rules.NOT_READABLE
    assert refused(BOOK.camt().replace(b"AN CLAEYS", b"AN CL\xc6EYS")).message == rules.NOT_READABLE
    assert read(BOOK.camt().decode().replace("UTF-8", "UTF-16").encode("utf-16"), {ACCOUNT}, TODAY)


def test_entities_do_not_unfold():
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]><Document>&b;</Document>'

    assert refused(bomb).message.startswith("The file declares entities")


def test_another_message_is_refused_by_its_name():
    assert refused(BOOK.camt().replace(b"camt.053.001.08", b"camt.052.001.08")).values == {"message": "camt.052.001.08"}


def test_what_is_not_booked_is_in_no_balance():
    pending = BOOK.camt().replace(b"<Cd>BOOK</Cd>", b"<Cd>PDNG</Cd>", 1)

    assert refused(pending).message.startswith("The summary counts")
    assert refused(re.sub(rb"<TxsSummry>.*</TxsSummry>", b"", pending)).message == rules.DO_NOT_ADD_UP


def test_an_entry_for_many_whose_payments_are_not_all_there_stays_one():
    data = BOOK.camt().replace(b'<Amt Ccy="EUR">40.00</Amt>', b'<Amt Ccy="EUR">39.00</Amt>')

    (statement,) = read(data, {ACCOUNT}, TODAY)

    assert [(one.cents, one.kind) for one in statement.movements][-1] == (7000, MovementKind.OTHER)


def test_packed_files_are_unpacked_and_bombs_are_not():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("41.cod", BOOK.coda())
    assert read(packed.getvalue(), {ACCOUNT}, TODAY) == read(gzip.compress(BOOK.coda()), {ACCOUNT}, TODAY)
    assert refused(gzip.compress(bytes(files.MOST_BYTES + 1))).message == files.TOO_LARGE
    assert refused(gzip.compress(BOOK.coda())[:100]).message == files.NOT_UNPACKED
    with zipfile.ZipFile(damaged := io.BytesIO(), "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("statement.cod", BOOK.coda())
    inside = damaged.getvalue()
    assert refused(inside[:60] + b"\xff" * 30 + inside[90:]).message == files.NOT_UNPACKED
    assert refused(packed.getvalue()[:100]).message == files.NOT_UNPACKED


@pytest.mark.parametrize(
    "data", [b"", b" \r\n", b"Datum;Bedrag\r\n05/03/2027;50,00\r\n", b"%PDF-1.7", b"PK\x03\x04", b"<", b"0000"]
)
def test_other_files_are_refused(data):
    assert refused(data).message


@given(st.binary(max_size=300))
@settings(max_examples=50)
def test_no_bytes_break_it(data):
    for beginning in (b"", b"<", b"0000005032772505", b"\x1f\x8b", b"PK\x03\x04"):
        refused(beginning + data)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("+++090/9337/55493+++", VCS),
        ("kamp 090 9337 55493 Lou", VCS),
        ("090933755493", VCS),
        ("8000 0000 1234 5678", "8000000012345678"),
        ("+++090/9337/55494+++", None),  # its check is wrong
        ("090933755493 en 123456789002", None),  # which of the two
        ("BE71 0961 2345 6769", None),
        ("", None),
    ],
)
def test_a_reference_that_somebody_typed_is_found(text, found):
    assert reference_in("", text) == found
