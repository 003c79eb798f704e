"""The text of a payment's QR code: read back as a bank's app does, and never more than such a code holds."""

import re
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.core.printing import qr
from chalicelib.money.orders.epc import MOST_BYTES, MOST_CENTS, Transfer, checked_account, spoken_iban, text_of
from chalicelib.money.orders.references import MOST_BELGIAN, MOST_DUTCH, belgian, dutch

IBANS = (
    "BE68539007547034",
    "BE72000000001616",
    "NL91ABNA0417164300",
    "FR1420041010050500013M02606",
    "MT84MALT011000012345MTLCAST001S",
)
TRANSFER = Transfer("Gemeente Wommelgem", "BE68539007547034", 12_345, "123456789002")


def read(text: str) -> Transfer:
    """As EPC069-12 says: twelve lines, of which what is empty at the end may be left out."""
    tag, version, characters, kind, bic, name, iban, amount, purpose, reference, free, *_ = [*text.split("\n"), "", ""]
    assert (tag, version, characters, kind, bic, purpose, free) == ("BCD", "002", "1", "SCT", "", "", "")
    euros, cents = re.fullmatch(r"EUR(\d{1,9})\.(\d\d)", amount).groups()
    return Transfer(name, iban, int(euros) * 100 + int(cents), reference)


NAMES = st.text(st.sampled_from("aZ9 -'éşŁß€字😀\n\t\u200b\x00"), max_size=75)
TRANSFERS = st.builds(
    Transfer,
    NAMES,
    st.sampled_from(IBANS),
    st.integers(1, MOST_CENTS),
    st.integers(1, MOST_BELGIAN).map(belgian) | st.integers(1, MOST_DUTCH).map(dutch),
)


@given(TRANSFERS)
@example(replace(TRANSFER, name="é" * 70))
@example(Transfer("字" * 70, IBANS[-1], MOST_CENTS, dutch(MOST_DUTCH)))
@example(Transfer("😀" * 61, IBANS[-1], MOST_CENTS, dutch(MOST_DUTCH)))
def test_a_transfer_is_read_back_or_refused(transfer):
    errors = []
    name, iban = checked_account(transfer.name, transfer.iban, errors)
    if errors:
        with pytest.raises(ValueError, match="name"):
            text_of(transfer)
        return

    text = text_of(transfer)

    assert read(text) == replace(transfer, name=name, iban=iban)
    assert len(text.encode()) <= MOST_BYTES


@given(TRANSFERS)
@example(Transfer("字" * 70, IBANS[-1], MOST_CENTS, dutch(MOST_DUTCH)))
def test_its_code_is_of_level_m_and_at_most_version_13(transfer):
    errors = []
    checked_account(transfer.name, transfer.iban, errors)
    if not errors:
        code = qr.payment(text_of(transfer))

        assert code.error == "M"
        assert code.version <= 13
        assert code.mode == "byte"


def test_ten_lines():
    assert text_of(TRANSFER).split("\n") == [
        *("BCD", "002", "1", "SCT", ""),
        *("Gemeente Wommelgem", "BE68539007547034", "EUR123.45", "", "123456789002"),
    ]


@pytest.mark.parametrize(("cents", "amount"), [(1, "EUR0.01"), (10, "EUR0.10"), (MOST_CENTS, "EUR999999999.99")])
def test_an_amount_has_two_decimals(cents, amount):
    assert text_of(replace(TRANSFER, cents=cents)).split("\n")[7] == amount


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": "x" * 71}, "at most"),
        ({"name": "😀" * 70}, "does not fit"),
        ({"name": " "}, "Give the name of the account"),
        ({"name": "Gemeente\nBE72000000001616"}, "in one line"),
        ({"name": "Gemeente\u2028Wommelgem"}, "in one line"),
        ({"iban": "BE68539007547035"}, "check digits"),
        ({"iban": "BE6853900754703"}, "check digits"),
        ({"iban": "XX68539007547034"}, "check digits"),
        ({"iban": ""}, "check digits"),
        ({"cents": 0}, "not an amount"),
        ({"cents": -100}, "not an amount"),
        ({"cents": MOST_CENTS + 1}, "not an amount"),
        ({"reference": "123456789012"}, "not a reference"),
        ({"reference": "123456789002\n"}, "not a reference"),
    ],
)
def test_what_no_bank_would_read_is_refused_with_words(wrong, words):
    with pytest.raises(ValueError, match=words):
        text_of(replace(TRANSFER, **wrong))


def test_a_name_of_70_characters_fits_and_of_71_does_not():
    for characters, wrong in [(70, []), (71, [("name", {"characters": 71})])]:
        errors = []

        checked_account("x" * characters, "BE68 5390 0754 7034", errors)

        assert [(error.field, error.values) for error in errors] == wrong


def test_an_account_is_taken_as_people_write_it():
    errors = []

    assert checked_account("  Stad Aalst ", "be68 5390-0754.7034", errors) == ("Stad Aalst", "BE68539007547034")
    assert errors == []
    assert spoken_iban("BE68539007547034") == "BE68 5390 0754 7034"


def test_a_bank_that_the_package_does_not_know_is_taken():
    """python-stdnum 2.2 has a list of Belgian banks, which does not have 539."""
    assert read(text_of(TRANSFER)).iban == "BE68539007547034"
