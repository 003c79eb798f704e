"""Numbers of certificates, and whose decision a certificate may not be."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.ids import SPOKEN
from chalicelib.core.languages import LANGUAGES
from chalicelib.core.spoken import with_check
from chalicelib.front_door.cases.rules import case_id_of, receipt_of
from chalicelib.front_door.counter.kinds import SIXTEEN, form_of
from chalicelib.front_door.counter.rules import NUMBER_LENGTH, number_of, same_name, spoken
from chalicelib.front_door.forms.publishing import missing
from chalicelib.front_door.forms.rules import FORM_ID, FormKind, document
from chalicelib.front_door.forms.rules import form_of as read_form
from chalicelib.front_door.units.rules import Unit

NUMBERS = st.text(SPOKEN, min_size=NUMBER_LENGTH, max_size=NUMBER_LENGTH).map(with_check)


@given(NUMBERS)
def test_a_number_is_found_however_it_is_typed(number):
    assert number_of(spoken(number)) == number
    assert number_of(spoken(number).lower().replace("-", " ")) == number


@given(NUMBERS, st.integers(0, NUMBER_LENGTH), st.sampled_from(SPOKEN))
def test_one_wrong_letter_is_no_number(number, place, letter):
    wrong = number[:place] + letter + number[place + 1 :]
    assert number_of(wrong) == (number if wrong == number else None)


@pytest.mark.parametrize("typed", ["", "ACE", "ACEFGHJKMNPR0", "../../admin", "ÀCEFGHJKMNPRF", "A" * 4000])
def test_what_reads_like_no_number_is_not_looked_up(typed):
    assert number_of(typed) is None


def test_a_receipt_is_written_otherwise():
    number = with_check("ACEFGHJKMNPR")
    assert spoken(number) == "ACE-FGH-JKM-NPRF"
    assert receipt_of(number) == "ACEF-GHJK-MNPRF"
    assert case_id_of(spoken(number)) is not None  # both have the same letters: whoever looks up finds nothing


def test_there_are_sixteen_forms_that_read_back_and_are_in_three_languages():
    forms = [form_of(kind, "civil") for kind in SIXTEEN]
    assert len({form.form_id for form in forms}) == 16
    for form in forms:
        assert FORM_ID.fullmatch(form.form_id)
        assert form.kind is FormKind.CERTIFICATE
        assert read_form(document(form)) == form
        for labels in (form.title, form.intro, form.receipt, form.if_not, *(one.label for one in form.questions)):
            assert all(labels[language] for language in LANGUAGES)
        assert bool(form.at_once_link) == bool(form.at_once)
        assert form.at_once_link.startswith("https://") or not form.at_once_link


@pytest.mark.usefixtures("table")
def test_each_of_the_sixteen_can_be_published_as_it_is_shipped():
    civil = Unit("civil", {"nl": "Burgerzaken"}, ("nadia.baert@kaprijke.example",), "", "", False, 1)
    now = datetime(2027, 3, 8, 9, 30, tzinfo=UTC)
    for kind in SIXTEEN:
        assert missing(form_of(kind, "civil"), {"civil": civil}, {}, now) == [], kind.form_id


@pytest.mark.usefixtures("table")
def test_a_portal_without_its_link_is_not_published():
    civil = Unit("civil", {"nl": "Burgerzaken"}, ("nadia.baert@kaprijke.example",), "", "", False, 1)
    form = replace(form_of(SIXTEEN[0], "civil"), at_once_link="")
    found = missing(form, {"civil": civil}, {}, datetime(2027, 3, 8, 9, 30, tzinfo=UTC))
    assert [one.part for one in found] == ["dates"]


@pytest.mark.parametrize(("one", "other"), [("!", "?"), ("", ""), ("An", ""), ("王伟", "李娜"), ("An Claeys", "An")])
def test_names_of_nothing_or_of_others_are_not_the_same(one, other):
    assert not same_name(one, other)


def test_a_name_is_the_same_in_whichever_order_it_is_written():
    assert same_name("CLAEYS, An-Sofie", "An Sofie Claeys")


def test_which_are_given_elsewhere_at_once_and_free_is_said_first():
    elsewhere = {kind.form_id for kind in SIXTEEN if kind.portal}
    assert elsewhere == {
        *("household", "residence", "residence-history", "residence-marriage", "birth", "marriage", "nationality"),
        *("life", "cohabitation", "organ-donation", "burial-wishes"),
    }
