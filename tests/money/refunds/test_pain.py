"""The bank's file, checked against ISO 20022's own schema (pain.001.001.09.xsd, as the Standards Editor made it) and
against what the European Payments Council asks beyond it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.money.refunds import sepa
from chalicelib.money.refunds.pain import MOST_CENTS, NAMESPACE, AccountTransfers, Transfer, TransferFile, written

IN = f"{{{NAMESPACE}}}"
CITY, OTHER_CITY = "BE71096123456769", "NL91ABNA0417164300"
FAMILY, OTHER_FAMILY = "BE68539007547034", "FR1420041010050500013M02606"


@cache
def schema():
    return xmlschema.XMLSchema(Path(__file__).with_name("pain.001.001.09.xsd"))


def transfer(**more):
    given = {"reference": "R-000000000042", "cents": 4999, "name": "Łukasz Þórsson", "iban": FAMILY, "text": "Back"}
    return Transfer(**{**given, **more})


def file_of(*accounts):
    made_at = datetime(2026, 11, 29, 13, 5, tzinfo=UTC)
    return TransferFile("STORMLOOP-2026-00001", made_at, date(2026, 11, 30), "Gemeente Hoogveld", accounts)


def texts(content, path):
    return [
        one.text for one in ElementTree.fromstring(content).iterfind("/".join(IN + name for name in path.split("/")))
    ]


def test_a_file_of_two_accounts_holds_to_the_schema():
    content = written(
        file_of(
            AccountTransfers(
                "Gemeente Hoogveld", CITY, [transfer(), transfer(reference="R-43", cents=1, iban=OTHER_FAMILY)]
            ),
            AccountTransfers("OCMW Hoogveld", OTHER_CITY, [transfer(reference="R-44", cents=10_000_00)]),
        )
    )

    schema().validate(content.decode())
    assert texts(content, "CstmrCdtTrfInitn/GrpHdr/NbOfTxs") == ["3"]
    assert texts(content, "CstmrCdtTrfInitn/GrpHdr/CtrlSum") == ["10050.00"]
    assert texts(content, "CstmrCdtTrfInitn/PmtInf/NbOfTxs") == ["2", "1"]
    assert texts(content, "CstmrCdtTrfInitn/PmtInf/CtrlSum") == ["50.00", "10000.00"]
    assert texts(content, "CstmrCdtTrfInitn/PmtInf/ReqdExctnDt/Dt") == ["2026-11-30", "2026-11-30"]
    assert texts(content, "CstmrCdtTrfInitn/PmtInf/CdtTrfTxInf/Amt/InstdAmt") == ["49.99", "0.01", "10000.00"]
    assert texts(content, "CstmrCdtTrfInitn/PmtInf/CdtTrfTxInf/Cdtr/Nm") == ["Lukasz Thorsson"] * 3


def test_the_schema_of_the_test_refuses_what_is_wrong():
    content = written(file_of(AccountTransfers("Gemeente Hoogveld", CITY, [transfer()])))

    with pytest.raises(xmlschema.XMLSchemaValidationError):
        schema().validate(content.decode().replace("<ChrgBr>SLEV</ChrgBr>", "<ChrgBr>FREE</ChrgBr>"))


def test_the_same_transfers_make_the_same_file():
    accounts = AccountTransfers("Gemeente Hoogveld", CITY, [transfer()])

    assert written(file_of(accounts)) == written(file_of(accounts))


NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200).filter(
    lambda text: any(character.isascii() and character.isalnum() for character in text)
)


@settings(max_examples=40, deadline=None)
@given(name=NAMES, text=NAMES, cents=st.integers(1, MOST_CENTS))
def test_whatever_a_family_is_called_its_file_holds_to_the_schema(name, text, cents):
    content = written(
        file_of(AccountTransfers("Gemeente Hoogveld", CITY, [transfer(name=name, text=text, cents=cents)]))
    )

    schema().validate(content.decode())
    [written_name] = texts(content, "CstmrCdtTrfInitn/PmtInf/CdtTrfTxInf/Cdtr/Nm")
    assert 0 < len(written_name) <= 70
    assert not sepa.NOT_LATIN.search(written_name)


@pytest.mark.parametrize(
    ("name", "in_the_file"),
    [
        ("Łukasz Żółć", "Lukasz Zolc"),
        ("Þórsson", "Thorsson"),
        ("İpek Yıldız", "Ipek Yildiz"),
        ("Iva\u0301n d’Hoore", "Ivan d'Hoore"),
        ("Straße & Søn", "Strasse + Son"),
        ('Jan_Peeters; "X" <b>', "Jan-Peeters. .X. .b."),
        ("Христина", "Khristina"),
        (f"{'a' * 69} b", "a" * 69),
    ],
)
def test_names_are_written_in_the_letters_that_every_bank_takes(name, in_the_file):
    assert sepa.latin(name, sepa.MOST_NAME) == in_the_file


@pytest.mark.parametrize("name", ["", "  ", "—", "!?"])
def test_a_name_of_which_nothing_is_left_is_refused(name):
    with pytest.raises(ValueError, match="no letter"):
        sepa.latin(name, sepa.MOST_NAME)


@pytest.mark.parametrize("text", ["BE71 0961 2345 6769", "be71096123456769", "BE71.0961.2345.6769"])
def test_an_account_is_read_as_people_write_it(text):
    assert sepa.account(text) == CITY
    assert sepa.spaced(sepa.account(text)) == "BE71 0961 2345 6769"


@pytest.mark.parametrize("text", ["", "BE72096123456769", "BE7109612345676", "096-1234567-69", "ZZ71096123456769"])
def test_what_is_no_account_is_refused(text):
    with pytest.raises(sepa.NotAnAccount):
        sepa.account(text)


def test_an_account_that_sepa_does_not_reach_is_refused_as_such():
    with pytest.raises(sepa.OutOfReach):
        sepa.account("TR330006100519786457841326")


@pytest.mark.parametrize("reference", ["", "x" * 36, "/R-42", "R-42/", "R//42", "R_42", "Ré"])
def test_a_reference_that_a_bank_would_change_is_refused(reference):
    with pytest.raises(ValueError, match="reference"):
        transfer(reference=reference)


@pytest.mark.parametrize("cents", [0, -1, MOST_CENTS + 1])
def test_no_transfer_of_nothing_or_of_too_much(cents):
    with pytest.raises(ValueError, match="transfer"):
        transfer(cents=cents)


def test_a_file_has_transfers_and_no_reference_twice():
    account = AccountTransfers("Gemeente Hoogveld", CITY, [transfer()])

    for accounts in ((), (replace(account, transfers=()),), (account, replace(account, iban=OTHER_CITY))):
        with pytest.raises(ValueError, match="file"):
            file_of(*accounts)
